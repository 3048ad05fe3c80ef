"""What is amiss without being an error: gathered from sources, kept with the table, told in one warning."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import repeat

import pandas as pd

from .errors import StravaNbWarning
from .sources.source import Source


def problems_of(sources: Iterable[Source], told: Iterable[int] = repeat(0)) -> list[str]:
    """What the sources found amiss, but for what of each was `told` before."""
    return [
        problem
        for source, known in zip(sources, told, strict=False)
        for problem in list(getattr(source, "problems", ()))[known:]
    ]


def stopped_after(number: int, what: str) -> str:
    """The sentence about a pull that was stopped after so many activities."""
    activities = "activity" if number == 1 else "activities"
    return f"Stopped after {what}{number:,} {activities}: run this again to go on where it stopped."


def none_has_streams(ids: Sequence[int]) -> list[str]:
    """The sentence about activities without a single track among them: an id may be wrong."""
    if not ids:
        return []
    what = f"Activity {ids[0]} has no" if len(ids) == 1 else f"None of these {len(ids):,} activities has"
    return [f"{what} streams. If that cannot be, check the id and whose activities these are."]


def add_problems(table: pd.DataFrame, found: list[str]) -> None:
    """These problems before those that the table has."""
    if found:
        table.attrs["problems"] = found + table.attrs.get("problems", [])


def tell_problems(table: pd.DataFrame) -> None:
    """One warning, at the line that called the verb which calls this."""
    problems = table.attrs.get("problems", [])
    if problems and not _told_by_the_caller.get():
        more = f" (and {len(problems) - 1} more in .attrs['problems'])" if len(problems) > 1 else ""
        warnings.warn(f"{problems[0]}{more}", StravaNbWarning, stacklevel=3)


@contextmanager
def without_warnings() -> Iterator[None]:
    """The verbs do not warn in here, in this thread: the caller shows what is in `.attrs["problems"]`.

    A warning in a thread lands in the output of some cell, and `warnings.catch_warnings` is for one
    thread only.
    """
    before = _told_by_the_caller.set(True)
    try:
        yield
    finally:
        _told_by_the_caller.reset(before)


_told_by_the_caller: ContextVar[bool] = ContextVar("told_by_the_caller", default=False)
