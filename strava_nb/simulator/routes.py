"""The courses she knows: loops, ways there and back, passes; and the courses without a map.

A file of its own because the calendar only needs a course's numbers, and the streams its every metre.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from strava_nb.simulator import roads
from strava_nb.simulator.roads import Net
from strava_nb.simulator.terrain import (
    ALPS,
    CAIRNGORMS,
    HOME,
    ISLAND,
    KHUMBU,
    ROCKIES,
    SNOW,
    Array,
)

GRADES: Array = np.linspace(-0.24, 0.24, 49)
"""The middles of the grade classes in which a route's metres are counted."""

_PLACES = {
    "home": (HOME, roads.ROAD),
    "tracks": (HOME, roads.TRACK),
    "paths": (HOME, roads.PATH),
    "trails": (HOME, roads.TRAIL),
    "alps": (ALPS, roads.ALPINE_ROAD),
    "cairngorms": (CAIRNGORMS, roads.HIGH_PATH),
    "khumbu": (KHUMBU, roads.HIGH_PATH),
    "rockies": (ROCKIES, roads.TRACK),
    "snow": (SNOW, roads.SMALL_ROAD),
    "island": (ISLAND, roads.SMALL_ROAD),
}


@dataclass(frozen=True, eq=False)
class Route:
    """A course, a point every few metres: where it runs, how high, and what that sums up to.

    `metres_at_grade` holds how many of its metres lie in each of `GRADES`: all that pace, time and
    power need in summary. Without a map `lat` and `lng` are empty and the course is flat.
    """

    timezone: str
    lat: Array = field(repr=False)
    lng: Array = field(repr=False)
    distance: Array = field(repr=False)
    altitude: Array = field(repr=False)
    grade: Array = field(repr=False)
    junctions: Array = field(repr=False)
    metres_at_grade: Array = field(repr=False)
    gain: float
    low: float
    high: float
    middle: float

    @property
    def length(self) -> float:
        """Metres from start to end."""
        return float(self.distance[-1])

    @property
    def mapped(self) -> bool:
        """Whether a device could have recorded positions."""
        return len(self.lat) > 0


@cache
def route(
    kind: str, size: float, bearing: float, *, shape: str = "loop", reverse: bool = False, cut: float = 0.0
) -> Route:
    """The route of about `size` metres that leaves towards `bearing` (degrees), built once.

    `kind` names a net; `shape` is "loop", "out" (up a hill and back), "way" (there only). `reverse` runs
    the same course the other way round; `cut` ends it after so many metres, as a race does.
    """
    if reverse or cut:
        whole = route(kind, size, bearing, shape=shape)
        return _reversed(whole) if reverse else _first(whole, cut)
    place, style = _PLACES[kind]
    web = roads.net(place, style)
    points, heights, junctions = web.through(_stations(web, size, np.radians(bearing), shape))
    return _smooth(web, points, heights, np.array(junctions), there_and_back=shape == "out")


@cache
def flat(length: float, timezone: str) -> Route:
    """A course without map and hills: a pool, a treadmill, a trainer."""
    return _route(timezone, np.zeros((2, 0)), np.array([0.0, length]), np.zeros(2), np.zeros(0))


def _stations(web: Net, size: float, bearing: float, shape: str) -> list[int]:
    home = web.nearest(0, 0)
    toward = np.array([np.sin(bearing), np.cos(bearing)])
    if shape in ("out", "way"):
        reach = size / (2.0 if shape == "out" else 1.0) / 1.35
        return [home, web.nearest(*(toward * reach)) if shape == "way" else web.summit(bearing, reach)]
    radius = size / (2 * np.pi) / 1.22
    centre = toward * radius
    count = 3 if size < 12 * web.style.spacing else 5
    turns = bearing + np.pi + 2 * np.pi * np.arange(1, count) / count
    around = [web.nearest(*(centre + radius * np.array([np.sin(a), np.cos(a)]))) for a in turns]
    return [home, *around, home]


