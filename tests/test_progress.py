"""The button Pull: what it says in each state of a pull, and that each has a way on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from panel_page import PartPage
from playwright.sync_api import expect

from strava_nb.errors import RateLimited, Unreachable
from strava_nb.sources.source import Progress
from strava_nb.widgets import words
from strava_nb.widgets.progress import PullButton
from strava_nb.widgets.pulling import Done, Failed, Nothing, Partial, Pulled, Running, State

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LATER = RateLimited("Used up.", "Run this again.", retry_at=datetime(2026, 6, 15, 13, 15, tzinfo=UTC))
STATES: dict[str, State] = {
    "idle": Nothing(),
    "running": Running(Progress("activities", 400, 1000, "93 calls left until 14:45"), 200.0, 3.0),
    "done": Done(Pulled(pd.DataFrame({"id": [1]}), (None, None))),
    "partial": Partial(Pulled(pd.DataFrame({"id": [1, 2]}), (None, None)), LATER),
    "failed": Failed(Unreachable("Strava cannot be reached.", "Look whether you are online.")),
}


@pytest.fixture
def presses() -> list[str]:
    return []


@pytest.fixture
def button(presses: list[str]) -> PullButton:
    return PullButton(lambda: presses.append("pull"), lambda: presses.append("cancel"))


def said(button: PullButton, state: State, *, demo: bool = False) -> str:
    button.tell(state, demo=demo)
    return str(button.view["said"])


def test_a_running_pull_tells_count_rate_time_to_go_and_calls_left(button: PullButton) -> None:
    assert said(button, STATES["running"]) == (
        "Getting your activities: 400 of 1,000 · 200 a second · about 3 s to go"
    )
    assert button.view["note"] == "93 calls left until 14:45."
    assert button.view["bar"] == {"done": 400, "total": 1000}


def test_what_is_not_known_is_not_told(button: PullButton) -> None:
    assert said(button, Running(Progress("activities", 0))) == "Getting your activities …"
    assert said(button, Running(Progress("activities", 200))) == "Getting your activities: 200 so far"
    assert said(button, Running(Progress("activities", 5)), demo=True).startswith(words.PULL["demo"])
    assert said(button, Running(Progress("activities", 200), stopping=True)) == words.PULL["stopping"]


@pytest.mark.parametrize(("seconds", "text"), [(40, "40 s"), (600, "10 min"), (9000, "2.5 h")])
def test_a_time_is_told_roughly(seconds: float, text: str) -> None:
    assert words.about(seconds) == text


def test_an_error_never_says_what_only_it_may_know(button: PullButton) -> None:
    button.tell(Failed(ValueError("a token of 40 letters")))
    assert "token" not in str(button.view) and "ValueError" in button.view["problem"]["what"]


@pytest.mark.browser
def test_a_press_that_changes_nothing_is_heard_and_no_patience_is_asked_for(
    browser: Browser, button: PullButton, presses: list[str]
) -> None:
    page = PartPage(browser, button)
    page.page.clock.install()
    page.page.get_by_role("button", name="Pull").click()
    page.settled()
    page.page.clock.run_for(5_000)
    assert presses == ["pull"]
    expect(page.page.get_by_text(words.PULL["patience"])).to_have_count(0)


@pytest.mark.browser
def test_each_state_has_a_way_on_that_can_be_pressed(
    browser: Browser, button: PullButton, presses: list[str]
) -> None:
    page = PartPage(browser, button, timezone_id="America/New_York", locale="en-GB")
    ways = {"idle": "Pull", "running": "Cancel", "done": "Pull", "partial": "Go on", "failed": "Try again"}
    for name, way in ways.items():
        button.tell(STATES[name])
        expect(page.page.locator(".snb-pull")).to_have_attribute("data-state", name)
        page.page.get_by_role("button", name=way, exact=True).click()
        page.settled()
        assert presses.pop() == ("cancel" if way == "Cancel" else "pull")
    button.tell(STATES["partial"])
    expect(page.page.get_by_role("alert")).to_contain_text("9:15")  # where the person is
    button.tell(Nothing(), nobody=True)
    expect(page.page.get_by_text(words.PULL["nobody"])).to_be_visible()
    expect(page.page.get_by_role("button", name="Pull", exact=True)).to_be_disabled()
