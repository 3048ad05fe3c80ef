"""What was pulled ends with the sign-in, wherever that ends."""

from __future__ import annotations

import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import strava_nb as snb
from strava_nb.errors import SignInNeeded, SignInRefused, StravaNbError, StravaNbWarning, Unreachable
from strava_nb.pull import sign_out
from strava_nb.signin import session as sessions
from strava_nb.signin.access import Access
from strava_nb.signin.oauth import Application
from strava_nb.signin.session import Failed, Session, SignedIn, SignedOut
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator
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
