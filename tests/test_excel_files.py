"""Workbooks read back by openpyxl."""

from __future__ import annotations

import io
import math
import re
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from written_tables import FORMULAS, RIDE, RUN, TEXTS, column_of, encodable, three_samples

from strava_nb import files
from strava_nb.errors import CannotWrite, StravaNbWarning
from strava_nb.tables import activities, readable


@pytest.fixture
def table() -> pd.DataFrame:
    return activities([RUN, RIDE])


@pytest.fixture
def samples() -> pd.DataFrame:
    return three_samples()


def sheet_of(data: bytes, name: str | None = None) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book[name] if name else book.worksheets[0]


def values_of(data: bytes, title: str, sheet: str | None = None) -> list[Any]:
    head, *rows = sheet_of(data, sheet).iter_rows(values_only=True)
    return [row[head.index(title)] for row in rows]


def told_by_excel(text: Any) -> Any:
    """Undoes the escapes of control characters, which openpyxl leaves as they are."""
    return text and re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


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


@pytest.mark.slow
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


@pytest.mark.slow
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
