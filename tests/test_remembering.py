"""A sign-in that is remembered, only where that was asked for, and forgotten when it ends."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from signing_in import sign_in

from strava_nb.errors import SignInNeeded, SignInRefused
from strava_nb.signin.oauth import Application
from strava_nb.signin.remembered import Person, Remembered
from strava_nb.signin.session import Failed, Session, SignedIn
from strava_nb.signin.tokens import Tokens
from strava_nb.signin.vaults import FileVault
from strava_nb.simulator import Simulator
from strava_nb.sources.api import open_api

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
