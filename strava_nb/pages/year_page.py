"""A year to scroll through and to show around: one page that opens anywhere, and one picture to post."""

from __future__ import annotations

import os
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..files.atomic import write
from ..files.names import file_name
from ..plots.measures import known_units
from ..plots.year_card import Card, year_card
from ..tables.readable_table import Units
from .amounts import Amounts, hours
from .drawing import sketch
from .sheet import framed, saved
from .year_facts import YearFacts, facts_of
from .year_sections import year_html


class Picture:
    """A picture that shows itself in a notebook; `png` are its bytes."""

    def __init__(self, png: bytes, name: str) -> None:
        self.png, self._name = png, name

    def __repr__(self) -> str:
        return f"<Picture {self._name}, {len(self.png):,} bytes>"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, bytes], dict[str, dict[str, int]]]:
        return {"image/png": self.png}, {"image/png": {"width": 540}}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """The path that it was written to, whole or not at all; a folder gets it under its own name."""
        return write(self.png, path, name=self._name)


class YourYear:
    """A year that shows itself in a notebook. `page` is its HTML, `picture` the one to post."""

    def __init__(self, facts: YearFacts, units: Units) -> None:
        self.year = facts.year
        self.page = year_html(facts, units)
        self._facts, self._units = facts, units

    def __repr__(self) -> str:
        number = self._facts.sums.activities
        return f"<Your year {self.year}: {number:,} {'activity' if number == 1 else 'activities'}>"

    def _repr_html_(self) -> str:
        return framed(self.page, f"Your year {self.year}")

    @cached_property
    def picture(self) -> Picture:
        """The picture to post: 1080 × 1350 points, without a name or a place in words."""
        facts, eyes = self._facts, Amounts(self._units)
        drawn = sketch(facts.courses)
        sums = facts.sums
        told = (
            (sums.distance, eyes.far(sums.distance), ""),
            (sums.moving_time, hours(sums.moving_time), ""),
            (sums.climb, eyes.high(sums.climb), "up"),
        )
        numbers = [(one.number, f"{one.unit} {word}".rstrip()) for there, one, word in told if there]
        if sums.active_days:
            numbers.append((f"{sums.active_days:,}", "day out" if sums.active_days == 1 else "days out"))
        card = Card(
            title=str(facts.year),
            lines=drawn.lines if drawn else [],
            size=drawn.size if drawn else (1, 1),
            numbers=numbers or [("0", "activities")],
            daily=facts.busy,
            demo=facts.demo,
        )
        return Picture(year_card(card), self._name("png"))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """The path that the page was written to, whole or not at all.

        A folder gets `your_year_2025.html`, or `DEMO_your_year_2025.html`. Raises CannotWrite.
        """
        return saved(self.page, path, name=self._name("html"))

    def save_picture(self, path: str | os.PathLike[str]) -> Path:
        """The path that the picture was written to, as PNG, whole or not at all. Raises CannotWrite."""
        return self.picture.save(path)

    def _name(self, ending: str) -> str:
        return file_name(self._facts.rows, ending, name=f"your_year_{self.year}")


def your_year(
    table: pd.DataFrame,
    year: int | None = None,
    *,
    private: bool = False,
    today: date | None = None,
    units: Units = "metric",
) -> YourYear:
    """A year of activities as one page to scroll through and one picture to post.

    The totals against the year before, the longest, the fastest, the highest, the earliest start, the
    streaks, the map of everywhere, the calendar and the way gone most often. `year` is the newest
    activity's unless given; give a table of two years or more, or there is nothing to compare with. A
    year that is not over (by `today`, the computer's) is compared with the same days of the last.
    What the activities lack (heights, courses: an export has them once its tracks are read) is left
    out. Doubles count once.

    To be shown around: nothing is drawn within 200 m of where any activity began or ended (see
    `files.hide_places`), there are no friends, no heart rates and no health in it, and private
    activities are counted, but neither named nor drawn unless `private`. The page fetches nothing and
    holds no script.

    It shows itself; `.save(path)` writes the page (HTML), `.picture` is the picture and
    `.save_picture(path)` writes it (PNG, 1080 × 1350). Raises BadTable for a table that is not one of
    activities, BadInput for what is no year and for unknown `units`.
    """
    known_units(units)
    return YourYear(facts_of(table, year, today, private=private), units)
