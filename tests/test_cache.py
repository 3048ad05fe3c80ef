"""What is kept of a pull: whole, and for seven days."""

from __future__ import annotations

import gc
import os
import time
from itertools import pairwise
from pathlib import Path

import pytest
from caching import DAY, MARK, NOW, URL, activity, bytes_on_disk, days
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st
from pulling import Clock

from strava_nb.sources import store as stores
from strava_nb.sources.cache import open_cache
from strava_nb.sources.store import KEEP, Store


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


# --- kept


def test_what_was_put_comes_back_byte_for_byte_in_the_next_kernel(clock: Clock) -> None:
    odd = b'{"id": 7,  "name":"caf\\u00e9 \xe2\x98\x95","big":12345678901234567890}'
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", {7: odd, 2**60: b"{}"}, NOW)
    cache.put("gear", {"7": b"text"}, NOW)
    cache.put("gear", {7: b"number"}, NOW)
    cache.close()
    again = open_cache(URL, 1, clock=clock)
    assert (cache.problem, again.problem) == ("", "")
    assert again.get("activity") == {7: odd, 2**60: b"{}"}
    assert again.get("gear") == {"7": b"text", 7: b"number"}
    assert again.get("gear", [7, 8]) == {7: b"number"}
    assert again.get("gear", []) == again.get("streams") == {}
    assert again.has("activity", iter([7, 8])) == {7}


