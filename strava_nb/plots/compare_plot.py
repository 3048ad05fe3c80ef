"""One activity against another over the same way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from ..metrics.reading import Floats
from ..tables.readable_table import Units, clock
from .canvas import annotate_below, dress, entitle, key_above, new_axes, say, ticks_for
from .colours import ONE_OF_FEW
from .recording import Recording, two_of
from .signals import Length, signals
from .style import GREY, INK, house_style

_POINTS = 1000
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000)
_ALIKE = 0.02
"""Share by which two ways may differ in length and still be one."""


def compare(
    streams: pd.DataFrame,
    *,
    between: tuple[int, int] | None = None,
    activities: pd.DataFrame | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """The gap in time between two activities at each distance: above the line the first one is ahead.

    Time is what the clock said, stops counted, so that a stop is a step. Compared is the distance that
    both went; the ground below is the first one's altitude. Which two is said by `between`, the ids of
    the one and the other; streams of two activities need no word. `activities`, the table that the
    streams belong to, gives the names.

    Without distance or time there is a sentence. Raises BadTable for a table that is not one of
    streams, BadInput where two activities cannot be told, and for other units.
    """
    signals(units)
    length = Length(units)
    two = two_of(streams, between, activities)
    race = None if two is None else _race(*two)
    sentence = "There are no samples in this table." if two is None else ""
    if two is not None and race is None:
        sentence = "These activities have no distance and time in common."
    notes, rows = list[str](), 0
    with house_style():
        ax = ax if ax is not None else new_axes(10, 4)
        if two is None or race is None:
            say(ax, sentence)
        else:
            dress(ax)
            rows, notes = _draw(ax, two, race, length)
        entitle(ax, "Gap in time", demo=bool(two and (two[0].demo or two[1].demo)), above=rows)
        annotate_below(ax, notes)
    return ax


@dataclass(frozen=True, slots=True)
class _Race:
    """How many seconds (`ahead`) one was before the other at each distance (`metres`) both came to."""

    metres: Floats
    ahead: Floats
    longer: float


def _race(one: Recording, other: Recording) -> _Race | None:
    ways = [_clocked(recording) for recording in (one, other)]
    shortest = min((float(way[-1]) if len(way) else 0.0) for way, _ in ways)
    if shortest <= 0:
        return None
    metres = np.linspace(0, shortest, _POINTS)
    own, theirs = (np.interp(metres, way, time) for way, time in ways)
    return _Race(metres, theirs - own, float(ways[0][0][-1] - ways[1][0][-1]))


def _clocked(recording: Recording) -> tuple[Floats, Floats]:
    """Metres and seconds from the start; where it stood still, the moment when it went on."""
    known = np.isfinite(recording.distance) & np.isfinite(recording.time)
    way, time = recording.distance[known], recording.time[known]
    if not len(way):
        return way, time
    last = np.append(np.diff(way) > 0, True)
    return way[last] - way[0], time[last] - time[0]


def _draw(ax: Axes, two: tuple[Recording, Recording], race: _Race, length: Length) -> tuple[int, list[str]]:
    x = race.metres / length.metres
    names = _names(*two)
    most = max(float(np.abs(race.ahead).max()), 1.0)
    _ground(ax, two[0], race.metres, x)
    for sign, name, colour in zip((1, -1), names, ONE_OF_FEW, strict=False):
        lead = np.where(race.ahead * sign > 0, race.ahead, 0.0)
        ax.fill_between(x, lead, color=colour, alpha=0.3, linewidth=0, gid="lead", label=f"{name} is ahead")
    ax.plot(x, race.ahead, color=INK, linewidth=1.4, gid="gap")
    ax.axhline(0, color=GREY, linewidth=0.9)
    ax.set_xlim(0, x[-1])
    low, high = min(float(race.ahead.min()), 0.0), max(float(race.ahead.max()), 0.0)
    ax.set_ylim(low - most * 0.18, high + most * 0.18)
    step = next((one for one in _STEPS if (high - low + most * 0.36) / one <= 8), _STEPS[-1])
    ax.yaxis.set_major_locator(MultipleLocator(step) if (high - low) / step <= 20 else MaxNLocator(6))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(abs(value))))
    ax.xaxis.set_major_locator(MaxNLocator(ticks_for(ax, 8), steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g} {length.unit}"))
    rows = key_above(ax, ax.get_legend_handles_labels()[0])
    final = float(race.ahead[-1])
    ahead = names[0] if final > 0 else names[1]
    at = length.far(float(race.metres[-1]))
    notes = [
        f"At {at} {ahead} is {_short(abs(final))} ahead." if round(final) else f"At {at} they are level.",
    ]
    if abs(race.longer) > _ALIKE * race.metres[-1]:
        longer = names[0] if race.longer > 0 else names[1]
        notes.append(f"{longer} is {length.far(abs(race.longer))} longer.")
    return rows, notes


def _names(one: Recording, other: Recording) -> tuple[str, str]:
    """What to call them: their names and days, as far as they tell them apart."""
    names = one.heading("The first"), other.heading("The other")
    return names if names[0] != names[1] else (f"{names[0]} (1)", f"{names[1]} (2)")


def _ground(ax: Axes, recording: Recording, metres: Floats, x: Floats) -> None:
    """The altitude, faint, along the bottom."""
    altitude = recording.column("altitude")
    known = np.isfinite(altitude) & np.isfinite(recording.distance)
    if known.sum() < 2:
        return
    way = recording.distance[known]
    height = np.interp(metres, way - way[0], altitude[known])
    share = 0.04 + 0.2 * (height - height.min()) / max(float(np.ptp(height)), 40.0)
    ax.fill_between(
        x, share, transform=ax.get_xaxis_transform(), color="#e7eaed", linewidth=0, zorder=0, gid="ground"
    )


def _short(seconds: float) -> str:
    """A gap: "2:14", with hours where there are any."""
    text = clock(seconds)
    return text.removeprefix("0:").removeprefix("0") if seconds < 3600 else text
