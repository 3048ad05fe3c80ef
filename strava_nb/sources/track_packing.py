"""A track's streams in few bytes and back again, every number the same to its last digit.

A file of its own because two places need it: what reads tracks in other processes sends them so, and
what keeps them keeps them so. Devices count in steps (a second, a centimetre, 2⁻³¹ of a half circle),
so a column is mostly whole numbers of one step; their differences pack to a fifth of the floats.
Without pandas, like the readers.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .tracks.track import Numbers

_STEPS: Final = (
    (1, 1, 0), (1, 10, 0), (1, 100, 0), (1, 1000, 0), (1, 1e5, 0), (1, 1e6, 0), (1, 1e7, 0),
    (180 / 2**31, 1, 0),  # FIT's positions
    (1, 5, 500),  # FIT's heights
)  # fmt: skip
"""How a count becomes a value: times the first, over the second, minus the third; later ones may be added."""

_NAN: Final = -(2**31)
_A_FEW: Final = 50


def pack(payload: dict[str, dict[str, Any]]) -> bytes:
    """The streams of a track as `unpack` takes them."""
    columns: list[bytes] = []
    head: list[list[Any]] = []
    for name, stream in payload.items():
        data = np.asarray(stream["data"], dtype=np.float64)
        steps = []
        for column in data.reshape(len(data), -1).T:
            step, packed = _column(np.ascontiguousarray(column))
            steps.append(step)
            columns.append(packed)
        head.append([name, len(data), data.ndim, steps])
    described = json.dumps(head, separators=(",", ":")).encode()
    return zlib.compress(b"".join([len(described).to_bytes(4, "little"), described, *columns]), 1)


def unpack(packed: bytes) -> dict[str, dict[str, Any]]:
    """The streams that were packed. Raises ValueError for damaged bytes."""
    try:
        raw = zlib.decompress(packed)
        start = 4 + int.from_bytes(raw[:4], "little")
        payload: dict[str, dict[str, Any]] = {}
        for name, length, dimensions, steps in json.loads(raw[4:start]):
            columns = []
            for step in steps:
                end = start + length * (8 if step is None else 4)
                columns.append(_numbers(raw[start:end], step, length))
                start = end
            payload[name] = {"data": columns[0] if dimensions == 1 else np.column_stack(columns)}
    except (zlib.error, ValueError, TypeError, IndexError, KeyError) as error:
        raise ValueError("These are not the bytes of a packed track.") from error
    return payload


def _column(values: Numbers) -> tuple[int | None, bytes]:
    """In which of the steps a column counts, and its counts; None where in none, and its floats."""
    known = ~np.isnan(values)
    there = values[known]
    for step in range(len(_STEPS)):
        if _counts(there[:_A_FEW], step) is None or (counts := _counts(there, step)) is None:
            continue
        whole = np.full(len(values), _NAN, dtype=np.int32)
        whole[known] = counts
        # Differences wrap round, and so do their sums: nothing is lost.
        return step, _shuffled(np.diff(whole, prepend=np.int32(0)).astype("<i4"))
    return None, _shuffled(values.astype("<f8"))


def _counts(values: Numbers, step: int) -> Numbers | None:
    times, over, minus = _STEPS[step]
    with np.errstate(over="ignore"):  # no such number is a count
        counts = np.rint((values + minus) * over / times)
    fits = np.abs(counts).max(initial=0) < -_NAN and np.array_equal(_values(counts, step), values)
    return counts if fits else None


def _values(counts: Numbers, step: int) -> Numbers:
    times, over, minus = _STEPS[step]
    return counts * times / over - minus


def _numbers(raw: bytes, step: int | None, length: int) -> Numbers:
    if step is None:
        return _unshuffled(raw, "<f8", length).astype(np.float64)
    whole = np.cumsum(_unshuffled(raw, "<i4", length), dtype=np.int32)
    return np.where(whole == _NAN, np.nan, _values(whole.astype(np.float64), step))


def _shuffled(values: npt.NDArray[Any]) -> bytes:
    """The first bytes of all values, then the second ones …: like stands beside like."""
    return values.view(np.uint8).reshape(len(values), -1).T.tobytes()


def _unshuffled(raw: bytes, dtype: str, length: int) -> npt.NDArray[Any]:
    width = np.dtype(dtype).itemsize
    return np.frombuffer(raw, np.uint8).reshape(width, length).T.copy().view(dtype).reshape(length)
