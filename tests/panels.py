"""A kernel's sign-in panel as a page drives it: what is pressed comes in as messages."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

import strava_nb as snb
from strava_nb.signin import session as sessions
from strava_nb.signin.remembered import Person
from strava_nb.signin.session import SignedIn, State
from strava_nb.simulator import Simulator
from strava_nb.widgets import login as logins
from strava_nb.widgets.dates import DatePicker
from strava_nb.widgets.login import Login
from strava_nb.widgets.panel import _NAMES as NAMES

CLIENT = {"STRAVA_CLIENT_ID": "client_id", "STRAVA_CLIENT_SECRET": "client_secret"}


@pytest.fixture
def kernel(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh kernel that talks to the simulated Strava."""
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    restart()
    yield
    restart()


@pytest.fixture
def known(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client id and secret are in the environment."""
    for name, attribute in CLIENT.items():
        monkeypatch.setenv(name, getattr(strava, attribute))


def restart() -> None:
    """What is left of a kernel after a restart."""
    for login in logins._logins.values():
        login.close()
    logins._logins.clear()
    sessions.reset()
    DatePicker._latest = None


def message(login: Login, kind: str, /, *buffers: bytes, **content: Any) -> None:
    """What the page sends when something is pressed on it."""
    login.panel._handle_custom_msg({"type": kind, **content}, [memoryview(one) for one in buffers])


def visit(address: str) -> None:
    with suppress(urllib.error.HTTPError):  # Where the page says no, what the panel says is looked at.
        urllib.request.urlopen(address, timeout=10).close()


def type_ids(login: Login, strava: Simulator) -> None:
    message(login, "application", client_id=strava.client_id, client_secret=strava.client_secret)


def connect(login: Login) -> str:
    """Press Connect: the address that opens in the new tab."""
    address = login.session.offered
    assert address
    message(login, "pressed", address=address)
    return address


def sign_in(login: Login, strava: Simulator, **chosen: Any) -> None:
    if login.session.offered is None:
        type_ids(login, strava)
    visit(strava.authorize(connect(login), **chosen))


def until(login: Login, wanted: Callable[[State], bool]) -> None:
    """Wait for the event, not for the clock, until the panel shows it too."""
    news = threading.Event()
    stop = login.session.watch(lambda _: news.set())
    login.panel.observe(lambda _: news.set(), names="view")
    while not (wanted(state := login.session.state) and login.panel.view["state"] == NAMES[type(state)]):
        assert news.wait(20)
        news.clear()
    stop()


def two_remembered(strava: Simulator) -> Login:
    """Dana signed in and remembered, and Ben remembered from before."""
    login = snb.login()
    message(login, "remember", on=True)
    sign_in(login, strava)
    state = login.session.state
    assert isinstance(state, SignedIn)
    assert state.access.application
    tokens = state.access.fresh()  # Ben's own would be another's; who he is, is what counts here.
    ben = Person(5, "Ben", "Bern")
    kept = snb.open_api(access_token=tokens).access._given
    assert kept is not None
    login.session.remembered.keep(ben, state.access.application, kept)
    login.panel._draw()
    return login
