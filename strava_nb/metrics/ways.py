"""Activities that went the same way, found from the simplified courses of their summaries.

A way is the set of places it leads through: neither the direction nor the start of a loop matters.
Each activity is compared with the first one on each way, and only where length and extent allow, so
that thousands take seconds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadInput
from .polylines import decode_polylines
from .reading import (
    Floats,
    activities_of,
    floats,
    moments,
    numbers,
    product,
    ratio,
    result,
    texts,
    times,
    wholes,
)
from .samples import NO_ID

TOLERANCE = 75.0
"""Metres: GPS noise, the other side of the road, and what simplifying a course moves it by."""

ALIKE, LENGTH = 0.9, 0.1
_SURE = 0.98
"""Of a way as alike as this no other is looked for."""

_MIDDLE = 0.03
"""Share of its length by which a course's middle moves at most, where a tenth of it leads elsewhere."""

_POINTS, _FEW = 96, 8
_DEGREE = 111_195.0
_SHORTEST = 5
"""Times the tolerance: what is shorter is a place, not a way."""


def same_routes(table: pd.DataFrame, *, tolerance: float = TOLERANCE) -> pd.DataFrame:
    """Which way each activity went, one row an activity; those with one `route` went the same way.

    Two went the same way if they are of one sport group, their lengths are within 10 %, and 90 % of
    each course (taken at 96 points) lies within `tolerance` metres of the other; direction and start
    do not matter. Compared is with the first that went that way. Courses are those of the summaries,
    simplified by Strava: no call is made. Route 1 is the one gone most often. Elsewhere: matched
    activities (Strava).

    Columns: id, start_date_local, sport_group, route (Int64; NA without a course), times (Int64, how
    often that way was gone), alike (Float64, the lesser share within tolerance). `.attrs`: tolerance,
    computed (share of the activities with a course). Raises BadInput for a tolerance not above 0.
    """
    if not tolerance > 0:
        raise BadInput(f"{tolerance!r} m is no tolerance.", "Give metres, such as tolerance=75.")
    rows = activities_of(table, "id", "start_date_local", "sport_group", "polyline")
    courses = decode_polylines(rows["polyline"])
    metres = numbers(rows, "distance")
    groups = pd.factorize(rows["sport_group"])[0]
    ways = _Ways(len(rows), tolerance)
    began = moments(rows)
    ids = rows["id"].to_numpy("int64", na_value=NO_ID)
    route, alike = np.full(len(rows), -1), np.full(len(rows), np.nan)
    for row in np.lexsort((ids, began)).tolist():
        if (courses[row] != courses[row][:1]).any():
            course = _Course(courses[row], metres[row])
            if course.length >= _SHORTEST * tolerance:
                route[row], alike[row] = ways.find(course, int(groups[row]))
    gone = np.bincount(route[route >= 0], minlength=ways.count)
    rank = np.empty(ways.count, np.int64)
    rank[np.argsort(-gone, kind="stable")] = np.arange(1, ways.count + 1)
    there = route >= 0
    number, often = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    number[there], often[there] = rank[route[there]], gone[route[there]]
    data = {
        "id": rows["id"].astype("Int64").array,
        "start_date_local": times(began),
        "sport_group": texts(rows["sport_group"].astype("object")),
        "route": wholes(number),
        "times": wholes(often),
        "alike": floats(alike),
    }
    if "source" in rows:
        data["source"] = texts(rows["source"].astype("object"))
    return result(data, rows, tolerance=float(tolerance), computed=float(there.mean()) if len(rows) else 0.0)


