"""The secret by which places are moved, ids replaced and dates shifted: random, and this computer's own."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

from filelock import FileLock

from ..settings import settings
from ..signin.vaults import write_private

_BYTES = 32


def own_secret() -> bytes:
    """The secret, made when it is first needed and kept in a file that only its owner may read.

    For guests (on Binder, or of a page served to others), and where no file can be kept, it is this kernel's.
    """
    here = settings()
    if here.guests:
        return _in_memory()
    path = here.home / "privacy" / "secret"
    try:
        return _kept(path) or _made(path)
    except OSError:
        return _in_memory()


def _kept(path: Path) -> bytes | None:
    try:
        secret = bytes.fromhex(path.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return secret if len(secret) == _BYTES else None


def _made(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name("lock"), timeout=60):  # two notebooks get one secret
        secret = _kept(path) or secrets.token_bytes(_BYTES)
        write_private(path, secret.hex())
    return secret


@cache
def _in_memory() -> bytes:
    return secrets.token_bytes(_BYTES)
