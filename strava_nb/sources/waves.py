"""Many calls at once, within what Strava allows, and patient with what fails on the way.

A file of its own because it knows neither Strava's addresses nor stravaio: it is handed the calls. All
deciding, pausing and telling is done in the caller's thread; the others make one call each, so that
Ctrl-C and a `cancel` are heard at once, and a test can bring its own clock.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from ..errors import RateLimited, StravaNbError
from .limits import AT_ONCE, GRACE, QUARTER, Limits, Verdict, clock_time, rate_limited
from .retries import pauses, worth_another_try

K = TypeVar("K")
V = TypeVar("V")

_GLANCE = 0.1
"""Seconds between two looks at whether to stop."""

_REFUSALS = 3
"""Times that one call may be refused for want of allowance: two clocks can differ, but not for ever."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of one call: a body, or the error that it means.

    `renewed` says that the token had ended, and that there is a new one by now.
    """

    body: bytes = b""
    error: Exception | None = None
    renewed: bool = False


Ask = Callable[[K, bool], Answer]
"""Makes one call, in a thread of its own; the flag says whether it may renew the token."""


class Cancelled(Exception):
    """The pull's `cancel` is set."""


@dataclass(order=True, slots=True)
class _Job(Generic[K]):
    """One call that is to be made, and what came of it so far."""

    number: int
    key: K = field(compare=False)
    pauses: Iterator[float] = field(compare=False)
    refusals: int = field(default=0, compare=False)
    renewed: bool = field(default=False, compare=False)


class Caller:
    """Makes calls within the limits. `pause` waits some seconds, `chance` spreads the pauses."""

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float],
        pause: Callable[[float], None],
        chance: Callable[[], float],
    ) -> None:
        self.limits = limits
        self.clock = clock
        self.pause = pause
        self.chance = chance

    def gather(
        self,
        keys: Iterable[K | None],
        ask: Ask[K],
        understand: Callable[[bytes], V],
        *,
        say: Callable[[str], None] = lambda _: None,
        cancel: threading.Event | None = None,
        ahead: int = 0,
    ) -> Iterator[tuple[K, V]]:
        """What each key's call gave, as the answers come, with at most AT_ONCE under way.

        None among the keys is a fence: `keys` is not asked for more until all before it have been
        answered. `understand` makes something of a body; a failure on the way that it finds is one like
        any other. `say` is told of pauses and waits. No more than `ahead` answers lie unread while AT_ONCE
        calls are under way, so that a slow reader is not swamped.

        Raises Cancelled, RateLimited when the day is used up, and the errors of the calls, those after
        what else was under way has been given.
        """
        round_ = _Round(self, keys, ask, say, ahead)
        while True:
            if cancel is not None and cancel.is_set():
                raise Cancelled
            round_.look()
            verdict = round_.send()  # Before what came is looked into, so that the two overlap.
            if round_.arrived:
                job, body = round_.arrived.popleft()
                try:
                    value = understand(body)
                except StravaNbError as error:
                    round_.again(job, error.with_traceback(None))
                else:
                    yield job.key, value
            elif round_.under_way:
                continue
            elif round_.failed:
                raise round_.failed
            elif verdict is Verdict.GO and not round_.rest():
                return
            elif verdict is Verdict.STOP:
                raise self.limits.used_up(self.clock())
            elif verdict is Verdict.HOLD:
                time.sleep(_GLANCE / 10)  # Another thread's call will be answered.
            elif verdict is Verdict.WAIT:
                self._wait(say, cancel)

    def _wait(self, say: Callable[[str], None], cancel: threading.Event | None) -> None:
        """Until the quarter of an hour is over, or the clock has been put back."""
        now = self.clock()
        end, told = self.limits.until(now), ""
        while end - QUARTER <= now < end + GRACE:
            if cancel is not None and cancel.is_set():
                raise Cancelled
            left = int(end + GRACE - now)
            countdown = f"{left // 60}:{left % 60:02}"
            if told != countdown:
                told = countdown
                say(f"this quarter hour's calls are used up: {countdown} to go, until {clock_time(end)}")
            self.pause(min(_GLANCE, end + GRACE - now))
            now = self.clock()


