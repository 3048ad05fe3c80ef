"""The activities table as people read it: km and hours, pace and speed, sports in words.

`for_eyes` gives the columns with their kinds, so that a page, an Excel sheet and a spreadsheet's CSV
each write them their own way; `readable` is the DataFrame for a notebook.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress
from typing import Any, Literal

import pandas as pd

from ..columns import ACTIVITIES
from ..errors import BadInput, BadTable
from ..settings import DEMO_MARK
from .sports import in_words

Units = Literal["metric", "imperial"]
Kind = Literal["moment", "text", "number", "duration", "id"]

METRES = {"metric": 1000.0, "imperial": 1609.344}
FEET = 0.3048
_DISTANCE = {"metric": "km", "imperial": "mi"}
_HEIGHT = {"metric": "m", "imperial": "ft"}
_ON_FOOT = ("Run", "Walk")
_RACE, _LONG_RUN, _WORKOUT = (1, 11), (2,), (3, 12)


@dataclass(frozen=True, slots=True)
class EyeColumn:
    """A column for eyes: its title, what kind of thing it holds, and the values, still numbers.

    Kinds: "moment" (datetime64), "duration" (seconds), "number" (with `decimals`; `always` where every
    activity has one), "text", "id".
    """

    title: str
    kind: Kind
    values: pd.Series[Any]
    decimals: int = 0
    always: bool = False


def is_demo(table: pd.DataFrame) -> bool:
    """Whether rows of the demo athlete are in the table."""
    return "source" in table and bool((table["source"] == "demo").any())


def readable(table: pd.DataFrame, *, units: Units = "metric") -> pd.DataFrame:
    """The activities as a table for eyes, in the order of the rows given.

    Fourteen columns: km (or mi) with two decimals, times as h:mm:ss, pace for runs and walks (for swims
    per 100 m or yd) or else speed, cadence of runs in steps a minute, sports in words. What is absent
    is blank, so all but distance and climb are texts: count with the table itself. The demo athlete's
    rows are headed DEMO. Raises BadTable for a table that is not one of activities, BadInput for
    unknown `units`.
    """
    columns = {column.title: column for column in for_eyes(table, units=units)}
    speed_title = next(title for title in columns if title.startswith("Speed"))
    speed = columns.pop(speed_title)
    unit = speed_title.removeprefix("Speed (").removesuffix(")")
    shown = pd.DataFrame({title: _shown(column) for title, column in columns.items()})
    fast = _mapped(speed.values, lambda value: f"{value:.1f} {unit}")
    shown = shown.rename(columns={"Pace": "Pace or speed"})
    shown["Pace or speed"] = shown["Pace or speed"].where(fast.isna(), fast).fillna("")
    if is_demo(table):
        shown.columns.name = DEMO_MARK
    return shown


def for_eyes(table: pd.DataFrame, *, units: Units = "metric") -> list[EyeColumn]:
    """The readable columns of a table of activities, with their kinds and unformatted values."""
    if units not in METRES:
        raise BadInput(f"There are no {units!r} units.", 'Use units="metric" or units="imperial".')
    t = _with_all_columns(table)
    on_foot = t["sport_group"].isin(_ON_FOOT)
    swim = t["sport_group"] == "Swim"
    # Distance over time rather than average_speed, which exports and old records lack.
    speed = t["distance"] / t["moving_time"].astype("Float64").where(t["moving_time"] > 0)
    speed = speed.where(t["distance"] > 0)
    paces = _pace(speed.where(on_foot), METRES[units], f"/{_DISTANCE[units]}").fillna(
        _pace(
            speed.where(swim),
            100.0 if units == "metric" else 91.44,
            "/100 m" if units == "metric" else "/100 yd",
        )
    )
    speed_unit = "km/h" if units == "metric" else "mph"
    height = 1.0 if units == "metric" else FEET
    return [
        EyeColumn("Date", "moment", t["start_date_local"]),
        EyeColumn("Name", "text", t["name"]),
        EyeColumn("Sport", "text", _mapped(t["sport_type"], in_words)),
        EyeColumn(f"Distance ({_DISTANCE[units]})", "number", t["distance"] / METRES[units], 2, always=True),
        EyeColumn("Moving time", "duration", t["moving_time"]),
        EyeColumn("Elapsed time", "duration", t["elapsed_time"]),
        EyeColumn("Pace", "text", paces),
        EyeColumn(
            f"Speed ({speed_unit})", "number", speed.where(~(on_foot | swim)) * 3600 / METRES[units], 1
        ),
        EyeColumn(f"Climb ({_HEIGHT[units]})", "number", t["total_elevation_gain"] / height, always=True),
        EyeColumn("Heart rate (bpm)", "number", t["average_heartrate"]),
        EyeColumn("Max heart rate (bpm)", "number", t["max_heartrate"]),
        EyeColumn("Power (W)", "number", t["average_watts"]),
        EyeColumn(
            "Cadence (per min)", "number", t["average_cadence"].mask(on_foot, t["average_cadence"] * 2)
        ),
        EyeColumn("Notes", "text", _notes(t)),
        EyeColumn("Activity", "id", t["id"]),
    ]


def clock(seconds: float) -> str:
    """A duration as h:mm:ss."""
    whole = round(seconds)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 3600}:{abs(whole) // 60 % 60:02}:{abs(whole) % 60:02}"


def pace(seconds: float) -> str:
    """The time for one unit of distance as m:ss."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"


