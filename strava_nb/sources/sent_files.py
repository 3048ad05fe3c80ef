"""An export that a web page sends piece by piece: its directory, its lists, then the tracks that are wanted.

A page reads a zip of any size where it lies and sends parts of it as they lie there; they are judged and
unpacked here, by the rules of `export_files.py`. What has not come is not here, and nothing else ever comes.
"""

from __future__ import annotations

import json
import tempfile
import threading
import weakref
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from ..errors import BadExport
from .export_files import (
    DEMO_MARKER,
    GEAR_LISTS,
    MOST_BYTES,
    TABLE,
    TRACK,
    ExportFiles,
    encrypted,
    not_whole,
    refuse_what_is_no_table,
)

Kind = Literal["zip", "folder", "file"]
"""What was dropped on the page."""

_KINDS: Final[dict[str, Kind]] = {"zip": "zip", "folder": "folder", "file": "file"}

_LISTS: Final = (TABLE, *GEAR_LISTS)
_DIRECTORY: Final = "directory.json"

_STORED: Final = 0
_DEFLATED: Final = 8
_ENCRYPTED: Final = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """A file as the page's directory has it; `check` is its CRC-32 in a zip, else when it was changed."""

    sent_as: str
    flags: int
    method: int
    check: int
    packed: int


