"""The export that was used last, so that the next notebook finds it by itself.

Which one it was is no secret and is written down without asking. Of one that a page sent, its table and
its lists are kept; of one on this computer only where it lies. Of a guest's nothing is.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import Final

from ..errors import BadInput
from ..settings import settings
from .archive import ExportSource
from .export_files import find_files
from .export_tracks import exports_folder, key_of
from .local_time import zone_named
from .sent_files import SentFiles

_NAME: Final = "last_export.json"


@dataclass(frozen=True, slots=True)
class LastExport:
    """An export that was used: where it lies or what is kept of it; `chosen` until another door is.

    `zone` is the time zone of the browser that it was used in, as far as that was told.
    """

    place: Path
    sent: bool
    name: str
    zone: str | None = None
    chosen: bool = True

    def open(self) -> ExportSource:
        """Open it again. Raises BadExport where it is not there any more."""
        files = SentFiles.kept(self.place) if self.sent else find_files(self.place)
        return ExportSource(files, browser_zone=self.zone)


def last_export() -> LastExport | None:
    """The export that was used last; None where none was, or nothing is to be remembered."""
    if settings().guests:
        return None
    try:
        told = json.loads(_file().read_text("utf-8"))
        return LastExport(
            Path(told["place"]),
            bool(told["sent"]),
            str(told["name"]),
            zone=told.get("zone") and zone_named(str(told["zone"])).key,
            chosen=bool(told["chosen"]),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, BadInput):
        return None


def remember(source: ExportSource, *, browser_zone: str | None = None) -> None:
    """Find this export by itself the next time; of one that a page sent, keep all but the tracks."""
    if settings().guests:
        return
    before, files, place = last_export(), source.files, source.path.resolve()
    sent = isinstance(files, SentFiles)
    with suppress(OSError):  # A full or locked disk: then it is dropped on the page once more.
        if isinstance(files, SentFiles):
            place = kept_in(source)
            files.keep(place)
        _write(LastExport(place, sent, source.path.name, browser_zone))
        if before and before.sent and before.place != place:
            SentFiles.drop_kept(before.place)


def leave() -> None:
    """Another door was chosen: do not open the last export by itself, but offer it."""
    if (last := last_export()) and last.chosen:
        _write(replace(last, chosen=False))


def kept_in(source: ExportSource) -> Path:
    """The folder of what is kept of an export: lists that were sent, tracks that were read."""
    return exports_folder() / key_of(source.files, source.athlete.get("id"))


def kept_bytes(source: ExportSource) -> int:
    """How much is kept of an export on this computer."""
    folder = kept_in(source)
    with suppress(OSError):
        return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    return 0


def forget(source: ExportSource) -> None:
    """Delete what is kept of an export; the export itself stays where it is."""
    if settings().guests:  # Of a guest's nothing is kept, and its owner may have the same one here.
        return
    rmtree(kept_in(source), ignore_errors=True)
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return settings().home / _NAME


def _write(last: LastExport) -> None:
    if settings().guests:
        return
    told = asdict(last) | {"place": str(last.place)}
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        coming = _file().with_suffix(".part")
        coming.write_text(json.dumps(told), encoding="utf-8")
        coming.replace(_file())
