"""Strava's JSON values to typed columns: what is absent is NA, what does not fit is told, never guessed.

The quick way takes a whole column at once; only a column with something odd in it is gone through
value by value.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from itertools import repeat
from operator import is_
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from ..columns import LOCAL, UTC

Tell = Callable[[int, Any], None]
"""Called with the row and the value where a value does not fit its column."""

_INT64 = range(-(2**63), 2**63)
_TRUE, _FALSE = (True, 1, "true", "True", "1"), (False, 0, "false", "False", "0")


Values = list[Any] | ExtensionArray | pd.DatetimeIndex
"""A column on its way: JSON's values, or an array that has a dtype already."""


def typed(values: Values, dtype: str, tell: Tell) -> ExtensionArray | pd.DatetimeIndex:
    """The values as one column of the dtype, NA where None or where `tell` has been called."""
    if isinstance(values, (ExtensionArray, pd.DatetimeIndex)):
        if str(values.dtype) == dtype:
            return values
        values = [None if pd.isna(value) else value for value in values]
    if dtype == "Float64":
        return _floats(values, tell)
    if dtype == "Int64":
        return _integers(values, tell)
    if dtype == "boolean":
        return _booleans(values, tell)
    if dtype in (UTC, LOCAL):
        return _times(values, dtype, tell)
    return _texts(values)


def absent(dtype: str, length: int) -> ExtensionArray:
    """A column without a single value."""
    column: ExtensionArray = pd.Series(index=range(length), dtype=dtype).array
    return column


def dtype_of(values: Values) -> str:
    """The dtype that holds a column nobody has described, without loss."""
    if isinstance(values, (ExtensionArray, pd.DatetimeIndex)):
        return str(values.dtype)
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int} and _whole_ones(values) is not None:
        return "Int64"
    if kinds == {float} or (kinds == {int, float} and all(abs(v) <= 2**53 for v in values if v is not None)):
        return "Float64"
    return "string"


def _floats(values: list[Any], tell: Tell) -> ExtensionArray:
    try:
        numbers = np.array(values, dtype=np.float64)
        if numbers.ndim != 1:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        numbers = np.array(
            [_one(_number, row, value, tell) for row, value in enumerate(values)], dtype=np.float64
        )
    return pd.arrays.FloatingArray(numbers, ~np.isfinite(numbers))


def _integers(values: list[Any], tell: Tell) -> ExtensionArray:
    numbers = _whole_ones(values)
    if numbers is None:
        values = [_one(_whole, row, value, tell) for row, value in enumerate(values)]
        numbers = np.array([value or 0 for value in values], dtype=np.int64)
    return pd.arrays.IntegerArray(numbers, _absent(values))


def _whole_ones(values: list[Any]) -> npt.NDArray[np.int64] | None:
    """The values, 0 for None; None where one of them is anything but an int that fits."""
    if not {int, type(None)}.issuperset(map(type, values)):
        return None
    try:
        return np.array([value or 0 for value in values], dtype=np.int64)
    except OverflowError:
        return None


def _absent(values: list[Any]) -> npt.NDArray[np.bool_]:
    return np.fromiter(map(is_, values, repeat(None)), dtype=bool, count=len(values))


def _booleans(values: list[Any], tell: Tell) -> ExtensionArray:
    if not {bool, type(None)}.issuperset(map(type, values)):
        values = [_one(_flag, row, value, tell) for row, value in enumerate(values)]
    return pd.arrays.BooleanArray(np.array(list(map(bool, values)), dtype=bool), _absent(values))


def _times(values: list[Any], dtype: str, tell: Tell) -> pd.DatetimeIndex:
    texts = [value if isinstance(value, str) and value else None for value in values]
    if dtype == LOCAL:
        texts = [text and _as_on_the_wall(text) for text in texts]
    times = pd.DatetimeIndex(
        pd.to_datetime(pd.Series(texts, dtype="object"), utc=True, format="ISO8601", errors="coerce")
    )
    for row in np.flatnonzero(times.isna()):
        if values[row] is not None and values[row] != "":
            tell(int(row), values[row])
    times = times.as_unit("us")
    return times.tz_localize(None) if dtype == LOCAL else times


def _as_on_the_wall(text: str) -> str:
    """Without a "Z", which is false, or an offset: the digits are the wall time."""
    return text[:-1] if text.endswith("Z") else re.sub(r"[+-]\d\d:?\d\d$", "", text)


def _texts(values: list[Any]) -> ExtensionArray:
    if not {str, type(None)}.issuperset(map(type, values)):
        values = [_text(value) for value in values]
    try:
        "".join(filter(None, values)).encode()
    except UnicodeEncodeError:  # half a character: JSON may hold one, UTF-8 may not
        values = [value and value.encode("utf-8", "replace").decode() for value in values]
    return pd.array(values, dtype="string")


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _one(convert: Callable[[Any], Any], row: int, value: Any, tell: Tell) -> Any:
    if value is None or value == "":
        return None
    try:
        return convert(value)
    except (TypeError, ValueError, OverflowError):
        tell(row, value)
        return None


def _number(value: Any) -> float:
    return float(value)


def _whole(value: Any) -> int:
    number = int(value) if isinstance(value, (int, str)) else round(float(value))
    if number not in _INT64 or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError
    return number


def _flag(value: Any) -> bool:
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ValueError