class SentFiles(ExportFiles):
    """The files of an export that a page has, of which more and more are here.

    `entries` are `[name, flags, method, check, packed]` as in a zip's directory. Raises BadExport for what
    is no export, like opening it by its path does. Safe to use from several threads.
    """

    stay = False

    def __init__(self, name: str, kind: Kind, entries: Iterable[Sequence[Any]], head: bytes = b"") -> None:
        super().__init__(Path(PurePosixPath(name.replace("\\", "/")).name or "export"))
        self.kind = kind
        self.entries = [_member(entry) for entry in entries]
        if kind == "file":
            refuse_what_is_no_table(self.path.name, head)
            self._members = dict.fromkeys([TABLE], self.entries[0])
        else:
            self._members, self.is_demo = self._choose({one.sent_as: one for one in self.entries})
        if huge := [name for name, one in self._members.items() if one.packed > MOST_BYTES]:
            self.problems.append(f"{len(huge)} files are too large to be tracks, such as {huge[0][:60]!r}.")
        self.names = set(self._members).difference(huge)
        self._sent_as = {member.sent_as: name for name, member in self._members.items() if name in self.names}
        self._coming: dict[str, bytearray] = {}
        self._places: dict[str, tuple[int, int]] = {}
        # On the disk, since hundreds of megabytes are not for a kernel's memory; gone when this is.
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115  (it is there as long as this is)
        weakref.finalize(self, self._spool.close)
        self._lock = threading.Lock()

    @property
    def origin(self) -> str:
        """Its name alone: a page does not tell where a file lies."""
        return f"sent: {self.path.name}"

    @property
    def lists(self) -> list[str]:
        """What is wanted before anything can be told: the lists, or, without a table, all tracks."""
        lists: list[str] = [name for name in _LISTS if name in self.names]
        return lists if TABLE in lists else sorted(self.names)

    def sent_as(self, names: Iterable[str]) -> list[str]:
        """What the page calls these files, of those that have not come."""
        return [self._members[name].sent_as for name in names if not self.is_here(name)]

    def is_here(self, name: str) -> bool:
        """Whether all of a file has come."""
        return name in self._places

    def add(self, sent_as: str, data: bytes | memoryview) -> str | None:
        """The next bytes of a file, as they lie in the export; its name once it is whole, else None.

        Bytes of what nobody asked for are dropped.
        """
        name = self._sent_as.get(sent_as)
        if name is None or self.is_here(name):
            return None
        with self._lock:
            coming = self._coming.setdefault(name, bytearray())
            coming += data
            if len(coming) < self._members[name].packed:
                return None
            start = self._spool.seek(0, 2)
            self._spool.write(coming)
            self._places[name] = start, len(coming)
            del self._coming[name]
        return name

    def restart(self) -> None:
        """Forget half-sent files: the page begins with them anew."""
        with self._lock:
            self._coming.clear()

    def keep(self, folder: Path) -> None:
        """Write down what is known without the tracks, so that `kept` finds it. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        directory = {
            "name": self.path.name,
            "kind": self.kind,
            "entries": [[one.sent_as, one.flags, one.method, one.check, one.packed] for one in self.entries],
        }
        for name in (one for one in self.lists if one in _LISTS):
            _write(folder / name, self._bytes(name, MOST_BYTES))
        _write(folder / _DIRECTORY, json.dumps(directory).encode())

    @classmethod
    def kept(cls, folder: Path) -> SentFiles:
        """What `keep` wrote: the lists are here, the tracks are not. Raises BadExport."""
        try:
            told = json.loads((folder / _DIRECTORY).read_text("utf-8"))
            found = cls(told["name"], told["kind"], told["entries"], head=b"kept")
            for name in (one for one in found.lists if one in _LISTS):
                data = (folder / name).read_bytes()
                sent_as = found._members[name].sent_as
                found._members[name] = Member(sent_as, 0, _STORED, 0, len(data))
                found.add(sent_as, data)
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise BadExport(
                "What was kept of the last export is damaged.", "Drop the export on the panel once more."
            ) from error
        return found

    @staticmethod
    def drop_kept(folder: Path) -> None:
        """Delete what `keep` wrote, and the folder where nothing else is in it."""
        for name in (_DIRECTORY, *_LISTS):
            (folder / name).unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()

    def _choose(self, entries: dict[str, Member]) -> tuple[dict[str, Member], bool]:
        tracks = {name: one for name, one in entries.items() if TRACK.search(name)}
        if self.kind == "folder" and tracks and not any(_is(name, TABLE) for name in entries):
            return tracks, any(_is(name, DEMO_MARKER) for name in entries)
        return self._sort_out(entries)

    def _mark(self, name: str) -> tuple[int, int]:
        return self._members[name].packed, self._members[name].check

    def _bytes(self, name: str, most: int) -> bytes:
        member = self._members[name]
        if member.flags & _ENCRYPTED:
            raise encrypted(self.path.name)
        if name not in self._places:
            raise BadExport(f"{name} is still in your browser.", "Press “Read the tracks too” in the panel.")
        start, length = self._places[name]
        with self._lock:
            self._spool.seek(start)
            packed = self._spool.read(length)
        if member.method == _STORED:
            data = packed
        elif member.method == _DEFLATED:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
        else:
            raise BadExport(
                f"{name} in {self.path.name} is packed in a way that is not read here.",
                "Unpack it, then choose the folder.",
            )
        if self.kind == "zip" and member.check and len(data) < most and zlib.crc32(data) != member.check:
            raise BadExport(f"{name} in {self.path.name} is damaged.", "Download the export once more.")
        return data


def sent_files(name: str, kind: str, entries: Iterable[Sequence[Any]], head: bytes, why: str) -> SentFiles:
    """The export of a page's directory; `why` says what kept the page from reading one. Raises BadExport."""
    if kind not in _KINDS:
        raise BadExport("The page did not say what was dropped.", "Reload the page and drop it again.")
    if why:
        raise not_whole(Path(name).name, why)
    try:
        return SentFiles(name, _KINDS[kind], entries, head)
    except (ValueError, TypeError, IndexError) as error:
        raise not_whole(Path(name).name, "its directory makes no sense") from error


def _member(entry: Sequence[Any]) -> Member:
    sent_as, flags, method, check, packed = entry
    return Member(str(sent_as), int(flags), int(method), int(check), int(packed))


def _is(name: str, wanted: str) -> bool:
    return name.rpartition("/")[2].lower() == wanted.lower()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and for its owner's eyes only."""
    coming = path.with_name(f"{path.name}.part")
    coming.touch(mode=0o600)
    coming.write_bytes(data)
    coming.replace(path)
