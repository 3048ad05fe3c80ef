"""How far it is along the earth: the one place with its radius in a formula for ways.

A leaf, and NumPy alone, since the readers of track files need it as much as the tables.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

RADIUS = 6_371_008.8
"""Metres: the earth's mean radius."""


def steps(lat: Numbers, lng: Numbers) -> Numbers:
    """Metres along great circles from each position to the next, by the haversine formula; degrees in."""
    phi, lam = np.radians(lat), np.radians(lng)
    half = (
        np.sin(np.diff(phi) / 2) ** 2
        + np.cos(phi[:-1]) * np.cos(phi[1:]) * np.sin(np.diff(lam) / 2) ** 2
    )  # fmt: skip
    metres: Numbers = 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return metres
