"""The cells of a CSV, whatever alphabet and delimiter it was saved with, a column at a time.

Arrow reads a sound file, numbers and all, ten times faster than Python does; what it refuses, rows of
unequal length first of all, goes to Python's own reader, which takes everything.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import zip_longest

import pyarrow as pa
import pyarrow.csv as arrow

from ..errors import BadExport

_BLANK = ["", "#error#"]
_LONGEST_HEADER = 100_000
_BLOCK = 2**20
"""Bytes that Arrow parses at a time: so much stays in a processor's cache. Python reads longer rows."""


class Sheet:
    """A CSV: its header, and its columns once it is known which of them should be numbers.

    Raises BadExport where there is not even a header; what else is amiss goes into `problems`.
    """

    def __init__(self, data: bytes, where: str) -> None:
        self.problems: list[str] = []
        self._where = where
        text = _text(data)
        if text[:4].casefold() == "sep=" and "\n" in text:
            text = text.partition("\n")[2]
        self._text = text = text.lstrip("\r\n")
        self._delimiter = max(",;\t", key=text[:_LONGEST_HEADER].partition("\n")[0].count)
        self.header: list[str] = []
        with suppress(csv.Error):
            self.header = next(self._rows(text[:_LONGEST_HEADER]), [])
        if not any(self.header):
            raise BadExport(f"{where} is empty.", "Take it out of Strava's zip once more.")

    def columns(self, numeric: Sequence[bool]) -> list[pa.Array]:
        """Each column's cells, null where blank: numbers where asked for and all are, else strings."""
        data = pa.py_buffer(self._text.encode("utf-8", "replace"))
        if len(self.header) > 1 and "\0" not in self._text:
            for kinds in (numeric, [False] * len(numeric)):
                try:
                    return self._by_arrow(data, kinds)
                except pa.ArrowInvalid:
                    continue
        return self._by_python()

    def _by_arrow(self, data: pa.Buffer, numeric: Sequence[bool]) -> list[pa.Array]:
        names = [str(place) for place in range(len(self.header))]
        kinds = (pa.float64() if one else pa.string() for one in numeric)
        table = arrow.read_csv(
            pa.BufferReader(data),
            read_options=arrow.ReadOptions(
                use_threads=False, column_names=names, skip_rows_after_names=1, block_size=_BLOCK
            ),
            parse_options=arrow.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
            convert_options=arrow.ConvertOptions(
                column_types=dict(zip(names, kinds, strict=True)),
                null_values=_BLANK,
                strings_can_be_null=True,
            ),
        )
        return [
            column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in table.columns
        ]

    def _by_python(self) -> list[pa.Array]:
        rows: list[list[str]] = []
        width = len(self.header)
        lines = self._rows(self._text)
        try:
            next(lines)
            rows.extend(row for row in lines if any(row) and row != self.header)
        except csv.Error as error:
            self.problems.append(f"{self._where} cannot be read after {len(rows)} rows ({error}).")
        if too_long := sum(any(row[width:]) for row in rows):
            self.problems.append(f"{too_long} rows have more cells than the header; the last were left out.")
        if rows and len(rows[-1]) < width and not self._text.endswith(("\n", "\r")):
            self.problems.append(f"{self._where} ends in the middle of a row: was it copied whole?")
        columns = list(zip_longest(*rows, fillvalue=""))[:width]
        columns += [("",) * len(rows)] * (width - len(columns))
        return [
            pa.array([_encodable(cell) if cell not in _BLANK else None for cell in column], type=pa.string())
            for column in columns
        ]

    def rows(self) -> list[list[str | None]]:
        """All rows below the header, for lists that are short."""
        columns = self.columns([False] * len(self.header))
        return [list(row) for row in zip(*(column.to_pylist() for column in columns), strict=True)]

    def _rows(self, text: str) -> Iterator[list[str]]:
        return csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter)


def _encodable(cell: str) -> str:
    return cell.encode("utf-8", "replace").decode()


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # a spreadsheet saved it in the alphabet of its computer
        return data.decode("cp1252", "replace")
