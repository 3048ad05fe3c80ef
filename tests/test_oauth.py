"""Sign-in's addresses and answers, as text and against the simulated Strava."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strava_nb.errors import SignInRefused, StravaNbError, Unreachable
from strava_nb.signin.oauth import (
    SCOPES,
    Application,
    Redirect,
    authorize_address,
    new_state,
    not_granted,
    read_redirect,
)
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator

STATE = "s-t_a.t~e"
BACK = "http://localhost:8765/?state=s-t_a.t~e&code=c0de&scope=read,activity:read_all"
OLD = Tokens("old-access", "old-refresh")
FIRST = {
    "access_token": "first-access",
    "refresh_token": "first-refresh",
    "expires_at": 1_900_000_000,
    "athlete": {"id": 7, "firstname": "Ada"},
}


def answering(status: int, body: object) -> Application:
    """An application whose Strava always says the same."""

    def post(_: str, __: Mapping[str, str], ___: tuple[str, str] | None = None, /) -> tuple[int, bytes]:
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()

    return Application("http://strava.test/oauth", "17", "the-client-secret", post)


@pytest.fixture
def application(strava: Simulator) -> Application:
    return Application(f"{strava.url}/oauth", strava.client_id, strava.client_secret)


def refused(address: str) -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        read_redirect(address, state=STATE)
    return caught.value


# --- the way there


def test_the_authorize_address_asks_for_everything_that_is_to_be_read() -> None:
    address = authorize_address("https://strava.test/oauth", "17", "http://localhost:5/x", STATE)
    assert address.startswith("https://strava.test/oauth/authorize?")
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "client_id": "17",
        "redirect_uri": "http://localhost:5/x",
        "response_type": "code",
        "approval_prompt": "auto",
        "scope": "read,activity:read_all,profile:read_all",
        "state": STATE,
    }


def test_force_asks_again() -> None:
    assert "approval_prompt=force" in authorize_address("u", "17", "r", STATE, force=True)


def test_each_connect_has_a_state_of_its_own() -> None:
    assert len({new_state() for _ in range(50)}) == 50
    assert min(len(new_state()) for _ in range(50)) >= 40


# --- the way back


@pytest.mark.parametrize(
    "dressed",
    [
        BACK,
        f"  {BACK}\n",
        f'"{BACK}"',
        f"'{BACK}'",
        f"<{BACK}>",
        f"„{BACK}“",
        BACK.removeprefix("http://"),
        BACK.partition("?")[2],
        BACK.replace("&code", "\n&code"),
        BACK + "#_=_",
        BACK.replace(",", "%2C").replace(":read", "%3Aread"),
    ],
)
def test_a_redirect_is_read_however_it_was_pasted(dressed: str) -> None:
    assert read_redirect(dressed, state=STATE) == Redirect("c0de", ("read", "activity:read_all"))


def test_a_redirect_without_scopes_leaves_them_unknown() -> None:
    assert read_redirect(f"http://localhost/?state={STATE}&code=c", state=STATE).scopes is None


@pytest.mark.parametrize(
    ("pasted", "reason", "says"),
    [
        ("", "not an address", "empty"),
        ("   ", "not an address", "empty"),
        ("12345", "not an address", "client id"),
        ("0123456789abcdef0123456789abcdef01234567", "not an address", "client secret"),
        ("hello there", "not an address", "not an address"),
        ("https://www.strava.com/dashboard?num=3", "not an address", "holds no answer"),
        ("https://x/?id=s-t_a.t~e", "not an address", "holds no answer"),
        (authorize_address("https://x/oauth", "1", "http://localhost", STATE), "before", "Strava's own page"),
        ("http://localhost/?state=another&code=c0de", "other sign-in", "another sign-in"),
        ("http://localhost/?state=\ud800&code=c0de", "other sign-in", "another sign-in"),
        ("http://localhost/?code=c0de", "other sign-in", "another sign-in"),
        (f"http://localhost/?state={STATE}&state=x&code=c0de", "other sign-in", "another sign-in"),
        ("http://localhost/?state=another&error=access_denied", "other sign-in", "another sign-in"),
        (f"http://localhost/?state={STATE}&error=access_denied", "denied", "Cancel"),
        (f"http://localhost/?state={STATE}&error=access_denied&code=c0de", "denied", "Cancel"),
        (f"http://localhost/?state={STATE}", "no code", "no code"),
        (f"http://localhost/?state={STATE}&code=", "no code", "no code"),
        (f"http://localhost/?state={STATE}&code=a&code=b", "no code", "no code"),
        (f"http://localhost/?state={STATE}&error=server_error&code=a", "no code", "no code"),
    ],
)
def test_each_wrong_address_is_refused_in_its_own_words(pasted: str, reason: str, says: str) -> None:
    error = refused(pasted)
    assert error.facts["reason"] == reason
    assert says in error.what
    assert error.to_do


@given(st.text())
def test_no_garbage_signs_anyone_in_or_comes_back_in_the_message(pasted: str) -> None:
    error = refused(pasted)
    assert len(pasted.strip()) < 9 or pasted.strip() not in str(error)


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_other_state_is_taken(state: str, code: str) -> None:
    query = urlencode({"state": state + "x", "code": code}, errors="replace")
    with pytest.raises(SignInRefused):
        read_redirect(f"http://localhost/?{query}", state=state)


def test_a_code_is_in_no_repr() -> None:
    assert "c0de" not in repr(read_redirect(BACK, state=STATE))


# --- what was not granted


@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        (SCOPES, []),
        (None, []),
        (("read", "activity:read_all"), ["zones"]),
        (("read", "activity:read", "profile:read_all"), ["only you can see"]),
        (("read", "profile:read_all"), ["No activities"]),
        ((), ["No activities", "zones", "public profile"]),
    ],
)
def test_what_was_not_granted_is_said_in_plain_words(
    scopes: tuple[str, ...] | None, words: list[str]
) -> None:
    said = not_granted(scopes)
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=True))


# --- codes and tokens


def test_a_sign_in_goes_from_the_authorize_page_to_tokens(
    strava: Simulator, application: Application
) -> None:
    state = new_state()
    address = application.authorize_address("http://localhost:4711/back", state)
    back = strava.authorize(address, scopes=["read", "activity:read_all"])
    tokens, athlete = application.exchange(read_redirect(back, state=state))
    assert tokens.scopes == ("read", "activity:read_all")
    assert tokens.refresh_token
    assert tokens.expires_at
    assert athlete is not None
    assert tokens.athlete_id == athlete["id"]


def test_cancel_on_the_page_is_a_refusal(strava: Simulator, application: Application) -> None:
    back = strava.authorize(application.authorize_address("http://localhost:1/", STATE), cancel=True)
    assert refused(back).facts["reason"] == "denied"


def test_a_code_works_once(strava: Simulator, application: Application) -> None:
    back = strava.authorize(application.authorize_address("http://localhost:1/", STATE))
    redirect = read_redirect(back, state=STATE)
    application.exchange(redirect)
    with pytest.raises(SignInRefused, match="used already") as caught:
        application.exchange(redirect)
    assert caught.value.status == 400


def test_a_refresh_keeps_what_is_known_and_kills_the_old_token(
    strava: Simulator, application: Application
) -> None:
    before = Tokens("a", strava.grant().refresh_token, 1, ("read",), 7)
    after = application.refresh(before)
    assert (after.scopes, after.athlete_id) == (("read",), 7)
    assert after.refresh_token != before.refresh_token
    assert after.expires_at is not None
    assert after.expires_at > strava.now()
    with pytest.raises(SignInRefused, match="refresh token"):
        application.refresh(before)


def test_a_revoked_sign_in_is_over(strava: Simulator, application: Application) -> None:
    grant = strava.grant()
    application.revoke(grant.refresh_token)
    with pytest.raises(SignInRefused):
        application.refresh(Tokens("a", grant.refresh_token))


def test_a_wrong_client_secret_is_named_as_such(strava: Simulator) -> None:
    wrong = Application(f"{strava.url}/oauth", strava.client_id, "not-the-secret")
    with pytest.raises(SignInRefused, match="client secret"):
        wrong.refresh(Tokens("a", strava.refresh_token))
    with pytest.raises(SignInRefused, match="client secret"):
        wrong.revoke(strava.refresh_token)


def test_an_answer_without_expires_at_is_counted_from_now() -> None:
    tokens, _ = answering(200, {"access_token": "a", "expires_in": 600}).exchange(Redirect("c"))
    assert tokens.expires_at is not None
    assert tokens.refresh_token is None


@pytest.mark.parametrize(
    "body", [b"", b"<html>Login to the Wi-Fi</html>", b"[]", b'{"access_token": 3}', b"{"]
)
def test_an_answer_without_a_token_is_no_sign_in(body: bytes) -> None:
    with pytest.raises(Unreachable):
        answering(200, body).exchange(Redirect("c"))


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, FIRST), (401, FIRST), (403, FIRST), (429, FIRST), (500, FIRST), (200, b"{first-")],
)
def test_no_secret_is_in_a_failure(status: int, body: object) -> None:
    application = answering(status, body)
    with pytest.raises(StravaNbError) as caught:
        application.refresh(OLD)
    error = caught.value
    told = "".join(traceback.format_exception(error)) + repr(error) + str(error.facts) + repr(application)
    for secret in ("first-", "old-", "the-client-secret"):
        assert secret not in told
    assert error.__context__ is None


def test_a_network_that_is_away_is_said_without_the_form(free_port: int) -> None:
    application = Application(f"http://127.0.0.1:{free_port}/oauth", "17", "the-client-secret")
    with pytest.raises(Unreachable, match="no connection") as caught:
        application.refresh(OLD)
    assert caught.value.__context__ is None
    assert "old-" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("fault", "says"), [("cut_connection", "cut"), ("cut_body", "cut"), ("html502", "502")]
)
def test_a_failing_token_answer_is_unreachable(
    strava: Simulator, application: Application, fault: str, says: str
) -> None:
    strava.faults.add(fault, path="/oauth/token")
    with pytest.raises(Unreachable, match=says):
        application.refresh(Tokens("a", strava.refresh_token))


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
