"""Stretches of activities, which laps, splits and best efforts are: as Strava tells them, or measured.

Both ways end in rows with the same names, so that the tables need not know which way a row came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from .derived_streams import STANDING, Floats, pauses, starts_of, with_derived

Record = dict[str, Any]

STRAVA, DEVICE, STREAMS = "strava", "device", "streams"
"""What a stretch rests on, as its `basis` says."""

_MEANS = {"average_heartrate": "heartrate", "average_cadence": "cadence", "average_watts": "watts"}
_HIGHEST = {"max_heartrate": "heartrate", "max_speed": "velocity_smooth"}
_REPEATED = "activity", "athlete", "resource_state", "start_date", "start_date_local"
"""What Strava says with every stretch, and the table otherwise or not at all."""


def strava_rows(records: Iterable[Record], key: str, source: str) -> list[Record]:
    """Strava's own stretches: those that details of activities have under a key, or such stretches alone."""
    rows = []
    for record in records:
        parts = record.get(key) if "activity" not in record else [record]
        for number, part in enumerate(parts if isinstance(parts, list) else (), start=1):
            if isinstance(part, dict):
                whose = record if "activity" not in record else part["activity"]
                row = {name: value for name, value in part.items() if name not in _REPEATED}
                row |= {"activity_id": whose.get("id"), "basis": STRAVA, "source": source, "number": number}
                row["start"] = _seconds(whose.get("start_date"), part.get("start_date"))
                if row.get("average_speed") is None:
                    row["average_speed"] = over(row.get("distance"), row.get("moving_time"))
                rows.append(row)
    return rows


def recordings(streams: pd.DataFrame) -> Iterator[Recording]:
    """The activities of streams one by one, what they lack worked out; those without times are left out."""
    table = with_derived(streams)
    ids = table["activity_id"].to_numpy("int64", na_value=0)
    starts = starts_of(ids)
    named = {"time", "distance", "moving", "altitude", "grade_smooth", *_MEANS.values(), *_HIGHEST.values()}
    columns = {
        name: table[name].to_numpy(np.float64, na_value=np.nan)
        if name in table
        else np.full(len(table), np.nan)
        for name in named
    }
    paused = pauses(columns["time"], starts)
    for start, end in pairwise([*starts.tolist(), len(ids)]):
        if np.isfinite(columns["time"][start:end]).any():
            cut = slice(start, end)
            whose = {name: table[name].iloc[start] for name in ("activity_id", "source") if name in table}
            yield Recording(
                {name: _plain(value) for name, value in whose.items()},
                {name: values[cut] for name, values in columns.items()},
                paused[cut],
            )


