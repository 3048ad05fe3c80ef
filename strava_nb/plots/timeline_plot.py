"""Everything that was recorded, one panel under the other."""

from __future__ import annotations

from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from ..errors import BadInput
from ..metrics.reading import Floats
from ..tables.readable_table import Units
from .canvas import annotate_below, dress, entitle, say, ticks_for
from .recording import Recording, recording_of
from .signals import Length, Signal, signals
from .style import GREY, INK, house_style

COLOURS = {
    "speed": "#103da8",
    "heartrate": "#c03b4a",
    "power": "#7b4ab5",
    "cadence": "#17806d",
    "temp": "#b06a00",
    "altitude": "#8a929b",
}
"""The colour of each panel, top to bottom. They repeat what the words beside them say."""

_BINS = 700
_TICKS = (1, 5, 10, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


def timeline(
    streams: pd.DataFrame,
    *,
    over: Literal["time", "distance"] = "time",
    activity: int | None = None,
    activities: pd.DataFrame | None = None,
    figure: Figure | None = None,
    units: Units = "metric",
) -> Figure:
    """The figure of one activity's streams, a panel each over one axis of time, or of distance.

    Speed (a pace where `activities` says that it was a run, walk or swim), heart rate, power, cadence,
    temperature and altitude, those that were recorded. Each line is the mean over a 700th of the whole,
    the pale band its lowest and highest there, the dotted line the mean over the time, which stands at
    the right with the highest. Pauses are gaps over time, and no way over distance. Of several
    activities the first is drawn, with a note, unless `activity` names one. A `figure` that is given
    gets the panels below one another and is returned.

    Raises BadTable for a table that is not one of streams, BadInput for other words and for an activity
    that is not in it.
    """
    if over not in ("time", "distance"):
        raise BadInput(f"There is no timeline over {over!r}.", 'Use over="time" or over="distance".')
    length = Length(units)
    signals(units)
    recording = recording_of(streams, activity, activities)
    with house_style():
        panels: list[Signal] = []
        if recording is not None:
            known = signals(units, recording.group)
            placed = np.isfinite(recording.time if over == "time" else recording.distance)
            panels = [
                known[word] for word in COLOURS if np.isfinite(known[word].values(recording)[placed]).any()
            ]
        sentence = _unseen(recording, panels, over)
        panels = [] if sentence else panels
        if figure is None:
            figure = plt.figure(figsize=(10, 1.1 + 1.25 * max(len(panels), 2)), layout="constrained")
        axes = figure.subplots(max(len(panels), 1), 1, sharex=True, squeeze=False)[:, 0]
        if recording is None or sentence:
            say(axes[0], sentence)
        else:
            x = recording.time if over == "time" else recording.distance / length.metres
            for ax, signal in zip(axes, panels, strict=True):
                _draw(ax, recording, signal, x, last=ax is axes[-1])
            _scale(axes[-1], x, over, length)
        entitle(
            axes[0],
            recording.heading("Timeline") if recording else "Timeline",
            demo=bool(recording and recording.demo),
            above=int(not sentence),
        )
        annotate_below(axes[-1], recording.notes if recording else [])
    return figure


def _unseen(recording: Recording | None, panels: list[Signal], over: str) -> str:
    if recording is None:
        return "There are no samples in this table."
    x = recording.time if over == "time" else recording.distance
    if np.isfinite(x).sum() < 2 or np.nanmax(x) <= np.nanmin(x):
        has = "time" if over == "time" else "distance"
        return f"The samples of this activity have no {has} that goes on."
    return "" if panels else "Nothing but the time was recorded in this activity."


def _draw(ax: Axes, recording: Recording, signal: Signal, x: Floats, *, last: bool) -> None:
    dress(ax)
    colour = COLOURS[signal.word]
    values = signal.values(recording)
    middles, means, lows, highs = _binned(x, values, recording)
    if signal.word == "altitude":
        base = float(np.nanmin(values)) - max(float(np.nanmax(values) - np.nanmin(values)), 20.0) * 0.1
        ax.fill_between(middles, means, base, color=colour, alpha=0.35, linewidth=0)
        ax.margins(y=0.08)
        ax.set_ylim(bottom=base)
    else:
        ax.fill_between(middles, lows, highs, color=colour, alpha=0.2, linewidth=0, gid="band")
    ax.plot(middles, means, color=colour, linewidth=1.3, gid=signal.word)
    ax.text(
        0, 1.03, f"{signal.title}, {signal.unit}", transform=ax.transAxes, fontsize=9, fontweight="bold",
        color=colour if signal.word != "altitude" else GREY, va="bottom",
    )  # fmt: skip
    ax.text(
        1, 1.03, _told(ax, recording, signal, values), transform=ax.transAxes, fontsize=9, color=INK,
        ha="right", va="bottom", gid="told",
    )  # fmt: skip
    ax.spines["bottom"].set_visible(last)
    ax.tick_params(axis="x", length=3.5 if last else 0, labelbottom=last)
    if signal.pace_over:
        low, high = float(np.nanquantile(values, 0.02)), float(np.nanquantile(values, 0.995))
        ax.set_ylim(max(0.0, min(low, high * 0.6)) * 0.95, high * 1.06)
        ax.set_yticks(signal.pace_ticks(*ax.get_ylim(), most=4))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: signal.written(value)))
    else:
        ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _told(ax: Axes, recording: Recording, signal: Signal, values: Floats) -> str:
    """Mean and highest in words; the mean as a line too."""
    if signal.word == "altitude":
        return f"{signal.written(float(np.nanmin(values)))} to {signal.written(float(np.nanmax(values)))}"
    mean = recording.mean(values, moving=signal.word in ("speed", "cadence"))
    if not np.isfinite(mean):
        return ""
    ax.axhline(mean, color=COLOURS[signal.word], linewidth=0.9, linestyle=(0, (1, 2)), gid="mean")
    if signal.pace_over:
        return f"mean {signal.written(mean)}"
    return f"mean {signal.written(mean)} · max {signal.written(float(np.nanmax(values)))}"


