"""The sliders and lists of the notebooks in a real JupyterLab: a choice draws another picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lab import idle, run_all
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from photographs import Photograph

FOLDER = Path(__file__).parents[1] / "notebooks"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def cell_of(notebook: str, name: str) -> str:
    (path,) = FOLDER.glob(f"{notebook}_*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "".join(next(cell["source"] for cell in cells if cell["id"] == name))


def picture(cell: Locator) -> str:
    """The one picture below the controls, once it is there."""
    shown = cell.locator("img")
    expect(shown).to_have_count(1)
    return str(shown.get_attribute("src"))


def another_picture(page: Page, cell: Locator, before: str) -> str:
    """The picture that comes in the place of the one before."""
    expect(cell.locator(f'img[src="{before}"]')).to_have_count(0)
    idle(page)
    expect(cell.locator(".jp-RenderedText[data-mime-type*=stderr]")).to_have_count(0)
    after = picture(cell)
    assert after != before
    return after


def test_a_choice_draws_another_picture_in_the_place_of_the_last(
    lab: Callable[..., Any], photograph: Photograph
) -> None:
    here = lab(STRAVA_NB_DEMO="1")
    here.notebook(
        "choices.ipynb",
        f"{cell_of('04', 'imports')}\nactivities = snb.get_activities(snb.login(), 2026, progress=False)",
        cell_of("03", "cumulative"),
        cell_of("04", "heartbeat"),
        cell_of("06", "overlay"),
    )
    tall = here.context(viewport={"width": 1280, "height": 2200}) if photograph.wanted else None
    page = here.open("choices.ipynb", tall)
    run_all(page)
    years, beats, ways = (page.locator(".jp-CodeCell").nth(number) for number in (1, 2, 3))

    first = picture(years)
    years.locator("select").first.select_option("time")
    by_time = another_picture(page, years, first)
    years.locator("select").nth(1).select_option("Run")
    another_picture(page, years, by_time)

    first = picture(beats)
    beats.locator("select").select_option("rides")
    of_rides = another_picture(page, beats, first)
    beats.locator(".noUi-handle").press("ArrowRight")
    expect(beats.locator(".widget-readout")).to_have_text("35")
    another_picture(page, beats, of_rides)

    first = picture(ways)
    ways.locator("select").select_option("Run")
    another_picture(page, ways, first)
    photograph(page, "choices.png")
