"""How long it was how hard."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from ..errors import BadInput
from ..metrics.reading import Floats, numbers
from ..metrics.samples import Samples
from ..metrics.zone_times import seconds_between
from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, dress, ends_of, entitle, new_axes, say
from .measures import known_units
from .recording import recording_of
from .style import GREY, INK, house_style

Kind = Literal["heartrate", "power"]

_STREAM = {"heartrate": ("heartrate", "bpm", "heart rate"), "power": ("watts", "W", "power")}
_RAMP = ("#cfdce6", "#9fc2cf", "#f0c987", "#e58f3f", "#c44e2f", "#8d2a3c", "#4f1a3d")
"""From easy to hard, lighter to darker: cool where it is easy, warm where it is not."""

_MOST = 12


def zones(
    table: pd.DataFrame,
    *,
    edges: Iterable[float] | pd.DataFrame | None = None,
    kind: Kind = "heartrate",
    activity: int | None = None,
    activities: pd.DataFrame | None = None,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Bars of the time in each zone, the hardest on top, with hours and minutes and the share of the whole.

    `table` is one of streams, whose zones begin at `edges`: what get_athlete_zones gave, or numbers such
    as (115, 135, 150, 165) in bpm or W, of which each is the first value of the next zone; or it is what
    `metrics.time_in_zones` gave, which knows its own. All activities in it are added up, unless `activity`
    names one; `activities`, the table that they belong to, then gives the title. A sample holds until
    the next, at most 25 s.

    Without a value in any sample there is a sentence; `units` changes nothing here. Raises BadTable for
    other tables, BadInput where edges are needed or do not rise, for another `kind` and for an activity
    that is not there.
    """
    known_units(units)
    if kind not in _STREAM:
        raise BadInput(f"There are no zones of {kind!r}.", 'Use kind="heartrate" or kind="power".')
    word = _STREAM[kind][2]
    title = f"Time in {word} zones"
    if isinstance(table, pd.DataFrame) and {"zone", "seconds", "low"} <= set(table.columns):
        bounds, seconds, many = _of_zone_times(table, activity)
    else:
        bounds = _edges(edges, kind)
        samples = Samples(table)
        cut = slice(0, len(samples))
        many = int((samples.sums(np.isfinite(samples.column(_STREAM[kind][0]))) > 0).sum())
        if activity is not None:
            recording = recording_of(table, activity, activities)
            cut, many = samples.cuts()[samples.ids.tolist().index(activity)], 1
            title = recording.heading(title) if recording else title
        values, held = samples.column(_STREAM[kind][0])[cut], samples.seconds[cut]
        seconds = seconds_between(np.where(np.isfinite(values), values, np.nan), held, bounds)
    with house_style():
        ax = ax if ax is not None else new_axes(8, 1.3 + 0.42 * max(len(seconds), 3))
        if not seconds.any():
            say(ax, f"There is no {word} in these samples.")
            notes = []
        else:
            dress(ax)
            _draw(ax, bounds, seconds, _STREAM[kind][1])
            notes = [f"{_hours(float(seconds.sum()))} h with {word}."]
            if many > 1:
                notes.append(f"{many:,} activities together.")
        entitle(ax, title, demo=is_demo(table))
        annotate_below(ax, notes)
    return ax


def _edges(given: Any, kind: Kind) -> Floats:
    to_do = "Give edges=get_athlete_zones(source), or numbers that rise, such as edges=(115, 135, 150, 165)."
    if given is None:
        raise BadInput("Zones need to know where they begin.", to_do)
    if isinstance(given, pd.DataFrame):
        lows = [name for name in ("low", "min") if name in given]
        own = given[given["kind"].astype("object") == kind] if "kind" in given else given
        if not lows or not len(own):
            raise BadInput(f"This table has no zones of {_STREAM[kind][2]}.", to_do)
        given = [low for low in numbers(own, lows[0]).tolist() if low > 0]
    try:
        edges = np.array([float(one) for one in given])
    except (TypeError, ValueError):
        raise BadInput("The edges of zones are numbers.", to_do) from None
    rise = bool((np.diff(np.concatenate(([0.0], edges))) > 0).all())
    if not 1 <= len(edges) < _MOST or not np.isfinite(edges).all() or not rise:
        raise BadInput("The edges of zones rise from above 0, and are at most eleven.", to_do)
    return edges


