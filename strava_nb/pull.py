"""The verbs of a notebook: a source in, a table out.

What is wanted (dates, sports, ids) is understood here, once for every door; the source fetches, the
tables are built, and what is amiss is told in one warning.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pandas as pd
from pandas.api.types import is_integer

from . import tables
from .columns import STREAM_KEYS, STREAMS
from .errors import BadDates, BadInput, StravaNbWarning
from .signin.session import Session, session
from .sources.source import Listener, Progress, Source, nobody
from .tables.sports import sport_types_meant
from .tables.stream_table import stack

Span = tuple[date | None, date | None]


def get_activities(
    source: Any,
    dates: Any = None,
    *,
    sports: str | Iterable[str] | None = None,
    progress: bool | Callable[[Progress], None] = True,
) -> pd.DataFrame:
    """A table of an athlete's activities, newest first: the columns of `columns.ACTIVITIES`.

    `source` is what `open_api`, `open_demo` or a sign-in panel gave. `dates` are local days, both
    inclusive: a pair of dates, ISO strings or None, a year, a date picker, or None for everything.
    `sports` is a sport type or group, or several, in any letter case; where a word is both ("run"),
    the group. `progress`: True, False (prints nothing) or a function called with each `Progress`.

    Raises BadDates and BadSports for what cannot be meant, and whatever the source raises: nothing is
    ever half returned.
    """
    source = _source(source)
    start, end = span_of(dates)
    with _listener(progress) as tell:
        records = source.activities(start, end, tell=tell)
    table = tables.activities(records, source=source.name)
    _add_problems(table, source)
    table = _within(table, start, end)
    if sports is not None:
        meant = sport_types_meant(sports, table["sport_type"].dropna().unique())
        table = table[table["sport_type"].isin(meant)].reset_index(drop=True)
    _tell_problems(table)
    return table


def get_streams(
    source: Any,
    activities: Any,
    *,
    keys: Iterable[str] | None = None,
    progress: bool | Callable[[Progress], None] = True,
) -> pd.DataFrame:
    """The recorded samples of activities, one row a sample: the columns of `columns.STREAMS`.

    `activities` is a table of activities (or rows of it), one id, or ids. `keys` keeps some streams
    only, by Strava's names ("latlng") or the table's ("lat"). Activities without streams are not in
    it, and are named in `.attrs["without_streams"]`; columns that no activity has are absent.
    """
    source = _source(source)
    ids = _ids(activities)
    wanted = _wanted_columns(keys)
    pulled: list[pd.DataFrame] = []
    without: list[int] = []
    told = len(getattr(source, "problems", ()))
    with _listener(progress) as tell:
        for done, activity_id in enumerate(ids, start=1):
            payload = source.streams(activity_id)
            samples = tables.streams(payload, activity_id, source=source.name)
            if len(samples):
                pulled.append(
                    samples if wanted is None else samples.loc[:, [c for c in samples if c in wanted]]
                )
            else:
                without.append(activity_id)
            tell(Progress("streams", done, len(ids)))
    table = stack(pulled)
    table.attrs["without_streams"] = without
    _add_problems(table, source, told)
    _tell_problems(table)
    return table


def sign_out(login: Any = None) -> None:
    """End the sign-in at Strava and forget it here, the remembered one too; the demo athlete is back.

    `login` is a panel; None means this kernel's sign-in. It is forgotten here even if Strava cannot be
    told, which is then raised.
    """
    here = session() if login is None else getattr(login, "session", None)
    if not isinstance(here, Session):
        raise BadInput(
            f"A {type(login).__name__} cannot be signed out.", "Use snb.sign_out(), or give it a snb.login()."
        )
    here.sign_out()


def span_of(dates: Any) -> Span:
    """The first and last local day that `dates` mean, None where open.

    Raises BadDates for a start after the end, and for anything that is no date.
    """
    value = getattr(dates, "value", dates)
    if value is None:
        return None, None
    if is_integer(value) and not isinstance(value, bool):
        if not 1900 <= value <= 9998:
            raise BadDates(f"{value} is not a year.", "Give a year such as 2026, or a pair of dates.")
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise BadDates(
            f"{value!r} is not a span of dates.",
            'Give a pair such as ("2026-01-01", "2026-03-31"), a year, or None for everything.',
        )
    pair = list(value)
    if len(pair) != 2:
        raise BadDates(
            f"A span of dates has a start and an end, not {len(pair)} dates.", "Use None for an open end."
        )
    start, end = (_day(one) for one in pair)
    if start and end and start > end:
        raise BadDates(f"The start, {start}, is after the end, {end}.", "Swap the two dates.")
    return start, end


def _day(value: Any) -> date | None:
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadDates(f"{value!r} is not a date.", "Write dates as 2026-01-31.") from None


def _within(table: pd.DataFrame, start: date | None, end: date | None) -> pd.DataFrame:
    local = table["start_date_local"]
    kept = pd.Series(True, index=table.index)
    if start:
        kept &= local >= pd.Timestamp(start)
    if end:
        kept &= local.dt.normalize() <= pd.Timestamp(end)
    return table if kept.all() else table[kept].reset_index(drop=True)


def _source(given: Any) -> Source:
    found: Source = getattr(given, "source", given)
    if isinstance(found, pd.DataFrame) or not hasattr(found, "activities"):
        raise BadInput(
            f"A {type(given).__name__} is not a source of activities.",
            "Use snb.open_demo() to try, or snb.open_api() with your own Strava account.",
        )
    return found


def _ids(activities: Any) -> list[int]:
    if isinstance(activities, pd.DataFrame):
        if "id" not in activities:
            raise BadInput("This table has no column of ids.", "Use the table that get_activities returned.")
        activities = activities["id"]
    if is_integer(activities):
        activities = [activities]
    if isinstance(activities, str) or not isinstance(activities, Iterable):
        raise BadInput(
            f"{activities!r} is not an activity's id.", "Give a table of activities, an id or ids."
        )
    ids = [one for one in activities if not pd.isna(one)]
    if not all(is_integer(one) for one in ids):
        raise BadInput("An activity's id is a whole number.", 'Use the column "id" of a table of activities.')
    return list(dict.fromkeys(int(one) for one in ids))


def _wanted_columns(keys: Iterable[str] | None) -> set[str] | None:
    if keys is None:
        return None
    wanted = {keys} if isinstance(keys, str) else set(keys)
    known = {column.name for column in STREAMS} | set(STREAM_KEYS)
    if unknown := sorted(wanted - known):
        raise BadInput(f"There is no stream called {unknown[0]!r}.", f"There are {', '.join(STREAM_KEYS)}.")
    return wanted | {"activity_id", "time", "source"} | ({"lat", "lng"} if "latlng" in wanted else set())


def _add_problems(table: pd.DataFrame, source: Source, told: int = 0) -> None:
    """What the source found amiss, but for the first `told`, before what the table found."""
    if found := list(getattr(source, "problems", ()))[told:]:
        table.attrs["problems"] = found + table.attrs.get("problems", [])


def _tell_problems(table: pd.DataFrame) -> None:
    problems = table.attrs.get("problems", [])
    if problems:
        more = f" (and {len(problems) - 1} more in .attrs['problems'])" if len(problems) > 1 else ""
        warnings.warn(f"{problems[0]}{more}", StravaNbWarning, stacklevel=3)


@contextmanager
def _listener(progress: bool | Callable[[Progress], None]) -> Iterator[Listener]:
    if progress is not True:
        yield progress or nobody
        return
    from tqdm.auto import tqdm  # noqa: PLC0415  (heavy, and needless where nobody looks)

    class Bar(tqdm):  # type: ignore[type-arg]
        monitor_interval = 0  # no thread: there are places where Python has none

    with Bar(leave=False, unit="", dynamic_ncols=True) as bar:

        def show(step: Progress) -> None:
            bar.total = step.total
            bar.update(step.done - bar.n)
            if bar.desc != step.what:
                bar.set_description_str(step.what)

        yield show
