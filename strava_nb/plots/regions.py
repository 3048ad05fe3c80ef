"""Where most of it was: one region of those that a table's courses lie in, and how far away the others are.

A picture of home and of a holiday together would show neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..metrics.reading import Floats
from .courses import METRES_A_DEGREE, Courses

_APART = 60_000.0
"""Metres between the middles of two courses above which they are not of one region by themselves."""

_CELL = 0.05
_EARTH = 6_371_008.8
_EDGE = 0.005
"""The share of what was gone, on each side, that the picture may leave out so that the rest is larger."""

_LEAST = 600.0


@dataclass(frozen=True, slots=True)
class Region:
    """The rows whose courses are in the region with the most; the others, and how far away each is (m)."""

    inside: NDArray[np.int64]
    outside: NDArray[np.int64]
    away: Floats
    places: int


def densest(courses: Courses) -> Region:
    """The region with the most activities: those whose middles are joined by steps of up to 60 km."""
    numbers = courses.numbers
    middles = _middles(courses)
    cells, cell = np.unique(np.round(middles / _CELL), axis=0, return_inverse=True)
    cell = cell.ravel()
    group = _joined(cells * _CELL)[cell]
    sizes = np.bincount(group)
    most = int(sizes.argmax())
    here = group == most
    away = _distances(middles[~here], np.median(middles[here], axis=0))
    return Region(numbers[here], numbers[~here], away, len(sizes) - 1)


def frame_of(pieces: list[Floats], *, least_tall: float) -> tuple[Floats, Floats]:
    """The lowest and highest (latitude, longitude) between which nearly all of the way lies, with some air.

    The height is at least `least_tall` times the width, and the width likewise.
    """
    steps = np.concatenate([np.abs(np.diff(piece, axis=0)) for piece in pieces])
    middles = np.concatenate([(piece[1:] + piece[:-1]) / 2 for piece in pieces])
    shrink = max(float(np.cos(np.radians(np.median(middles[:, 0])))), 0.01)
    weights = np.hypot(steps[:, 0], steps[:, 1] * shrink)
    low, high = np.empty(2), np.empty(2)
    for axis in (0, 1):
        order = np.argsort(middles[:, axis], kind="stable")
        gone = np.cumsum(weights[order])
        ends = np.searchsorted(gone, [gone[-1] * _EDGE, gone[-1] * (1 - _EDGE)])
        low[axis], high[axis] = middles[order[ends.clip(0, len(order) - 1)], axis]
    middle, half = (low + high) / 2, (high - low) / 2 * (1, shrink)
    most = max(float(half.max()), _LEAST / 2 / METRES_A_DEGREE)
    half = np.maximum(half, most * least_tall) + most * 0.06
    half /= (1, shrink)
    return middle - half, middle + half


def _middles(courses: Courses) -> Floats:
    """The middle of each activity's extent, longitudes within ±180."""
    numbers = courses.numbers
    first, last = (np.searchsorted(courses.rows, numbers, side=side) for side in ("left", "right"))
    lows = np.array([piece.min(axis=0) for piece in courses.pieces])
    highs = np.array([piece.max(axis=0) for piece in courses.pieces])
    middles = np.array(
        [
            (lows[a:b].min(axis=0) + highs[a:b].max(axis=0)) / 2
            for a, b in zip(first.tolist(), last.tolist(), strict=True)
        ]
    )
    middles[:, 1] = (middles[:, 1] + 180) % 360 - 180
    return middles


def _distances(places: Floats, place: Floats) -> Floats:
    """Metres between each of the places and one."""
    lat, lng = np.radians(places).T
    north, east = np.radians(place)
    half = np.sin((lat - north) / 2) ** 2 + np.cos(lat) * np.cos(north) * np.sin((lng - east) / 2) ** 2
    distances: Floats = 2 * _EARTH * np.arcsin(np.sqrt(half.clip(0, 1)))
    return distances


def _joined(places: Floats) -> NDArray[np.int64]:
    """The number of the group of each, those that are near one another being of one group."""
    group = np.full(len(places), -1)
    count = 0
    for start in range(len(places)):
        if group[start] >= 0:
            continue
        group[start] = count
        waiting = [start]
        while waiting:
            others = np.flatnonzero(group < 0)
            more = others[_distances(places[others], places[waiting.pop()]) <= _APART]
            group[more] = count
            waiting += more.tolist()
        count += 1
    return group
