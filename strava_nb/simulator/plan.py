"""What she means to do, before a device has measured it: what the calendar hands to the summaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from strava_nb.simulator.routes import Route, flat, route


@dataclass(frozen=True, slots=True)
class Course:
    """Which route, by the arguments that `routes.route` takes; building it can wait until it is needed."""

    kind: str
    size: float
    bearing: float = 0.0
    shape: str = "loop"
    reverse: bool = False
    cut: float = 0.0

    def build(self, timezone: str) -> Route:
        """The route itself, from the cache after its first time."""
        if self.kind == "flat":
            return flat(self.size, timezone)
        return route(self.kind, self.size, self.bearing, shape=self.shape, reverse=self.reverse, cut=self.cut)


@dataclass(frozen=True, slots=True)
class Plan:
    """One intended activity.

    `how` names a pace of `effort.pace` or "still"; `begin` is wall time on the spot; `intensity` is the
    share of her threshold; `pattern` (share of the course, factor on speed) makes a workout; `minutes`
    counts where there is no course. `strap` and `meter` say whether heart rate and power are measured.
    """

    sport_type: str
    how: str
    begin: datetime
    name: str
    timezone: str = "Europe/Berlin"
    course: Course | None = None
    intensity: float = 0.7
    pattern: tuple[tuple[float, float], ...] = ()
    minutes: float = 0.0
    gear: str | None = None
    device: str | None = None
    description: str = ""
    strap: bool = True
    meter: bool = False
    commute: bool = False
    trainer: bool = False
    manual: bool = False
    private: bool = False
    workout_type: int | None = None
    company: int = 1
    warmth: float = 0.0
    seed: int = 0
