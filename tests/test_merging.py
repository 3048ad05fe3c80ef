"""Tables from several doors as one: the first word counts, gaps are filled, nothing is there twice."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strava_nb import tables
from strava_nb.columns import ACTIVITIES
from strava_nb.tables.merging import merge

pytestmark = pytest.mark.slow

ROW: dict[str, Any] = {"id": 1, "sport_type": "Run", "start_date": "2026-05-01T06:00:00Z", "distance": 5000.0}
DTYPES = {column.name: column.dtype for column in ACTIVITIES}


def export(*records: dict[str, Any]) -> pd.DataFrame:
    return tables.activities(records, source="export")


def api(*records: dict[str, Any]) -> pd.DataFrame:
    return tables.activities(records, source="api")


def test_the_first_value_counts_and_gaps_are_filled_from_the_next() -> None:
    merged = merge([export(ROW | {"name": "Mine"}), api(ROW | {"name": "Theirs", "kudos_count": 3})])
    assert merged[["id", "name", "kudos_count"]].to_numpy().tolist() == [[1, "Mine", 3]]


def test_a_row_says_who_had_it_first_and_whether_the_api_had_it_too() -> None:
    late = ROW | {"id": 2, "start_date": "2026-05-02T06:00:00Z"}
    merged = merge([export(ROW), api(ROW, late)])
    assert merged[["id", "source", "from_api"]].to_numpy().tolist() == [[2, "api", True], [1, "export", True]]
    assert merge([export(ROW), export(ROW)])["from_api"].tolist() == [False]
    cut = merge([export(ROW)[["id", "source"]], api(ROW)[["id", "source"]]])
    assert cut[["source", "from_api"]].to_numpy().tolist() == [["export", True]]


def test_a_sport_that_only_the_next_one_knows_has_its_group() -> None:
    merged = merge([export(ROW | {"sport_type": None}), api(ROW)])
    assert merged[["sport_type", "sport_group"]].to_numpy().tolist() == [["Run", "Run"]]
    assert merge([export(ROW | {"sport_type": None})])["sport_group"].tolist() == ["Other"]


def test_local_time_is_stravas_where_an_export_has_to_guess_it() -> None:
    guess = {"start_date_local": "2026-05-01T08:00:00Z", "timezone": "Europe/Berlin", "utc_offset": 7200.0}
    told = {"start_date_local": "2026-05-01T07:00:00Z", "timezone": "(GMT+00:00) Europe/London"}
    local = ["start_date_local", "timezone", "utc_offset"]
    there = [pd.Timestamp("2026-05-01 07:00"), "Europe/London", 3600.0]
    merged = merge([export(ROW | guess), api(ROW | told)])
    assert merged[["source", *local]].to_numpy().tolist() == [["export", *there]]
    assert merge([merged, export(ROW | guess)])[local].to_numpy().tolist() == [there]
    untold = merge([export(ROW | guess), api(ROW)])
    assert untold["timezone"].tolist() == ["Europe/Berlin"]


def test_unknown_columns_of_all_are_kept_and_hold_both_kinds_of_values() -> None:
    merged = merge(
        [
            export(ROW | {"mood": "good", "steps": 6000, "odd": True, "empty": None}),
            api(ROW | {"id": 2, "weather": "rain", "steps": 0.5, "odd": "maybe", "empty": 1}),
        ]
    )
    assert list(merged)[len(DTYPES) :] == ["empty", "mood", "odd", "steps", "weather"]
    extra = merged.set_index("id")[["empty", "odd", "steps"]]
    assert extra.dtypes.astype(str).tolist() == ["Int64", "string", "Float64"]
    assert extra.sort_index().to_numpy().tolist() == [[pd.NA, "true", 6000.0], [1, "maybe", 0.5]]


def test_the_same_run_under_two_ids_is_marked_on_the_poorer_row_and_not_dropped() -> None:
    device = ROW | {"id": -77, "start_date": "2026-05-01T06:00:03Z", "distance": 5020.0}
    merged = merge([export(device), api(ROW | {"name": "Round the lake"})])
    assert merged.set_index("id")["double_of"].dropna().to_dict() == {-77: 1}
    alike = merge([export(device), api(ROW)])
    assert alike.set_index("id")["double_of"].dropna().to_dict() == {1: -77}
    within_one = merge([api(ROW | {"name": "Round the lake"}, device)])
    assert within_one.set_index("id")["double_of"].dropna().to_dict() == {-77: 1}


def test_rows_without_an_id_stay_rows_of_their_own() -> None:
    merged = merge([export(ROW | {"id": None}), api(ROW | {"id": None})])
    assert merged["source"].tolist() == ["export", "api"]


def test_problems_of_all_tables_are_told_once_each() -> None:
    wrong = ROW | {"distance": "far"}
    merged = merge([api(wrong), export(wrong), api(wrong | {"id": 2})])
    assert [problem.split(":")[0] for problem in merged.attrs["problems"]] == [
        "distance of activity 1",
        "distance of activity 2",
    ]
    assert merge([api(ROW)]).attrs == {}


@pytest.mark.parametrize("given_tables", [[], [tables.activities([])], [tables.activities([])] * 2])
def test_nothing_merged_is_an_empty_typed_table(given_tables: list[pd.DataFrame]) -> None:
    merged = merge(given_tables)
    pd.testing.assert_frame_equal(merged, tables.activities([]))


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(-3, 3)},
        optional={
            "sport_type": st.sampled_from(["Run", "Yoga", None]),
            "start_date": st.sampled_from([None, "2026-05-01T06:00:00Z", "2026-05-01T06:00:25Z"]),
            "distance": st.sampled_from([None, 1000.0, 1008.0, 5000.0]),
            "elapsed_time": st.sampled_from([None, 300, 2000]),
            "name": st.text(max_size=3),
            "device_watts": st.booleans(),
            "timezone": st.sampled_from(["Europe/Berlin", "Asia/Tokyo"]),
            "mood": st.integers() | st.text(max_size=2) | st.booleans() | st.floats(allow_nan=False),
        },
    ),
    max_size=6,
)
SEVERAL = st.lists(
    st.builds(
        lambda records, door: tables.activities(records, source=door),
        RECORDS,
        st.sampled_from(["api", "export"]),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=12)
@given(SEVERAL)
def test_whatever_is_merged_is_one_typed_table_newest_first(several: list[pd.DataFrame]) -> None:
    before = [table.copy() for table in several]
    merged = merge(several)

    assert merged["id"].is_unique
    assert set(merged["id"]) == {one for table in several for one in table["id"]}
    assert {name: str(merged[name].dtype) for name in DTYPES} == DTYPES
    starts = merged["start_date"].dropna()
    assert starts.is_monotonic_decreasing
    assert merged["start_date"].isna().tolist() == sorted(merged["start_date"].isna())
    for row in merged.itertuples():
        for name in ("source", "name", "distance", "start_date", "device_watts", "sport_type"):
            values = [table.loc[table["id"] == row.id, name] for table in several]
            first = next((v.iloc[0] for v in values if len(v) and not pd.isna(v.iloc[0])), None)
            value = getattr(row, name)
            assert (pd.isna(value) and first is None) or value == first
    named = set(merged["double_of"].dropna())
    assert not named & set(merged.loc[merged["double_of"].notna(), "id"])
    for table, unchanged in zip(several, before, strict=True):
        pd.testing.assert_frame_equal(table, unchanged)


@settings(max_examples=8)
@given(SEVERAL)
def test_merging_again_changes_nothing(several: list[pd.DataFrame]) -> None:
    merged = merge(several)
    pd.testing.assert_frame_equal(merge([merged]), merged)
    pd.testing.assert_frame_equal(merge([merged, *several]), merged)
