"""Recorded streams as the GPX and TCX files that apps and devices upload.

A file of its own because XML is written here as tables of letters: millions of points, and no loop over
any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from strava_nb.simulator.activity import Activity
from strava_nb.simulator.breakdown import PAUSE, Samples, laps
from strava_nb.simulator.sensors import Stream

Texts: TypeAlias = npt.NDArray[np.bytes_]
Part: TypeAlias = bytes | Texts
"""What stands in each point at one place: the same in all of them, or one text a point."""

SPORTS = {
    "Ride": "cycling",
    "GravelRide": "gravel_cycling",
    "MountainBikeRide": "mountain_biking",
    "VirtualRide": "virtual_ride",
    "Run": "running",
    "TrailRun": "trail_running",
    "Hike": "hiking",
    "Walk": "walking",
    "Swim": "swimming",
    "NordicSki": "nordic_skiing",
    "WeightTraining": "strength_training",
    "Yoga": "yoga",
}
"""What devices call her sports."""

_GPX = """\
<?xml version="1.0" encoding="UTF-8"?>
<gpx creator="The demo athlete, who does not exist" version="1.1" \
xmlns="http://www.topografix.com/GPX/1/1" \
xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
 <metadata><time>{begin}</time></metadata>
 <trk>
  <name>{name}</name>
  <type>{sport}</type>
  <trkseg>
"""
_GPX_END = b"  </trkseg>\n </trk>\n</gpx>\n"

_TCX = """\
          <?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" \
xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
 <Activities><Activity Sport="{sport}"><Id>{begin}</Id>
"""
"""Its blanks before the declaration are what the files of a well-known site begin with."""
_LAP = """\
  <Lap StartTime="{begin}"><TotalTimeSeconds>{timer:.1f}</TotalTimeSeconds>\
<DistanceMeters>{distance}</DistanceMeters>{fastest}<Calories>{calories}</Calories>{heart}\
<Intensity>Active</Intensity>{cadence}<TriggerMethod>Distance</TriggerMethod>
  <Track>
"""
_LAP_END = """\
  </Track>{extensions}
  </Lap>
"""
_LAP_BEGINS = b"\1"
"""Stands in the table of letters where a lap begins, and nowhere else."""
_TCX_END = b" </Activity></Activities>\n</TrainingCenterDatabase>\n"


def gpx(activity: Activity, samples: Samples) -> bytes:
    """The track as GPX 1.1 with Garmin's extension: no distance, speed or laps; a pause begins a segment."""
    streams = samples.streams
    head = _GPX.format(
        begin=_zulu(activity.start), name=escape(activity.name), sport=SPORTS.get(activity.sport_type, "")
    )
    lat, lng = streams["latlng"].T
    inner = _all(
        _value(streams, "watts", 0, b"<power>", b"</power>"),
        b"<gpxtpx:TrackPointExtension>",
        _value(streams, "temp", 0, b"<gpxtpx:atemp>", b"</gpxtpx:atemp>"),
        _value(streams, "heartrate", 0, b"<gpxtpx:hr>", b"</gpxtpx:hr>"),
        _value(streams, "cadence", 0, b"<gpxtpx:cad>", b"</gpxtpx:cad>"),
        b"</gpxtpx:TrackPointExtension>",
    )
    points = _points(
        _gaps(streams, b"  </trkseg>\n  <trkseg>\n"),
        *(b'   <trkpt lat="', *_texts(lat, 6), b'" lon="', *_texts(lng, 6), b'">'),
        *_value(streams, "altitude", 1, b"<ele>", b"</ele>"),
        *(b"<time>", *_times(activity, streams), b"</time>"),
        *((b"<extensions>", *inner, b"</extensions>") if len(inner) > 2 else ()),
        b"</trkpt>\n",
    )
    return head.encode() + points + _GPX_END


def tcx(activity: Activity, samples: Samples) -> bytes:
    """The track as TCX with Garmin's extension: no temperature; without positions where there were none.

    A lap's last point is where it ended; the time that it tells is the timer's.
    """
    streams, made = samples.streams, laps(activity, samples)
    word = SPORTS.get(activity.sport_type, "")
    run = "run" in word
    head = _TCX.format(
        sport="Running" if run else "Biking" if activity.sport_type.endswith("Ride") else "Other",
        begin=_zulu(activity.start),
    )
    steps = b"<ns3:RunCadence>", b"</ns3:RunCadence>"
    inner = _all(
        _value(streams, "velocity_smooth", 2, b"<ns3:Speed>", b"</ns3:Speed>"),
        _value(streams, "cadence", 0, *steps) if run else (),
        _value(streams, "watts", 0, b"<ns3:Watts>", b"</ns3:Watts>"),
    )
    place: tuple[Part, ...] = ()
    if "latlng" in streams:
        lat, lng = streams["latlng"].T
        place = (
            *(b"<Position><LatitudeDegrees>", *_texts(lat, 6), b"</LatitudeDegrees><LongitudeDegrees>"),
            *(*_texts(lng, 6), b"</LongitudeDegrees></Position>"),
        )
    breaks = _gaps(streams, b"  </Track>\n  <Track>\n")
    breaks[[lap["start_index"] + 1 for lap in made[1:]]] = _LAP_BEGINS
    points = _points(
        breaks,
        *(b"   <Trackpoint><Time>", *_times(activity, streams), b"</Time>", *place),
        *_value(streams, "altitude", 1, b"<AltitudeMeters>", b"</AltitudeMeters>"),
        *_value(streams, "distance", 1, b"<DistanceMeters>", b"</DistanceMeters>"),
        *_value(streams, "heartrate", 0, b"<HeartRateBpm><Value>", b"</Value></HeartRateBpm>"),
        *(() if run else _value(streams, "cadence", 0, b"<Cadence>", b"</Cadence>")),
        *((b"<Extensions><ns3:TPX>", *inner, b"</ns3:TPX></Extensions>") if inner else ()),
        b"</Trackpoint>\n",
    )
    whole = [
        _lap(activity, samples, lap, own, run=run)
        for lap, own in zip(made, points.split(_LAP_BEGINS), strict=True)
    ]
    return head.encode() + b"".join(whole) + _TCX_END


