"""The simulated Strava, started by hand: `python -m strava_nb.simulator`; or its athlete as an export."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Event

from .archive import write_export
from .server import Simulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted, or write the export; the exit code."""
    asked = _parser().parse_args(arguments)
    return _export(asked) if asked.export else _serve(asked)


def _export(asked: argparse.Namespace) -> int:
    def tell(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{done:,} of {total:,} tracks", end=end, file=sys.stderr, flush=True)

    try:
        path = write_export(
            asked.export, seed=asked.seed, today=asked.today, activities=asked.activities, tell=tell
        )
    except OSError as error:
        print(f"\nThe export could not be written: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return 1
    size = path.stat().st_size / 1e6
    print(f"{path} ({size:,.1f} MB) is the export of the demo athlete, who does not exist.")
    return 0


def _serve(asked: argparse.Namespace) -> int:
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
    add("--export", type=Path, metavar="FILE", help="write the athlete as Strava's bulk export, and end")
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
