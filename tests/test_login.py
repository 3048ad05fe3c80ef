"""The sign-in panel from the kernel's side: the page's messages come in, what it shows goes out."""

from __future__ import annotations

import copy
import gc
import json
import threading
import urllib.error
import urllib.request
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import strava_nb as snb
from strava_nb.errors import BadInput, SignInNeeded, SignInRefused, Unreachable
from strava_nb.signin import session as sessions
from strava_nb.signin.remembered import Person
from strava_nb.signin.session import Failed, SignedIn, SignedOut, State, Waiting
from strava_nb.simulator import Simulator
from strava_nb.widgets import login as logins
from strava_nb.widgets import words
from strava_nb.widgets.base import Part
from strava_nb.widgets.login import Login
from strava_nb.widgets.panel import Panel

CLIENT = {"STRAVA_CLIENT_ID": "client_id", "STRAVA_CLIENT_SECRET": "client_secret"}


@pytest.fixture(autouse=True)
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


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What goes to the page by message."""
    messages: list[Any] = []
    monkeypatch.setattr(
        Panel, "send", lambda _, content, buffers=None: content["type"] == "heard" or messages.append(content)
    )
    return messages


def restart() -> None:
    """What is left of a kernel after a restart."""
    for login in logins._logins.values():
        login.close()
    logins._logins.clear()
    sessions.reset()


def message(login: Login, kind: str, **content: Any) -> None:
    """What the page sends when something is pressed on it."""
    login.panel._handle_custom_msg({"type": kind, **content}, [])


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
    """Wait for the event, not for the clock."""
    arrived = threading.Event()
    stop = login.session.watch(lambda state: arrived.set() if wanted(state) else None)
    assert wanted(login.session.state) or arrived.wait(20)
    stop()


# The source


def test_until_someone_chooses_the_demo_athlete_stands_in() -> None:
    login = snb.login()
    assert login.source.name == "demo"
    assert login.source is login.source
    assert login.panel.view["status"] == words.OUT_DEMO
    assert login.panel.view["shows_demo"]


def test_without_the_demo_nobody_stands_in_until_it_is_chosen() -> None:
    login = snb.login(demo=False)
    assert not login.panel.view["shows_demo"]
    with pytest.raises(SignInNeeded, match="Nobody is signed in yet"):
        _ = login.source
    message(login, "demo")
    assert login.source.name == "demo"
    assert login.panel.view["shows_demo"]


def test_signed_in_the_source_is_ones_own(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava)
    assert login.source.name == "api"
    assert login.source is login.source
    assert len(snb.get_activities(login, progress=False)) == 60
    assert set(snb.get_activities(login, progress=False)["source"]) == {"api"}


def test_running_the_cell_again_stays_signed_in_with_the_one_panel(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava)
    source = login.source
    assert snb.login() is login
    assert snb.login().source is source
    assert snb.login(demo=False).source is source, "one client for each sign-in"


def test_while_waiting_the_demo_stands_in(strava: Simulator) -> None:
    login = snb.login()
    type_ids(login, strava)
    connect(login)
    assert isinstance(login.session.state, Waiting)
    assert login.source.name == "demo"


def test_after_a_failure_no_demo_comes_in_ones_stead(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava, cancel=True)
    for _ in range(2):  # Failed, and then waiting for the next try.
        with pytest.raises(SignInRefused, match="Cancel was pressed"):
            _ = login.source
        with pytest.raises(SignInRefused, match="Cancel was pressed"):
            snb.get_activities(snb.login(), progress=False)
        address = connect(login)
    visit(strava.authorize(address))
    assert login.source.name == "api"


@pytest.mark.parametrize("how", ["demo", "sign_out"])
def test_after_a_failure_choosing_a_door_leads_on(strava: Simulator, how: str) -> None:
    login = snb.login()
    sign_in(login, strava, cancel=True)
    assert not login.panel.view["shows_demo"]
    message(login, how)
    assert login.source.name == "demo"
    assert login.panel.view["shows_demo"]


def test_a_sign_in_revoked_in_between_is_noticed_and_said(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava)
    source = login.source
    strava.revoke_all()
    with pytest.raises(SignInRefused):
        snb.get_activities(source, progress=False)
    assert login.panel.view["state"] == "failed"
    assert "revoked or replaced" in login.panel.view["failure"]["what"]
    with pytest.raises(SignInRefused):
        _ = login.source


def test_an_answer_that_never_came_is_said_with_a_way_on(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = snb.login()
    monkeypatch.setattr(login.session, "_patience", 0.05)
    type_ids(login, strava)
    connect(login)
    until(login, lambda state: isinstance(state, Failed))
    assert "Nobody pressed Authorize" in login.panel.view["failure"]["what"]
    assert login.panel.view["known"]
    with pytest.raises(SignInRefused, match="Nobody pressed"):
        _ = login.source


def test_an_error_raised_again_and_again_does_not_grow(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava, cancel=True)
    for _ in range(3):
        with pytest.raises(SignInRefused):
            _ = login.source
    assert isinstance(login.session.state, Failed)
    depth = 0
    frame = login.session.state.error.__traceback__
    while frame:
        depth, frame = depth + 1, frame.tb_next
    assert depth < 10


# Silently


def test_the_demo_can_be_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRAVA_NB_DEMO", "1")
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", "f" * 40)
    login = snb.login(demo=False)
    assert login.source.name == "demo"
    assert login.panel.view["status"] == words.OUT_DEMO_CHOSEN


def test_tokens_in_the_environment_sign_in_and_strava_says_who(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", strava.access_token)
    login = snb.login()
    assert login.source.name == "api"
    until(login, lambda state: isinstance(state, SignedIn) and state.person is not None)
    assert login.panel.view["status"] == "Signed in as Dana Demo."
    assert login.panel.view["signed_in"]["granted"] == [words.GRANT_UNKNOWN]
    assert login.panel.view["remember"] is None, "there is no application to renew it with"


@pytest.mark.usefixtures("known")
def test_a_refresh_token_in_the_environment_is_kept_and_no_box_can_lose_it(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_REFRESH_TOKEN", strava.refresh_token)
    login = snb.login()
    until(login, lambda state: isinstance(state, SignedIn) and state.person is not None)
    assert "Kept in the file" in login.panel.view["signed_in"]["kept"]
    assert login.panel.view["remember"] is None


def test_dead_tokens_in_the_environment_fail_and_bring_no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", "f" * 40)
    login = snb.login()
    until(login, lambda state: isinstance(state, Failed))
    assert login.panel.view["failure"]
    with pytest.raises(SignInRefused):
        _ = login.source


@pytest.mark.usefixtures("known")
def test_a_strava_that_cannot_be_reached_fails_and_the_next_run_tries_again(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", strava.access_token)
    strava.faults.add("500", times=5)
    login = snb.login()
    until(login, lambda state: isinstance(state, Failed))
    with pytest.raises(Unreachable):
        _ = login.source
    snb.login()
    until(login, lambda state: isinstance(state, SignedIn) and state.person is not None)


def test_a_refresh_token_alone_is_said_not_skipped(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_REFRESH_TOKEN", strava.refresh_token)
    login = snb.login()
    assert "needs the client id" in login.panel.view["failure"]["what"]
    with pytest.raises(SignInNeeded, match="needs the client id"):
        _ = login.source


@pytest.mark.usefixtures("known")
def test_who_signs_out_is_not_signed_in_again_by_the_environment(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", strava.access_token)
    login = snb.login()
    until(login, lambda state: isinstance(state, SignedIn) and state.person is not None)
    snb.sign_out()
    assert snb.login().source.name == "demo"
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", strava.grant().access_token)
    assert snb.login().source.name == "api", "another token is another wish"


def test_the_sign_in_remembered_last_comes_back_in_the_next_kernel(strava: Simulator) -> None:
    login = snb.login()
    message(login, "remember", on=True)
    sign_in(login, strava)
    restart()
    login = snb.login()
    assert login.panel.view["status"] == "Signed in as Dana Demo."
    assert "all your activities" in login.panel.view["signed_in"]["granted"]
    assert login.source.name == "api"
    assert login.panel.view["remember"] == {"on": True}


def test_who_signs_out_is_not_followed_by_somebody_else_remembered(strava: Simulator) -> None:
    login = two_remembered(strava)
    message(login, "sign_out")
    assert snb.login().source.name == "demo"
    assert [one["label"] for one in login.panel.view["people"]] == ["Continue as Ben (Bern)"]


def test_on_binder_nobody_is_remembered(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    login = snb.login()
    message(login, "remember", on=True)
    sign_in(login, strava)
    restart()
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    login = snb.login()
    assert login.source.name == "demo"
    assert login.panel.view["guest"] == words.BINDER
    assert login.panel.view["people"] == []
    assert login.panel.view["remember"] is None
    message(login, "remember", on=True)
    assert not login.session.remembering


# What the page asks


@pytest.mark.usefixtures("known")
def test_connect_is_ready_before_anyone_asks(sent: list[Any], strava: Simulator) -> None:
    login = snb.login()
    assert login.panel.view["known"]
    assert sent[-1] == {"type": "address", "address": login.session.offered}
    visit(strava.authorize(sent[-1]["address"]))
    assert login.source.name == "api"


@pytest.mark.usefixtures("known")
def test_a_page_that_comes_later_asks_where_connect_leads(sent: list[Any]) -> None:
    login = snb.login()
    sent.clear()
    message(login, "ready")
    assert sent == [{"type": "address", "address": login.session.offered}]


@pytest.mark.usefixtures("known")
def test_a_page_that_cannot_ask_is_told_again(sent: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()
    monkeypatch.setattr(Panel, "_tell_address", lambda _: told.set())
    login = snb.login()
    told.clear()
    assert told.wait(20)
    login.close()


@pytest.mark.usefixtures("known")
def test_each_press_brings_a_new_address_to_every_panel(sent: list[Any]) -> None:
    login, other = snb.login(), snb.login(demo=False)
    first = connect(login)
    assert login.session.offered != first
    assert [one["address"] for one in sent[-2:]] == [login.session.offered] * 2
    assert other.panel.view["state"] == "waiting"


@pytest.mark.usefixtures("known")
def test_a_press_that_the_kernel_hears_of_too_late_does_no_harm(strava: Simulator) -> None:
    login = snb.login()
    address = login.session.offered
    assert address
    visit(strava.authorize(address))
    message(login, "pressed", address=address)
    message(login, "pressed", address=address)
    assert login.panel.view["state"] == "in"
    assert login.panel.view["problem"] is None


def test_typed_ids_make_connect_ready(strava: Simulator) -> None:
    login = snb.login()
    assert not login.panel.view["known"]
    type_ids(login, strava)
    assert login.panel.view["known"]
    assert login.panel.view["problem"] is None


@pytest.mark.parametrize(
    ("client_id", "client_secret", "said"),
    [
        ("", "", "takes a client id"),
        ("f" * 40, "12345", "swapped"),
        ("12345", "67890", "not a client secret"),
    ],
)
def test_ids_that_cannot_be_meant_are_said_under_the_fields(
    client_id: str, client_secret: str, said: str
) -> None:
    login = snb.login()
    message(login, "application", client_id=client_id, client_secret=client_secret)
    problem = login.panel.view["problem"]
    assert said in problem["what"]
    assert problem["to_do"]
    assert problem["where"] == "application"
    assert not login.panel.view["known"]


def test_ids_of_the_environment_that_cannot_be_meant_are_said_and_can_be_typed(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_CLIENT_ID", strava.client_secret)
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.client_id)
    login = snb.login()
    message(login, "ready")
    assert "swapped" in login.panel.view["problem"]["what"]
    assert not login.panel.view["known"]
    type_ids(login, strava)
    assert login.panel.view["known"]
    assert login.panel.view["problem"] is None


def test_the_pasted_address_signs_in(strava: Simulator) -> None:
    login = snb.login()
    type_ids(login, strava)
    message(login, "paste", address=strava.authorize(connect(login)))
    assert login.panel.view["status"] == "Signed in as Dana Demo."


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "empty"),
        ("hello", "not an address"),
        ("12345", "client id"),
        ("f" * 40, "client secret, a token or a bare code"),
        ("http://localhost:1/signed-in?state=other&code=x", "another sign-in"),
    ],
)
def test_a_pasted_text_that_is_no_answer_is_refused_under_its_field(
    strava: Simulator, pasted: str, said: str
) -> None:
    login = snb.login()
    type_ids(login, strava)
    address = connect(login)
    message(login, "paste", address=pasted)
    problem = login.panel.view["problem"]
    assert said in problem["what"]
    assert problem["where"] == "paste"
    assert login.panel.view["state"] == "waiting"
    message(login, "paste", address=strava.authorize(address))
    assert login.panel.view["problem"] is None


def test_a_pasted_refusal_is_said_once(strava: Simulator) -> None:
    login = snb.login()
    type_ids(login, strava)
    message(login, "paste", address=strava.authorize(connect(login), cancel=True))
    assert "Cancel was pressed" in login.panel.view["failure"]["what"]
    assert login.panel.view["problem"] is None


def test_what_was_not_granted_is_said_with_what_will_be_missing(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava, scopes=["read", "activity:read_all"])
    assert login.panel.view["signed_in"]["granted"] == ["your public profile", "all your activities"]
    assert login.panel.view["signed_in"]["missing"] == ["Your zones, FTP, weight and gear are missing."]


def test_signed_in_the_panel_says_who_where_from_and_what_next(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava)
    view = login.panel.view
    assert view["state"] == "in"
    assert view["status"] == "Signed in as Dana Demo."
    assert view["what_next"] == words.SEE_YOUR_OWN
    assert view["signed_in"]["place"] == "Freudenstadt, Germany"
    assert view["signed_in"]["missing"] == []
    assert view["signed_in"]["kept"] == words.NOT_KEPT
    assert view["remember"] == {"on": False}


def test_remember_me_can_be_ticked_before_and_after_and_taken_back(strava: Simulator) -> None:
    login = snb.login()
    message(login, "remember", on=True)
    assert login.panel.view["remember"] == {"on": True}
    message(login, "remember", on=False)
    sign_in(login, strava)
    assert login.session.remembered.people() == []
    message(login, "remember", on=True)
    assert login.panel.view["remember"] == {"on": True}
    assert "only you can read" in login.panel.view["signed_in"]["kept"]
    message(login, "remember", on=False)
    assert login.session.remembered.people() == []
    assert login.panel.view["signed_in"]["kept"] == words.NOT_KEPT


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


def test_two_people_on_one_computer_are_switched_in_the_panel(strava: Simulator) -> None:
    login = two_remembered(strava)
    [ben] = login.panel.view["people"]
    assert ben["label"] == "Continue as Ben (Bern)"
    dana = login.source
    message(login, "resume", athlete_id=ben["id"])
    assert login.panel.view["status"] == "Signed in as Ben."
    assert login.source is not dana
    [other] = login.panel.view["people"]
    assert other["label"] == "Continue as Dana Demo (Freudenstadt, Germany)"


def test_a_remembered_sign_in_whose_secrets_are_gone_is_said_and_listed_no_more(
    strava: Simulator, own_home: Path
) -> None:
    login = two_remembered(strava)
    for kept in (own_home / "sign-ins").iterdir():
        if kept.suffix != ".json":
            kept.unlink()
    message(login, "resume", athlete_id=5)
    assert login.panel.view["problem"]["what"] == "What was remembered of Ben is gone."
    assert login.panel.view["people"] == []


def test_sign_out_says_that_strava_has_forgotten(strava: Simulator) -> None:
    login = snb.login()
    message(login, "remember", on=True)
    sign_in(login, strava)
    message(login, "sign_out")
    assert login.panel.view["notice"] == words.SIGNED_OUT
    assert login.panel.view["problem"] is None
    assert login.session.remembered.people() == []
    assert any(call.path == "/oauth/revoke" and call.status == 200 for call in strava.calls)
    assert login.source.name == "demo"


def test_sign_out_says_when_strava_could_not_be_told(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava)
    strava.faults.add("500", times=5, path="/oauth/revoke")
    message(login, "sign_out")
    assert login.panel.view["notice"] == words.SIGNED_OUT_HERE
    assert login.panel.view["problem"]["what"]
    assert login.session.state == SignedOut()


def test_sign_out_from_code_is_seen_in_the_panel(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava)
    snb.sign_out(login)
    assert login.panel.view["state"] == "out"
    assert login.panel.view["notice"] == words.ENDED


def test_only_a_panel_can_be_signed_out() -> None:
    with pytest.raises(BadInput, match="cannot be signed out"):
        snb.sign_out(snb.open_demo())


def test_who_is_signed_in_can_sign_in_anew(strava: Simulator, sent: list[Any]) -> None:
    login = snb.login()
    sign_in(login, strava, scopes=["read"])
    assert login.session.offered is None
    message(login, "offer")
    assert sent[-1]["address"] == login.session.offered
    before = login.source
    visit(strava.authorize(connect(login)))
    assert login.panel.view["signed_in"]["missing"] == []
    assert login.source is not before


# What goes wrong is shown


def test_an_unexpected_error_is_shown_by_its_type_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    login = snb.login()

    def broken(*_: object) -> None:
        raise RuntimeError("token 0123456789")

    monkeypatch.setattr(login.session, "remember", broken)
    message(login, "remember", on=True)
    assert "RuntimeError" in login.panel.view["problem"]["what"]
    assert "0123456789" not in json.dumps(login.panel.view)


@pytest.mark.parametrize(
    "content", [None, {}, {"type": "msg"}, {"type": "trait_change"}, {"type": 5}, {"type": "unheard of"}, "x"]
)
def test_a_message_that_means_nothing_does_nothing(content: Any) -> None:
    login = snb.login()
    before = copy.deepcopy(login.panel.view)
    login.panel._handle_custom_msg(content, [])
    assert login.panel.view == before


def test_keywords_that_mean_nothing_are_refused() -> None:
    with pytest.raises(TypeError, match="dmeo"):
        snb.login(dmeo=False)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="no setting called 'widht'"):
        Part(widht=3)


def test_a_closed_panel_follows_no_more_and_the_next_login_is_another(strava: Simulator) -> None:
    login = snb.login()
    login.close()
    login.session.fail(SignInRefused("No.", "Really."))
    assert login.panel.view["state"] == "out"
    assert snb.login() is not login


def test_the_session_keeps_no_panel_alive() -> None:
    panel = Panel(sessions.session())
    panel.close()
    panel._heard.set()
    gone = weakref.ref(panel)
    for thread in threading.enumerate():
        if thread.name == "strava-nb panel":
            thread.join(20)
    del panel
    gc.collect()
    assert gone() is None


# Secrets


def secrets_of(strava: Simulator, *more: str) -> set[str]:
    grants = [
        grant for sign_in in strava._accounts._sign_ins for grant in (*sign_in.ends, sign_in.refresh_token)
    ]
    return {strava.client_id, strava.client_secret, *grants, *more}


def test_no_secret_is_ever_in_what_is_synced_or_shown(
    strava: Simulator, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    login = snb.login()
    shown: list[str] = []
    login.panel.observe(lambda change: shown.append(json.dumps(change.new)), "view")
    secrets = secrets_of(strava)
    message(login, "remember", on=True)
    message(login, "application", client_id=strava.client_secret, client_secret=strava.client_id)
    type_ids(login, strava)
    message(login, "paste", address=strava.client_secret)
    for cancel in (True, False):
        address = connect(login)
        redirect = strava.authorize(address, cancel=cancel)
        message(login, "paste", address=redirect)
        secrets |= {
            part.partition("=")[2]
            for one in (address, redirect)
            for part in one.split("&")
            if "state=" in part
        }
        secrets |= {
            part.partition("=")[2] for part in redirect.partition("?")[2].split("&") if "code=" in part
        }
    snb.get_activities(login, progress=False)
    secrets |= secrets_of(strava)
    for widget in (login, login.panel):
        state = widget.get_state()
        shown += [repr(state), repr(widget), str(widget)]
    message(login, "sign_out")
    shown += [json.dumps(login.panel.view), caplog.text, *capsys.readouterr()]
    everything = "\n".join(shown)
    assert "Dana Demo" in everything
    assert len(secrets) > 7
    assert not [secret for secret in secrets if secret in everything]


# Typed


def answers(monkeypatch: pytest.MonkeyPatch, asked: list[str], *given: str | Callable[[str], str]) -> None:
    """Answer what is asked, in this order, whether the typing shows or not."""
    queue = list(given)

    def answer(how: str) -> Callable[[str], str]:
        def reply(prompt: str = "") -> str:
            asked.append(f"{how} {prompt}")
            now = queue.pop(0)
            return now if isinstance(now, str) else now(prompt)

        return reply

    monkeypatch.setattr("builtins.input", answer("seen"))
    monkeypatch.setattr("strava_nb.widgets.typed.getpass", answer("unseen"))


def address_in(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("http"))


def test_typed_the_pasted_address_signs_in(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    said: list[str] = []

    def paste(_: str) -> str:
        said.append(capsys.readouterr().out)
        return strava.authorize(address_in(said[0]))

    answers(monkeypatch, asked, strava.client_id, strava.client_secret, paste)
    assert snb.login(typed=True).source.name == "api"
    assert "settings/api" in asked[0]
    assert [one.partition(" ")[0] for one in asked] == ["seen", "unseen", "unseen"]
    assert strava.client_secret not in said[0] + "".join(asked) + capsys.readouterr().out


def test_typed_what_is_no_address_is_said_and_asked_again(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []

    def look(answer: Callable[[], str]) -> Callable[[str], str]:
        def reply(_: str) -> str:
            said.append(capsys.readouterr().out)
            return answer()

        return reply

    answers(
        monkeypatch,
        [],
        strava.client_id,
        strava.client_secret,
        look(lambda: "nonsense"),
        look(lambda: ""),
        look(lambda: strava.authorize(address_in(said[0]))),
    )
    assert snb.login(typed=True).source.name == "api"
    assert "That is not an address." in said[1]
    assert words.TYPED_NOT_YET in said[2]


def test_typed_the_listener_answers_by_itself_where_it_can_be_reached(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def authorize(_: str) -> str:
        visit(strava.authorize(address_in(capsys.readouterr().out)))
        return ""

    answers(monkeypatch, [], strava.client_id, strava.client_secret, authorize)
    assert snb.login(typed=True).source.name == "api"


def test_typed_cancel_is_raised(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(
        monkeypatch,
        [],
        strava.client_id,
        strava.client_secret,
        lambda _: strava.authorize(address_in(capsys.readouterr().out), cancel=True),
    )
    with pytest.raises(SignInRefused, match="Cancel was pressed"):
        snb.login(typed=True)


def test_typed_nothing_is_asked_of_who_is_signed_in(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(snb.login(), strava)
    answers(monkeypatch, [])
    assert snb.login(typed=True).source.name == "api"
