"""A year on one page, to hang on a wall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ..errors import BadInput
from ..metrics.reading import numbers
from ..settings import DEMO_MARK
from ..tables.readable_table import METRES, Units, is_demo
from ..tables.sports import GROUPS
from .canvas import DEMO_BADGE, bare
from .cells import SHADES, draw_cells
from .chosen import chosen
from .courses import Courses, courses_of
from .measures import groups_of, known_units, moments
from .routes_grid_plot import columns_for, draw_routes, in_order
from .style import GREY, INK, SPORT_COLOURS, house_style
from .year_told import Told, records_of, totals_of

A3 = 11.693, 16.535
"""Inches."""

DPI = 300
PAPER, EMPTY, RULE = "#fbfaf6", "#eceae3", "#d9d6cd"

_LEFT, _WIDE = 0.075, 0.85
_MONDAY = 3  # days from a Monday to 1 January 1970
_ROUTES = 0.262, 0.425
"""Bottom and height of the routes' place on the page."""

_MOST_RECORDS = 9


class Poster(Figure):
    """A figure that is saved with 300 dots an inch unless another number is given."""

    def savefig(self, fname: Any, *, transparent: bool | None = None, **options: Any) -> None:
        """Save it, as PNG or PDF by the file's ending; see matplotlib's Figure.savefig."""
        super().savefig(fname, transparent=transparent, **({"dpi": DPI} | options))


def year_poster(
    table: pd.DataFrame,
    year: int | None = None,
    *,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    hide: bool = True,
    figure: Figure | None = None,
    units: Units = "metric",
) -> Figure:
    """A figure of A3 with a year on it: totals, every day, every route, the months and the records.

    `year_poster(table).savefig("year.pdf")`, or a PNG, which then has 300 dots an inch. `year` is the
    table's newest unless given; days are local. Routes are small shapes without their places, the
    year's first at the top left, each as large as its cell. With `hide`, 200 m around start and end
    are left out of them even so, since a PDF can be looked at closely and posters get photographed;
    `hide=False` draws all. Names of activities stand beside their records: read them before it hangs
    where others pass. It is drawn into `figure` where one is given.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; a year
    without activities gives a sentence. Raises BadTable for a table that is not one of activities,
    BadInput for other `units`, and for a year that is none.
    """
    known_units(units)
    if year is not None and (isinstance(year, bool) or not isinstance(year, int | np.integer)):
        raise BadInput(f"{year!r} is no year.", "Use such as year=2026.")
    needs = ("id", "start_date_local", "sport_group", "distance", "moving_time", "polyline")
    these = chosen(table, *needs, commute=commute, indoor=indoor, private=private)
    rows = in_order(these.rows)
    years = moments(rows["start_date_local"]).astype("datetime64[Y]")
    dated = years[~np.isnat(years)]
    newest = int(dated.max().astype("int64")) + 1970 if len(dated) else None
    shown = int(year) if year is not None else newest
    rows = rows[years == np.datetime64(f"{shown:04}", "Y")] if shown is not None else rows[:0]
    with house_style():
        if figure is None:
            figure = plt.figure(FigureClass=Poster, figsize=A3, dpi=72, layout="none")
        figure.set_facecolor(PAPER)
        _head(figure, "" if shown is None else str(shown), len(rows), demo=is_demo(rows))
        notes = list(these.notes)
        if len(rows):
            courses = courses_of(rows["polyline"], hide=hide)
            notes += courses.notes
            _totals(figure, totals_of(rows, units))
            _calendar(figure, rows, int(shown or 0))
            _routes(figure, rows, courses)
            _months(figure, rows, units)
            _records(figure, records_of(rows, units))
            _sports(figure, groups_of(rows))
        else:
            said = these.sentence or f"There are no activities in {shown}."
            said = said if shown is not None or these.sentence else "No activity in this table has a date."
            figure.text(0.5, 0.5, said, ha="center", fontsize=20, color=GREY)
        _foot(figure, notes)
    return figure


def _place(figure: Figure, bottom: float, height: float, left: float = _LEFT, wide: float = _WIDE) -> Axes:
    """A place on the page for something, in shares of the page."""
    ax: Axes = figure.add_axes((left, bottom, wide, height))
    bare(ax)
    ax.patch.set_visible(False)
    return ax


def _head(figure: Figure, year: str, count: int, *, demo: bool) -> None:
    figure.text(_LEFT - 0.006, 0.905, year, fontsize=104, fontweight="bold", color=INK, va="baseline")
    told = "1 activity" if count == 1 else f"{count:,} activities"
    figure.text(_LEFT + _WIDE, 0.905, told, fontsize=22, color=GREY, ha="right", va="baseline")
    if demo:
        badge = figure.text(
            _LEFT + _WIDE - 0.006, 0.951, DEMO_MARK, fontsize=15, fontweight="bold", color="#6b4700",
            ha="right", bbox=DEMO_BADGE,
        )  # fmt: skip
        badge.set_gid("demo")


def _totals(figure: Figure, told: Sequence[Told]) -> None:
    _rule(figure, 0.884)
    wide = [max(2.6 * len(one.figure), len(one.what)) + 5 for one in told]
    lefts = _LEFT + np.cumsum([0, *wide[:-1]]) / (sum(wide) - 5) * _WIDE
    for left, one in zip(lefts.tolist(), told, strict=True):
        figure.text(left, 0.842, one.figure, fontsize=33, fontweight="bold", color=INK, gid="total")
        figure.text(left, 0.826, one.what, fontsize=13, color=GREY)


