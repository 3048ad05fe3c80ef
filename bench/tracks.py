"""Samples a second for FIT, GPX and TCX, beside the libraries that people would use instead.

    python bench/tracks.py [folder of real tracks]

One ride of 20,000 samples is written in each format; of a folder every file that fitdecode or gpxpy
reads is timed as well. The best of three, in seconds of processor time, so that a busy machine counts less.
"""

from __future__ import annotations

import gzip
import io
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fit_writer import START, activity

from strava_nb.errors import BadTrack
from strava_nb.sources.trackfiles import read_samples

SAMPLES = 20_000


def main() -> None:
    """Print a line a file and a reader."""
    warnings.simplefilter("ignore")
    files = {"ride.fit": fit(), "ride.gpx": gpx(), "ride.tcx": tcx()}
    if len(sys.argv) > 1:
        files |= {
            path.name: path.read_bytes() for path in sorted(Path(sys.argv[1]).rglob("*")) if path.is_file()
        }
    print(f"{'file':44}{'samples':>8}  {'reader':18}{'ms':>9}{'samples/s':>12}{'times':>7}")
    for name, data in files.items():
        try:
            samples = len(read_samples(data, name))
        except BadTrack:
            continue
        base = None
        for reader, read in readers(data).items():
            seconds = best(read)
            if seconds is None:
                print(f"{name[:43]:44}{samples:8}  {reader:18}{'refused':>9}")
                continue
            base = base or seconds
            rate = f"{samples / seconds:12,.0f}{base / seconds:7.1f}"
            print(f"{name[:43]:44}{samples:8}  {reader:18}{seconds * 1e3:9.2f}{rate}")


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


def best(read: Callable[[], Any]) -> float | None:
    """Seconds, None where the reader refuses."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        try:
            read()
        except Exception:  # a library's refusal, of whatever kind, is a result here
            return None
        taken.append(time.process_time() - began)
    return min(taken)


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


def fit() -> bytes:
    """The ride as a device writes it."""
    rows = (
        {"timestamp": START + i, "position_lat": 559_000_000 + 100 * i, "position_long": 90_000_000,
         "altitude": 4500 + i % 500, "distance": 830 * i, "speed": 8300, "heart_rate": 120 + i % 40,
         "cadence": 85, "power": 200 + i % 90, "temperature": 20}
        for i in range(SAMPLES)
    )  # fmt: skip
    return activity(list(rows)).file()


def gpx() -> bytes:
    """The ride as Strava exports it."""
    points = "".join(
        f'<trkpt lat="{46 + i * 1e-5:.7f}" lon="7.5"><ele>{500 + i % 50}.2</ele><time>{clock(i)}</time>'
        f"<extensions><power>{200 + i % 90}</power><gpxtpx:TrackPointExtension>"
        f"<gpxtpx:atemp>20</gpxtpx:atemp>"
        f"<gpxtpx:hr>{120 + i % 40}</gpxtpx:hr><gpxtpx:cad>85</gpxtpx:cad></gpxtpx:TrackPointExtension>"
        "</extensions></trkpt>\n"
        for i in range(SAMPLES)
    )
    head = '<gpx version="1.1" creator="b" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="x">'
    return f"{head}<trk><type>cycling</type><trkseg>{points}</trkseg></trk></gpx>".encode()


def tcx() -> bytes:
    """The ride as Garmin Connect exports it."""
    points = "".join(
        f"<Trackpoint><Time>{clock(i)}</Time><Position><LatitudeDegrees>{46 + i * 1e-5:.7f}</LatitudeDegrees>"
        f"<LongitudeDegrees>7.5</LongitudeDegrees></Position><AltitudeMeters>500</AltitudeMeters>"
        f"<DistanceMeters>{8.3 * i:.1f}</DistanceMeters>"
        f"<HeartRateBpm><Value>{120 + i % 40}</Value></HeartRateBpm>"
        f"<Cadence>85</Cadence><Extensions><ns3:TPX><ns3:Watts>{200 + i % 90}</ns3:Watts></ns3:TPX>"
        "</Extensions></Trackpoint>\n"
        for i in range(SAMPLES)
    )
    lap = f'<Activity Sport="Biking"><Lap><Track>{points}</Track></Lap></Activity>'
    return f"<TrainingCenterDatabase><Activities>{lap}</Activities></TrainingCenterDatabase>".encode()


def clock(second: int) -> str:
    """The time of a sample."""
    return f"2024-05-01T{6 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.000Z"


if __name__ == "__main__":
    main()
