"""What Strava works out from an activity's streams: laps, splits, best efforts, time in zones.

Apart from the answers because it is arithmetic on samples; what comes out is already Strava's JSON,
less the ids and dates that `answers` puts around it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any

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

    def __init__(self, streams: dict[str, Any]) -> None:
        self.streams = streams
        self.time = _filled(streams.get("time", ()))
        self.distance = _filled(streams.get("distance") or [0.0] * len(self.time))
        steps = [b - a for a, b in pairwise(self.time)]
        moving = streams.get("moving") or [True] * len(self.time)
        self.moved = list(
            accumulate((s if on else 0 for s, on in zip(steps, moving[1:], strict=True)), initial=0)
        )
        altitude = _filled(streams.get("altitude") or [0.0] * len(self.time))
        self.climbed = list(accumulate((max(0.0, b - a) for a, b in pairwise(altitude)), initial=0.0))
        self.altitude = altitude

    def __len__(self) -> int:
        return len(self.time)

    def every(self, metres: float | None) -> list[Segment]:
        """The whole cut at each full `metres` (None: not cut); what is left at the end is a short one."""
        last = len(self) - 1
        if last < 1:
            return []
        cuts = [0]
        total = self.distance[-1]
        if metres:
            at = metres
            while at < total:
                cut = bisect_left(self.distance, at)
                if cuts[-1] < cut < last:
                    cuts.append(cut)
                at += metres
        return list(pairwise([*cuts, last]))

    def mean(self, key: str, segment: Segment) -> float | None:
        """The mean of one stream over a segment, None where nothing was recorded."""
        stream = self.streams.get(key)
        values = [v for v in stream[segment[0] : segment[1] + 1] if v is not None] if stream else []
        return sum(values) / len(values) if values else None

    def peak(self, key: str, segment: Segment) -> float | None:
        """The highest value of one stream in a segment."""
        stream = self.streams.get(key)
        values = [v for v in stream[segment[0] : segment[1] + 1] if v is not None] if stream else []
        return max(values) if values else None

    def measures(self, segment: Segment) -> dict[str, Any]:
        """What laps, splits and efforts have in common."""
        first, last = segment
        distance = self.distance[last] - self.distance[first]
        moving = int(self.moved[last] - self.moved[first])
        return {
            "elapsed_time": int(self.time[last] - self.time[first]),
            "moving_time": moving,
            "distance": round(distance, 1),
            "average_speed": round(distance / moving, 3) if moving else 0.0,
        }


def laps(samples: Samples, metres: float | None) -> list[dict[str, Any]]:
    """Laps as a device makes them by itself: one each `metres`, or one for the whole."""
    out = []
    for number, segment in enumerate(samples.every(metres), 1):
        lap = samples.measures(segment) | {
            "start_time": int(samples.time[segment[0]]),
            "max_speed": round(samples.peak("velocity_smooth", segment) or 0.0, 3),
            "lap_index": number,
            "split": number,
            "start_index": segment[0],
            "end_index": segment[1],
            "total_elevation_gain": round(samples.climbed[segment[1]] - samples.climbed[segment[0]], 1),
        }
        for name, key, digits in (
            ("average_cadence", "cadence", 1),
            ("average_watts", "watts", 1),
            ("average_heartrate", "heartrate", 1),
        ):
            if (value := samples.mean(key, segment)) is not None:
                lap[name] = round(value, digits)
        if (top := samples.peak("heartrate", segment)) is not None:
            lap["max_heartrate"] = float(top)
        out.append(lap)
    return out


def splits(samples: Samples, metres: float) -> list[dict[str, Any]]:
    """One row a kilometre or a mile, with the pace that the same effort gives on the flat."""
    out = []
    for number, segment in enumerate(samples.every(metres), 1):
        split = samples.measures(segment)
        rise = samples.altitude[segment[1]] - samples.altitude[segment[0]]
        split["elevation_difference"] = round(rise, 1)
        split["split"] = number
        split["average_grade_adjusted_speed"] = round(
            split["average_speed"] * _effort(rise / split["distance"] if split["distance"] else 0.0), 3
        )
        if (heart := samples.mean("heartrate", segment)) is not None:
            split["average_heartrate"] = heart
        split["pace_zone"] = 0
        out.append(split)
    return out


def best_efforts(samples: Samples) -> list[dict[str, Any]]:
    """The fastest stretch of each of the usual distances that the run is long enough for."""
    out = []
    for name, metres in BEST_EFFORTS:
        segment = _fastest(samples, metres)
        if segment is None:
            break
        elapsed = int(samples.time[segment[1]] - samples.time[segment[0]])
        out.append(
            {
                "name": name,
                "start_time": int(samples.time[segment[0]]),
                "elapsed_time": elapsed,
                "moving_time": elapsed,
                "distance": metres,
                "start_index": segment[0],
                "end_index": segment[1],
            }
        )
    return out


def _fastest(samples: Samples, metres: float) -> Segment | None:
    distance, time = samples.distance, samples.time
    if not distance or distance[-1] - distance[0] < metres:
        return None
    best: Segment | None = None
    last = 0
    for first in range(len(distance)):
        while last < len(distance) and distance[last] - distance[first] < metres:
            last += 1
        if last == len(distance):
            break
        if best is None or time[last] - time[first] < time[best[1]] - time[best[0]]:
            best = first, last
    return best


def time_in_zones(samples: Samples, key: str, zones: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Seconds in each zone of a stream; a zone is [min, max), and max −1 is open."""
    spent = [0] * len(zones)
    for value, (before, now) in zip(samples.streams[key][1:], pairwise(samples.time), strict=True):
        if value is None:
            continue
        for zone, (low, high) in enumerate(zones):
            if low <= value and (high == -1 or value < high or low == high == value):
                spent[zone] += int(now - before)
                break
    return [
        {"min": low, "max": high, "time": seconds} for (low, high), seconds in zip(zones, spent, strict=True)
    ]


def power_buckets() -> list[tuple[int, int]]:
    """Strava's power buckets: standing still, then 50 W each, the last one open."""
    return [*pairwise(POWER_BUCKETS), (POWER_BUCKETS[-1], -1)]


def _effort(grade: float) -> float:
    """What a metre at this grade costs a runner, a metre on the flat being 1 (Minetti 2002)."""
    g = max(-0.3, min(0.3, grade))
    return (155.4 * g**5 - 30.4 * g**4 - 43.3 * g**3 + 46.3 * g**2 + 19.5 * g + 3.6) / 3.6


def _filled(values: Iterable[float | None]) -> list[float]:
    out: list[float] = []
    for value in values:
        out.append(value if value is not None else (out[-1] if out else 0))
    return out
