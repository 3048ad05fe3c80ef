"""What every picture shares: its axes, its title with the demo mark, its notes, its empty state."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from ..settings import DEMO_MARK
from .style import GREY, INK

DEMO_BADGE = {"boxstyle": "round,pad=0.35,rounding_size=0.4", "facecolor": "#ffe3a3", "edgecolor": "none"}

_LETTERS_AN_INCH = 15.5
"""Of notes, on the average."""

_LINE_INCHES = 0.17


def new_axes(width: float, height: float) -> Axes:
    """The axes of a new figure of that many inches."""
    _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def width_of(ax: Axes) -> float:
    """The width of an axes in inches."""
    figure = ax.get_figure(root=True)
    return ax.get_window_extent().width / figure.dpi if figure else 0.0


def dress(ax: Axes) -> None:
    """Give any axes the house's spines, ticks and grid; ticks made later, when drawing, get them too."""
    rc = plt.rcParams
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(rc["axes.edgecolor"])
    look = {"color": rc["xtick.color"], "labelcolor": GREY, "labelsize": rc["xtick.labelsize"]}
    ax.tick_params(axis="x", length=rc["xtick.major.size"], **look)
    ax.tick_params(axis="y", length=rc["ytick.major.size"], **look)
    ax.grid(visible=False, axis="x")
    ax.grid(visible=True, axis="y", color=rc["grid.color"], linewidth=rc["grid.linewidth"])
    ax.set_axisbelow(True)


def bare(ax: Axes) -> None:
    """Take everything off an axes that draws its own scales."""
    ax.spines[:].set_visible(False)
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)


def entitle(ax: Axes, title: str, *, demo: bool, pad: float = 10) -> None:
    """Write the title, with the demo mark beside it where the rows are the demo athlete's."""
    text = ax.set_title(title, loc="left", pad=pad, color=INK)
    if demo:
        badge = ax.annotate(
            DEMO_MARK, (1, 0.5), (11, 0), xycoords=text, textcoords="offset points", va="center",
            fontsize=8.5, fontweight="bold", color="#6b4700", bbox=DEMO_BADGE,
        )  # fmt: skip
        badge.set_gid("demo")


def annotate_below(ax: Axes, notes: Iterable[str], *, grow: bool = False) -> None:
    """Write sentences under the picture, small: what it counts and what it leaves out.

    A line ends where the next sentence would be cut off at the picture's edge; in a narrow picture
    sentences are broken. With `grow` the figure, if it is the picture's own, gets as much higher as lines
    after the first one need: those whose scales are equal do not make room by themselves.
    """
    most = max(60, int(width_of(ax) * _LETTERS_AN_INCH))
    lines: list[str] = []
    for note in notes:
        longer = f"{lines[-1]}   {note}" if lines else note
        if len(longer) <= most:
            lines[-1:] = [longer]
        else:
            lines += wrap(note, most, break_long_words=False)
    ax.set_xlabel("\n".join(lines), loc="left", labelpad=8, color=GREY, fontsize=8.5)
    figure = ax.get_figure(root=True)
    if grow and figure and len(lines) > 1:
        figure.set_figheight(figure.get_figheight() + _LINE_INCHES * (len(lines) - 1))


def say(ax: Axes, sentence: str) -> None:
    """Put a sentence where the picture would be, for a table that has nothing to draw."""
    bare(ax)
    ax.text(
        0.5,
        0.5,
        sentence,
        transform=ax.transAxes,
        ha="center",
        va="center",
        color=GREY,
        fontsize=11,
        wrap=True,
    )
