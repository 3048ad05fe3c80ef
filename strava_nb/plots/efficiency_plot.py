"""What a heartbeat yielded, over the seasons."""

from __future__ import annotations

from typing import Any, Literal

import matplotlib.patheffects as outlines
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..errors import BadInput
from ..metrics.reading import needed, numbers
from ..tables.readable_table import FEET, Units, is_demo
from .canvas import annotate_below, dress, entitle, new_axes, say, ticks_for
from .chosen import said
from .measures import Amounts, known_units, moments, texts_of
from .month_ticks import month_ticks
from .seasons import key
from .smoothing import smooth
from .style import GREY, INK, SPORT_COLOURS, house_style

Kind = Literal["power", "speed"]

DRIFT = 5.0
"""Percent of decoupling above which Friel holds that the endurance for it was not there."""

DRIFTED = "#b3261e"
_GROUP = {"power": "Ride", "speed": "Run"}
_WORDS = {"power": "rides", "speed": "runs"}
_MANY = 1500
_NOTHING = "It takes runs with a heart rate, or rides with power too: there are none in this table."


def efficiency(
    table: pd.DataFrame,
    *,
    kind: Kind | None = None,
    days: float = 28,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """A point a ride (W a heartbeat) or a run (metres, or feet, a heartbeat), and the smooth line through.

    `table` is that of `metrics.efficiency`, or rows of it. `kind` is "power" (rides) or "speed" (runs),
    else what the table has most of. The line is a mean in which nearer days weigh more, by a bell of
    `days` days; it breaks where nothing was measured for longer. A ring marks what fell by more than 5 %
    from the first half to the second (decoupling); points of averages alone, small beside the others, do
    not know. An empty table gives a sentence. Raises BadTable for another table, BadInput for other words.
    """
    known_units(units)
    if kind not in ("power", "speed", None):
        raise BadInput(f"There is no efficiency by {kind!r}.", 'Use kind="power" or kind="speed".')
    if not days > 0:
        raise BadInput(f"A line over {days!r} days is none.", "Use such as days=28.")
    needs = ("start_date_local", "efficiency", "kind")
    table = needed(table, *needs, what="efficiency", verb="metrics.efficiency")
    kinds = texts_of(table, "kind", "")
    when = moments(table["start_date_local"])
    known = ~np.isnat(when) & (numbers(table, "efficiency") > 0)
    kind = kind or ("speed" if (kinds[known] == "speed").sum() > (kinds[known] == "power").sum() else "power")
    mine = known & (kinds == kind)
    others = int((known & ~mine).sum())
    unit = "W a heartbeat" if kind == "power" else f"{'metres' if units == 'metric' else 'feet'} a heartbeat"
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4.4)
        rows = 0
        notes = []
        if not mine.any():
            say(ax, _none_of(kind) if others else _NOTHING)
        else:
            dress(ax)
            per = FEET if kind == "speed" and units == "imperial" else 1.0
            place = when[mine].astype("int64") / 86_400e6
            rows = _draw(
                ax,
                place,
                numbers(table, "efficiency")[mine] / per,
                numbers(table, "decoupling")[mine],
                colour=SPORT_COLOURS[_GROUP[kind]],
                days=days,
            )
            ax.set_ylabel(unit, color=GREY)
            other = _WORDS["speed" if kind == "power" else "power"]
            notes = said(others, f"{other[:-1]} is", f"{other} are", "not drawn")
        title = f"Efficiency of {_WORDS[kind]}" if known.any() else "Efficiency"
        entitle(ax, title, demo=is_demo(table), above=rows)
        annotate_below(ax, notes)
    return ax


def _none_of(kind: str) -> str:
    return f"There is no efficiency of {_WORDS[kind]} in this table."


def _draw(ax: Axes, when: Amounts, values: Amounts, drift: Amounts, *, colour: str, days: float) -> int:
    size = 12 if len(when) > _MANY else 30
    sampled, far = np.isfinite(drift), drift > DRIFT
    full: dict[str, Any] = {"c": colour, "edgecolors": "white", "linewidths": 0.5}
    beside = {"alpha": 0.4, "s": 10} if sampled.any() else {"alpha": 0.55, "s": size}
    ring: dict[str, Any] = {"facecolors": "none", "edgecolors": DRIFTED, "linewidths": 1.4}
    looks: tuple[tuple[str, str, NDArray[np.bool_], dict[str, Any]], ...] = (
        ("summary", "averages alone", ~sampled, full | beside),
        ("steady", "lasted", sampled & ~far, full | {"alpha": 0.55, "s": size}),
        ("drifted", f"fell by more than {DRIFT:.0f} %", far, ring | {"s": size}),
    )
    handles: list[Any] = [
        ax.scatter(when[which], values[which], label=f"{words} {which.sum():,}", gid=gid, **look)
        for gid, words, which, look in looks
        if which.any()
    ]
    if len(when) >= 5 and np.ptp(when) >= 2 * days:
        where, mean = smooth(when, values, days)
        (line,) = ax.plot(
            where, mean, color=INK, linewidth=2.4, zorder=5, gid="smooth", label=f"mean over {days:g} days"
        )
        line.set_path_effects([outlines.withStroke(linewidth=4.6, foreground="white")])
        handles.append(line)
    dates_along(ax, when)
    spare = float(np.ptp(values)) * 0.08 or float(values[0]) * 0.1
    ax.set_ylim(float(values.min()) - spare, float(values.max()) + spare)
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    return key(ax, handles)


def dates_along(ax: Axes, when: Amounts) -> None:
    """Months and years along an axis of days that holds all of these, and some air."""
    low, high = float(when.min()), float(when.max())
    spare = max((high - low) * 0.03, (120 - (high - low)) / 2, 4.0)
    ax.xaxis_date()
    ax.set_xlim(low - spare, high + spare)
    ax.set_xticks(*month_ticks(low - spare, high + spare, ticks_for(ax, 16, apart=0.5)))
