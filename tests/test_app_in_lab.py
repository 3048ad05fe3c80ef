"""The page for people who do not code, in a real JupyterLab: it runs there, and saves nothing of anyone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from strava_nb.widgets import words

if TYPE_CHECKING:
    from lab import Lab
    from photographs import Photograph

pytestmark = pytest.mark.browser


def test_it_shows_chooses_and_draws_and_its_saved_notebook_holds_no_rows(
    lab: Callable[..., Lab], photograph: Photograph
) -> None:
    from lab import run_all, save

    here = lab(STRAVA_NB_URL="http://127.0.0.1:9")
    here.notebook("app.ipynb", "import strava_nb as snb\nsnb.app()")
    page = here.open("app.ipynb")
    here.save_widgets()
    run_all(page)
    heading = page.locator(".snb-results h2")
    expect(heading).to_contain_text("DEMO")
    expect(page.locator(".snb-pictures img")).to_have_count(4)
    photograph(page.locator(".snb-app"), "whole/page-in-lab.png")
    page.get_by_role("button", name=re.compile(r"^Swims")).click()
    expect(heading).to_have_text(re.compile(r"^\d\d? activities DEMO$"))
    swims = heading.inner_text().split()[0]
    names = page.locator(".snb-rows td:nth-child(2)").all_inner_texts()
    telling = {name for name in names if len(name) > 8}
    page.get_by_role("button", name=words.PULL["press"]["pull"]).click()
    expect(page.locator(".snb-pull")).to_have_attribute("data-state", "done")
    expect(heading).to_have_text(f"{swims} activities DEMO")
    save(page)
    state = str(json.loads((here.home / "app.ipynb").read_text("utf-8"))["metadata"]["widgets"])
    assert words.APP["title"] in state and telling
    assert not [name for name in telling if name in state]
    assert "iVBORw0KGgo" not in state  # how a picture begins
