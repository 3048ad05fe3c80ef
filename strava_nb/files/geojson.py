"""Tracks as GeoJSON (RFC 7946): a Feature an activity, cut where it crosses the antimeridian."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..metrics.reading import Floats
from .track_parts import Track


def geojson(tracks: Sequence[Track], description: str) -> bytes:
    """The tracks as one FeatureCollection."""
    features = ",\n".join(
        json.dumps(_feature(one, description), ensure_ascii=False, separators=(",", ":")) for one in tracks
    )
    text = f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'
    return text.encode("utf-8", "replace")


def _feature(track: Track, description: str) -> dict[str, Any]:
    lines = [line for piece in track.pieces for line in _lines(_positions(track)[piece])]
    geometry: dict[str, Any] = {"type": "MultiLineString", "coordinates": lines}
    if len(lines) == 1:
        geometry = {"type": "LineString", "coordinates": lines[0]}
    start = "" if track.start is None else f"{np.datetime_as_string(track.start, unit='s')}Z"
    told = {
        "id": track.number,
        "name": track.name,
        "sport_type": track.sport,
        "start_date": start,
        "source": "demo" if track.demo else "",
        "description": description,
    }
    properties = {name: value for name, value in told.items() if value not in (None, "")}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _positions(track: Track) -> Floats:
    """Longitude, latitude and, where every sample of the activity has it, altitude."""
    columns = [track.columns["lng"], track.columns["lat"]]
    altitude = track.columns.get("altitude")
    if altitude is not None and np.isfinite(altitude).all():
        columns.append(np.round(altitude, 2))
    return np.column_stack(columns)


def _lines(positions: Floats) -> Iterator[list[list[float]]]:
    """A piece as lines of two positions or more, none of which crosses the antimeridian.

    Where it is crossed, one line ends on it and the next begins on it. A lone position is a line of no
    length, since a line needs two.
    """
    crossings = np.flatnonzero(np.abs(np.diff(positions[:, 0])) > 180)
    begin: list[list[float]] = []
    first = 0
    for last in crossings.tolist():
        before, after = positions[last], positions[last + 1]
        side = 180.0 if before[0] > 0 else -180.0
        way = after[0] + 2 * side - before[0]
        part = (side - before[0]) / way if way else 0.0
        border = [round(float(value), 7) for value in before + part * (after - before)]
        line = [*begin, *positions[first : last + 1].tolist(), [side, *border[1:]]]
        if line[0] != line[-1] or len(line) > 2:
            yield line
        begin, first = [[-side, *border[1:]]], last + 1
    line = [*begin, *positions[first:].tolist()]
    yield line * 2 if len(line) == 1 else line
