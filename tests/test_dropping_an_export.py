"""A person's own export of half a gigabyte in a real JupyterLab: chosen, shown, downloaded, and counted."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from exports import RIDE, RUN, export_csv, export_files, gpx
from playwright.sync_api import expect
from sparse_zip import write_export

from strava_nb.widgets import words

if TYPE_CHECKING:
    from lab import Lab
    from photographs import Photograph

pytestmark = pytest.mark.browser

CELLS = (
    "import strava_nb as snb\nlogin = snb.login()\nlogin",
    "activities = snb.get_activities(login)\nsnb.readable(activities)",
    "mine = activities[activities['source'] == 'export']\n"
    "print('bytes sent:', login.panel.sent)\nprint('samples:', len(snb.get_streams(login, mine)))",
    "snb.download(activities)",
)


def ride(number: int) -> dict[str, object]:
    return RIDE | {"id": str(17_000_000_100 + number), "name": f"Ride {number}", "filename": ""}


def test_half_a_gigabyte_is_dropped_shown_and_downloaded(
    lab: Callable[..., Lab], tmp_path: Path, photograph: Photograph
) -> None:
    from lab import dark, run_all
    from panel_page import drop

    table = export_csv(RIDE, RUN | {"filename": "activities/900002.gpx"}, *map(ride, range(500)))
    files = export_files(table) | {"activities/900002.gpx": gpx("2026-07-06T06:00:00Z")}
    path = write_export(tmp_path / "export_4242.zip", files.items(), hole=500 * 2**20)
    with zipfile.ZipFile(path) as archive:
        lists, tracks = (
            sum(archive.getinfo(name).compress_size for name in files if re.search(pattern, name))
            for pattern in (r"^(activities|bikes|shoes)\.csv$", r"\.gpx$")
        )
    here = lab(STRAVA_NB_URL="http://127.0.0.1:9")
    here.notebook("a.ipynb", *CELLS)
    page = here.open("a.ipynb", here.context() if photograph.wanted else None)
    run_all(page)
    panel = page.locator(".snb-login")
    panel.get_by_role("button", name="My Strava export").click()
    photograph(panel, "export-1-card.png")
    drop(page, path, panel.locator(".snb-drop"))
    expect(panel.get_by_role("status").first).to_have_text(words.OPENED)
    photograph(panel, "export-2-open.png")
    run_all(page)
    expect(page.get_by_text("Ride 499").first).to_be_visible()
    expect(page.get_by_text(f"bytes sent: {lists}")).to_be_visible()
    panel.get_by_role("button", name=re.compile("Read the tracks too")).click()
    expect(panel).to_contain_text(words.PANEL["export"]["done"])
    run_all(page)
    expect(page.get_by_text(f"bytes sent: {lists + tracks}")).to_be_visible()
    expect(page.get_by_text("samples: 10")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV (everything)").click()
    downloaded = pd.read_csv(saved.value.path())
    assert len(downloaded) == 502
    assert set(downloaded["source"]) == {"export"}
    if photograph.wanted:
        dark(page)
        photograph(panel, "export-3-dark.png")
