"""Four pictures for a page that is not a notebook: its own text around them, its own width, no pyplot.

Apart from the plots because a page says titles and notes in its own letters, which break their lines on a
phone and can be read aloud, and because it may ask from any thread: nothing here is matplotlib's global.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..metrics.reading import local_days, needed
from ..settings import DEMO_MARK
from ..tables.readable_table import Units, is_demo
from .calendar_plot import calendar
from .canvas import DEMO_BADGE
from .clock_plot import clock
from .routes_overlay_plot import routes_overlay
from .sports_plot import sports
from .style import house_style
from .volume_plot import volume

PICTURES: Final = 4
"""How many there are."""

_A_PIXEL = 1 / 112
"""Inches of a pixel: smaller ones than pages have, so that letters are about as large as the page's."""

_FINE = 2
"""Dots a pixel: screens are that fine today."""

_NARROWEST, _WIDEST = 400, 1100
"""Pixels: narrower pictures are drawn as wide as this and made smaller, for their letters stay as large."""

_BADGE = 20
"""Pixels under a picture, for its demo mark."""

_A_YEAR, _MANY_YEARS = 400, 12 * 366
_WORDS = 160
"""Pixels for the words under a picture while it is drawn, which are taken off then."""

_BANDS = 3


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture as PNG, and what belongs around it: a title, and sentences about what it counts."""

    png: bytes
    title: str
    notes: str


def page_picture(table: pd.DataFrame, number: int, *, width: int, units: Units = "metric") -> PagePicture:
    """One of the four pictures (0 to 3) of a table of activities, for a place `width` pixels wide.

    How much there was, where, on which days and at which hours. Where no activity has a course, the second
    one tells of the sports. Raises BadTable for a table that is not one of activities.
    """
    needed(table, "start_date_local", what="activities", verb="get_activities")
    draw, share, more = (_amounts, _places, _days, _hours)[number](table, units)
    demo = is_demo(table)
    wide = min(max(width, _NARROWEST), _WIDEST)
    tall = wide * share + more + _BADGE * demo
    with house_style():
        figure = Figure(figsize=(wide * _A_PIXEL, (tall + _WORDS) * _A_PIXEL), layout="constrained")
        FigureCanvasAgg(figure)
        ax = figure.add_subplot()
        draw(ax)
        title, notes = _words_of(ax)
        figure.set_figheight(tall * _A_PIXEL)
        if demo:  # A picture is taken off a page more easily than the page's words.
            figure.set_layout_engine("constrained", rect=(0, _BADGE / tall, 1, 1 - _BADGE / tall))
            figure.text(
                1 - 6 / wide, 6 / tall, DEMO_MARK, ha="right", va="bottom", fontsize=6.5, fontweight="bold",
                color="#6b4700", bbox=DEMO_BADGE,
            )  # fmt: skip
        out = io.BytesIO()
        dpi = _FINE * min(width, _WIDEST) / wide / _A_PIXEL
        figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return PagePicture(out.getvalue(), title, notes)


_Drawing = tuple[Callable[[Axes], Axes], float, int]
"""What draws on an axes, and how tall that is: a share of the width, and so many pixels more."""


def _amounts(table: pd.DataFrame, units: Units) -> _Drawing:
    days = local_days(table)
    days = days[~np.isnat(days)]
    span = int((days.max() - days.min()).astype(int)) if len(days) else 0
    by: Literal["week", "month", "year"] = (
        "week" if span <= _A_YEAR else "month" if span <= _MANY_YEARS else "year"
    )
    return lambda ax: volume(table, by=by, ax=ax, units=units), 0.58, 30


def _places(table: pd.DataFrame, units: Units) -> _Drawing:
    if "polyline" in table and table["polyline"].notna().any():
        return lambda ax: routes_overlay(table, ax=ax, units=units), 0.58, 30
    return lambda ax: sports(table, ax=ax, units=units), 0.58, 30


def _days(table: pd.DataFrame, units: Units) -> _Drawing:
    years = table["start_date_local"].dt.year
    newest = table[(years > years.max() - _BANDS).fillna(value=False)]
    spans = newest["start_date_local"].max() - newest["start_date_local"].min()
    bands = newest["start_date_local"].dt.year.nunique()
    if bands == 2 and spans < pd.Timedelta(days=365):
        bands = 1

    def draw(ax: Axes) -> Axes:
        calendar(newest, ax=ax, units=units)
        if len(newest) < years.notna().sum():
            ax.set_xlabel(f"{ax.get_xlabel()} These are the newest {_BANDS} years.")
        return ax

    return draw, 0.15 * max(bands, 1), 56


def _hours(table: pd.DataFrame, units: Units) -> _Drawing:
    return lambda ax: clock(table, ax=ax, units=units), 0.25, 56


def _words_of(ax: Axes) -> tuple[str, str]:
    """The title and the notes, taken off with the demo mark: the page says them."""
    said = [" ".join(words.replace(r"\$", "$").split()) for words in (ax.get_title("left"), ax.get_xlabel())]
    ax.set_title("", loc="left")
    ax.set_xlabel("")
    for artist in list(ax.texts):
        if artist.get_gid() == "demo":
            artist.remove()
    return said[0], said[1]
