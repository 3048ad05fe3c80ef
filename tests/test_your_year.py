"""What is told of a year: its numbers, moments, streaks and ways, against the year before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pytest

import strava_nb as snb
from strava_nb.errors import BadInput, BadTable

if TYPE_CHECKING:
    pass

from years import TODAY, Page, loop, one, past, shown, table_of, told, years

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return years()


def test_the_numbers_are_those_of_the_metrics(table: pd.DataFrame) -> None:
    this = table[table["start_date_local"].dt.year == 2025]
    sums = snb.metrics.totals(this, "year").iloc[0]
    page = Page(told().page)
    assert f"{sums['activities']} activities on {sums['active_days']} days." in page.text
    for number, unit in (
        (sums["distance"] / 1000, "km"), (sums["moving_time"] / 3600, "hours"),
        (sums["total_elevation_gain"], "m up"), (sums["active_days"], "days out"),
    ):  # fmt: skip
        assert f"{number:,.0f} {unit}" in page.text


def test_the_moments_are_those_of_the_records(table: pd.DataFrame) -> None:
    this = table[table["start_date_local"].dt.year == 2025]
    found = snb.metrics.records(this).set_index(["record", "sport_group"])["value"]
    page = Page(told().page)
    early = found["earliest start"].min()
    for words in (
        f"The longest ride {found['longest', 'Ride'] / 1000:.1f} km",
        f"The longest run {found['longest', 'Run'] / 1000:.1f} km",
        f"The fastest ride {found['fastest', 'Ride'] * 3.6:.1f} km/h",
        "The fastest run 5:55 /km",
        f"The highest point {found['highest point'].max():,.0f} m",
        f"The earliest start {int(early // 3600)}:{int(early // 60 % 60):02}",
    ):
        assert words in page.text


def test_the_streaks_are_those_of_the_metrics(table: pd.DataFrame) -> None:
    this = table[table["start_date_local"].dt.year == 2025]
    found = snb.metrics.streaks(this, today=TODAY).set_index(["unit", "streak"])["length"]
    page = Page(told().page)
    for unit in ("days", "weeks"):
        assert f"{found[unit, 'longest']} {unit} in a row" in page.text


def test_a_year_that_is_over_is_compared_with_the_whole_last_one(table: pd.DataFrame) -> None:
    years = snb.metrics.totals(table, "year").set_index("year")["distance"]
    percent = round(100 * (years[2025] / years[2024] - 1))
    assert f"{percent} % more than 2024" in Page(told().page).text
    assert "by then" not in Page(told().page).text


def test_a_year_that_is_not_over_is_compared_with_the_same_days() -> None:
    page = shown(
        table_of(
            one(1, "2025-01-02T09:00:00", km=10), one(2, "2025-03-31T09:00:00", km=10),
            one(3, "2025-04-01T09:00:00", km=500), one(4, "2026-01-01T09:00:00", km=15),
            one(5, "2026-03-31T09:00:00", km=15),
        )
    )  # fmt: skip
    assert "2 activities on 2 days, until 31 March." in page.text
    assert "50 % more than 2025 by then" in page.text


def test_a_table_that_begins_within_the_last_year_is_not_compared_with_it() -> None:
    page = shown(table_of(one(1, "2025-06-16T09:00:00"), one(2, "2026-02-01T09:00:00")), 2026)
    assert "The activities here begin on 16 June 2025, so 2025 is not compared." in page.text
    assert "than 2025" not in page.text
    assert not page.count("before")


def test_an_only_year_is_told_without_a_comparison() -> None:
    page = shown(table_of(one(1, "2026-01-16T09:00:00"), one(2, "2026-02-01T09:00:00")))
    assert "2025" not in page.text
    assert "Day by day" in page.text


def test_the_year_is_the_newest_activitys_unless_another_is_named(table: pd.DataFrame) -> None:
    assert snb.your_year(table, today=TODAY).year == 2025
    assert snb.your_year(table, np.int64(2024), today=TODAY).year == 2024


def test_doubles_count_once() -> None:
    table = table_of(one(1, "2026-01-16T09:00:00"), one(2, "2026-01-16T09:00:05"))
    table["double_of"] = pd.array([1, pd.NA], dtype="Int64")
    assert table["id"].tolist() == [2, 1]
    assert "One activity" in shown(table).text


def test_miles_and_feet_for_those_who_think_in_them(table: pd.DataFrame) -> None:
    metres = table[table["start_date_local"].dt.year == 2025]["distance"].sum()
    page = shown(table, 2025, units="imperial")
    assert f"{metres / 1609.344:,.0f} mi" in page.text
    assert "ft up" in page.text
    assert "/mi" in page.text
    assert " km" not in page.text


def test_the_favourite_loop_is_the_way_gone_most_often_and_no_commute() -> None:
    way, work = loop(size=0.02), past(47.2, 7.6)
    runs = [
        one(n, f"2026-01-{n:02}T09:00:00", "Run", 10, moving_time=3600 - n, course=way) for n in range(1, 5)
    ]
    commutes = [one(10 + n, f"2026-02-{n:02}T07:00:00", course=work, commute=True) for n in range(1, 10)]
    page = shown(table_of(*runs, *commutes))
    assert "The favourite loop 4 times 10.0 km each. The quickest took 59:56, on 4 January." in page.text


def test_a_ride_without_a_course_is_not_the_fastest_where_others_have_one() -> None:
    page = shown(
        table_of(
            one(1, "2026-01-01T09:00:00", average_speed=7.0, course=loop()),
            one(2, "2026-01-02T09:00:00", average_speed=8.0, course=loop()),
            one(3, "2026-01-03T09:00:00", average_speed=9.0),
        )
    )
    assert "The fastest ride 28.8 km/h" in page.text


def test_a_way_gone_twice_is_no_favourite() -> None:
    page = shown(table_of(*(one(n, f"2026-01-{n:02}T09:00:00", course=loop()) for n in (1, 2))))
    assert "favourite" not in page.text


def test_a_year_without_activities_says_where_they_are(table: pd.DataFrame) -> None:
    page = shown(table, 2019)
    assert "No activities in 2019. Those of this table are from 2024 to 2025." in page.text
    assert not page.count("tiles")
    assert snb.your_year(table, 2019, today=TODAY).picture.png


def test_an_empty_table_gives_a_page_that_says_so() -> None:
    assert "There are no activities in this table." in shown(table_of(), 2026).text
    assert "There are no activities in this table." in shown(table_of()).text


def test_one_activity_is_a_beginning() -> None:
    page = shown(table_of(one(1, "2026-03-01T09:00:00", course=loop())))
    assert "One activity, until 1 March. It is a beginning." in page.text
    assert "30.0 km" in page.text
    assert not page.count("cards")


def test_what_lacks_is_left_out() -> None:
    bare = [one(n, f"2026-01-{n:02}T09:00:00", elev_high=None, total_elevation_gain=None) for n in (1, 2, 3)]
    page = shown(table_of(*bare))
    assert " up " not in page.text
    assert "highest" not in page.text
    assert not page.count("everywhere few")
    assert not page.count("course")
    assert "200 m" not in page.text


def test_a_year_at_the_gym_counts_hours() -> None:
    still = {"moving_time": 3600, "average_speed": 0, "max_speed": 0, "elev_high": None}
    table = table_of(*(one(n, f"2026-01-{n:02}T09:00:00", "Yoga", 0, **still) for n in (1, 2, 3)))
    page = shown(table)
    assert "3.0 hours" in page.text
    assert " km" not in page.text
    assert snb.your_year(table, today=TODAY).picture.png


def test_a_table_that_was_read_back_from_a_csv_is_told_as_well(table: pd.DataFrame, tmp_path: Path) -> None:
    path = snb.files.to_csv(table, tmp_path / "a.csv")
    assert shown(pd.read_csv(path), 2025).text == Page(told().page).text


def test_the_table_stays_as_it_was(table: pd.DataFrame) -> None:
    before = table.copy(deep=True)
    assert snb.your_year(table, 2025, today=TODAY).picture.png
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("year", ["2025", 2025.0, True, 0, 20_250])
def test_what_is_no_year_is_said(table: pd.DataFrame, year: Any) -> None:
    with pytest.raises(BadInput, match="not a year"):
        snb.your_year(table, year)


def test_what_is_no_table_of_activities_is_said(table: pd.DataFrame) -> None:
    with pytest.raises(BadTable):
        snb.your_year(cast(Any, "activities"), 2025)
    with pytest.raises(BadTable, match="distance"):
        snb.your_year(table.drop(columns="distance"), 2025)
    with pytest.raises(BadInput, match="units"):
        snb.your_year(table, 2025, units=cast(Any, "nautical"))