def _lap(activity: Activity, samples: Samples, lap: dict[str, Any], points: bytearray, *, run: bool) -> bytes:
    """A lap with its points; means are whole numbers."""

    def told(key: str, form: str) -> str:
        return form.format(lap[key]) if key in lap else ""

    extensions = told("average_cadence", "<ns3:AvgRunCadence>{:.0f}</ns3:AvgRunCadence>") if run else ""
    extensions += told("average_watts", "<ns3:AvgWatts>{:.0f}</ns3:AvgWatts>")
    heart = told("average_heartrate", "<AverageHeartRateBpm><Value>{:.0f}</Value></AverageHeartRateBpm>")
    heart += told("max_heartrate", "<MaximumHeartRateBpm><Value>{:.0f}</Value></MaximumHeartRateBpm>")
    begin = _LAP.format(
        begin=_zulu(activity.start + timedelta(seconds=lap["start_time"])),
        timer=samples.timer((lap["start_index"], lap["end_index"])),
        distance=lap["distance"],
        fastest=told("max_speed", "<MaximumSpeed>{:.2f}</MaximumSpeed>"),
        calories=round((activity.calories or 0) * lap["elapsed_time"] / activity.elapsed_time),
        heart=heart,
        cadence="" if run else told("average_cadence", "<Cadence>{:.0f}</Cadence>"),
    )
    wrapped = f"<Extensions><ns3:LX>{extensions}</ns3:LX></Extensions>" if extensions else ""
    return b"".join([begin.encode(), points, _LAP_END.format(extensions=wrapped).encode()])


def _points(*parts: Part) -> bytearray:
    """The parts beside one another, point under point: a table of letters, then without its padding."""
    columns = {f"part{place}": part for place, part in enumerate(parts)}
    varied = {name: part for name, part in columns.items() if isinstance(part, np.ndarray)}
    kinds: Any = [
        (name, part.dtype if isinstance(part, np.ndarray) else f"S{len(part)}")
        for name, part in columns.items()
    ]
    point = b"".join(bytes(part.itemsize) if isinstance(part, np.ndarray) else part for part in parts)
    letters = bytearray(point * len(next(iter(varied.values()))))
    table = np.frombuffer(letters, dtype=kinds)
    for name, part in varied.items():
        table[name] = part
    return letters.translate(None, b"\0")


def _all(*parts: Part | tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(one for part in parts for one in (part if isinstance(part, tuple) else (part,)))


def _value(
    streams: Mapping[str, Stream], key: str, places: int, before: bytes, after: bytes
) -> tuple[Part, ...]:
    return (before, *_texts(streams[key], places), after) if key in streams else ()


def _texts(values: Stream, places: int) -> tuple[Part, ...]:
    """Numbers written with so many decimals; the last three of six apart, since those before repeat."""
    numbers = np.asarray(values, dtype=np.float64)
    units = np.rint(np.abs(numbers) * 10.0**places).astype(np.int64)
    tail: tuple[Part, ...] = ()
    if places > 3:
        tail = (_numbered(1000, "{:03}".format)[units % 1000],)
        units, places = units // 1000, places - 3
    signed, which = np.unique(2 * units + (numbers < 0), return_inverse=True)
    written = [f"{'-' if one % 2 else ''}{one // 2 / 10**places:.{places}f}" for one in signed.tolist()]
    return np.array(written, dtype=np.bytes_)[which], *tail


def _times(activity: Activity, streams: Mapping[str, Stream]) -> tuple[Part, ...]:
    moments = int(activity.start.timestamp()) + streams["time"]
    days, which = np.unique(moments // 86_400, return_inverse=True)
    dates = np.array(np.datetime_as_string(days.astype("datetime64[D]")), dtype=np.bytes_)[which]
    return dates, b"T", _numbered(86_400, _clock)[moments % 86_400], b"Z"


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


@cache
def _numbered(many: int, write: Callable[[int], str]) -> Texts:
    return np.array([write(one) for one in range(many)], dtype=np.bytes_)


def _gaps(streams: Mapping[str, Stream], text: bytes) -> Texts:
    return np.where(np.diff(streams["time"], prepend=0) > PAUSE, text, b"")


def _zulu(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
