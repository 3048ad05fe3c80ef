"""The days of every year, and how full each was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, bare, entitle, new_axes, say, width_of
from .cells import NOTHING, SHADES, Scale, draw_cells, draw_key, scale_of
from .measures import Measure, Tally, any_measure, tally
from .style import GREY, INK, as_text, house_style

Days = NDArray[np.datetime64]
Amounts = NDArray[np.float64]

OUTSIDE, UNKNOWN = "#f8f9fa", "#c9cdd3"

_WEEKS = 54
_ROOMY = 6.0
"""Inches of width from which weekdays and the names of months have room."""

_MONDAY = 3  # days from a Monday to 1 January 1970
_BAND = 9.2  # rows from one year to the next: seven days, the months' names, air
_DAY = "datetime64[D]"
_ONE_DAY, _ONE_YEAR = np.timedelta64(1, "D"), np.timedelta64(1, "Y")
_OF_A_DAY = {"sum": "", "mean": "mean of a day", "max": "highest of a day", "min": "lowest of a day"}


def calendar(
    table: pd.DataFrame,
    *,
    value: str = "time",
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Every day as a cell, darker the more was done: a band a year, newest first, weeks as columns.

    Days are local, weeks begin on Monday. Days without an activity between the first and the last of
    the table are pale grey, those before and after nearly white. A table that spans less than a year,
    but not one calendar year, is one band. `value` is "time" (moving time, h), "distance" (km or mi),
    "elevation" (climb, m or ft), "count", or any column of numbers: what adds up is summed over a day,
    of a highest (lowest) value it is the highest, of all else the mean, and a note says so; days whose
    activities have no value are darker grey.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other words.
    """
    measure = any_measure(table, value, units)
    counted = tally(table, measure, commute=commute, indoor=indoor, private=private)
    title = f"{measure.title} a day" if measure.how == "sum" else f"{measure.title}, {_OF_A_DAY[measure.how]}"
    own, above = ax is None, 0
    with house_style():
        if counted.sentence:
            ax = ax if ax is not None else new_axes(9, 2.4)
            say(ax, counted.sentence)
            notes = counted.notes
        else:
            bands = _bands(counted.days)
            ax = ax if ax is not None else new_axes(9, 1.0 + 1.32 * len(bands))
            bare(ax)
            above, notes = _draw(ax, bands, counted, measure)
            notes += counted.notes
        entitle(ax, title, demo=is_demo(table), above=above)
        annotate_below(ax, notes, grow=own and not counted.sentence)
    return ax


@dataclass(frozen=True, slots=True)
class _Band:
    """A row of the calendar: its days without a gap, and what they are called."""

    label: str
    days: Days

    def columns(self, days: Days) -> NDArray[np.int64]:
        """Which week of the band each of the days is in."""
        week: NDArray[np.int64] = _weeks(days) - _weeks(self.days[:1])
        return week


def _bands(days: Days) -> list[_Band]:
    first, last = days.min(), days.max()
    years = np.unique(days.astype("datetime64[Y]"))
    if len(years) == 2 and last - first < np.timedelta64(365, "D"):
        label = f"{years[0]}–{str(years[1])[-2:]}"
        return [_Band(label, np.arange(last - 364 * _ONE_DAY, last + _ONE_DAY))]
    return [
        _Band(str(year), np.arange(year.astype(_DAY), (year + _ONE_YEAR).astype(_DAY)))
        for year in years[::-1]
    ]


def _draw(ax: Axes, bands: list[_Band], counted: Tally, measure: Measure) -> tuple[int, list[str]]:
    """Draw the bands and the key; return the number of its rows, and what is to be said under them."""
    active, amounts = _by_day(counted, measure.how)
    span = np.arange(active[0], active[-1] + _ONE_DAY)
    known = np.isfinite(amounts)
    scale = scale_of(amounts[known], measure)
    for row, band in enumerate(bands):
        top = row * _BAND
        here = np.isin(active, band.days)
        inside = np.isin(band.days, span)
        for gid, days, colours in (
            ("outside", band.days[~inside], OUTSIDE),
            ("rest", band.days[inside & ~np.isin(band.days, active)], NOTHING),
            ("unknown", active[here & ~known], UNKNOWN),
            ("active", active[here & known], scale.shades(amounts[here & known])),
        ):
            if len(days):
                draw_cells(ax, gid, band.columns(days), _weekdays(days) + top, colours)
        _letter(ax, band, top, _told(amounts[here & known], measure))
    ax.set_xlim(-8.2, _WEEKS)
    ax.set_ylim(len(bands) * _BAND - 1.6, -1.9 if width_of(ax) > _ROOMY else -2.6)
    ax.set_aspect("equal", anchor="NW")
    return _key(ax, scale, with_unknown=not known.all()), list(_sentences(counted, active, amounts, measure))


