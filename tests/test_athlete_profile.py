"""Thresholds: who says so, what cannot be meant, what is kept for whom, and that metrics take them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
from exports import RIDE, export_csv, write_zip

import strava_nb as snb
from strava_nb.errors import BadInput, BadTable, NotFound, ScopeMissing
from strava_nb.metrics import AthleteProfile, Threshold
from strava_nb.signin.access import ended
from strava_nb.sources import kept_thresholds
from strava_nb.thresholds import Thresholds

ATHLETE = {"id": 42, "ftp": 230, "weight": 61.7, "sex": "M", "measurement_preference": "meters"}
ZONES = {"heart_rate": {"zones": [{"min": 0, "max": 115}, {"min": 115, "max": 150}, {"min": 150, "max": -1}]}}
MARCH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def kernel() -> Iterator[None]:
    """A kernel that remembers nothing from before."""
    kept_thresholds._memory.clear()
    yield
    kept_thresholds._memory.clear()


class Door:
    """A source as far as thresholds ask it; `calls` counts how often it was asked for zones."""

    def __init__(self, athlete: Any = ATHLETE, zones: Any = ZONES, name: str = "api") -> None:
        self.name, self._athlete, self._zones, self.calls = name, athlete, zones, 0

    @property
    def athlete(self) -> dict[str, Any]:
        return dict(self._athlete)

    def activities(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        return []

    def zones(self) -> dict[str, Any]:
        self.calls += 1
        if isinstance(self._zones, Exception):
            raise self._zones
        return dict(self._zones)


@pytest.fixture
def mine() -> Thresholds:
    return Thresholds(Door())


def test_what_strava_tells_says_so_and_the_rest_is_unknown(mine: Thresholds) -> None:
    profile = mine.profile
    assert profile.ftp == (Threshold(230.0, None, "Strava"),)
    assert (profile.sex, profile.heartrate_zones, profile.zones_source) == ("M", (115.0, 150.0), "Strava")
    assert profile.max_heartrate == profile.rest_heartrate == profile.threshold_pace == ()


def test_what_was_said_goes_before_what_strava_tells_and_the_rest_stays_stravas(mine: Thresholds) -> None:
    mine.set("ftp", [(230.0, None), (245.0, MARCH)])
    assert [(one.value, one.source) for one in mine.profile.history("ftp")] == [
        (230, "Strava"),
        (245, "given"),
    ]
    mine.set("weight", [(60.0, None)])
    assert mine.profile.weight == (Threshold(60.0, None, "given"),)
    assert mine.profile.at("2026-02-28")["ftp"] == 230
    assert mine.profile.at("2026-03-01")["ftp"] == 245


def test_what_strava_tells_is_not_kept_as_if_it_had_been_said(mine: Thresholds, own_home: Path) -> None:
    mine.set("ftp", [(230.0, None), (245.0, MARCH)])
    (kept,) = (own_home / "thresholds").glob("*.json")
    assert json.loads(kept.read_text())["said"] == {"values": {"ftp": [[245.0, "2026-03-01"]]}}


def test_a_value_of_stravas_that_was_removed_stays_away_until_all_is_forgotten(mine: Thresholds) -> None:
    mine.set("ftp", [])
    assert mine.profile.ftp == ()
    assert Thresholds(Door()).profile.ftp == ()
    mine.forget()
    assert [one.value for one in mine.profile.history("ftp")] == [230]


def test_putting_back_what_strava_tells_is_as_if_nothing_had_been_said(
    mine: Thresholds, own_home: Path
) -> None:
    mine.set("ftp", [(250.0, None)])
    mine.set("ftp", [(230.0, None)])
    assert mine.said == {}
    assert not list((own_home / "thresholds").glob("*"))


def test_sex_and_zones_are_said_and_taken_back(mine: Thresholds) -> None:
    mine.set_sex("F")
    mine.set_zones([120, 140])
    assert (mine.profile.k, mine.profile.heartrate_zones, mine.profile.zones_source) == (
        1.67,
        (120, 140),
        "given",
    )
    mine.set_sex("M")
    mine.set_zones([115, 150])
    assert mine.said == {}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("max_heartrate", 300, "between 90 and 250"),
        ("rest_heartrate", 10, "between 25 and 120"),
        ("threshold_heartrate", 20, "between 60 and 240"),
        ("ftp", 5, "between 20 and 800"),
        ("threshold_pace", 30, "between 2:00 and 20:00"),
        ("weight", 6000, "between 25 and 300"),
    ],
)
def test_what_nobody_has_is_said_and_changes_nothing(
    mine: Thresholds, name: str, value: float, said: str
) -> None:
    before = mine.profile
    with pytest.raises(BadInput, match=said):
        mine.set(name, [(value, None)])
    assert mine.profile == before


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (("max_heartrate", [(185, None)]), ("threshold_heartrate", [(190, None)]),
         "The heart rate at threshold is not below the highest: 190 and 185"),
        (("rest_heartrate", [(100, None)]), ("max_heartrate", [(185, None), (99, MARCH)]),
         "The resting heart rate is not below the highest from 2026-03-01 on: 100 and 99"),
        (("threshold_heartrate", [(65, None)]), ("rest_heartrate", [(70, None)]),
         "The resting heart rate is not below that at threshold: 70 and 65"),
    ],
)  # fmt: skip
def test_heart_rates_that_contradict_each_other_are_said_with_the_day(
    mine: Thresholds, first: Any, then: Any, said: str
) -> None:
    mine.set(*first)
    with pytest.raises(BadInput, match=said):
        mine.set(*then)
    assert mine.profile.history(then[0]) == ()


def test_two_values_of_one_day_are_said(mine: Thresholds) -> None:
    with pytest.raises(BadInput, match="Two values hold from one day"):
        mine.set("ftp", [(240.0, MARCH), (250.0, MARCH)])


@pytest.mark.parametrize("edges", [[140, 120], [5, 120], [120, 500]])
def test_zones_that_do_not_rise_or_are_no_heart_rates_are_said(mine: Thresholds, edges: list[float]) -> None:
    with pytest.raises(BadInput):
        mine.set_zones(edges)
    assert mine.profile.heartrate_zones == (115, 150)


def test_it_is_kept_for_its_athlete_alone_and_the_account_and_its_export_are_one(
    mine: Thresholds, tmp_path: Path
) -> None:
    mine.set("max_heartrate", [(188.0, None)])
    assert Thresholds(Door({"id": 43})).profile.max_heartrate == ()
    export = snb.open_export(write_zip(tmp_path / "export_42.zip", {"activities.csv": export_csv(RIDE)}))
    assert Thresholds(export).profile.max_heartrate == (Threshold(188.0, None, "given"),)
    assert Thresholds([export, Door()]).profile.weight, "Strava fills in beside an export"


def test_the_demo_athlete_has_thresholds_and_what_is_tried_on_her_is_on_no_disk(own_home: Path) -> None:
    demo = Thresholds(snb.open_demo(today=date(2026, 6, 15)))
    assert {one.source for one in demo.profile.history("max_heartrate")} == {"demo"}
    assert demo.profile.k == 1.67
    demo.set("ftp", [(300.0, None)])
    assert Thresholds(snb.open_demo(today=date(2026, 6, 15))).profile.at("2026-06-15")["ftp"] == 300
    assert not (own_home / "thresholds").exists()


def test_on_a_binder_it_is_in_memory_and_goes_with_the_sign_out(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://binder.test")
    mine = Thresholds(Door())
    mine.set("ftp", [(250.0, None)])
    assert Thresholds(Door()).profile.at(MARCH)["ftp"] == 250
    assert not (own_home / "thresholds").exists()
    ended("https://www.strava.com", 42)
    assert Thresholds(Door()).profile.at(MARCH)["ftp"] == 230


def test_a_sign_out_leaves_what_was_said_and_cache_info_tells_of_it(mine: Thresholds, own_home: Path) -> None:
    mine.set("ftp", [(230.0, None), (245.0, MARCH)])
    mine.set_sex("F")
    ended("https://www.strava.com", 42)
    (row,) = snb.cache_info().to_dict("records")
    assert (row["what"], row["count"], row["athlete_id"]) == ("thresholds that you entered", 2, 42)
    assert pd.isna(row["until"])
    assert Path(row["where"]).parent == own_home / "thresholds"
    mine.forget()
    assert snb.cache_info().empty


@pytest.mark.parametrize("text", ["", "{", "[]", '{"said": 3}', '{"said": {"values": {"ftp": [["x", 1]]}}}'])
def test_a_damaged_file_is_as_if_nothing_had_been_said_and_is_written_anew(
    mine: Thresholds, text: str
) -> None:
    mine.set("ftp", [(250.0, None)])
    place = mine.whose.place
    assert place
    place.write_text(text)
    assert mine.profile.at(MARCH)["ftp"] == 230
    mine.set("ftp", [(260.0, None)])
    assert Thresholds(Door()).profile.at(MARCH)["ftp"] == 260


def test_where_nothing_can_be_written_it_holds_until_the_kernel_stops(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / "thresholds").write_text("a file where the folder should be")
    mine = Thresholds(Door())
    mine.set("ftp", [(250.0, None)])
    assert Thresholds(Door()).profile.at(MARCH)["ftp"] == 250
    assert kept_thresholds.where(mine.whose) == kept_thresholds.NOWHERE
    mine.forget()
    assert mine.profile.at(MARCH)["ftp"] == 230


def test_without_the_permission_or_a_network_the_rest_is_there_and_said() -> None:
    assert Thresholds(Door(zones=ScopeMissing("Not granted.", "Grant it."))).problems == []
    missing = Thresholds(Door(zones=NotFound("There is nothing.", "Look elsewhere.")))
    assert missing.problems == ["There is nothing. Look elsewhere."]
    assert missing.profile.ftp


def test_zones_are_asked_for_once_a_source() -> None:
    door = Door()
    Thresholds(door)
    Thresholds(door)
    assert door.calls == 1


def test_the_heart_rate_that_three_activities_reached_stands_in_for_the_highest() -> None:
    rates = [150.0, 231.0, 186.0, 183.0, 181.0, None, 12.0]
    records = [{"id": number, "max_heartrate": rate} for number, rate in enumerate(rates, 1)]
    table = snb.tables.activities(records, source="api")
    assert Thresholds(Door(), table).profile.max_heartrate == (Threshold(183.0, None, "activities"),)
    assert Thresholds(Door(), table[:2]).profile.max_heartrate == ()
    with pytest.raises(BadTable, match="not a table of activities but a str"):
        Thresholds(Door(), cast(Any, "activities"))


def load_of(profile: Any) -> Any:
    rides = [{"id": 1, "sport_type": "Ride", "start_date_local": "2026-05-01T08:00:00Z", "moving_time": 3600,
              "weighted_average_watts": 230, "device_watts": True}]  # fmt: skip
    return snb.metrics.loads(snb.tables.activities(rides, source="api"), profile=profile)["load"].tolist()


def test_metrics_take_what_shows_a_profile_by_its_value() -> None:
    widget = SimpleNamespace(value=AthleteProfile(ftp=230))
    assert load_of(widget) == load_of(AthleteProfile(ftp=230)) == [100.0]
    assert load_of(snb.athlete_profile(Door())) == [100.0]
    with pytest.raises(BadInput, match="A dict is no athlete's profile"):
        load_of({"ftp": 230})


def test_every_function_of_a_profile_takes_the_widget() -> None:
    editor = snb.athlete_profile(Door())
    run = {"id": 1, "sport_type": "Run", "average_heartrate": 150.0, "moving_time": 3600}
    table = snb.tables.activities([run | {"start_date_local": "2026-05-01T08:00:00Z"}], source="api")
    for function in (
        snb.metrics.heart_rate_load, snb.metrics.power_load, snb.metrics.run_load, snb.metrics.loads,
        snb.metrics.time_in_zones,
    ):  # fmt: skip
        pd.testing.assert_frame_equal(function(table, profile=editor), function(table, profile=editor.value))
