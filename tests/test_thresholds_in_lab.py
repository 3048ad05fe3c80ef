"""Thresholds and the year in a real JupyterLab: Run All keeps what was typed, and nothing of it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lab import Lab
    from photographs import Photograph

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_is_typed_is_used_by_the_next_run_and_saved_in_no_notebook(
    lab: Callable[..., Lab], photograph: Photograph
) -> None:
    from lab import dark, outputs, run_all, save
    from playwright.sync_api import expect

    one = lab(STRAVA_NB_DEMO="1")
    place = one.notebook(
        "thresholds.ipynb",
        "import strava_nb as snb\nlogin = snb.login()\nlogin",
        "me = snb.athlete_profile(login)\nme",
        'print("threshold", me.value.at("2026-06-01")["threshold_heartrate"])',
    )
    tall = one.context(viewport={"width": 1280, "height": 1900}) if photograph.wanted else None
    page = one.open("thresholds.ipynb", tall)
    run_all(page)
    expect(outputs(page).get_by_text("threshold 165.0")).to_be_visible()
    field = page.get_by_label("Threshold heart rate, bpm")
    field.fill("163.5")
    field.press("Enter")
    expect(page.get_by_text("Run the cells below again")).to_be_visible()
    run_all(page)
    expect(outputs(page).get_by_text("threshold 163.5")).to_be_visible()
    expect(field).to_have_value("163.5")
    page.get_by_role("button", name="Your year").click()
    expect(page.get_by_role("img", name="The picture to post")).to_be_visible()
    photograph(page, "lab-light.png")
    save(page)
    saved = place.read_text("utf-8").replace("threshold 163.5", "")
    assert "163.5" not in saved
    assert "iframe" not in saved
    if tall:
        dark(page)
        photograph(page, "lab-dark.png")
