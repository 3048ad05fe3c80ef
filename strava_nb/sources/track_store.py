"""The tracks of an export as they were read, kept so that no file is read twice.

One SQLite file an export, beside what else is kept of it: for each track the mark of its file, what it
tells of its activity, and its packed streams (a quarter of a Parquet file of the same, half the
export's own). They are the person's own data, and stay until a newer export brings others. Whatever
is wrong with the disk, the tracks are read and not kept, and `problem` says so.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from .reading import Reading
from .tracks.laps import Laps

T = TypeVar("T")

FORMAT: Final = 2
"""To be raised when readers, summaries or packing give something else: what was kept then is read anew."""

_PATIENCE: Final = 10.0
_AT_ONCE: Final = 100
_TABLE: Final = (
    "DROP TABLE IF EXISTS tracks; CREATE TABLE tracks "
    "(name TEXT PRIMARY KEY, mark TEXT NOT NULL, summary TEXT NOT NULL, problems TEXT NOT NULL, packed BLOB, "
    "laps TEXT)"
)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


class TrackStore:
    """The kept tracks in one file; `marks` are what a file must still be for what was kept to hold.

    Nothing raises because of the disk. `problem` says in one sentence what is amiss, "" while nothing is.
    """

    def __init__(self, path: Path) -> None:
        self.problem = ""
        self._path: Path | None = path

    def summaries(self, marks: Mapping[str, str]) -> dict[str, Reading]:
        """All that is kept, without the streams and the laps."""

        def read(db: sqlite3.Connection) -> dict[str, Reading]:
            rows = db.execute("SELECT name, mark, summary, problems, x'', NULL FROM tracks")
            return dict(_readings(rows, marks))

        return self._do(read, {})

    def readings(self, marks: Mapping[str, str]) -> Iterator[tuple[str, Reading]]:
        """Those of the marked that are kept, with their streams; what is damaged is as good as not kept."""
        names = list(marks)
        for start in range(0, len(names), _AT_ONCE):
            nothing: list[tuple[str, Reading]] = []
            for name, reading in self._do(partial(_some, names[start : start + _AT_ONCE], marks), nothing):
                try:
                    _ = reading.payload
                except ValueError:
                    continue
                yield name, reading

    def keep(
        self, readings: Iterable[tuple[str, Reading]], marks: Mapping[str, str], *, named: Collection[str]
    ) -> None:
        """Keep these, and of all others only those that are named: a newer export replaces an older one."""
        rows = [
            (
                name,
                marks[name],
                json.dumps(reading.summary),
                json.dumps(reading.problems),
                reading.packed,
                reading.laps and json.dumps([reading.laps.rows, reading.laps.problems]),
            )
            for name, reading in readings
        ]

        def write(db: sqlite3.Connection) -> None:
            kept = {name for (name,) in db.execute("SELECT name FROM tracks")}
            db.executemany("DELETE FROM tracks WHERE name = ?", [(name,) for name in kept.difference(named)])
            db.executemany("INSERT OR REPLACE INTO tracks VALUES (?, ?, ?, ?, ?, ?)", rows)

        self._do(write, None, make=True)

    def _do(self, work: Callable[[sqlite3.Connection], T], nothing: T, *, make: bool = False) -> T:
        path = self._path
        try:
            if path is None or not (make or path.exists()):
                return nothing
            with closing(_connect(path)) as db, db:
                return work(db)
        except (OSError, sqlite3.Error) as error:
            self._do_without(error)
            return nothing

    def _do_without(self, error: OSError | sqlite3.Error) -> None:
        """Begin anew where what is there is damaged, else keep nothing from now on."""
        path, self._path = self._path, None
        if path and (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED:
            self.problem = "What was kept of this export's tracks was damaged: they are read once more."
            try:
                path.unlink()
                self._path = path
            except OSError:
                pass
        else:
            reason = str(getattr(error, "strerror", None) or error).rstrip(".").lower()
            self.problem = f"What is read of the tracks cannot be kept for the next time ({reason})."


def _connect(path: Path) -> sqlite3.Connection:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        if db.execute("PRAGMA user_version").fetchone() != (FORMAT,):
            db.execute("PRAGMA auto_vacuum = FULL")
            db.executescript(f"BEGIN IMMEDIATE; {_TABLE}; PRAGMA user_version = {FORMAT}; COMMIT")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _some(names: list[str], marks: Mapping[str, str], db: sqlite3.Connection) -> list[tuple[str, Reading]]:
    places = ",".join("?" * len(names))
    query = f"SELECT name, mark, summary, problems, packed, laps FROM tracks WHERE name IN ({places})"  # noqa: S608  (question marks only)
    return list(_readings(db.execute(query, names), marks))


def _readings(
    rows: Iterable[tuple[str, str, str, str, bytes | None, str | None]], marks: Mapping[str, str]
) -> Iterator[tuple[str, Reading]]:
    for name, mark, summary, problems, packed, laps in rows:
        if marks.get(name) == mark:
            found = Laps(*json.loads(laps)) if laps else None
            yield name, Reading(packed, json.loads(summary), json.loads(problems), found)