def route_trend(
    table: pd.DataFrame, *, like: int | None = None, tolerance: float = TOLERANCE
) -> pd.DataFrame:
    """Every time one way was gone, the earliest first: the usual loop, unless `like` names another.

    `like` is the id of an activity on the way; else it is the way gone most often. `efficiency` is
    metres a heartbeat, from the averages. `.attrs["trend"]` tells by how much moving_time (s) and
    efficiency change a year (least squares; None for fewer than three times or within four weeks).

    Columns: id, name, start_date_local, distance (m), moving_time (s), average_speed (m/s),
    average_heartrate (bpm), efficiency (Float64). `.attrs`: trend, times, tolerance, basis
    ("summary"). Empty where no way was gone twice. Raises BadInput where `like` is not on a way.
    """
    rows = activities_of(table, "id", "start_date_local", "sport_group", "polyline")
    found = same_routes(rows, tolerance=tolerance)
    route = found["route"].to_numpy("float64", na_value=np.nan)
    if like is None:
        on = (route == 1) & (numbers(found, "times") > 1)
    else:
        this = route[(found["id"] == like).to_numpy(bool, na_value=False)]
        if not len(this) or np.isnan(this[0]):
            raise BadInput(f"Activity {like} has no course in this table.", "Give the id of one that has.")
        on = route == this[0]
    began = moments(rows)
    chosen = np.flatnonzero(on)
    chosen = chosen[np.argsort(began[chosen], kind="stable")]
    rows, began = rows.iloc[chosen], began[chosen]
    moving, speed = numbers(rows, "moving_time"), numbers(rows, "average_speed")
    heart = numbers(rows, "average_heartrate")
    efficiency = 60 * ratio(speed, heart)
    years = (began - began[:1]).astype("timedelta64[s]").astype(np.float64) / (365.25 * 86_400)
    return result(
        {
            "id": rows["id"].astype("Int64").array,
            "name": texts(rows["name"].astype("object") if "name" in rows else [None] * len(rows)),
            "start_date_local": times(began),
            "distance": floats(numbers(rows, "distance")),
            "moving_time": wholes(moving),
            "average_speed": floats(speed),
            "average_heartrate": floats(heart),
            "efficiency": floats(efficiency),
        },
        rows,
        trend={
            "moving_time": slope(years, moving),
            "efficiency": slope(years, efficiency),
        },
        times=len(rows),
        tolerance=float(tolerance),
        basis="summary",
    )


def slope(years: Floats, values: Floats) -> float | None:
    """The change a year of the straight line through the values, None of too few or too near ones."""
    known = np.isfinite(values) & np.isfinite(years)
    x, y = years[known], values[known]
    if len(x) < 3 or x.max() - x.min() < 28 / 365.25:
        return None
    off = x - x.mean()
    return product(off, y) / product(off, off)


class _Course:
    """A course: `points` evenly along it, its `extent` and middle in degrees, its length in metres."""

    def __init__(self, corners: Floats, metres: float) -> None:
        corners = np.stack([corners[:, 0], np.unwrap(corners[:, 1], period=360)], axis=1)
        self._origin = corners[0]
        flat = _flat(corners, self._origin)
        steps = np.diff(flat, axis=0)
        along = np.concatenate(([0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))))
        where = np.linspace(0, along[-1], _POINTS)
        self.points = np.stack([np.interp(where, along, corners[:, i]) for i in (0, 1)], axis=1)
        self.between = float(along[-1]) / (_POINTS - 1)
        self.length = float(metres) if metres > 0 else float(along[-1])
        self.extent = np.concatenate([corners.min(axis=0), corners.max(axis=0), self.points.mean(axis=0)])
        self.latitude = float(self._origin[0])
        moved = along[1:] > along[:-1]
        # Single precision is a centimetre on a hundred kilometres, and half the work.
        self._start, self._step = flat[:-1][moved].T.astype(np.float32), steps[moved].T.astype(np.float32)
        self._unit = self._step / (self._step**2).sum(axis=0)

    def near(self, points: Floats, tolerance: float) -> NDArray[np.bool_]:
        """Which of the points lie within the tolerance of this course."""
        east, north = _flat(points, self._origin).T.astype(np.float32)[:, :, None]
        off_east, off_north = east - self._start[0], north - self._start[1]
        part = off_east * self._unit[0]
        part += off_north * self._unit[1]
        np.maximum(part, 0, out=part)
        np.minimum(part, 1, out=part)
        off_east -= part * self._step[0]
        part *= self._step[1]
        off_north -= part
        off_east *= off_east
        off_north *= off_north
        off_east += off_north
        close: NDArray[np.bool_] = off_east.min(axis=1) <= tolerance * tolerance
        return close


