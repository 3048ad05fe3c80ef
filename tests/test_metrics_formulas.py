"""The formulas of the training against published and hand-computed numbers, and against plain loops."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strava_nb import metrics
from strava_nb.errors import BadInput
from strava_nb.metrics.power import DURATIONS
from strava_nb.metrics.samples import GAP, per_second
from strava_nb.metrics.zone_times import seconds_between

WATTS = st.lists(st.integers(0, 900), min_size=1, max_size=90)


@pytest.mark.parametrize(("k", "impulse"), [(1.92, 31.8025), (1.67, 27.6305)])
def test_half_an_hour_at_130_is_so_much_trimp(k: float, impulse: float) -> None:
    assert metrics.trimp(130, 30, 40, 200, k) == pytest.approx(impulse, abs=5e-5)


@pytest.mark.parametrize(("threshold", "load"), [(163, 239.088), (170.5, 199.492)])
def test_trimp_is_scaled_to_an_hour_at_threshold(threshold: float, load: float) -> None:
    assert metrics.scaled_trimp(333, 60, 190, threshold, 1.92) == pytest.approx(load, abs=1e-3)


def test_a_heart_below_rest_earns_nothing_and_an_unknown_threshold_no_number() -> None:
    assert metrics.trimp(45, 30, 50, 190, 1.92) == 0
    assert np.isnan(metrics.trimp(130, 30, np.nan, 190, 1.92))
    assert np.isnan(metrics.trimp(130, 30, 60, 60, 1.92))
    assert np.isnan(metrics.scaled_trimp(100, 60, 190, 60, 1.92))


@pytest.mark.parametrize(
    ("watts", "weighted"),
    [
        ([250] * 3600, 250.0),
        ([100] * 120 + ([300] * 60 + [100] * 60) * 4 + [100] * 60, 223.708),
        (([400] * 30 + [100] * 30) * 20, 287.501),
        ([0] * 60, 0.0),
    ],
)
def test_weighted_power_is_what_was_published(watts: list[int], weighted: float) -> None:
    assert metrics.weighted_power(watts) == pytest.approx(weighted, abs=5e-4)


def test_less_than_half_a_minute_has_no_weighted_power() -> None:
    assert math.isnan(metrics.weighted_power([250] * 29))
    assert metrics.weighted_power([250] * 30) == 250
    assert math.isnan(metrics.weighted_power([]))


def test_samples_every_five_seconds_weigh_as_samples_every_second() -> None:
    time = np.arange(0, 601, 5)
    assert metrics.weighted_power(np.full(len(time), 200.0), time) == pytest.approx(200)
    assert metrics.weighted_power(np.arange(0, 601.0, 5), time) == pytest.approx(
        metrics.weighted_power(np.arange(601.0)), rel=1e-9
    )


def test_no_window_of_weighted_power_spans_a_pause() -> None:
    minute = np.arange(60.0)
    watts, time = np.repeat([300.0, 100.0], 60), np.concatenate([minute, minute + 1000])
    apart = (300**4 + 100**4) / 2
    assert metrics.weighted_power(watts, time) == pytest.approx(apart**0.25)
    assert metrics.weighted_power(watts) != pytest.approx(apart**0.25)


def test_a_dropped_value_is_bridged_and_a_lost_sensor_is_a_gap() -> None:
    watts, time = np.full(200, 250.0), np.arange(200.0)
    watts[50] = np.nan
    assert not np.isnan(per_second(watts, time)).any()
    watts[100:160] = np.nan
    assert np.flatnonzero(np.isnan(per_second(watts, time))).tolist() == list(range(100, 160))
    assert metrics.weighted_power(watts, time) == pytest.approx(250)


def test_seconds_of_gaps_are_no_longer_than_anybody_looks() -> None:
    even = per_second(np.array([1.0, 1.0]), np.array([0.0, 1e9]), longest=3600)
    assert len(even) < 4000
    assert np.isnan(even).sum() == 3600


@given(WATTS, st.floats(0.1, 3))
def test_weighted_power_grows_as_power_does(watts: list[int], factor: float) -> None:
    once, more = metrics.weighted_power(watts), metrics.weighted_power(np.array(watts) * factor)
    assert more == pytest.approx(once * factor, nan_ok=True)


def test_intensity_and_load_of_a_ride() -> None:
    assert metrics.load_of_power(3600, 220, 220) == pytest.approx(100)
    assert metrics.power_intensity(230, 220) == pytest.approx(1.04545, abs=5e-6)
    assert metrics.load_of_power(5400, 230, 220) == pytest.approx(163.946, abs=5e-4)
    assert np.isnan(metrics.load_of_power(5400, 230, np.nan))
    assert np.isnan(metrics.power_intensity(230, 0))


def test_mean_maximal_power_of_a_ramp() -> None:
    best = metrics.mean_maximal(range(101), [1, 50, 100, 102])
    assert best[:3].tolist() == [100, 75.5, 50.5]
    assert np.isnan(best[3])


def test_gaps_make_no_mean_better() -> None:
    watts, time = np.full(20, 300.0), np.r_[np.arange(10.0), np.arange(10.0) + 60]
    assert metrics.mean_maximal(watts, [10, 20, 70], time).tolist() == pytest.approx([300, 150, 6000 / 70])


@settings(max_examples=40)
@given(WATTS, st.integers(1, 95))
def test_the_best_mean_is_the_best_of_all_windows(watts: list[int], duration: int) -> None:
    means = [np.mean(watts[i : i + duration]) for i in range(len(watts) - duration + 1)]
    assert metrics.mean_maximal(watts, [duration])[0] == pytest.approx(
        max(means, default=np.nan), nan_ok=True
    )


def test_a_duration_below_a_second_is_refused() -> None:
    with pytest.raises(BadInput, match="whole number of seconds"):
        metrics.mean_maximal([1, 2], [0])


def test_critical_power_of_a_synthetic_athlete_returns_itself() -> None:
    seconds = np.array(DURATIONS)
    fit = metrics.fit_critical_power(seconds, 250 + 20_000 / seconds)
    assert (fit.power, fit.work) == (pytest.approx(250), pytest.approx(20_000))
    assert fit.error == pytest.approx(0, abs=1e-9)
    assert fit.efforts == 8
    assert fit.at(3600) == pytest.approx(250 + 20_000 / 3600)


def test_critical_power_needs_two_durations_between_two_and_twenty_minutes() -> None:
    with pytest.raises(BadInput, match="two durations"):
        metrics.fit_critical_power([30, 60, 300, 3600], [500, 400, 300, 200])
    with pytest.raises(BadInput):
        metrics.fit_critical_power([300, 600], [300, np.nan])


@pytest.mark.parametrize(
    ("grade", "factor"),
    [(10, 1.45), (5, 1.19), (-5, 0.90), (-10, 0.88), (-20, 1.08), (0, 1), (40, 1.45), (-40, 1.08)],
)
def test_stravas_curve_goes_through_its_points_and_is_level_beyond(grade: float, factor: float) -> None:
    assert metrics.grade_factor(grade) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("grade", "factor"), [(10, 1.6578), (20, 2.5019), (-10, 0.5977), (0, 1), (99, 5.3961)]
)
def test_minettis_curve_relative_to_level(grade: float, factor: float) -> None:
    assert metrics.grade_factor(grade, "minetti") == pytest.approx(factor, abs=5e-5)


def test_between_its_points_the_curve_neither_overshoots_nor_turns_back() -> None:
    grades = np.linspace(-25, 15, 4001)
    factors = metrics.grade_factor(grades)
    assert factors.min() == pytest.approx(0.88)
    assert (np.diff(factors[(grades >= -10)]) >= -1e-12).all()
    assert (np.diff(factors[(grades <= -10)]) <= 1e-12).all()
    # By hand: the slopes at 0 and 5 % are weighted harmonic means of 0.02 and 0.038, and of 0.038 and 0.052.
    left, right = 2 / (1 / 0.02 + 1 / 0.038), 2 / (1 / 0.038 + 1 / 0.052)
    assert metrics.grade_factor(2.5) == pytest.approx((1 + 1.19) / 2 + 5 * (left - right) / 8)


def test_an_unknown_gradient_counts_as_level_and_an_unknown_model_is_said() -> None:
    assert metrics.grade_adjusted_speed([3, 3], [np.nan, 10]).tolist() == pytest.approx([3, 4.35])
    with pytest.raises(BadInput, match="'flat'"):
        metrics.grade_factor(1, cast(Any, "flat"))


def test_the_gradient_of_an_even_slope_is_found_through_a_barometers_steps() -> None:
    way = np.arange(0, 1000, 3.0)
    assert metrics.gradient(way, 0.05 * way) == pytest.approx(5, abs=0.05)
    stepped = metrics.gradient(way, np.round(0.05 * way))
    assert np.abs(stepped[20:-20] - 5).max() < 1
    assert np.isnan(metrics.gradient([0, 1, 2], [np.nan] * 3)).all()


def test_race_times_by_riegel() -> None:
    assert metrics.race_time(1200, 5000, 10_000) == pytest.approx(41 * 60 + 42, abs=0.5)
    half, whole = metrics.race_time(2400, 10_000, [21_097.5, 42_195])
    assert half == pytest.approx(3600 + 28 * 60 + 15, abs=0.5)
    assert whole == pytest.approx(3 * 3600 + 4 * 60, abs=1)


def test_decoupling_of_two_halves() -> None:
    assert metrics.decoupling(193 / 136, 195 / 142) == pytest.approx(3.2329, abs=5e-5)
    assert np.isnan(metrics.decoupling(0, 1))


def test_fitness_and_fatigue_of_a_hundred_a_day() -> None:
    days = [100] * 42 + [0] * 7
    fitness, fatigue = metrics.exponential_mean(days, 42), metrics.exponential_mean(days, 7)
    assert fitness[[0, 6, 41, 48]] == pytest.approx([2.353, 15.352, 63.212, 53.508], abs=5e-4)
    assert fatigue[[0, 6, 41, 48]] == pytest.approx([13.312, 63.212, 99.752, 36.697], abs=5e-4)


@given(st.lists(st.floats(0, 500), max_size=400), st.sampled_from([7, 42]))
@settings(max_examples=30)
def test_the_exponential_mean_is_the_recurrence(load: list[float], days: int) -> None:
    x, expected = 0.0, []
    for one in load:
        x += (one - x) * (1 - math.exp(-1 / days))
        expected.append(x)
    assert metrics.exponential_mean(load, days) == pytest.approx(expected, abs=1e-9)


def test_monotony_and_strain_of_a_week_by_hand() -> None:
    week = [100, 0, 100, 0, 100, 0, 50]
    monotony, strain = metrics.monotony_and_strain([*week, 50])
    mean, spread = 50, math.sqrt((3 * 2500 + 3 * 2500 + 0) / 7)
    assert np.isnan(monotony[:6]).all()
    assert monotony[6] == pytest.approx(mean / spread)
    assert strain[6] == pytest.approx(350 * mean / spread)


def test_a_week_of_equal_days_has_no_monotony() -> None:
    for load in (0.0, 0.1, 70.3):
        monotony, strain = metrics.monotony_and_strain([load] * 9)
        assert np.isnan(monotony).all()
        assert np.isnan(strain).all()


@pytest.mark.parametrize(
    ("days", "number"), [([5, 4, 3, 2, 1], 3), ([], 0), ([0.9], 0), ([10] * 10, 10), ([74.75] * 90, 74)]
)
def test_eddingtons_number(days: list[float], number: int) -> None:
    assert metrics.eddington_number(days)[0] == number


@given(st.lists(st.integers(0, 6000).map(lambda one: one / 100), max_size=60))
@settings(max_examples=30)
def test_eddingtons_number_is_the_largest_that_holds(days: list[float]) -> None:
    number, days_of = metrics.eddington_number(days)
    assert sum(one >= number for one in days) >= number
    assert sum(one >= number + 1 for one in days) <= number
    assert all(count == sum(one >= least for one in days) for least, count in enumerate(days_of[1:], 1))


@given(
    st.lists(st.one_of(st.just(math.nan), st.floats(30, 220)), min_size=1, max_size=50),
    st.lists(st.floats(50, 200), unique=True, min_size=1, max_size=6).map(sorted),
)
@settings(max_examples=40)
def test_every_known_second_is_in_one_zone(values: list[float], edges: list[float]) -> None:
    beats, seconds = np.array(values), np.linspace(0.5, GAP, len(values))
    found = seconds_between(beats, seconds, np.array(edges))
    known = ~np.isnan(beats)
    expected = np.bincount(
        np.searchsorted(edges, beats[known], side="right"), seconds[known], minlength=len(edges) + 1
    )
    assert found == pytest.approx(expected, abs=1e-9)


TRACK = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 40)), min_size=2, max_size=25)


@given(TRACK, st.integers(1, 150))
@settings(max_examples=60)
def test_no_stretch_is_faster_than_the_fastest(steps: list[tuple[int, int]], metres: int) -> None:
    time = np.concatenate([[0], np.cumsum([one for one, _ in steps])]).astype(float)
    way = np.concatenate([[0], np.cumsum([one for _, one in steps])]).astype(float)
    (best,), (start,) = metrics.fastest_over(way, time, [metres], leap=1e9)
    if way[-1] < metres:
        assert np.isnan(best)
        return
    assert np.interp(start + best, time, way) - np.interp(start, time, way) == pytest.approx(metres)
    assert best == pytest.approx(_least(way, time, metres))


def _least(way: np.ndarray, time: np.ndarray, metres: float) -> float:
    """The least time over all stretches that begin or end at a sample, one by one."""
    least = math.inf
    for i in range(len(way)):
        for j in range(i + 1, len(way)):
            gone = way[j] - way[i]
            if gone >= metres:
                first, last = way[i + 1] - way[i], way[j] - way[j - 1]
                over = gone - metres
                whole = time[j] - time[i]
                if first >= over > 0:
                    least = min(least, whole - over / first * (time[i + 1] - time[i]))
                if last >= over > 0:
                    least = min(least, whole - over / last * (time[j] - time[j - 1]))
                least = min(least, whole)
    return least


def test_the_fastest_stretch_by_hand() -> None:
    way = [0, 10, 30, 60, 70, 80]  # m, 10 s apart
    best, start = metrics.fastest_over(way, np.arange(0, 60, 10.0), [40, 30, 80, 81])
    assert best[:3].tolist() == pytest.approx([15, 10, 50])  # 30 m in 10 s, and half of the 20 m before
    assert start[:2].tolist() == pytest.approx([15, 20])
    assert np.isnan(best[3])


def test_a_pause_counts_and_a_leap_of_the_gps_does_not() -> None:
    time = np.arange(0, 600, 1.0)
    way = 3.0 * time
    paused = np.where(time < 300, time, time + 60)
    assert metrics.fastest_over(way, paused, [1500])[0] == pytest.approx([560])
    leapt = way + np.where(time < 300, 0, 500)
    assert metrics.fastest_over(leapt, time, [600])[0] == pytest.approx([200])
    assert np.isnan(metrics.fastest_over(leapt, time, [1500])[0]).all()


def test_a_distance_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="above 0 m"):
        metrics.fastest_over([0, 1], [0, 1], [0])
