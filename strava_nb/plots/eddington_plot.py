"""Eddington's number, and how far the next one is."""

from __future__ import annotations

import matplotlib.patheffects as outlines
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..metrics.active_days import Eddington
from ..metrics.active_days import eddington as number_of
from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, dress, entitle, new_axes, say, ticks_for
from .chosen import chosen
from .colours import colour_of
from .measures import measure_of, tally
from .style import GREY, INK, house_style

_HIGH = 2.5
"""How many times the number itself the picture is high."""


def eddington(
    table: pd.DataFrame,
    *,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """How many days were at least so far, and where that meets the distance: Eddington's number.

    It is the largest E with at least E days of at least E km (or mi); distance is summed a local day.
    Said are the next number and the days that are missing to it, and to some further ones. Which
    activities count is for the table: `eddington(rides)` is the cyclists' one.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other words.
    """
    filters = {"commute": commute, "indoor": indoor, "private": private}
    counted = tally(table, measure_of("distance", units), **filters)
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4.6)
        notes = counted.notes
        if counted.sentence:
            entitle(ax, "Eddington number", demo=is_demo(table))
            say(ax, counted.sentence)
        else:
            found = number_of(chosen(table, **filters).rows, units=units)
            dress(ax)
            _draw(ax, found, colour_of(counted.groups))
            entitle(ax, f"{counted.sport}: Eddington number {found.number}", demo=is_demo(table))
            notes = [_meaning(found), *notes]
        annotate_below(ax, notes)
    return ax


def _draw(ax: Axes, found: Eddington, colour: str) -> None:
    days = np.array(found.days_of[1:], "float64")
    top = max(_HIGH * found.number, 5.0)
    if not len(days):
        days = np.zeros(1)
    reached = np.arange(1, len(days) + 1) <= found.number
    for there, alpha, gid in ((reached, 1.0, "reached"), (~reached, 0.38, "ahead")):
        steps = ax.stairs(
            np.where(there, days, 0), np.arange(len(days) + 1) + 0.5, fill=True, color=colour, alpha=alpha
        )
        steps.set_gid(gid)
    end = max(len(days), found.number * 1.12) + 1.5
    equal = min(end, max(1.3 * found.number, 4.0))
    (line,) = ax.plot([0, equal], [0, equal], color=INK, linewidth=1.3, linestyle=(0, (4, 3)))
    line.set_path_effects([outlines.withStroke(linewidth=3, foreground="white")])
    ax.plot([found.number], [found.number], "o", color="white", markersize=11, markeredgecolor=INK, mew=2.5)
    words = ax.annotate(
        f"{found.number}", (found.number, found.number), (3, 20), textcoords="offset points",
        fontsize=22, fontweight="bold", color=INK,
    )  # fmt: skip
    words.set_path_effects([outlines.withStroke(linewidth=4, foreground="white")])
    ahead = ax.text(
        0.99, 0.97, "\n".join(_ahead(found)), transform=ax.transAxes, ha="right", va="top", color=INK,
        fontsize=10, linespacing=1.6,
    )  # fmt: skip
    ahead.set_path_effects([outlines.withStroke(linewidth=4, foreground="white")])
    ax.set_xlim(0, end)
    ax.set_ylim(0, top)
    ax.xaxis.set_major_locator(MaxNLocator(ticks_for(ax, 10), steps=[1, 2, 2.5, 5, 10], integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda far, _: f"{far:,.0f} {found.unit}"))
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], integer=True))
    ax.set_ylabel("days of at least that", color=GREY)


def _meaning(found: Eddington) -> str:
    if found.number < 1:
        return f"No day had a whole {found.unit} yet."
    days = "1 day" if found.number == 1 else f"{found.number:,} days"
    return f"{days} had at least {found.number:,} {found.unit}; the dashed line is where the two are equal."


def _ahead(found: Eddington) -> list[str]:
    """What the next number needs, and the two round ones after it."""
    step = 5 if found.number >= 20 else 2
    after = (found.next // step + 1) * step
    said = []
    for number in (found.next, after, after + step):
        missing = number - (found.days_of[number] if number < len(found.days_of) else 0)
        said.append(f"{number:,} needs {missing:,} more {'day' if missing == 1 else 'days'}")
    return said
