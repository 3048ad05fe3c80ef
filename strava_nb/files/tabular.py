"""Tables to CSV, Excel, Parquet and JSON: as bytes, or whole to a path.

Each function takes any table: activities, rows or columns of them, streams, their readable view, or
what a person's own grouping made of them. An index that says something (the groups) is written as
the first columns; `.attrs` is not written.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias, overload

import pandas as pd
from pandas.api import types

from ..errors import BadInput, CannotWrite
from ..settings import DEMO_MARK
from ..tables.readable_table import EyeColumn, for_eyes
from .atomic import write
from .cells import (
    EXACT_IN_JSON,
    EXACT_IN_SPREADSHEETS,
    Cells,
    cells_of,
    iso,
    long_numbers_as_text,
    pieces,
    plain,
)
from .delimited import for_programs, for_spreadsheets
from .excel import refuse_too_large, workbook
from .names import file_name, kind_of, marked_as_demo

Table: TypeAlias = "pd.DataFrame | pd.Series[Any]"
PathLike: TypeAlias = "str | os.PathLike[str]"

_SEPARATORS, _DECIMALS = (",", ";", "\t"), (".", ",")


@overload
def to_csv(
    table: Table,
    path: None = None,
    *,
    spreadsheet: bool = False,
    separator: str = ",",
    decimal: str = ".",
) -> bytes: ...
@overload
def to_csv(
    table: Table, path: PathLike, *, spreadsheet: bool = False, separator: str = ",", decimal: str = "."
) -> Path: ...
def to_csv(
    table: Table,
    path: PathLike | None = None,
    *,
    spreadsheet: bool = False,
    separator: str = ",",
    decimal: str = ".",
) -> bytes | Path:
    r"""The table as CSV: everything for programs, or the readable view for a spreadsheet.

    For programs: RFC 4180, UTF-8, every column and digit. Times are ISO 8601, `start_date` with Z and
    `start_date_local` without; flags are true and false; NA is nothing between two commas, an empty
    text is `""`. Durations are seconds.

    With `spreadsheet=True`: activities as `readable` shows them (other tables as they are), with the
    byte order mark that Excel wants. A text that would run as a formula gets an apostrophe before it,
    as does a number of more digits than a spreadsheet keeps. `separator` (comma, semicolon or tab)
    and `decimal` (point or comma) are for this kind only; Excel in most of Europe wants ";" and ",".

    Bytes, or with `path` the path it was written to, in one step; a folder gets `file_name`'s name.
    Raises CannotWrite, BadTable, and BadInput for a separator or decimal sign that cannot be.
    """
    frame = plain(table)
    if spreadsheet:
        _check_signs(separator, decimal)
        columns = _readable_cells(frame)
        data = for_spreadsheets(columns, separator=separator, decimal=decimal)
    elif (separator, decimal) != (",", "."):
        raise BadInput(
            "A CSV for programs has commas and decimal points.",
            "Ask for spreadsheet=True to choose the separator and the decimal sign.",
        )
    else:
        data = for_programs(frame)
    return _delivered(data, frame, path, "csv")


@overload
def to_excel(table: Table, path: None = None) -> bytes: ...
@overload
def to_excel(table: Table, path: PathLike) -> Path: ...
def to_excel(table: Table, path: PathLike | None = None) -> bytes | Path:
    """The table as an Excel workbook; the same table makes the same bytes.

    Activities fill two sheets: "Activities" as `readable` shows them, "Everything" with all columns.
    Other tables fill one. Times are dates (those in UTC say so in the header, since Excel knows no
    zones), durations durations, and text only ever text: no formulas, no links. A column of whole
    numbers of which one has more than 15 digits is text, since Excel would round it.

    Bytes, or with `path` the path it was written to, in one step; a folder gets `file_name`'s name.
    Raises CannotWrite for more than 1,048,575 rows too, BadTable; warns where a text was cut at the
    32,767 characters that a cell holds.
    """
    frame = plain(table)
    refuse_too_large(*frame.shape)
    columns = _readable_cells(frame)
    if _is_activities(frame):
        everything = long_numbers_as_text(frame, EXACT_IN_SPREADSHEETS)
        all_columns = [cells_of(everything[name], name) for name in everything.columns]
        data = workbook({"Activities": columns, "Everything": all_columns})
    else:
        data = workbook({kind_of(frame).capitalize(): columns})
    return _delivered(data, frame, path, "xlsx")


@overload
def to_parquet(table: Table, path: None = None) -> bytes: ...
@overload
def to_parquet(table: Table, path: PathLike) -> Path: ...
def to_parquet(table: Table, path: PathLike | None = None) -> bytes | Path:
    """The table as Parquet, which `pandas.read_parquet` reads back with the same dtypes.

    (Of a table without rows a categorical column comes back without its categories.)

    Bytes, or with `path` the path it was written to, in one step; a folder gets `file_name`'s name.
    Raises CannotWrite, BadTable.
    """
    import pyarrow as pa  # heavy
    import pyarrow.parquet as pq  # heavy

    frame = plain(table)
    data = BytesIO()
    try:
        # One thread: pyarrow's own pool would not start where threads are forbidden.
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False, nthreads=1), data)
    except (pa.ArrowException, UnicodeEncodeError) as error:
        raise CannotWrite(f"Parquet cannot hold this table: {error}.", "Write CSV instead.") from error
    return _delivered(data.getvalue(), frame, path, "parquet")


@overload
def to_json(table: Table, path: None = None) -> bytes: ...
@overload
def to_json(table: Table, path: PathLike) -> Path: ...
def to_json(table: Table, path: PathLike | None = None) -> bytes | Path:
    """The table as JSON: a list of records, one a line, in UTF-8.

    NA is null, and so are NaN and infinity, for which JSON has no word. Times are as in CSV. A column
    of whole numbers of which one is beyond 2**53 is text, since many readers would round it.

    Bytes, or with `path` the path it was written to, in one step; a folder gets `file_name`'s name.
    Raises CannotWrite, BadTable.
    """
    frame = long_numbers_as_text(plain(table), EXACT_IN_JSON)
    records = (
        "{" + ", ".join(members) + "}"
        for piece in pieces(frame)
        for members in zip(*(_members(cells) for cells in piece), strict=True)
    )
    body = ",\n".join(records) or ",\n".join(["{}"] * len(frame))
    text = f"[\n{body}\n]\n" if body else "[]\n"
    return _delivered(text.encode("utf-8", "replace"), frame, path, "json")


def _delivered(data: bytes, frame: pd.DataFrame, path: PathLike | None, ending: str) -> bytes | Path:
    return data if path is None else write(data, path, name=file_name(frame, ending))


def _check_signs(separator: str, decimal: str) -> None:
    if separator not in _SEPARATORS or decimal not in _DECIMALS:
        raise BadInput(
            f"A spreadsheet's CSV cannot have the separator {separator!r} with the decimal sign {decimal!r}.",
            'Use ",", ";" or a tab as separator, "." or "," as decimal.',
        )
    if separator == decimal:
        raise BadInput(
            f"The separator and the decimal sign are both {decimal!r}.",
            'Use separator=";" with decimal=",".',
        )


def _is_activities(frame: pd.DataFrame) -> bool:
    needed = {"id", "sport_type", "start_date_local", "distance"}
    return needed <= set(frame.columns) and types.is_datetime64_any_dtype(frame["start_date_local"])


def _readable_cells(frame: pd.DataFrame) -> list[Cells]:
    """What a spreadsheet shows first; rows of the demo athlete say so in a column of their own."""
    frame = long_numbers_as_text(frame, EXACT_IN_SPREADSHEETS)
    if _is_activities(frame):
        columns = [_eye_cells(column) for column in for_eyes(frame)]
    else:
        columns = [cells_of(frame[name], name) for name in frame.columns]
    if marked_as_demo(frame) and not any(cells.title == "source" for cells in columns):
        sources = frame["source"] if "source" in frame else pd.Series("demo", index=frame.index)
        marks = sources.astype("string").replace("demo", DEMO_MARK)
        columns.append(cells_of(marks, "Source"))
    return columns


def _eye_cells(column: EyeColumn) -> Cells:
    cells = cells_of(column.values, column.title)
    if column.kind == "duration":
        return Cells(column.title, "duration", cells.values)
    if column.kind == "number":
        return Cells(column.title, "number", cells.values, column.decimals)
    return cells


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _members(cells: Cells) -> list[str]:
    key = _encode(cells.title) + ": "
    write = _in_json(cells)
    return [key + ("null" if value is None else write(value)) for value in cells.values]


def _in_json(cells: Cells) -> Callable[[Any], str]:
    if cells.kind == "text":
        return _encode
    if cells.kind == "flag":
        return lambda value: "true" if value else "false"
    if cells.kind in ("number", "duration"):
        return lambda value: repr(value) if math.isfinite(value) else "null"
    if cells.kind == "moment":
        return lambda value: _encode(iso(value, utc=cells.utc))
    return str if cells.kind == "whole" else lambda value: _encode(str(value))
