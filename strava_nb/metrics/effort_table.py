"""The fastest stretch of every usual distance within a run, and what it promises for others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..errors import BadInput
from .reading import Floats, floats, needed, numbers, result, texts, times
from .rows import STREAMS, Rows, ids_of, pieces

DISTANCES: dict[str, float] = {
    "400m": 400, "1/2 mile": 805, "1K": 1000, "1 mile": 1609, "2 mile": 3219, "5K": 5000, "10K": 10_000,
    "15K": 15_000, "10 mile": 16_090, "20K": 20_000, "Half-Marathon": 21_097, "30K": 30_000,
    "Marathon": 42_195, "50K": 50_000,
}  # fmt: skip
"""Strava's names and metres of the distances over which it finds best efforts."""

LEAP = 12.5
"""m/s between two samples that no runner does: the GPS has leapt."""

STRAVA = "strava"
RIEGEL = 1.06
_SENSIBLE = 210.0, 13_800.0
"""Seconds between which Riegel found his exponent, of races."""

_LONG_ENOUGH = 600.0
"""Seconds that an effort within a run has to last: a shorter one may be a descent, or a sprint on no air."""

_FAR = 5.0
"""Times as long, or as short, beyond which one effort says little of another."""


def best_efforts(
    streams: Any,
    activities: pd.DataFrame | None = None,
    *,
    distances: Mapping[str, float] = DISTANCES,
    strava: pd.DataFrame | None = None,
    leap: float = LEAP,
) -> pd.DataFrame:
    """The fastest elapsed time over each distance, one row an activity and distance it is as long as.

    Over any stretch at least that long, its ends interpolated between samples; pauses count. No stretch
    spans a step faster than `leap` (m/s), where the GPS has leapt: give more than a runner's for rides.
    With `activities`, only its runs are looked at, doubles once. `strava` are Strava's own best efforts
    (get_best_efforts): where it has an activity's distance, they stand as they are, whole seconds.

    Columns: activity_id (Int64), start_date_local (NaT without `activities`), name (string), distance
    (Float64, m), elapsed_time (Float64, s), start (Float64, s from the activity's start; NA for Strava's),
    basis ("streams" or "strava"). `.attrs`: activities (how many have any). Elsewhere: best efforts
    (Strava), personal bests.
    """
    rows = None if activities is None else Rows(activities)
    found: list[tuple[Any, ...]] = []
    for piece in pieces(streams, rows, None if rows is None else rows.of_group("Run")):
        seconds, starts = fastest_over(
            piece.column("distance"), piece.column("time"), list(distances.values()), leap=leap
        )
        door = piece.door
        found += [
            (piece.id, piece.began, name, metres, took, start, STREAMS, door)
            for (name, metres), took, start in zip(
                distances.items(), seconds.tolist(), starts.tolist(), strict=True
            )
            if np.isfinite(took)
        ]
    if strava is not None:
        found = _with_stravas(found, strava, rows)
    ids, began, names, lengths, taken, since, bases, doors = list(zip(*found, strict=True)) or [()] * 8
    data = {
        "activity_id": ids_of(ids),
        "start_date_local": times(began),
        "name": texts(names),
        "distance": floats(lengths),
        "elapsed_time": floats(taken),
        "start": floats(since),
        "basis": texts(bases),
        "source": texts(doors),
    }
    return result(data, pd.DataFrame(data), activities=len(set(ids)))


