"""On which days of the week and at which hours it was."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, bare, entitle, new_axes, say, width_of
from .cells import NOTHING, SHADES, draw_cells, draw_key, scale_of
from .measures import Amounts, Measure, Value, measure_of, tally
from .style import GREY, INK, house_style

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ROOMY = 6.0
"""Inches of width from which every third hour has room for its name."""

_MONDAY = 3  # days from a Monday to 1 January 1970


def clock(
    table: pd.DataFrame,
    *,
    value: Value = "count",
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """A week as a grid of weekdays and hours, darker the more was begun then, with each day's total.

    Hours are those of the start, by the clock on the spot. `value` is "count", "time" (moving time, h),
    "distance" (km or mi) or "elevation" (climb, m or ft).

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other words.
    """
    measure = measure_of(value, units)
    counted = tally(table, measure, commute=commute, indoor=indoor, private=private)
    own, above = ax is None, 0
    with house_style():
        ax = ax if ax is not None else new_axes(9, 3.25)
        notes = counted.notes
        if counted.sentence:
            say(ax, counted.sentence)
        else:
            days = counted.days
            hours = (counted.starts - days).astype("timedelta64[h]").astype("int64")
            weekdays = (days.astype("int64") + _MONDAY) % 7
            grid = (
                np.bincount(weekdays * 24 + hours, counted.amounts, 7 * 24).astype("float64").reshape(7, 24)
            )
            bare(ax)
            above = _draw(ax, grid, measure)
            notes = [_most(grid, measure), *notes]
        title = f"{measure.title} by weekday and hour of the start"
        entitle(ax, title, demo=is_demo(table), above=above)
        annotate_below(ax, notes, grow=own and not counted.sentence)
    return ax


def _draw(ax: Axes, grid: Amounts, measure: Measure) -> int:
    rows, columns = np.nonzero(grid > 0)
    amounts = grid[rows, columns]
    scale = scale_of(amounts, measure)
    empty = np.nonzero(grid <= 0)
    draw_cells(ax, "nothing", empty[1], empty[0], NOTHING)
    draw_cells(ax, "active", columns, rows, scale.shades(amounts))
    totals = grid.sum(axis=1)
    roomy = width_of(ax) > _ROOMY
    size = 9 if roomy else 8
    for row, (name, total) in enumerate(zip(WEEKDAYS, totals.tolist(), strict=True)):
        ax.text(-0.4, row + 0.5, name[:3], ha="right", va="center", fontsize=size, color=GREY)
        weight = "bold" if total == totals.max() else "normal"
        ax.text(
            24.5, row + 0.5, measure.shown(total),
            va="center", fontsize=size, color=INK if total else GREY, fontweight=weight,
        )  # fmt: skip
    for hour in range(0, 25, 3 if roomy else 6):
        ax.text(hour, -0.15, f"{hour}:00", ha="center", va="bottom", fontsize=8, color=GREY)
    beside = 0.075 * max(len(measure.shown(total)) for total in totals.tolist()) / max(width_of(ax), 1)
    ax.set_xlim(-1.8 if roomy else -2.4, 24.8 + 31 * beside)
    ax.set_ylim(7, -1.2 if roomy else -1.8)
    ax.set_aspect("equal", anchor="NW")
    return draw_key(ax, [NOTHING, *SHADES], ["none", *scale.words])


def _most(grid: Amounts, measure: Measure) -> str:
    weekday, hour = divmod(int(grid.argmax()), 24)
    return (
        f"Most: {measure.shown(float(grid.max()))} on {WEEKDAYS[weekday]}s from {hour}:00 to {hour + 1}:00."
    )
