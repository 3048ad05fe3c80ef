"""Power over an activity: weighted power, the best mean over every duration, and the curve through it.

Functions of arrays of watts; nothing here knows of tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..errors import BadInput
from .reading import Floats, product, ratio
from .samples import per_second

WINDOW = 30
DURATIONS = (1, 5, 10, 15, 20, 30, 60, 120, 180, 300, 480, 600, 720, 900, 1200, 1800, 2700, 3600)
"""Seconds for which the best mean power is found unless others are asked for."""

CRITICAL = (120, 1200)
"""Seconds of the efforts through which critical power is fitted."""


def weighted_power(watts: ArrayLike, time: ArrayLike | None = None) -> float:
    """The steady power that would have cost as much as this unsteady one, in W.

    Resampled to 1 s, averaged over 30 s (full windows only), raised to the fourth power, averaged, and
    the fourth root taken. Zeros count; no window spans a gap of more than 25 s. `time` are the seconds
    of the samples, None means one a second. NaN for less than 30 s. Elsewhere: Normalized Power®
    (TrainingPeaks, a registered mark), weighted average power (Strava). Source: A. Coggan in Allen,
    Coggan, McGregor, Training and Racing with a Power Meter, 3rd ed., 2019.
    """
    return weighted_mean(per_second(*_arrays(watts, time), longest=WINDOW))


def weighted_mean(even: Floats) -> float:
    """Weighted power out of watts at whole seconds, NaN in gaps."""
    sums, absent = _running(even)
    if len(even) < WINDOW:
        return float("nan")
    means = sums[WINDOW:] - sums[:-WINDOW]
    if absent is not None:
        means = means[absent[WINDOW:] == absent[:-WINDOW]]
    if not len(means):
        return float("nan")
    means /= WINDOW
    means *= means
    return float((product(means, means) / len(means)) ** 0.25)


def power_intensity(weighted: ArrayLike, ftp: ArrayLike) -> Floats:
    """Weighted power in shares of FTP, NaN where either is unknown.

    Elsewhere: Intensity Factor® (TrainingPeaks), intensity (Strava). Source: as weighted_power.
    """
    return ratio(np.asarray(weighted, float), np.asarray(ftp, float))


def load_of_power(seconds: ArrayLike, weighted: ArrayLike, ftp: ArrayLike) -> Floats:
    """100 for an hour at FTP: seconds · weighted power · intensity / (FTP · 3600) · 100.

    Elsewhere: Training Stress Score® (TrainingPeaks), training load (Strava, intervals.icu). Source: as
    weighted_power.
    """
    intensity = power_intensity(weighted, ftp)
    above = np.asarray(seconds, float) * np.asarray(weighted, float) * intensity
    return ratio(above, np.asarray(ftp, float) * 3600.0) * 100


def mean_maximal(
    watts: ArrayLike, durations: Iterable[int] = DURATIONS, time: ArrayLike | None = None
) -> Floats:
    """The best mean power over each of the durations (whole seconds), in W, NaN where none is as long.

    Zeros count, and so do the seconds of gaps, as zeros: no gap makes a mean better. Elsewhere: power
    curve (Strava), mean-maximal power, critical power curve (GoldenCheetah).
    """
    wanted = np.array([int(one) for one in durations])
    if (wanted < 1).any():
        raise BadInput("A duration is a whole number of seconds, at least 1.", "Use such as (1, 60, 1200).")
    even = per_second(*_arrays(watts, time), longest=int(wanted.max(initial=1)))
    return best_means(even, wanted.tolist())


def best_means(even: Floats, durations: list[int]) -> Floats:
    """The best mean over each duration of values at whole seconds."""
    sums, _ = _running(even)
    best = np.full(len(durations), np.nan)
    room = np.empty(len(even))
    for place, duration in enumerate(durations):
        if duration <= len(even):
            windows = np.subtract(sums[duration:], sums[:-duration], out=room[: len(sums) - duration])
            best[place] = windows.max() / duration
    return best


@dataclass(frozen=True, slots=True)
class CriticalPower:
    """The power one can hold long, and the work one can do above it.

    `power` is CP in W, `work` is W′ in J, `error` the root mean square of the fit in W, `efforts` how
    many went into it.
    """

    power: float
    work: float
    error: float
    efforts: int

    def at(self, seconds: ArrayLike) -> Floats:
        """The power that the model holds possible for so long, in W."""
        return self.power + self.work / np.asarray(seconds, float)


def fit_critical_power(durations: ArrayLike, powers: ArrayLike) -> CriticalPower:
    """Critical power by the two-parameter model P = CP + W′/t, least squares over efforts of 2–20 min.

    Takes seconds and W. Raises BadInput where fewer than two different durations are known. Elsewhere:
    CP and W′ (GoldenCheetah, intervals.icu). Source: Monod, Scherrer 1965; Moritani et al. 1981, as
    compared in Hill, Sports Medicine 16, 1993.
    """
    t, p = np.asarray(durations, float), np.asarray(powers, float)
    used = np.isfinite(t) & np.isfinite(p) & (t >= CRITICAL[0]) & (t <= CRITICAL[1])
    t, p = t[used], p[used]
    if len(np.unique(t)) < 2:
        raise BadInput(
            "Critical power needs best efforts of two durations between 2 and 20 minutes.",
            "Use activities with measured power that are long enough.",
        )
    x = 1 / t
    off = x - x.mean()
    work = product(off, p) / product(off, off)
    power = float(p.mean() - work * x.mean())
    error = float(np.sqrt(np.mean((power + work * x - p) ** 2)))
    return CriticalPower(power, work, error, len(t))


def _arrays(values: ArrayLike, time: ArrayLike | None) -> tuple[Floats, Floats | None]:
    return np.asarray(values, np.float64), None if time is None else np.asarray(time, np.float64)


def _running(even: Floats) -> tuple[Floats, Floats | None]:
    """Running sums of the values, gaps as zeros, and of how many seconds are gaps (None: none)."""
    sums = np.zeros(len(even) + 1)
    np.cumsum(even, out=sums[1:])
    if not np.isnan(sums[-1]):
        return sums, None
    gaps = np.isnan(even)
    np.cumsum(np.where(gaps, 0.0, even), out=sums[1:])
    return sums, np.concatenate(([0.0], np.cumsum(gaps)))
