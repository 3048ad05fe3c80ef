"""What there is to tell of a year: numbers, days and moments, without a word of how they look.

The page and the picture to post both speak from these, so that they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..earth import steps
from ..errors import BadInput
from ..metrics.active_days import streaks
from ..metrics.polylines import decode_polylines
from ..metrics.reading import Days, Floats, activities_of, flags, local_days, numbers
from ..metrics.record_table import records
from ..metrics.summing import totals
from ..metrics.ways import route_trend
from ..plots.courses import Courses
from ..tables.readable_table import is_demo
from .hidden_lines import hidden_courses

_EARLY = 31
"""Days into the year before that may lack, since many begin it slowly."""

_FIRST, _LAST = 1900, 9999
_OFTEN = 3
"""Times from which a way is a favourite one."""

_NEAR = 500.0
_ONE_DAY, _ONE_YEAR = np.timedelta64(1, "D"), np.timedelta64(1, "Y")


@dataclass(frozen=True, slots=True)
class Sums:
    """What activities add up to; metres and seconds, 0 where nothing is known."""

    activities: int
    active_days: int
    distance: float
    moving_time: float
    climb: float


@dataclass(frozen=True, slots=True)
class Moment:
    """An activity that was the most of something: its row, the sport group and the value (m, s, m/s)."""

    record: str
    group: str
    value: float
    row: int


@dataclass(frozen=True, slots=True)
class Streak:
    """Days or weeks in a row that each had an activity."""

    length: int
    start: np.datetime64
    end: np.datetime64


@dataclass(frozen=True, slots=True)
class Favourite:
    """The way that was gone most often: its rows, the quickest of them, the one that is drawn."""

    times: int
    loop: bool
    distance: float
    quickest: int
    quickest_time: float
    drawn: int


@dataclass(frozen=True, slots=True)
class YearFacts:
    """A year of a table of activities.

    `rows` are its activities, in the order of the table; `daily` is a figure a day, from 1 January on (of
    the year before in `daily_before`, where it can be compared), in `daily_of` ("distance", "moving_time"
    or "activities"). `until` is the last day that is counted in both, where the year is not over yet.
    `not_compared` says why the year before is left out.
    """

    year: int
    rows: pd.DataFrame
    sums: Sums
    before: Sums | None
    until: date | None
    not_compared: str
    daily_of: str
    daily: Floats
    daily_before: Floats | None
    busy: Floats
    sports: pd.DataFrame
    moments: list[Moment]
    days_in_a_row: Streak | None
    weeks_in_a_row: Streak | None
    favourite: Favourite | None
    courses: Courses
    private: int
    years: tuple[int, ...]
    demo: bool


def facts_of(table: Any, year: int | None, today: date | None, *, private: bool) -> YearFacts:
    """What there is to tell of the year, the newest activity's where none is named."""
    counts = activities_of(table, "id", "start_date_local", "sport_group", "distance")
    counts = counts[~np.isnat(local_days(counts))].reset_index(drop=True)
    days = local_days(counts)
    there = np.unique(days.astype("datetime64[Y]")).astype(int) + 1970
    this = _year(year, there)
    rows, own_days = _of(counts, days, this)
    before_rows, before_days = _of(counts, days, this - 1)
    now = today or date.today()
    until: date | None = None
    if len(rows) and this >= now.year:
        until = min(own_days.max().item(), date(this, 12, 31))
        until = until if until < date(this, 12, 31) else None
    not_compared = _lacks(days, before_days, this)
    compared = bool(len(rows) and len(before_rows) and not not_compared)
    by_then = _by(before_rows, before_days, until)
    hidden = np.full(len(rows), False) if private else private_ones(rows)
    told = rows[~hidden]
    daily_of = next((name for name in ("distance", "moving_time") if _sum(rows, name)), "activities")
    return YearFacts(
        year=this,
        rows=rows,
        sums=_sums(rows),
        before=_sums(by_then) if compared else None,
        until=until,
        not_compared=not_compared if len(rows) else "",
        daily_of=daily_of,
        daily=_daily(rows, own_days, this, daily_of),
        daily_before=_daily(before_rows, before_days, this - 1, daily_of) if compared else None,
        busy=_daily(rows, own_days, this, "moving_time" if _sum(rows, "moving_time") else "activities"),
        sports=totals(rows, "sport_group") if len(rows) else rows,
        moments=_moments(told) if len(told) > 1 else [],
        days_in_a_row=_streak(rows, "days"),
        weeks_in_a_row=_streak(rows, "weeks"),
        favourite=_favourite(rows, ~hidden),
        courses=hidden_courses(rows, drawn=~hidden),
        private=int(hidden.sum()),
        years=tuple(there.tolist()),
        demo=is_demo(table),
    )


def _year(year: Any, there: NDArray[np.int64]) -> int:
    if year is None:
        return int(there[-1]) if len(there) else date.today().year
    if isinstance(year, int | np.integer) and not isinstance(year, bool) and _FIRST <= year <= _LAST:
        return int(year)
    raise BadInput(f"{year!r} is not a year.", "Give one such as year=2025.")


def _of(rows: pd.DataFrame, days: Days, year: int) -> tuple[pd.DataFrame, Days]:
    mine = days.astype("datetime64[Y]").astype(int) + 1970 == year
    return rows[mine].reset_index(drop=True), days[mine]


