"""The samples of streams as float arrays, cut into activities: what every metric of streams stands on.

A sample holds until the next one, but for at most 25 s: after that the device was paused or had lost
its sensor, and the sample counts for one second. Where most steps are longer than that, the device
recorded seldom, and only twice its usual step is a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..tables.derived_streams import GAP, STANDING
from .reading import Floats, needed, numbers, ratio
from .slopes import gradient

NO_ID = np.iinfo(np.int64).min


class Samples:
    """One table of streams; `ids` are its activities, `starts` where each begins."""

    def __init__(self, streams: Any) -> None:
        table = needed(streams, "activity_id", "time", what="streams", verb="get_streams")
        ids = table["activity_id"].to_numpy("int64", na_value=NO_ID)
        starts = _starts(ids)
        if len(np.unique(ids[starts])) < len(starts):
            order = np.argsort(ids, kind="stable")
            table, ids = table.iloc[order], ids[order]
            starts = _starts(ids)
        self.table, self.starts = table, starts
        self.ids: NDArray[np.int64] = ids[starts]
        self.ends = np.append(starts[1:], len(ids))
        self._columns: dict[str, Floats] = {}

    def __len__(self) -> int:
        return len(self.table)

    def has(self, name: str) -> bool:
        """Whether there is such a stream."""
        return name in self.table

    def column(self, name: str) -> Floats:
        """A stream as floats, NaN where a sample lacks it."""
        if name not in self._columns:
            self._columns[name] = numbers(self.table, name)
        return self._columns[name]

    @cached_property
    def seconds(self) -> Floats:
        """How long each sample holds."""
        time = self.column("time")
        held = np.ones(len(time))
        if len(time):
            with np.errstate(invalid="ignore"):  # of two that are infinite
                np.subtract(time[1:], time[:-1], out=held[:-1])
            held[self.ends - 1] = 1.0
            held[~((held >= 0) & ((held <= GAP) | self._seldom(held)))] = 1.0
        return held

    def _seldom(self, held: Floats) -> NDArray[np.bool_]:
        """Which long steps are no gaps, since the device recorded as seldom as that."""
        usual, long = np.zeros(len(held), bool), held > GAP
        if long.any():
            often = np.flatnonzero(self.sums(long) > (self.ends - self.starts) / 2)
            for cut in (slice(self.starts[one], self.ends[one]) for one in often):
                usual[cut] = held[cut] <= 2 * np.median(held[cut])
        return usual

    @cached_property
    def speed(self) -> Floats:
        """m/s, smoothed where Strava or the device has done so, else distance over time."""
        return self._completed("velocity_smooth", self._speed_of)

    @cached_property
    def moving(self) -> NDArray[np.bool_]:
        """Where one moves: as Strava says, else faster than standing."""
        return self._completed("moving", lambda cut: self.speed[cut] > STANDING) > 0

    @cached_property
    def grade(self) -> Floats:
        """The gradient in percent: Strava's, else out of the smoothed altitude."""
        return self._completed("grade_smooth", self._grade_of)

    def _completed(self, name: str, work_out: Callable[[slice], NDArray[Any]]) -> Floats:
        """A stream, worked out for those activities that have nothing of it."""
        values = self.column(name)
        lack = np.isnan(values)
        if lack.any():
            lacking = [cut for cut in self.cuts() if lack[cut.start] and lack[cut].all()]
            values = values.copy() if lacking else values
            for cut in lacking:
                values[cut] = work_out(cut)
        return values

    def _speed_of(self, cut: slice) -> Floats:
        way, time = self.column("distance")[cut], self.column("time")[cut]
        return np.nan_to_num(ratio(np.diff(way, prepend=way[:1]), np.diff(time, prepend=time[:1])), nan=0.0)

    def _grade_of(self, cut: slice) -> Floats:
        return gradient(self.column("distance")[cut], self.column("altitude")[cut])

    def cuts(self) -> list[slice]:
        """Where each activity's samples are."""
        return [slice(a, b) for a, b in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]

    def door(self, cut: slice) -> str | None:
        """The door that an activity's samples came through."""
        if not self.has("source"):
            return None
        door = self.table["source"].iloc[cut.start]
        return None if pd.isna(door) else str(door)

    def sums(self, values: NDArray[Any]) -> Floats:
        """The sum over each activity."""
        if not len(self.starts):
            return np.zeros(0)
        summed: Floats = np.add.reduceat(values, self.starts, dtype=np.float64)
        return summed


def chunks(streams: Any) -> Iterator[Samples]:
    """The samples of a table of streams, or of several tables one after the other (an activity in one)."""
    if streams is None:
        return
    tables: Iterable[Any] = (
        [streams]
        if isinstance(streams, pd.DataFrame) or not isinstance(streams, Iterable) or isinstance(streams, str)
        else streams
    )
    for table in tables:
        samples = Samples(table)
        if len(samples):
            yield samples


def per_second(values: Floats, time: Floats | None = None, longest: int = 3600) -> Floats:
    """The values at each whole second, between samples along a straight line, NaN in gaps.

    Gaps longer than `longest` are as long as that. Without `time` the values are one a second already.
    """
    if time is None:
        return values
    if _every_second(time) and not np.isnan(values).any():
        return values
    known = np.isfinite(values) & np.isfinite(time)
    t, v = time[known], values[known]
    if len(t) < 2:
        return v
    later = t > np.concatenate(([-np.inf], np.maximum.accumulate(t)[:-1]))
    t, v = t[later], v[later]
    steps = np.diff(t)
    t = np.concatenate(([0.0], np.cumsum(np.minimum(steps, max(longest, GAP) + 1))))
    seconds = np.arange(np.floor(t[-1]) + 1)
    even: Floats = np.interp(seconds, t, v)
    if (steps > GAP).any():
        before = np.searchsorted(t, seconds, side="right") - 1
        even[(np.append(steps, 0)[before] > GAP) & (seconds > t[before])] = np.nan
    return even


def _every_second(time: Floats) -> bool:
    return len(time) > 0 and bool(((time[1:] - time[:-1]) == 1).all())


def _starts(ids: NDArray[np.int64]) -> NDArray[np.intp]:
    if not len(ids):
        return np.zeros(0, np.intp)
    return np.concatenate(([0], np.flatnonzero(ids[1:] != ids[:-1]) + 1))
