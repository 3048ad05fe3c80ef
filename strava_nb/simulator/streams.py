"""A recording, second by second, made when asked for: it fits the activity's summary by construction.

A file of its own because it is the only one that needs every metre: how fast she was where, and where
she stood still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from strava_nb.simulator import effort, sensors
from strava_nb.simulator.activity import Activity
from strava_nb.simulator.plan import Plan
from strava_nb.simulator.routes import GRADES, Route, averaged
from strava_nb.simulator.sensors import Flags, Stream, Whole, noise
from strava_nb.simulator.summary import WOBBLES
from strava_nb.simulator.terrain import METRES_PER_DEGREE, Array

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
    speed = _speeds(plan, course, place, np.interp(grade, GRADES, pace.speeds), breaks=breaks, rng=rng)
    at = np.interp(np.arange(activity.moving_time + 1), _clock(place * ratio, speed, activity), place)
    velocity, slope = averaged(np.gradient(at * ratio), 5), np.interp(at, place, grade)

    run = _with_breaks(at, breaks)
    here, stands = at[run.second], run.stood >= 2
    shown = np.where(run.moving, velocity[run.second], 0.0)
    streams: dict[str, Stream] = {
        "time": run.time,
        "distance": np.round(here * ratio, 1),
        "velocity_smooth": np.round(np.clip(shown, 0, activity.max_speed or None), 2),
        "moving": run.moving,
    }
    if course.mapped:
        offset = (activity.elev_low if activity.elev_low is not None else course.low) - course.low
        streams["altitude"] = np.round(np.interp(here, course.distance, course.altitude) + offset, 1)
        streams["grade_smooth"] = np.round(100 * slope[run.second], 1)
        streams["latlng"] = sensors.positions(course, plan.seed % WOBBLES, here, rng)
    watts = sensors.watts(plan, velocity, slope, rng) if bike else np.zeros_like(velocity)
    if activity.device_watts and activity.average_watts:
        streams["watts"] = sensors.measured(watts, activity, rng)[run.second] * ~stands
    if activity.average_cadence:
        still = (watts < 18) | (slope < -0.045) if bike else velocity < 0.2
        turns = sensors.cadence(activity, velocity, slope, still=still, rng=rng)
        streams["cadence"] = turns[run.second] * ~stands
    if activity.average_heartrate:
        if bike:
            work = averaged(watts, 15) / max(watts.mean(), 1)
        else:
            steady = np.interp(slope, GRADES, pace.speeds)
            work = np.interp(slope, GRADES, pace.efforts) * averaged(velocity / steady, 15)
        work = np.where(run.stood > 0, 0.5, work[run.second])
        streams["heartrate"] = sensors.heart(activity, work, run.time, run.moving, rng)
    if activity.average_temp is not None:
        streams["temp"] = sensors.temperature(activity, run.time, streams.get("altitude"), rng)
    return streams


def _speeds(
    plan: Plan,
    course: Route,
    place: Array,
    steady: Array,
    *,
    breaks: list[tuple[float, int]],
    rng: np.random.Generator,
) -> Array:
    """How fast she is at each place, rather than `steady`: she wavers, brakes for corners, and stops."""
    bike = plan.how in effort.BIKES
    speed = steady * _pattern(plan, place / place[-1])
    speed *= np.exp(0.05 * noise(rng, len(place), 14) + 0.03 * noise(rng, len(place), 4))
    speed = averaged(speed, 9 if bike else 5)
    if course.mapped:
        speed = np.minimum(speed, _cornering(course, bike))
    for spot in [0.0, place[-1], *(spot for spot, _ in breaks)]:
        near = (place - spot) / (35 if bike else 9)
        speed *= 1 - 0.72 * np.exp(-(near**2))
    return speed


@dataclass(frozen=True, eq=False)
class _Seconds:
    """The samples: time from the start, which second of moving time, moving or not, seconds stood so far."""

    time: Whole
    second: Whole
    moving: Flags
    stood: Whole


def _with_breaks(at: Array, breaks: list[tuple[float, int]]) -> _Seconds:
    """All seconds from start to end but the inside of long breaks."""
    repeats = np.ones(len(at), dtype=np.int64)
    for spot, seconds in breaks:
        repeats[int(np.clip(np.searchsorted(at, spot), 1, len(at) - 2))] += seconds
    second = np.repeat(np.arange(len(at)), repeats)
    moving = np.r_[False, np.diff(second) > 0]
    time = np.arange(len(second))
    stood = time - np.maximum.accumulate(np.where(moving, time, 0))
    resumes = np.r_[moving[1:], True]
    kept = (repeats[second] <= LONG_BREAK) | moving | resumes
    return _Seconds(time[kept], second[kept], moving[kept], stood[kept])


def _still(activity: Activity, rng: np.random.Generator) -> dict[str, Stream]:
    if not activity.average_heartrate:
        return {}
    time = np.arange(activity.elapsed_time + 1)
    sets = 0.8 + 0.5 * np.sin(time / rng.uniform(24, 34)) + 0.3 * np.sin(time / 171)
    return {"time": time, "heartrate": sensors.heart(activity, sets, time, time > 0, rng), "moving": time > 0}


def _level(activity: Activity, plan: Plan, course: Route) -> float:
    """The watts, or speed on the flat, with which this course takes this moving time."""
    wheels = plan.how in effort.BIKES
    levels = np.arange(60, 330, 18) if wheels else np.ones(1)
    times = [
        float((course.metres_at_grade / effort.pace(plan.how, float(one)).speeds).sum()) for one in levels
    ]
    if not wheels:
        return float(np.round(times[0] / activity.moving_time, 2))
    return float(round(np.interp(-activity.moving_time, -np.array(times), levels) / 3) * 3)


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
    fastest: Array = np.sqrt((3.2 if bike else 4.0) / np.maximum(bend, 1e-4))
    return fastest


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
        spent: Array = np.r_[0.0, np.cumsum(np.diff(place) * (1 / speed[1:] + 1 / speed[:-1]) / 2)]
        speed = np.minimum(speed * spent[-1] / activity.moving_time, most)
    clock: Array = spent * (activity.moving_time / spent[-1])
    return clock
