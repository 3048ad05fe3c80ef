"""Laps as devices write them: where in the recording each lies, whatever a file tells of it and lacks.

Apart from the formats because each tells the same few things, in part, and they are wrong in the same ways.
Nothing that a device told is left out but a lap that tells nothing; what is odd about the rest is told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

Lap = dict[str, Any]
"""A lap under the names of Strava's, with what its file tells: `start` (s from the first sample) and
`elapsed_time` always; `timer_time` are the seconds for which the timer ran."""

Told = Mapping[str, float]
"""What a file says of a lap, NaN or no key where nothing: `begin` and `until` are moments by its clock."""

_MEASURES: Final = (
    "elapsed_time", "timer_time", "moving_time", "distance", "max_speed", "total_elevation_gain",
    "average_heartrate", "max_heartrate", "average_cadence", "average_watts",
)  # fmt: skip

_MOST: Final = 1e8
"""Seconds, metres …: more than this is no lap's."""

_ROUNDING: Final = 2.0
"""Seconds: starts are whole ones, lengths are not, and samples come once a second."""

_REST: Final = 10.0
"""Seconds at the end that are no lap of their own: a device takes some to stop."""


@dataclass(frozen=True, slots=True)
class Laps:
    """The laps of a recording in its order, none where its file has none; `problems` are sentences."""

    rows: list[Lap] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def laps_of(told: Sequence[Told], first: float, last: float) -> Laps:
    """The laps by the clock of a recording whose samples lie between two moments (NaN: it has none).

    A lap without a start begins where the one before it ended, one without a length ends where the next
    begins. Laps out of order are put in order; where they overlap their order is the device's. What
    was recorded after the last of them, as in a file that breaks off, is one more, its `basis` "streams".
    """
    laps = Laps()
    if not math.isfinite(first):
        first = next((one["begin"] for one in told if math.isfinite(one.get("begin", math.nan))), 0.0)
    whole = last - first if 0 <= last - first < _MOST else None
    silent = _settle(told, first, whole, laps.rows)
    if silent:
        laps.problems.append(f"{silent} of its {len(told)} laps tell nothing; left out")
    if laps.rows:
        _put_in_order(laps)
        if whole is not None:
            _compare(laps, whole)
    return laps


def _settle(told: Sequence[Told], first: float, whole: float | None, rows: list[Lap]) -> int:
    """Find each lap's start and length; how many there are of which nothing is known."""
    silent, before = 0, 0.0
    begins = [_shifted(one.get("begin"), first) for one in told]
    for one, said, after in zip(told, begins, [*begins[1:], None], strict=False):
        lap: Lap = {name: float(one[name]) for name in _MEASURES if 0 <= one.get(name, math.nan) < _MOST}
        until = _shifted(one.get("until"), first)
        if not lap and said is None and until is None:
            silent += 1
            continue
        took = lap.get("elapsed_time", lap.get("timer_time"))
        begin = before if said is None else said
        if said is None and until is not None and took is not None:
            begin = until - took
        if took is None:
            ends = [end for end in (until, after, whole) if end is not None and end >= begin]
            took = ends[0] - begin if ends else 0.0
        lap |= {"start": round(begin, 3), "elapsed_time": round(took, 3)}
        rows.append(lap)
        before = _end(lap)
    return silent


def _put_in_order(laps: Laps) -> None:
    ordered = sorted(laps.rows, key=_start)
    if ordered != laps.rows and not _overlapping(ordered):
        laps.rows[:] = ordered
        laps.problems.append("its laps stand out of order; put in the order of their starts")
    if overlapping := _overlapping(laps.rows):
        laps.problems.append(
            f"{overlapping} of its {len(laps.rows)} laps begin before the one before ends; left as they are"
        )


def _compare(laps: Laps, whole: float) -> None:
    """Tell of laps beyond the samples, and make a lap of the samples that are beyond the laps."""
    within = [lap for lap in laps.rows if _start(lap) <= whole + _ROUNDING and _end(lap) >= -_ROUNDING]
    if beyond := len(laps.rows) - len(within):
        laps.problems.append(
            f"{beyond} of its {len(laps.rows)} laps lie where it recorded nothing; as the device tells them"
        )
    end = max([0.0, *map(_end, within)])
    if whole - end > _REST:
        laps.rows.append({"start": end, "elapsed_time": round(whole - end, 3), "basis": "streams"})
        laps.problems.append(f"it recorded {whole - end:,.0f} s after its last lap; made a lap of their own")


def _overlapping(rows: list[Lap]) -> int:
    return sum(_start(later) < _end(earlier) - _ROUNDING for earlier, later in pairwise(rows))


def _shifted(moment: float | None, first: float) -> float | None:
    """A moment in seconds from the first sample; None where it is by another clock, or none."""
    seconds = math.nan if moment is None else moment - first
    return seconds if abs(seconds) < _MOST else None


def _start(lap: Lap) -> float:
    return float(lap["start"])


def _end(lap: Lap) -> float:
    return float(lap["start"] + lap["elapsed_time"])
