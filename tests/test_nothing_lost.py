"""Pulls that are killed or doubled, each in a kernel of its own: nothing lost, nothing asked for twice."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import pandas as pd
import pytest
from asking import api, everything

import strava_nb as snb
from strava_nb.simulator import Simulator
from strava_nb.sources import api as doors
from strava_nb.sources.api import ApiSource, open_api
from strava_nb.sources.cache import Cache, open_cache
from strava_nb.sources.source import Progress

KERNEL = """
import json, sys, warnings
import strava_nb as snb
from strava_nb.sources import api
warnings.simplefilter("ignore")
api.PER_PAGE = 10
source = snb.open_api()

def tell(step):
    "Say how far it is, and go on when the test says so."
    print(json.dumps([step.what, step.done]), flush=True)
    sys.stdin.readline()

def whole(table):
    print(json.dumps({"ids": sorted(set(table.get("id", table.get("activity_id")).tolist())),
                      "rows": len(table), "problems": table.attrs.get("problems", [])}), flush=True)
"""
PULL = "whole(snb.get_activities(source, progress=tell))"
STREAMS = "whole(snb.get_streams(source, json.loads(sys.stdin.readline()), progress=tell))"


class Kernel:
    """A process that pulls, and waits for the test each time that it tells how far it is."""

    def __init__(self, code: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", KERNEL + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def told(self) -> Any:
        """What it says next: a step, or the table at the end."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def say(self, line: str = "") -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def end(self) -> dict[str, Any]:
        """Let it go on to the end; its table."""
        while isinstance(said := self.told(), list):
            self.say()
        self.process.communicate()
        assert isinstance(said, dict)
        return said

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def mine(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """Kernels find this Strava, and who they are, in the environment; pages are short."""
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", strava.access_token)
    monkeypatch.setattr(doors, "PER_PAGE", 10)
    return strava


def ids_at(strava: Simulator) -> list[int]:
    """What there is at Strava."""
    return sorted(record["id"] for record in everything(strava))


def athlete_id(strava: Simulator) -> int:
    return int(api(strava, "/athlete").json["id"])


def streams_asked(strava: Simulator, since: int = 0) -> list[int]:
    """The activities whose streams were asked for."""
    paths = [call.path.split("/") for call in strava.calls[since:] if call.path.endswith("/streams")]
    return sorted(int(path[-2]) for path in paths)


def activities_asked(strava: Simulator, since: int = 0) -> list[dict[str, str]]:
    """The queries of the calls for pages of activities."""
    return [call.query for call in strava.calls[since:] if call.path.endswith("/athlete/activities")]


def pulled(source: ApiSource, **options: Any) -> pd.DataFrame:
    return snb.get_activities(source, progress=False, **options)


def held(strava: Simulator, kind: str, number: int, *, looks: int = 4000) -> Cache | None:
    """The cache, when so many have reached the file: another thread of the kernel writes them."""
    cache = open_cache(strava.url, athlete_id(strava))
    for _ in range(looks):
        if len(cache.get(kind)) >= number:
            return cache
        time.sleep(0.005)
    return None


@pytest.mark.slow
def test_a_pull_that_is_killed_goes_on_where_it_stopped(mine: Simulator) -> None:
    there = ids_at(mine)
    other = Kernel(PULL)
    # Pages come in any order, and those behind one that is missing are not kept yet.
    while other.told()[1] < 30 or not (cache := held(mine, "activity", 20, looks=200)):
        other.say()
    other.kill()
    [(edge, _)] = cache.covered()
    before = len(mine.calls)
    assert sorted(pulled(open_api())["id"]) == there
    queries = activities_asked(mine, before)
    new = [query["page"] for query in queries if "before" not in query]
    assert [page for page in new if page in ("1", "2", "3")] == ["1"], "what is new since; the rest was late"
    assert max(int(query["before"]) for query in queries if "before" in query) == int(edge)
    before = len(mine.calls)
    assert sorted(pulled(open_api())["id"]) == there
    assert len(activities_asked(mine, before)) <= 2, "and now all is here"


@pytest.mark.slow
def test_tracks_that_were_kept_before_the_kill_are_not_asked_for_again(mine: Simulator) -> None:
    wanted = ids_at(mine)[:14]
    other = Kernel(STREAMS)
    other.say(json.dumps(wanted))
    while other.told()[1] < 4:
        other.say()
    cache = held(mine, "streams", 4)
    assert cache
    other.kill()
    kept = cache.has("streams", wanted)
    spent = streams_asked(mine)
    before = len(mine.calls)
    table = snb.get_streams(open_api(), wanted, progress=False)
    again = streams_asked(mine, before)
    assert set(table["activity_id"]) | set(table.attrs["without_streams"]) == set(wanted)
    assert not kept.intersection(again)
    assert len(kept) >= len(spent) - 8, "lost is only what was under way"


@pytest.mark.slow
def test_two_kernels_at_once_are_both_right(mine: Simulator) -> None:
    there = ids_at(mine)
    other = Kernel(PULL)
    theirs: list[dict[str, Any]] = []

    def meanwhile(_: Progress) -> None:
        """The other does a step each time that this one does."""
        if not theirs:
            said = other.told()
            theirs.append(said) if isinstance(said, dict) else other.say()

    table = snb.get_activities(open_api(), progress=meanwhile)
    theirs = theirs or [other.end()]
    other.process.communicate()
    assert sorted(table["id"]) == theirs[0]["ids"] == there
    assert table.attrs.get("problems", []) == theirs[0]["problems"] == []
    before = len(mine.calls)
    assert sorted(pulled(open_api())["id"]) == there
    assert len(activities_asked(mine, before)) <= 2
