"""Samples a second for FIT, GPX and TCX, beside the libraries that people would use instead.

One ride is written in each format; of a folder of real tracks every file that fitdecode or gpxpy reads
is timed as well. In processor time, so that a busy machine counts less.
"""

from __future__ import annotations

import gzip
import io
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fit_writer import START, activity

from strava_nb.errors import BadTrack
from strava_nb.sources.trackfiles import read_samples

from .scale import Scale
from .table import Table, times
from .timing import in_turns


def run(scale: Scale, folder: Path | None = None) -> Iterator[Table]:
    """Measure, in one table; `folder` holds real tracks."""
    files = {"ride.fit": fit(scale.samples), "ride.gpx": gpx(scale.samples), "ride.tcx": tcx(scale.samples)}
    if folder is not None:
        files |= {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    table = Table(
        f"Tracks; the rides have {scale.samples:,} samples",
        ["", "reader", "ms", "samples/s", "times as fast"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in files.items():
            table.rows += _measured(name, data, scale.times)
    yield table


def _measured(name: str, data: bytes, rounds: int) -> list[list[str]]:
    """A row a reader; the first that reads the file is what the others are measured by."""
    try:
        samples = len(read_samples(data, name))
    except BadTrack:
        return []
    reading = {reader: read for reader, read in readers(data).items() if not refused(read)}
    taken = in_turns(reading, rounds, clock=time.process_time)
    base = next(iter(taken.values()))
    rows = []
    for reader in readers(data):
        if seconds := taken.get(reader):
            figures = [f"{seconds * 1e3:.2f}", f"{samples / seconds:,.0f}", times(base, seconds)]
        else:
            figures = ["refused", "", ""]
        rows.append([name[:43], reader, *figures])
    return rows


def refused(read: Callable[[], Any]) -> bool:
    """Whether a reader does not take the file."""
    try:
        read()
    except Exception:  # a library's refusal, of whatever kind, is a result here
        return True
    return False


def readers(data: bytes) -> dict[str, Callable[[], Any]]:
    """Who can read this kind of file: the usual library first, since the others are measured by it."""
    plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if plain[8:12] == b".FIT":
        return {
            "fitdecode": lambda: by_fitdecode(plain),
            "ours": lambda: read_samples(plain, "x"),
            "ours, no fitfast": lambda: without_fitfast(plain),
        }
    usual = {"gpxpy": lambda: by_gpxpy(plain)} if b"<gpx" in plain[:4000] else {}
    return usual | {"ours": lambda: read_samples(plain, "x")}


def by_fitdecode(data: bytes) -> list[dict[str, Any]]:
    """The records as its README shows it."""
    import fitdecode

    with fitdecode.FitReader(io.BytesIO(data)) as fit:
        return [
            {field.name: field.value for field in frame.fields}
            for frame in fit
            if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "record"
        ]


def by_gpxpy(data: bytes) -> Any:
    """The points as gpxpy has them."""
    import gpxpy

    return gpxpy.parse(data.decode())


def without_fitfast(data: bytes) -> Any:
    """Our reader where the fast one is not installed."""
    kept = sys.modules.get("fitfast")
    sys.modules["fitfast"] = None  # type: ignore[assignment]  # how Python marks what cannot be imported
    try:
        return read_samples(data, "x")
    finally:
        del sys.modules["fitfast"]
        if kept:
            sys.modules["fitfast"] = kept


def fit(samples: int) -> bytes:
    """The ride as a device writes it."""
    rows = (
        {"timestamp": START + i, "position_lat": 559_000_000 + 100 * i, "position_long": 90_000_000,
         "altitude": 4500 + i % 500, "distance": 830 * i, "speed": 8300, "heart_rate": 120 + i % 40,
         "cadence": 85, "power": 200 + i % 90, "temperature": 20}
        for i in range(samples)
    )  # fmt: skip
    return activity(list(rows)).file()


def gpx(samples: int) -> bytes:
    """The ride as Strava exports it."""
    points = "".join(
        f'<trkpt lat="{46 + i * 1e-5:.7f}" lon="7.5"><ele>{500 + i % 50}.2</ele><time>{clock(i)}</time>'
        f"<extensions><power>{200 + i % 90}</power><gpxtpx:TrackPointExtension>"
        f"<gpxtpx:atemp>20</gpxtpx:atemp>"
        f"<gpxtpx:hr>{120 + i % 40}</gpxtpx:hr><gpxtpx:cad>85</gpxtpx:cad></gpxtpx:TrackPointExtension>"
        "</extensions></trkpt>\n"
        for i in range(samples)
    )
    head = '<gpx version="1.1" creator="b" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="x">'
    return f"{head}<trk><type>cycling</type><trkseg>{points}</trkseg></trk></gpx>".encode()


def tcx(samples: int) -> bytes:
    """The ride as Garmin Connect exports it."""
    points = "".join(
        f"<Trackpoint><Time>{clock(i)}</Time><Position><LatitudeDegrees>{46 + i * 1e-5:.7f}</LatitudeDegrees>"
        f"<LongitudeDegrees>7.5</LongitudeDegrees></Position><AltitudeMeters>500</AltitudeMeters>"
        f"<DistanceMeters>{8.3 * i:.1f}</DistanceMeters>"
        f"<HeartRateBpm><Value>{120 + i % 40}</Value></HeartRateBpm>"
        f"<Cadence>85</Cadence><Extensions><ns3:TPX><ns3:Watts>{200 + i % 90}</ns3:Watts></ns3:TPX>"
        "</Extensions></Trackpoint>\n"
        for i in range(samples)
    )
    lap = f'<Activity Sport="Biking"><Lap><Track>{points}</Track></Lap></Activity>'
    return f"<TrainingCenterDatabase><Activities>{lap}</Activities></TrainingCenterDatabase>".encode()


def clock(second: int) -> str:
    """The time of a sample."""
    return f"2024-05-01T{6 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.000Z"
