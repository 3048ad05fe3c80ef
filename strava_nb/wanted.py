"""What the verbs' arguments mean: sources, dates, ids and keys, understood once for every door.

The same words raise the same errors whatever verb they are given to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pandas as pd
from pandas.api.types import is_integer

from .columns import STREAM_KEYS, STREAMS
from .errors import BadDates, BadInput, SignInNeeded
from .sources.source import Source

Span = tuple[date | None, date | None]


def sources_of(given: Any) -> list[Source]:
    """The sources that a source, a panel, or a list of them mean, each once, in their order.

    Raises BadInput for what is none, SignInNeeded for the demo athlete beside somebody else.
    """
    several = given if isinstance(given, list | tuple) else [given]
    if not several:
        raise _no_source("An empty list")
    sources = list({id(source): source for source in map(_source, several)}.values())
    names = {source.name for source in sources}
    if "demo" in names and len(names) > 1:
        raise SignInNeeded(
            "The demo athlete's activities are never put together with your own.",
            "Sign in first, or leave the demo athlete out of the list.",
        )
    return sources


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


def ids_of(activities: Any) -> list[int]:
    """The ids that a table of activities, a picker of them, an id or ids mean, each once. Raises BadInput."""
    if isinstance(activities, pd.DataFrame):
        if "id" not in activities:
            raise BadInput("This table has no column of ids.", "Use the table that get_activities returned.")
        activities = activities["id"]
    elif isinstance(picked := getattr(activities, "value", None), list):
        activities = picked
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


def stream_columns(keys: Iterable[str] | None) -> set[str] | None:
    """The columns of streams that the keys mean, None for all of them. Raises BadInput."""
    if keys is None:
        return None
    wanted = {keys} if isinstance(keys, str) else set(keys)
    known = {column.name for column in STREAMS} | set(STREAM_KEYS)
    if unknown := sorted(wanted - known):
        raise BadInput(f"There is no stream called {unknown[0]!r}.", f"There are {', '.join(STREAM_KEYS)}.")
    return wanted | {"activity_id", "time", "source"} | ({"lat", "lng"} if "latlng" in wanted else set())


def _source(given: Any) -> Source:
    found: Source = getattr(given, "source", given)
    if isinstance(found, pd.DataFrame) or not hasattr(found, "activities"):
        raise _no_source(f"A {type(given).__name__}")
    return found


def _no_source(what: str) -> BadInput:
    return BadInput(
        f"{what} is not a source of activities.",
        "Use snb.open_demo() to try, or snb.open_api() with your own Strava account.",
    )


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
