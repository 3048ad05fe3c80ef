"""Totals, streaks, Eddington, records, races and build-ups of tables of activities."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any, cast

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strava_nb import metrics, tables
from strava_nb.errors import BadInput, BadTable


def activity(number: int, when: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"No {number}",
        "sport_type": "Run",
        "start_date": f"{when}Z",
        "start_date_local": f"{when}Z",
        "distance": 10_000.0,
        "moving_time": 3000,
        "elapsed_time": 3100,
        "total_elevation_gain": 100.0,
        "average_speed": 3.33,
    } | more


def table_of(*records: dict[str, Any], **options: Any) -> pd.DataFrame:
    return tables.activities(list(records), **options)


WEEKS = table_of(
    activity(1, "2026-03-01T23:30:00"),  # a Sunday
    activity(2, "2026-03-02T06:00:00", distance=5000.0),  # a Monday
    activity(
        3,
        "2026-03-02T18:00:00",
        sport_type="Ride",
        distance=40_000.0,
        moving_time=3200,
        kilojoules=800.0,
        gear_id="b1",
    ),
    activity(4, "2026-03-20T07:00:00", sport_type="TrailRun", distance=None, gear_id="g1"),
    source="export",
)


def test_weeks_begin_on_monday_and_empty_ones_are_there() -> None:
    weeks = metrics.totals(WEEKS, by="week")
    assert weeks["week"].dt.strftime("%m-%d").tolist() == ["02-23", "03-02", "03-09", "03-16"]
    assert weeks["activities"].tolist() == [1, 2, 0, 1]
    assert weeks["active_days"].tolist() == [1, 1, 0, 1]
    assert weeks["distance"].tolist()[:3] == [10_000, 45_000, 0]
    assert weeks["moving_time"].tolist() == [3000, 6200, 0, 3000]
    assert weeks.attrs == {"doubles": 0, "undated": 0}


def test_what_no_activity_of_a_week_tells_is_absent_and_not_0() -> None:
    weeks = metrics.totals(WEEKS, by="week")
    assert weeks["distance"].isna().tolist() == [False, False, False, True]
    assert weeks["kilojoules"].isna().tolist() == [True, False, False, True]
    assert weeks["calories"].isna().all()
    assert {str(weeks[name].dtype) for name in ("distance", "calories")} == {"Float64"}
    assert str(weeks["moving_time"].dtype) == str(weeks["activities"].dtype) == "Int64"


@pytest.mark.parametrize(
    ("by", "column", "keys", "counts"),
    [
        ("day", "day", [pd.Timestamp("2026-03-01")], [1]),
        ("month", "month", [pd.Timestamp("2026-03-01")], [4]),
        ("year", "year", [2026], [4]),
        ("sport_type", "sport_type", ["Run", "Ride", "TrailRun"], [2, 1, 1]),
        ("sport_group", "sport_group", ["Run", "Ride"], [3, 1]),
        ("gear", "gear_id", ["b1", "g1", None], [1, 1, 2]),
    ],
)
def test_totals_by_what_was_asked(by: str, column: str, keys: list[Any], counts: list[int]) -> None:
    totals = metrics.totals(WEEKS, by=by)
    found = [None if pd.isna(one) else one for one in totals[column]]
    assert found[: len(keys)] == keys
    assert totals["activities"].tolist()[: len(counts)] == counts
    assert totals["activities"].sum() == 4


def test_totals_by_two_things_have_a_row_for_each_that_occurs() -> None:
    totals = metrics.totals(WEEKS, by=["month", "sport_group"])
    assert list(totals.columns[:3]) == ["month", "sport_group", "activities"]
    assert totals["sport_group"].tolist() == ["Run", "Ride"]


def test_days_are_local_whatever_the_time_in_greenwich() -> None:
    late = activity(1, "2026-01-01T01:00:00", start_date_local="2025-12-31T20:00:00Z")
    assert metrics.totals(table_of(late), by="year")["year"].tolist() == [2025]


def test_a_double_counts_once_and_is_told() -> None:
    twice = table_of(activity(1, "2026-03-01T08:00:00"), activity(2, "2026-03-01T08:00:10"))
    twice["double_of"] = pd.array([pd.NA if one == 1 else 1 for one in twice["id"]], dtype="Int64")
    totals = metrics.totals(twice, by="month")
    assert totals["distance"].tolist() == [10_000]
    assert totals.attrs["doubles"] == 1
    assert metrics.eddington(twice).number == 1
    assert metrics.eddington(twice).days_of[10] == 1


@pytest.mark.parametrize("by", ["decade", [], ["month", "month"]])
def test_what_there_are_no_totals_by_is_said(by: Any) -> None:
    with pytest.raises(BadInput):
        metrics.totals(WEEKS, by=by)


def test_a_table_of_something_else_is_said_not_guessed() -> None:
    with pytest.raises(BadTable, match="no start_date_local") as caught:
        metrics.totals(pd.DataFrame({"a": [1]}))
    assert caught.value.missing == ("start_date_local",)
    with pytest.raises(BadTable, match="A list is not"):
        metrics.streaks(cast(Any, []))
    wrong = pd.DataFrame({"start_date_local": ["2026-01-01"], "distance": ["far"]})
    with pytest.raises(BadTable, match="does not hold numbers"):
        metrics.eddington(wrong)
    with pytest.raises(BadTable, match="does not hold dates"):
        metrics.streaks(pd.DataFrame({"start_date_local": ["then"]}))


def test_a_table_read_back_from_a_file_counts_the_same() -> None:
    read = pd.read_csv(StringIO(WEEKS.to_csv(index=False)))
    assert metrics.records(read)["id"].tolist() == metrics.records(WEEKS)["id"].tolist()
    assert len(metrics.same_routes(read)) == len(metrics.loads(read)) == 4
    assert metrics.totals(read, by="week")["distance"].tolist()[:3] == [10_000, 45_000, 0]


@pytest.mark.parametrize("source", ["demo", "export"])
def test_results_say_which_door_their_rows_came_through(source: str) -> None:
    rows = table_of(activity(1, "2026-03-01T08:00:00", workout_type=1), source=source)
    for found in (
        metrics.totals(rows),
        metrics.streaks(rows),
        metrics.records(rows),
        metrics.races(rows),
        metrics.build_ups(rows),
        metrics.loads(rows),
        metrics.training_load(metrics.loads(rows)),
        metrics.same_routes(rows),
    ):
        assert found["source"].unique().tolist() == [source]


EVENTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30_000)), max_size=30)


@given(EVENTS)
@settings(max_examples=10)
def test_every_metre_is_in_one_week_one_month_and_one_sport(events: list[tuple[int, int]]) -> None:
    rows = table_of(
        *(
            activity(
                number,
                f"2026-01-{1 + day % 28:02}T08:00:00",
                distance=float(metres),
                sport_type=["Run", "Ride"][day % 2],
            )
            for number, (day, metres) in enumerate(events, 1)
        )
    )
    for by in ("day", "week", "month", "sport_type", ["week", "sport_type"]):
        totals = metrics.totals(rows, by=by)
        assert totals["distance"].sum() == sum(metres for _, metres in events)
        assert totals["activities"].sum() == len(events)


def on_days(*days: date) -> pd.DataFrame:
    return pd.DataFrame({"start_date_local": pd.DatetimeIndex(days) + pd.Timedelta(hours=8)})


def test_streaks_of_days_and_weeks_by_hand() -> None:
    days = [date(2026, 3, n) for n in (1, 2, 3, 9, 20, 21)]
    found = metrics.streaks(on_days(*days), today=date(2026, 3, 22)).set_index(["unit", "streak"])
    assert found["length"].tolist() == [2, 3, 4, 4]
    assert found.loc[("days", "current"), "start"] == pd.Timestamp(2026, 3, 20)
    assert found.loc[("weeks", "longest"), ["start", "end"]].tolist() == [
        pd.Timestamp(2026, 2, 23),
        pd.Timestamp(2026, 3, 22),
    ]


@pytest.mark.parametrize(("today", "length"), [(21, 2), (22, 2), (23, 0)])
def test_a_streak_is_on_while_today_can_continue_it(today: int, length: int) -> None:
    found = metrics.streaks(on_days(date(2026, 3, 20), date(2026, 3, 21)), today=date(2026, 3, today))
    assert found["length"][0] == length
    assert pd.isna(found["start"][0]) == (length == 0)


@given(st.sets(st.integers(0, 60), max_size=40), st.integers(0, 60))
@settings(max_examples=30)
def test_the_streak_of_days_is_that_of_counting_them(active: set[int], today: int) -> None:
    first = date(2026, 1, 1)
    rows = on_days(*(first + timedelta(days=one) for one in sorted(active)))
    found = metrics.streaks(rows, today=first + timedelta(days=today))
    longest = max((next(n for n in range(99) if one + n not in active) for one in active), default=0)
    last = today if today in active else today - 1
    current = next(n for n in range(99) if last - n not in active)
    ahead = next(n for n in range(99) if last + 1 + n not in active) if current else 0
    assert found["length"].tolist()[:2] == [current + ahead, longest]


def test_eddington_sums_a_days_activities_and_says_what_the_next_takes() -> None:
    rows = table_of(
        activity(1, "2026-03-01T08:00:00", distance=1500.0),
        activity(2, "2026-03-01T18:00:00", distance=700.0),
        activity(3, "2026-03-02T08:00:00", distance=2900.0),
        activity(4, "2026-03-03T08:00:00", distance=3000.0),
        activity(5, "2026-03-04T08:00:00", distance=None),
    )
    found = metrics.eddington(rows)
    assert (found.number, found.unit, found.next, found.days_missing) == (2, "km", 3, 2)
    assert found.days_of == (3, 3, 3, 1)
    miles = metrics.eddington(rows, units="imperial")
    assert (miles.number, miles.unit) == (1, "mi")
    with pytest.raises(BadInput, match="'yards'"):
        metrics.eddington(rows, units=cast(Any, "yards"))


def test_records_name_their_holders() -> None:
    rows = table_of(
        activity(1, "2026-03-01T08:00:00", distance=9000.0, average_speed=4.0),
        activity(2, "2026-03-02T06:00:00", distance=21_000.0, average_speed=3.0, max_heartrate=181.0),
        activity(3, "2026-03-03T21:00:00", distance=15_000.0, average_speed=6.0, moving_time=500),
        activity(4, "2026-03-03T08:00:00", distance=14_000.0, trainer=True, average_speed=7.0),
        activity(5, "2026-03-05T08:00:00", distance=99_000.0, flagged=True),
        activity(
            6, "2026-03-06T08:00:00", distance=21_000.0, sport_type="VirtualRun", total_elevation_gain=900.0
        ),
        activity(7, "2026-03-07T08:00:00", sport_type="Ride", distance=80_000.0),
    )
    runs = metrics.records(rows).query("sport_group == 'Run'").set_index("record")
    assert runs["id"].to_dict() == {
        "longest": 2,
        "longest time": 1,
        "most climb": 1,
        "fastest": 1,
        "highest heart rate": 2,
        "earliest start": 2,
        "latest start": 3,
        "longest day": 3,
    }
    assert runs.loc["longest day", "value"] == 29_000
    assert runs.loc["earliest start", "value"] == 6 * 3600
    assert metrics.records(rows)["sport_group"].tolist()[0] == "Ride"
    assert runs.loc["fastest", "unit"] == "m/s"


def test_races_are_told_by_strava_or_by_the_export() -> None:
    rows = table_of(
        activity(1, "2026-03-01T08:00:00", workout_type=1),
        activity(2, "2026-03-02T08:00:00", workout_type=2),
        activity(3, "2026-03-03T08:00:00", sport_type="Ride", workout_type=11),
        activity(4, "2026-03-04T08:00:00"),
    )
    assert metrics.races(rows)["id"].tolist() == [3, 1]
    rows["competition"] = pd.array([True, False, None, None], dtype="boolean")
    assert metrics.races(rows)["id"].tolist() == [4, 3, 1]


def test_build_ups_are_laid_over_one_another_on_race_day() -> None:
    rows = table_of(
        activity(1, "2026-03-01T08:00:00"),
        activity(2, "2026-03-07T08:00:00", distance=5000.0),
        activity(3, "2026-03-08T08:00:00", workout_type=1, name=None),
        activity(4, "2026-03-20T08:00:00"),
        activity(5, "2026-03-22T08:00:00", workout_type=1, name="City"),
    )
    found = metrics.build_ups(rows, weeks=2)
    assert found["race"].unique().tolist() == ["City, 2026", "race, 2026"]
    late, early = (found[found["race_id"] == one].set_index("day") for one in (5, 3))
    assert late["cumulative"].loc[[-14, -3, -2, 0]].tolist() == [10_000, 10_000, 20_000, 30_000]
    assert early["cumulative"].loc[[-7, -1, 0]].tolist() == [10_000, 15_000, 25_000]
    assert early["amount"].loc[[-14, -8]].isna().all()  # before there was anything
    counted = metrics.build_ups(rows, rows[rows["id"] == 5], value="count", weeks=1)
    assert counted["amount"].sum() == 2
    with pytest.raises(BadInput, match="'name'"):
        metrics.build_ups(rows, value="name")


@pytest.mark.parametrize(
    "metric",
    [
        metrics.totals,
        metrics.streaks,
        metrics.records,
        metrics.races,
        metrics.build_ups,
        metrics.loads,
        metrics.heart_rate_load,
        metrics.power_load,
        metrics.run_load,
        metrics.efficiency,
        metrics.same_routes,
        metrics.route_trend,
        metrics.time_in_zones,
    ],
)
def test_an_empty_table_gives_the_same_columns_and_dtypes_as_a_full_one(metric: Any) -> None:
    full, empty = metric(WEEKS), metric(WEEKS[:0])
    assert list(empty.columns) == list(full.columns)
    assert empty.dtypes.astype(str).tolist() == full.dtypes.astype(str).tolist()
    assert metric(WEEKS.assign(start_date_local=pd.NaT)) is not None


def test_no_metric_changes_the_table_it_is_given() -> None:
    before = WEEKS.copy(deep=True)
    for metric in (metrics.totals, metrics.records, metrics.loads, metrics.same_routes, metrics.races):
        metric(WEEKS)
    pd.testing.assert_frame_equal(WEEKS, before)
