"""Recorded streams as a FIT file, the binary format of most devices; its own file, as is its checksum."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np

from strava_nb.simulator.activity import Activity
from strava_nb.simulator.breakdown import Samples, laps

_EPOCH = int(datetime(1989, 12, 31, tzinfo=UTC).timestamp())
_SEMICIRCLES = 2**31 / 180

_SPORTS = {
    "Ride": (2, 0),
    "GravelRide": (2, 46),
    "MountainBikeRide": (2, 8),
    "VirtualRide": (2, 58),
    "Run": (1, 0),
    "TrailRun": (1, 3),
    "Hike": (17, 0),
    "Walk": (11, 0),
    "Swim": (5, 17),
    "NordicSki": (12, 0),
    "WeightTraining": (10, 20),
    "Yoga": (10, 43),
}
"""FIT's numbers of sport and sub-sport."""

_Field = tuple[int, str, int]
"""A field's number, its NumPy type in the file, and its base type."""

_FILE_ID, _SESSION, _LAP, _RECORD, _ACTIVITY = 0, 18, 19, 20, 34
_ENUM, _U16, _U32, _I32 = ("u1", 0x00), ("<u2", 0x84), ("<u4", 0x86), ("<i4", 0x85)
_STREAMS: dict[str, tuple[_Field, float, float]] = {
    "altitude": ((2, *_U16), 5, 500),
    "heartrate": ((3, "u1", 0x02), 1, 0),
    "cadence": ((4, "u1", 0x02), 1, 0),
    "distance": ((5, *_U32), 100, 0),
    "velocity_smooth": ((6, *_U16), 1000, 0),
    "watts": ((7, *_U16), 1, 0),
    "temp": ((13, "i1", 0x01), 1, 0),
}
"""Where a record keeps a stream, and what its number there is: (value + offset) times scale."""
_LAPS: dict[str, tuple[_Field, float]] = {
    "elapsed_time": ((7, *_U32), 1000),
    "timer": ((8, *_U32), 1000),
    "distance": ((9, *_U32), 100),
    "max_speed": ((14, *_U16), 1000),
    "average_heartrate": ((15, "u1", 0x02), 1),
    "max_heartrate": ((16, "u1", 0x02), 1),
    "average_cadence": ((17, "u1", 0x02), 1),
    "average_watts": ((19, *_U16), 1),
    "total_elevation_gain": ((21, *_U16), 1),
}
"""Where a lap keeps what there is to tell of it, likewise."""


def fit(activity: Activity, samples: Samples) -> bytes:
    """The track as a FIT activity: what it is, a record a sample, its laps, a session, an end."""
    streams = samples.streams
    begin = int(activity.start.timestamp()) - _EPOCH
    end = begin + activity.elapsed_time
    fields: list[_Field] = [(253, *_U32)]
    values: list[Any] = [begin + streams["time"]]
    if "latlng" in streams:
        fields += [(0, *_I32), (1, *_I32)]
        values += list(np.rint(streams["latlng"].T * _SEMICIRCLES))
    for key, (field, scale, offset) in _STREAMS.items():
        if key in streams:
            fields.append(field)
            values.append(np.rint((streams[key] + offset) * scale))
    sport, sub_sport = _SPORTS.get(activity.sport_type, (0, 0))
    session: dict[_Field, int] = {
        (253, *_U32): end,
        (2, *_U32): begin,
        (7, *_U32): activity.elapsed_time * 1000,
        (8, *_U32): int(samples.ran[-1]) * 1000,
        (9, *_U32): round(activity.distance * 100),
        (5, *_ENUM): sport,
        (6, *_ENUM): sub_sport,
    }
    body = (
        _messages(_FILE_ID, [(0, *_ENUM), (1, *_U16), (4, *_U32)], [4, 255, begin])
        + _messages(_RECORD, fields, values)
        + _messages(_LAP, *_of_laps(activity, samples, begin))
        + _messages(_SESSION, list(session), list(session.values()))
        + _messages(_ACTIVITY, [(253, *_U32), (1, *_U16), (2, *_ENUM)], [end, 1, 0])
    )
    head = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    whole = head + struct.pack("<H", _checksum(head)) + body
    return whole + struct.pack("<H", _checksum(whole))


def _of_laps(activity: Activity, samples: Samples, begin: int) -> tuple[list[_Field], list[Any]]:
    """The fields of her laps and their values, lap by lap."""
    made = [
        lap | {"timer": samples.timer((lap["start_index"], lap["end_index"]))}
        for lap in laps(activity, samples)
    ]
    starts, took = (np.array([lap[name] for lap in made]) for name in ("start_time", "elapsed_time"))
    fields: list[_Field] = [(254, *_U16), (253, *_U32), (2, *_U32)]
    values: list[Any] = [np.arange(len(made)), begin + starts + took, begin + starts]
    for name, (field, scale) in _LAPS.items():
        if name in made[0]:
            fields.append(field)
            values.append(np.rint(np.array([lap[name] for lap in made]) * scale))
    return fields, values


def _messages(number: int, fields: list[_Field], values: list[Any]) -> bytes:
    """The definition of a message and the messages themselves, one for each of the values."""
    definition = struct.pack("<BBBHB", 0x40, 0, 0, number, len(fields)) + b"".join(
        bytes([field, np.dtype(kind).itemsize, base]) for field, kind, base in fields
    )
    kinds: Any = [("header", "u1"), *((str(field), kind) for field, kind, _ in fields)]
    messages = np.zeros(np.broadcast(*values).shape, dtype=kinds)
    for (field, _, _), value in zip(fields, values, strict=True):
        messages[str(field)] = value
    return definition + messages.tobytes()


def _checksum(data: bytes) -> int:
    """FIT's CRC-16, which the standard library does not have."""
    table, crc = _table(), 0
    for byte in data:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc


@cache
def _table() -> tuple[int, ...]:
    table = list(range(256))
    for _ in range(8):
        table = [(crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1 for crc in table]
    return tuple(table)
