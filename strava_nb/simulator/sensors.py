"""What her devices measure beside speed: position, power, cadence, heart rate, temperature.

A file of its own because each is a small model of a body or a sensor, fitted to the activity's summary.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from strava_nb.simulator import effort
from strava_nb.simulator.activity import Activity
from strava_nb.simulator.plan import Plan
from strava_nb.simulator.routes import Route, averaged
from strava_nb.simulator.summary import stray
from strava_nb.simulator.terrain import METRES_PER_DEGREE, Array

Whole: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Stream: TypeAlias = Array | Whole | Flags


def positions(course: Route, wobble: int, here: Array, rng: np.random.Generator) -> Array:
    """Latitudes and longitudes (n×2) at metres along the course."""
    lat, lng = (np.interp(here, course.distance, one) for one in stray(course, wobble))
    shiver = 0.5 / METRES_PER_DEGREE
    lat, lng = lat + shiver * noise(rng, len(here), 12), lng + shiver * noise(rng, len(here), 12)
    seen: Array = np.stack([lat, lng], axis=1).round(6)
    return seen


def watts(plan: Plan, velocity: Array, slope: Array, rng: np.random.Generator) -> Array:
    """What her speed took on that slope, roughly as a power meter flickers; 0 where she coasts."""
    surge = (effort.BODY + 11) * np.gradient(averaged(velocity, 9)) * velocity
    raw = effort.needed(plan.how, velocity, averaged(slope, 5)) / 0.97 + 0.6 * surge
    lively: Array = np.exp(0.13 * noise(rng, len(raw), 5) + 0.08 * noise(rng, len(raw), 1))
    return np.clip(raw, 0, None) * lively


def measured(power: Array, activity: Activity, rng: np.random.Generator) -> Whole:
    """Watts with the summary's mean and, in one sprint, its maximum."""
    mean, most = activity.average_watts or 0.0, activity.max_watts or 0
    fitted = power.copy()
    eighth = len(power) // 8
    sprint = int(rng.integers(eighth, len(power) - eighth))
    rise = most * (1 - (np.arange(-4, 5) / 6.0) ** 2)
    for _ in range(4):
        fitted = np.minimum(fitted * (mean / max(fitted[1:].mean(), 1)), most)
        spot = fitted[sprint - 4 : sprint + 5]
        spot[:] = np.maximum(spot, rise[: len(spot)])
    return np.rint(fitted).astype(np.int64)


def cadence(
    activity: Activity, velocity: Array, slope: Array, *, still: Flags, rng: np.random.Generator
) -> Whole:
    """Turns or steps of one leg a minute, faster with speed and slower uphill; 0 where legs are `still`."""
    mean = activity.average_cadence or 0.0
    turns = mean * (velocity / max(velocity.mean(), 0.1)) ** 0.15
    turns += 0.025 * mean * noise(rng, len(velocity), 11) - 90 * np.clip(slope - 0.02, 0, 0.12)
    turns[still] = 0
    turns[~still] += mean - turns[~still].mean()
    rounded: Whole = np.rint(np.clip(turns, 0, None)).astype(np.int64)
    return rounded


def heart(activity: Activity, work: Array, time: Whole, moving: Flags, rng: np.random.Generator) -> Whole:
    """Beats that follow work half a minute late and drift upwards, with the summary's mean and maximum."""
    mean, most = activity.average_heartrate or 0.0, activity.max_heartrate or 0.0
    lag = np.exp(-np.arange(180) / 32)
    begin = np.full(179, 0.25 * work.mean())
    late = np.convolve(np.r_[begin, work], lag / lag.sum(), mode="valid")
    late = late + 0.07 * work.mean() * time / max(time[-1], 1) + 0.025 * noise(rng, len(work), 40)
    off = late - late.mean()
    above = (most - mean) / max(off.max(), 1e-6)
    below = min(above, (mean - 84) / max(-off.min(), 1e-6)) if mean > 96 else above * 0.5
    beats = mean + np.where(off > 0, above * off, below * off)
    for _ in range(12):  # between the mean of all and the mean in motion, whichever one means
        lack = mean - (beats.mean() + beats[moving].mean()) / 2
        beats = np.clip(beats + lack * (1 - (beats - mean) / (most - mean + 1)), 64, most)
    beats[np.argmax(beats)] = most
    rounded: Whole = np.rint(beats).astype(np.int64)
    return rounded


def temperature(activity: Activity, time: Whole, altitude: Stream | None, rng: np.random.Generator) -> Whole:
    """Degrees at a device that comes from a warm room, cooler higher up."""
    warm = 3.5 * np.exp(-time / 500) + 0.8 * noise(rng, len(time), 400)
    if altitude is not None and not activity.trainer:
        warm = warm - 0.0065 * altitude
    rounded: Whole = np.rint(warm - warm.mean() + (activity.average_temp or 0)).astype(np.int64)
    return rounded


def noise(rng: np.random.Generator, n: int, width: int) -> Array:
    """Noise of about unit size that changes over `width` samples."""
    knots = rng.normal(size=n // width + 3)
    smooth = (knots[:-1] + knots[1:]) / 1.42
    return 1.15 * np.interp(np.arange(n) / width, np.arange(len(smooth)), smooth)
