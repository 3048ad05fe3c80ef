"""How hard each activity was: by heart rate, by power, by running speed, and the one that counts.

Each is measured from the samples where they are there, else from the averages, and says which.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from .athlete_profile import AthleteProfile, HasProfile, profile_of
from .heart import scaled_trimp, trimp
from .power import WINDOW, load_of_power, power_intensity, weighted_mean
from .reading import Floats, floats, product, result, share, texts
from .rows import Rows, basis_of, measure, told_of
from .samples import Samples, per_second
from .slopes import Model, grade_factor

_HEART = ("max_heartrate", "rest_heartrate", "threshold_heartrate")
POWER, RUN, HEART = "power", "run", "heart rate"


def heart_rate_load(
    activities: pd.DataFrame, streams: Any = None, profile: AthleteProfile | HasProfile | None = None
) -> pd.DataFrame:
    """How hard each activity was for the heart, one row an activity.

    TRIMP is summed over the samples (each holds until the next, at most 25 s), else taken at the
    average heart rate over the moving time, which for the same time is never more. `trimp` and
    `scaled_trimp` tell formulas, sources and other tools' names. `streams` is a table of get_streams,
    or several one after the other. NA where heart rate, a threshold or k is not known.

    Columns: id, start_date_local, trimp (Float64), heart_rate_load (Float64, 100 an hour at threshold),
    coverage (Float64, share of the recorded time with a heart rate), basis ("streams" or "summary").
    `.attrs`: computed, from_streams, thresholds, k, notes.
    """
    rows = Rows(activities, "average_heartrate", "moving_time")
    heart = _Heart(rows, profile_of(profile))
    measure(rows, streams, heart)
    return heart.table()


def power_load(
    activities: pd.DataFrame, streams: Any = None, profile: AthleteProfile | HasProfile | None = None
) -> pd.DataFrame:
    """How hard each ride with measured power was, one row an activity.

    Weighted power, intensity and load (see `weighted_power`, `power_intensity`, `load_of_power`) from
    the samples, where the time is that of the samples without gaps; else from Strava's weighted average
    power and the moving time. Estimated power counts for nothing, and FTP is a cyclist's, so other
    sports have no power load. NA where power or FTP is not known.

    Columns: id, start_date_local, weighted_power (Float64, W), intensity (Float64, share of FTP),
    power_load (Float64, 100 an hour at FTP), basis. `.attrs`: computed, from_streams, thresholds, notes.
    """
    rows = Rows(activities, "weighted_average_watts", "moving_time")
    power = _Power(rows, profile_of(profile))
    measure(rows, streams, power)
    return power.table()


def run_load(
    activities: pd.DataFrame,
    streams: Any = None,
    profile: AthleteProfile | HasProfile | None = None,
    *,
    model: Model = "strava",
) -> pd.DataFrame:
    """How hard each run was by its speed, one row an activity.

    100 · hours · (grade-adjusted speed / threshold speed)²; from the samples the mean grade-adjusted
    speed while moving, else the average speed, which no gradient has adjusted. Elsewhere: rTSS
    (TrainingPeaks). Source: McGregor, in Allen, Coggan, McGregor 2019. NA but for runs, and where the
    threshold pace is not known.

    Columns: id, start_date_local, grade_adjusted_speed (Float64, m/s), run_load (Float64), basis.
    `.attrs`: computed, from_streams, thresholds, notes.
    """
    rows = Rows(activities, "average_speed", "moving_time")
    run = _Run(rows, profile_of(profile), model)
    measure(rows, streams, run)
    return run.table()


def loads(
    activities: pd.DataFrame, streams: Any = None, profile: AthleteProfile | HasProfile | None = None
) -> pd.DataFrame:
    """The load of each activity on one scale (100 is an hour at threshold), one row an activity.

    `load` is power load where power was measured, else run load, else scaled heart-rate load: `kind`
    says which ("power", "run", "heart rate") and `basis` from what ("streams", "summary"); all NA where
    none can be computed. `.attrs["kinds"]` is each kind's share of the activities, "none" too.

    Columns: id, start_date_local, sport_type, sport_group, power_load, run_load, heart_rate_load, load
    (Float64), kind, basis (string). `.attrs`: computed, from_streams, kinds, thresholds, k, notes.
    """
    profile = profile_of(profile)
    rows = Rows(activities, "moving_time")
    power, run, heart = _Power(rows, profile), _Run(rows, profile, "strava"), _Heart(rows, profile)
    measure(rows, streams, power, run, heart)
    candidates = [(POWER, power, power.load()), (RUN, run, run.load()), (HEART, heart, heart.load())]
    load = np.full(len(rows), np.nan)
    kind = np.full(len(rows), None, dtype=object)
    sampled = np.full(len(rows), False)
    for name, one, values in reversed(candidates):
        known = np.isfinite(values)
        load[known], kind[known], sampled[known] = values[known], name, one.sampled[known]
    computed = np.isfinite(load)
    told = told_of(
        "Load", np.full(len(rows), True), computed, sampled, profile, "ftp", "threshold_pace", *_HEART
    )
    told["kinds"] = {name: share(kind == name) for name, *_ in candidates} | {"none": share(~computed)}
    told["k"] = None if math.isnan(profile.k) else profile.k
    columns = {f"{name.replace(' ', '_')}_load": floats(values) for name, _, values in candidates}
    return result(
        rows.heads()
        | rows.sports()
        | columns
        | {"load": floats(load), "kind": texts(kind), "basis": basis_of(sampled, computed)}
        | rows.door(),
        rows.table,
        **told,
    )


def graded(samples: Samples, cut: slice, model: Model) -> tuple[float, float, float]:
    """Seconds moving, metres, and metres made level, of one activity."""
    held = samples.seconds[cut] * samples.moving[cut]
    gone = samples.speed[cut] * held
    level = gone * grade_factor(samples.grade[cut], model)
    if np.isnan(level).any():
        held = np.where(np.isnan(gone), 0.0, held)
        level = np.where(np.isnan(level), gone, level)
        gone, level = np.nan_to_num(gone), np.nan_to_num(level)
    return float(held.sum()), float(gone.sum()), float(level.sum())


class _Heart:
    def __init__(self, rows: Rows, profile: AthleteProfile) -> None:
        self._rows, self._profile = rows, profile
        self._max, self._rest, self._threshold = (profile.over(name, rows.days) for name in _HEART)
        self._trimp, self._coverage = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
        self.sampled = np.full(len(rows), False)

    def take(self, row: int, samples: Samples, cut: slice) -> None:
        if not samples.has("heartrate"):
            return
        rest, reserve, k = self._rest[row], self._max[row] - self._rest[row], self._profile.k
        effort = samples.column("heartrate")[cut] - rest
        effort *= 1 / reserve if reserve > 0 else np.nan
        np.maximum(effort, 0, out=effort)
        held = samples.seconds[cut]
        weighed = np.exp(k * effort)
        weighed *= effort
        total, covered = product(weighed, held), 1.0
        if math.isnan(total):
            known = ~np.isnan(weighed)
            total = product(weighed[known], held[known])
            covered = float(held[known].sum() / held.sum()) if held.sum() else 0.0
        if covered > 0:
            self._trimp[row], self._coverage[row], self.sampled[row] = 0.64 * total / 60, covered, True

    def load(self) -> Floats:
        average, minutes = self._rows.number("average_heartrate"), self._rows.number("moving_time") / 60
        whole = trimp(average, minutes, self._rest, self._max, self._profile.k)
        self._trimp = np.where(self.sampled, self._trimp, np.where(minutes > 0, whole, np.nan))
        return scaled_trimp(self._trimp, self._rest, self._max, self._threshold, self._profile.k)

    def table(self) -> pd.DataFrame:
        load = self.load()
        computed = np.isfinite(self._trimp)
        applies = (self._rows.number("average_heartrate") > 0) | self.sampled
        told = told_of("Heart-rate load", applies, computed, self.sampled, self._profile, *_HEART)
        if math.isnan(self._profile.k):
            told["notes"].append("Neither sex nor k is known: see AthleteProfile.")
        return result(
            self._rows.heads()
            | {
                "trimp": floats(self._trimp),
                "heart_rate_load": floats(load),
                "coverage": floats(self._coverage),
                "basis": basis_of(self.sampled, computed),
            }
            | self._rows.door(),
            self._rows.table,
            k=None if math.isnan(self._profile.k) else self._profile.k,
            **told,
        )


class _Power:
    def __init__(self, rows: Rows, profile: AthleteProfile) -> None:
        self._rows, self._profile = rows, profile
        self._ftp = profile.over("ftp", rows.days)
        self._measured = rows.measured_power()
        self._weighted, self._seconds = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
        self.sampled = np.full(len(rows), False)

    def take(self, row: int, samples: Samples, cut: slice) -> None:
        if not self._measured[row] or not samples.has("watts"):
            return
        even = per_second(samples.column("watts")[cut], samples.column("time")[cut], longest=WINDOW)
        weighted = weighted_mean(even)
        if not math.isnan(weighted):
            self._weighted[row], self.sampled[row] = weighted, True
            self._seconds[row] = np.count_nonzero(np.isfinite(even))

    def load(self) -> Floats:
        known = self._measured & (self._rows.number("weighted_average_watts") > 0) & ~self.sampled
        self._weighted[known] = self._rows.number("weighted_average_watts")[known]
        self._seconds[known] = self._rows.number("moving_time")[known]
        return load_of_power(self._seconds, self._weighted, self._ftp)

    def table(self) -> pd.DataFrame:
        load = self.load()
        computed, applies = np.isfinite(load), np.isfinite(self._weighted)
        return result(
            self._rows.heads()
            | {
                "weighted_power": floats(self._weighted),
                "intensity": floats(power_intensity(self._weighted, self._ftp)),
                "power_load": floats(load),
                "basis": basis_of(self.sampled, applies),
            }
            | self._rows.door(),
            self._rows.table,
            **told_of("Power load", applies, computed, self.sampled, self._profile, "ftp"),
        )


class _Run:
    def __init__(self, rows: Rows, profile: AthleteProfile, model: Model) -> None:
        self._rows, self._profile, self._model = rows, profile, model
        self._pace = profile.over("threshold_pace", rows.days)
        self._runs = rows.of_group("Run")
        self._speed, self._seconds = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
        self.sampled = np.full(len(rows), False)

    def take(self, row: int, samples: Samples, cut: slice) -> None:
        if not self._runs[row] or not (samples.has("velocity_smooth") or samples.has("distance")):
            return
        seconds, _, level = graded(samples, cut, self._model)
        if seconds > 0 and level > 0:
            self._speed[row], self._seconds[row], self.sampled[row] = level / seconds, seconds, True

    def load(self) -> Floats:
        known = self._runs & (self._rows.number("average_speed") > 0) & ~self.sampled
        self._speed[known] = self._rows.number("average_speed")[known]
        self._seconds[known] = self._rows.number("moving_time")[known]
        load: Floats = self._seconds / 36 * (self._speed * self._pace / 1000) ** 2
        return load

    def table(self) -> pd.DataFrame:
        load = self.load()
        return result(
            self._rows.heads()
            | {
                "grade_adjusted_speed": floats(self._speed),
                "run_load": floats(load),
                "basis": basis_of(self.sampled, np.isfinite(self._speed)),
            }
            | self._rows.door(),
            self._rows.table,
            **told_of(
                "Run load", self._runs, np.isfinite(load), self.sampled, self._profile, "threshold_pace"
            ),
        )
