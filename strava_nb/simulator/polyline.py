"""Google's polyline encoding, all points at once; a file of its own because it knows nothing of sport."""

from __future__ import annotations

import numpy as np

from strava_nb.simulator.terrain import Array


def encode(lat: Array, lng: Array) -> str:
    """The text that stands for a course of at least one point, to five decimals of a degree."""
    degrees = np.rint(np.stack([lat, lng], axis=1) * 1e5).astype(np.int64)
    steps = np.diff(degrees, axis=0, prepend=0).ravel()
    values = np.where(steps < 0, ~(steps << 1), steps << 1)
    chunks = (values[:, None] >> (5 * np.arange(6))) & 0x1F
    more = (values[:, None] >> (5 * np.arange(1, 7))) > 0
    written = np.concatenate([np.ones((len(values), 1), dtype=bool), more[:, :-1]], axis=1)
    letters = ((chunks | (more << 5)) + 63).astype(np.uint8)[written]
    return bytes(letters.tolist()).decode("ascii")
