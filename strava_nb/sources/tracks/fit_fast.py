"""The fast FIT reader: the only module that knows fitfast, which is optional.

It answers for whole activities only. Anything else is None: a file that fitfast refuses, one without
a record or without a session (a course has records too), and every file where it is not installed.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .fit_records import EPOCH, FIELDS, FitRecords

_NAMES = re.compile(rb"(?:" + b"|".join(sorted(name.encode() for name in FIELDS)) + rb")\0")
_RECORD_DEFINED = re.compile(rb"\x00(?:\x00\x14\x00|\x01\x00\x14)")
_ONE, _TWO, _FOUR = (1, 0x02), (2, 0x84), (4, 0x86)
_SHAPES = {
    0: (4, 0x85), 1: (4, 0x85), 2: _TWO, 3: _ONE, 4: _ONE, 5: _FOUR, 6: _TWO, 7: _TWO, 13: (1, 0x01),
    52: _TWO, 53: _ONE, 73: _FOUR, 78: _FOUR, 253: _FOUR,
}  # fmt: skip
"""Size and base type of the fields that we read, by number, as the profile has them."""


def read_fast(data: bytes) -> FitRecords | None:
    """The records of a whole activity; None for whatever the tolerant reader should look at."""
    try:
        import fitfast  # noqa: PLC0415  (optional)
    except ImportError:
        return None
    found = _tried(fitfast, data)
    if isinstance(found, str) and (anew := _summed_anew(data, found)):
        found = _tried(fitfast, anew, summed=False)
    return None if isinstance(found, str) else found


def _tried(fitfast: Any, data: bytes, *, summed: bool = True) -> FitRecords | str | None:
    """What fitfast reads, or the words of its refusal."""
    try:
        return _read(fitfast, data, summed)
    except fitfast.FitDecodeError as error:
        return str(error)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, which is no Exception
            raise
        return "panic"


def _read(fitfast: Any, data: bytes, summed: bool) -> FitRecords | None:
    session = fitfast.records(data, "session")
    if not session:
        return None
    records = fitfast.records(data, "record", degrees=False)
    columns = {name: values for name, values in records.items() if name in FIELDS}
    if not columns or _beyond(data):
        return None
    if "timestamp" in columns:
        columns["timestamp"] = columns["timestamp"] - EPOCH
    first = {name: session[name][0] for name in ("sport", "sub_sport") if name in session}
    numbers = {name: int(value) for name, value in first.items() if np.isfinite(value)}
    return FitRecords(columns, sport=(numbers.get("sport"), numbers.get("sub_sport")), summed=summed)


def _beyond(data: bytes) -> bool:
    """Whether the file may hold what fitfast reads otherwise than fitdecode.

    fitfast reads a field as the profile has it, though the file may define it longer; it leaves out
    the speed and distance that old devices packed into field 8; and a developer's field that is called
    like one of FIT's own takes its place. Bytes that look so by chance cost some speed, no more.
    """
    for found in _RECORD_DEFINED.finditer(data):
        at = found.end()
        fields = data[at + 1 : at + 1 + 3 * data[at]] if at < len(data) else b""
        for number, size, base in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
            if number == 8 or _SHAPES.get(number, (size, base)) != (size, base):
                return True
    named = [
        found[0]
        for found in _NAMES.finditer(data)
        if not re.match(rb"[\w ]", data[found.start() - 1 : found.start()])
    ]
    return bool(named) and named != [b"Power\0"]


def _summed_anew(data: bytes, refusal: str) -> bytes | None:
    """The file with the checksum that fitfast wants, if that was all it missed.

    fitfast leaves a header without a checksum of its own out of the file's, so it refuses many sound
    files; and a file that is wrongly summed may be whole.
    """
    wanted = re.search(r"checksum mismatch.* calculated (\d+)", refusal)
    single = data[0] + int.from_bytes(data[4:8], "little") + 2 == len(data)
    return data[:-2] + int(wanted[1]).to_bytes(2, "little") if wanted and single else None
