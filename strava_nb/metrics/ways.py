"""Activities that went the same way, found from the simplified courses of their summaries.

A way is the set of places it leads through: neither the direction nor the start of a loop matters.
Each activity is compared with the first one on each way (how: `alike`), and only where length and extent
allow, so that thousands take a second.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadInput
from .alike import AlikeCourses
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
    metres, groups = numbers(rows, "distance"), pd.factorize(rows["sport_group"])[0]
    began = moments(rows)
    in_order = np.lexsort((rows["id"].to_numpy("int64", na_value=NO_ID), began)).tolist()
    there = np.array([row for row in in_order if (courses[row] != courses[row][:1]).any()], np.int64)
    number, often, alike = (np.full(len(rows), np.nan) for _ in range(3))
    if len(there):
        lines = AlikeCourses(
            [courses[row] for row in there], metres[there], tolerance=tolerance, share=ALIKE, length=LENGTH
        )
        ways = np.flatnonzero(lines.lengths >= _SHORTEST * tolerance)  # what is shorter is a place
        on = there[ways]
        route, alike[on] = _routes(lines, ways, groups[there])
        number[on], often[on] = _ranked(route)
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
    return result(
        data,
        rows,
        tolerance=float(tolerance),
        computed=float(np.isfinite(number).mean()) if len(rows) else 0.0,
    )


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
    began = moments(rows)
    chosen = np.flatnonzero(_on_the_way(found, like))
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


def _on_the_way(found: pd.DataFrame, like: int | None) -> NDArray[np.bool_]:
    """Which activities of `same_routes` went the way of `like`, or the usual one."""
    route = numbers(found, "route")
    on: NDArray[np.bool_]
    if like is None:
        on = (route == 1) & (numbers(found, "times") > 1)
    else:
        this = route[(found["id"] == like).to_numpy(bool, na_value=False)]
        if not len(this) or np.isnan(this[0]):
            raise BadInput(f"Activity {like} has no course in this table.", "Give the id of one that has.")
        on = route == this[0]
    return on


def _ranked(route: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of ways, that of the way gone most often being 1, and how often each was gone."""
    gone = np.bincount(route)
    rank = np.empty(len(gone), np.int64)
    rank[np.argsort(-gone, kind="stable")] = np.arange(1, len(gone) + 1)
    return rank[route], gone[route]


def _routes(
    lines: AlikeCourses, ways: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Floats]:
    """A number for each of the ways, that of the first one that went there, and how alike the two are."""
    route, best = np.full(len(groups), -1), np.zeros(len(groups))
    count = 0
    for place, first in enumerate(ways.tolist()):
        if route[first] >= 0:
            continue
        route[first], best[first] = count, 1.0
        later = ways[place + 1 :]
        others, alike = lines.shares(first, later[(best[later] < _SURE) & (groups[later] == groups[first])])
        better = (alike >= ALIKE) & (alike > best[others])
        route[others[better]], best[others[better]] = count, alike[better]
        count += 1
    return route[ways], best[ways]
