"""Pages of a listing put in order, and what is thereby known to be complete.

A file of its own, and pure, because this is where nothing may be lost: pages come in any order, shift
when an activity arrives meanwhile, and are broken off. What is complete is read from the activities
themselves, from their starts and from what two pages share, and never from page numbers; that the
newest come first is checked, not believed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from ..errors import Unreachable
from .source import Record

Span = tuple[float, float]
"""A stretch of `start_date`, in epoch seconds, without its end."""

Known = dict[int, tuple[float | None, Record]]
"""Activities by id, each with its start in epoch seconds."""

EVER = math.inf

_BEGINS = re.compile(r'[ \t\r\n]*\[[ \t\r\n]*({"[^"\\]*":)')
_decode = json.JSONDecoder().raw_decode
_BETWEEN = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")


class Item(NamedTuple):
    """One activity of a page: its record, and the bytes that it was."""

    id: int
    start: float | None
    record: Record
    raw: bytes


class Page(NamedTuple):
    """One page to ask for: the `number`th of a span in pages of this `size`, as the `turn`th of all.

    Where it is asked for together with its neighbours, it is `at_once`.
    """

    turn: int
    span: Span
    number: int
    size: int
    at_once: bool = False


class Batch(NamedTuple):
    """Activities to keep; with a span, they are all that began in it."""

    items: dict[int, bytes]
    covers: Span | None


def read_page(body: bytes) -> list[Item]:
    """The activities of a page, each with its own bytes. Raises Unreachable for what is no such page."""
    try:
        text = body.decode()
        records = json.loads(text)
        ids = [int(record["id"]) for record in records]
        raws = _split(text, ids) or _cut(text)
        return [
            Item(id_, start_of(record), record, raw.encode())
            for id_, record, raw in zip(ids, records, raws, strict=True)
        ]
    except (ValueError, TypeError, KeyError):
        pass  # Raised below, outside: a decoding error carries the whole body.
    raise Unreachable("Strava's answer could not be read.", "Try again in a few minutes.")


def start_of(record: Record) -> float | None:
    """When an activity began, in epoch seconds; None where its record does not say."""
    try:
        moment = datetime.fromisoformat(record["start_date"])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, KeyError, OverflowError):
        return None


def newest_first(known: Known) -> list[Record]:
    """The records in the order of their starts, the latest first; those without one come last."""
    return [
        record
        for _, record in sorted(
            known.values(), key=lambda one: -EVER if one[0] is None else one[0], reverse=True
        )
    ]


def gaps(want: Span, covered: Iterable[Span], since: float) -> list[Span]:
    """What of a span is to be asked for, newest first: what is not covered, and all that began `since` then.

    Two at most, for each costs a call that finds its end: what lies between older ones is asked for too.
    """
    first, end = want
    missing: list[Span] = []
    at = first
    for begin, over in sorted(covered):
        until = min(over, since)
        if until <= max(at, begin) or begin >= end:
            continue
        if begin > at:
            missing.append((at, begin))
        at = until
    if at < end:
        missing.append((at, end))
    if len(missing) > 1 and missing[-1][1] > since:
        return [missing[-1], (missing[0][0], missing[-2][1])]
    return [(missing[0][0], missing[-1][1])] if missing else []


class Reading:
    """The pages of one listing of a span, taken in as they come."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.found: Known = {}
        """What came, without gaps between the pages, each as it was seen last."""
        self.complete = False
        """Whether the empty page that ends a listing has come, and all before it."""
        self.ordered = True
        """Whether the newest came first so far."""
        self.least = EVER
        """The earliest start so far; what began later is all here as long as it is `ordered`."""
        self.torn = False
        """Whether something may be missing between two pages; no later one is taken in."""
        self._early: dict[int, tuple[Page, list[Item]]] = {}
        self._next = 1
        self._ids: set[int] = set()
        self._short = False
        self._edge: dict[int, bytes] = {}

    def take(self, page: Page, items: list[Item]) -> Iterator[Batch]:
        """Take in a page; what there is to keep now."""
        self._early[page.turn] = page, items
        while not self.complete and not self.torn and self._next in self._early:
            page, items = self._early[self._next]
            if not self._joins(page, items):
                self.torn = True
                return
            del self._early[self._next]
            self._next += 1
            self._ids, self._short = {item.id for item in items}, len(items) < page.size
            yield self._in_turn(items)

    @property
    def covers(self) -> Span | None:
        """The span whose activities are all here by now."""
        if self.complete:
            return self.span
        end = self.span[1]
        return (self.least + 1, end) if self.ordered and self.least + 1 < end else None

    def renew(self, known: Known) -> Known:
        """What was known before, with what came in its place: what should have come and did not is gone."""
        first, end = self.covers or (EVER, -EVER)
        rest = {id_: one for id_, one in known.items() if one[0] is None or not first <= one[0] < end}
        return rest | self.found

    def so_far(self) -> Known:
        """All that came, also from pages whose predecessors did not."""
        early = {item.id: (item.start, item.record) for _, page in self._early.values() for item in page}
        return early | self.found

    def _joins(self, page: Page, items: list[Item]) -> bool:
        """Whether nothing can be missing between the pages so far and this one."""
        if page.number == 1:
            return page.turn == 1 or (self.ordered and self.least < page.span[1])
        if not page.at_once:
            return True  # It was asked for after the one before: what arrived can only repeat some.
        return any(item.id in self._ids for item in items) or (self._short and not items)

    def _in_turn(self, page: list[Item]) -> Batch:
        before = self.covers
        for item in page:
            if item.id not in self.found:
                # Within a second there is no order; a page that has shifted repeats what was seen.
                if item.start is None or item.start > self.least:
                    self.ordered = False
                else:
                    self.least = item.start
            self.found[item.id] = (item.start, item.record)
        self.complete = not page
        items = self._edge | {item.id: item.raw for item in page}
        self._edge = {id_: raw for id_, raw in items.items() if self.found[id_][0] == self.least}
        covers = self.covers
        if covers is None or covers == before or not self.ordered:
            return Batch(items, None)
        return Batch(items, (covers[0], before[0] if before else covers[1]))


def _split(text: str, ids: list[int]) -> list[str]:
    """The activities' own texts the quick way, where each begins with the same name; else nothing.

    No text within an activity can look like its beginning: a quote in it would have a backslash before.
    """
    begins = _BEGINS.match(text)
    if not begins:
        return []
    first = begins[1]
    inner = text[begins.start(1) : text.rindex("]")].rstrip()
    pieces = [first + piece for piece in inner.split(f",{first}")]
    pieces[0] = pieces[0][len(first) :]
    apart = len(pieces) == len(ids) and all(str(id_) in piece for id_, piece in zip(ids, pieces, strict=True))
    return pieces if apart else []


def _cut(text: str) -> Iterator[str]:
    """The activities' own texts, however they are written."""
    at, end = text.index("[") + 1, text.rindex("]")
    while (between := _BETWEEN.match(text, at)) and between.end() < end:
        _, at = _decode(text, between.end())
        yield text[between.end() : at]
