"""Binder, imitated: its address, its variables, its listener out of reach, and nothing kept of anyone."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from borders import Border, check_nothing_crossed
from lab import expect, outputs, run_all
from playwright.sync_api import Page

from strava_nb.simulator import Simulator
from strava_nb.widgets import words

if TYPE_CHECKING:
    from lab import Lab

ROOT = Path(__file__).parents[1]
BASE = "/user/joe-abc/"
REPOSITORY = "https://github.com/strava-nb/strava-nb"
BINDER = {
    "BINDER_LAUNCH_HOST": "https://mybinder.org/",
    "BINDER_REPO_URL": REPOSITORY,
    "BINDER_REF_URL": f"{REPOSITORY}/tree/0123abc",
    "BINDER_REQUEST": "v2/gh/strava-nb/strava-nb/HEAD",
    "BINDER_PERSISTENT_REQUEST": "v2/gh/strava-nb/strava-nb/0123abc",
    "JUPYTERHUB_SERVICE_PREFIX": BASE,
    "JUPYTERHUB_USER": "joe-abc",
    "STRAVA_NB_HOME": "",  # unset, so that the home below is the one where things would be kept
}


@pytest.fixture
def binder(lab: Callable[..., Lab], strava: Simulator, tmp_path: Path) -> Lab:
    """A server as Binder starts one, in a home of its own."""
    home = tmp_path / "jovyan"
    home.mkdir()
    ids = {"STRAVA_CLIENT_ID": strava.client_id, "STRAVA_CLIENT_SECRET": strava.client_secret}
    here = {"STRAVA_NB_URL": strava.url, "HOME": str(home), "XDG_DATA_HOME": "", **ids}
    server = lab(f"--ServerApp.base_url={BASE}", **BINDER, **here)
    shutil.copytree(ROOT / "notebooks", server.home / "notebooks")
    return server


def sign_in_by_pasting(page: Page, strava: Simulator) -> None:
    """What Strava's last page leads to never loads: its address is all there is."""
    panel = page.locator(".snb-login")
    expect(panel.get_by_text(words.BINDER)).to_be_visible()
    expect(panel.get_by_role("checkbox")).to_have_count(0)
    connect = panel.get_by_role("link", name="Connect with Strava")
    if not connect.is_visible():
        panel.get_by_role("button", name="My Strava account").click()
    with page.context.expect_page() as opened:
        connect.click()
    pasted = panel.get_by_label(words.PANEL["paste"]["label"])
    expect(pasted).to_be_visible()
    pasted.fill(strava.authorize(opened.value.url))
    pasted.press("Enter")
    expect(panel.get_by_text("Signed in as Dana Demo.")).to_be_visible()


def check_nothing_is_kept(server: Lab, strava: Simulator) -> None:
    home = server.home.parent / "jovyan"
    assert list(home.rglob("*strava*")) == []
    secrets = [strava.client_secret, *strava.tokens()]
    for path in (one for folder in (home, server.home) for one in folder.rglob("*") if one.is_file()):
        text = path.read_text("utf-8", "replace")
        assert not [secret for secret in secrets if secret in text], path


@pytest.mark.browser
def test_in_jupyterlab_the_demo_comes_first_nothing_is_kept_and_nobody_else_is_asked(
    binder: Lab, strava: Simulator
) -> None:
    assert binder.url.endswith(BASE.rstrip("/"))
    context = binder.context()
    border = Border(context)
    page = binder.open("notebooks/00_start_here.ipynb", context)
    run_all(page)
    expect(outputs(page).get_by_text("DEMO").first).to_be_visible()
    sign_in_by_pasting(page, strava)
    run_all(page)
    expect(outputs(page).get_by_text("DEMO", exact=True)).to_have_count(0)
    check_nothing_is_kept(binder, strava)
    check_nothing_crossed(border, page)


@pytest.mark.browser
def test_the_page_is_there_in_our_template_and_nothing_is_kept(binder: Lab, strava: Simulator) -> None:
    page = binder.context().new_page()
    page.goto(f"{binder.url}/voila/render/notebooks/app.ipynb?token={binder.token}")
    expect(page.locator(".snb-results h2")).to_contain_text("DEMO")
    voilas_own = page.locator('link[href^="https:"], script[src^="https:"]')
    expect(voilas_own).to_have_count(0)
    sign_in_by_pasting(page, strava)
    expect(page.locator(".snb-results h2")).not_to_contain_text("DEMO")
    expect(page.locator(".snb-rows tbody tr").first).to_be_visible()
    check_nothing_is_kept(binder, strava)


def test_the_badges_lead_to_this_repository_and_to_notebooks_that_are_there() -> None:
    source = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Source"]
    readme = (ROOT / "README.md").read_text("utf-8")
    owner_and_name = source.removeprefix("https://github.com/")
    led_to = [
        line.partition("?urlpath=")[2]
        for line in readme.splitlines()
        if f": https://mybinder.org/v2/gh/{owner_and_name}/HEAD?" in line
    ]
    assert led_to == ["lab/tree/notebooks/00_start_here.ipynb", "voila/render/notebooks/app.ipynb"]
    assert readme.count("https://mybinder.org/v2/") == len(led_to)
    for path in led_to:
        assert (ROOT / path[path.index("notebooks/") :]).is_file()
