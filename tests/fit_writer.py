"""A writer of FIT files, byte by byte, so that tests can write the odd ones too."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from strava_nb.sources.tracks.fit_checksum import checksum

BASES: dict[str, tuple[int, str, Any]] = {
    "enum": (0x00, "B", 0xFF),
    "sint8": (0x01, "b", 0x7F),
    "uint8": (0x02, "B", 0xFF),
    "sint16": (0x83, "h", 0x7FFF),
    "uint16": (0x84, "H", 0xFFFF),
    "sint32": (0x85, "i", 0x7FFFFFFF),
    "uint32": (0x86, "I", 0xFFFFFFFF),
    "float32": (0x88, "f", float("nan")),
    "string": (0x07, "16s", b""),
    "byte": (0x0D, "16s", b"\xff" * 16),
}
"""FIT's base types: number, struct's letter, the value that means none."""

RECORD: dict[str, tuple[int, str]] = {
    "timestamp": (253, "uint32"),
    "position_lat": (0, "sint32"),
    "position_long": (1, "sint32"),
    "altitude": (2, "uint16"),
    "heart_rate": (3, "uint8"),
    "cadence": (4, "uint8"),
    "distance": (5, "uint32"),
    "speed": (6, "uint16"),
    "power": (7, "uint16"),
    "temperature": (13, "sint8"),
    "cadence256": (52, "uint16"),
    "fractional_cadence": (53, "uint8"),
    "enhanced_speed": (73, "uint32"),
    "enhanced_altitude": (78, "uint32"),
}
"""Fields of a record message: number and base type."""

LAP: dict[str, tuple[int, str]] = {
    "timestamp": (253, "uint32"),
    "start_time": (2, "uint32"),
    "total_elapsed_time": (7, "uint32"),
    "total_timer_time": (8, "uint32"),
    "total_distance": (9, "uint32"),
    "max_speed": (14, "uint16"),
    "avg_heart_rate": (15, "uint8"),
    "max_heart_rate": (16, "uint8"),
    "avg_cadence": (17, "uint8"),
    "avg_power": (19, "uint16"),
    "total_ascent": (21, "uint16"),
    "sport": (25, "enum"),
    "total_moving_time": (52, "uint32"),
    "avg_fractional_cadence": (80, "uint8"),
    "enhanced_max_speed": (111, "uint32"),
}
"""Fields of a lap message: number and base type."""

FILE_ID, SESSION, LAPS, RECORDS, FIELD_DESCRIPTION, DEVELOPER = 0, 18, 19, 20, 206, 207
START = 1_100_000_000
"""2024-11-08 19:33:20 UTC by FIT's clock."""


@dataclass
class Fit:
    """A FIT file being written: definitions and messages in, the file out."""

    body: bytearray = field(default_factory=bytearray)
    shapes: dict[int, tuple[str, list[str]]] = field(default_factory=dict)

    def define(
        self,
        local: int,
        message: int,
        fields: list[tuple[int, str]],
        *,
        developer: list[tuple[int, str]] | None = None,
        big_endian: bool = False,
    ) -> Fit:
        """A definition: `fields` and developer fields (of application 0) by number and base type."""
        own = developer or []
        order = ">" if big_endian else "<"
        self.body += bytes([0x40 | (0x20 if own else 0) | local, 0, big_endian])
        self.body += struct.pack(f"{order}HB", message, len(fields))
        for number, base in fields:
            self.body += bytes([number, struct.calcsize(BASES[base][1]), BASES[base][0]])
        if own:
            self.body.append(len(own))
            for number, base in own:
                self.body += bytes([number, struct.calcsize(BASES[base][1]), 0])
        self.shapes[local] = order, [base for _, base in [*fields, *own]]
        return self

    def add(self, local: int, *values: Any, offset: int | None = None) -> Fit:
        """A message of the local type; None is FIT's "none"; with `offset` its header holds the time."""
        order, bases = self.shapes[local]
        self.body.append(local if offset is None else 0x80 | local << 5 | offset)
        for value, base in zip(values, bases, strict=True):
            _, letter, none = BASES[base]
            self.body += struct.pack(order + letter, none if value is None else value)
        return self

    def file(self, *, header: int = 14, header_sum: bool = True, length: int | None = None) -> bytes:
        """The file with header and checksum; `length` lets the header lie."""
        size = len(self.body) if length is None else length
        head = bytes([header, 0x20]) + struct.pack("<HI4s", 2132, size, b".FIT")
        if header == 14:
            head += struct.pack("<H", checksum(head) if header_sum else 0)
        return head + self.body + struct.pack("<H", checksum(head + self.body))


def begun(kind: int = 4) -> Fit:
    """A file that has said of what kind it is; 4 is an activity."""
    return Fit().define(0, FILE_ID, [(0, "enum"), (4, "uint32")]).add(0, kind, START)


def with_records(fit: Fit, rows: list[dict[str, Any]], **how: Any) -> Fit:
    """The rows as record messages with all fields that any of them has."""
    return _with(fit, 1, RECORDS, RECORD, rows, **how)


def with_laps(fit: Fit, rows: list[dict[str, Any]], **how: Any) -> Fit:
    """The rows as lap messages likewise."""
    return _with(fit, 3, LAPS, LAP, rows, **how)


def _with(
    fit: Fit, local: int, message: int, known: dict[str, Any], rows: list[dict[str, Any]], **how: Any
) -> Fit:
    names = [name for name in known if any(name in row for row in rows)]
    fit.define(local, message, [known[name] for name in names], **how)
    for row in rows:
        fit.add(local, *(row.get(name) for name in names))
    return fit


def with_session(fit: Fit, sport: int = 2, sub_sport: int = 0) -> Fit:
    """The session that closes an activity."""
    fit.define(2, SESSION, [(253, "uint32"), (5, "enum"), (6, "enum")])
    return fit.add(2, START + 60, sport, sub_sport)


def activity(rows: list[dict[str, Any]], sport: int = 2, sub_sport: int = 0, **how: Any) -> Fit:
    """A whole activity of such samples."""
    return with_session(with_records(begun(), rows, **how), sport, sub_sport)