class _Ways:
    """The ways found so far, each known by the first course that went it."""

    def __init__(self, most: int, tolerance: float) -> None:
        self._tolerance = tolerance
        self._firsts: list[_Course] = []
        self._lengths, self._groups = np.zeros(most), np.zeros(most, np.int64)
        self._extents, self._points = np.zeros((most, 6)), np.zeros((2, most, _POINTS), np.float32)
        self._between = np.zeros(most)

    @property
    def count(self) -> int:
        return len(self._firsts)

    def find(self, course: _Course, group: int) -> tuple[int, float]:
        """The way that a course went, a new one if need be, and how alike the two are."""
        best, way = 0.0, -1
        for one in self._candidates(course, group):
            alike = self._alike(self._firsts[one], course)
            if alike > best:
                best, way = alike, one
            if best >= _SURE:
                break
        if best >= ALIKE:
            return way, best
        way = self.count
        self._lengths[way], self._groups[way], self._between[way] = course.length, group, course.between
        self._extents[way], self._points[:, way] = course.extent, course.points.T
        self._firsts.append(course)
        return way, 1.0

    def _candidates(self, course: _Course, group: int) -> list[int]:
        """The ways that it may be by sport, length, extent, middle and eight points, the likeliest first."""
        lengths = self._lengths[: self.count]
        fits = np.abs(lengths - course.length) <= LENGTH * np.maximum(lengths, course.length)
        fits &= self._groups[: self.count] == group
        found = np.flatnonzero(fits)
        shrink = max(np.cos(np.radians(course.latitude)), 0.01)
        off_course = np.array([LENGTH] * 4 + [_MIDDLE] * 2) * course.length
        allowed = (self._tolerance + off_course) / _DEGREE
        allowed[1::2] /= shrink
        off = np.abs((self._extents[found] - course.extent + 180) % 360 - 180)
        near = (off <= allowed).all(axis=1)
        found = found[near][np.argsort(off[near].sum(axis=1), kind="stable")]
        few = course.points[:: _POINTS // _FEW].T.astype(np.float32)[:, None, :, None]
        off_north, off_east = self._points[:, found][:, :, None, :] - few
        round_the_world = 360 * np.round((self._extents[found, 5] - course.extent[5]) / 360)
        off_east -= round_the_world[:, None, None].astype(np.float32)
        off_east *= shrink
        off_north *= off_north
        off_east *= off_east
        off_north += off_east
        reach = (self._tolerance + self._between[found] / 2) / _DEGREE
        there = (off_north.min(axis=2) <= reach[:, None] ** 2).sum(axis=1)
        likely: list[int] = found[there >= ALIKE * _FEW - 1].tolist()
        return likely

    def _alike(self, first: _Course, other: _Course) -> float:
        """The lesser of the shares of each course that lie near the other."""
        there = float(first.near(other.points, self._tolerance).mean())
        if there < ALIKE:
            return there
        return min(there, float(other.near(first.points, self._tolerance).mean()))


def _flat(degrees: Floats, origin: Floats) -> Floats:
    """Metres east and north of a place, on a plane that touches the earth there."""
    north = (degrees[:, 0] - origin[0]) * _DEGREE
    east = ((degrees[:, 1] - origin[1] + 180) % 360 - 180) * (_DEGREE * np.cos(np.radians(origin[0])))
    return np.stack([east, north], axis=1)