def _by_day(counted: Tally, how: str) -> tuple[Days, Amounts]:
    """The days with an activity, and the figure of each: NaN where none has a value."""
    days, where = np.unique(counted.days, return_inverse=True)
    known = np.isfinite(counted.amounts)
    where, amounts = where[known], counted.amounts[known]
    if how in ("max", "min"):
        worst = -np.inf if how == "max" else np.inf
        figures = np.full(len(days), worst)
        (np.maximum if how == "max" else np.minimum).at(figures, where, amounts)
        return days, np.where(np.isfinite(figures), figures, np.nan)
    sums = np.bincount(where, amounts, len(days)).astype("float64")
    if how == "sum":
        return days, sums
    numbers = np.bincount(where, minlength=len(days))
    return days, np.divide(sums, numbers, out=np.full(len(days), np.nan), where=numbers > 0)


def _told(amounts: Amounts, measure: Measure) -> str:
    """A band's figure: what adds up as its sum, a highest or lowest as that, all else as the mean."""
    if not len(amounts):
        return ""
    if measure.how == "mean":
        return f"mean {measure.shown(float(amounts.mean()))}"
    figures = {"sum": amounts.sum(), "max": amounts.max(), "min": amounts.min()}
    return measure.shown(float(figures[measure.how]))


def _letter(ax: Axes, band: _Band, top: float, total: str) -> None:
    roomy = width_of(ax) > _ROOMY
    for weekday, name in ((0, "Mon"), (2, "Wed"), (4, "Fri")) if roomy else ():
        ax.text(-0.4, top + weekday + 0.5, name, ha="right", va="center", fontsize=7, color=GREY)
    left, size = (-3.6, 11) if roomy else (-1, 9)
    look: dict[str, Any] = {"ha": "right", "va": "center"}
    ax.text(left, top + 2.5, band.label, fontsize=size, fontweight="bold", color=INK, **look)
    ax.text(left, top + (4.2 if roomy else 5.2), total, fontsize=size - 2.5, color=GREY, **look)
    firsts = band.days[band.days == band.days.astype("datetime64[M]").astype("datetime64[D]")]
    for column, first in zip(band.columns(firsts), firsts.tolist(), strict=True):
        name = f"{first:%b}"
        ax.text(column, top - 0.5, name if roomy else name[0], va="bottom", fontsize=8, color=GREY)


def _key(ax: Axes, scale: Scale, *, with_unknown: bool) -> int:
    colours, words = [NOTHING, *SHADES], ["rest", *scale.words]
    if with_unknown:
        colours, words = [NOTHING, UNKNOWN, *SHADES], ["rest", "not known", *scale.words]
    return draw_key(ax, colours, words)


def _sentences(counted: Tally, active: Days, amounts: Amounts, measure: Measure) -> Iterator[str]:
    lowest = measure.how == "min"
    extreme = int(np.nanargmin(amounts) if lowest else np.nanargmax(amounts))
    first, last, most = active[0], active[-1], active[extreme]
    if first < last:
        yield f"{len(active):,} of {(last - first).astype(int) + 1:,} days active."
    there = counted.days == most
    which = np.nanargmin(counted.amounts[there]) if lowest else np.nanargmax(counted.amounts[there])
    name = as_text(str(counted.names[there][which]), most=40)
    of_it = f" ({name})" if name and measure.column else ""
    day = most.tolist()
    words = "Most in a day" if measure.how == "sum" else "Lowest" if lowest else "Highest"
    yield f"{words}: {measure.shown(float(amounts[extreme]))} on {day.day} {day:%B %Y}{of_it}."
    years = np.unique(active.astype("datetime64[Y]"))
    for before, after in pairwise(years):
        if before + _ONE_YEAR < after:
            ends = dict.fromkeys([str(before + _ONE_YEAR), str(after - _ONE_YEAR)])
            yield f"No activities in {'–'.join(ends)}."


def _weeks(days: Days) -> NDArray[np.int64]:
    return (days.astype("int64") + _MONDAY) // 7


def _weekdays(days: Days) -> NDArray[np.int64]:
    return (days.astype("int64") + _MONDAY) % 7
