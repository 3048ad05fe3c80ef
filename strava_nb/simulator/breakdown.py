"""What Strava works out from an activity's streams: laps, splits, best efforts, time in zones.

Apart from the answers because it is arithmetic on samples; what comes out is already Strava's JSON,
less the ids and dates that `answers` puts around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .activity import Activity
from .sensors import Stream

RUNS = frozenset({"Run", "TrailRun", "VirtualRun"})
RIDES = frozenset({"Ride", "GravelRide", "MountainBikeRide", "VirtualRide", "EBikeRide", "EMountainBikeRide"})
PAUSE = 10
"""Seconds without a sample for which her device had paused."""

MILE = 1609.344
BEST_EFFORTS = (
    ("400m", 400),
    ("1/2 mile", 805),
    ("1K", 1000),
    ("1 mile", 1609),
    ("2 mile", 3219),
    ("5K", 5000),
    ("10K", 10_000),
    ("15K", 15_000),
    ("10 mile", 16_090),
    ("20K", 20_000),
    ("Half-Marathon", 21_097),
    ("30K", 30_000),
    ("Marathon", 42_195),
    ("50K", 50_000),
)
POWER_BUCKETS = (0, 0, *range(50, 500, 50))

Segment = tuple[int, int]
"""The indices of a first and a last sample; the next segment begins where this one ends."""


class Samples:
    """An activity's streams with running totals, so that any segment of it is a subtraction."""

    def __init__(self, streams: Mapping[str, Stream]) -> None:
        self.streams = streams
        self.time = streams.get("time", np.zeros(0, dtype=np.int64))
        nothing = np.zeros(len(self.time))
        self.distance = streams.get("distance", nothing)
        self.altitude = streams.get("altitude", nothing)
        moving = streams.get("moving", np.ones(len(self.time), dtype=bool))
        steps = np.diff(self.time)
        self.ran = _running(steps * (steps <= PAUSE))
        self.moved = _running(steps * moving[1:])
        self.climbed = _running(np.diff(self.altitude).clip(min=0))

    def every(self, metres: float | None) -> list[Segment]:
        """The whole cut at each full `metres` (None: not cut); what is left at the end is a short one."""
        last = len(self.time) - 1
        if last < 1:
            return []
        full = np.arange(metres, self.distance[-1], metres) if metres else np.zeros(0)
        cuts = {int(cut) for cut in np.searchsorted(self.distance, full)}
        return list(pairwise(sorted({0, *cuts, last})))

    def mean(self, key: str, segment: Segment) -> float:
        """The mean of one stream over a segment."""
        return float(self.streams[key][segment[0] : segment[1] + 1].mean())

    def peak(self, key: str, segment: Segment) -> float:
        """The highest value of one stream in a segment."""
        return float(self.streams[key][segment[0] : segment[1] + 1].max())

    def gain(self, segment: Segment) -> float:
        """Metres climbed in a segment."""
        return round(float(self.climbed[segment[1]] - self.climbed[segment[0]]), 1)

    def timer(self, segment: Segment) -> int:
        """Seconds of a segment for which her device ran."""
        return int(self.ran[segment[1]] - self.ran[segment[0]])

    def measures(self, segment: Segment) -> dict[str, Any]:
        """What laps, splits and efforts have in common."""
        first, last = segment
        distance = float(self.distance[last] - self.distance[first])
        moving = int(self.moved[last] - self.moved[first])
        return {
            "elapsed_time": int(self.time[last] - self.time[first]),
            "moving_time": moving,
            "distance": round(distance, 1),
            "average_speed": round(distance / moving, 3) if moving else 0.0,
        }


def laps(activity: Activity, samples: Samples) -> list[dict[str, Any]]:
    """Laps as a device makes them by itself: kilometres of runs, tens of longer rides, else the whole."""
    metres = 1000.0 if activity.sport_type in RUNS else None
    if activity.sport_type in RIDES and activity.distance > 20_000:
        metres = 10_000.0
    out = []
    for number, segment in enumerate(samples.every(metres), 1):
        lap = samples.measures(segment) | {
            "start_time": int(samples.time[segment[0]]),
            "lap_index": number,
            "split": number,
            "start_index": segment[0],
            "end_index": segment[1],
            "total_elevation_gain": samples.gain(segment),
        }
        for name, key in (
            ("average_cadence", "cadence"),
            ("average_watts", "watts"),
            ("average_heartrate", "heartrate"),
        ):
            if key in samples.streams:
                lap[name] = round(samples.mean(key, segment), 1)
        if "heartrate" in samples.streams:
            lap["max_heartrate"] = samples.peak("heartrate", segment)
        if "velocity_smooth" in samples.streams:
            lap["max_speed"] = samples.peak("velocity_smooth", segment)
        out.append(lap)
    return out


def splits(samples: Samples, metres: float) -> list[dict[str, Any]]:
    """One row a kilometre or a mile, with the pace that the same effort gives on the flat."""
    out = []
    for number, segment in enumerate(samples.every(metres), 1):
        split = samples.measures(segment)
        rise = float(samples.altitude[segment[1]] - samples.altitude[segment[0]])
        grade = rise / split["distance"] if split["distance"] else 0.0
        split |= {
            "elevation_difference": round(rise, 1),
            "split": number,
            "average_grade_adjusted_speed": round(split["average_speed"] * _effort(grade), 3),
            "pace_zone": 0,
        }
        if "heartrate" in samples.streams:
            split["average_heartrate"] = samples.mean("heartrate", segment)
        out.append(split)
    return out


def best_efforts(samples: Samples) -> list[dict[str, Any]]:
    """The fastest stretch of each of the usual distances that the run is long enough for."""
    out = []
    for name, metres in BEST_EFFORTS:
        last = np.searchsorted(samples.distance, samples.distance + metres)
        first = np.flatnonzero(last < len(last))
        if not len(first):
            break
        took = samples.time[last[first]] - samples.time[first]
        best = int(first[took.argmin()])
        out.append(
            {
                "name": name,
                "start_time": int(samples.time[best]),
                "elapsed_time": int(took.min()),
                "moving_time": int(took.min()),
                "distance": metres,
                "start_index": best,
                "end_index": int(last[best]),
            }
        )
    return out


def time_in_zones(samples: Samples, key: str, zones: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Seconds in each zone of a stream; a zone is [min, max), and max −1 is open.

    A zone of no width, as power has it, holds just that one value.
    """
    lows = [low + 1 if low == before else low for (low, _), (before, _) in pairwise(zones)]
    zone = np.searchsorted(lows, samples.streams[key][1:], side="right")
    spent = np.bincount(zone, weights=np.diff(samples.time), minlength=len(zones))
    return [
        {"min": low, "max": high, "time": int(seconds)}
        for (low, high), seconds in zip(zones, spent, strict=True)
    ]


def power_buckets() -> list[tuple[int, int]]:
    """Strava's power buckets: standing still, then 50 W each, the last one open."""
    return [*pairwise(POWER_BUCKETS), (POWER_BUCKETS[-1], -1)]


def _effort(grade: float) -> float:
    """What a metre at this grade costs a runner, a metre on the flat being 1 (Minetti 2002)."""
    g = max(-0.3, min(0.3, grade))
    return (155.4 * g**5 - 30.4 * g**4 - 43.3 * g**3 + 46.3 * g**2 + 19.5 * g + 3.6) / 3.6


def _running(values: Stream) -> Stream:
    return np.concatenate([[0], values.cumsum()])
