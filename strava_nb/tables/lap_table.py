"""Laps as one typed table: Strava's own, those that a device recorded, or each activity as one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from ..columns import LAPS
from .record_rows import table_of
from .stretches import DEVICE, Recording, over, recordings, strava_rows

Record = dict[str, Any]

_OWN: Final = "start", "elapsed_time", "distance", "total_elevation_gain"
"""What a device says of its lap and the samples need not be asked for."""

_OF_ALL: Final = "moving_time", "distance", "total_elevation_gain", "elevation_difference"
_WHERE: Final = "start_index", "end_index"

_NO_LONGER: Final = 10.0
"""Seconds of a lap that may be without samples for what they tell to hold for all of it."""


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


def recorded_laps(streams: pd.DataFrame, laps: Mapping[int, list[Record]], source: str) -> list[Record]:
    """The laps that devices recorded as rows, in the order of the streams; those without samples follow.

    `laps` are what track files tell: `start` and `elapsed_time` (s), and under Strava's names what else.
    """
    left = dict(laps)
    rows = []
    for one in recordings(streams[streams["activity_id"].isin(list(laps))]):
        rows += _completed(left.pop(one.whose["activity_id"]), _measured(one, laps[one.whose["activity_id"]]))
    for activity_id, told in left.items():
        nothing = {column.name: None for column in LAPS} | {"activity_id": activity_id, "source": source}
        rows += _completed(told, [nothing] * len(told))
    return rows


def _measured(recording: Recording, laps: list[Record]) -> list[Record]:
    """What the samples tell of laps; of those that they do not cover, not how long one moved, or where."""
    starts = np.array([lap["start"] for lap in laps])
    ends = starts + [lap["elapsed_time"] for lap in laps]
    first, last = recording.time[0], recording.time[-1]
    rows = recording.measured(starts, ends)
    for row, start, end in zip(rows, starts.tolist(), ends.tolist(), strict=True):
        if start < first - _NO_LONGER or end > last + _NO_LONGER:
            row.update(dict.fromkeys(_OF_ALL))
        if start > last or end < first:
            row.update(dict.fromkeys(_WHERE))
    return rows


def _completed(laps: list[Record], rows: list[Record]) -> list[Record]:
    done = []
    for number, (lap, measured) in enumerate(zip(laps, rows, strict=True), start=1):
        row = measured | {"lap_index": number, "name": f"Lap {number}", "basis": lap.get("basis", DEVICE)}
        for name, told in lap.items():
            unknown = name == "distance" and not told and (row[name] or 0) > 0  # 0 m on a trainer
            if name in row and (_absent(row[name]) or (name in _OWN and not unknown)):
                row[name] = told
        ran = lap.get("timer_time", lap["elapsed_time"])
        row["moving_time"] = ran if _absent(row["moving_time"]) else min(row["moving_time"], ran)
        row["average_speed"] = over(row["distance"], row["moving_time"])
        done.append(row)
    return done


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
