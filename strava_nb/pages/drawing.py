"""Small drawings as SVG, whose colours are the page's: so that they are right in the dark and on paper.

What is drawn has no scale, no place and no words: those are the page's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..metrics.reading import Floats
from ..plots.courses import Courses
from ..plots.regions import densest, frame_of

_ACROSS = 1600
"""Units along the longer side of a map: finer than a screen's points."""

_UNSEEN, _TURNS = 0.35, 8
"""Units that a point may lie off the line that is drawn without it, and how often points are left out."""

_CELL, _GAP = 10, 2
_MONDAY = 3  # days from a Monday to 1 January 1970
_WIDE, _TALL = 1000, 320
_SHADES = 5


@dataclass(frozen=True, slots=True)
class Sketch:
    """Lines on a sheet of `size` (width, height), y down, and how many activities are on it and not."""

    lines: list[NDArray[np.int64]]
    size: tuple[int, int]
    drawn: int = 0
    elsewhere: int = 0


def sketch(courses: Courses, *, across: int = _ACROSS) -> Sketch | None:
    """Where most of the courses are, north up and in true proportions; None where there are none."""
    if not courses.pieces:
        return None
    region = densest(courses)
    there = np.flatnonzero(np.isin(courses.rows, region.inside)).tolist()
    near = courses.pieces[there[0]][0, 1]
    pieces = [courses.pieces[one] for one in there]
    pieces = [piece - (0.0, 360 * np.round((piece[0, 1] - near) / 360)) for piece in pieces]
    low, high = frame_of(pieces, least_tall=0.5)
    shrink = float(np.cos(np.radians((low[0] + high[0]) / 2)))
    span = (high - low) * (1, shrink)
    unit = across / float(span.max())
    right_and_up = ((np.concatenate(pieces) - low) * (1, shrink))[:, ::-1] * unit
    points, whose = _thinned(right_and_up, np.repeat(np.arange(len(pieces)), [len(one) for one in pieces]))
    places = np.rint(points).astype(np.int64)
    places[:, 1] = round(span[0] * unit) - places[:, 1]
    new = np.diff(whose, prepend=-1) != 0
    here = new | (np.diff(places, axis=0, prepend=0) != 0).any(axis=1)
    lines = [line for line in np.split(places[here], np.flatnonzero(new[here])[1:]) if len(line) > 1]
    size = round(span[1] * unit), round(span[0] * unit)
    return Sketch(lines, size, len(region.inside), len(region.outside))


def _thinned(points: Floats, whose: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """The points that show, and whose line each is: not those that lie on the way between their neighbours.

    Every other point is looked at, then the others, a few times over: of all lines at once, and much
    faster than what keeps the fewest points.
    """
    for turn in range(_TURNS):
        middle = np.arange(1 + turn % 2, len(points) - 1, 2)
        middle = middle[whose[middle - 1] == whose[middle + 1]]
        way, off = points[middle + 1] - points[middle - 1], points[middle] - points[middle - 1]
        square = (way * way).sum(axis=1)
        along = ((way * off).sum(axis=1) / np.where(square > 0, square, 1.0)).clip(0, 1)
        off -= along[:, None] * way
        stays = np.full(len(points), True)
        stays[middle[(off * off).sum(axis=1) <= _UNSEEN**2]] = False
        points, whose = points[stays], whose[stays]
    return points, whose


def only(courses: Courses, row: int) -> Courses:
    """The course of one row."""
    mine = np.flatnonzero(courses.rows == row)
    return Courses([courses.pieces[one] for one in mine.tolist()], courses.rows[mine])


def map_svg(drawn: Sketch, label: str, kind: str) -> str:
    """The lines of a sketch; `kind` is the class by which the page's style knows it."""
    wide, tall = drawn.size
    paths = "".join(f'<path d="{_path(line)}"/>' for line in drawn.lines)
    return f'<svg class="{kind}" viewBox="0 0 {wide} {tall}" role="img" aria-label="{label}">{paths}</svg>'


def year_svg(daily: Floats, year: int, until: int, label: str) -> str:
    """The days of a year as cells, a week a column, darker the more was done; those after `until` faint."""
    first = np.datetime64(f"{year:04}-01-01")
    number = np.arange(len(daily))
    weekday = (first.astype("int64") + _MONDAY + number) % 7
    column = (number + int(weekday[0])) // 7
    active = daily > 0
    shades = np.zeros(len(daily), np.int64)
    if active.any():
        top = float(np.quantile(daily[active], 0.95))
        shades[active] = np.clip(np.ceil(daily[active] / top * _SHADES), 1, _SHADES)
    step = _CELL + _GAP
    cells = "".join(
        f'<rect class="{"later" if one >= until else f"d{shade}"}" x="{x * step}" y="{y * step}"/>'
        for one, (shade, x, y) in enumerate(
            zip(shades.tolist(), column.tolist(), weekday.tolist(), strict=True)
        )
    )
    wide, tall = (int(column[-1]) + 1) * step - _GAP, 7 * step - _GAP
    return f'<svg class="days" viewBox="0 0 {wide} {tall}" role="img" aria-label="{label}">{cells}</svg>'


def month_places(year: int) -> list[tuple[str, float]]:
    """The months' names, and how far along a picture of the year's weeks each begins, from 0 to 1."""
    firsts = np.arange(f"{year:04}-01", f"{year + 1:04}-01", dtype="datetime64[M]").astype("datetime64[D]")
    since = (firsts - firsts[0]).astype(int) + int((firsts[0].astype("int64") + _MONDAY) % 7)
    return [(f"{one:%b}", week / 53) for one, week in zip(firsts.tolist(), since // 7, strict=True)]


def race_svg(now: Floats, before: Floats | None, label: str) -> str:
    """Two years' sums from 1 January on, over one another; the newer one filled, with a dot at its end."""
    whole = 366
    top = max(float(now.sum()), 0.0 if before is None else float(before.sum())) * 1.04 or 1.0

    def corners(daily: Floats) -> list[tuple[float, float]]:
        sums = np.concatenate(([0.0], np.cumsum(daily)))
        return [
            (round(at / whole * _WIDE, 1), round(_TALL - one / top * _TALL, 1))
            for at, one in enumerate(sums.tolist())
        ]

    def line(points: list[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)

    mine = corners(now)
    (x, y) = mine[-1]
    parts = [f'<path class="under" d="{line(mine)}L{x:g} {_TALL}L0 {_TALL}z"/>']
    if before is not None:
        parts.append(f'<path class="before" d="{line(corners(before))}"/>')
    parts.append(f'<path class="now" d="{line(mine)}"/><path class="end" d="M{x:g} {y:g}h0"/>')
    return (
        f'<svg class="race" viewBox="0 0 {_WIDE} {_TALL}" preserveAspectRatio="none" role="img" '
        f'aria-label="{label}">{"".join(parts)}</svg>'
    )


def _path(line: NDArray[np.int64]) -> str:
    x, y = line[0].tolist()
    steps = " ".join(map(str, np.diff(line, axis=0).ravel().tolist()))
    return f"M{x} {y}l" + steps.replace(" -", "-")  # a sign parts numbers as well as a space
