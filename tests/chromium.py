"""The computer's own Chromium for tests that drive one: found, or missed aloud.

A file of its own, since both the fixtures and the tests of the fixtures ask for it.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "%ProgramFiles%/Google/Chrome/Application/chrome.exe",
        "%ProgramFiles(x86)%/Google/Chrome/Application/chrome.exe",
        "%LocalAppData%/Google/Chrome/Application/chrome.exe",
        "%ProgramFiles(x86)%/Microsoft/Edge/Application/msedge.exe",
        "%ProgramFiles%/Microsoft/Edge/Application/msedge.exe",
    ),
}
MISSING = "no Chromium on this computer (Debian, Ubuntu: sudo apt install chromium; Chrome and Edge do too)"


def find_chromium() -> str | None:
    """Where a Chromium, Chrome or Edge lies: on the PATH, else where its installer puts it."""
    on_path = (shutil.which(name) for name in NAMES)
    places = (os.path.expandvars(place) for place in PLACES.get(sys.platform, ()))
    usual = (place for place in places if Path(place).is_file())
    return next((found for found in (*on_path, *usual) if found), None)


def require_chromium() -> str:
    """The same, or the test is skipped by name; with STRAVA_NB_REQUIRE_BROWSER=1 it fails."""
    if found := find_chromium():
        return found
    if os.environ.get("STRAVA_NB_REQUIRE_BROWSER") == "1":
        pytest.fail(MISSING, pytrace=False)
    pytest.skip(MISSING)
