"""The sign-in panel from the kernel's side: the page's messages come in, what it shows goes out."""

from __future__ import annotations

import copy
import gc
import json
import threading
import weakref
from pathlib import Path
from typing import Any, cast

import pytest
from panels import connect, kernel, known, message, sign_in, two_remembered, type_ids, visit

import strava_nb as snb
from strava_nb.errors import BadInput, SignInRefused
from strava_nb.signin import session as sessions
from strava_nb.signin.session import SignedOut
from strava_nb.simulator import Simulator
from strava_nb.widgets import words
from strava_nb.widgets.base import Part
from strava_nb.widgets.panel import Panel

__all__ = ["kernel", "known"]
pytestmark = pytest.mark.usefixtures("kernel")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What goes to the page by message."""
    messages: list[Any] = []

    def send(_: Panel, content: dict[str, Any], buffers: Any = None) -> None:
        if content["type"] != "heard":
            messages.append(content)

    monkeypatch.setattr(Panel, "send", send)
    return messages


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


def test_after_a_wrong_secret_the_fields_are_there_to_type_it_anew(strava: Simulator) -> None:
    login = snb.login()
    message(login, "application", client_id=strava.client_id, client_secret="f" * 40)
    visit(strava.authorize(connect(login)))
    assert login.panel.view["state"] == "failed" and not login.panel.view["known"]
    type_ids(login, strava)
    assert login.panel.view["known"]
    visit(strava.authorize(connect(login)))
    assert login.source.name == "api"


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
        cast(Any, snb.login)(dmeo=False)
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
