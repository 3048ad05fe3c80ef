"""The records on one sheet: a column a sport, a row a record, and who holds it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..metrics.reading import moments, numbers
from ..metrics.record_table import records as records_of
from ..tables.readable_table import FEET, METRES, Units, clock, is_demo, pace
from .canvas import annotate_below, bare, entitle, height_of, new_axes, say, width_of
from .chosen import chosen, said
from .measures import groups_of, known_units
from .style import GREY, INK, SPORT_COLOURS, as_text, house_style

_MOST = 3
_HEIGHTS = ("most climb", "highest point")
_STARTS = ("earliest start", "latest start")
_ON_FOOT = ("Run", "Walk")
_WORDS_INCHES, _LEAST_COLUMN, _DATED = 1.5, 1.05, 1.9
"""Inches of the records' names, of a sport's column at least, and of one that has room for days."""

_LEAST_ROW, _ROOMY_ROW = 0.21, 0.36
"""Of a row, and of one that has room for the activity's name."""

_NAME_SIZE, _INCHES_A_LETTER = 8.0, 0.0655


def records(
    table: pd.DataFrame,
    *,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """A sheet of records: the three sport groups with the most time, each record's value, day and name.

    What counts as a record tells `metrics.records`. Speeds are paces for runs and walks and swims.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other `units`.
    """
    known_units(units)
    needed = ("id", "start_date_local", "sport_group")
    these = chosen(table, *needed, commute=commute, indoor=indoor, private=private)
    rows, sentence = these.rows.assign(sport_group=groups_of(these.rows)), these.sentence
    found = records_of(rows)
    if not sentence and not len(found):
        sentence = "No activity in this table holds a record."
    groups = [group for group in _by_time(rows) if (found["sport_group"] == group).any()]
    most = _MOST if ax is None else max(1, min(_MOST, int((width_of(ax) - _WORDS_INCHES) / _LEAST_COLUMN)))
    notes = [f"Also in this table: {', '.join(groups[most:])}."] if len(groups) > most else []
    groups = groups[:most]
    shown = found[found["sport_group"].isin(groups)]
    kinds = list(dict.fromkeys(shown["record"]))
    rows_there = len(kinds) if ax is None else max(3, int(height_of(ax) / _LEAST_ROW) - 1)
    notes += said(len(kinds) - min(rows_there, len(kinds)), "record is", "records are", "not drawn")
    kinds = kinds[:rows_there]
    shown = shown[shown["record"].isin(kinds)]
    with house_style():
        width, height = 1.6 + 2.75 * len(groups), 1.1 + 0.52 * len(kinds)
        ax = ax if ax is not None else new_axes(*((9, 2.4) if sentence else (max(width, 6), height)))
        entitle(ax, "Records", demo=is_demo(table))
        if sentence:
            say(ax, sentence)
        else:
            bare(ax)
            _draw(ax, shown, groups, kinds, units)
        annotate_below(ax, [*these.notes, *notes])
    return ax


def _by_time(rows: pd.DataFrame) -> list[str]:
    time = pd.Series(np.nan_to_num(numbers(rows, "moving_time"))).groupby(
        rows["sport_group"].astype("object").to_numpy()
    )
    return [str(group) for group in time.sum().sort_values(ascending=False, kind="stable").index]


def _draw(ax: Axes, shown: pd.DataFrame, groups: list[str], kinds: list[str], units: Units) -> None:
    wide = (width_of(ax) - _WORDS_INCHES) / len(groups)
    first = _WORDS_INCHES / wide  # columns are one wide, the words of the rows before them
    roomy = height_of(ax) / (len(kinds) + 0.75) >= _ROOMY_ROW
    ax.set_ylim(len(kinds), -0.75 if roomy else -1.1)
    value_at, value_size = (0.32, 11.5) if roomy else (0.5, 10)
    ax.set_xlim(0, first + len(groups))
    for row, kind in enumerate(kinds):
        ax.text(0.0, row + (0.42 if roomy else 0.5), kind.capitalize(), va="center", fontsize=9, color=GREY)
        ax.axhline(row, color="#e7e9ec", linewidth=0.8)
    for column, group in enumerate(groups):
        left = first + column
        ax.text(left, -0.4 if roomy else -0.6, group, va="center", fontsize=12, fontweight="bold", color=INK)
        bar = ax.plot(
            [left, left + 0.94], [0, 0], color=SPORT_COLOURS[group], linewidth=4, solid_capstyle="butt"
        )
        bar[0].set_gid(group)
    most = max(8, int(wide * 0.96 / _INCHES_A_LETTER))
    began = moments(shown)
    for record, when in zip(shown.to_dict("records"), began.tolist(), strict=True):
        left = first + groups.index(record["sport_group"])
        row = kinds.index(record["record"])
        value = written(
            record["record"], float(record["value"]), record["sport_group"], record["unit"], units
        )
        told = ax.text(
            left, row + value_at, value, va="center", fontsize=value_size, fontweight="bold", color=INK
        )
        if when is not None and wide >= _DATED:
            ax.annotate(
                f"{when.day} {when:%b %Y}", (1, 0.5), (7, 0), xycoords=told, textcoords="offset points",
                va="center", fontsize=_NAME_SIZE, color=GREY,
            )  # fmt: skip
        if not roomy:
            continue
        name = "" if pd.isna(record["name"]) else as_text(str(record["name"]), most=most)
        ax.text(left, row + 0.74, name, va="center", fontsize=_NAME_SIZE, color=GREY)


def written(record: str, value: float, group: str, unit: str, units: Units) -> str:
    """A record's value as people say it."""
    metric, metres = units == "metric", METRES[units]
    if record in _STARTS:
        return f"{int(value) // 3600}:{int(value) // 60 % 60:02}"
    if record in _HEIGHTS:
        return f"{value if metric else value / FEET:,.0f} {'m' if metric else 'ft'}"
    if unit == "m/s" and group == "Swim":
        return f"{pace((100 if metric else 91.44) / value)} /100 {'m' if metric else 'yd'}"
    if unit == "m/s" and group in _ON_FOOT:
        return f"{pace(metres / value)} /{'km' if metric else 'mi'}"
    return {
        "m": f"{value / metres:,.1f} {'km' if metric else 'mi'}",
        "s": clock(value),
        "m/s": f"{value * 3600 / metres:.1f} {'km/h' if metric else 'mph'}",
    }.get(unit, f"{value:,.0f} {unit}")
