"""A browser that is there is found; one that is not is told about, and never passed over in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from chromium import MISSING, PLACES, find_chromium, require_chromium

pytestmark = pytest.mark.slow

BROWSER_TEST = """
from chromium import require_chromium

def test_that_needs_a_browser():
    assert require_chromium()
"""


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A computer without one: an empty folder is all of its PATH, and of its usual places."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(PLACES, sys.platform, ())
    monkeypatch.delenv("STRAVA_NB_REQUIRE_BROWSER", raising=False)
    return tmp_path


def test_a_browser_on_the_path_is_found(no_browser: Path) -> None:
    program = no_browser / ("chromium.exe" if os.name == "nt" else "chromium")
    program.touch(mode=0o755)
    assert require_chromium() == str(program)


def test_a_browser_in_its_usual_place_is_found(no_browser: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = no_browser / "Google Chrome"
    program.touch()
    monkeypatch.setenv("SOME_PLACE", str(no_browser))
    monkeypatch.setitem(PLACES, sys.platform, ("/nowhere/chrome", "$SOME_PLACE/Google Chrome"))
    assert find_chromium() == str(program)


def test_without_a_browser_a_test_is_skipped_by_name(no_browser: Path) -> None:
    assert find_chromium() is None
    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        require_chromium()


def test_without_a_browser_a_test_fails_where_one_is_required(
    no_browser: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_NB_REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        require_chromium()


@pytest.mark.skipif(sys.platform in PLACES, reason="its usual places cannot be emptied from outside")
@pytest.mark.parametrize(("required", "code", "outcome"), [("", 0, "SKIPPED"), ("1", 1, "FAILED")])
def test_the_summary_of_a_run_names_the_missing_browser(
    tmp_path: Path, required: str, code: int, outcome: str
) -> None:
    (tmp_path / "test_browser.py").write_text(BROWSER_TEST)
    env = {"PATH": "", "STRAVA_NB_REQUIRE_BROWSER": required, "PYTHONPATH": str(Path(__file__).parent)}
    env = {**os.environ, **env, "COLUMNS": "200"}
    command = [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", "--rootdir=.", "."]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout
    summary = done.stdout.partition("short test summary info")[2]
    assert outcome in summary
    assert MISSING in summary
