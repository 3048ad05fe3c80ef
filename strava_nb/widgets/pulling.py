"""Pulling in a thread, as a page needs it: nothing → running → done, stopped with what came, or failed.

Knows no widgets: a page watches it and says what it is. Only the newest pull counts; an older one is
told to stop, and whatever still comes of it is not heard.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, cast

import pandas as pd

from ..errors import Stopped, StravaNbError
from ..problems import stopped_after, without_warnings
from ..pull import get_activities
from ..sources.source import Progress, Record, Source, nobody
from ..tables.readable_table import Units
from ..wanted import Span

_SLOWLY: Final = 0.2
"""Seconds between two pictures of a running pull: each of them is a message to the page."""

_A_WHILE: Final = 0.5
"""Seconds after which there is a rate to speak of."""

_SPARE: Final = 10
"""Calls left, with fewer of which none is spent on the athlete's units."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull gave: the table, the days asked for, and the units that its athlete has chosen."""

    table: pd.DataFrame
    span: Span
    units: Units = "metric"


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is being pulled, and nothing has been."""


@dataclass(frozen=True, slots=True)
class Running:
    """A pull is under way; `rate` in things a second and `left` in seconds, None while unknown."""

    step: Progress
    rate: float | None = None
    left: float | None = None
    stopping: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """All is here."""

    pulled: Pulled


@dataclass(frozen=True, slots=True)
class Partial:
    """It was stopped, or broken off by `error`: what came before is kept, and a new pull goes on there."""

    pulled: Pulled
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing came."""

    error: Exception


State = Nothing | Running | Done | Partial | Failed


@dataclass(eq=False)
class _Run:
    """One pull: what stops it, when its first thing came, and when it was last told of."""

    span: Span
    cancel: threading.Event = field(default_factory=threading.Event)
    began: tuple[float, int] | None = None
    told: float = float("-inf")


class Pulls:
    """One pull after the other. `watcher` hears of each new state, in whichever thread it came about."""

    def __init__(
        self, watcher: Callable[[State], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._watcher = watcher
        self._clock = clock
        self._run: _Run | None = None
        self._state: State = Nothing()
        self._lock = threading.RLock()

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._state

    def start(self, source: Callable[[], Source], span: Span) -> None:
        """Pull the activities of these days, in place of whatever is being pulled.

        `source` is called in the thread: to open a door can take seconds, or fail.
        """
        with self._lock:
            self._give_up()
            run = self._run = _Run(span)
            self._enter(run, Running(Progress("activities", 0)))
        threading.Thread(target=self._work, args=(run, source), name="strava-nb pull", daemon=True).start()

    def cancel(self) -> None:
        """Stop: what came so far will be there in a moment."""
        with self._lock:
            if self._run and isinstance(self._state, Running):
                self._run.cancel.set()
                self._enter(self._run, replace(self._state, stopping=True))

    def drop(self) -> None:
        """Stop, and be as if nothing had been asked for."""
        with self._lock:
            self._give_up()
            self._state = Nothing()
            self._watcher(self._state)

    def close(self) -> None:
        """Stop, and tell nobody."""
        with self._lock:
            self._give_up()

    def _give_up(self) -> None:
        if self._run:
            self._run.cancel.set()
            self._run = None

    def _enter(self, run: _Run, state: State) -> None:
        with self._lock:  # While it is told too, or an older state could be shown after a newer one.
            if run is self._run:
                self._state = state
                self._watcher(state)

    def _work(self, run: _Run, source: Callable[[], Source]) -> None:
        try:
            self._enter(run, self._end_of(run, source))
        except Exception as error:  # It came, but could not be shown: that must be said too.
            self._enter(run, Failed(error))

    def _end_of(self, run: _Run, source: Callable[[], Source]) -> State:
        here: Source | None = None
        try:
            with without_warnings():
                here = source()
                table = get_activities(
                    here, run.span, progress=lambda step: self._tell(run, step), cancel=run.cancel
                )
            pulled = Pulled(table, run.span, units_of(here))
        except Exception as error:  # Whatever it is, the person must see it.
            came = _what_came(here, run.span) if here is not None and run.began else None
            return Partial(came, error) if came else Failed(error)
        if not run.cancel.is_set():
            return Done(pulled)
        _say_no_more_of_stopping(table)
        return Partial(pulled)

    def _tell(self, run: _Run, step: Progress) -> None:
        now = self._clock()
        if run.cancel.is_set() or (now - run.told < _SLOWLY and step.done != step.total):
            return
        run.told = now
        if step.done and run.began is None:
            run.began = now, step.done
        rate = None
        if run.began and now - run.began[0] >= _A_WHILE and step.done > run.began[1]:
            rate = (step.done - run.began[1]) / (now - run.began[0])
        left = (step.total - step.done) / rate if rate and step.total is not None else None
        self._enter(run, Running(step, rate, left))


class _Came:
    """What came of a source before it broke off, as a source."""

    def __init__(self, source: Source, records: Any) -> None:
        self.name = source.name
        self._records = records

    def activities(self, start: date | None, end: date | None) -> list[Record]:
        return list(self._records)


def _what_came(source: Source, span: Span) -> Pulled | None:
    """What came before an error: what the source keeps, which costs no call; None where that is nothing."""
    stop = threading.Event()
    stop.set()
    try:
        records = source.activities(*span, tell=nobody, cancel=stop)
    except Stopped as stopped:
        records = stopped.so_far
    except StravaNbError:
        return None  # The first error is the one to tell.
    with without_warnings():
        table = get_activities(cast("Source", _Came(source, records)), span, progress=False)
    return Pulled(table, span) if len(table) else None


def units_of(source: Source) -> Units:
    """The units that the athlete has chosen at Strava; metric where nobody says, or asking would wait."""
    limits = getattr(source, "limits", None)
    left = limits.left(time.time()) if limits else None
    if left is not None and min(left) < _SPARE:
        return "metric"
    try:
        return "imperial" if source.athlete.get("measurement_preference") == "feet" else "metric"
    except StravaNbError:
        return "metric"


def _say_no_more_of_stopping(table: pd.DataFrame) -> None:
    """The page says itself that it was stopped, and how to go on."""
    beginning = stopped_after(0, "").split("0")[0]
    told = [one for one in table.attrs.get("problems", []) if not one.startswith(beginning)]
    table.attrs["problems"] = told
