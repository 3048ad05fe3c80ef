"""A door to a simulated Strava whose clock a test sets, and whose waiting takes no time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from strava_nb.signin.access import Access
from strava_nb.signin.oauth import Application
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator
from strava_nb.simulator.limits import Limits
from strava_nb.sources.api import ApiSource

NOON = datetime(2026, 6, 15, 12, 7, 30, tzinfo=UTC).timestamp()


@dataclass
class Clock:
    """What time it is, for Strava and for who asks; `pause` sets it forth, `oversleeps` times too far."""

    now: float = NOON
    oversleeps: float = 1.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds * self.oversleeps


def door(strava: Simulator, clock: Clock, *, whose: int | None = None, **options: Any) -> ApiSource:
    """The API door as a person who is signed in has it, and who is `whose`, if anybody said."""
    strava.now = clock
    grant = strava.grant()
    scopes = tuple(grant.scope.split(","))
    application = Application(f"{strava.url}/oauth", strava.client_id, strava.client_secret)
    tokens = Tokens(
        grant.access_token, grant.refresh_token, grant.expires_at, scopes, options.pop("whose", None)
    )
    options = {"pause": clock.pause, "chance": random.Random(0).random} | options
    return ApiSource(
        Access(tokens, application=application, clock=clock),
        url=f"{strava.url}/api/v3",
        clock=clock,
        **options,
    )


def allow(strava: Simulator, quarter: int, day: int = 1000, *, used: int = 0) -> None:
    """An application that may make so many reads, of which so many are used."""
    strava._limits = Limits((quarter, day))
    for _ in range(used):
        strava._limits.count(strava.now())


def asked(strava: Simulator, path: str = "/athlete/activities", since: int = 0) -> list[dict[str, str]]:
    """The queries of the calls for a path."""
    return [call.query for call in strava.calls[since:] if call.path.removeprefix("/api/v3") == path]


def statuses(strava: Simulator, since: int = 0) -> list[int]:
    return [call.status for call in strava.calls[since:]]


def by_id(records: Any) -> dict[int, Any]:
    """Records by their ids, of which none may be there twice."""
    found = {record["id"]: record for record in records}
    assert len(found) == len(records)
    return found
