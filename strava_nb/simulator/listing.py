"""The athlete's activities in the order of their starts, as bytes that are ready to send."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One activity of the listing; `start` in epoch seconds."""

    start: int
    id: int
    private: bool = field(compare=False)
    body: bytes = field(compare=False, repr=False)


class Listing:
    """Pages of activities, as `GET /athlete/activities` gives them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._lock = Lock()
        self._entries = sorted(entries)

    def __len__(self) -> int:
        return len(self._entries)

    def page(
        self,
        *,
        before: int | None,
        after: int | None,
        page: int,
        per_page: int,
        private: bool,
        short_pages: int = 0,
    ) -> bytes:
        """One page, oldest first with `after` alone, else newest first; empty after the end.

        The first `short_pages` pages hold half as many, and the rest moves up: nothing is lost.
        """
        with self._lock:
            chosen = [
                entry.body
                for entry in self._entries
                if (private or not entry.private)
                and (before is None or entry.start < before)
                and (after is None or entry.start > after)
            ]
        if after is None or before is not None:
            chosen.reverse()
        half = max(1, per_page // 2)
        first = (page - 1) * per_page - min(page - 1, short_pages) * (per_page - half)
        length = half if page <= short_pages else per_page
        return b"[" + b",".join(chosen[first : first + length]) + b"]"

    def put(self, entry: Entry) -> None:
        """Add an entry, or replace the one of the same id."""
        with self._lock:
            self._entries = [known for known in self._entries if known.id != entry.id]
            insort(self._entries, entry)

    def remove(self, activity_id: int) -> None:
        """Take an entry out; the pages behind it move up."""
        with self._lock:
            self._entries = [known for known in self._entries if known.id != activity_id]
