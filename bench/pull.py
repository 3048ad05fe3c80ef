"""How long all activities take from a Strava that answers in 150 ms to a CSV, by several ways.

Seconds are medians of runs in turns; calls are counted by the simulated Strava.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from . import contenders, floor
from .machine import in_a_process
from .scale import Scale
from .strava import Strava
from .table import Table, times
from .timing import in_turns

THEIRS: dict[str, Callable[[str, str, Path], int]] = {
    "stravaio's listing": contenders.by_stravaio,
    "stravalib": contenders.by_stravalib,
    "requests, json_normalize": contenders.by_requests,
}

IN_A_PROCESS = """
import strava_nb as snb
from bench.machine import peak
from strava_nb import files, pull
from strava_nb.sources import api
before = peak()
table = snb.get_activities(snb.open_api(), progress=False)
print(len(table), before, peak())
"""


class Counted:
    """A piece of work that remembers its rows and the calls it cost."""

    def __init__(self, strava: Strava, work: Callable[[], int]) -> None:
        self._strava, self._work = strava, work
        self.rows = self.calls = 0

    def __call__(self) -> None:
        """Do it."""
        self.rows = self._work()
        self.calls = self._strava.calls()


def run(scale: Scale) -> Iterator[Table]:
    """Measure, a table for each number of activities, then streams, memory and the simulator itself."""
    checks = Table(
        "The simulated Strava alone, asked for eight at a time over bare sockets, without the wait",
        ["", "answers", "KB each", "ms", "eight of them, of the wait"],
    )
    kept = dict(os.environ)
    os.environ |= {"SILENCE_TOKEN_WARNINGS": "true"}  # stravalib's
    try:
        for activities in scale.listings:
            with tempfile.TemporaryDirectory() as folder, Strava(activities, scale.latency) as strava:
                yield _listing(strava, activities, Path(folder), scale)
                if activities == max(scale.listings):
                    yield _streams(strava, Path(folder), scale)
                    yield _memory(strava, Path(folder), activities)
                _check(checks, strava, activities, scale)
    finally:
        os.environ.clear()
        os.environ.update(kept)
    yield checks


def _listing(strava: Strava, activities: int, folder: Path, scale: Scale) -> Table:
    url, token, path = strava.url, strava.token, folder / "activities.csv"
    strava.wait(0.0)
    least, pages = floor.listing(url, token, scale.latency)
    strava.wait(scale.latency)
    homes = [folder / f"home {number}" for number in range(scale.times)]
    cold, again = iter(homes), iter(homes)
    works = {
        name: Counted(strava, lambda by=by: by(url, token, path))  # type: ignore[misc]
        for name, by in THEIRS.items()
    } | {
        "ours": Counted(strava, lambda: contenders.by_us(url, token, path, next(cold))),
        "ours again": Counted(strava, lambda: contenders.by_us(url, token, path, next(again))),
    }
    strava.calls()
    taken = in_turns(works, scale.times)
    table = _compared(f"{activities:,} activities to a CSV", works, taken)
    table.rows.append(["the floor", f"{least:.2f}", times(least, taken["ours"]), str(pages), ""])
    return table


def _streams(strava: Strava, folder: Path, scale: Scale) -> Table:
    url, token = strava.url, strava.token
    strava.wait(0.0)
    ids = floor.ids_of(url, token, scale.streams)
    least = floor.streams(url, token, ids, scale.latency)
    strava.wait(scale.latency)
    homes = [folder / f"streams {number}" for number in range(scale.times)]
    cold, again = iter(homes), iter(homes)
    works = {
        "ours": Counted(strava, lambda: contenders.our_streams(url, token, ids, next(cold))),
        "ours again": Counted(strava, lambda: contenders.our_streams(url, token, ids, next(again))),
    }
    strava.calls()
    taken = in_turns(works, scale.times)
    table = _compared(f"The streams of {len(ids)} activities to a table", works, taken)
    table.rows.append(["the floor", f"{least:.2f}", times(least, taken["ours"]), str(len(ids)), ""])
    return table


def _compared(title: str, works: dict[str, Counted], taken: dict[str, float]) -> Table:
    rows = [
        [name, f"{taken[name]:.2f}", times(taken[name], taken["ours"]), f"{work.calls:,}", f"{work.rows:,}"]
        for name, work in works.items()
    ]
    return Table(title, ["", "s", "times ours", "calls", "rows"], rows)


def _memory(strava: Strava, folder: Path, activities: int) -> Table:
    rows, before, most = in_a_process(
        IN_A_PROCESS,
        STRAVA_NB_URL=strava.url,
        STRAVA_ACCESS_TOKEN=strava.token,
        STRAVA_NB_HOME=str(folder / "memory"),
    )
    return Table(
        f"Memory of a process that pulls {activities:,} activities",
        ["", "rows", "MB at most", "MB before"],
        [["ours", f"{rows:,.0f}", f"{most:.0f}", f"{before:.0f}"]],
    )


def _check(checks: Table, strava: Strava, activities: int, scale: Scale) -> None:
    strava.wait(0.0)
    pages = -(-activities // floor.PER_PAGE) + 1
    paths = [
        f"/athlete/activities?per_page={floor.PER_PAGE}&page={1 + number % pages}"
        for number in range(scale.probes)
    ]
    each, size = floor.service(strava.url, strava.token, paths)
    share = f"{floor.AT_ONCE * each / scale.latency / 10:.0f} %" if scale.latency else ""
    checks.rows.append(
        [f"pages of {activities:,} activities", f"{len(paths)}", f"{size:.0f}", f"{each:.1f}", share]
    )
