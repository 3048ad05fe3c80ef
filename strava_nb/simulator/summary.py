"""A plan carried out: the numbers that Strava lists, from the route's grades and her form of the day.

A file of its own because thousands of summaries are made at once and streams only when asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

from strava_nb.simulator import effort, polyline, weather
from strava_nb.simulator.activity import Activity
from strava_nb.simulator.plan import Plan
from strava_nb.simulator.routes import Route
from strava_nb.simulator.terrain import METRES_PER_DEGREE, Array

WOBBLES = 4
"""How many ways a satellite fix strays; an activity takes one of them."""

_STOPS = {"road": 0.035, "gravel": 0.05, "mtb": 0.09, "city": 0.07, "run": 0.018, "trail": 0.05, "hike": 0.16,
          "ski": 0.06, "swim": 0.12}  # fmt: skip
_CADENCE = {"road": 84, "gravel": 80, "mtb": 74, "virtual": 86, "trainer": 88, "run": 85,
            "trail": 82}  # fmt: skip
_WARMER = {
    "Europe/Rome": 0,
    "Europe/London": -3,
    "Asia/Kathmandu": 12,
    "America/Denver": 7,
    "Europe/Vienna": -2,
}
_HEART = {"hike": 0.52, "ski": 0.95, "swim": 0.9}
_FLAT = {"hike": 2.03, "ski": 5.0, "swim": 1.26}
_EPOCH = datetime(2023, 1, 1, tzinfo=UTC)


def activity_id(start: datetime) -> int:
    """A number that grows with time about as Strava's do, of ten or eleven digits."""
    years = (start - _EPOCH).total_seconds() / 31_557_600
    if years < 0:
        return int(2_500_000_000 + 5_800_000_000 * np.exp(0.41 * years))
    return int(8_300_000_000 + 2_378_000_000 * years)


def stray(course: Route, wobble: int, pick: slice = slice(None)) -> tuple[Array, Array]:
    """The course as a device saw it: some metres off, and slowly changing its mind about them."""
    drift = _drifts(wobble)
    at = course.distance[pick] / 110.0 % (drift.shape[1] - 1)
    knots = np.arange(drift.shape[1])
    north, east = (np.interp(at, knots, one) / METRES_PER_DEGREE for one in drift)
    return course.lat[pick] + north, course.lng[pick] + east / np.cos(np.radians(course.lat[0]))


@cache
def _drifts(wobble: int) -> Array:
    white = np.random.default_rng(wobble).normal(size=(2, 2_006))
    smooth = (white[:, :-2] + 2 * white[:, 1:-1] + white[:, 2:]) / 2.45
    drift: Array = 2.0 * smooth[:, :-4] + 1.2 * white[:, :1]
    return drift


