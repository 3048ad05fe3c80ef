"""The simulated Strava in a process of its own, so that it takes no time from those who ask it."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self


class Strava:
    """A simulator with so many activities, from `with` until its end."""

    def __init__(self, activities: int, latency: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, activities, latency), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self.url, self.token = self._pipe.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        self._pipe.send(None)
        self._process.join()

    def calls(self) -> int:
        """How many calls have come since this was asked last."""
        return int(self._ask("calls"))

    def wait(self, latency: float) -> None:
        """What each answer takes from now on, in seconds."""
        self._ask("latency", latency)

    def _ask(self, *question: Any) -> Any:
        self._pipe.send(question)
        return self._pipe.recv()


def _serve(pipe: Connection, activities: int, latency: float) -> None:
    from datetime import date

    from strava_nb.simulator import Simulator

    with Simulator(today=date(2026, 6, 15), activities=activities, latency=latency) as strava:
        pipe.send((strava.url, strava.access_token))
        told = 0
        while question := pipe.recv():
            if question[0] == "calls":
                came = len(strava.calls)
                pipe.send(came - told)
                told = came
            else:
                strava.latency = question[1]
                pipe.send(None)
