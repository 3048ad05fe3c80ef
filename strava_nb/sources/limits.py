"""How many calls Strava allows, what is left of them, and whether the next one may go.

A file of its own because politeness is decided before a call is made, and pure: time is passed in,
nothing is waited for here. Windows end at :00, :15, :30 and :45, and the day at midnight UTC.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import Enum

from ..errors import RateLimited

AT_ONCE = 8
"""Calls in flight at one time, at most."""

DEFAULT = (100, 1000)
"""Reads that Strava gives an application in 15 minutes and a day, unless its answers say otherwise."""

QUARTER, DAY = 15 * 60, 24 * 3600
GRACE = 1.0
"""Seconds after a window's end before the next call, since two clocks never agree wholly."""

_PAIR = re.compile(r"\s*(\d{1,9})\s*,\s*(\d{1,9})\s*")
_PLENTY = 10_000
_SECONDS = 0.05  # A call's share, with eight under way and each answered within some tenths of a second.


@dataclass(frozen=True, slots=True)
class Counts:
    """What one answer said: (15 minutes, day) each, the tighter of all calls and reads."""

    limit: tuple[int, int]
    used: tuple[int, int]


class Verdict(Enum):
    """What to do about the next call."""

    GO = "make it"
    HOLD = "make it when one that is under way has been answered"
    WAIT = "make it in the next quarter of an hour"
    STOP = "make it tomorrow"


def counts_in(headers: Mapping[str, str]) -> Counts | None:
    """What the four headers say, in any letter case; None where they are missing or say nothing."""
    known = {name.lower(): value for name, value in headers.items()}
    found = []
    for kind in ("x-ratelimit", "x-readratelimit"):
        limit = _PAIR.fullmatch(known.get(f"{kind}-limit", ""))
        used = _PAIR.fullmatch(known.get(f"{kind}-usage", ""))
        if limit and used:
            found.append(((int(limit[1]), int(limit[2])), (int(used[1]), int(used[2]))))
    if not found:
        return None
    # Every call of ours is a read, and so counts in both: what matters is where less is left.
    quarter = min(found, key=lambda pair: pair[0][0] - pair[1][0])
    day = min(found, key=lambda pair: pair[0][1] - pair[1][1])
    return Counts((quarter[0][0], day[0][1]), (quarter[1][0], day[1][1]))