@cache
def _drawn(course: Route, wobble: int) -> str:
    most, last = slice(0, -1, max(len(course.lat) // 170, 3)), slice(-1, None)
    seen = zip(stray(course, wobble, most), stray(course, wobble, last), strict=True)
    return polyline.encode(*(np.concatenate(pair) for pair in seen))


@cache
def _ridden(course: Route, how: str, level: float) -> tuple[float, float, float, float]:
    """Seconds for the course at a level, mean and weighted watts, and the fastest stretch."""
    pace = effort.pace(how, level)
    seconds = course.metres_at_grade / pace.speeds
    total = float(seconds.sum())
    met = course.metres_at_grade > (150 if course.mapped else 0)
    return (
        total,
        float(seconds @ pace.watts) / total,
        (float(seconds @ pace.watts**4) / total) ** 0.25,
        float(pace.speeds[met].max()),
    )


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def summarise(plan: Plan, begin: datetime, fitness: float) -> Activity:
    """The activity that a plan became, begun at `begin` (wall time) with a form of `fitness` (1 is usual)."""
    chance = Random(plan.seed)
    offset = _zone(plan.timezone).utcoffset(begin) or timedelta(0)
    start = (begin - offset).replace(tzinfo=UTC)
    if plan.course is None:
        return _still(plan, start, offset, chance)
    course = plan.course.build(plan.timezone)
    rides, raced = plan.how in effort.BIKES, plan.workout_type in (1, 11)
    intensity = plan.intensity * chance.gauss(1, 0.018)
    level = fitness * intensity * (effort.FTP if rides else _FLAT.get(plan.how, effort.THRESHOLD_SPEED))
    seconds, mean, uneven, most = _ridden(
        course, plan.how, round(level / 3) * 3.0 if rides else round(level, 2)
    )
    distance, moving = _taken(plan, course, seconds, begin, chance)
    elapsed = moving + _rest(plan, moving, distance, chance)
    fastest = max(most * (1.32 if plan.pattern else 1.1), distance / moving * 1.12)
    warmth = _warmth(plan, course)
    heart, highest = _beats(plan, intensity, warmth, chance)
    watts = round(mean, 1) if rides and not plan.manual else None
    weighted, peak = _measured_power(plan, watts, uneven, chance)
    joules = round(watts * moving / 1000, 1) if watts else None
    calories = _calories(plan, course, distance, joules)
    cadence = _cadence(plan, intensity, chance)
    drawn = course.mapped and not plan.manual
    climb = chance.gauss(0, 3)  # her barometer's idea of the height of home
    if plan.manual:
        distance = float(round(distance / 500) * 500)
        moving = elapsed = max(round(moving / 60) * 60, 60)
    best = raced or (fitness > 1.045 and chance.random() < 0.5)
    return Activity(
        id=activity_id(start),
        name=plan.name,
        description=plan.description,
        sport_type=plan.sport_type,
        start=start,
        timezone=plan.timezone,
        utc_offset=int(offset.total_seconds()),
        distance=distance,
        moving_time=moving,
        elapsed_time=elapsed,
        total_elevation_gain=round(course.gain, 1) if drawn else 0.0,
        elev_low=round(course.low + climb, 1) if drawn else None,
        elev_high=round(course.high + climb, 1) if drawn else None,
        average_speed=round(distance / moving, 3),
        max_speed=0.0 if plan.manual else round(fastest, 2),
        average_heartrate=heart,
        max_heartrate=highest,
        average_cadence=cadence,
        average_watts=watts,
        max_watts=peak,
        weighted_average_watts=weighted,
        kilojoules=joules,
        device_watts=plan.meter if watts else None,
        average_temp=warmth,
        calories=calories,
        suffer_score=_strain(heart, moving),
        gear_id=plan.gear,
        commute=plan.commute,
        trainer=plan.trainer,
        manual=plan.manual,
        private=plan.private,
        workout_type=plan.workout_type,
        device_name=None if plan.manual else plan.device,
        start_latlng=_place(course, 0) if drawn else None,
        end_latlng=_place(course, -1) if drawn else None,
        polyline=_drawn(course, plan.seed % WOBBLES) if drawn else "",
        kudos_count=0 if plan.private else int(chance.triangular(0, 24, 5) + moving / 1500 + 30 * raced),
        achievement_count=chance.randrange(1, 9) if best else 0,
        pr_count=chance.randrange(1, 4) if best else 0,
        athlete_count=plan.company,
        photo_count=chance.randrange(1, 5) if chance.random() < 0.1 else 0,
        comment_count=chance.randrange(1, 5) if chance.random() < 0.2 else 0,
    )


def _taken(plan: Plan, course: Route, seconds: float, begin: datetime, chance: Random) -> tuple[float, int]:
    """Metres as her device measured them, and seconds of moving time in the wind of that day."""
    stretch = chance.uniform(0.997, 1.003) if course.mapped else 1.0
    windy = plan.how in effort.BIKES and not plan.trainer and course.mapped
    blown = weather.slowed(begin.date()) if windy else 1.0
    moving = max(int(seconds * stretch * blown * chance.gauss(1, 0.008)), 60)
    return round(course.length * stretch, 1), moving


def _place(course: Route, at: int) -> tuple[float, float]:
    return round(float(course.lat[at]), 6), round(float(course.lng[at]), 6)


def _calories(plan: Plan, course: Route, distance: float, joules: float | None) -> float:
    if joules:
        return round(joules * 1.06, 1)
    on_foot = distance / 1000 * (1.02 if plan.how in ("run", "trail") else 0.8) + course.gain * 0.006
    return round(effort.BODY * on_foot, 1)


def _measured_power(
    plan: Plan, watts: float | None, uneven: float, chance: Random
) -> tuple[int | None, int | None]:
    """Weighted and highest power, which only a meter tells."""
    if not (watts and plan.meter):
        return None, None
    weighted = round(max(uneven * (1.09 if plan.pattern else 1.03), watts * 1.02))
    return weighted, round(weighted * chance.uniform(1.9, 2.9))


def _cadence(plan: Plan, intensity: float, chance: Random) -> float | None:
    if plan.how not in _CADENCE or not plan.device or plan.manual:
        return None
    return round(_CADENCE[plan.how] * chance.gauss(1, 0.02) * (0.9 + 0.14 * intensity), 1)


def _rest(plan: Plan, moving: int, distance: float, chance: Random) -> int:
    """Seconds of standing still: at junctions, and on long days over coffee."""
    if plan.trainer:
        return 0
    if plan.workout_type in (1, 11):
        return int(moving * 0.003 * chance.random())
    rest = moving * _STOPS.get(plan.how, 0) * chance.uniform(0.3, 1.9)
    if plan.how in ("road", "gravel", "hike") and distance > (9_000 if plan.how == "hike" else 60_000):
        rest += chance.choice((0, 0, 14, 22, 35, 48)) * 60
    return int(rest)


def _beats(
    plan: Plan, intensity: float, warmth: int | None, chance: Random
) -> tuple[float | None, float | None]:
    if not plan.strap or plan.manual:
        return None, None
    mean = effort.heart_rate(intensity * _HEART.get(plan.how, 1)) + chance.gauss(0, 2.5)
    if warmth is not None and not plan.trainer:
        mean += weather.heated(warmth)
    mean = round(min(mean, 176), 1)
    return mean, float(min(round(mean + chance.uniform(13, 22) + (6 if plan.pattern else 0)), 188))


def _warmth(plan: Plan, course: Route) -> int | None:
    if plan.manual or plan.how == "swim" or not plan.device:
        return None
    if plan.trainer:
        return 21 if plan.how in effort.BIKES else None
    return round(plan.warmth + _WARMER.get(plan.timezone, 0) - 6.5 * (course.middle - 720) / 1000)


def _still(plan: Plan, start: datetime, offset: timedelta, chance: Random) -> Activity:
    """Gym and mat: time and perhaps a heart rate, nothing else."""
    moving = round(plan.minutes * 60 * chance.uniform(0.9, 1.1))
    if plan.manual:
        moving = max(round(moving / 300) * 300, 300)
    heart = round(chance.uniform(88, 118), 1) if plan.strap and not plan.manual else None
    return Activity(
        id=activity_id(start), name=plan.name, description=plan.description, sport_type=plan.sport_type,
        start=start, timezone=plan.timezone, utc_offset=int(offset.total_seconds()), distance=0.0,
        moving_time=moving, elapsed_time=moving, total_elevation_gain=0.0, elev_low=None, elev_high=None,
        average_speed=0.0, max_speed=0.0, average_heartrate=heart,
        max_heartrate=float(round(heart + chance.uniform(18, 40))) if heart else None,
        average_cadence=None, average_watts=None, max_watts=None, weighted_average_watts=None,
        kilojoules=None, device_watts=None, average_temp=None, calories=round(moving / 60 * 4.6, 1),
        suffer_score=_strain(heart, moving), gear_id=None, commute=False, trainer=False,
        manual=plan.manual, private=plan.private, workout_type=None,
        device_name=None if plan.manual else plan.device, start_latlng=None, end_latlng=None, polyline="",
        kudos_count=0 if plan.private else chance.randrange(0, 9), achievement_count=0, pr_count=0,
        athlete_count=1, photo_count=0, comment_count=0,
    )  # fmt: skip


def _strain(heart: float | None, seconds: int) -> float | None:
    if heart is None:
        return None
    reserve = (heart - effort.RESTING) / (effort.HIGHEST - effort.RESTING)
    return float(round(seconds / 3600 * 165 * reserve**3))
