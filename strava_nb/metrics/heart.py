"""Heart rate as a load: functions of arrays, with the formula that weighs hard minutes more."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .reading import Floats, ratio


def trimp(
    heartrate: ArrayLike, minutes: ArrayLike, rest: ArrayLike, highest: ArrayLike, k: ArrayLike
) -> Floats:
    """The training impulse of so many minutes at a heart rate, element by element; sum it over samples.

    minutes · r · 0.64 · e^(k·r), where r = (heart rate − rest) / (maximum − rest), not below 0; k is
    1.92 for men and 1.67 for women. NaN where anything is unknown. Elsewhere: TRIMP, TRIMPexp
    (GoldenCheetah, Runalyze). Source: Banister 1991; Morton, Fitz-Clarke, Banister, J. Appl. Physiol.
    69, 1990.
    """
    beats, low, high = (np.asarray(one, np.float64) for one in (heartrate, rest, highest))
    reserve = np.maximum(ratio(beats - low, high - low), 0.0)
    return np.asarray(minutes, np.float64) * reserve * 0.64 * np.exp(np.asarray(k, np.float64) * reserve)


def scaled_trimp(
    impulse: ArrayLike, rest: ArrayLike, highest: ArrayLike, threshold: ArrayLike, k: ArrayLike
) -> Floats:
    """A training impulse on the scale of power load: 100 for an hour at threshold heart rate.

    100 · TRIMP / TRIMP of 60 minutes at threshold, with the same k in both. Elsewhere: hrTSS
    (TrainingPeaks, intervals.icu), HRSS (Elevate).
    """
    hour = trimp(threshold, 60.0, rest, highest, k)
    return 100 * ratio(np.asarray(impulse, np.float64), hour)
