"""How metrics read tables and write them: columns as plain floats, and back with NA where nothing is.

The one place that knows pandas' dtypes, so that every formula beside it is bare NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..errors import BadTable
from ..tables.doubles import counted

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


def activities_of(table: Any, *columns: str) -> pd.DataFrame:
    """The rows that count, of a table of activities with these columns. Raises BadTable for others."""
    rows = needed(table, *columns, what="activities", verb="get_activities")
    counts = counted(rows)
    return rows if counts.all() else rows[counts]


def needed(table: Any, *columns: str, what: str, verb: str) -> pd.DataFrame:
    """The table, if it has the columns. Raises BadTable, which names the verb that gives such a table."""
    to_do = f"Use the table that {verb} returned, or rows of it."
    if not isinstance(table, pd.DataFrame):
        raise BadTable(f"A {type(table).__name__} is not a table of {what}.", to_do)
    if missing := tuple(name for name in columns if name not in table):
        raise BadTable(
            f"This is not a table of {what}: it has no {', '.join(missing)}.", to_do, missing=missing
        )
    return table


def numbers(table: pd.DataFrame, name: str) -> Floats:
    """A column as floats, NaN where absent, all NaN where the table has no such column."""
    if name not in table:
        return np.full(len(table), np.nan)
    column = table[name]
    if column.dtype == np.float64:
        return column.to_numpy()
    if column.dtype == object and pd.api.types.infer_dtype(column) == "boolean":
        column = column.astype("boolean")  # True, False and nothing, read back from a CSV
    if not pd.api.types.is_numeric_dtype(column) and not column.isna().all():
        raise BadTable(
            f"The column {name} does not hold numbers.", "Use the table as it came, or read it back typed."
        )
    return column.to_numpy("float64", na_value=np.nan)


def flags(table: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """Where a column is True; absent is not."""
    if name not in table:
        return np.full(len(table), False)
    return table[name].astype("boolean").to_numpy(bool, na_value=False)


def local_days(table: pd.DataFrame) -> Days:
    """The local day of each activity, NaT where it has no date."""
    return moments(table).astype("datetime64[D]")


def moments(table: pd.DataFrame) -> Days:
    """The wall time at which each activity began."""
    local = table["start_date_local"]
    if not pd.api.types.is_datetime64_any_dtype(local):  # read back from a CSV
        try:
            local = pd.to_datetime(local, format="ISO8601")
        except (TypeError, ValueError):
            raise BadTable(
                "The column start_date_local does not hold dates.", "Use the table that get_activities gave."
            ) from None
    if isinstance(local.dtype, pd.DatetimeTZDtype):
        local = local.dt.tz_localize(None)
    return local.to_numpy().astype("datetime64[us]")


def floats(values: ArrayLike) -> pd.arrays.FloatingArray:
    """A Float64 column: NA where the values are not finite."""
    array = np.array(values, dtype=np.float64)
    return pd.arrays.FloatingArray(array, ~np.isfinite(array))


def wholes(values: ArrayLike) -> pd.arrays.IntegerArray:
    """An Int64 column out of floats or integers: NA where they are not finite."""
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        return pd.arrays.IntegerArray(array.astype(np.int64), np.zeros(len(array), bool))
    absent = ~np.isfinite(array)
    return pd.arrays.IntegerArray(np.where(absent, 0, array).astype(np.int64), absent)


def texts(values: Any) -> Any:
    """A column of texts, NA where None."""
    return pd.array(list(values), dtype="string")


def times(values: Any) -> pd.DatetimeIndex:
    """A column of moments or days, NaT where there is none."""
    return pd.DatetimeIndex(np.asarray(values).astype("datetime64[us]"))


def ratio(above: Floats, below: Floats) -> Floats:
    """One over the other, NaN where the lower one is 0 or either is absent."""
    out = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=out, where=np.asarray(below) != 0)
    return out


def product(one: NDArray[Any], other: NDArray[Any]) -> float:
    """The sum of the products; by einsum, since np.dot may start threads, which cost more than they bring."""
    return float(np.einsum("i,i->", one, other))


def result(data: Mapping[str, Any], of: pd.DataFrame, **told: Any) -> pd.DataFrame:
    """A table of columns with what is told about it in `.attrs`, plain values all.

    The rows say through which door what they rest on came, as the rows `of` which they are do: so a
    figure of the demo athlete's is known as hers.
    """
    table = pd.DataFrame(dict(data))
    if "source" in of and "source" not in table:
        table["source"] = pd.array([door_of(of)] * len(table), dtype="string")
    table.attrs.update({name: value for name, value in told.items() if value is not None})
    return table


def door_of(table: pd.DataFrame) -> str | None:
    """The door that all rows came through: "demo" where any did, several in one text, None of nothing."""
    doors = sorted(table["source"].dropna().unique()) if "source" in table else []
    return "demo" if "demo" in doors else ", ".join(doors) or None


def share(computed: NDArray[np.bool_]) -> float:
    """The part that is True, 0 of nothing."""
    return float(computed.mean()) if len(computed) else 0.0


def percent(part: float) -> str:
    """A share for a sentence: "83 %"; what is not all is never called 100 %."""
    whole = round(100 * part)
    return f"{min(whole, 99) if part < 1 else whole} %"
