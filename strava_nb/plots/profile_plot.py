"""How high, how steep: the altitude over the way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ..metrics.reading import Floats
from ..metrics.slopes import gradient
from ..tables.readable_table import FEET, Units
from .canvas import annotate_below, dress, entitle, height_of, key_above, new_axes, say, ticks_for, width_of
from .climb_finding import Climb, climbs
from .recording import Recording, recording_of
from .signals import Length, signals
from .style import GREY, INK, house_style

STEEPNESS = (
    (-np.inf, "#dfe3e7", "down or level"),
    (1.0, "#f3d6b3", "1–4 %"),
    (4.0, "#eba765", "4–7 %"),
    (7.0, "#cf6a1c", "7–10 %"),
    (10.0, "#8a3407", "10 % or more"),
)
"""From which percentage which colour: each darker than the one before, so that grey print tells them."""

_POINTS = 1500
_STRETCHES = 500
_LEAST_STEP = 10.0
_MOST_NAMED = 8
_ROW = 0.13
"""Height of a row of names, as a share of the altitude's span."""

_LETTER = 0.075
"""Inches of a letter of a label, near enough to keep two apart."""


def profile(
    streams: pd.DataFrame,
    *,
    activity: int | None = None,
    activities: pd.DataFrame | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """The altitude over the distance of one activity, filled with the colour of the gradient.

    Climbs are named by length, gain and mean gradient ("2.1 km · 143 m · 6.8 %"): what is 500 m or
    longer, 35 m or higher and 3 % or steeper; of many the eight highest. The colours are of gradients
    averaged over 50 m, or over a 500th of a long way. Of several activities the first is drawn, with a
    note, unless `activity` names one; `activities`, the table that the streams belong to, gives the title.

    Without altitude or distance there is a sentence. Raises BadTable for a table that is not one of
    streams, BadInput for other units and for an activity that is not in it.
    """
    signals(units)
    recording = recording_of(streams, activity, activities)
    sentence = "There are no samples in this table." if recording is None else _unseen(recording)
    with house_style():
        ax = ax if ax is not None else new_axes(10, 4)
        rows = 0
        if recording is None or sentence:
            say(ax, sentence)
        else:
            dress(ax)
            rows = _draw(ax, recording, Length(units))
        entitle(
            ax,
            recording.heading("Profile") if recording else "Profile",
            demo=bool(recording and recording.demo),
            above=rows,
        )
        annotate_below(ax, recording.notes if recording else [])
    return ax


def _unseen(recording: Recording) -> str:
    there = np.isfinite(recording.column("altitude"))
    if not there.any():
        return "This activity has no altitude."
    way = recording.distance[there]
    if not np.isfinite(way).any():
        return "This activity has neither distance nor positions."
    return "" if np.nanmax(way) - np.nanmin(way) >= 1 else "This activity went nowhere: no profile."


def _draw(ax: Axes, recording: Recording, length: Length) -> int:
    altitude = recording.column("altitude")
    known = np.isfinite(altitude) & np.isfinite(recording.distance)
    way, height = recording.distance[known], altitude[known]
    step = max((way[-1] - way[0]) / _POINTS, min(_LEAST_STEP, (way[-1] - way[0]) / 20))
    along = np.append(np.arange(way[0], way[-1], step), way[-1])
    even = np.interp(along, way, height)
    high = 1.0 if length.units == "metric" else FEET
    x, y = along / length.metres, even / high
    low, top = float(y.min()), float(y.max())
    span = max(top - low, 100 / high if length.units == "metric" else 300.0)
    base = low - span * 0.12
    steep = _classes(_gradient(along, even))
    _fill(ax, x, y, base, steep)
    ax.plot(x, y, color=INK, linewidth=1.1, gid="altitude")
    found = climbs(way, height)
    ax.set_xlim(x[0], x[-1])
    labels = _labels(ax, found, length, high)
    lines = max((row for _, _, row, _ in labels), default=-1) + 1
    tall = _ROW * max(1.0, 3.2 / height_of(ax))
    ax.set_ylim(base, low + span * (1.1 + tall * lines))
    for climb, middle, row, text in labels:
        own = (along >= climb.start) & (along <= climb.end)
        ax.plot(x[own], y[own], color=INK, linewidth=2.6, solid_capstyle="butt", gid="climb")
        at = low + span * (1.1 + tall * row)
        foot = (climb.start + climb.end) / 2 / length.metres
        ax.plot([foot, foot], [np.interp(foot, x, y), at], color="#b3b9c0", linewidth=0.8, zorder=1)
        ax.text(
            middle, at, text, ha="center", va="bottom", fontsize=8.5, color=INK, gid="climb-name",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
        )  # fmt: skip
    ax.set_ylabel("m" if length.units == "metric" else "ft", color=GREY)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g} {length.unit}"))
    ax.xaxis.set_major_locator(MaxNLocator(ticks_for(ax, 8), steps=[1, 2, 5, 10]))
    ticks = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, top)
    ax.set_yticks([tick for tick in ticks if base <= tick <= top + span * 0.05])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    there = np.unique(steep)
    handles = [Patch(color=STEEPNESS[one][1], label=STEEPNESS[one][2]) for one in there]
    rows = key_above(ax, handles, labelcolor=GREY)
    if len(found) > len(labels):
        which = "the highest is" if len(labels) == 1 else f"the {len(labels)} highest are"
        recording.notes.append(f"{len(found)} climbs, of which {which} named.")
    return rows


