"""What of an export may be opened, wherever it lies: in a zip, re-zipped, unpacked, or the CSV alone.

An export also holds logins, contacts and messages. Nothing but activities.csv, activities/ and the
gear lists ever gets a name here, so nothing else can be opened; a zip is read in place.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

from ..errors import BadExport

TABLE: Final = "activities.csv"
GEAR_LISTS: Final = ("bikes.csv", "shoes.csv")
DEMO_MARKER: Final = "DEMO.txt"
"""A file of this name beside activities.csv says that the export is the demo athlete's."""

MOST_BYTES: Final = 256 * 2**20
"""What a file of an export may unpack to, in bytes; a hundred times what the largest track needs."""

TRACK = re.compile(r"\.(fit|gpx|tcx|bin)(\.gz)?$", re.IGNORECASE)

Where = TypeVar("Where")

_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, OSError, ValueError, RuntimeError, IndexError, KeyError, OverflowError,
)  # fmt: skip
"""What Python's zip and file readers raise over damaged or foreign bytes."""


class ExportFiles:
    """The files of an export that may be opened, by their names in it.

    `stay` says that what is here will be the next time too.
    """

    stay = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: set[str] = set()
        self.is_demo = False
        self.problems: list[str] = []
        self.opened: list[str] = []

    @property
    def origin(self) -> str:
        """What tells this export from another that has no athlete in its name."""
        return str(self.path.resolve())

    @property
    def tracks(self) -> list[str]:
        """The names of the track files."""
        return sorted(name for name in self.names if TRACK.search(name))

    def is_here(self, name: str) -> bool:
        """Whether a file's bytes are at hand."""
        return name in self.names

    def size(self, name: str) -> int:
        """How many bytes of the export a file takes, packed as it is."""
        return self._mark(name)[0]

    def stamp(self, name: str) -> str:
        """What changes when a file does, known without opening it."""
        return "-".join(map(str, self._mark(name)))

    def read(self, name: str) -> bytes:
        """A file's bytes. Raises BadExport, naming it, for what is damaged, encrypted or too large."""
        self.opened.append(name)
        try:
            data = self._bytes(name, MOST_BYTES + 1)
        except BadExport:
            raise
        except _UNREADABLE as error:
            raise BadExport(
                f"{name} in {self.path.name} is damaged ({_said(error)}).", "Download the export once more."
            ) from error
        if len(data) > MOST_BYTES:
            raise BadExport(
                f"{name} in {self.path.name} unpacks to more than {MOST_BYTES // 2**20} MB.",
                "Strava makes no such files: do not trust this one.",
            )
        return data

    def _bytes(self, name: str, most: int) -> bytes:
        raise NotImplementedError

    def _mark(self, name: str) -> tuple[int, int]:
        """Its bytes in the export, and what tells its content or its last change."""
        raise NotImplementedError

    def _sort_out(self, entries: dict[str, Where]) -> tuple[dict[str, Where], bool]:
        """Of a zip's entries those that may be opened, and whether it is the demo's. Raises BadExport."""
        where = self.path.name
        if outside := [name for name in entries if _leads_out(name)]:
            self.problems.append(
                f"{len(outside)} names in {where} lead out of it and are not opened: {outside[0][:60]!r}."
            )
        inside = {name: one for name, one in entries.items() if not _leads_out(name) and not _is_litter(name)}
        top = _top_of(inside, where)
        if top is None:
            raise _without_table(where, inside)
        return _allowed(inside, top)


class ZipFiles(ExportFiles):
    """An export in the zip as it came, or with a folder on top because somebody packed it again."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._zip = zipfile.ZipFile(path)
            entries = {
                one.filename.replace("\\", "/"): one for one in self._zip.infolist() if not one.is_dir()
            }
        except _UNREADABLE as error:
            raise not_whole(path.name, _said(error)) from error
        self._entries, self.is_demo = self._sort_out(entries)
        self.names = set(self._entries)

    def _mark(self, name: str) -> tuple[int, int]:
        return self._entries[name].compress_size, self._entries[name].CRC

    def _bytes(self, name: str, most: int) -> bytes:
        entry = self._entries[name]
        if entry.flag_bits & 0x1:
            raise encrypted(self.path.name)
        with self._zip.open(entry) as file:
            return file.read(most)


class FolderFiles(ExportFiles):
    """An unpacked export, the CSV alone, or a folder with track files of any device."""

    def __init__(self, path: Path, files: dict[str, Path], *, is_demo: bool = False) -> None:
        super().__init__(path)
        self._files = files
        self.names = set(files)
        self.is_demo = is_demo

    def _mark(self, name: str) -> tuple[int, int]:
        try:
            there = self._files[name].stat()
        except OSError:  # gone meanwhile, as reading it will tell
            return 0, 0
        return there.st_size, there.st_mtime_ns

    def _bytes(self, name: str, most: int) -> bytes:
        path = self._files[name]
        with path.open("rb") as file:  # asked for less: Python sets aside as much as it is asked for
            return file.read(min(most, path.stat().st_size + 1))


def find_files(path: Path) -> ExportFiles:
    """The export at a path.

    Raises BadExport for everything else, saying what it is where that can be told.
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        if not path.exists():
            raise BadExport(f"There is no {path}.", "Check the path of the export.")
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise BadExport(f"{path} cannot be opened ({_said(error)}).", "Check who may read it.") from error
    if head.startswith(b"PK") or zipfile.is_zipfile(path):
        return ZipFiles(path)
    return _of_table(path, head)


