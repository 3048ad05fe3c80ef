"""Loads, fitness and thresholds: what is computed, from what, and what is said where nothing is known."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pytest

from strava_nb import files, metrics, tables
from strava_nb.errors import BadInput, BadTable
from strava_nb.metrics import AthleteProfile, Threshold

PROFILE = AthleteProfile(
    max_heartrate=200, rest_heartrate=40, threshold_heartrate=170, ftp=220, threshold_pace=300, sex="M"
)
HALF_AN_HOUR = {
    "start_date": "2026-03-01T08:00:00Z",
    "start_date_local": "2026-03-01T08:00:00Z",
    "moving_time": 1800,
}
ATHLETE = {"id": 7, "sex": "F", "ftp": 234, "weight": 62.0}
ZONES = {
    "heart_rate": {
        "custom_zones": True,
        "zones": [{"min": 0, "max": 116}, {"min": 116, "max": 146}, {"min": 146, "max": -1}],
    }
}


def activity(number: int, sport: str = "Run", **more: Any) -> dict[str, Any]:
    return {"id": number, "sport_type": sport} | HALF_AN_HOUR | more


def table_of(*records: dict[str, Any]) -> pd.DataFrame:
    return tables.activities(list(records))


def samples_of(number: int, seconds: int = 1800, **streams: Any) -> pd.DataFrame:
    """A sample a second, of constant streams or lists."""
    data = {
        name: values if isinstance(values, list) else [values] * seconds for name, values in streams.items()
    }
    payload = {name: {"data": values} for name, values in data.items()}
    return tables.streams({"time": {"data": list(range(seconds))}} | payload, number)


def under_one_another(*streams: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(streams, ignore_index=True)


def test_heart_rate_load_is_the_same_from_steady_samples_and_from_their_average() -> None:
    rows = table_of(activity(1, average_heartrate=130.0))
    samples = samples_of(1, heartrate=130)
    for streams, basis in ((None, "summary"), (samples, "streams")):
        found = metrics.heart_rate_load(rows, streams, PROFILE)
        assert found["trimp"][0] == pytest.approx(31.8025, abs=5e-5)
        hour = metrics.trimp(170, 60, 40, 200, 1.92)
        assert found["heart_rate_load"][0] == pytest.approx(100 * 31.8025 / hour, rel=1e-5)
        assert found["basis"].tolist() == [basis]
        assert found.attrs["k"] == 1.92
        assert found.attrs["from_streams"] == (basis == "streams")


def test_an_hour_at_threshold_is_100_by_heart_by_power_and_by_speed() -> None:
    rows = table_of(
        activity(1, "Hike", moving_time=3600, average_heartrate=170.0),
        activity(2, "Ride", moving_time=3600, weighted_average_watts=220, device_watts=True),
        activity(3, "Run", moving_time=3600, average_speed=1000 / 300),
    )
    found = metrics.loads(rows, profile=PROFILE).set_index("id").sort_index()
    assert found["load"].tolist() == pytest.approx([100, 100, 100])
    assert found["kind"].tolist() == ["heart rate", "power", "run"]
    assert found["basis"].unique().tolist() == ["summary"]


def test_power_counts_before_speed_and_speed_before_the_heart() -> None:
    rows = table_of(
        activity(1, "Ride", average_heartrate=150.0, weighted_average_watts=200, device_watts=True),
        activity(2, "Ride", average_heartrate=150.0, average_watts=200.0, device_watts=False),
        activity(3, "Run", average_heartrate=150.0, average_speed=3.0),
        activity(4, "Yoga"),
    )
    found = metrics.loads(rows, profile=PROFILE)
    assert found.set_index("id")["kind"].sort_index().fillna("none").tolist() == [
        "power",
        "heart rate",
        "run",
        "none",
    ]
    assert found.attrs["kinds"] == {"power": 0.25, "run": 0.25, "heart rate": 0.25, "none": 0.25}
    assert found.attrs["computed"] == 0.75
    assert "3 of 4 activities (75 %)" in found.attrs["notes"][0]


def test_samples_go_before_averages_and_it_is_said_which_were_there() -> None:
    rows = table_of(*(activity(n, average_heartrate=130.0, average_speed=3.0) for n in (1, 2, 3)))
    samples = samples_of(2, heartrate=150, velocity_smooth=3.5, moving=True, grade_smooth=0)
    other = samples_of(9, heartrate=150)
    found = metrics.loads(rows, under_one_another(samples, other), PROFILE).set_index("id").sort_index()
    assert found["basis"].tolist() == ["summary", "streams", "summary"]
    assert found["heart_rate_load"][2] > found["heart_rate_load"][1]
    assert found["run_load"][2] == pytest.approx(50 * (3.5 * 0.3) ** 2)


def test_streams_may_come_in_pieces() -> None:
    rows = table_of(*(activity(n, average_heartrate=120.0) for n in (1, 2)))
    pieces = [samples_of(1, heartrate=140), samples_of(2, heartrate=150)]
    whole = metrics.loads(rows, under_one_another(*pieces), PROFILE)
    pd.testing.assert_frame_equal(metrics.loads(rows, iter(pieces), PROFILE), whole)
    shuffled = under_one_another(*pieces).iloc[np.r_[0:1800:2, 1800:3600, 1:1800:2]]
    assert metrics.mean_maximal_power(shuffled).empty
    mixed = metrics.heart_rate_load(
        rows, under_one_another(*pieces).sort_values("time", kind="stable"), PROFILE
    )
    assert mixed["trimp"].tolist() == metrics.heart_rate_load(rows, iter(pieces), PROFILE)["trimp"].tolist()


def test_a_strap_that_was_lost_is_told_by_the_coverage() -> None:
    beats = [130] * 900 + [None] * 900
    found = metrics.heart_rate_load(table_of(activity(1)), samples_of(1, heartrate=beats), PROFILE)
    assert found["coverage"].tolist() == pytest.approx([0.5], abs=0.001)
    assert found["trimp"][0] == pytest.approx(31.8025 / 2, rel=0.001)
    lost = metrics.heart_rate_load(
        table_of(activity(1, average_heartrate=130.0)), samples_of(1, heartrate=[None] * 1800), PROFILE
    )
    assert lost["basis"].tolist() == ["summary"]


def test_power_load_from_samples_counts_the_seconds_that_were_recorded() -> None:
    rows = table_of(activity(1, "Ride", device_watts=True, moving_time=99))
    found = metrics.power_load(rows, samples_of(1, seconds=3600, watts=220), PROFILE)
    assert found["weighted_power"].tolist() == pytest.approx([220])
    assert found["intensity"].tolist() == pytest.approx([1])
    assert found["power_load"].tolist() == pytest.approx([100])
    published = table_of(activity(1, "Ride", moving_time=5400, weighted_average_watts=230, device_watts=True))
    assert metrics.power_load(published, profile=PROFILE)["power_load"][0] == pytest.approx(163.946, abs=5e-4)


@pytest.mark.parametrize(
    ("sport", "told"), [("Ride", {"device_watts": False}), ("Run", {"device_watts": True}), ("Ride", {})]
)
def test_estimated_and_runners_power_are_no_power_load(sport: str, told: dict[str, Any]) -> None:
    weighted = {} if not told else {"weighted_average_watts": 220}
    found = metrics.power_load(
        table_of(activity(1, sport, average_watts=210.0, **told, **weighted)), profile=PROFILE
    )
    assert found["power_load"].isna().all()
    assert found.attrs["notes"] == ["Power load: no activity here has what it needs."]


def test_an_unknown_threshold_makes_no_number_and_is_named() -> None:
    rows = table_of(activity(1, average_heartrate=130.0), activity(2, average_heartrate=140.0))
    found = metrics.heart_rate_load(rows, profile=replace(PROFILE, max_heartrate=(), sex=None))
    assert found["trimp"].isna().all()
    assert found["basis"].isna().all()
    assert found.attrs["computed"] == 0
    assert found.attrs["thresholds"]["max_heartrate"] is None
    assert "The maximum heart rate is not known: see AthleteProfile." in found.attrs["notes"]
    assert "Neither sex nor k is known: see AthleteProfile." in found.attrs["notes"]
    assert metrics.loads(rows)["load"].isna().all()


def test_each_day_has_the_threshold_that_held_on_it() -> None:
    profile = replace(PROFILE, ftp=[("2026-02-01", 200), ("2026-03-01", 250)])
    days = ("2026-01-31", "2026-02-28", "2026-03-01")
    rows = table_of(
        *(
            activity(
                n, "Ride", device_watts=True, weighted_average_watts=200, start_date_local=f"{day}T09:00:00Z"
            )
            for n, day in enumerate(days, 1)
        )
    )
    found = metrics.power_load(rows, profile=profile)
    assert found.set_index("id")["intensity"].sort_index().fillna(0).tolist() == pytest.approx([0, 1, 0.8])
    assert found.attrs["thresholds"]["ftp"][1] == {"value": 250, "since": "2026-03-01", "source": "given"}
    json.dumps(found.attrs)


def test_a_hill_makes_a_run_harder() -> None:
    rows = table_of(activity(1))
    flat, hill = (
        metrics.run_load(rows, samples_of(1, velocity_smooth=3.0, moving=True, grade_smooth=grade), PROFILE)[
            "grade_adjusted_speed"
        ][0]
        for grade in (0, 10)
    )
    assert (flat, hill) == (pytest.approx(3), pytest.approx(4.35))
    steeper = metrics.run_load(
        rows, samples_of(1, velocity_smooth=3.0, moving=True, grade_smooth=10), PROFILE, model="minetti"
    )
    assert steeper["grade_adjusted_speed"][0] == pytest.approx(3 * 1.6578, abs=1e-3)


def test_standing_still_is_no_running() -> None:
    moving = [True] * 900 + [False] * 900
    speeds = [3.0] * 900 + [0.0] * 900
    for streams in ({"moving": moving, "velocity_smooth": speeds}, {"velocity_smooth": speeds}):
        found = metrics.run_load(table_of(activity(1)), samples_of(1, **streams), PROFILE)
        assert found["grade_adjusted_speed"].tolist() == [3]
        assert found["run_load"][0] == pytest.approx(25 * 0.81)


def daily(*load: float, first: str = "2026-01-01") -> pd.DataFrame:
    days = pd.date_range(first, periods=len(load))
    return pd.DataFrame({"start_date_local": days, "load": pd.array(load, dtype="Float64")})


def test_fitness_of_a_hundred_a_day_and_of_the_rest_after_it() -> None:
    found = metrics.training_load(daily(*[100.0] * 42), until=date(2026, 2, 18)).set_index("day")
    assert found["fitness"].iloc[[0, 6, 41, 48]].tolist() == pytest.approx(
        [2.353, 15.352, 63.212, 53.508], abs=5e-4
    )
    assert found["fatigue"].iloc[[0, 6, 41, 48]].tolist() == pytest.approx(
        [13.312, 63.212, 99.752, 36.697], abs=5e-4
    )
    assert found["form"].iloc[0] == 0
    assert found["form"].iloc[42] == pytest.approx(63.212 - 99.752, abs=1e-3)
    assert found["ramp_rate"].iloc[:7].isna().all()
    assert found["ramp_rate"].iloc[7] == pytest.approx(found["fitness"].iloc[7] - found["fitness"].iloc[0])
    assert found["warming_up"].tolist() == [True] * 42 + [False] * 7
    assert found["monotony"].isna().iloc[:42].all()
    assert found["activities"].iloc[[41, 42]].tolist() == [1, 0]


def test_a_day_adds_up_and_what_has_no_load_is_a_day_of_rest_that_is_told() -> None:
    rows = table_of(
        *(
            activity(n, "Ride", moving_time=3600, weighted_average_watts=220, device_watts=True)
            for n in (1, 2)
        ),
        activity(3, "Yoga"),
    )
    found = metrics.training_load(metrics.loads(rows, profile=PROFILE))
    assert found["load"].tolist() == pytest.approx([200])
    assert found["activities"].tolist() == [3]
    assert found.attrs["kinds"]["none"] == pytest.approx(1 / 3)
    assert "67 % power, 33 % none of 3 activities" in " ".join(found.attrs["notes"])


def test_a_table_without_loads_is_said() -> None:
    with pytest.raises(BadTable, match=r"no load\. Use the table that metrics\.loads returned"):
        metrics.training_load(table_of(activity(1)))


def test_a_profile_of_stravas_records() -> None:
    profile = AthleteProfile.from_strava(ATHLETE, ZONES)
    assert profile.heartrate_zones == (116, 146)
    assert profile.ftp == (Threshold(234, None, "Strava"),)
    assert (profile.k, profile.zones_source) == (1.67, "Strava")
    assert profile.at("2020-01-01") == {
        "max_heartrate": None,
        "rest_heartrate": None,
        "threshold_heartrate": None,
        "ftp": 234,
        "threshold_pace": None,
        "weight": 62,
    }
    assert AthleteProfile.from_strava({"ftp": None, "sex": None}, None) == AthleteProfile()


def test_a_profile_survives_being_written_down() -> None:
    profile = AthleteProfile(
        max_heartrate={"2025-01-01": 190, date(2020, 1, 1): 195}, sex="F", heartrate_zones=(120, 150)
    )
    assert AthleteProfile(**json.loads(json.dumps(asdict(profile), default=str))) == profile
    assert profile.at(date(2024, 12, 31))["max_heartrate"] == 195
    assert profile.at(date(2019, 12, 31))["max_heartrate"] is None


def test_what_always_held_gives_way_to_what_is_dated() -> None:
    profile = AthleteProfile(ftp=[(None, 200), ("2026-01-01", 230)])
    assert [profile.at(day)["ftp"] for day in ("1999-01-01", "2025-12-31", "2026-01-01")] == [200, 200, 230]
    unknown = profile.over("ftp", np.array(["NaT", "2026-05-01"], "datetime64[D]"))
    assert np.isnan(unknown[0])
    assert unknown[1] == 230


@pytest.mark.parametrize(
    "given",
    [
        {"ftp": 0},
        {"ftp": float("nan")},
        {"ftp": [240]},
        {"ftp": [("yesterday", 240)]},
        {"sex": "X"},
        {"ftp": [("2026-01-01", 240), ("2026-01-01", 250)]},
        {"heartrate_zones": (150, 120)},
        {"heartrate_zones": (0, 120)},
        {"ftp": "240"},
    ],
)
def test_thresholds_that_cannot_be_meant_are_said(given: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        AthleteProfile(**given)


def test_a_table_read_back_from_csv_has_the_same_loads() -> None:
    watts = {"weighted_average_watts": 220, "average_heartrate": 150.0}
    rides = table_of(
        activity(1, "Ride", device_watts=True, **watts),
        activity(2, "Ride", device_watts=False, **watts),
        activity(3, "Ride", **watts),
    )
    again = pd.read_csv(BytesIO(files.to_csv(rides)))
    assert again["device_watts"].dtype == object, "True, False and nothing"
    for function in (metrics.loads, metrics.power_load):
        read, pulled = (function(one, profile=PROFILE) for one in (again, rides))
        pd.testing.assert_frame_equal(read.drop(columns="source"), pulled.drop(columns="source"))
    with pytest.raises(BadTable, match="device_watts does not hold numbers"):
        metrics.loads(rides.assign(device_watts=["a", "b", "c"]))
