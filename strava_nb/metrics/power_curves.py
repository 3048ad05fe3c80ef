"""Power curves of activities, and critical power through their best: tables for `power`'s formulas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from .power import DURATIONS, CriticalPower, best_means, fit_critical_power
from .reading import floats, needed, numbers, result, texts, times, wholes
from .rows import Rows, ids_of, pieces
from .samples import per_second


def mean_maximal_power(
    streams: Any, activities: pd.DataFrame | None = None, *, durations: Iterable[int] = DURATIONS
) -> pd.DataFrame:
    """The best mean power over each duration, one row an activity with power and duration it is as long as.

    Zeros count. `gaps` are the seconds without power between its first and last sample; they count as
    zeros, so that no gap makes a mean better (of a longer gap than the longest duration, as much as
    that). With `activities`, only its rides with measured power are looked at, doubles once; streams do
    not say whether power was measured. See `mean_maximal` for other tools' names.

    Columns: activity_id, start_date_local (NaT without `activities`), duration (Int64, s), power
    (Float64, W), gaps (Int64, s). `.attrs`: activities (how many have power), durations.
    """
    asked = sorted({int(one) for one in durations})
    rows = None if activities is None else Rows(activities)
    found: list[tuple[Any, ...]] = []
    measured = 0
    for piece in pieces(streams, rows, None if rows is None else rows.measured_power()):
        even = per_second(piece.column("watts"), piece.column("time"), max(asked, default=1))
        if np.isfinite(even).any():
            measured += 1
            gaps, door = int(np.isnan(even).sum()), piece.door
            found += [
                (piece.id, piece.began, duration, power, gaps, door)
                for duration, power in zip(asked, best_means(even, asked).tolist(), strict=True)
                if np.isfinite(power)
            ]
    ids, began, lengths, powers, gap_seconds, doors = list(zip(*found, strict=True)) or [()] * 6
    data = {
        "activity_id": ids_of(ids),
        "start_date_local": times(began),
        "duration": wholes(np.array(lengths, np.int64)),
        "power": floats(powers),
        "gaps": wholes(np.array(gap_seconds, np.int64)),
        "source": texts(doors),
    }
    return result(data, pd.DataFrame(data), activities=measured, durations=asked)


def critical_power(curve: pd.DataFrame) -> CriticalPower:
    """Critical power of the best of a power curve, the table of `mean_maximal_power` or rows of it.

    See `fit_critical_power` for the model and its source; of each duration the best power counts.
    Raises BadInput where fewer than two durations between 2 and 20 minutes are there.
    """
    table = needed(curve, "duration", "power", what="power by duration", verb="metrics.mean_maximal_power")
    durations, powers = numbers(table, "duration"), numbers(table, "power")
    order = np.lexsort((-powers, durations))
    _, first = np.unique(durations[order], return_index=True)
    best = order[first]
    return fit_critical_power(durations[best], powers[best])
