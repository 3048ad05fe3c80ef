"""Courses as a page that is sent around may draw them: nothing near where any of them began or ended.

Stricter than a picture of one's own, which hides the ends of each course from that course alone: on a
page for others a course that passes a home is cut there too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..earth import RADIUS as EARTH
from ..files.privacy import METRES
from ..files.secret import own_secret
from ..files.zones import RADIUS, leads_through, moved, unit_vectors
from ..metrics.polylines import decode_polylines
from ..metrics.reading import Floats, numbers
from ..plots.courses import Courses, courses_from

_DECIMALS, _ROUNDED = 4, 8.0
"""Places that lie some metres apart are hidden as one, in a circle that is larger by as much."""

_SHORT = 250.0
"""Metres; half of a step between two points that counts as short."""


def hidden_courses(rows: pd.DataFrame, *, drawn: NDArray[np.bool_]) -> Courses:
    """The courses of the rows that are `drawn`, without what lies around the ends of any of the rows."""
    if "polyline" not in rows:
        return Courses([], np.empty(0, np.int64))
    decoded = decode_polylines(rows["polyline"])
    these = courses_from(
        [course if there else course[:0] for course, there in zip(decoded, drawn, strict=True)], hide=True
    )
    if not these.pieces:
        return these
    sizes = np.array([len(piece) for piece in these.pieces])
    places = np.concatenate(these.pieces)
    points = unit_vectors(places[:, 0], places[:, 1])
    piece_of = np.repeat(np.arange(len(sizes)), sizes)
    cut = np.diff(piece_of) != 0
    bands = _bands(points, ~cut)
    metres, secret = METRES + _ROUNDED, own_secret()
    lat, lng = _ends(rows, decoded).T
    for centre in moved(lat, lng, METRES, secret):
        near = np.concatenate([band.near(centre) for band in bands])
        # A step that begins or ends in the circle leads through it: points in it stay alone and go.
        cut[near] |= leads_through(points[near], points[near + 1], centre, metres)
    edges = np.concatenate(([0], np.flatnonzero(cut) + 1, [len(points)]))
    kept = np.flatnonzero(np.diff(edges) > 1)
    pieces = [places[edges[one] : edges[one + 1]] for one in kept.tolist()]
    return Courses(pieces, these.rows[piece_of[edges[kept]]], these.notes)


class _Band:
    """Steps of courses by their height over the equator, so that those near a place are found."""

    def __init__(self, steps: NDArray[np.int64], middles: Floats, halves: Floats) -> None:
        self._steps = steps[np.argsort(middles[steps, 2])]
        self._middles = middles[self._steps]
        self._reach = RADIUS * (METRES + _ROUNDED) / EARTH + float(halves[steps].max(initial=0.0))

    def near(self, centre: Floats) -> NDArray[np.int64]:
        """The steps that may lead through a place's circle."""
        heights = centre[2] - self._reach, centre[2] + self._reach
        first, last = np.searchsorted(self._middles[:, 2], heights)
        off = np.abs(self._middles[first:last, :2] - centre[:2])
        found: NDArray[np.int64] = self._steps[first:last][(off <= self._reach).all(axis=1)]
        return found


def _bands(points: Floats, steps: NDArray[np.bool_]) -> list[_Band]:
    """The short steps and the long ones, which reach farther: where each leads is found for both."""
    middles, halves = (points[:-1] + points[1:]) / 2, np.linalg.norm(np.diff(points, axis=0), axis=1) / 2
    short = halves <= _SHORT / EARTH
    return [_Band(np.flatnonzero(steps & those), middles, halves) for those in (short, ~short)]


def _ends(rows: pd.DataFrame, decoded: list[Floats]) -> Floats:
    """Where the activities began and ended, each place once: latitude and longitude in degrees."""
    told = [
        np.stack([numbers(rows, f"{end}_lat"), numbers(rows, f"{end}_lng")], axis=1)
        for end in ("start", "end")
    ]
    drawn = [course[[0, -1]] for course in decoded if len(course)]
    every = np.concatenate([*told, *drawn])
    known: Floats = every[np.isfinite(every).all(axis=1)]
    return np.unique(np.round(known, _DECIMALS), axis=0)
