"""What samples tell: power curves, best efforts, zones, efficiency and pace."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from strava_nb import metrics, tables
from strava_nb.errors import BadInput, BadTable
from strava_nb.metrics import AthleteProfile

DAY = {"start_date": "2026-03-01T08:00:00Z", "start_date_local": "2026-03-01T08:00:00Z"}
PROFILE = AthleteProfile(ftp=200, heartrate_zones=(120, 140, 160))


def activity(number: int, sport: str = "Run", **more: Any) -> dict[str, Any]:
    return {"id": number, "sport_type": sport} | DAY | more


def table_of(*records: dict[str, Any]) -> pd.DataFrame:
    return tables.activities(list(records))


def samples_of(number: int | None, source: str = "api", **streams: Any) -> pd.DataFrame:
    """Streams as they are, `time` one a second unless it is given."""
    size = len(next(iter(streams.values())))
    streams = {"time": np.arange(size)} | streams
    payload = {name: {"data": list(values)} for name, values in streams.items()}
    return tables.streams(payload, number, source=source)


def test_a_power_curve_has_a_row_for_every_duration_that_the_ride_is_as_long_as() -> None:
    curve = metrics.mean_maximal_power(samples_of(1, watts=range(101)), durations=(100, 1, 50, 3600))
    assert curve["duration"].tolist() == [1, 50, 100]
    assert curve["power"].tolist() == [100, 75.5, 50.5]
    assert curve["gaps"].tolist() == [0, 0, 0]
    assert curve["source"].tolist() == ["api"] * 3


def test_gaps_of_a_power_curve_are_stated_and_count_as_nothing() -> None:
    time = [*range(60), *range(100, 160)]
    curve = metrics.mean_maximal_power(
        samples_of(1, time=time, watts=[200.0] * 120), durations=(60, 120, 160)
    )
    assert curve["gaps"].tolist() == [40] * 3
    assert curve["power"].tolist() == pytest.approx([200, 200 * 80 / 120, 200 * 120 / 160])


def test_only_measured_power_makes_a_curve_where_it_is_known() -> None:
    rows = table_of(
        activity(1, "Ride", device_watts=True), activity(2, "Ride", device_watts=False), activity(3)
    )
    streams = pd.concat([samples_of(n, watts=[100.0 * n] * 9) for n in (1, 2, 3, 4)], ignore_index=True)
    assert metrics.mean_maximal_power(streams, rows)["activity_id"].unique().tolist() == [1]
    assert metrics.mean_maximal_power(streams)["activity_id"].unique().tolist() == [1, 2, 3, 4]


def test_critical_power_is_that_of_the_best_of_each_duration() -> None:
    seconds = np.array([60, 120, 300, 600, 1200, 3600])
    curve = pd.DataFrame(
        {"duration": np.tile(seconds, 2), "power": np.r_[250 + 20_000 / seconds, seconds * 0.0 + 9]}
    )
    found = metrics.critical_power(curve)
    assert (found.power, found.work, found.efforts) == (pytest.approx(250), pytest.approx(20_000), 4)
    with pytest.raises(BadInput, match="two durations"):
        metrics.critical_power(curve[:1])
    with pytest.raises(BadTable, match="no power"):
        metrics.critical_power(curve[["duration"]])


def test_a_track_without_an_id_has_a_curve_and_efforts_too() -> None:
    track = samples_of(None, watts=[150.0] * 400, distance=np.arange(400) * 3.0)
    assert metrics.mean_maximal_power(track)["activity_id"].isna().all()
    efforts = metrics.best_efforts(track)
    assert efforts["name"].tolist() == ["400m", "1/2 mile", "1K"]
    assert efforts["elapsed_time"].tolist() == pytest.approx([400 / 3, 805 / 3, 1000 / 3])


def test_best_efforts_of_runs_only_where_the_activities_are_given() -> None:
    streams = pd.concat([samples_of(n, distance=np.arange(300) * 3.0) for n in (1, 2)], ignore_index=True)
    rows = table_of(activity(1), activity(2, "Ride"))
    assert metrics.best_efforts(streams, rows)["activity_id"].unique().tolist() == [1]
    assert metrics.best_efforts(streams)["activity_id"].unique().tolist() == [1, 2]


def test_stravas_own_efforts_stand_as_they_are() -> None:
    streams = samples_of(1, distance=np.arange(500) * 3.0)
    theirs = pd.DataFrame({"activity_id": [1], "name": ["400m"], "distance": [400], "elapsed_time": [101]})
    efforts = metrics.best_efforts(streams, strava=theirs).set_index("name")
    assert efforts["elapsed_time"]["400m"] == 101
    assert efforts["basis"].to_dict() == {"400m": "strava", "1/2 mile": "streams", "1K": "streams"}
    assert pd.isna(efforts["start"]["400m"])


def test_predictions_rest_on_the_effort_that_promises_most() -> None:
    efforts = pd.DataFrame(
        {"activity_id": [1, 2, 3], "distance": [5000, 10_000, 400], "elapsed_time": [1200, 2640, 50]}
    )
    found = metrics.race_predictions(efforts).set_index("name")
    assert found["time"]["10K"] == pytest.approx(2502, abs=0.5)  # 5 k in 20:00 → 41:42, better than 44:00
    assert found["from_distance"]["10K"] == 5000
    assert found["from_distance"]["Marathon"] == 10_000  # 5 k says nothing of eight times as much
    assert "400m" not in found.index
    assert found["sensible"].to_dict()["50K"] is False
    assert found["activity_id"].dtype == "Int64"


def test_a_fast_kilometre_is_told_as_itself_and_promises_nothing_else() -> None:
    efforts = pd.DataFrame(
        {"activity_id": [1, 2], "distance": [1000, 3219], "elapsed_time": [215, 780]}  # 3:35 and 13:00
    )
    found = metrics.race_predictions(efforts).set_index("name")
    assert found["from_distance"].to_dict() == {
        name: 1000 if name == "1K" else 3219
        for name in ("1/2 mile", "1K", "1 mile", "2 mile", "5K", "10K", "15K", "10 mile")
    }
    assert found["time"]["1K"] == 215
    assert found["time"]["5K"] == pytest.approx(780 * (5000 / 3219) ** 1.06)  # 20:46, not 19:45
    assert found["sensible"].to_dict()["1K"] and not found["sensible"].to_dict()["1/2 mile"]


@pytest.mark.parametrize(
    ("seconds", "reached"), [(209, 0), (210, 1), (599, 1), (600, 8), (13_800, 8), (13_801, 0)]
)
def test_an_effort_of_ten_minutes_and_not_of_four_hours_promises(seconds: int, reached: int) -> None:
    one = pd.DataFrame({"activity_id": [1], "distance": [3219], "elapsed_time": [seconds]})
    assert len(metrics.race_predictions(one)) == reached


def test_no_efforts_make_no_predictions() -> None:
    nothing = metrics.best_efforts([])
    assert nothing.empty
    assert metrics.race_predictions(nothing).empty


def test_seconds_in_heart_rate_zones_by_hand() -> None:
    beats = [110] * 60 + [120] * 30 + [139] * 30 + [140] * 10 + [None] * 5 + [200] * 5
    found = metrics.time_in_zones(table_of(activity(1)), samples_of(1, heartrate=beats), PROFILE)
    assert found["zone"].tolist() == [1, 2, 3, 4]
    assert found["seconds"].tolist() == [60, 60, 10, 5]
    assert found["share"].tolist() == pytest.approx([60 / 135, 60 / 135, 10 / 135, 5 / 135])
    assert found["low"].tolist() == [0, 120, 140, 160]
    assert found["high"].isna().tolist() == [False, False, False, True]
    assert found.attrs["thresholds"]["heartrate_zones"][0]["source"] == "given"


def test_power_zones_are_coggans_shares_of_the_days_ftp() -> None:
    watts = [109, 110, 150, 180, 210, 240, 300, 299]
    rows = table_of(activity(1, "Ride", device_watts=True))
    found = metrics.time_in_zones(rows, samples_of(1, watts=watts), PROFILE, kind="power")
    assert found["low"].tolist() == pytest.approx([0, 110, 150, 180, 210, 240, 300])
    assert found["seconds"].tolist() == [1, 1, 1, 1, 1, 2, 1]
    with pytest.raises(BadInput, match="'speed'"):
        metrics.time_in_zones(rows, kind=cast(Any, "speed"))


def test_without_samples_the_whole_time_is_in_the_zone_of_the_average_and_that_is_said() -> None:
    rows = table_of(activity(1, average_heartrate=145.0, moving_time=900), activity(2))
    found = metrics.time_in_zones(rows, None, PROFILE)
    assert found["seconds"].tolist() == [0, 0, 900, 0]
    assert found["basis"].unique().tolist() == ["summary"]
    assert found.attrs["computed"] == 1
    assert found.attrs["notes"][1] == "Of 1 the whole time is in the zone of the average."


def test_unknown_zones_are_said() -> None:
    rows = table_of(activity(1, average_heartrate=145.0, moving_time=900))
    found = metrics.time_in_zones(rows, samples_of(1, heartrate=[120, 130]))
    assert found.empty
    assert found.attrs["computed"] == 0
    assert found.attrs["notes"][-1] == "The zones are not known: see AthleteProfile."


def test_a_sample_holds_until_the_next_but_not_through_a_pause() -> None:
    samples = samples_of(1, time=[0, 10, 20, 500, 510], heartrate=[100, 130, 130, 150, 170])
    found = metrics.time_in_zones(table_of(activity(1)), samples, PROFILE)
    assert found["seconds"].tolist() == [10, 11, 10, 1]


def test_a_device_that_records_once_a_minute_has_no_gaps_but_long_ones() -> None:
    time = [*range(0, 600, 60), *range(2000, 2300, 60)]
    samples = samples_of(1, time=time, heartrate=[130] * len(time))
    dense = samples_of(2, time=range(10), heartrate=[130] * 10)
    rows = table_of(activity(1), activity(2))
    found = metrics.time_in_zones(rows, pd.concat([samples, dense], ignore_index=True), PROFILE)
    assert found.groupby("activity_id")["seconds"].sum().to_dict() == {1: 9 * 60 + 1 + 4 * 60 + 1, 2: 10}


def test_efficiency_and_decoupling_of_a_ride_by_hand() -> None:
    rows = table_of(activity(1, "Ride", device_watts=True))
    watts, beats = [193.0] * 600 + [195.0] * 600, [136] * 600 + [142] * 600
    found = metrics.efficiency(rows, samples_of(1, watts=watts, heartrate=beats, moving=[True] * 1200))
    assert found["decoupling"].tolist() == pytest.approx([3.2329], abs=5e-5)
    assert found["efficiency"][0] == pytest.approx(metrics.weighted_power(watts) / 139)
    assert found["kind"].tolist() == ["power"]


def test_a_runs_efficiency_is_in_metres_a_heartbeat() -> None:
    rows = table_of(activity(1), activity(2, average_speed=3.0, average_heartrate=150.0), activity(3, "Swim"))
    samples = samples_of(
        1, velocity_smooth=[3.0] * 600, heartrate=[150] * 600, moving=[True] * 600, grade_smooth=[10.0] * 600
    )
    found = metrics.efficiency(rows, samples).set_index("id")
    assert found["efficiency"].to_dict() == pytest.approx({1: 1.2 * 1.45, 2: 1.2})
    assert found["decoupling"][1] == pytest.approx(0)
    assert pd.isna(found["decoupling"][2])
    assert found["basis"].to_dict() == {1: "streams", 2: "summary"}
    assert found.attrs["computed"] == 1


def test_grade_adjusted_pace_of_a_climb() -> None:
    rows = table_of(activity(1), activity(2, "Ride"))
    samples = samples_of(
        1, velocity_smooth=[2.5] * 400, grade_smooth=[10.0] * 200 + [None] * 200, moving=[True] * 400
    )
    found = metrics.grade_adjusted(rows, samples)
    assert found["pace"].tolist() == [400]
    assert found["grade_adjusted_speed"].tolist() == pytest.approx([2.5 * 2.45 / 2])
    assert found["grade_adjusted_pace"].tolist() == pytest.approx([1000 / (2.5 * 2.45 / 2)])
    assert found["moving_time"].tolist() == [400]
    assert metrics.grade_adjusted(rows, None).empty


def test_a_track_that_knows_neither_speed_nor_gradient_gives_them_all_the_same() -> None:
    way = np.arange(600) * 3.0
    samples = samples_of(1, distance=way, altitude=0.1 * way)
    found = metrics.grade_adjusted(table_of(activity(1)), samples)
    assert found["speed"][0] == pytest.approx(3)
    assert found["grade_adjusted_speed"][0] == pytest.approx(4.35, rel=0.01)


def test_pace_at_a_heart_rate_over_the_seasons() -> None:
    months = ("2026-01-10", "2026-02-10", "2026-03-10", "2026-05-10")
    rows = table_of(
        *(
            activity(
                n,
                average_heartrate=146.0,
                average_speed=2.5 + n / 10,
                moving_time=3000,
                start_date_local=f"{day}T09:00:00Z",
            )
            for n, day in enumerate(months, 1)
        ),
        activity(9, average_heartrate=170.0, average_speed=9.0, moving_time=3000),
        activity(10, "Ride", average_heartrate=146.0, average_speed=9.0, moving_time=3000),
    )
    found = metrics.pace_at_heart_rate(rows, heartrate=145)
    assert found["period"].dt.strftime("%Y-%m").tolist() == ["2026-01", "2026-04"]
    assert found["speed"].tolist() == pytest.approx([2.7, 2.9])
    assert found["pace"].tolist() == pytest.approx([1000 / 2.7, 1000 / 2.9])
    assert found["runs"].tolist() == [3, 1]
    assert found["from_streams"].tolist() == [0, 0]
    assert found.attrs["notes"] == ["4 of 5 runs tell of 145 bpm."]


def test_samples_at_a_heart_rate_count_from_the_tenth_minute_on() -> None:
    rows = table_of(activity(1, average_heartrate=145.0, average_speed=9.0, moving_time=1500))
    speeds, beats = [5.0] * 600 + [3.0] * 400 + [4.0] * 500, [145] * 600 + [146] * 400 + [160] * 500
    samples = samples_of(1, velocity_smooth=speeds, heartrate=beats, moving=[True] * 1500)
    found = metrics.pace_at_heart_rate(rows, samples, heartrate=145, by="year")
    assert found["speed"].tolist() == [3]
    assert found["from_streams"].tolist() == [1]
    assert metrics.pace_at_heart_rate(rows, samples, heartrate=175).empty
    with pytest.raises(BadInput, match="no heart rate"):
        metrics.pace_at_heart_rate(rows, heartrate=5)
    with pytest.raises(BadInput, match="'week'"):
        metrics.pace_at_heart_rate(rows, heartrate=145, by=cast(Any, "week"))


def test_each_activity_of_a_mixed_table_is_completed_by_itself() -> None:
    speed = [3.0] * 600
    way = np.arange(600) * 3.0
    whole = samples_of(1, velocity_smooth=speed, moving=[True] * 600, grade_smooth=[10.0] * 600, distance=way)
    bare = samples_of(2, distance=way, altitude=0.1 * way)
    both = pd.concat([bare, whole], ignore_index=True)
    rows = table_of(activity(1), activity(2))
    found = metrics.grade_adjusted(rows, both).set_index("id")
    assert found["grade_adjusted_speed"].to_dict() == pytest.approx({1: 4.35, 2: 4.35}, rel=0.01)
    assert found["moving_time"].to_dict() == pytest.approx({1: 600, 2: 600}, abs=1)


def test_curves_and_efforts_know_the_day_where_the_activities_are_given() -> None:
    streams = samples_of(1, watts=[100.0] * 200, distance=np.arange(200) * 3.0)
    rides, runs = table_of(activity(1, "Ride")), table_of(activity(1))
    for with_days, without in (
        (metrics.mean_maximal_power(streams, rides), metrics.mean_maximal_power(streams)),
        (metrics.best_efforts(streams, runs), metrics.best_efforts(streams)),
    ):
        assert with_days["start_date_local"].unique().tolist() == [pd.Timestamp(2026, 3, 1, 8)]
        assert without["start_date_local"].isna().all()
        assert with_days.dtypes.astype(str).tolist() == without.dtypes.astype(str).tolist()


def test_a_double_has_no_second_curve() -> None:
    rows = table_of(activity(1, "Ride", device_watts=True), activity(2, "Ride", device_watts=True))
    rows["double_of"] = pd.array([1 if one == 2 else pd.NA for one in rows["id"]], dtype="Int64")
    streams = pd.concat([samples_of(n, watts=[100.0] * 9) for n in (1, 2)], ignore_index=True)
    assert metrics.mean_maximal_power(streams, rows)["activity_id"].unique().tolist() == [1]


@pytest.mark.parametrize(
    "metric",
    [
        metrics.mean_maximal_power,
        metrics.best_efforts,
        lambda s: metrics.grade_adjusted(table_of(activity(1)), s),
    ],
)
def test_no_samples_give_an_empty_table_and_a_wrong_table_is_said(metric: Any) -> None:
    assert metric(samples_of(1, heartrate=[100]).iloc[:0]).empty
    assert metric(samples_of(1, heartrate=[100])).empty
    with pytest.raises(BadTable, match="not a table of streams"):
        metric(pd.DataFrame({"time": [1]}))