def _lacks(days: Days, before_days: Days, year: int) -> str:
    """Why the year before cannot be compared: the table begins in the middle of it."""
    if not len(before_days) or days.min() < before_days.min():
        return ""
    begins = before_days.min()
    if begins - begins.astype("datetime64[Y]").astype("datetime64[D]") < _EARLY * _ONE_DAY:
        return ""
    first = begins.item()
    return f"The activities here begin on {first.day} {first:%B} {first.year}, so {year - 1} is not compared."


def _by(rows: pd.DataFrame, days: Days, until: date | None) -> pd.DataFrame:
    """Of the year before, what lies before the same day."""
    if until is None or not len(rows):
        return rows
    kept = [(one.month, one.day) <= (until.month, until.day) for one in days.tolist()]
    return rows[np.array(kept)]


def _sum(rows: pd.DataFrame, name: str) -> float:
    return float(np.nansum(numbers(rows, name)))


def _sums(rows: pd.DataFrame) -> Sums:
    return Sums(
        activities=len(rows),
        active_days=len(np.unique(local_days(rows))),
        distance=_sum(rows, "distance"),
        moving_time=_sum(rows, "moving_time"),
        climb=_sum(rows, "total_elevation_gain"),
    )


def _daily(rows: pd.DataFrame, days: Days, year: int, name: str) -> Floats:
    first, end = np.datetime64(f"{year:04}-01-01"), np.datetime64(f"{year + 1:04}-01-01")
    length = int((end - first) / _ONE_DAY)
    amounts = np.ones(len(rows)) if name == "activities" else np.nan_to_num(numbers(rows, name))
    place = (days - first).astype(int)
    return np.bincount(place, amounts, minlength=length).astype(np.float64)


def private_ones(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Activities that only their athlete sees: counted, but neither named nor drawn for others."""
    hidden = flags(rows, "private")
    if "visibility" in rows:
        hidden |= (rows["visibility"].astype("string") == "only_me").to_numpy(bool, na_value=False)
    return hidden


def _moments(rows: pd.DataFrame) -> list[Moment]:
    """The longest and the fastest of the two sports with the most time; the highest, the earliest."""
    found = records(rows)
    fast = records(rows[_outdoors(rows)])
    found = pd.concat([found[found["record"] != "fastest"], fast[fast["record"] == "fastest"]])
    place = _places(rows)
    groups = [str(one) for one in totals(rows, "sport_group")["sport_group"].dropna()]
    often = {str(group): len(part) for group, part in rows.groupby("sport_group")}
    moments: list[Moment] = []

    def add(record: str, wanted: list[str], *, smallest: bool = False) -> bool:
        these = found[(found["record"] == record) & found["sport_group"].isin(wanted)]
        if not len(these):
            return False
        values = these["value"].to_numpy("float64")
        best = these.iloc[int(values.argmin() if smallest else values.argmax())]
        if pd.isna(best["id"]):
            return False
        moments.append(Moment(record, str(best["sport_group"]), float(best["value"]), place[int(best["id"])]))
        return True

    for record in ("longest", "fastest"):
        several = [group for group in groups if often[group] > 1]
        with_it = [
            one for one in several if ((found["record"] == record) & (found["sport_group"] == one)).any()
        ]
        for group in with_it[:2]:
            add(record, [group])
    if not add("highest point", groups):
        add("most climb", groups)
    add("earliest start", groups, smallest=True)
    return moments


def _outdoors(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Activities with a course, where others of the sport have one: exports do not tell what was indoors."""
    if "polyline" not in rows:
        return np.full(len(rows), True)
    drawn = rows["polyline"].notna()
    mapped = drawn.groupby(rows["sport_group"]).transform("any")
    return (drawn | ~mapped.fillna(False).astype(bool)).to_numpy(bool)


def _places(rows: pd.DataFrame) -> dict[int, int]:
    """The row of each id; of rows that kept the numbers they had in the year."""
    there = rows["id"].notna().to_numpy(bool)
    ids = rows["id"].to_numpy("int64", na_value=0)[there]
    return dict(zip(ids.tolist(), rows.index.to_numpy()[there].tolist(), strict=True))


def _streak(rows: pd.DataFrame, unit: str) -> Streak | None:
    if not len(rows):
        return None
    found = streaks(rows)
    one = found[(found["unit"] == unit) & (found["streak"] == "longest")].iloc[0]
    if int(one["length"]) < 2:
        return None
    start, end = (np.datetime64(one[name], "D") for name in ("start", "end"))
    return Streak(int(one["length"]), start, end)


def _favourite(rows: pd.DataFrame, told: NDArray[np.bool_]) -> Favourite | None:
    """The way gone most often for its own sake: commutes are no favourites."""
    if "polyline" not in rows:
        return None
    free = rows[told & ~flags(rows, "commute")]
    gone = route_trend(free)
    if len(gone) < _OFTEN:
        return None
    times = numbers(gone, "moving_time")
    place = _places(rows)
    of_it = [place[int(one)] for one in gone["id"]]
    best = int(np.nanargmin(np.where(times > 0, times, np.nan))) if (times > 0).any() else 0
    drawn = of_it[-1]
    return Favourite(
        times=len(gone),
        loop=_is_loop(rows.iloc[drawn]),
        distance=float(np.nanmedian(numbers(gone, "distance"))),
        quickest=of_it[best],
        quickest_time=float(times[best]),
        drawn=drawn,
    )


def _is_loop(row: pd.Series[Any]) -> bool:
    (course,) = decode_polylines([row["polyline"]])
    return bool(steps(*course[[0, -1]].T)[0] < _NEAR)
