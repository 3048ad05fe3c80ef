"""Bars of an activity: the time in its zones, its splits, its laps."""

from __future__ import annotations

from typing import Any, cast

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from recorded import (
    EDGES,
    HOSTILE,
    activities_of,
    bars,
    laps_of,
    of_gid,
    splits_of,
    streams_of,
    texts,
)

from strava_nb import metrics, plots
from strava_nb.errors import BadInput, BadTable
from strava_nb.plots.signals import signals

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def told(ax: Axes) -> list[str]:
    return [text.get_text() for text in of_gid(ax, "told")]


def test_the_bars_are_minutes_in_each_zone() -> None:
    heart = np.repeat([100.0, 120.0, 140.0, 150.0, 170.0], [60, 120, 180, 240, 600])
    ax = plots.zones(streams_of(samples=1200, heartrate=heart), edges=EDGES)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([1, 2, 3, 4, 10])
    assert told(ax) == ["0:01  ·  5 %", "0:02  ·  10 %", "0:03  ·  15 %", "0:04  ·  20 %", "0:10  ·  50 %"]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Z1   under 115", "Z2   115–135", "Z3   135–150", "Z4   150–165", "Z5   165 bpm or more",
    ]  # fmt: skip


def test_zones_of_all_activities_add_up() -> None:
    streams = pd.concat([streams_of(1), streams_of(2)])
    ax = plots.zones(streams, edges=EDGES)
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(1202 / 60)
    assert any("2 activities together." in text for text in texts(ax))
    without = pd.concat([streams, streams_of(3, heartrate=None)])
    assert any("2 activities together." in text for text in texts(plots.zones(without, edges=EDGES)))
    one = plots.zones(streams, edges=EDGES, activity=2)
    assert sum(bar.get_width() for bar in one.patches) == pytest.approx(601 / 60)


def test_stravas_own_zones_and_those_of_power_are_understood() -> None:
    edges = pd.DataFrame(
        {
            "kind": pd.array(["heartrate", "heartrate", "power", "power"], dtype="string"),
            "zone": pd.array([1, 2, 1, 2], dtype="Int64"),
            "min": pd.array([0, 140, 0, 200], dtype="Int64"),
            "max": pd.array([140, pd.NA, 200, pd.NA], dtype="Int64"),
        }
    )
    heart = plots.zones(streams_of(), edges=edges)
    assert [label.get_text() for label in heart.get_yticklabels()] == [
        "Z1   under 140",
        "Z2   140 bpm or more",
    ]
    power = plots.zones(streams_of(), edges=edges, kind="power")
    assert power.get_yticklabels()[1].get_text() == "Z2   200 W or more"
    with pytest.raises(BadInput, match="no zones of power"):
        plots.zones(streams_of(), edges=edges.head(2), kind="power")


def test_what_the_metrics_counted_is_drawn_as_it_is() -> None:
    streams, table = streams_of(), activities_of("A")
    counted = metrics.time_in_zones(table, streams, metrics.AthleteProfile(heartrate_zones=EDGES))
    ax, own = plots.zones(counted), plots.zones(streams, edges=EDGES)
    assert [bar.get_width() for bar in ax.patches] == [bar.get_width() for bar in own.patches]
    assert [t.get_text() for t in ax.get_yticklabels()] == [t.get_text() for t in own.get_yticklabels()]
    with pytest.raises(BadInput, match="Activity 9"):
        plots.zones(counted, activity=9)
    assert "There is no heart rate in these samples." in texts(plots.zones(counted.head(0)))


@pytest.mark.parametrize("edges", [None, (), (150, 140), (0, 100), ("a",), 7, (float("nan"),), range(1, 30)])
def test_edges_that_cannot_be_meant_are_said(edges: Any) -> None:
    with pytest.raises(BadInput):
        plots.zones(streams_of(), edges=edges)


def test_another_kind_of_zones_is_refused() -> None:
    with pytest.raises(BadInput, match="'mood'"):
        plots.zones(streams_of(), edges=EDGES, kind=cast(Any, "mood"))


def test_a_splits_bar_is_its_speed_and_says_its_pace() -> None:
    ax = plots.splits(
        splits_of(
            [4.0, 5.0], average_grade_adjusted_speed=[4.5, 4.8], elevation_difference=[12.0, -0.2]
        )
    )  # fmt: skip
    assert bars(ax) == [pytest.approx([4.0, 5.0])]
    assert [text.get_text() for text in of_gid(ax, "pace")] == ["4:10", "3:20"]
    assert [text.get_text() for text in of_gid(ax, "climb")] == ["+12", "±0"]
    (marks,) = of_gid(ax, "level")
    assert [segment[0][1] for segment in marks.get_segments()] == pytest.approx([4.5, 4.8])
    assert "Pace, min/km" in texts(ax)


