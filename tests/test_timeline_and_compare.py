"""What was recorded over time, and one activity against another."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from recorded import (
    activities_of,
    drawn_texts,
    of_gid,
    streams_of,
    texts,
)

from strava_nb import plots
from strava_nb.errors import BadInput

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("figures_are_closed")]


def panels(figure: Figure) -> list[str]:
    return [axes.texts[0].get_text() for axes in figure.axes]


def test_a_panel_stands_for_each_stream_that_is_there() -> None:
    assert panels(plots.timeline(streams_of())) == [
        "Speed, km/h", "Heart rate, bpm", "Power, W", "Cadence, rpm", "Temperature, °C", "Altitude, m",
    ]  # fmt: skip
    few = streams_of(watts=None, temp=None, cadence=np.full(601, np.nan))
    assert panels(plots.timeline(few, units="imperial")) == ["Speed, mph", "Heart rate, bpm", "Altitude, ft"]


def test_runs_have_paces_and_steps() -> None:
    run = plots.timeline(streams_of(speed=4.0), activities=activities_of("A", sport="Run"))
    assert panels(run)[0] == "Pace, min/km"
    assert "mean 4:10" in texts(run)
    assert "Cadence, steps/min" in panels(run)
    assert "mean 170 · max 170" in texts(run)


def test_a_swim_has_paces_for_a_hundred_metres() -> None:
    swim = plots.timeline(streams_of(speed=1.0), activities=activities_of("A", sport="Swim"))
    assert panels(swim)[0] == "Pace, min/100 m"
    assert "mean 1:40" in texts(swim)


def test_all_panels_share_one_axis() -> None:
    figure = plots.timeline(streams_of())
    assert {axes.get_xlim() for axes in figure.axes} == {(0.0, 600.0)}
    figure = plots.timeline(streams_of(), over="distance")
    assert {axes.get_xlim() for axes in figure.axes} == {(0.0, 3.0)}
    assert "3 km" in drawn_texts(figure)


def test_the_line_is_what_was_recorded_and_its_mean_is_over_the_time() -> None:
    figure = plots.timeline(streams_of())
    (line,) = of_gid(figure, "heartrate")
    assert line.get_ydata()[[0, -1]].tolist() == pytest.approx([100, 180], abs=0.2)
    assert "mean 140 · max 180" in texts(figure)


def test_a_pause_is_a_gap_in_the_timeline_and_a_seldom_sample_is_none() -> None:
    streams = streams_of()
    streams.loc[300:, "time"] += 600
    (line,) = of_gid(plots.timeline(streams), "heartrate")
    x, y = line.get_data()
    assert np.isnan(y[(x > 302) & (x < 898)]).all()
    assert np.isfinite(y[(x < 298) | (x > 902)]).all()
    seldom = streams_of(samples=60)
    seldom["time"] *= 20
    (line,) = of_gid(plots.timeline(seldom), "heartrate")
    assert np.isfinite(line.get_ydata()).all()


def test_another_word_for_the_axis_is_refused() -> None:
    with pytest.raises(BadInput, match="'mood'"):
        plots.timeline(streams_of(), over=cast(Any, "mood"))


def test_the_gap_is_how_long_the_other_comes_later() -> None:
    both = pd.concat([streams_of(1, speed=5.0), streams_of(2, speed=4.0, samples=751)])
    ax = plots.compare(both, activities=activities_of("Fast", "Slow"))
    (gap,) = of_gid(ax, "gap")
    x, y = gap.get_data()
    assert (x[0], x[-1]) == pytest.approx((0, 3.0))
    assert y[-1] == pytest.approx(150)  # 750 s against 600 s
    assert "At 3.0 km Fast, 29 June 2026 is 2:30 ahead." in texts(ax)
    (gap,) = of_gid(plots.compare(both, between=(2, 1)), "gap")
    assert gap.get_ydata()[-1] == pytest.approx(-150)


def test_a_stop_is_a_step_in_the_gap() -> None:
    stopped = streams_of(2)
    stopped.loc[300:, "time"] += 60
    (gap,) = of_gid(plots.compare(pd.concat([streams_of(1), stopped])), "gap")
    x, y = gap.get_data()
    assert y[x < 1.49] == pytest.approx(0)
    assert y[x > 1.51] == pytest.approx(60)


def test_what_both_went_is_compared_and_the_longer_is_told() -> None:
    ax = plots.compare(pd.concat([streams_of(1), streams_of(2, samples=1201)]))
    assert ax.get_xlim() == pytest.approx((0, 3.0))
    assert any("The other is 3.0 km longer." in text for text in texts(ax))
    assert any("At 3.0 km they are level." in text for text in texts(ax))


@pytest.mark.parametrize(
    ("count", "between", "said"),
    [
        (1, None, "these streams have 1"),
        (3, None, "these streams have 3"),
        (2, (1,), "not 1"),
        (2, (1, 9), "Activity 9 is not"),
    ],
)
def test_what_two_is_meant_is_asked(count: int, between: Any, said: str) -> None:
    streams = pd.concat([streams_of(number) for number in range(1, count + 1)])
    with pytest.raises(BadInput, match=said):
        plots.compare(streams, between=between)


def test_two_without_a_way_are_a_sentence() -> None:
    indoors = pd.concat([streams_of(n, distance=None, latlng=None) for n in (1, 2)])
    assert any("no distance and time in common" in text for text in texts(plots.compare(indoors)))
