"""Pulls that are killed, doubled, cut off or signed out: nothing lost, nothing asked for twice."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from asking import api, everything

import strava_nb as snb
from strava_nb.errors import SignInNeeded, SignInRefused, StravaNbError, StravaNbWarning, Unreachable
from strava_nb.pull import sign_out
from strava_nb.signin import session as sessions
from strava_nb.signin.access import Access
from strava_nb.signin.oauth import Application
from strava_nb.signin.session import Failed, Session, SignedIn, SignedOut
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator
from strava_nb.sources import api as doors
from strava_nb.sources.api import ApiSource, open_api
from strava_nb.sources.cache import Cache, open_cache
from strava_nb.sources.keeping import Keeping
from strava_nb.sources.source import Progress

MARK = b"what was pulled and must not stay"


@pytest.fixture
def me(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    yield sessions.session()
    sessions.reset()


def connect(me: Session, strava: Simulator) -> SignedIn:
    address = me.offer(strava.client_id, strava.client_secret)
    me.pressed()
    urllib.request.urlopen(strava.authorize(address), timeout=10).close()
    assert isinstance(me.state, SignedIn)
    return me.state


def cache_of(strava: Simulator, state: SignedIn) -> Cache:
    """The signed-in athlete's cache, with something in it."""
    assert state.person
    cache = open_cache(strava.url, state.person.athlete_id)
    cache.put("streams", {1: MARK}, time.time())
    return cache


def kept(home: Path) -> bool:
    return any(MARK in path.read_bytes() for path in (home / "cache").iterdir())


# --- what ends with the sign-in


@pytest.mark.parametrize("how", ["session", "verb"])
def test_sign_out_deletes_what_was_pulled(me: Session, strava: Simulator, own_home: Path, how: str) -> None:
    cache = cache_of(strava, connect(me, strava))
    others = open_cache(strava.url, 4711)
    others.put("streams", {1: b"somebody else's"}, time.time())
    assert kept(own_home)
    me.sign_out() if how == "session" else sign_out()
    assert not kept(own_home)
    assert cache.get("streams") == {}
    assert len(list((own_home / "cache").glob("*.sqlite"))) == 1
    assert others.get("streams") == {1: b"somebody else's"}


def test_sign_out_deletes_it_though_nothing_was_pulled_in_this_kernel_and_strava_is_away(
    me: Session, strava: Simulator, own_home: Path
) -> None:
    cache_of(strava, connect(me, strava)).close()
    strava.stop()
    with pytest.raises(Unreachable):
        sign_out()
    assert not kept(own_home)


def test_a_revoked_sign_in_takes_what_was_pulled_along(
    me: Session, strava: Simulator, own_home: Path
) -> None:
    state = connect(me, strava)
    cache_of(strava, state)
    strava.revoke_all()
    with pytest.raises(SignInRefused):
        state.access.refresh(rejected=state.access.fresh())
    assert isinstance(me.state, Failed)
    assert not kept(own_home)


def test_what_comes_in_after_the_sign_out_is_not_kept(me: Session, strava: Simulator, own_home: Path) -> None:
    """A page that was on its way when Sign out was pressed."""
    state = connect(me, strava)
    source = ApiSource(state.access, url=f"{strava.url}/api/v3")

    def sign_out_meanwhile(step: Progress) -> None:
        if isinstance(me.state, SignedIn) and step.done:
            sign_out()

    with warnings.catch_warnings(), suppress(SignInNeeded):  # if a call was left to be made
        warnings.simplefilter("ignore", StravaNbWarning)  # and if the cache was open by then
        snb.get_activities(source, progress=sign_out_meanwhile)
    assert me.state == SignedOut()
    late = Keeping(state.access, url=strava.url, on=True, ask=lambda: 17, clock=time.time)
    assert late.cache() is None
    assert not list((own_home / "cache").glob("*.sqlite"))


@pytest.mark.parametrize("how", ["wrong secret", "away"])
def test_a_refresh_that_fails_for_another_reason_leaves_it(
    me: Session, strava: Simulator, own_home: Path, how: str
) -> None:
    state = connect(me, strava)
    cache_of(strava, state)
    assert state.person
    secret = "0" * 40 if how == "wrong secret" else strava.client_secret
    access = Access(
        Tokens("", "a refresh token", athlete_id=state.person.athlete_id),
        application=Application(f"{strava.url}/oauth", strava.client_id, secret),
    )
    if how == "away":
        strava.stop()
    with pytest.raises(StravaNbError):
        access.fresh()
    assert kept(own_home)


