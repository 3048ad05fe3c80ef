"""Where there can be no cache, it is said, and done without: full, damaged, too new, not to be written."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest
from caching import DAY, NOW, URL, activity, days
from pulling import Clock

from strava_nb.sources import cache as caches
from strava_nb.sources import store as stores
from strava_nb.sources.cache import Cache, forget, open_cache
from strava_nb.sources.store import KEEP


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(autouse=True)
def nothing_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "_memories", {})


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
