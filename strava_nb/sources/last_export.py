"""The export that was used last, so that the next notebook finds it by itself.

Which one it was is no secret and is written down without asking. Of one that a page sent, its table and
its lists are kept; of one on this computer only where it lies. On a Binder nothing is.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import Final

from ..settings import settings
from .archive import ExportSource, open_export
from .export_tracks import exports_folder, key_of
from .sent_files import SentFiles

_NAME: Final = "last_export.json"


@dataclass(frozen=True, slots=True)
class LastExport:
    """An export that was used: where it lies or what is kept of it; `chosen` until another door is."""

    place: Path
    sent: bool
    name: str
    chosen: bool = True

    def open(self, *, browser_zone: str | None = None) -> ExportSource:
        """Open it again. Raises BadExport where it is not there any more."""
        if self.sent:
            return ExportSource(SentFiles.kept(self.place), browser_zone=browser_zone)
        return open_export(self.place)

    def choose(self) -> None:
        """Open it by itself the next time too."""
        _write(replace(self, chosen=True))


def last_export() -> LastExport | None:
    """The export that was used last; None where none was, or nothing is to be remembered."""
    if settings().on_binder:
        return None
    try:
        told = json.loads(_file().read_text("utf-8"))
        return LastExport(
            Path(told["place"]), bool(told["sent"]), str(told["name"]), chosen=bool(told["chosen"])
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None


def remember_path(path: Path) -> None:
    """Find this export by itself the next time."""
    _write(LastExport(path.resolve(), sent=False, name=path.name))


def remember_sent(files: SentFiles, source: ExportSource) -> None:
    """Keep what a page sent without the tracks, and find it by itself the next time."""
    if settings().on_binder:
        return
    folder = kept_in(source)
    with suppress(OSError):  # A full or locked disk: then it is dropped on the page once more.
        files.keep(folder)
        _write(LastExport(folder, sent=True, name=files.path.name))


def leave() -> None:
    """Another door was chosen: do not open the last export by itself, but offer it."""
    if (last := last_export()) and last.chosen:
        _write(replace(last, chosen=False))


def kept_in(source: ExportSource) -> Path:
    """The folder of what is kept of an export: lists that were sent, tracks that were read."""
    return exports_folder() / key_of(source.path, source.athlete.get("id"))


def kept_bytes(source: ExportSource) -> int:
    """How much is kept of an export on this computer."""
    folder = kept_in(source)
    with suppress(OSError):
        return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    return 0


def forget(source: ExportSource) -> None:
    """Delete what is kept of an export; the export itself stays where it is."""
    rmtree(kept_in(source), ignore_errors=True)
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return settings().home / _NAME


def _write(last: LastExport) -> None:
    if settings().on_binder:
        return
    told = {"place": str(last.place), "sent": last.sent, "name": last.name, "chosen": last.chosen}
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        coming = _file().with_suffix(".part")
        coming.write_text(json.dumps(told), encoding="utf-8")
        coming.replace(_file())
