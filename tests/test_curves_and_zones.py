"""Curves, zones and efficiency over the seasons: what they draw is what the metrics found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from measured import (
    FULL,
    efforts,
    heartbeats,
    laps,
    line,
    of,
    powers,
    words,
    zone_times,
)

from strava_nb import metrics, plots
from strava_nb.plots.smoothing import smooth

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def test_each_years_best_power_is_a_line() -> None:
    ax = plots.power_curve(
        powers(
            ("2025-03-01", 60, 290), ("2025-07-01", 60, 310), ("2025-07-01", 300, 240),
            ("2026-02-01", 60, 305), ("2026-12-31", 300, 260),
        )
    )  # fmt: skip
    assert line(ax, "2025") == {60: 310, 300: 240}
    assert line(ax, "2026") == {60: 305, 300: 260}
    assert ax.get_xscale() == "log"


def test_critical_power_is_fitted_to_the_newest_year_and_written() -> None:
    best = [("2026-05-01", t, 250 + 20_000 / t) for t in (120, 300, 600, 1200)]
    ax = plots.power_curve(powers(("2025-05-01", 300, 500), *best))
    assert "Critical power in 2026: 250 W, and 20.0 kJ above it, through 4 bests" in words(ax)
    fitted = line(ax, "Critical power 2026")
    assert fitted[120.0] == pytest.approx(250 + 20_000 / 120)


def test_too_few_efforts_have_no_critical_power() -> None:
    ax = plots.power_curve(powers(("2026-05-01", 60, 300), ("2026-05-01", 300, 250)))
    assert not of(ax, "critical power")
    assert "Critical" not in words(ax)


def test_seasons_are_three_months_and_december_is_of_the_next_winter() -> None:
    ax = plots.power_curve(
        powers(("2025-11-30", 60, 1), ("2025-12-01", 60, 2), ("2026-02-28", 300, 3), ("2026-03-01", 60, 4)),
        by="season",
    )
    assert line(ax, "Sep–Nov 2025") == {60: 1}
    assert line(ax, "Dec 2025–Feb 2026") == {60: 2, 300: 3}
    assert line(ax, "Mar–May 2026") == {60: 4}


def test_the_five_newest_years_are_drawn_and_the_others_counted() -> None:
    ax = plots.power_curve(powers(*((f"{year}-01-01", 60, 200.0) for year in range(2019, 2027))))
    assert [one.get_label() for one in of(ax, "season")] == ["2022", "2023", "2024", "2025", "2026"]
    assert "3 earlier years are not drawn." in words(ax)


def test_ticks_are_durations_that_people_say() -> None:
    ax = plots.power_curve(powers(*(("2026-01-01", t, 300.0) for t in (1, 5, 60, 1200, 3600))))
    ax.figure.canvas.draw()
    ticks = [tick.get_text() for tick in ax.get_xticklabels()]
    assert {"1 s", "5 s", "1 min", "20 min", "1 h"} <= set(ticks)


@pytest.mark.parametrize(
    ("units", "seconds", "unit"), [("metric", 260, "min/km"), ("imperial", 418.4, "min/mi")]
)
def test_a_pace_is_the_time_for_a_kilometre_or_a_mile(units: Any, seconds: float, unit: str) -> None:
    ax = plots.pace_curve(efforts(("2026-01-01", 5000, 1300), ("2026-02-01", 5000, 1400)), units=units)
    assert line(ax, "2026")[5000] == pytest.approx(seconds, rel=1e-3)
    assert ax.get_ylabel() == unit
    low, high = ax.get_ylim()
    assert low > high, "the fastest are at the top"
    assert "21:40" in words(ax)


def bar_heights(ax: Axes) -> dict[str, list[float]]:
    return {str(bar.get_label()): [round(one.get_height(), 6) for one in bar] for bar in ax.containers}


def test_zones_are_stacked_by_month_in_hours() -> None:
    ax = plots.zones_over_time(
        zone_times(("2026-01-02", [3600, 1800]), ("2026-01-30", [0, 1800]), ("2026-03-01", [7200, 0]))
    )
    assert bar_heights(ax) == {"Z1": [1.0, 2.0], "Z2": [1.0]}
    assert ax.containers[1][0].get_y() == 1.0
    assert ax.get_ylabel() == "h"


def test_shares_of_a_week_are_a_hundred_percent() -> None:
    ax = plots.zones_over_time(
        zone_times(("2026-06-07", [900, 2700]), ("2026-06-08", [10, 30])), by="week", value="share"
    )
    assert bar_heights(ax) == {"Z1": [25.0, 25.0], "Z2": [75.0, 75.0]}


def test_zones_say_of_what_they_are_as_far_as_the_table_knows() -> None:
    table = zone_times(("2026-06-07", [900, 2700]))
    assert "Time in zones a month" in words(plots.zones_over_time(table))
    table.attrs["thresholds"] = {"ftp": []}
    assert "Time in power zones a month" in words(plots.zones_over_time(table))


def test_many_weeks_of_zones_are_shapes_not_rectangles() -> None:
    days = pd.date_range("2020-01-06", periods=300, freq="7D")
    ax = plots.zones_over_time(zone_times(*((str(day), [600.0, 60.0]) for day in days)), by="week")
    assert not ax.containers
    assert len(ax.patches) == 2


def test_efficiency_marks_what_fell() -> None:
    ax = plots.efficiency(
        heartbeats(
            ("2026-01-01", "speed", 1.1, 2.0), ("2026-01-02", "speed", 1.2, 5.1),
            ("2026-01-03", "speed", 1.3, None), ("2026-01-04", "power", 1.9, 9.0),
        )
    )  # fmt: skip
    values = {
        gid: np.asarray(of(ax, gid)[0].get_offsets())[:, 1].tolist()
        for gid in ("steady", "drifted", "summary")
    }
    assert values == {"steady": [1.1], "drifted": [1.2], "summary": [1.3]}
    assert "1 ride is not drawn." in words(ax)
    assert "Efficiency of rides" in words(
        plots.efficiency(FULL["efficiency"].assign(kind="power"), kind="power")
    )


def test_feet_a_heartbeat_are_for_those_who_think_in_miles() -> None:
    ax = plots.efficiency(FULL["efficiency"], units="imperial")
    assert ax.get_ylabel() == "feet a heartbeat"
    assert np.asarray(of(ax, "steady")[0].get_offsets())[0, 1] == pytest.approx(1.1 / 0.3048)


def test_a_smooth_line_keeps_what_is_constant_and_breaks_over_a_pause() -> None:
    days = np.concatenate([np.arange(0, 60, 3.0), np.arange(300, 360, 3.0)])
    where, mean = smooth(days, np.full(len(days), 2.0), 20)
    gap = (where > 85) & (where < 275)
    assert np.isnan(mean[gap]).all()
    assert mean[~np.isnan(mean)] == pytest.approx(2.0)
    assert np.isfinite(mean[(where < 57) | (where > 303)]).all()


def test_a_smooth_line_is_the_weighted_mean() -> None:
    _, mean = smooth(np.array([0.0, 10.0]), np.array([1.0, 3.0]), 10)
    weight = np.exp(-0.5)
    assert mean[0] == pytest.approx((1 + 3 * weight) / (1 + weight))


def test_curves_take_what_the_metrics_give() -> None:
    time = np.arange(1300.0)
    streams = pd.DataFrame({
        "activity_id": 1, "time": time, "watts": 200.0 + (time % 7), "heartrate": 140.0,
        "distance": time * 4.0, "velocity_smooth": 4.0, "moving": True,
    })  # fmt: skip
    ride = laps(1)
    run = laps(1, sport="Run")
    profile = metrics.AthleteProfile(heartrate_zones=(115, 135, 150, 165))
    ax = plots.power_curve(metrics.mean_maximal_power(streams, ride))
    assert line(ax, "2025")[1200] == pytest.approx(203, abs=0.1)
    ax = plots.pace_curve(metrics.best_efforts(streams, run))
    assert line(ax, "2025")[5000] == pytest.approx(250, abs=0.2)
    ax = plots.zones_over_time(metrics.time_in_zones(run, streams, profile))
    assert "Z3 135–150 · 100 %" in words(ax)
    ax = plots.efficiency(metrics.efficiency(run, streams))
    assert np.asarray(of(ax, "steady")[0].get_offsets())[0, 1] == pytest.approx(4 * 60 / 140)
