"""What is amiss without being an error: gathered from sources, kept with the table, told in one warning."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
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


def add_problems(table: pd.DataFrame, found: list[str]) -> None:
    """These problems before those that the table has."""
    if found:
        table.attrs["problems"] = found + table.attrs.get("problems", [])


def tell_problems(table: pd.DataFrame) -> None:
    """One warning, at the line that called the verb which calls this."""
    problems = table.attrs.get("problems", [])
    if problems:
        more = f" (and {len(problems) - 1} more in .attrs['problems'])" if len(problems) > 1 else ""
        warnings.warn(f"{problems[0]}{more}", StravaNbWarning, stacklevel=3)
