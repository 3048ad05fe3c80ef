"""The export door: the zip that Strava sends to anyone for free, or any folder of track files.

A source like the others, without API, application or subscription, and without network, threads or
processes. It reads in place, and only activities.csv, activities/ and the gear lists; one bad file
never stops the rest, but is told in `problems`.
"""

from __future__ import annotations

import re
from datetime import date
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pandas as pd

from ..errors import BadExport, BadInput, BadTrack, NotFound
from ..tables.by_field import ByField
from .export_cells import Sheet
from .export_files import GEAR_LISTS, TABLE, ExportFiles, find_files
from .export_table import ExportTable, read_table, stable_id, with_records
from .local_time import places_are_known, wall_times, zone_at, zone_here, zone_named
from .source import Listener, Payload, Progress, Record, nobody
from .track_summary import ends, summary
from .trackfiles import read_samples

if TYPE_CHECKING:
    from .tracks.track import Track

_LISTS = {TABLE, *GEAR_LISTS}
_ATHLETE = re.compile(r"export_(\d{1,18})(?!\d)")


def open_export(path: str | PathLike[str], *, timezone: str | None = None) -> ExportSource:
    """A Strava export as a source: the zip as it came, or whatever became of it.

    Takes the zip, the same zip packed again with a folder on top, the unpacked folder, its
    activities.csv alone, or a plain folder of FIT, GPX and TCX files from any device. Only
    activities.csv, activities/ and the gear lists are opened; private files never are.

    The export's times are UTC. Local time is that of the track's first point where the track has been
    read (with the extra `timezones`), else that of `timezone`, an IANA name, else this computer's,
    which is told in the table's `.attrs["problems"]`.

    Raises BadExport for a file that is no export or cannot be read, BadInput for an unknown `timezone`.
    """
    if timezone is not None:
        zone_named(timezone)
    files = find_files(Path(path).expanduser())
    return ExportSource(files, timezone=timezone)


