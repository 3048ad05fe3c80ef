"""The promise, in a real JupyterLab: Connect, Authorize, Download, and one's own activities are a CSV."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from lab import Lab, dark, menu, outputs, run_all, save
from playwright.sync_api import BrowserContext, Download, Locator, Page, Route, expect

from strava_nb.simulator import Simulator

if TYPE_CHECKING:
    from photographs import Photograph

pytestmark = pytest.mark.browser

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "00_start_here.ipynb"
ITS_STEPS = (
    "import strava_nb as snb\nlogin = snb.login()\nlogin",
    "dates = snb.date_picker()\ndates",
    "activities = snb.get_activities(login, dates)\nsnb.readable(activities)",
    "snb.download(activities)",
)
"""The start notebook without its pictures, for what they have no part in."""

LISTENER = re.compile(r"^http://localhost:\d+/signed-in")


@pytest.fixture
def strava() -> Iterator[Simulator]:
    """A Strava whose athlete rode yesterday, since the page's clock is the real one."""
    with Simulator(today=date.today(), activities=300, seed=7) as server:
        yield server


@pytest.fixture
def keys(strava: Simulator) -> dict[str, str]:
    """Id and secret known, as the promise says."""
    return {
        "STRAVA_NB_URL": strava.url,
        "STRAVA_CLIENT_ID": strava.client_id,
        "STRAVA_CLIENT_SECRET": strava.client_secret,
    }


class Hand:
    """A person's hand on the mouse, which counts its clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1


def start(lab: Lab, context: BrowserContext | None = None) -> Page:
    shutil.copy(NOTEBOOK, lab.home)
    return lab.open(NOTEBOOK.name, context)


def connect(page: Page, hand: Hand) -> Page:
    """Strava's page, after a press of Connect."""
    with page.context.expect_page() as opened:
        hand.click(page.get_by_role("link", name="Connect with Strava"))
    return opened.value


def download(page: Page, hand: Hand, button: str = "CSV (everything)") -> Download:
    with page.expect_download() as coming:
        hand.click(page.get_by_role("button", name=button))
    return coming.value


def rows_of(file: Download) -> list[dict[str, str]]:
    with Path(file.path()).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def last_twelve_months(strava: Simulator) -> set[int]:
    """The ids that the picker's first preset means, taken straight from the simulated world."""
    today = date.today()
    start = today.replace(year=today.year - 1, day=min(today.day, 28) if today.month == 2 else today.day)
    assert strava.athlete is not None
    local = {a.id: (a.start + timedelta(seconds=a.utc_offset)).date() for a in strava.athlete.activities}
    return {number for number, day in local.items() if start < day <= today}


def test_three_clicks_from_the_start_notebook_to_ones_own_csv(
    lab: Callable[..., Lab], strava: Simulator, keys: dict[str, str], photograph: Photograph
) -> None:
    """The README's pictures are what it shows on the way."""
    one = lab(**keys)
    tall = one.context(viewport={"width": 1280, "height": 4200}) if photograph.wanted else None
    page = start(one, tall)
    if tall:
        menu(page, "View", "Appearance", "Show Left Sidebar")
    run_all(page)
    expect(outputs(page).get_by_text("DEMO").first).to_be_visible()
    whole = page.locator(".jp-NotebookPanel-notebook")
    photograph(whole, "whole/signed-out.png")
    photograph(output(page, page.get_by_role("link", name="Connect with Strava")), "1-panel.png")

    hand = Hand()
    authorize = connect(page, hand)
    hand.click(authorize.get_by_role("button", name="Authorize"))
    expect(authorize.get_by_text("Signed in as")).to_be_visible()
    authorize.close()
    expect(page.get_by_text("Run All Cells to see your own")).to_be_visible()
    run_all(page)
    photograph(page.locator(".jp-RenderedImage").first, "2-volume.png")
    file = download(page, hand)
    photograph(whole, "whole/signed-in.png")
    if tall:
        dark(page)
        photograph(whole, "whole/dark.png")
        page.set_viewport_size({"width": 480, "height": 4600})
        photograph(whole, "whole/narrow.png")

    assert hand.clicks == 3
    assert file.suggested_filename.startswith("activities_")
    rows = rows_of(file)
    assert {int(row["id"]) for row in rows} == last_twelve_months(strava)
    assert {row["source"] for row in rows} == {"api"}
    expect(outputs(page).get_by_text("DEMO", exact=True)).to_have_count(0)


def test_the_pasted_address_does_the_same_where_the_listener_is_out_of_reach(
    lab: Callable[..., Lab], strava: Simulator, keys: dict[str, str]
) -> None:
    one = lab(**keys, BINDER_LAUNCH_HOST="https://mybinder.org/", BINDER_REPO_URL="https://example.org")
    one.notebook("steps.ipynb", *ITS_STEPS)
    page = one.open("steps.ipynb")
    came: list[str] = []

    def lead_nowhere(route: Route) -> None:
        """What the browser calls localhost is not the kernel's computer: the last page does not load."""
        if route.request.method == "POST":
            came.append(route.fetch(max_redirects=0).headers["location"])
            route.abort("connectionrefused")
        else:
            route.continue_()

    run_all(page)
    hand = Hand()
    authorize = connect(page, hand)
    authorize.route(re.compile("/oauth/authorize"), lead_nowhere)
    with authorize.expect_event("requestfailed"):
        hand.click(authorize.get_by_role("button", name="Authorize"))
    assert LISTENER.match(came[0])
    page.get_by_label("Address of the page that came after Authorize").fill(came[0])
    hand.click(page.get_by_role("button", name="Sign in", exact=True))
    expect(page.get_by_text("Run All Cells to see your own")).to_be_visible()
    expect(page.get_by_text("Remember me")).to_have_count(0)
    run_all(page)
    assert {int(row["id"]) for row in rows_of(download(page, hand))} == last_twelve_months(strava)


def test_no_secret_is_left_in_the_notebook_its_checkpoint_or_the_servers_log(
    lab: Callable[..., Lab], strava: Simulator, keys: dict[str, str]
) -> None:
    one = lab(STRAVA_NB_URL=strava.url)
    page = start(one)
    one.save_widgets()
    run_all(page)
    # Typed and pasted this time, so that they pass through the page.
    page.get_by_role("button", name="My Strava account").click()
    page.get_by_label("Client ID", exact=True).fill(strava.client_id)
    page.get_by_label("Client Secret", exact=True).fill(strava.client_secret)
    page.get_by_role("button", name="Use these").click()
    authorize = connect(page, Hand())
    address = authorize.url
    came = strava.authorize(address)
    authorize.close()
    page.get_by_label("Address of the page that came after Authorize").fill(came)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Run All Cells to see your own")).to_be_visible()
    run_all(page)
    save(page)
    answer = parse_qs(urlsplit(came).query)
    seen = {address, *answer["code"], *answer["state"]}
    searched = [path for path in one.home.rglob("*") if path.is_file()]
    assert any(".ipynb_checkpoints" in str(path) for path in searched)
    saved = nbformat.read(one.home / NOTEBOOK.name, 4)
    assert saved.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    secrets = {strava.client_secret, strava.access_token, strava.refresh_token, *strava.tokens()} | seen
    for path in [*searched, one.log]:
        text = path.read_text("utf-8", "replace")
        assert not [secret for secret in secrets if secret in text], path


def test_no_secret_is_left_by_nbconvert_execute(
    strava: Simulator, keys: dict[str, str], tmp_path: Path
) -> None:
    notebook = nbformat.read(NOTEBOOK, 4)
    tokens = {"STRAVA_ACCESS_TOKEN": strava.access_token, "STRAVA_REFRESH_TOKEN": strava.refresh_token}
    nbformat.write(notebook, tmp_path / "start.ipynb")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "jupyter",
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "--inplace",
            "start.ipynb",
        ],
        cwd=tmp_path,
        env=os.environ | keys | tokens,
        capture_output=True,
        check=True,
    )
    text = (tmp_path / "start.ipynb").read_text("utf-8")
    assert "widget-state" in text
    assert "DEMO" not in "".join(str(cell.get("outputs")) for cell in nbformat.reads(text, 4).cells)
    secrets = {strava.client_secret, *tokens.values(), *strava.tokens()}
    assert not [secret for secret in secrets if secret in text]


def test_a_sign_in_revoked_meanwhile_is_said_and_brings_no_demo_data(
    lab: Callable[..., Lab], strava: Simulator, keys: dict[str, str]
) -> None:
    one = lab(**keys)
    one.notebook("steps.ipynb", *ITS_STEPS)
    page = one.open("steps.ipynb")
    run_all(page)
    hand = Hand()
    hand.click(connect(page, hand).get_by_role("button", name="Authorize"))
    expect(page.get_by_text("Run All Cells to see your own")).to_be_visible()
    strava.revoke_all()
    run_all(page)
    expect(page.locator(".jp-OutputArea-output", has_text="SignInRefused").first).to_be_visible()
    expect(page.get_by_text("Traceback (most recent call last)")).to_have_count(0)
    expect(page.get_by_text("You are not signed in.")).to_be_visible()
    expect(page.get_by_role("link", name="Connect with Strava")).to_be_visible()
    expect(page.locator(".dataframe", has_text="DEMO")).to_have_count(0)


def output(page: Page, inside: Locator) -> Locator:
    """The output in which something stands."""
    return page.locator(".jp-OutputArea-output", has=inside).first