def test_whose_a_token_of_the_environment_is_stays_known(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a revoked one takes its athlete's cache along in the next kernel too."""
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    monkeypatch.setenv("STRAVA_CLIENT_ID", strava.client_id)
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.client_secret)
    monkeypatch.setenv("STRAVA_REFRESH_TOKEN", strava.refresh_token)
    first = open_api().access
    first.fresh()
    assert first.athlete_id is None
    first.belongs_to(17)
    assert open_api().access.athlete_id == 17


# --- what is kept, for eyes


def test_cache_info_says_what_is_kept_where_and_until_when(strava: Simulator, own_home: Path) -> None:
    now = pd.Timestamp.now("UTC")
    cache = open_cache(strava.url, 17)
    cache.put("activity", {1: b"12345", 2: b"123"}, (now - timedelta(days=2)).timestamp())
    cache.put("activity", {3: b"12"}, now.timestamp())
    cache.put("streams", {1: b"1"}, (now - timedelta(days=8)).timestamp())
    cache.put("gear", {"b1": b"1"}, now.timestamp())
    export = own_home / "exports" / "export_17"
    export.mkdir(parents=True)
    (export / "tracks").write_bytes(b"1" * 1000)
    (own_home / "cache" / "new.sqlite").write_bytes(b"not a database")
    table = snb.cache_info()
    assert [*table.what] == ["activities", "gear", "cannot be read by this version", "read of an export"]
    assert [*table["count"].fillna(0)] == [3, 1, 0, 1]
    assert [*table["bytes"]] == [10, 1, 14, 1000]
    assert [*table["where"]] == [
        str(p) for p in (cache.path, cache.path, own_home / "cache" / "new.sqlite", export)
    ]
    assert [*table.athlete_id.dropna()] == [17, 17]
    assert [*table.address.dropna()] == [strava.url] * 2
    assert abs(table.until[0] - (now + timedelta(days=5))) < timedelta(seconds=1)
    assert abs(table.newest[0] - now) < timedelta(seconds=1)
    assert table.until[2:].isna().all()


def test_cache_info_knows_what_is_in_memory_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org")
    open_cache("https://strava.example", 99).put("athlete", {99: b"{}"}, time.time())
    table = snb.cache_info()
    assert "in this kernel's memory" in set(table[table.athlete_id == 99]["where"])


def test_cache_info_of_nothing_is_an_empty_table_of_the_same_form(strava: Simulator) -> None:
    empty = snb.cache_info()
    empty = empty[empty["where"] != "in this kernel's memory"]
    assert len(empty) == 0
    open_cache(strava.url, 17).put("activity", {1: b"{}"}, time.time())
    assert (empty.dtypes == snb.cache_info().dtypes).all()


# --- pulls, each in a kernel of its own

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


def held(strava: Simulator, kind: str, number: int) -> Cache:
    """The cache, when so many have reached the file: another thread of the kernel writes them."""
    cache = open_cache(strava.url, athlete_id(strava))
    for _ in range(4000):
        if len(cache.get(kind)) >= number:
            return cache
        time.sleep(0.005)
    raise AssertionError(f"{number} of {kind} never came")


def test_a_pull_that_is_killed_goes_on_where_it_stopped(mine: Simulator) -> None:
    there = ids_at(mine)
    other = Kernel(PULL)
    while (step := other.told())[1] < 30:
        other.say()
    cache = held(mine, "activity", step[1])
    other.kill()
    [(edge, _)] = cache.covered()
    before = len(mine.calls)
    assert sorted(pulled(open_api())["id"]) == there
    queries = activities_asked(mine, before)
    new = [query["page"] for query in queries if "before" not in query]
    assert [page for page in new if page in ("1", "2", "3")] == ["1"], "what is new since; the rest was late"
    assert {int(query["before"]) for query in queries if "before" in query} == {int(edge)}
    before = len(mine.calls)
    assert sorted(pulled(open_api())["id"]) == there
    assert len(activities_asked(mine, before)) <= 2, "and now all is here"


def test_tracks_that_were_kept_before_the_kill_are_not_asked_for_again(mine: Simulator) -> None:
    wanted = ids_at(mine)[:30]
    other = Kernel(STREAMS)
    other.say(json.dumps(wanted))
    while other.told()[1] < 7:
        other.say()
    cache = held(mine, "streams", 7)
    other.kill()
    kept = cache.has("streams", wanted)
    spent = streams_asked(mine)
    before = len(mine.calls)
    table = snb.get_streams(open_api(), wanted, progress=False)
    again = streams_asked(mine, before)
    assert set(table["activity_id"]) | set(table.attrs["without_streams"]) == set(wanted)
    assert not kept.intersection(again)
    assert len(kept) >= len(spent) - 8, "lost is only what was under way"


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


# --- the second time


