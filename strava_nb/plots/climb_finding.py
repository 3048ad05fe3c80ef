"""Where an activity climbs: out of distance and altitude alone, without any picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..metrics.reading import Floats

LEAST_LENGTH, LEAST_GRADE, LEAST_GAIN = 500.0, 3.0, 35.0
"""What counts: metres, percent on average, metres up. 3,500 = length · percent is Garmin's ClimbPro."""

_STEP = 20.0
_SMOOTH = 5
"""Steps over which altitude is averaged: a barometer moves in steps, GPS altitude wanders."""

_LEVEL = 0.015
"""A gradient below which a way does not climb: it ends a climb as a descent does, if it goes on."""

_DIP, _SHARE = 12.0, 0.1
"""What a climb may lose and still be one: so many metres, or that share of what was gained so far."""


@dataclass(frozen=True, slots=True)
class Climb:
    """From where to where (metres of the way) and from what to what height (metres)."""

    start: float
    end: float
    low: float
    high: float

    @property
    def length(self) -> float:
        """Metres of the way."""
        return self.end - self.start

    @property
    def gain(self) -> float:
        """Metres from foot to top."""
        return self.high - self.low

    @property
    def grade(self) -> float:
        """Percent on average."""
        return 100 * self.gain / self.length


def climbs(distance: Floats, altitude: Floats) -> list[Climb]:
    """The climbs in the order in which they come: 500 m or longer, 35 m or higher, 3 % or steeper.

    A climb ends where the way loses more than 12 m, or a tenth of what it has gained, against a level
    that itself rises by 1.5 %: so a long flat stretch ends it too. `distance` does not go backwards;
    what is NaN in either is left out.
    """
    known = np.isfinite(distance) & np.isfinite(altitude)
    way, height = distance[known], altitude[known]
    if len(way) < 2 or way[-1] - way[0] < LEAST_LENGTH:
        return []
    along = np.arange(way[0], way[-1] + _STEP, _STEP).clip(max=way[-1])
    even = np.interp(along, way, height)
    padded = np.pad(even, _SMOOTH // 2, mode="edge")
    smooth = np.convolve(padded, np.full(_SMOOTH, 1 / _SMOOTH), mode="valid")
    found = [_exactly(along, even, foot, top) for foot, top in _rises(smooth - _LEVEL * along) if top > foot]
    return [
        climb
        for climb in found
        if climb.length >= LEAST_LENGTH and climb.gain >= LEAST_GAIN and climb.grade >= LEAST_GRADE
    ]


def _exactly(along: Floats, height: Floats, foot: int, top: int) -> Climb:
    """The climb from where it is lowest to where it is highest, which smoothing has blurred."""
    near = _SMOOTH // 2
    first, last = max(foot - near, 0), min(top + near, len(along) - 1)
    around = height[first : foot + near + 1]
    foot = first + len(around) - 1 - int(np.argmin(around[::-1]))  # the last of the lowest
    top = max(top - near, foot) + int(np.argmax(height[max(top - near, foot) : last + 1]))
    return Climb(float(along[foot]), float(along[top]), float(height[foot]), float(height[top]))


def _rises(heights: Floats) -> list[tuple[int, int]]:
    """Foot and top of each rise that a dip ends."""
    rises: list[tuple[int, int]] = []
    foot = top = 0
    values = heights.tolist()
    for here, height in enumerate(values):
        if height > values[top]:
            top = here
        elif values[top] - height > max(_DIP, _SHARE * (values[top] - values[foot])):
            rises.append((foot, top))
            foot = top = here
        elif height <= values[foot]:
            foot = top = here
    rises.append((foot, top))
    return rises
