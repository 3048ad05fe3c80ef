"""Courses out of their encoded text: Google's polyline algorithm, for all texts of a table at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .reading import Floats

_MORE, _LOW, _OFFSET = (np.uint8(one) for one in (0x20, 0x1F, 63))
_LONGEST = 7
"""Characters of a step: seven hold more than the whole way round the world."""


def decode_polylines(texts: Iterable[Any]) -> list[Floats]:
    """The points of each course: arrays of shape (points, 2), latitude and longitude in degrees.

    Empty where there is no text, and where it is not a polyline of five decimals. Source: Google,
    Encoded Polyline Algorithm Format.
    """
    given = [one.encode("utf-8", "replace") if isinstance(one, str) else b"" for one in texts]
    sizes = np.array([len(one) for one in given], np.int64)
    letters = np.frombuffer(b"".join(given), np.uint8) - _OFFSET  # what is below goes round, above all others
    if not len(letters):
        return [np.zeros((0, 2)) for _ in given]
    last = (letters & _MORE) == 0
    text_ends = np.cumsum(sizes)
    good = last[text_ends - 1] | (sizes == 0)  # else it is cut short
    last[text_ends[sizes > 0] - 1] = True
    ends = np.flatnonzero(last)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    for place in (np.flatnonzero(letters > _MORE | _LOW), starts[lengths > _LONGEST]):
        good[np.searchsorted(text_ends, place, side="right")] = False
    bits = (letters[starts] & _LOW).astype(np.int64)
    for more in range(1, _LONGEST):
        longer = np.flatnonzero(lengths > more)
        bits[longer] |= (letters[starts[longer] + more] & _LOW).astype(np.int64) << (5 * more)
    steps = np.where(bits & 1, ~(bits >> 1), bits >> 1)
    counts = np.diff(np.searchsorted(ends, text_ends), prepend=0)
    good &= counts % 2 == 0
    return [
        _course(part) if fine else np.zeros((0, 2))
        for part, fine in zip(np.split(steps, np.cumsum(counts)[:-1]), good.tolist(), strict=True)
    ]


def _course(steps: NDArray[np.int64]) -> Floats:
    points: Floats = steps.reshape(-1, 2).cumsum(axis=0) / 1e5
    fits = bool((np.abs(points) <= (90.0, 180.0)).all())
    return points if fits else np.zeros((0, 2))
