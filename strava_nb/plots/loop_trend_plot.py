"""Every time of the usual loop, and whether one gets faster on it."""

from __future__ import annotations

from collections.abc import Iterable

import matplotlib.patheffects as outlines
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import FixedLocator, FuncFormatter

from ..metrics.polylines import decode_polylines
from ..metrics.reading import numbers
from ..metrics.ways import TOLERANCE, route_trend
from ..tables.readable_table import Units, clock, is_demo, pace
from .canvas import annotate_below, bare, dress, entitle, new_axes, say, width_of
from .chosen import chosen
from .colours import colour_of
from .courses import flat
from .efficiency_plot import dates_along
from .measures import Amounts, groups_of, known_units, moments
from .seasons import tell
from .signals import Length
from .style import INK, as_text, house_style

_FOOT = 0.45
"""Of the height, the highest that is written beside the line: above is the way."""

_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


def loop_trend(
    table: pd.DataFrame,
    *,
    like: int | None = None,
    tolerance: float = TOLERANCE,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Every moving time of the usual loop over the years, fast at the top, with the straight line through.

    The loop is the way gone most often, unless `like` is the id of an activity on another;
    `tolerance` (m) is how far two courses may be apart, as for `metrics.same_routes`. The fastest is
    named, and the way is drawn small in the corner, north up, without its place. The line is drawn from
    three times and four weeks on.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Where no way was gone twice there is a
    sentence. Raises BadTable for a table that is not one of activities, BadInput for a `like` without a
    course and other `units`.
    """
    known_units(units)
    needs = ("id", "start_date_local", "sport_group", "polyline")
    these = chosen(table, *needs, commute=commute, indoor=indoor, private=private)
    found = route_trend(these.rows, like=like, tolerance=tolerance) if len(these.rows) else None
    sentence = these.sentence
    notes = these.notes
    title = "The usual loop" if like is None else "The same way again"
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4.4)
        if found is not None and not sentence:
            on = ~np.isnat(moments(found["start_date_local"])) & (numbers(found, "moving_time") > 0)
            sentence = "" if on.any() else "No way in this table was gone twice."
            if on.any():
                dress(ax)
                own = these.rows[these.rows["id"].isin(found["id"])]
                colour = colour_of(groups_of(own))
                _draw(ax, found[on], colour, found.attrs["trend"]["moving_time"])
                _loop(ax, own["polyline"], colour)
                name = as_text(str(found["name"].dropna().mode().iloc[0]), most=40) if _named(found) else ""
                title = f"{title}: {name}" if name else title
                notes = [*_told(found[on], found.attrs["trend"], Length(units)), *notes]
        if sentence:
            say(ax, sentence)
        entitle(ax, title, demo=is_demo(table))
        annotate_below(ax, notes)
    return ax


def _named(found: pd.DataFrame) -> bool:
    return bool(found["name"].notna().any())


def _draw(ax: Axes, found: pd.DataFrame, colour: str, change: float | None) -> None:
    when = moments(found["start_date_local"]).astype("int64") / 86_400e6
    seconds = numbers(found, "moving_time")
    dates_along(ax, when)
    low, high = ax.get_xlim()
    ax.set_xlim(low, high + (high - low) * max(0.2, 0.9 / (width_of(ax) - 0.9)))  # for the way
    ax.scatter(when, seconds, s=42, c=colour, alpha=0.7, edgecolors="white", linewidths=0.6, gid="times")
    if change is not None:
        ends = np.array([when.min(), when.max()])
        middle = seconds.mean() + change / 365.25 * (ends - when.mean())
        (line,) = ax.plot(ends, middle, color=INK, linewidth=2.2, gid="trend")
        line.set_path_effects([outlines.withStroke(linewidth=4.4, foreground="white")])
    _scale(ax, seconds)
    if change is not None:
        slowest, fastest = ax.get_ylim()
        below_the_way = slowest + (fastest - slowest) * _FOOT
        ax.annotate(
            _change(change), (ends[1], max(middle[1], below_the_way)), (8, 0), textcoords="offset points",
            va="center", fontsize=9.5, fontweight="bold", color=INK,
        )  # fmt: skip
    best = int(seconds.argmin())
    ax.plot(when[best], seconds[best], "o", color=colour, markersize=9, markeredgecolor=INK, gid="best")
    tell(ax, when[best], seconds[best], _time(seconds[best]))


def _scale(ax: Axes, seconds: Amounts) -> None:
    fast, slow = float(seconds.min()), float(seconds.max())
    spare = max((slow - fast) * 0.1, slow * 0.01, 10.0)
    ax.set_ylim(slow + spare, fast - 1.7 * spare)
    step = next((one for one in _STEPS if (slow - fast + 2.7 * spare) / one <= 7), 14_400)
    ax.yaxis.set_major_locator(FixedLocator(np.arange(0, slow + spare, step).tolist()))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _time(value)))


def _loop(ax: Axes, polylines: Iterable[str], colour: str) -> None:
    """The way itself, small, in the corner: the newest course of it."""
    courses = [course for course in decode_polylines(polylines) if len(course) > 1]
    if not courses:
        return
    places = courses[0].copy()
    places[:, 1] = np.unwrap(places[:, 1], period=360)
    corner = ax.inset_axes((0.845, 0.6, 0.155, 0.4))
    bare(corner)
    corner.patch.set_visible(False)
    corner.add_collection(
        LineCollection(
            [flat(places, places.mean(axis=0))], colors=colour, linewidths=2, capstyle="round", gid="way"
        )
    )
    corner.autoscale_view()
    corner.margins(0.08)
    corner.set_aspect("equal", anchor="NE")


def _told(found: pd.DataFrame, trend: dict[str, float | None], length: Length) -> Iterable[str]:
    far = float(np.nanmedian(numbers(found, "distance"))) if found["distance"].notna().any() else 0.0
    times = f"{len(found):,} times" if len(found) != 1 else "Once"
    yield f"{times}, {length.far(far)} each." if far > 0 else f"{times}."
    best = found.iloc[int(numbers(found, "moving_time").argmin())]
    day = moments(found["start_date_local"])[int(numbers(found, "moving_time").argmin())].astype(object)
    yield f"Fastest: {_time(float(best['moving_time']))} on {day.day} {day:%B %Y}."
    if (change := trend["efficiency"]) is not None:
        mean = float(np.nanmean(numbers(found, "efficiency")))
        yield f"Metres a heartbeat: {100 * change / mean:+.1f} % a year.".replace("-", "−")


def _change(seconds: float) -> str:
    """What changes a year, in words."""
    if abs(seconds) < 0.5:
        return "as fast\nas ever"
    return f"{_time(abs(seconds))}\n{'faster' if seconds < 0 else 'slower'}\na year"


def _time(seconds: float) -> str:
    """m:ss, or h:mm:ss from an hour on."""
    return clock(seconds) if seconds >= 3600 else pace(seconds)
