"""Signing in to the simulated Strava: the page, the tokens, their scopes and their ends."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from asking import ALL, BACK, NINE, TODAY, answered, api, ask, authorize_address, exchange, refresh, token

from strava_nb.simulator import Simulator

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(today=TODAY, activities=60) as server:
        yield server


@pytest.fixture
def strava() -> Iterator[Simulator]:
    with Simulator(today=TODAY, activities=40) as server:
        yield server


# --- the authorize page


def test_the_page_says_what_it_is_who_asks_and_for_what(shared: Simulator) -> None:
    got = ask(shared, authorize_address(shared).removeprefix(shared.url))
    page = got.body.decode()
    assert got.status == 200
    assert got.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "This is a simulation, not Strava." in page
    assert "My notebooks" in page
    assert re.findall(r'type="checkbox" name="scope" value="([^"]+)" checked', page) == ALL.split(",")
    assert re.findall(r'<button name="action" value="(\w+)"', page) == ["authorize", "cancel"]


def test_the_page_needs_nothing_from_elsewhere(shared: Simulator) -> None:
    got = ask(shared, authorize_address(shared).removeprefix(shared.url))
    assert not re.search(rb"<script|<link|src=|url\(|https?://", got.body)
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]


def test_what_an_address_brings_into_the_page_is_escaped(shared: Simulator) -> None:
    address = authorize_address(shared, redirect_uri="http://<b>you</b>@localhost/")
    assert b"<b>you" not in ask(shared, address.removeprefix(shared.url)).body


@pytest.mark.parametrize(
    "back",
    ["http://localhost", "http://localhost:1/a/b?c=d", "http://127.0.0.1:65535/x", "https://localhost/"],
)
def test_the_way_back_may_lead_to_any_port_and_path_of_this_machine(shared: Simulator, back: str) -> None:
    assert ask(shared, authorize_address(shared, redirect_uri=back).removeprefix(shared.url)).status == 200


@pytest.mark.parametrize(
    "back",
    [
        "https://example.com/",
        "http://localhost.example.com/",
        "http://localhost@example.com/",
        "javascript:alert(1)//localhost",
        "localhost:8888",
        "http://[broken",
        "",
        None,
    ],
)
def test_the_way_back_may_not_lead_elsewhere(shared: Simulator, back: str | None) -> None:
    got = ask(shared, authorize_address(shared, redirect_uri=back).removeprefix(shared.url))
    assert (got.status, got.error) == (400, ("Application", "redirect_uri", "invalid"))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "1"}, ("Application", "client_id", "invalid")),
        ({"client_id": None}, ("Application", "client_id", "invalid")),
        ({"response_type": "token"}, ("Authorize", "response_type", "invalid")),
        ({"scope": "activity:everything"}, ("Authorize", "scope", "invalid")),
        ({"scope": None}, ("Authorize", "scope", "invalid")),
    ],
)
def test_a_wrong_question_gets_no_page(
    shared: Simulator, change: dict[str, str | None], error: tuple[str, str, str]
) -> None:
    address = authorize_address(shared, **change)
    got = ask(shared, address.removeprefix(shared.url))
    assert (got.status, got.error) == (400, error)
    with pytest.raises(ValueError, match="refused"):
        shared.authorize(address)


def test_authorizing_returns_with_the_state_a_code_and_what_was_granted(shared: Simulator) -> None:
    back = shared.authorize(authorize_address(shared, state="a&b=ü %"))
    assert back.startswith(f"{BACK}?state=")
    assert answered(back)["state"] == "a&b=ü %"
    assert answered(back)["scope"] == ALL
    assert len(answered(back)["code"]) == 40


def test_what_was_unticked_is_not_granted(shared: Simulator) -> None:
    back = answered(shared.authorize(authorize_address(shared), scopes=["read"]))
    assert back["scope"] == "read"
    granted = exchange(shared, back["code"]).json["access_token"]
    assert api(shared, "/athlete/activities", granted).status == 401


def test_nothing_can_be_ticked_that_was_not_asked_for(shared: Simulator) -> None:
    address = authorize_address(shared, scope="read").removeprefix(shared.url)
    got = ask(shared, address, method="POST", form={"action": "authorize", "scope": "activity:read_all"})
    assert answered(got.headers["Location"])["scope"] == ""


def test_cancelling_returns_with_the_state_and_an_error(shared: Simulator) -> None:
    back = shared.authorize(authorize_address(shared), cancel=True)
    assert answered(back) == {"state": "a state", "error": "access_denied"}


def test_the_way_back_keeps_its_own_query(shared: Simulator) -> None:
    back = shared.authorize(authorize_address(shared, redirect_uri=f"{BACK}?a=1"))
    assert list(parse_qs(urlsplit(back).query)) == ["a", "state", "code", "scope"]


def test_only_this_simulations_page_is_authorized(shared: Simulator) -> None:
    with pytest.raises(ValueError, match="not the address"):
        shared.authorize("https://www.strava.com/oauth/authorize?client_id=1")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_used_by_keyboard_alone_on_a_narrow_screen(
    shared: Simulator, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    address = authorize_address(shared, redirect_uri=f"{shared.url}/")
    focused = "document.activeElement.value === 'authorize'"
    page = browser.new_page(viewport={"width": 320, "height": 700}, color_scheme=scheme)
    try:
        page.goto(address)
        page.wait_for_function(focused)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        for _ in range(2):  # back from Authorize, which has the focus, to the second scope
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{shared.url}/?*")
        assert answered(page.url)["scope"] == "read,profile:read_all"
        page.goto(address)
        page.wait_for_function(focused)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{shared.url}/?*")
        assert answered(page.url)["error"] == "access_denied"
    finally:
        page.close()


# --- tokens


def test_a_code_gives_tokens_for_six_hours_and_the_athlete(shared: Simulator) -> None:
    code = answered(shared.authorize(authorize_address(shared)))["code"]
    got = exchange(shared, code)
    body = got.json
    assert got.status == 200
    assert set(body) == {
        "token_type",
        "access_token",
        "refresh_token",
        "expires_at",
        "expires_in",
        "athlete",
    }
    assert body["token_type"] == "Bearer"
    assert 21590 <= body["expires_in"] <= 21600
    assert shared.athlete is not None
    assert body["athlete"]["id"] == shared.athlete.profile["id"]
    assert api(shared, "/athlete", body["access_token"]).status == 200


def test_a_code_works_once(shared: Simulator) -> None:
    code = answered(shared.authorize(authorize_address(shared)))["code"]
    assert exchange(shared, code).status == 200
    again = exchange(shared, code)
    assert (again.status, again.error) == (400, ("AuthorizationCode", "code", "invalid"))


def test_a_code_ends_after_ten_minutes(strava: Simulator) -> None:
    strava.now = lambda: NINE
    codes = [answered(strava.authorize(authorize_address(strava)))["code"] for _ in range(2)]
    strava.now = lambda: NINE + 599
    assert exchange(strava, codes[0]).status == 200
    strava.now = lambda: NINE + 600
    assert exchange(strava, codes[1]).error == ("AuthorizationCode", "code", "invalid")


def test_who_the_application_is_gets_checked(shared: Simulator) -> None:
    wrong_id = token(shared, client_id="1", code="x")
    assert (wrong_id.status, wrong_id.error) == (400, ("Application", "client_id", "invalid"))
    wrong_secret = token(shared, client_secret="x", code="x")
    assert (wrong_secret.status, wrong_secret.error) == (401, ("Application", "", "invalid"))
    wrong_code = token(shared, code="x")
    assert (wrong_code.status, wrong_code.error) == (400, ("AuthorizationCode", "code", "invalid"))
    wrong_kind = token(shared, grant_type="password")
    assert (wrong_kind.status, wrong_kind.error) == (400, ("Application", "grant_type", "invalid"))


def test_a_wrong_secret_does_not_use_up_the_code(shared: Simulator) -> None:
    code = answered(shared.authorize(authorize_address(shared)))["code"]
    assert exchange(shared, code, client_secret="x").status == 401
    assert exchange(shared, code).status == 200


def test_a_refresh_rotates_and_the_old_refresh_token_dies(strava: Simulator) -> None:
    first = refresh(strava, strava.refresh_token)
    assert first.status == 200
    assert "athlete" not in first.json
    again = refresh(strava, strava.refresh_token)
    assert (again.status, again.error) == (400, ("RefreshToken", "refresh_token", "invalid"))
    second = refresh(strava, first.json["refresh_token"])
    assert second.status == 200
    tokens = {strava.access_token, first.json["access_token"], second.json["access_token"]}
    assert len(tokens) == 3
    assert {api(strava, "/athlete", known).status for known in tokens} == {200}


def test_of_two_refreshes_at_once_one_is_refused(strava: Simulator) -> None:
    for _ in range(5):
        renewable = strava.grant().refresh_token
        with ThreadPoolExecutor(2) as pool:
            got = list(pool.map(lambda known: refresh(strava, known), [renewable] * 2))
        assert sorted(one.status for one in got) == [200, 400]


def test_a_refresh_keeps_the_scope(strava: Simulator) -> None:
    renewed = refresh(strava, strava.grant("read").refresh_token).json["access_token"]
    assert api(strava, "/athlete/activities", renewed).error[1] == "activity:read_permission"


def test_an_access_token_ends_after_six_hours_and_refreshes(strava: Simulator) -> None:
    strava.now = lambda: NINE
    grant = strava.grant()
    assert grant.expires_at == NINE + 6 * 3600
    strava.now = lambda: NINE + 6 * 3600 - 1
    assert api(strava, "/athlete", grant.access_token).status == 200
    strava.now = lambda: NINE + 6 * 3600
    over = api(strava, "/athlete", grant.access_token)
    assert (over.status, over.error) == (401, ("Athlete", "access_token", "invalid"))
    assert refresh(strava, grant.refresh_token).json["expires_at"] == NINE + 12 * 3600


def test_expired_tokens_can_be_refreshed_revoked_ones_cannot(strava: Simulator) -> None:
    strava.expire_tokens()
    assert api(strava, "/athlete").status == 401
    renewed = refresh(strava, strava.refresh_token).json
    assert api(strava, "/athlete", renewed["access_token"]).status == 200
    strava.revoke_all()
    assert api(strava, "/athlete", renewed["access_token"]).status == 401
    assert refresh(strava, renewed["refresh_token"]).status == 400


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_that_sign_in_and_no_other(strava: Simulator, kind: str) -> None:
    grant = strava.grant()
    mine = basic(strava.client_id, strava.client_secret)
    got = ask(strava, "/oauth/revoke", method="POST", form={"token": getattr(grant, kind)}, headers=mine)
    assert got.status == 200
    assert api(strava, "/athlete", grant.access_token).status == 401
    assert refresh(strava, grant.refresh_token).status == 400
    assert api(strava, "/athlete").status == 200


def test_revoking_asks_who_the_application_is(strava: Simulator) -> None:
    form = {"token": strava.access_token}
    for headers in (
        {},
        basic(strava.client_id, "x"),
        basic("1", strava.client_secret),
        {"Authorization": "Basic ü"},
    ):
        got = ask(strava, "/oauth/revoke", method="POST", form=form, headers=headers)
        assert (got.status, got.error) == (401, ("Application", "", "invalid"))
    assert api(strava, "/athlete").status == 200


def test_revoking_what_is_unknown_is_no_error(strava: Simulator) -> None:
    mine = basic(strava.client_id, strava.client_secret)
    assert ask(strava, "/oauth/revoke", method="POST", form={"token": "x"}, headers=mine).status == 200


def test_deauthorizing_the_older_way_ends_everything(strava: Simulator) -> None:
    other = strava.grant()
    got = ask(strava, "/oauth/deauthorize", method="POST", form={"access_token": strava.access_token})
    assert (got.status, got.json) == (200, {"access_token": strava.access_token})
    assert api(strava, "/athlete", other.access_token).status == 401
    again = ask(strava, "/oauth/deauthorize", method="POST", token=strava.access_token)
    assert (again.status, again.error) == (401, ("Athlete", "access_token", "invalid"))


def test_without_a_token_or_with_a_wrong_one_nothing_is_told(shared: Simulator) -> None:
    for sent in (None, "x" * 40, shared.refresh_token):
        got = ask(shared, "/api/v3/athlete", token=sent)
        assert (got.status, got.error) == (401, ("Athlete", "access_token", "invalid"))


def test_a_token_may_still_come_in_the_query_and_is_not_noted(strava: Simulator) -> None:
    assert ask(strava, f"/api/v3/athlete?access_token={strava.access_token}&x=1").status == 200
    assert strava.calls[-1].query == {"x": "1"}
