"""Small made-up exports in every language, as Strava would have written them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from strava_nb.sources.export_table import ORDER

WORDS: dict[str, Any] = json.loads(
    files("strava_nb.sources").joinpath("export_words.json").read_text("utf-8")
)
LANGUAGES = ("English", "German", "Dutch", "French")
DOUBLES = ("max_heartrate", "suffer_score", "commute")

RIDE: dict[str, Any] = {
    "id": "17000000001",
    "start_date": "Jul 4, 2026, 10:30:00 PM",
    "name": "Over the hill",
    "sport_type": "Gravel Ride",
    "description": 'First line,\nsecond "line"',
    "elapsed_time": ("4000", "4000.0"),
    "distance": ("30.00", "30001.25"),
    "max_heartrate": ("171", "171.0"),
    "suffer_score": ("88", "88.0"),
    "commute": ("true", "1.0"),
    "gear_name": "Bike",
    "filename": "activities/900001.gpx",
    "moving_time": "3600.0",
    "average_speed": "8.333680555",
    "total_elevation_gain": "420.5",
    "average_heartrate": "141.3",
    "calories": "810.0",
    "weather_temperature": "21.5",
    "training_load": "95.0",
}
"""A row by field; a pair is what is displayed and what is raw."""

RUN = RIDE | {
    "id": "17000000002",
    "start_date": "Jul 6, 2026, 6:00:00 AM",
    "name": "Round the lake",
    "sport_type": "Run",
    "description": "",
    "elapsed_time": ("3100", "3100.0"),
    "distance": ("10.00", "10002.5"),
    "max_heartrate": ("182", ""),
    "commute": ("false", "0.0"),
    "gear_name": "",
    "filename": "",
    "moving_time": "3000.0",
}


def columns(language: str = "English") -> list[tuple[str, str]]:
    """Field and word of every column of a language, in Strava's order as far as it matters."""
    words = {name: spelled[0] for name, spelled in WORDS["languages"][language]["columns"].items()}
    later = [name for name in words if name not in ORDER]
    return [(name, words[name]) for name in (*ORDER, *later, *DOUBLES)]


def rows_of(*activities: Mapping[str, Any], language: str = "English") -> list[list[str]]:
    """Header and rows of an activities.csv."""
    table = [[word for _, word in columns(language)]]
    for activity in activities:
        seen: set[str] = set()
        cells = []
        for name, _ in columns(language):
            value = activity.get(name, "")
            cells.append(value if isinstance(value, str) else value[name in seen])
            seen.add(name)
        table.append(cells)
    return table


def csv_of(rows: Iterable[Iterable[str]], *, delimiter: str = ",", end: str = "\n") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue().encode()


def export_csv(*activities: Mapping[str, Any], language: str = "English") -> bytes:
    return csv_of(rows_of(*(activities or (RIDE, RUN)), language=language))


def gpx(start: str = "2026-07-04T22:30:00Z", points: int = 5, lat: float = 52.5, lng: float = 13.4) -> bytes:
    minute = int(start[14:16])
    track = "".join(
        f'<trkpt lat="{lat + n / 1000}" lon="{lng}"><ele>{50 + n}</ele>'
        f"<time>{start[:14]}{minute:02d}:{n:02d}Z</time></trkpt>"
        for n in range(points)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="test" '
        'xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><type>running</type><trkseg>{track}</trkseg></trk></gpx>"
    ).encode()


def export_files(table: bytes | None = None) -> dict[str, bytes]:
    """A whole export: what may be opened, and what never may."""
    return {
        "activities.csv": export_csv() if table is None else table,
        "activities/900001.gpx": gpx(),
        "bikes.csv": b"Bike Name,Bike Brand,Bike Model,Bike Default Sport Types\nBike,Patria,Terra,Ride\n",
        "shoes.csv": b"Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\n",
        "logins.csv": b"private",
        "messaging.json": b"private",
        "media/1.jpg": b"private",
    }


def write_zip(path: Path, contents: Mapping[str, bytes], *, top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(top + name, data)
    return path


def write_folder(path: Path, contents: Mapping[str, bytes]) -> Path:
    for name, data in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
