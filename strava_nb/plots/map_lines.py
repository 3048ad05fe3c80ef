"""What the map draws: the courses of a table as lines with few points, without what is to be hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..files.privacy import hidden, sentence_of
from ..files.track_parts import Track, about_each, clean, tracks_of
from ..metrics.polylines import decode_polylines
from ..metrics.reading import Floats, activities_of, needed
from ..settings import activity_page
from ..sources.course import encode, simplified
from ..tables.readable_table import Units, clock, is_demo
from ..tables.sports import GROUPS, in_words
from .signals import Length

METRES_A_DEGREE = 111_195.0
_LEAST, _SHARE = 2.0, 1 / 5000
"""How far a point may lie off the line that is drawn: metres, or a share of the course's extent."""

_MANY, _NEAR = 8, 50_000.0
"""Of so many activities, those are near that lie within so many metres of the middle one."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What is drawn, what is said of it, and whether any of it is the demo athlete's."""

    lines: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    sentence: str = ""
    demo: bool = False


def lines_of(table: Any, activities: pd.DataFrame | None, *, hide: bool, units: Units) -> Lines:
    """The lines of a table of streams or of activities. Raises BadTable for others."""
    if isinstance(table, pd.DataFrame) and "polyline" in table:
        activities = activities_of(table, "id", "polyline")
        streams = _as_streams(activities)
        asked = len(activities)
    else:
        streams = needed(table, "activity_id", "time", what="streams or activities", verb="get_streams")
        asked = streams["activity_id"].nunique(dropna=False)
    told = sentence_of(streams)
    problems: list[str] = []
    tracks = whole = tracks_of(streams, activities)
    if hide and not told and whole:
        streams, problems = hidden(streams)
        tracks, told = tracks_of(streams, activities), sentence_of(streams)
    about = about_each(activities, "sport_type", "sport_group", "start_date_local", "distance", "moving_time")
    near = float(tracks[0].columns["lng"][0]) if tracks else 0.0
    lines = [
        _line(track, about.get(track.number or 0, {}), near, Length(units), ends=not told) for track in tracks
    ]
    notes = [told] * bool(told and lines)
    if whole and (without := asked - len(whole)):
        notes.append(f"{without:,} {'activity has' if without == 1 else 'activities have'} no positions.")
    if far := _mark_far(lines):
        notes.append(f"{far:,} {'activity is' if far == 1 else 'activities are'} far away: zoom out.")
    if lines:
        sentence = ""
    else:
        sentence = "All of it lies within what is hidden." if whole else "Nothing here has positions."
    return Lines(lines, notes, problems, sentence, is_demo(table))


def _as_streams(activities: pd.DataFrame) -> pd.DataFrame:
    """The courses of the summaries as streams: positions, and no times."""
    courses = decode_polylines(activities["polyline"])
    rows = np.repeat(np.arange(len(courses)), [len(course) for course in courses])
    places = np.concatenate([np.zeros((0, 2)), *courses])
    streams = pd.DataFrame(
        {
            "activity_id": activities["id"].array[rows],
            "time": pd.array([pd.NA] * len(rows), dtype="Float64"),
            "lat": pd.array(places[:, 0], dtype="Float64"),
            "lng": pd.array(places[:, 1], dtype="Float64"),
        }
    )
    if "source" in activities:
        streams["source"] = activities["source"].array[rows]
    return streams


def _line(track: Track, about: dict[str, Any], near: float, length: Length, *, ends: bool) -> dict[str, Any]:
    places = np.stack([track.columns["lat"], np.unwrap(track.columns["lng"], period=360)], axis=1)
    places[:, 1] -= 360 * np.round((places[0, 1] - near) / 360)  # the same side of the date line
    group = about.get("sport_group")
    number = track.number or 0
    pieces = [_thinned(places[piece]) for piece in track.pieces]
    line: dict[str, Any] = {
        "name": track.name or track.day or "Activity",
        "about": _words(about, length),
        "group": group if group in GROUPS else "Other",
        "link": activity_page(number) if number > 0 and not track.demo else "",
        "pieces": [encode(piece) for piece in pieces],
        "middle": _rounded(np.concatenate(pieces).mean(axis=0)),
    }
    if ends:
        line |= {"start": _rounded(places[0]), "end": _rounded(places[-1])}
    return line


def _mark_far(lines: list[dict[str, Any]]) -> int:
    """Mark the few that are so far from the many that the map would show neither; return how many."""
    middles = np.array([line.pop("middle") for line in lines])
    if len(lines) < _MANY:
        return 0
    middle = np.median(middles, axis=0)
    off = (middles - middle) * METRES_A_DEGREE * (1.0, np.cos(np.radians(middle[0])))
    away = np.hypot(off[:, 0], off[:, 1])
    far = away > max(_NEAR, 10 * float(np.median(away)))
    for line, is_far in zip(lines, far.tolist(), strict=True):
        line["far"] = is_far
    return int(far.sum())


def _words(about: dict[str, Any], length: Length) -> str:
    """Sport, distance, time and day, those that are known."""
    words: list[str] = []
    known = {name: value for name, value in about.items() if value is not None and not pd.isna(value)}
    if "sport_type" in known:
        words.append(in_words(clean(known["sport_type"])))
    if known.get("distance", 0) > 0:
        words.append(length.far(float(known["distance"])))
    if known.get("moving_time", 0) > 0:
        words.append(clock(float(known["moving_time"])))
    if isinstance(day := known.get("start_date_local"), pd.Timestamp):
        words.append(f"{day.day} {day:%B %Y}")
    return " · ".join(words)


def _thinned(places: Floats) -> Floats:
    """The points without which the line would look otherwise."""
    y = places[:, 0] * METRES_A_DEGREE
    x = places[:, 1] * METRES_A_DEGREE * np.cos(np.radians(places[:, 0].mean()))
    extent = float(np.hypot(np.ptp(x), np.ptp(y)))
    return places[simplified(x, y, max(_LEAST, _SHARE * extent))]


def _rounded(place: Floats) -> list[float]:
    """Latitude and longitude to a metre."""
    pair: list[float] = np.round(place, 5).tolist()
    return pair
