"""Nothing is asked of a foreign server without a click: every request is recorded, each to others refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from conftest import TODAY
from lab import expect, outputs, run_all
from playwright.sync_api import BrowserContext, Page, Route

import strava_nb as snb
from strava_nb.served import is_loopback

if TYPE_CHECKING:
    from lab import Lab
    from playwright.sync_api import Browser
    from voila_server import Voila

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
OF_THE_PAGE_ITSELF = ("data", "blob", "file", "about")


class Border:
    """What crosses the border of this computer, which nothing may."""

    def __init__(self, context: BrowserContext) -> None:
        self.inside: set[str] = set()
        self.outside: list[str] = []
        context.route("**/*", self._request)
        context.on("page", lambda page: page.on("websocket", lambda socket: self._note(socket.url)))

    def _note(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.scheme in OF_THE_PAGE_ITSELF or is_loopback(parts.hostname or ""):
            self.inside.add(parts.path)
            return True
        self.outside.append(url)
        return False

    def _request(self, route: Route) -> None:
        if self._note(route.request.url):
            route.continue_()
        else:
            route.abort()


def check_nothing_crossed(border: Border, page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert border.inside, "it was not watched"
    assert border.outside == []


def test_the_border_sees_what_crosses_it(browser: Browser) -> None:
    context = browser.new_context()
    border = Border(context)
    page = context.new_page()
    page.set_content('<img src="https://cdn.example/a.png"><img src="data:,">')
    page.wait_for_load_state("networkidle")
    context.close()
    assert border.outside == ["https://cdn.example/a.png"]


def test_jupyterlab_with_the_first_notebook_run_asks_nobody(lab: Callable[..., Lab]) -> None:
    here = lab()
    shutil.copy(NOTEBOOKS / "00_start_here.ipynb", here.home)
    context = here.context()
    border = Border(context)
    page = here.open("00_start_here.ipynb", context)
    run_all(page)
    expect(outputs(page).get_by_text("DEMO").first).to_be_visible()
    check_nothing_crossed(border, page)


def test_the_page_served_by_voila_asks_nobody(voila: Callable[..., Voila]) -> None:
    here = voila()
    shutil.copy(NOTEBOOKS / "app.ipynb", here.home)
    context = here.context()
    border = Border(context)
    page = here.open("app.ipynb", context)
    expect(page.locator(".snb-pictures img")).to_have_count(4)
    check_nothing_crossed(border, page)
    missing = page.goto(f"{here.url}/voila/render/nowhere.ipynb")
    assert missing and missing.status >= 400
    assert border.outside == []


def test_saved_pages_opened_from_a_file_ask_nobody(browser: Browser, tmp_path: Path) -> None:
    demo = snb.open_demo(today=TODAY)
    activities = snb.get_activities(demo, 2026, progress=False)
    tracks = snb.get_streams(demo, activities.head(2), progress=False)
    saved: list[tuple[str, Any]] = [
        ("report.html", lambda path: snb.report(activities, path)),
        ("year.html", lambda path: snb.your_year(activities, 2026).save(path)),
        ("map.html", lambda path: snb.plots.web_map(tracks).save(path)),
    ]
    for name, save in saved:
        save(tmp_path / name)
        context = browser.new_context()
        border = Border(context)
        page = context.new_page()
        page.goto((tmp_path / name).as_uri())
        check_nothing_crossed(border, page)
        context.close()
