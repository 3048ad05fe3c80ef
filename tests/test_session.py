"""From pressing Connect to being signed in, and every way in which that can go wrong."""

from __future__ import annotations

import http.client
import os
import socket
import stat
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from strava_nb.errors import BadInput, SignInNeeded, SignInRefused
from strava_nb.signin import session as sessions
from strava_nb.signin.access import Access
from strava_nb.signin.callback import PATH, Callback, Said
from strava_nb.signin.oauth import Application
from strava_nb.signin.remembered import Person, Remembered
from strava_nb.signin.session import Failed, Session, SignedIn, SignedOut, State, Waiting
from strava_nb.signin.tokens import Tokens
from strava_nb.signin.vaults import FileVault
from strava_nb.simulator import Simulator
from strava_nb.sources.api import open_api


@pytest.fixture
def me(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    session = sessions.session()
    yield session
    sessions.reset()


def visit(address: str) -> tuple[int, str]:
    """What a browser gets at an address, and the page's status."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def offer(me: Session, strava: Simulator) -> str:
    return me.offer(strava.client_id, strava.client_secret)


def sign_in(me: Session, strava: Simulator, **chosen: object) -> State:
    address = offer(me, strava)
    me.pressed()
    visit(strava.authorize(address, **chosen))
    return me.state


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


# Remembering


def test_nothing_is_remembered_unasked(me: Session, strava: Simulator, own_home: Path) -> None:
    sign_in(me, strava)
    assert me.remembered.people() == []
    assert not [path for path in own_home.rglob("*") if path.is_file() and path.suffix != ".lock"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_remembered_sign_in_is_there_for_the_next_kernel(me: Session, strava: Simulator, when: str) -> None:
    if when == "before":
        me.remember(True)
    state = sign_in(me, strava)
    if when == "after":
        me.remember(True)
        state = me.state
    assert isinstance(state, SignedIn)
    assert "only you can read" in state.kept
    next_kernel = Session(strava.url)
    [person] = next_kernel.remembered.people()
    assert person == state.person
    assert next_kernel.resume(person)
    assert isinstance(next_kernel.state, SignedIn)
    strava.expire_tokens()
    assert next_kernel.state.access.fresh()
    next_kernel.close()


def test_a_script_uses_the_sign_in_that_a_panel_remembered(me: Session, strava: Simulator) -> None:
    me.remember(True)
    state = sign_in(me, strava)
    assert isinstance(state, SignedIn)
    assert state.person is not None
    source = open_api()
    assert source.athlete["id"] == state.person.athlete_id
    me.sign_out()
    with pytest.raises(SignInNeeded):
        open_api()


def test_on_binder_a_script_remembers_nobody(
    me: Session, strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    me.remember(True)
    sign_in(me, strava)
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    with pytest.raises(SignInNeeded):
        open_api()


def test_the_remembered_file_is_its_owners_alone(me: Session, strava: Simulator, own_home: Path) -> None:
    me.remember(True)
    sign_in(me, strava)
    folder = own_home / "sign-ins"
    kept = list(folder.iterdir())
    assert kept
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_remembering_can_be_taken_back_without_signing_out(me: Session, strava: Simulator) -> None:
    me.remember(True)
    sign_in(me, strava)
    me.remember(False)
    assert me.remembered.people() == []
    assert isinstance(me.state, SignedIn)
    assert me.state.kept == ""
    assert me.state.access.fresh()


def test_sign_out_forgets_what_was_remembered(me: Session, strava: Simulator, own_home: Path) -> None:
    me.remember(True)
    sign_in(me, strava)
    me.sign_out()
    assert me.remembered.people() == []
    secret = strava.client_secret
    assert not [p for p in own_home.rglob("*") if p.is_file() and secret in p.read_text("utf-8")]


def test_a_remembered_sign_in_that_died_is_not_tripped_over_twice(me: Session, strava: Simulator) -> None:
    me.remember(True)
    sign_in(me, strava)
    strava.revoke_all()
    next_kernel = Session(strava.url)
    assert next_kernel.resume(next_kernel.remembered.people()[0])
    strava.now = lambda then=strava.now: then() + 7 * 3600
    assert isinstance(next_kernel.state, SignedIn)
    with pytest.raises(SignInRefused):
        next_kernel.state.access.refresh(rejected=next_kernel.state.access.fresh())
    assert isinstance(next_kernel.state, Failed)
    assert next_kernel.remembered.people() == []
    next_kernel.close()


def test_two_athletes_on_one_computer_are_never_mixed(own_home: Path) -> None:
    vault = FileVault(own_home / "sign-ins")
    people = Remembered("http://here", vault=vault)
    anna, ben = Person(1, "Anna", "Ulm"), Person(2, "Ben", "Bern")
    application = Application("http://here/oauth", "12345", "f" * 40)
    people.keep(anna, application, Tokens("a", "ra", athlete_id=1))
    people.keep(ben, application, Tokens("b", "rb", athlete_id=2))
    assert people.people() == [ben, anna]
    recalled = people.recall(anna)
    assert recalled is not None
    assert recalled.store.load() == Tokens("a", "ra", athlete_id=1)
    assert people.people() == [anna, ben], "the latest used comes first"
    people.forget(anna)
    assert people.people() == [ben]
    assert people.recall(anna) is None
    assert Remembered("http://elsewhere", vault=vault).people() == []


def test_a_damaged_list_means_nobody_is_remembered(me: Session, strava: Simulator, own_home: Path) -> None:
    me.remember(True)
    sign_in(me, strava)
    [people] = (own_home / "sign-ins").glob("people-*.json")
    people.write_text("{half")
    assert me.remembered.people() == []


# What a panel needs


def test_an_address_stays_the_same_until_it_is_pressed(me: Session, strava: Simulator) -> None:
    address = offer(me, strava)
    assert me.offer() == address == me.offered
    second = me.pressed()
    assert second != address
    assert me.offer() == second == me.offered


def test_new_ids_make_a_new_address(me: Session, strava: Simulator) -> None:
    assert offer(me, strava) != offer(me, strava)


def test_an_answered_address_is_offered_no_more(me: Session, strava: Simulator) -> None:
    visit(strava.authorize(offer(me, strava), cancel=True))
    assert isinstance(me.state, Failed)
    assert me.offered is None
    assert isinstance(sign_in(me, strava), SignedIn)


def test_trying_again_after_a_failure_does_not_forget_it(me: Session, strava: Simulator) -> None:
    failed = sign_in(me, strava, cancel=True)
    assert isinstance(failed, Failed)
    offer(me, strava)
    for _ in range(2):
        me.pressed()
        assert isinstance(me.state, Waiting)
        assert me.state.after is failed.error
    me.sign_out()
    offer(me, strava)
    me.pressed()
    assert isinstance(me.state, Waiting)
    assert me.state.after is None


def test_a_second_athlete_who_cancels_leaves_the_first_signed_in(me: Session, strava: Simulator) -> None:
    first = sign_in(me, strava)
    status, page = visit(strava.authorize(offer(me, strava), cancel=True))
    assert (status, "Cancel was pressed" in page) == (400, True)
    assert me.state is first


def test_whoever_is_signed_in_is_asked_anew_by_strava(me: Session, strava: Simulator) -> None:
    assert "approval_prompt=auto" in offer(me, strava)
    sign_in(me, strava)
    assert "approval_prompt=force" in offer(me, strava)


def test_who_signs_in_next_is_not_remembered_unasked(me: Session, strava: Simulator) -> None:
    me.remember(True)
    assert me.remembering
    sign_in(me, strava)
    assert not me.remembering


def test_tokens_from_elsewhere_that_strava_ended_are_a_failure(me: Session, strava: Simulator) -> None:
    grant = strava.grant()
    access = Access(
        Tokens(grant.access_token, grant.refresh_token),
        application=Application(f"{strava.url}/oauth", strava.client_id, strava.client_secret),
    )
    assert me.untouched
    me.adopt(access)
    assert not me.untouched
    strava.revoke_all()
    with pytest.raises(SignInRefused):
        access.refresh(rejected=grant.access_token)
    assert isinstance(me.state, Failed)


def test_sign_out_forgets_the_typed_id_and_secret(me: Session, strava: Simulator) -> None:
    assert not me.knows_application
    sign_in(me, strava)
    assert me.knows_application
    me.sign_out()
    assert not me.knows_application
    with pytest.raises(BadInput, match="takes a client id"):
        me.offer()


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
