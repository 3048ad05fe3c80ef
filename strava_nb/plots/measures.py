"""What a picture measures: four things that everyone adds up, or any column of numbers, for eyes.

A measure knows its words, its unit and how activities make a figure of a day; a `Tally` is what of a
table counts towards it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..columns import ACTIVITIES
from ..errors import BadInput
from ..metrics.summing import SUMMED
from ..tables.readable_table import FEET, METRES, Units
from ..tables.sports import GROUPS
from .chosen import chosen, not_activities, said
from .style import as_text

Value = Literal["distance", "time", "elevation", "count"]
Amounts = NDArray[np.float64]

TITLES: Mapping[str, str] = {
    "total_elevation_gain": "Climb",
    "average_watts": "Average power",
    "max_watts": "Highest power",
    "weighted_average_watts": "Weighted power",
    "average_heartrate": "Average heart rate",
    "max_heartrate": "Highest heart rate",
    "max_speed": "Top speed",
    "average_temp": "Temperature",
    "elev_high": "Highest point",
    "elev_low": "Lowest point",
    "kilojoules": "Work",
    "calories": "Energy",
    "suffer_score": "Relative effort",
}
"""What people call a column, where it is not the name itself."""

_UNITS = {column.name: column.unit for column in ACTIVITIES} | {"load": "load", "trimp": "TRIMP"}


@dataclass(frozen=True, slots=True)
class Measure:
    """Something of activities in a unit for eyes: a value of Strava's / `per_unit` + `offset`.

    `how` several make one figure: "sum", "mean", "max" or "min".
    """

    title: str
    column: str | None
    unit: str
    per_unit: float
    absent: str
    how: str = "sum"
    offset: float = 0.0

    @property
    def label(self) -> str:
        """Its words with the unit, for an axis."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def shown(self, amount: float) -> str:
        """An amount with its unit: "1,234 km"; one below a hundred may have a decimal."""
        if self.column is None and amount == 1:
            return "1 activity"
        decimals = 1 if abs(amount) < 100 and round(amount, 1) % 1 else 0
        return f"{amount:,.{decimals}f} {self.unit}".rstrip()

    def of(self, rows: pd.DataFrame) -> Amounts:
        """The amount of each row, NaN where absent."""
        if self.column is None:
            return np.ones(len(rows))
        column = rows[self.column]
        if not pd.api.types.is_numeric_dtype(column) and not column.isna().all():
            raise not_activities(f"The column {self.column} does not hold numbers.")
        amounts = column.to_numpy(dtype="float64", na_value=np.nan) / self.per_unit + self.offset
        return np.where(np.isfinite(amounts), amounts, np.nan)


@dataclass(frozen=True, slots=True)
class Tally:
    """The activities that count, one entry each: start, amount, sport group and type, name.

    An amount that is added up is 0 where absent, any other NaN. `notes` say what is left out;
    `sentence` says why there is nothing to draw, or is empty.
    """

    starts: NDArray[np.datetime64]
    amounts: Amounts
    groups: NDArray[Any]
    types: NDArray[Any]
    names: NDArray[Any]
    notes: list[str] = field(default_factory=list)
    sentence: str = ""

    @property
    def days(self) -> NDArray[np.datetime64]:
        """The local day of each activity."""
        return self.starts.astype("datetime64[D]")

    @property
    def sport(self) -> str:
        """The one sport group that all are of, else "All sports"."""
        groups = set(self.groups)
        return str(groups.pop()) if len(groups) == 1 else "All sports"


def measure_of(value: str, units: str) -> Measure:
    """The measure that one of the four words means. Raises BadInput for other words."""
    known_units(units)
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


def any_measure(table: Any, value: str, units: Units) -> Measure:
    """The measure that one of the four words or the name of a column means."""
    if value in ("distance", "time", "elevation", "count"):
        return measure_of(value, units)
    return column_measure(table, value, units)


