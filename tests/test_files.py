"""Parquet and JSON read back by others, and what holds for a table's file of every kind."""

from __future__ import annotations

import io
import json
import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_tables import RIDE, RUN, TEXTS, column_of, encodable, three_samples, told

from strava_nb import files
from strava_nb.errors import BadTable, CannotWrite
from strava_nb.tables import activities, readable

pytestmark = pytest.mark.slow


@pytest.fixture
def table() -> pd.DataFrame:
    return activities([RUN, RIDE])


@pytest.fixture
def samples() -> pd.DataFrame:
    return three_samples()


# Parquet


def test_dtypes_survive_parquet(table: pd.DataFrame, samples: pd.DataFrame) -> None:
    for frame in (table, samples, table.head(0)):
        back = pd.read_parquet(io.BytesIO(files.to_parquet(frame)))
        pd.testing.assert_frame_equal(back, frame.reset_index(drop=True))


def test_notes_on_a_table_are_not_written(table: pd.DataFrame) -> None:
    table.attrs["problems"] = ["a secret worry"]
    for data in (files.to_parquet(table), files.to_json(table), files.to_csv(table), files.to_excel(table)):
        assert b"secret worry" not in data
    assert table.attrs == {"problems": ["a secret worry"]}
    assert pd.read_parquet(io.BytesIO(files.to_parquet(table))).attrs == {}


def test_what_parquet_cannot_hold_is_said() -> None:
    with pytest.raises(CannotWrite, match="Parquet cannot hold this table"):
        files.to_parquet(pd.DataFrame({"z": [1j]}))


# JSON


def test_json_is_records_with_exact_ids_and_nulls() -> None:
    table = activities([RUN | {"id": 2**53}])
    (record,) = json.loads(files.to_json(table))
    assert list(record) == list(table.columns)
    assert record["id"] == 2**53
    assert record["name"] == RUN["name"]
    assert (record["trainer"], record["average_speed"], record["distance"]) == (False, None, 10123.4)
    assert record["start_date"] == "2025-07-01T10:00:00Z"
    assert record["start_date_local"] == "2025-07-01T12:00:00"


def test_a_column_with_an_id_that_json_readers_would_round_is_text(table: pd.DataFrame) -> None:
    assert [record["id"] for record in json.loads(files.to_json(table))] == [
        "12345678901",
        "9007199254740993",
    ]


def test_json_is_utf_8_and_ends_with_a_newline(table: pd.DataFrame) -> None:
    data = files.to_json(table)
    assert "🏃".encode() in data
    assert data.endswith(b"}\n]\n")
    assert files.to_json(table.head(0)) == b"[]\n"


def test_json_has_no_words_that_json_does_not_know() -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    data = files.to_json(column_of([math.inf, -math.inf, math.nan, 1e300], dtype="float64"))
    assert [r["it"] for r in json.loads(data, parse_constant=refuse)] == [None, None, None, 1e300]


@given(st.lists(TEXTS | st.none(), min_size=1, max_size=5))
def test_any_text_comes_back_from_json_and_parquet(texts: list[str | None]) -> None:
    table = column_of(texts, dtype="object")
    whole = [text if text is None else encodable(text) for text in texts]
    assert [record["it"] for record in json.loads(files.to_json(table))] == whole
    assert pq.read_table(io.BytesIO(files.to_parquet(table)))["it"].to_pylist() == whole


# All of them

WRITERS: dict[str, Callable[[Any], bytes]] = {
    "csv": files.to_csv,
    "spreadsheet": lambda table: files.to_csv(table, spreadsheet=True),
    "excel": files.to_excel,
    "parquet": files.to_parquet,
    "json": files.to_json,
}


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_table_makes_the_same_bytes(kind: str, table: pd.DataFrame) -> None:
    assert WRITERS[kind](table) == WRITERS[kind](table.copy())


@pytest.mark.parametrize("kind", WRITERS)
def test_writing_leaves_the_table_as_it_was(kind: str, table: pd.DataFrame) -> None:
    before = table.copy()
    WRITERS[kind](table)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("kind", WRITERS)
def test_rows_and_columns_of_activities_can_be_written(kind: str, table: pd.DataFrame) -> None:
    assert len(told(kind, WRITERS[kind](table[table["distance"] > 1]))) == 1
    assert list(told(kind, WRITERS[kind](table[["name", "distance"]]))) == ["name", "distance"]
    assert len(told(kind, WRITERS[kind](table.set_index("id")))) == 2
    WRITERS[kind](table.head(0))
    WRITERS[kind](readable(table.head(0)))
    WRITERS[kind](pd.DataFrame())


