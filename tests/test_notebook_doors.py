"""The notebooks that ask one question each, through the doors that are not the demo athlete's.

That they run on her, in a kernel, is held with all notebooks. Here their code runs in this process, which
is quicker, with every choice of their sliders and lists: nothing breaks, no picture is empty without a
sentence, and the demo mark is where the rows are the demo athlete's and nowhere else.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

import strava_nb as snb
from strava_nb.errors import StravaNbWarning
from strava_nb.signin import session
from strava_nb.simulator import Simulator
from strava_nb.simulator.archive import write_export
from strava_nb.sources import last_export
from strava_nb.sources.api import ApiSource
from strava_nb.sources.archive import ExportSource

pytestmark = pytest.mark.slow

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("0[3-7]_*.ipynb"))
ENOUGH = 45
"""Activities of each door's athlete, two months of them."""
ON_THE_DEMO_ATHLETE = {"heat-picture"}
"""Cells that are about her where the API tells nothing, which is said before."""

every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(today=date.today(), activities=ENOUGH) as strava:
        yield strava


@pytest.fixture(scope="module")
def export_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where an export lies that was open last, its tracks read."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRAVA_NB_HOME", str(home))
        path = write_export(home / "export_1.zip", activities=ENOUGH)
        export = snb.open_export(path, timezone="Europe/Berlin")
        export.read_tracks()
        last_export.remember(export, browser_zone="Europe/Berlin")
    return home


@pytest.fixture(autouse=True)
def signed_out() -> Iterator[None]:
    yield
    session.reset()
    plt.close("all")


def every_choice(draw: Callable[..., None], **controls: Any) -> None:
    """Stands in for `interact`, which tells no test what went wrong: the first choice of all, then each."""
    choices = {name: _choices(one) for name, one in controls.items()}
    first = {name: one[0] for name, one in choices.items()}
    draw(**first)
    for name, others in choices.items():
        for other in others[1:]:
            draw(**first | {name: other})


def _choices(control: Any) -> list[Any]:
    if isinstance(control, ipywidgets.IntSlider):
        return [control.value, control.min, control.max]
    return list(control.values() if isinstance(control, dict) else control)


def pictures_of(
    notebook: Path, folder: Path, patch: pytest.MonkeyPatch, *, door: type
) -> dict[str, list[Figure]]:
    """Run from top to bottom in a folder of its own, through that door: what each cell draws."""
    patch.chdir(folder)
    patch.setattr(ipywidgets, "interact", every_choice)
    known: dict[str, Any] = {}
    drawn: dict[str, list[Figure]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StravaNbWarning)  # such as that local times are a guess
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), known)
                drawn[cell["id"]] = [plt.figure(number) for number in plt.get_fignums()]
                plt.close("all")
    assert type(known["login"].source) is door
    if "temporary" in known:  # a kernel's end would take it away
        known["temporary"].cleanup()
    return drawn


def says_demo(figure: Figure) -> bool:
    return bool(figure.findobj(lambda artist: artist.get_gid() == "demo"))


def check_pictures(drawn: dict[str, list[Figure]], *, demo: set[str]) -> None:
    assert sum(map(len, drawn.values())) > 0
    for cell, figures in drawn.items():
        for figure in figures:
            assert any(ax.has_data() or ax.texts for ax in figure.axes), f"{cell} is empty and says nothing"
            assert says_demo(figure) == (cell in demo), cell


@every_notebook
def test_it_runs_on_an_account_and_nothing_of_it_is_called_demo(
    notebook: Path,
    account: Simulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("STRAVA_NB_URL", account.url)
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", account.grant().access_token)
    drawn = pictures_of(notebook, tmp_path, monkeypatch, door=ApiSource)
    check_pictures(drawn, demo=ON_THE_DEMO_ATHLETE)
    assert not list(tmp_path.glob("DEMO*"))
    told = "These activities tell nothing of the weather" in capsys.readouterr().out
    assert told == bool(ON_THE_DEMO_ATHLETE & drawn.keys())


@every_notebook
def test_it_runs_on_an_export_whose_tracks_were_read(
    notebook: Path,
    export_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("STRAVA_NB_HOME", str(export_home))
    drawn = pictures_of(notebook, tmp_path, monkeypatch, door=ExportSource)
    check_pictures(drawn, demo=set(drawn))  # it is the demo athlete's
    assert all(path.name.startswith("DEMO") for path in tmp_path.iterdir())
    assert "nothing of the weather" not in capsys.readouterr().out
