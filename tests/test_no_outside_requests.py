"""Nothing is asked of a foreign server without a click: every request is recorded, each to others refused.

JupyterLab with the first notebook is watched in `test_binder.py`, at an address of a hub.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from borders import Border, check_nothing_crossed
from conftest import TODAY
from lab import expect

import strava_nb as snb

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from voila_server import Voila

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def test_the_border_sees_what_crosses_it(browser: Browser) -> None:
    context = browser.new_context()
    border = Border(context)
    page = context.new_page()
    page.set_content('<img src="https://cdn.example/a.png"><img src="data:,">')
    page.wait_for_load_state("networkidle")
    context.close()
    assert border.outside == ["https://cdn.example/a.png"]


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