@pytest.mark.parametrize("kind", WRITERS)
def test_the_groups_of_a_grouped_table_are_written(kind: str, table: pd.DataFrame) -> None:
    by_day = table["start_date_local"].dt.date.rename("day")
    grouped = table.groupby(["sport_group", by_day]).agg({"distance": ["sum", "max"], "source": ["count"]})
    back = told(kind, WRITERS[kind](grouped))
    assert list(back) == ["sport_group", "day", "distance.sum", "distance.max", "source.count"]
    assert list(back["sport_group"]) == ["Ride", "Run"]
    assert list(back["distance.sum"]) == [0.1, 10123.4]
    series = told(kind, WRITERS[kind](table.groupby("sport_group")["moving_time"].sum()))
    assert series.to_dict("list") == {"sport_group": ["Ride", "Run"], "moving_time": [60, 3600]}
    described = told(kind, WRITERS[kind](table[["distance"]].describe()))
    assert list(described["index"])[:2] == ["count", "mean"]


@pytest.mark.parametrize("kind", WRITERS)
def test_columns_of_any_dtype_can_be_written(kind: str) -> None:
    values = {
        2024: [1, 2],
        "flag": [True, False],
        "mixed": pd.Series([1, "a"], dtype="object"),
        "numbers": pd.Series([1, 2.5], dtype="object"),
        "nested": pd.Series([{"a": [1]}, None], dtype="object"),
        "huge": pd.Series([2**70, None], dtype="object"),
        "period": pd.period_range("2025-01", periods=2, freq="M"),
        "bins": pd.cut(pd.Series([1, 2]), 2),
        "grades": pd.Categorical([3, None], categories=[3, 4]),
        "span": pd.to_timedelta([1.5, 60], unit="s"),
        "zoned": pd.to_datetime(["2025-01-01 10:00", None]).tz_localize("Europe/Zurich"),
        "zones": pd.Series(
            [pd.Timestamp("2025-01-01", tz="UTC"), pd.Timestamp("2025-01-01", tz="Asia/Tokyo")],
            dtype="object",
        ),
    }
    back = told(kind, WRITERS[kind](pd.DataFrame(values)))
    assert list(back) == [
        f"{name} (UTC)" if name == "zoned" and kind in ("excel", "spreadsheet") else str(name)
        for name in values
    ]
    assert list(back["2024"]) == [1, 2]
    assert back["nested"][0] == '{"a": [1]}'
    assert list(back["numbers"]) == [1, 2.5]
    if kind in ("csv", "json"):
        assert back["zoned"][0] == "2025-01-01T09:00:00Z"
        assert list(back["span"]) == [1.5, 60]
        assert back["period"][0] == "2025-01"
        assert str(back["huge"][0]) == str(2**70)


@pytest.mark.parametrize("kind", WRITERS)
def test_two_columns_of_one_name_are_refused(kind: str) -> None:
    with pytest.raises(CannotWrite, match="Two columns of the table are called '1'"):
        WRITERS[kind](pd.DataFrame([[1, 2]], columns=[1, "1"]))


def test_an_index_that_repeats_a_column_is_written_once(table: pd.DataFrame) -> None:
    assert files.to_csv(table.set_index("id", drop=False)) == files.to_csv(table)


@pytest.mark.parametrize("kind", WRITERS)
def test_what_is_no_table_is_refused_in_a_sentence(kind: str) -> None:
    with pytest.raises(BadTable, match="not a table but a list"):
        WRITERS[kind]([RUN])


@pytest.mark.parametrize("kind", ["spreadsheet", "excel"])
def test_demo_rows_say_so_in_what_people_see(kind: str, table: pd.DataFrame) -> None:
    demo = activities([RUN], source="demo")
    for shown in (demo, readable(demo)):
        assert list(told(kind, WRITERS[kind](shown))["Source"]) == ["DEMO"]
    assert "Source" not in told(kind, WRITERS[kind](table))


def test_files_are_written_where_threads_processes_and_sockets_are_forbidden() -> None:
    program = """
import sys
import pandas as pd
from strava_nb import files

def forbid(event, _):
    if event in ("_thread.start_new_thread", "subprocess.Popen", "os.fork", "socket.__new__"):
        raise RuntimeError(event)

sys.addaudithook(forbid)
table = pd.DataFrame({"id": range(5000), "name": ["x"] * 5000, "when": pd.Timestamp("2025-01-01")})
for data in (files.to_csv(table), files.to_excel(table), files.to_parquet(table), files.to_json(table)):
    assert data
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
