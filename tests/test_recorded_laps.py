"""Laps that devices recorded: how they are read in FIT and TCX files, and what comes of odd ones."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from fit_writer import LAP, LAPS, START, activity, begun, with_laps, with_records, with_session
from lap_files import BROKEN_OFF, FIRST, LX, SAMPLES, SECOND, TCX, TOLD, fit, lap, read, spans, tcx_lap

from strava_nb.errors import BadTrack
from strava_nb.sources.trackfiles import read_samples
from strava_nb.sources.tracks.laps import Laps


@pytest.fixture(params=["fast", "tolerant"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either FIT reader."""
    if request.param == "tolerant":
        monkeypatch.setitem(sys.modules, "fitfast", None)
    else:
        pytest.importorskip("fitfast")

        def refuse(_: bytes) -> None:
            raise AssertionError("the fast reader left this to the tolerant one")

        monkeypatch.setattr("strava_nb.sources.tracks.fit.read_tolerant", refuse)


# FIT


@pytest.mark.usefixtures("reader")
def test_laps_of_a_fit_file_have_the_devices_starts_lengths_and_values() -> None:
    assert read(fit(FIRST, SECOND)) == Laps(
        [
            {
                "start": 0, "elapsed_time": 100, "timer_time": 100, "distance": 400, "max_speed": 4.6,
                "average_heartrate": 99, "max_heartrate": 140, "average_watts": 250,
                "total_elevation_gain": 12,
            },
            {
                "start": 100, "elapsed_time": 200, "timer_time": 100, "distance": 400, "max_speed": 4.6,
                "average_heartrate": 99, "max_heartrate": 140, "average_watts": 250,
                "total_elevation_gain": 12,
            },
        ]
    )  # fmt: skip


@pytest.mark.usefixtures("reader")
def test_cadence_counts_one_leg_with_its_fraction_and_speeds_may_be_long() -> None:
    slow, fast = {"avg_cadence": 85, "avg_fractional_cadence": 64, "sport": 1}, {"enhanced_max_speed": 70_000}
    laps = read(fit(lap(0, 100, **slow), lap(100, 200, **fast), sport=1))
    assert laps.rows[0]["average_cadence"] == 85.5
    assert laps.rows[1]["max_speed"] == 70
    assert "average_cadence" not in laps.rows[1]


def test_laps_are_not_read_of_a_fit_file_unless_asked_for_where_that_would_cost() -> None:
    pytest.importorskip("fitfast")
    assert read_samples(fit(FIRST), "run.fit").laps is None


def test_laps_that_fitfast_reads_otherwise_are_left_to_the_other_reader() -> None:
    odd = with_records(begun(), SAMPLES).define(3, LAPS, [LAP["start_time"], (15, "uint16")])
    assert read(with_session(odd.add(3, START, 300)).file()).rows[0]["average_heartrate"] == 300


@pytest.mark.usefixtures("reader")
def test_a_file_without_laps_has_none() -> None:
    assert read(activity(SAMPLES).file()) == Laps()


def test_laps_of_chained_files_follow_each_other_through_all_sports() -> None:
    later = [{"timestamp": START + 1000 + i, "heart_rate": 150} for i in range(100)]
    bike = with_session(with_laps(with_records(begun(), later), [lap(1000, 99)])).file()
    laps = read(fit(lap(0, 300), sport=5) + bike)
    assert spans(laps) == [(0, 300), (1000, 1099)]
    assert laps.problems == []


def test_a_file_that_breaks_off_keeps_its_laps_and_the_rest_is_one_more() -> None:
    laps = read(BROKEN_OFF)
    assert spans(laps) == [(0, 100), (100, 299)]
    assert laps.problems == ["it recorded 199 s after its last lap; made a lap of their own"]


# odd laps


