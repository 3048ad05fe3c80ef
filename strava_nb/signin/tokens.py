"""Where tokens are kept.

A store is an object with a name and four verbs; which one it is, is decided once, and whoever uses
tokens does not ask. What is kept is what Strava gave, never the client secret.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import NoReturn, Protocol

from filelock import FileLock, Timeout

from ..errors import StravaNbError, Unreachable
from ..settings import settings
from .vaults import write_private

LOCK_TIMEOUT = 120
"""Seconds after which another process that refreshes counts as stuck: well above one call's time-outs."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One sign-in as Strava gave it.

    `expires_at` in epoch seconds; `scopes` are those that were granted. What is not known is None.
    An empty access token is one that must be fetched first. Neither token is in the repr, and none
    of it can be pickled.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: int | None = None
    scopes: tuple[str, ...] | None = None
    athlete_id: int | None = None

    def to_json(self) -> str:
        """The text that a store keeps."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Tokens | None:
        """The tokens in a kept text; None if it holds none, so that damage means to sign in again."""
        try:
            kept = json.loads(text)
            scopes = kept["scopes"]
            return cls(**{**kept, "scopes": None if scopes is None else tuple(scopes)})
        except (ValueError, TypeError, KeyError):
            return None

    def __reduce__(self) -> NoReturn:
        raise TypeError("Tokens are secrets and are not pickled.")


class TokenStore(Protocol):
    """A place that keeps one sign-in's tokens."""

    @property
    def name(self) -> str:
        """Where that is, in words for the person."""

    def load(self) -> Tokens | None:
        """What is kept, None if nothing is."""

    def save(self, tokens: Tokens) -> None:
        """Keep these instead."""

    def delete(self) -> None:
        """Keep nothing."""

    def lock(self) -> AbstractContextManager[object]:
        """Nobody else who knows this place reads or changes it meanwhile."""


class MemoryStore:
    """Tokens kept until the kernel stops, by all who share this object."""

    name = "in memory"

    def __init__(self) -> None:
        self._tokens: Tokens | None = None
        self._lock = threading.Lock()

    def load(self) -> Tokens | None:
        """What is kept, None if nothing is."""
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        """Keep these instead."""
        self._tokens = tokens

    def delete(self) -> None:
        """Keep nothing."""
        self._tokens = None

    def lock(self) -> AbstractContextManager[object]:
        """No other thread meanwhile."""
        return self._lock


class FileStore:
    """Tokens kept in a file that its owner alone may read, shared by every process on the computer."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """Where that is, in words for the person."""
        return f"in the file {self.path}"

    def load(self) -> Tokens | None:
        """What is kept; a damaged file counts as none."""
        try:
            return Tokens.from_json(self.path.read_text("utf-8"))
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def save(self, tokens: Tokens) -> None:
        """Keep these instead: the whole file or the old one, never half of it."""
        with self._saying_why_not():
            write_private(self.path, tokens.to_json())

    def delete(self) -> None:
        """Keep nothing."""
        self.path.unlink(missing_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """No other thread and no other process meanwhile."""
        with self._saying_why_not():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.parent.chmod(0o700)
            lock = FileLock(self.path.with_suffix(".lock"), timeout=LOCK_TIMEOUT)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _saying_why_not(self) -> Iterator[None]:
        try:
            yield
        except Timeout:
            raise Unreachable(
                "Another notebook has been refreshing this sign-in for minutes.",
                "Stop that notebook's kernel, then try again.",
            ) from None
        except OSError as error:
            raise StravaNbError(
                f"The sign-in cannot be kept in {self.path.parent}: {error.strerror}.",
                "Make room or give permission there, or let STRAVA_NB_HOME name another folder.",
            ) from None


def successor_store(url: str, refresh_token: str) -> TokenStore:
    """Where the successors of a refresh token from outside are kept, without being asked.

    Strava replaces a refresh token when it is used, so that STRAVA_REFRESH_TOKEN would be dead after
    one use. The place is known by a hash of the original and of Strava's address; for guests, on Binder
    or of a page served to others, it is this kernel's memory.
    """
    key = hashlib.sha256(f"{url}\n{refresh_token}".encode()).hexdigest()[:32]
    if settings().guests:
        return _memory_store(key)
    return FileStore(settings().home / "tokens" / f"{key}.json")


@cache
def _memory_store(_: str) -> MemoryStore:
    return MemoryStore()
