"""One activity out of a table of streams: what every picture of its inside stands on.

Here alone is decided which activity is drawn, where its line breaks, and what it is called.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadInput
from ..metrics.reading import Floats
from ..metrics.samples import NO_ID, Samples
from ..metrics.slopes import gradient
from ..tables.derived_streams import GAP
from ..tables.readable_table import is_demo
from .style import as_text

METRES_A_DEGREE = 111_195.0
_NO_STREAM = 1e8
"""What no stream of Strava's reaches in its unit: such a value is a mistake."""

_STILL = 1.0
"""Metres within which all positions are one place."""


class Recording:
    """The samples of one activity as float arrays, NaN where absent, with its name where it is known."""

    def __init__(self, samples: Samples, place: int, activities: pd.DataFrame | None = None) -> None:
        self._samples, self._cut = samples, samples.cuts()[place]
        self.id = int(samples.ids[place])
        self.row = row_of(activities, self.id)
        self.demo = is_demo(samples.table.iloc[self._cut])
        self.notes: list[str] = []

    def __len__(self) -> int:
        return int(self._cut.stop - self._cut.start)

    def column(self, name: str) -> Floats:
        """A stream, NaN where a sample lacks it or all of it is absent."""
        values = self._samples.column(name)[self._cut]
        return np.where(np.abs(values) < _NO_STREAM, values, np.nan)

    @cached_property
    def time(self) -> Floats:
        """Seconds from the start, never backwards."""
        return _onwards(self.column("time"))

    @cached_property
    def distance(self) -> Floats:
        """Metres from the start, never backwards: the stream, else out of the positions."""
        given = self.column("distance")
        return _onwards(given if np.isfinite(given).any() else self._along_positions())

    @cached_property
    def positions(self) -> Floats:
        """Latitudes and longitudes, of shape (samples, 2); over the date line longitudes go on past 180."""
        places = np.stack([self.column("lat"), self.column("lng")], axis=1)
        places[~(np.abs(places) <= (90.0, 180.0)).all(axis=1)] = np.nan
        known = np.isfinite(places[:, 0])
        places[known, 1] = np.unwrap(places[known, 1], period=360)
        return places

    @cached_property
    def speed(self) -> Floats:
        """m/s: the stream, else out of distance and time."""
        given = self.column("velocity_smooth")
        if np.isfinite(given).any():
            return given
        known = np.isfinite(self.distance) & np.isfinite(self.time)
        speed = np.full(len(self), np.nan)
        gone, taken = np.diff(self.distance[known], prepend=np.nan), np.diff(self.time[known], prepend=np.nan)
        speed[known] = np.divide(gone, taken, out=np.full(len(gone), np.nan), where=taken > 0)
        return speed

    @cached_property
    def grade(self) -> Floats:
        """Percent: the stream, else out of the smoothed altitude."""
        given = self.column("grade_smooth")
        if np.isfinite(given).any():
            return given
        return gradient(self.distance, self.column("altitude"))

    @cached_property
    def breaks(self) -> NDArray[np.bool_]:
        """Before which samples the recorder paused, so that no line leads there."""
        known = np.flatnonzero(np.isfinite(self.time))
        breaks = np.full(len(self), False)
        breaks[known[1:]] = np.diff(self.time[known]) > self.longest_step
        return breaks

    @cached_property
    def longest_step(self) -> float:
        """Seconds between two samples above which there was a pause: 25, or more where it recorded seldom."""
        steps = np.diff(self.time[np.isfinite(self.time)])
        usual = float(np.median(steps)) if len(steps) else 0.0
        return 2 * usual if usual > GAP else GAP

    def mean(self, values: Floats, *, moving: bool = False) -> float:
        """The mean over the time of what its samples hold, NaN of nothing; `moving` leaves out the stops."""
        held = np.where(np.isfinite(values), self._samples.seconds[self._cut], 0.0)
        if moving and (moves := self._samples.moving[self._cut]).any():
            held = np.where(moves, held, 0.0)
        total = held.sum()
        return float((np.nan_to_num(values) * held).sum() / total) if total > 0 else float("nan")

    @property
    def group(self) -> str:
        """Its sport group, or "" where no activities table tells it."""
        return _told(self.row, "sport_group")

    def heading(self, otherwise: str) -> str:
        """Its title as matplotlib draws it: name and day, or what to say where they are not known."""
        return heading_of(self.row, otherwise)

    def nowhere(self) -> str:
        """Why there is no course to draw, or ""."""
        there = self.positions[np.isfinite(self.positions[:, 0])]
        if not len(there):
            return "This activity has no positions."
        if len(there) == 1:
            return "This activity has one position only: no course."
        if np.hypot(*(_flat(there).max(axis=0) - _flat(there).min(axis=0))) < _STILL:
            return "All positions of this activity are one place: no course."
        return ""

    def _along_positions(self) -> Floats:
        known = np.isfinite(self.positions[:, 0])
        along = np.full(len(self), np.nan)
        steps = np.diff(_flat(self.positions[known]), axis=0)
        along[known] = np.concatenate(([0.0], np.cumsum(np.hypot(*steps.T))))[: known.sum()]
        return along


