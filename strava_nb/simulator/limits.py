"""How many calls an application may make, counted as Strava counts them."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

QUARTER = 15 * 60
DAY = 24 * 60 * 60
PLENTY = (1_000_000, 100_000_000)
"""What the headers say when nobody's calls are limited: the demo's."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What has been used of the two windows, this call included: (15 minutes, day) each."""

    overall: tuple[int, int]
    reads: tuple[int, int]
    overall_limit: tuple[int, int]
    reads_limit: tuple[int, int]
    refused: bool

    def headers(self) -> tuple[tuple[str, str], ...]:
        """The four headers that each answer of the API carries."""
        return tuple(
            (name, f"{quarter},{day}")
            for name, (quarter, day) in (
                ("X-RateLimit-Limit", self.overall_limit),
                ("X-RateLimit-Usage", self.overall),
                ("X-ReadRateLimit-Limit", self.reads_limit),
                ("X-ReadRateLimit-Usage", self.reads),
            )
        )

    def used_up(self, *, day: bool) -> Usage:
        """The same, with the quarter of an hour, or the whole day, at its end."""

        def full(used: tuple[int, int], limit: tuple[int, int]) -> tuple[int, int]:
            return max(used[0], limit[0]), max(used[1], limit[1]) if day else used[1]

        return Usage(
            full(self.overall, self.overall_limit),
            full(self.reads, self.reads_limit),
            self.overall_limit,
            self.reads_limit,
            refused=True,
        )


class Limits:
    """An application's allowance: `reads` per (15 minutes, day), and twice that for all calls.

    The windows end at :00, :15, :30, :45 and at midnight UTC, whenever the first call came. A refused
    call counts too. With None nobody is refused.
    """

    def __init__(self, reads: tuple[int, int] | None) -> None:
        self.enforced = reads is not None
        self.reads = reads or PLENTY
        self.overall = (2 * self.reads[0], 2 * self.reads[1])
        self._lock = Lock()
        self._windows = (-1, -1)
        self._used = {"reads": [0, 0], "overall": [0, 0]}

    def count(self, now: float, *, read: bool = True) -> Usage:
        """Count one call at `now` (epoch seconds) and say where that leaves the application."""
        with self._lock:
            windows = (int(now // QUARTER), int(now // DAY))
            for which, (window, before) in enumerate(zip(windows, self._windows, strict=True)):
                if window != before:
                    for used in self._used.values():
                        used[which] = 0
            self._windows = windows
            for kind in ("reads", "overall") if read else ("overall",):
                self._used[kind][0] += 1
                self._used[kind][1] += 1
            overall = (self._used["overall"][0], self._used["overall"][1])
            reads = (self._used["reads"][0], self._used["reads"][1])
        over = any(used > limit for used, limit in zip(overall, self.overall, strict=True)) or (
            read and any(used > limit for used, limit in zip(reads, self.reads, strict=True))
        )
        return Usage(overall, reads, self.overall, self.reads, refused=self.enforced and over)
