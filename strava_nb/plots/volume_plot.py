"""How much, week by week, month by month or year by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
from .canvas import annotate_below, dress, entitle, key_above, new_axes, say, ticks_for
from .goals import ONE_YEAR, Goal, goal_of
from .measures import Measure, Tally, Value, measure_of, tally
from .month_ticks import month_ticks
from .style import GREY, INK, SPORT_COLOURS, house_style

Days = NDArray[np.datetime64]
Amounts = NDArray[np.float64]
By = Literal["week", "month", "year"]

_MEAN_OF = {"week": 4, "month": 3, "year": 0}
_MEAN_OF_MANY = 12
_MANY = 60
_MOST_BARS = 160
_WITH_UNIT = 8  # years whose totals have room for it
_LEAST_DAYS = {"week": 112, "month": 180, "year": 1096}
_MONDAY = 3  # days from a Monday to 1 January 1970
_CODES = {"month": "datetime64[M]", "year": "datetime64[Y]"}


def volume(
    table: pd.DataFrame,
    *,
    by: By = "week",
    value: Value = "distance",
    goal: float | None = None,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    today: date | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Bars of how much was done each week (month, year), stacked by sport group, with their rolling mean.

    Weeks are ISO weeks: they begin on Monday, and an activity belongs to its local day. Weeks without
    activities count in the mean, which is that of the four weeks (three months) that end there, or of
    twelve where the bars are many. `value` is "distance" (km or mi), "time" (moving time, h), "elevation"
    (climb, m or ft) or "count". `goal` is for the newest activity's whole year, in the same unit: a line
    shows what it is a week (month, year), a note what is still needed a week from `today` on (the
    computer's unless given).

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other words.
    """
    if by not in _LEAST_DAYS:
        raise BadInput(f"There is no volume by {by!r}.", 'Use by="week", by="month" or by="year".')
    if goal is not None and not goal > 0:
        raise BadInput("A goal is more than nothing.", "Use an amount for the whole year, such as goal=5000.")
    measure = measure_of(value, units)
    counted = tally(table, measure, commute=commute, indoor=indoor, private=private)
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4)
        notes = counted.notes
        if counted.sentence:
            entitle(ax, _title(measure, by), demo=is_demo(table))
            say(ax, counted.sentence)
        else:
            periods = _periods(counted, by)
            dress(ax)
            ax.xaxis_date()
            rows = _draw(ax, periods, by)
            _scale(ax, periods, measure, by)
            if goal is not None:
                aim = goal_of(counted, goal, today)
                _aim(ax, aim, measure, by)
                notes = [aim.sentence(measure), *notes]
            entitle(ax, _title(measure, by), demo=is_demo(table), above=rows)
        annotate_below(ax, notes)
    return ax


def _title(measure: Measure, by: str) -> str:
    return f"{measure.title} a {by}, by sport"


def _aim(ax: Axes, goal: Goal, measure: Measure, by: str) -> None:
    """Draw the goal's share of a bar over its year, as far as that is in the picture."""
    share = goal.each(by)
    low, high = (
        float(edge.astype("datetime64[D]").astype(int)) for edge in (goal.year, goal.year + ONE_YEAR)
    )
    left, right = ax.get_xlim()
    low, high = max(low, left), min(high, right)
    (line,) = ax.plot([low, high], [share, share], color=INK, linestyle=(0, (4, 3)), linewidth=1.4)
    line.set_gid("goal")
    words = ax.annotate(
        f"goal\n{measure.shown(share)}", (high, share), (5, 0), textcoords="offset points", va="center",
        fontsize=8.5, fontweight="bold", color=INK,
    )  # fmt: skip
    words.set_path_effects([outlines.withStroke(linewidth=3, foreground="white")])
    ax.set_ylim(0, max(ax.get_ylim()[1], share * 1.12))


@dataclass(frozen=True, slots=True)
class _Periods:
    """Weeks, months or years without a gap: their edges (one more than there are), totals a group."""

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
        numbers = counted.days.astype(_CODES[by]).astype("int64")
    first, last = numbers.min(), numbers.max()
    edges = np.arange(first, last + 2)
    days = (edges * 7 - _MONDAY).astype("datetime64[D]") if by == "week" else edges.astype(_CODES[by])
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
    window = _MEAN_OF_MANY if _MEAN_OF[by] and len(stacked) > _MANY else _MEAN_OF[by]
    if window and len(stacked) >= 2 * window:
        mean = np.convolve(stacked, np.full(window, 1 / window), mode="valid")
        handles += ax.plot(periods.middles[window - 1 :], mean, color=INK, label=f"{window}-{by} mean")
        handles[-1].set_path_effects([outlines.withStroke(linewidth=3.6, foreground="white")])
    return key_above(ax, handles)


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
    totals = np.sum(list(periods.totals.values()), axis=0)
    spare = max(0.0, (_LEAST_DAYS[by] - (last - first)) / 2)
    ax.set_xlim(first - spare - 3, last + spare + 3)
    if by == "year":
        _name_years(ax, periods, totals, measure)
    else:
        ticks, labels = month_ticks(first - spare, last + spare, ticks_for(ax, 16, apart=0.5))
        ax.set_xticks([tick + 15 * (by == "month") for tick in ticks], labels)
    ax.set_ylim(0, totals.max() * (1.12 if by == "year" else 1.05))
    ax.set_ylabel(measure.unit, color=GREY)
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], integer=measure.column is None))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:,.10g}"))


def _name_years(ax: Axes, periods: _Periods, totals: Amounts, measure: Measure) -> None:
    step = -(-len(totals) // 16)
    middles, years = periods.middles[::step], periods.edges[:-1].astype("datetime64[Y]")[::step]
    ax.set_xticks(middles, [str(year) for year in years])
    few = len(middles) <= _WITH_UNIT
    for middle, total in zip(middles, totals[::step], strict=True):
        ax.annotate(
            measure.shown(float(total)) if few else f"{total:,.0f}", (middle, total), (0, 4),
            textcoords="offset points", ha="center", color=INK, fontsize=10 if few else 7.5,
        )  # fmt: skip


def _numbers(days: Days) -> Amounts:
    """Days as matplotlib counts them."""
    return days.astype("float64")
