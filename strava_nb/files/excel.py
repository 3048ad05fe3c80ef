"""Excel workbooks: numbers, dates and durations as what they are, and text only ever as text."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from ..errors import CannotWrite, StravaNbWarning
from ..tables.readable_table import clock
from .cells import Cells, iso
from .defuse import is_formula
from .delimited import title_of

MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767

_DAY_ZERO = datetime(1899, 12, 30)
_FIRST_SURE_DAY = 61  # Excel believes in a 29 February 1900
_DAY = timedelta(days=1)
_CREATED = datetime(2000, 1, 1)  # any fixed one, so that the same table is the same file
_WIDEST = 40
_ROWS_MEASURED = 500

_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "bg_color": "#F2F2F2", "valign": "top", "quote_prefix": True},
    "formula": {"quote_prefix": True},
    "whole": {"num_format": "0"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "day": {"num_format": "yyyy-mm-dd"},
    "duration": {"num_format": "[h]:mm:ss"},
    "number0": {"num_format": "0"},
    "number1": {"num_format": "0.0"},
    "number2": {"num_format": "0.00"},
}


def refuse_too_large(rows: int, columns: int) -> None:
    """Raises CannotWrite for more rows or columns than a sheet holds."""
    if rows >= MOST_ROWS:
        raise CannotWrite(
            f"An Excel sheet holds {MOST_ROWS - 1:,} rows under its header, and the table has {rows:,}.",
            "Write Parquet or CSV instead, or fewer rows.",
        )
    if columns > MOST_COLUMNS:
        raise CannotWrite(
            f"An Excel sheet holds {MOST_COLUMNS:,} columns, and the table has {columns:,}.",
            "Write Parquet or CSV instead, or fewer columns.",
        )


def workbook(sheets: Mapping[str, Sequence[Cells]]) -> bytes:
    """The sheets as one .xlsx file; the same sheets make the same bytes.

    Texts longer than a cell holds are cut, and a StravaNbWarning says so.
    """
    import xlsxwriter  # heavy

    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    formats = {name: book.add_format(dict(look)) for name, look in _FORMATS.items()}
    cut: set[str] = set()
    for name, columns in sheets.items():
        _fill(book.add_worksheet(name), columns, formats, cut)
    book.close()
    if cut:
        warnings.warn(
            StravaNbWarning(
                f"Excel holds {LONGEST_TEXT:,} characters in a cell, so longer ones were cut in "
                f"{', '.join(sorted(cut))}. CSV and Parquet keep them whole."
            ),
            stacklevel=3,
        )
    return data.getvalue()


def _fill(sheet: Any, columns: Sequence[Cells], formats: Mapping[str, Any], cut: set[str]) -> None:
    for place, cells in enumerate(columns):
        title = title_of(cells)
        sheet.write_string(0, place, _fitting(title, lambda: None), formats["head"])
        sheet.set_column(place, place, _width(cells, title))
        number = _numbered(cells)
        look = formats.get(f"number{cells.decimals}" if cells.kind == "number" else cells.kind)

        def cut_here(title: str = title) -> None:
            cut.add(title)

        for row, value in enumerate(cells.values, start=1):
            if value is None or value == "":
                continue
            if cells.kind == "flag":
                sheet.write_boolean(row, place, value)
                continue
            figure = number(value)
            if isinstance(figure, str):
                text = _fitting(figure, cut_here)
                sheet.write_string(row, place, text, formats["formula"] if is_formula(text) else None)
            else:
                sheet.write_number(row, place, figure, look)
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, len(columns[0].values), len(columns) - 1)


def _numbered(cells: Cells) -> Callable[[Any], float | str]:
    """How a column's values become Excel's numbers; what Excel has no number for becomes text."""
    if cells.kind == "number":
        return lambda value: value if math.isfinite(value) else str(value)
    if cells.kind == "duration":
        return lambda value: value / 86400 if value >= 0 else clock(value)
    if cells.kind == "moment":
        return lambda value: _dated((value - _DAY_ZERO) / _DAY, iso(value))
    if cells.kind == "day":
        return lambda value: _dated((value - _DAY_ZERO.date()) / _DAY, str(value))
    return lambda value: value


def _dated(days: float, text: str) -> float | str:
    return days if days >= _FIRST_SURE_DAY else text


def _fitting(text: str, when_cut: Callable[[], None]) -> str:
    """The text as a cell can hold it, Excel counting in UTF-16."""
    units = text.encode("utf-16-le", "replace")
    if len(units) > 2 * LONGEST_TEXT:
        when_cut()
        units = units[: 2 * LONGEST_TEXT]
    text = units.decode("utf-16-le", "ignore")
    # xlsxwriter writes what looks like its own markup as it is: a blank that nobody sees prevents it
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _width(cells: Cells, title: str) -> float:
    some = [value for value in cells.values[:_ROWS_MEASURED] if value is not None]
    if cells.kind == "text":
        longest = max((len(line) for text in some for line in text[:500].split("\n")), default=0)
    elif cells.kind == "number":
        longest = max((len(format(value, f".{cells.decimals or 2}f")) for value in some), default=0)
    else:
        longest = {"moment": 16, "day": 10, "duration": 9, "flag": 6}.get(
            cells.kind, max((len(str(value)) for value in some), default=0)
        )
    return min(max(longest + 1, len(title) + 3), _WIDEST)
