"""CSV for programs and for spreadsheets, read back by Python's csv."""

from __future__ import annotations

import csv
import io
import json
import math
import re

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from written_tables import FORMULAS, RIDE, RUN, TEXTS, column_of, encodable, three_samples

from strava_nb import files
from strava_nb.errors import BadInput
from strava_nb.tables import activities


@pytest.fixture
def table() -> pd.DataFrame:
    return activities([RUN, RIDE])


@pytest.fixture
def samples() -> pd.DataFrame:
    return three_samples()


def rows_of(data: bytes, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter, strict=True)
    )


# CSV for programs


def test_a_csv_for_programs_has_every_column_and_the_exact_ids(table: pd.DataFrame) -> None:
    rows = rows_of(files.to_csv(table))
    assert list(rows[0]) == list(table.columns)
    assert [row["id"] for row in rows] == ["12345678901", "9007199254740993"]


def test_a_csv_for_programs_says_times_in_iso_and_only_utc_has_a_z(table: pd.DataFrame) -> None:
    run = rows_of(files.to_csv(table))[0]
    assert run["start_date"] == "2025-07-01T10:00:00Z"
    assert run["start_date_local"] == "2025-07-01T12:00:00"


def test_a_csv_for_programs_keeps_texts_flags_and_floats_as_they_are(table: pd.DataFrame) -> None:
    run, ride = rows_of(files.to_csv(table))
    assert run["name"] == RUN["name"]
    assert ride["name"] == "=HYPERLINK(1)"
    assert (run["trainer"], run["commute"], ride["trainer"]) == ("false", "true", "")
    assert (float(run["distance"]), float(ride["distance"])) == (10123.4, 0.1)
    assert (ride["average_heartrate"], ride["average_speed"]) == ("", "")


def test_a_csv_for_programs_follows_rfc_4180(samples: pd.DataFrame) -> None:
    data = files.to_csv(samples)
    assert data.splitlines(keepends=True) == [
        b"activity_id,time,heartrate,moving,source\r\n",
        b"12345678901,0.0,120.0,true,api\r\n",
        b"12345678901,1.0,,false,api\r\n",
        b"12345678901,2.0,122.0,,api\r\n",
    ]


def test_an_empty_text_is_quoted_and_an_absent_one_is_nothing() -> None:
    assert files.to_csv(column_of(["", None], dtype="string")) == b'it,n\r\n"",0\r\n,1\r\n'


def test_a_lone_column_has_a_line_for_every_row() -> None:
    data = files.to_csv(pd.DataFrame({"kudos": pd.array([1, None, 3], dtype="Int64")}))
    assert data == b'kudos\r\n1\r\n""\r\n3\r\n'
    assert len(pd.read_csv(io.BytesIO(data))) == 3


@given(st.lists(TEXTS | st.none(), min_size=1, max_size=5))
@example(["\r", "\n", '"', "a,b", " blank "])
def test_any_text_comes_back_from_a_csv_for_programs(texts: list[str | None]) -> None:
    rows = rows_of(files.to_csv(column_of(texts, dtype="object")))
    assert [row["it"] for row in rows] == [encodable(text or "") for text in texts]


@given(st.lists(st.floats() | st.none(), min_size=1))
def test_any_float_comes_back_from_a_csv_for_programs(numbers: list[float | None]) -> None:
    rows = rows_of(files.to_csv(column_of(numbers, dtype="Float64")))
    for row, number in zip(rows, numbers, strict=True):
        if number is None or math.isnan(number):
            assert row["it"] == ""
        else:
            assert math.copysign(1, float(row["it"])) == math.copysign(1, number)
            assert float(row["it"]) == number


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=1))
def test_any_integer_comes_back_from_csv_and_json(numbers: list[int | None]) -> None:
    table = column_of(numbers, dtype="Int64")
    assert [row["it"] for row in rows_of(files.to_csv(table))] == [
        "" if n is None else str(n) for n in numbers
    ]
    told = [record["it"] for record in json.loads(files.to_json(table))]
    assert [n if n is None else int(n) for n in told] == numbers


def test_totals_of_the_csv_equal_those_of_the_source() -> None:
    records = [RUN | {"id": n, "distance": n / 7, "moving_time": n * 13} for n in range(1, 400)]
    back = pd.read_csv(io.BytesIO(files.to_csv(activities(records))))
    assert len(back) == len(records)
    assert math.fsum(back["distance"]) == math.fsum(record["distance"] for record in records)
    assert back["moving_time"].sum() == sum(record["moving_time"] for record in records)


def test_a_long_table_is_one_csv_and_one_json_without_seams() -> None:
    table = pd.DataFrame({"n": range(120_001)})
    rows = rows_of(files.to_csv(table))
    assert [int(row["n"]) for row in rows] == list(range(120_001))
    assert [record["n"] for record in json.loads(files.to_json(table))] == list(range(120_001))


def test_small_floats_of_single_precision_are_told_by_their_shortest_text() -> None:
    for dtype in ("float32", "Float32"):
        assert files.to_csv(column_of([0.1], dtype=dtype)) == b"it,n\r\n0.1,0\r\n"


# CSV for a spreadsheet


