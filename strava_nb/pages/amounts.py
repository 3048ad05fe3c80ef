"""Amounts as a page says them: few digits, and the unit apart, so that it can be set smaller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from ..tables.readable_table import FEET, METRES, Units, pace

_ON_FOOT = ("Run", "Walk")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it is read, and its unit (or none)."""

    number: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Amounts:
    """Strava's metres and seconds in the person's units."""

    units: Units

    def far(self, metres: float) -> Amount:
        """A way: "8.4 km", "4,971 km"."""
        value = metres / METRES[self.units]
        decimals = 0 if value >= 100 else 1
        return Amount(f"{value:,.{decimals}f}", "km" if self.units == "metric" else "mi")

    def high(self, metres: float) -> Amount:
        """A height or a climb."""
        metric = self.units == "metric"
        return Amount(f"{metres / (1 if metric else FEET):,.0f}", "m" if metric else "ft")

    def fast(self, speed: float, group: str) -> Amount:
        """A speed, or the pace that people of that sport speak of."""
        if group in _ON_FOOT:
            return Amount(pace(METRES[self.units] / speed), "/km" if self.units == "metric" else "/mi")
        if group == "Swim":
            metric = self.units == "metric"
            return Amount(pace((100 if metric else 91.44) / speed), "/100 m" if metric else "/100 yd")
        unit = "km/h" if self.units == "metric" else "mph"
        return Amount(f"{speed * 3600 / METRES[self.units]:.1f}", unit)


def hours(seconds: float) -> Amount:
    """A time: "310 hours", "7.5 hours", "45 min"."""
    if seconds < 3600:
        return Amount(f"{seconds / 60:.0f}", "min")
    return Amount(f"{seconds / 3600:,.{0 if seconds >= 36_000 else 1}f}", "hours")


def day(moment: Any, *, year: bool = False) -> str:
    """A day as it is said: "26 July"; NumPy's moments, dates and datetimes alike."""
    one = moment if isinstance(moment, date | datetime) else np.datetime64(moment, "D").item()
    return f"{one.day} {one:%B}" + (f" {one.year}" if year else "")


def days(first: Any, last: Any) -> str:
    """From one day to another: "22–28 August", "7 April – 4 January"."""
    if np.datetime64(first, "D") == np.datetime64(last, "D"):
        return day(first)
    one, other = (np.datetime64(moment, "D").item() for moment in (first, last))
    if (one.year, one.month) == (other.year, other.month):
        return f"{one.day}–{day(other)}"
    return f"{day(one)} – {day(other)}"


def plural(number: int, one: str, many: str) -> str:
    """A number of things: "1 activity", "220 activities"."""
    return f"{number:,} {one if number == 1 else many}"
