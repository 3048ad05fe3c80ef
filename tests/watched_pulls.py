"""A pull whose states a test waits for, and sources that give what and when the test says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

from strava_nb.errors import Stopped
from strava_nb.sources.source import Progress
from strava_nb.widgets.pulling import State


def ride(number: int, day: str = "2026-06-01") -> dict[str, Any]:
    """An activity as Strava has it."""
    return {
        "id": number, "name": f"Ride {number}", "sport_type": "Ride", "distance": 30_000.0,
        "moving_time": 4000, "start_date": f"{day}T08:00:00Z",
        "start_date_local": f"{day}T08:00:00Z",
    }  # fmt: skip


class Heard:
    """Hears states, and waits for one."""

    def __init__(self) -> None:
        self.states: list[State] = []
        self._news = threading.Condition()

    def __call__(self, state: State) -> None:
        with self._news:
            self.states.append(state)
            self._news.notify_all()

    def wait(self, kind: type[State], when: Callable[[Any], bool] = lambda _: True) -> Any:
        """The latest state, once it is of this kind."""
        with self._news:
            assert self._news.wait_for(
                lambda: bool(self.states) and isinstance(self.states[-1], kind) and when(self.states[-1]), 30
            ), self.states[-1:]
            return self.states[-1]


class Slow:
    """A source that gives its records once it is let, in two steps; cancelled, it gives the first one."""

    name = "export"

    def __init__(self, *records: dict[str, Any], error: Exception | None = None, deaf: bool = False) -> None:
        self.records = list(records)
        self.error = error
        self.athlete: dict[str, Any] = {"id": 1, "measurement_preference": "meters"}
        self.asked = threading.Event()
        self.let = threading.Event()
        self.deaf = deaf

    def activities(
        self,
        start: date | None,
        end: date | None,
        *,
        tell: Callable[[Progress], None],
        cancel: threading.Event,
        **_: Any,
    ) -> list[dict[str, Any]]:
        if cancel.is_set():
            raise Stopped("Stopped.", so_far=self.records[:1])
        tell(Progress("activities", 1, len(self.records), "one is here"))
        self.asked.set()
        while not self.let.wait(0.01):
            if cancel.is_set() and not self.deaf:
                raise Stopped("Stopped.", so_far=self.records[:1])
        if self.error:
            raise self.error
        return self.records
