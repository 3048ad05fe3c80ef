"""GPX and TCX: one pass of expat over either, since both are points with named values in them.

expat itself and no tree: handlers that wake for the wanted elements only were the fastest of what was
measured (docs/decisions/xml-reader.md), and the points before a damage are kept. A declared entity is
refused and no other file is ever fetched. Prefixes are dropped, not resolved: files that write
`gpxtpx:hr` and never declare it are common.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers import expat

import numpy as np

from ...errors import BadTrack
from .laps import Told
from .track import Numbers, Track, sport_type_of, track_of

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_EVERYWHERE = {
    "time": "time",
    "distance": "distance", "distancemeters": "distance",
    "speed": "velocity_smooth",
    "hr": "heartrate", "heartrate": "heartrate",
    "cad": "cadence", "cadence": "cadence", "runcadence": "cadence",
    "power": "watts", "watts": "watts", "powerinwatts": "watts",
    "temp": "temp", "atemp": "temp", "temperature": "temp",
}  # fmt: skip
_VALUES = {
    "gpx": _EVERYWHERE | {"ele": "altitude"},
    "trainingcenterdatabase": _EVERYWHERE
    | {
        "latitudedegrees": "lat",
        "longitudedegrees": "lon",
        "altitudemeters": "altitude",
        "value": "heartrate",
    },
}
"""What is read inside a point, by root element: names without prefix, in small letters. GPX's and
TCX's own, and the extensions of Garmin (TrackPointExtension 1 and 2, PowerExtension,
ActivityExtension), ClueTrust and Strava."""

_COLUMNS = {
    "lat": "lat", "lon": "lng", "distance": "distance", "altitude": "altitude",
    "velocity_smooth": "velocity_smooth", "heartrate": "heartrate", "cadence": "cadence",
    "watts": "watts", "temp": "temp",
}  # fmt: skip

_LAP = {
    "totaltimeseconds": "timer_time", "distancemeters": "distance", "maximumspeed": "max_speed",
    "averageheartratebpm": "average_heartrate", "maximumheartratebpm": "max_heartrate",
    "cadence": "average_cadence", "avgruncadence": "average_cadence", "avgwatts": "average_watts",
}  # fmt: skip
"""What is read of a TCX lap, beside its points: Garmin's own, and its ActivityExtension."""

_SILENT = 3600.0
"""Seconds from a lap's start to its first point, beyond which its start is by another clock."""

_PLANS = {
    "rte": "a planned route", "course": "a course", "workout": "a planned workout", "wpt": "waypoints",
}  # fmt: skip


@dataclass
class _Found:
    """What one pass has met so far."""

    root: str = ""
    points: list[dict[str, str]] = field(default_factory=list)
    pauses: set[int] = field(default_factory=set)
    plans: list[str] = field(default_factory=list)
    laps: list[dict[str, str]] = field(default_factory=list)
    of_laps: list[slice] = field(default_factory=list)
    sport: str | None = None


def read_xml(data: bytes, name: str, *, laps: bool = False) -> Track:
    """The activity in a GPX or TCX file; raises BadTrack for any other XML, and for one without points.

    Laps cost nothing here. Asked for them, a file that has laps and no points is an activity too. `data`
    begins with the declaration or the root: blanks and byte order marks before it are gone.
    """
    found, problem = _pass(data, name, None)
    if problem and not found.points and "encoding" in problem:  # "utf-16" declared, UTF-8 written
        found, problem = _pass(data, name, "utf-8")
    if not found.points and not (laps and found.laps):
        _refuse(found, name, problem)
    return _track(found, [problem] if problem else [])


def _pass(data: bytes, name: str, encoding: str | None) -> tuple[_Found, str]:
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    found = _Listener(parser, name).found
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        return found, f"it is damaged in line {error.lineno} ({reason}); read as far as that"
    except (LookupError, ValueError) as error:
        return found, f"its encoding is not readable ({error})"
    return found, ""


class _Listener:
    """The handlers of one pass: one pair outside the points, and one inside, which runs most."""

    def __init__(self, parser: expat.XMLParserType, name: str) -> None:
        self.found = _Found()
        self._parser = parser
        self._name = name
        self._inside = _inside(parser, self._leave)
        self._recording = self._first_of_lap = False
        self._key = ""
        self._text: list[str] = []
        self._leave()
        parser.EntityDeclHandler = self._no_entities

    def _leave(self) -> None:
        """The end of a point."""
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local, found = _local(tag), self.found
        if not found.root:
            self._root(tag, local)
        elif self._recording and local in ("trkpt", "trackpoint"):
            found.points.append(attributes)
            self._inside(found.root, tag, attributes)
        elif local in ("trk", "activity"):
            self._recording = True
            found.pauses.add(len(found.points))
            found.sport = found.sport or attributes.get("Sport")
        elif local == "trkseg" or (local == "track" and not self._first_of_lap):
            found.pauses.add(len(found.points))
        elif local == "lap" and self._recording:
            found.laps.append({"StartTime": attributes.get("StartTime", "")})
            found.of_laps.append(slice(len(found.points), None))
        elif local in _LAP and found.of_laps and found.of_laps[-1].stop is None:
            self._collect(_LAP[local])
        elif local == "type" and self._recording and not found.sport:
            self._collect("sport")
        elif local in _PLANS and local not in found.plans:
            found.plans.append(local)
        self._first_of_lap = local == "lap" or (self._first_of_lap and local != "track")

    def _end(self, tag: str) -> None:
        local, found = _local(tag), self.found
        if self._parser.CharacterDataHandler:
            text = "".join(self._text).strip()
            if self._key == "sport":
                found.sport = text or None
            else:
                found.laps[-1].setdefault(self._key, text)
            self._parser.CharacterDataHandler = None
        if local == "lap" and found.of_laps:
            found.of_laps[-1] = slice(found.of_laps[-1].start, len(found.points))
        elif local in ("trk", "activity"):
            self._recording = False

    def _collect(self, key: str) -> None:
        """Read the text up to the next end of an element."""
        self._key = key
        self._text.clear()
        self._parser.CharacterDataHandler = self._text.append

    def _root(self, tag: str, local: str) -> None:
        if local not in _VALUES:
            raise BadTrack(
                f"{self._name} is an XML file of another kind (<{tag[:40]}>), not GPX or TCX.",
                "Choose a FIT, GPX or TCX file.",
            )
        self.found.root = local

    def _no_entities(self, *_: Any) -> None:
        raise BadTrack(
            f"{self._name} declares XML entities, which no track needs and which can be an attack.",
            "Leave it unopened, or export the track again.",
        )


