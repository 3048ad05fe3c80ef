"""The benches run from end to end with tiny numbers; what they say about speed is for people to read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = ("export", "tracks", "pull", "metrics", "plots")


def bench(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", "--tiny", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.slow
def test_every_bench_prints_a_row_for_each_way_and_writes_it_into_the_docs(tmp_path: Path) -> None:
    for folder in ("bench", "strava_nb", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests").mkdir()
    for helper in ("fit_writer.py", "redirected.py", "sparse_zip.py"):
        shutil.copy(ROOT / "tests" / helper, tmp_path / "tests")
    report = tmp_path / "docs" / "performance.md"
    before = report.read_text("utf-8")
    done = bench("--write", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = {line.strip().partition("  ")[0]: line.split() for line in done.stdout.splitlines()}
    for way in (
        "pandas.read_csv",
        "get_activities",
        "ride.fit",
        "ride.tcx",
        "stravalib",
        "power_load",
        "routes_overlay",
        "requests, json_normalize",
    ):
        assert way in rows
    assert rows["stravaio's listing"][-1] == rows["stravalib"][-1] == "30"
    after = report.read_text("utf-8")
    assert after != before
    assert "30 activities to a CSV" in after
    assert outside_of_the_tables(after) == outside_of_the_tables(before)


def outside_of_the_tables(text: str) -> list[str]:
    for name in NAMES:
        begin, end = f"<!-- bench {name} -->", f"<!-- end {name} -->"
        text = text[: text.index(begin)] + text[text.index(end) :]
    return text.splitlines()


@pytest.mark.slow
def test_a_bench_that_there_is_not_is_answered_with_those_there_are() -> None:
    done = bench("pul")
    assert done.returncode == 2
    assert "'pul'" in done.stderr
    assert "export, tracks, pull" in done.stderr
