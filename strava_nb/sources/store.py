"""One SQLite database of answers: what is kept, since when, and which days it covers.

Apart from `cache.py`, which decides where a database lies and what to do without it: here a failure
is raised as sqlite3 gives it.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

KEEP = 7 * 24 * 3600
"""Seconds for which an answer may be kept: Strava's policy says seven days."""

VERSION = 1
"""The form of a database, in its `user_version`."""

PATIENCE = 30.0
"""Seconds after which another process that writes counts as stuck."""

Span = tuple[float, float]
"""A stretch of time in epoch seconds, without its end."""

_AHEAD = 3600  # A time further in the future comes from a clock that was wrong: nobody knows its age.
_AT_ONCE = 500  # parameters in one statement
_FILES = ("", "-wal", "-shm", "-journal")
_START = re.compile(rb'"start_date"\s*:\s*"([^"\\]*)"')
_SCHEMA = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # Ids have no type, so that 5 and '5' stay two.
    "CREATE TABLE answer (kind TEXT NOT NULL, id NOT NULL, fetched REAL NOT NULL, start REAL,"
    " body BLOB NOT NULL, UNIQUE (kind, id))",
    "CREATE INDEX answer_by_age ON answer (fetched)",
    "CREATE INDEX answer_by_start ON answer (kind, start, fetched, id)",
    "CREATE TABLE span (first REAL NOT NULL, last REAL NOT NULL, fetched REAL NOT NULL)",
    f"PRAGMA user_version = {VERSION}",
)
_PUT = (
    "INSERT INTO answer (kind, id, fetched, start, body) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (kind, id) DO UPDATE SET fetched = excluded.fetched, start = excluded.start,"
    " body = excluded.body WHERE excluded.fetched >= fetched"
)


class TooNew(Exception):
    """A database that a newer version of this package made."""


class Forgotten(Exception):
    """A database that was emptied since it was opened, because its athlete signed out."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How much of a kind there is, in answers and bytes, and when its oldest and newest were fetched."""

    kind: str
    count: int
    size: int
    oldest: float
    newest: float


class Store:
    """A database at `path`, or in memory without one. Safe to use from several threads and processes.

    What has expired is removed when it is opened, and is never given.
    """

    def __init__(self, path: Path | None, about: Mapping[str, str], clock: Callable[[], float] = time.time):
        self.clock = clock
        self._lock = threading.RLock()
        self._db = _connect(path)
        weakref.finalize(self, self._db.close)
        try:
            self._born = self._prepare(about)
            self.purge()
        except BaseException:
            self._db.close()
            raise

    def put(self, kind: str, items: Mapping[Any, bytes], fetched: float, covers: Span | None = None) -> None:
        """Keep these; with `covers`, they are all the activities that began in that span."""
        activities = kind == "activity"
        with self._writing() as db:
            db.executemany(
                _PUT,
                (
                    (kind, id_, fetched, _start(body) if activities else None, body)
                    for id_, body in items.items()
                ),
            )
            if covers:
                self._cover(db, covers, fetched, items.keys())

    def cover(self, span: Span, fetched: float, ids: Collection[Any]) -> None:
        """Say that these were all the activities in the span; others, known from before, are gone."""
        with self._writing() as db:
            self._cover(db, span, fetched, set(ids))

    def get(self, kind: str, ids: Iterable[Any] | None = None) -> dict[Any, bytes]:
        """What is kept of a kind, or of these ids."""
        with self._transaction() as db:
            return self._get(db, kind, ids)

    def has(self, kind: str, ids: Iterable[Any]) -> set[Any]:
        """Those of the ids that are kept."""
        with self._transaction() as db:
            return {id_ for id_, _ in self._rows(db, "NULL", kind, ids)}

    def listing(self) -> tuple[dict[Any, bytes], list[Span]]:
        """The activities and the spans that they cover, as they were at one moment."""
        with self._transaction() as db:
            return self._get(db, "activity", None), self._covered(db)

    def covered(self) -> list[Span]:
        """The spans whose activities are all here."""
        with self._transaction() as db:
            return self._covered(db)

    def oldest(self, kind: str) -> float | None:
        """When the oldest of a kind was fetched."""
        with self._transaction() as db:
            found = db.execute(
                "SELECT min(fetched) FROM answer WHERE kind = ? AND fetched BETWEEN ? AND ?",
                (kind, *self._fresh()),
            ).fetchone()[0]
        return None if found is None else float(found)

    def about(self) -> dict[str, str]:
        """Whose answers these are."""
        with self._transaction() as db:
            return dict(db.execute("SELECT name, value FROM about WHERE name != 'born'"))

    def kept(self) -> list[Kept]:
        """How much there is of each kind."""
        with self._transaction() as db:
            rows = db.execute(
                "SELECT kind, count(*), sum(length(body)), min(fetched), max(fetched) FROM answer"
                " WHERE fetched BETWEEN ? AND ? GROUP BY kind ORDER BY kind",
                self._fresh(),
            )
            return [Kept(*row) for row in rows]

    def purge(self) -> None:
        """Remove what has expired, and leave no trace of it in the files; writing anything does too."""
        with self._writing():
            pass

    def copy(self, other: Store) -> None:
        """Take over what another has, but for the streams, which may be too much for the memory."""
        with other._lock, self._writing() as db:
            rows = other._db.execute(
                "SELECT kind, id, fetched, start, body FROM answer WHERE kind != 'streams'"
            )
            db.executemany(_PUT, rows)
            spans = other._db.execute("SELECT first, last, fetched FROM span").fetchall()
            db.executemany("INSERT INTO span VALUES (?, ?, ?)", spans)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._db.close()

    # --- inside a transaction

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            with self._transaction("IMMEDIATE") as db:
                since, until = self._fresh()
                gone = sum(
                    db.execute(
                        f"DELETE FROM {table} WHERE fetched < ? OR fetched > ?",  # noqa: S608  (our own names)
                        (since, until),
                    ).rowcount
                    for table in ("answer", "span")
                )
                yield db
            if gone:
                _shrink(self._db)

    @contextmanager
    def _transaction(self, kind: str = "DEFERRED") -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute(f"BEGIN {kind}")
                self._still_mine()
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _still_mine(self) -> None:
        born = self._db.execute("SELECT value FROM about WHERE name = 'born'").fetchone()
        if born is None or born[0] != self._born:
            raise Forgotten

    def _fresh(self) -> tuple[float, float]:
        now = self.clock()
        return now - KEEP, now + _AHEAD

    def _rows(
        self, db: sqlite3.Connection, column: str, kind: str, ids: Iterable[Any] | None
    ) -> Iterator[tuple[Any, Any]]:
        asked = f"SELECT id, {column} FROM answer WHERE kind = ? AND fetched BETWEEN ? AND ?"  # noqa: S608  (a name of ours)
        if ids is None:
            yield from db.execute(asked, (kind, *self._fresh()))
            return
        wanted = list(ids)
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            yield from db.execute(f"{asked} AND id IN ({marks})", (kind, *self._fresh(), *some))

    def _get(self, db: sqlite3.Connection, kind: str, ids: Iterable[Any] | None) -> dict[Any, bytes]:
        return dict(self._rows(db, "body", kind, ids))

    def _cover(self, db: sqlite3.Connection, span: Span, fetched: float, ids: Collection[Any]) -> None:
        inside = db.execute(
            "SELECT id, fetched FROM answer WHERE kind = 'activity' AND start >= ? AND start < ?", span
        ).fetchall()
        # What another process fetched later is no deletion that was seen here.
        gone = [id_ for id_, when in inside if id_ not in ids and when < fetched]
        db.executemany("DELETE FROM answer WHERE kind = 'activity' AND id = ?", ((id_,) for id_ in gone))
        listed = dict(self._rows(db, "fetched", "activity", ids))
        if span[0] >= span[1] or len(listed) < len(ids):
            return
        # A span lives no longer than what is in it, or it would hide a hole.
        others = dict(inside)
        for id_ in gone:
            del others[id_]
        since = min([fetched, *listed.values(), *others.values()])
        spans = db.execute("SELECT first, last, fetched FROM span").fetchall()
        db.execute("DELETE FROM span")
        db.executemany("INSERT INTO span VALUES (?, ?, ?)", _painted([*spans, (*span, since)]))

    def _covered(self, db: sqlite3.Connection) -> list[Span]:
        rows = db.execute(
            "SELECT first, last FROM span WHERE fetched BETWEEN ? AND ? ORDER BY first, last", self._fresh()
        )
        joined: list[Span] = []
        for first, last in rows:
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        return joined

    def _prepare(self, about: Mapping[str, str]) -> str:
        """What tells this database from one that takes its place after a sign-out."""
        with self._lock:
            db = self._db
            if db.execute("PRAGMA user_version").fetchone()[0] > VERSION:
                raise TooNew
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # before anything else is written
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("BEGIN IMMEDIATE")
            try:
                if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in _SCHEMA:
                        db.execute(statement)
                told = {"born": uuid4().hex} | dict(about)
                db.executemany("INSERT OR IGNORE INTO about VALUES (?, ?)", told.items())
                born = db.execute("SELECT value FROM about WHERE name = 'born'").fetchone()[0]
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            return str(born)


def erase(path: Path) -> None:
    """Remove a database whole; where another process has it open, everything that is in it.

    Raises OSError where neither can be done.
    """
    emptied = alone = False
    with suppress(sqlite3.Error):  # What is damaged or stuck is removed all the same.
        db = _connect(path)
        try:
            tables = db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
            db.execute("BEGIN IMMEDIATE")
            for (name,) in tables.fetchall():
                db.execute(f'DELETE FROM "{name}"')  # noqa: S608  (of any version: its own names)
            db.execute("COMMIT")
            emptied = True
            _shrink(db)
            db.execute("PRAGMA busy_timeout = 0")
            # Only who is alone may leave this mode, and only a file that nobody has open may go: SQLite
            # would join an old file to a new one's log.
            alone = db.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
        finally:
            db.close()
    if alone or not emptied:
        for suffix in _FILES:
            Path(f"{path}{suffix}").unlink(missing_ok=True)


def _connect(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(
        ":memory:" if path is None else path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        db.execute("PRAGMA secure_delete = ON")
    except BaseException:
        db.close()
        raise
    return db


def _shrink(db: sqlite3.Connection) -> None:
    """Give back what deleting made free; what it left in the log goes too, unless somebody reads it now."""
    db.executescript("PRAGMA incremental_vacuum")  # execute would take one step of it
    db.execute("PRAGMA busy_timeout = 500")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")


def _painted(spans: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """The spans without overlaps: each stretch has the time of the newest that covers it."""
    whole: list[tuple[float, float, float]] = []
    for first, last, fetched in sorted(spans, key=lambda span: span[2]):
        whole = [
            (left, right, when)
            for a, b, when in whole
            for left, right in ((a, min(b, first)), (max(a, last), b))
            if left < right
        ]
        whole.append((first, last, fetched))
    return whole


def _start(body: bytes) -> float | None:
    """When the activity in these bytes began, mostly without parsing them: a text cannot look like it."""
    found = _START.findall(body)
    try:
        text = found[0].decode() if len(found) == 1 else json.loads(body)["start_date"]
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, TypeError, KeyError, LookupError):
        return None
