"""Connect once more: addresses that are offered anew, second athletes, second tries."""

from __future__ import annotations

import pytest
from signing_in import offer, sign_in, visit

from strava_nb.errors import BadInput, SignInRefused
from strava_nb.signin.access import Access
from strava_nb.signin.oauth import Application
from strava_nb.signin.session import Failed, Session, SignedIn, Waiting
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator

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
