"""Which pages of a listing are asked for, and how many at a time.

A file of its own, and pure, for the one thing that asking for several pages at once endangers: Strava
numbers pages anew with each answer, so that an activity that arrives meanwhile moves every later one
by a place. Of two pages that are asked for one after the other the second then repeats one. Of two
that are under way together the first may be read after it arrived and the second before: the activity
between them is on neither, and nothing in them tells.

So pages that are asked for at once overlap. Page k of a wave has k - 1 activities less than a whole
one, and thereby begins with the last k - 1 of the page before:

    page 1 of 200   activities 1 to 200
    page 2 of 199            200 to 398
    page 3 of 198            397 to 594

As long as two pages share an activity, there is none between them, whatever arrived, was uploaded
late or was deleted meanwhile. Where they share none, what follows is asked for one page at a time.
Each wave asks for what began before the one that the last wave ended with, so that its pages are
large again. This costs three pages of a hundred. The other ways cost a round trip for every pull: to
ask for the last page again when all others are here, or for the first one alone and then for what
began before it, which a late upload of an older activity would still get past.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from itertools import count

from .limits import AT_ONCE
from .listing import Page, Reading, Span, start_of
from .waves import Answer, Ask

_START = re.compile(rb'"start_date"\s*:\s*"([^"\\]*)"')


class Pages:
    """The pages of one reading, of at most `size` activities each.

    With `enough`, one at a time until one reaches back before that moment; else in waves of 4, then 8,
    which cost at most seven calls more than one at a time would.
    """

    def __init__(self, reading: Reading, size: int, enough: float | None = None) -> None:
        self.reading = reading
        self._size = size
        self._enough = enough
        self._ended = threading.Event()
        self._seen: dict[int, tuple[bool, float | None]] = {}

    def rounds(self) -> Iterator[Iterable[Page | None]]:
        """Pages, in rounds of which each is looked through before the next begins.

        None is a fence: the pages after it depend on what those before it hold.
        """
        if self._enough is None:
            yield self._waves()
            return
        for number in count(1):
            if self.reading.complete or (self.reading.ordered and self.reading.least < self._enough):
                return
            yield [Page(number, self.reading.span, number, self._size)]

    def watched(self, ask: Ask[Page]) -> Ask[Page]:
        """The same calls; how a page ends is noticed when it arrives, before it is looked into."""

        def asked(page: Page, renew: bool) -> Answer:
            answer = ask(page, renew)
            if answer.error is None:
                starts = _START.findall(answer.body)
                last = start_of({"start_date": starts[-1].decode(errors="replace")}) if starts else None
                self._seen[page.turn] = len(starts) < page.size, last
                if answer.body.strip() == b"[]":
                    self._ended.set()
            return answer

        return asked

    def _waves(self) -> Iterator[Page | None]:
        span, turns, passed, size = self.reading.span, count(1), 0, AT_ONCE // 2
        while not self._over():
            sent = 0
            for page in self._wave(span, size, turns):
                sent = page.turn if page else sent
                yield page
            _, last = self._seen.get(sent, (True, None))
            if last is None or last + 1 >= span[1]:
                return  # Nothing tells where to go on.
            span = span[0], last + 1
            passed += size * (self._size + 1 - size) - 1
            # One page at a time would by now have taken so many, and takes one that is empty at the end.
            size = max(1, min(AT_ONCE, -(-(passed + 1) // self._size) + AT_ONCE - sent))

    def _wave(self, span: Span, size: int, turns: Iterator[int]) -> Iterator[Page | None]:
        """So many pages of a span at once, and a few more, singly, while the end seems near."""
        for number in range(1, min(self._size, size + AT_ONCE) + 1):
            turn = next(turns)
            yield Page(turn, span, number, self._size + 1 - number, at_once=True)
            if number >= size:
                yield None
                short, _ = self._seen.get(turn, (False, None))
                if self._over() or not short:
                    return

    def _over(self) -> bool:
        return self._ended.is_set() or self.reading.torn or self.reading.complete


def rest(reading: Reading) -> Span | None:
    """What of a reading's span is still to be asked for; None where it is complete."""
    if reading.complete:
        return None
    first, end = reading.span
    covers = reading.covers
    return (first, covers[0]) if covers else (first, end)
