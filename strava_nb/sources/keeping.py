"""What a source keeps of its answers: opened once it is known whose they are, written behind the pull.

Apart from `cache.py` because that knows answers and days, and this knows a sign-in: whose cache it is
is often learned from the first answer only.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from ..errors import StravaNbError
from ..signin.access import Access, at_the_end
from ..signin.refusals import parse
from .cache import Cache, cache_folder, open_cache
from .listing import Known, Span, start_of

Write = Callable[[Callable[[Cache], None]], None]
"""Has something done to the cache soon, one thing after the other, while the pull goes on."""


class Keeping:
    """One source's cache, or none where nothing is to be kept. Safe to use from several threads.

    `ask` asks Strava who the athlete is, which costs a call.
    """

    def __init__(
        self,
        access: Access,
        *,
        url: str,
        on: bool,
        ask: Callable[[], int],
        clock: Callable[[], float],
    ) -> None:
        self.on = on
        self._access = access
        self._url = url
        self._ask = ask
        self._clock = clock
        self._athlete_id: int | None = None
        self._cache: Cache | None = None
        self._opening = threading.Lock()

    @property
    def problem(self) -> str:
        """What is amiss with what is kept, in a sentence; "" while nothing is."""
        return self._cache.problem if self._cache else ""

    def learn(self, athlete_id: object) -> None:
        """Whose answers these are, where an answer has told it."""
        if self.on and self._athlete_id is None and isinstance(athlete_id, int):
            self._athlete_id = athlete_id
            self._access.belongs_to(athlete_id)
            if mark := self._mark():
                _whose[mark] = athlete_id

    def cache(self, *, ask: bool = True) -> Cache | None:
        """The cache; None where nothing is kept (any more), or where nobody knows whose it would be.

        Who is not to `ask` for that is still asked for if there are caches of which one may be theirs.
        """
        if not self.on or self._access.over:
            return None
        athlete_id = self._athlete_id or self._access.athlete_id
        if athlete_id is None and (mark := self._mark()):
            athlete_id = _whose.get(mark)
        if athlete_id is None:
            if not ask and not any(cache_folder().glob("*.sqlite")):
                return None
            self.learn(athlete_id := self._ask())
        with self._opening:
            if self._cache is None:
                self._cache = open_cache(self._url, athlete_id, clock=self._clock)
            return self._cache

    def _mark(self) -> str | None:
        """What tells this token at this address from others, and nothing else of it."""
        try:
            return hashlib.sha256(f"{self._url}\n{self._access.fresh()}".encode()).hexdigest()
        except StravaNbError:
            return None  # Whoever asks Strava will hear of it.

    def activities(self, want: Span) -> tuple[Known, list[Span]]:
        """The activities of a span that are here, and the spans meeting it that are complete."""
        cache = self.cache(ask=False)
        if cache is None:
            return {}, []
        raw, covered = cache.listing()
        records = parse(b"[%s]" % b",".join(raw.values()))
        found = {record["id"]: (start_of(record), record) for record in records}
        first, end = want
        known = {id_: one for id_, one in found.items() if one[0] is None or first <= one[0] < end}
        return known, [span for span in covered if span[0] < end and first < span[1]]

    @contextmanager
    def writing(self) -> Iterator[Write]:
        """Lets a pull write behind its own back; all is written when it is over, also when it fails."""
        if not self.on:
            yield lambda _: None
            return
        done: list[Future[None]] = []

        def on_cache(act: Callable[[Cache], None]) -> None:
            if cache := self.cache(ask=False):
                act(cache)

        with ThreadPoolExecutor(1, thread_name_prefix="keeping") as writer:
            yield lambda act: done.append(writer.submit(on_cache, act))
        for one in done:
            one.result()


_whose: dict[str, int] = {}
"""This kernel's athletes by their tokens' marks: a cell that opens Strava anew need not ask who it is."""


def _forget(_: str, athlete_id: int) -> None:
    for mark in [mark for mark, whose in _whose.items() if whose == athlete_id]:
        _whose.pop(mark, None)


at_the_end(_forget)


def put(
    kind: str, items: Mapping[Any, bytes], fetched: float, covers: Span | None = None
) -> Callable[[Cache], None]:
    """What keeps these."""
    return lambda cache: cache.put(kind, items, fetched, covers=covers)


def cover(span: Span, fetched: float, ids: Collection[int]) -> Callable[[Cache], None]:
    """What says that these are all the activities of a span."""
    return lambda cache: cache.cover(*span, fetched, ids)
