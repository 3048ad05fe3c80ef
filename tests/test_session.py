"""From pressing Connect to being signed in, and every way in which that can go wrong."""

from __future__ import annotations

import http.client
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from signing_in import offer, sign_in, visit

from strava_nb.errors import BadInput, SignInNeeded, SignInRefused
from strava_nb.signin import session as sessions
from strava_nb.signin.callback import PATH, Callback, Said
from strava_nb.signin.session import Failed, Session, SignedIn, SignedOut, State, Waiting
from strava_nb.simulator import Simulator


def closes(port: int) -> bool:
    """Whether nobody listens there any more, soon after the listener was told to stop."""
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            return True
    return False


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def until(me: Session, wanted: Callable[[State], bool]) -> State:
    """Wait for the event, not for the clock."""
    arrived = threading.Event()
    stop = me.watch(lambda state: arrived.set() if wanted(state) else None)
    assert wanted(me.state) or arrived.wait(20)
    stop()
    return me.state


def test_at_first_nobody_is_signed_in(me: Session) -> None:
    assert me.state == SignedOut()


def test_authorize_in_the_browser_signs_in_by_itself(me: Session, strava: Simulator) -> None:
    address = offer(me, strava)
    assert me.state == SignedOut(), "an address alone is no press"
    me.pressed()
    assert isinstance(me.state, Waiting)
    status, page = visit(strava.authorize(address))
    assert isinstance(me.state, SignedIn)
    assert me.state.person is not None
    assert status == 200
    assert f"Signed in as {me.state.person.name}" in page
    assert me.state.access.fresh()


def test_the_answer_counts_even_before_the_kernel_hears_of_the_press(me: Session, strava: Simulator) -> None:
    visit(strava.authorize(offer(me, strava)))
    assert isinstance(me.state, SignedIn)


def test_the_pasted_address_signs_in_where_the_listener_cannot_be_reached(
    me: Session, strava: Simulator
) -> None:
    address = offer(me, strava)
    me.pressed()
    person = me.paste(f"  '{strava.authorize(address)}' ")
    assert isinstance(me.state, SignedIn)
    assert me.state.person == person


def test_what_was_unticked_is_known(me: Session, strava: Simulator) -> None:
    state = sign_in(me, strava, scopes=["read", "activity:read_all"])
    assert isinstance(state, SignedIn)
    assert state.scopes is not None
    assert set(state.scopes) == {"read", "activity:read_all"}


def test_cancel_is_a_failure_with_a_way_on(me: Session, strava: Simulator) -> None:
    state = sign_in(me, strava, cancel=True)
    assert isinstance(state, Failed)
    assert "Cancel was pressed" in str(state.error)
    assert isinstance(sign_in(me, strava), SignedIn)


def test_stray_requests_and_wrong_states_do_not_use_the_listener_up(me: Session, strava: Simulator) -> None:
    address = offer(me, strava)
    me.pressed()
    redirect = strava.authorize(address)
    parts = urlsplit(redirect)
    base = f"{parts.scheme}://{parts.netloc}"
    assert visit(f"{base}/favicon.ico")[0] == 404
    status, page = visit(f"{base}{PATH}?{urlencode({'state': 'forged', 'code': 'c', 'scope': 'read'})}")
    assert status == 400
    assert "belongs to another sign-in" in page
    assert visit(f"{base}{PATH}")[0] == 400
    assert isinstance(me.state, Waiting)
    visit(redirect)
    assert isinstance(me.state, SignedIn)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "empty"),
        ("hello", "not an address"),
        ("http://localhost:1/signed-in?state=other&code=x", "another sign-in"),
        ("0123456789abcdef0123456789abcdef01234567", "client secret, a token or a bare code"),
        ("12345", "client id"),
        ("http://localhost:1/signed-in", "not an address"),
    ],
)
def test_what_is_no_answer_is_refused_and_the_wait_goes_on(
    me: Session, strava: Simulator, pasted: str, said: str
) -> None:
    offer(me, strava)
    me.pressed()
    with pytest.raises(SignInRefused, match=said):
        me.paste(pasted)
    assert isinstance(me.state, Waiting)


def test_pasting_before_connect_is_said(me: Session) -> None:
    with pytest.raises(SignInRefused, match="No sign-in is under way"):
        me.paste("http://localhost/?state=a&code=b")


def test_each_connect_has_a_state_of_its_own_and_the_old_one_is_void(me: Session, strava: Simulator) -> None:
    first = offer(me, strava)
    second = me.pressed()
    assert state_of(first) != state_of(second)
    old = strava.authorize(first)
    me.pressed()
    with pytest.raises(SignInRefused, match="another sign-in"):
        me.paste(old)
    with pytest.raises(OSError, match=r"refused|reset"):
        urllib.request.urlopen(old, timeout=10)


