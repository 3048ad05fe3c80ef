"""Laps as one typed table: Strava's own, or each activity as one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..columns import LAPS
from .record_rows import table_of
from .stretches import recordings, strava_rows

Record = dict[str, Any]


def laps(of: Iterable[Record] | pd.DataFrame, *, source: str = "api") -> pd.DataFrame:
    """A table of laps, one row each, in the order of the records: the columns of `columns.LAPS`.

    `of` are details of activities, or laps as Strava's `/activities/{id}/laps` gives them. Or a table of
    streams, which tell of no laps: then each activity is one lap, measured (`basis` is "streams", and
    `source` that of the streams). `start` counts from the activity's start, NA where its start is not
    told. Other fields of Strava's laps follow. The columns are there without records too. Units: m, s,
    m/s, bpm, rpm, W.
    """
    rows = measured_laps(of) if isinstance(of, pd.DataFrame) else stravas_laps(of, source)
    return table_of(rows, LAPS, "a lap of activity")


def stravas_laps(records: Iterable[Record], source: str) -> list[Record]:
    """Strava's own laps as rows."""
    rows = strava_rows(records, "laps", source)
    for row in rows:
        number = row.pop("number")
        row.setdefault("lap_index", number)
        row.pop("split", None)  # the same number again
    return rows


def measured_laps(streams: pd.DataFrame) -> list[Record]:
    """Each activity of the streams as one lap."""
    return [
        row | {"lap_index": 1, "name": "Lap 1"}
        for one in recordings(streams)
        for row in one.measured(one.time[:1], one.time[-1:])
    ]
