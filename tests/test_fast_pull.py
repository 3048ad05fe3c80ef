"""A pull is fast: pages come in waves, tracks and details eight at a time, and none of them twice."""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pulling import Clock, allow, asked, by_id, door

from strava_nb.simulator import Simulator
from strava_nb.sources import api
from strava_nb.sources.api import ApiSource
from strava_nb.sources.cache import Cache, forget
from strava_nb.sources.source import Progress

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pages from a small Strava."""
    monkeypatch.setattr(api, "PER_PAGE", 16)


@pytest.fixture
def source(strava: Simulator) -> ApiSource:
    return door(strava, Clock())


class Gate:
    """Counts how many calls Strava has under way, and lets none pass before `number` have come."""

    def __init__(self, strava: Any, number: int) -> None:
        self.most = self._now = 0
        self._lock = threading.Lock()
        self._barrier = threading.Barrier(number, timeout=20)
        self._answer, strava._reply = strava._reply, self.reply

    def reply(self, call: Any) -> Any:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            self._barrier.wait()
            return self._answer(call)
        finally:
            with self._lock:
                self._now -= 1


def tiny(number: int) -> list[dict[str, Any]]:
    first = datetime(2010, 1, 1, tzinfo=UTC)
    return [
        {
            "id": 10**10 + one,
            "athlete": {"id": 7},
            "sport_type": "Ride",
            "start_date": f"{first + timedelta(hours=4 * one):%Y-%m-%dT%H:%M:%SZ}",
        }
        for one in range(number)
    ]


# --- waves


def test_pages_are_asked_for_four_and_then_eight_at_a_time(strava: Simulator, source: ApiSource) -> None:
    assert source.athlete  # so that what is left of the allowance is known
    assert len(by_id(source.activities(None, None))) == 60
    first, later = asked(strava)[:4], asked(strava)[4:]
    assert sorted((int(call["page"]), int(call["per_page"])) for call in first) == [
        (1, 16), (2, 15), (3, 14), (4, 13)
    ]  # fmt: skip
    assert sorted(int(call["page"]) for call in later) == list(range(1, 9))
    assert len({call["before"] for call in later}) == 1, "what began before the last one of the first four"


def test_eight_calls_and_no_more_are_under_way_at_once(strava: Simulator, source: ApiSource) -> None:
    ids = [record["id"] for record in source.activities(None, None)]
    gate = Gate(strava, 8)
    assert len(dict(source.streams_of(ids[:8]))) == 8
    assert gate.most == 8


def test_a_page_with_room_left_is_followed_by_one_and_not_by_a_wave(
    strava: Simulator, source: ApiSource
) -> None:
    for record in source.activities(None, None)[:15]:
        strava.delete_activity(record["id"])
    forget(strava.url, source.athlete["id"])
    before = len(strava.calls)
    assert len(by_id(source.activities(None, None))) == 45
    assert len(asked(strava, since=before)) == 5


def test_what_came_is_written_while_the_next_wave_is_under_way(
    strava: Simulator, source: ApiSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way = threading.Event()
    listing, put = strava._book.listing, Cache.put
    page = listing.page

    def noticed(**query: Any) -> bytes:
        if query["before"]:
            under_way.set()
        return page(**query)

    def patient(cache: Cache, *given: Any, **options: Any) -> None:
        assert under_way.wait(20)
        put(cache, *given, **options)

    monkeypatch.setattr(listing, "page", noticed)
    monkeypatch.setattr(Cache, "put", patient)
    assert len(by_id(source.activities(None, None))) == 60


def test_thirty_thousand_activities_come_whole_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PER_PAGE", 200)
    (tmp_path / "tiny.json").write_text(json.dumps(tiny(30_000)))
    with Simulator(records=tmp_path) as strava:
        source = door(strava, Clock())
        assert len(by_id(source.activities(None, None))) == 30_000
        assert len(asked(strava)) == 156
        before = len(strava.calls)
        assert len(by_id(source.activities(None, None))) == 30_000
        assert len(strava.calls) == before + 1


def test_oldest_first_is_pulled_whole_and_kept_all_the_same(strava: Simulator, source: ApiSource) -> None:
    listing: Any = strava._book.listing
    page = listing.page
    listing.page = lambda **query: page(**query | {"after": query["after"] or 0, "before": None})
    everything = by_id(source.activities(None, None))
    assert len(everything) == 60
    before = len(strava.calls)
    assert by_id(source.activities(None, date(2026, 1, 1))).keys() <= everything.keys()
    assert len(strava.calls) == before


# --- tracks and details


def test_tracks_that_are_kept_come_without_a_call(strava: Simulator, source: ApiSource) -> None:
    ids = [record["id"] for record in source.activities(None, None)][:6]
    assert source.at_hand(ids) == set()
    told: list[Progress] = []
    first = dict(source.streams_of(ids + ids, tell=told.append))
    assert list(first) != [] and first.keys() == set(ids)
    assert (told[-1].what, told[-1].done, told[-1].total) == ("streams", 6, 6)
    assert source.at_hand(ids) == set(ids)
    before = len(strava.calls)
    assert dict(source.streams_of(ids)) == first
    assert source.streams(ids[0]) == first[ids[0]]
    assert strava.calls[before:] == []


def test_that_an_activity_has_no_streams_is_remembered(strava: Simulator, source: ApiSource) -> None:
    typed_in = strava.add_activity(manual=True, start_latlng=None, end_latlng=None, polyline="").id
    assert dict(source.streams_of([typed_in])) == {typed_in: None}
    before = len(strava.calls)
    assert source.streams(typed_in) is None
    assert source.at_hand([typed_in]) == {typed_in}
    assert strava.calls[before:] == []


def test_details_come_eight_at_a_time_and_are_kept_but_for_those_that_are_not_there(
    strava: Simulator, source: ApiSource
) -> None:
    ids = [record["id"] for record in source.activities(None, None)][:9]
    found = dict(source.details_of([*ids, 1]))
    assert found.pop(1) is None
    assert {id_: detail and detail["id"] for id_, detail in found.items()} == {id_: id_ for id_ in ids}
    before = len(strava.calls)
    assert dict(source.details_of([*ids, 1]))[ids[0]] == found[ids[0]]
    assert [call.path for call in strava.calls[before:]] == ["/api/v3/activities/1"]


def test_no_ids_are_no_calls(strava: Simulator, source: ApiSource) -> None:
    assert list(source.streams_of([])) == []
    assert source.at_hand([]) == set()
    assert source.cost([]).startswith("0 activities")
    assert strava.calls == []


def test_the_cost_counts_what_is_not_here(strava: Simulator, source: ApiSource) -> None:
    ids = [record["id"] for record in source.activities(None, None)]
    list(source.streams_of(ids[:3]))
    assert source.cost(ids).startswith("60 activities, 57 without streams here: 57 calls; done about ")


def test_a_long_pull_tells_what_is_left_and_when_it_will_be_done(
    strava: Simulator, source: ApiSource
) -> None:
    ids = [record["id"] for record in source.activities(None, None)][:25]
    allow(strava, 200)
    told: list[Progress] = []
    assert len(list(source.details_of(ids, tell=told.append))) == 25
    assert [step.done for step in told] == list(range(1, 26))
    assert re.fullmatch(r"\d+ calls left until \d\d:\d\d; done about \d\d:\d\d", told[0].note)
    assert re.fullmatch(r"\d+ calls left until \d\d:\d\d", told[-1].note)


def test_a_slow_reader_is_not_swamped(strava: Simulator, source: ApiSource) -> None:
    ids = [record["id"] for record in source.activities(None, None)]
    for _ in source.streams_of(ids):
        break
    assert len([call for call in strava.calls if call.path.endswith("/streams")]) <= 8
