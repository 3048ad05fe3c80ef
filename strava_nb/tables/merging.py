"""Tables of one athlete's activities from several doors, put together as one.

The doors know different things of the same activity: the first one's word counts, and the next ones
fill what it left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..columns import ACTIVITIES
from .activity_table import activities, newest_first
from .doubles import doubles
from .values import absent, dtype_of, typed

_LOCAL = ("start_date_local", "timezone", "utc_offset")
_KNOWN = {column.name: column.dtype for column in ACTIVITIES}


def merge(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row an id, newest first: the values of the first table that has the id, gaps filled from the next.

    Takes tables as `tables.activities` makes them, and changes none. `source` is that of the first
    table with the row; `from_api` is true if one of the tables with the row had it from the API. Local
    time is Strava's where the API told it: an export knows UTC only, and its local time is worked out.
    Columns that the list does not know follow the known ones, as in each table; where their dtypes
    differ, in one that holds both. The same activity under two ids is marked in `double_of`, within
    one table too. `.attrs["problems"]` are those of all tables, once each.
    """
    tables = list(tables) or [activities([])]
    if len(tables) == 1:
        return tables[0].assign(double_of=doubles(tables[0]))
    stacked = _stacked(tables)
    stacked["sport_group"] = stacked["sport_group"].where(stacked["sport_type"].notna())
    stacked["from_api"] = stacked["from_api"].fillna(stacked["source"] == "api")
    guessed = ~stacked["from_api"] & stacked["id"].isin(
        stacked["id"][stacked["from_api"] & stacked["timezone"].notna()]
    )
    for name in _LOCAL:
        stacked[name] = stacked[name].where(~guessed)
    stacked["_table"] = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    rows = stacked.groupby(_keys(stacked["id"]), sort=False)
    merged = rows.first()
    merged["sport_group"] = merged["sport_group"].fillna("Other")
    merged["from_api"] = rows["from_api"].any().astype("boolean")
    merged = newest_first(merged)
    merged["double_of"] = doubles(merged, merged.pop("_table").tolist())
    problems = dict.fromkeys(one for table in tables for one in table.attrs.get("problems", ()))
    merged.attrs = {"problems": list(problems)} if problems else {}
    return merged


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """The tables under one another, with the columns of all."""
    others = sorted({str(name) for table in tables for name in table.columns} - set(_KNOWN))
    return pd.DataFrame(
        {
            name: pd.concat([_as(dtype, table, name) for table in tables], ignore_index=True)
            for name, dtype in [*_KNOWN.items(), *((name, _common(tables, name)) for name in others)]
        }
    )


def _common(tables: Iterable[pd.DataFrame], name: str) -> str:
    """The dtype that holds a column of all tables without loss."""
    columns = [table[name] for table in tables if name in table]
    dtypes = {str(column.dtype) for column in columns if column.notna().any()}
    if len(dtypes) < 2:
        return dtypes.pop() if dtypes else str(columns[0].dtype)
    return dtype_of([value for column in columns for value in _objects(column)])


def _as(dtype: str, table: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name not in table:
        return pd.Series(absent(dtype, len(table)))
    column = table[name]
    if str(column.dtype) == dtype:
        return column
    return pd.Series(typed(_objects(column), dtype, lambda *_: None))


def _objects(column: pd.Series[Any]) -> list[Any]:
    return [None if pd.isna(value) else value for value in column.astype(object)]


def _keys(ids: pd.Series[Any]) -> NDArray[np.intp]:
    """A number for each row of the result; what has no id is a row of its own."""
    keys = pd.factorize(ids)[0]
    return np.where(keys < 0, len(ids) + np.arange(len(ids)), keys)
