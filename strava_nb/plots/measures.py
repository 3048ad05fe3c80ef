"""What a picture adds up: the measure, the activities that count, and what to say of the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadInput, BadTable
from ..tables.doubles import counted
from ..tables.readable_table import FEET, METRES
from ..tables.sports import GROUPS

Value = Literal["distance", "time", "elevation", "count"]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something of activities that adds up; `per_unit` is how much of Strava's unit is in one `unit`."""

    title: str
    column: str | None
    unit: str
    per_unit: float
    absent: str

    def shown(self, amount: float) -> str:
        """An amount with its unit: "1,234 km"; one below a hundred may have a decimal."""
        if self.column is None and amount == 1:
            return "1 activity"
        return f"{amount:,.{1 if amount < 100 and round(amount, 1) % 1 else 0}f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Tally:
    """The activities that count, one entry each: local day, amount (0 where absent), group, name.

    `notes` say what is left out; `sentence` says why there is nothing to draw, or is empty.
    """

    days: NDArray[np.datetime64]
    amounts: NDArray[np.float64]
    groups: NDArray[Any]
    names: NDArray[Any]
    notes: list[str] = field(default_factory=list)
    sentence: str = ""


def measure_of(value: str, units: str) -> Measure:
    """The measure that the words mean. Raises BadInput for other words."""
    if units not in METRES:
        raise BadInput(f"There are no {units!r} units.", 'Use units="metric" or units="imperial".')
    metric = units == "metric"
    measures = {
        "distance": Measure("Distance", "distance", "km" if metric else "mi", METRES[units], "a distance"),
        "time": Measure("Moving time", "moving_time", "h", 3600.0, "a moving time"),
        "elevation": Measure(
            "Climb", "total_elevation_gain", "m" if metric else "ft", 1.0 if metric else FEET, "a climb"
        ),
        "count": Measure("Activities", None, "activities", 1.0, ""),
    }
    if value not in measures:
        raise BadInput(f"There is no {value!r} to add up.", f"Use {', '.join(map(repr, measures))}.")
    return measures[value]


def tally(table: Any, measure: Measure) -> Tally:
    """What of the table counts towards the measure.

    Doubles do not, so that an activity that came through two doors counts once. Raises BadTable for
    what is not a table of activities.
    """
    columns = ["start_date_local", "sport_group", *([measure.column] if measure.column else [])]
    if not isinstance(table, pd.DataFrame):
        raise _not_activities(f"A {type(table).__name__} is not a table of activities.")
    if missing := tuple(name for name in columns if name not in table):
        raise _not_activities(
            f"This is not a table of activities: it has no {', '.join(missing)}.", missing=missing
        )
    days = _days(table["start_date_local"])
    double = ~counted(table)
    dated = ~np.isnat(days)
    counts = dated & ~double
    amounts = _amounts(table[measure.column], measure) if measure.column else np.ones(len(table))
    groups = table["sport_group"].astype("object").where(table["sport_group"].isin(GROUPS), "Other")
    names = table["name"] if "name" in table else pd.Series("", index=table.index)
    names = names.astype("object").where(names.notna(), "")

    notes = [
        *_note(int(double.sum()), "double is", "doubles are", "not counted"),
        *_note(int((~dated & ~double).sum()), "activity has", "activities have", "no date"),
    ]
    sentence = ""
    if not len(table):
        sentence = "There are no activities in this table."
    elif not counts.any():
        sentence = "No activity in this table has a date."
    elif not (amounts[counts] > 0).any():
        sentence = f"No activity in this table has {measure.absent}."
    return Tally(
        days[counts], amounts[counts], groups.to_numpy()[counts], names.to_numpy()[counts], notes, sentence
    )


def _days(local: pd.Series[Any]) -> NDArray[np.datetime64]:
    if not pd.api.types.is_datetime64_any_dtype(local):  # a table that was read back from a CSV
        try:
            local = pd.to_datetime(local, format="ISO8601")
        except (TypeError, ValueError):
            raise _not_activities("The column start_date_local does not hold dates.") from None
    if isinstance(local.dtype, pd.DatetimeTZDtype):
        local = local.dt.tz_localize(None)
    return local.to_numpy().astype("datetime64[D]")


def _amounts(column: pd.Series[Any], measure: Measure) -> NDArray[np.float64]:
    if not pd.api.types.is_numeric_dtype(column) and not column.isna().all():
        raise _not_activities(f"The column {measure.column} does not hold numbers.")
    amounts = column.to_numpy(dtype="float64", na_value=np.nan) / measure.per_unit
    return np.where(np.isfinite(amounts) & (amounts > 0), amounts, 0.0)


def _note(number: int, one: str, many: str, what: str) -> list[str]:
    return [f"{number:,} {one if number == 1 else many} {what}."] if number else []


def _not_activities(what: str, **facts: Any) -> BadTable:
    return BadTable(what, "Use the table that get_activities returned, or rows of it.", **facts)
