"""Pulling: what is kept first, what is missing from Strava, and what comes is kept at once.

Apart from `api.py`, which knows how one call is made, so that what is asked for, and when a pull is
complete, stands in one place.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from ..errors import NotFound, RateLimited, Stopped, StravaNbError, Unreachable
from .keeping import Keeping, cover, put
from .limits import AT_ONCE, clock_time, done_at
from .listing import EVER, Known, Page, Reading, Span, gaps, newest_first, read_page
from .paging import Pages, rest
from .source import Listener, Progress, Record
from .waves import Answer, Ask, Caller, Cancelled

K = TypeVar("K")
V = TypeVar("V")

RECENT = 30 * 24 * 3600
"""Seconds back from now in which activities are asked for again each time: edits and late uploads."""

_CHUNK = 32  # Tracks that are read from the cache at once: each can be megabytes.
_FEW = 20


class Puller:
    """One source's way of pulling: its calls, and what it keeps. `per_page` gives a page's size."""

    def __init__(self, caller: Caller, keeping: Keeping, per_page: Callable[[], int]) -> None:
        self.caller = caller
        self.keeping = keeping
        self._per_page = per_page

    def activities(
        self,
        want: Span,
        ask: Ask[Page],
        *,
        tell: Listener,
        refresh: bool,
        cancel: threading.Event | None,
    ) -> tuple[list[Record], list[str]]:
        """The activities of a span, and what is amiss with them. Raises Stopped with what came."""
        now = self.caller.clock()
        known: Known = {}
        here: set[int] = set()
        reading = Reading(want)
        problems: list[str] = []

        def say(note: str) -> None:
            tell(Progress("activities", len(here), None, note))

        try:
            known, covered = self.keeping.activities(want)
            if known:
                here.update(known)
                say("")
            asked = [want] if refresh else gaps(want, covered, now - RECENT)
            for gap in asked:
                again = want[0] < gap[0] and now - RECENT <= gap[0]
                # A page mostly holds the last days and an activity before them, which proves that they
                # are all there: one call, not two.
                reading = Reading((want[0], gap[1]) if again else gap)
                enough = gap[0] if again else -EVER if refresh and known else None
                try:
                    self._read(reading, enough, ask, now, here, say=say, cancel=cancel)
                    if enough is None and (left := rest(reading)):
                        known = reading.renew(known)
                        reading = Reading(left)
                        self._read(reading, -EVER, ask, now, here, say=say, cancel=cancel)
                except (Unreachable, RateLimited) as error:
                    if not again or len(asked) > 1 or not covered:
                        raise
                    problems.append(self._how_old(error, now))
                    break
                known = reading.renew(known)
        except (Cancelled, KeyboardInterrupt):
            so_far = known | reading.so_far()
            raise Stopped(
                f"The pull was stopped after {len(so_far):,} activities.",
                "Run it again: it goes on where it stopped.",
                so_far=newest_first(so_far),
            ) from None
        if self.keeping.problem:
            problems.append(self.keeping.problem)
        return newest_first(known), problems

    def each(
        self,
        kind: str,
        ids: Iterable[int],
        ask: Ask[int],
        understand: Callable[[bytes], V],
        *,
        tell: Listener,
        cancel: threading.Event | None,
        keep_absent: bool = False,
    ) -> Iterator[tuple[int, V | None]]:
        """What each activity has of a kind, as it comes: first what is kept, then the others in any order.

        None where Strava has none, which is remembered if it will stay so. Raises Stopped.
        """
        wanted = list(dict.fromkeys(map(int, ids)))  # a table's are NumPy's, which SQLite does not know
        missing: list[int] = []
        asked = absent_as(b"null", ask)
        done = 0

        def both(body: bytes) -> tuple[V | None, bytes]:
            return None if body == b"null" else understand(body), body

        def say(note: str) -> None:
            tell(Progress(kind, done, len(wanted), note))

        try:
            cache = self.keeping.cache() if wanted else None
            for at in range(0, len(wanted), _CHUNK):
                some = wanted[at : at + _CHUNK]
                kept = cache.get(kind, some) if cache else {}
                missing += [one for one in some if one not in kept]
                for one in kept:
                    if cancel is not None and cancel.is_set():
                        raise Cancelled
                    done += 1
                    yield one, both(kept[one])[0]
                    say("")
            with self.keeping.writing() as write:
                for one, (value, body) in self.caller.gather(missing, asked, both, say=say, cancel=cancel):
                    if value is not None or keep_absent:
                        write(put(kind, {one: body}, self.caller.clock()))
                    done += 1
                    yield one, value
                    say(self._note(len(wanted) - done))
        except (Cancelled, KeyboardInterrupt):
            raise Stopped(
                f"The pull was stopped after {done:,} of {len(wanted):,} activities.",
                "Run it again: it goes on where it stopped.",
            ) from None

    def _read(
        self,
        reading: Reading,
        enough: float | None,
        ask: Ask[Page],
        now: float,
        here: set[int],
        *,
        say: Callable[[str], None],
        cancel: threading.Event | None,
    ) -> None:
        """Take in pages until they are enough, and keep what came, also if it is broken off."""
        pages = Pages(reading, self._per_page(), enough)
        with self.keeping.writing() as write:
            for some in pages.rounds():
                asked = self.caller.gather(
                    some, pages.watched(ask), read_page, say=say, cancel=cancel, ahead=AT_ONCE
                )
                for page, came in asked:
                    if came:
                        self.keeping.learn((came[0].record.get("athlete") or {}).get("id"))
                    for items, covers in reading.take(page, came):
                        write(put("activity", items, now, covers))
                    if came:
                        here.update(item.id for item in came)
                        say(self.caller.limits.note(self.caller.clock()))
            if reading.complete and not reading.ordered:
                write(cover(reading.span, now, set(reading.found)))

    def _how_old(self, error: StravaNbError, now: float) -> str:
        cache = self.keeping.cache(ask=False)
        since = (cache.oldest() if cache else None) or now
        return (
            f"{error.what} These are the activities as they were up to {_ago(now - since)} ago, "
            f"when they were pulled: {datetime.fromtimestamp(since):%Y-%m-%d %H:%M}."
        )

    def _note(self, left: int) -> str:
        """What is left of the allowance, and when a long pull will be done."""
        limits, now = self.caller.limits, self.caller.clock()
        told = [limits.note(now)]
        if left > _FEW:
            done = done_at(left, limits.left(now), now, allowance=limits.allowance)
            told.append(f"done about {clock_time(done)}")
        return "; ".join(filter(None, told))


def absent_as(body: bytes, ask: Ask[K]) -> Ask[K]:
    """The same calls, with this body where Strava has no such thing."""

    def asked(key: K, renew: bool) -> Answer:
        answer = ask(key, renew)
        return Answer(body) if isinstance(answer.error, NotFound) else answer

    return asked


def _ago(seconds: float) -> str:
    for name, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if (number := round(seconds / length)) >= 1:
            return f"{number} {name}{'s' if number > 1 else ''}"
    return "moments"
