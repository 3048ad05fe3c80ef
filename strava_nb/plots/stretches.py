"""Splits and laps as both pictures of them read them: speeds, lengths, and an axis that says paces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ..errors import BadInput
from ..metrics.reading import Floats, needed, numbers, ratio
from ..metrics.samples import NO_ID
from ..tables.readable_table import is_demo
from .canvas import dress
from .recording import heading_of, row_of
from .signals import Signal, signals
from .style import GREY

FOOT = 0.72
"""From which share of the slowest speed bars begin: a pace has no zero."""

_SCRAP = 0.2
"""Of the usual time of a lap or split: what is shorter sets no scale and gets no words."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """One activity's splits or laps in their order; speeds in the signal's unit (a pace as m/s)."""

    id: int
    row: pd.Series[Any] | None
    demo: bool
    index: Floats
    speed: Floats
    level: Floats
    seconds: Floats
    metres: Floats
    climb: Floats

    @property
    def telling(self) -> NDArray[np.bool_]:
        """Which have a speed and are no scrap, such as the seconds between the last lap and the stop."""
        there = (self.speed > 0) & np.isfinite(self.speed)
        usual = np.nanmedian(self.seconds[there]) if np.isfinite(self.seconds[there]).any() else 0.0
        long = there & ~(self.seconds < _SCRAP * usual)
        return long if long.any() else there

    def heading(self, otherwise: str) -> str:
        """Its title as matplotlib draws it."""
        return heading_of(self.row, otherwise)


def stretches_of(
    table: Any, order: str, activities: pd.DataFrame | None, units: str, *, what: str, verb: str
) -> tuple[list[Stretches], Signal]:
    """Each activity's stretches, in the table's order, and the signal that their speeds are read by.

    They are paces where `activities` says so, or where speeds are known that make up for the gradient,
    which runs and walks alone have. Raises BadTable for another table.
    """
    table = needed(table, "activity_id", order, what=what, verb=verb)
    level = numbers(table, "average_grade_adjusted_speed")
    ids = table["activity_id"].to_numpy("int64", na_value=NO_ID)
    rows = {one: row_of(activities, one) for one in dict.fromkeys(ids.tolist())}
    groups = {str(row["sport_group"]) for row in rows.values() if row is not None and "sport_group" in row}
    on_foot = bool(groups & {"Run", "Walk"}) or (not groups and np.isfinite(level).any())
    signal = signals(units, "Run" if on_foot else groups.pop() if groups else "")["speed"]
    seconds = numbers(table, "moving_time")
    seconds = np.where(seconds > 0, seconds, numbers(table, "elapsed_time"))
    metres = numbers(table, "distance")
    speed = numbers(table, "average_speed")
    speed = np.where(np.isfinite(speed), speed, ratio(metres, seconds))
    found = []
    for number, row in rows.items():
        own = np.flatnonzero((ids == number) & np.isfinite(numbers(table, order)))
        own = own[np.argsort(numbers(table, order)[own], kind="stable")]
        found.append(
            Stretches(
                number,
                row,
                is_demo(table.iloc[own]),
                numbers(table, order)[own],
                speed[own] / signal.per_unit,
                level[own] / signal.per_unit,
                seconds[own],
                metres[own],
                numbers(table, "elevation_difference")[own],
            )
        )
    return found, signal


def chosen(found: list[Stretches], activity: int, what: str) -> Stretches:
    """The activity's stretches. Raises BadInput where they are not there."""
    for one in found:
        if one.id == activity:
            return one
    raise BadInput(
        f"Activity {activity} is not in these {what}.", f"Give the id of one whose {what} these are."
    )


def speed_axis(ax: Axes, signal: Signal, lowest: float, highest: float) -> float:
    """Dress the axes for speeds between these two; the foot of the bars is returned."""
    dress(ax)
    foot = lowest * FOOT
    ax.set_ylim(foot, highest + (highest - foot) * 0.14)
    if signal.pace_over:
        ax.set_yticks(signal.pace_ticks(foot, highest, most=5))
    else:
        ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: signal.written(value)))
    ax.set_ylabel(f"{signal.title}, {signal.unit}", color=GREY)
    return foot
