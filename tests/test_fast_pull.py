"""A pull is fast: pages and tracks come several at a time, and a second time from what is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulling import NOON, Clock, asked, by_id, door

from strava_nb.errors import RateLimited, Stopped, Unreachable
from strava_nb.simulator import Simulator
from strava_nb.sources import api, pulls
from strava_nb.sources.api import ApiSource
from strava_nb.sources.listing import EVER, Reading, gaps, read_page, start_of
from strava_nb.sources.source import Progress

DAY = 86_400
THIRTY_DAYS = pulls.RECENT
Open = Callable[..., ApiSource]


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pages from a small Strava, of which one holds all that is recent."""
    monkeypatch.setattr(api, "PER_PAGE", 10)
    monkeypatch.setattr(pulls, "RECENT", 5 * DAY)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def enter(strava: Simulator, clock: Clock) -> Open:
    return lambda **options: door(strava, clock, **options)


@pytest.fixture
def source(enter: Open) -> ApiSource:
    return enter()


class Gate:
    """Counts how many calls Strava has under way, and lets none pass before `number` have come."""

    def __init__(self, strava: Simulator, number: int) -> None:
        self.most = self._now = 0
        self._lock = threading.Lock()
        self._barrier = threading.Barrier(number, timeout=20)
        self._answer, strava._reply = strava._reply, self.reply  # type: ignore[method-assign]

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
    assert sorted(int(call["page"]) for call in asked(strava)) == list(range(1, 13))


def test_eight_calls_and_no_more_are_under_way_at_once(strava: Simulator, source: ApiSource) -> None:
    ids = [record["id"] for record in source.activities(None, None)]
    gate = Gate(strava, 8)
    assert len(dict(source.streams_of(ids[:16]))) == 16
    assert gate.most == 8


@pytest.mark.parametrize("number", [0, 1, 10, 39, 40, 41, 110, 119, 120, 121])
def test_waves_cost_at_most_seven_calls_more_than_one_at_a_time(
    tmp_path: Path, clock: Clock, number: int
) -> None:
    (tmp_path / "tiny.json").write_text(json.dumps(tiny(number)))
    with Simulator(records=tmp_path) as strava:
        assert len(by_id(door(strava, clock, keep=False).activities(None, None))) == number
        needed = -(-number // 10) + 1
        assert needed <= len(asked(strava)) <= needed + 7


def test_thirty_thousand_activities_come_whole_and_once(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PER_PAGE", 200)
    (tmp_path / "tiny.json").write_text(json.dumps(tiny(30_000)))
    with Simulator(records=tmp_path) as strava:
        source = door(strava, clock)
        assert len(by_id(source.activities(None, None))) == 30_000
        assert len(asked(strava)) == 156
        before = len(strava.calls)
        assert len(by_id(source.activities(None, None))) == 30_000
        assert len(strava.calls) == before + 1


# --- a page, and each activity's own bytes


def test_each_activity_keeps_the_bytes_that_it_was(shared_strava: Simulator) -> None:
    bodies = [entry.body for entry in shared_strava._book.listing._entries]
    page = read_page(b"[" + b",".join(bodies) + b"]")
    assert [item.raw for item in page] == bodies
    assert [item.record for item in page] == [json.loads(body) for body in bodies]


TEXTS = st.text(st.sampled_from('{}[],:"\\ id1é\n'), max_size=12)
JSON = st.recursive(
    st.none() | st.integers(0, 3) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@given(
    st.lists(st.dictionaries(TEXTS, JSON, max_size=3), max_size=4),
    st.booleans(),
    st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " : ")]),
)
def test_however_a_page_is_written_its_activities_come_apart(
    records: list[dict[str, Any]], first: bool, separators: tuple[str, str]
) -> None:
    records = [{"id": n} | one | {"id": n} if first else one | {"id": n} for n, one in enumerate(records)]
    page = read_page(json.dumps(records, separators=separators).encode())
    assert [item.record for item in page] == records
    assert [json.loads(item.raw) for item in page] == records


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b"[1]", b'[{"name":"x"}]', b'[{"id":1}', b'[{"id":"x"}]', b"null"]
)
def test_what_is_no_page_is_a_failure_on_the_way(body: bytes) -> None:
    with pytest.raises(Unreachable):
        read_page(body)


# --- what is complete