def _inside(parser: expat.XMLParserType, leave: Callable[[], None]) -> Callable[..., None]:
    """What begins a point; closures over plain names, since these handlers run for every value."""
    values: dict[str, str] = {}
    keys: dict[str, str | None] = {}  # by the name as the file writes it, worked out once a name
    point: dict[str, str] = {}
    point_tag = text = ""

    def begin(root: str, tag: str, attributes: dict[str, str]) -> None:
        nonlocal values, point, point_tag
        values, point, point_tag = _VALUES[root], attributes, tag
        keys[tag] = None
        parser.StartElementHandler, parser.EndElementHandler = start, end

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal text
        if tag not in keys:
            keys[tag] = values.get(_local(tag))
        if keys[tag]:
            text = ""
            parser.CharacterDataHandler = collect

    def collect(part: str) -> None:
        nonlocal text
        text += part

    def end(tag: str) -> None:
        nonlocal text
        if key := keys[tag]:
            if text:
                point.setdefault(key, text)
                text = ""
            parser.CharacterDataHandler = None
        elif tag == point_tag:
            leave()

    return begin


def _refuse(found: _Found, name: str, problem: str) -> None:
    if problem:
        raise BadTrack(
            f"{name} cannot be read as XML: {problem}.",
            "If your device or Strava still has the activity, fetch its file again.",
        )
    form = "GPX" if found.root == "gpx" else "TCX"
    if found.plans:
        what = " and ".join(_PLANS[plan] for plan in found.plans)
        raise BadTrack(
            f"{name} is a {form} file with {what}, not a recorded activity.",
            "Choose a file that a device wrote for an activity.",
        )
    raise BadTrack(f"{name} is a {form} file without a single point.", "Choose a FIT, GPX or TCX file.")


def _track(found: _Found, problems: list[str]) -> Track:
    points = found.points
    moments = _moments(points, "time", problems)
    columns = {"time": moments}
    for key, column in _COLUMNS.items():
        columns[column] = _numbers(points, key, problems)
    pauses = tuple(sorted(row for row in found.pauses if 0 < row < len(points)))
    odd: list[str] = []
    laps = _laps(found, moments, odd)
    sport = sport_type_of(found.sport)
    track = track_of(columns, sport=sport, problems=problems, pauses=pauses, laps=laps)
    if track.laps:
        track.laps.problems[:0] = [f"of its laps, {one}" for one in odd]
    return track


def _laps(found: _Found, moments: Numbers, problems: list[str]) -> list[Told]:
    """The laps, each as long as its timer ran or, where it was stopped in between, as its points say."""
    begins = _moments(found.laps, "StartTime", problems)
    columns = {key: _numbers(found.laps, key, problems) for key in dict.fromkeys(_LAP.values())}
    told: list[Told] = []
    for row, said in enumerate(begins.tolist()):
        begin = said
        lap = {key: float(values[row]) for key, values in columns.items()}
        own = moments[found.of_laps[row]]
        own = own[np.isfinite(own)]
        if len(own):
            begin = said if 0 <= own.min() - said <= _SILENT else float(own.min())
            lap["elapsed_time"] = float(np.fmax(own.max() - begin, lap["timer_time"]))
        told.append(lap | {"begin": begin})
    return told


def _numbers(points: list[dict[str, str]], key: str, problems: list[str]) -> Numbers:
    texts = [point.get(key) for point in points]
    try:
        numbers = np.array([np.nan if text is None else float(text) for text in texts], dtype=np.float64)
    except ValueError:
        numbers = np.array([_number(text) for text in texts], dtype=np.float64)
    numbers[np.isinf(numbers)] = np.nan
    _tell(key, texts, numbers, problems)
    return numbers


def _moments(points: list[dict[str, str]], key: str, problems: list[str]) -> Numbers:
    """Unix seconds; a time without a zone is UTC, as both formats say."""
    texts = [point.get(key) for point in points]
    moments = np.array([np.nan if text is None else _moment(text) for text in texts], dtype=np.float64)
    _tell(key, texts, moments, problems)
    return moments


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - _START) // _MICROSECOND / 1e6
    except (ValueError, OverflowError):
        return np.nan


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return np.nan


def _tell(key: str, texts: list[str | None], numbers: Numbers, problems: list[str]) -> None:
    odd = [texts[row] for row in np.flatnonzero(np.isnan(numbers)) if (texts[row] or "").strip()]
    odd = [text for text in odd if text and text.strip().casefold() != "nan"]
    if odd:
        problems.append(f"{len(odd)} of {len(texts)} values of {key} are none, such as {str(odd[0])[:40]!r}")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].lower()
