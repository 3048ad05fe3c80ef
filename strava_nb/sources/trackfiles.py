"""The one door to track files: what a file is by its content, whatever it is called.

Bytes and a name go in, a `Track` comes out, pure and without pandas, so that the export door can
read tracks in any process. The readers themselves are in `tracks/`.
"""

from __future__ import annotations

import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..errors import BadTrack, StravaNbWarning

if TYPE_CHECKING:
    import pandas as pd

    from .tracks.track import Track

LIMIT = 500_000_000
"""Bytes of a track file, unpacked; a year of recording at one sample a second is less."""

_BLANKS = b" \t\r\n\0\xef\xbb\xbf"  # and UTF-8's byte order mark
_UTF_16 = b"\xff\xfe", b"\xfe\xff"


def read_track(path: str | Path) -> pd.DataFrame:
    """The samples of one FIT, GPX or TCX file, gzipped or not, in the order in which they were recorded.

    What the file is, is told by its content, not by its name. A damaged file gives what can be read
    of it, with one StravaNbWarning and the reasons in `.attrs["problems"]`. No sample is dropped; what
    one lacks is NA. A pause has no samples, and adds nothing to `distance` where that had to be
    measured along the positions.

    The columns of `columns.STREAMS` that the file has, `activity_id` NA: `time` in s from the first
    sample that has a time; m, °, m/s, bpm, rpm (of one leg for runs), W, °C as `Float64`. `.attrs` have
    `start` (UTC) and `sport` (Strava's sport type) where the file tells them.

    Raises BadTrack for a file that holds no recorded activity (a route, a course, settings …) or
    cannot be read, and FileNotFoundError and the like where there is none.
    """
    from .. import tables  # pandas; read_samples goes without

    path = Path(path)
    track = read_samples(path, path.name)
    table = tables.streams(track.payload, None, source="export")
    if track.start:
        table.attrs["start"] = track.start.isoformat()
    if track.sport:
        table.attrs["sport"] = track.sport
    if track.problems:
        told = [f"{path.name}: {problem}" for problem in track.problems]
        table.attrs["problems"] = table.attrs.get("problems", []) + told
        more = f" (and {len(told) - 1} more in .attrs['problems'])" if len(told) > 1 else ""
        warnings.warn(f"{told[0]}{more}.", StravaNbWarning, stacklevel=2)
    return table


def read_samples(data: bytes | BinaryIO | Path, name: str, *, laps: bool = False) -> Track:
    """The recorded activity in a FIT, GPX or TCX file, gzipped or not.

    `name` is what messages call the file. With `laps` it surely has its laps, which are otherwise read where
    that costs nothing; then a file with laps and without samples is one too. Raises BadTrack, and nothing
    else, whatever the bytes are.
    """
    raw = _bytes(data, name)
    problems: list[str] = []
    if raw[:2] == b"\x1f\x8b":
        raw = _unzipped(raw, name, problems)
    track = _read(raw, name, laps)
    track.problems[:0] = problems
    return track


def _read(raw: bytes, name: str, laps: bool) -> Track:
    if raw[8:12] == b".FIT":
        from .tracks.fit import read_fit

        return read_fit(raw, name, laps=laps)
    text = raw if raw.startswith(_UTF_16) else raw.lstrip(_BLANKS)
    if text.startswith((b"<", *_UTF_16)):
        from .tracks.xml import read_xml

        return read_xml(text, name, laps=laps)
    zipped = raw.startswith(b"PK\3\4")
    what = "is empty" if not text else "is a zip archive" if zipped else "is none of FIT, GPX and TCX"
    raise BadTrack(f"{name} {what}.", "Choose a FIT, GPX or TCX file; a whole export opens by open_export.")


def _bytes(data: bytes | BinaryIO | Path, name: str) -> bytes:
    if isinstance(data, Path):
        with data.open("rb") as file:
            return _bytes(file, name)
    raw = data if isinstance(data, bytes) else data.read(LIMIT + 1)
    if len(raw) > LIMIT:
        raise _too_long(name)
    return raw


def _unzipped(raw: bytes, name: str, problems: list[str]) -> bytes:
    """What the gzip file holds, all of its members, or what came of it before the damage."""
    parts: list[bytes] = []
    size = 0
    while raw[:2] == b"\x1f\x8b":
        unzip = zlib.decompressobj(wbits=31)
        try:
            parts.append(unzip.decompress(raw, LIMIT + 1 - size))
        except zlib.error:
            problems.append("its gzip is damaged; read as far as it unpacks")
            parts.append(_slowly(raw, LIMIT + 1 - size))
        size += len(parts[-1])
        if size > LIMIT:
            raise _too_long(name)
        if not (problems or unzip.eof):
            problems.append("its gzip breaks off; read as far as it unpacks")
        raw = unzip.unused_data  # the next member; nothing after damage
    return b"".join(parts)


def _slowly(raw: bytes, limit: int) -> bytes:
    """What unpacks before the damage, to the byte: zlib gives nothing of a step that fails."""
    unzip, came, step, at = zlib.decompressobj(wbits=31), bytearray(), 4096, 0
    while at < len(raw) and len(came) < limit:
        before = unzip.copy()
        try:
            came += unzip.decompress(raw[at : at + step], limit - len(came))
            at += step
        except zlib.error:
            if step == 1:
                break
            unzip, step = before, 1
    return bytes(came)


def _too_long(name: str) -> BadTrack:
    return BadTrack(
        f"{name} holds more than {LIMIT // 1_000_000} MB: no track is that long.", "Leave it out."
    )
