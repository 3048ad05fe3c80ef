"""Every day as a cell: in its week, as dark as its figure, in years that stand below one another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from matplotlib.colors import to_rgb
from trained import MONDAY, SUNDAY, cells, collection, lab, legend, odd_records, record, table_of, texts

from strava_nb import plots
from strava_nb.errors import BadInput

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def test_every_day_between_the_first_and_the_last_is_a_cell() -> None:
    ax = plots.calendar(
        table_of(record(1, date(2024, 2, 1)), record(2, date(2025, 3, 1)), record(3, date(2025, 3, 1)))
    )
    span = (date(2025, 3, 1) - date(2024, 2, 1)).days + 1
    assert (cells(ax, "active"), cells(ax, "rest")) == (2, span - 2)
    assert sum(cells(ax, gid) for gid in ("active", "rest", "outside")) == 366 + 365


def test_a_cell_stands_in_its_week_and_on_its_weekday() -> None:
    ax = plots.calendar(table_of(record(1, date(2026, 1, 4)), record(2, date(2026, 1, 5))))
    active = collection(ax, "active")
    middles = [tuple(np.floor(path.vertices[:-1].mean(axis=0))) for path in active.get_paths()]
    assert middles == [(0.0, 6.0), (1.0, 0.0)]  # a Sunday, and the Monday after it


def test_years_stand_newest_first_with_their_totals() -> None:
    ax = plots.calendar(
        table_of(record(1, date(2025, 5, 1)), record(2, date(2026, 5, 1)), record(3, date(2026, 5, 2)))
    )
    heights = {t.get_text(): t.get_position()[1] for t in ax.texts}
    assert heights["2026"] < heights["2025"]
    assert heights["2 h"] == pytest.approx(heights["2026"] + 1.7)
    assert heights["1 h"] == pytest.approx(heights["2025"] + 1.7)


def test_twelve_months_across_two_years_are_one_band() -> None:
    ax = plots.calendar(table_of(record(1, date(2025, 8, 1)), record(2, date(2026, 6, 1))))
    assert "2025–26" in texts(ax)
    assert sum(cells(ax, gid) for gid in ("active", "rest", "outside")) == 365


def test_years_without_an_activity_are_left_out_and_said() -> None:
    days = [date(2016, 5, 1), date(2018, 5, 1), date(2026, 5, 1)]
    said = texts(plots.calendar(table_of(*[record(n, day) for n, day in enumerate(days)])))
    assert "No activities in 2017." in said
    assert "No activities in 2019–2025." in said


def test_the_calendar_says_its_scale_and_its_fullest_day() -> None:
    days = [record(n, MONDAY + timedelta(days=n), moving_time=1800 * (n + 1)) for n in range(10)]
    ax = plots.calendar(table_of(*days))
    assert legend(ax) == ["rest", "under 1", "1–2", "2–3", "3–4", "4 h or more"]
    assert "Most in a day: 5 h on 10 June 2026 (Activity 9)." in texts(ax)
    active = collection(ax, "active")
    lightness = [lab(np.array(to_rgb(colour)))[0] for colour in active.get_facecolors()]
    assert lightness == sorted(lightness, reverse=True)
    assert len({round(value) for value in lightness}) == 5


def test_the_calendar_counts_activities_from_one() -> None:
    ax = plots.calendar(table_of(*[record(n, MONDAY) for n in range(3)], record(9, SUNDAY)), value="count")
    assert legend(ax) == ["rest", "1", "2", "3", "4", "5 activities or more"]
    assert "Most in a day: 3 activities on 1 June 2026." in texts(ax)


@pytest.mark.parametrize(
    ("column", "words", "lightest"),
    [
        ("average_heartrate", "Highest: 150 bpm on 1 June 2026", "mean 145 bpm"),
        ("max_heartrate", "Highest: 180 bpm on 1 June 2026", "180 bpm"),
        ("elev_low", "Lowest: 10 m on 1 June 2026", "10 m"),
        ("kudos_count", "Most in a day: 7 on 1 June 2026", "10"),
    ],
)
def test_a_column_is_summed_or_averaged_as_it_is_meant(column: str, words: str, lightest: str) -> None:
    pairs = {"average_heartrate": (140, 160, 140), "max_heartrate": (170, 180, 160)}
    first, second, third = {**pairs, "elev_low": (20, 10, 30), "kudos_count": (3, 4, 3)}[column]
    days = (MONDAY, MONDAY, SUNDAY)
    values = {"kudos_count": int}.get(column, float)
    table = table_of(
        *[
            record(n, day, **{column: values(v)})
            for n, (day, v) in enumerate(zip(days, (first, second, third), strict=True))
        ]
    )
    said = texts(plots.calendar(table, value=column))
    assert words in said
    assert lightest in said.splitlines()


def test_a_day_without_the_value_is_neither_rest_nor_little() -> None:
    table = table_of(record(1), record(2, MONDAY + timedelta(days=2), average_heartrate=None))
    ax = plots.calendar(table, value="average_heartrate")
    assert (cells(ax, "active"), cells(ax, "unknown"), cells(ax, "rest")) == (1, 1, 1)
    assert legend(ax)[:2] == ["rest", "not known"]


def test_a_table_of_loads_is_a_calendar_too() -> None:
    table = table_of(record(1, MONDAY)).assign(load=[80.0])
    assert "Load a day" in texts(plots.calendar(table, value="load"))


def test_a_column_that_is_not_there_or_no_number_is_refused_with_those_there_are() -> None:
    for wrong in ("speed", "name", "commute"):
        with pytest.raises(BadInput, match=r"such as .*distance"):
            plots.calendar(table_of(record(1, MONDAY)), value=wrong)


def test_what_is_said_below_four_years_is_within_a_small_figure() -> None:
    figure, ax = plt.subplots(figsize=(4.2, 3.4), layout="constrained")
    plots.calendar(table_of(*[record(year, date(year, 5, 1)) for year in range(2023, 2027)]), ax=ax)
    figure.canvas.draw()
    assert len(ax.get_xlabel().splitlines()) == 2
    assert ax.xaxis.label.get_window_extent().y0 > 0


@settings(max_examples=4)
@given(odd_records)
def test_the_active_cells_are_the_tables_days(records: Any) -> None:
    table = table_of(*records)
    ax = plots.calendar(table)
    try:
        times = table["moving_time"].fillna(0)
        active = table["start_date_local"].dt.date.nunique() if (times > 0).any() else 0
        assert cells(ax, "active") == active
    finally:
        plt.close("all")
