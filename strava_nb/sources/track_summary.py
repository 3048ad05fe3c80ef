"""A read track as a record of an activity: what completes a row of an export, or stands for one.

Made where the track is read, kept with it, and small, so that a table never needs the samples again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .course import summary_polyline
from .source import Record

if TYPE_CHECKING:
    from .tracks.track import Numbers, Track

_STANDING = 0.3
"""Speed in m/s below which an athlete counts as standing."""

_MEANS = {
    "average_heartrate": "heartrate",
    "average_cadence": "cadence",
    "average_watts": "watts",
    "average_temp": "temp",
}
_HIGHEST = {
    "max_heartrate": "heartrate",
    "max_watts": "watts",
    "max_speed": "velocity_smooth",
    "elev_high": "altitude",
}


def summary(track: Track) -> Record:
    """What a track tells of its activity, under the API's names; what it does not tell is absent.

    `moving_time` leaves out recorded pauses and the seconds without distance. `start_latlng`, `end_latlng`
    and `map.summary_polyline` say where it was. Climbing is not in it: Strava corrects heights by its own
    map.
    """
    streams = {name: np.asarray(stream["data"], dtype=np.float64) for name, stream in track.payload.items()}
    record: Record = {"sport_type": track.sport}
    if track.start:
        record["start_date"] = f"{track.start.isoformat()[:19]}Z"
    times = _known(streams.get("time"))
    if len(times):
        record["elapsed_time"] = round(float(times.max() - times.min()))
        record["moving_time"] = _moving_time(streams, track.pauses)
    distances = _known(streams.get("distance"))
    if len(distances):
        record["distance"] = round(float(distances.max() - min(distances.min(), 0.0)), 1)
        if record.get("moving_time"):
            record["average_speed"] = record["distance"] / record["moving_time"]
    for name, stream in _MEANS.items():
        if len(known := _known(streams.get(stream))):
            record[name] = float(known.mean())
    for name, stream in _HIGHEST.items():
        if len(known := _known(streams.get(stream))):
            record[name] = float(known.max())
    if len(heights := _known(streams.get("altitude"))):
        record["elev_low"] = float(heights.min())
    if "latlng" in streams:
        placed = streams["latlng"][np.isfinite(streams["latlng"]).all(axis=1)]
        record["start_latlng"], record["end_latlng"] = placed[[0, -1]].tolist()
        record["map"] = {"summary_polyline": summary_polyline(placed)}
    return record


def _moving_time(streams: dict[str, Numbers], pauses: tuple[int, ...]) -> int:
    time = streams["time"]
    steps = np.diff(time)
    going = np.isfinite(steps) & (steps > 0)
    going[[pause - 1 for pause in pauses if 0 < pause <= len(going)]] = False
    if "distance" in streams:
        with np.errstate(invalid="ignore", divide="ignore"):
            speed = np.diff(streams["distance"]) / steps
        going &= ~(speed < _STANDING)
    return round(float(steps[going].sum()))


def _known(values: Numbers | None) -> Numbers:
    return np.array([]) if values is None else values[np.isfinite(values)]
