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

_BINS = 20_000
"""Parts of the whole extent to which an edge is found: much faster than sorting, and finer than a point."""

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
    places = np.concatenate(pieces)
    within = np.full(len(places), True)
    within[np.cumsum([len(piece) for piece in pieces]) - 1] = False
    begin, end = places[within], places[1:][within[:-1]]
    steps, middles = np.abs(end - begin), (begin + end) / 2
    shrink = max(float(np.cos(np.radians(np.median(middles[:, 0])))), 0.01)
    weights = np.hypot(steps[:, 0], steps[:, 1] * shrink)
    low, high = np.empty(2), np.empty(2)
    for axis in (0, 1):
        least, most = float(middles[:, axis].min()), float(middles[:, axis].max())
        bin_wide = (most - least) / _BINS or 1.0
        numbered = ((middles[:, axis] - least) / bin_wide).astype(np.int64)
        gone = np.cumsum(np.bincount(numbered, weights))
        ends = np.searchsorted(gone, [gone[-1] * _EDGE, gone[-1] * (1 - _EDGE)])
        low[axis], high[axis] = least + bin_wide * (ends + np.arange(2)).clip(0, _BINS)
    middle, half = (low + high) / 2, (high - low) / 2 * (1, shrink)
    most = max(float(half.max()), _LEAST / 2 / METRES_A_DEGREE)
    half = np.maximum(half, most * least_tall) + most * 0.06
    half /= (1, shrink)
    return middle - half, middle + half


def _middles(courses: Courses) -> Floats:
    """The middle of each activity's extent, longitudes within ±180."""
    numbers = courses.numbers
    firsts = np.searchsorted(courses.rows, numbers)
    starts = np.concatenate(([0], np.cumsum([len(piece) for piece in courses.pieces])))[firsts]
    places = np.concatenate(courses.pieces)
    middles = (np.minimum.reduceat(places, starts) + np.maximum.reduceat(places, starts)) / 2
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
