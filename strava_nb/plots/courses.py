"""The courses of a table's activities as lines, without what is to be hidden: for pictures of many.

Here alone is decided where a course breaks and which activities have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..files.privacy import METRES
from ..files.secret import own_secret
from ..files.zones import in_circle, moved, through_circle, unit_vectors
from ..metrics.polylines import decode_polylines
from ..metrics.reading import Floats
from .chosen import said

METRES_A_DEGREE = 111_195.0
_STILL = 20.0
"""Metres within which all of a course is one place, which is no line."""

_DECIMALS, _ROUNDED = 4, 8.0
"""Of an end of a course in degrees, and the metres by which that may move it at most."""


@dataclass(frozen=True, slots=True)
class Courses:
    """Pieces of courses, each of (points, 2) latitudes and longitudes, and whose row each is.

    `notes` say which activities have none, and what is hidden.
    """

    pieces: list[Floats]
    rows: NDArray[np.int64]
    notes: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The rows that have a course, each once, in the table's order."""
        return np.unique(self.rows)


def courses_of(polylines: Iterable[Any], *, hide: bool) -> Courses:
    """The courses of a column of polylines; with `hide`, without what lies around start and end."""
    return courses_from(decode_polylines(polylines), hide=hide)


def courses_from(decoded: Iterable[Floats], *, hide: bool) -> Courses:
    """The same, of polylines that are decoded already."""
    whole = [_unwrapped(course) for course in decoded]
    there = [row for row, course in enumerate(whole) if _extent(course) > _STILL]
    notes = said(len(whole) - len(there), "activity has", "activities have", "no course")
    if not (hide and there):
        return Courses([whole[row] for row in there], np.array(there, np.int64), notes)
    pieces, rows = _without_ends([whole[row] for row in there], np.array(there, np.int64))
    gone = len(there) - len(np.unique(rows))
    notes = [
        f"Hidden: at least {METRES:g} m around start and end.",
        *said(gone, "activity lies", "activities lie", "within what is hidden"),
        *notes,
    ]
    return Courses(pieces, rows, notes)


def _without_ends(courses: list[Floats], rows: NDArray[np.int64]) -> tuple[list[Floats], NDArray[np.int64]]:
    """The pieces that `files.hide_places` would leave of each course, and whose they are.

    Of all courses at once, and of ends that are a few metres apart as of one, in a circle that is larger
    by as much: one after the other, thousands would take a while.
    """
    secret = own_secret()
    sizes = np.array([len(course) for course in courses])
    which, places = np.repeat(np.arange(len(courses)), sizes), np.concatenate(courses)
    points = unit_vectors(places[:, 0], places[:, 1])
    goes, cut = np.full(len(places), False), np.full(len(places) - 1, False)
    for end in (0, -1):
        ends = np.round([course[end] for course in courses], _DECIMALS)
        spots, spot = np.unique(ends, axis=0, return_inverse=True)
        lat, lng = spots.T
        centres = moved(lat, lng, METRES, secret)[spot.ravel()][which]
        goes |= in_circle(points, centres, METRES + _ROUNDED)
        cut |= through_circle(points, centres[:-1], METRES + _ROUNDED)
    breaks = cut | goes[1:] | goes[:-1] | (which[1:] != which[:-1])
    edges = np.concatenate(([0], np.flatnonzero(breaks) + 1, [len(places)]))
    long = np.flatnonzero(np.diff(edges) > 1)
    return [places[edges[one] : edges[one + 1]] for one in long.tolist()], rows[which[edges[long]]]


def flat(places: Floats, origin: Floats) -> Floats:
    """Metres east and north of a place, near enough over one region; of shape (points, 2)."""
    east = (places[:, 1] - origin[1]) * (METRES_A_DEGREE * np.cos(np.radians(origin[0])))
    return np.stack([east, (places[:, 0] - origin[0]) * METRES_A_DEGREE], axis=1)


def _unwrapped(places: Floats) -> Floats:
    """The places with longitudes that go on past 180 over the date line."""
    east = places[:, 1]
    if not len(east) or east.max() - east.min() < 180:
        return places
    return np.stack([places[:, 0], np.unwrap(east, period=360)], axis=1)


def _extent(places: Floats) -> float:
    """The diagonal of what a course covers, in metres."""
    if len(places) < 2:
        return 0.0
    tall, wide = (places.max(axis=0) - places.min(axis=0)).tolist()
    return METRES_A_DEGREE * float(np.hypot(tall, wide * np.cos(np.radians(places[0, 0]))))
