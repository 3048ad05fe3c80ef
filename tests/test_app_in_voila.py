"""The page for people who do not code, in a real Voilà: clicks, bytes, and a way on from everything."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from exports import RIDE, RUN, export_csv, export_files
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, ViewportSize, expect
from sparse_zip import write_export

from strava_nb.simulator import Simulator
from strava_nb.widgets import words

if TYPE_CHECKING:
    from photographs import Photograph
    from voila_server import Voila

pytestmark = pytest.mark.browser

WIDE, PHONE = 1280, 360
"""Pixels."""

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "app.ipynb"
A_FEW_MEGABYTES = 4_000_000
LATE = """import pandas as pd
from strava_nb.widgets.progress import PullButton
from strava_nb.widgets.pulling import Done, Pulled

class Late(PullButton):
    def get_state(self, key=None, drop_defaults=False):
        state = super().get_state(key, drop_defaults)
        return state if key else state | before  # Whoever asks for all is told a moment too early.

before = {}
late = Late(lambda: None, lambda: None)
before["view"] = late.view
late.tell(Done(Pulled(pd.DataFrame(), (None, None))))
late"""


@pytest.fixture(scope="module")
def world() -> Iterator[Simulator]:
    """A Strava whose athlete rode yesterday, since the page's clock is the real one."""
    with Simulator(today=date.today(), activities=300, seed=7) as server:
        yield server