def _gradient(along: Floats, height: Floats) -> Floats:
    """Percent, over stretches long enough to be seen: 50 m, or more of a long way."""
    finer = min(1.0, 50 * _STRETCHES / (along[-1] - along[0]))
    percent: Floats = gradient(along * finer, height) * finer  # it averages over 50 m of what it is given
    return percent


def _classes(percent: Floats) -> NDArray[np.intp]:
    bounds = [bound for bound, _, _ in STEEPNESS[1:]]
    return np.searchsorted(bounds, np.nan_to_num(percent), side="right")


def _fill(ax: Axes, x: Floats, y: Floats, base: float, steep: NDArray[np.intp]) -> None:
    """One shape a class of steepness, whose parts meet where the classes change."""
    changes = np.flatnonzero(np.diff(steep)) + 1
    ends = np.concatenate(([0], changes, [len(x) - 1]))
    parts: dict[int, list[Floats]] = {}
    for start, end in pairwise(ends.tolist()):
        if end > start:
            outline = np.column_stack([x[start : end + 1], y[start : end + 1]])
            foot = np.array([[x[end], base], [x[start], base]])
            parts.setdefault(int(steep[start]), []).append(np.concatenate([outline, foot]))
    for level, shapes in parts.items():
        colour = STEEPNESS[level][1]
        ax.add_collection(
            PolyCollection(
                shapes, facecolors=colour, edgecolors=colour, linewidths=0.3, gid=f"steep-{level}"
            ),
            autolim=False,
        )


def _labels(ax: Axes, found: list[Climb], length: Length, high: float) -> list[tuple[Climb, float, int, str]]:
    """The highest climbs, each with where its name is centred, in which row, and what it says.

    A name goes into the lowest row in which it touches none before it.
    """
    most = max(1, min(_MOST_NAMED, int(width_of(ax) * 0.9)))
    highest = sorted(found, key=lambda climb: -climb.gain)[:most]
    left, right = ax.get_xlim()
    per_inch = (right - left) / max(width_of(ax), 1.0)
    ends: list[float] = []
    labels = []
    for climb in sorted(highest, key=lambda climb: climb.start):
        text = f"{length.far(climb.length)} · {length.high(climb.gain)} · {climb.grade:.1f} %"
        half = len(text) * _LETTER * per_inch / 2
        middle = (climb.start + climb.end) / 2 / length.metres
        middle = min(max(middle, left + half), max(right - half, left + half))
        row = next((row for row, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[row : row + 1] = [middle + half]
        labels.append((climb, middle, row, text))
    return labels
