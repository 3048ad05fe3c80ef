"""The verbs that look inside activities: their laps, splits and best efforts, and an athlete's zones.

Apart from `pull.py` because each activity is a question of its own: does Strava tell, or do the samples?
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from . import tables
from .asking import details_of, tracks_in_parts
from .columns import BEST_EFFORTS, LAPS, SPLITS, Column
from .errors import BadInput, NotFound, Stopped
from .metrics import best_efforts
from .metrics.load_tables import graded
from .metrics.samples import Samples
from .problems import add_problems, none_has_streams, problems_of, stopped_after, tell_problems
from .sources.source import Listener, Progress, Record, Source
from .tables.best_effort_table import stravas_best_efforts
from .tables.lap_table import measured_laps, recorded_laps, stravas_laps
from .tables.record_rows import table_of
from .tables.split_table import Units, measured_splits, splits, stravas_splits
from .tables.sports import group_of
from .tables.stream_table import stack
from .tables.stretches import recordings
from .wanted import ids_of, sources_of
from .watching import watching

_ON_FOOT = "Run", "Walk"

_AT_ONCE = 256
"""Activities whose samples are in memory together."""


def get_laps(
    source: Any,
    activities: Any,
    *,
    progress: bool | Callable[[Progress], None] = True,
    cancel: threading.Event | None = None,
) -> pd.DataFrame:
    """The laps of activities, one row each: the columns of `columns.LAPS`.

    Strava's own, as the device made them, cost a call an activity, and are kept like streams. Of an export
    they are those in the activity's FIT or TCX file: the device's starts, lengths and climbing, the rest
    measured from the samples in between, as Strava does it, where there are any. An activity whose file
    tells of none is one lap, measured. `basis` says which: "strava", "device" or "streams". `source`
    is a source or a list of them: of each activity the first that has it tells. `activities` is a table
    of activities (or rows of it), one id, or ids; the laps are in its order. Activities of which nothing
    is recorded are named in `.attrs["without_streams"]`; where that is all, a warning says so.

    Interrupted, or stopped by its `cancel`, it gives what came so far and says so in a warning.
    """
    kind = _Kind("laps", LAPS, stravas_laps, measured_laps, recorded=recorded_laps)
    table = _inside(kind, source, activities, progress=progress, cancel=cancel)
    tell_problems(table)
    return table


def get_splits(
    source: Any,
    activities: Any,
    *,
    units: Units = "metric",
    progress: bool | Callable[[Progress], None] = True,
    cancel: threading.Event | None = None,
) -> pd.DataFrame:
    """The splits of activities, one row a kilometre, or a mile with "imperial": `columns.SPLITS`.

    Strava's own where it has them (it has of runs, and they cost a call an activity); else measured from
    the samples, with their ends in between samples; `basis` says which. Sources and activities are
    those of `get_laps`, and so are a stop and what is named in `.attrs`. Raises BadInput for other `units`.
    """
    splits((), units=units)  # an error before any call
    kind = _Kind(
        "splits",
        SPLITS,
        lambda details, door: stravas_splits(details, units, door),
        lambda streams: measured_splits(streams, units),
    )
    table = _inside(kind, source, activities, progress=progress, cancel=cancel)
    tell_problems(table)
    return table


def get_best_efforts(
    source: Any,
    activities: Any,
    *,
    progress: bool | Callable[[Progress], None] = True,
    cancel: threading.Event | None = None,
) -> pd.DataFrame:
    """The fastest stretch of each usual distance within each run, one row each: `columns.BEST_EFFORTS`.

    Strava's own where it has them (a call a run); else measured from the samples, as
    metrics.best_efforts does, pauses counted; `basis` says which. What is known to be no run is left
    out and not asked for. Sources and activities are those of `get_laps`, and so are a stop and what is
    named in `.attrs`.
    """
    kind = _Kind("best efforts", BEST_EFFORTS, stravas_best_efforts, _measured_efforts, of=("Run",))
    table = _inside(kind, source, activities, progress=progress, cancel=cancel)
    tell_problems(table)
    return table


def get_athlete_zones(source: Any) -> pd.DataFrame:
    """The athlete's heart rate and power zones, one row each: the columns of `columns.ZONES`.

    `source` is a source or a list of them, of which the first that knows of zones tells. Power zones are
    there only where the athlete has given Strava an FTP. Raises ScopeMissing without `profile:read_all`,
    and BadInput for an export, which knows of none.
    """
    sources = sources_of(source)
    for one in sources:
        if (zones := getattr(one, "zones", None)) is not None:
            table = tables.zones(zones(), source=one.name)
            tell_problems(table)
            return table
    raise BadInput(
        "An export does not tell of zones."
        if sources[0].name in ("export", "demo")
        else f"A {type(sources[0]).__name__} does not tell of zones.",
        "Use your Strava account (snb.login()), or give your own to snb.metrics.AthleteProfile.",
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """Laps, splits or best efforts: what Strava tells of them, and how they are measured.

    `of` are the sport groups that have them, all where empty; `recorded` makes rows of what devices told,
    where they tell of any.
    """

    what: str
    columns: tuple[Column, ...]
    told: Callable[[Iterable[Record], str], list[Record]]
    measured: Callable[[pd.DataFrame], list[Record]]
    of: tuple[str, ...] = ()
    recorded: Callable[[pd.DataFrame, Mapping[int, list[Record]], str], list[Record]] | None = None

    def may_have(self, group: str | None) -> bool:
        """Whether an activity of this group, or of one not known, may have them."""
        return not self.of or group is None or group in self.of


def _inside(
    kind: _Kind,
    source: Any,
    activities: Any,
    *,
    progress: bool | Callable[[Progress], None],
    cancel: threading.Event | None,
) -> pd.DataFrame:
    sources = sources_of(source)
    ids = ids_of(activities)
    told = [len(problems_of([one])) for one in sources]
    search = _Search(kind, ids, _groups_in(activities), cancel)
    with watching(progress) as tell:
        for one in sources:
            search.ask(one, tell)
    order = {one: place for place, one in enumerate(ids)}
    rows = sorted(search.rows, key=lambda row: order[row["activity_id"]])
    table = table_of(rows, kind.columns, f"{kind.what} of activity")
    table.attrs["without_streams"] = [] if search.stopped else list(search.left)
    add_problems(table, problems_of(sources, told) + search.problems)
    if search.stopped:
        came = len({row["activity_id"] for row in rows})
        add_problems(table, [stopped_after(came, f"the {kind.what} of ")])
    elif len(search.left) == len(ids) and not table.attrs.get("problems"):
        add_problems(table, none_has_streams(ids))
    return table


class _Search:
    """The rows as far as they have come, and the activities that no source has told of yet."""

    def __init__(
        self,
        kind: _Kind,
        ids: Sequence[int],
        groups: dict[int, str | None],
        cancel: threading.Event | None,
    ) -> None:
        self._kind, self._groups, self._cancel = kind, groups, cancel
        self.left = dict.fromkeys(one for one in ids if kind.may_have(groups.get(one)))
        self.rows: list[Record] = []
        self.problems: list[str] = []
        self.stopped = False

    def ask(self, source: Source, tell: Listener) -> None:
        """Have a source tell of what is left: first of Strava's own, then by samples."""
        if self.stopped or not self.left:
            return
        try:
            self._measure(source, self._not_told(source, tell), tell)
        except (Stopped, KeyboardInterrupt):
            self.stopped = True

    def _not_told(self, source: Source, tell: Listener) -> list[int]:
        """The activities of which the source may have samples, but nothing of Strava's own."""
        details = details_of(source, list(self.left), tell=tell, cancel=self._cancel)
        if details is None:
            return list(self.left)
        measurable = set()
        for activity_id, detail in details:
            if detail is None:
                continue
            sport = detail.get("sport_type") or detail.get("type")
            if isinstance(sport, str):
                self._groups.setdefault(activity_id, group_of(sport))
            rows = self._kind.told([detail | {"id": activity_id}], source.name)
            if rows or not self._kind.may_have(self._groups.get(activity_id)):
                self._settle(activity_id, rows)
            elif not detail.get("manual"):
                measurable.add(activity_id)
        return [one for one in self.left if one in measurable]

    def _measure(self, source: Source, ids: list[int], tell: Listener) -> None:
        if self._kind.of:
            ids = [one for one in ids if self._kind.may_have(self._group(source, one))]
            for one in [one for one in self.left if not self._kind.may_have(self._groups.get(one))]:
                del self.left[one]
        recorded = self._kind.recorded
        for tracks in tracks_in_parts(
            source, ids, _AT_ONCE, laps=recorded is not None, tell=tell, cancel=self._cancel
        ):
            self.stopped = tracks.stopped
            if tracks.found or tracks.laps:
                streams = tables.with_derived(stack(list(tracks.found.values())))
                self.problems += streams.attrs.get("problems", [])
                rows, rest = [], streams
                if recorded and tracks.laps:
                    rows = recorded(streams, tracks.laps, source.name)
                    rest = streams[~streams["activity_id"].isin(list(tracks.laps))]
                rows += self._kind.measured(rest)
                if len(streams):
                    self._grade_adjust(source, streams, rows)
                self.rows += rows
            for one in (*tracks.found, *tracks.laps):
                self._settle(one, [])

    def _settle(self, activity_id: int, rows: list[Record]) -> None:
        self.rows += rows
        self.left.pop(activity_id, None)

    def _group(self, source: Source, activity_id: int) -> str | None:
        """The sport group of an activity; a source whose details cost no call is asked once."""
        if activity_id not in self._groups and not hasattr(source, "details_of"):
            detail: Callable[[int], Record] = getattr(source, "detail", lambda _: {})
            try:
                sport = detail(activity_id).get("sport_type")
            except NotFound:
                sport = None
            self._groups[activity_id] = group_of(sport) if isinstance(sport, str) else None
        return self._groups.get(activity_id)

    def _grade_adjust(self, source: Source, streams: pd.DataFrame, rows: list[Record]) -> None:
        """Add the speed on the level that is as hard, of what was done on foot."""
        samples = Samples(streams)
        cuts = dict(zip(samples.ids.tolist(), samples.cuts(), strict=True))
        for row in rows:
            if row["start_index"] is None or not np.isfinite(row["distance"]):
                continue
            if self._group(source, row["activity_id"]) in _ON_FOOT:
                begin = cuts[row["activity_id"]].start
                cut = slice(begin + row["start_index"], begin + row["end_index"] + 1)
                seconds, _, level = graded(samples, cut, "strava")
                row["average_grade_adjusted_speed"] = level / seconds if seconds else None


def _groups_in(activities: Any) -> dict[int, str | None]:
    """The sport groups that a table of activities tells."""
    if not isinstance(activities, pd.DataFrame) or not {"id", "sport_group"} <= set(activities.columns):
        return {}
    known = activities[["id", "sport_group"]].dropna()
    return dict(zip(known["id"].astype("int64").tolist(), known["sport_group"].astype(str), strict=True))


def _measured_efforts(streams: pd.DataFrame) -> list[Record]:
    found = best_efforts(streams)
    rows = []
    for one in recordings(streams):
        mine = found[found["activity_id"] == one.whose["activity_id"]]
        starts = mine["start"].to_numpy(np.float64)
        ends = starts + mine["elapsed_time"].to_numpy(np.float64)
        named = zip(one.measured(starts, ends), mine["name"], mine["distance"], strict=True)
        rows += [row | {"name": name, "distance": float(metres)} for row, name, metres in named]
    return rows
