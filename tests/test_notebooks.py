"""Notebooks run from top to bottom as they lie there, and lie there clean."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from statistics import median
from typing import Any

import kernels
import nbformat
import pytest

from strava_nb.files import check_notebook
from strava_nb.simulator import Simulator

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9]*.ipynb"))
"""Those to be read; `app.ipynb` is the page for people who do not code, and has no prose."""

PAGE = FOLDER / "app.ipynb"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
nbformats: Any = nbformat  # untyped
SECRET = re.compile(r"\b[0-9a-f]{40}\b")
"""What the simulator's tokens, codes and secrets look like, and Strava's own."""
PICTURE = re.compile(r"snb\.plots\.(?!web_map)|\.picture$", re.MULTILINE)
"""What is one picture each in a cell's code; a web map is a page."""

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
and_the_page = pytest.mark.parametrize("path", [*NOTEBOOKS, PAGE], ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return nbformats.read(path, as_version=nbformat.NO_CONVERT)


def cells(path: Path, kind: str) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == kind]


def pictures(outputs: list[Any]) -> list[Any]:
    return [output for output in outputs if "image/png" in output.get("data", {})]


def in_widgets(notebook: Any) -> list[Any]:
    """What was shown inside widgets, such as by `interact`."""
    widgets = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    states = [widget["state"] for widget in widgets.get("state", {}).values()]
    return [output for state in states for output in state.get("outputs", [])]


@pytest.fixture(autouse=True)
def own_jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernels.own_jupyter(tmp_path, monkeypatch)


def test_there_are_notebooks() -> None:
    assert {path.name for path in NOTEBOOKS} >= {
        "00_start_here.ipynb",
        "01_without_the_api.ipynb",
        "03_your_year.ipynb",
        "04_am_i_getting_fitter.ipynb",
        "05_how_fast_am_i.ipynb",
        "06_where_have_i_been.ipynb",
        "07_your_own_question.ipynb",
        "90_the_blog_post.ipynb",
    }


@pytest.mark.slow
@and_the_page
def test_it_runs_from_top_to_bottom_without_a_warning_or_a_secret(path: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    shutil.copy(path, work)
    notebook = kernels.run(read(work / path.name), work)

    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs, "nothing is shown"
    moved = 0
    for cell in notebook.cells:
        source = cell.source if cell.cell_type == "code" else ""
        drawn = len(PICTURE.findall(source))
        by_hand = "interact(" in source  # What a slider moves is in its widget, not in the cell.
        assert len(pictures(cell.get("outputs", []))) == (0 if by_hand else drawn)
        moved += drawn if by_hand else 0
    assert len(pictures(in_widgets(notebook))) == moved
    warned = [output.text for output in outputs if output.get("name") == "stderr"]
    assert not warned
    left = [file.read_text("utf-8") for file in work.rglob("*.csv")]
    assert not SECRET.search(json.dumps(notebook)) and not SECRET.search("\n".join(left))
    nbformats.write(notebook, work / path.name)
    assert check_notebook(work / path.name) == []


def test_a_secret_would_be_found() -> None:
    with Simulator(activities=1) as strava:
        grant = strava.grant()
        for secret in (grant.access_token, grant.refresh_token, strava.client_secret):
            assert SECRET.search(json.dumps({"text": f"Bearer {secret}"}))


@and_the_page
def test_it_is_stored_without_outputs_counts_widgets_or_versions(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    served = {"title": "Your Strava activities", "voila": {"template": "strava-nb"}} if path == PAGE else {}
    assert notebook.metadata == {"kernelspec": KERNELSPEC, **served}
    for cell in notebook.cells:
        assert cell.metadata == {}
        assert not cell.get("outputs") and cell.get("execution_count") is None


@and_the_page
def test_each_cell_keeps_an_id_of_its_own(path: Path) -> None:
    ids = [cell["id"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    assert len(set(ids)) == len(ids)


@every_notebook
def test_it_begins_with_a_title_and_what_will_be_seen(path: Path) -> None:
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert "You will" in first.source and "\n- " in first.source


@every_notebook
def test_its_code_is_short_and_told_in_prose(path: Path) -> None:
    code = [source.splitlines() for source in cells(path, "code")]
    assert median(len(lines) for lines in code) <= 2
    assert max(len(lines) for lines in code) <= 6
    assert len(cells(path, "markdown")) >= len(code)


@every_notebook
def test_its_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", "\n".join(cells(path, "markdown"))):
        assert target.startswith("https://") or (FOLDER / target).exists(), target
