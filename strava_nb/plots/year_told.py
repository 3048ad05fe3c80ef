"""What a year comes to in words: its totals and its records, for whoever puts a year on one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..metrics.active_days import streaks
from ..metrics.reading import flags, moments, numbers
from ..metrics.record_table import records
from ..metrics.ways import same_routes
from ..tables.readable_table import FEET, METRES, Units
from .records_plot import written
from .style import as_text

_LONG, _GROUPS = 26, 2
_WORDS = {"Ride": "ride", "Run": "run", "Walk": "walk", "Swim": "swim", "Snow": "day on snow"}
_OVERALL = ("longest time", "most climb", "highest point", "earliest start")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of the year: what it is, its figure, and by what or when."""

    what: str
    figure: str
    by: str = ""


def totals_of(rows: pd.DataFrame, units: Units) -> list[Told]:
    """Distance, time, climb, active days and the longest streak of the rows."""
    metric = units == "metric"
    far = float(np.nansum(numbers(rows, "distance"))) / METRES[units]
    hours = float(np.nansum(numbers(rows, "moving_time"))) / 3600
    high = float(np.nansum(numbers(rows, "total_elevation_gain"))) / (1 if metric else FEET)
    days = len(np.unique(_days(rows)))
    runs = streaks(rows)
    longest = runs[(runs["unit"] == "days") & (runs["streak"] == "longest")]["length"]
    streak = int(longest.iloc[0]) if len(longest) else 0
    return [
        Told("kilometres" if metric else "miles", f"{far:,.0f}"),
        Told("hours", f"{hours:,.0f}"),
        Told("metres of climb" if metric else "feet of climb", f"{high:,.0f}"),
        Told("active day" if days == 1 else "active days", f"{days:,}"),
        Told("days in a row" if streak != 1 else "day in a row", f"{streak:,}"),
    ]


def records_of(rows: pd.DataFrame, units: Units) -> list[Told]:
    """The records worth a line: of the two sports with the most time, and of all together."""
    found = records(rows)
    if not len(found):
        return []
    began = moments(found)
    values = numbers(found, "value")
    kinds, groups = (found[name].to_numpy("object") for name in ("record", "sport_group"))
    main = _by_time(rows)[:_GROUPS]
    told: list[Told] = []

    def tell(what: str, one: int) -> None:
        record = found.iloc[one]
        figure = written(str(kinds[one]), float(values[one]), str(groups[one]), str(record["unit"]), units)
        told.append(Told(what, figure, _by(record["name"], began[one])))

    for record in ("longest", "fastest"):
        for group in main:
            holder = np.flatnonzero((kinds == record) & (groups == group))
            if len(holder):
                tell(f"{record.capitalize()} {_WORDS.get(group, group.lower())}", int(holder[0]))
    for record in _OVERALL:
        holder = np.flatnonzero(kinds == record)
        if len(holder):
            best = values[holder].argmin() if record == "earliest start" else values[holder].argmax()
            tell(record.capitalize(), int(holder[best]))
    return [*told, *_favourite(rows)]


def _favourite(rows: pd.DataFrame) -> Iterator[Told]:
    """The way gone most often, where one was gone twice and is no way to work."""
    own = rows[~flags(rows, "commute")]
    if not {"id", "polyline"} <= set(own.columns):
        return
    routes = same_routes(own)
    on = ((routes["route"] == 1) & (routes["times"] > 1)).to_numpy(bool, na_value=False)
    if on.any():
        names = own["name"].to_numpy("object")[on] if "name" in own else np.array([])
        known = pd.Series([name for name in names if isinstance(name, str)], dtype="object")
        name = as_text(str(known.mode().iloc[0]), most=_LONG + 8) if len(known) else ""
        yield Told("Favourite way", f"{int(on.sum()):,} times", name)


def _by(name: object, when: np.datetime64) -> str:
    text = as_text(str(name), most=_LONG) if isinstance(name, str) else ""
    if np.isnat(when):
        return text
    day = when.astype("datetime64[D]").astype(object)
    return f"{text}, {day.day} {day:%b}".removeprefix(", ")


def _by_time(rows: pd.DataFrame) -> list[str]:
    time = pd.Series(np.nan_to_num(numbers(rows, "moving_time")))
    sums = time.groupby(rows["sport_group"].astype("object").to_numpy()).sum()
    return [str(group) for group in sums.sort_values(ascending=False, kind="stable").index]


def _days(rows: pd.DataFrame) -> NDArray[np.datetime64]:
    return moments(rows).astype("datetime64[D]")
