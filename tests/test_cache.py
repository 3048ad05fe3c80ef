"""What is kept of a pull: whole, for seven days, for its athlete alone, and gone without a trace."""

from __future__ import annotations

import errno
import gc
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from strava_nb.errors import CannotWrite
from strava_nb.sources import cache as caches
from strava_nb.sources import store as stores
from strava_nb.sources.cache import Cache, forget, open_cache
from strava_nb.sources.store import KEEP, Store

URL = "https://strava.example"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC).timestamp()
DAY = 86400
MARK = b"Morning Ride of somebody who wants to be forgotten"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def nothing_in_memory() -> Iterator[None]:
    yield
    caches._memories.clear()


def activity(id_: int, start: float, name: str = "Ride") -> bytes:
    zulu = f"{datetime.fromtimestamp(start, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps({"id": id_, "name": name, "start_date": zulu, "start_date_local": "1970"}).encode()


def days(*numbers: int) -> dict[int, bytes]:
    """An activity for each day before now, known by the day's number."""
    return {number: activity(number, NOW - number * DAY) for number in numbers}


def bytes_on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def python(code: str) -> subprocess.Popen[str]:
    """Another kernel, with this test's home."""
    begin = (
        f"import sys\nfrom strava_nb.sources.cache import open_cache, forget\nURL, NOW = {URL!r}, {NOW!r}\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", begin + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


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


# --- several at once


def test_threads_share_a_cache(clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: cache.put("streams", {n: b"%d" % n}, NOW), range(100)))
        assert set(pool.map(lambda n: cache.get("streams", [n])[n], range(100))) == {
            b"%d" % n for n in range(100)
        }


WRITER = """
mine = int(sys.stdin.readline())
cache = open_cache(URL, 1, clock=lambda: NOW)
for page in range(20):
    cache.put("streams", {mine + page * 10 + n: b"{}" for n in range(10)}, NOW)
print(cache.problem or "done", flush=True)
"""


def test_two_kernels_write_at_once_and_nothing_is_lost(clock: Clock) -> None:
    processes = [python(WRITER), python(WRITER)]
    for number, process in enumerate(processes):
        assert process.stdin is not None
        process.stdin.write(f"{number * 1000}\n")
        process.stdin.flush()
    assert [process.communicate()[0].strip() for process in processes] == ["done", "done"]
    wanted = {mine + n for mine in (0, 1000) for n in range(200)}
    assert set(open_cache(URL, 1, clock=clock).get("streams")) == wanted


KILLED = """
cache = open_cache(URL, 1, clock=lambda: NOW)
page = 0
while True:
    cache.put("activity", {page * 10 + n: b"{}" * 500 for n in range(10)}, NOW, covers=(page, page + 1))
    page += 1
    print(page, flush=True)
"""


def test_a_kernel_that_is_killed_leaves_whole_pages(clock: Clock) -> None:
    process = python(KILLED)
    while int(line(process)) < 5:
        pass
    process.kill()
    process.communicate()
    cache = open_cache(URL, 1, clock=clock)
    bodies, [(first, last)] = cache.listing()
    assert cache.problem == ""
    assert first == 0
    assert last >= 5
    assert set(bodies) == set(range(int(last) * 10))


# --- done without


def in_memory(cache: Cache, says: str) -> bool:
    """Whether it says why it is in memory, and works there."""
    cache.put("activity", days(1), NOW, covers=(NOW - DAY, NOW))
    assert says in cache.problem
    assert cache.problem.endswith(".")
    assert cache.listing() == (days(1), [(NOW - DAY, NOW)])
    return cache.path is None


@pytest.mark.parametrize("place", ["cache", "locks", "."])
def test_a_home_that_cannot_be_written(own_home: Path, clock: Clock, place: str) -> None:
    if place == ".":
        own_home.rmdir()
    (own_home / place).write_bytes(b"in the way")
    assert in_memory(open_cache(URL, 1, clock=clock), f"{own_home} cannot be written")
    assert open_cache(URL, 1, clock=clock).get("activity") == days(1), "the kernel still has it"


