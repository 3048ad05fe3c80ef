"""The demo athlete: who she is, what she has done, and what her devices recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

from strava_nb.simulator.activity import Activity, Gear

__all__ = ["Activity", "Athlete", "Gear"]


class Athlete:
    """A fictional woman of about forty with three years of activities that end the day before `today`.

    The same `seed`, `today` and `activities` give the same life, in every process. `activities` makes
    the history exactly that long: shorter, or longer and denser. The lists may be changed at run time.
    """

    def __init__(self, *, seed: int = 0, today: date, activities: int | None = None) -> None:
        self.seed = seed
        self.today = today
        self.profile: dict[str, Any] = {}
        self.heart_rate_zones: list[tuple[int, int]] = []
        self.power_zones: list[tuple[int, int]] = []
        self.gear: list[Gear] = []
        self.activities: list[Activity] = []

    def streams(self, activity: Activity) -> dict[str, Any]:
        """What was recorded, under Strava's keys; `{}` where nothing was."""
        return {}