@pytest.fixture(scope="module")
def server(browser: Browser, world: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    """One Voilà for all who sign in: each page has a kernel of its own."""
    from voila_server import Voila

    folder = tmp_path_factory.mktemp("voila")
    known = {"STRAVA_CLIENT_ID": world.client_id, "STRAVA_CLIENT_SECRET": world.client_secret}
    here = {"STRAVA_NB_URL": world.url, "STRAVA_NB_HOME": str(folder / "home")}
    one = Voila(folder / "pages", browser, {**known, **here})
    (one.home / "app.ipynb").write_bytes(NOTEBOOK.read_bytes())
    yield one
    one.close()


@pytest.fixture
def strava(world: Simulator, server: Voila) -> Iterator[Simulator]:
    """That Strava, of which nothing is kept yet."""
    shutil.rmtree(server.home.parent / "home", ignore_errors=True)
    yield world
    world.faults.clear()


class Hand:
    """A person's hand on the mouse, which counts its clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1


def sign_in(page: Page, hand: Hand) -> None:
    """Connect here, Authorize on Strava's page."""
    with page.context.expect_page() as opened:
        hand.click(page.get_by_role("link", name="Connect with Strava"))
    hand.click(opened.value.get_by_role("button", name="Authorize"))
    expect(opened.value.get_by_text("Signed in as")).to_be_visible()
    opened.value.close()


def save_csv(page: Page, hand: Hand) -> list[dict[str, str]]:
    with page.expect_download() as coming:
        hand.click(page.get_by_role("button", name="CSV (everything)"))
    return rows_of(coming.value)


def rows_of(file: Download) -> list[dict[str, str]]:
    with Path(file.path()).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def heading(page: Page) -> Locator:
    return page.locator(".snb-results h2")


def all_pictures(page: Page) -> Locator:
    drawn = page.locator(".snb-pictures img")
    expect(drawn).to_have_count(4)
    return drawn


def window(width: int, photograph: Photograph) -> ViewportSize:
    """A window of a page that is photographed shows it to its end, which takes long to draw."""
    return {"width": width, "height": (2600 if width == WIDE else 4800) if photograph.wanted else 900}


def opened(server: Voila, photograph: Photograph, width: int = WIDE, **look: Any) -> Page:
    return server.open("app.ipynb", server.context(viewport=window(width, photograph), **look))


def test_three_clicks_from_the_open_page_to_ones_own_csv(
    server: Voila, strava: Simulator, photograph: Photograph
) -> None:
    page = opened(server, photograph)
    expect(heading(page)).to_contain_text("DEMO")
    hand = Hand()
    strava.faults.add("slow", times=None, path="/athlete/activities", seconds=1.5)
    sign_in(page, hand)
    expect(page.get_by_text(words.PULL["yours"])).to_be_visible()
    expect(heading(page)).to_have_count(0)
    photograph(page, "whole/page-2-pulling.png")
    strava.faults.clear()
    expect(heading(page)).to_have_text(re.compile(r"^\d+ activities$"))
    rows = save_csv(page, hand)

    assert hand.clicks == 3
    assert {row["source"] for row in rows} == {"api"}
    assert len(rows) == int(heading(page).inner_text().split()[0]) > 50
    for picture in all_pictures(page).all():
        assert picture.get_attribute("alt")
    photograph(page, "whole/page-3-pulled.png")
    assert page.locator(".snb-rows tbody tr").count() == 20
    page.get_by_role("button", name=words.RESULTS["more"]).click()
    expect(page.locator(".snb-rows tbody tr").nth(60)).to_be_attached()
    page.get_by_role("button", name="Runs").click()
    expect(page.locator(".snb-rows tbody td:nth-child(3)", has_text="Ride")).to_have_count(0)
    expect(page.get_by_role("button", name="Runs")).to_have_attribute("aria-pressed", "true")


def test_what_changes_while_the_page_is_loading_is_not_missed(server: Voila) -> None:
    server.notebook("late.ipynb", LATE)
    page = server.open("late.ipynb")
    expect(page.get_by_text(words.PULL["done"])).to_be_visible()


def test_failed_and_waiting_and_stopped_it_always_leads_on(
    server: Voila, strava: Simulator, photograph: Photograph
) -> None:
    page = opened(server, photograph)
    expect(heading(page)).to_contain_text("DEMO")
    strava.faults.add("html502", times=None, path="/athlete/activities")
    sign_in(page, Hand())
    again = page.get_by_role("button", name=words.PULL["press"]["again"])
    expect(again).to_be_visible()
    expect(page.locator(".snb-pull .snb-problem")).to_be_visible()
    photograph(page, "whole/page-4-failed.png")
    strava.faults.clear()
    strava.faults.add("429", times=None, path="/athlete/activities")
    again.click()
    expect(page.get_by_text(re.compile(r"used up: \d+:\d\d to go, until \d\d:\d\d"))).to_be_visible()
    photograph(page, "whole/page-5-waiting.png")
    page.get_by_role("button", name=words.PULL["cancel"]).click()
    expect(page.get_by_text(words.PULL["empty"])).to_be_visible()
    expect(page.get_by_role("button", name=words.PULL["press"]["go_on"])).to_be_enabled()
    photograph(page, "whole/page-6-cancelled.png")
    page.get_by_role("button", name="Sign out").click()
    expect(heading(page)).to_contain_text("DEMO")


def test_on_a_phone_nothing_is_wider_than_the_screen_and_dark_is_dark(
    server: Voila, strava: Simulator, photograph: Photograph
) -> None:
    page = opened(server, photograph, PHONE, color_scheme="dark")
    expect(heading(page)).to_contain_text("DEMO")
    all_pictures(page)
    photograph(page, "whole/page-7-phone-dark.png")
    page.emulate_media(color_scheme="light")
    photograph(page, "whole/page-8-phone.png")
    wider = page.evaluate(
        """() => [...document.querySelectorAll("#rendered_cells *")].filter((one) =>
             !one.closest(".snb-rows, [hidden]") && one.getBoundingClientRect().right > innerWidth + 1)
             .map((one) => one.className)"""
    )
    assert wider == []
    page.get_by_role("button", name=words.YEAR["make"], exact=True).click()
    expect(page.locator(".snb-year iframe")).to_be_visible()
    page.set_viewport_size(window(WIDE, photograph))
    photograph(page, "whole/page-1-demo.png")
    page.emulate_media(color_scheme="dark")
    photograph(page, "whole/page-9-dark.png")


def half_a_gigabyte(path: Path, rides: int) -> Path:
    """An export of so many rides and two activities more, whose tracks nobody reads."""
    many = [
        RIDE | {"id": str(17_000_000_100 + one), "name": f"<b>Ride {one}</b>", "filename": ""}
        for one in range(rides)
    ]
    return write_export(path, export_files(export_csv(RIDE, RUN, *many)).items(), hole=500 * 2**20)


def bytes_sent(context: BrowserContext) -> list[int]:
    """How long each message is that pages of this browser send to their kernels."""
    sent: list[int] = []

    def count(frame: bytes | str) -> None:
        sent.append(len(frame))

    context.on("page", lambda page: page.on("websocket", lambda socket: socket.on("framesent", count)))
    return sent


def test_two_clicks_from_the_open_page_to_the_csv_of_half_a_gigabyte_chosen_or_dropped(
    voila: Callable[..., Voila], tmp_path: Path, photograph: Photograph
) -> None:
    from panel_page import drop

    server = voila(STRAVA_NB_URL="http://127.0.0.1:9")
    (server.home / "app.ipynb").write_bytes(NOTEBOOK.read_bytes())
    context = server.context(viewport=window(WIDE, photograph))
    sent = bytes_sent(context)
    page = server.open("app.ipynb", context)
    expect(heading(page)).to_contain_text("DEMO")
    expect(page.get_by_role("button", name="CSV (everything)")).to_be_visible()
    photograph(page, "3-page.png", clip={"x": 80, "y": 0, "width": 1120, "height": 1640})
    pull, main = page.get_by_role("button", name="Pull", exact=True), re.compile(r"\bsnb-main\b")
    expect(pull).not_to_have_class(main)
    page.get_by_label("Dates", exact=True).select_option("everything")
    expect(pull).to_have_class(main)
    hand = Hand()
    with page.expect_file_chooser() as choosing:
        hand.click(page.get_by_role("button", name="Choose the zip"))
    choosing.value.set_files(half_a_gigabyte(tmp_path / "export_1.zip", 500))
    expect(heading(page)).to_have_text("502 activities")
    rows = save_csv(page, hand)

    assert hand.clicks == 2
    assert len(rows) == 502 and {row["source"] for row in rows} == {"export"}
    assert 10_000 < sum(sent) < A_FEW_MEGABYTES
    expect(page.locator(".snb-rows").get_by_text("<b>Ride 499</b>")).to_be_attached()
    all_pictures(page)
    photograph(page, "whole/page-10-export.png")

    drop(page, half_a_gigabyte(tmp_path / "export_2.zip", 300), page.locator(".snb-login"))
    expect(heading(page)).to_have_text("302 activities")
    assert len(save_csv(page, hand)) == 302
    assert sum(sent) < A_FEW_MEGABYTES