def column_measure(table: Any, name: str, units: Units) -> Measure:
    """A column of numbers as a measure, in the units asked for. Raises BadInput where there is none."""
    known_units(units)
    if not isinstance(table, pd.DataFrame) or name not in table or not _numeric(table[name]):
        numeric = (
            [str(one) for one in table if _numeric(table[one])] if isinstance(table, pd.DataFrame) else []
        )
        told = ", ".join(dict.fromkeys([one for one in numeric if one in TITLES or one in SUMMED]))
        raise BadInput(
            f"There is no column of numbers called {name!r}.", f"Use one of the table's, such as {told}."
        )
    title = TITLES.get(name, name.replace("_", " ").replace(" heartrate", " heart rate").capitalize())
    unit, per_unit, offset = _for_eyes(_UNITS.get(name, ""), name, units)
    title, absent = as_text(title, most=40), f"a value in {as_text(name, most=40)}"
    return Measure(title, name, unit, per_unit, absent, _how(name), offset)


def known_units(units: str) -> None:
    """Raise BadInput unless there are such units."""
    if units not in METRES:
        raise BadInput(f"There are no {units!r} units.", 'Use units="metric" or units="imperial".')


def tally(
    table: Any,
    measure: Measure,
    *,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
) -> Tally:
    """What of the table counts towards the measure; see `chosen`."""
    columns = ["start_date_local", "sport_group", *([measure.column] if measure.column else [])]
    these = chosen(table, *columns, commute=commute, indoor=indoor, private=private)
    rows, starts = these.rows, moments(these.rows["start_date_local"])
    amounts = measure.of(rows)
    if measure.how == "sum":
        amounts = np.where(amounts > 0, amounts, 0.0)
    dated = ~np.isnat(starts)
    known = amounts[dated] > 0 if measure.how == "sum" else np.isfinite(amounts[dated])
    sentence = these.sentence
    if not sentence and not dated.any():
        sentence = "No activity in this table has a date."
    elif not sentence and not known.any():
        sentence = f"No activity in this table has {measure.absent}."
    notes = [*these.notes, *said(int((~dated).sum()), "activity has", "activities have", "no date")]
    groups = groups_of(rows)
    types, names = texts_of(rows, "sport_type", groups), texts_of(rows, "name", "")
    return Tally(starts[dated], amounts[dated], groups[dated], types[dated], names[dated], notes, sentence)


def moments(local: pd.Series[Any]) -> NDArray[np.datetime64]:
    """Wall times, NaT where absent, also of a table that was read back from a CSV."""
    if not pd.api.types.is_datetime64_any_dtype(local):
        try:
            local = pd.to_datetime(local, format="ISO8601")
        except (TypeError, ValueError):
            raise not_activities(f"The column {local.name} does not hold dates.") from None
    if isinstance(local.dtype, pd.DatetimeTZDtype):
        local = local.dt.tz_localize(None)
    return local.to_numpy().astype("datetime64[us]")


def groups_of(rows: pd.DataFrame) -> NDArray[Any]:
    """The sport group of each row, "Other" where it is none of them."""
    return rows["sport_group"].astype("object").where(rows["sport_group"].isin(GROUPS), "Other").to_numpy()


def texts_of(rows: pd.DataFrame, name: str, otherwise: Any) -> NDArray[Any]:
    """A column of texts, and something else where it has none."""
    texts = rows[name] if name in rows else pd.Series(pd.NA, index=rows.index, dtype="object")
    return texts.astype("object").where(texts.notna(), otherwise).to_numpy()


def _numeric(column: Any) -> bool:
    dtypes = pd.api.types
    return dtypes.is_numeric_dtype(column) and not dtypes.is_bool_dtype(column)


def _how(name: str) -> str:
    if name in (*SUMMED, "suffer_score", "trimp") or name.endswith(("_count", "load")):
        return "sum"
    if name.startswith("max_") or name == "elev_high":
        return "max"
    return "min" if name == "elev_low" else "mean"


def _for_eyes(unit: str, name: str, units: Units) -> tuple[str, float, float]:
    """The unit in which eyes read a column, how much of Strava's it is, and what is added."""
    metric = units == "metric"
    far = METRES[units]
    if unit == "m" and name == "distance":
        return "km" if metric else "mi", far, 0.0
    return {
        "m": ("m", 1.0, 0.0) if metric else ("ft", FEET, 0.0),
        "s": ("h", 3600.0, 0.0),
        "m/s": ("km/h" if metric else "mph", far / 3600, 0.0),
        "°C": ("°C", 1.0, 0.0) if metric else ("°F", 5 / 9, 32.0),
    }.get(unit, (unit, 1.0, 0.0))
