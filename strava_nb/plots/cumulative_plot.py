"""How a year, or the way to a race, adds up beside those before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import matplotlib.patheffects as outlines
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ..metrics.race_days import build_ups
from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, dress, entitle, new_axes, say, width_of
from .chosen import chosen, said
from .colours import colour_of
from .measures import Measure, Tally, Value, measure_of, tally
from .style import GREY, as_text, house_style

Amounts = NDArray[np.float64]

_MOST = 6
_ONE_DAY, _ONE_YEAR = np.timedelta64(1, "D"), np.timedelta64(1, "Y")
_FADED = ("#878f98", "#a2a9b1", "#b8bec4", "#cacfd4", "#d9dde1")
"""Of earlier lines, the newest of them first."""

_LABEL_INCHES = {"year": 1.75, "race": 2.7}
_LINE_INCHES = 0.19
_ROOM_FOR_MONTHS = 6.0
_EARLY = 14  # days into its first year from which a table does not hold that year


@dataclass(frozen=True, slots=True)
class _Line:
    """What came together: a name, and the sum at each place along the axis."""

    name: str
    places: Amounts
    sums: Amounts


def cumulative(
    table: pd.DataFrame,
    *,
    value: Value = "distance",
    races: pd.DataFrame | None = None,
    weeks: int = 16,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Lines of what came together day by day: each year from 1 January on, or the way to each race.

    The newest line is strong, in the colour of its sport where it is one, and earlier ones are the
    paler the older they are; the six newest are drawn. With `races` (such as `metrics.races(table)`)
    the lines are the `weeks` before each of these, laid over one another on race day, the race being
    in its sum. The first year of a table begins with its first activity. `value` is "distance" (km or
    mi), "time" (moving time, h), "elevation" (climb, m or ft) or "count".

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other words.
    """
    measure = measure_of(value, units)
    filters = {"commute": commute, "indoor": indoor, "private": private}
    counted = tally(table, measure, **filters)
    rows = chosen(table, **filters).rows
    notes, sentence, lines = counted.notes, counted.sentence, list[_Line]()
    if not sentence and races is None:
        lines = _years(counted)
    elif not sentence and races is not None:
        lines = _ways(
            rows, races, measure, weeks, most=20 if ax is None or width_of(ax) > _ROOM_FOR_MONTHS else 14
        )
        sentence = "" if lines else "There is no race to look back from."
    left_out = len(lines) - _MOST
    what = "build-up is" if races is not None else "year is"
    notes = [*notes, *said(max(left_out, 0), f"earlier {what}", f"earlier {what[:-3]}s are", "not drawn")]
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4.4)
        told = f"{counted.sport}: " if not sentence else ""
        since = "since 1 January" if races is None else f"in the {weeks} weeks before each race"
        entitle(ax, f"{told}{measure.title.lower() if told else measure.title} {since}", demo=is_demo(table))
        if sentence:
            say(ax, sentence)
        else:
            dress(ax)
            _draw(ax, lines[-_MOST:], measure, colour_of(counted.groups), "year" if races is None else "race")
            if races is None:
                _name_months(ax)
                notes = [*_standing(lines, counted, measure), *notes]
            else:
                _name_weeks(ax, weeks)
        annotate_below(ax, notes)
    return ax


def _years(counted: Tally) -> list[_Line]:
    years = counted.days.astype("datetime64[Y]")
    lines = []
    for year in np.arange(years.min(), years.max() + _ONE_YEAR):
        mine = years == year
        days, amounts = counted.days[mine], counted.amounts[mine]
        first, end = year.astype("datetime64[D]"), (year + _ONE_YEAR).astype("datetime64[D]")
        until = days.max() if year == years.max() else end - _ONE_DAY
        daily = np.bincount((days - first).astype(np.int64), amounts, int((until - first).astype(int)) + 1)
        sums = np.concatenate(([0.0], np.cumsum(daily)))
        began = max(0, int((days.min() - first).astype(int))) if year == years.min() else 0
        places = _of_the_year(np.arange(len(sums)), leap=bool((end - first).astype(int) == 366))
        since = f" from {_day(days.min(), '%b')}" if began > _EARLY else ""
        lines.append(_Line(f"{year}{since}", places[began:], sums[began:]))
    return lines


def _ways(rows: pd.DataFrame, races: pd.DataFrame, measure: Measure, weeks: int, most: int) -> list[_Line]:
    ups = build_ups(rows, races, value=measure.column or "count", weeks=weeks)
    lines = []
    for _, up in ups.sort_values(["race_day", "race_id", "day"]).groupby(["race_day", "race_id"], sort=True):
        sums = up["cumulative"].to_numpy("float64", na_value=np.nan) / measure.per_unit
        if np.isfinite(sums).any():
            name, _, year = str(up["race"].iloc[0]).rpartition(", ")
            name = f"{as_text(name, most=most) or 'Race'}, {year}"
            lines.append(_Line(name, up["day"].to_numpy("float64"), sums))
    return lines


