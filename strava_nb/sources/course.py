"""The course of an activity as a line for maps: few points, in the encoding that Strava's summaries have.

An export has no such lines, so they are made of the tracks, in whichever process reads them: NumPy
alone, and all stretches of a round at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from .tracks.track import Numbers

_METRES: Final = 111_195
"""Metres in a degree of latitude."""

_LEAST: Final = 5.0
_SHARE: Final = 1 / 1000


def summary_polyline(positions: Numbers) -> str:
    """The line through positions of shape (points, 2), simplified, in Google's encoding; "" without any.

    No position lies further from the line than a thousandth of the extent of the whole, or 5 m where
    that is more: less than a map of the whole shows. That leaves as many points as Strava's own summaries
    of late have, some fifty to a hundred and fifty. Rows with NaN are left out.
    """
    positions = positions[np.isfinite(positions).all(axis=1)]
    if not len(positions):
        return ""
    middle = np.radians(positions[:, 0].mean())
    y = positions[:, 0] * _METRES
    x = np.unwrap(positions[:, 1], period=360) * _METRES * np.cos(middle)
    extent = float(np.hypot(np.ptp(x), np.ptp(y)))
    return encode(positions[simplified(x, y, max(_LEAST, _SHARE * extent))])


def simplified(x: Numbers, y: Numbers, tolerance: float) -> npt.NDArray[np.intp]:
    """The points to keep, by Douglas and Peucker: no other lies further than `tolerance` from the line."""
    kept = np.unique([0, len(x) - 1])
    while len(kept) > 1:
        stretch = np.repeat(np.arange(len(kept) - 1), np.diff(kept))
        away = _distances(x, y, kept[stretch], kept[stretch + 1])
        furthest = np.maximum.reduceat(away, kept[:-1])[stretch]
        far = np.flatnonzero((away == furthest) & (away > tolerance))
        if not len(far):
            break
        kept = np.union1d(kept, far[np.unique(stretch[far], return_index=True)[1]])  # one a stretch
    return kept


def encode(positions: Numbers) -> str:
    """Google's encoding: https://developers.google.com/maps/documentation/utilities/polylinealgorithm"""
    whole = np.rint(positions * 1e5).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()
    text = bytearray()
    for step in np.where(steps < 0, ~(steps << 1), steps << 1).tolist():
        rest = step
        while rest >= 0x20:
            text.append((rest & 0x1F | 0x20) + 63)
            rest >>= 5
        text.append(rest + 63)
    return text.decode("ascii")


def _distances(x: Numbers, y: Numbers, start: npt.NDArray[np.intp], end: npt.NDArray[np.intp]) -> Numbers:
    """How far every point but the last is from the straight piece of its stretch."""
    dx, dy = x[end] - x[start], y[end] - y[start]
    px, py = x[:-1] - x[start], y[:-1] - y[start]
    length = dx * dx + dy * dy
    along = np.clip((px * dx + py * dy) / np.where(length > 0, length, 1), 0, 1)
    return np.hypot(px - along * dx, py - along * dy)
