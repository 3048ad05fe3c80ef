"""A recording, second by second, made when asked for: it fits the activity's summary by construction.

A file of its own because it is the only one that needs every metre: where she slowed down, stood still,
and what heart, legs and thermometer did meanwhile.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from strava_nb.simulator import effort
from strava_nb.simulator.activity import Activity
from strava_nb.simulator.plan import Plan
from strava_nb.simulator.routes import GRADES, Route, averaged
from strava_nb.simulator.summary import WOBBLES, stray
from strava_nb.simulator.terrain import METRES_PER_DEGREE, Array

Stream: TypeAlias = npt.NDArray[np.float64] | npt.NDArray[np.int64] | npt.NDArray[np.bool_]

LONG_BREAK = 120
"""Seconds of standing still after which her devices pause: a gap in the stream."""


def record(activity: Activity, plan: Plan) -> dict[str, Stream]:
    """The streams of an activity under Strava's keys; `{}` where nothing was recorded."""
    rng = np.random.default_rng(activity.id)
    if activity.manual:
        return {}
    if plan.course is None:
        return _still(activity, rng)
    course = plan.course.build(plan.timezone)
    bike = plan.how in effort.BIKES
    place = course.distance if course.mapped else np.linspace(0, course.length, int(course.length / 8) + 2)
    grade = np.interp(place, course.distance, course.grade)
    pace = effort.pace(plan.how, _level(activity, plan, course))
    ratio = activity.distance / course.length

    breaks = _breaks(activity, course, rng)
    speed = np.interp(grade, GRADES, pace.speeds) * _pattern(plan, place / place[-1])
    speed *= np.exp(0.05 * _noise(rng, len(place), 14) + 0.03 * _noise(rng, len(place), 4))
    speed = averaged(speed, 9 if bike else 5)
    if course.mapped:
        speed = np.minimum(speed, _cornering(course, bike))
    for spot in [0.0, place[-1], *(spot for spot, _ in breaks)]:
        near = (place - spot) / (35 if bike else 9)
        speed *= 1 - 0.72 * np.exp(-(near**2))
    clock = _clock(place * ratio, speed, activity)

    # From here on by the second: first of moving time, then with the breaks put in.
    moving = activity.moving_time
    at = np.interp(np.arange(moving + 1), clock, place)
    repeats = np.ones(moving + 1, dtype=np.int64)
    for spot, seconds in breaks:
        repeats[int(np.clip(np.searchsorted(at, spot), 1, moving - 1))] += seconds
    second = np.repeat(np.arange(moving + 1), repeats)
    first = np.r_[False, np.diff(second) > 0]
    time = np.arange(len(second))
    stood = time - np.maximum.accumulate(np.where(first, time, 0))
    resumes = np.r_[first[1:], True]
    kept = ~((repeats[second] > LONG_BREAK) & ~first & ~resumes)
    time, second, first, stood = time[kept], second[kept], first[kept], stood[kept]

    velocity = averaged(np.gradient(at * ratio), 5)
    here, fast, slope = at[second], np.where(first, velocity[second], 0.0), np.interp(at, place, grade)
    streams: dict[str, Stream] = {"time": time, "distance": np.round(here * ratio, 1)}
    streams["velocity_smooth"] = np.round(np.clip(fast, 0, activity.max_speed or None), 2)
    streams["moving"] = first
    if course.mapped:
        offset = (activity.elev_low if activity.elev_low is not None else course.low) - course.low
        altitude = np.interp(here, course.distance, course.altitude) + offset
        streams["altitude"] = np.round(altitude, 1)
        streams["grade_smooth"] = np.round(100 * slope[second], 1)
        streams["latlng"] = _positions(course, plan.seed % WOBBLES, here, rng)
    watts = _watts(plan, velocity, slope, rng)
    if activity.device_watts and activity.average_watts:
        streams["watts"] = _fitted_watts(watts, activity, rng)[second] * (stood < 2)
    if activity.average_cadence:
        streams["cadence"] = _cadence(activity, bike, velocity, watts, slope, rng)[second] * (stood < 2)
    if activity.average_heartrate and activity.max_heartrate:
        if bike:
            work = averaged(watts, 15) / max(watts.mean(), 1)
        else:
            steady = np.interp(slope, GRADES, pace.efforts)
            work = steady * averaged(velocity / np.interp(slope, GRADES, pace.speeds), 15)
        streams["heartrate"] = _heart(activity, np.where(stood > 0, 0.5, work[second]), time, rng)
    if activity.average_temp is not None:
        streams["temp"] = _temperature(activity, time, streams.get("altitude"), rng)
    return streams