def _rule(figure: Figure, y: float, left: float = _LEFT, wide: float = _WIDE) -> None:
    figure.add_artist(
        Line2D([left, left + wide], [y, y], color=RULE, linewidth=1.0, transform=figure.transFigure)
    )


def _calendar(figure: Figure, rows: pd.DataFrame, year: int) -> None:
    """Every day of the year, a column a week, darker the longer one was out."""
    first, end = np.datetime64(f"{year:04}-01-01"), np.datetime64(f"{year + 1:04}-01-01")
    days = np.arange(first, end)
    mine = (moments(rows["start_date_local"]).astype("datetime64[D]") - first).astype("int64")
    hours = np.bincount(mine, np.nan_to_num(numbers(rows, "moving_time")) / 3600, len(days))
    active = np.bincount(mine, minlength=len(days)) > 0
    weeks = (days.astype("int64") + _MONDAY) // 7
    columns, weekdays = weeks - weeks[0], (days.astype("int64") + _MONDAY) % 7
    ax = _place(figure, 0.704, 0.105)
    ax.set_xlim(0, int(columns[-1]) + 1)
    ax.set_ylim(7, -1.0)
    ax.set_aspect("equal", anchor="NW")
    parts = np.quantile(hours[active], (0.2, 0.4, 0.6, 0.8)) if active.any() else np.zeros(4)
    shades = np.array(SHADES)[np.searchsorted(parts, hours, side="left")]
    if not active.all():
        draw_cells(ax, "rest", columns[~active], weekdays[~active], EMPTY)
    draw_cells(ax, "active", columns[active], weekdays[active], shades[active])
    months = np.flatnonzero(days == days.astype("datetime64[M]").astype("datetime64[D]"))
    for column, day in zip(columns[months].tolist(), days[months].tolist(), strict=True):
        ax.text(column + 0.1, -0.35, f"{day:%b}", fontsize=11.5, color=GREY)


def _routes(figure: Figure, rows: pd.DataFrame, courses: Courses) -> None:
    count = len(courses.numbers)
    if not count:
        figure.text(
            0.5, _ROUTES[0] + _ROUTES[1] / 2, "No activity of this year has a course.", ha="center",
            fontsize=14, color=GREY,
        )  # fmt: skip
        return
    ax = _place(figure, *_ROUTES)
    wide, tall = _WIDE * A3[0], _ROUTES[1] * A3[1]
    columns = columns_for(count, wide=wide, tall=tall)
    draw_routes(ax, courses, groups_of(rows), columns)
    ax.set_anchor("N" if -(-count // columns) > 1 else "C")


def _months(figure: Figure, rows: pd.DataFrame, units: Units) -> None:
    """What was gone each month, stacked by sport."""
    wide = _WIDE * 0.42
    ax = _place(figure, 0.082, 0.128, wide=wide)
    _title(figure, f"{'Kilometres' if units == 'metric' else 'Miles'} a month", _LEFT, wide)
    month = moments(rows["start_date_local"]).astype("datetime64[M]").astype("int64") % 12
    far = np.nan_to_num(numbers(rows, "distance")) / METRES[units]
    groups = groups_of(rows)
    stacked = np.zeros(12)
    for group in GROUPS:
        mine = groups == group
        sums = np.bincount(month[mine], far[mine], 12).astype("float64")
        if sums.any():
            ax.bar(np.arange(12), sums, 0.8, stacked, color=SPORT_COLOURS[group], label=group)
            stacked += sums
    ax.set_xlim(-0.42, 11.42)
    ax.set_ylim(0, max(float(stacked.max()), 1.0) * 1.1)
    for place, amount in enumerate(stacked.tolist()):
        if amount >= 0.5:
            ax.annotate(
                f"{amount:,.0f}", (place, amount), (0, 3), textcoords="offset points", ha="center",
                fontsize=9.5 if stacked.max() < 999.5 else 8, color=INK,
            )  # fmt: skip
        ax.annotate(
            "JFMAMJJASOND"[place], (place, 0), (0, -6), textcoords="offset points", ha="center", va="top",
            fontsize=11.5, color=GREY,
        )  # fmt: skip


def _title(figure: Figure, words: str, left: float, wide: float) -> None:
    _rule(figure, 0.244, left, wide)
    figure.text(left, 0.2265, words, fontsize=13.5, fontweight="bold", color=INK)


def _records(figure: Figure, told: Sequence[Told]) -> None:
    left = _LEFT + _WIDE * 0.47
    wide = _WIDE * 0.53
    if not told:
        return
    _title(figure, "Records", left, wide)
    apart = 0.0164
    for place, one in enumerate(told[:_MOST_RECORDS]):
        y = 0.2065 - place * apart
        figure.text(left, y, one.what, fontsize=11.5, color=GREY)
        figure.text(
            left + wide * 0.25, y, one.figure, fontsize=11.5, fontweight="bold", color=INK, gid="record"
        )
        figure.text(left + wide * 0.47, y, one.by, fontsize=10.5, color=GREY)


def _sports(figure: Figure, groups: NDArray[Any]) -> None:
    handles = [
        Line2D([], [], color=SPORT_COLOURS[group], linewidth=5, label=f"{group} {count:,}")
        for group in GROUPS
        if (count := int((groups == group).sum()))
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(_LEFT, 0.036), ncols=len(handles), fontsize=12.5,
        borderaxespad=0, borderpad=0, handlelength=1.3, columnspacing=1.8,
    )  # fmt: skip


def _foot(figure: Figure, notes: Sequence[str]) -> None:
    figure.text(_LEFT, 0.022, "   ".join(notes), fontsize=8, color=GREY)