@pytest.fixture
def now(strava: Simulator) -> Iterator[Callable[[], float]]:
    """The noon after the demo athlete's last day, for Strava and for who asks; a test may move it."""
    strava.now = lambda: datetime(2026, 6, 15, 12, tzinfo=UTC).timestamp()
    yield lambda: strava.now()  # noqa: PLW0108  (the one that it is by then)


@pytest.fixture
def kernel(strava: Simulator, now: Callable[[], float]) -> Callable[[], ApiSource]:
    """Gives a source as the next kernel has it a minute later, with a sign-in that renews itself."""
    grant = strava.grant()
    tokens = Tokens(grant.access_token, grant.refresh_token, athlete_id=athlete_id(strava))
    application = Application(f"{strava.url}/oauth", strava.client_id, strava.client_secret)
    access = Access(tokens, application=application, clock=now)

    def start() -> ApiSource:
        later = now() + 60
        strava.now = lambda: later
        return ApiSource(access, url=f"{strava.url}/api/v3", clock=now, pause=lambda _: None)

    return start


Kernels = Callable[[], ApiSource]


def test_a_second_pull_costs_a_call_or_two_and_sees_what_changed(strava: Simulator, kernel: Kernels) -> None:
    first = pulled(kernel())
    edited = int(first["id"][3])
    fresh = strava.add_activity(name="The newest")
    strava.edit_activity(edited, name="Another name")
    before = len(strava.calls)
    second = pulled(kernel())
    assert len(strava.calls) - before <= 2
    assert list(second["id"]) == [fresh.id, *first["id"]]
    assert second.set_index("id").loc[edited, "name"] == "Another name"
    before = len(strava.calls)
    pd.testing.assert_frame_equal(pulled(kernel()), second)
    assert len(strava.calls) - before <= 2


def test_a_span_of_it_costs_no_more(strava: Simulator, kernel: Kernels) -> None:
    everything_there = pulled(kernel())
    before = len(strava.calls)
    some = pulled(kernel(), dates=("2026-04-01", "2026-04-30"))
    assert len(strava.calls) == before, "what is complete and old is asked for no more"
    in_april = everything_there["start_date_local"].dt.strftime("%Y-%m") == "2026-04"
    assert in_april.any()
    assert list(some["id"]) == list(everything_there["id"][in_april])


def test_what_was_deleted_goes_at_once_if_it_is_new_and_with_refresh_if_it_is_old(
    strava: Simulator, kernel: Kernels
) -> None:
    ids = list(pulled(kernel())["id"])
    strava.delete_activity(ids[1])
    strava.delete_activity(ids[-1])
    assert list(pulled(kernel())["id"]) == [ids[0], *ids[2:]]
    healed = [ids[0], *ids[2:-1]]
    assert list(pulled(kernel(), refresh=True)["id"]) == healed
    assert list(pulled(kernel())["id"]) == healed


def test_without_a_network_what_is_kept_is_shown_with_its_age(
    strava: Simulator, kernel: Kernels, now: Callable[[], float]
) -> None:
    whole = pulled(kernel())
    later = now() + 2 * 86_400
    strava.now = lambda: later
    strava.faults.add("cut_connection", times=None)
    with pytest.warns(StravaNbWarning, match="2 days ago"):
        kept = pulled(kernel())
    pd.testing.assert_frame_equal(kept, whole)
    strava.faults.clear()
    assert pulled(kernel()).attrs.get("problems", []) == []


def test_after_seven_days_all_is_asked_for_again(
    strava: Simulator, kernel: Kernels, now: Callable[[], float], own_home: Path
) -> None:
    whole = pulled(kernel())
    edited = int(whole["id"][40])
    strava.edit_activity(edited, name="Another name")
    later = now() + 7 * 86_400 + 1
    strava.now = lambda: later
    table = pulled(kernel())
    assert list(table["id"]) == list(whole["id"])
    assert table.set_index("id").loc[edited, "name"] == "Another name"
    cache = open_cache(strava.url, athlete_id(strava), clock=now)
    assert (cache.oldest() or 0) >= later


def test_a_sign_in_revoked_in_between_shows_nothing_of_what_was_kept(
    strava: Simulator, kernel: Kernels, own_home: Path
) -> None:
    pulled(kernel())
    assert list((own_home / "cache").glob("*.sqlite"))
    strava.revoke_all()
    with pytest.raises(SignInRefused):
        pulled(kernel())
    assert not list((own_home / "cache").glob("*.sqlite"))


def test_a_cache_that_cannot_be_is_said_in_one_warning_and_done_without(
    strava: Simulator, kernel: Kernels, own_home: Path
) -> None:
    (own_home / "cache").write_bytes(b"in the way")
    for _ in range(2):
        with pytest.warns(StravaNbWarning, match="kept in this kernel's memory only"):
            table = pulled(kernel())
        assert list(table["id"])[::-1] == sorted(table["id"])