def fastest_over(
    distance: ArrayLike, time: ArrayLike, metres: ArrayLike, *, leap: float = LEAP
) -> tuple[Floats, Floats]:
    """The least seconds for each of the metres, and when that stretch began; NaN where none is as long.

    `distance` is the way covered at each `time`. The best stretch begins or ends at a sample, so both
    are tried for every sample.
    """
    d, t = np.asarray(distance, np.float64), np.asarray(time, np.float64)
    wanted = np.asarray(metres, np.float64)
    if (wanted <= 0).any():
        raise BadInput("A distance is above 0 m.", "Use such as {'5K': 5000}.")
    known = np.isfinite(d) & np.isfinite(t)
    if not known.all():
        d, t = d[known], t[known]
    d = np.maximum.accumulate(d)
    best, start = np.full(len(wanted), np.nan), np.full(len(wanted), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        leaps = np.flatnonzero(np.diff(d) > leap * np.diff(t)) + 1
    for low, high in zip([0, *leaps.tolist()], [*leaps.tolist(), len(d)], strict=True):
        if high - low < 2:
            continue
        track = _Track(d[low:high], t[low:high])
        for place in np.flatnonzero(wanted <= d[high - 1] - d[low]).tolist():
            seconds, since = track.fastest(float(wanted[place]))
            if not best[place] <= seconds:
                best[place], start[place] = seconds, since
    return best, start


def race_time(seconds: ArrayLike, metres: ArrayLike, over: ArrayLike) -> Floats:
    """The time to expect over a distance from one over another: seconds · (over / metres)^1.06.

    Sensible for times between 3.5 and 230 minutes, and for someone trained for both. Source: Riegel,
    American Scientist 69, 1981. Elsewhere: race predictor.
    """
    longer = np.asarray(over, np.float64) / np.asarray(metres, np.float64)
    expected: Floats = np.asarray(seconds, np.float64) * longer**RIEGEL
    return expected


def race_predictions(efforts: pd.DataFrame, *, distances: Mapping[str, float] = DISTANCES) -> pd.DataFrame:
    """What the best efforts promise over each distance, one row a distance that any of them reaches.

    `efforts` is the table of `best_efforts`, or rows of it (this season's). Of the predictions by
    `race_time` the fastest is told: from efforts of 10 to 230 minutes, at most five times as long or
    as short, and from those over that very distance from 3.5 minutes on. Riegel's exponent holds from
    there, but he had races: the fastest kilometre within a run is often one downhill, and some of it goes
    without air (Gastin, Sports Medicine 31, 2001), so that it promises a 5K that nobody runs. An effort
    within a gentle run promises too little.

    Columns: name (string), distance (Float64, m), time (Float64, s), from_distance (m), from_time (s),
    activity_id (Int64), sensible (boolean: the predicted time is within 3.5 to 230 minutes).
    """
    table = needed(
        efforts, "activity_id", "distance", "elapsed_time", what="efforts", verb="metrics.best_efforts"
    )
    metres, seconds = numbers(table, "distance"), numbers(table, "elapsed_time")
    used = (seconds >= _SENSIBLE[0]) & (seconds <= _SENSIBLE[1]) & (metres > 0)
    table, metres, seconds = table[used], metres[used], seconds[used]
    names, overs, times, rows = [], [], [], []
    for name, over in distances.items():
        near = (np.maximum(over / metres, metres / over) <= _FAR) & (seconds >= _LONG_ENOUGH)
        near |= metres == over
        if near.any():
            promised = np.where(near, race_time(seconds, metres, over), np.inf)
            best = int(promised.argmin())
            names.append(name)
            overs.append(over)
            times.append(float(promised[best]))
            rows.append(best)
    chosen = table.iloc[rows]
    return result(
        {
            "name": texts(names),
            "distance": floats(overs),
            "time": floats(times),
            "from_distance": floats(metres[rows]),
            "from_time": floats(seconds[rows]),
            "activity_id": chosen["activity_id"].astype("Int64").array,
            "sensible": pd.array([_SENSIBLE[0] <= one <= _SENSIBLE[1] for one in times], dtype="boolean"),
        },
        table,
    )


class _Track:
    """A way covered without leaps, and when."""

    def __init__(self, way: Floats, when: Floats) -> None:
        self._way, self._when = way, when
        self._back, self._since = -way[::-1], when[::-1]

    def fastest(self, metres: float) -> tuple[float, float]:
        """The least time for a distance that is not longer than the track, and when it began."""
        way, when = self._way, self._when
        # Where one stood still, interpolation gives the last moment there; backwards, the first.
        last = int(np.searchsorted(way, way[-1] - metres, side="right"))
        from_samples = np.interp(-(way[:last] + metres), self._back, self._since) - when[:last]
        first = int(np.searchsorted(way, way[0] + metres, side="left"))
        starts = np.interp(way[first:] - metres, way, when)
        to_samples = when[first:] - starts
        one = int(from_samples.argmin()) if last else -1
        two = int(to_samples.argmin()) if first < len(way) else -1
        if two < 0 or (one >= 0 and from_samples[one] <= to_samples[two]):
            return float(from_samples[one]), float(when[one])
        return float(to_samples[two]), float(starts[two])


def _with_stravas(
    found: list[tuple[Any, ...]], strava: pd.DataFrame, rows: Rows | None
) -> list[tuple[Any, ...]]:
    columns = "activity_id", "name", "distance", "elapsed_time"
    table = needed(strava, *columns, what="best efforts", verb="get_best_efforts")
    if "basis" in table:  # get_best_efforts measures what Strava does not tell
        table = table[table["basis"] == STRAVA]
    began = {} if rows is None else dict(zip(rows.ids.tolist(), rows.began, strict=True))
    doors = table["source"].astype("object") if "source" in table else [None] * len(table)
    theirs = [
        (
            int(one),
            began.get(int(one), np.datetime64("NaT", "us")),
            name,
            float(metres),
            float(took),
            np.nan,
            STRAVA,
            door,
        )
        for one, name, metres, took, door in zip(*(table[name] for name in columns), doors, strict=True)
        if not (pd.isna(one) or pd.isna(metres) or pd.isna(took)) and (rows is None or int(one) in began)
    ]
    there = {(one[0], round(one[3])) for one in theirs}
    return theirs + [one for one in found if (one[0], round(one[3])) not in there]
