"""What was pulled, kept for seven days: so that a second pull is cheap and a broken one goes on.

One database an address and athlete, in the home of the settings. Where there can be none (Binder, a
full disk, a home that cannot be written) the kernel's memory takes its place, and `problem` says why.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakSet

from filelock import FileLock, Timeout

from ..errors import CannotWrite
from ..settings import settings
from ..signin.access import at_the_end
from .store import KEEP, PATIENCE, Forgotten, Span, Store, TooNew, erase

T = TypeVar("T")

# SQLITE_ERROR is what a table that is missing is called.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_SIGNED_OUT = "You signed out, so that what is pulled now is not kept."
_BEGUN_ANEW = "What was kept of earlier pulls was damaged and has been begun anew."
_NOT_KEPT = "What is pulled is kept in this kernel's memory only: {why}."


class Cache:
    """One athlete's answers at one address, as the raw JSON that Strava sent.

    Kinds are "activity", "streams", "detail", "laps", "athlete", "zones", "gear" …; ids are numbers or
    texts. Nothing is given that was fetched more than seven days ago. Safe to use from several threads,
    and beside other processes. No method raises because of the disk: from then on it is in memory.
    `problem` says in one sentence what is amiss with that, "" while nothing is.
    """

    def __init__(
        self, key: str, about: Mapping[str, str], store: Store, path: Path | None, problem: str = ""
    ) -> None:
        self.problem = problem
        self.path = path
        """Where it lies; None in memory."""
        self._key = key
        self._about = about
        self._store = store
        self._swapping = threading.RLock()
        with _registering:
            _open.add(self)

    def put(
        self, kind: str, items: Mapping[Any, bytes], fetched: float, *, covers: Span | None = None
    ) -> None:
        """Keep these in one transaction, each unless a later answer is kept already.

        `fetched` is when they were asked for, in epoch seconds. With `covers`, the items are all the
        activities in that span, as `cover` says it, in the same transaction.
        """
        self._do(lambda store: store.put(kind, items, fetched, covers))

    def get(self, kind: str, ids: Iterable[Any] | None = None) -> dict[Any, bytes]:
        """What is kept of a kind, by id; of these ids only, where some are named."""
        wanted = None if ids is None else list(ids)
        return self._do(lambda store: store.get(kind, wanted))

    def has(self, kind: str, ids: Iterable[Any]) -> set[Any]:
        """Those of the ids that are kept, without reading them."""
        wanted = list(ids)
        return self._do(lambda store: store.has(kind, wanted))

    def listing(self) -> tuple[dict[Any, bytes], list[Span]]:
        """The activities and what `covered` says of them, both as of one moment.

        `get` and `covered` one after the other are not: another process may write, or an entry expire,
        in between. Whoever builds a table from this and from what came since loses nothing.
        """
        return self._do(Store.listing)

    def covered(self) -> list[Span]:
        """The spans of `start_date` (epoch seconds, the end excluded) whose activities are all here.

        In order, and none touches the next.
        """
        return self._do(Store.covered)

    def cover(self, start: float, end: float, fetched: float, ids_in_it: Collection[Any]) -> None:
        """Say that a listing asked for at `fetched` had these and no others with start ≤ start_date < end.

        What is kept from before with a start in there and was not listed is deleted at Strava, and here.
        A span is believed as long as everything in it is fresh. Where one of the ids is not kept (another
        notebook signed out meanwhile), nothing is covered.
        """
        ids = set(ids_in_it)
        self._do(lambda store: store.cover((start, end), fetched, ids))

    def oldest(self, kind: str = "activity") -> float | None:
        """When the oldest kept of a kind was fetched, in epoch seconds; None where none is."""
        return self._do(lambda store: store.oldest(kind))

    def close(self) -> None:
        """Let go of the file. Whoever uses it still finds nothing in it."""
        self._swap(self._store, _nothing(self._store.clock), self.problem)

    def __repr__(self) -> str:
        return f"<Cache {'in memory' if self.path is None else f'in {self.path}'}>"

    def _do(self, what: Callable[[Store], T]) -> T:
        store = self._store
        try:
            return what(store)
        except (sqlite3.Error, Forgotten) as error:
            self._do_without(store, error)
        return what(self._store)

    def _do_without(self, failed: Store, error: Exception) -> None:
        """Go on in memory, with what can be saved from the file."""
        with self._swapping:
            if self._store is not failed:
                return  # Another thread was first, or it was closed meanwhile.
            path = self.path
            if isinstance(error, Forgotten):
                self._swap(failed, _nothing(failed.clock), _SIGNED_OUT)
                return
            memory = _memory(self._key, failed.clock, self._about)
            damaged = _is_damaged(error)
            if not damaged:
                with suppress(sqlite3.Error):
                    memory.copy(failed)
            self._swap(failed, memory, _NOT_KEPT.format(why=_why(error)))
        if damaged and path:
            with suppress(OSError, Timeout), _alone(self._key):
                erase(path)

    def _forget(self) -> None:
        self._swap(self._store, _nothing(self._store.clock), _SIGNED_OUT)

    def _swap(self, old: Store, new: Store, problem: str) -> None:
        with self._swapping:
            self._store, self.problem = new, problem
            if self.path is not None:  # In memory it is shared by all who know the key.
                self.path = None
                old.close()


def open_cache(
    url: str, athlete_id: int, *, clock: Callable[[], float] = time.time, in_memory: bool = False
) -> Cache:
    """The cache of an athlete at Strava's address (with or without `/api/v3`). Never raises.

    What expired in it is removed now, and so are other caches that nobody wrote to for seven days.
    `in_memory`, and for guests always, it is this kernel's, shared by all who ask for the same one.
    """
    key = _key(url, athlete_id)
    about = {"url": _origin(url), "athlete_id": str(athlete_id)}
    if in_memory or settings().guests:
        return Cache(key, about, _memory(key, clock, about), None)
    path = cache_folder() / f"{key}.sqlite"
    try:
        with _alone(key):
            _make_room(path)
            problem = ""
            try:
                store = Store(path, about, clock)
            except sqlite3.Error as error:
                if not _is_damaged(error):
                    raise
                erase(path)
                problem = _BEGUN_ANEW
                _make_room(path)
                store = Store(path, about, clock)
    except (OSError, Timeout, TooNew, sqlite3.Error) as error:
        return Cache(key, about, _memory(key, clock, about), None, _NOT_KEPT.format(why=_why(error)))
    _sweep(path)
    return Cache(key, about, store, path, problem)


def forget(url: str, athlete_id: int) -> None:
    """Delete the cache of an athlete at an address whole, here and for every notebook that has it open.

    Raises CannotWrite where it cannot be deleted.
    """
    key = _key(url, athlete_id)
    with _registering:
        mine = [cache for cache in _open if cache._key == key]
        memory = _memories.pop(key, None)
    for cache in mine:
        cache._forget()
    if memory:
        memory.close()
    path = cache_folder() / f"{key}.sqlite"
    if settings().guests or not path.exists():
        return
    try:
        with _alone(key):
            erase(path)
    except (OSError, Timeout):
        raise CannotWrite(
            "What was pulled from Strava could not be deleted.", f"Delete the file {path} yourself."
        ) from None


at_the_end(forget)


def cache_folder() -> Path:
    """Where the caches lie."""
    return settings().home / "cache"


def kept_stores() -> Iterator[tuple[Path | None, Store | None]]:
    """Every athlete's store with its place (None in memory); no store where one cannot be read here."""
    with _registering:
        memories = list(_memories.values())
    for memory in memories:
        yield None, memory
    if settings().guests:
        return
    for path in sorted(cache_folder().glob("*.sqlite")):
        try:
            with _alone(path.stem):
                store = Store(path, {})
        except (OSError, Timeout, TooNew, sqlite3.Error):
            yield path, None
        else:
            yield path, store
            store.close()


