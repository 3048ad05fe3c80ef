"""Days or hours as shaded cells: their shapes, their five shades, and which amounts have which.

Shared by the pictures that are such a grid, so that dark means much in all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from numpy.typing import NDArray

from .canvas import key_above
from .measures import Measure
from .style import GREY

Amounts = NDArray[np.float64]

SHADES = ("#b4dcdc", "#78bcc8", "#3a94ad", "#1a6591", "#142c66")
NOTHING = "#eceef1"
_NICE = (1, 2, 2.5, 5, 10)
_ROUND = ".10g"


@dataclass(frozen=True, slots=True)
class Scale:
    """Which shade an amount has: the edges between the five, an amount on an edge being above it."""

    edges: NDArray[Any]
    words: list[str]

    def shades(self, amounts: Amounts) -> NDArray[Any]:
        """The colour of each amount."""
        shades: NDArray[Any] = np.array(SHADES)[np.searchsorted(self.edges, amounts, side="right")]
        return shades


def scale_of(amounts: Amounts, measure: Measure) -> Scale:
    """Round edges, so that about one amount in twenty is darkest.

    Whole things are counted from one, what adds up is measured from zero, all else from where about one
    in twenty is lightest.
    """
    parts = len(SHADES)
    if measure.column is None:
        step = float(max(1, round(np.quantile(amounts, 0.95) / parts)))
        lows = 1 + step * np.arange(parts)
        ranges = [f"{low:g}" if step == 1 else f"{low:g}–{low + step - 1:g}" for low in lows[:-1]]
        return Scale(lows[1:], [*ranges, f"{lows[-1]:g} {measure.unit} or more"])
    if measure.how == "sum":
        low, high = 0.0, float(np.quantile(amounts[amounts > 0], 0.95))
    else:
        low, high = (float(one) for one in np.quantile(amounts, [0.05, 0.95]))
    step = _nice((high - low) / parts) if high > low else 1.0
    edges = np.floor(low / step) * step + step * np.arange(1, parts)
    ranges = [f"{a:,{_ROUND}}–{b:,{_ROUND}}" for a, b in pairwise(edges)]
    last = f"{edges[-1]:,{_ROUND}} {measure.unit}".rstrip()
    return Scale(edges, [f"under {edges[0]:,{_ROUND}}", *ranges, f"{last} or more"])


def draw_cells(ax: Axes, gid: str, columns: NDArray[Any], rows: NDArray[Any], colours: Any) -> None:
    """A square with soft corners at each column and row, as one artist that is known by its `gid`."""
    shapes = list(np.stack([columns, rows], axis=-1)[:, None, :] + _SQUARE)
    cells = PolyCollection(shapes, facecolors=colours)
    cells.set_gid(gid)
    ax.add_collection(cells, autolim=False)


def draw_key(ax: Axes, colours: Sequence[str], words: Sequence[str]) -> int:
    """What the shades mean, above the picture; the number of its rows."""
    swatches = [Patch(color=colour, label=word) for colour, word in zip(colours, words, strict=True)]
    return key_above(ax, swatches, fontsize=8.5, labelcolor=GREY, borderaxespad=0)


def _nice(aim: float) -> float:
    power = 10.0 ** np.floor(np.log10(aim))
    return float(power * min(_NICE, key=lambda nice: abs(np.log(power * nice / aim))))


def _soft_square(gap: float = 0.08, radius: float = 0.2, points: int = 5) -> Amounts:
    low, high = gap + radius, 1 - gap - radius
    centres = np.array([(high, high), (low, high), (low, low), (high, low)]).repeat(points, axis=0)
    turn = np.concatenate([np.linspace(quarter, quarter + 1, points) for quarter in range(4)]) * np.pi / 2
    outline: Amounts = centres + radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    return outline


_SQUARE = _soft_square()