def refuse_what_is_no_table(name: str, head: bytes) -> None:
    """Raise BadExport for a single file that, by its first bytes, cannot be an activities.csv."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if TRACK.search(name) or head[8:12] == b".FIT" or b"<gpx" in start or b"<trainingcenter" in start:
        raise BadExport(
            f"{name} is one track, not an export.", "Use snb.read_track, or open the folder it lies in."
        )
    if start.startswith((b"<!doctype", b"<html")):
        raise BadExport(
            f"{name} is a web page, not an export.",
            "Sign in to Strava first, then follow the link in the mail once more.",
        )
    if not head or (b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise BadExport(f"{name} is not a zip and not a table.", "Open the zip that Strava sent.")


def not_whole(name: str, why: str) -> BadExport:
    """The error of a zip that is cut or damaged."""
    return BadExport(
        f"{name} is not a whole zip file ({why}).",
        "Download it once more from the link in Strava's mail, until the end.",
    )


def encrypted(name: str) -> BadExport:
    """The error of a zip that asks for a password."""
    return BadExport(f"{name} is encrypted.", "Unpack it with its password, then open the folder.")


def _of_table(path: Path, head: bytes) -> FolderFiles:
    refuse_what_is_no_table(path.name, head)
    files = {TABLE: path}
    if (path.parent / "activities").is_dir():
        files = _under(path.parent)[0] | files
    return FolderFiles(path, files)


def _of_folder(path: Path) -> FolderFiles:
    tops = [path] if _table_in(path) else [one for one in sorted(path.iterdir()) if _table_in(one)]
    if len(tops) > 1:
        raise _several([one.name for one in tops], path.name)
    if tops:
        files, is_demo = _under(tops[0])
        return FolderFiles(path, files, is_demo=is_demo)
    found = (one for one in path.rglob("*") if TRACK.search(one.name) and one.is_file())
    tracks = {
        one.relative_to(path).as_posix(): one
        for one in found
        if not _is_litter(one.relative_to(path).as_posix())
    }
    if tracks:
        return FolderFiles(path, tracks)
    zips = sorted(one.name for one in path.glob("export_*.zip"))
    raise BadExport(
        f"{path} holds no activities.csv and no FIT, GPX or TCX files.",
        f"Open {zips[-1]} in it."
        if zips
        else "Give the zip that Strava sent, or the folder it was unpacked to.",
    )


def _table_in(folder: Path) -> Path | None:
    return (
        next((one for one in folder.iterdir() if one.name.lower() == TABLE), None)
        if folder.is_dir()
        else None
    )


def _under(top: Path) -> tuple[dict[str, Path], bool]:
    home = top.resolve()
    activities = top / "activities"
    found = [*top.iterdir(), *(activities.rglob("*") if activities.is_dir() else ())]
    inside = [one for one in found if one.is_file() and one.resolve().is_relative_to(home)]
    return _allowed({one.relative_to(top).as_posix(): one for one in inside}, "")


def _allowed(files: dict[str, Where], top: str) -> tuple[dict[str, Where], bool]:
    """What may be opened, by its name below `top`; and whether the demo's marker lies there."""
    below = {name.removeprefix(top): where for name, where in files.items() if name.startswith(top)}
    lists = {name: name.lower() for name in below if name.lower() in (TABLE, *GEAR_LISTS)}
    allowed = {
        lists.get(name, name): where
        for name, where in below.items()
        if name in lists or (name.startswith("activities/") and not _is_litter(name))
    }
    return allowed, DEMO_MARKER in below


def _top_of(names: Iterable[str], where: str) -> str | None:
    tables = [name for name in names if name.rpartition("/")[2].lower() == TABLE and name.count("/") <= 2]
    if not tables:
        return None
    depth = min(name.count("/") for name in tables)
    tops = [name[: -len(TABLE)] for name in tables if name.count("/") == depth]
    if len(tops) > 1:
        raise _several(tops, where)
    return tops[0]


def _several(tops: list[str], where: str) -> BadExport:
    return BadExport(
        f"{where} holds {len(tops)} exports: {', '.join(tops[:3])}.", "Open one of them by its own path."
    )


def _without_table(where: str, names: Iterable[str]) -> BadExport:
    names = list(names)
    if inner := next((name for name in names if name.lower().endswith(".zip")), None):
        return BadExport(f"{where} holds another zip, {inner[-60:]}.", "Unpack it and open the zip inside.")
    if any(TRACK.search(name) for name in names):
        return BadExport(
            f"{where} holds tracks but no activities.csv.",
            "Unpack it and open the folder, to read the tracks.",
        )
    return BadExport(
        f"{where} holds no activities.csv, so it is not Strava's export.",
        "Open the zip that Strava's mail links to; its name is like export_12345.zip.",
    )


def _leads_out(name: str) -> bool:
    return name.startswith("/") or ":" in name.partition("/")[0] or ".." in name.split("/")


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") for part in parts)


def _said(error: BaseException) -> str:
    said = str(error).strip().rstrip(".")
    return said[:80] or type(error).__name__
