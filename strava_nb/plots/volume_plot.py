"""How much, week by week or month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import matplotlib.patheffects as outlines
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ..errors import BadInput
from ..tables.readable_table import Units, is_demo
from ..tables.sports import GROUPS
from .canvas import annotate_below, dress, entitle, new_axes, say, width_of
from .measures import Measure, Tally, Value, measure_of, tally
from .style import GREY, INK, SPORT_COLOURS, house_style

Days = NDArray[np.datetime64]
Amounts = NDArray[np.float64]

_MEAN_OF = {"week": 4, "month": 3}
_MEAN_OF_MANY = 12
_MANY = 60
_MOST_BARS = 160
_LEAST_SHOWN = {"week": 16, "month": 6}
_MONDAY = 3  # days from a Monday to 1 January 1970


def volume(
    table: pd.DataFrame,
    *,
    by: Literal["week", "month"] = "week",
    value: Value = "distance",
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Bars of how much was done each week (or month), stacked by sport group, with their rolling mean.

    Weeks are ISO weeks: they begin on Monday, and an activity belongs to its local day. Weeks without
    activities count in the mean, which is that of the four weeks (three months) that end there, or of
    twelve where the bars are many. `value` is "distance" (km or mi), "time" (moving time, h), "elevation"
    (climb, m or ft) or "count". Doubles are not counted, and a note says so; an empty table gives a
    sentence. Raises BadTable for a table that is not one of activities, BadInput for other words.
    """
    if by not in _MEAN_OF:
        raise BadInput(f"There is no volume by {by!r}.", 'Use by="week" or by="month".')
    measure = measure_of(value, units)
    counted = tally(table, measure)
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4)
        if counted.sentence:
            entitle(ax, _title(measure, by), demo=is_demo(table))
            say(ax, counted.sentence)
        else:
            periods = _periods(counted, by)
            dress(ax)
            ax.xaxis_date()
            rows = _draw(ax, periods, by)
            _scale(ax, periods, measure, by)
            entitle(ax, _title(measure, by), demo=is_demo(table), pad=14 + 17 * rows)
        annotate_below(ax, counted.notes)
    return ax


def _title(measure: Measure, by: str) -> str:
    return f"{measure.title} a {by}, by sport"


@dataclass(frozen=True, slots=True)
class _Periods:
    """Weeks or months without a gap: their edges (one more than there are), totals a group."""

    edges: Days
    totals: dict[str, Amounts]

    @property
    def lengths(self) -> Amounts:
        return np.diff(_numbers(self.edges))

    @property
    def middles(self) -> Amounts:
        return _numbers(self.edges)[:-1] + self.lengths / 2


def _periods(counted: Tally, by: str) -> _Periods:
    if by == "week":
        numbers = (counted.days.astype("int64") + _MONDAY) // 7
    else:
        numbers = counted.days.astype("datetime64[M]").astype("int64")
    first, last = numbers.min(), numbers.max()
    edges = np.arange(first, last + 2)
    days = (edges * 7 - _MONDAY).astype("datetime64[D]") if by == "week" else edges.astype("datetime64[M]")
    totals: dict[str, Amounts] = {}
    for group in GROUPS:
        mine = counted.groups == group
        amounts = counted.amounts[mine]
        if amounts.any():
            totals[group] = np.bincount(numbers[mine] - first, amounts, len(edges) - 1).astype("float64")
    return _Periods(days.astype("datetime64[D]"), totals)


def _draw(ax: Axes, periods: _Periods, by: str) -> int:
    """Draw the bars, the mean and the legend; return the number of rows of the legend."""
    handles: list[Any] = []
    stacked = np.zeros(len(periods.middles))
    for group, amounts in periods.totals.items():
        draw = _bars if len(amounts) <= _MOST_BARS else _steps
        handles.append(draw(ax, periods, amounts, stacked, color=SPORT_COLOURS[group], label=group))
        stacked = stacked + amounts
    window = _MEAN_OF[by] if len(stacked) <= _MANY else _MEAN_OF_MANY
    if len(stacked) >= 2 * window:
        mean = np.convolve(stacked, np.full(window, 1 / window), mode="valid")
        handles += ax.plot(periods.middles[window - 1 :], mean, color=INK, label=f"{window}-{by} mean")
        handles[-1].set_path_effects([outlines.withStroke(linewidth=3.6, foreground="white")])
    columns = min(len(handles), max(1, int(width_of(ax) / 0.84)))
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.3,
        borderpad=0,
    )  # fmt: skip
    return -(-len(handles) // columns)


def _bars(ax: Axes, periods: _Periods, amounts: Amounts, stacked: Amounts, **look: Any) -> Any:
    there = amounts > 0
    where, widths = periods.middles[there], periods.lengths[there] * 0.86
    return ax.bar(where, amounts[there], widths, stacked[there], edgecolor="white", linewidth=0.4, **look)


def _steps(ax: Axes, periods: _Periods, amounts: Amounts, stacked: Amounts, **look: Any) -> Any:
    """Bars that touch, as one shape: thousands of rectangles would take seconds."""
    edges = _numbers(periods.edges)
    return ax.stairs(stacked + amounts, edges, baseline=stacked, fill=True, linewidth=0, **look)


def _scale(ax: Axes, periods: _Periods, measure: Measure, by: str) -> None:
    first, last = _numbers(periods.edges)[[0, -1]]
    least = _LEAST_SHOWN[by] * (7 if by == "week" else 30)
    spare = max(0.0, (least - (last - first)) / 2)
    ax.set_xlim(first - spare - 3, last + spare + 3)
    ticks, labels = _month_ticks(first - spare, last + spare)
    ax.set_xticks([tick + 15 * (by == "month") for tick in ticks], labels)
    ax.set_ylim(0, np.sum(list(periods.totals.values()), axis=0).max() * 1.05)
    ax.set_ylabel(measure.unit, color=GREY)
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], integer=measure.column is None))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:,.10g}"))


def _numbers(days: Days) -> Amounts:
    """Days as matplotlib counts them."""
    return days.astype("float64")


def _month_ticks(first: float, last: float) -> tuple[list[float], list[str]]:
    """First days of months (of years where there are many), the year under the first and each January."""
    start, end = (np.datetime64(int(day), "D").astype("datetime64[M]") for day in (first, last - 1))
    months = np.arange(start, end + np.timedelta64(1, "M"))
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if len(months) / step <= 16), 240)
    months = months[months.astype("int64") % step == 0]
    days = months.astype("datetime64[D]").astype("int64")
    labels: list[str] = []
    year = 0
    for month in months[days >= first].tolist():
        text = "" if step >= 12 else f"{month:%b}"
        labels.append(text if month.year == year else f"{text}\n{month.year}".strip())
        year = month.year
    return [float(day) for day in days[days >= first]], labels
