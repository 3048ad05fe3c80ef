"""Which season each row is of, and how seasons beside one another look: for curves that compare them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib.patheffects as outlines
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from ..errors import BadInput
from .canvas import key_above, width_of
from .chosen import said
from .measures import moments
from .style import GREY, INK

By = Literal["year", "season"]
Amounts = NDArray[np.float64]

MOST = 5
EARLIER = ("#56b4e9", "#2b8f78", "#b79bd6", "#b4bac1")
"""Of earlier seasons, the newest of them first."""

_MONTHS = {"year": 12, "season": 3}


@dataclass(frozen=True, slots=True)
class Season:
    """A season's name, and which rows are of it."""

    name: str
    rows: NDArray[np.bool_]


def seasons_of(rows: pd.DataFrame, by: str) -> tuple[list[Season], list[str]]:
    """The newest seasons, the newest last, and a note on earlier ones.

    Years are calendar years, seasons three months from December, March, June or September on. Rows of no
    date are of no season; where no row has one, all are one season without a name.
    """
    if by not in _MONTHS:
        raise BadInput(f"There are no curves by {by!r}.", 'Use by="year" or by="season".')
    absent = np.full(len(rows), np.datetime64("NaT", "us"))
    began = moments(rows["start_date_local"]) if "start_date_local" in rows else absent
    dated = ~np.isnat(began)
    if not dated.any():
        return ([Season("", ~dated)] if len(began) else []), []
    months = began.astype("datetime64[M]").astype("int64") + (1 if by == "season" else 0)
    numbers = np.where(dated, months // _MONTHS[by], np.iinfo(np.int64).min)
    there = np.unique(numbers[dated])
    notes = [
        *said(len(there[:-MOST]), f"earlier {by} is", f"earlier {by}s are", "not drawn"),
        *said(int((~dated).sum()), "value has", "values have", "no date"),
    ]
    return [Season(_name(int(number), by), numbers == number) for number in there[-MOST:]], notes


def looks(count: int, newest: str) -> Iterator[dict[str, Any]]:
    """How to draw each of so many seasons' lines, the newest last: in its own colour, and wider."""
    for back in range(count - 1, -1, -1):
        if back:
            yield {"color": EARLIER[(back - 1) % len(EARLIER)], "linewidth": 1.7, "zorder": 3 - back * 0.1}
        else:
            yield {"color": newest, "linewidth": 3.0, "zorder": 4}


def key(ax: Axes, handles: list[Any]) -> int:
    """The legend above the picture; return the number of its rows."""
    return key_above(ax, handles, handlelength=1.6)


def tell(ax: Axes, x: float, y: float, words: str, *, above: bool = True, colour: str = INK) -> None:
    """Write a value beside its point."""
    text = ax.annotate(
        words, (x, y), (0, 9 if above else -9), textcoords="offset points", ha="center",
        va="bottom" if above else "top", fontsize=9, fontweight="bold", color=colour, zorder=7, gid="told",
    )  # fmt: skip
    text.set_path_effects([outlines.withStroke(linewidth=3, foreground="white")])


def log_ticks(ax: Axes, ticks: dict[float, str], low: float, high: float) -> None:
    """A logarithmic axis from one to another, with these ticks where they have room."""
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    ax.xaxis.set_minor_locator(NullLocator())
    apart = np.log(high / low) * 0.62 / max(width_of(ax), 1)
    shown: list[float] = []
    for tick in sorted((one for one in ticks if low <= one <= high), key=list(ticks).index):
        if all(abs(np.log(tick / other)) >= apart for other in shown):
            shown.append(tick)
    shown.sort()
    ax.set_xticks(shown, [ticks[tick] for tick in shown])
    ax.grid(visible=True, axis="x", color=ax.yaxis.get_gridlines()[0].get_color(), linewidth=0.8)
    ax.tick_params(axis="x", labelcolor=GREY)


def _name(number: int, by: str) -> str:
    if by == "year":
        return str(1970 + number)
    first, last = (np.datetime64(number * 3 - 1 + month, "M").astype(object) for month in (0, 2))
    if first.year != last.year:
        return f"{first:%b} {first.year}–{last:%b} {last.year}"
    return f"{first:%b}–{last:%b} {last.year}"