def _binned(x: Floats, values: Floats, recording: Recording) -> tuple[Floats, Floats, Floats, Floats]:
    """Middles of bins over x, and mean, lowest and highest there; NaN where there was a pause."""
    known = np.isfinite(x) & np.isfinite(values)
    there, amounts = x[known], values[known]
    low, high = np.nanmin(x), np.nanmax(x)
    bins = max(1, min(_BINS, len(there)))
    middles = low + (np.arange(bins) + 0.5) * (high - low) / bins
    where = np.minimum(((there - low) / (high - low) * bins).astype(np.intp), bins - 1)
    starts = np.flatnonzero(np.diff(where, prepend=-1))
    filled = where[starts]
    counts = np.diff(np.append(starts, len(where)))
    between = np.searchsorted(there, middles)
    steps = np.diff(recording.time[known], prepend=np.nan)
    paused = np.append(steps, np.nan) > recording.longest_step
    unknown = (paused | (np.arange(len(there) + 1) % len(there) == 0))[between]
    unknown[filled] = False
    lines = [
        np.where(unknown, np.nan, np.interp(middles, middles[filled], one))
        for one in (
            np.add.reduceat(amounts, starts) / counts,
            np.minimum.reduceat(amounts, starts),
            np.maximum.reduceat(amounts, starts),
        )
    ]
    return middles, lines[0], lines[1], lines[2]


def _scale(ax: Axes, x: Floats, over: str, length: Length) -> None:
    low, high = float(np.nanmin(x)), float(np.nanmax(x))
    ax.set_xlim(low, high)
    if over == "distance":
        ax.xaxis.set_major_locator(MaxNLocator(ticks_for(ax, 8), steps=[1, 2, 5, 10]))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g} {length.unit}"))
        return
    step = next((one for one in _TICKS if (high - low) / one <= ticks_for(ax, 10)), _TICKS[-1])
    ax.xaxis.set_major_locator(MultipleLocator(step) if (high - low) / step <= 20 else MaxNLocator(10))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _moment(value)))


def _moment(seconds: float) -> str:
    """A time from the start: "45 min", "1 h", "1 h 15"."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return f"{hours} h {minutes:02}" if minutes else f"{hours} h"
    if rest:
        return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    return f"{minutes} min" if minutes else "0"