@pytest.mark.parametrize(
    ("laps", "expected", "problem"),
    [
        ([lap(0, 100), lap(100, 0), lap(100, 200)], [(0, 100), (100, 100), (100, 300)], None),
        ([lap(0, 100), lap(101, 199.4)], [(0, 100), (101, 300.4)], None),
        ([lap(100, 200), lap(0, 100)], [(0, 100), (100, 300)], "out of order; put in the order"),
        ([lap(0, 100), lap(100, 200), lap(0, 300)], [(0, 100), (100, 300), (0, 300)], "1 of its 3 laps"),
        ([lap(0, 100), lap(60, 240)], [(0, 100), (60, 300)], "1 of its 2 laps begin before the one before"),
        ([lap(0, 300), lap(400, 50)], [(0, 300), (400, 450)], "1 of its 2 laps lie where it recorded"),
        ([lap(-5, 305)], [(-5, 300)], None),
        ([{"start_time": START}, lap(100, 200)], [(0, 100), (100, 300)], None),
        ([lap(0, 100), {"start_time": START + 100}], [(0, 100), (100, 300)], None),
        ([{"total_elapsed_time": 100_000}, {"total_elapsed_time": 200_000}], [(0, 100), (100, 300)], None),
        ([{"timestamp": START + 100}, {"timestamp": START + 300}], [(0, 100), (100, 300)], None),
        ([lap(0, 300), {}], [(0, 300)], "1 of its 2 laps tell nothing"),
        ([{"start_time": 50, "total_elapsed_time": 300_000}], [(0, 300)], None),
        ([lap(0, 100)], [(0, 100), (100, 300)], "it recorded 200 s after its last lap"),
    ],
)  # fmt: skip
def test_odd_laps_have_a_clear_outcome_and_none_is_lost(
    laps: list[dict[str, Any]], expected: list[tuple[float, float]], problem: str | None
) -> None:
    found = read(fit(*laps))
    assert spans(found) == expected
    assert len(found.problems) == (problem is not None)
    assert (problem or "") in "".join(found.problems)


def test_a_file_with_laps_and_no_samples_tells_of_its_laps_when_asked() -> None:
    data = with_session(with_laps(begun(), [FIRST, SECOND])).file()
    assert spans(read(data)) == [(0, 100), (100, 300)]
    with pytest.raises(BadTrack, match="without a single recorded sample"):
        read_samples(data, "run.fit")


def test_a_sample_whose_time_is_damaged_makes_no_lap_of_sixty_years() -> None:
    for row in (150, -1):
        samples = [dict(one) for one in SAMPLES]
        samples[row]["timestamp"] += 2_000_000_000
        laps = read(with_session(with_laps(with_records(begun(), samples), [FIRST, SECOND])).file())
        assert spans(laps) == [(0, 100), (100, 300)]
        assert laps.problems == []


def test_a_course_and_a_workout_have_laps_that_nobody_ran() -> None:
    for kind in (5, 6):
        with pytest.raises(BadTrack, match="of another kind"):
            read_samples(with_laps(with_records(begun(kind), SAMPLES), [FIRST]).file(), "plan.fit", laps=True)


# TCX


def test_laps_of_a_tcx_have_their_own_values_and_not_their_points() -> None:
    one = tcx_lap("2024-05-01T06:00:00Z", 30, range(31), TOLD, LX)
    laps = read(TCX.format(one + tcx_lap("2024-05-01T06:00:30Z", "12.5", range(31, 43))).encode())
    assert laps == Laps(
        [
            {
                "start": 0, "elapsed_time": 30, "timer_time": 30, "distance": 250.5, "max_speed": 9.5,
                "average_heartrate": 99, "max_heartrate": 111, "average_cadence": 70, "average_watts": 180,
            },
            {"start": 30, "elapsed_time": 12.5, "timer_time": 12.5},
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "seconds", "expected", "problem"),
    [
        ("2024-05-01T06:00:00Z", 20, (0, 30), None),  # the timer stood still for a while
        ("2024-05-01T08:00:00", 30, (0, 30), None),  # by another clock than its points
        ("", 30, (0, 30), None),
        ("soon", 30, (0, 30), "1 of 1 values of StartTime are none, such as 'soon'"),
        ("2024-05-01T06:00:00Z", "long", (0, 30), "values of timer_time are none, such as 'long'"),
        ("2024-05-01T06:00:00Z", -1, (0, 30), None),
        ("2024-05-01T06:00:00Z", "1e300", (0, 30), None),
        ("2024-05-01T06:00:00Z", "inf", (0, 30), "values of timer_time are none, such as 'inf'"),
    ],
)
def test_a_tcx_lap_is_where_its_points_are(
    start: str, seconds: Any, expected: tuple[float, float], problem: str | None
) -> None:
    laps = read(TCX.format(tcx_lap(start, seconds, range(31))).encode())
    assert spans(laps) == [expected]
    assert (problem or "") in "".join(laps.problems)
    assert len(laps.problems) == (problem is not None)


def test_a_tcx_typed_in_on_a_treadmill_has_laps_and_no_points() -> None:
    data = TCX.format(tcx_lap("2024-05-01T06:00:00Z", 600, range(0), TOLD)).encode()
    assert spans(read(data)) == [(0, 600)]
    with pytest.raises(BadTrack, match="with a course, not a recorded activity"):
        read_samples(data, "x.tcx")
