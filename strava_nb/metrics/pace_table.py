"""Running speed made comparable: adjusted for the gradient, and at one heart rate over the seasons."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from ..errors import BadInput
from .load_tables import graded
from .reading import floats, product, ratio, result, times, wholes
from .rows import Rows, measure
from .samples import Samples
from .slopes import Model, grade_factor
from .summing import period_of

_NEAR, _NEAR_ON_AVERAGE = 3.0, 5.0
"""bpm around the given heart rate, of a sample and of an activity's average."""

_ENOUGH = 300.0
"""Seconds at a heart rate that tell something of it."""

_WARM = 600.0
"""Seconds from the start in which the heart is still behind."""


def grade_adjusted(activities: pd.DataFrame, streams: Any, *, model: Model = "strava") -> pd.DataFrame:
    """Speed and pace on the level that would have been as hard, one row a run or walk with samples.

    The way of each sample times `grade_factor` of its gradient (Strava's smoothed one, else out of the
    smoothed altitude), over the moving time. There is none from summaries: they know no gradients.

    Columns: id, start_date_local, sport_type, sport_group, moving_time (Int64, s), speed,
    grade_adjusted_speed (Float64, m/s), pace, grade_adjusted_pace (Float64, s/km). `.attrs`: model,
    computed (share of runs and walks).
    """
    rows = Rows(activities)
    found = _Graded(rows, model)
    measure(rows, streams, found)
    return found.table()


def pace_at_heart_rate(
    activities: pd.DataFrame,
    streams: Any = None,
    *,
    heartrate: float,
    by: Literal["month", "quarter", "year"] = "quarter",
    model: Model = "strava",
) -> pd.DataFrame:
    """How fast one ran at a given heart rate, one row a period with a run that tells.

    From the samples: the mean grade-adjusted speed of those within 3 bpm, from the tenth minute on, of
    runs with five minutes of them. From the averages ("summary"): the average speed of runs whose
    average heart rate is within 5 bpm. Of a period the median over its runs, but for those indoors;
    faster at the same heart rate is fitter. Elsewhere: aerobic pace, MAF test (Maffetone).

    Columns: period (its first day, datetime64[us]), speed (Float64, m/s), pace (Float64, s/km), runs,
    from_streams (Int64: how many of the runs were measured by their samples).
    `.attrs`: heartrate, model, notes. Raises BadInput for another `by`, or a heart rate that is none.
    """
    if by not in ("month", "quarter", "year"):
        raise BadInput(f"There are no periods by {by!r}.", 'Use by="month", "quarter" or "year".')
    if not 30 <= heartrate <= 250:
        raise BadInput(f"{heartrate!r} is no heart rate.", "Give beats a minute, such as heartrate=145.")
    rows = Rows(activities, "average_heartrate", "average_speed", "moving_time")
    found = _AtHeartRate(rows, heartrate, model)
    measure(rows, streams, found)
    speeds = found.speeds()
    known = np.isfinite(speeds) & ~np.isnat(rows.days)
    days = period_of(rows.days[known], "month")
    months = days.astype("datetime64[M]").astype(np.int64)
    length = {"month": 1, "quarter": 3, "year": 12}[by]
    periods, place = np.unique(months // length, return_inverse=True)
    medians = np.array([np.median(speeds[known][place == one]) for one in range(len(periods))])
    runs = int(rows.of_group("Run").sum())
    return result(
        {
            "period": times((periods * length).astype("datetime64[M]").astype("datetime64[D]")),
            "speed": floats(medians),
            "pace": floats(ratio(np.full(len(medians), 1000.0), medians)),
            "runs": wholes(np.bincount(place, minlength=len(periods))),
            "from_streams": wholes(
                np.bincount(place, found.sampled[known], minlength=len(periods)).astype(float)
            ),
        },
        rows.table,
        heartrate=float(heartrate),
        model=model,
        computed=int(known.sum()) / runs if runs else 0.0,
        notes=[f"{int(known.sum()):,} of {runs:,} runs tell of {heartrate:g} bpm."],
    )


class _Graded:
    def __init__(self, rows: Rows, model: Model) -> None:
        self._rows, self._model = rows, model
        self._may = rows.of_group("Run", "Walk")
        self._seconds, self._speed, self._level = (np.full(len(rows), np.nan) for _ in range(3))

    def take(self, row: int, samples: Samples, cut: slice) -> None:
        if self._may[row] and (samples.has("velocity_smooth") or samples.has("distance")):
            seconds, metres, level = graded(samples, cut, self._model)
            if seconds > 0:
                self._seconds[row] = seconds
                self._speed[row], self._level[row] = metres / seconds, level / seconds

    def table(self) -> pd.DataFrame:
        have = np.flatnonzero(np.isfinite(self._speed))
        kilometre = np.full(len(self._rows), 1000.0)
        columns = (
            self._rows.heads()
            | self._rows.sports()
            | {
                "moving_time": wholes(np.round(self._seconds)),
                "speed": floats(self._speed),
                "grade_adjusted_speed": floats(self._level),
                "pace": floats(ratio(kilometre, self._speed)),
                "grade_adjusted_pace": floats(ratio(kilometre, self._level)),
            }
            | self._rows.door()
        )
        of = int(self._may.sum())
        return result(
            {name: values[have] for name, values in columns.items()},
            self._rows.table,
            model=self._model,
            computed=len(have) / of if of else 0.0,
        )


class _AtHeartRate:
    def __init__(self, rows: Rows, heartrate: float, model: Model) -> None:
        self._rows, self._heartrate, self._model = rows, heartrate, model
        self._may = rows.of_group("Run") & ~rows.flag("trainer")
        self._speed, self._looked = np.full(len(rows), np.nan), np.full(len(rows), False)
        self.sampled = np.full(len(rows), False)

    def take(self, row: int, samples: Samples, cut: slice) -> None:
        if not self._may[row] or not samples.has("heartrate"):
            return
        heart, time = samples.column("heartrate")[cut], samples.column("time")[cut]
        if not np.isfinite(heart).any():
            return
        self._looked[row] = True
        speed, grade = samples.speed[cut], samples.grade[cut]
        near = (
            (np.abs(heart - self._heartrate) <= _NEAR)
            & (time >= _WARM)
            & samples.moving[cut]
            & np.isfinite(speed)
        )
        held = samples.seconds[cut][near]
        if held.sum() >= _ENOUGH:
            factor = grade_factor(grade[near], self._model)
            level = speed[near] * np.where(np.isnan(factor), 1.0, factor)
            self._speed[row], self.sampled[row] = product(level, held) / held.sum(), True

    def speeds(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The speed of each run that tells, NaN of the others."""
        near = np.abs(self._rows.number("average_heartrate") - self._heartrate) <= _NEAR_ON_AVERAGE
        long = self._rows.number("moving_time") >= _WARM
        average = self._rows.number("average_speed")
        use = self._may & ~self._looked & near & long & (average > 0)
        return np.where(use, average, self._speed)
