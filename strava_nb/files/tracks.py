"""Streams to GPX and GeoJSON: one file, or a zip with a file an activity.

What leaves the house hides where it begins and ends, unless told not to.
"""

from __future__ import annotations

import os
import warnings
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias, overload

import pandas as pd

from ..errors import BadTable, StravaNbWarning
from ..settings import DEMO_MARK
from .atomic import write
from .geojson import geojson
from .gpx import gpx
from .names import file_name, safe_name
from .privacy import hidden, sentence_of
from .track_parts import Track, tracks_of

PathLike: TypeAlias = "str | os.PathLike[str]"
Writer: TypeAlias = Callable[[Sequence[Track], str], bytes]

_DEMO = f"{DEMO_MARK}: this athlete does not exist."


@overload
def to_gpx(
    streams: pd.DataFrame, path: None = None, *, activities: pd.DataFrame | None = None, hide: bool = True
) -> bytes: ...
@overload
def to_gpx(
    streams: pd.DataFrame, path: PathLike, *, activities: pd.DataFrame | None = None, hide: bool = True
) -> Path: ...
def to_gpx(
    streams: pd.DataFrame,
    path: PathLike | None = None,
    *,
    activities: pd.DataFrame | None = None,
    hide: bool = True,
) -> bytes | Path:
    """The tracks as GPX 1.1, with heart rate, cadence, power and temperature as Strava and Garmin have them.

    `activities` is the table that the streams belong to: names, sports and the start, without which
    points have no times (GPX knows none that count from a start) and Strava takes no upload. A pause of
    more than 25 s and what was hidden begin a new segment. Samples without a position are left out.

    Hidden is what `hide_places` hides, with its own limits: 200 m around start and end. The clock and the
    file begin with what is left, and the file says so. Streams that `hide_places` gave are not hidden
    a second time; `hide=False` writes everything.

    Bytes, or with `path` the path it was written to, in one step; a folder gets `file_name`'s name, and
    a path that ends in .zip a file an activity. Raises BadTable where nothing has (or is left) a
    position, CannotWrite; warns of what is left out.
    """
    return _deliver(gpx, "gpx", streams, path, activities=activities, hide=hide)


@overload
def to_geojson(
    streams: pd.DataFrame, path: None = None, *, activities: pd.DataFrame | None = None, hide: bool = True
) -> bytes: ...
@overload
def to_geojson(
    streams: pd.DataFrame, path: PathLike, *, activities: pd.DataFrame | None = None, hide: bool = True
) -> Path: ...
def to_geojson(
    streams: pd.DataFrame,
    path: PathLike | None = None,
    *,
    activities: pd.DataFrame | None = None,
    hide: bool = True,
) -> bytes | Path:
    """The tracks as GeoJSON (RFC 7946): one Feature an activity, for maps and GIS programs.

    Positions are longitude, latitude and, where every one of an activity's has it, altitude in m. A
    line is cut at pauses, at what was hidden and at the antimeridian. Properties: id, and from
    `activities` name, sport_type and start_date. Hiding, `path` and errors as in `to_gpx`.
    """
    return _deliver(geojson, "geojson", streams, path, activities=activities, hide=hide)


def _deliver(
    writer: Writer,
    ending: Literal["gpx", "geojson"],
    streams: pd.DataFrame,
    path: PathLike | None,
    *,
    activities: pd.DataFrame | None,
    hide: bool,
) -> bytes | Path:
    whole = tracks_of(streams, activities)
    tracks, told = whole, sentence_of(streams)
    problems: list[str] = []
    if hide and not told:
        table, problems = hidden(streams)
        tracks, told = tracks_of(table, activities), sentence_of(table)
    if not tracks:
        raise _nothing_left(bool(whole), ending)
    problems += _amiss(streams, whole, tracks, ending)
    if problems:
        warnings.warn(" ".join(problems), StravaNbWarning, stacklevel=3)
    description = " ".join([_DEMO] * any(one.demo for one in tracks) + [told] * bool(told))
    if path is None:
        return writer(tracks, description)
    if os.fspath(path).lower().endswith(".zip"):
        return write(_zipped(writer, ending, tracks, description), path, name=file_name(streams, "zip"))
    return write(writer(tracks, description), path, name=file_name(streams, ending))


def _nothing_left(had: bool, ending: str) -> BadTable:
    form = "GPX" if ending == "gpx" else "GeoJSON"
    if had:
        return BadTable(
            f"Nothing is left for a {form} file: all of it lies within what is hidden.",
            "Hide less, with hide_places(streams, metres=…), or write everything, with hide=False.",
        )
    return BadTable(
        f"There is nothing for a {form} file: no sample has a position.",
        "Indoor activities have none; write them as CSV, with to_csv.",
    )


def _amiss(streams: pd.DataFrame, whole: list[Track], tracks: list[Track], ending: str) -> list[str]:
    problems = []
    if without := streams["activity_id"].nunique(dropna=False) - len(whole):
        problems.append(f"{_count(without)} without positions left out.")
    timeless = sum(one.start is None for one in tracks)
    if timeless and ending == "gpx":
        problems.append(f"{_count(timeless)} without times, since the start is not known: give activities=….")
    return problems


def _count(number: int) -> str:
    return f"{number:,} {'activity' if number == 1 else 'activities'}"


def _zipped(writer: Writer, ending: str, tracks: list[Track], description: str) -> bytes:
    """A file an activity; the same tracks make the same bytes."""
    data = BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in tracks:
            info = zipfile.ZipInfo(_free_name(one, ending, taken))  # dated 1980, as ZipInfo is
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, writer([one], description))
    return data.getvalue()


def _free_name(track: Track, ending: str, taken: set[str]) -> str:
    """The day and the name of an activity; what two would share gets a number, in any letter case."""
    name = track.name or f"activity {track.number or ''}"
    stem = "_".join([DEMO_MARK] * track.demo + [track.day] * bool(track.day) + [safe_name(name)])
    free, number = stem, 1
    while free.casefold() in taken:
        number += 1
        free = f"{stem}_{number}"
    taken.add(free.casefold())
    return f"{free}.{ending}"
