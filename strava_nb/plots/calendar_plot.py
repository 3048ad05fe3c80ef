"""The days of every year, and how full each was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, bare, entitle, new_axes, say
from .measures import Measure, Tally, Value, measure_of, tally
from .style import GREY, INK, as_text, house_style

Days = NDArray[np.datetime64]
Amounts = NDArray[np.float64]

SHADES = ("#b4dcdc", "#78bcc8", "#3a94ad", "#1a6591", "#142c66")
REST, OUTSIDE = "#eceef1", "#f8f9fa"

_WEEKS = 54
_MONDAY = 3  # days from a Monday to 1 January 1970
_BAND = 9.2  # rows from one year to the next: seven days, the months' names, air
_DAY = "datetime64[D]"
_ONE_DAY, _ONE_YEAR = np.timedelta64(1, "D"), np.timedelta64(1, "Y")


def calendar(
    table: pd.DataFrame, *, value: Value = "time", ax: Axes | None = None, units: Units = "metric"
) -> Axes:
    """Every day as a cell, darker the more was done: a band a year, newest first, weeks as columns.

    Days are local, weeks begin on Monday. Days without an activity between the first and the last of
    the table are grey, those before and after nearly white. A table that spans less than a year, but
    not one calendar year, is one band. `value` is "time" (moving time, h), "distance" (km or mi),
    "elevation" (climb, m or ft) or "count". Doubles are not counted, and a note says so; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other words.
    """
    measure = measure_of(value, units)
    counted = tally(table, measure)
    with house_style():
        if counted.sentence:
            ax = ax if ax is not None else new_axes(9, 2.4)
            say(ax, counted.sentence)
            notes = counted.notes
        else:
            bands = _bands(counted.days)
            ax = ax if ax is not None else new_axes(9, 1.0 + 1.32 * len(bands))
            bare(ax)
            notes = [*_draw(ax, bands, counted, measure), *counted.notes]
        entitle(ax, f"{measure.title} a day", demo=is_demo(table), pad=10 if counted.sentence else 28)
        annotate_below(ax, notes)
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


def _draw(ax: Axes, bands: list[_Band], counted: Tally, measure: Measure) -> list[str]:
    """Draw the bands and the key; return what is to be said under them."""
    active, where = np.unique(counted.days, return_inverse=True)
    amounts = np.bincount(where, counted.amounts).astype("float64")
    span = np.arange(active[0], active[-1] + _ONE_DAY)
    step = _step(amounts, measure)
    for row, band in enumerate(bands):
        top = row * _BAND
        here = np.isin(active, band.days)
        levels = _levels(amounts[here], step, measure)
        known = np.isin(band.days, span)
        rest = band.days[known & ~np.isin(band.days, active)]
        for gid, days, colours in (
            ("outside", band.days[~known], OUTSIDE),
            ("rest", rest, REST),
            ("active", active[here], np.array(SHADES)[levels]),
        ):
            cells = PolyCollection(_cells(band.columns(days), _weekdays(days) + top), facecolors=colours)
            cells.set_gid(gid)
            ax.add_collection(cells, autolim=False)
        _letter(ax, band, top, measure.shown(float(amounts[here].sum())))
    ax.set_xlim(-8.2, _WEEKS)
    ax.set_ylim(len(bands) * _BAND - 1.6, -1.9)
    ax.set_aspect("equal", anchor="NW")
    _key(ax, step, measure)
    return list(_sentences(counted, active, amounts, measure))


def _letter(ax: Axes, band: _Band, top: float, total: str) -> None:
    for weekday, name in ((0, "Mon"), (2, "Wed"), (4, "Fri")):
        ax.text(-0.4, top + weekday + 0.5, name, ha="right", va="center", fontsize=7, color=GREY)
    ax.text(-3.6, top + 2.5, band.label, ha="right", va="center", fontsize=11, fontweight="bold", color=INK)
    ax.text(-3.6, top + 4.2, total, ha="right", va="center", fontsize=8.5, color=GREY)
    firsts = band.days[band.days == band.days.astype("datetime64[M]").astype("datetime64[D]")]
    for column, first in zip(band.columns(firsts), firsts.tolist(), strict=True):
        ax.text(column, top - 0.5, f"{first:%b}", va="bottom", fontsize=8, color=GREY)


def _levels(amounts: Amounts, step: float, measure: Measure) -> NDArray[np.int64]:
    """Which shade each amount has: whole things are counted from one, the rest measured from zero."""
    steps = (amounts - 1) // step if measure.column is None else amounts // step
    return np.minimum(steps, len(SHADES) - 1).astype("int64")


def _key(ax: Axes, step: float, measure: Measure) -> None:
    bounds = [step * level for level in range(len(SHADES))]
    if measure.column is None:
        ranges = [f"{low + 1:g}" if step == 1 else f"{low + 1:g}–{low + step:g}" for low in bounds[:-1]]
        words = ["rest", *ranges, f"{bounds[-1] + 1:g} {measure.unit} or more"]
    else:
        ranges = [f"{low:,.10g}–{high:,.10g}" for low, high in pairwise(bounds[1:])]
        words = ["rest", f"under {step:,.10g}", *ranges, f"{bounds[-1]:,.10g} {measure.unit} or more"]
    colours = REST, *SHADES
    swatches = [Patch(color=colour, label=word) for colour, word in zip(colours, words, strict=True)]
    ax.legend(
        handles=swatches, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(swatches), borderaxespad=0,
        borderpad=0, fontsize=8.5, labelcolor=GREY,
    )  # fmt: skip


def _sentences(counted: Tally, active: Days, amounts: Amounts, measure: Measure) -> Iterator[str]:
    first, last, most = active[0], active[-1], active[amounts.argmax()]
    if first < last:
        yield f"{len(active):,} of {(last - first).astype(int) + 1:,} days active."
    there = counted.days == most
    name = as_text(str(counted.names[there][counted.amounts[there].argmax()]), most=40)
    of_it = f" ({name})" if name and measure.column else ""
    day = most.tolist()
    yield f"Most in a day: {measure.shown(float(amounts.max()))} on {day.day} {day:%B %Y}{of_it}."
    years = np.unique(active.astype("datetime64[Y]"))
    for before, after in pairwise(years):
        if before + _ONE_YEAR < after:
            ends = dict.fromkeys([str(before + _ONE_YEAR), str(after - _ONE_YEAR)])
            yield f"No activities in {'–'.join(ends)}."


def _step(amounts: Amounts, measure: Measure) -> float:
    """How much one shade is: a round number, so that about one active day in twenty is darkest."""
    if measure.column is None:
        return float(max(1, round(np.quantile(amounts, 0.95) / len(SHADES))))
    aim = float(np.quantile(amounts[amounts > 0], 0.95)) / len(SHADES)
    power = 10.0 ** np.floor(np.log10(aim))
    return float(power * min((1, 2, 2.5, 5, 10), key=lambda nice: abs(np.log(power * nice / aim))))


def _cells(columns: NDArray[Any], rows: NDArray[Any]) -> list[NDArray[np.float64]]:
    """A square with soft corners for each day."""
    return list(np.stack([columns, rows], axis=-1)[:, None, :] + _SQUARE)


def _soft_square(gap: float = 0.08, radius: float = 0.2, points: int = 5) -> NDArray[np.float64]:
    low, high = gap + radius, 1 - gap - radius
    centres = np.array([(high, high), (low, high), (low, low), (high, low)]).repeat(points, axis=0)
    turn = np.concatenate([np.linspace(quarter, quarter + 1, points) for quarter in range(4)]) * np.pi / 2
    outline: NDArray[np.float64] = centres + radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    return outline


_SQUARE = _soft_square()


def _weeks(days: Days) -> NDArray[np.int64]:
    return (days.astype("int64") + _MONDAY) // 7


def _weekdays(days: Days) -> NDArray[np.int64]:
    return (days.astype("int64") + _MONDAY) % 7
