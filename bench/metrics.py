"""How long the metrics take: those of samples beside the same formula in bare NumPy, on float arrays.

The streams are made anew in chunks, as somebody with many would take them, in a process of its own whose
memory is told too.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from strava_nb import metrics, tables
from strava_nb.metrics.effort_table import DISTANCES
from strava_nb.metrics.power import DURATIONS
from strava_nb.metrics.slopes import grade_factor
from strava_nb.simulator.polyline import encode

from .machine import in_a_process, peak
from .scale import Scale
from .table import Table, times
from .timing import in_turns

CHUNK = 50
"""Streams in memory at once."""

PROFILE = metrics.AthleteProfile(
    max_heartrate=190, rest_heartrate=50, threshold_heartrate=168, ftp=240, threshold_pace=270, sex="F",
    heartrate_zones=(116, 146, 161, 174),
)  # fmt: skip
Floats = np.ndarray[Any, np.dtype[np.float64]]

IN_A_PROCESS = """
import sys
from bench.metrics import measured
print(*measured(int(sys.argv[1]), int(sys.argv[2])))
"""


def run(scale: Scale) -> Iterator[Table]:
    """Measure, a table at a time."""
    table = activities(scale.activities)
    monthly = "distance by month in pandas"
    works = {monthly: lambda: by_month(table)}
    taken = in_turns(works | of_activities(table), scale.times, clock=time.process_time)
    routes = in_turns({"": lambda: metrics.same_routes(table)}, 1, clock=time.process_time)[""]
    yield Table(
        f"Metrics of {len(table):,} activities",
        ["", "ms", "times pandas"],
        [[name, f"{1000 * one:.1f}", times(one, taken[monthly])] for name, one in taken.items()],
        [f"same_routes, with {scale.activities:,} courses: {routes:.1f} s."],
    )
    before, most, *found = in_a_process(IN_A_PROCESS, str(scale.tracks), str(scale.samples))
    rows = [
        [name, f"{ours:.2f}", f"{bare:.2f}", times(ours, bare)]
        for name, ours, bare in zip(of_streams(table, table), found[::2], found[1::2], strict=True)
    ]
    yield Table(
        f"Metrics of {scale.tracks:,} streams, {scale.tracks * scale.samples:,} samples",
        ["", "s", "s", "times bare NumPy"],
        rows,
        [f"At most {most:,.0f} MB, {before:,.0f} of them before; {CHUNK} streams in memory at once."],
    )


def by_month(table: pd.DataFrame) -> pd.Series[Any]:
    """What one would write without metrics."""
    return table.groupby(table["start_date_local"].dt.to_period("M"))["distance"].sum()


def measured(streams: int, samples: int) -> list[float]:
    """Memory before and at most, in MB, and the processor seconds of each metric and of bare NumPy."""
    table, before = activities(streams), peak()
    ours: dict[str, float] = defaultdict(float)
    bares: dict[str, float] = defaultdict(float)
    for chunk, bare in chunks(streams, samples):
        here = table[table["id"].isin(chunk["activity_id"].unique())]
        rides, runs = (here.assign(sport_group=group, device_watts=True) for group in ("Ride", "Run"))
        for name, (metric, formula) in of_streams(rides, runs).items():
            taken = in_turns(
                {
                    "ours": lambda work=metric, given=chunk: work(given),
                    "bare": lambda work=formula, given=bare: work(given),
                },
                1,
                clock=time.process_time,
            )
            ours[name] += taken["ours"]
            bares[name] += taken["bare"]
    return [before, peak(), *(one for name in ours for one in (ours[name], bares[name]))]


def activities(number: int) -> pd.DataFrame:
    """So many activities, one a day, on 200 ways, every other one a run."""
    chance = np.random.default_rng(0)
    turn = np.linspace(0, 2 * np.pi, 150)
    ways = []
    for _ in range(200):
        size, lean = chance.uniform(0.005, 0.1), chance.uniform(0.1, 0.4)
        far = size * (1 + lean * np.sin(3 * turn + chance.uniform(0, 6)))
        home = 48.4 + chance.uniform(-0.2, 0.2), 8.4 + chance.uniform(-0.2, 0.2)
        ways.append((home[0] + far * np.cos(turn), home[1] + far * np.sin(turn), size * 111_195 * 6.5))
    records = []
    for one in range(1, number + 1):
        lat, lng, metres = ways[chance.integers(len(ways))]
        noise = chance.normal(0, 1e-4, (2, len(turn)))
        when = (np.datetime64("2012-01-01T07:00:00") + np.timedelta64(one * 24, "h")).item().isoformat()
        records.append(
            {
                "id": one, "name": f"No {one}", "sport_type": "Run" if one % 2 else "Ride",
                "start_date": f"{when}Z", "start_date_local": f"{when}Z", "distance": metres,
                "moving_time": 4000, "elapsed_time": 4200, "total_elevation_gain": 200.0,
                "average_speed": 3.2,
                "average_heartrate": float(chance.normal(148, 8)), "weighted_average_watts": 190,
                "average_watts": 180.0, "device_watts": one % 2 == 0,
                "workout_type": 1 if one % 200 == 1 else None,
                "map": {"summary_polyline": encode(lat + noise[0], lng + noise[1])},
            }
        )  # fmt: skip
    return tables.activities(records)


def chunks(streams: int, samples: int) -> Iterator[tuple[pd.DataFrame, dict[str, Floats]]]:
    """Tables of streams, and the same samples as arrays of one row an activity."""
    for first in range(1, streams + 1, CHUNK):
        chance = np.random.default_rng(first)
        shape = min(CHUNK, streams + 1 - first), samples
        swing = np.sin(np.arange(samples) / 300)
        bare = {
            "time": np.tile(np.arange(samples, dtype=float), (shape[0], 1)),
            "heartrate": np.rint(145 + 12 * swing + chance.normal(0, 3, shape)),
            "watts": np.clip(np.rint(190 + 40 * swing + chance.normal(0, 60, shape)), 0, None),
            "velocity_smooth": np.clip(3.2 + 0.3 * swing + chance.normal(0, 0.2, shape), 0.1, None),
            "grade_smooth": np.round(3 * swing + chance.normal(0, 2, shape), 1),
        }
        bare["distance"] = np.cumsum(bare["velocity_smooth"], axis=1)
        data: dict[str, Any] = {
            "activity_id": pd.array(np.repeat(np.arange(first, first + shape[0]), samples), dtype="Int64")
        }
        data |= {name: pd.array(values.ravel(), dtype="Float64") for name, values in bare.items()}
        data["moving"] = pd.array(np.full(shape[0] * samples, True), dtype="boolean")
        data["source"] = pd.Categorical.from_codes(
            np.zeros(shape[0] * samples, int), ["api", "export", "demo"]
        )
        yield pd.DataFrame(data), bare


def bare_trimp(bare: dict[str, Floats]) -> list[float]:
    """Heart-rate load of each row."""
    found = []
    for beats in bare["heartrate"]:
        reserve = np.maximum((beats - 50) / 140, 0)
        found.append(0.64 / 60 * np.sum(reserve * np.exp(1.67 * reserve)))
    return found


def bare_weighted(bare: dict[str, Floats]) -> list[float]:
    """Weighted power of each row."""
    found = []
    for watts in bare["watts"]:
        sums = np.concatenate(([0.0], np.cumsum(watts)))
        means = (sums[30:] - sums[:-30]) / 30
        found.append(np.mean((means * means) ** 2) ** 0.25)
    return found


def bare_graded(bare: dict[str, Floats]) -> list[float]:
    """Grade-adjusted speed of each row; the curve itself is NumPy already."""
    return [
        float(np.mean(speed * grade_factor(grade)))
        for speed, grade in zip(bare["velocity_smooth"], bare["grade_smooth"], strict=True)
    ]


def bare_curve(bare: dict[str, Floats]) -> list[list[float]]:
    """Best mean power over each duration of each row."""
    found = []
    for watts in bare["watts"]:
        sums = np.concatenate(([0.0], np.cumsum(watts)))
        found.append([float(np.max(sums[d:] - sums[:-d]) / d) for d in DURATIONS if d < len(sums)])
    return found


def bare_efforts(bare: dict[str, Floats]) -> list[list[float]]:
    """Best efforts over each distance of each row."""
    found = []
    for way, when in zip(bare["distance"], bare["time"], strict=True):
        best = []
        for metres in DISTANCES.values():
            begins, ends = way[way <= way[-1] - metres], way[way >= way[0] + metres]
            if len(begins):
                after = np.interp(begins + metres, way, when) - when[: len(begins)]
                before = when[-len(ends) :] - np.interp(ends - metres, way, when)
                best.append(float(min(after.min(), before.min())))
        found.append(best)
    return found


def bare_zones(bare: dict[str, Floats]) -> list[Any]:
    """Seconds in heart rate zones of each row."""
    edges = np.array(PROFILE.heartrate_zones)
    return [
        np.bincount(np.searchsorted(edges, beats, side="right"), minlength=5) for beats in bare["heartrate"]
    ]


def bare_efficiency(bare: dict[str, Floats]) -> list[float]:
    """Decoupling of each row by its graded speed, halves alike."""
    found = []
    half = bare["watts"].shape[1] // 2
    for speed, grade, beats in zip(
        bare["velocity_smooth"], bare["grade_smooth"], bare["heartrate"], strict=True
    ):
        level = speed * grade_factor(grade)
        first, second = (np.mean(level[p]) / np.mean(beats[p]) for p in (slice(half), slice(half, None)))
        found.append((first - second) / first)
    return found


def bare_at_heart_rate(bare: dict[str, Floats]) -> list[float]:
    """Graded speed near 145 bpm of each row."""
    found = []
    for speed, grade, beats in zip(
        bare["velocity_smooth"], bare["grade_smooth"], bare["heartrate"], strict=True
    ):
        near = np.abs(beats - 145) <= 3
        found.append(float(np.mean(speed[near] * grade_factor(grade[near]))))
    return found


def of_streams(
    rides: pd.DataFrame, runs: pd.DataFrame
) -> dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]]:
    """Each metric of streams, and its formula in bare NumPy."""
    return {
        "heart_rate_load": (lambda s: metrics.heart_rate_load(rides, s, PROFILE), bare_trimp),
        "power_load": (lambda s: metrics.power_load(rides, s, PROFILE), bare_weighted),
        "run_load": (lambda s: metrics.run_load(runs, s, PROFILE), bare_graded),
        "grade_adjusted": (lambda s: metrics.grade_adjusted(runs, s), bare_graded),
        "mean_maximal_power": (lambda s: metrics.mean_maximal_power(s, rides), bare_curve),
        "best_efforts": (lambda s: metrics.best_efforts(s, runs), bare_efforts),
        "time_in_zones": (lambda s: metrics.time_in_zones(rides, s, PROFILE), bare_zones),
        "efficiency": (lambda s: metrics.efficiency(runs, s), bare_efficiency),
        "pace_at_heart_rate": (
            lambda s: metrics.pace_at_heart_rate(runs, s, heartrate=145),
            bare_at_heart_rate,
        ),
    }


def of_activities(table: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    """Each metric of activities alone."""
    loads = metrics.loads(table, profile=PROFILE)
    return {
        "totals, by week": lambda: metrics.totals(table, "week"),
        "totals, by year and sport": lambda: metrics.totals(table, ["year", "sport_type"]),
        "streaks": lambda: metrics.streaks(table),
        "eddington": lambda: metrics.eddington(table),
        "records": lambda: metrics.records(table),
        "loads": lambda: metrics.loads(table, profile=PROFILE),
        "training_load": lambda: metrics.training_load(loads),
        "races, build_ups": lambda: metrics.build_ups(table),
    }
