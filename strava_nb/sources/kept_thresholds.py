"""What people have said of their own thresholds, kept per athlete beside everything else that is kept.

Nothing of Strava's is in it: what its API tells has seven days, what a person says stays until they
delete it. Plain values, since the rooms above know what they mean. Of a guest and of the demo athlete
it is in this kernel's memory alone: the one's are not for this computer, the other's are for trying out.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ..errors import CannotWrite, StravaNbError
from ..settings import settings
from ..signin.access import at_the_end
from ..signin.vaults import write_private
from .export_files import ExportFiles
from .export_tracks import key_of
from .source import Source

Said = dict[str, Any]
"""What a person said, as JSON has it."""

NOWHERE: Final = "in this kernel’s memory"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose thresholds they are: an athlete's at an address. `lasting`: more than one kernel long."""

    address: str
    athlete: str
    lasting: bool

    @property
    def place(self) -> Path | None:
        """The file that they are kept in; None where they are in memory alone."""
        if not self.lasting or settings().guests:
            return None
        host = re.sub(r"[^A-Za-z0-9.-]", "_", urlsplit(self.address).netloc)
        return _folder() / f"{host}_{self.athlete}.json"


def whose(source: Source) -> Whose:
    """Whose thresholds a source's activities are measured against: an account and its export are one athlete.

    Asks Strava who it is where nobody has said. Raises what that raises.
    """
    athlete = getattr(getattr(source, "access", None), "athlete_id", None) or source.athlete.get("id")
    files = getattr(source, "files", None)
    if isinstance(files, ExportFiles):
        athlete = key_of(files, athlete)
    # A source that tells of nobody is its own athlete, for as long as it is there.
    lasting = source.name != "demo" and athlete is not None
    return Whose(settings().url, str(athlete or f"somebody {id(source)}"), lasting)


def load(one: Whose) -> Said:
    """What the athlete has said; nothing where it cannot be read."""
    with _lock:
        if one in _memory:
            return dict(_memory[one])
    return _read(one.place) if one.place else {}


def save(one: Whose, said: Said) -> None:
    """Keep this in place of what was kept, at once and whole. Whatever the disk says, the kernel knows it."""
    place = one.place
    with _lock:
        _memory[one] = dict(said)
    if place is not None:
        told = {"url": one.address, "athlete": one.athlete, "said": said}
        with suppress(OSError):
            write_private(place, json.dumps(told))
            with _lock:
                _memory.pop(one, None)  # The file is what other notebooks write to.
    _tell()


def forget(one: Whose) -> None:
    """Delete what the athlete has said. Raises CannotWrite where the disk does not let it go."""
    with _lock:
        _memory.pop(one, None)
    try:
        if one.place:
            one.place.unlink()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise CannotWrite(f"{one.place} may not be deleted.", "Close it where it is open.") from error
    _tell()


def is_kept(one: Whose) -> bool:
    """Whether anything is kept of what the athlete has said."""
    return bool(load(one))


def where(one: Whose) -> str:
    """Where it is kept, in words."""
    with _lock:
        in_memory = one in _memory
    return NOWHERE if in_memory or one.place is None else f"in the folder {one.place.parent}"


def all_kept() -> Iterator[tuple[Path | None, Said]]:
    """Every athlete's with its file (None: in memory), as `{"url", "athlete", "said"}`."""
    with _lock:
        held = [{"url": one.address, "athlete": one.athlete, "said": said} for one, said in _memory.items()]
    yield from ((None, told) for told in held)
    if not settings().guests:
        for place in sorted(_folder().glob("*.json")):
            told = _told(place)
            if isinstance(told.get("said"), dict) and "athlete" in told:
                yield place, told


def watch(watcher: Callable[[], None]) -> Callable[[], None]:
    """Have `watcher` called whenever what is kept has changed here; the result ends that."""
    _watchers.append(watcher)
    return lambda: _watchers.remove(watcher) if watcher in _watchers else None


def _folder() -> Path:
    return settings().home / "thresholds"


def _read(place: Path) -> Said:
    said = _told(place).get("said")
    return said if isinstance(said, dict) else {}


def _told(place: Path) -> Said:
    try:
        told = json.loads(place.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _guest_left(_: str, athlete_id: int) -> None:
    """What is in memory is gone with the sign-in; a file is its person's, and stays."""
    with _lock:
        for one in [one for one in _memory if one.athlete == str(athlete_id)]:
            del _memory[one]


def _tell() -> None:
    for watcher in list(_watchers):
        with suppress(StravaNbError):
            watcher()


_memory: dict[Whose, Said] = {}
_watchers: list[Callable[[], None]] = []
_lock = threading.Lock()
at_the_end(_guest_left)
