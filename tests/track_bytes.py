"""One track in each format, and what is read from its bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from fit_writer import (
    START,
)

from strava_nb.sources.trackfiles import read_samples
from strava_nb.sources.tracks.track import Track

RIDE = [
    {"timestamp": START + i, "position_lat": 559_000_000 + 100 * i, "position_long": 90_000_000,
     "altitude": 5 * (500 + 400 + i), "distance": 830 * i, "speed": 8300, "heart_rate": 120 + i,
     "cadence": 85, "power": 200 + i, "temperature": -3}
    for i in range(5)
]  # fmt: skip


def read(content: str | bytes, name: str = "track") -> Track:
    return read_samples(content.encode() if isinstance(content, str) else content, name)


def data(track: Track, key: str) -> list[Any]:
    """A stream's values, None where absent."""
    values = np.asarray(track.payload[key]["data"])
    return [None if np.isnan(value).any() else value for value in values.round(6).tolist()]
