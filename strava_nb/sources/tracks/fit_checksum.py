"""FIT's checksum (CRC-16/ARC): here, since no CRC of the standard library is this one.

Asked only about files that the fast reader has not summed itself.
"""

from __future__ import annotations

from functools import cache


def sums_match(data: bytes) -> bool:
    """Whether every whole FIT file in the chain ends in its true checksum; a cut one has none."""
    at = 0
    while at + 12 <= len(data) and data[at + 8 : at + 12] == b".FIT":
        end = at + data[at] + int.from_bytes(data[at + 4 : at + 8], "little")
        if end + 2 > len(data):
            break
        if checksum(data[at:end]) != int.from_bytes(data[end : end + 2], "little"):
            return False
        at = end + 2
    return True


def checksum(data: bytes) -> int:
    """The CRC-16/ARC of the bytes."""
    table, crc = _table(), 0
    for byte in data:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc


@cache
def _table() -> list[int]:
    table = list(range(256))
    for _ in range(8):
        table = [(crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1 for crc in table]
    return table