def test_the_same_answer_twice_is_refused_the_second_time(me: Session, strava: Simulator) -> None:
    redirect = strava.authorize(offer(me, strava))
    me.paste(redirect)
    with pytest.raises(SignInRefused):
        me.paste(redirect)
    assert isinstance(me.state, SignedIn)


def test_nobody_pressing_authorize_ends_the_wait_with_a_sentence(strava: Simulator) -> None:
    me = Session(strava.url, patience=0.05)
    address = offer(me, strava)
    me.pressed()
    state = until(me, lambda state: isinstance(state, Failed))
    assert "Nobody pressed Authorize" in str(state.error)
    with pytest.raises(SignInRefused, match=r"another sign-in|already"):
        me.paste(strava.authorize(address))
    me.close()


def test_a_wrong_secret_is_a_failure_with_its_own_sentence(me: Session, strava: Simulator) -> None:
    address = me.offer(strava.client_id, "f" * 40)
    me.pressed()
    status, page = visit(strava.authorize(address))
    assert status == 400
    assert isinstance(me.state, Failed)
    assert "does not know this client id" in str(me.state.error)
    assert "does not know this client id" in page
    assert me.offered is None and not me.knows_application, "Connect would lead to the same"


@pytest.mark.parametrize(
    ("client_id", "client_secret", "said"),
    [
        ("", "", "takes a client id"),
        ("12345", "", "takes a client id"),
        ("f" * 40, "12345", "swapped"),
        ("me", "f" * 40, "is a number"),
        ("12345", "67890", "not a client secret"),
        ("12345", "two words", "not a client secret"),
    ],
)
def test_an_id_and_secret_that_cannot_be_meant_are_said(
    me: Session, client_id: str, client_secret: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as told:
        me.offer(client_id, client_secret)
    assert "f" * 40 not in str(told.value)


def test_the_id_and_secret_of_the_environment_need_no_typing(
    me: Session, strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_CLIENT_ID", strava.client_id)
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.client_secret)
    visit(strava.authorize(me.offer()))
    assert isinstance(me.state, SignedIn)


def test_sign_out_revokes_at_strava_and_the_demo_is_back(me: Session, strava: Simulator) -> None:
    state = sign_in(me, strava)
    assert isinstance(state, SignedIn)
    access = state.access
    access.fresh()
    me.sign_out()
    assert me.state == SignedOut()
    assert any(call.path == "/oauth/revoke" and call.status == 200 for call in strava.calls)
    with pytest.raises(SignInNeeded):
        access.fresh()


def test_a_sign_in_that_strava_ended_fails_and_brings_no_demo(me: Session, strava: Simulator) -> None:
    state = sign_in(me, strava)
    assert isinstance(state, SignedIn)
    token = state.access.fresh()
    strava.revoke_all()
    with pytest.raises(SignInRefused):
        state.access.refresh(rejected=token)
    assert isinstance(me.state, Failed)


def test_watchers_hear_of_every_state_until_they_stop(me: Session, strava: Simulator) -> None:
    heard: list[str] = []
    stop = me.watch(lambda state: heard.append(type(state).__name__))
    sign_in(me, strava)
    stop()
    stop()
    me.sign_out()
    assert heard == ["Waiting", "SignedIn"]


def test_no_secret_is_in_a_repr_of_the_session(me: Session, strava: Simulator) -> None:
    state = sign_in(me, strava)
    assert isinstance(state, SignedIn)
    shown = repr((state, me.__dict__, me.remembered.__dict__))
    for secret in (strava.client_secret, state.access.fresh()):
        assert secret not in shown


def test_a_kernel_has_one_session_for_each_strava(me: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sessions.session() is me
    monkeypatch.setenv("STRAVA_NB_URL", "http://127.0.0.1:9")
    assert sessions.session() is not me


# The listener


def test_the_listener_is_on_the_loopback_and_closes() -> None:
    listener = Callback(lambda address: Said("Hello", "<b>&"))
    status, page = visit(f"{listener.redirect_uri}?a=1")
    assert status == 200
    assert "&lt;b&gt;&amp;" in page
    port = listener.port
    listener.close()
    listener.close()
    assert closes(port)


def test_the_listener_answers_where_localhost_means_ipv6() -> None:
    listener = Callback(lambda address: Said("Hello", "there"))
    with closing(http.client.HTTPConnection("::1", listener.port, timeout=10)) as connection:
        try:
            connection.request("GET", PATH)
        except OSError:
            pytest.skip("this computer has no IPv6")
        assert connection.getresponse().status == 200
    listener.close()
