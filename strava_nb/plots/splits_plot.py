"""How even it was: kilometre by kilometre, or mile by mile."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..metrics.reading import Floats
from ..tables.readable_table import FEET, Units
from .canvas import annotate_below, entitle, key_above, new_axes, say, ticks_for
from .signals import Length, Signal, signals
from .stretches import Stretches, chosen, speed_axis, stretches_of
from .style import INK, SPORT_COLOURS, house_style

_MOST_WORDS = 26
"""Bars that still have room for their pace."""

_WIDE_ENOUGH = 0.5
"""Share of the widest bar that holds its words."""


def splits(
    table: pd.DataFrame,
    *,
    activity: int | None = None,
    activities: pd.DataFrame | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Bars of the pace of each split, as wide as the split is long, with the grade-adjusted pace as a mark.

    Higher is faster; a bar whose mark is above it was harder than it looks. At its foot stand its pace
    and by how much (in m or ft) it ended higher than it began. Rides are read as speed. `table` is what
    get_splits gave; of several activities the first is drawn, with a note, unless `activity` names one.
    `activities`, the table that the splits belong to, gives title and sport.

    Without splits there is a sentence. Raises BadTable for another table, BadInput for other units and
    for an activity that is not in it.
    """
    signals(units)
    found, signal = stretches_of(table, "split", activities, units, what="splits", verb="get_splits")
    one = chosen(found, activity, "splits") if activity is not None else found[0] if found else None
    there = one is not None and bool((np.isfinite(one.speed) & (one.speed > 0)).any())
    notes: list[str] = []
    with house_style():
        ax = ax if ax is not None else new_axes(10, 4)
        if one is None or not there:
            say(ax, "There are no splits in this table." if one is None else "These splits have no speed.")
        else:
            if activity is None and len(found) > 1:
                notes.append(f"The first of {len(found):,} activities; activity= chooses another.")
            notes = [*_draw(ax, one, signal, Length(units)), *notes]
        entitle(
            ax,
            one.heading("Splits") if one else "Splits",
            demo=bool(one and one.demo),
            above=int(there),
        )
        annotate_below(ax, notes)
    return ax


def _draw(ax: Axes, one: Stretches, signal: Signal, length: Length) -> list[str]:
    known = np.isfinite(one.speed) & (one.speed > 0)
    usual = float(np.nanmedian(one.metres)) if np.isfinite(one.metres).any() else length.metres
    widths = np.where(one.metres > 0, one.metres, usual) / length.metres
    ends = np.cumsum(widths)
    starts = ends - widths
    speed = np.where(known, one.speed, np.nan)
    telling = one.telling
    both = np.concatenate([speed[telling], one.level[telling & (one.level > 0)]])
    foot = speed_axis(ax, signal, float(np.nanmin(both)), float(np.nanmax(both)))
    colour = SPORT_COLOURS["Run" if signal.pace_over else "Ride"]
    bars = ax.bar(
        starts[known], speed[known] - foot, widths[known], foot, align="edge", color=colour, alpha=0.85,
        edgecolor="white", linewidth=1.2, label=signal.title,
    )  # fmt: skip
    handles: list[Any] = [bars]
    level = known & np.isfinite(one.level) & (one.level > 0)
    if level.any():
        inset = widths[level] * 0.08
        marks = ax.hlines(
            one.level[level], starts[level] + inset, ends[level] - inset, color=INK, linewidth=2.2,
            label="Grade-adjusted pace", gid="level",
        )  # fmt: skip
        handles.append(marks)
    if len(speed) <= _MOST_WORDS:
        _write(ax, one, signal, length=length, middles=starts + widths / 2, widths=widths, foot=foot)
    ax.set_xlim(0, ends[-1])
    ax.xaxis.set_major_locator(MaxNLocator(ticks_for(ax, 12), integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g} {length.unit}"))
    key_above(ax, handles)
    return _sentences(one, speed, signal)


def _write(
    ax: Axes, one: Stretches, signal: Signal, *, length: Length, middles: Floats, widths: Floats, foot: float
) -> None:
    """Pace and climb at the foot of each bar, where no mark crosses them."""
    size = 8.5 if len(middles) <= 16 else 7.5
    ink = INK if signal.pace_over else "white"
    for middle, width, speed, climb in zip(middles, widths, one.speed, one.climb, strict=True):
        if not speed > 0 or width < _WIDE_ENOUGH * widths.max():
            continue
        high = climb if length.units == "metric" else climb / FEET
        texts = [(signal.written(speed), 16, "bold", "pace")]
        if np.isfinite(high):
            texts.append((f"{high:+,.0f}" if abs(high) >= 0.5 else "±0", 5, "normal", "climb"))
        for text, above, weight, gid in texts:
            ax.annotate(
                text, (middle, foot), (0, above), textcoords="offset points", ha="center", fontsize=size,
                fontweight=weight, color=ink, gid=gid,
            )  # fmt: skip


def _sentences(one: Stretches, speed: Floats, signal: Signal) -> list[str]:
    whole = np.isfinite(speed) & (one.metres > 0.9 * np.nanmedian(one.metres))
    if whole.sum() < 2:
        return []
    fastest = int(np.nanargmax(np.where(whole, speed, np.nan)))
    slowest = int(np.nanargmin(np.where(whole, speed, np.nan)))
    return [
        f"Fastest: {signal.written(speed[fastest])} ({one.index[fastest]:.0f}). "
        f"Slowest: {signal.written(speed[slowest])} ({one.index[slowest]:.0f})."
    ]
