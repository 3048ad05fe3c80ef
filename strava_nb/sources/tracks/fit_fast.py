"""The fast FIT reader: the only module that knows fitfast, which is optional.

It answers for whole activities only. Anything else is None: a file that fitfast refuses, one without
a record or without a session (a course has records too), and every file where it is not installed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np

from .fit_records import EPOCH, FIELDS, LAP_FIELDS, FitRecords
from .track import Numbers

_RECORD, _LAP = 20, 19
_ONE, _TWO, _FOUR = (1, 0x02), (2, 0x84), (4, 0x86)
_SHAPES = {
    _RECORD: {
        0: (4, 0x85), 1: (4, 0x85), 2: _TWO, 3: _ONE, 4: _ONE, 5: _FOUR, 6: _TWO, 7: _TWO, 13: (1, 0x01),
        52: _TWO, 53: _ONE, 73: _FOUR, 78: _FOUR, 253: _FOUR,
    },
    _LAP: {
        2: _FOUR, 7: _FOUR, 8: _FOUR, 9: _FOUR, 14: _TWO, 15: _ONE, 16: _ONE, 17: _ONE, 19: _TWO, 21: _TWO,
        52: _FOUR, 80: _ONE, 111: _FOUR, 253: _FOUR,
    },
}  # fmt: skip
"""Size and base type of the fields that we read, by message and number, as the profile has them."""


def read_fast(data: bytes, *, laps: bool = False) -> FitRecords | None:
    """The records of a whole activity; None for whatever the tolerant reader should look at.

    With `laps` those too: it takes half as long again, since fitfast decodes a file anew for each message.
    """
    try:
        import fitfast  # optional
    except ImportError:
        return None
    found = _tried(fitfast, data, laps)
    if isinstance(found, str) and (anew := _summed_anew(data, found)):
        found = _tried(fitfast, anew, laps, summed=False)
    return None if isinstance(found, str) else found


def _tried(fitfast: Any, data: bytes, laps: bool, *, summed: bool = True) -> FitRecords | str | None:
    """What fitfast reads, or the words of its refusal."""
    try:
        return _read(fitfast, data, laps, summed)
    except fitfast.FitDecodeError as error:
        return str(error)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, which is no Exception
            raise
        return "panic"


def _read(fitfast: Any, data: bytes, laps: bool, summed: bool) -> FitRecords | None:
    session = fitfast.records(data, "session")
    if not session:
        return None
    columns = _columns(fitfast.records(data, "record", degrees=False), FIELDS)
    if not columns or _beyond(data, _RECORD) or (laps and _beyond(data, _LAP)):
        return None
    first = {name: session[name][0] for name in ("sport", "sub_sport") if name in session}
    numbers = {name: int(value) for name, value in first.items() if np.isfinite(value)}
    return FitRecords(
        columns,
        sport=(numbers.get("sport"), numbers.get("sub_sport")),
        summed=summed,
        laps=_columns(fitfast.records(data, "lap"), LAP_FIELDS) if laps else None,
    )


def _columns(messages: dict[str, Numbers], fields: frozenset[str]) -> dict[str, Numbers]:
    """The fields that we read, moments by FIT's clock."""
    return {
        name: values - EPOCH if name in ("timestamp", "start_time") else values
        for name, values in messages.items()
        if name in fields
    }


def _beyond(data: bytes, message: int) -> bool:
    """Whether the file may hold messages of a kind with what fitfast reads otherwise than fitdecode.

    fitfast reads a field as the profile has it, though the file may define it longer; it leaves out
    the speed and distance that old devices packed into field 8; and a developer's field that is called
    like one of FIT's own takes its place. Bytes that look so by chance cost some speed, no more.
    """
    defined, named_like = _looked_for(message)
    for found in defined.finditer(data):
        at = found.end()
        fields = data[at + 1 : at + 1 + 3 * data[at]] if at < len(data) else b""
        for number, size, base in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
            if (message, number) == (_RECORD, 8) or _SHAPES[message].get(number, (size, base)) != (
                size,
                base,
            ):
                return True
    named = [
        found[0]
        for found in named_like.finditer(data)
        if not re.match(rb"[\w ]", data[found.start() - 1 : found.start()])
    ]
    return bool(named) and named != [b"Power\0"]


@cache
def _looked_for(message: int) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What defines a message (bits, then its number), and its fields' names, which a developer's may bear."""
    names = FIELDS if message == _RECORD else LAP_FIELDS
    number = bytes([message])
    return (
        re.compile(rb"[\x40-\x7f]\x00(?:\x00" + number + rb"\x00|\x01\x00" + number + rb")"),
        re.compile(rb"(?:" + b"|".join(sorted(name.encode() for name in names)) + rb")\0"),
    )


def _summed_anew(data: bytes, refusal: str) -> bytes | None:
    """The file with the checksum that fitfast wants, if that was all it missed.

    fitfast leaves a header without a checksum of its own out of the file's, so it refuses many sound
    files; and a file that is wrongly summed may be whole.
    """
    wanted = re.search(r"checksum mismatch.* calculated (\d+)", refusal)
    single = data[0] + int.from_bytes(data[4:8], "little") + 2 == len(data)
    return data[:-2] + int(wanted[1]).to_bytes(2, "little") if wanted and single else None
