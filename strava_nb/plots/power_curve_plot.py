"""The best power over every duration, season beside season."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..errors import BadInput
from ..metrics.power import CriticalPower
from ..metrics.power_curves import critical_power
from ..metrics.reading import needed, numbers
from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, dress, entitle, new_axes, say
from .measures import known_units
from .seasons import By, key, log_ticks, looks, seasons_of, tell
from .style import GREY, INK, SPORT_COLOURS, house_style

_TICKS = {
    1.0: "1 s", 60.0: "1 min", 3600.0: "1 h", 300.0: "5 min", 1200.0: "20 min", 5.0: "5 s", 15.0: "15 s",
    600.0: "10 min", 30.0: "30 s", 120.0: "2 min", 7200.0: "2 h", 14_400.0: "4 h", 2.0: "2 s",
    1800.0: "30 min",
}  # fmt: skip
"""Durations that people speak of, those first that are spoken of most."""

_TOLD = (5.0, 60.0, 300.0, 1200.0, 3600.0)
_FITTED = 120.0
"""Seconds from which on the model of critical power means anything."""


def power_curve(
    table: pd.DataFrame, *, by: By = "year", ax: Axes | None = None, units: Units = "metric"
) -> Axes:
    """The best mean power over each duration, a line a year (or season), the newest strong.

    `table` is that of `metrics.mean_maximal_power`, made with `activities`, or rows of it; time goes
    along a logarithmic axis. `by="season"` has a line for each three months. The dashes are P = CP + W′/t
    through the newest line's best of 2 to 20 minutes, and CP is written beside them: with few hard
    efforts in the table it is too low. The five newest lines are drawn; an empty table gives a sentence.
    `units` changes nothing here: watts are watts. Raises BadTable for another table, BadInput for another
    `by` or `units`.
    """
    known_units(units)
    table = needed(table, "duration", "power", what="power by duration", verb="metrics.mean_maximal_power")
    known = (numbers(table, "duration") > 0) & np.isfinite(numbers(table, "power"))
    rows = table[known]
    seasons, notes = seasons_of(rows, by)
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4.8)
        key_rows = 0
        if not seasons:
            say(ax, "There is no power in this table.")
        else:
            dress(ax)
            handles, best = [], dict[float, float]()
            for season, look in zip(seasons, looks(len(seasons), SPORT_COLOURS["Ride"]), strict=True):
                best = _best(rows[season.rows])
                handles += ax.plot(
                    list(best), list(best.values()), label=season.name or "Best", gid="season", **look
                )
            _scale(ax, rows)
            critical = _critical(rows[seasons[-1].rows])
            if critical:
                handles += _fitted(ax, critical, seasons[-1].name)
                notes = [_told(critical, seasons[-1].name), *notes]
            key_rows = key(ax, handles)
            _tell(ax, best, critical)
        entitle(ax, "Power curve", demo=is_demo(table), above=key_rows)
        annotate_below(ax, notes)
    return ax


def _best(rows: pd.DataFrame) -> dict[float, float]:
    """The best power over each duration, the shortest first."""
    durations, powers = numbers(rows, "duration"), numbers(rows, "power")
    return {float(duration): float(powers[durations == duration].max()) for duration in np.unique(durations)}


def _critical(rows: pd.DataFrame) -> CriticalPower | None:
    """What is fitted through the rows, or None where they do not hold enough, or nothing sensible."""
    try:
        found = critical_power(rows)
    except BadInput:
        return None
    return found if found.power > 0 and found.work > 0 else None


def _fitted(ax: Axes, critical: CriticalPower, name: str) -> list[Any]:
    high = ax.get_xlim()[1]
    seconds = np.geomspace(_FITTED, max(high, 2 * _FITTED), 60)
    (line,) = ax.plot(
        seconds, critical.at(seconds), color=INK, linestyle=(0, (4, 2.5)), linewidth=1.4, zorder=5,
        label=f"Critical power {name}".strip(), gid="critical power",
    )  # fmt: skip
    ax.axhline(critical.power, color=GREY, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1.5)
    ax.annotate(
        f"CP {critical.power:.0f} W", (0, critical.power), (4, 3), xycoords=("axes fraction", "data"),
        textcoords="offset points", fontsize=9, color=GREY,
    )  # fmt: skip
    return [line]


def _told(critical: CriticalPower, name: str) -> str:
    when = f" in {name}" if name else ""
    return (
        f"Critical power{when}: {critical.power:.0f} W, and {critical.work / 1000:.1f} kJ above it, "
        f"through {critical.efforts} bests of 2 to 20 minutes (± {critical.error:.0f} W)."
    )


def _scale(ax: Axes, rows: pd.DataFrame) -> None:
    durations, powers = numbers(rows, "duration"), numbers(rows, "power")
    log_ticks(ax, _TICKS, float(durations.min()) / 1.12, float(durations.max()) * 1.35)
    ax.set_ylim(0, max(float(powers.max()) * 1.12, 1.0))
    ax.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    ax.set_ylabel("W", color=GREY)


def _tell(ax: Axes, best: dict[float, float], critical: CriticalPower | None) -> None:
    told = {seconds: best[seconds] for seconds in _TOLD if seconds in best}
    if told:
        ax.plot(
            list(told),
            list(told.values()),
            "o",
            color=SPORT_COLOURS["Ride"],
            markersize=6,
            markeredgecolor="white",
            zorder=6,
        )
    for seconds, power in told.items():
        below = critical is not None and seconds >= _FITTED and power < critical.at(seconds)
        tell(ax, seconds, power, f"{power:.0f} W", above=not below, colour=SPORT_COLOURS["Ride"])