def _of_zone_times(table: pd.DataFrame, activity: int | None) -> tuple[Floats, Floats, int]:
    """Edges, seconds and the number of activities of what time_in_zones gave."""
    if activity is not None:
        table = table[(table["activity_id"] == activity).fillna(False).astype(bool)]
        if not len(table):
            raise BadInput(f"Activity {activity} is not in this table.", "Give the id of one that is.")
    zone, low = numbers(table, "zone"), numbers(table, "low")
    numbered: NDArray[np.int64] = zone.astype(np.int64)
    size = int(numbered.max()) if len(numbered) else 0
    seconds = np.bincount(numbered - 1, np.nan_to_num(numbers(table, "seconds")), size).astype(np.float64)
    latest = [low[numbered == one][0] if (numbered == one).any() else np.nan for one in range(2, size + 1)]
    moved = any(np.ptp(low[numbered == one]) > 0 for one in range(1, size + 1) if (numbered == one).any())
    many = int(table["activity_id"].nunique()) if "activity_id" in table else 1
    return np.full(len(latest), np.nan) if moved else np.array(latest, np.float64), seconds, many


def _draw(ax: Axes, bounds: Floats, seconds: Floats, unit: str) -> None:
    count = len(seconds)
    ax.barh(np.arange(count), seconds / 60, height=0.74, color=shades_of(count))
    whole = float(seconds.sum())
    for place, amount in enumerate(seconds.tolist()):
        ax.annotate(
            f"{_hours(amount)}  ·  {_percent(amount / whole)}", (amount / 60, place), (6, 0),
            textcoords="offset points", va="center", fontsize=9.5, color=INK if amount else GREY, gid="told",
        )  # fmt: skip
    ax.set_yticks(np.arange(count), labels_of(bounds, unit))
    ax.tick_params(axis="y", labelcolor=INK)
    ax.set_ylim(-0.6, count - 0.4)
    ax.set_xlim(0, float(seconds.max()) / 60 * ends_of(ax, before=0, after=1.35)[1])
    ax.xaxis.set_major_locator(NullLocator())
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)


def shades_of(count: int) -> list[str]:
    """The colours of so many zones, the easiest first."""
    if count <= 5:  # the darkest two are for those who have seven
        return list(_RAMP[:count])
    return [_RAMP[round(one * (len(_RAMP) - 1) / (count - 1))] for one in range(count)]


def labels_of(bounds: Floats, unit: str) -> list[str]:
    """What the zones between these bounds are called, NaN where a bound was not always the same."""
    if not len(bounds):
        return ["Z1"]
    if not np.isfinite(bounds).all():  # they were not the same for all activities
        return [f"Z{number}" for number in range(1, len(bounds) + 2)]
    between = [f"{low:,.10g}–{high:,.10g}" for low, high in pairwise(bounds.tolist())]
    words = [f"under {bounds[0]:,.10g}", *between, f"{bounds[-1]:,.10g} {unit} or more"]
    return [f"Z{number}   {word}" for number, word in enumerate(words, start=1)]


def _hours(seconds: float) -> str:
    """h:mm, and what is less than a minute as such."""
    minutes = round(seconds / 60)
    return "< 1 min" if 0 < seconds < 30 else f"{minutes // 60}:{minutes % 60:02}"


def _percent(part: float) -> str:
    return "< 1 %" if 0 < part < 0.005 else f"{part:.0%}".replace("%", " %")
