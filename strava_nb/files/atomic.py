"""Files that are there whole or not at all: a temporary name in the same folder, then a rename."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from uuid import uuid4

from ..errors import CannotWrite

_ELSEWHERE = "Choose another place, such as your home folder."
_SENTENCES = {
    errno.ENOENT: ("There is no folder {folder}.", "Make it first, or choose another place."),
    errno.ENOTDIR: ("{folder} is a file, not a folder.", _ELSEWHERE),
    errno.EACCES: ("{path} may not be written.", "Close it where it is open, or choose another place."),
    errno.EPERM: ("{path} may not be written.", "Close it where it is open, or choose another place."),
    errno.EROFS: ("{path} may not be written.", _ELSEWHERE),
    errno.ENOSPC: ("The disk is full, so {path} was not written.", "Make room, or choose another disk."),
    errno.EDQUOT: ("The disk is full, so {path} was not written.", "Make room, or choose another disk."),
    errno.ENAMETOOLONG: ("The name {path} is too long.", "Choose a shorter one."),
}


def write(data: bytes, path: str | os.PathLike[str], *, name: str) -> Path:
    """Where the data lie now: at `path`, or under `name` where that is a folder.

    A file that was there is replaced in one step and keeps its permissions; when anything fails it
    stays as it was. Raises CannotWrite.
    """
    place = Path(path).expanduser()
    if os.fspath(path).endswith(("/", os.sep)) or os.path.isdir(place):  # noqa: PTH112 - never raises, as Path's does
        place = place / name
    try:
        _replace(Path(os.path.realpath(place)), data)  # the real path, so that a link stays a link
    except OSError as error:
        raise _sentence(error, place) from error
    except ValueError as error:  # what no system can call a file, such as a zero byte
        raise CannotWrite(f"{str(place)!r} is no name for a file.", "Choose another one.") from error
    return place


def _replace(target: Path, data: bytes) -> None:
    temporary = target.parent / f".{uuid4().hex}.part"
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _sentence(error: OSError, place: Path) -> CannotWrite:
    if os.path.isdir(place):  # noqa: PTH112 - as above
        return CannotWrite(f"{place} is a folder.", "Move it away, or choose another place.")
    what, to_do = _SENTENCES.get(error.errno or 0, ("{path} could not be written.", _ELSEWHERE))
    return CannotWrite(what.format(path=place, folder=place.parent), to_do)
