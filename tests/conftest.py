"""What every test stands on: an empty environment, a home of its own, a Strava that is not Strava."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from strava_nb.simulator import Simulator

# The suite finds the same today as tomorrow; `--hypothesis-profile=explore` looks further.
settings.register_profile("seeded", derandomize=True, deadline=None, database=None, print_blob=False)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("seeded")

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
