"""What every test stands on: an empty environment, a home of its own, a Strava that is not Strava."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chromium import require_chromium
from hypothesis import settings

from strava_nb.simulator import Simulator
from strava_nb.sources import retries

if TYPE_CHECKING:
    from lab import Lab
    from playwright.sync_api import Browser
    from voila_server import Voila

# The suite finds the same today as tomorrow; `--hypothesis-profile=explore` looks further.
settings.register_profile("seeded", derandomize=True, deadline=None, database=None, print_blob=False)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("seeded")

# Who is started in the background of a script is told to ignore Ctrl-C, and so would be all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

TODAY = date(2026, 6, 15)
"""The day on which the tests' demo athlete lives."""


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees the developer's own Strava, or another test's tokens."""
    for name in list(os.environ):
        if name.startswith(("STRAVA_", "BINDER_")) and name != "STRAVA_NB_REQUIRE_BROWSER":
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("STRAVA_NB_HOME", str(home))
    return home


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


@pytest.fixture
def lab(browser: Browser, tmp_path: Path, own_home: Path) -> Iterator[Callable[..., Lab]]:
    """Starts real JupyterLabs: `lab(STRAVA_NB_URL=…)` gives one whose kernels see these variables."""
    from lab import Lab

    started: list[Lab] = []

    def start(*options: str, **env: str) -> Lab:
        started.append(Lab(tmp_path / f"notebooks{len(started)}", browser, env, options))
        return started[-1]

    yield start
    for one in started:
        one.close()


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
def pictures(pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """Where photographs go: `--pictures FOLDER`, for whoever wants to look at them."""
    folder = Path(pytestconfig.getoption("--pictures") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="keep the photographs that browser tests take")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that drives a browser has a second try: a loaded computer can be late once, and it is told."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
