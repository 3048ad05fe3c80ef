"""Power curves of activities, and critical power through their best: tables for `power`'s formulas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from .power import DURATIONS, CriticalPower, best_means, fit_critical_power
from .reading import floats, needed, numbers, result, texts, wholes
from .rows import Rows
from .samples import NO_ID, chunks, per_second


def mean_maximal_power(
    streams: Any, activities: pd.DataFrame | None = None, *, durations: Iterable[int] = DURATIONS
) -> pd.DataFrame:
    """The best mean power over each duration, one row an activity with power and duration it is as long as.

    Zeros count. `gaps` are the seconds without power between its first and last sample; they count as
    zeros, so that no gap makes a mean better (of a longer gap than the longest duration, as much as
    that). With `activities`, only its rides with measured power are looked at, doubles once; streams do
    not say whether power was measured. See `mean_maximal` for other tools' names.

    Columns: activity_id, duration (Int64, s), power (Float64, W), gaps (Int64, s).
    """
    asked = sorted({int(one) for one in durations})
    rows = None if activities is None else Rows(activities)
    measured = None if rows is None else rows.measured_power()
    ids, lengths, means, gaps, doors = [], [], [], [], []
    for samples in chunks(streams):
        if not samples.has("watts"):
            continue
        if rows is None or measured is None:
            cuts = list(enumerate(samples.cuts()))
        else:
            cuts = [
                (int(np.searchsorted(samples.starts, c.start)), c)
                for r, c in rows.found(samples)
                if measured[r]
            ]
        for place, cut in cuts:
            watts = samples.column("watts")[cut]
            even = per_second(watts, samples.column("time")[cut], max(asked, default=1))
            if not np.isfinite(even).any():
                continue
            best = best_means(even, asked)
            there = np.isfinite(best)
            ids.append(np.full(there.sum(), samples.ids[place]))
            lengths.append(np.array(asked)[there])
            means.append(best[there])
            gaps.append(np.full(there.sum(), np.isnan(even).sum()))
            doors.append(np.full(there.sum(), samples.door(cut), dtype=object))
    known = np.concatenate(ids) if ids else np.zeros(0, np.int64)
    none = [np.zeros(0, np.int64)]
    data = {
        "activity_id": pd.arrays.IntegerArray(known, known == NO_ID),
        "duration": wholes(np.concatenate(lengths or none)),
        "power": floats(np.concatenate(means or none)),
        "gaps": wholes(np.concatenate(gaps or none)),
        "source": texts(np.concatenate(doors or none)),
    }
    table = pd.DataFrame(data)
    return result(data, table, activities=len(ids), durations=asked)


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
