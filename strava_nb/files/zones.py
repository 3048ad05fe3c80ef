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


def moved(lat: Floats | float, lng: Floats | float, metres: float, secret: bytes) -> Floats:
    """The centre of the circle that hides each place, on the sphere of radius 1, one a row."""
    place = unit_vectors(np.asarray(lat), np.asarray(lng))
    turn, length = _numbers_at(place * _EARTH, metres, secret)
    angle = 2 * np.pi * _TURNS * turn[..., None]
    east = unit_vectors(np.zeros_like(place[..., 0]), np.asarray(lng) + 90.0)
    way = east * np.sin(angle) + np.cross(place, east) * np.cos(angle)
    metres_moved = metres * (LEAST_MOVE + (MOST_MOVE - LEAST_MOVE) * length)
    beside = place + way * np.tan(metres_moved / _EARTH)[..., None]
    centre: Floats = beside / np.linalg.norm(beside, axis=-1, keepdims=True)
    return centre


def in_circle(points: Floats, centre: Floats, metres: float) -> NDArray[np.bool_]:
    """Which of the points lie in the circle that hides `metres` around a place."""
    off = points - centre
    inside: NDArray[np.bool_] = _dots(off, off) <= _chord(metres) ** 2
    return inside


def through_circle(points: Floats, centre: Floats, metres: float) -> NDArray[np.bool_]:
    """Between which of the points and the next the line leads through the circle."""
    return leads_through(points[:-1], points[1:], centre, metres)


def leads_through(begin: Floats, end: Floats, centre: Floats, metres: float) -> NDArray[np.bool_]:
    """Which of the lines from one point to another lead through the circle (of its own, or of all)."""
    step, to_centre = end - begin, centre - begin
    square, away, chord = _dots(step, step), _dots(to_centre, to_centre), _chord(metres)
    through = np.full(len(begin), False)
    # What is clearly farther away than it is long is not looked at: of most courses, nearly all of it.
    near = np.flatnonzero(away <= (1.25 * np.sqrt(square) + chord) ** 2)
    begin, step, to_centre, square = begin[near], step[near], to_centre[near], square[near]
    along = _dots(to_centre, step)
    part = np.clip(np.divide(along, square, out=np.zeros_like(along), where=square > 0), 0, 1)
    nearest = begin + part[:, None] * step
    length = np.linalg.norm(nearest, axis=1, keepdims=True)
    nearest = np.divide(nearest, length, out=begin.copy(), where=length > 0)
    centre = np.broadcast_to(centre, to_centre.shape) if centre.ndim == 1 else centre[near]
    through[near] = in_circle(nearest, centre, metres)
    return through


def _dots(one: Floats, other: Floats) -> Floats:
    """The product of each row with the one beside it."""
    dots: Floats = np.einsum("ij,ij->i", one, other)
    return dots


def _chord(metres: float) -> float:
    return float(2 * np.sin(RADIUS * metres / _EARTH / 2))


def _numbers_at(place: Floats, metres: float, secret: bytes) -> tuple[Floats, Floats]:
    """Two numbers of 0 to 1 for each place, the same for the same one and nearly the same for one nearby."""
    corner, part = np.divmod(place / _CUBE, 1)
    turn, length = np.zeros(place.shape[:-1]), np.zeros(place.shape[:-1])
    for ends in product((0, 1), repeat=3):
        weight = np.prod(np.where(ends, part, 1 - part), axis=-1)
        corners, which = np.unique((corner.astype(int) + ends).reshape(-1, 3), axis=0, return_inverse=True)
        numbers = np.array([_numbers_of(x, y, z, metres, secret) for x, y, z in corners.tolist()])
        of_each = numbers[which.ravel()].reshape(*weight.shape, 2)
        turn += weight * of_each[..., 0]
        length += weight * of_each[..., 1]
    return turn, length


def _numbers_of(x: int, y: int, z: int, metres: float, secret: bytes) -> tuple[float, float]:
    """The two numbers of a corner."""
    number = hmac.digest(secret, f"{x}|{y}|{z}|{metres:g}".encode(), "sha256")
    return int.from_bytes(number[:8], "big") / 2**64, int.from_bytes(number[8:16], "big") / 2**64