class Limits:
    """One application's allowance as its answers tell it. Safe to use from several threads.

    A call is reserved before it is sent, so that calls under way count as used. While nothing is known
    of the present window, one call goes alone to find out. `margin` calls of each window are left to
    other tools.
    """

    def __init__(self, margin: int = 0) -> None:
        self.margin = margin
        self._lock = threading.Lock()
        self._limit: tuple[int, int] | None = None
        self._used = [0, 0]
        self._heard = [0.0, 0.0]  # When what is known to be used was said.
        self._windows = (-1, -1)
        self._known = False
        self._shut = -1
        self._under_way = 0

    def reserve(self, now: float) -> Verdict:
        """Whether a call may go at `now` (epoch seconds); with GO it is counted as under way."""
        with self._lock:
            verdict = self._verdict(now)
            if verdict is Verdict.GO:
                self._under_way += 1
            return verdict

    def answered(self, headers: Mapping[str, str] | None, sent: float, now: float, status: int = 0) -> None:
        """A reserved call has ended: with these headers, or with None where no answer came."""
        with self._lock:
            self._under_way -= 1
            self._roll(now)
            counts = None if headers is None else counts_in(headers)
            # A refusal on the way to what is counted, a 401 or a 502, often has no headers and tells nothing.
            self._known = self._known or counts is not None or 200 <= status < 300
            self._limit = counts.limit if counts else self._limit
            for which, (then, here) in enumerate(zip(_windows(sent), self._windows, strict=True)):
                if counts and then == here:
                    # Less than is known: an old answer that was overtaken, or, where its call was sent
                    # later, a window that began later than by this computer's clock.
                    if counts.used[which] >= self._used[which] or sent > self._heard[which]:
                        self._used[which], self._heard[which] = counts.used[which], now
                else:  # Nobody says which window it was counted in: it is counted in this one.
                    self._used[which] += 1
            if status == 429:
                self._shut = self._windows[0]

    def left(self, now: float) -> tuple[int, int] | None:
        """Calls left this quarter of an hour and today; None where nobody has said."""
        with self._lock:
            return self._left(now)

    @property
    def allowance(self) -> int:
        """Calls that a quarter of an hour gives: Strava's default where nobody has said."""
        return DEFAULT[0] if self._limit is None else max(1, self._limit[0] - self.margin)

    def until(self, now: float, *, day: bool = False) -> float:
        """When the quarter of an hour, or the day, ends, in epoch seconds."""
        length = DAY if day else QUARTER
        return (now // length + 1) * length

    def used_up(self, now: float) -> RateLimited:
        """The error, ready to be raised, for a day that is used up."""
        return rate_limited(self.until(now, day=True), day=True)

    def note(self, now: float) -> str:
        """What is left, in a few words; "" where nobody has said, or where it is plenty."""
        left = self.left(now)
        if left is None or min(left) > _PLENTY:
            return ""
        return f"{max(0, min(left)):,} calls left until {clock_time(self.until(now))}"

    def _verdict(self, now: float) -> Verdict:
        left = self._left(now)
        # Where answers come without headers, a refusal is what tells; it is believed, whatever was counted.
        refused = self._shut == _windows(now)[0]
        if not refused and (left is None or min(left) > 0):
            return Verdict.GO if self._is_known(now) or not self._under_way else Verdict.HOLD
        if self._under_way:
            return Verdict.HOLD
        return Verdict.STOP if left is not None and left[1] <= 0 else Verdict.WAIT

    def _left(self, now: float) -> tuple[int, int] | None:
        if self._limit is None:
            return None
        used = [
            known if here == then else 0
            for known, here, then in zip(self._used, _windows(now), self._windows, strict=True)
        ]
        # One is always left to us, or whoever leaves all to others would wait for ever.
        allowed = [max(min(limit, 1), limit - self.margin) for limit in self._limit]
        quarter, day = (most - gone - self._under_way for most, gone in zip(allowed, used, strict=True))
        return quarter, day

    def _is_known(self, now: float) -> bool:
        return self._known and _windows(now) == self._windows

    def _roll(self, now: float) -> None:
        """Begin the counts anew in a new window."""
        windows = _windows(now)
        for which, (here, then) in enumerate(zip(windows, self._windows, strict=True)):
            if here != then:
                self._used[which] = 0
                self._known = False
        self._windows = windows


_shared: dict[tuple[str, str], Limits] = {}
_sharing = threading.Lock()


def limits_of(url: str, client_id: str | None) -> Limits:
    """The limits of an application at an address: one a kernel, since all its sign-ins share them.

    Tokens that came without their application are taken for one and the same.
    """
    with _sharing:
        return _shared.setdefault((url, client_id or ""), Limits())


def rate_limited(until: float, *, day: bool) -> RateLimited:
    """The error, ready to be raised, for calls that are used up until then."""
    moment = datetime.fromtimestamp(until, UTC)
    return RateLimited(
        f"Strava's calls for {'today' if day else 'these 15 minutes'} are used up.",
        "What came so far is kept: run this again after "
        f"{moment:%H:%M} UTC{f' on {moment:%Y-%m-%d}' if day else ''}, and it goes on from there.",
        status=429,
        retry_at=moment,
    )


def cost_line(
    activities: int,
    missing: int,
    left: tuple[int, int] | None,
    now: float,
    *,
    what: str = "streams",
    allowance: int = DEFAULT[0],
    zone: tzinfo | None = None,
) -> str:
    """What the streams of so many activities cost, in one line, of which so many are `missing` here.

    `left` are the calls of this quarter of an hour and of today, None where nobody has said; `allowance`
    is what a further quarter of an hour gives. `now` is in epoch seconds; the time told is that of
    `zone`, or of this computer.
    """
    whose = "1 activity" if activities == 1 else f"{activities:,} activities"
    if not missing:
        return f"{whose}, all with their {what} here: no calls"
    told = [f"{whose}, {missing:,} without {what} here: {_calls(missing)}"]
    if left is not None and min(left) <= _PLENTY:
        told.append(f"{max(0, left[0]):,} left this quarter hour, {max(0, left[1]):,} today")
    if left is not None and missing > left[1]:
        told.append(f"the rest from {clock_time((now // DAY + 1) * DAY, zone)} on")
    else:
        told.append(f"done about {clock_time(done_at(missing, left, now, allowance=allowance), zone)}")
    return "; ".join(told)


def done_at(calls: int, left: tuple[int, int] | None, now: float, *, allowance: int = DEFAULT[0]) -> float:
    """When so many calls will have been answered, in epoch seconds, should no other tool use any."""
    beyond = calls - max(0, allowance if left is None else left[0])
    if beyond <= 0:
        return now + calls * _SECONDS
    waits, rest = divmod(beyond - 1, max(1, allowance))
    return (now // QUARTER + 1 + waits) * QUARTER + GRACE + (rest + 1) * _SECONDS


def clock_time(moment: float, zone: tzinfo | None = None) -> str:
    """Epoch seconds as a clock on the wall shows them: that of `zone`, or of this computer."""
    return f"{datetime.fromtimestamp(moment, zone):%H:%M}"


def _calls(number: int) -> str:
    return "1 call" if number == 1 else f"{number:,} calls"


def _windows(moment: float) -> tuple[int, int]:
    return int(moment // QUARTER), int(moment // DAY)
