"""Activities added up: by week, month or year, by sport, by gear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..errors import BadInput
from ..tables.doubles import counted
from .reading import Days, activities_of, floats, local_days, numbers, result, texts, times, wholes

SUMMED = ("distance", "moving_time", "elapsed_time", "total_elevation_gain", "kilojoules", "calories")
_PERIODS = ("day", "week", "month", "year")
_KINDS = {"sport_type": "sport_type", "sport_group": "sport_group", "gear": "gear_id", "commute": "commute"}


def totals(table: pd.DataFrame, by: str | Sequence[str] = "month") -> pd.DataFrame:
    """How much there was of everything, one row a period or kind; of several, one row a combination.

    `by` is "day", "week" (from Monday), "month", "year", "sport_type", "sport_group", "gear",
    "commute", or several of these. Days are local. By one period, in order of time, the periods without
    an activity are there too, with 0; by a kind, the most time comes first. A sum is NA where no
    activity has a value. Doubles count once: `.attrs["doubles"]` says how many rows that left out,
    `.attrs["undated"]` how many activities have no date (in no period). Elsewhere: training log, totals.

    Columns: what it is by (day, week, month: its first day, datetime64[us]; year Int64; sport_type,
    sport_group, gear_id string; commute boolean), activities, active_days (Int64), distance (m),
    moving_time, elapsed_time (Int64, s), total_elevation_gain (m), kilojoules (kJ), calories (kcal).
    Raises BadInput for another `by`.
    """
    asked = [by] if isinstance(by, str) else list(by)
    if wrong := [one for one in asked if one not in (*_PERIODS, *_KINDS)]:
        raise BadInput(f"There are no totals by {wrong[0]!r}.", f"Use {', '.join((*_PERIODS, *_KINDS))}.")
    if not asked or len(set(asked)) < len(asked):
        raise BadInput("Totals are by something, each of it once.", 'Use by="month", for example.')
    rows = activities_of(table, "start_date_local", *(_KINDS[one] for one in asked if one in _KINDS))
    days = local_days(rows)
    dated = ~np.isnat(days)
    told = {"doubles": len(table) - int(counted(table).sum()), "undated": int((~dated).sum())}
    if any(one in _PERIODS for one in asked):
        rows, days = rows[dated], days[dated]
    keys = {one: _key(rows, days, one) for one in asked}
    if len(asked) == 1 and asked[0] in _PERIODS:
        first = keys[asked[0]]
        every = np.arange(first.min(), first.max() + _step(asked[0]), _step(asked[0])) if len(rows) else first
        place = np.searchsorted(every, first)
        heads: dict[str, Any] = {asked[0]: every}
        order = np.arange(len(every))
    else:
        place, found = _groups(keys)
        heads = {one: values[found] for one, values in keys.items()}
        time = np.bincount(place, np.nan_to_num(numbers(rows, "moving_time")), minlength=len(found))
        order = _order(heads, time)
    size = len(order)
    data = {_KINDS.get(one, one): _column(one, values[order]) for one, values in heads.items()}
    data["activities"] = wholes(np.bincount(place, minlength=size)[order])
    data["active_days"] = wholes(_active_days(place, days, size)[order])
    for name in SUMMED:
        data[name] = _summed(rows, name, place, size)[order]
    return result(data, rows, **told)


def period_of(days: Days, period: str) -> Days:
    """The first day of the week (a Monday), month or year that each day is in."""
    if period == "week":
        since = days.astype("datetime64[D]").view(np.int64)
        first: Days = (since - (since + 3) % 7).view("datetime64[D]")  # 1970-01-01 was a Thursday
        return np.where(np.isnat(days), np.datetime64("NaT", "D"), first)
    return days.astype(f"datetime64[{period[0].upper()}]").astype("datetime64[D]")


def _key(rows: pd.DataFrame, days: Days, by: str) -> Any:
    if by in _PERIODS:
        unit = {"day": "D", "week": "D", "month": "M", "year": "Y"}[by]
        return period_of(days, by).astype(f"datetime64[{unit}]")
    column = rows[_KINDS[by]].astype("object")
    return column.where(column.notna(), None).to_numpy()


def _step(period: str) -> np.timedelta64:
    steps: dict[str, np.timedelta64] = {
        "day": np.timedelta64(1, "D"),
        "week": np.timedelta64(7, "D"),
        "month": np.timedelta64(1, "M"),
        "year": np.timedelta64(1, "Y"),
    }
    return steps[period]


def _groups(keys: dict[str, Any]) -> tuple[Any, Any]:
    """The place of each row among the combinations there are, and a row of each combination."""
    codes = [pd.factorize(values, use_na_sentinel=False)[0] for values in keys.values()]
    whole = np.zeros(len(codes[0]), np.int64)
    for code in codes:
        whole = whole * (code.max(initial=0) + 1) + code
    _, found, place = np.unique(whole, return_index=True, return_inverse=True)
    return place, found


def _order(heads: dict[str, Any], time: Any) -> Any:
    """Periods as time goes; within them, or without any, the most time first, absent kinds last."""
    absent = np.zeros(len(time), bool)
    for one, values in heads.items():
        if one in _KINDS:
            absent |= np.array([value is None for value in values], bool)
    periods = [values.astype("datetime64[D]") for one, values in heads.items() if one in _PERIODS]
    return np.lexsort((-time, absent, *periods[::-1]))


def _column(by: str, values: Any) -> Any:
    if by == "year":
        return wholes(values.astype(np.int64) + 1970)
    if by in _PERIODS:
        return times(values)
    return pd.array(values, dtype="boolean") if by == "commute" else texts(values)


def _active_days(place: Any, days: Days, size: int) -> Any:
    dated = ~np.isnat(days)
    place, days = place[dated], days[dated].astype(np.int64)
    since = days.min() if len(days) else 0
    span = days.max() - since + 1 if len(days) else 1
    return np.bincount(np.unique(place * span + days - since) // span, minlength=size)


def _summed(rows: pd.DataFrame, name: str, place: Any, size: int) -> Any:
    values = numbers(rows, name)
    known = np.isfinite(values)
    some = np.bincount(place[known], minlength=size)
    empty = np.bincount(place, minlength=size) == 0
    sums = np.bincount(place[known], values[known], minlength=size).astype(np.float64)  # of nothing: integers
    sums[(some == 0) & ~(empty & known.any())] = np.nan
    return wholes(sums) if name in ("moving_time", "elapsed_time") else floats(sums)