class ExportSource:
    """One athlete's activities as their export has them.

    `problems` are sentences about what was amiss: those about the table since `activities` was called
    last, and after them those about tracks as they were read.
    """

    def __init__(self, files: ExportFiles, *, timezone: str | None = None) -> None:
        self.name = "demo" if files.is_demo else "export"
        self.problems: list[str] = []
        self._files = files
        self._timezone = timezone
        table = read_table(files.read(TABLE), TABLE) if TABLE in files.names else ExportTable({})
        self._columns = table.columns
        self._standing_problems = [*files.problems, *table.problems]
        self._tracks = self._locate()
        self._loose = sorted(set(files.tracks) - set(self._tracks.values()))
        self._places: dict[int, Record] = {}

    @property
    def athlete(self) -> Record:
        """The athlete's id, where the file is still named as it came; the profile is never opened."""
        found = _ATHLETE.search(self._files.path.name) or _ATHLETE.search(self._files.path.parent.name)
        return {"id": int(found[1])} if found else {}

    @property
    def client(self) -> NoReturn:
        """None: an export is a file. Raises BadInput."""
        raise BadInput("An export has no client: it is a file.", "Use snb.open_api() for calls to Strava.")

    @property
    def opened(self) -> tuple[str, ...]:
        """The names of the export's files that have been opened so far."""
        return tuple(dict.fromkeys(self._files.opened))

    def activities(self, start: date | None, end: date | None, *, tell: Listener = nobody) -> ByField:
        """The activities whose local day lies in start…end.

        Files that no row tells about are read, and are activities with an id made of their content.
        """
        self._read_loose(tell)
        chosen = self._within(start, end)
        tell(Progress("activities", len(chosen), len(chosen)))
        self.problems = list(self._standing_problems)
        ids = chosen.fields.get("id", ())
        guessed = len(ids)
        if self._places:
            guessed -= sum("timezone" in self._places.get(int(one), {}) for one in ids)
        if guessed and self._timezone is None:
            install = "" if places_are_known() else "install strava-nb[timezones] and "
            self.problems.append(
                f"The local time of {guessed:,} of {len(ids):,} activities is a guess, by this computer's "
                f'time zone {zone_here()}: give open_export a timezone="…", or {install}read their tracks.'
            )
        return chosen

    def streams(self, activity_id: int) -> Payload | None:
        """The streams of an activity's track file; None where it has none, or none that can be read."""
        if activity_id < 0:
            self._read_loose(nobody)
        name = self._tracks.get(activity_id)
        if name is None:
            return None
        track = self._track(name, self._bytes(name, self.problems), self.problems)
        if track is None:
            return None
        self._learn(activity_id, track)
        payload: Payload = track.payload
        return payload

    def detail(self, activity_id: int) -> Record:
        """All that the export tells of one activity. Raises NotFound."""
        self._read_loose(nobody)
        everything = self._within(None, None)
        ids = list(everything.fields.get("id", ()))
        if activity_id not in ids:
            raise NotFound(f"The export has no activity {activity_id}.", 'Use an id from its column "id".')
        return everything[ids.index(activity_id)]

    def gears(self) -> list[Record]:
        """The bikes and shoes, in the export's order; it tells their names, not their ids."""
        gear: list[Record] = []
        for name, kind in zip(GEAR_LISTS, ("bike", "shoes"), strict=True):
            data = self._bytes(name, self.problems) if name in self._files.names else None
            if data and data.strip():
                gear += [_gear(kind, row) for row in Sheet(data, name).rows()]
        return gear

    def _within(self, start: date | None, end: date | None) -> ByField:
        """The columns with local time and what tracks have told, of the rows in the span of local days."""
        columns = dict(self._columns)
        if not columns:
            return ByField({})
        guess = self._timezone or zone_here()
        places = [self._places.get(int(one), {}) for one in columns["id"]] if self._places else []
        zones = [place.get("timezone", guess) for place in places] or [guess] * len(columns["id"])
        local, offsets = wall_times(columns["start_date"], zones)
        columns |= {
            "start_date_local": local,
            "timezone": pd.array(zones, dtype="string"),
            "utc_offset": offsets,
        }
        if self.athlete:
            columns["athlete.id"] = pd.array([self.athlete["id"]] * len(zones), dtype="Int64")
        kept = np.full(len(zones), True)
        if start:
            kept &= local >= pd.Timestamp(start)
        if end:
            kept &= local < pd.Timestamp(end) + pd.Timedelta(days=1)
        columns = columns if kept.all() else {name: column[kept] for name, column in columns.items()}
        for name in ("start_latlng", "end_latlng"):
            if any(name in place for place in places):
                columns[name] = [place.get(name) for place, one in zip(places, kept, strict=True) if one]
        return ByField(columns)

    def _locate(self) -> dict[int, str]:
        """Each row's track file, which Safari may have unpacked and Windows may have renamed."""
        tracks: dict[int, str] = {}
        lost: list[str] = []
        there = self._files.names - _LISTS
        if "filename" not in self._columns or not there:
            return tracks
        named = self._columns["filename"].to_numpy(object, na_value=None)
        for activity_id, written in zip(self._columns["id"].tolist(), named, strict=True):
            if written in there:
                tracks[activity_id] = written
                continue
            if written is None or written.startswith("#"):
                continue
            name = written.strip().replace("\\", "/").removeprefix("./")
            spellings = (name, name.removesuffix(".gz"), f"{name}.gz")
            if found := next((one for one in spellings if one in there), None):
                tracks[activity_id] = found
            else:
                lost.append(name)
        if lost:
            self._standing_problems.append(
                f"{len(lost)} files that activities.csv names are not in the export's activities folder, "
                f"such as {lost[0][:60]!r}."
            )
        return tracks

    def _read_loose(self, tell: Listener) -> None:
        """Read the files that no row tells about, once."""
        names, self._loose = self._loose, []
        found: list[Record] = []
        for done, name in enumerate(names, start=1):
            data = self._bytes(name, self._standing_problems)
            if track := self._track(name, data, self._standing_problems):
                found += self._loose_record(name, stable_id(data or b""), track)
            tell(Progress("tracks", done, len(names)))
        if found:
            self._columns = with_records(self._columns, found)

    def _loose_record(self, name: str, activity_id: int, track: Track) -> list[Record]:
        if activity_id in self._tracks:
            self._standing_problems.append(
                f"{name} is the same file as {self._tracks[activity_id]}; left out."
            )
            return []
        self._tracks[activity_id] = name
        self._learn(activity_id, track)
        title = PurePosixPath(name).name.partition(".")[0]
        return [{"id": activity_id, "name": title, "start_date": None, "filename": name} | summary(track)]

    def _learn(self, activity_id: int, track: Track) -> None:
        """Correct the row of an activity by its track: where it was, and what the clock said there."""
        place = ends(track)
        if place and (zone := zone_at(*place["start_latlng"])):
            place["timezone"] = zone
        self._places[activity_id] = place

    def _bytes(self, name: str, problems: list[str]) -> bytes | None:
        try:
            return self._files.read(name)
        except BadExport as error:
            problems.append(error.what)
            return None

    def _track(self, name: str, data: bytes | None, problems: list[str]) -> Track | None:
        if data is None:
            return None
        try:
            track = read_samples(data, name)
        except BadTrack as error:
            problems.append(error.what)
            return None
        problems += [f"{name}: {problem}." for problem in track.problems]
        return track


def _gear(kind: str, row: list[str | None]) -> Record:
    names = ("name", "brand_name", "model_name", "sport_types")
    cells = [(cell or "").strip() or None for cell in row] + [None] * len(names)
    return {"kind": kind} | dict(zip(names, cells, strict=False))
