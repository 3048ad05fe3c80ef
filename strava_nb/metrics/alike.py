"""How alike courses are, of many at once: what `ways` asks of geometry.

A file of its own because it is arrays alone: one course after another, thousands would take half a minute.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .reading import Floats

POINTS, _FEW = 96, 8
"""Places along each course that are asked for, and those of them that are asked first."""

_DEGREE = 111_195.0
_AT_ONCE = 64
"""Courses whose distances to another one fit into a processor's cache."""

_MIDDLE = 0.03
"""Share of its length by which a course's middle moves at most, where a tenth of it leads elsewhere."""


class AlikeCourses:
    """Courses of at least two places each, and what of one another they are within `tolerance` metres.

    Two may be alike if of each at least `share` is, and their lengths are within `length` of one another.
    """

    def __init__(
        self, courses: Sequence[Floats], metres: Floats, *, tolerance: float, share: float, length: float
    ) -> None:
        self._tolerance, self._share, self._differ = tolerance, share, length
        sizes = np.array([len(one) for one in courses])
        starts = np.cumsum(sizes) - sizes
        corners = np.concatenate(courses)
        # Over the date line longitudes go on past 180, as np.unwrap has it, for all courses at once.
        turns = np.round(np.diff(corners[:, 1], prepend=corners[:1, 1]) / 360)
        turns[starts] = 0
        turns = np.cumsum(turns)
        corners[:, 1] -= 360 * (turns - np.repeat(turns[starts], sizes))
        shrink = np.cos(np.radians(corners[starts, 0]))
        steps = np.diff(corners, axis=0, prepend=corners[:1]) * _DEGREE
        gone = np.hypot(steps[:, 0], steps[:, 1] * np.repeat(shrink, sizes))
        gone[starts] = 0
        along = np.cumsum(gone)
        along -= np.repeat(along[starts], sizes)
        long = along[starts + sizes - 1]
        self._between = long / (POINTS - 1)
        self.lengths = np.where(metres > 0, metres, long)
        # Where each course is in the row of all, in steps of its own, so that one search finds places on all.
        row = np.arange(len(courses)) * (POINTS + 1.0)
        place = along / np.repeat(np.where(long > 0, self._between, 1.0), sizes) + np.repeat(row, sizes)
        asked = (row[:, None] + np.arange(POINTS)).ravel()
        self._points = np.stack([np.interp(asked, place, corners[:, i]) for i in (0, 1)], axis=1)
        self._points = self._points.reshape(-1, POINTS, 2)
        edges = (row[:, None] + np.arange(POINTS + 1) - 0.5).ravel()
        found = np.searchsorted(place, edges, side="right").reshape(-1, POINTS + 1) - 1
        self._pieces = found.clip(starts[:, None], (starts + sizes - 2)[:, None])
        self._corners = corners
        lows, highs = (bound.reduceat(corners, starts) for bound in (np.minimum, np.maximum))
        self._extents = np.concatenate([lows, highs, self._points.mean(axis=1)], axis=1)

    def shares(self, first: int, others: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
        """Those of the others that may be alike to the first, and the lesser share that each two have."""
        others = self._likely(first, others)
        parts = [
            self._lesser_shares(first, others[at : at + _AT_ONCE]) for at in range(0, len(others), _AT_ONCE)
        ]
        return others, np.concatenate([np.zeros(0), *parts])

    def _likely(self, first: int, others: NDArray[np.int64]) -> NDArray[np.int64]:
        """The others that may be alike by length, extent and middle."""
        lengths, own = self.lengths[others], self.lengths[first]
        others = others[np.abs(lengths - own) <= self._differ * np.maximum(lengths, own)]
        off_course = np.array([self._differ] * 4 + [_MIDDLE] * 2) * self.lengths[others, None]
        allowed = (self._tolerance + off_course) / _DEGREE
        allowed[:, 1::2] /= np.maximum(np.cos(np.radians(self._extents[others, :1])), 0.01)
        off = np.abs((self._extents[others] - self._extents[first] + 180) % 360 - 180)
        likely: NDArray[np.int64] = others[(off <= allowed).all(axis=1)]
        return likely

    def _lesser_shares(self, first: int, others: NDArray[np.int64]) -> Floats:
        origin = self._points[first, 0]
        own = self._flat(self._points[first], origin)
        theirs = self._flat(self._points[others], origin)
        shares = np.zeros(len(others))
        few = self._reached(_squares(theirs[:, :: POINTS // _FEW], own), self._between[first])
        there = np.flatnonzero(few.sum(axis=1) >= self._share * _FEW - 1)
        squares = _squares(theirs[there], own)
        firsts = np.full(len(there), first)
        shares[there] = self._near(firsts, theirs[there], squares, origin)
        back = shares[there] >= self._share
        there, squares = there[back], squares[back].transpose(0, 2, 1)
        points = np.broadcast_to(own, (len(there), *own.shape))
        shares[there] = np.minimum(shares[there], self._near(others[there], points, squares, origin))
        return shares

    def _near(self, courses: NDArray[np.int64], points: Floats, squares: Floats, origin: Floats) -> Floats:
        """Of each set of points the share that lies within the tolerance of the course beside it.

        A course lies within half a step of the places along it: so much nearer or farther than the tolerance
        may a place be that does not decide. Only around such places its own corners are looked at.
        """
        least = squares.min(axis=2)
        close = least <= self._tolerance**2
        reach = (self._tolerance + self._between[courses] / 2) ** 2
        decided = ((least <= reach[:, None]).mean(axis=1) < self._share)[:, None] | close
        which, point = np.nonzero(~decided)
        near = np.flatnonzero(squares[which, point] <= reach[which, None])
        which, point, place = which[near // POINTS], point[near // POINTS], near % POINTS
        begin, end = (self._pieces[courses[which], place + one] for one in (0, 1))
        many = end - begin + 1
        pair = np.repeat(np.arange(len(many)), many)
        piece = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many) + begin[pair]
        start = self._flat(self._corners[piece], origin)
        step = self._flat(self._corners[piece + 1], origin) - start
        off = points[which, point][pair] - start
        square = (step * step).sum(axis=1)
        part = np.divide((off * step).sum(axis=1), square, out=np.zeros_like(square), where=square > 0)
        off -= part.clip(0, 1)[:, None] * step
        there = pair[(off * off).sum(axis=1) <= self._tolerance**2]
        close[which[there], point[there]] = True
        share: Floats = close.mean(axis=1)
        return share

    def _reached(self, squares: Floats, between: float) -> NDArray[np.bool_]:
        reached: NDArray[np.bool_] = squares.min(axis=2) <= (self._tolerance + between / 2) ** 2
        return reached

    def _flat(self, degrees: Floats, origin: Floats) -> Floats:
        """Metres north and east of a place, on a plane that touches the earth there."""
        off = degrees - origin
        off[..., 1] = ((off[..., 1] + 180) % 360 - 180) * np.cos(np.radians(origin[0]))
        flat: Floats = off * _DEGREE
        return flat


def _squares(points: Floats, others: Floats) -> Floats:
    """The squares of the distances of each point of each set to each of the others."""
    # Single precision is a centimetre on a hundred kilometres, and half the work.
    points, others = points.astype(np.float32), others.astype(np.float32)
    north, east = (points[:, :, None, axis] - others[:, axis] for axis in (0, 1))
    north *= north
    east *= east
    north += east
    return north
