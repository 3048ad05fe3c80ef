"""The main job from end to end: a person's activities as a table and a CSV, without a widget."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import strava_nb as snb
from strava_nb.simulator import Simulator

pytestmark = pytest.mark.slow

SHARED = Path(__file__).parents[2] / "shared"
RECORDS = SHARED / "real" / "records"
BLOG_POST = SHARED / "seed" / "blog-post.txt"

POINT_AT_THE_SIMULATOR = """
import swagger_client
configuration = swagger_client.Configuration()
configuration.host = {api!r}
swagger_client.Configuration.set_default(configuration)
"""


@pytest.mark.skipif(not RECORDS.exists(), reason="the recorded activities are not beside this checkout")
def test_the_recorded_activities_arrive_whole_in_the_csv(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded = {}
    for file in RECORDS.glob("*.json"):
        recorded |= {record["id"]: record for record in json.loads(file.read_text("utf-8-sig"))}
    command = [sys.executable, "-u", "-m", "strava_nb.simulator", "--records", str(RECORDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        assert simulator.stdout is not None
        told: dict[str, str] = {}
        while not {"STRAVA_NB_URL", "STRAVA_ACCESS_TOKEN"} <= told.keys():
            line = simulator.stdout.readline()
            assert line, "the simulator ended without saying where it is"
            told |= dict(re.findall(r"(STRAVA_\w+)=(\S+)", line))
        for name, value in told.items():
            monkeypatch.setenv(name, value.strip("\"'"))
        table = snb.get_activities(snb.open_api(), progress=False)
        simulator.terminate()
    path = snb.files.to_csv(table, tmp_path / "activities.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {int(row["id"]) for row in rows} == recorded.keys()
    assert len(rows) == len(recorded) == 95
    for field in ("distance", "moving_time", "elapsed_time", "total_elevation_gain"):
        total = sum(record[field] or 0 for record in recorded.values())
        assert sum(float(row[field]) for row in rows) == pytest.approx(total)


@pytest.mark.skipif(not BLOG_POST.exists(), reason="the blog post is not beside this checkout")
def test_the_blog_posts_own_script_runs_and_agrees_with_ours(tmp_path: Path) -> None:
    script = BLOG_POST.read_text("utf-8").partition("Here is the full script")[2]
    script = script[script.index("import os") : script.index("index=False)") + len("index=False)")]
    line = "token = strava_oauth2(client_id,client_secret)"
    assert script.count(line) == 1, "the one line that fetches the token"
    with Simulator(today=date(2026, 6, 15), activities=150) as strava:
        script = script.replace(line, "token = {'access_token': os.environ['THE_TOKEN']}")
        subprocess.run(
            [sys.executable, "-c", POINT_AT_THE_SIMULATOR.format(api=f"{strava.url}/api/v3") + script],
            cwd=tmp_path,
            env=os.environ | {"THE_TOKEN": strava.access_token},
            capture_output=True,
            check=True,
        )
        theirs = pd.read_csv(tmp_path / "my_activities.csv").sort_values("id", ignore_index=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("STRAVA_NB_URL", strava.url)
            source = snb.open_api(access_token=strava.access_token)
            ours = snb.get_activities(source, ("2020-07-01", None), progress=False)
    ours = ours.sort_values("id", ignore_index=True)
    assert len(theirs) > 30
    assert theirs["id"].tolist() == ours["id"].tolist()
    assert theirs["name"].fillna("").tolist() == ours["name"].fillna("").tolist()
    for field in ("distance", "moving_time", "elapsed_time", "total_elevation_gain"):
        assert theirs[field].tolist() == pytest.approx(ours[field].tolist(), abs=0.051)


def test_start_py_demos_own_two_lines_give_the_demo_athlete_as_a_csv(tmp_path: Path) -> None:
    activities = snb.get_activities(snb.open_demo(today=date(2026, 6, 15)), progress=False)
    path = snb.files.to_csv(activities, tmp_path)
    assert path.name.startswith("DEMO_activities_")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(activities) > 600
    assert {row["source"] for row in rows} == {"demo"}
