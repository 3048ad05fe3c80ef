"""The land: hills and valleys without a map, the same in every process.

A file of its own because roads, tracks and altitudes all stand on it and it knows none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class Place:
    """A piece of the world around a public spot: where it lies and what its hills are like.

    `altitude` is the height of the spot, `relief` the height from valley to crest, both in metres;
    `ridged` from 0 (rolling hills) to 1 (sharp crests, deep valleys); `valley` is their typical
    distance, `half` how far the land reaches from the spot, in metres.
    """

    key: str
    seed: int
    lat: float
    lng: float
    timezone: str
    altitude: float
    relief: float
    ridged: float
    valley: float
    half: float


def _refined(knots: Array, fine: int) -> Array:
    """Knots along the first axis, drawn out to `fine` smooth values by cubic B-splines.

    Written out rather than as a matrix product, whose last digits differ from machine to machine.
    """
    at = np.linspace(0.0, len(knots) - 3.0 - 1e-9, fine)
    first = at.astype(int)
    t = (at - first)[:, None]
    weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    smooth = np.zeros((fine, knots.shape[1]))
    for k, weight in enumerate(weights):
        smooth += weight / 6 * knots[first + k]
    return smooth


@dataclass(frozen=True, eq=False)
class Land:
    """The heights around a place, in metres, on plane coordinates (x east, y north of the spot)."""

    place: Place
    heights: Array = field(repr=False)
    cell: float

    def height(self, x: Array, y: Array) -> Array:
        """Heights at points, bilinear between the cells; beyond the rim the rim's height."""
        n = len(self.heights)
        u = np.clip((x + self.place.half) / self.cell, 0, n - 1.001)
        v = np.clip((y + self.place.half) / self.cell, 0, n - 1.001)
        i, j = v.astype(int), u.astype(int)
        p, q, h = v - i, u - j, self.heights
        high: Array = (1 - p) * ((1 - q) * h[i, j] + q * h[i, j + 1]) + p * (
            (1 - q) * h[i + 1, j] + q * h[i + 1, j + 1]
        )
        return high

    def degrees(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Latitudes and longitudes of points."""
        lat = self.place.lat + y / METRES_PER_DEGREE
        return lat, self.place.lng + x / (METRES_PER_DEGREE * np.cos(np.radians(self.place.lat)))


@cache
def land(place: Place) -> Land:
    """The land of a place: octaves of smooth noise, the large ones folded into ridges as asked for."""
    rng = np.random.default_rng(place.seed)
    cells = 140 + int(place.half / 300)
    rough = np.zeros((cells, cells))
    knots, weight = 2 * place.half / place.valley, 1.0
    for octave in range(5):
        coarse = int(knots * 2**octave) + 4
        noise = _refined(_refined(rng.normal(size=(coarse, coarse)), cells).T, cells).T * 1.9
        if octave < 3:
            noise = (1 - place.ridged) * noise + place.ridged * (1.2 - 2.2 * np.abs(noise))
        rough += weight * noise
        weight *= 0.5
    heights = rough / (3.4 * rough.std()) * place.relief
    middle = heights[cells // 2 - 2 : cells // 2 + 2, cells // 2 - 2 : cells // 2 + 2].mean()
    heights += place.altitude - middle
    floor = place.altitude - 0.62 * place.relief
    low = heights < floor
    heights[low] = floor + 0.25 * (heights[low] - floor)  # valleys have floors
    return Land(place, heights, 2 * place.half / (cells - 1))


HOME = Place("home", 5, 48.4637, 8.4111, "Europe/Berlin", 720, 520, 0.35, 9_000, 42_000)
"""The market square of Freudenstadt in the Black Forest."""

ALPS = Place("alps", 58, 46.4669, 10.3703, "Europe/Rome", 1_230, 1_700, 0.6, 14_000, 30_000)
"""Bormio, for a week of passes."""

CAIRNGORMS = Place("cairngorms", 23, 57.1895, -3.8288, "Europe/London", 330, 700, 0.3, 7_000, 16_000)
"""Aviemore, for a week of hikes."""

KHUMBU = Place("khumbu", 31, 27.8069, 86.7140, "Asia/Kathmandu", 3_440, 1_300, 0.7, 8_000, 16_000)
"""Namche Bazaar, for a trek in an odd time zone."""

ROCKIES = Place("rockies", 47, 38.5347, -105.9989, "America/Denver", 2_150, 900, 0.5, 10_000, 30_000)
"""Salida, for gravel far from home."""

SNOW = Place("snow", 53, 47.4180, 13.6550, "Europe/Vienna", 1_130, 260, 0.2, 6_000, 12_000)
"""Ramsau, for a week of skating on snow."""

ISLAND = Place("island", 61, -11.6450, 166.9530, "Europe/Berlin", 150, 230, 0.3, 5_000, 9_000)
"""Where virtual rides happen; the clock on the wall stays the one at home."""
