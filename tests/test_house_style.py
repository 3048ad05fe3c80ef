"""The house style: colours that every eye tells apart, names as they are, white whatever the theme."""

from __future__ import annotations

import io
import itertools
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from trained import MONDAY, lab, record, table_of

from strava_nb import plots
from strava_nb.plots.canvas import new_axes
from strava_nb.plots.style import as_text

pytestmark = pytest.mark.usefixtures("figures_are_closed")


SIGHTS = {
    "all colours": np.eye(3),
    "no red": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "no green": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "no blue": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_colours_of_the_groups_are_told_apart_by_every_eye(sight: str) -> None:
    seen = {}
    for group, colour in plots.SPORT_COLOURS.items():
        rgb = np.array(to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        seen[group] = lab(SIGHTS[sight] @ linear)
    nearest = min(float(np.linalg.norm(seen[a] - seen[b])) for a, b in itertools.combinations(seen, 2))
    assert nearest > 20


@pytest.mark.parametrize("plot", [plots.volume, plots.calendar])
def test_a_figure_is_white_whatever_the_persons_theme(plot: Any) -> None:
    with plt.style.context("dark_background"):
        ax = plot(table_of(record(1, MONDAY)))
        saved = io.BytesIO()
        ax.figure.savefig(saved, facecolor=ax.figure.get_facecolor())
    corner = plt.imread(io.BytesIO(saved.getvalue()))[0, 0]
    assert list(corner[:3]) == [1.0, 1.0, 1.0]
    assert to_hex(ax.title.get_color()) != "#ffffff"


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Loop for $5 & $6", "Loop for $5 & $6"),
        ("\\$ 3^2 $x_1$", "\\$ 3^2 $x_1$"),
        ("  two\nlines\t", "two lines"),
        ("<b>bold</b> \x00 Café", "<b>bold</b> Café"),
    ],
)
def test_a_name_is_drawn_literally(name: str, drawn: str) -> None:
    ax = new_axes(2, 2)
    text: Any = ax.text(0, 0, as_text(name))
    ax.figure.canvas.draw()
    assert text._preprocess_math(text.get_text()) == (drawn, False)


def test_an_emoji_that_no_font_has_is_left_out() -> None:
    assert as_text("Étape \U0001fae8 🚴") in {"Étape", "Étape 🚴", "Étape \U0001fae8 🚴"}


def test_a_long_name_is_cut() -> None:
    assert as_text("x" * 100, most=40) == "x" * 39 + "…"


@settings(max_examples=20)
@given(st.text(max_size=60))
def test_any_name_is_drawn_without_a_warning(name: str) -> None:
    figure = Figure()
    FigureCanvasAgg(figure)
    drawn = figure.text(0, 0, as_text(name))
    assert np.isfinite(drawn.get_window_extent().bounds).all()
