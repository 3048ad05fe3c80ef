"""What days tell that activities do not: streaks, and Eddington's number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..errors import BadInput
from ..tables.readable_table import METRES
from .reading import Days, activities_of, local_days, numbers, result, texts, times, wholes
from .summing import period_of


def streaks(table: pd.DataFrame, *, today: date | None = None) -> pd.DataFrame:
    """The current and the longest run of days, and of weeks, that each had an activity; four rows.

    Days are local, weeks begin on Monday. The current streak is still on while today, or this week, can
    continue it; else its length is 0 and its dates are NaT. Of two that are as long the later one is
    the longest. `today` is the computer's unless given.

    Columns: unit ("days" or "weeks"), streak ("current" or "longest"; string), length (Int64), start,
    end (first and last day of it, datetime64[us]; of weeks the Monday and the Sunday).
    """
    rows = activities_of(table, "start_date_local")
    days = local_days(rows)
    days = np.unique(days[~np.isnat(days)])
    now = np.array([today or date.today()], "datetime64[D]")
    found: list[tuple[str, str, int, Any, Any]] = []
    for unit, step in (("days", 1), ("weeks", 7)):
        steps = np.unique(period_of(days, "week")) if step == 7 else days
        this = period_of(now, "week")[0] if step == 7 else now[0]
        found += [(unit, *one) for one in _streaks(steps, this, np.timedelta64(step, "D"))]
    units, names, lengths, starts, ends = zip(*found, strict=True)
    return result(
        {
            "unit": texts(units),
            "streak": texts(names),
            "length": wholes(lengths),
            "start": times(np.array(starts, "datetime64[D]")),
            "end": times(np.array(ends, "datetime64[D]")),
        },
        rows,
    )


@dataclass(frozen=True, slots=True)
class Eddington:
    """The largest E with at least E days of at least E km (or mi).

    `next` is the number after it, `days_missing` how many more days of that much it takes, and
    `days_of` how many days there are of at least 0, 1, 2 … of the unit.
    """

    number: int
    unit: str
    next: int
    days_missing: int
    days_of: tuple[int, ...]


def eddington(table: pd.DataFrame, *, units: Literal["metric", "imperial"] = "metric") -> Eddington:
    """The Eddington number of a table of activities: distance summed per local day, in whole km or mi.

    Doubles count once. Which activities count is for the table: `eddington(rides)` is the cyclists'
    one. Source: A. S. Eddington's own measure of his cycling, told in Jeffers, Swanson, Teaching
    Statistics 2005. Raises BadInput for unknown `units`.
    """
    if units not in METRES:
        raise BadInput(f"There are no {units!r} units.", 'Use units="metric" or units="imperial".')
    rows = activities_of(table, "start_date_local", "distance")
    days, distance = local_days(rows), numbers(rows, "distance")
    known = ~np.isnat(days) & np.isfinite(distance)
    _, place = np.unique(days[known], return_inverse=True)
    amounts = np.bincount(place, distance[known]) / METRES[units]
    number, days_of = eddington_number(amounts)
    return Eddington(
        number,
        "km" if units == "metric" else "mi",
        number + 1,
        number + 1 - (days_of[number + 1] if number + 1 < len(days_of) else 0),
        tuple(days_of),
    )


def eddington_number(amounts: ArrayLike) -> tuple[int, list[int]]:
    """Eddington's number of amounts a day, and how many days have at least 0, 1, 2 … whole units."""
    # A sum of tenths of metres may lack a hair of the whole kilometre that it is.
    whole = np.floor(np.asarray(amounts, np.float64) + 1e-9).astype(np.int64)
    days_of: NDArray[np.int64] = np.bincount(whole[whole >= 0])[::-1].cumsum()[::-1]
    if not len(days_of):
        return 0, [0]
    return int(np.flatnonzero(days_of >= np.arange(len(days_of)))[-1]), days_of.tolist()


def _streaks(steps: Days, this: Any, step: np.timedelta64) -> list[tuple[str, int, Any, Any]]:
    none = np.datetime64("NaT", "D")
    if not len(steps):
        return [("current", 0, none, none), ("longest", 0, none, none)]
    breaks = np.flatnonzero(np.diff(steps) > step) + 1
    firsts, lasts = np.concatenate(([0], breaks)), np.append(breaks, len(steps)) - 1
    lengths = lasts - firsts + 1
    to_end = step - np.timedelta64(1, "D")
    longest = int(len(lengths) - 1 - lengths[::-1].argmax())
    now = int(np.searchsorted(steps[firsts], this, side="right")) - 1
    on = now >= 0 and steps[lasts[now]] >= this - step
    found = []
    for name, place in (("current", now if on else None), ("longest", longest)):
        if place is None:
            found.append((name, 0, none, none))
        else:
            found.append((name, int(lengths[place]), steps[firsts[place]], steps[lasts[place]] + to_end))
    return found
