"""The demo door: an athlete who does not exist, at a simulated Strava on this machine.

The only place that starts the simulator. It goes the way of the API door, so that what works for
the demo athlete works for you.
"""

from __future__ import annotations

import threading
import time
from datetime import date
from functools import cache

from ..signin.access import Access
from ..signin.oauth import Application
from ..signin.tokens import Tokens
from ..simulator import Simulator
from .api import ApiSource

_starting = threading.Lock()


def open_demo(*, seed: int = 0, today: date | None = None) -> ApiSource:
    """The demo athlete: three years of sport that end the day before `today`, without any account.

    The same `seed` and `today` give the same athlete; every row says `demo` in its `source`. Nothing
    leaves this machine, no calls are counted, and your own sign-in is neither needed nor touched.
    """
    with _starting:
        strava = _strava(seed, today or date.today())
    grant = strava.grant()
    tokens = Tokens(grant.access_token, grant.refresh_token, grant.expires_at, tuple(grant.scope.split(",")))
    application = Application(f"{strava.url}/oauth", strava.client_id, strava.client_secret)
    return ApiSource(
        Access(tokens, application=application, clock=strava.now),
        url=f"{strava.url}/api/v3",
        name="demo",
        clock=strava.now,
    )


@cache
def _strava(seed: int, today: date) -> Simulator:
    """The running simulation, one a process for each athlete, whose clock shows `today` too."""
    strava = Simulator(seed=seed, today=today)
    shift = (today - date.today()).days * 24 * 3600
    strava.now = lambda: time.time() + shift
    return strava.start()
