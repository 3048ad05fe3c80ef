"""Where it went, and how it was there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.pyplot import get_cmap
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ..errors import BadInput
from ..metrics.reading import Floats, ratio
from ..tables.readable_table import FEET, Units
from .canvas import annotate_below, bare, entitle, key_above, new_axes, say, shrink_of, ticks_for
from .recording import METRES_A_DEGREE, Recording, recording_of
from .signals import Length, Signal, signals, spread
from .style import GREY, INK, house_style

By = Literal["speed", "heartrate", "power", "grade", "altitude"]

UP_AND_DOWN = ("#123f73", "#3f84b8", "#a5c3d8", "#c9cbcf", "#edb27a", "#cf6a1c", "#7d2f05")
"""From steeply down to steeply up: blue and orange, which every kind of colour vision tells apart."""

_PLAIN = "#103da8"
_WORDS = ("speed", "heartrate", "power", "grade", "altitude")
_FINEST = 1500
"""Points across the picture: more than it has pixels."""

_MOST = 20_000
_NICE = (1, 2, 5)


def route(
    streams: pd.DataFrame,
    *,
    by: By = "speed",
    activity: int | None = None,
    activities: pd.DataFrame | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """The course of one activity, north up and in true proportions, coloured by what was recorded there.

    `by` is "speed" (a pace where `activities` says that it was a run, walk or swim), "heartrate",
    "power", "grade" or "altitude"; the colours go from the 5th to the 98th percentile, so that one jump of
    the sensor does not pale the rest. Where the recorder paused the line breaks. Of several
    activities the first is drawn, with a note, unless `activity` names one. `activities`, the table
    that the streams belong to, gives title and sport. x and y are degrees of longitude and latitude.

    Nothing is hidden here: the picture has no place names, but home is where the line begins. Without
    positions there is a sentence. Raises BadTable for a table that is not one of streams, BadInput for
    other words and for an activity that is not in it.
    """
    if by not in _WORDS:
        raise BadInput(f"A route has no colours by {by!r}.", f"Use {', '.join(map(repr, _WORDS))}.")
    length = Length(units)
    signals(units)
    recording = recording_of(streams, activity, activities)
    sentence = "There are no samples in this table." if recording is None else recording.nowhere()
    heading, demo = "Route", False
    with house_style():
        if recording is None or sentence:
            ax = ax if ax is not None else new_axes(7.5, 4)
            say(ax, sentence)
        else:
            frame = _frame(recording.positions)
            ax = ax if ax is not None else new_axes(*_size(frame))
            _draw(ax, recording, signals(units, recording.group)[by], frame)
            scale_bar(ax, length)
        if recording:
            heading, demo = recording.heading(heading), recording.demo
        entitle(ax, heading, demo=demo, above=int(not sentence))
        annotate_below(ax, recording.notes if recording else [])
    return ax


@dataclass(frozen=True, slots=True)
class _Frame:
    """What of the world the picture shows: its edges in degrees, and how much narrower longitudes are."""

    left: float
    right: float
    bottom: float
    top: float
    shrink: float

    @property
    def tall(self) -> float:
        """Its height over its width, as drawn."""
        return (self.top - self.bottom) / ((self.right - self.left) * self.shrink)


def _frame(places: Floats) -> _Frame:
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    shrink = max(float(np.cos(np.radians((low[0] + high[0]) / 2))), 0.01)
    middle, size = (low + high) / 2, (high - low) * (1.0, shrink)
    most = max(float(size.max()), 100 / METRES_A_DEGREE)
    # What is long and narrow gets some width, or it would be lost, and its title with it.
    tall, wide = (
        max(most * least, float(one) * 0.5 + most * 0.04)
        for one, least in zip(size, (0.26, 0.5), strict=True)
    )
    return _Frame(
        float(middle[1]) - wide / shrink,
        float(middle[1]) + wide / shrink,
        float(middle[0]) - tall - most * 0.07,  # for the scale
        float(middle[0]) + tall,
        shrink,
    )


def _size(frame: _Frame) -> tuple[float, float]:
    """Inches of a figure that fits the course."""
    width = 7.5 if frame.tall < 0.9 else 6.6
    return width, width * frame.tall + 1.4


def _draw(ax: Axes, recording: Recording, signal: Signal, frame: _Frame) -> None:
    bare(ax)
    ax.set_aspect(1 / frame.shrink, anchor="NW")
    ax.set(xlim=(frame.left, frame.right), ylim=(frame.bottom, frame.top))
    places, values = recording.positions, signal.values(recording)
    kept = _kept(places)
    pieces, there = _pieces(places[kept], _broken(recording, kept))
    edge = LineCollection(list(pieces), colors="#7d858d", linewidths=4.4, capstyle="round", gid="edge")
    course = LineCollection(list(pieces), linewidths=3.2, capstyle="round", gid="course")
    for collection in (edge, course):
        ax.add_collection(collection, autolim=False)
    if np.isfinite(values).any():
        cmap, norm = _colours(signal, values)
        course.set(cmap=cmap, norm=norm, array=np.ma.masked_invalid(_means(values, kept)[there]))
        _colour_bar(ax, course, signal, values)
    else:
        course.set_color(_PLAIN)
        recording.notes.append(f"There is no {signal.title.lower()} in this activity.")
    _ends(ax, places[np.isfinite(places[:, 0])])


def _kept(places: Floats) -> NDArray[np.intp]:
    """Which samples to draw: one a pixel of the way or so, and never more than are worth it."""
    known = np.flatnonzero(np.isfinite(places[:, 0]))
    there = places[known] * (1.0, np.cos(np.radians(places[known, 0].mean())))
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(there, axis=0).T))))
    extent = max(float(np.ptp(there, axis=0).max()), 1e-9)
    count = int(min(_MOST, along[-1] / extent * _FINEST + 2))
    if len(known) <= count:
        return known
    picked = np.searchsorted(along, np.linspace(0, along[-1], count), side="left")
    ends = 0, len(known) - 1
    kept: NDArray[np.intp] = known[np.unique(np.concatenate((ends, picked))).clip(*ends)]
    return kept


def _broken(recording: Recording, kept: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Between which of the kept samples, and the next, the recorder paused or had no position."""
    breaks = recording.breaks | ~np.isfinite(recording.positions[:, 0])
    before = np.concatenate(([0], np.cumsum(breaks)))
    broken: NDArray[np.bool_] = before[kept[1:] + 1] > before[kept[:-1] + 1]
    return broken


