"""Whose activities a notebook gets: who was chosen, what comes silently, and never a demo in their stead."""

from __future__ import annotations

import pytest
from panels import connect, kernel, known, message, restart, sign_in, two_remembered, type_ids, until, visit

import strava_nb as snb
from strava_nb.errors import SignInNeeded, SignInRefused, Unreachable
from strava_nb.signin.session import Failed, SignedIn, Waiting
from strava_nb.simulator import Simulator
from strava_nb.widgets import words

__all__ = ["kernel", "known"]
pytestmark = pytest.mark.usefixtures("kernel")


@pytest.mark.slow
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
