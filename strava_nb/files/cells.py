"""A table as plain columns: Python values of one kind each, None where absent.

CSV, JSON and Excel write the same few kinds, each in its own way; what the many dtypes of pandas mean
is decided here, once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.api import types

from ..errors import BadTable, CannotWrite

Kind = Literal["flag", "whole", "number", "moment", "day", "duration", "text"]

EXACT_IN_JSON = 2**53
"""The largest whole number that every JSON reader keeps exactly."""

EXACT_IN_SPREADSHEETS = 10**15 - 1
"""Fifteen digits is what a spreadsheet keeps."""

_ROWS_AT_A_TIME = 50_000

_DTYPES: Mapping[str, Any] = {
    "boolean": "boolean",
    "integer": "Int64",
    "floating": "Float64",
    "timedelta": "timedelta64[us]",
    "timedelta64": "timedelta64[us]",
}
"""What holds a column of Python's own objects."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A column ready to be written.

    A "moment" is a datetime without zone (`utc` says that it is UTC), a "duration" seconds, a
    "number" a float (inf stays, NaN is None), rounded for eyes where `decimals` are given.
    """

    title: str
    kind: Kind
    values: list[Any]
    decimals: int | None = None
    utc: bool = False


def plain(table: pd.DataFrame | pd.Series[Any]) -> pd.DataFrame:
    """The table as files hold it: columns with texts for names, no two alike, no mixed objects.

    An index that says something, such as the groups of a grouped table, becomes the first columns.
    Nothing of `.attrs` is left.
    """
    if isinstance(table, pd.Series):
        table = table.to_frame()
    if not isinstance(table, pd.DataFrame):
        raise BadTable(
            f"This is not a table but a {type(table).__name__}.",
            "Use a DataFrame, such as get_activities returns.",
        )
    columns = [(_title(name), table.iloc[:, place]) for place, name in enumerate(table.columns)]
    columns = _told_by_index(table, dict(columns)) + columns
    rows = pd.RangeIndex(len(table))
    counted = isinstance(table.index, pd.RangeIndex) and table.index.equals(rows)
    named: dict[str, pd.Series[Any]] = {}
    for title, values in columns:
        if title in named:
            raise CannotWrite(
                f"Two columns of the table are called {title!r}.",
                "Rename one of them, with table.rename or table.rename_axis.",
            )
        named[title] = _settled(values) if counted else _settled(values).set_axis(rows)
    frame = pd.DataFrame(named, index=rows)
    frame.columns.name = table.columns.name  # a readable table is marked DEMO there
    return frame


def long_numbers_as_text(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The table with those columns of whole numbers as text that have one beyond `most`."""
    long = {
        name: table[name].astype("string")
        for name in table.columns
        if types.is_integer_dtype(table[name].dtype)
        and bool(((table[name] > most) | (table[name] < -most)).any())
    }
    return table.assign(**long) if long else table


def pieces(table: pd.DataFrame) -> Iterator[list[Cells]]:
    """The columns, some rows at a time, so that millions of samples need not be objects all at once."""
    for start in range(0, len(table), _ROWS_AT_A_TIME):
        part = table.iloc[start : start + _ROWS_AT_A_TIME]
        yield [cells_of(part[name], str(name)) for name in part.columns]


