"""The same activity under two ids: which rows those are, and which rows count in totals.

Pictures and metrics share this one rule, so that every total counts a pair once and no total loses
it: a double is left out only where the row that it names is there to count in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_APART = 30
"""Seconds between the starts of what two devices, or two copies of a file, call one activity."""

_OF_DISTANCE = 0.01
_OF_TIME, _TIME = 0.05, 60
_NOT_OF_IT = ("source", "from_api", "double_of")


def counted(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows of a table of activities count in totals, True or False for each in turn.

    All do but the doubles of a row that is in the table too: filtering the better row away makes the
    poorer one count. Without the columns `id` and `double_of` there are no doubles to know of.
    """
    counts = np.full(len(table), True)
    if not {"id", "double_of"} <= set(table.columns):
        return counts
    marked = np.flatnonzero(table["double_of"].notna())
    if not len(marked):
        return counts
    ids = [_whole(one) for one in table["id"]]
    names = {ids[row]: _whole(table["double_of"].iloc[row]) for row in marked}
    there = set(ids) - {None}
    for row in marked:
        counts[row] = _kept(ids[row], names, there) == ids[row]
    return counts


def doubles(table: pd.DataFrame, ranks: Sequence[int] | None = None) -> pd.Series[Any]:
    """The column `double_of`: the id of the activity that a row most likely repeats, or NA.

    Two rows are one activity if they start within 30 s of one another and go as far (1 %) in as much
    time (5 %, or a minute); without distance, unless they are known to be of two sports. The row with
    fewer values is the double; of two alike the one that was it before, then the one with the higher
    of the `ranks`, then with the higher id. What is named is never a double itself.
    """
    column = pd.Series(pd.NA, index=table.index, dtype="Int64")
    seconds = table["start_date"].to_numpy("datetime64[us]").astype("int64") / 1e6
    rows = np.flatnonzero(table["start_date"].notna() & table["id"].notna())
    rows = rows[np.argsort(seconds[rows], kind="stable")]
    near = np.diff(seconds[rows]) <= _APART
    if not near.any():
        return column
    alike = _Likeness(table, seconds)
    values = table.drop(columns=[*_NOT_OF_IT], errors="ignore").notna().sum(axis=1).to_numpy()
    before = table["double_of"].notna().to_numpy() if "double_of" in table else np.full(len(table), False)
    rank = np.zeros(len(table), int) if ranks is None else np.asarray(ranks)
    ids = table["id"].to_numpy("int64", na_value=0)
    for group in np.split(rows, np.flatnonzero(~near) + 1):
        kept: list[int] = []
        for row in sorted(group.tolist(), key=lambda row: (-values[row], before[row], rank[row], ids[row])):
            like = [one for one in kept if alike(one, row)]
            if like:
                column.iloc[row] = ids[min(like, key=lambda one: (-values[one], ids[one]))]
            else:
                kept.append(row)
    return column


class _Likeness:
    """Whether two rows of a table are most likely one activity."""

    def __init__(self, table: pd.DataFrame, seconds: NDArray[np.float64]) -> None:
        self._seconds = seconds
        self._distance = table["distance"].to_numpy("float64", na_value=0)
        self._elapsed = table["elapsed_time"].to_numpy("float64", na_value=np.nan)
        self._sport = table["sport_type"].fillna("").tolist()

    def __call__(self, one: int, other: int) -> bool:
        if abs(self._seconds[one] - self._seconds[other]) > _APART:
            return False
        far = max(self._distance[one], self._distance[other])
        if abs(self._distance[one] - self._distance[other]) > _OF_DISTANCE * far:
            return False
        long = max(self._elapsed[one], self._elapsed[other])
        differ = abs(self._elapsed[one] - self._elapsed[other])
        if far > 0:
            return not differ > max(_TIME, _OF_TIME * long)  # not known is no difference
        sports = {self._sport[one], self._sport[other]} - {""}
        return len(sports) < 2 and bool(differ <= _OF_TIME * long)


def _kept(one: int | None, names: dict[int | None, int | None], there: set[int | None]) -> int | None:
    """The row that counts for this one; tables put together by hand may have rows that name each other."""
    way = [one]
    while (one := names.get(one)) in there:
        if one in way:
            return min(way[way.index(one) :], key=lambda number: number or 0)
        way.append(one)
    return way[-1]


def _whole(value: Any) -> int | None:
    """An id, also out of a file that was read back with floats or texts."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
