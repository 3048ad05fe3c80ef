"""An id for what has none of Strava's; a leaf, since rows and files of an export both need it."""

from __future__ import annotations

from hashlib import blake2b


def stable_id(content: bytes) -> int:
    """A negative id of at most 15 digits for what has no Strava id: the same content, the same id."""
    return -1 - int.from_bytes(blake2b(content, digest_size=8).digest()) % (10**15 - 1)
