"""Streams that a source lacks, worked out of those that it has: distance, speed, gradient, moving or not.

All activities of a table at once. A stretch is what was recorded in one go: between two stretches,
of two activities or on two sides of a pause, nothing is averaged and no way is covered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import earth
from ..columns import STREAMS
from ..errors import BadTable

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

GAP: Final = 25.0
"""Seconds between two samples beyond which there was a pause, unless most steps are longer than that."""

STANDING: Final = 0.3
"""m/s below which one stands."""

SPEED_WINDOW: Final = 3.0
"""Seconds to either side over which speed is averaged."""

GRADE_WINDOW: Final = 25.0
"""Metres to either side over which altitude is averaged before its gradient is taken."""

_SELDOM = 2
"""Usual steps that a pause is longer than, where the device recorded that seldom throughout."""

_NO_ID = np.iinfo(np.int64).min
_WAY = frozenset({"lat", "lng", "distance"})
_OUT_OF: Final = {
    "distance": _WAY,
    "velocity_smooth": _WAY,
    "grade_smooth": _WAY | {"altitude"},
    "moving": _WAY | {"velocity_smooth"},
}
"""What each stream may be worked out of, besides time."""


def with_derived(streams: pd.DataFrame) -> pd.DataFrame:
    """The streams with distance, velocity_smooth, grade_smooth and moving where an activity has none.

    What an activity has is left as it is, gaps in it too; the table given is not changed. Out of
    positions and times: `distance` (m) is the way along great circles from each position to the next;
    `velocity_smooth` (m/s) the way covered from 3 s before a sample to 3 s after it, over that time;
    `grade_smooth` (%) the gradient of altitude averaged over 50 m of the way; `moving` whether that
    speed is at least 0.3 m/s. Over a pause (25 s without a sample; of a device that records seldom,
    twice its usual step) no way is covered and nothing is averaged. What cannot be worked out
    is NA; columns of which no activity has anything are absent. The samples of an activity stand together.
    Raises BadTable for a table that is not of streams.
    """
    if missing := tuple(name for name in ("activity_id", "time") if name not in streams):
        raise BadTable(
            f"This is not a table of streams: it has no {', '.join(missing)}.",
            "Use the table that get_streams or read_track returned.",
            missing=missing,
        )
    if not len(streams):
        return streams
    todo = _Lacking(streams)
    if not any(map(todo.lacks, _OUT_OF)):
        return streams
    way = todo.completed("distance", _distance)
    todo.completed("velocity_smooth", lambda of: _speed(way, of))
    todo.completed("grade_smooth", lambda of: gradients(way, of.column("altitude"), of.stretch))
    todo.completed("moving", lambda of: _moving(of.column("velocity_smooth")))
    return todo.table()


def with_basis(names: Iterable[str]) -> set[str]:
    """The names of streams, and of those that they may be worked out of."""
    names = set(names)
    return names.union(*(basis for name, basis in _OUT_OF.items() if name in names))


def starts_of(ids: npt.NDArray[np.int64]) -> Wholes:
    """Where each activity begins in a column of their ids."""
    if not len(ids):
        return np.zeros(0, np.intp)
    return np.concatenate(([0], np.flatnonzero(ids[1:] != ids[:-1]) + 1))


def pauses(time: Floats, starts: Wholes) -> Flags:
    """Whether there was a pause just before each sample; a clock that was put back counts as one."""
    paused = np.full(len(time), False)
    known = np.flatnonzero(np.isfinite(time))
    if len(known) < 2:
        return paused
    whose = np.searchsorted(starts, known, side="right")
    steps = np.diff(time[known])
    same = whose[1:] == whose[:-1]
    odd = same & ((steps > GAP) | (steps < 0))
    for one in np.unique(whose[1:][odd]):
        usual = float(np.median(steps[same & (whose[1:] == one)]))
        longest = GAP if usual <= GAP else _SELDOM * usual
        odd &= (whose[1:] != one) | (steps > longest) | (steps < 0)
    paused[known[1:][odd]] = True
    return paused


def gradients(way: Floats, altitude: Floats, stretch: Wholes) -> Floats:
    """The gradient in percent at each sample: of altitude averaged over 50 m, between 25 m before and after.

    A barometer moves in steps, and its raw gradient is noise. `stretch` numbers, rising, what belongs
    together. NaN where way or altitude is unknown, or nothing was covered.
    """
    known = np.isfinite(way) & np.isfinite(altitude)
    out = np.full(len(way), np.nan)
    if known.any():
        line = _Line.of(way[known], stretch[known])
        before, after = line.at - GRADE_WINDOW, line.at + GRADE_WINDOW
        low, low_middle = line.mean(altitude[known], before)
        high, high_middle = line.mean(altitude[known], after)
        out[known] = 100 * _ratio(high - low, high_middle - low_middle)
    return out


@dataclass(frozen=True, eq=False)
class _Line:
    """Stretches laid out along one line, far enough from each other: `at` is where each sample is.

    `low` and `high` are the ends of its stretch.
    """

    at: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, along: Floats, stretch: Wholes) -> _Line:
        """The line of a way, or of time, that runs from zero on in each stretch and never back."""
        starts = starts_of(stretch)
        lengths = np.diff(np.append(starts, len(along)))
        run = along - np.repeat(along[starts], lengths)
        ends = np.maximum(np.maximum.reduceat(run, starts), 0.0)
        offsets = np.concatenate(([0.0], np.cumsum(ends + 1)[:-1]))
        at = np.maximum.accumulate(run + np.repeat(offsets, lengths))
        return cls(at, np.repeat(offsets, lengths), np.repeat(offsets + ends, lengths))

    def within(self, places: Floats) -> Floats:
        """The places, drawn back into the stretches of their samples."""
        return np.clip(places, self.low, self.high)

    def mean(self, values: Floats, middle: Floats) -> tuple[Floats, Floats]:
        """The mean of the values over 25 m to either side of the middles, and where their middle is.

        Near the ends the windows are cut short, and their middle moves.
        """
        between = np.diff(self.at) * (values[1:] + values[:-1]) / 2
        area = np.concatenate(([0.0], np.cumsum(between)))

        def area_to(place: Floats) -> Floats:
            before = np.searchsorted(self.at, place, side="right") - 1
            further = (values[before] + np.interp(place, self.at, values)) / 2
            up_to: Floats = area[before] + (place - self.at[before]) * further
            return up_to

        middle = self.within(middle)
        a, b = self.within(middle - GRADE_WINDOW), self.within(middle + GRADE_WINDOW)
        return _ratio(area_to(b) - area_to(a), b - a), (a + b) / 2


class _Lacking:
    """A table of streams on its way: its columns as floats, and which activities lack what."""

    def __init__(self, streams: pd.DataFrame) -> None:
        self._streams = streams
        ids = streams["activity_id"].to_numpy("int64", na_value=_NO_ID)
        self._starts = starts_of(ids)
        self._lengths = np.diff(np.append(self._starts, len(ids)))
        self._columns: dict[str, Floats] = {}
        self._filled: dict[str, Any] = {}
        self.activity: Wholes = np.repeat(np.arange(len(self._starts)), self._lengths)
        self.paused = pauses(self.column("time"), self._starts)
        self.stretch: Wholes = self.activity + np.cumsum(self.paused)

    def column(self, name: str) -> Floats:
        """A stream as floats, NaN where there is nothing."""
        if name not in self._columns:
            there = name in self._streams
            self._columns[name] = (
                self._streams[name].to_numpy(np.float64, na_value=np.nan)
                if there
                else np.full(len(self._streams), np.nan)
            )
        return self._columns[name]

    def lacks(self, name: str) -> bool:
        """Whether there is an activity without anything of a stream."""
        return bool(self._without(name).any())

    def completed(self, name: str, work_out: Any) -> Floats:
        """A stream, worked out for the activities that have nothing of it."""
        values, without = self.column(name), self._without(name)
        if without.any():
            lacking = np.repeat(without, self._lengths)
            values = np.where(lacking, work_out(self), values)
            if (lacking & ~np.isnan(values)).any():
                self._columns[name] = self._filled[name] = values
        return values

    def table(self) -> pd.DataFrame:
        """The table with what was worked out, its columns in their order."""
        if not self._filled:
            return self._streams
        data = {str(name): self._streams[name].array for name in self._streams} | {
            name: _column(name, values) for name, values in self._filled.items()
        }
        known = [column.name for column in STREAMS]
        order = [name for name in known if name in data and name != "source"]
        order += [name for name in data if name not in known] + ["source"] * ("source" in data)
        table = pd.DataFrame({name: data[name] for name in order}, index=self._streams.index, copy=False)
        table.attrs = dict(self._streams.attrs)
        return table

    def _without(self, name: str) -> Flags:
        there = ~np.isnan(self.column(name))
        without: Flags = ~np.logical_or.reduceat(there, self._starts)
        return without


def _distance(of: _Lacking) -> Floats:
    lat, lng = of.column("lat"), of.column("lng")
    out = np.full(len(lat), np.nan)
    rows = np.flatnonzero(np.isfinite(lat) & np.isfinite(lng))
    if len(rows):
        metres = earth.steps(lat[rows], lng[rows])
        metres[np.diff(of.stretch[rows]) > 0] = 0
        covered = np.concatenate(([0.0], np.cumsum(metres)))
        starts = starts_of(of.activity[rows])
        lengths = np.diff(np.append(starts, len(rows)))
        out[rows] = np.round(covered - np.repeat(covered[starts], lengths), 2)
    return out


def _speed(way: Floats, of: _Lacking) -> Floats:
    time = of.column("time")
    known = np.isfinite(way) & np.isfinite(time)
    out = np.full(len(way), np.nan)
    if known.any():
        line = _Line.of(time[known], of.stretch[known])
        before, after = line.within(line.at - SPEED_WINDOW), line.within(line.at + SPEED_WINDOW)
        covered = np.interp(after, line.at, way[known]) - np.interp(before, line.at, way[known])
        out[known] = np.maximum(_ratio(covered, after - before), 0)
    return out


def _moving(speed: Floats) -> Floats:
    return np.where(np.isnan(speed), np.nan, speed >= STANDING)


def _ratio(above: Floats, below: Floats) -> Floats:
    out = np.full(len(above), np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out


def _column(name: str, values: Floats) -> Any:
    absent = np.isnan(values)
    if name == "moving":
        return pd.arrays.BooleanArray(np.where(absent, 0, values).astype(bool), absent)
    return pd.arrays.FloatingArray(values, absent)
