"""A page that Voilà serves in our template: no code in sight, light and dark, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab import expect
from voila_server import Voila

HELLO = 'print("what a cell says")'
PANEL = "import strava_nb as snb\nlogin = snb.login()\nlogin"


@pytest.mark.browser
def test_a_page_shows_what_its_cells_show_and_none_of_their_code(
    voila: Callable[..., Voila], pictures: Path
) -> None:
    server = voila()
    server.notebook("page.ipynb", HELLO, PANEL, title="A page of ours")
    page = server.open("page.ipynb")
    expect(page).to_have_title("A page of ours")
    expect(page.get_by_text("what a cell says")).to_be_visible()
    expect(page.locator(".snb-login")).to_be_visible()
    page.screenshot(path=pictures / "voila.png", full_page=True)
    assert "import strava_nb" not in page.content()
