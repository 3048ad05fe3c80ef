"""Every route as a small shape of its own, one after the other, as on a sheet of stamps."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ..metrics.reading import Floats
from ..tables.readable_table import Units, is_demo
from ..tables.sports import GROUPS
from .canvas import annotate_below, bare, entitle, key_above, say
from .chosen import chosen
from .courses import Courses, courses_of, flat
from .measures import groups_of, known_units, moments
from .style import SPORT_COLOURS, house_style

_FILLED = 0.84
"""The share of its cell that a route may have, across and up."""

_WIDE, _TALL = 9.0, 12.0
_CELLS = ((24, 6), (60, 10), (150, 14), (400, 20), (1000, 28))
"""Up to how many routes there are how many in a row."""

_POINTS_AN_INCH = 120


def routes_grid(
    table: pd.DataFrame,
    *,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    hide: bool = True,
    figure: Figure | None = None,
    units: Units = "metric",
) -> Figure:
    """A figure with every route as a small multiple, the oldest first, in the colour of its sport group.

    Each is north up, in true proportions, and as large as its cell: a lap of the lake is as large as a
    crossing of the Alps. Courses are those of the summaries, so no call is made. With `hide`, 200 m
    around start and end are left out as in files and maps, since such sheets get posted; `hide=False`
    draws all. It is drawn into `figure` where one is given.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. `units` changes nothing here. Raises BadTable for a table that is not one of
    activities, BadInput for other `units`.
    """
    known_units(units)
    needs = ("start_date_local", "sport_group", "polyline")
    these = chosen(table, *needs, commute=commute, indoor=indoor, private=private)
    rows = in_order(these.rows)
    courses = courses_of(rows["polyline"], hide=hide)
    count = len(courses.numbers)
    columns = columns_for(count)
    with house_style():
        if figure is None:
            height = 1.2 + _WIDE / columns * -(-count // columns) if count else 2.4
            size = (_WIDE, min(2 * _TALL, max(2.4, height)))
            figure = plt.figure(figsize=size, layout="constrained")
        ax = figure.subplots()
        sentence = these.sentence or ("" if count else "No activity in this table has a course.")
        title = "1 route" if count == 1 else f"{count:,} routes"
        rows_above = 0
        if sentence:
            say(ax, sentence)
        else:
            bare(ax)
            draw_routes(ax, courses, groups_of(rows), columns)
            rows_above = _key(ax, groups_of(rows)[courses.numbers])
        entitle(ax, "Routes" if sentence else title, demo=is_demo(table), above=rows_above)
        annotate_below(ax, [*these.notes, *courses.notes] if not these.sentence else these.notes)
    return figure


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, the oldest first, those without a date last."""
    return rows.iloc[np.argsort(moments(rows["start_date_local"]), kind="stable")]


def columns_for(count: int, *, wide: float = _WIDE, tall: float | None = None) -> int:
    """How many routes there are in a row: by their number, or so that all fit into so many inches."""
    if tall is not None:
        columns = max(1, int(np.sqrt(count * wide / tall)))
        while -(-count // columns) * wide / columns > tall:
            columns += 1
        return columns
    columns = next((columns for most, columns in _CELLS if count <= most), 0)
    return min(columns or round(float(np.sqrt(count))), max(count, 3))


def draw_routes(ax: Axes, courses: Courses, groups: NDArray[np.object_], columns: int) -> None:
    """Draw each route into its cell, cells being one wide and one high, the first at the top left."""
    numbers = courses.numbers
    lines, colours = list[Floats](), list[str]()
    figure = ax.get_figure(root=True)
    inches = (figure.get_size_inches()[0] if figure else _WIDE) / columns
    most = max(24, int(inches * _POINTS_AN_INCH))
    first, last = (np.searchsorted(courses.rows, numbers, side=side) for side in ("left", "right"))
    for cell, (low, high) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        pieces = courses.pieces[low:high]
        shapes = _shapes(pieces, most)
        corner = np.array([cell % columns + 0.5, cell // columns + 0.5])
        lines += [corner + shape * (1, -1) for shape in shapes]
        colours += [SPORT_COLOURS[groups[numbers[cell]]]] * len(shapes)
    width = float(np.clip(1.5 * np.sqrt(inches), 0.45, 1.8))
    ax.add_collection(
        LineCollection(
            lines, colors=colours, linewidths=width, capstyle="round", joinstyle="round", gid="routes"
        ),
        autolim=False,
    )
    ax.set_xlim(0, columns)
    ax.set_ylim(-(-len(numbers) // columns), 0)
    ax.set_aspect("equal", anchor="NW")


def _shapes(pieces: list[Floats], most: int) -> list[Floats]:
    """A course about its own middle, as large as its cell allows, of few points."""
    origin = pieces[0][0]
    metres = [flat(piece, origin) for piece in pieces]
    together = np.concatenate(metres)
    low, high = together.min(axis=0), together.max(axis=0)
    scale = _FILLED / max(float((high - low).max()), 1.0)
    step = max(1, -(-len(together) // most))
    return [(piece[_kept(len(piece), step)] - (low + high) / 2) * scale for piece in metres]


def _kept(count: int, step: int) -> NDArray[np.int64]:
    """Every so manieth point, and the last."""
    kept = np.arange(0, count, step)
    return kept if kept[-1] == count - 1 else np.append(kept, count - 1)


def _key(ax: Axes, groups: NDArray[np.object_]) -> int:
    counted = {group: int((groups == group).sum()) for group in GROUPS}
    handles = [
        Line2D([], [], color=SPORT_COLOURS[group], linewidth=3, label=f"{group} {count:,}")
        for group, count in counted.items()
        if count
    ]
    return key_above(ax, handles)
