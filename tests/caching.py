"""What the tests of the cache keep, and another kernel that has the same home."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

URL = "https://strava.example"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC).timestamp()
DAY = 86400
MARK = b"Morning Ride of somebody who wants to be forgotten"


def activity(id_: int, start: float, name: str = "Ride") -> bytes:
    zulu = f"{datetime.fromtimestamp(start, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps({"id": id_, "name": name, "start_date": zulu, "start_date_local": "1970"}).encode()


def days(*numbers: int) -> dict[int, bytes]:
    """An activity for each day before now, known by the day's number."""
    return {number: activity(number, NOW - number * DAY) for number in numbers}


def bytes_on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def python(code: str) -> subprocess.Popen[str]:
    """Another kernel, with this test's home."""
    begin = (
        f"import sys\nfrom strava_nb.sources.cache import open_cache, forget\nURL, NOW = {URL!r}, {NOW!r}\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", begin + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