def _pieces(places: Floats, broken: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.intp]]:
    """The pieces of the line as (x, y) from one place to the next, and which of them there are."""
    there = np.flatnonzero(~broken)
    flipped = places[:, ::-1]
    return np.stack([flipped[there], flipped[there + 1]], axis=1), there


def _means(values: Floats, kept: NDArray[np.intp]) -> Floats:
    """The mean of what was recorded from each kept sample to the next."""
    known = np.isfinite(values)
    summed = np.concatenate(([0.0], np.cumsum(np.where(known, values, 0.0))))
    counted = np.concatenate(([0], np.cumsum(known)))
    start, end = kept[:-1], kept[1:] + 1
    return ratio(summed[end] - summed[start], (counted[end] - counted[start]).astype(np.float64))


def _colours(signal: Signal, values: Floats) -> tuple[Colormap, Normalize]:
    if signal.word == "grade":
        steepest = min(max(3.0, float(np.nanquantile(np.abs(values), 0.98))), 25.0)
        return LinearSegmentedColormap.from_list("up and down", UP_AND_DOWN), Normalize(-steepest, steepest)
    shades = get_cmap("viridis_r")(np.linspace(0.06, 1.0, 256))
    return LinearSegmentedColormap.from_list("house viridis", shades), Normalize(*spread(values, 0.05, 0.98))


def _colour_bar(ax: Axes, line: LineCollection, signal: Signal, values: Floats) -> None:
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    low, high = line.get_clim()
    assert low is not None and high is not None
    beyond = float(np.nanmin(values)) < low, float(np.nanmax(values)) > high
    extend = {(True, True): "both", (True, False): "min", (False, True): "max"}.get(beyond, "neither")
    bar = figure.colorbar(
        line, ax=ax, location="bottom", shrink=0.5, anchor=(1.0, 1.0), aspect=26, pad=0.02, extend=extend,
        extendfrac=0.04,
    )  # fmt: skip
    bar.ax.spines[:].set_visible(False)
    size = 9 * shrink_of(ax)
    bar.ax.tick_params(length=0, labelsize=size, labelcolor=GREY)
    bar.ax.set_title(f"{signal.title}, {signal.unit}", loc="left", fontsize=size, color=GREY, pad=5)
    if signal.pace_over:
        bar.ax.xaxis.set_major_locator(FixedLocator(signal.pace_ticks(low, high)))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: signal.written(value)))
    else:
        bar.ax.xaxis.set_major_locator(MaxNLocator(ticks_for(ax, 6, apart=1.1), steps=[1, 2, 2.5, 5, 10]))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _ends(ax: Axes, places: Floats) -> None:
    look: dict[str, Any] = {"linestyle": "none", "zorder": 3, "markeredgewidth": 1.8}
    (start,) = ax.plot(
        *places[0, ::-1], "o", markersize=12, color="white", markeredgecolor=INK, label="Start", **look
    )
    (end,) = ax.plot(
        *places[-1, ::-1], "s", markersize=5, color=INK, markeredgecolor=INK, label="End", **look
    )
    key_above(ax, [start, end], borderaxespad=0.2, markerscale=0.75, labelcolor=GREY)


def scale_bar(ax: Axes, length: Length) -> None:
    """A bar as long as so many metres, and an arrow that points north."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    shrink = float(np.cos(np.radians((bottom + top) / 2)))
    across = (right - left) * METRES_A_DEGREE * shrink
    unit, metres, least = length.unit, length.metres, (1.0 if length.units == "metric" else 0.1)
    if across / 4 < metres * least:
        unit, metres, least = ("m", 1.0, 1.0) if length.units == "metric" else ("ft", FEET, 1.0)
    aim = max(across / 4 / metres, least)
    power = 10 ** np.floor(np.log10(aim))
    amount = max(nice * power for nice in _NICE if nice * power <= aim)
    long = amount * metres / (METRES_A_DEGREE * shrink)
    low = bottom + (top - bottom) * 0.01
    ax.plot([left, left + long], [low, low], color=GREY, linewidth=1.6, clip_on=False, gid="scale")
    ax.annotate(
        f"{amount:,.10g} {unit}", (left, low), (0, 3), textcoords="offset points", va="bottom", fontsize=8.5,
        color=GREY,
    )  # fmt: skip
    north = ax.annotate(
        "N", (1, 1), (0, -26), xycoords="axes fraction", textcoords="offset points", ha="center",
        va="top", fontsize=9, color=GREY, arrowprops={"arrowstyle": "-|>", "color": GREY},
    )  # fmt: skip
    north.set_gid("north")
