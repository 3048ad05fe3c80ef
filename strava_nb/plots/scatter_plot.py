"""Two columns against each other, a point an activity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ..tables.readable_table import METRES, Units, is_demo, pace
from ..tables.sports import GROUPS
from .canvas import annotate_below, dress, entitle, key_above, new_axes, say, ticks_for
from .chosen import chosen, said
from .measures import column_measure, groups_of, moments
from .month_ticks import month_ticks
from .style import SPORT_COLOURS, as_text, house_style

Amounts = NDArray[np.float64]

_ON_FOOT = {"Run", "Walk"}
_MANY = 1500
_DAYS = 150  # the fewest along an axis


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as an axis: its words, its values, how a tick is written, which way it goes."""

    title: str
    values: Amounts
    written: Callable[[float], str]
    dates: bool = False
    downwards: bool = False


def scatter(
    table: pd.DataFrame,
    x: str = "distance",
    y: str = "average_speed",
    *,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """A point an activity, at the values of two of its columns, in the colour of its sport group.

    `x` and `y` are names of columns of numbers; "start_date_local" is time along the axis. Where all
    are runs and walks (or all swims) speeds are paces, the fastest at the top (right). Activities that
    lack a value are left out.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    names of no column.
    """
    these = chosen(table, "sport_group", commute=commute, indoor=indoor, private=private)
    groups = groups_of(these.rows)
    across, up = (_column(these.rows, name, groups, units) for name in (x, y))
    known = np.isfinite(across.values) & np.isfinite(up.values)
    unknown = said(int((~known).sum()), "activity lacks", "activities lack", "one of the two")
    sentence = these.sentence
    if not sentence and not known.any():
        sentence = f"No activity in this table has both {as_text(x)} and {as_text(y)}."
    with house_style():
        ax = ax if ax is not None else new_axes(9, 5)
        against = "over time" if across.dates else f"against {across.title[0].lower()}{across.title[1:]}"
        rows = 0
        if sentence:
            say(ax, sentence)
        else:
            dress(ax)
            ax.grid(visible=True, axis="x", color=ax.yaxis.get_gridlines()[0].get_color(), linewidth=0.8)
            rows = _draw(ax, across.values[known], up.values[known], groups[known])
            _scale(ax.xaxis, across, across.values[known])
            _scale(ax.yaxis, up, up.values[known])
        entitle(ax, f"{up.title} {against}", demo=is_demo(table), above=rows)
        annotate_below(ax, [*these.notes, *unknown])
    return ax


def _column(rows: pd.DataFrame, name: str, groups: NDArray[Any], units: Units) -> _Column:
    if name in rows and name.startswith("start_date"):
        when = moments(rows[name])
        days = when.astype("datetime64[us]").astype("int64") / 86_400e6
        return _Column("Date", np.where(np.isnat(when), np.nan, days), str, dates=True)
    measure = column_measure(rows, name, units)
    values = measure.of(rows)
    if name == "distance" or name.endswith("speed"):  # a session of yoga goes nowhere, which is no speed
        values = np.where(values > 0, values, np.nan)
    present = set(groups)
    if measure.unit in ("km/h", "mph") and present and (present <= _ON_FOOT or present == {"Swim"}):
        swim, metric = present == {"Swim"}, units == "metric"
        unit = ("/100 m" if metric else "/100 yd") if swim else ("/km" if metric else "/mi")
        metres = (100.0 if metric else 91.44) if swim else METRES[units]
        speed = values * measure.per_unit
        title = measure.title.replace("speed", "pace")
        return _Column(title, metres / speed / 60, lambda value: f"{pace(value * 60)} {unit}", downwards=True)
    return _Column(measure.title, values, lambda value: f"{value:,.10g} {measure.unit}".rstrip())


def _draw(ax: Axes, across: Amounts, up: Amounts, groups: NDArray[Any]) -> int:
    """Draw the points, of the group with the most first; return the number of rows of the legend."""
    size, alpha = (30, 0.75) if len(across) <= _MANY else (12, 0.5)
    numbers = {group: int((groups == group).sum()) for group in GROUPS}
    drawn = {}
    for group in sorted((group for group in GROUPS if numbers[group]), key=lambda group: -numbers[group]):
        mine = groups == group
        drawn[group] = ax.scatter(
            across[mine], up[mine], s=size, c=SPORT_COLOURS[group], alpha=alpha, edgecolors="white",
            linewidths=0.5, label=f"{group} {numbers[group]:,}",
        )  # fmt: skip
    handles = [drawn[group] for group in GROUPS if group in drawn]
    rows = key_above(ax, handles, handletextpad=0.3)
    key = ax.get_legend()
    for handle in key.legend_handles if key else []:
        if handle is not None:
            handle.set_alpha(1)
    return rows


def _scale(axis: Any, column: _Column, values: Amounts) -> None:
    low, high = float(values.min()), float(values.max())
    if column.dates:
        spare = max((high - low) * 0.04, (_DAYS - (high - low)) / 2)
        ticks, labels = month_ticks(low - spare, high + spare, ticks_for(axis.axes, 16, apart=0.5))
        axis.set_ticks(ticks, labels)
        axis.axes.set(**{f"{axis.axis_name}lim": (low - spare, high + spare)})
        return
    spare = (high - low) * 0.04 or abs(high) * 0.05 or 1.0
    low, high = max(low - spare, 0.0) if low >= 0 else low - spare, high + spare
    axis.axes.set(**{f"{axis.axis_name}lim": (high, low) if column.downwards else (low, high)})
    axis.set_major_locator(MaxNLocator(ticks_for(axis.axes, 7), steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: column.written(value)))