_open: WeakSet[Cache] = WeakSet()
_memories: dict[str, Store] = {}
_registering = threading.RLock()


def _memory(key: str, clock: Callable[[], float], about: Mapping[str, str]) -> Store:
    """The one store in memory for a key, so that a cell that is run again finds what it pulled."""
    with _registering:
        if key not in _memories:
            _memories[key] = Store(None, about, clock)
        else:
            _memories[key].purge()
        return _memories[key]


def _nothing(clock: Callable[[], float]) -> Store:
    return Store(None, {}, clock)


def _make_room(path: Path) -> None:
    """The folder and an empty file, for their owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives its log the same permissions.


def _alone(key: str) -> FileLock:
    """No other process opens or removes this cache meanwhile."""
    folder = settings().home / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"cache-{key}.lock", timeout=PATIENCE)


def _sweep(mine: Path) -> None:
    """Remove other caches, where they have been quiet for so long that everything in them has expired."""
    for path in set(mine.parent.glob("*.sqlite")) - {mine}:
        with suppress(OSError, Timeout):
            log = path.with_name(f"{path.name}-wal")
            written = max(one.stat().st_mtime for one in (path, log) if one.exists())
            if written < time.time() - KEEP:
                with _alone(path.stem):
                    erase(path)


def _key(url: str, athlete_id: int) -> str:
    return hashlib.sha256(f"{_origin(url)}\n{athlete_id}".encode()).hexdigest()[:32]


def _origin(url: str) -> str:
    return url.rstrip("/").removesuffix("/api/v3").rstrip("/")


def _is_damaged(error: Exception) -> bool:
    # Of an extended code, the last byte says what kind it is.
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED


def _why(error: Exception) -> str:
    """What came between, as the end of a sentence."""
    place = settings().home
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if isinstance(error, TooNew):
        return "what is kept on this computer comes from a newer version of strava-nb"
    if isinstance(error, Timeout) or code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another notebook has been writing to the same place for long"
    if _is_damaged(error):
        return "what was kept on this computer was damaged"
    if code == sqlite3.SQLITE_FULL or getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk with {place} is full"
    return f"{place} cannot be written"
