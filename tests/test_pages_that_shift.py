"""Pages asked for at once, while activities arrive, are uploaded late, are deleted: none is lost."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from asking import everything
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pulling import Clock, by_id, door

from strava_nb.simulator import Simulator
from strava_nb.sources import api
from strava_nb.sources.api import ApiSource
from strava_nb.sources.listing import EVER, Page, Reading, Span, read_page
from strava_nb.sources.paging import Pages, rest
from strava_nb.sources.source import Listener, Progress
from strava_nb.sources.store import Store
from strava_nb.sources.waves import Answer

pytestmark = pytest.mark.slow

SIZE = 20
EVERYTHING: Span = (-EVER, EVER)


@dataclass
class Strava:
    """A listing of which some changes become true after so many of its pages were read."""

    starts: dict[int, int]
    changes: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    read: int = 0

    def page(self, page: Page) -> bytes:
        before = page.span[1]
        newest = sorted(((start, id_) for id_, start in self.starts.items() if start < before), reverse=True)
        first = (page.number - 1) * page.size
        self.read += 1
        shown = [(id_, zulu(start)) for start, id_ in newest[first : first + page.size]]
        self._change()
        return json.dumps([{"id": id_, "start_date": start} for id_, start in shown]).encode()

    def _change(self) -> None:
        for what, number in self.changes.get(self.read, ()):
            if what == "deleted":
                self.starts.pop(number, None)
                continue
            for _ in range(30 if what == "many arrived" else 1):
                new = 10_000 + 100 * self.read + len(self.starts)
                self.starts[new] = 60 * number + 30 if what == "late" else 10**6 + new


def zulu(start: int) -> str:
    return f"{datetime.fromtimestamp(start, UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass
class Pull:
    """A pull of which chance decides in which order pages are read, and in which they come back."""

    strava: Strava
    chance: random.Random
    store: Store = field(default_factory=lambda: Store(None, {}, lambda: 0.0))
    found: set[int] = field(default_factory=set)
    calls: int = 0
    waves: int = 0
    torn: bool = False

    def __call__(self) -> set[int]:
        reading = self._read(Reading(EVERYTHING), None)
        if left := rest(reading):
            self.torn = True
            assert self._read(Reading(left), -EVER).complete
        return self.found

    def _read(self, reading: Reading, enough: float | None) -> Reading:
        pages = Pages(reading, SIZE, enough)
        ask = pages.watched(lambda page, _: Answer(self.strava.page(page)))
        late: list[tuple[Page, bytes]] = []
        for some in pages.rounds():
            for wave in waves(iter(some)):
                self.waves += 1
                self.calls += len(wave)
                self._take(reading, late)  # the last wave is looked into while this one is under way
                late = [(page, ask(page, True).body) for page in self._in_any_order(wave)]
            self._take(reading, late)
            late = []
        self.found |= set(reading.found)
        return reading

    def _take(self, reading: Reading, came: list[tuple[Page, bytes]]) -> None:
        for page, body in self._in_any_order(came):
            for items, covers in reading.take(page, read_page(body)):
                self.store.put("activity", items, 0.0, covers)

    def _in_any_order(self, some: list[Any]) -> list[Any]:
        return self.chance.sample(some, len(some))


def waves(pages: Iterator[Page | None]) -> Iterator[list[Page]]:
    """What goes at once: all up to each fence."""
    wave: list[Page] = []
    for page in pages:
        if page is not None:
            wave.append(page)
        elif wave:
            yield wave
            wave = []
    if wave:
        yield wave


def athlete(number: int) -> Strava:
    return Strava({id_: 60 * id_ for id_ in range(1, number + 1)})


CHANGES = st.dictionaries(
    st.integers(1, 20),
    st.lists(
        st.tuples(st.sampled_from(["arrived", "many arrived", "late", "deleted"]), st.integers(1, 150)),
        max_size=2,
    ),
    max_size=4,
)


@given(st.integers(0, 150), CHANGES, st.integers(0, 999))
@examples(max_examples=80)
def test_what_was_there_all_the_time_is_found_and_kept(
    number: int, changes: dict[int, list[tuple[str, int]]], seed: int
) -> None:
    strava = athlete(number)
    before = set(strava.starts)
    strava.changes = changes
    pull = Pull(strava, random.Random(seed))
    found = pull()
    there = before & set(strava.starts)
    kept, covered = pull.store.listing()
    pull.store.close()
    lost = there - found
    # One page at a time, a deletion can hide a neighbour; at once it cannot.
    deleted = len(before) - len(there)
    assert len(lost) <= (deleted if pull.torn else 0)
    assert set(kept) == found
    assert covered == [EVERYTHING]


@pytest.mark.parametrize("number", [0, 1, 19, 20, 21, 58, 68, 69, 80, 81, 100, 172, 300])
def test_in_peace_nothing_is_asked_for_again(number: int) -> None:
    pull = Pull(athlete(number), random.Random(number))
    assert len(pull()) == number
    assert not pull.torn
    one_at_a_time = -(-number // SIZE) + 1
    assert one_at_a_time <= pull.calls <= one_at_a_time + 7


@pytest.mark.parametrize("number", [788, 2_000, 7_152, 7_200, 10_000, 30_000])
def test_waves_of_true_size_cost_at_most_seven_calls_more_than_one_at_a_time(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And 2,000 activities two round trips."""
    calls = waited = 0
    reading = Reading(EVERYTHING)
    pages = Pages(reading, 200)

    def body(page: Page, _: bool) -> Answer:
        newest = number if page.span[1] == EVER else round(page.span[1] - 1)
        first = (page.number - 1) * page.size
        shown = range(max(0, newest - first - page.size), max(0, newest - first))[::-1]
        return Answer(b"[%s]" % b",".join(b'{"start_date":"%s"}' % zulu(one + 1).encode() for one in shown))

    ask = pages.watched(body)
    for wave in waves(iter(next(pages.rounds()))):
        waited += 1
        calls += len(wave)
        for page in wave:
            ask(page, True)
    one_at_a_time = -(-number // 200) + 1
    assert one_at_a_time <= calls <= one_at_a_time + 7
    assert waited <= {788: 2, 2_000: 2, 10_000: 8}.get(number, 30)


def test_pages_from_which_strava_leaves_some_out_are_read_to_their_end() -> None:
    """A sign-in that may not see private activities gets short pages, of which none is the last."""

    class Discreet(Strava):
        def page(self, page: Page) -> bytes:
            shown = json.loads(super().page(page))
            return json.dumps([one for one in shown if one["id"] % 13]).encode()

    pull = Pull(Discreet({id_: 60 * id_ for id_ in range(1, 801)}), random.Random(0))
    assert pull() == {id_ for id_ in range(1, 801) if id_ % 13}
    assert pull.calls < 2 * 800 // SIZE


def test_a_page_that_shares_nothing_with_the_one_before_tears_the_reading() -> None:
    reading = Reading(EVERYTHING)
    whole, behind = Strava({9: 90, 8: 80}), Strava({6: 60})
    list(
        reading.take(
            Page(1, EVERYTHING, 1, 2, at_once=True), read_page(whole.page(Page(1, EVERYTHING, 1, 2)))
        )
    )
    list(
        reading.take(
            Page(2, EVERYTHING, 2, 1, at_once=True), read_page(behind.page(Page(1, EVERYTHING, 1, 1)))
        )
    )
    assert reading.torn
    assert (set(reading.found), set(reading.so_far())) == ({9, 8}, {9, 8, 6})
    assert rest(reading) == (-EVER, 81)


# --- at the simulated Strava


@pytest.fixture
def source(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> ApiSource:
    monkeypatch.setattr(api, "PER_PAGE", SIZE)
    return door(strava, Clock())


class InTheMiddle:
    """Has Strava read the first wave's pages from the last to the first, with something happening between."""

    def __init__(self, strava: Simulator, moment: int, happens: Any) -> None:
        listing: Any = strava._book.listing
        self._page, listing.page = listing.page, self.page
        self._moment, self._happens = moment, happens
        self._turn = threading.Condition()
        self._here: set[int] = set()
        self._read = 0

    def page(self, **query: Any) -> Any:
        with self._turn:
            number = query["page"]
            self._here.add(number)
            self._turn.notify_all()
            assert self._turn.wait_for(lambda: self._read >= 4 or self._mine(number), 20)
            if self._read == self._moment:
                self._happens()
            self._read += 1
            self._turn.notify_all()
            return self._page(**query)

    def _mine(self, number: int) -> bool:
        return self._here >= {1, 2, 3, 4} and number == 4 - self._read


@pytest.mark.parametrize("moment", [1, 2, 3])
@pytest.mark.parametrize("what", ["arrives", "arrives with many", "is uploaded late", "is edited"])
def test_one_that_arrives_in_the_middle_changes_nothing_else(
    strava: Simulator, source: ApiSource, moment: int, what: str
) -> None:
    assert source.athlete, "so that what is left of the allowance is known, and all four go at once"
    before = by_id(everything(strava))
    some = list(before)

    def happens() -> None:
        if what == "arrives":
            strava.add_activity(name="meanwhile")
        elif what == "arrives with many":
            for _ in range(SIZE):
                strava.add_activity(name="meanwhile")
        elif what == "is uploaded late":
            start = datetime.fromisoformat(before[some[5]]["start_date"])
            strava.add_activity(name="meanwhile", start=start.replace(microsecond=0), id=5)
        else:
            strava.edit_activity(some[25], name="meanwhile")

    InTheMiddle(strava, moment, happens)
    pulled = by_id(source.activities(None, None))
    assert pulled.keys() >= before.keys()
    same = {one: record for one, record in before.items() if record == pulled[one]}
    assert len(same) >= 60 - (what == "is edited")
    assert by_id(source.activities(None, None)).keys() >= before.keys(), "and none is kept as a hole"


def once(done: int, happens: Callable[[], object]) -> Listener:
    """What has something happen as soon as so many have come."""
    left = [happens]

    def told(step: Progress) -> None:
        if step.done >= done and left:
            left.pop()()

    return told


@pytest.mark.parametrize("done", [10, 40, 60])
def test_one_that_arrives_between_two_pages_changes_nothing_else(
    strava: Simulator, source: ApiSource, done: int
) -> None:
    before = by_id(everything(strava))
    pulled = by_id(source.activities(None, None, tell=once(done, strava.add_activity)))
    assert {one: pulled[one] for one in before} == before
    assert len(by_id(source.activities(None, None))) == 61


@pytest.mark.parametrize("done", [10, 40])
def test_one_that_is_edited_in_the_middle_is_as_it_was_or_is(
    strava: Simulator, source: ApiSource, done: int
) -> None:
    before = by_id(everything(strava))
    last = min(before, key=lambda one: before[one]["start_date"])
    edit = partial(strava.edit_activity, last, name="renamed")
    pulled = by_id(source.activities(None, None, tell=once(done, edit)))
    assert pulled.keys() == before.keys()
    assert pulled.pop(last)["name"] in ("renamed", before.pop(last)["name"])
    assert pulled == before


@pytest.mark.parametrize("done", [10, 40])
def test_one_that_is_deleted_in_the_middle_doubles_none_and_refresh_heals(
    strava: Simulator, source: ApiSource, done: int
) -> None:
    """Pages asked for one at a time can hide its neighbour meanwhile."""
    newest = everything(strava)[0]["id"]
    pulled = by_id(source.activities(None, None, tell=once(done, partial(strava.delete_activity, newest))))
    assert len(pulled) >= 58
    there = by_id(everything(strava))
    assert by_id(source.activities(None, None, refresh=True)) == there
    assert by_id(source.activities(None, None)) == there
