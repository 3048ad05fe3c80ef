"""A history of tracks in every format, two of them damaged, as an export."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from exports import RIDE, export_csv, gpx, packed, write_zip
from fit_writer import START, activity

import strava_nb as snb
from strava_nb.sources.archive import ExportSource

ZONE = "Europe/Berlin"
FIRST = 17_000_000_000
TRACKS = 27
BAD, GONE = FIRST + 5, FIRST + 7
"""One file that holds nonsense, one whose bytes are damaged in the zip."""


def fit(number: int, samples: int = 20) -> bytes:
    rows = [
        {"timestamp": START + 3600 * number + i, "position_lat": 559_000_000 + 1000 * i,
         "position_long": 90_000_000 + number, "altitude": 4500 + i, "distance": 830 * i,
         "heart_rate": 120 + i, "power": None}
        for i in range(samples)
    ]  # fmt: skip
    return activity(rows).file()


def tcx(number: int) -> bytes:
    points = "".join(
        f"<Trackpoint><Time>2026-03-01T08:{number:02d}:{i:02d}Z</Time><DistanceMeters>{8.3 * i:.1f}"
        f"</DistanceMeters><HeartRateBpm><Value>{120 + i}</Value></HeartRateBpm></Trackpoint>"
        for i in range(5)
    )
    lap = f'<Activity Sport="Biking"><Lap><Track>{points}</Track></Lap></Activity>'
    return f"<TrainingCenterDatabase><Activities>{lap}</Activities></TrainingCenterDatabase>".encode()


def history(numbers: Iterable[int] = range(TRACKS)) -> dict[str, bytes]:
    """An export of every format, packed and not."""
    rows, tracks = [], {}
    for number in numbers:
        ending, data = [
            ("gpx", gpx(f"2026-07-04T20:{number:02d}:00Z", lat=50 + number / 10)),
            ("tcx.gz", packed(tcx(number))),
            ("fit.gz", packed(fit(number))),
        ][number % 3]
        name = f"activities/{900_000 + number}.{ending}"
        tracks[name] = b"nonsense" if FIRST + number == BAD else data
        rows.append(RIDE | {"id": str(FIRST + number), "filename": name})
    return {"activities.csv": export_csv(*rows)} | tracks


HISTORY = history()


def opened(path: Path) -> ExportSource:
    return snb.open_export(path, timezone=ZONE)


def all_of(source: ExportSource, **options: Any) -> dict[int, Any]:
    return dict(source.streams_of(range(FIRST, FIRST + TRACKS), **options))


def same(found: dict[int, Any], expected: dict[int, Any]) -> bool:
    """The same streams of the same activities, to the last digit and with the same gaps."""
    assert found.keys() == expected.keys()
    for number, payload in expected.items():
        if payload is None:
            assert found[number] is None
            continue
        assert list(found[number]) == list(payload)
        for name, stream in payload.items():
            np.testing.assert_array_equal(found[number][name]["data"], stream["data"])
    return True


def tracks_opened(source: ExportSource) -> int:
    return len([name for name in source.opened if name.startswith("activities/")])


# The line


def decoded(line: str) -> np.ndarray[Any, Any]:
    """The points of a polyline, by Google's description of it."""
    values, value, shift = [], 0, 0
    for letter in line:
        chunk = ord(letter) - 63
        value |= (chunk & 0x1F) << shift
        shift += 5
        if chunk < 0x20:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return np.cumsum(np.array(values, dtype=np.int64).reshape(-1, 2), axis=0) / 1e5


def write_history(folder: Path) -> Path:
    """The export's zip, with a damaged file in it."""
    path = write_zip(folder / "export_4242.zip", HISTORY)
    data = bytearray(path.read_bytes())
    name = f"activities/{900_000 + GONE - FIRST}.tcx.gz".encode()
    data[data.index(name) + len(name) + 5] ^= 0xFF
    path.write_bytes(data)
    return path
