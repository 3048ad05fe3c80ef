"""The house style: one look and one colour a sport group, whatever the picture.

Styles are lent, not imposed: a plot draws inside `house_style()`, and the person's own matplotlib
settings are as before when it is done. They stand on matplotlib's defaults, not on those settings, so
that a picture looks the same on every computer and in every theme.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import matplotlib.pyplot as plt
from matplotlib import font_manager

from .colours import GREY, INK, SPORT_COLOURS

__all__ = ["GREY", "INK", "SPORT_COLOURS", "as_text", "house_style"]

_FALLBACK_FONTS: Final = (
    "Noto Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Symbola",
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic",
    "Hiragino Sans", "PingFang SC", "Arial Unicode MS",
)  # fmt: skip
"""Fonts for what DejaVu lacks, where the computer has them. Colour fonts are no use to matplotlib."""

_drawing = threading.RLock()
"""Styles are settings of the whole process: two threads at once would leave each other's behind."""


@contextmanager
def house_style() -> Iterator[None]:
    """A context in which figures and artists get the house style; one thread at a time is in it."""
    # Before the context, if it is not loaded yet: Jupyter's backend changes settings, which the context
    # would take back, and then no picture after the first would show.
    load_backend: Callable[[], None] = plt.draw_if_interactive
    load_backend()
    look: Any = ["default", "strava_nb.plots.strava_nb", {"font.family": list(_fonts())}]
    with _drawing, plt.style.context(look):
        yield


def as_text(text: str, *, most: int = 80) -> str:
    """A name or text of an athlete's as matplotlib draws it literally, on one line, of `most` characters.

    Dollars are escaped (two would be typeset as a formula), and what no font at hand can draw is left
    out, since matplotlib would warn and draw a box.
    """
    drawable = _drawable()
    text = "".join(character for character in text if ord(character) in drawable or character.isspace())
    text = " ".join(text.split())
    text = text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
    return text.replace("$", r"\$")


@cache
def _fonts() -> tuple[str, ...]:
    present = set(font_manager.get_font_names())
    return ("DejaVu Sans", *(font for font in _FALLBACK_FONTS if font in present))


@cache
def _drawable() -> frozenset[int]:
    paths = [font_manager.findfont(font) for font in _fonts()]
    return frozenset().union(*(font_manager.get_font(path).get_charmap() for path in paths))
