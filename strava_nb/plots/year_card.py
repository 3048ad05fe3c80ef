"""The picture of a year to post: one upright card, dark, with the lines of everywhere and four numbers.

No name of an activity is on it, and no place in words: it is for people who do not know its athlete.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..settings import DEMO_MARK
from .canvas import DEMO_BADGE

SIZE = (1080, 1350)
"""Points, four to five: what the usual networks show upright without cutting."""

_DPI = 100
_NIGHT, _BLUE, _GLOW, _PALE = "#101b3b", "#24407c", "#ffb454", "#b9c3dd"
_SHADES = ("#263764", "#7a4a2a", "#b8682a", "#f08c2a", "#ffb454", "#ffe0b0")
_WIDE, _DIGIT, _BETWEEN = 950.0, 32.0, 40.0
_FEW = 12
_MONDAY = 3  # days from a Monday to 1 January 1970
_FONTS = ("Avenir Next", "Helvetica Neue", "Inter", "Segoe UI", "Roboto", "Liberation Sans", "Arial")


@dataclass(frozen=True, slots=True)
class Card:
    """What is on the card: a year, lines on a sheet of `size` with y down, numbers with words, days."""

    title: str
    lines: Sequence[NDArray[np.int64]]
    size: tuple[int, int]
    numbers: Sequence[tuple[str, str]]
    daily: NDArray[np.float64]
    demo: bool


def year_card(card: Card) -> bytes:
    """The card as a PNG."""
    figure = Figure(figsize=(SIZE[0] / _DPI, SIZE[1] / _DPI), dpi=_DPI)
    FigureCanvasAgg(figure)
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, SIZE[0]), ylim=(SIZE[1], 0))
    page.axis("off")
    _night(page)
    font = _font()
    top = 660 if len(card.lines) else 260
    if len(card.lines):
        _lines(page, card)
    page.text(66, top, "My year", color=_PALE, fontsize=30, va="baseline", family=font)
    page.text(
        54, top + 270, card.title, color="white", fontsize=232, fontweight="bold", va="baseline", family=font
    )
    _numbers(page, card, top + 375, font)
    _days(page, card, 1160)
    if card.demo:
        page.text(
            1008, 80, DEMO_MARK, color="#6b4700", fontsize=20, fontweight="bold", ha="right", bbox=DEMO_BADGE
        )
    page.text(1014, 1312, "strava-nb", color="#8793b5", fontsize=15, ha="right", va="baseline", family=font)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    return out.getvalue()


def _night(page: Axes) -> None:
    y, x = np.mgrid[0:135, 0:108]
    away = np.hypot((x - 70) / 108 * 0.9, (y - 32) / 135) / 0.75
    shades = LinearSegmentedColormap.from_list("night", [_BLUE, _NIGHT])
    page.imshow(
        away.clip(0, 1),
        cmap=shades,
        extent=(0, SIZE[0], SIZE[1], 0),
        interpolation="bicubic",
        aspect="auto",
        zorder=0,
    )


def _lines(page: Axes, card: Card) -> None:
    left, upper, wide, tall = 70.0, 70.0, 940.0, 560.0
    unit = min(wide / card.size[0], tall / card.size[1])
    shift = (left + (wide - card.size[0] * unit) / 2, upper + (tall - card.size[1] * unit) / 2)
    low, high = np.array([0, 0]), np.array(card.size)
    lines = [line * unit + shift for line in card.lines if ((line >= low) & (line <= high)).all(axis=1).any()]
    for width, alpha in ((5.0, 0.05), (1.5, 0.42 if len(lines) > _FEW else 0.85)):
        drawn = LineCollection(lines, colors=_GLOW, linewidths=width, alpha=alpha, capstyle="round", zorder=2)
        page.add_collection(drawn, autolim=False)


def _numbers(page: Axes, card: Card, top: float, font: list[str]) -> None:
    """The numbers beside one another; without a map there is room for them two by two, and larger."""
    widths = [_DIGIT * len(number) + _BETWEEN for number, _ in card.numbers]
    apart = max(0.0, (_WIDE - sum(widths)) / len(widths))
    look: dict[str, Any] = {"va": "baseline", "family": font}
    for place, (number, words) in enumerate(card.numbers):
        if card.lines:
            x, y, larger = 66 + sum(widths[:place]) + apart * place, top, 1.0
        else:
            x, y, larger = 66 + place % 2 * 500, top + 70 + place // 2 * 200, 1.7
        page.text(x, y, number, color="white", fontsize=43 * larger, fontweight="bold", **look)
        page.text(x, y + 42 * larger, words, color=_PALE, fontsize=21 * larger, **look)


def _days(page: Axes, card: Card, top: float) -> None:
    first = np.datetime64(f"{int(card.title):04}-01-01").astype("int64")
    day = np.arange(len(card.daily))
    weekday = (first + _MONDAY + day) % 7
    week = (day + weekday[0]) // 7
    active = card.daily > 0
    level = np.zeros(len(day), int)
    if active.any():
        most = np.quantile(card.daily[active], 0.95)
        level[active] = np.clip(np.ceil(card.daily[active] / most * 5), 1, 5)
    step = _WIDE / 53
    page.scatter(
        66 + (week + 0.5) * step, top + (weekday + 0.5) * step, s=(step * 0.76 * 72 / _DPI) ** 2,
        marker="s", c=[_SHADES[one] for one in level.tolist()], linewidths=0, zorder=2,
    )  # fmt: skip


def _font() -> list[str]:
    present = set(font_manager.get_font_names())
    return [*(font for font in _FONTS if font in present), "DejaVu Sans"]