def _still(activity: Activity, rng: np.random.Generator) -> dict[str, Stream]:
    if not activity.average_heartrate:
        return {}
    time = np.arange(activity.elapsed_time + 1)
    sets = 0.8 + 0.5 * np.sin(time / rng.uniform(24, 34)) + 0.3 * np.sin(time / 171)
    return {"time": time, "heartrate": _heart(activity, sets, time, rng), "moving": time > 0}


def _level(activity: Activity, plan: Plan, course: Route) -> float:
    """The watts, or speed on the flat, with which this course takes this moving time."""
    wheels = plan.how in effort.BIKES
    levels = np.arange(70, 330, 20) if wheels else np.ones(1)
    times = [
        float((course.metres_at_grade / effort.pace(plan.how, float(one)).speeds).sum()) for one in levels
    ]
    if not wheels:
        return float(np.round(times[0] / activity.moving_time, 2))
    return float(round(np.interp(-activity.moving_time, -np.array(times), levels) / 2) * 2)


def _pattern(plan: Plan, share: Array) -> Array:
    if not plan.pattern:
        return np.ones_like(share)
    ends = np.cumsum([part for part, _ in plan.pattern])
    factors = np.array([factor for _, factor in plan.pattern])
    found: Array = factors[np.minimum(np.searchsorted(ends / ends[-1], share), len(factors) - 1)]
    return found


def _cornering(course: Route, bike: bool) -> Array:
    """How fast each bend may be taken."""
    x = course.lng * METRES_PER_DEGREE * np.cos(np.radians(course.lat[0]))
    y = course.lat * METRES_PER_DEGREE
    heading = np.unwrap(np.arctan2(np.gradient(y), np.gradient(x)))
    bend = averaged(np.abs(np.gradient(heading, course.distance)), 5)
    return np.sqrt((3.2 if bike else 4.0) / np.maximum(bend, 1e-4))


def _breaks(activity: Activity, course: Route, rng: np.random.Generator) -> list[tuple[float, int]]:
    """Where on the course she stood still, and for how many seconds; together the whole standing time."""
    rest = max(activity.elapsed_time - activity.moving_time, 0)
    if rest == 0:
        return []
    breaks = []
    if rest > 840:
        coffee = int(rest - min(activity.moving_time * 0.025, 500))
        breaks.append((float(rng.uniform(0.4, 0.75)) * course.length, coffee))
        rest -= coffee
    spots = course.junctions if len(course.junctions) > 2 else np.linspace(0.05, 0.95, 18) * course.length
    many = int(np.clip(rest / 22, 1, len(spots)))
    edges = np.sort(rng.choice(np.arange(rest + 1), many - 1)) if many > 1 else np.zeros(0, dtype=np.int64)
    shares = np.diff(np.r_[0, edges, rest])
    chosen = rng.choice(spots, many, replace=False)
    return breaks + [(float(spot), int(share)) for spot, share in zip(chosen, shares, strict=True) if share]


def _clock(place: Array, speed: Array, activity: Activity) -> Array:
    """When she passes each place, in moving seconds, nowhere faster than the summary's fastest."""
    most = max(activity.max_speed * 0.985, activity.distance / activity.moving_time * 1.02)
    speed = np.maximum(speed, 0.2)
    for _ in range(4):
        spent = np.r_[0.0, np.cumsum(np.diff(place) * (1 / speed[1:] + 1 / speed[:-1]) / 2)]
        speed = np.minimum(speed * spent[-1] / activity.moving_time, most)
    return spent * (activity.moving_time / spent[-1])


def _positions(course: Route, wobble: int, here: Array, rng: np.random.Generator) -> Array:
    lat, lng = (np.interp(here, course.distance, one) for one in stray(course, wobble))
    shiver = 0.5 / METRES_PER_DEGREE
    lat, lng = lat + shiver * _noise(rng, len(here), 12), lng + shiver * _noise(rng, len(here), 12)
    return np.round(np.stack([lat, lng], axis=1), 6)


