"""What files are called: safe on every computer, whatever people call their activities."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pandas as pd

from ..settings import DEMO_MARK
from ..tables.readable_table import is_demo
from .cells import plain

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Devices to Windows, with any ending."""

_MOST_BYTES = 100
"""Of a name; systems take 255 at most, and name, days and ending go together."""


def file_name(table: pd.DataFrame | pd.Series[Any], ending: str, *, name: str | None = None) -> str:
    """A name that says what the table holds, whose and when: `activities_2025-01-01_2025-12-31.csv`.

    The days are the first and the last local day among the rows; rows of the demo athlete make it
    `DEMO_activities_…`. Streams are named by their activity. A `name` stands in place of what and when.
    """
    table = plain(table)
    ending = "." + ending.removeprefix(".")
    parts = [*_what(table), *_days(table)] if name is None else [safe_name(name.removesuffix(ending))]
    if marked_as_demo(table):
        parts.insert(0, DEMO_MARK)
    return "_".join(parts) + ending


def safe_name(text: str) -> str:
    """The text as part of a file name: letters of any script, digits, dots, dashes, underscores.

    Everything else becomes an underscore: slashes, emoji, what Windows forbids. Never empty, never
    hidden, never a device of Windows, at most 100 bytes; different texts can give the same name.
    """
    safe = ""
    for character in unicodedata.normalize("NFKC", text):
        kind = unicodedata.category(character)[0]
        kept = kind in "LN" or character in ".-" or (kind == "M" and safe[-1:].isalpha())
        safe += character if kept else "_"
    safe = re.sub(r"_+", "_", safe).strip("._-")
    safe = safe.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip("._-")
    return f"_{safe}" if _RESERVED.match(safe) else safe or "unnamed"


def marked_as_demo(table: pd.DataFrame) -> bool:
    """Whether the table, or the table that it is the readable view of, has rows of the demo athlete."""
    return is_demo(table) or table.columns.name == DEMO_MARK


def kind_of(table: pd.DataFrame) -> str:
    """What the rows are, by the columns: activities, streams, or just a table."""
    if {"activity_id", "time"} <= set(table.columns):
        return "streams"
    if {"Activity", "Date"} <= set(table.columns):  # their readable view
        return "activities"
    if "id" in table and {"start_date_local", "start_date", "sport_type", "moving_time"} & set(table.columns):
        return "activities"
    return "table"


def _what(table: pd.DataFrame) -> list[str]:
    kind = kind_of(table)
    if kind != "streams":
        return [kind]
    ids = table["activity_id"].dropna().unique()
    if len(ids) > 1:
        return [kind, "of", str(len(ids)), "activities"]
    return [kind, *(safe_name(str(number)) for number in ids)]


def _days(table: pd.DataFrame) -> list[str]:
    if kind_of(table) != "activities":
        return []
    if "Date" in table:
        days = table["Date"].dropna().astype("string").str[:10]
        days = days[days != ""]
    elif "start_date_local" in table and pd.api.types.is_datetime64_any_dtype(table["start_date_local"]):
        days = table["start_date_local"].dropna().dt.strftime("%Y-%m-%d")
    else:
        return []
    return [safe_name(str(day)) for day in (days.min(), days.max())] if len(days) else []
