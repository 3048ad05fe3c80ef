"""Loads day by day: fitness, fatigue and form, and how varied the week was."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .reading import Floats, floats, local_days, needed, numbers, percent, ratio, result, share, times, wholes

FITNESS_DAYS, FATIGUE_DAYS = 42, 7
_WEEK = 7
_ONE_DAY = np.timedelta64(1, "D")


def exponential_mean(load: ArrayLike, days: float) -> Floats:
    """How much of all the load so far is left at the end of each day, for a time constant in days.

    x += (load − x) · (1 − e^(−1/days)), from 0; the load is one value a day.
    """
    daily = np.asarray(load, np.float64)
    if not len(daily):
        return daily
    memory = np.exp(-1 / days)
    back = np.arange(min(len(daily), int(40 * days)))  # what is older is below what floats can tell
    kept: Floats = np.convolve(daily, (1 - memory) * memory**back)[: len(daily)]
    return kept


def training_load(loads: pd.DataFrame, *, until: date | None = None) -> pd.DataFrame:
    """Fitness, fatigue and form, one row a local day from the first activity on, rest days too.

    `loads` is the table of `loads`; `until` continues with rest days. Fitness and fatigue are
    exponential means of the day's load over 42 and 7 days, starting at 0; form is yesterday's fitness
    − fatigue; ramp_rate is fitness − fitness a week before. The first 42 days are `warming_up`: the
    model does not know what came before them. Days whose activities have no load count as 0:
    `.attrs["kinds"]` says how many activities have which load, or none.

    monotony is mean / standard deviation (population) of seven days' load, strain the week's load ·
    monotony; NA in the first six days and where each day was the same. Elsewhere: CTL, ATL, TSB
    (TrainingPeaks), fitness, fatigue, form (Strava, intervals.icu). Sources: Banister 1975, as
    Coggan's Performance Manager; Foster, Med. Sci. Sports Exerc. 30, 1998.

    Columns: day (datetime64[us]), load, fitness, fatigue, form, ramp_rate, monotony, strain (Float64,
    in load), activities (Int64), warming_up (boolean). `.attrs`: kinds, notes and thresholds of `loads`.
    """
    table = needed(loads, "start_date_local", "load", what="loads", verb="metrics.loads")
    days, load = local_days(table), numbers(table, "load")
    dated = ~np.isnat(days)
    days, load = days[dated], load[dated]
    first: Any = days.min() if len(days) else np.datetime64("1970-01-01")
    last: Any = days.max() if len(days) else first - _ONE_DAY
    if until is not None and len(days):
        last = max(last, np.datetime64(until, "D"))
    every = np.arange(first, last + _ONE_DAY)
    place = (days - first).astype(np.int64)
    daily = np.bincount(place, np.nan_to_num(load), minlength=len(every))
    fitness, fatigue = exponential_mean(daily, FITNESS_DAYS), exponential_mean(daily, FATIGUE_DAYS)
    form = np.concatenate(([0.0], (fitness - fatigue)[:-1]))[: len(every)]
    ramp = np.full(len(every), np.nan)
    ramp[_WEEK:] = fitness[_WEEK:] - fitness[:-_WEEK]
    same, strained = monotony_and_strain(daily)
    return result(
        {
            "day": times(every),
            "load": floats(daily),
            "fitness": floats(fitness),
            "fatigue": floats(fatigue),
            "form": floats(form),
            "ramp_rate": floats(ramp),
            "monotony": floats(same),
            "strain": floats(strained),
            "activities": wholes(np.bincount(place, minlength=len(every))),
            "warming_up": pd.array(np.arange(len(every)) < FITNESS_DAYS, dtype="boolean"),
        },
        table,
        **_told(table.attrs, load),
    )


def monotony_and_strain(load: ArrayLike) -> tuple[Floats, Floats]:
    """Monotony and strain at the end of each day, of it and the six days before; see `training_load`."""
    daily = np.asarray(load, np.float64)
    mean, spread, total = (np.full(len(daily), np.nan) for _ in range(3))
    if len(daily) >= _WEEK:
        weeks = np.lib.stride_tricks.sliding_window_view(daily, _WEEK)
        alike = (weeks == weeks[:, :1]).all(axis=1)
        mean[_WEEK - 1 :], total[_WEEK - 1 :] = weeks.mean(axis=1), weeks.sum(axis=1)
        spread[_WEEK - 1 :] = np.where(alike, 0.0, weeks.std(axis=1))
    monotony = ratio(mean, spread)
    return monotony, total * monotony


def _told(attrs: dict[Any, Any], load: Floats) -> dict[str, Any]:
    """What the table of loads told, and what its days rest on."""
    told = {name: attrs[name] for name in ("from_streams", "kinds", "thresholds", "k") if name in attrs}
    told["computed"] = share(np.isfinite(load))
    told["notes"] = [*attrs.get("notes", []), *_notes(told, len(load))]
    return told


def _notes(told: dict[str, Any], activities: int) -> list[str]:
    kinds = {name: part for name, part in told.get("kinds", {}).items() if part}
    said = ", ".join(f"{percent(part)} {name}" for name, part in kinds.items())
    notes = [f"What the load rests on: {said} of {activities:,} activities."] if said else []
    if activities:
        notes.append(f"The first {FITNESS_DAYS} days are warming up.")
    return notes
