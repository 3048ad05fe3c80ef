"""What every picture shares: its axes, its title with the demo mark, its notes, its empty state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend import Legend

from ..settings import DEMO_MARK
from .style import GREY, INK

DEMO_BADGE = {"boxstyle": "round,pad=0.35,rounding_size=0.4", "facecolor": "#ffe3a3", "edgecolor": "none"}

_LETTERS_AN_INCH = 15.5
"""Of notes, on the average."""

_ROOMY, _SMALLEST = 6.0, 0.8
"""Inches of width from which letters have their full size, and the least that is left of it."""

_BESIDE, _ABOVE = 0.7, 0.9
"""Inches that ticks, titles and notes take of a cell of a figure."""

_TITLE_INCHES, _BADGE_INCHES = 0.129, 0.9
"""Of a letter of a title, and of the demo mark beside it."""

_SMALLER_TITLE = 0.82
_SAID_AN_INCH = 9
"""Letters of a sentence that stands where a picture would."""

_LETTER = 0.0086
"""Inches of a letter of a legend a point of its size."""

_LINE_INCHES = 0.17


def new_axes(width: float, height: float) -> Axes:
    """The axes of a new figure of that many inches."""
    _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def shrink_of(ax: Axes) -> float:
    """The share of their size that letters have in an axes: in a narrow one they are smaller."""
    return float(np.clip(_inches(ax)[0] / _ROOMY, _SMALLEST, 1.0))


def width_of(ax: Axes) -> float:
    """The width of an axes in inches, of which its letters take those that they take at full size."""
    return _inches(ax)[0] / shrink_of(ax)


def height_of(ax: Axes) -> float:
    """Its height, likewise."""
    return _inches(ax)[1] / shrink_of(ax)


def _inches(ax: Axes) -> tuple[float, float]:
    """Width and height as they are, or as they will be once the layout has made room for the words."""
    figure, cell = ax.get_figure(root=True), ax.get_subplotspec()
    if figure is None:
        return _ROOMY, _ROOMY
    if cell is not None and figure.get_layout_engine() is not None:
        grid = cell.get_gridspec()
        wide, tall = figure.get_size_inches() * (
            len(cell.colspan) / grid.ncols,
            len(cell.rowspan) / grid.nrows,
        )
        return max(float(wide) - _BESIDE, 1.0), max(float(tall) - _ABOVE, 0.6)
    box = ax.get_window_extent()
    return box.width / figure.dpi, box.height / figure.dpi


def ticks_for(ax: Axes, most: int, *, apart: float = 0.75) -> int:
    """How many ticks with words so many inches apart there is room for along an axes."""
    return max(2, min(most, int(width_of(ax) / apart)))


def ends_of(ax: Axes, *, before: float, after: float) -> tuple[float, float]:
    """From where to where an axes goes so that bars from 0 to 1 have so many inches for words around them."""
    bars = max(width_of(ax) - before - after, 0.25 * width_of(ax))
    return -before / bars, 1 + after / bars


def dress(ax: Axes) -> None:
    """Give any axes the house's spines, ticks and grid; ticks made later, when drawing, get them too."""
    rc = plt.rcParams
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(rc["axes.edgecolor"])
    size = float(rc["xtick.labelsize"]) * shrink_of(ax)
    look = {"color": rc["xtick.color"], "labelcolor": GREY, "labelsize": size}
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


