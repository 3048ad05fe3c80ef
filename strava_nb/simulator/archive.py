"""The athlete as the zip that Strava sends to anyone for free: the second way to her activities.

It holds what such a zip holds, the private files too (all made up), and says in DEMO.txt whose it is.
"""

from __future__ import annotations

import gzip
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from os import PathLike, getpid
from pathlib import Path

from strava_nb.simulator.activity import Activity, Gear
from strava_nb.simulator.archive_table import as_csv, sport_in_words, table
from strava_nb.simulator.athlete import Athlete
from strava_nb.simulator.breakdown import Samples
from strava_nb.simulator.track_fit import fit
from strava_nb.simulator.track_xml import gpx, tcx

_WRITERS: dict[str, Callable[[Activity, Samples], bytes]] = {"gpx": gpx, "tcx": tcx, "fit": fit}
_FITS = 12
"""About how many of the tracks are FIT files, the kind that is read quickest."""
_FAST = 1  # zlib's level: a tenth more bytes, half the time
_AHEAD = 8  # tracks being packed while the next is made
_FRAMES = {1: "MountainBikeRide", 5: "GravelRide"}

_DEMO = """\
This is the demo athlete's export. She does not exist: her activities, her places, her mail address and
everything else in this archive are made up. It is laid out as the archive that Strava sends to people,
so that one can try what reads those.
"""
_PRIVATE = {
    "profile.csv": "Athlete ID,Email Address,First Name,Last Name,Sex,City,Country\n"
    "{id},dana@example.invalid,{firstname},{lastname},{sex},{city},{country}\n",
    "logins.csv": "Login Time,IP Address,User Agent\n2020-02-30 25:61:00 UTC,192.0.2.1,A made-up browser\n",
    "contacts.csv": "Contact Name,Contact Email\nNobody Demo,nobody@example.invalid\n",
    "messaging.json": '[{{"from": "Nobody Demo", "text": "This message was never sent."}}]\n',
    "followers.csv": "Follower Athlete ID,Follow Status,Favorite Status\n1,Accepted,false\n",
}
"""What nobody who reads activities has any business with."""


def write_export(
    path: str | PathLike[str],
    *,
    seed: int = 0,
    today: date | None = None,
    activities: int | None = None,
    tracks: bool = True,
    tell: Callable[[int, int], None] | None = None,
) -> Path:
    """Write the demo athlete's export to `path`, a zip, and say where it is.

    The arguments are the athlete's: the same ones give the same bytes. `tell` hears how many of how many
    tracks are written. The file appears when it is whole, and not at all where writing fails. Three
    years are seven hundred tracks and some 80 MB; without `tracks` no activity has one.
    """
    path, day = Path(path), today or date.today()
    athlete = Athlete(seed=seed, today=day, activities=activities)
    files = track_names(athlete) if tracks else {}
    unfinished = path.with_name(f"{path.name}.{getpid()}.part")
    try:
        with zipfile.ZipFile(unfinished, "w") as archive:
            for name, text in _lists(athlete, files):
                archive.writestr(_entry(name, day), text, zipfile.ZIP_DEFLATED)
            for done, (name, data) in enumerate(_tracks(athlete, files), start=1):
                stored = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
                archive.writestr(_entry(name, day), data, stored, _FAST)
                if tell:
                    tell(done, len(files))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def track_names(athlete: Athlete) -> dict[int, str]:
    """The name of each activity's track in the archive; what was typed in, or not measured, has none.

    A number in a name is the upload's, not the activity's. A phone's files come as they are, those of
    other devices gzipped; what has no positions, and every third ride with power, is TCX; one in
    eight or more is FIT, a dozen at most.
    """
    recorded = [
        one
        for one in athlete.activities
        if not one.manual and (one.distance or one.average_heartrate is not None)
    ]
    spacing = max(len(recorded) // _FITS, 8)
    names = {}
    for number, one in enumerate(recorded):
        ending = "gpx" if one.commute else "gpx.gz"
        if not one.polyline or (one.device_watts and one.id % 3 == 0):
            ending = "tcx.gz"
        if number % spacing == spacing // 2:
            ending = "fit.gz"
        names[one.id] = f"activities/{one.id + 10_000_000}.{ending}"
    return names


def _lists(athlete: Athlete, files: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """The archive's small files, the private ones first as they come."""
    yield "DEMO.txt", _DEMO
    for name, text in _PRIVATE.items():
        yield name, text.format_map(athlete.profile)
    yield "activities.csv", table(athlete.activities, files, athlete.gear)
    for kind, what, first in (("b", "Bike", "bikes.csv"), ("g", "Shoe", "shoes.csv")):
        header = [f"{what} {word}" for word in ("Name", "Brand", "Model", "Default Sport Types")]
        rows = [
            [one.name, one.brand_name, one.model_name, _sports(one)]
            for one in athlete.gear
            if one.id.startswith(kind)
        ]
        yield first, as_csv(header, rows)


def _sports(gear: Gear) -> str:
    """What a bike or a pair of shoes is for."""
    return sport_in_words("Run" if gear.frame_type is None else _FRAMES.get(gear.frame_type, "Ride"))


def _tracks(athlete: Athlete, files: Mapping[int, str]) -> Iterator[tuple[str, bytes]]:
    """The track files in order: the next ones are made while threads pack those before."""
    waiting: deque[tuple[str, Future[bytes]]] = deque()
    with ThreadPoolExecutor(2) as threads:
        for activity in athlete.activities:
            if activity.id not in files:
                continue
            name = files[activity.id]
            raw = _WRITERS[name.split(".")[1]](activity, Samples(athlete.streams(activity)))
            waiting.append((name, threads.submit(_packed, raw, name)))
            if len(waiting) > _AHEAD:
                name, packed = waiting.popleft()
                yield name, packed.result()
        for name, packed in waiting:
            yield name, packed.result()


def _packed(raw: bytes, name: str) -> bytes:
    return gzip.compress(raw, _FAST, mtime=0) if name.endswith(".gz") else raw


def _entry(name: str, day: date) -> zipfile.ZipInfo:
    """A member that looks the same whoever writes it, and when."""
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry
