"""What a gradient costs: grade-adjusted speed, and the gradient out of a barometer's steps."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ..errors import BadInput
from ..tables.derived_streams import gradients
from .reading import Floats

Model = Literal["strava", "minetti"]

_GRADES = np.array([-20.0, -10.0, -5.0, 0.0, 5.0, 10.0])
_FACTORS = np.array([1.08, 0.88, 0.90, 1.0, 1.19, 1.45])
_MINETTI = (155.4, -30.4, -43.3, 46.3, 19.5, 3.6)
_STEEPEST = 0.45


def grade_factor(grade: ArrayLike, model: Model = "strava") -> Floats:
    """By how much a gradient (in percent) makes a runner's metre dearer than a level one: 1 is level.

    "strava": a monotone cubic through 1.45 at +10 %, 1.19 at +5 %, 1 at 0, 0.90 at −5 %, 0.88 at −10 %
    and 1.08 at −20 %, held constant beyond, read off the curve that Strava showed in 2017. "minetti":
    the cost of running measured up to ±45 %, over that of level running: (155.4 i⁵ − 30.4 i⁴ − 43.3 i³
    + 46.3 i² + 19.5 i + 3.6) / 3.6, held constant beyond. Sources: Strava Engineering, An Improved GAP
    Model, 2017; Minetti et al., J. Appl. Physiol. 93, 2002. Raises BadInput for another model.
    """
    percent = np.asarray(grade, np.float64)
    if model == "minetti":
        slope = np.clip(percent / 100, -_STEEPEST, _STEEPEST)
        cost = np.full_like(slope, _MINETTI[0])
        for coefficient in _MINETTI[1:]:
            cost *= slope
            cost += coefficient
        cost /= _MINETTI[-1]
        return cost
    if model != "strava":
        raise BadInput(f"There is no model {model!r} of what a gradient costs.", 'Use "strava" or "minetti".')
    return _CURVE(percent)


def grade_adjusted_speed(speed: ArrayLike, grade: ArrayLike, model: Model = "strava") -> Floats:
    """The speed on the level that would have been as hard, in the unit of `speed`; `grade` in percent.

    Elsewhere: grade-adjusted pace (Strava), normalized graded pace (TrainingPeaks). An unknown gradient
    counts as level.
    """
    factor = grade_factor(grade, model)
    adjusted: Floats = np.asarray(speed, np.float64) * np.where(np.isnan(factor), 1.0, factor)
    return adjusted


def gradient(distance: ArrayLike, altitude: ArrayLike) -> Floats:
    """The gradient in percent at each sample, out of altitude averaged over 50 m of the way.

    A barometer moves in steps, and its raw gradient is noise. NaN where either is unknown.
    """
    d, a = np.asarray(distance, np.float64), np.asarray(altitude, np.float64)
    return gradients(d, a, np.zeros(len(d), np.intp))


class Pchip:
    """The monotone cubic through points (Fritsch, Carlson 1980; Fritsch, Butland 1984), constant beyond."""

    def __init__(self, x: Floats, y: Floats) -> None:
        step, rise = np.diff(x), np.diff(y) / np.diff(x)
        tangents = np.concatenate(
            (
                [_end(step[0], step[1], rise[0], rise[1])],
                _inner(step, rise),
                [_end(step[-1], step[-2], rise[-1], rise[-2])],
            )
        )
        self._x = x
        self._cubic = np.stack(
            [
                (tangents[:-1] + tangents[1:] - 2 * rise) / step**2,
                (3 * rise - 2 * tangents[:-1] - tangents[1:]) / step,
                tangents[:-1],
                y[:-1],
            ]
        )

    def __call__(self, at: Floats) -> Floats:
        """The curve at these points."""
        inside = np.clip(at, self._x[0], self._x[-1])
        piece = np.searchsorted(self._x[1:-1], inside, side="right")
        inside = inside - self._x[piece]
        value: Floats = self._cubic[0][piece]
        for coefficients in self._cubic[1:]:
            value *= inside
            value += coefficients[piece]
        return value


def _inner(step: Floats, rise: Floats) -> Floats:
    left, right = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    same = rise[:-1] * rise[1:] > 0
    safe = np.where(rise == 0, 1, rise)
    return np.where(same, (left + right) / (left / safe[:-1] + right / safe[1:]), 0.0)


def _end(near: float, far: float, rise: float, next_rise: float) -> float:
    tangent = ((2 * near + far) * rise - near * next_rise) / (near + far)
    if tangent * rise <= 0:
        return 0.0
    if rise * next_rise <= 0 and abs(tangent) > 3 * abs(rise):
        return 3 * rise
    return float(tangent)


_CURVE = Pchip(_GRADES, _FACTORS)
