"""What can go wrong between a notebook and Strava, on request: the next matching calls get it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Lock

from . import replies
from .replies import Reply

CANNED: dict[str, Reply] = {
    "429": replies.RATE_LIMITED,
    "429_day": replies.RATE_LIMITED,
    "429_old": replies.RATE_LIMITED_OLD,
    "500": replies.BROKEN,
    "html502": replies.BAD_GATEWAY,
    "html200": replies.PORTAL,
    "inactive": replies.INACTIVE,
    "athlete_limit": replies.ATHLETE_LIMIT,
    "empty_404": replies.EMPTY_404,
}
"""Faults that are an answer of their own. 429: the quarter of an hour is used up; 429_day: the day is;
429_old: the older body, without limit headers."""

MANNERS = {
    "cut_connection": "the connection closes without an answer",
    "cut_body": "the connection closes in the middle of the answer",
    "slow": "the answer comes `seconds` later",
    "expired_token": "the token that was sent ends at that moment, so that only a refresh helps",
    "no_limit_headers": "the four limit headers are missing",
    "lower_case_headers": "the four limit headers come in small letters",
    "short_page": "the first `times` pages of a listing hold half as many, and the later ones move up",
}
"""Faults that change how the true answer comes."""

KINDS = (*CANNED, *MANNERS)


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong; `left` counts the calls it still has, None is without an end."""

    kind: str
    left: int | None
    path: str | None
    seconds: float


class Faults:
    """The faults that wait for their calls, oldest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Fault] = []
        self.short_pages = 0

    def add(self, kind: str, times: int | None = 1, path: str | None = None, *, seconds: float = 1.0) -> None:
        """Let the next `times` calls (None: all, until `clear`) end in `kind`.

        `path` is as Strava's reference has it and may hold wildcards ("/athlete/activities",
        "/activities/*/streams", "/oauth/token"); without one it is any call of the API, sign-in left
        alone. "short_page" always means the listing and holds until `clear`, whoever asks in whatever
        order, so that nothing is lost by it. `seconds` is for "slow".
        """
        if kind not in KINDS:
            raise ValueError(f"There is no fault {kind!r}. There are: {', '.join(KINDS)}.")
        with self._lock:
            if kind == "short_page":
                self.short_pages += times if times is not None else 1_000_000
            else:
                self._waiting.append(Fault(kind, times, path, seconds))

    def take(self, path: str) -> Fault | None:
        """The fault that this call gets, if any; `path` without /api/v3."""
        with self._lock:
            for fault in self._waiting:
                if fnmatchcase(path, fault.path) if fault.path else not path.startswith("/oauth/"):
                    if fault.left is not None:
                        fault.left -= 1
                        if fault.left <= 0:
                            self._waiting.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """All is well again."""
        with self._lock:
            self._waiting.clear()
            self.short_pages = 0

    def waiting(self) -> list[dict[str, str | int | float | None]]:
        """What still waits, for eyes."""
        with self._lock:
            told: list[dict[str, str | int | float | None]] = [
                {"kind": fault.kind, "times": fault.left, "path": fault.path} for fault in self._waiting
            ]
            if self.short_pages:
                told.append({"kind": "short_page", "times": self.short_pages, "path": "/athlete/activities"})
        return told
