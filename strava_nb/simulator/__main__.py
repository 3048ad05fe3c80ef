"""The simulated Strava, started by hand: `python -m strava_nb.simulator`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Event

from .server import Simulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted; the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        strava = Simulator(
            seed=asked.seed,
            today=asked.today,
            activities=asked.activities,
            latency=asked.latency,
            limits=asked.limits,
            records=asked.records,
            port=asked.port,
        ).start()
    except OSError as error:
        print(f"The simulated Strava could not start: {error}")
        return 1
    with strava:
        print(_words(strava), flush=True)
        try:
            while not Event().wait(1.0):  # without a time-out, Windows would not hear Ctrl-C
                pass
        except KeyboardInterrupt:
            print("\nStopped.")
    return 0


def _words(strava: Simulator) -> str:
    return f"""\
A simulated Strava (not Strava, and its athlete does not exist) answers at {strava.url}
Until Ctrl-C, this lets strava_nb and its notebooks use it:

STRAVA_NB_URL={strava.url}
STRAVA_CLIENT_ID={strava.client_id}
STRAVA_CLIENT_SECRET={strava.client_secret}
STRAVA_ACCESS_TOKEN={strava.access_token}
STRAVA_REFRESH_TOKEN={strava.refresh_token}

Without the two tokens, the notebook's own Connect leads to a page where you can authorize it."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m strava_nb.simulator",
        description="A simulated Strava on this machine, with a demo athlete or recorded activities.",
    )
    add = parser.add_argument
    add("--activities", type=int, metavar="N", help="how many activities the demo athlete has")
    add("--latency", type=float, default=0.0, metavar="SECONDS", help="what each call of the API waits")
    add("--limits", type=_limits, metavar="QUARTER,DAY", help='reads that are allowed, as "100,1000"')
    add("--seed", type=int, default=0, help="another seed, another athlete")
    add("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day the athlete lives in")
    add("--records", type=Path, metavar="FOLDER", help="answer with the recorded activities in this folder")
    add("--port", type=int, default=0, help="a port of your choice instead of a free one")
    return parser


def _limits(text: str) -> tuple[int, int]:
    quarter, _, day = text.partition(",")
    try:
        return int(quarter), int(day)
    except ValueError:
        raise argparse.ArgumentTypeError('two numbers are needed, such as "100,1000"') from None


if __name__ == "__main__":
    raise SystemExit(main())
