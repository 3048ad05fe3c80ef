"""Circles that hide a place without drawing attention to it: moved by a secret, the same way each time.

The way a place moves changes slowly over the country, so that starts some metres apart, at one door,
move alike. There is no grid whose lines a home could lie on: the secret gives a number to each corner of
cubes that fill space, and between the corners the numbers pass into one another. Space, not a map,
so that the poles and the antimeridian are places like any other.
"""

from __future__ import annotations

import hmac
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ..metrics.reading import Floats

RADIUS = 1.5
"""Of a circle, in times the metres asked for."""

LEAST_MOVE, MOST_MOVE = 0.26, 0.48
"""How far its centre is from the place, likewise. What lies within the metres asked for is always in the
circle (1 + 0.48 < 1.5, which leaves 2 % for the earth not being a sphere)."""

_EARTH = 6_371_008.8
_CUBE = 8_000.0
_TURNS = 4
"""So often can the way turn between two corners of a cube: places far apart tell nothing of each other."""


def unit_vectors(lat: Floats, lng: Floats) -> Floats:
    """Positions in degrees as points on a sphere of radius 1, one a row."""
    north, east = np.radians(lat), np.radians(lng)
    flat = np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)], axis=-1)


def moved(lat: float, lng: float, metres: float, secret: bytes) -> Floats:
    """The centre of the circle that hides a place, on the sphere of radius 1."""
    place = unit_vectors(np.array(lat), np.array(lng))
    turn, length = _numbers_at(place * _EARTH, metres, secret)
    angle = 2 * np.pi * _TURNS * turn
    east = np.array([-np.sin(np.radians(lng)), np.cos(np.radians(lng)), 0.0])
    way = east * np.sin(angle) + np.cross(place, east) * np.cos(angle)
    metres_moved = metres * (LEAST_MOVE + (MOST_MOVE - LEAST_MOVE) * length)
    centre: Floats = place + way * np.tan(metres_moved / _EARTH)
    return centre / np.linalg.norm(centre)


def in_circle(points: Floats, centre: Floats, metres: float) -> NDArray[np.bool_]:
    """Which of the points lie in the circle that hides `metres` around a place."""
    inside: NDArray[np.bool_] = np.linalg.norm(points - centre, axis=1) <= _chord(metres)
    return inside


def through_circle(points: Floats, centre: Floats, metres: float) -> NDArray[np.bool_]:
    """Between which of the points and the next the line leads through the circle."""
    begin, step = points[:-1], np.diff(points, axis=0)
    square = (step**2).sum(axis=1)
    along = ((centre - begin) * step).sum(axis=1)
    part = np.clip(np.divide(along, square, out=np.zeros_like(along), where=square > 0), 0, 1)
    nearest = begin + part[:, None] * step
    length = np.linalg.norm(nearest, axis=1, keepdims=True)
    nearest = np.divide(nearest, length, out=begin.copy(), where=length > 0)
    return in_circle(nearest, centre, metres)


def _chord(metres: float) -> float:
    return float(2 * np.sin(RADIUS * metres / _EARTH / 2))


def _numbers_at(place: Floats, metres: float, secret: bytes) -> tuple[float, float]:
    """Two numbers of 0 to 1, the same for the same place and nearly the same for one nearby."""
    corner, part = np.divmod(place / _CUBE, 1)
    turn = length = 0.0
    for ends in product((0, 1), repeat=3):
        weight = float(np.prod(np.where(ends, part, 1 - part)))
        name = "{}|{}|{}|{:g}".format(*(corner.astype(int) + ends).tolist(), metres)
        number = hmac.digest(secret, name.encode(), "sha256")
        turn += weight * int.from_bytes(number[:8], "big") / 2**64
        length += weight * int.from_bytes(number[8:16], "big") / 2**64
    return turn, length
