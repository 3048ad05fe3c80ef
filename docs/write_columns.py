"""Writes docs/columns.md out of strava_nb/columns.py, which is where the columns are described."""

from __future__ import annotations

from pathlib import Path

from strava_nb import columns
from strava_nb.columns import Column

PAGE = Path(__file__).with_name("columns.md")
TABLES = (
    ("Activities", columns.ACTIVITIES, "`get_activities`: one row an activity, the newest first."),
    ("Streams", columns.STREAMS, "`get_streams`, `read_track`: one row a sample, without empty columns."),
    (
        "Laps",
        columns.LAPS,
        "`get_laps`: one row a lap, as its device or its athlete pressed it. Of an export, start, length,\n"
        "distance and climbing are what the device wrote into its FIT or TCX file; moving time, speeds and\n"
        "means are measured from the samples in between, as Strava does, or are the device's where there\n"
        "are none. An activity whose file tells of no laps is one.",
    ),
    ("Splits", columns.SPLITS, "`get_splits`: one row a kilometre, or a mile."),
    ("Best efforts", columns.BEST_EFFORTS, "`get_best_efforts`: one row a run and distance, its fastest."),
    ("Gear", columns.GEAR, "`get_gear`: one row a bike or a pair of shoes."),
    ("Zones", columns.ZONES, "`get_athlete_zones`: one row a zone of the athlete's."),
)
HEAD = """# Columns

Every column of every table, out of [`columns.py`](../strava_nb/columns.py) by `python start.py columns`.

Names and units are Strava's: m, s, m/s, °C, W, bpm. What can be absent is `NA`, never 0.
The account and the demo athlete can fill every column; the last column says which ones an export fills.
What Strava tells beyond these is kept behind them, nested fields with dotted names.
"""


def page() -> str:
    """The text of docs/columns.md."""
    return "\n".join([HEAD, *(section(*table) for table in TABLES)])


def section(title: str, listed: tuple[Column, ...], told: str) -> str:
    """One table's heading, what a row of it is, and its columns."""
    lines = [
        f"## {title}",
        "",
        told,
        "",
        "| column | dtype | unit | what it is | export |",
        "|---|---|---|---|---|",
    ]
    lines += [row(column) for column in listed]
    return "\n".join([*lines, ""])


def row(column: Column) -> str:
    """One column's line."""
    filled = "✓" if column.export else ""
    return f"| `{column.name}` | {column.dtype} | {column.unit} | {column.meaning} | {filled} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Written: {PAGE}")