class Recording:
    """One activity's samples, of which any stretch can be measured; `whose` says which activity's."""

    def __init__(self, whose: Record, columns: dict[str, Floats], paused: Any) -> None:
        self.whose = whose
        self._rows = np.flatnonzero(np.isfinite(columns["time"]))
        columns = {name: values[self._rows] for name, values in columns.items()}
        self._columns = columns
        self.time: Floats = np.maximum.accumulate(columns["time"])
        known = np.isfinite(columns["distance"])
        self._placed = self.time[known]
        self._way: Floats = np.maximum.accumulate(columns["distance"][known])
        self._paused = paused[self._rows]
        self._moved = self._running(self._steps_moving())
        climbing = np.maximum(columns["grade_smooth"], 0) / 100
        climbing[1:] = (climbing[1:] + climbing[:-1]) / 2
        climbed = climbing * np.diff(self._way_at(self.time), prepend=np.nan)
        self._climbed = self._running(np.where(self._paused, 0, climbed))
        self._has_grade = bool(np.isfinite(climbed).any())

    @property
    def length(self) -> float:
        """Metres from the first to the last known distance; 0 where there is none."""
        return float(self._way[-1] - self._way[0]) if len(self._way) else 0.0

    def reached(self, metres: Floats) -> Floats:
        """When one had first covered so many metres, in between samples too."""
        way, time = self._way - self._way[0], self._placed
        after = np.clip(np.searchsorted(way, metres, side="left"), 1, len(way) - 1)
        share = (metres - way[after - 1]) / (way[after] - way[after - 1])
        when: Floats = time[after - 1] + share * (time[after] - time[after - 1])
        return when

    def measured(self, starts: Floats, ends: Floats) -> list[Record]:
        """The measures of stretches between moments (s).

        Means are those of the samples from start to end; climbing is the gradient's, upwards, over the way.
        """
        distance = np.diff(self._way_at(np.stack([starts, ends])), axis=0)[0]
        moving = np.diff(np.interp(np.stack([starts, ends]), self.time, self._moved), axis=0)[0]
        altitude = self._columns["altitude"]
        there = np.isfinite(altitude)
        heights = self._between(np.stack([starts, ends]), self.time[there], altitude[there])
        climbed = np.diff(np.interp(np.stack([starts, ends]), self.time, self._climbed), axis=0)[0]
        first = np.searchsorted(self.time, starts, side="left")
        beyond = np.searchsorted(self.time, ends, side="right")
        before = np.clip(np.searchsorted(self.time, starts, side="right") - 1, 0, None)
        last = np.minimum(np.searchsorted(self.time, ends, side="left"), len(self.time) - 1)
        columns: dict[str, Any] = {
            "start": np.round(starts, 3),
            "elapsed_time": np.round(ends - starts, 3),
            "moving_time": np.round(moving, 3),
            "distance": np.round(distance, 3),
            "average_speed": [over(*pair) for pair in zip(distance.tolist(), moving.tolist(), strict=True)],
            "total_elevation_gain": np.round(climbed, 2) if self._has_grade else np.full(len(starts), np.nan),
            "elevation_difference": np.round(heights[1] - heights[0], 2),
            "start_index": self._rows[before],
            "end_index": self._rows[last],
        }
        for name, stream in _MEANS.items():
            columns[name] = self._means(self._columns[stream], first, beyond)
        for name, stream in _HIGHEST.items():
            values = self._columns[stream]
            columns[name] = [
                float(np.fmax.reduce(values[a:b], initial=np.nan))
                for a, b in zip(first.tolist(), beyond.tolist(), strict=True)
            ]
        listed = {
            name: values.tolist() if isinstance(values, np.ndarray) else values
            for name, values in columns.items()
        }
        return [
            dict(zip(listed, row, strict=True)) | self.whose | {"basis": STREAMS}
            for row in zip(*listed.values(), strict=True)
        ]

    def _steps_moving(self) -> Floats:
        """The seconds before each sample in which one moved: over a pause only if way was covered fast."""
        seconds = np.diff(self.time, prepend=self.time[:1])
        covered = np.diff(self._way_at(self.time), prepend=np.nan)
        moving = np.where(self._paused, covered >= STANDING * seconds, self._columns["moving"] != 0)
        return seconds * moving

    def _way_at(self, moments: Floats) -> Floats:
        return self._between(moments, self._placed, self._way)

    @staticmethod
    def _between(moments: Floats, time: Floats, values: Floats) -> Floats:
        if not len(time):
            return np.full(moments.shape, np.nan)
        return np.interp(moments, time, values)

    @staticmethod
    def _running(values: Floats) -> Floats:
        total: Floats = np.cumsum(np.nan_to_num(values))
        return total

    @staticmethod
    def _means(values: Floats, first: Any, beyond: Any) -> Floats:
        known = np.isfinite(values)
        sums = np.concatenate(([0.0], np.cumsum(np.where(known, values, 0))))
        counts = np.concatenate(([0], np.cumsum(known)))
        count = counts[beyond] - counts[first]
        means = np.full(len(first), np.nan)
        np.divide(sums[beyond] - sums[first], count, out=means, where=count > 0)
        return means


def over(metres: Any, seconds: Any) -> float | None:
    """A speed, None where it cannot be told."""
    try:
        return float(metres) / float(seconds)
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else int(value)


def _seconds(begin: Any, moment: Any) -> float | None:
    """From one of Strava's moments to another."""
    try:
        return (datetime.fromisoformat(moment) - datetime.fromisoformat(begin)).total_seconds()
    except (TypeError, ValueError):
        return None