def _smooth(
    web: Net, points: Array, heights: Array, junctions: npt.NDArray[np.int64], *, there_and_back: bool
) -> Route:
    """A route from a net's way: corners rounded, twisted as the land has it, evenly spaced points."""
    style, step = web.style, web.style.step
    along = _along(points)
    fine = np.arange(0, along[-1], step)
    x, y, height = (np.interp(fine, along, v) for v in (points[:, 0], points[:, 1], heights))
    width = int(np.clip(style.spacing * 0.09, 90, 260) / step) | 1
    x, y = (averaged(averaged(v, width), width // 2 | 1) for v in (x, y))
    moved = roads.twisted(np.stack([x, y], axis=1), style, web.ground.place.seed)
    bent = _along(moved)
    distance = np.arange(0, bent[-1], step)
    x, y, height = (np.interp(distance, bent, v) for v in (moved[:, 0], moved[:, 1], height))
    x, y = averaged(x, 3), averaged(y, 3)
    altitude = averaged(averaged(height, int(180 / step) | 1), int(100 / step) | 1)
    limit = 1.6 * style.steepest  # roads are cut into slopes that the land leaves steeper
    grade = limit * np.tanh(np.gradient(altitude, step) / limit)
    even = altitude[0] + np.concatenate([[0.0], np.cumsum((grade[1:] + grade[:-1]) / 2 * step)])
    altitude = even + (altitude[-1] - even[-1]) * distance / distance[-1]
    spots = np.interp(along[junctions], fine, bent)
    if there_and_back:
        x, y, altitude = (np.concatenate([v, v[-2::-1]]) for v in (x, y, altitude))
        spots = np.concatenate([spots, 2 * distance[-1] - spots[-2::-1]])
    distance = _along(np.stack([x, y], axis=1))
    lat, lng = web.ground.degrees(x, y)
    return _route(web.ground.place.timezone, np.stack([lat, lng]), distance, altitude, spots[1:-1])


def _route(timezone: str, course: Array, distance: Array, altitude: Array, spots: Array) -> Route:
    grade = np.gradient(altitude, distance)
    classes = np.clip(np.rint((grade - GRADES[0]) / (GRADES[1] - GRADES[0])), 0, len(GRADES) - 1)
    metres = np.bincount(classes.astype(int), weights=np.gradient(distance), minlength=len(GRADES))
    rises = np.diff(altitude)
    return Route(
        timezone=timezone,
        lat=course[0],
        lng=course[1],
        distance=distance,
        altitude=altitude,
        grade=grade,
        junctions=spots,
        metres_at_grade=metres * (distance[-1] / metres.sum()),
        gain=float(rises[rises > 0].sum()),
        low=float(altitude.min()),
        high=float(altitude.max()),
        middle=float(altitude.mean()),
    )


def _reversed(forth: Route) -> Route:
    end = forth.distance[-1]
    course = np.stack([forth.lat[::-1], forth.lng[::-1]])
    far, spots = end - forth.distance[::-1], end - forth.junctions[::-1]
    return _route(forth.timezone, course, far, forth.altitude[::-1], spots)


def _first(whole: Route, metres: float) -> Route:
    n = int(np.searchsorted(whole.distance, metres)) + 1
    course, spots = np.stack([whole.lat[:n], whole.lng[:n]]), whole.junctions[whole.junctions < metres]
    return _route(whole.timezone, course, whole.distance[:n], whole.altitude[:n], spots)


def _along(points: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def averaged(values: Array, width: int) -> Array:
    """A running mean that keeps both ends in place."""
    half = width // 2
    padded = np.concatenate([np.full(half, values[0]), values, np.full(half, values[-1])])
    sums = np.cumsum(np.concatenate([[0.0], padded]))
    mean: Array = (sums[width:] - sums[:-width]) / width
    mean[0], mean[-1] = values[0], values[-1]
    return mean
