"""The demo door: an athlete who does not exist, at a simulated Strava on this machine.

The only place that starts the simulator. It goes the way of the API door, so that what works for
the demo athlete works for you.
"""

from __future__ import annotations

import threading
import time
from datetime import date
from functools import cache
from os import PathLike
from pathlib import Path

from ..signin.access import Access
from ..signin.oauth import Application
from ..signin.tokens import Tokens
from ..simulator import Simulator, effort
from ..simulator.archive import write_export
from .api import ApiSource
from .source import Listener, Progress, nobody

_starting = threading.Lock()


def open_demo(*, seed: int = 0, today: date | None = None) -> DemoSource:
    """The demo athlete: three years of sport that end the day before `today`, without any account.

    The same `seed` and `today` give the same athlete; every row says `demo` in its `source`. Nothing
    leaves this machine, no calls are counted, and your own sign-in is neither needed nor touched.
    """
    today = today or date.today()
    with _starting:
        strava = _strava(seed, today)
    return DemoSource(strava, seed=seed, today=today)


def demo_thresholds() -> dict[str, float]:
    """What Strava does not tell of any athlete, and she knows: bpm, and seconds a kilometre."""
    return {
        "max_heartrate": effort.HIGHEST,
        "rest_heartrate": effort.RESTING,
        "threshold_heartrate": float(round(effort.heart_rate(1.0))),
        "threshold_pace": float(round(1000 / effort.THRESHOLD_SPEED)),
    }


class DemoSource(ApiSource):
    """The demo athlete at her own Strava, whose export can be had at once."""

    def __init__(self, strava: Simulator, *, seed: int, today: date) -> None:
        grant = strava.grant()
        scopes = tuple(grant.scope.split(","))
        tokens = Tokens(grant.access_token, grant.refresh_token, grant.expires_at, scopes)
        application = Application(f"{strava.url}/oauth", strava.client_id, strava.client_secret)
        super().__init__(
            Access(tokens, application=application, clock=strava.now),
            url=f"{strava.url}/api/v3",
            name="demo",
            keep=False,
            clock=strava.now,
        )
        self._seed, self._today = seed, today

    def export(
        self,
        path: str | PathLike[str],
        *,
        activities: int | None = None,
        tracks: bool = True,
        tell: Listener = nobody,
    ) -> Path:
        """Her export as Strava would send it, a zip written to `path`, for `open_export` to open.

        It opens as the demo's, says so in its DEMO.txt, and holds private files as Strava's does, all
        made up. `activities` keeps the latest so many: all of them take some 15 s and 75 MB, the
        latest 100 of them 2 s and 10 MB, all without their `tracks` a moment. Raises OSError where the
        file cannot be written.
        """
        return write_export(
            path,
            seed=self._seed,
            today=self._today,
            activities=activities,
            tracks=tracks,
            tell=lambda done, total: tell(Progress("tracks", done, total)),
        )


@cache
def _strava(seed: int, today: date) -> Simulator:
    """The running simulation, one a process for each athlete, whose clock shows `today` too."""
    strava = Simulator(seed=seed, today=today)
    shift = (today - date.today()).days * 24 * 3600
    strava.now = lambda: time.time() + shift
    return strava.start()