def test_many_ids_are_asked_for_at_once(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("streams", dict.fromkeys(range(1700), b"{}"), NOW)
    assert cache.has("streams", range(3000)) == set(range(1700)) == set(cache.get("streams", range(3000)))


def test_athletes_and_addresses_are_apart_and_the_api_is_the_same_strava(clock: Clock) -> None:
    open_cache(URL, 1, clock=clock).put("athlete", {1: b"me"}, NOW)
    assert open_cache(URL, 2, clock=clock).get("athlete") == {}
    assert open_cache("https://other.example", 1, clock=clock).get("athlete") == {}
    assert open_cache(f"{URL}/api/v3/", 1, clock=clock).get("athlete") == {1: b"me"}


def test_an_older_answer_does_not_replace_a_newer_one(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("detail", {1: b"new"}, NOW)
    cache.put("detail", {1: b"old"}, NOW - 60)
    assert cache.get("detail") == {1: b"new"}
    cache.put("detail", {1: b"newest"}, NOW)
    assert cache.get("detail") == {1: b"newest"}


def test_the_age_is_that_of_the_oldest(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    assert cache.oldest() is None
    cache.put("activity", days(1), NOW - 500)
    cache.put("activity", days(2), NOW)
    assert cache.oldest() == NOW - 500
    assert cache.oldest("streams") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions in another way")
def test_only_its_owner_may_read_it(own_home: Path, clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("athlete", {1: b"{}"}, NOW)
    files = list((own_home / "cache").iterdir())
    assert len(files) == 3, "the file, its log and the log's index"
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert (own_home / "cache").stat().st_mode & 0o777 == 0o700
    assert not any("strava" in path.name for path in files)


def test_a_cache_that_is_closed_or_dropped_leaves_nothing_open(clock: Clock) -> None:
    """Python 3.13 warns of a database that was left open, and warnings are errors here."""
    cache = open_cache(URL, 1, clock=clock)
    cache.put("athlete", {1: b"{}"}, NOW)
    cache.close()
    cache.close()
    assert cache.get("athlete") == {}
    cache.put("athlete", {1: b"{}"}, NOW)
    open_cache(URL, 1, clock=clock)
    gc.collect()


# --- which days are all here


def test_pages_cover_the_days_that_they_list(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", days(1, 2), NOW, covers=(NOW - 2 * DAY, NOW))
    cache.put("activity", days(3, 4), NOW, covers=(NOW - 4 * DAY, NOW - 2 * DAY))
    cache.put("activity", days(9), NOW)
    cache.cover(NOW - 9 * DAY, NOW - 8 * DAY, NOW, [9])
    spans = [(NOW - 9 * DAY, NOW - 8 * DAY), (NOW - 4 * DAY, NOW)]
    assert cache.covered() == spans
    assert cache.listing() == (days(1, 2, 3, 4, 9), spans)


def test_what_is_listed_no_more_was_deleted(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", days(1, 2, 3), NOW, covers=(NOW - 4 * DAY, NOW))
    cache.put("activity", days(1), NOW + 1, covers=(NOW - 2 * DAY, NOW))
    assert sorted(cache.get("activity")) == [1, 3]
    cache.cover(NOW - 4 * DAY, NOW, NOW + 2, [1, 3])
    assert sorted(cache.get("activity")) == [1, 3]
    cache.cover(NOW - 4 * DAY, NOW, NOW + 3, [])
    assert cache.get("activity") == {}
    assert cache.covered() == [(NOW - 4 * DAY, NOW)]


def test_what_came_after_a_listing_was_asked_for_is_no_deletion(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", days(2), NOW + 5)
    cache.put("activity", days(1), NOW, covers=(NOW - 4 * DAY, NOW))
    assert sorted(cache.get("activity")) == [1, 2]


def test_a_listing_of_what_is_not_kept_covers_nothing(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", days(1), NOW)
    cache.cover(NOW - 4 * DAY, NOW, NOW, [1, 2])
    cache.cover(NOW, NOW - DAY, NOW, [1])
    assert cache.covered() == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "\\"start_date\\": \\"2001-01-01T00:00:00Z\\"", "start_date" : "%s"}',
        b'{"best": {"start_date": "2001-01-01T00:00:00Z"}, "start_date":"%s"}',
        b'{"start_date":"%s","x":[{"start_date": "2001-01-01T00:00:00Z"}]}',
    ],
)
def test_the_start_of_an_activity_is_its_own(body: bytes) -> None:
    assert stores._start(body % b"2026-06-15T12:00:00Z") == NOW


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"start_date":"today"}', b'{"start_date":3}'])
def test_an_activity_without_a_start_is_kept_all_the_same(body: bytes, clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", {1: body}, NOW, covers=(NOW - DAY, NOW))
    assert cache.get("activity") == {1: body}
    assert cache.problem == ""


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),  # days that pass before
        st.integers(0, 9),  # first day of the span
        st.integers(1, 10),  # its length
        st.integers(0, 3),  # days that the listing is old already
        st.sets(st.integers(0, 19)),  # what is listed: an activity a day
    ),
    max_size=8,
)


@given(STEPS)
@few(max_examples=60)
def test_a_span_never_hides_a_hole(steps: list[tuple[int, int, int, int, set[int]]]) -> None:
    """Against a model that knows of each single day when it was seen last, and what was there."""
    clock = Clock()
    store = Store(None, {}, clock)
    seen: dict[int, float] = {}
    there: dict[int, float] = {}
    for passed, first, length, age, listed in steps:
        clock.now += passed * DAY
        fetched = clock.now - age * DAY
        span = range(first, first + length)
        ids = {day for day in listed if day in span}
        store.put("activity", {day: activity(day, day) for day in ids}, fetched, (first, first + length))
        there = {day: when for day, when in there.items() if clock.now - when <= KEEP}
        there = {d: when for d, when in there.items() if d in ids or d not in span or when >= fetched}
        there |= {day: max(fetched, there.get(day, 0)) for day in ids}
        since = min([fetched, *(when for day, when in there.items() if day in span)])
        seen |= {day: max(since, seen.get(day, 0)) for day in span}
    bodies, spans = store.listing()
    store.close()
    covered = {day for a, b in spans for day in range(int(a), int(b))}
    assert set(bodies) == {day for day, when in there.items() if clock.now - when <= KEEP}
    assert covered == {day for day, when in seen.items() if clock.now - when <= KEEP}
    assert all(b < c for (_, b), (c, _) in pairwise(spans))


# --- seven days


def test_after_seven_days_it_is_given_no_more_and_the_days_are_asked_for_again(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", days(5, 6), NOW - DAY, covers=(NOW - 9 * DAY, NOW - 3 * DAY))
    cache.put("activity", days(1), NOW, covers=(NOW - 3 * DAY, NOW))
    assert cache.covered() == [(NOW - 9 * DAY, NOW)]
    clock.now = NOW + 6 * DAY
    assert sorted(cache.get("activity")) == [1, 5, 6]
    clock.now += 1
    assert (sorted(cache.get("activity")), cache.has("activity", [1, 5])) == ([1], {1})
    assert cache.covered() == [(NOW - 3 * DAY, NOW)]
    assert cache.oldest() == NOW
    clock.now += DAY
    assert cache.listing() == ({}, [])


def test_a_span_lives_as_long_as_the_oldest_thing_in_it(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", days(5), NOW - 2 * DAY)
    cache.put("activity", days(6), NOW - DAY)
    cache.cover(NOW - 9 * DAY, NOW, NOW, [5, 6])
    clock.now = NOW + 5 * DAY + 1
    assert cache.listing() == (days(6), [])


def test_what_has_expired_leaves_no_trace_in_the_files(own_home: Path, clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", {n: activity(n, NOW, MARK.decode() * 50) for n in range(200)}, NOW)
    cache.put("streams", {1: MARK * 10_000}, NOW)
    cache.put("athlete", {1: b"{}"}, NOW + DAY)
    cache.close()
    size = len(bytes_on_disk(own_home))
    assert MARK in bytes_on_disk(own_home)
    clock.now = NOW + KEEP + 1
    again = open_cache(URL, 1, clock=clock)
    assert MARK not in bytes_on_disk(own_home), "while it is open"
    assert again.get("athlete") == {1: b"{}"}
    again.close()
    assert MARK not in bytes_on_disk(own_home)
    assert len(bytes_on_disk(own_home)) < size / 10


def test_a_kernel_that_runs_for_weeks_removes_what_expires_as_it_writes(own_home: Path, clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("streams", {1: MARK}, NOW)
    clock.now = NOW + KEEP + 1
    cache.put("streams", {2: b"{}"}, clock.now)
    assert MARK not in bytes_on_disk(own_home)


def test_a_time_from_the_future_is_not_believed(clock: Clock) -> None:
    """A clock that was wrong for a while: nobody knows how old its answers are."""
    cache = open_cache(URL, 1, clock=clock)
    clock.now = NOW + 300 * DAY
    cache.put("activity", days(1), clock.now, covers=(0, NOW))
    clock.now = NOW
    assert cache.listing() == ({}, [])
    cache.put("activity", days(2), NOW, covers=(0, NOW))
    assert cache.listing() == (days(2), [(0, NOW)])


def test_caches_that_nobody_opens_any_more_go_too(own_home: Path) -> None:
    for athlete, quiet_days in ((1, 8), (2, 6)):
        cache = open_cache(URL, athlete)
        cache.put("athlete", {athlete: b"{}"}, time.time())
        path = cache.path
        cache.close()
        assert path
        os.utime(path, (time.time(), time.time() - quiet_days * DAY))
    open_cache(URL, 3).close()
    assert len(list((own_home / "cache").glob("*.sqlite"))) == 2
    assert open_cache(URL, 2).get("athlete") == {2: b"{}"}
