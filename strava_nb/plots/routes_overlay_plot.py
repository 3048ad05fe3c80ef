"""Everywhere in one picture, darker the more often one was there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from numpy.typing import NDArray

from ..metrics.reading import Floats
from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, bare, entitle, new_axes, say
from .cells import SHADES, draw_key
from .chosen import chosen, said
from .courses import Courses, courses_of
from .measures import known_units
from .regions import Region, densest, frame_of
from .route_plot import scale_bar
from .signals import Length
from .style import house_style

_ACROSS = 1100
"""Cells along the longer side: about as many as a picture has pixels."""

_AT_ONCE = 2_000_000
_SAMPLES_A_CELL = 1.2
_TIMES = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000)
_BRUSH = tuple(
    (down, right, weight)
    for down, row in enumerate(((0.2, 0.6, 0.2), (0.6, 1.0, 0.6), (0.2, 0.6, 0.2)), start=-1)
    for right, weight in enumerate(row, start=-1)
)


def routes_overlay(
    table: pd.DataFrame,
    *,
    commute: bool | None = None,
    indoor: bool | None = None,
    private: bool | None = None,
    hide: bool = True,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """All courses over one another, north up and in true proportions, darker the more activities were there.

    An activity counts once at a place, however often it passed. Where courses lie in several regions
    (home, a holiday), the one with the most activities is drawn, and a note says what is elsewhere: rows
    of the table that are there draw it. Courses are those of the summaries, so no call is made.
    With `hide`, 200 m around start and end are left out as in files and maps, since where all lines meet
    one lives; `hide=False` draws all. x and y are degrees of longitude and latitude.

    `commute`, `indoor` (trainer, treadmill, virtual) and `private` are None for all activities, True for
    only those, False for all but those. Doubles are not counted. Notes say what is left out; an empty
    table gives a sentence. Raises BadTable for a table that is not one of activities, BadInput for
    other `units`.
    """
    known_units(units)
    these = chosen(table, "polyline", commute=commute, indoor=indoor, private=private)
    courses = courses_of(these.rows["polyline"], hide=hide)
    count = len(courses.numbers)
    sentence = these.sentence or ("" if count else "No activity in this table has a course.")
    notes = these.notes if these.sentence else [*these.notes, *courses.notes]
    with house_style():
        above = 0
        if sentence:
            ax = ax if ax is not None else new_axes(7.5, 4)
            say(ax, sentence)
        else:
            region = densest(courses)
            here, rows = _near(courses, region)
            low, high = frame_of(here, least_tall=0.45)
            shrink = float(np.cos(np.radians((low[0] + high[0]) / 2)))
            tall = (high[0] - low[0]) / ((high[1] - low[1]) * shrink)
            ax = ax if ax is not None else new_axes(*_size(tall))
            bare(ax)
            ax.set_aspect(1 / shrink, anchor="NW")
            ax.set(xlim=(low[1], high[1]), ylim=(low[0], high[0]))
            counts = _counts(here, rows, low, high, tall)
            above = _draw(ax, counts, (low[1], high[1], low[0], high[0]))
            scale_bar(ax, Length(units))
            notes = [*_told(region, Length(units)), *notes]
        entitle(ax, "Everywhere", demo=is_demo(table), above=above)
        annotate_below(ax, notes)
    return ax


def _size(tall: float) -> tuple[float, float]:
    """Inches of a figure of that height over its width."""
    width = 8.4 if tall < 0.8 else 7.5
    return width, width * tall + 1.0


def _near(courses: Courses, region: Region) -> tuple[list[Floats], NDArray[np.int64]]:
    """The pieces in the region, on one side of the date line, and whose row each is."""
    there = np.flatnonzero(np.isin(courses.rows, region.inside))
    pieces = [courses.pieces[one] for one in there.tolist()]
    near = float(np.median([piece[0, 1] for piece in pieces[:1]]))
    return [piece - (0.0, 360 * np.round((piece[0, 1] - near) / 360)) for piece in pieces], courses.rows[
        there
    ]


def _counts(
    pieces: list[Floats], rows: NDArray[np.int64], low: Floats, high: Floats, tall: float
) -> NDArray[np.int32]:
    """How many activities were in each cell of the picture, the southernmost row first."""
    longer = max(tall, 1.0)
    size = np.array([round(_ACROSS * tall / longer), round(_ACROSS / longer)])
    counts = np.zeros(int(size.prod()), np.int32)
    sizes = np.array([len(piece) for piece in pieces])
    places = (np.concatenate(pieces) - low) / (high - low) * size
    within = np.full(len(places), True)
    within[np.cumsum(sizes) - 1] = False
    begin, end = places[within], places[1:][within[:-1]]
    whose = np.repeat(rows, sizes - 1)
    seen = ((np.maximum(begin, end) >= 0) & (np.minimum(begin, end) < size)).all(axis=1)
    begin, step, whose = begin[seen], (end - begin)[seen], whose[seen]
    samples = np.ceil(np.abs(step).max(axis=1) * _SAMPLES_A_CELL).astype(np.int64).clip(1)
    for part in _parts(whose, samples):
        each = samples[part]
        which = np.repeat(np.arange(len(each)), each)
        share = (np.arange(len(which)) - (np.cumsum(each) - each)[which]) / each[which]
        up, right = (begin[part, axis][which] + share * step[part, axis][which] for axis in (0, 1))
        inside = (up >= 0) & (up < size[0]) & (right >= 0) & (right < size[1])
        cells = up[inside].astype(np.int64) * size[1] + right[inside].astype(np.int64)
        of = whose[part][which[inside]]
        for own in np.split(cells, np.flatnonzero(np.diff(of)) + 1):
            counts[own] += 1  # once, however often a cell is in it
    return counts.reshape(size)


def _parts(whose: NDArray[np.int64], samples: NDArray[np.int64]) -> Iterable[slice]:
    """Slices of whole activities that together have about so many samples as fit into memory."""
    borders = np.concatenate(([0], np.flatnonzero(np.diff(whose)) + 1, [len(whose)]))
    gone = np.concatenate(([0], np.cumsum(samples)))[borders]
    start = 0
    while start < len(borders) - 1:
        end = max(int(np.searchsorted(gone, gone[start] + _AT_ONCE, side="right")) - 1, start + 1)
        yield slice(int(borders[start]), int(borders[end]))
        start = end


def _draw(ax: Axes, counts: NDArray[np.int32], extent: tuple[float, float, float, float]) -> int:
    brushed, cover = np.zeros(counts.shape), np.zeros(counts.shape)
    tall, wide = counts.shape
    padded = np.pad(counts, 1)
    for down, right, weight in _BRUSH:
        moved = padded[1 + down : 1 + down + tall, 1 + right : 1 + right + wide]
        brushed = np.maximum(brushed, moved)
        cover = np.maximum(cover, weight * (moved > 0))
    most = max(int(counts.max()), 1)
    busy = max(float(np.quantile(counts[counts > 0], 0.995)) if most > 1 else 1.0, 2.0)
    shades = LinearSegmentedColormap.from_list("house density", SHADES)
    norm = LogNorm(1 if most > 1 else 1 / busy, busy)  # what is alone is not pale
    ax.imshow(
        np.maximum(brushed, 1), cmap=shades, norm=norm, alpha=cover, extent=extent, origin="lower",
        aspect=ax.get_aspect(), interpolation="antialiased", gid="density",
    )  # fmt: skip
    ax.set(xlim=extent[:2], ylim=extent[2:])
    marks = [times for times in _TIMES if times <= min(busy, most)]
    marks = [marks[round(one)] for one in np.linspace(0, len(marks) - 1, min(5, len(marks)))]
    colours = ["#{:02x}{:02x}{:02x}".format(*shades(norm(one), bytes=True)[:3]) for one in marks]
    words = ["once" if one == 1 else f"{one:,} times" for one in marks]
    if most > marks[-1]:
        words[-1] = "once or more" if marks[-1] == 1 else f"{marks[-1]:,} times and more"
    return draw_key(ax, colours, words)


def _told(region: Region, length: Length) -> Iterable[str]:
    count = len(region.inside)
    yield f"{count:,} {'activity' if count == 1 else 'activities'}."
    if len(region.outside):
        near, far = (f"{one / length.metres:,.0f}" for one in (region.away.min(), region.away.max()))
        where = f"{near} {length.unit}" if near == far else f"{near} to {far} {length.unit}"
        places = "another region" if region.places == 1 else f"{region.places:,} other regions"
        yield from said(
            len(region.outside), "activity is", "activities are", f"in {places}, {where} away, and not drawn"
        )
