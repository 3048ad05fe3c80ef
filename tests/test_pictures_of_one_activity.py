"""What holds for every picture of one activity: untouched, named, marked, said where it cannot be drawn."""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from recorded import (
    HOSTILE,
    OF_STREAMS,
    activities_of,
    course,
    drawn_texts,
    every_plot,
    laps_of,
    of_gid,
    splits_of,
    streams_of,
    texts,
)

from strava_nb import plots, tables
from strava_nb.errors import BadInput, BadTable
from strava_nb.plots.recording import recording_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("figures_are_closed")]


@every_plot
def test_nothing_is_shown_or_changed(plot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("shown"))
    streams, table = streams_of(), activities_of("A")
    before = streams.copy(), table.copy(), dict(mpl.rcParams)
    plot(streams, activities=table)
    pd.testing.assert_frame_equal(streams, before[0])
    pd.testing.assert_frame_equal(table, before[1])
    assert dict(mpl.rcParams) == before[2]


def test_a_figure_that_is_given_gets_the_panels_and_is_returned() -> None:
    figure = plt.figure()
    assert plots.timeline(streams_of(), figure=figure) is figure
    assert len(figure.axes) == 6


@every_plot
@pytest.mark.parametrize("source", ["demo", "api"])
def test_demo_rows_are_marked(plot: Any, source: str) -> None:
    drawn = plot(streams_of(source=source))
    assert ("DEMO" in texts(drawn)) == (source == "demo")


@every_plot
def test_a_name_is_drawn_as_it_is(plot: Any) -> None:
    drawn = plot(streams_of(), activity=1, activities=activities_of(HOSTILE))
    (title,) = [text for text in texts(drawn) if "script" in text]
    assert title.startswith(r"\$\frac{1}{0}\$ <script>alert('x')</script>")
    assert title.count("\n") < 2  # that of the name is none; a title may take two lines
    (drawn if isinstance(drawn, Figure) else drawn.figure).savefig(io.BytesIO())


@every_plot
def test_the_title_is_name_and_local_day(plot: Any) -> None:
    drawn = plot(streams_of(), activity=1, activities=activities_of("Loop"))
    assert "Loop, 29 June 2026" in texts(drawn)


@pytest.mark.parametrize("plot", [plots.route, plots.profile, plots.timeline])
def test_of_several_activities_the_first_is_drawn_and_told(plot: Any) -> None:
    both, table = pd.concat([streams_of(2), streams_of(1)]), activities_of("One", "Two")
    said = texts(plot(both, activities=table))
    assert "Two, 28 June 2026" in said
    assert "The first of 2 activities; activity= chooses another." in said
    chosen = texts(plot(both, activities=table, activity=1))
    assert "One, 29 June 2026" in chosen
    assert not any("activity=" in text for text in chosen)


@every_plot
def test_an_activity_that_is_not_there_is_said(plot: Any) -> None:
    with pytest.raises(BadInput, match=r"Activity 9 is not in these streams\. They have 1\."):
        plot(streams_of(), activity=9)


@every_plot
def test_a_file_of_no_number_is_drawn(plot: Any) -> None:
    assert not any("no " in text for text in texts(plot(streams_of(None))))


@every_plot
@pytest.mark.parametrize("wrong", [None, "text", pd.DataFrame({"a": [1]}), activities_of("A")])
def test_another_table_is_refused(plot: Any, wrong: Any) -> None:
    with pytest.raises(BadTable, match="streams"):
        plot(wrong)


