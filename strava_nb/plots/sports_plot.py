"""How the whole is shared among sports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import BadInput
from ..metrics.reading import percent
from ..tables.readable_table import Units, is_demo
from ..tables.sports import in_words
from .canvas import annotate_below, bare, ends_of, entitle, new_axes, say
from .measures import Measure, Value, measure_of, tally
from .style import GREY, INK, SPORT_COLOURS, as_text, house_style

_MOST = 12


def sports(
    table: pd.DataFrame,
    *,
    by: Literal["sport_group", "sport_type"] = "sport_group",
    value: Value = "time",
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """A bar a sport, the most first, with its amount and its share of the whole.

    `by` is "sport_group", or "sport_type" for Strava's own sports, each in the colour of its group;
    beyond twelve of them the least are one bar. `value` is "time" (moving time, h), "distance" (km or
    mi), "elevation" (climb, m or ft) or "count"; sports without any of it are not there.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other words.
    """
    if by not in ("sport_group", "sport_type"):
        raise BadInput(f"There are no sports by {by!r}.", 'Use by="sport_group" or by="sport_type".')
    measure = measure_of(value, units)
    counted = tally(table, measure, commute=commute, indoor=indoor, private=private)
    with house_style():
        notes = counted.notes
        if counted.sentence:
            ax = ax if ax is not None else new_axes(9, 2.4)
            say(ax, counted.sentence)
        else:
            kinds = counted.groups if by == "sport_group" else counted.types
            sums: dict[tuple[str, str], float] = {}
            for kind, group in dict.fromkeys(zip(kinds, counted.groups, strict=True)):
                mine = (kinds == kind) & (counted.groups == group)
                sums[kind, group] = float(counted.amounts[mine].sum())
            bars = {one: sums[one] for one in sorted(sums, key=lambda one: -sums[one]) if sums[one] > 0}
            ax = ax if ax is not None else new_axes(9, 0.95 + 0.42 * min(len(bars), _MOST))
            bare(ax)
            _draw(ax, bars, measure)
            notes = [f"In all {measure.shown(sum(bars.values()))}.", *notes]
        entitle(ax, f"{measure.title} by sport", demo=is_demo(table))
        annotate_below(ax, notes)
    return ax


def _draw(ax: Axes, bars: Mapping[tuple[str, str], float], measure: Measure) -> None:
    names = [as_text(in_words(kind) if kind != group else group, most=28) for kind, group in bars]
    colours = [SPORT_COLOURS[group] for _, group in bars]
    amounts = list(bars.values())
    if len(amounts) > _MOST:
        rest = len(amounts) - _MOST + 1
        names[_MOST - 1 :] = [f"{rest} other sports"]
        colours[_MOST - 1 :] = [SPORT_COLOURS["Other"]]
        amounts[_MOST - 1 :] = [sum(amounts[_MOST - 1 :])]
    whole, most = sum(amounts), max(amounts)
    rows = np.arange(len(amounts))
    ax.barh(rows, amounts, color=colours, height=0.72)
    for row, name, amount in zip(rows.tolist(), names, amounts, strict=True):
        ax.text(-0.012 * most, row, name, ha="right", va="center", fontsize=10.5, color=INK)
        told = ax.annotate(
            percent(amount / whole) if amount / whole >= 0.005 else "under 1 %", (amount, row), (6, 0),
            textcoords="offset points", va="center", fontsize=10.5, fontweight="bold", color=INK,
        )  # fmt: skip
        ax.annotate(
            measure.shown(amount), (1, 0.5), (7, 0), xycoords=told, textcoords="offset points", va="center",
            fontsize=9.5, color=GREY,
        )  # fmt: skip
    ax.set_xlim(*(most * end for end in ends_of(ax, before=0.1 + 0.088 * max(map(len, names)), after=1.25)))
    ax.set_ylim(len(amounts) - 0.5, -0.6)
