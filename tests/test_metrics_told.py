"""Metrics are told of: each name in docs/metrics.md, each column in its function's docstring."""

from __future__ import annotations

import inspect
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import strava_nb as snb
from strava_nb import metrics

TODAY = date(2026, 6, 15)
PROFILE = metrics.AthleteProfile(
    max_heartrate=190, rest_heartrate=50, threshold_heartrate=170, ftp=234, threshold_pace=275, sex="F",
    heartrate_zones=(116, 146, 161, 174),
)  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The demo athlete's activities, and the samples of the newest."""
    source = snb.open_demo(today=TODAY)
    activities = snb.get_activities(source, progress=False)
    return activities, snb.get_streams(source, activities[:24], progress=False)


@pytest.fixture(scope="module")
def results(demo: tuple[pd.DataFrame, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """What each function of tables gives of them."""
    activities, streams = demo
    efforts, loads = metrics.best_efforts(streams, activities), metrics.loads(activities, streams, PROFILE)
    return {
        "totals": metrics.totals(activities, ["week", "sport_type", "sport_group", "gear", "commute"]),
        "streaks": metrics.streaks(activities, today=TODAY),
        "records": metrics.records(activities),
        "races": metrics.races(activities),
        "build_ups": metrics.build_ups(activities),
        "heart_rate_load": metrics.heart_rate_load(activities, streams, PROFILE),
        "power_load": metrics.power_load(activities, streams, PROFILE),
        "run_load": metrics.run_load(activities, streams, PROFILE),
        "loads": loads,
        "training_load": metrics.training_load(loads),
        "efficiency": metrics.efficiency(activities, streams),
        "pace_at_heart_rate": metrics.pace_at_heart_rate(activities, streams, heartrate=150),
        "time_in_zones": metrics.time_in_zones(activities, streams, PROFILE),
        "mean_maximal_power": metrics.mean_maximal_power(streams, activities),
        "best_efforts": efforts,
        "race_predictions": metrics.race_predictions(efforts),
        "grade_adjusted": metrics.grade_adjusted(activities, streams),
        "same_routes": metrics.same_routes(activities),
        "route_trend": metrics.route_trend(activities[activities["sport_group"] == "Run"]),
    }


@pytest.mark.parametrize("name", metrics.__all__)
def test_the_docs_tell_of_each_name(name: str) -> None:
    assert f"`{name}" in (Path(__file__).parents[1] / "docs" / "metrics.md").read_text("utf-8")


@pytest.mark.slow
def test_every_table_has_rows_and_the_columns_that_its_docstring_tells(
    results: dict[str, pd.DataFrame],
) -> None:
    for name, table in results.items():
        told = inspect.getdoc(getattr(metrics, name)) or ""
        assert len(table), name
        assert [column for column in table if column not in (told + " source")] == [], name
        assert table["source"].unique().tolist() == ["demo"], name


@pytest.mark.slow
def test_no_number_is_nan_and_no_attribute_more_than_a_plain_value(results: dict[str, pd.DataFrame]) -> None:
    plain = (str, int, float, bool, type(None))

    def is_plain(value: Any) -> bool:
        inside = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        return type(value) in plain or (type(value) in (list, dict) and all(is_plain(one) for one in inside))

    for name, table in results.items():
        for column in table:
            kind = str(table[column].dtype)
            assert kind in ("Float64", "Int64", "string", "boolean", "datetime64[us]"), (name, column, kind)
            if kind == "Float64":
                assert np.isfinite(table[column].dropna().to_numpy("float64")).all(), (name, column)
        assert is_plain(table.attrs), name


@pytest.mark.slow
def test_the_demo_athletes_usual_loop_is_found_both_ways_round(
    demo: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    runs = demo[0][demo[0]["sport_group"] == "Run"]
    usual = runs["name"].str.contains("the usual|usual loop", case=False).to_numpy(bool)
    route = metrics.same_routes(runs)["route"].to_numpy("float64", na_value=0)
    assert set(route[usual]) == {1}
    assert (usual[route == 1]).mean() > 0.95  # a few are called something else
    assert runs["name"][route == 1].str.contains("other way round").any()
    assert metrics.route_trend(runs).attrs["trend"]["efficiency"] > 0


@pytest.mark.slow
def test_weighted_power_of_the_demo_rides_is_what_the_simulated_strava_says(
    demo: tuple[pd.DataFrame, pd.DataFrame], results: dict[str, pd.DataFrame]
) -> None:
    ours = results["power_load"].query("basis == 'streams'").set_index("id")["weighted_power"]
    theirs = demo[0].set_index("id")["weighted_average_watts"].reindex(ours.index)
    assert len(ours) > 3
    assert ((ours - theirs).abs() < 3).all()