def _with_all_columns(table: pd.DataFrame) -> pd.DataFrame:
    missing = tuple(
        name for name in ("id", "sport_type", "start_date_local", "distance") if name not in table
    )
    if missing:
        raise BadTable(
            f"This is not a table of activities: it has no {', '.join(missing)}.",
            "Use the table that get_activities returned, or rows of it.",
            missing=missing,
        )
    absent = {
        c.name: pd.Series(pd.NA, index=table.index, dtype=c.dtype) for c in ACTIVITIES if c.name not in table
    }
    return table.assign(**absent) if absent else table


def _pace(speed: pd.Series[Any], metres: float, unit: str) -> pd.Series[Any]:
    return _mapped(metres / speed, lambda seconds: f"{pace(seconds)} {unit}")


def _notes(t: pd.DataFrame) -> pd.Series[Any]:
    marks = {
        "race": t["workout_type"].isin(_RACE),
        "long run": t["workout_type"].isin(_LONG_RUN),
        "workout": t["workout_type"].isin(_WORKOUT),
        "commute": t["commute"],
        "indoors": t["trainer"],
        "typed in": t["manual"],
        "private": t["private"],
        "double": t["double_of"].notna(),
    }
    columns = [marked.fillna(False).astype(bool) for marked in marks.values()]
    texts = [", ".join(compress(marks, row)) for row in zip(*columns, strict=True)]
    return pd.Series(texts, index=t.index, dtype="string")


def _shown(column: EyeColumn) -> pd.Series[Any]:
    if column.kind == "moment":
        return _mapped(column.values, lambda moment: f"{moment:%Y-%m-%d %H:%M}").fillna("")
    if column.kind == "duration":
        return _mapped(column.values, clock).fillna("")
    if column.kind == "number" and column.always:
        rounded = column.values.round(column.decimals)
        return rounded if column.decimals else rounded.astype("Int64")
    if column.kind == "number":  # right-aligned, blank where absent, and still in order when sorted
        texts = _mapped(column.values, lambda value: f"{value:.{column.decimals}f}").fillna("")
        return texts.str.rjust(texts.str.len().max() if len(texts) else 0)
    return column.values.fillna("") if column.kind == "text" else column.values


def _mapped(values: pd.Series[Any], function: Callable[[Any], str]) -> pd.Series[Any]:
    texts = [None if pd.isna(value) else function(value) for value in values]
    return pd.Series(texts, index=values.index, dtype="string")
