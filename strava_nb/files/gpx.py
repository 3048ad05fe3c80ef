"""Tracks as GPX 1.1, with what sensors measured in the extensions that others read.

Heart rate, cadence and temperature are in Garmin's TrackPointExtension 1. Power has two words, and
both are written: Garmin's PowerInWatts and Strava's power, which the schema does not allow without a
namespace of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np

from ..metrics.reading import Floats
from .track_parts import Track

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="strava-nb" xmlns="http://www.topografix.com/GPX/1/1" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd" \
xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1" \
xmlns:gpxpx="http://www.garmin.com/xmlschemas/PowerExtension/v1">
"""
_POWER = '<gpxpx:PowerInWatts>{0}</gpxpx:PowerInWatts><power xmlns="urn:strava-nb">{0}</power>'
_BEATS, _TURNS, _WATTS = (1, 255), (0, 254), (0, 65535)
"""What Garmin's schemas allow; anything else is a sensor's mistake."""


def gpx(tracks: Sequence[Track], description: str) -> bytes:
    """The tracks as one GPX file."""
    told = f"<desc>{escape(description)}</desc>" if description else ""
    starts = [moments[0] for one in tracks if (moments := one.moments) is not None]
    known = [moment for moment in starts if not np.isnat(moment)]
    time = f"<time>{min(known)}Z</time>" if known else ""
    body = "".join(map(_track, tracks))
    return f"{_HEAD}<metadata>{told}{time}</metadata>\n{body}</gpx>\n".encode()


def _track(track: Track) -> str:
    points = _points(track)
    segments = "".join(f"<trkseg>\n{''.join(points[piece])}</trkseg>\n" for piece in track.pieces)
    name = f"<name>{escape(track.name)}</name>" if track.name else ""
    sport = f"<type>{escape(track.sport)}</type>" if track.sport else ""
    return f"<trk>{name}{sport}\n{segments}</trk>\n"


def _points(track: Track) -> list[str]:
    columns = track.columns
    nothing = np.full(len(columns["lat"]), np.nan)

    def texts(name: str, form: str, whole: tuple[int, int] | None = None) -> list[str]:
        return _texts(columns.get(name, nothing), form, whole)

    sensors = zip(
        texts("temp", "<gpxtpx:atemp>{:.1f}</gpxtpx:atemp>"),
        texts("heartrate", "<gpxtpx:hr>{}</gpxtpx:hr>", _BEATS),
        texts("cadence", "<gpxtpx:cad>{}</gpxtpx:cad>", _TURNS),
        strict=True,
    )
    inner = [
        f"<gpxtpx:TrackPointExtension>{one}</gpxtpx:TrackPointExtension>" if one else ""
        for one in map("".join, sensors)
    ]
    extensions = [
        f"<extensions>{power}{one}</extensions>" if power or one else ""
        for power, one in zip(texts("watts", _POWER, _WATTS), inner, strict=True)
    ]
    return [
        f'<trkpt lat="{lat:.7f}" lon="{lng:.7f}">{ele}{time}{extension}</trkpt>\n'
        for lat, lng, ele, time, extension in zip(
            columns["lat"].tolist(),
            columns["lng"].tolist(),
            texts("altitude", "<ele>{:.2f}</ele>"),
            _times(track),
            extensions,
            strict=True,
        )
    ]


def _texts(values: Floats, form: str, whole: tuple[int, int] | None) -> list[str]:
    """The values written into the form, nothing where there is none, whole numbers within limits."""
    if whole is not None:
        values = np.rint(values)
        values = np.where((values >= whole[0]) & (values <= whole[1]), values, np.nan)
        return ["" if math.isnan(value) else form.format(int(value)) for value in values.tolist()]
    return ["" if math.isnan(value) else form.format(value) for value in values.tolist()]


def _times(track: Track) -> list[str]:
    moments = track.moments
    if moments is None:
        return [""] * len(track.columns["lat"])
    to_the_second = not (moments.astype(np.int64)[~np.isnat(moments)] % 1000).any()
    texts = np.datetime_as_string(moments, unit="s" if to_the_second else "ms").tolist()
    return ["" if text == "NaT" else f"<time>{text}Z</time>" for text in texts]
