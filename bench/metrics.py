"""How long the metrics take, and beside each the same formula in bare NumPy on float arrays.

    python bench/metrics.py [streams]

5,000 activities and 1,000 streams of 20,000 samples (20 million), made anew in chunks of 50; processor
time, and the most memory the process has held.
"""

from __future__ import annotations

import resource
import sys
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

ACTIVITIES, STREAMS, SAMPLES, CHUNK = 5000, 1000, 20_000, 50
PROFILE = metrics.AthleteProfile(
    max_heartrate=190, rest_heartrate=50, threshold_heartrate=168, ftp=240, threshold_pace=270, sex="F",
    heartrate_zones=(116, 146, 161, 174),
)  # fmt: skip
Floats = np.ndarray[Any, np.dtype[np.float64]]


def activities() -> pd.DataFrame:
    """So many activities over fourteen years, on 200 ways, every other one a run."""
    chance = np.random.default_rng(0)
    turn = np.linspace(0, 2 * np.pi, 150)
    ways = []
    for _ in range(200):
        size, lean = chance.uniform(0.005, 0.1), chance.uniform(0.1, 0.4)
        far = size * (1 + lean * np.sin(3 * turn + chance.uniform(0, 6)))
        home = 48.4 + chance.uniform(-0.2, 0.2), 8.4 + chance.uniform(-0.2, 0.2)
        ways.append((home[0] + far * np.cos(turn), home[1] + far * np.sin(turn), size * 111_195 * 6.5))
    records = []
    for number in range(1, ACTIVITIES + 1):
        lat, lng, metres = ways[chance.integers(len(ways))]
        noise = chance.normal(0, 1e-4, (2, len(turn)))
        when = (np.datetime64("2012-01-01T07:00:00") + np.timedelta64(number * 24, "h")).item().isoformat()
        records.append(
            {
                "id": number, "name": f"No {number}", "sport_type": "Run" if number % 2 else "Ride",
                "start_date": f"{when}Z", "start_date_local": f"{when}Z", "distance": metres,
                "moving_time": 4000, "elapsed_time": 4200, "total_elevation_gain": 200.0,
                "average_speed": 3.2,
                "average_heartrate": float(chance.normal(148, 8)), "weighted_average_watts": 190,
                "average_watts": 180.0, "device_watts": number % 2 == 0,
                "workout_type": 1 if number % 200 == 1 else None,
                "map": {"summary_polyline": encode(lat + noise[0], lng + noise[1])},
            }
        )  # fmt: skip
    return tables.activities(records)


def chunks(streams: int) -> Iterator[tuple[pd.DataFrame, dict[str, Floats]]]:
    """Tables of streams, and the same samples as arrays of one row an activity."""
    for first in range(1, streams + 1, CHUNK):
        chance = np.random.default_rng(first)
        shape = min(CHUNK, streams + 1 - first), SAMPLES
        swing = np.sin(np.arange(SAMPLES) / 300)
        bare = {
            "time": np.tile(np.arange(SAMPLES, dtype=float), (shape[0], 1)),
            "heartrate": np.rint(145 + 12 * swing + chance.normal(0, 3, shape)),
            "watts": np.clip(np.rint(190 + 40 * swing + chance.normal(0, 60, shape)), 0, None),
            "velocity_smooth": np.clip(3.2 + 0.3 * swing + chance.normal(0, 0.2, shape), 0.1, None),
            "grade_smooth": np.round(3 * swing + chance.normal(0, 2, shape), 1),
        }
        bare["distance"] = np.cumsum(bare["velocity_smooth"], axis=1)
        data: dict[str, Any] = {
            "activity_id": pd.array(np.repeat(np.arange(first, first + shape[0]), SAMPLES), dtype="Int64")
        }
        data |= {name: pd.array(values.ravel(), dtype="Float64") for name, values in bare.items()}
        data["moving"] = pd.array(np.full(shape[0] * SAMPLES, True), dtype="boolean")
        data["source"] = pd.Categorical.from_codes(
            np.zeros(shape[0] * SAMPLES, int), ["api", "export", "demo"]
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
        found.append([float(np.max(sums[d:] - sums[:-d]) / d) for d in DURATIONS])
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
    half = SAMPLES // 2
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
        "same_routes": lambda: metrics.same_routes(table),
    }


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The processor time of a piece of work, the least of several."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    """Measure, and print a line a metric."""
    streams = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else STREAMS
    table = activities()
    print(f"{len(table):,} activities")
    for name, work in of_activities(table).items():
        print(f"  {name:26s} {1000 * seconds(work, 1 if name == 'same_routes' else 3):9.1f} ms")

    kept: dict[str, float] = defaultdict(float)
    plain: dict[str, float] = defaultdict(float)
    for samples, bare in chunks(streams):
        here = table[table["id"].isin(samples["activity_id"].unique())]
        rides, runs = (here.assign(sport_group=group, device_watts=True) for group in ("Ride", "Run"))
        for name, (ours, theirs) in of_streams(rides, runs).items():
            kept[name] += seconds(lambda work=ours, given=samples: work(given))
            plain[name] += seconds(lambda work=theirs, given=bare: work(given))
    print(f"{streams:,} streams, {streams * SAMPLES:,} samples, beside the formula in bare NumPy")
    for name, took in kept.items():
        print(f"  {name:26s} {took:9.2f} s  {plain[name]:8.2f} s  {took / plain[name]:5.2f} times")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform != "darwin" else 1e9)
    print(f"  most memory held           {most:9.2f} GB")


if __name__ == "__main__":
    main()