def test_no_room_for_even_the_file(own_home: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(caches, "_make_room", full)
    assert in_memory(open_cache(URL, 1, clock=clock), f"the disk with {own_home} is full")


def test_a_disk_that_fills_up_in_the_middle(own_home: Path, clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("activity", days(1), NOW, covers=(NOW - DAY, NOW))
    cache._store._db.execute("PRAGMA max_page_count = 1")
    big = {2: activity(2, NOW - 2 * DAY, "x" * 100_000)}
    cache.put("activity", big, NOW, covers=(NOW - 3 * DAY, NOW - DAY))
    assert f"the disk with {own_home} is full" in cache.problem
    assert cache.listing() == (days(1) | big, [(NOW - 3 * DAY, NOW)]), "and nothing is lost"
    assert cache.path is None
    again = open_cache(URL, 1, clock=clock)
    assert (again.get("activity"), again.problem) == (days(1), ""), "the file is sound"


def test_a_file_that_nobody_may_write_any_more(own_home: Path, clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("athlete", {1: b"{}"}, NOW)
    cache._store._db.execute("PRAGMA query_only = ON")
    assert in_memory(cache, f"{own_home} cannot be written")
    assert cache.get("athlete") == {1: b"{}"}


def test_another_kernel_that_never_stops_writing(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "PATIENCE", 0.01)
    cache = open_cache(URL, 1, clock=clock)
    assert cache.path
    other = sqlite3.connect(cache.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert in_memory(cache, "another notebook")
    other.close()


def test_a_cache_from_a_newer_version_is_left_alone(clock: Clock) -> None:
    first = open_cache(URL, 1, clock=clock)
    path = first.path
    first.close()
    assert path
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
        db.execute("CREATE TABLE answers_of_2031 (x)")
        db.execute("INSERT INTO answers_of_2031 VALUES ('kept')")
    db.close()
    assert in_memory(open_cache(URL, 1, clock=clock), "a newer version of strava-nb")
    db = sqlite3.connect(path)
    assert db.execute("SELECT x FROM answers_of_2031").fetchall() == [("kept",)]
    db.close()
    forget(URL, 1)
    assert not path.exists(), "but sign-out removes it"


def garbage(path: Path) -> None:
    path.write_bytes(b"this is not a database" * 1000)


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scrambled(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))


def tableless(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE answer")
    db.close()


@pytest.mark.parametrize("damage", [garbage, half, scrambled, tableless])
def test_a_damaged_cache_is_begun_anew(clock: Clock, damage: object) -> None:
    first = open_cache(URL, 1, clock=clock)
    first.put("activity", {n: activity(n, NOW, "x" * 2000) for n in range(50)}, NOW)
    path = first.path
    first.close()
    assert callable(damage)
    damage(path)
    cache = open_cache(URL, 1, clock=clock)
    assert "damaged" in cache.problem
    cache.put("activity", days(1), NOW)
    cache.close()
    again = open_cache(URL, 1, clock=clock)
    assert (again.problem, again.get("activity")) == ("", days(1))


def test_damage_that_shows_itself_later_is_gone_without_too(clock: Clock) -> None:
    first = open_cache(URL, 1, clock=clock)
    first.put("activity", {n: activity(n, NOW, "x" * 2000) for n in range(50)}, NOW)
    path = first.path
    first.close()
    cache = open_cache(URL, 1, clock=clock)
    assert path
    with path.open("r+b") as file:  # Under its feet: all but the first pages.
        file.seek(8 * 4096)
        file.write(b"\xff" * (path.stat().st_size - 8 * 4096))
    cache.get("activity")
    assert in_memory(cache, "damaged")
    again = open_cache(URL, 1, clock=clock)
    assert (again.problem, again.get("activity")) == ("", {}), "and begun anew"


def test_on_binder_it_lives_in_the_kernel(
    own_home: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org")
    cache = open_cache(URL, 1, clock=clock)
    cache.put("athlete", {1: b"{}"}, NOW)
    cache.close()
    again = open_cache(URL, 1, clock=clock)
    assert (again.get("athlete"), again.problem, again.path) == ({1: b"{}"}, "", None)
    assert open_cache(URL, 2, clock=clock).get("athlete") == {}
    clock.now += KEEP + 1
    assert again.get("athlete") == {}
    clock.now = NOW
    assert list(own_home.iterdir()) == []
    forget(URL, 1)
    assert again.get("athlete") == open_cache(URL, 1, clock=clock).get("athlete") == {}


# --- forgotten


def test_sign_out_removes_it_whole(own_home: Path, clock: Clock) -> None:
    mine, others = open_cache(URL, 1, clock=clock), open_cache(URL, 2, clock=clock)
    mine.put("athlete", {1: MARK}, NOW)
    others.put("athlete", {2: b"{}"}, NOW)
    forget(f"{URL}/api/v3", 1)
    assert MARK not in bytes_on_disk(own_home)
    assert mine.path is None
    assert not [path for path in (own_home / "cache").iterdir() if path.stem == mine._key]
    assert mine.get("athlete") == open_cache(URL, 1, clock=clock).get("athlete") == {}
    assert "signed out" in mine.problem
    assert others.get("athlete") == {2: b"{}"}
    forget(URL, 3)


OTHER = """
cache = open_cache(URL, 1, clock=lambda: NOW)
print(len(cache.get("athlete")), flush=True)
sys.stdin.readline()
cache.put("streams", {1: b"a page that came late"}, NOW)
print(cache.problem, flush=True)
"""


def test_another_kernel_that_has_it_open_has_nothing_and_keeps_nothing_any_more(
    own_home: Path, clock: Clock
) -> None:
    cache = open_cache(URL, 1, clock=clock)
    cache.put("athlete", {1: MARK}, NOW)
    other = python(OTHER)
    assert line(other) == "1"
    path = cache.path
    assert path
    forget(URL, 1)
    assert path.exists(), "emptied: a file that is open would be joined to the next one's log"
    assert MARK not in bytes_on_disk(own_home)
    fresh = open_cache(URL, 1, clock=clock)
    fresh.put("detail", {1: b"{}"}, NOW)
    assert "signed out" in other.communicate("\n")[0]
    assert b"a page that came late" not in bytes_on_disk(own_home)
    assert fresh.get("streams") == {}
    assert fresh.get("detail") == {1: b"{}"}
    forget(URL, 1)
    assert not path.exists()


def test_a_damaged_cache_is_removed_too(own_home: Path, clock: Clock) -> None:
    cache = open_cache(URL, 1, clock=clock)
    path = cache.path
    cache.close()
    assert path
    path.write_bytes(MARK)
    forget(URL, 1)
    assert list((own_home / "cache").iterdir()) == []


def test_what_cannot_be_deleted_is_said_with_its_place(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = open_cache(URL, 1, clock=clock)
    path = cache.path

    def refuse(_: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(caches, "erase", refuse)
    with pytest.raises(CannotWrite, match=str(path)):
        forget(URL, 1)