@pytest.mark.parametrize(
    ("want", "covered", "asked"),
    [
        ((0, EVER), [], [(0, EVER)]),
        ((0, EVER), [(-EVER, EVER)], [(100, EVER)]),
        ((0, 50), [(-EVER, EVER)], []),
        ((0, 150), [(-EVER, EVER)], [(100, 150)]),
        ((0, EVER), [(60, EVER)], [(100, EVER), (0, 60)]),
        ((0, EVER), [(120, EVER)], [(0, EVER)]),
        ((0, EVER), [(-5, 80)], [(80, EVER)]),
        ((0, EVER), [(10, 20), (40, 60), (90, EVER)], [(100, EVER), (0, 90)]),
        ((0, 70), [(10, 20), (40, 60)], [(0, 70)]),
        ((0, 70), [(-10, 20), (40, 90)], [(20, 40)]),
    ],
)
def test_only_what_is_missing_or_recent_is_asked_for(want: Any, covered: Any, asked: Any) -> None:
    assert gaps(want, covered, 100) == asked


def page_of(*starts: int) -> list[Any]:
    rows = [
        {"id": start, "start_date": f"{datetime.fromtimestamp(start, UTC):%Y-%m-%dT%H:%M:%SZ}"}
        for start in starts
    ]
    return read_page(json.dumps(rows).encode())


def test_what_is_complete_is_read_from_the_activities_and_not_from_page_numbers() -> None:
    reading = Reading((-EVER, EVER))
    assert list(reading.take(2, page_of(70, 60))) == []
    assert reading.covers is None
    first, second = reading.take(1, page_of(90, 80))
    assert (set(first.items), first.covers) == ({90, 80}, (81, EVER))
    assert (set(second.items), second.covers) == ({80, 70, 60}, (61, 81))
    [last] = reading.take(3, [])
    assert (set(last.items), last.covers) == ({60}, (-EVER, 61))
    assert reading.complete


def test_an_order_that_does_not_hold_is_not_believed() -> None:
    reading = Reading((0, 100))
    [first] = reading.take(1, page_of(60, 70))
    assert first.covers is None
    assert not reading.ordered
    [last] = reading.take(2, [])
    assert last.covers is None
    assert reading.covers == (0, 100)


def test_a_page_that_has_shifted_repeats_and_is_in_order_all_the_same() -> None:
    reading = Reading((0, 100))
    list(reading.take(1, page_of(90, 80)))
    [second] = reading.take(2, page_of(90, 80, 70))
    assert reading.ordered
    assert second.covers == (71, 81)


@pytest.mark.parametrize("text", [None, "", "soon", 5, "2026-13-01T00:00:00Z"])
def test_an_activity_without_a_start_is_given_and_covers_nothing(text: Any) -> None:
    assert start_of({"start_date": text}) is None
    reading = Reading((0, 100))
    list(reading.take(1, read_page(json.dumps([{"id": 1, "start_date": text}]).encode())))
    assert (reading.ordered, set(reading.found)) == (False, {1})


def test_oldest_first_is_pulled_whole_and_kept_all_the_same(strava: Simulator, source: ApiSource) -> None:
    listing = strava._book.listing
    page = listing.page
    listing.page = lambda **query: page(**query | {"after": query["after"] or 0, "before": None})  # type: ignore[method-assign]
    everything = by_id(source.activities(None, None))
    assert len(everything) == 60
    before = len(strava.calls)
    assert by_id(source.activities(None, date(2026, 1, 1))).keys() <= everything.keys()
    assert len(strava.calls) == before


# --- a second time


def test_a_second_pull_costs_one_call(strava: Simulator, source: ApiSource) -> None:
    first = by_id(source.activities(None, None))
    before = len(strava.calls)
    assert by_id(source.activities(None, None)) == first
    assert len(strava.calls) == before + 1


def test_in_a_new_kernel_it_costs_one_call_more_unless_the_sign_in_says_whose(
    strava: Simulator, enter: Open
) -> None:
    first = enter()
    everything = by_id(first.activities(None, None))
    before = len(strava.calls)
    assert by_id(enter().activities(None, None)) == everything
    assert [call.path.removeprefix("/api/v3") for call in strava.calls[before:]] == [
        "/athlete",
        "/athlete/activities",
    ]
    before = len(strava.calls)
    assert by_id(enter(whose=first.athlete["id"]).activities(None, None)) == everything
    assert len(asked(strava, since=before)) == 1


