"""The most, the highest, the fastest: one activity for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..tables.sports import GROUPS
from .reading import (
    Floats,
    activities_of,
    flags,
    floats,
    local_days,
    moments,
    numbers,
    result,
    texts,
    times,
)  # fmt: skip

_RECORDS = (
    ("longest", "distance", "m"),
    ("longest time", "moving_time", "s"),
    ("most climb", "total_elevation_gain", "m"),
    ("highest point", "elev_high", "m"),
    ("fastest", "average_speed", "m/s"),
    ("top speed", "max_speed", "m/s"),
    ("highest heart rate", "max_heartrate", "bpm"),
    ("most work", "kilojoules", "kJ"),
)
_OUTDOORS = {"most climb", "highest point", "fastest", "top speed"}
_LONG_ENOUGH = 600
"""Seconds of moving time from which an average speed is a record."""

_Held = tuple[str, str, float, str, int]
"""Group, record, value, unit, and the row that holds it."""


def records(table: pd.DataFrame) -> pd.DataFrame:
    """Who holds which record, one row a record and sport group, the groups in their usual order.

    The records: longest, longest time, most climb, highest point, fastest (the average speed of at
    least ten minutes), top speed, highest heart rate, most work, earliest start, latest start (by the
    clock, seconds after midnight), longest day (the distance of a local day's activities, `id` being
    its longest). Of equal ones the earlier holds it; what no activity has is not there. Speeds and
    heights are of activities outdoors; flagged ones hold no record, and doubles are left out.

    Columns: sport_group, record (string), value (Float64), unit (string; m, s, m/s, bpm, kJ), id
    (Int64), name (string), start_date_local.
    """
    rows = activities_of(table, "id", "start_date_local", "sport_group")
    rows = rows[numbers(rows, "flagged") != 1]
    rows = rows.iloc[np.argsort(moments(rows), kind="stable")]
    groups = rows["sport_group"].to_numpy("object", na_value="")
    found: list[_Held] = []
    for group in GROUPS:
        there = np.flatnonzero(groups == group)
        found += _of_group(group, rows.iloc[there], there)
    holders = rows.iloc[[row for *_, row in found]]
    return result(
        {
            "sport_group": texts(one[0] for one in found),
            "record": texts(one[1] for one in found),
            "value": floats([abs(one[2]) for one in found]),
            "unit": texts(one[3] for one in found),
            "id": holders["id"].astype("Int64").array,
            "name": texts(holders["name"] if "name" in holders else [None] * len(found)),
            "start_date_local": times(moments(holders)),
        },
        holders,
    )


def _of_group(group: str, rows: pd.DataFrame, there: Any) -> list[_Held]:
    """The records of a group; `there` are its rows' places in the whole table."""
    began, days = moments(rows), local_days(rows)
    clock = np.where(np.isnat(began), np.nan, (began - days).astype("timedelta64[us]").astype(float) / 1e6)
    indoors, moving = _indoors(rows), numbers(rows, "moving_time")
    found: list[_Held] = []
    for record, column, unit in _RECORDS:
        values = numbers(rows, column)
        if record in _OUTDOORS:
            values = np.where(indoors, np.nan, values)
        if record == "fastest":
            values = np.where(moving >= _LONG_ENOUGH, values, np.nan)
        found += _holder(group, record, np.where(values > 0, values, np.nan), unit, there)
    found += _holder(group, "earliest start", -clock, "s", there)
    found += _holder(group, "latest start", clock, "s", there)
    return found + _longest_day(group, numbers(rows, "distance"), days, there)


def _indoors(rows: pd.DataFrame) -> NDArray[np.bool_]:
    indoors = flags(rows, "trainer")
    if "sport_type" in rows:
        virtual = rows["sport_type"].astype("string").str.startswith("Virtual")
        indoors |= virtual.to_numpy(bool, na_value=False)
    return indoors


def _holder(group: str, record: str, values: Floats, unit: str, there: Any) -> list[_Held]:
    if not np.isfinite(values).any():
        return []
    best = int(np.nanargmax(values))
    return [(group, record, float(values[best]), unit, int(there[best]))]


def _longest_day(group: str, distance: Floats, days: Any, there: Any) -> list[_Held]:
    known = (distance > 0) & ~np.isnat(days)
    if not known.any():
        return []
    _, place = np.unique(days[known], return_inverse=True)
    sums = np.bincount(place, distance[known])
    of_it = np.flatnonzero(known)[place == sums.argmax()]
    return [(group, "longest day", float(sums.max()), "m", int(there[of_it[distance[of_it].argmax()]]))]
