"""The best pace over every distance, season beside season."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from ..metrics.reading import Floats, needed, numbers
from ..tables.readable_table import METRES, Units, clock, is_demo, pace
from .canvas import annotate_below, dress, entitle, new_axes, say
from .measures import known_units
from .seasons import By, key, log_ticks, looks, seasons_of, tell
from .style import GREY, SPORT_COLOURS, house_style

_TICKS = {
    5000.0: "5 km", 10_000.0: "10 km", 21_097.0: "half", 42_195.0: "marathon", 1000.0: "1 km", 1609.0: "1 mi",
    400.0: "400 m", 3219.0: "2 mi", 50_000.0: "50 km", 15_000.0: "15 km", 30_000.0: "30 km",
    16_090.0: "10 mi", 805.0: "½ mi", 20_000.0: "20 km",
}  # fmt: skip
"""Distances that people run, the ones first that are run most."""

_TOLD = {
    "metric": (1000.0, 5000.0, 10_000.0, 21_097.0, 42_195.0),
    "imperial": (1609.0, 5000.0, 10_000.0, 21_097.0, 42_195.0),
}
_STEPS = (5, 10, 15, 20, 30, 60, 120, 300, 600)


def pace_curve(
    table: pd.DataFrame, *, by: By = "year", ax: Axes | None = None, units: Units = "metric"
) -> Axes:
    """The fastest pace over each distance, a line a year (or season), the newest strong, fast at the top.

    `table` is that of `metrics.best_efforts`, made with `activities`, or rows of it; paces are of the
    elapsed time, pauses and all. `by="season"` has a line for each three months. Written beside the
    newest line are its times. A year in which nobody raced shows how fast the training was. The five
    newest lines are drawn; an empty table gives a sentence. Raises BadTable for another table,
    BadInput for another `by` or `units`.
    """
    known_units(units)
    table = needed(table, "distance", "elapsed_time", what="best efforts", verb="metrics.best_efforts")
    rows = table[(numbers(table, "distance") > 0) & (numbers(table, "elapsed_time") > 0)]
    seasons, notes = seasons_of(rows, by)
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4.8)
        key_rows = 0
        if not seasons:
            say(ax, "There are no best efforts in this table.")
        else:
            dress(ax)
            handles, best = [], dict[float, float]()
            paces = list[float]()
            for season, look in zip(seasons, looks(len(seasons), SPORT_COLOURS["Run"]), strict=True):
                best = _best(rows[season.rows])
                each = [seconds / metres * METRES[units] for metres, seconds in best.items()]
                paces += each
                handles += ax.plot(
                    list(best), each, "o-", markersize=4, label=season.name or "Best", gid="season", **look
                )
            _scale(ax, numbers(rows, "distance"), np.array(paces), units)
            if len(handles) > 1 or seasons[-1].name:
                key_rows = key(ax, handles)
            for metres in _TOLD[units]:
                if metres in best:
                    seconds = best[metres]
                    tell(ax, metres, seconds / metres * METRES[units], _time(seconds))
        entitle(ax, "Pace curve", demo=is_demo(table), above=key_rows)
        annotate_below(ax, notes)
    return ax


def _best(rows: pd.DataFrame) -> dict[float, float]:
    """The least seconds over each distance, the shortest first."""
    metres, seconds = numbers(rows, "distance"), numbers(rows, "elapsed_time")
    return {float(one): float(seconds[metres == one].min()) for one in np.unique(metres)}


def _scale(ax: Axes, metres: Floats, paces: Floats, units: Units) -> None:
    log_ticks(ax, _TICKS, float(metres.min()) / 1.12, float(metres.max()) * 1.25)
    fast, slow = float(paces.min()), float(paces.max())
    spare = max((slow - fast) * 0.12, 6.0)
    ax.set_ylim(slow + spare, fast - spare * 1.6)
    step = next((one for one in _STEPS if (slow - fast + 2 * spare) / one <= 7), 1200)
    ax.yaxis.set_major_locator(FixedLocator(np.arange(0, slow + spare, step).tolist()))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda seconds, _: pace(seconds)))
    ax.set_ylabel(f"min/{'km' if units == 'metric' else 'mi'}", color=GREY)


def _time(seconds: float) -> str:
    """m:ss, or h:mm:ss from an hour on."""
    return clock(seconds) if seconds >= 3600 else pace(seconds)
