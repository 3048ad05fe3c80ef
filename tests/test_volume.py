"""How much a week, a month, a year: the bars are what the table adds up to, and a goal is measured."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from trained import MONDAY, SUNDAY, legend, odd_records, record, table_of, texts

from strava_nb import plots
from strava_nb.errors import BadInput, BadTable
from strava_nb.plots.style import house_style
from strava_nb.tables.sports import GROUPS

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def bars(ax: Axes) -> dict[str, dict[date, float]]:
    """The heights of the bars: group → first day → height."""
    return {
        str(bar.get_label()): {
            date(1970, 1, 1) + timedelta(days=round(p.get_x() + p.get_width() / 2 - 3.5)): p.get_height()
            for p in bar
        }
        for bar in ax.containers
    }


def test_a_week_is_from_monday_to_sunday() -> None:
    ax = plots.volume(table_of(record(1, SUNDAY), record(2, MONDAY), record(3, SUNDAY + timedelta(days=1))))
    assert bars(ax) == {"Ride": {MONDAY: 20.0, date(2026, 6, 8): 10.0}}


def test_an_activity_belongs_to_its_local_day() -> None:
    late = record(1, SUNDAY, start_date="2026-06-08T02:00:00Z", start_date_local="2026-06-07T22:00:00Z")
    assert bars(plots.volume(table_of(late))) == {"Ride": {MONDAY: 10.0}}


def test_groups_are_stacked_in_one_order_and_named() -> None:
    table = table_of(record(1, MONDAY, "Swim"), record(2, MONDAY, "TrailRun"), record(3, MONDAY, "EBikeRide"))
    ax = plots.volume(table)
    assert legend(ax) == ["Ride", "Run", "Swim"]
    bottoms = [bar[0].get_y() for bar in ax.containers]
    assert bottoms == [0.0, 10.0, 20.0]


@pytest.mark.parametrize(
    ("value", "units", "height", "unit"),
    [
        ("distance", "metric", 10.0, "km"),
        ("distance", "imperial", 6.2137, "mi"),
        ("time", "metric", 1.0, "h"),
        ("elevation", "metric", 100.0, "m"),
        ("elevation", "imperial", 328.084, "ft"),
        ("count", "metric", 1.0, "activities"),
    ],
)
def test_the_axis_says_the_unit(value: Any, units: Any, height: float, unit: str) -> None:
    ax = plots.volume(table_of(record(1, MONDAY)), value=value, units=units)
    assert bars(ax)["Ride"][MONDAY] == pytest.approx(height, rel=1e-4)
    assert ax.get_ylabel() == unit


def test_months_are_as_long_as_they_are() -> None:
    table = table_of(record(1, date(2026, 1, 31)), record(2, date(2026, 2, 1)), record(3, date(2026, 2, 28)))
    ax = plots.volume(table, by="month", value="count")
    assert [bar.get_height() for bar in ax.containers[0]] == [1.0, 2.0]
    widths = [bar.get_width() for bar in ax.containers[0]]
    assert widths[1] / widths[0] == pytest.approx(28 / 31)


def test_the_mean_counts_empty_weeks() -> None:
    weeks = [0, 1, 2, 3, 11]
    table = table_of(*[record(n, MONDAY + timedelta(weeks=w)) for n, w in enumerate(weeks)])
    (line,) = plots.volume(table).get_lines()
    assert line.get_label() == "4-week mean"
    assert np.asarray(line.get_ydata()).tolist() == pytest.approx([10, 7.5, 5, 2.5, 0, 0, 0, 0, 2.5])


def test_a_few_weeks_have_no_mean() -> None:
    assert not plots.volume(table_of(record(1, MONDAY), record(2, SUNDAY))).get_lines()


def test_many_weeks_are_drawn_as_one_shape_with_the_same_heights() -> None:
    table = table_of(record(1, date(2016, 1, 4)), record(2, date(2026, 6, 1)), record(3, date(2026, 6, 2)))
    steps: Any = plots.volume(table).patches[0]
    tops, edges, _ = steps.get_data()
    assert len(tops) == (date(2026, 6, 1) - date(2016, 1, 4)).days / 7 + 1 == len(edges) - 1
    assert (tops[0], tops[-1], tops.sum()) == (10.0, 20.0, 30.0)


def test_each_month_has_its_name_and_each_year_its_number() -> None:
    ax = plots.volume(table_of(record(1, date(2025, 10, 6)), record(2, date(2026, 3, 20))))
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels == ["Nov\n2025", "Dec", "Jan\n2026", "Feb", "Mar"]


def test_a_group_has_one_colour_everywhere() -> None:
    table = table_of(record(1, MONDAY, "Run"))
    for ax in (plots.volume(table), plots.volume(table, by="month", value="count")):
        assert to_hex(ax.containers[0][0].get_facecolor()) == plots.SPORT_COLOURS["Run"]
    assert tuple(plots.SPORT_COLOURS) == GROUPS
    with house_style():
        cycle = [to_hex(colour) for colour in plt.rcParams["axes.prop_cycle"].by_key()["color"]]
    assert cycle == list(plots.SPORT_COLOURS.values())


def test_years_are_bars_with_their_totals() -> None:
    table = table_of(record(1, date(2024, 12, 31)), record(2, date(2026, 1, 1)), record(3, date(2026, 5, 1)))
    ax = plots.volume(table, by="year")
    assert [bar.get_height() for bar in ax.containers[0]] == [10.0, 20.0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2024", "2025", "2026"]
    assert {"10 km", "0 km", "20 km"} <= set(texts(ax).splitlines())
    assert not ax.get_lines()


def goal_line(ax: Axes) -> Any:
    [line] = [line for line in ax.get_lines() if line.get_gid() == "goal"]
    return line


def test_a_goal_says_what_is_still_needed_a_week() -> None:
    ax = plots.volume(table_of(record(1, MONDAY)), goal=52.18, today=date(2026, 12, 4))
    assert np.asarray(goal_line(ax).get_ydata()) == pytest.approx([1.0, 1.0], rel=1e-3)
    said = "Goal for 2026: 52.2 km, 10 km done; needed: 10.5 km a week for the 4 weeks left."
    assert said in texts(ax)
    assert "goal\n1 km" in texts(ax)


@pytest.mark.parametrize(("by", "each"), [("week", 366 * 7 / 365.25), ("month", 366 / 12), ("year", 366.0)])
def test_a_goal_is_for_the_year_and_its_line_for_a_bar(by: Any, each: float) -> None:
    ax = plots.volume(table_of(record(1, MONDAY)), by=by, goal=366, today=MONDAY)
    assert np.asarray(goal_line(ax).get_ydata())[0] == pytest.approx(each)
    assert ax.get_ylim()[1] > each


@pytest.mark.parametrize(
    ("goal", "today", "said"),
    [
        (10, MONDAY, "Goal for 2026: 10 km, 10 km done: reached."),
        (30, date(2027, 3, 1), "Goal for 2026: 30 km, 10 km done, 20 km short."),
        (30, date(2026, 12, 30), "Goal for 2026: 30 km, 10 km done, 20 km to go in 2 days."),
        (30, date(2026, 12, 31), "Goal for 2026: 30 km, 10 km done, 20 km to go in 1 day."),
        (30, date(2020, 1, 1), "for the 31 weeks left."),
    ],
)
def test_a_goal_is_reached_missed_or_near(goal: float, today: date, said: str) -> None:
    table = table_of(record(1, MONDAY), record(2, date(2025, 1, 1), distance=1e6))
    assert said in texts(plots.volume(table, goal=goal, today=today))


def test_a_goal_of_nothing_is_refused() -> None:
    for wrong in (0, -5, float("nan")):
        with pytest.raises(BadInput, match="goal=5000"):
            plots.volume(table_of(record(1, MONDAY)), goal=wrong)


def test_a_refusal_names_the_columns() -> None:
    with pytest.raises(BadTable) as refusal:
        plots.volume(pd.DataFrame({"sport_group": ["Ride"]}))
    assert refusal.value.missing == ("start_date_local", "distance")


@settings(max_examples=5)
@given(odd_records, st.sampled_from(["week", "month"]))
def test_the_bars_add_up_to_the_tables_total(records: Any, by: Any) -> None:
    table = table_of(*records)
    ax = plots.volume(table, by=by)
    try:
        distances = table["distance"].dropna()
        total = distances[distances > 0].sum() / 1000
        drawn = sum(p.get_height() for bar in ax.containers for p in bar)
        shapes: list[Any] = [] if ax.containers else list(ax.patches)
        for steps in shapes:
            tops, _, bottoms = steps.get_data()
            drawn += (tops - bottoms).sum()
        assert drawn == pytest.approx(total)
    finally:
        plt.close("all")


def test_a_pair_of_doubles_counts_once() -> None:
    table = table_of(record(1), record(2))
    table.loc[table["id"] == 2, "double_of"] = 1
    assert bars(plots.volume(table, value="count")) == {"Ride": {MONDAY: 1.0}}
