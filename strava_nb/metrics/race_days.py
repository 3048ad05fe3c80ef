"""Races, and the weeks before them laid over one another."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadInput
from .reading import (
    Days,
    Floats,
    activities_of,
    flags,
    floats,
    local_days,
    numbers,
    result,
    texts,
    times,
    wholes,
)

RACES = (1, 11)
"""What Strava's workout_type says of a race: run, ride."""

_KEPT = (
    "id", "name", "sport_type", "sport_group", "start_date_local", "distance", "moving_time", "elapsed_time",
    "total_elevation_gain", "average_speed", "average_heartrate", "source",
)  # fmt: skip


def races(table: pd.DataFrame) -> pd.DataFrame:
    """The activities that were races, in the order of the table.

    Those with Strava's `workout_type` 1 (run) or 11 (ride), or the export's Competition. Doubles are
    left out. Columns, where the table has them: id, name, sport_type, sport_group, start_date_local,
    distance (m), moving_time, elapsed_time (s), total_elevation_gain (m), average_speed (m/s),
    average_heartrate (bpm), source.
    """
    rows = activities_of(table, "id", "start_date_local")
    raced = np.isin(numbers(rows, "workout_type"), RACES) | flags(rows, "competition")
    kept = rows.loc[raced, [name for name in _KEPT if name in rows]].reset_index(drop=True)
    kept.attrs = {}
    return kept


def build_ups(
    table: pd.DataFrame,
    races_of: pd.DataFrame | None = None,
    *,
    value: str = "distance",
    weeks: int = 16,
) -> pd.DataFrame:
    """The training before each race, one row a race and day, day 0 being the race's.

    `table` are the activities that count (`runs` for runners), `races_of` the races to look at (all of
    the table's unless given). `value` is what is added up: a column of the table such as "distance",
    "moving_time" or a load, or "count". The day of the race is there with the race itself in it;
    cumulative begins `weeks` weeks before. Days before the first activity of the table are NA.

    Columns: race_id (Int64), race (string, name and year), race_day (datetime64[us]), day (Int64, −7 ·
    weeks to 0), amount, cumulative (Float64, in the unit of `value`). Raises BadInput for another value.
    """
    rows = activities_of(table, "id", "start_date_local")
    if value != "count" and (value not in rows or not pd.api.types.is_numeric_dtype(rows[value])):
        raise BadInput(f"There is no {value!r} to add up.", 'Use a column of numbers, or "count".')
    if weeks < 1:
        raise BadInput("A build-up has at least one week.", "Use such as weeks=16.")
    chosen = races(table) if races_of is None else activities_of(races_of, "id", "start_date_local")
    days = local_days(rows)
    amounts = np.ones(len(rows)) if value == "count" else np.nan_to_num(numbers(rows, value))
    dated = ~np.isnat(days)
    days, amounts = days[dated], amounts[dated]
    on = local_days(chosen)
    chosen, on = chosen[~np.isnat(on)], on[~np.isnat(on)]
    before = np.arange(-7 * weeks, 1)
    daily = _day_by_day(days, amounts, on, before)
    names = chosen["name"] if "name" in chosen else pd.Series(["race"] * len(chosen), dtype="string")
    labels = [
        f"{'race' if pd.isna(name) else name}, {day.astype('datetime64[Y]')}"
        for name, day in zip(names, on, strict=True)
    ]
    size = len(before)
    return result(
        {
            "race_id": chosen["id"].astype("Int64").array[np.repeat(np.arange(len(chosen)), size)],
            "race": texts(np.repeat(np.array(labels, dtype=object), size)),
            "race_day": times(np.repeat(on, size)),
            "day": wholes(np.tile(before, len(chosen))),
            "amount": floats(daily.ravel()),
            "cumulative": floats(np.where(np.isnan(daily), np.nan, np.nancumsum(daily, axis=1)).ravel()),
        },
        rows,
        value=value,
    )


def _day_by_day(days: Days, amounts: Floats, on: Days, before: NDArray[np.int64]) -> Floats:
    """What each of the days `before` a race adds up to, a row a race; NaN before the first activity."""
    first = days.min() if len(days) else np.datetime64("NaT", "D")
    daily = np.full((len(on), len(before)), np.nan)
    for place, day in enumerate(on):
        back = (days - day).astype(np.int64)
        near = (back >= before[0]) & (back <= 0)
        sums = np.bincount(back[near] - before[0], amounts[near], minlength=len(before))
        daily[place] = np.where(day + before >= first, sums, np.nan)
    return daily
