"""The tracks of an export: as they were kept where they were, else read, many at the same time.

Between the files and the door, so that the door need not know what was read today and what last year.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..settings import settings
from .export_files import ExportFiles
from .reading import NOT_HERE, Reading
from .source import Listener, Progress, nobody
from .track_reading import read_all, stopped

if TYPE_CHECKING:
    from .track_store import TrackStore

_AT_ONCE: Final = 8 * 2**20
"""Bytes of packed streams that are kept in one go."""


def exports_folder() -> Path:
    """Where is kept what is kept of exports."""
    return settings().home / "exports"


def key_of(files: ExportFiles, athlete_id: int | None) -> str:
    """What an export is kept under: its athlete, so that a newer one replaces it, else where it is from."""
    return str(athlete_id) if athlete_id else blake2b(files.origin.encode(), digest_size=8).hexdigest()


class ExportTracks:
    """The track files of an export; kept under `key`, but for the demo athlete's, and on Binder.

    `named` are those that its table names. What was kept of them stays, though the files are not here:
    of an export that a page sends there is now this part and now that.
    """

    def __init__(self, files: ExportFiles, key: str, named: Iterable[str]) -> None:
        self._files = files
        self._key = key
        self._named = {*named, *files.names}

    @property
    def problem(self) -> str:
        """What is amiss with keeping, "" while nothing is."""
        return self._store.problem if self._store else ""

    def summaries(self) -> dict[str, Reading]:
        """What is known of the tracks without opening a file of the export, by their names; no streams."""
        return self._store.summaries(self._marks) if self._store else {}

    def read(
        self,
        names: Iterable[str],
        *,
        what: str = "tracks",
        laps: bool = False,
        tell: Listener = nobody,
        cancel: threading.Event | None = None,
    ) -> Iterator[tuple[str, Reading]]:
        """The readings of these tracks as they come: kept ones first, the others in any order, then kept.

        With `laps` surely with those, where the file is here; so too where it may not be the next time.
        No file stops the others. Raises Stopped for Ctrl-C and `cancel`; what came until then is kept.
        """
        unread = dict.fromkeys(names)
        total = len(unread)

        def here(name: str) -> None:
            del unread[name]
            tell(Progress(what, total - len(unread), total))

        fresh: list[tuple[str, Reading]] = []
        try:
            if self._store:
                marks = {name: mark for name, mark in self._marks.items() if name in unread}
                for name, reading in self._store.readings(marks):
                    if cancel and cancel.is_set():
                        raise stopped()
                    if laps and reading.laps is None and self._files.is_here(name):
                        continue
                    here(name)
                    yield name, reading
            for name in [name for name in unread if not self._files.is_here(name)]:
                here(name)
                yield name, NOT_HERE
            laps = laps or not self._files.stay
            for name, reading in read_all(self._files.read, unread, laps=laps, cancel=cancel):
                here(name)
                fresh.append((name, reading))
                if sum(len(one.packed or b"") for _, one in fresh) > _AT_ONCE:
                    fresh = self._keep(fresh)
                yield name, reading
        except KeyboardInterrupt:
            raise stopped() from None
        finally:
            self._keep(fresh)

    def size(self, names: Iterable[str]) -> int:
        """The bytes of these tracks in the export, packed as they are."""
        return sum(self._files.size(name) for name in names)

    @cached_property
    def _marks(self) -> dict[str, str]:
        return {name: self._files.stamp(name) for name in self._files.names}

    @cached_property
    def _store(self) -> TrackStore | None:
        if self._files.is_demo or settings().guests:
            return None
        try:
            from .track_store import TrackStore  # there are Pythons without SQLite
        except ImportError:
            return None
        return TrackStore(exports_folder() / self._key / "tracks.sqlite")

    def _keep(self, readings: list[tuple[str, Reading]]) -> list[tuple[str, Reading]]:
        """Keep what could be read; what is left to keep is nothing."""
        if self._store and (whole := [one for one in readings if one[1].packed is not None]):
            self._store.keep(whole, self._marks, named=self._named)
        return []
