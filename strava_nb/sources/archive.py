"""The export door: the zip that Strava sends to anyone for free, or any folder of track files.

A source like the others, without API, application, subscription or network; threads and processes
only make it faster. It reads in place, and only activities.csv, activities/ and the gear lists; one bad file
never stops the rest, but is told in `problems`.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from ..errors import BadExport, BadInput, NotFound, Stopped
from ..tables.by_field import ByField
from .export_cells import Sheet
from .export_files import GEAR_LISTS, TABLE, ExportFiles, find_files
from .export_table import ExportTable, read_table, with_records
from .export_tracks import ExportTracks, key_of
from .local_time import places_are_known, wall_times, zone_at, zone_here, zone_named
from .reading import NOT_HERE, Reading
from .source import Listener, Payload, Progress, Record, nobody

_LISTS = {TABLE, *GEAR_LISTS}
_ATHLETE = re.compile(r"export_(\d{1,18})(?!\d)")
_PLACES = ("start_latlng", "end_latlng", "map")


def open_export(path: str | PathLike[str], *, timezone: str | None = None) -> ExportSource:
    """A Strava export as a source: the zip as it came, or whatever became of it.

    Takes the zip, the same zip packed again with a folder on top, the unpacked folder, its
    activities.csv alone, or a plain folder of FIT, GPX and TCX files from any device. Only
    activities.csv, activities/ and the gear lists are opened; private files never are.

    The export's times are UTC. Local time is that of the track's first point where the track has been
    read (with the extra `timezones`), else that of `timezone`, an IANA name, else this computer's, which
    is told in the table's `.attrs["problems"]`. Tracks that were read are kept, so that later sessions
    know it too.

    Raises BadExport for a file that is no export or cannot be read, BadInput for an unknown `timezone`.
    """
    if timezone is not None:
        zone_named(timezone)
    files = find_files(Path(path).expanduser())
    return ExportSource(files, timezone=timezone)


class ExportSource:
    """One athlete's activities as their export has them.

    `problems` are sentences about what was amiss: those about the table since `activities` was called
    last, and after them those about tracks as they were read. `browser_zone` is a better guess than this
    computer's time zone where a page has told it.
    """

    def __init__(
        self, files: ExportFiles, *, timezone: str | None = None, browser_zone: str | None = None
    ) -> None:
        self.name = "demo" if files.is_demo else "export"
        self.problems: list[str] = []
        self._files = files
        self._timezone = timezone
        self._browser_zone = browser_zone
        table = read_table(files.read(TABLE), TABLE) if TABLE in files.names else ExportTable({})
        self._columns = table.columns
        self._standing_problems = [*files.problems, *table.problems]
        self._untold: list[str] = []
        self._told = ""
        self._named = self._locate()
        self._loose = sorted(set(files.tracks) - set(self._named.values()))
        named = pd.Series(self._columns.get("filename", ()), dtype="string").dropna()
        self._tracks = ExportTracks(files, key_of(files, self.athlete.get("id")), named)
        self._kept: dict[str, Reading] | None = None
        self._places: dict[int, Record] = {}
        self._virtual = _virtual(self._columns)

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
    def files(self) -> ExportFiles:
        """The export's files, of which only some may be opened."""
        return self._files

    @property
    def path(self) -> Path:
        """Where the export lies, or what it was called where a page sent it."""
        return self._files.path

    @property
    def opened(self) -> tuple[str, ...]:
        """The names of the export's files that have been opened so far."""
        return tuple(dict.fromkeys(self._files.opened))

    def activities(
        self,
        start: date | None,
        end: date | None,
        *,
        tell: Listener = nobody,
        refresh: bool = False,
        cancel: threading.Event | None = None,
    ) -> ByField:
        """The activities whose local day lies in start…end.

        Files that no row tells about are read, and are activities with an id made of their content. There
        is nothing to refresh: the export is a file. Raises Stopped.
        """
        try:
            self._read_loose(tell, cancel)
        except Stopped as stop:
            stop.so_far = self._chosen(start, end, tell)
            raise
        return self._chosen(start, end, tell)

    def streams(self, activity_id: int) -> Payload | None:
        """The streams of an activity's track file; None where it has none, or none that can be read."""
        return dict(self.streams_of([activity_id]))[activity_id]

    def streams_of(
        self,
        ids: Iterable[int],
        *,
        laps: dict[int, list[Record]] | None = None,
        tell: Listener = nobody,
        cancel: threading.Event | None = None,
    ) -> Iterator[tuple[int, Payload | None]]:
        """The streams of many activities as they come, in any order; None as for `streams`.

        Tracks are read on all processors, and kept: from then on no file is opened for them. Into `laps`,
        where it is given, go the laps that devices recorded, of activities that have some; a FIT file that
        was read without is read once more for them. Raises Stopped; what came until then is kept too.
        """
        ids = list(dict.fromkeys(ids))
        if any(one < 0 for one in ids):
            self._read_loose(tell, cancel)
        wanted: dict[str, list[int]] = defaultdict(list)
        for one in ids:
            if name := self._named.get(one):
                wanted[name].append(one)
            else:
                yield one, None
        away = 0
        reading_laps = laps is not None
        for name, reading in self._tracks.read(
            wanted, what="streams", laps=reading_laps, tell=tell, cancel=cancel
        ):
            away += reading is NOT_HERE
            self._add_problems(reading.problems)
            if laps is not None and reading.laps:
                self._add_problems(reading.laps.problems)
                laps |= dict.fromkeys(wanted[name], reading.laps.rows) if reading.laps.rows else {}
            for one in wanted[name]:
                self._learn(one, reading)
                yield one, reading.payload
        self._add_problems(
            [f"{_tracks(away)} still in your browser: press “Read the tracks too” in the panel."]
            if away
            else ()
        )

    def at_hand(self, ids: Iterable[int]) -> set[int]:
        """Those of the activities whose track is here: read before, or in a file that can be."""
        ids = set(ids)
        if any(one < 0 for one in ids):
            self._read_loose(nobody)
        kept = self._recall()
        return {
            one
            for one in ids & self._named.keys()
            if one in self._places or self._named[one] in kept or self._files.is_here(self._named[one])
        }

    def read_tracks(
        self,
        ids: Iterable[int] | pd.DataFrame | None = None,
        *,
        tell: Listener = nobody,
        cancel: threading.Event | None = None,
    ) -> None:
        """Read the tracks too, of all activities or these, so that `activities` knows where they were.

        `ids` may be a table of activities. From then on, and in later sessions too, a table has start and
        end positions, the polyline and, with the extra `timezones`, the local time of the place. Raises
        Stopped: the next call goes on where this one was stopped.
        """
        self._read_loose(tell, cancel)
        wanted = self._unread(ids)
        for name, reading in self._tracks.read(wanted, tell=tell, cancel=cancel):
            self._untold += reading.problems
            self._add_problems(reading.problems)
            for one in wanted[name]:
                self._learn(one, reading)
        self._add_problems()

    def tracks_size(self, ids: Iterable[int] | pd.DataFrame | None = None) -> int:
        """The bytes that `read_tracks` would read of the export: 0 where all is known already."""
        self._recall()
        loose = self._loose if ids is None else ()
        return self._tracks.size({*self._unread(ids), *loose})

    def local_days(self) -> pd.Series[Any]:
        """When each activity began by the clock on the spot, as far as is known now, by its id."""
        fields = self._within(None, None).fields
        return pd.Series(pd.DatetimeIndex(fields.get("start_date_local", ())), index=fields.get("id", ()))

    def tracks_away(self, ids: Iterable[int] | pd.DataFrame | None = None) -> list[str]:
        """The track files that have neither been read nor come from the page that has the export."""
        self._recall()
        return [name for name in self._unread(ids) if not self._files.is_here(name)]

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

    def _chosen(self, start: date | None, end: date | None, tell: Listener) -> ByField:
        chosen = self._within(start, end)
        ids = chosen.fields.get("id", ())
        tell(Progress("activities", len(ids), len(ids)))
        self.problems = [*self._standing_problems, *self._untold]
        self._untold = []
        self._add_problems()
        guessed = len(ids)
        if self._places:
            guessed -= sum("timezone" in self._places.get(int(one), {}) for one in ids)
        if guessed and self._timezone is None:
            self.problems.append(self._about_guesses(guessed, len(ids)))
        return chosen

    def _about_guesses(self, guessed: int, count: int) -> str:
        install = "" if places_are_known() else "install strava-nb[timezones] and "
        whose = "your browser" if self._browser_zone else "this computer"
        better = [] if self._browser_zone else ['give open_export a timezone="…"']
        if self._named:
            how = "in the panel" if self._browser_zone else "with read_tracks()"
            better.append(f"{install}read their tracks {how}")
        return (
            f"The local time of {guessed:,} of {count:,} activities is a guess, by {whose}'s time zone "
            f"{self._browser_zone or zone_here()}{': ' if better else ''}{', or '.join(better)}."
        )

    def _within(self, start: date | None, end: date | None) -> ByField:
        """The columns with local time and what tracks have told, of the rows in the span of local days."""
        columns = dict(self._columns)
        if not columns:
            return ByField({})
        guess = self._timezone or self._browser_zone or zone_here()
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
        for name in ("start_latlng", "end_latlng", "map.summary_polyline"):
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

    def _recall(self) -> dict[str, Reading]:
        """What is kept of the tracks, looked up once."""
        if self._kept is None:
            self._kept = self._tracks.summaries()
            for activity_id, name in self._named.items():
                if name in self._kept:
                    self._learn(activity_id, self._kept[name])
        return self._kept

    def _unread(self, ids: Iterable[int] | pd.DataFrame | None) -> dict[str, list[int]]:
        """The track files of which nothing is known yet, and whose they are."""
        if isinstance(ids, pd.DataFrame):
            ids = ids["id"]
        unread: dict[str, list[int]] = defaultdict(list)
        for one in self._named if ids is None else ids:
            if one in self._named and one not in self._places:
                unread[self._named[one]].append(one)
        return unread

    def _read_loose(self, tell: Listener, cancel: threading.Event | None = None) -> None:
        """Read the files that no row tells about, once."""
        kept = self._recall()
        found = {name: kept[name] for name in self._loose if name in kept}
        left = [name for name in self._loose if name not in found]
        try:
            for name, reading in self._tracks.read(left, tell=tell, cancel=cancel):
                found[name] = reading
        finally:
            self._loose = [name for name in left if name not in found]
            records = [record for name in sorted(found) for record in self._loose_record(name, found[name])]
            if records:
                self._columns = with_records(self._columns, records)

    def _loose_record(self, name: str, reading: Reading) -> list[Record]:
        self._standing_problems += reading.problems
        if not reading.summary:
            return []
        activity_id = reading.summary["id"]
        if activity_id in self._named:
            self._standing_problems.append(
                f"{name} is the same file as {self._named[activity_id]}; left out."
            )
            return []
        self._named[activity_id] = name
        self._learn(activity_id, reading)
        title = PurePosixPath(name).name.partition(".")[0]
        told = {field: value for field, value in reading.summary.items() if field not in _PLACES}
        return [{"name": title, "start_date": None, "filename": name} | told]

    def _learn(self, activity_id: int, reading: Reading) -> None:
        """Correct the row of an activity by its track: where it was, and what the clock said there."""
        if reading.packed is None:
            return
        place = {field: reading.summary[field] for field in _PLACES if field in reading.summary}
        if place:
            place["map.summary_polyline"] = place.pop("map")["summary_polyline"]
            if activity_id not in self._virtual and (zone := zone_at(*place["start_latlng"])):
                place["timezone"] = zone
        self._places[activity_id] = place

    def _add_problems(self, problems: Iterable[str] = ()) -> None:
        """Say what was amiss with tracks, and once what is amiss with keeping them."""
        self.problems += problems
        if (problem := self._tracks.problem) and problem != self._told:
            self.problems.append(problem)
            self._told = problem

    def _bytes(self, name: str, problems: list[str]) -> bytes | None:
        try:
            return self._files.read(name)
        except BadExport as error:
            problems.append(error.what)
            return None


def _tracks(count: int) -> str:
    return "1 track is" if count == 1 else f"{count:,} tracks are"


def _virtual(columns: dict[str, Any]) -> set[int]:
    """The activities whose track lies where nobody is: their clock is the one at home."""
    if "sport_type" not in columns:
        return set()
    virtual = pd.Series(columns["sport_type"]).str.startswith("Virtual").fillna(False)
    return set(columns["id"][virtual.to_numpy(bool)].tolist())


def _gear(kind: str, row: list[str | None]) -> Record:
    names = ("name", "brand_name", "model_name", "sport_types")
    cells = [(cell or "").strip() or None for cell in row] + [None] * len(names)
    return {"kind": kind} | dict(zip(names, cells, strict=False))
