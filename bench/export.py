"""How long activities.csv takes: to the typed table, and beside it plain pandas.read_csv.

    python bench/export.py [rows]

The file has 103 columns in Strava's order, about half of them filled, and is made anew each time.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pandas as pd

import strava_nb as snb
from strava_nb.sources.export_table import ORDER, read_table

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


def columns() -> list[tuple[str, str]]:
    """Field and English word of each of the 103 columns."""
    words = json.loads(files("strava_nb.sources").joinpath("export_words.json").read_text("utf-8"))
    english = {field: spelled[0] for field, spelled in words["languages"]["English"]["columns"].items()}
    later = [field for field in english if field not in ORDER]
    return [(field, english[field]) for field in (*ORDER, *later, "max_heartrate", "suffer_score", "commute")]


def write_export(path: Path, rows: int) -> None:
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


def seconds(work: Callable[[], object], times: int = 7) -> float:
    """The processor time of a piece of work, the least of several."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    """Measure, and print a line for each way of reading."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "activities.csv")
        write_export(path, rows)
        data = path.read_bytes()
        whole = seconds(
            lambda: snb.get_activities(snb.open_export(path, timezone="Europe/Berlin"), progress=False)
        )
        reading = seconds(lambda: read_table(data, path.name))
        plain = seconds(lambda: pd.read_csv(path))
        print(f"activities.csv, {rows:,} rows of 103 columns, {len(data) / 1e6:.1f} MB")
        print(f"  to the typed table   {whole:6.3f} s   {whole / plain:4.1f} times pandas")
        print(f"  of which reading     {reading:6.3f} s   {reading / plain:4.1f} times pandas")
        print(f"  plain pandas         {plain:6.3f} s")


if __name__ == "__main__":
    main()