@pytest.mark.parametrize(
    ("plot", "streams", "sentence"),
    [
        (plots.route, streams_of(samples=0), "no samples"),
        (plots.route, streams_of(latlng=None), "no positions"),
        (plots.route, streams_of(samples=1), "one position only"),
        (plots.route, streams_of(latlng=np.full((601, 2), 47.0)), "one place"),
        (plots.route, streams_of(latlng=np.full((601, 2), np.nan)), "no positions"),
        (plots.route, streams_of(latlng=np.full((601, 2), 500.0)), "no positions"),
        (plots.profile, streams_of(samples=0), "no samples"),
        (plots.profile, streams_of(altitude=None), "no altitude"),
        (plots.profile, streams_of(samples=1), "went nowhere"),
        (plots.profile, streams_of(distance=None, latlng=None), "neither distance nor positions"),
        (plots.profile, streams_of(distance=np.zeros(601)), "went nowhere"),
        (plots.timeline, streams_of(samples=0), "no samples"),
        (plots.timeline, streams_of(samples=1), "no time that goes on"),
        (plots.timeline, streams_of(time=np.full(601, np.nan)), "no time that goes on"),
        (
            plots.timeline,
            tables.streams({"time": {"data": [0, 1, 2]}}, 1),
            "Nothing but the time",
        ),
        (OF_STREAMS["zones"], streams_of(samples=0), "no heart rate"),
        (OF_STREAMS["zones"], streams_of(heartrate=None), "no heart rate"),
        (OF_STREAMS["zones"], streams_of(heartrate=np.full(601, np.nan)), "no heart rate"),
        (plots.compare, streams_of(samples=0), "no samples"),
        (plots.splits, splits_of(), "no splits"),
        (plots.splits, splits_of([0.0]), "no speed"),
        (plots.laps, laps_of(), "no laps"),
        (plots.laps, laps_of([0.0]), "no speed"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(plot: Any, streams: pd.DataFrame, sentence: str) -> None:
    assert any(sentence in text for text in texts(plot(streams)))


def a_day_long_ride() -> pd.DataFrame:
    time = np.arange(100_000.0)
    turn = np.cumsum(np.random.default_rng(0).normal(0, 0.01, len(time)))
    north, east = np.cumsum(6 * np.cos(turn)), np.cumsum(6 * np.sin(turn))
    return streams_of(
        samples=len(time),
        latlng=np.column_stack([47 + north / 111_195, 8 + east / 75_800]),
        altitude=800 + 300 * np.sin(time / 4000),
    )


def test_a_day_long_ride_is_drawn_with_few_points() -> None:
    streams = a_day_long_ride()
    assert len(course(plots.route(streams)).get_segments()) <= 20_000
    (line,) = of_gid(plots.profile(streams), "altitude")
    assert len(line.get_xdata()) <= 1600
    figure = plots.timeline(streams)
    assert max(len(line.get_xdata()) for axes in figure.axes for line in axes.lines) <= 700


def test_what_is_reduced_keeps_its_highest_and_lowest() -> None:
    streams = a_day_long_ride()
    streams.loc[50_000, "watts"] = 1234.0
    figure = plots.timeline(streams)
    tops = [band.get_paths()[0].vertices[:, 1].max() for band in of_gid(figure, "band")]
    assert 1234.0 in tops
    assert any("max 1,234" in text for text in texts(figure))


number = st.none() | st.floats(-1e4, 1e4) | st.sampled_from([0.0, float("nan"), float("inf"), 1e308])

NAMES = "time", "distance", "lat", "lng", "altitude", "velocity_smooth", "heartrate"

odd_samples = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, number)), max_size=12)


@settings(max_examples=4)
@given(odd_samples)
def test_any_samples_are_drawn_or_said(samples: list[dict[str, Any]]) -> None:
    streams = pd.DataFrame(
        {
            "activity_id": pd.array([1] * len(samples), dtype="Int64"),
            **{name: pd.array([one[name] for one in samples], dtype="Float64") for name in NAMES},
        }
    )
    try:
        for plot in OF_STREAMS.values():
            assert drawn_texts(plot(streams))
    finally:
        plt.close("all")


def test_samples_in_any_order_of_rows_are_the_same_activity() -> None:
    streams = pd.concat([streams_of(1).head(300), streams_of(2), streams_of(1).tail(301)])
    recording = recording_of(streams, 1)
    assert recording is not None
    assert len(recording) == 601