def recording_of(
    streams: Any, activity: int | None = None, activities: pd.DataFrame | None = None
) -> Recording | None:
    """The activity that is asked for, else the first of the streams, with a note that there are more.

    None where there are no samples at all. Raises BadTable for a table that is not one of streams,
    BadInput for an activity that is not in it.
    """
    samples = Samples(streams)
    if activity is None and not len(samples):
        return None
    recording = Recording(samples, 0 if activity is None else _place(samples, activity), activities)
    if activity is None and len(samples.ids) > 1:
        recording.notes.append(f"The first of {len(samples.ids):,} activities; activity= chooses another.")
    return recording


def two_of(
    streams: Any, between: tuple[int, int] | None, activities: pd.DataFrame | None
) -> tuple[Recording, Recording] | None:
    """The two activities named, else the two that the streams hold; None where there are no samples."""
    samples = Samples(streams)
    if between is None:
        if not len(samples):
            return None
        if len(samples.ids) != 2:
            raise BadInput(
                f"Two activities are compared, and these streams have {len(samples.ids)}.",
                "Give get_streams two ids, or choose with between=(one, other).",
            )
        one, other = 0, 1
    else:
        if len(between) != 2:
            raise BadInput(f"Two activities are compared, not {len(between)}.", "Give between=(one, other).")
        one, other = (_place(samples, number) for number in between)
    return Recording(samples, one, activities), Recording(samples, other, activities)


def _place(samples: Samples, activity: int) -> int:
    found = np.flatnonzero(samples.ids == activity)
    if not len(found):
        ids = [str(number) for number in samples.ids[:5] if number != NO_ID]
        has = f"They have {', '.join(ids)}{' …' if len(samples.ids) > 5 else ''}." if ids else ""
        raise BadInput(f"Activity {activity} is not in these streams.", has or "Pull its streams first.")
    return int(found[0])


def row_of(activities: pd.DataFrame | None, number: int) -> pd.Series[Any] | None:
    """An activity's row of the table of activities, None where there is none."""
    if activities is None or "id" not in activities:
        return None
    found = activities[(activities["id"] == number).fillna(False).astype(bool)]
    return found.iloc[0] if len(found) else None


def heading_of(row: pd.Series[Any] | None, otherwise: str) -> str:
    """An activity's name and local day as matplotlib draws them, or what to say where it has no name."""
    name = as_text(_told(row, "name"), most=48)
    began = None if row is None else row.get("start_date_local")
    if not name or not isinstance(began, pd.Timestamp) or pd.isna(began):
        return name or otherwise
    return f"{name}, {began.day} {began:%B %Y}"


def _told(row: pd.Series[Any] | None, name: str) -> str:
    value = None if row is None else row.get(name)
    return "" if value is None or pd.isna(value) else str(value)


def _onwards(values: Floats) -> Floats:
    known = np.isfinite(values)
    onwards = np.full(len(values), np.nan)
    onwards[known] = np.maximum.accumulate(values[known])
    return onwards


def _flat(places: Floats) -> Floats:
    """Metres north and east, near enough over an activity's extent."""
    scale = np.array([1.0, np.cos(np.radians(places[:, 0].mean()))]) if len(places) else 1.0
    metres: Floats = places * METRES_A_DEGREE * scale
    return metres
