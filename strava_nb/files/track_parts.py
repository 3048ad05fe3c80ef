"""Streams as tracks: one an activity, in the pieces between which nothing was recorded or all was hidden.

GPX and GeoJSON write the same tracks, each in its own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..columns import STREAMS
from ..metrics.reading import Floats, needed, numbers
from ..tables.derived_streams import GAP

_RECORDED = [column.name for column in STREAMS if column.name not in ("activity_id", "source")]
_NO_XML = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True)
class Track:
    """An activity's samples that have a position; `pieces` are runs of them with a line through each.

    `columns` are streams as floats, NaN where absent; `lng` is within -180…180. `start` is in UTC, None
    where it is not known. Texts have no control characters.
    """

    number: int | None
    name: str
    sport: str
    start: np.datetime64 | None
    day: str
    demo: bool
    columns: dict[str, Floats]
    pieces: list[slice]

    @property
    def moments(self) -> NDArray[np.datetime64] | None:
        """When each sample was recorded, in UTC to the millisecond, NaT where that is not known."""
        if self.start is None:
            return None
        seconds = self.columns["time"]
        known = np.isfinite(seconds) & (np.abs(seconds) < 1e9)
        passed = np.where(known, np.rint(np.where(known, seconds, 0) * 1000), 0).astype("timedelta64[ms]")
        return np.where(known, self.start.astype("datetime64[ms]") + passed, np.datetime64("NaT", "ms"))


def tracks_of(streams: Any, activities: pd.DataFrame | None) -> list[Track]:
    """The activities of a table of streams that have positions, in its order.

    Names, sports and starts come from `activities`, or of a single track from its `.attrs`, where
    `read_track` tells them. Raises BadTable for other tables.
    """
    table = needed(streams, "activity_id", "time", what="streams", verb="get_streams")
    told = about_each(activities, "name", "sport_type", "start_date", "start_date_local")
    columns = {name: numbers(table, name) for name in _RECORDED if name in table}
    demo = (table["source"] == "demo").to_numpy(bool, na_value=False) if "source" in table else np.False_
    demos = np.broadcast_to(demo, len(table))
    tracks = []
    rows = list(rows_of_each(table))
    for number, own in rows:
        about = told.get(number, {}) if number is not None else {}
        if not about and len(rows) == 1:
            about = {"start_date": table.attrs.get("start"), "sport_type": table.attrs.get("sport")}
        one = _track(
            number, {name: values[own] for name, values in columns.items()}, about, bool(demos[own].any())
        )
        if one is not None:
            tracks.append(one)
    return tracks


def rows_of_each(table: pd.DataFrame) -> list[tuple[int | None, NDArray[np.int64]]]:
    """The rows of each activity, in the table's order; samples without a number are one activity."""
    codes, ids = pd.factorize(table["activity_id"], use_na_sentinel=False)
    order = np.argsort(codes, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(codes))[:-1]) if len(ids) else []
    return [(None if pd.isna(one) else int(one), own) for one, own in zip(ids, parts, strict=True)]


def about_each(activities: pd.DataFrame | None, *names: str) -> dict[int, dict[str, Any]]:
    """What the table of activities has of each under these names, by id."""
    if activities is None:
        return {}
    rows = needed(activities, "id", what="activities", verb="get_activities").dropna(subset="id")
    there = [name for name in names if name in rows]
    columns = zip(*(rows[name] for name in there), strict=True) if there else ((),) * len(rows)
    return {
        int(number): dict(zip(there, values, strict=True))
        for number, values in zip(rows["id"], columns, strict=True)
    }


def positioned(lat: Floats, lng: Floats) -> NDArray[np.bool_]:
    """Which samples have a position that can be on this earth."""
    return np.isfinite(lat) & np.isfinite(lng) & (np.abs(lat) <= 90) & (np.abs(lng) <= 360)


def within_180(lng: Floats) -> Floats:
    """The same longitudes from -180 up to, but not including, 180, to seven decimals."""
    rounded: Floats = np.round(lng, 7)
    return np.where((rounded >= -180) & (rounded < 180), rounded, np.round((rounded + 180) % 360 - 180, 7))


def clean(text: Any) -> str:
    """The text without what no XML file can hold: control characters and halves of letters."""
    return "" if text is None or pd.isna(text) else _NO_XML.sub("", str(text))


def _track(number: int | None, columns: dict[str, Floats], about: dict[str, Any], demo: bool) -> Track | None:
    if "lat" not in columns or "lng" not in columns:
        return None
    here = positioned(columns["lat"], columns["lng"])
    if not here.any():
        return None
    nothing = np.all([np.isnan(values) for values in columns.values()], axis=0)
    hidden_before = np.diff(np.cumsum(nothing)[here], prepend=0) > 0
    own = {name: np.where(np.isfinite(values), values, np.nan)[here] for name, values in columns.items()}
    own["lat"], own["lng"] = np.round(own["lat"], 7), within_180(own["lng"])
    broken = hidden_before | (np.diff(own["time"], prepend=own["time"][:1]) > GAP)
    borders = [0, *(np.flatnonzero(broken[1:]) + 1).tolist(), len(broken)]
    begun, local = about.get("start_date"), about.get("start_date_local")
    start: Any = None if begun is None else pd.to_datetime(begun, utc=True)
    day = start if local is None or pd.isna(local) else local
    return Track(
        number=number,
        name=clean(about.get("name")),
        sport=clean(about.get("sport_type")),
        start=None if pd.isna(start) else start.tz_convert(None).to_datetime64(),
        day="" if pd.isna(day) else f"{day:%Y-%m-%d}",
        demo=demo,
        columns=own,
        pieces=[slice(*pair) for pair in pairwise(borders)],
    )
