"""The world of the simulated Strava: one life, the same each time, that a device could have recorded."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import mean
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strava_nb.simulator.athlete import Activity, Athlete
from strava_nb.simulator.polyline import encode
from tests.conftest import TODAY

pytestmark = pytest.mark.slow

METRES = 111_195.0
KEYS = {
    "time", "distance", "latlng", "altitude", "velocity_smooth", "heartrate", "cadence", "watts", "temp",
    "moving", "grade_smooth",
}  # fmt: skip
FINGERPRINT = """
import hashlib, sys
from datetime import date
from strava_nb.simulator.athlete import Athlete
athlete = Athlete(seed=3, today=date(2026, 6, 15), activities=120)
digest = hashlib.sha256(repr(athlete.activities).encode())
for activity in athlete.activities[::17]:
    for key, values in athlete.streams(activity).items():
        digest.update(key.encode() + values.tobytes())
sys.stdout.write(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def athlete() -> Athlete:
    return Athlete(today=TODAY)


@pytest.fixture(scope="module")
def some(athlete: Athlete) -> list[Activity]:
    """Five recorded ones of each sport, spread over the years."""
    by_sport: dict[str, list[Activity]] = {}
    for activity in athlete.activities:
        if activity.distance and not activity.manual:
            by_sport.setdefault(activity.sport_type, []).append(activity)
    return [one for many in by_sport.values() for one in many[:: max(len(many) // 5, 1)]]


def decoded(text: str) -> Iterator[tuple[float, float]]:
    """Google's algorithm, read as its page describes it."""
    lat = lng = at = 0
    while at < len(text):
        steps = []
        for _ in range(2):
            value = shift = 0
            while True:
                chunk = ord(text[at]) - 63
                at += 1
                value |= (chunk & 0x1F) << shift
                shift += 5
                if chunk < 0x20:
                    break
            steps.append(~(value >> 1) if value & 1 else value >> 1)
        lat, lng = lat + steps[0], lng + steps[1]
        yield lat / 1e5, lng / 1e5


def plane(latlng: np.ndarray, around: float | None = None) -> np.ndarray:
    """Metres north and east, near the latitude `around` (else the first)."""
    return latlng * METRES * np.array([1.0, np.cos(np.radians(latlng[0, 0] if around is None else around))])


def farthest(points: np.ndarray, track: np.ndarray) -> float:
    """How far in metres the points stray from the track's points at most."""
    a, b = plane(points, track[0, 0]), plane(track, track[0, 0])
    return float(np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=-1).min(axis=1)).max())


def own_activities(athlete: Athlete, *, words: str) -> list[Activity]:
    return [one for one in athlete.activities if words in one.name]


# The same life each time.


@pytest.mark.slow
def test_the_same_seed_and_day_give_the_same_life_in_another_process() -> None:
    def run(hashseed: str) -> str:
        command = [sys.executable, "-c", FINGERPRINT]
        environment = {"PYTHONHASHSEED": hashseed, "PATH": "", "SYSTEMROOT": "C:\\Windows"}
        return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout

    here = Athlete(seed=3, today=date(2026, 6, 15), activities=120)
    digest = hashlib.sha256(repr(here.activities).encode())
    for activity in here.activities[::17]:
        for key, values in here.streams(activity).items():
            digest.update(key.encode() + values.tobytes())
    assert run("1") == digest.hexdigest()


def test_another_seed_is_another_life(athlete: Athlete) -> None:
    other = Athlete(seed=1, today=TODAY)
    assert other.activities != athlete.activities
    assert other.profile["id"] != athlete.profile["id"]


def test_tomorrow_the_past_is_what_it_was(athlete: Athlete) -> None:
    tomorrow = Athlete(today=TODAY + timedelta(days=1))
    past = {one.id: one for one in tomorrow.activities}
    kept = athlete.activities[3:]  # the first day of the three years has left the window
    assert all(past[one.id] == one for one in kept)


@pytest.mark.parametrize("count", [1, 60, 700, 2_000, 10_000])
def test_there_are_exactly_as_many_activities_as_asked_for(count: int) -> None:
    made = Athlete(today=TODAY, activities=count)
    assert len(made.activities) == len({one.id for one in made.activities}) == count
    assert made.activities[-1].start.date() == TODAY - timedelta(days=1)


@settings(deadline=None, max_examples=12)
@given(today=st.dates(date(2021, 1, 1), date(2035, 12, 31)), seed=st.integers(0, 2**31))
def test_every_life_ends_yesterday_and_never_does_two_things_at_once(today: date, seed: int) -> None:
    made = Athlete(seed=seed, today=today).activities
    assert 620 <= len(made) <= 820
    yesterday = today - timedelta(days=1)
    assert (made[-1].start + timedelta(seconds=made[-1].utc_offset)).date() == yesterday
    for one, next_one in pairwise(made):
        assert one.start + timedelta(seconds=one.elapsed_time) <= next_one.start
        assert 2**31 < one.id < next_one.id < 10**11


# The story.


def test_three_years_hold_some_seven_hundred_activities_of_many_sports(athlete: Athlete) -> None:
    sports = Counter(one.sport_type for one in athlete.activities)
    assert 650 <= len(athlete.activities) <= 780
    assert {"Ride", "GravelRide", "MountainBikeRide", "VirtualRide", "Run", "TrailRun"} < sports.keys()
    assert {"Swim", "Hike", "Walk", "WeightTraining", "Yoga", "NordicSki"} < sports.keys()
    assert athlete.activities[0].start.date() - (TODAY - timedelta(days=1096)) < timedelta(days=7)


def test_summers_are_longer_than_winters_and_virtual_rides_belong_to_winter(athlete: Athlete) -> None:
    def hours(months: set[int]) -> float:
        return sum(one.moving_time for one in athlete.activities if one.start.month in months) / 3600

    assert hours({6, 7, 8}) > 1.3 * hours({12, 1, 2})
    virtual = [one for one in athlete.activities if one.sport_type == "VirtualRide"]
    assert sum(one.start.month in (10, 11, 12, 1, 2, 3) for one in virtual) > 0.9 * len(virtual) > 15


def test_holidays_are_in_other_time_zones_with_true_offsets(athlete: Athlete) -> None:
    zones = Counter(one.timezone for one in athlete.activities)
    for zone in ("Europe/Rome", "Europe/London", "Asia/Kathmandu", "America/Denver", "Europe/Vienna"):
        assert zones[zone] >= 4, zone
    offsets = {(one.timezone, one.utc_offset) for one in athlete.activities}
    assert {("Asia/Kathmandu", 20_700), ("America/Denver", -21_600)} < offsets
    assert {("Europe/Berlin", 3_600), ("Europe/Berlin", 7_200)} < offsets
    for one in athlete.activities:
        assert one.start.tzinfo is UTC and one.start.microsecond == 0
        local = one.start.astimezone(ZoneInfo(one.timezone))
        assert local.utcoffset() == timedelta(seconds=one.utc_offset)
        assert 5 <= local.hour <= 21


def test_an_injury_leaves_five_empty_weeks_and_a_gentle_return(athlete: Athlete) -> None:
    gaps = [(b.start - a.start, a, b) for a, b in pairwise(athlete.activities)]
    longest, before, after = max(gaps, key=lambda gap: gap[0])
    assert timedelta(days=34) < longest < timedelta(days=43)
    assert sorted(gap[0] for gap in gaps)[-2] < timedelta(days=12)

    def hours(first: datetime, days: int) -> float:
        return sum(one.moving_time for one in athlete.activities
                   if first <= one.start < first + timedelta(days=days)) / 3600  # fmt: skip

    usual = hours(before.start - timedelta(days=42), 42)
    assert hours(after.start, 42) < 0.8 * usual
    assert hours(after.start + timedelta(days=60), 42) > hours(after.start, 42)


def test_races_have_numbers_and_weeks_of_long_runs_before_them(athlete: Athlete) -> None:
    races = [one for one in athlete.activities if one.workout_type in (1, 11)]
    assert len(races) >= 8 and {"Run", "TrailRun", "Ride"} == {one.sport_type for one in races}
    marathon = next(one for one in races if one.name.startswith("MARATHON"))
    assert 42_195 <= marathon.distance < 43_000
    build_up = [one for one in athlete.activities if one.workout_type == 2
                and timedelta(0) < marathon.start - one.start < timedelta(weeks=14)]  # fmt: skip
    assert len(build_up) >= 6
    assert max(one.distance for one in build_up) > 27_000
    assert all(one.distance < 20_000 for one in build_up if marathon.start - one.start < timedelta(days=13))


def test_the_commute_is_one_way_there_and_the_same_way_back(athlete: Athlete) -> None:
    commutes = [one for one in athlete.activities if one.commute]
    assert len(commutes) > 40 and len(commutes) % 2 == 0
    for there, back in zip(commutes[::2], commutes[1::2], strict=True):
        assert there.start_latlng == pytest.approx(back.end_latlng, abs=1e-6)
        assert there.distance == pytest.approx(back.distance, rel=0.01)
        assert farthest(*(np.array(list(decoded(one.polyline))) for one in (there, back))) < 60


def test_the_usual_loop_is_run_often_both_ways_and_faster_with_the_years(athlete: Athlete) -> None:
    loops = own_activities(athlete, words="sual loop")
    assert all(loop.distance == pytest.approx(loops[0].distance, rel=0.01) for loop in loops)
    assert len(loops) > 45
    assert {"reversed" in one.name or "other way" in one.name for one in loops} == {True, False}
    assert len({one.polyline for one in loops}) > 5, "no two satellites' fixes are alike"
    third = len(loops) // 3
    assert mean(one.moving_time for one in loops[-third:]) < mean(one.moving_time for one in loops[:third])


def test_some_are_typed_in_some_private_and_some_without_a_heart(athlete: Athlete) -> None:
    typed = [one for one in athlete.activities if one.manual]
    assert typed and all(one.polyline == "" and one.device_name is None for one in typed)
    assert all(athlete.streams(one) == {} for one in typed)
    assert 8 < sum(one.private for one in athlete.activities) < 60
    heartless = [one for one in athlete.activities if one.average_heartrate is None and not one.manual]
    assert 40 < len(heartless) < 250
    assert all("heartrate" not in athlete.streams(one) for one in heartless[::9])


def test_indoors_there_is_no_position_but_for_virtual_rides(athlete: Athlete) -> None:
    for one in athlete.activities:
        if one.sport_type in ("Swim", "WeightTraining", "Yoga") or (
            one.trainer and one.sport_type != "VirtualRide"
        ):
            assert one.start_latlng is None and one.polyline == "" and one.elev_high is None
        elif not one.manual:
            assert one.start_latlng is not None and one.polyline
    treadmill = next(one for one in athlete.activities if one.trainer and one.sport_type == "Run")
    assert "latlng" not in athlete.streams(treadmill)
    assert {"distance", "cadence"} < athlete.streams(treadmill).keys()


def test_names_are_as_odd_as_peoples_names_for_things(athlete: Athlete) -> None:
    names = {one.name for one in athlete.activities}
    assert "" in names
    assert any(name != name.strip() for name in names)
    for odd in ('"', "'", ",", ";", "\n", "$", "<b>", "🌅", "\\"):
        assert any(odd in name for name in names), odd
    for first in "=+-@":
        assert any(name.startswith(first) for name in names), first


def test_workouts_have_repeats_that_one_sees(athlete: Athlete) -> None:
    workouts = [one for one in athlete.activities if one.workout_type == 3]
    easy = own_activities(athlete, words="Easy")
    assert len(workouts) > 20

    def spread(one: Activity) -> float:
        streams = athlete.streams(one)
        return float(np.std(streams["velocity_smooth"][streams["moving"]]) / one.average_speed)

    assert mean(map(spread, workouts[:6])) > 1.3 * mean(
        map(spread, [one for one in easy if one.polyline][:6])
    )


def test_gear_adds_up_and_wears_out(athlete: Athlete) -> None:
    ridden: Counter[str] = Counter()
    for one in athlete.activities:
        if one.gear_id:
            ridden[one.gear_id] += round(one.distance * 10)
    gear = {one.id: one for one in athlete.gear}
    assert set(ridden) <= set(gear)
    assert all(gear[one].distance >= metres / 10 - 0.1 for one, metres in ridden.items())
    assert len([one for one in athlete.gear if one.frame_type == 3]) >= 2, "a new road bike"
    shoes = [one for one in athlete.gear if one.id.startswith("g")]
    assert sum(one.retired for one in shoes) >= 3
    assert all((one.id[0] == "b") == (one.frame_type is not None) for one in athlete.gear)


def test_the_profile_says_that_it_is_a_demo(athlete: Athlete) -> None:
    assert "Demo" in athlete.profile["lastname"]
    assert athlete.heart_rate_zones[-1][1] == athlete.power_zones[-1][1] == -1
    for zones in (athlete.heart_rate_zones, athlete.power_zones):
        assert all(one[1] == two[0] for one, two in pairwise(zones))


def test_summaries_are_possible(athlete: Athlete) -> None:
    for one in athlete.activities:
        assert 0 < one.moving_time <= one.elapsed_time < 12 * 3600
        assert one.average_speed == pytest.approx(one.distance / one.moving_time, abs=0.001)
        assert one.max_speed >= one.average_speed or one.manual
        if one.average_heartrate is not None and one.max_heartrate is not None:
            assert 60 < one.average_heartrate < one.max_heartrate <= 190
        if one.max_watts is not None and one.weighted_average_watts is not None:
            assert one.average_watts is not None
            assert one.average_watts < one.weighted_average_watts < one.max_watts < 900
        if one.polyline and one.elev_low is not None and one.elev_high is not None:
            assert 0 < one.elev_low <= one.elev_high < 4_500
            assert one.total_elevation_gain >= (one.elev_high - one.elev_low) * 0.3


# What was recorded.


def test_streams_agree_with_their_summary(athlete: Athlete, some: list[Activity]) -> None:
    assert len({one.sport_type for one in some}) >= 9
    for one in some:
        streams = athlete.streams(one)
        time, moving = streams["time"], streams["moving"]
        assert streams.keys() <= KEYS
        assert len({len(values) for values in streams.values()}) == 1
        assert time[0] == 0 and time[-1] == one.elapsed_time and (np.diff(time) > 0).all()
        assert abs(int(moving.sum()) - one.moving_time) <= 2
        assert streams["distance"][-1] == pytest.approx(one.distance, rel=0.005)
        assert (np.diff(streams["distance"]) >= 0).all()
        fastest = float(streams["velocity_smooth"].max())
        assert 0.8 * one.max_speed <= fastest <= one.max_speed + 0.01
        if one.average_heartrate is not None:
            assert abs(streams["heartrate"].mean() - one.average_heartrate) < 1.5
            assert abs(streams["heartrate"][moving].mean() - one.average_heartrate) < 1.5
            assert streams["heartrate"].max() == one.max_heartrate
        if one.device_watts:
            assert streams["watts"][moving].mean() == pytest.approx(one.average_watts, rel=0.01)
            assert streams["watts"].max() == one.max_watts
            smooth = np.convolve(streams["watts"], np.ones(30) / 30, "valid")
            assert (smooth**4).mean() ** 0.25 == pytest.approx(one.weighted_average_watts, rel=0.12)
        else:
            assert "watts" not in streams
        if one.average_cadence is not None:
            turning = streams["cadence"] > 0
            assert streams["cadence"][turning].mean() == pytest.approx(one.average_cadence, abs=0.5)
        if one.average_temp is not None:
            assert streams["temp"].mean() == pytest.approx(one.average_temp, abs=0.6)
        if one.elev_low is not None:
            rises = np.diff(streams["altitude"])
            gain = float(rises[rises > 0].sum())
            assert gain == pytest.approx(one.total_elevation_gain, rel=0.02, abs=3)
            assert streams["altitude"].min() == pytest.approx(one.elev_low, abs=1)
            assert streams["altitude"].max() == pytest.approx(one.elev_high, abs=1)


def test_tracks_are_smooth_and_as_long_as_they_say(athlete: Athlete, some: list[Activity]) -> None:
    for one in some:
        if not one.polyline:
            continue
        streams = athlete.streams(one)
        steps = np.hypot(*np.diff(plane(streams["latlng"]), axis=0).T)
        assert (steps / np.diff(streams["time"])).max() < 1.25 * one.max_speed + 0.5
        assert steps.sum() == pytest.approx(one.distance, rel=0.02)
        assert np.abs(np.diff(streams["altitude"])).max() < 5
        assert np.abs(np.diff(streams["heartrate"])).max() <= 4 if one.average_heartrate else True


def test_polylines_follow_the_track_from_start_to_end(athlete: Athlete, some: list[Activity]) -> None:
    for one in some:
        if not one.polyline:
            continue
        points = np.array(list(decoded(one.polyline)))
        assert farthest(points, athlete.streams(one)["latlng"][::3]) < 40
        assert 20 <= len(points) < 400
        assert one.start_latlng == pytest.approx(tuple(points[0]), abs=3e-4)
        assert one.end_latlng == pytest.approx(tuple(points[-1]), abs=3e-4)


def test_uphill_is_slow_and_downhill_fast_and_the_heart_follows(athlete: Athlete) -> None:
    ride = max((one for one in athlete.activities if one.timezone == "Europe/Rome" and one.average_heartrate),
               key=lambda one: one.total_elevation_gain)  # fmt: skip
    streams = athlete.streams(ride)
    up, down = streams["grade_smooth"] > 5, (streams["grade_smooth"] < -5) & streams["moving"]
    assert ride.total_elevation_gain > 1_200 and ride.elev_high is not None and ride.elev_high > 2_000
    assert streams["velocity_smooth"][down].mean() > 2.5 * streams["velocity_smooth"][up].mean()
    assert streams["watts"][down].mean() < 0.3 * streams["watts"][up].mean()
    assert streams["heartrate"][down].mean() < streams["heartrate"][up].mean() - 5


def test_a_long_break_is_a_gap_and_a_short_one_stands_still(athlete: Athlete) -> None:
    rides = [one for one in athlete.activities if one.elapsed_time - one.moving_time > 1_000]
    time = athlete.streams(rides[0])["time"]
    assert np.diff(time).max() > 600
    commute = next(
        one for one in athlete.activities if one.commute and one.elapsed_time > one.moving_time + 20
    )
    streams = athlete.streams(commute)
    stands = ~streams["moving"]
    assert stands.sum() > 20 and (streams["velocity_smooth"][stands] == 0).all()


# Changes at run time.


def test_activities_can_be_added_edited_and_deleted() -> None:
    athlete = Athlete(today=TODAY, activities=20)
    first = next(one for one in athlete.activities if one.polyline)
    added = replace(first, id=first.id + 1, name="Once more", start=first.start + timedelta(days=900))
    athlete.add(added, like=first)
    assert athlete.activities[-1] == added
    assert athlete.streams(added)["distance"][-1] == pytest.approx(first.distance)
    edited = replace(added, distance=added.distance * 1.1)
    athlete.activities[-1] = edited
    assert athlete.streams(edited)["distance"][-1] == pytest.approx(edited.distance, abs=0.06)
    stranger = replace(first, id=7, start=first.start - timedelta(days=9_000))
    athlete.add(stranger)
    assert athlete.activities[0] == stranger and athlete.streams(stranger) == {}
    del athlete.activities[0]
    assert len(athlete.activities) == 21


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=30))
def test_every_course_comes_back_from_its_polyline(points: list[tuple[float, float]]) -> None:
    course = np.array(points)
    assert np.array(list(decoded(encode(course[:, 0], course[:, 1])))) == pytest.approx(course, abs=0.6e-5)
