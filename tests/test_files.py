"""Files read back by others: Python's csv and json, openpyxl, pyarrow and pandas."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from strava_nb import files
from strava_nb.errors import BadInput, BadTable, CannotWrite, StravaNbWarning
from strava_nb.tables import activities, readable, streams

RUN: dict[str, Any] = {
    "id": 12345678901,
    "name": 'Lunch, "easy"\r\nrun 🏃',
    "sport_type": "TrailRun",
    "start_date": "2025-07-01T10:00:00Z",
    "start_date_local": "2025-07-01T12:00:00Z",
    "timezone": "(GMT+01:00) Europe/Zurich",
    "utc_offset": 7200.0,
    "distance": 10123.4,
    "moving_time": 3600,
    "elapsed_time": 100000,
    "total_elevation_gain": 123.0,
    "average_heartrate": 151.3,
    "trainer": False,
    "commute": True,
    "start_latlng": [47.3769, 8.5417],
    "athlete": {"id": 7},
    "description": "",
}
RIDE: dict[str, Any] = {
    "id": 2**53 + 1,
    "name": "=HYPERLINK(1)",
    "sport_type": "Ride",
    "start_date": "2024-02-29T23:30:00Z",
    "start_date_local": "2024-03-01T00:30:00Z",
    "distance": 0.1,
    "moving_time": 60,
    "map": {"summary_polyline": "a~l~Fjk~u\\OwHJy@P"},
}

TEXTS = st.text(st.characters(exclude_categories=()), max_size=40) | st.builds(
    "".join,
    st.lists(st.sampled_from([*"=+-@\t\r\n\"',;| (!", "＝", "\ufeff", "\x00", "<r>", "</r>", "_x000D_"])),
)


@pytest.fixture
def table() -> pd.DataFrame:
    return activities([RUN, RIDE])


@pytest.fixture
def samples() -> pd.DataFrame:
    payload = {
        "time": {"data": [0, 1, 2]},
        "heartrate": {"data": [120, None, 122]},
        "moving": {"data": [True, False, None]},
    }
    return streams(payload, 12345678901)


def rows_of(data: bytes, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter, strict=True)
    )


def column_of(values: list[Any], **kinds: Any) -> pd.DataFrame:
    return pd.DataFrame({"it": pd.Series(values, **kinds), "n": range(len(values))})


def sheet_of(data: bytes, name: str | None = None) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book[name] if name else book.worksheets[0]


def values_of(data: bytes, title: str, sheet: str | None = None) -> list[Any]:
    head, *rows = sheet_of(data, sheet).iter_rows(values_only=True)
    return [row[head.index(title)] for row in rows]


def told_by_excel(text: Any) -> Any:
    """Undoes the escapes of control characters, which openpyxl leaves as they are."""
    return text and re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


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


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1",
    "\x00=1", "＝1", "＋1", "－1", "＠x", "﹦1", '=cmd|" /C calc"!A0', "-2+3+cmd|' /C calc'!A0",
]  # fmt: skip


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


# Excel


def test_a_workbook_shows_the_readable_view_first_and_everything_second(table: pd.DataFrame) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files.to_excel(table)))
    assert book.sheetnames == ["Activities", "Everything"]
    titles = [cell.value for cell in book["Everything"][1]]
    assert titles == [f"{name} (UTC)" if name == "start_date" else name for name in table.columns]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet["A1"].font.bold


def test_dates_are_dates_and_durations_durations(table: pd.DataFrame) -> None:
    data = files.to_excel(table)
    assert values_of(data, "Date") == [datetime(2025, 7, 1, 12), datetime(2024, 3, 1, 0, 30)]
    assert values_of(data, "start_date (UTC)", "Everything")[0] == datetime(2025, 7, 1, 10)
    assert values_of(data, "Moving time") == [timedelta(hours=1), timedelta(minutes=1)]
    elapsed = sheet_of(data)["F2"]
    assert (elapsed.value, elapsed.number_format) == (timedelta(seconds=100000), "[h]:mm:ss")
    assert values_of(data, "Pace")[0] == "5:56 /km"


def test_numbers_keep_their_digits_and_show_few(table: pd.DataFrame) -> None:
    distance = sheet_of(files.to_excel(table))["D2"]
    assert (distance.value, distance.number_format) == (10.1234, "0.00")
    assert values_of(files.to_excel(table), "trainer", "Everything") == [False, None]


def test_a_column_with_one_id_of_more_than_15_digits_is_text_from_top_to_bottom(table: pd.DataFrame) -> None:
    data = files.to_excel(table)
    for title, sheet in (("Activity", "Activities"), ("id", "Everything")):
        assert values_of(data, title, sheet) == ["12345678901", "9007199254740993"]
    most = activities([RUN | {"id": 10**15 - 1}, RUN | {"id": -(10**15) + 1}])
    assert set(values_of(files.to_excel(most), "Activity")) == {10**15 - 1, 1 - 10**15}


@pytest.mark.parametrize("text", [*FORMULAS, "https://example.com", "{=1}", "#N/A", "<r>boom</r>"])
def test_text_in_a_workbook_is_text(text: str) -> None:
    data = files.to_excel(activities([RUN | {"name": text}]))
    assert b"<f>" not in b"".join(parts_of(data).values())
    assert b"<hyperlink" not in b"".join(parts_of(data).values())
    cell = sheet_of(data)["B2"]
    assert cell.data_type == "s"
    assert told_by_excel(cell.value).rstrip(" ") == text
    assert cell.quotePrefix is (text in FORMULAS)


@given(st.lists(TEXTS, min_size=1, max_size=5))
@example(["<r>", "<r></r>", "<r><t>&</r>\n", "\ufffe\uffff", "a\x0bb", "_x005F_"])
def test_any_text_comes_back_from_a_workbook(texts: list[str]) -> None:
    data = files.to_excel(column_of(texts, dtype="object"))
    for told, text in zip(values_of(data, "it"), texts, strict=True):
        # openpyxl drops the escape of an escape, so those are looked at without
        plainly = encodable(text).replace("x005F_", "")
        assert told_by_excel(told or "") in (told_by_excel(plainly), told_by_excel(plainly) + " ")


def test_what_looks_like_excels_own_escapes_is_escaped() -> None:
    shared = zipfile.ZipFile(io.BytesIO(files.to_excel(column_of(["_x0041_"])))).read("xl/sharedStrings.xml")
    assert b"<t>_x005F_x0041_</t>" in shared


def test_texts_longer_than_a_cell_are_cut_and_told() -> None:
    ride = RIDE | {"map": {"summary_polyline": "🚴" * 20_000}}
    with pytest.warns(StravaNbWarning, match=r"32,767 characters .* cut in polyline\.") as caught:
        data = files.to_excel(activities([ride, RUN]))
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert values_of(data, "polyline", "Everything")[1] == "🚴" * 16_383
    assert "🚴" * 20_000 in files.to_csv(activities([ride])).decode()


def test_as_long_as_a_cell_is_not_too_long() -> None:
    assert values_of(files.to_excel(column_of(["x" * 32_767])), "it") == ["x" * 32_767]


def test_what_excel_has_no_number_for_is_text() -> None:
    table = pd.DataFrame(
        {
            "number": pd.array([math.inf, -math.inf, math.nan], dtype="Float64"),
            "moment": pd.to_datetime(pd.Series(["1850-01-01", "1900-02-28", "1900-03-01"])),
            "span": pd.to_timedelta(pd.Series([-60, 90, None]), unit="s"),
            "day": [date(1066, 10, 14), None, date(2025, 1, 2)],
        }
    )
    data = files.to_excel(table)
    assert values_of(data, "number") == ["inf", "-inf", None]
    assert values_of(data, "moment") == ["1850-01-01T00:00:00", "1900-02-28T00:00:00", datetime(1900, 3, 1)]
    assert values_of(data, "span") == ["-0:01:00", timedelta(seconds=90), None]
    assert values_of(data, "day") == ["1066-10-14", None, datetime(2025, 1, 2)]


def test_more_rows_or_columns_than_a_sheet_holds_are_refused_with_the_way_out() -> None:
    with pytest.raises(CannotWrite, match=r"1,048,575 rows .* 1,048,576\. Write Parquet"):
        files.to_excel(pd.DataFrame({"n": np.zeros(1_048_576, dtype="int8")}))
    with pytest.raises(CannotWrite, match=r"16,384 columns, .* Write Parquet"):
        files.to_excel(pd.DataFrame([range(16_385)]))


def test_other_tables_fill_one_sheet(samples: pd.DataFrame, table: pd.DataFrame) -> None:
    names = {
        "Streams": samples,
        "Activities": readable(table),
        "Table": table.groupby("sport_group", as_index=False)["distance"].sum(),
    }
    for name, other in names.items():
        book = openpyxl.load_workbook(io.BytesIO(files.to_excel(other)))
        assert book.sheetnames == [name]
        assert [cell.value for cell in book.worksheets[0][1]] == list(other.columns)


def test_columns_are_wide_enough_to_be_read_and_no_wider(table: pd.DataFrame) -> None:
    table["description"] = "x" * 5000
    for sheet in openpyxl.load_workbook(io.BytesIO(files.to_excel(table))):
        widths = {
            place: d.width for d in sheet.column_dimensions.values() for place in range(d.min, d.max + 1)
        }
        for place, cell in enumerate(sheet[1], start=1):
            assert len(cell.value) < widths[place] < 42, cell.value


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "sheet" in name}


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


def told(kind: str, data: bytes) -> pd.DataFrame:
    """The table as pandas reads the file."""
    if kind == "excel":
        return pd.read_excel(io.BytesIO(data))
    if kind == "parquet":
        return pd.read_parquet(io.BytesIO(data))
    if kind == "json":
        return pd.DataFrame(json.loads(data))
    return pd.read_csv(io.BytesIO(data), encoding="utf-8-sig")


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
    subprocess.run([sys.executable, "-c", program], check=True)
