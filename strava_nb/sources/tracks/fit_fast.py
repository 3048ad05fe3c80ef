"""The fast FIT reader: the only module that knows fitfast, which is optional.

It answers for whole activities only. Anything else is None: a file that fitfast refuses, one without
a record or without a session (a course has records too), and every file where it is not installed.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .fit_records import EPOCH, FIELDS, FitRecords


def read_fast(data: bytes) -> FitRecords | None:
    """The records of a whole activity; None for whatever the tolerant reader should look at."""
    try:
        import fitfast  # noqa: PLC0415  (optional)
    except ImportError:
        return None
    try:
        return _read(fitfast, data)
    except fitfast.FitDecodeError as error:
        summed = _summed_anew(data, str(error))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, which is no Exception
            raise
        return None
    try:
        return _read(fitfast, summed, summed=False) if summed else None
    except fitfast.FitDecodeError:
        return None


def _read(fitfast: Any, data: bytes, *, summed: bool = True) -> FitRecords | None:
    session = fitfast.records(data, "session")
    if not session:
        return None
    records = fitfast.records(data, "record", degrees=False)
    columns = {name: values for name, values in records.items() if name in FIELDS}
    if not columns:
        return None
    if "timestamp" in columns:
        columns["timestamp"] = columns["timestamp"] - EPOCH
    first = {name: session[name][0] for name in ("sport", "sub_sport") if name in session}
    numbers = {name: int(value) for name, value in first.items() if np.isfinite(value)}
    return FitRecords(columns, sport=(numbers.get("sport"), numbers.get("sub_sport")), summed=summed)


def _summed_anew(data: bytes, refusal: str) -> bytes | None:
    """The file with the checksum that fitfast wants, if that was all it missed.

    fitfast leaves a header without a checksum of its own out of the file's, so it refuses many sound
    files; and a file that is wrongly summed may be whole.
    """
    wanted = re.search(r"checksum mismatch.* calculated (\d+)", refusal)
    single = data[0] + int.from_bytes(data[4:8], "little") + 2 == len(data)
    return data[:-2] + int(wanted[1]).to_bytes(2, "little") if wanted and single else None