def _watts(plan: Plan, velocity: Array, slope: Array, rng: np.random.Generator) -> Array:
    if plan.how not in effort.BIKES:
        return np.zeros_like(velocity)
    surge = (effort.BODY + 11) * np.gradient(averaged(velocity, 9)) * velocity
    raw = effort.needed(plan.how, velocity, averaged(slope, 5)) / 0.97 + 0.6 * surge
    lively = np.exp(0.13 * _noise(rng, len(raw), 5) + 0.08 * _noise(rng, len(raw), 1))
    return np.clip(raw, 0, None) * lively


def _fitted_watts(watts: Array, activity: Activity, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Watts with the summary's mean and, in one sprint, its maximum."""
    mean, most = activity.average_watts or 0.0, activity.max_watts or 0
    fitted = watts.copy()
    sprint = int(rng.integers(len(watts) // 8, max(len(watts) - len(watts) // 8, len(watts) // 8 + 1)))
    rise = most * (1 - (np.arange(-4, 5) / 6.0) ** 2)
    for _ in range(4):
        fitted = np.minimum(fitted * (mean / max(fitted[1:].mean(), 1)), most)
        spot = fitted[sprint - 4 : sprint + 5]
        spot[:] = np.maximum(spot, rise[: len(spot)])
    return np.rint(fitted).astype(np.int64)


def _cadence(
    activity: Activity, bike: bool, velocity: Array, watts: Array, slope: Array, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    mean = activity.average_cadence or 0.0
    if bike:
        turns = mean - 130 * np.clip(slope - 0.02, 0, 0.12) + 3.5 * _noise(rng, len(velocity), 12)
        turns = np.where((watts < 18) | (slope < -0.045), 0.0, turns)
    else:
        turns = mean * (velocity / max(velocity.mean(), 0.1)) ** 0.22 + 1.1 * _noise(rng, len(velocity), 9)
    turning = turns > 0
    turns[turning] += mean - turns[turning].mean()
    return np.rint(np.clip(turns, 0, None)).astype(np.int64)


def _heart(activity: Activity, work: Array, time: npt.NDArray[np.int64], rng: np.random.Generator) -> Stream:
    """Heart rate that follows work half a minute late, drifts upwards, and has the summary's mean and maximum."""
    mean, most = activity.average_heartrate or 0.0, activity.max_heartrate or 0.0
    lag = np.exp(-np.arange(180) / 32)
    begin = np.full(179, 0.25 * work.mean())
    late = np.convolve(np.r_[begin, work], lag / lag.sum(), mode="valid")
    late = late + 0.07 * work.mean() * time / max(time[-1], 1) + 0.025 * _noise(rng, len(work), 40)
    off = late - late.mean()
    above = (most - mean) / max(off.max(), 1e-6)
    below = min(above, (mean - 84) / max(-off.min(), 1e-6)) if mean > 96 else above * 0.5
    beats = mean + np.where(off > 0, above * off, below * off)
    for _ in range(12):
        beats = np.clip(beats + (mean - beats.mean()) * (1 - (beats - mean) / (most - mean + 1)), 64, most)
    beats[np.argmax(beats)] = most
    return np.rint(beats).astype(np.int64)


def _temperature(
    activity: Activity, time: npt.NDArray[np.int64], altitude: Stream | None, rng: np.random.Generator
) -> Stream:
    warm = 3.5 * np.exp(-time / 500) + 0.8 * _noise(rng, len(time), 400)
    if altitude is not None and not activity.trainer:
        warm = warm - 0.0065 * altitude
    return np.rint(warm - warm.mean() + (activity.average_temp or 0)).astype(np.int64)


def _noise(rng: np.random.Generator, n: int, width: int) -> Array:
    """Noise of about unit size that changes over `width` samples."""
    knots = rng.normal(size=n // width + 3)
    smooth = (knots[:-1] + knots[1:]) / 1.42
    return np.interp(np.arange(n) / width, np.arange(len(smooth)), smooth) * 1.15
