"""What a heartbeat yields, and whether that lasted: efficiency and decoupling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .power import WINDOW, weighted_mean
from .reading import Floats, floats, product, ratio, result, share, texts
from .rows import Rows, basis_of, measure
from .samples import Samples, per_second
from .slopes import Model, grade_factor

POWER, SPEED = "power", "speed"


def decoupling(first: ArrayLike, second: ArrayLike) -> Floats:
    """By how many percent efficiency fell from the first half to the second.

    (first − second) / first · 100; NaN where either is unknown.
    Elsewhere: aerobic decoupling, Pw:Hr and Pa:Hr (TrainingPeaks), cardiac drift. Source: Friel, The
    Cyclist's Training Bible.
    """
    before = np.asarray(first, np.float64)
    return 100 * ratio(before - np.asarray(second, np.float64), before)


def efficiency(activities: pd.DataFrame, streams: Any = None, *, model: Model = "strava") -> pd.DataFrame:
    """Power or speed a heartbeat, and how it fell within the activity, one row a ride or run that has it.

    Rides with measured power: weighted power / mean heart rate (W/bpm, `kind` "power"). Runs:
    grade-adjusted speed / mean heart rate, as metres a heartbeat ("speed"). From the samples while
    moving, which `decoupling` needs too: the halves have the same moving time. Else from the averages
    ("summary"), for runs without the gradient, and without decoupling. Elsewhere: efficiency factor
    (TrainingPeaks). Source: Friel, as `decoupling`.

    Columns: id, start_date_local, sport_type, sport_group, efficiency, decoupling (Float64, %),
    average_heartrate (Float64, bpm), kind, basis. `.attrs`: computed (share of rides and runs),
    from_streams, notes.
    """
    rows = Rows(activities, "average_heartrate", "average_speed")
    found = _Efficiency(rows, model)
    measure(rows, streams, found)
    return found.table()


class _Efficiency:
    def __init__(self, rows: Rows, model: Model) -> None:
        self._rows, self._model = rows, model
        self._power, self._runs = rows.measured_power(), rows.of_group("Run")
        self._value, self._heart, self._drift = (np.full(len(rows), np.nan) for _ in range(3))
        self._sampled = np.full(len(rows), False)

    def take(self, row: int, samples: Samples, cut: slice) -> None:
        stream = (
            "watts"
            if self._power[row]
            else "velocity_smooth"
            if samples.has("velocity_smooth")
            else "distance"
        )
        if not (self._power[row] or self._runs[row]) or not (
            samples.has("heartrate") and samples.has(stream)
        ):
            return
        heart = samples.column("heartrate")[cut]
        held = samples.seconds[cut] * samples.moving[cut]
        if np.isnan(heart).any():
            held = np.where(np.isnan(heart), 0.0, held)
            heart = np.nan_to_num(heart)
        gone = np.cumsum(held)
        if not len(gone) or gone[-1] < 2 * WINDOW:
            return
        middle = int(np.searchsorted(gone, gone[-1] / 2))
        parts = slice(0, middle + 1), slice(middle + 1, len(gone)), slice(0, len(gone))
        beats = [_mean(heart[p], held[p]) for p in parts]
        work = (
            self._watts(samples, cut, parts) if self._power[row] else self._speeds(samples, cut, parts, held)
        )
        first, second, whole = (
            float(ratio(np.array(w), np.array(b))) for w, b in zip(work, beats, strict=True)
        )
        if np.isfinite(whole) and whole > 0:
            self._value[row], self._heart[row], self._sampled[row] = whole, beats[2], True
            self._drift[row] = float(decoupling(first, second))

    def _watts(self, samples: Samples, cut: slice, parts: tuple[slice, ...]) -> list[float]:
        watts, time = samples.column("watts")[cut], samples.column("time")[cut]
        return [weighted_mean(per_second(watts[p], time[p], longest=WINDOW)) for p in parts]

    def _speeds(self, samples: Samples, cut: slice, parts: tuple[slice, ...], held: Floats) -> list[float]:
        factor = grade_factor(samples.grade[cut], self._model)
        factor[np.isnan(factor)] = 1.0
        speed = samples.speed[cut]
        level = np.where(np.isnan(speed), 0.0, speed * factor)
        return [60 * _mean(level[p], held[p]) for p in parts]

    def table(self) -> pd.DataFrame:
        heart = self._rows.number("average_heartrate")
        for which, column, times in (
            (self._power, "weighted_average_watts", 1),
            (self._runs, "average_speed", 60),
        ):
            values = self._rows.number(column) * times
            use = which & ~self._sampled & (values > 0) & (heart > 0)
            self._value[use], self._heart[use] = (
                (values / np.where(heart > 0, heart, np.nan))[use],
                heart[use],
            )
        computed = np.isfinite(self._value)
        of, have = self._power | self._runs, np.flatnonzero(computed)
        sampled = int(self._sampled.sum())
        notes = [f"Efficiency: known for {len(have):,} of {int(of.sum()):,} rides with power and runs."]
        if len(have) > sampled:
            notes.append(f"{len(have) - sampled:,} of them from averages alone, without decoupling.")
        kind = np.where(self._power, POWER, SPEED).astype(object)
        columns = (
            self._rows.heads()
            | self._rows.sports()
            | {
                "efficiency": floats(self._value),
                "decoupling": floats(self._drift),
                "average_heartrate": floats(self._heart),
                "kind": texts(kind),
                "basis": basis_of(self._sampled, computed),
            }
            | self._rows.door()
        )
        return result(
            {name: values[have] for name, values in columns.items()},
            self._rows.table,
            computed=share(computed[of]),
            from_streams=sampled / len(have) if len(have) else 0.0,
            notes=notes,
        )


def _mean(values: Floats, seconds: Floats) -> float:
    return product(values, seconds) / whole if (whole := float(seconds.sum())) else float("nan")
