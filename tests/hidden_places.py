"""Tracks in metres from home, and how far their positions are from it by another formula than ours."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strava_nb.files.zones import unit_vectors
from strava_nb.tables import streams

EARTH = 6_371_008.8
HOME = (46.948, 7.4474)

Metres = NDArray[np.float64]


def around(place: tuple[float, float], east: Metres, north: Metres) -> Metres:
    """Positions so many metres from a place, (lat, lng) a row, wherever on earth it is."""
    at = unit_vectors(np.array(place[0]), np.array(place[1]))
    lng = np.radians(place[1])
    to_east = np.array([-np.sin(lng), np.cos(lng), 0.0])
    points = at + (np.outer(east, to_east) + np.outer(north, np.cross(at, to_east))) / EARTH
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    lat = np.degrees(np.arcsin(np.clip(points[:, 2], -1, 1)))
    return np.column_stack([lat, np.degrees(np.arctan2(points[:, 1], points[:, 0]))])


def metres_between(place: Any, positions: Any) -> Metres:
    """Great circle distances by the haversine, which the code under test does not use."""
    (lat, lng), others = np.radians(place), np.radians(np.atleast_2d(positions))
    half = np.sin((others[:, 0] - lat) / 2) ** 2
    half = half + np.cos(lat) * np.cos(others[:, 0]) * np.sin((others[:, 1] - lng) / 2) ** 2
    return 2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def track(positions: Metres, number: int = 1, every: float = 1.0, **more: Any) -> pd.DataFrame:
    steps = [metres_between(a, b)[0] for a, b in itertools.pairwise(positions)]
    data = {
        "time": np.arange(len(positions)) * every,
        "latlng": positions,
        "distance": np.concatenate([[0.0], np.cumsum(steps)]),
    }
    return streams({name: {"data": one} for name, one in (data | more).items()}, number, source="export")


def straight(start: float, end: float, step: float = 5.0, number: int = 1, **more: Any) -> pd.DataFrame:
    """A track that passes HOME from west to east, so many metres from it."""
    east = np.arange(start, end, step)
    return track(around(HOME, east, np.zeros(len(east))), number, **more)
