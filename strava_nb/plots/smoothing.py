"""A smooth line through what was measured on some days, for pictures of change over months."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Amounts = NDArray[np.float64]

_STEPS = 400
_REACH = 3.0


def smooth(days: Amounts, values: Amounts, width: float) -> tuple[Amounts, Amounts]:
    """Places from the first day to the last, and the mean there, nearer days weighing more.

    Weights are a bell of `width` days (its standard deviation). NaN where the nearest day is farther
    than that, so that a line breaks where nothing was measured.
    """
    order = np.argsort(days, kind="stable")
    days, values = days[order], values[order]
    where = np.linspace(days[0], days[-1], max(2, min(_STEPS, int(days[-1] - days[0]) + 1)))
    edges = np.searchsorted(days, [where - _REACH * width, where + _REACH * width])
    mean = np.full(len(where), np.nan)
    for place, (low, high) in enumerate(edges.T.tolist()):
        off = days[low:high] - where[place]
        if len(off) and np.abs(off).min() <= width:
            weights = np.exp(-0.5 * (off / width) ** 2)
            mean[place] = float((weights * values[low:high]).sum() / weights.sum())
    return where, mean