def test_a_csv_for_a_spreadsheet_is_the_readable_view_with_the_mark(table: pd.DataFrame) -> None:
    data = files.to_csv(table, spreadsheet=True)
    assert data.startswith(b"\xef\xbb\xbfDate,Name,")
    run, ride = rows_of(data, "utf-8-sig")
    assert run["Date"] == "2025-07-01 12:00:00"
    assert (run["Sport"], run["Distance (km)"], run["Pace"]) == ("Trail run", "10.12", "5:56 /km")
    assert (run["Moving time"], run["Elapsed time"]) == ("1:00:00", "27:46:40")
    assert (ride["Heart rate (bpm)"], ride["Notes"]) == ("", "")


def test_separator_and_decimal_sign_can_be_chosen(table: pd.DataFrame) -> None:
    data = files.to_csv(table, spreadsheet=True, separator=";", decimal=",")
    assert rows_of(data, "utf-8-sig", ";")[0]["Distance (km)"] == "10,12"
    data = files.to_csv(table, spreadsheet=True, separator="\t", decimal=",")
    assert rows_of(data, "utf-8-sig", "\t")[0]["Distance (km)"] == "10,12"


@pytest.mark.parametrize(
    "signs", [{"decimal": ","}, {"separator": "x"}, {"separator": ""}, {"decimal": ";"}, {"separator": '"'}]
)
def test_signs_that_cannot_be_are_refused_in_a_sentence(table: pd.DataFrame, signs: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="separator") as caught:
        files.to_csv(table, spreadsheet=True, **signs)
    assert caught.value.to_do


def test_a_csv_for_programs_takes_no_other_signs(table: pd.DataFrame) -> None:
    with pytest.raises(BadInput, match="spreadsheet=True"):
        files.to_csv(table, separator=";")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_would_run_is_defused_for_spreadsheets_only(text: str) -> None:
    table = activities([RUN | {"name": text}])
    assert rows_of(files.to_csv(table, spreadsheet=True), "utf-8-sig")[0]["Name"] == f"'{text}"
    assert rows_of(files.to_csv(table))[0]["name"] == text
    assert json.loads(files.to_json(table))[0]["name"] == text


@pytest.mark.parametrize("text", ["Lunch run ;-)", "a=b", "5 - 3", "me@home", "'=1", "🚴=", "Run, -5 °C", ""])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    table = activities([RUN | {"name": text}])
    assert rows_of(files.to_csv(table, spreadsheet=True), "utf-8-sig")[0]["Name"] == text


@pytest.mark.parametrize(
    "text", ["x;=cmd|'calc'!A0", 'x;"=HYPERLINK(1)', "x\n=A(1)", "x\t +cmd|'c'!A", "x, @SUM(1)"]
)
def test_text_that_would_run_when_opened_with_another_separator_is_defused(text: str) -> None:
    table = activities([RUN | {"name": text}])
    shown = rows_of(files.to_csv(table, spreadsheet=True), "utf-8-sig")[0]["Name"]
    for cell in re.split(r"[,;\t\n]", shown)[1:]:
        assert cell.startswith("'")
    assert shown.replace("'", "") == text.replace("'", "")


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_no_cell_of_a_spreadsheets_csv_begins_as_a_formula(texts: list[str]) -> None:
    rows = rows_of(files.to_csv(column_of(texts, dtype="object"), spreadsheet=True), "utf-8-sig")
    for row, text in zip(rows, texts, strict=True):
        assert not re.match(r"[=+\-@＝＋－＠\t\r\n]", row["it"].lstrip())
        assert row["it"].replace("'", "") == encodable(text).replace("'", "")


@pytest.mark.parametrize("blanks", ["\n", "\x1c", ' "', "\u00a0", ",", ", ="])
def test_long_text_is_looked_through_in_one_go(blanks: str) -> None:
    text = "x," + blanks * 20_000 + "x"  # a careless pattern would take years
    (row,) = rows_of(files.to_csv(column_of([text]), spreadsheet=True), "utf-8-sig")
    assert row["it"] == text


def test_titles_are_defused_too() -> None:
    assert files.to_csv(pd.DataFrame({"=1+1": [1]}), spreadsheet=True) == b"\xef\xbb\xbf'=1+1\r\n1\r\n"


def test_negative_numbers_stay_numbers_and_infinity_is_no_formula() -> None:
    table = column_of([-1.5, math.inf, -math.inf, None], dtype="Float64")
    rows = rows_of(files.to_csv(table, spreadsheet=True), "utf-8-sig")
    assert [row["it"] for row in rows] == ["-1.5", "inf", "'-inf", ""]


def test_numbers_that_a_spreadsheet_would_round_are_text_in_its_csv(table: pd.DataFrame) -> None:
    rows = rows_of(files.to_csv(table, spreadsheet=True), "utf-8-sig")
    assert [row["Activity"] for row in rows] == ["12345678901", "'9007199254740993"]
    rows = rows_of(files.to_csv(activities([RUN]), spreadsheet=True), "utf-8-sig")
    assert [row["Activity"] for row in rows] == ["12345678901"]


def test_streams_go_into_a_spreadsheets_csv_as_they_are(samples: pd.DataFrame) -> None:
    rows = rows_of(files.to_csv(samples, spreadsheet=True, separator=";", decimal=","), "utf-8-sig", ";")
    assert list(rows[0]) == list(samples.columns)
    assert [row["heartrate"] for row in rows] == ["120,0", "", "122,0"]
    assert [row["moving"] for row in rows] == ["TRUE", "FALSE", ""]
