"""One cache for several threads and kernels, and what they find of it after a sign-out."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from caching import MARK, NOW, URL, bytes_on_disk, line, python
from pulling import Clock

from strava_nb.errors import CannotWrite
from strava_nb.sources import cache as caches
from strava_nb.sources.cache import forget, open_cache


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


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