def test_the_first_pull_learns_from_the_activities_whose_they_are(
    strava: Simulator, source: ApiSource
) -> None:
    source.activities(None, None)
    assert asked(strava, "/athlete") == []
    assert source.access.athlete_id == source.athlete["id"]


def test_days_that_are_here_and_past_cost_nothing(strava: Simulator, source: ApiSource) -> None:
    everything = by_id(source.activities(None, None))
    before = len(strava.calls)
    spring = by_id(source.activities(date(2026, 3, 1), date(2026, 4, 30)))
    assert 0 < len(spring) < 60
    assert spring.items() <= everything.items()
    assert len(strava.calls) == before


def test_only_the_days_that_were_meant_are_asked_for(strava: Simulator, source: ApiSource) -> None:
    source.activities(date(2026, 3, 1), date(2026, 4, 30))
    first = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
    last = datetime(2026, 5, 1, tzinfo=UTC).timestamp()
    assert all(first - DAY < int(call["after"]) < first for call in asked(strava))
    assert all(last < int(call["before"]) < last + DAY for call in asked(strava))


def test_a_longer_span_asks_for_what_lacks(strava: Simulator, source: ApiSource) -> None:
    source.activities(date(2026, 3, 1), date(2026, 3, 31))
    before = len(strava.calls)
    longer = by_id(source.activities(date(2026, 1, 1), date(2026, 3, 31)))
    assert {int(call["before"]) for call in asked(strava, since=before)} == {
        int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()) - 14 * 3600
    }
    assert by_id(source.activities(date(2026, 1, 1), date(2026, 3, 31), refresh=True)) == longer


def test_a_new_one_an_edit_and_a_late_upload_are_seen_within_thirty_days(
    strava: Simulator, source: ApiSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulls, "RECENT", THIRTY_DAYS)
    first = source.activities(None, None)
    recent = first[0]["id"]
    strava.edit_activity(recent, name="Renamed")
    new = strava.add_activity(start=datetime.fromtimestamp(NOON - 3600, UTC))
    late = strava.add_activity(start=datetime.fromtimestamp(NOON - 29 * DAY, UTC), id=5)
    second = by_id(source.activities(None, None))
    assert second[recent]["name"] == "Renamed"
    assert second.keys() == by_id(first).keys() | {new.id, late.id}


