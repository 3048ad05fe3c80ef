"""The same activity under two ids: what is marked, and what counts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strava_nb import tables
from strava_nb.plots.measures import measure_of, tally
from strava_nb.tables.doubles import counted, doubles

RUN: dict[str, Any] = {
    "sport_type": "Run",
    "start_date": "2026-05-01T06:00:00Z",
    "start_date_local": "2026-05-01T08:00:00Z",
    "distance": 10_000.0,
    "moving_time": 3000,
    "elapsed_time": 3100,
}


def two(**other: Any) -> pd.DataFrame:
    """The run with a heart rate, and another activity beside it."""
    return tables.activities([RUN | {"id": 1, "average_heartrate": 150.0}, RUN | {"id": 2} | other])


def marked(table: pd.DataFrame, **options: Any) -> dict[int, int]:
    """Which id names which."""
    column = doubles(table, **options)
    return {int(table["id"][row]): int(column[row]) for row in table.index[column.notna()]}


def pairs(*rows: tuple[int | None, int | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["id", "double_of"]).astype("Int64")


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"start_date": "2026-05-01T06:00:20Z"},
        {"distance": 10_090.0},
        {"elapsed_time": 3040},
        {"elapsed_time": None},
        {"sport_type": "TrailRun"},
    ],
)
def test_the_poorer_of_two_that_start_together_and_go_as_far_names_the_other(other: dict[str, Any]) -> None:
    assert marked(two(**other)) == {2: 1}


@pytest.mark.parametrize(
    "other",
    [
        {"start_date": "2026-05-01T06:01:00Z"},
        {"start_date": None},
        {"distance": 10_200.0},
        {"distance": None},
        {"elapsed_time": 4000},
    ],
)
def test_what_differs_in_start_distance_or_time_is_an_activity_of_its_own(other: dict[str, Any]) -> None:
    assert marked(two(**other)) == {}


def test_without_distance_sport_and_time_decide() -> None:
    still = {"distance": None, "sport_type": "Yoga"}
    table = tables.activities([RUN | still | {"id": 1, "name": "Y"}, RUN | still | {"id": 2}])
    assert marked(table) == {2: 1}
    table = tables.activities([RUN | still | {"id": 1}, RUN | still | {"id": 2, "sport_type": "Pilates"}])
    assert marked(table) == {}
    table = tables.activities([RUN | still | {"id": 1}, RUN | still | {"id": 2, "sport_type": None}])
    assert marked(table) == {2: 1}
    unknown = still | {"elapsed_time": None}
    assert marked(tables.activities([RUN | unknown | {"id": 1}, RUN | unknown | {"id": 2}])) == {}


def test_of_two_alike_the_later_source_and_then_the_higher_id_is_the_double() -> None:
    table = tables.activities([RUN | {"id": 1}, RUN | {"id": 2}])
    assert marked(table) == {2: 1}
    assert marked(table, ranks=[1 if one == 1 else 0 for one in table["id"]]) == {1: 2}


def test_all_copies_name_the_one_that_is_kept_and_none_names_a_double() -> None:
    copies = [
        RUN | {"id": number, "start_date": f"2026-05-01T06:00:{number:02}Z"} for number in range(0, 60, 20)
    ]
    # 0 and 20 are one, 20 and 40 are, 0 and 40 are not: the richest decides.
    copies[1]["name"] = "The one with a name"
    assert marked(tables.activities(copies)) == {0: 20, 40: 20}
    del copies[1]["name"]
    assert marked(tables.activities(copies)) == {20: 0}


@pytest.mark.slow
@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "second": st.integers(0, 59),
                "distance": st.sampled_from([None, 0.0, 1000.0, 1009.0, 1018.0]),
                "elapsed_time": st.sampled_from([None, 300, 310, 900]),
                "name": st.sampled_from([None, "a"]),
            }
        ),
        max_size=12,
    )
)
def test_whatever_is_there_doubles_name_rows_that_are_none(rows: list[dict[str, Any]]) -> None:
    records = [
        row | {"id": number, "sport_type": "Run", "start_date": f"2026-05-01T06:00:{row['second']:02}Z"}
        for number, row in enumerate(rows, 1)
    ]
    names = marked(tables.activities(records))
    assert not set(names) & set(names.values())
    assert marked(tables.activities(records[::-1])) == names


def test_a_double_is_left_out_only_where_the_row_it_names_is_there() -> None:
    table = pairs((1, None), (2, 1), (3, 9), (None, None), (None, 1))
    assert counted(table).tolist() == [True, False, True, True, False]
    assert counted(table[1:]).tolist() == [True, True, True, True]


def test_rows_that_name_each_other_or_themselves_count_once() -> None:
    assert counted(pairs((1, 2), (2, 1))).tolist() == [True, False]
    assert counted(pairs((1, 2), (2, 3), (3, None))).tolist() == [False, False, True]
    assert counted(pairs((1, 2), (2, 3), (3, 2))).tolist() == [False, True, False]
    assert counted(pairs((1, 1))).tolist() == [True]


@pytest.mark.parametrize(
    "read_back",
    [
        {"id": [1, 2, 3], "double_of": [float("nan"), 1.0, 9.0]},
        {"id": ["1", "2", "3"], "double_of": [None, "1", "9"]},
        {"id": ["a", "2", "1"], "double_of": ["b", "1", None]},
    ],
)
def test_a_table_that_was_read_back_counts_the_same(read_back: dict[str, Any]) -> None:
    table = pd.DataFrame(read_back)
    assert counted(table).tolist() == [True, False, True]


@pytest.mark.parametrize("columns", [[], ["id"], ["double_of"]])
def test_without_ids_or_marks_every_row_counts(columns: list[str]) -> None:
    table = pairs((1, None), (2, 1))[columns]
    assert counted(table).tolist() == [True] * len(table)


def test_a_picture_counts_a_double_whose_better_row_was_filtered_away() -> None:
    table = two()
    table["double_of"] = doubles(table)
    both = tally(table, measure_of("distance", "metric"))
    poorer = tally(table[table["id"] == 2], measure_of("distance", "metric"))
    assert (both.amounts.tolist(), both.notes) == ([10.0], ["1 double is not counted."])
    assert (poorer.amounts.tolist(), poorer.notes) == ([10.0], [])
