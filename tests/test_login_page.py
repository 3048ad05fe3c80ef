"""The sign-in panel in a real browser, and in a real JupyterLab where that matters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

import strava_nb as snb
from strava_nb.simulator import Simulator
from strava_nb.widgets import words

if TYPE_CHECKING:
    from lab import Lab
    from panel_page import PanelPage

    Start = Callable[..., Lab]

pytestmark = pytest.mark.browser

PANEL = "import strava_nb as snb\nlogin = snb.login()\nlogin"
SOURCE = "print('source:', login.source.name)"
WAIT = """import threading
signed_in = threading.Event()
stop = login.session.watch(lambda state: type(state).__name__ == "SignedIn" and signed_in.set())
print("signed in meanwhile:", signed_in.wait(60))"""
PATIENCE = 60_000


def ids(strava: Simulator) -> dict[str, str]:
    return {"STRAVA_CLIENT_ID": strava.client_id, "STRAVA_CLIENT_SECRET": strava.client_secret}


def panel(page: Page) -> Locator:
    found = page.locator(".snb-login")
    expect(found).to_be_visible(timeout=PATIENCE)
    return found


def authorize(page: Page, *, press: Callable[[], None]) -> Page:
    """Do what a person does on the page that comes; it is the tab that came then."""
    with page.context.expect_page() as opened:
        press()
    tab = opened.value
    tab.get_by_role("button", name="Authorize").click()
    return tab


def connect(page: Page) -> Locator:
    link = panel(page).get_by_role("link", name="Connect with Strava", exact=True)
    expect(link).to_have_attribute("href", re.compile("/oauth/authorize"), timeout=PATIENCE)
    return link


def says(page: Page, text: str | re.Pattern[str]) -> None:
    expect(panel(page).get_by_role("status")).to_have_text(text, timeout=PATIENCE)


def test_connect_authorize_and_run_again_shows_ones_own(lab: Start, strava: Simulator) -> None:
    from lab import run_all

    here = lab(STRAVA_NB_URL=strava.url, **ids(strava))
    here.notebook("a.ipynb", PANEL, SOURCE)
    page = here.open("a.ipynb")
    run_all(page)
    expect(page.get_by_text("source: demo")).to_be_visible()
    says(page, words.OUT_DEMO)
    tab = authorize(page, press=connect(page).click)
    expect(tab.get_by_role("heading", name="Signed in as Dana Demo")).to_be_visible(timeout=PATIENCE)
    assert "code=" not in tab.url
    says(page, "Signed in as Dana Demo.")
    run_all(page)
    expect(page.get_by_text("source: api")).to_be_visible()
    panel(page).get_by_role("button", name="Sign out").click()
    says(page, words.SIGNED_OUT)
    run_all(page)
    expect(page.get_by_text("source: demo")).to_be_visible()


def test_connect_works_while_a_cell_still_runs(lab: Start, strava: Simulator) -> None:
    from lab import menu

    here = lab(STRAVA_NB_URL=strava.url, **ids(strava))
    here.notebook("a.ipynb", PANEL, WAIT)
    page = here.open("a.ipynb")
    menu(page, "Run", "Run All Cells")
    authorize(page, press=connect(page).click)
    says(page, "Signed in as Dana Demo.")
    expect(page.get_by_text("signed in meanwhile: True")).to_be_visible(timeout=PATIENCE)


@pytest.mark.usefixtures("me")
def test_by_keyboard_alone(show: Callable[..., PanelPage], strava: Simulator) -> None:
    page = show(snb.login()).page
    panel(page).get_by_role("button", name=re.compile("^My Strava account")).focus()
    page.keyboard.press("Enter")
    field = panel(page).get_by_label("Client ID")
    while not field.evaluate("node => node === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type(strava.client_id)
    page.keyboard.press("Tab")
    page.keyboard.type(strava.client_secret)
    page.keyboard.press("Enter")
    link = connect(page)
    expect(link).to_be_focused()
    expect(panel(page).get_by_label("Client Secret")).to_have_value("")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    redirect = strava.authorize(opened.value.url)
    opened.value.close()
    paste = panel(page).get_by_label(words.PANEL["paste"]["label"])
    while not paste.evaluate("node => node === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.insert_text(redirect)
    page.keyboard.press("Enter")
    says(page, "Signed in as Dana Demo.")


@pytest.mark.usefixtures("me")
def test_on_binder_the_address_is_pasted_and_nobody_remembered(
    show: Callable[..., PanelPage], strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"BINDER_LAUNCH_HOST": "https://mybinder.org/", **ids(strava)}.items():
        monkeypatch.setenv(name, value)
    page = show(snb.login()).page
    expect(panel(page).get_by_text(words.BINDER)).to_be_visible()
    expect(panel(page).get_by_role("checkbox")).to_have_count(0)
    with page.context.expect_page() as opened:
        connect(page).click()
    redirect = strava.authorize(opened.value.url)
    field = panel(page).get_by_label(words.PANEL["paste"]["label"])
    field.fill("hello")
    field.press("Enter")
    expect(panel(page).get_by_role("alert")).to_contain_text("That is not an address.")
    field.fill(redirect)
    field.press("Enter")
    says(page, "Signed in as Dana Demo.")


def test_at_a_phones_width_and_in_each_theme_it_can_be_read(lab: Start, strava: Simulator) -> None:
    from lab import dark, run_all

    here = lab(STRAVA_NB_URL=strava.url, **ids(strava))
    here.notebook("a.ipynb", PANEL)
    page = here.open("a.ipynb", here.context())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    run_all(page)
    connect(page)
    page.keyboard.press("Control+b")  # Lab's own side bar would take all of a phone.
    for theme in ("light", "dark"):
        if theme == "dark":
            page.set_viewport_size({"width": 1280, "height": 844})
            dark(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_function("document.querySelector('.snb-login').offsetWidth < 350")
        for door in words.PANEL["doors"].values():
            button = panel(page).get_by_role("button", name=re.compile(f"^{door['title']}"))
            if button.get_attribute("aria-expanded") == "false":
                button.click()
            assert panel(page).evaluate("node => node.scrollWidth <= node.clientWidth"), (theme, door)
            assert not panel(page).evaluate(DIM), (theme, door)
    assert not [one for one in asked if not one.startswith((here.url, "data:", "blob:", "ws"))]


DIM = """panel => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
  const dim = [];
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !node.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) dim.push(texts.currentNode.data);
  }
  return dim.join();
}"""
"""The texts whose contrast is below WCAG's AA, joined."""
