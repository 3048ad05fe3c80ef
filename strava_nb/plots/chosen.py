"""Which activities a picture is of: all but doubles and what its filters leave out, and notes that say so.

One rule for every picture of activities, so that `commute=False` has one meaning and one note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadTable
from ..metrics.reading import flags
from ..tables.doubles import counted

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that a picture is of, notes on what is left out, and why there are none (or nothing)."""

    rows: pd.DataFrame
    notes: list[str]
    sentence: str


def chosen(
    table: Any,
    *columns: str,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
) -> Chosen:
    """The activities that count, of a table that has the columns.

    Each filter: None is all, True only those, False all but those; what is not known to be one is not.
    Indoors is on a trainer, a treadmill or a virtual ride; private is seen by its athlete only. Raises
    BadTable for what is not a table of activities.
    """
    if not isinstance(table, pd.DataFrame):
        raise not_activities(f"A {type(table).__name__} is not a table of activities.")
    if missing := tuple(name for name in columns if name not in table):
        raise not_activities(
            f"This is not a table of activities: it has no {', '.join(missing)}.", missing=missing
        )
    counts = counted(table)
    rows = table[counts]
    notes = said(int((~counts).sum()), "double is", "doubles are", "not counted")
    for asked, (word, many, known, marks) in zip((commute, indoor, private), _FILTERS, strict=True):
        if asked is None:
            continue
        if not any(name in rows and rows[name].notna().any() for name in known) and len(rows):
            notes.append(f"Which activities are {many.removesuffix(' activities')} is not known here.")
        marked = marks(rows)
        kept = marked if asked else ~marked
        out = int((~kept).sum())
        rows = rows[kept]
        if asked:
            notes.append(f"{many.capitalize()} only.")
        else:
            notes += said(out, f"{word} is", f"{many} are", "left out")
    sentence = ""
    if not len(table):
        sentence = "There are no activities in this table."
    elif not len(rows):
        sentence = "All activities of this table are left out."
    return Chosen(rows, notes, sentence)


def said(number: int, one: str, many: str, what: str) -> list[str]:
    """A sentence that says how many, or none where there are none."""
    return [f"{number:,} {one if number == 1 else many} {what}."] if number else []


def not_activities(what: str, **facts: Any) -> BadTable:
    """The error for another table, with what is wrong with it."""
    return BadTable(what, "Use the table that get_activities returned, or rows of it.", **facts)


def _commutes(rows: pd.DataFrame) -> Marks:
    return flags(rows, "commute")


def _indoors(rows: pd.DataFrame) -> Marks:
    virtual = np.full(len(rows), False)
    if "sport_type" in rows:
        starts = rows["sport_type"].astype("string").str.startswith("Virtual")
        virtual = starts.to_numpy(bool, na_value=False)
    return virtual | flags(rows, "trainer")


def _private(rows: pd.DataFrame) -> Marks:
    hidden = flags(rows, "private")
    if "visibility" in rows:
        hidden |= (rows["visibility"].astype("string") == "only_me").to_numpy(bool, na_value=False)
    return hidden


_FILTERS: tuple[tuple[str, str, tuple[str, ...], Callable[[pd.DataFrame], Marks]], ...] = (
    ("commute", "commutes", ("commute",), _commutes),
    ("indoor activity", "indoor activities", ("trainer",), _indoors),
    ("private activity", "private activities", ("private", "visibility"), _private),
)
