"""Where in her life a day lies: holidays, an injury, races and the weeks before them, her form.

A file of its own because it only knows the calendar. Everything hangs on fixed days of a three-year
cycle, so that tomorrow's history is today's and one day more, and any three years hold all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import cos, exp, pi

_HOLIDAYS = {
    1: (("snow", 2, 7, 7), ("alps", 6, 24, 7), ("cairngorms", 8, 25, 8)),
    2: (("alps", 7, 6, 8), ("khumbu", 10, 19, 11)),
    0: (("cairngorms", 6, 1, 7), ("rockies", 9, 6, 8)),
}
"""For each year of the cycle: where, month, day, days."""

_INJURY = {0: (3, 3, 35)}
"""A sprained ankle in one spring of three."""


@dataclass(frozen=True, slots=True)
class Race:
    """A start that she trains for; `weeks` of build-up before it."""

    day: date
    name: str
    how: str
    metres: float
    weeks: int

    @property
    def intensity(self) -> float:
        """The share of her threshold that she can hold to the end."""
        if self.how == "road":
            return 0.82
        return 1.0 if self.metres < 12_000 else 0.94 if self.metres < 30_000 else 0.85


@cache
def races(year: int) -> tuple[Race, ...]:
    """The races of a year, in order."""
    found = [Race(date(year, 12, 31), "Silvesterlauf 10 km 🎆", "run", 10_040, 0)]
    if year % 3 != 0:
        found.append(Race(_sunday(year, 4, 24), "Half marathon: negative split!", "run", 21_180, 10))
        found.append(Race(_sunday(year, 9, 15), "Hornisgrinde trail race", "trail", 24_000, 5))
    if year % 3 == 1:
        found.append(Race(_sunday(year, 10, 22), "MARATHON 🏅", "run", 42_420, 14))
    if year % 3 != 1:
        found.append(Race(_sunday(year, 7, 20), "Black Forest Gran Fondo", "road", 118_000, 8))
    if year % 3 == 0:
        found.append(Race(_sunday(year, 10, 5), "Stadtlauf 10 km, back again", "run", 10_060, 6))
    return tuple(sorted(found, key=lambda race: race.day))


@cache
def _sunday(year: int, month: int, day: int) -> date:
    first = date(year, month, day)
    return first + timedelta(days=6 - first.weekday())


def race_on(day: date) -> Race | None:
    """The race of that day."""
    return next((race for race in races(day.year) if race.day == day), None)


def ahead(day: date) -> tuple[Race, int] | None:
    """The race that she is building up for, and the days until then."""
    for race in (*races(day.year), *races(day.year + 1)):
        left = (race.day - day).days
        if 0 <= left <= 7 * race.weeks:
            return race, left
    return None


def holiday(day: date) -> tuple[str, int] | None:
    """Where she is and for how many days already."""
    for where, month, first, days in _HOLIDAYS[day.year % 3]:
        into = (day - date(day.year, month, first)).days
        if 0 <= into < days:
            return where, into
    return None


def since_injury(day: date) -> int | None:
    """Days since the last sprain: below 35 she does nothing, until about 85 she comes back gently."""
    for year in (day.year, day.year - 1):
        if year % 3 in _INJURY:
            month, first, _ = _INJURY[year % 3]
            since = (day - date(year, month, first)).days
            if since >= 0:
                return since
    return None


def injured(day: date) -> bool:
    """In the five weeks without sport."""
    since = since_injury(day)
    return since is not None and since < _INJURY[0][2]


def summer(day: date) -> float:
    """From 0 in mid-January to 1 in mid-July."""
    return 0.5 - 0.5 * cos(2 * pi * (day.timetuple().tm_yday - 16) / 365.25)


@cache
def form(day: date) -> float:
    """Her fitness, 1 in an average spring: seasons, a slow rise, peaks for races, the injury's dip."""
    years = (day - date(2024, 6, 1)).days / 365.25
    value = 0.985 + 0.04 * (summer(day - timedelta(days=25)) - 0.5) + min(max(0.02 * years, -0.07), 0.1)
    for race in (*races(day.year - 1)[-1:], *races(day.year)):
        left = (race.day - day).days
        if race.weeks and -60 < left <= 7 * race.weeks:
            value += 0.03 * (1 - left / (7 * race.weeks) if left >= 0 else exp(left / 20))
    since = since_injury(day)
    if since is not None:
        value -= 0.13 * (min(since / 35, 1) if since < 35 else exp(-(since - 35) / 55))
    return value