def key_above(ax: Axes, handles: Sequence[Any], **look: Any) -> int:
    """The legend above the picture, in as many columns as there is room for; the number of its rows."""
    size = float(look.get("fontsize", plt.rcParams["legend.fontsize"]))
    full = size / 72 / shrink_of(ax)  # what lies between letters does not get smaller with them
    beside = (float(look.get("handlelength", 1.0)) + 0.5) * full
    most = max(8, int((width_of(ax) - beside) / (_LETTER * size)))
    words = [_cut(_plain(str(handle.get_label())), most) for handle in handles]
    wide = [beside + _LETTER * size * len(word) for word in words]
    between = 1.4 * full

    def taken(columns: int) -> float:
        parts = np.array_split(np.array(wide), columns)
        return sum(float(part.max()) for part in parts) + between * (columns - 1)

    columns = next((many for many in range(len(wide), 1, -1) if taken(many) <= width_of(ax)), 1)
    columns = -(-len(wide) // -(-len(wide) // columns))  # rows of one length
    settings = {"borderaxespad": 0.3, "borderpad": 0} | look
    ax.legend(
        handles,
        [_escaped(word) for word in words],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        **settings,
    )
    return -(-len(wide) // columns)


def entitle(ax: Axes, title: str, *, demo: bool, above: int = 0) -> None:
    """Write the title over so many rows of a legend, beside it the demo mark where the rows are a demo's.

    Where it is too long for the picture it gets smaller, then two lines, then an end.
    """
    shrink, title = shrink_of(ax), _plain(title)
    most = int((width_of(ax) - (_BADGE_INCHES if demo else 0.0)) / _TITLE_INCHES)
    size = float(plt.rcParams["axes.titlesize"]) * shrink
    if len(title) > most:
        size *= max(most / len(title), _SMALLER_TITLE)
        most = max(12, int(most / _SMALLER_TITLE))
        lines = wrap(title, most)
        title = "\n".join([*lines[:1], *(_cut(" ".join(lines[1:]), most) for _ in lines[1:2])])
    pad = (11 + 17 * above if above else 10) * shrink
    text = ax.set_title(_escaped(title), loc="left", pad=pad, color=INK, fontsize=size)
    if demo:
        badge = ax.annotate(
            DEMO_MARK, (1, 0.5), (11, 0), xycoords=text, textcoords="offset points", va="center",
            fontsize=8.5 * shrink**2, fontweight="bold", color="#6b4700", bbox=DEMO_BADGE,
        )  # fmt: skip
        badge.set_gid("demo")


def annotate_below(ax: Axes, notes: Iterable[str], *, grow: bool = False) -> None:
    """Write sentences under the picture, small: what it counts and what it leaves out.

    A line ends where the next sentence would be cut off at the picture's edge; in a narrow picture
    sentences are broken. With `grow` the figure, if it is the picture's own, gets as much higher as lines
    after the first one need: those whose scales are equal do not make room by themselves. It is a picture's
    last word: letters that are too large for a small one get smaller.
    """
    _fit_letters(ax)
    most = max(30, int(width_of(ax) * _LETTERS_AN_INCH))
    lines: list[str] = []
    for note in notes:
        longer = f"{lines[-1]}   {note}" if lines else note
        if len(longer) <= most:
            lines[-1:] = [longer]
        else:
            lines += wrap(note, most, break_long_words=False)
    ax.set_xlabel("\n".join(lines), loc="left", labelpad=8, color=GREY, fontsize=8.5 * shrink_of(ax))
    figure = ax.get_figure(root=True)
    if grow and figure and len(lines) > 1:
        figure.set_figheight(figure.get_figheight() + _LINE_INCHES * (len(lines) - 1))
    elif figure and ax.get_aspect() != "auto" and (engine := figure.get_layout_engine()):
        engine.execute(figure)  # It finds its place in two steps, and one whose scales are equal needs three.


def _fit_letters(ax: Axes) -> None:
    shrink = shrink_of(ax)
    if shrink == 1:
        return
    keys = [one for one in ax.get_children() if isinstance(one, Legend)]
    texts = [*ax.texts, ax.yaxis.label, *(text for one in ax.child_axes for text in one.texts)]
    for text in (*texts, *(text for one in keys for text in one.get_texts())):
        if text.get_gid() != "demo":
            text.set_fontsize(float(text.get_fontsize()) * shrink)


def _plain(words: str) -> str:
    return words.replace(r"\$", "$")


def _escaped(words: str) -> str:
    """The words with every dollar escaped, so that no two of them begin and end a formula."""
    return _plain(words).replace("$", r"\$")


def _cut(words: str, most: int) -> str:
    """The words, or as many of their letters as there may be."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def say(ax: Axes, sentence: str) -> None:
    """Put a sentence where the picture would be, for a table that has nothing to draw."""
    bare(ax)
    ax.text(
        0.5,
        0.5,
        "\n".join(wrap(sentence, max(16, int(width_of(ax) * _SAID_AN_INCH)))),
        transform=ax.transAxes,
        ha="center",
        va="center",
        color=GREY,
        fontsize=11,
    )
