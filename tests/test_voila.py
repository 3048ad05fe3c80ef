"""A page that Voilà serves in our template: no code in sight, light and dark, and whatever breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from lab import expect
from playwright.sync_api import Browser
from voila_server import Voila

if TYPE_CHECKING:
    from photographs import Photograph

pytestmark = pytest.mark.browser

HELLO = 'print("what a cell says")'
PANEL = "import strava_nb as snb\nlogin = snb.login()\nlogin"
RAISES = "raise LookupError('for those who read code')"
LAST_BUTTON = """
import os, ipywidgets
button = ipywidgets.Button(description="The last one")
button.on_click(lambda _: os._exit(1))
button
"""
OF_WIDGETS = re.compile(r"/labextensions/(anywidget|@jupyter-widgets|@voila-dashboards)/")


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    folder = tmp_path_factory.mktemp("voila")
    one = Voila(folder / "pages", browser, {"STRAVA_NB_HOME": str(folder / "home")})
    yield one
    one.close()


def test_a_page_shows_what_its_cells_show_and_none_of_their_code(
    server: Voila, photograph: Photograph
) -> None:
    server.notebook("page.ipynb", HELLO, PANEL, title="A page of ours")
    context = server.context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = server.open("page.ipynb", context)
    expect(page).to_have_title("A page of ours")
    expect(page.get_by_text("what a cell says")).to_be_visible()
    expect(page.locator(".snb-login")).to_be_visible()
    photograph(page, "voila.png")
    assert "import strava_nb" not in page.content()
    extensions = [url for url in asked if "/labextensions/" in url]
    assert extensions
    assert [url for url in extensions if not OF_WIDGETS.search(url)] == [], (
        "meant for JupyterLab, and fails here"
    )


def test_what_cannot_be_shown_is_told_in_a_sentence_with_a_way_on(
    server: Voila, photograph: Photograph
) -> None:
    page = server.context().new_page()
    missing = page.goto(f"{server.url}/voila/render/nowhere.ipynb")
    assert missing and missing.status == 404
    expect(page.get_by_role("heading")).to_have_text("There is no such page here.")
    expect(page.get_by_role("link")).to_have_attribute("href", "/")
    photograph(page, "voila-missing.png")

    (server.home / "damaged.ipynb").write_text("{", encoding="utf-8")
    page.goto(f"{server.url}/voila/render/damaged.ipynb")
    expect(page.get_by_role("heading")).to_have_text("This page could not be shown.")

    server.notebook("raises.ipynb", HELLO, RAISES)
    page = server.open("raises.ipynb", page.context)
    expect(page.locator(".amiss")).to_contain_text("Something unexpected went wrong here")
    expect(page.get_by_text("what a cell says")).to_be_visible()
    photograph(page, "voila-raised.png")
    for word in ("LookupError", "show_tracebacks"):
        assert word not in page.content()


def test_when_its_kernel_or_its_server_stops_the_page_says_so(
    voila: Callable[..., Voila], photograph: Photograph
) -> None:
    server = voila()
    server.notebook("page.ipynb", LAST_BUTTON)
    page = server.open("page.ipynb")
    button = page.get_by_role("button", name="The last one")
    lost = page.locator("#lost")
    expect(button).to_be_visible()
    expect(lost).to_be_hidden()
    button.click()
    expect(page.locator(".jupyter-widgets-disconnected")).to_be_visible()
    expect(lost).to_contain_text("has stopped")
    photograph(page, "voila-stopped.png")
    again = page.get_by_role("button", name="Load again")
    with page.expect_navigation():
        again.click()
    expect(button).to_be_visible()
    expect(lost).to_be_hidden()

    server.process.terminate()
    expect(lost).to_be_visible()
    again.click()
    expect(lost).to_contain_text("is not running any more")