def test_what_was_deleted_goes_with_refresh_and_stays_gone(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    first = source.activities(None, None)
    clock.now += 60
    old = first[-1]["id"]
    strava.delete_activity(old)
    assert old in by_id(source.activities(None, None))
    before = len(strava.calls)
    assert old not in by_id(source.activities(None, None, refresh=True))
    assert len(asked(strava, since=before)) == 7, "no page more than one at a time would have taken"
    assert old not in by_id(source.activities(None, None))


def test_what_was_deleted_of_the_recent_ones_goes_by_itself(strava: Simulator, source: ApiSource) -> None:
    first = source.activities(None, None)
    assert start_of(first[1]) or NOON - 30 * DAY < 0
    strava.delete_activity(first[1]["id"])
    assert by_id(source.activities(None, None)).keys() == by_id(first).keys() - {first[1]["id"]}


def test_after_seven_days_all_is_asked_for_again(strava: Simulator, source: ApiSource, clock: Clock) -> None:
    first = by_id(source.activities(None, None))
    clock.now += 7 * DAY + 1
    before = len(strava.calls)
    assert by_id(source.activities(None, None)) == first
    assert len(asked(strava, since=before)) >= 7


# --- without a network


def test_without_a_network_what_is_kept_is_given_with_its_age(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    first = by_id(source.activities(None, None))
    clock.now += 3 * 3600
    strava.stop()
    assert by_id(source.activities(None, None)) == first
    assert len(source.problems) == 1
    assert "no connection" in source.problems[0]
    assert "3 hours ago" in source.problems[0]
    assert by_id(source.activities(date(2026, 3, 1), None)).items() <= first.items()
    with pytest.raises(Unreachable):
        source.activities(None, None, refresh=True)


def test_without_a_network_half_of_it_is_not_given_for_the_whole(
    strava: Simulator, source: ApiSource
) -> None:
    source.activities(date(2026, 3, 1), None)
    strava.stop()
    with pytest.raises(Unreachable):
        source.activities(None, None)


def test_with_the_day_used_up_what_is_kept_is_given_too(strava: Simulator, source: ApiSource) -> None:
    first = by_id(source.activities(None, None))
    strava.faults.add("429_day")
    assert by_id(source.activities(None, None)) == first
    assert "today are used up" in source.problems[0]
    with pytest.raises(RateLimited):
        source.activities(None, None, refresh=True)


def test_problems_are_those_of_the_last_pull(strava: Simulator, source: ApiSource) -> None:
    source.activities(None, None)
    strava.faults.add("500", times=5)
    source.activities(None, None)
    assert source.problems
    source.activities(None, None)
    assert source.problems == []


# --- tracks and details


def test_tracks_that_are_kept_come_without_a_call(strava: Simulator, source: ApiSource) -> None:
    ids = [record["id"] for record in source.activities(None, None)][:12]
    assert source.at_hand(ids) == set()
    told: list[Progress] = []
    first = dict(source.streams_of(ids + ids, tell=told.append))
    assert list(first) != [] and first.keys() == set(ids)
    assert (told[-1].what, told[-1].done, told[-1].total) == ("streams", 12, 12)
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


def test_a_slow_reader_is_not_swamped(strava: Simulator, source: ApiSource) -> None:
    ids = [record["id"] for record in source.activities(None, None)]
    coming = source.streams_of(ids)
    next(coming)
    coming.close()
    assert len([call for call in strava.calls if call.path.endswith("/streams")]) <= 8


# --- stopping


@pytest.mark.parametrize("how", ["cancel", "Ctrl-C"])
@pytest.mark.parametrize("at", range(7))
def test_a_pull_that_is_stopped_at_any_page_leaves_what_came_and_goes_on(
    strava: Simulator, source: ApiSource, at: int, how: str
) -> None:
    cancel = threading.Event()
    steps = iter(range(7))

    def stop(_: Progress) -> None:
        if next(steps, None) == at:
            if how == "Ctrl-C":
                raise KeyboardInterrupt
            cancel.set()

    strava._limits.reads = (1000, 10_000)  # few enough that what is left is told
    try:
        everything = by_id(source.activities(None, None, tell=stop, cancel=cancel))
        assert at == 6
    except Stopped as stopped:
        came = by_id(stopped.so_far)
        assert 0 < len(came) <= 60
        assert "goes on where it stopped" in stopped.to_do
        before = len(strava.calls)
        everything = by_id(source.activities(None, None))
        assert came.items() <= everything.items()
        late = 7  # calls that were under way when it stopped, and reach the server only now
        assert len(asked(strava, since=before)) <= 13 + late
    assert len(everything) == 60
    strava.stop()
    assert by_id(source.activities(None, None)) == everything, "all is kept"


def test_a_pull_in_a_thread_stops_while_an_answer_is_awaited(strava: Simulator, source: ApiSource) -> None:
    source.athlete  # noqa: B018
    cancel, ended = threading.Event(), threading.Event()
    strava.faults.add("slow", times=None, seconds=60)

    def pull() -> None:
        with pytest.raises(Stopped):
            source.activities(None, None, cancel=cancel)
        ended.set()

    threading.Thread(target=pull, daemon=True).start()
    cancel.set()
    assert ended.wait(20)


@pytest.mark.parametrize("how", ["cancel", "Ctrl-C"])
def test_streams_that_are_stopped_go_on_where_they_stopped(
    strava: Simulator, source: ApiSource, how: str
) -> None:
    ids = [record["id"] for record in source.activities(None, None)][:20]
    cancel = threading.Event()

    def stop(step: Progress) -> None:
        if step.done == 5:
            if how == "Ctrl-C":
                raise KeyboardInterrupt
            cancel.set()

    came = []
    with pytest.raises(Stopped):
        for one, _ in source.streams_of(ids, tell=stop, cancel=cancel):
            came.append(one)
    assert len(came) == 5
    assert source.at_hand(ids) >= set(came)
    before = len(strava.calls)
    assert len(dict(source.streams_of(ids))) == 20
    again = {int(call.path.split("/")[-2]) for call in strava.calls[before:]}
    assert again.isdisjoint(came)
