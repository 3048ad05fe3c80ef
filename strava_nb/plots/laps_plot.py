"""Lap by lap, and the same session's laps of several activities side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..errors import BadInput
from ..tables.readable_table import Units
from .canvas import annotate_below, entitle, key_above, new_axes, say, ticks_for
from .colours import ONE_OF_FEW
from .signals import Length, Signal, signals
from .stretches import Stretches, chosen, speed_axis, stretches_of
from .style import INK, house_style

_MOST_WORDS = 24
"""Bars that still have room for their pace."""

_APART = 0.84
"""Of the room of a lap, what the bars of all activities take together."""


def laps(
    table: pd.DataFrame,
    *,
    activity: int | None = None,
    activities: pd.DataFrame | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Bars of the pace of each lap: of one activity as wide as the lap took, of several side by side.

    Higher is faster; rides are read as speed. Several activities (up to seven; `activity` picks one)
    stand in order of their days where `activities` tells them, lap by lap: the same session last month
    and today. `table` is what get_laps gave; `activities`, the table that the laps belong to, gives
    titles and sport.

    Without laps there is a sentence. Raises BadTable for another table, BadInput for other units, more
    activities than can be told apart and an activity that is not in it.
    """
    signals(units)
    found, signal = stretches_of(table, "lap_index", activities, units, what="laps", verb="get_laps")
    if activity is not None:
        found = [chosen(found, activity, "laps")]
    if len(found) > len(ONE_OF_FEW):
        raise BadInput(
            f"The laps of {len(found):,} activities cannot be told apart.",
            f"Take up to {len(ONE_OF_FEW)}, or choose one with activity=….",
        )
    known = [one for one in found if (np.isfinite(one.speed) & (one.speed > 0)).any()]
    with house_style():
        ax = ax if ax is not None else new_axes(10, 4)
        notes, rows = list[str](), 0
        if not known:
            say(ax, "These laps have no speed." if found else "There are no laps in this table.")
        else:
            speeds = np.concatenate([one.speed[one.telling] for one in known])
            foot = speed_axis(ax, signal, float(np.nanmin(speeds)), float(np.nanmax(speeds)))
            if len(known) == 1:
                _draw_one(ax, known[0], signal, Length(units), foot)
            else:
                rows, notes = _draw_several(ax, _in_order(known), signal, foot)
        title = found[0].heading("Laps") if len(found) == 1 else "Laps side by side" if found else "Laps"
        entitle(ax, title, demo=any(one.demo for one in found), above=rows)
        annotate_below(ax, notes)
    return ax


def _draw_one(ax: Axes, one: Stretches, signal: Signal, length: Length, foot: float) -> None:
    there, telling = one.speed > 0, one.telling
    minutes = np.where(one.seconds > 0, one.seconds, np.nan) / 60
    widths = np.where(np.isfinite(minutes), minutes, np.nanmedian(minutes) if there.any() else 1.0)
    widths = np.where(np.isfinite(widths), widths, 1.0)
    starts = np.cumsum(widths) - widths
    ax.bar(
        starts[there], one.speed[there] - foot, widths[there], foot, align="edge", color=ONE_OF_FEW[0],
        alpha=0.85, edgecolor="white", linewidth=1.2, label=signal.title,
    )  # fmt: skip
    roomy = bool((widths[telling] > widths.sum() / 16).all())
    if telling.sum() <= _MOST_WORDS:
        for start, width, speed, metres in zip(
            starts[telling], widths[telling], one.speed[telling], one.metres[telling], strict=True
        ):
            far = f"\n{length.far(metres)}" if metres > 0 and roomy else ""
            ax.annotate(
                f"{signal.written(speed)}{far}", (start + width / 2, speed), (0, 4), fontsize=8.5,
                textcoords="offset points", ha="center", color=INK, linespacing=1.25, gid="pace",
            )  # fmt: skip
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top + (top - bottom) * 0.06)
    ax.set_xlim(0, float(widths.sum()))
    ax.xaxis.set_major_locator(MaxNLocator(ticks_for(ax, 8), steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g} min"))


def _draw_several(ax: Axes, found: list[Stretches], signal: Signal, foot: float) -> tuple[int, list[str]]:
    width = _APART / len(found)
    bars = sum(int((one.speed > 0).sum()) for one in found)
    for place, one in enumerate(found):
        there = one.speed > 0
        middles = one.index[there] + (place - (len(found) - 1) / 2) * width
        ax.bar(
            middles, one.speed[there] - foot, width * 0.94, foot, color=ONE_OF_FEW[place],
            label=one.heading(f"Activity {place + 1}"),
        )  # fmt: skip
        if bars <= _MOST_WORDS:
            for middle, speed in zip(middles, one.speed[there], strict=True):
                ax.annotate(
                    signal.written(speed), (middle, speed), (0, 3), textcoords="offset points", ha="center",
                    fontsize=7.5, color=INK, gid="pace",
                )  # fmt: skip
    last = max(float(one.index.max()) for one in found if len(one.index))
    ax.set_xlim(0.4, last + 0.6)
    ax.xaxis.set_major_locator(MaxNLocator(ticks_for(ax, 16, apart=0.55), integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"lap {value:.0f}"))
    rows = key_above(ax, ax.containers)
    counts = [int((one.speed > 0).sum()) for one in found]
    if len(set(counts)) == 1:
        return rows, []
    return rows, [f"They have {', '.join(map(str, counts[:-1]))} and {counts[-1]} laps."]


def _in_order(found: list[Stretches]) -> list[Stretches]:
    """By the day they began, where all of them tell it."""
    began = pd.Series([None if one.row is None else one.row.get("start_date_local") for one in found])
    if began.isna().any():
        return found
    return [found[place] for place in began.argsort(kind="stable")]