def test_a_rides_splits_are_speeds_without_marks() -> None:
    ax = plots.splits(splits_of([10.0, 8.0]), activities=activities_of("A"))
    assert bars(ax) == [pytest.approx([36.0, 28.8])]
    assert of_gid(ax, "level") == []
    assert "Speed, km/h" in texts(ax)


def test_the_last_split_is_as_wide_as_it_is_long() -> None:
    table = splits_of([4.0, 4.0])
    table.loc[1, "distance"] = 250.0
    ax = plots.splits(table)
    assert [bar.get_width() for bar in ax.containers[0]] == pytest.approx([1.0, 0.25])


@pytest.mark.parametrize(("plot", "made"), [(plots.splits, splits_of), (plots.laps, laps_of)])
def test_a_split_or_lap_without_a_speed_is_a_gap(plot: Any, made: Any) -> None:
    table = made([4.0, 4.0, 5.0])
    table.loc[1, ["average_speed", "moving_time", "distance"]] = pd.NA
    assert bars(plot(table)) == [pytest.approx([4.0 * 3.6, 5.0 * 3.6])]


@pytest.mark.parametrize(("plot", "made"), [(plots.splits, splits_of), (plots.laps, laps_of)])
def test_splits_and_laps_keep_the_rules_of_all_pictures(plot: Any, made: Any) -> None:
    table = made([4.0], [5.0], source="demo")
    before = table.copy()
    _, ax = plt.subplots()
    assert plot(table, activity=2, activities=activities_of("A", HOSTILE, sport="Run"), ax=ax) is ax
    pd.testing.assert_frame_equal(table, before)
    assert "DEMO" in texts(ax)
    assert any(text.startswith(r"\$\frac") for text in texts(ax))
    assert bars(ax) == [pytest.approx([5.0])]
    with pytest.raises(BadInput, match="Activity 9"):
        plot(table, activity=9)
    with pytest.raises(BadTable):
        plot(streams_of())


def test_laps_of_several_activities_stand_side_by_side_oldest_first() -> None:
    ax = plots.laps(laps_of([4.0, 5.0], [4.2, 5.2]), activities=activities_of("Now", "Then", sport="Run"))
    legend = ax.get_legend()
    assert legend
    assert [text.get_text() for text in legend.get_texts()] == ["Then, 28 June 2026", "Now, 29 June 2026"]
    assert bars(ax) == [pytest.approx([4.2, 5.2]), pytest.approx([4.0, 5.0])]
    then, now = ax.containers
    assert then[0].get_x() + then[0].get_width() == pytest.approx(now[0].get_x(), abs=0.05)


def test_laps_that_do_not_match_are_told() -> None:
    assert any("They have 1 and 2 laps." in text for text in texts(plots.laps(laps_of([4.0], [4.0, 5.0]))))


def test_more_activities_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(BadInput, match="8 activities"):
        plots.laps(laps_of(*[[4.0]] * 8))


def test_one_activitys_laps_are_as_wide_as_they_took() -> None:
    ax = plots.laps(laps_of([5.0, 2.5]))
    assert [bar.get_width() for bar in ax.containers[0]] == pytest.approx([200 / 60, 400 / 60])


def test_a_scrap_of_a_lap_neither_sets_the_scale_nor_gets_words() -> None:
    table = laps_of([5.0, 4.0, 1.0], average_grade_adjusted_speed=[5.0, 4.0, 1.0])
    table.loc[2, ["moving_time", "distance"]] = [3.0, 3.0]
    ax = plots.laps(table)
    assert ax.get_ylim()[0] > 2.5
    assert [text.get_text().split()[0] for text in of_gid(ax, "pace")] == ["3:20", "4:10"]


@pytest.mark.parametrize(("low", "high"), [(2.0, 4.5), (3.9, 4.1), (0.1, 6.0), (1.0, 1.2), (0.0, 0.01)])
def test_the_paces_beside_an_axis_are_round_and_apart(low: float, high: float) -> None:
    signal = signals("metric", "Run")["speed"]
    ticks = signal.pace_ticks(low, high)
    assert all(round(1000 / tick, 6) % 5 == 0 for tick in ticks)
    assert (np.diff(ticks) <= -(high - max(low, high / 4, 0.3)) / 6).all()
    assert len(ticks) <= 7
