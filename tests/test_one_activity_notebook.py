"""The notebook of one activity, through the doors that are not the demo athlete's.

That it runs on her, without a warning and with its pictures, is held with all notebooks.
"""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import kernels
import nbformat
import pytest

import strava_nb as snb
from strava_nb.simulator import Simulator
from strava_nb.sources import last_export

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "02_one_activity.ipynb"
nbformats: Any = nbformat  # untyped

pytestmark = pytest.mark.slow


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs the notebook in a folder of its own; more code can come after the cell of an id."""
    kernels.own_jupyter(tmp_path, monkeypatch)

    def runs(**after: str) -> Any:
        shutil.copy(NOTEBOOK, tmp_path)
        notebook = nbformats.read(tmp_path / NOTEBOOK.name, as_version=nbformat.NO_CONVERT)
        for name, code in after.items():
            cell = next(cell for cell in notebook.cells if cell["id"] == name)
            cell.source += f"\n{code}"
        return kernels.run(notebook, tmp_path)

    return runs


def printed(notebook: Any, *, warned: int = 0) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    warnings = [output.text for output in outputs if output.get("name") == "stderr"]
    assert len(warnings) == warned, warnings
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 6
    return "".join(output.text for output in outputs if output.get("name") == "stdout")


def points(folder: Path) -> int:
    (gpx,) = folder.glob("*.gpx")
    return len(ET.parse(gpx).findall(".//{http://www.topografix.com/GPX/1/1}trkpt"))


def test_it_runs_on_an_account_and_on_what_is_picked(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Simulator(today=date.today(), activities=12) as strava:
        monkeypatch.setenv("STRAVA_NB_URL", strava.url)
        monkeypatch.setenv("STRAVA_ACCESS_TOKEN", strava.grant().access_token)
        runs = "rides = activities[activities['sport_type'].isin(['Ride', 'Run'])]\n"
        notebook = run(
            picker=f"{runs}picker.value = rides['id'].iloc[0]",
            streams="print(streams['source'].iloc[0], [*streams['activity_id'].unique()] == picker.value)",
        )
    assert printed(notebook) == "api True\n"
    assert not list(tmp_path.glob("DEMO*"))
    assert points(tmp_path) > 100


def test_it_runs_on_an_export(run: Callable[..., Any], tmp_path: Path) -> None:
    export = tmp_path / "export.zip"
    snb.open_demo().export(export, activities=12)
    last_export.remember(snb.open_export(export), browser_zone="Europe/Berlin")
    notebook = run(streams="print(type(login.source).__name__, streams['activity_id'].nunique())")
    assert printed(notebook, warned=1) == "ExportSource 1\n"  # An export's local times are a guess.
    assert points(tmp_path) > 100
