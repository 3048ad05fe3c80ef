"""What every track reader answers with, so that FIT, GPX and TCX end in one shape."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from ... import earth
from .laps import Laps, Told, laps_of

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Track:
    """A recorded activity as Strava's streams, without a line where nothing was recorded.

    `payload` is what `tables.streams` takes: `{key: {"data": numbers}}`, floats with NaN where a
    sample lacks the value, `latlng` of shape (samples, 2). `time` counts seconds from `start`, the
    first sample that has one (UTC; None where no sample is dated). `pauses` are the samples before
    which the recording had stopped. `sport` is Strava's sport type or None. `problems` are sentences.
    `laps` are None where the reader did not look for any.
    """

    payload: dict[str, dict[str, Any]]
    start: datetime | None
    sport: str | None
    problems: list[str] = field(default_factory=list)
    pauses: tuple[int, ...] = ()
    laps: Laps | None = None

    def __len__(self) -> int:
        return len(self.payload["time"]["data"])


def track_of(
    columns: dict[str, Numbers],
    *,
    dated: bool = True,
    sport: str | None = None,
    problems: list[str],
    pauses: tuple[int, ...] = (),
    laps: Sequence[Told] | None = None,
) -> Track:
    """A track from columns by Strava's names, but for `time` in Unix seconds and `lat` and `lng`.

    Columns without a value are left out. Where the file has no distance it is measured along the
    positions, each stretch between two pauses by itself. `laps` are by the clock of `time`.
    """
    moments = columns.pop("time")
    timed = moments[np.isfinite(moments)]
    first = float(timed[0]) if len(timed) else 0.0
    ends = (first, float(timed[-1])) if len(timed) else (np.nan, np.nan)
    # Whole milliseconds: Unix seconds as floats would leave 0.9999998 s between two samples.
    streams: dict[str, Numbers] = {"time": np.round(moments - first, 3)}
    lat, lng = (columns.pop(name, np.full(len(moments), np.nan)) for name in ("lat", "lng"))
    placed = np.isfinite(lat) & np.isfinite(lng)
    if placed.any():
        streams["latlng"] = np.column_stack([np.where(placed, lat, np.nan), np.where(placed, lng, np.nan)])
        if not np.isfinite(columns.get("distance", lat[:0])).any():
            columns["distance"] = _along(lat, lng, placed, pauses)
    streams |= {name: values for name, values in columns.items() if np.isfinite(values).any()}
    return Track(
        payload={name: {"data": data} for name, data in streams.items()},
        start=_moment(first) if dated and len(timed) else None,
        sport=sport,
        problems=problems,
        pauses=pauses,
        laps=None if laps is None else laps_of(laps, *ends),
    )


def sport_type_of(*words: str | None) -> str | None:
    """Strava's sport type for a device's words, the most telling combination first.

    `sport_type_of("cycling", "mountain")` is MountainBikeRide; words that say nothing give None.
    """
    plain = [re.sub(r"[\W_]+", "", word).casefold() for word in words if word]
    for end in range(len(plain), 0, -1):
        if found := _sport_words().get("/".join(plain[:end])):
            return found
    return None


@cache
def _sport_words() -> dict[str, str]:
    text = files(__package__).joinpath("sport_words.json").read_text("utf-8")
    by_sport: dict[str, list[str]] = json.loads(text)
    return {word: sport for sport, words in by_sport.items() for word in words}


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=round(seconds, 3))
    except OverflowError:
        return None


def _along(lat: Numbers, lng: Numbers, placed: npt.NDArray[np.bool_], pauses: tuple[int, ...]) -> Numbers:
    """Metres from the start along great circles, to the centimetre as in FIT; NaN without position."""
    rows = np.flatnonzero(placed)
    steps = earth.steps(lat[rows], lng[rows])
    stretch = np.searchsorted(np.asarray(pauses, dtype=np.int64), rows, side="right")
    steps[np.diff(stretch) > 0] = 0
    distance = np.full(len(lat), np.nan)
    distance[rows] = np.round(np.concatenate([[0.0], np.cumsum(steps)]), 2)
    return distance
