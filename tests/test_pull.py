"""The verbs: what dates, sports and ids mean, and what comes back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st
from shelves import SHELF, Shelf, ids, record

import strava_nb as snb
from strava_nb.errors import BadDates, BadInput, BadSports, StravaNbWarning
from strava_nb.wanted import span_of


@pytest.mark.parametrize(
    "january",
    [
        ("2026-01-01", "2026-01-31"),
        [date(2026, 1, 1), date(2026, 1, 31)],
        (datetime(2026, 1, 1, 12), pd.Timestamp("2026-01-31")),
    ],
)
def test_dates_are_local_days_and_both_are_included(january: Any) -> None:
    assert ids(snb.get_activities(SHELF, january, progress=False)) == [2, 3]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (None, [1, 2, 3, 4]),
        ((None, None), [1, 2, 3, 4]),
        (("2026-01-01", None), [2, 3, 4]),
        ((None, "2025-12-31"), [1]),
        (2026, [2, 3, 4]),
        ((date.min, date.max), [1, 2, 3, 4]),
    ],
)
def test_an_open_end_none_and_a_year_are_dates_too(dates: Any, expected: list[int]) -> None:
    assert ids(snb.get_activities(SHELF, dates, progress=False)) == expected


def test_a_date_picker_is_known_by_its_value_and_a_panel_by_its_source() -> None:
    class Picker:
        value = (date(2026, 2, 1), None)

    class Panel:
        source = SHELF

    assert ids(snb.get_activities(Panel(), Picker(), progress=False)) == [4]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (("2026-02-01", "2026-01-01"), "is after the end"),
        (("2026-13-01", None), "'2026-13-01' is not a date"),
        (("soon", None), "'soon' is not a date"),
        ("2026-01-01", "not a span"),
        (("2026-01-01",), "a start and an end"),
        (99, "not a year"),
        (3.5, "not a span"),
        ((1, 2), "not a date"),
        (True, "not a span"),
    ],
)
def test_dates_that_cannot_be_meant_are_said_and_never_changed(dates: Any, said: str) -> None:
    with pytest.raises(BadDates, match=said):
        snb.get_activities(SHELF, dates, progress=False)


@few(max_examples=40)
@given(st.tuples(st.none() | st.dates(), st.none() | st.dates()))
def test_a_span_is_given_back_as_it_is_or_refused(span: tuple[date | None, date | None]) -> None:
    start, end = span
    if start and end and start > end:
        with pytest.raises(BadDates):
            span_of(span)
    else:
        assert span_of(span) == span
        assert span_of([d and d.isoformat() for d in span]) == span


def test_an_activity_without_a_date_is_in_everything_and_in_no_span() -> None:
    shelf = Shelf(record(1, None), record(2, "2026-01-01T10:00:00"))
    assert ids(snb.get_activities(shelf, progress=False)) == [1, 2]
    assert ids(snb.get_activities(shelf, 2026, progress=False)) == [2]


def test_sports_are_groups_and_types_in_any_letter_case() -> None:
    assert ids(snb.get_activities(SHELF, sports="run", progress=False)) == [1, 2]
    assert ids(snb.get_activities(SHELF, sports=["TRAILRUN", "Yoga"], progress=False)) == [2, 4]
    assert ids(snb.get_activities(SHELF, sports="Swim", progress=False)) == []
    with pytest.raises(BadSports):
        snb.get_activities(SHELF, sports="Swimming with dolphins", progress=False)


def test_an_empty_answer_has_all_columns_and_a_fresh_index() -> None:
    table = snb.get_activities(SHELF, 1999, progress=False)
    full = snb.get_activities(SHELF, progress=False)
    assert len(table) == 0
    assert table.dtypes.equals(full.dtypes)
    assert list(snb.get_activities(SHELF, 2026, progress=False).index) == [0, 1, 2]


def test_what_is_amiss_is_one_warning_at_the_callers_line() -> None:
    shelf = Shelf(record(1, "2026-01-01T10:00:00") | {"distance": "far", "moving_time": "long"})
    with pytest.warns(StravaNbWarning, match=r"and 1 more in \.attrs") as told:
        table = snb.get_activities(shelf, progress=False)
    assert len(told) == 1
    assert told[0].filename == __file__
    assert len(table.attrs["problems"]) == 2


@pytest.mark.parametrize("source", [None, 5, "token", pd.DataFrame({"activities": [1]})])
def test_what_is_no_source_is_said(source: Any) -> None:
    with pytest.raises(BadInput, match="is not a source of activities"):
        snb.get_activities(source, progress=False)


@pytest.mark.parametrize(
    "activities",
    [3, [3], (3,), pd.Series([3]), pd.DataFrame({"id": [3]}), pd.DataFrame({"id": [3, 3, pd.NA]})],
)
def test_streams_take_a_table_an_id_or_ids(activities: Any) -> None:
    assert snb.get_streams(SHELF, activities, progress=False)["activity_id"].tolist() == [3]


def test_activities_without_streams_are_named_and_take_no_row() -> None:
    table = snb.get_streams(SHELF, [4, 1, 2], progress=False)
    assert table["activity_id"].tolist() == [1, 1]
    assert table.attrs["without_streams"] == [4, 2]


@pytest.mark.parametrize(
    ("ids", "said"), [(99, "Activity 99 has no"), ([2, 4], "None of these 2 activities has")]
)
def test_where_no_streams_come_at_all_it_is_said_since_an_id_may_be_wrong(ids: Any, said: str) -> None:
    with pytest.warns(StravaNbWarning, match=f"{said} streams"):
        assert len(snb.get_streams(SHELF, ids, progress=False)) == 0


def test_no_activities_are_an_empty_typed_table_of_streams() -> None:
    table = snb.get_streams(SHELF, [], progress=False)
    assert (len(table), str(table["activity_id"].dtype), str(table["time"].dtype)) == (0, "Int64", "Float64")


def test_keys_keep_some_streams_only() -> None:
    table = snb.get_streams(SHELF, [1, 3], keys=["latlng"], progress=False)
    assert list(table.columns) == ["activity_id", "time", "source"]
    assert "heartrate" in snb.get_streams(SHELF, [1, 3], keys="heartrate", progress=False)
    with pytest.raises(BadInput, match="no stream called 'pulse'"):
        snb.get_streams(SHELF, [1], keys=["pulse"], progress=False)


@pytest.mark.parametrize("activities", ["17", None, 1.5, [1.5], ["x"], pd.DataFrame({"a": [1]})])
def test_ids_that_cannot_be_meant_are_said(activities: Any) -> None:
    with pytest.raises(BadInput):
        snb.get_streams(SHELF, activities, progress=False)


def test_doubles_are_marked_within_one_source_too() -> None:
    twice = record(8, "2026-01-01T10:00:05") | {"distance": 1000.0}
    shelf = Shelf(twice, record(7, "2026-01-01T10:00:00") | {"distance": 1001.0, "name": "Lap"})
    table = snb.get_activities(shelf, progress=False)
    assert table.set_index("id")["double_of"].dropna().to_dict() == {8: 7}