class _Round(Generic[K]):
    """The calls of one gathering: which are to be made, which are under way, which have been answered."""

    def __init__(
        self,
        caller: Caller,
        keys: Iterable[K | None],
        ask: Ask[K],
        say: Callable[[str], None],
        ahead: int,
    ) -> None:
        self.arrived: deque[tuple[_Job[K], bytes]] = deque()
        self.under_way = 0
        self.failed: Exception | None = None
        self._caller = caller
        self._keys = iter(keys)
        self._ask = ask
        self._say = say
        self._ahead = ahead
        self._answers: SimpleQueue[tuple[_Job[K], Answer]] = SimpleQueue()
        self._numbers = count()
        self._ready: list[_Job[K]] = []
        self._later: list[tuple[float, _Job[K]]] = []
        self._passed = 0.0  # Seconds, of which a test may decide how long they are.
        self._fenced = False

    def send(self) -> Verdict:
        """Make the calls that may be made now; what hinders the next one, if there is a next one."""
        while self._has_room() and (job := self._next()):
            verdict = self._caller.limits.reserve(self._caller.clock())
            if verdict is not Verdict.GO:
                heapq.heappush(self._ready, job)
                return verdict
            self.under_way += 1
            threading.Thread(target=self._work, args=(job,), daemon=True).start()
        return Verdict.GO

    def look(self) -> None:
        """Take in the answers that have come; where there is none, wait for one for a moment."""
        while self.under_way:
            began = time.monotonic()
            try:
                job, answer = self._answers.get(timeout=0 if self.arrived else self._patience())
            except Empty:
                break
            finally:
                self._passed += time.monotonic() - began
            self.under_way -= 1
            if answer.renewed:
                job.renewed = True
                heapq.heappush(self._ready, job)
            elif answer.error is not None:
                self.again(job, answer.error)
            else:
                self.arrived.append((job, answer.body))

    def again(self, job: _Job[K], error: Exception) -> None:
        """Have a call made again, if that may help; otherwise it has failed, and with it the gathering."""
        if isinstance(error, RateLimited):
            job.refusals += 1
            if job.refusals > _REFUSALS:
                until = self._caller.limits.until(self._caller.clock())
                self.failed = self.failed or rate_limited(until, day=False)
            heapq.heappush(self._ready, job)
        elif worth_another_try(error) and (seconds := next(job.pauses, None)) is not None:
            self._say(f"{error} Trying again in {seconds:.0f} s.")
            heapq.heappush(self._later, (self._passed + seconds, job))
        else:
            self.failed = self.failed or error

    def rest(self) -> bool:
        """Pause until a call is to be made again; False where there is none."""
        if self._later:
            seconds = self._patience()
            self._caller.pause(seconds)
            self._passed += seconds
        return bool(self._later or self._ready)

    def _has_room(self) -> bool:
        unread = max(0, len(self.arrived) - self._ahead)
        return self.failed is None and self.under_way + unread < AT_ONCE

    def _patience(self) -> float:
        if not self._later:
            return _GLANCE
        return min(_GLANCE, max(0.001, self._later[0][0] - self._passed))

    def _next(self) -> _Job[K] | None:
        while self._later and self._later[0][0] <= self._passed:
            heapq.heappush(self._ready, heapq.heappop(self._later)[1])
        if self._ready:
            return heapq.heappop(self._ready)
        while not (self._fenced and (self.under_way or self._later)):
            try:
                key = next(self._keys)
            except StopIteration:
                return None
            self._fenced = key is None
            if key is not None:
                return _Job(next(self._numbers), key, pauses(self._caller.chance))
        return None

    def _work(self, job: _Job[K]) -> None:
        try:
            answer = self._ask(job.key, not job.renewed)
        except Exception as error:
            answer = Answer(error=error)  # Whoever waits for it is to hear of it.
        self._answers.put((job, answer))