def _draw(ax: Axes, lines: list[_Line], measure: Measure, colour: str, kind: str) -> None:
    last = len(lines) - 1
    for place, line in enumerate(lines):
        newest = place == last
        ax.plot(
            line.places,
            line.sums,
            label=line.name,
            color=colour if newest else _FADED[last - place - 1],
            linewidth=3 if newest else 1.6,
            zorder=3 + newest,
        )
    ax.plot(lines[-1].places[-1:], lines[-1].sums[-1:], "o", color=colour, markersize=7, zorder=5)
    first = 0.0 if kind == "year" else min(float(line.places[0]) for line in lines)
    end = 366.0 if kind == "year" else 0.0
    room = min(0.45, _LABEL_INCHES[kind] / max(width_of(ax), 1))
    ax.set_xlim(first - (end - first) * 0.01, end + (end - first) * room / (1 - room))
    ax.set_ylim(0, max(float(np.nanmax(line.sums)) for line in lines) * 1.06)
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], integer=measure.column is None))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:,.10g}"))
    ax.set_ylabel(measure.unit, color=GREY)
    _label(ax, lines, measure, colour)


def _label(ax: Axes, lines: list[_Line], measure: Measure, colour: str) -> None:
    """Name each line at its end, in the margin off one another, a year that is not over in the picture."""
    figure = ax.get_figure(root=True)
    height = ax.get_window_extent().height / figure.dpi if figure else 3.0
    apart = _LINE_INCHES / max(height, 1) * ax.get_ylim()[1]
    ends = [float(line.sums[-1]) for line in lines]
    over = lines[-1].places[-1] in (0, 366)
    margin = range(len(lines) if over else len(lines) - 1)
    heights = dict(
        zip(margin, _spread([ends[place] for place in margin], apart, ax.get_ylim()[1]), strict=True)
    )
    early = lines[-1].places[-1] < ax.get_xlim()[1] / 4
    for place, line in enumerate(lines):
        newest, inside = place == len(lines) - 1, place not in heights
        words = ax.annotate(
            f"{line.name}  {measure.shown(ends[place])}",
            (line.places[-1], heights.get(place, ends[place])),
            ((9 if early else -9), 5) if inside else (8, 0),
            textcoords="offset points",
            ha="right" if inside and not early else "left",
            va="bottom" if inside else "center",
            fontsize=10.5 if newest else 9,
            fontweight="bold" if newest else "normal",
            color=colour if newest else GREY,
            zorder=6,
            annotation_clip=False,
        )
        words.set_path_effects([outlines.withStroke(linewidth=3, foreground="white")])


def _spread(ends: list[float], apart: float, top: float) -> list[float]:
    """The heights nearest to the ends at which names stand clear of one another, below the top."""
    order = np.argsort(ends, kind="stable")
    heights = np.array(ends)
    for below, above in pairwise(order):
        heights[above] = max(heights[above], heights[below] + apart)
    limit = top
    for place in order[::-1]:
        heights[place] = min(heights[place], limit)
        limit = heights[place] - apart
    return list(heights)


def _standing(lines: list[_Line], counted: Tally, measure: Measure) -> Iterable[str]:
    """How the newest year stands against the one before on the same day."""
    if len(lines) < 2 or " " in lines[-2].name:
        return
    now, before = lines[-1], lines[-2]
    then = float(before.sums[np.searchsorted(before.places, now.places[-1], side="right") - 1])
    more = float(now.sums[-1]) - then
    shown = measure.shown(abs(more))
    words = "as much as" if not float(shown.split()[0].replace(",", "")) else (
        f"{shown} {'more' if more > 0 else 'less'} than"
    )  # fmt: skip
    yield f"By {_day(counted.days.max())}: {measure.shown(float(now.sums[-1]))}, {words} in {before.name}."


def _name_months(ax: Axes) -> None:
    firsts = np.arange("2000-01", "2001-01", dtype="datetime64[M]")
    starts = (firsts.astype("datetime64[D]") - np.datetime64("2000-01-01")).astype(float)
    step = 1 if width_of(ax) > _ROOM_FOR_MONTHS else 3
    ax.set_xticks(starts[::step], [f"{month:%b}" for month in firsts.tolist()[::step]], ha="left")
    ax.grid(visible=False, axis="x")


def _name_weeks(ax: Axes, weeks: int) -> None:
    most = 8 if width_of(ax) > _ROOM_FOR_MONTHS else 4
    step = next((step for step in (1, 2, 4, 8, 13, 26) if weeks / step <= most), 52)
    back = np.arange(0, weeks + 1, step)
    ax.set_xticks(-7.0 * back, ["race day", *(f"{week}" for week in back[1:])])
    if len(back) > 1:
        ax.set_xticklabels(["race day", *(f"{week}" for week in back[1:-1]), f"{back[-1]} weeks\nbefore"])


def _of_the_year(days: NDArray[np.int64], *, leap: bool) -> Amounts:
    """Where days of a year stand on an axis of 366, the end of each: 1 March is below 1 March."""
    return np.where(leap | (days < 60), days, days + 1).astype("float64")


def _day(day: np.datetime64, month: str = "%B") -> str:
    one = day.astype("datetime64[D]").item()
    return f"{one.day} {one:{month}}"
