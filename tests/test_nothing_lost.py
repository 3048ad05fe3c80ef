"""Pulls that are killed, doubled, cut off or signed out: nothing lost, nothing asked for twice."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

import strava_nb as snb
from strava_nb.errors import SignInRefused, StravaNbError, Unreachable
from strava_nb.pull import sign_out
from strava_nb.signin import session as sessions
from strava_nb.signin.access import Access
from strava_nb.signin.oauth import Application
from strava_nb.signin.session import Failed, Session, SignedIn
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator
from strava_nb.sources.api import open_api
from strava_nb.sources.cache import Cache, open_cache

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
