"""What every test stands on: an empty environment, a home of its own, a Strava that is not Strava."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chromium import require_chromium
from hypothesis import settings

from strava_nb.simulator import Simulator
from strava_nb.sources import retries

if TYPE_CHECKING:
    from lab import Lab
    from panel_page import PartPage
    from photographs import Photograph
    from playwright.sync_api import Browser
    from start_project import Project
    from voila_server import Voila

    from strava_nb.signin.session import Session
    from strava_nb.widgets.base import Part
    from strava_nb.widgets.login import Login

# The suite finds the same today as tomorrow; `--hypothesis-profile=explore` looks further.
settings.register_profile(
    "seeded", derandomize=True, deadline=None, database=None, print_blob=False, max_examples=30
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("seeded")

# Who is started in the background of a script is told to ignore Ctrl-C, and so would be all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# jsonschema would compile 39 grammars, two seconds of every process, for addresses that nobody checks.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

TODAY = date(2026, 6, 15)
"""The day on which the tests' demo athlete lives."""


def forget_strava(patch: pytest.MonkeyPatch) -> None:
    """Take what the developer's environment tells of her own Strava out of it."""
    for name in list(os.environ):
        if name.startswith(("STRAVA_", "BINDER_")) and name != "STRAVA_NB_REQUIRE_BROWSER":
            patch.delenv(name)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One new folder after the other; they are counted, since pytest would look through all for each."""
    above = tmp_path_factory.mktemp("homes")
    return (above / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees the developer's own Strava, or another test's tokens."""
    forget_strava(monkeypatch)
    home = next(homes)
    home.mkdir()
    monkeypatch.setenv("STRAVA_NB_HOME", str(home))
    return home


@pytest.fixture
def figures_are_closed() -> Iterator[None]:
    """No test leaves a figure to the next: tests of pictures ask for it, each file of them once."""
    yield
    plt = sys.modules.get("matplotlib.pyplot")
    if plt is not None:
        plt.close("all")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits before a call is tried again."""
    monkeypatch.setattr(retries, "PAUSES", (0.0,) * len(retries.PAUSES))


@pytest.fixture
def strava() -> Iterator[Simulator]:
    """A simulated Strava of the test's own, small and quick, that faults and edits may change."""
    with Simulator(today=TODAY, activities=60) as server:
        yield server


@pytest.fixture(scope="session")
def shared_strava() -> Iterator[Simulator]:
    """One simulated Strava with the whole demo athlete, for tests that only read."""
    with Simulator(today=TODAY) as server:
        yield server


@pytest.fixture
def me(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """The kernel's sign-in at the simulated Strava, with nobody signed in yet."""
    from strava_nb.signin import session

    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    yield session.session()
    session.reset()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The computer's own Chromium; without one the test is skipped by name."""
    path = require_chromium()
    from lab import CHROMIUM_OPTIONS
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shared_lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for all tests that want one."""
    from lab import Lab

    with pytest.MonkeyPatch.context() as patch:
        forget_strava(patch)
        lab = Lab(tmp_path_factory.mktemp("lab") / "notebooks", browser, {})
    yield lab
    lab.close()


@pytest.fixture
def lab(
    browser: Browser, tmp_path: Path, own_home: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Lab]]:
    """Real JupyterLabs: `lab(STRAVA_NB_URL=…)` is one whose kernels see these variables.

    It is the one that all tests share, unless the server is given options of its own.
    """
    from lab import Lab

    started: list[Lab] = []
    lent: list[Lab] = []

    def start(*options: str, **env: str) -> Lab:
        env = {"STRAVA_NB_HOME": str(own_home), **env}
        if options:
            started.append(Lab(tmp_path / f"notebooks{len(started)}", browser, env, options))
            return started[-1]
        lent.append(request.getfixturevalue("shared_lab"))
        if getattr(request.node, "execution_count", 1) > 1:  # nobody knows how the first try left the tab
            lent[-1].give_back(tab=False)
        return lent[-1].lend(env)

    yield start
    for one in started:
        one.close()
    for one in lent[:1]:
        one.give_back()


@pytest.fixture
def voila(browser: Browser, tmp_path: Path, own_home: Path) -> Iterator[Callable[..., Voila]]:
    """Starts real Voilàs over a folder, in our template: `voila(STRAVA_NB_URL=…)`; options as for `lab`."""
    from voila_server import Voila

    started: list[Voila] = []

    def start(*options: str, **env: str) -> Voila:
        started.append(Voila(tmp_path / f"pages{len(started)}", browser, env, options))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., PartPage]]:
    """Shows a widget, or a login's panel, in a real browser without Jupyter."""
    from panel_page import PanelPage, PartPage

    from strava_nb.widgets.login import Login

    shown: list[PartPage] = []

    def shows(widget: Part | Login, **options: Any) -> PartPage:
        kind: Any = PanelPage if isinstance(widget, Login) else PartPage
        shown.append(kind(browser, widget, **{"locale": "en-GB", **options}))
        return shown[-1]

    yield shows
    for one in shown:
        one.page.context.close()


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A notebook's cell that runs from now on, or runs again; no picker remembers a pick of another test."""
    from strava_nb.widgets import activities, dates

    runs = count()

    def run(name: str) -> None:
        run = {"metadata": {"cellId": name}, "header": {"msg_id": f"run {next(runs)}"}}
        monkeypatch.setattr("strava_nb.widgets.reruns._parent", lambda: run)

    for room in (activities, dates):
        monkeypatch.setattr(room, "_picked", {})
    return run


@pytest.fixture
def known_secret(own_home: Path) -> Path:
    """What moves hidden places and dates is the same today as tomorrow, kept where a person's own is."""
    path = own_home / "privacy" / "secret"
    path.parent.mkdir()
    path.write_text("2a" * 32, "ascii")
    return path


@pytest.fixture(scope="session")
def history_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export with tracks in every format, two of them damaged."""
    from track_history import write_history

    return write_history(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="session")
def history_streams(history_zip: Path) -> dict[int, Any]:
    """Its streams by the plain way: one file after the other, nothing kept."""
    from track_history import BAD, GONE, all_of, opened

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("strava_nb.sources.track_reading.processors", lambda: 1)
        patch.setenv("BINDER_REPO_URL", "x")
        found = all_of(opened(history_zip))
    assert [number for number, payload in found.items() if payload is None] == [BAD, GONE]
    return found


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that read tracks, on a computer with two processors; none may be left."""
    from strava_nb.sources import track_reading

    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(track_reading.subprocess, "Popen", Watched)
    monkeypatch.setattr(track_reading, "processors", lambda: 2)
    yield started
    assert [one for one in started if one.poll() is None] == []
    assert not [one for one in threading.enumerate() if one.name == "strava-nb reader"]


@pytest.fixture
def one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracks are read in turn."""
    monkeypatch.setattr("strava_nb.sources.track_reading.processors", lambda: 1)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A folder with start.py and a tiny project in it."""
    from start_project import Project

    return Project(tmp_path / "Mein Ordner ü")


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One that was started once, for tests that leave its .venv as it is."""
    from start_project import Project

    project = Project(tmp_path_factory.mktemp("installed") / "Größe & Maß (2)")
    project.calls("lint")
    return project


@pytest.fixture
def photograph(pytestconfig: pytest.Config) -> Photograph:
    """Takes photographs, if anybody wants them."""
    from photographs import Photograph

    return Photograph(pytestconfig.getoption("--pictures"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="keep the photographs that browser tests take")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that drives a browser has a second try: a loaded computer can be late once, and it is told."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