def cells_of(values: pd.Series[Any], title: str) -> Cells:  # noqa: PLR0911 - a return a kind reads best
    """One column of a plain table as cells."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        categories = cells_of(_settled(pd.Series(dtype.categories)), title)
        codes = values.cat.codes.tolist()
        return replace(categories, values=[categories.values[code] if code >= 0 else None for code in codes])
    if types.is_bool_dtype(dtype):
        return Cells(title, "flag", _listed(values))
    if types.is_integer_dtype(dtype):
        return Cells(title, "whole", _listed(values))
    if types.is_float_dtype(dtype):
        return Cells(title, "number", _floats(values))
    if types.is_datetime64_any_dtype(dtype):
        aware = values.dt.tz is not None
        times = values.dt.tz_convert("UTC").dt.tz_localize(None) if aware else values
        return Cells(title, "moment", _moments(times), utc=aware)
    if types.is_timedelta64_dtype(dtype):
        return Cells(title, "duration", _floats(values.dt.total_seconds()))
    if types.is_object_dtype(dtype):  # of all objects, a plain table has only days
        return Cells(title, "day", _listed(values))
    return Cells(title, "text", [value if value is None else str(value) for value in _listed(values)])


def iso(moment: datetime, *, utc: bool = False) -> str:
    """A moment as ISO 8601, with Z where it is known to be UTC."""
    return moment.isoformat() + ("Z" if utc else "")


def _title(name: Any) -> str:
    text = ".".join(str(part) for part in name if part != "") if isinstance(name, tuple) else str(name)
    return _encodable(text)


def _told_by_index(table: pd.DataFrame, columns: dict[str, pd.Series[Any]]) -> list[tuple[str, Any]]:
    index = table.index
    counted = types.is_integer_dtype(index.dtype) or index.empty
    if counted and index.nlevels == 1 and index.name is None:
        return []
    told = []
    for level, name in enumerate(index.names):
        unnamed = "index" if index.nlevels == 1 else f"level_{level}"
        title = unnamed if name is None else _title(name)
        values = index.get_level_values(level).to_series()
        if not (title in columns and values.array.equals(columns[title].array)):
            told.append((title, values))
    return told


def _settled(values: pd.Series[Any]) -> pd.Series[Any]:
    """A column of Python objects as the dtype that holds them all, or else as text."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        categories = values.dtype.categories
        if types.is_numeric_dtype(categories) or types.is_string_dtype(categories):
            return values
        values = values.astype(object)
    if not types.is_object_dtype(values.dtype):
        return values
    kind = types.infer_dtype(values, skipna=True)
    if kind == "date":
        return values
    if kind == "mixed-integer-float" and bool((values.dropna().abs() <= EXACT_IN_JSON).all()):
        kind = "floating"
    # What is larger than its dtype holds, or of several zones, is text too.
    with suppress(TypeError, ValueError, OverflowError):
        if kind in _DTYPES:
            return pd.Series(pd.array(values.tolist(), dtype=_DTYPES[kind]), index=values.index)
        if kind in ("datetime", "datetime64"):
            return pd.to_datetime(values)
    absent = values.isna().to_numpy()
    texts = [None if gone else _text(value) for value, gone in zip(values, absent, strict=True)]
    return pd.Series(texts, index=values.index, dtype="string")


def _text(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (dict, list)):
        return _encodable(json.dumps(value, ensure_ascii=False, default=str))
    return _encodable(str(value))


def _encodable(text: str) -> str:
    """The text without halves of characters, which UTF-8 does not have."""
    return text.encode("utf-8", "replace").decode()


def _listed(values: pd.Series[Any]) -> list[Any]:
    absent = values.isna().to_numpy()
    if not absent.any():
        return values.tolist()
    return [None if gone else value for value, gone in zip(values.tolist(), absent, strict=True)]


def _moments(values: pd.Series[Any]) -> list[datetime | None]:
    """A Timestamp knows nanoseconds, which a datetime does not; it takes ten times as long to make."""
    if values.dtype == "datetime64[us]":
        moments: list[datetime | None] = values.to_numpy().tolist()
        if int not in map(type, moments):  # beyond the year 9999
            return moments
    return _listed(values)


def _floats(values: pd.Series[Any]) -> list[float | None]:
    if types.is_extension_array_dtype(values.dtype):
        single = getattr(values.dtype, "itemsize", 8) < 8
        numbers = values.to_numpy(dtype="float32" if single else "float64", na_value=np.nan)
    else:
        numbers = values.to_numpy()
    if numbers.dtype.itemsize < 8:  # by their own shortest text: 0.1 is not 0.10000000149011612
        numbers = np.array([float(str(number)) for number in numbers], dtype=np.float64)
    return [None if math.isnan(number) else number for number in numbers.astype(np.float64).tolist()]
