"""A goal for a year: its share of a week, what is done, and what is still needed a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from .measures import Measure, Tally

ONE_YEAR = np.timedelta64(1, "Y")
_DAYS = {"week": 7.0, "month": 365.25 / 12, "year": 365.25}


@dataclass(frozen=True, slots=True)
class Goal:
    """An amount for a year, how much of it is done, and the days that are left, today with them."""

    year: np.datetime64
    amount: float
    done: float
    days_left: int

    def each(self, by: str) -> float:
        """The goal's even share of a week, month or year."""
        return self.amount if by == "year" else self.amount * _DAYS[by] / _DAYS["year"]

    def sentence(self, measure: Measure) -> str:
        """How the goal stands, in words."""
        said = f"Goal for {self.year}: {measure.shown(self.amount)}, {measure.shown(self.done)} done"
        left = self.amount - self.done
        if left <= 0:
            return f"{said}: reached."
        if not self.days_left:
            return f"{said}, {measure.shown(left)} short."
        weeks = self.days_left / 7
        if weeks < 1:
            days = "1 day" if self.days_left == 1 else f"{self.days_left} days"
            return f"{said}, {measure.shown(left)} to go in {days}."
        return f"{said}; needed: {measure.shown(left / weeks)} a week for the {weeks:.0f} weeks left."


def goal_of(counted: Tally, amount: float, today: date | None) -> Goal:
    """How a goal for the newest activity's year stands."""
    newest = counted.days.max()
    year = newest.astype("datetime64[Y]")
    end = (year + ONE_YEAR).astype("datetime64[D]")
    now = min(max(np.datetime64(today or date.today(), "D"), newest), end)
    done = float(counted.amounts[counted.days.astype("datetime64[Y]") == year].sum())
    return Goal(year, amount, done, int((end - now).astype(int)))
