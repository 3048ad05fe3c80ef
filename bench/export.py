"""How long an export takes: activities.csv beside plain pandas.read_csv, and a zip of gigabytes.

The file has 103 columns in Strava's order, about half of them filled.
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pandas as pd
from sparse_zip import write_export

import strava_nb as snb
from strava_nb.sources.export_table import ORDER

from .machine import in_a_process
from .scale import Scale
from .table import Table, times
from .timing import in_turns

FLAGS = {
    "commute",
    "flagged",
    "from_upload",
    "prefer_perceived_exertion",
    "competition",
    "with_kid",
    "with_pet",
    "long_run",
    "for_a_cause",
    "recovery",
}
SPORTS = ("Ride", "Run", "Trail Run", "Virtual Ride", "Swim", "Hike", "Weight Training")
ZONE = "Europe/Berlin"
READ = 5
"""How often as often as the others: these take a tenth of a second each."""

IN_A_PROCESS = """
import sys, time
import strava_nb as snb
from bench.machine import peak
from strava_nb import pull
from strava_nb.sources import archive
began, before = time.perf_counter(), peak()
table = snb.get_activities(snb.open_export(sys.argv[1], timezone=sys.argv[2]), progress=False)
print(len(table), time.perf_counter() - began, before, peak())
"""


def run(scale: Scale) -> Iterator[Table]:
    """Measure, a table at a time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "activities.csv")
        write_table(path, scale.rows)
        taken = in_turns(
            {
                "pandas.read_csv": lambda: pd.read_csv(path),
                "get_activities": lambda: read(path),
            },
            scale.times * READ,
            clock=time.process_time,
        )
        size = path.stat().st_size / 1e6
        yield Table(
            f"activities.csv, {scale.rows:,} rows of 103 columns ({size:.1f} MB), to a table",
            ["", "s", "times pandas"],
            [[name, f"{one:.3f}", times(one, taken["pandas.read_csv"])] for name, one in taken.items()],
        )
        yield large_export(Path(folder, "export_1.zip"), path, scale)


def read(path: Path) -> pd.DataFrame:
    """Our way: the typed table."""
    return snb.get_activities(snb.open_export(path, timezone=ZONE), progress=False)


def large_export(path: Path, table: Path, scale: Scale) -> Table:
    """A zip of gigabytes with a track for each row, opened by a process of its own."""
    tracks = ((f"activities/{number}.fit.gz", b"x" * 100) for number in range(scale.rows))
    write_export(path, [("activities.csv", table.read_bytes()), *tracks], hole=scale.hole)
    rows, seconds, before, most = in_a_process(IN_A_PROCESS, str(path), ZONE)
    return Table(
        f"An export of {path.stat().st_size / 1e9:.1f} GB, {len(zip_names(path)):,} files, opened from disk",
        ["", "s", "rows", "MB at most", "MB before"],
        [["get_activities", f"{seconds:.2f}", f"{rows:,.0f}", f"{most:.0f}", f"{before:.0f}"]],
    )


def zip_names(path: Path) -> list[str]:
    """What is in a zip."""
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def columns() -> list[tuple[str, str]]:
    """Field and English word of each of the 103 columns."""
    words = json.loads(files("strava_nb.sources").joinpath("export_words.json").read_text("utf-8"))
    english = {field: spelled[0] for field, spelled in words["languages"]["English"]["columns"].items()}
    later = [field for field in english if field not in ORDER]
    return [(field, english[field]) for field in (*ORDER, *later, "max_heartrate", "suffer_score", "commute")]


def write_table(path: Path, rows: int) -> None:
    """Write an activities.csv of so many made-up activities."""
    chance = random.Random(0)
    fields = columns()
    first = datetime(2010, 1, 1, 6)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([word for _, word in fields])
        for number in range(rows):
            metres, seconds = chance.uniform(1e3, 1e5), chance.uniform(1e3, 2e4)
            moment = first + timedelta(hours=13.7 * number)
            texts = {
                "id": str(10_000_000_000 + number),
                "start_date": f"{moment:%b} {moment.day}, {moment:%Y, %I:%M:%S %p}",
                "name": f"Ride number {number}",
                "sport_type": chance.choice(SPORTS),
                "description": "Over the hill,\nand back" if number % 10 == 0 else "",
                "filename": f"activities/{number}.fit.gz",
                "gear_name": "Bike",
            }
            seen: set[str] = set()
            cells = []
            for place, (field, _) in enumerate(fields):
                if field in texts:
                    cells.append(texts[field])
                elif field in FLAGS:
                    cells.append("false" if field == "commute" and field not in seen else "0.0")
                elif field == "distance":
                    cells.append(f"{metres:.12f}" if field in seen else f"{metres / 1000:.2f}")
                elif field in ("elapsed_time", "moving_time"):
                    cells.append(f"{seconds:.0f}{'.0' if field in seen else ''}")
                else:
                    cells.append(
                        f"{chance.uniform(1, 300):.12f}"
                        if place % 2 and field not in ("media", "private_note")
                        else ""
                    )
                seen.add(field)
            table.writerow(cells)
