"""CSV in its two kinds: exact for programs, and the kind that spreadsheets open rightly."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from typing import Any

import pandas as pd

from ..tables.readable_table import clock
from .cells import Cells, iso, pieces
from .defuse import defused

Write = Callable[[Any], str]

_END = "\r\n"


def for_programs(table: pd.DataFrame) -> bytes:
    """A plain table by RFC 4180, in UTF-8: absent is nothing, an empty text is `""`."""
    needs_quotes = re.compile(r'[",\r\n]').search

    def quoted(text: str) -> str:
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if not text or needs_quotes(text) else text

    def written(cells: Cells) -> Iterable[str]:
        values = cells.values
        if all(value is None for value in values):
            return repeat("", len(values))
        if cells.kind == "text" and "" not in values and not needs_quotes("".join(filter(None, values))):
            return (value or "" for value in values)
        write = _exactly(cells, quoted)
        return ["" if value is None else write(value) for value in values]

    head = ",".join(quoted(str(name)) for name in table.columns)
    rows = chain.from_iterable(_rows(map(written, piece), ",") for piece in pieces(table))
    return _END.join(chain([head], rows, [""])).encode("utf-8", "replace")


def for_spreadsheets(columns: Sequence[Cells], *, separator: str, decimal: str) -> bytes:
    """Columns for eyes, with the mark that tells Excel of UTF-8, and nothing that would run."""
    needs_quotes = re.compile(f'[",;\\t\\r\\n{separator}]').search

    def quoted(text: str) -> str:
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if needs_quotes(text) else text

    def written(cells: Cells) -> Iterable[str]:
        write = _for_eyes(cells, decimal)
        return ("" if value is None else quoted(write(value)) for value in cells.values)

    head = separator.join(quoted(defused(title_of(cells))) for cells in columns)
    return _END.join(chain([head], _rows(map(written, columns), separator), [""])).encode(
        "utf-8-sig", "replace"
    )


def title_of(cells: Cells) -> str:
    """A column's title for a spreadsheet, which knows no zones."""
    return f"{cells.title} (UTC)" if cells.utc else cells.title


def _rows(columns: Iterable[Iterable[str]], separator: str) -> Iterable[str]:
    columns = list(columns)
    if len(columns) == 1:  # readers skip a line with nothing on it
        return (text or '""' for text in columns[0])
    return map(separator.join, zip(*columns, strict=True))


def _exactly(cells: Cells, quoted: Write) -> Write:
    if cells.kind == "text":
        return quoted
    if cells.kind == "flag":
        return lambda value: "true" if value else "false"
    if cells.kind == "moment":
        return lambda value: iso(value, utc=cells.utc)
    return repr if cells.kind in ("number", "duration") else str


def _for_eyes(cells: Cells, decimal: str) -> Write:
    if cells.kind == "text":
        return defused
    if cells.kind == "flag":
        return lambda value: "TRUE" if value else "FALSE"
    if cells.kind == "moment":
        return lambda value: str(value.isoformat(sep=" ", timespec="seconds"))
    if cells.kind == "duration":
        return clock
    if cells.kind == "number":
        spec = "" if cells.decimals is None else f"z.{cells.decimals}f"

        def number(value: float) -> str:
            text = format(value, spec).replace(".", decimal)
            return text if math.isfinite(value) else defused(text)

        return number
    return str
