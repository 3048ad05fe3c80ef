"""The verbs of a notebook: a source in, a table out.

The source fetches, the tables are built, and what is amiss is told in one warning. What the arguments
mean is understood in `wanted.py`, how doors are asked is in `asking.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pandas as pd

from . import tables
from .asking import gear_of, records_of, tracks_of
from .errors import BadInput
from .problems import add_problems, none_has_streams, problems_of, stopped_after, tell_problems
from .signin.session import Session, session
from .sources.kept import cache_info  # noqa: F401  (a verb too; its cache hears of sign_out)
from .sources.source import Progress
from .tables.derived_streams import with_basis
from .tables.gear_table import merge_gear
from .tables.merging import merge
from .tables.sports import sport_types_meant
from .tables.stream_table import stack
from .wanted import ids_of, sources_of, span_of, stream_columns
from .watching import watching


def get_activities(
    source: Any,
    dates: Any = None,
    *,
    sports: str | Iterable[str] | None = None,
    refresh: bool = False,
    progress: bool | Callable[[Progress], None] = True,
    cancel: threading.Event | None = None,
) -> pd.DataFrame:
    """A table of an athlete's activities, newest first: the columns of `columns.ACTIVITIES`.

    `source` is what `open_api`, `open_export`, `open_demo` or a sign-in panel gave, or a list of them:
    then there is one row an id, with the first one's values, and gaps filled from the next. The same
    activity under two ids is marked in `double_of` on the poorer row. `dates` are local days, both
    inclusive: a pair of dates, ISO strings or None, a year, a date picker, or None for everything.
    `sports` is a sport type or group, or several, in any letter case; where a word is both ("run"),
    the group. `refresh` asks for everything anew, and so sees what was deleted. `progress`: True,
    False (prints nothing) or a function called with each `Progress`.

    Interrupted, or stopped by its `cancel`, it gives what came so far and says so in a warning: run it
    again to go on. Raises BadDates and BadSports for what cannot be meant, BadInput for sources of two
    athletes, SignInNeeded for the demo athlete beside somebody else, and whatever the source raises.
    """
    sources = sources_of(source)
    start, end = span_of(dates)
    pulled: list[pd.DataFrame] = []
    stopped = False
    with watching(progress) as tell:
        for one in sources:
            records, stopped = records_of(one, start, end, tell=tell, refresh=refresh, cancel=cancel)
            table = tables.activities(records, source=one.name)
            add_problems(table, problems_of([one]))
            pulled.append(table)
            if stopped:
                break
    _of_one_athlete(pulled)
    table = merge(pulled)
    if stopped:
        add_problems(table, [stopped_after(len(table), "")])
    table = _within(table, start, end)
    if sports is not None:
        meant = sport_types_meant(sports, table["sport_type"].dropna().unique())
        table = table[table["sport_type"].isin(meant)].reset_index(drop=True)
    tell_problems(table)
    return table


def get_streams(
    source: Any,
    activities: Any,
    *,
    keys: Iterable[str] | None = None,
    progress: bool | Callable[[Progress], None] = True,
    cancel: threading.Event | None = None,
) -> pd.DataFrame:
    """The recorded samples of activities, one row a sample: the columns of `columns.STREAMS`.

    `source` is a source or a list of them: each track comes from where it costs no call, else from the
    first that has it. `activities` is a table of activities (or rows of it), one id, or ids; the
    samples are in its order. `keys` keeps some streams only, by Strava's names ("latlng") or the
    table's ("lat"). Activities without streams are not in it, and are named in
    `.attrs["without_streams"]`; where none has any, a warning says so. Columns that no activity has are
    absent. Where a source lacks distance, speed, gradient or moving, they are worked out
    (tables.with_derived).

    Interrupted, or stopped by its `cancel`, it gives the tracks that came so far and says so in a
    warning. Before a long pull a line says what it costs.
    """
    sources = sources_of(source)
    ids = ids_of(activities)
    wanted = stream_columns(keys)
    told = [len(problems_of([one])) for one in sources]
    with watching(progress) as tell:
        tracks = tracks_of(sources, ids, tell=tell, cancel=cancel)
    pulled = [tracks.found[one] for one in ids if one in tracks.found]
    if wanted is not None:
        pulled = [_only(samples, with_basis(wanted)) for samples in pulled]
    table = tables.with_derived(stack(pulled))
    if wanted is not None:
        table = _only(table, wanted)
    table.attrs["without_streams"] = tracks.without
    add_problems(table, problems_of(sources, told))
    if tracks.stopped:
        add_problems(table, [stopped_after(len(pulled), "the streams of ")])
    elif not pulled and not table.attrs.get("problems"):
        add_problems(table, none_has_streams(ids))
    tell_problems(table)
    return table


def get_gear(source: Any) -> pd.DataFrame:
    """The athlete's bikes and shoes, one row each, bikes first: the columns of `columns.GEAR`.

    `source` is a source or a list of them: of what two of them know by its id, or else by its name,
    there is one row, with the first one's values and gaps filled from the next. An export tells no
    ids, no distances and not what is retired. Through the API a row costs a call.
    """
    sources = sources_of(source)
    told = [len(problems_of([one])) for one in sources]
    table = merge_gear([tables.gear(gear_of(one), source=one.name) for one in sources])
    add_problems(table, problems_of(sources, told))
    tell_problems(table)
    return table


def sign_out(login: Any = None) -> None:
    """End the sign-in at Strava and forget it here, the remembered one too; the demo athlete is back.

    What was pulled with it and kept on this computer is deleted; files that you saved are yours and stay.
    `login` is a panel; None means this kernel's sign-in. It is forgotten here even if Strava cannot be
    told, which is then raised.
    """
    here = session() if login is None else getattr(login, "session", None)
    if not isinstance(here, Session):
        raise BadInput(
            f"A {type(login).__name__} cannot be signed out.", "Use snb.sign_out(), or give it a snb.login()."
        )
    here.sign_out()


def _only(table: pd.DataFrame, names: set[str]) -> pd.DataFrame:
    return table.loc[:, [name for name in table if name in names]]


def _within(table: pd.DataFrame, start: date | None, end: date | None) -> pd.DataFrame:
    local = table["start_date_local"]
    kept = pd.Series(True, index=table.index)
    if start:
        kept &= local >= pd.Timestamp(start)
    if end:
        kept &= local.dt.normalize() <= pd.Timestamp(end)
    return table if kept.all() else table[kept].reset_index(drop=True)


def _of_one_athlete(pulled: Sequence[pd.DataFrame]) -> None:
    """Raises BadInput where two tables are known to be of two athletes."""
    athletes = [set(table["athlete_id"].dropna()) for table in pulled]
    for one, other in combinations(filter(None, athletes), 2):
        if one.isdisjoint(other):
            raise BadInput(
                f"These are the activities of two athletes, {min(one)} and {min(other)}.",
                "Give sources of one athlete: a table holds one athlete's activities.",
            )
