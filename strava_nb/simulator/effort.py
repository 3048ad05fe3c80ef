"""How fast she goes up, down and along, and what that costs: physics for wheels, physiology for feet.

A file of its own because an activity's summary and its streams must come from the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from strava_nb.simulator.routes import GRADES
from strava_nb.simulator.terrain import Array

BODY = 62.0
"""Her weight in kg."""
RESTING, HIGHEST = 52.0, 187.0
"""Her heart rate at rest and at its very highest."""
FTP = 226.0
"""The watts she can hold for an hour in an average spring."""
THRESHOLD_SPEED = 3.62
"""The same for her running, in m/s."""


@dataclass(frozen=True)
class Bike:
    """What air, ground and weight take, and how fast she dares to go down."""

    mass: float
    drag: float
    rolling: float
    fastest: float


BIKES = {
    "road": Bike(9, 0.33, 0.005, 16.5),
    "gravel": Bike(10.5, 0.37, 0.010, 12.5),
    "mtb": Bike(13, 0.43, 0.016, 9.5),
    "city": Bike(15, 0.45, 0.008, 10.5),
    "virtual": Bike(8, 0.30, 0.004, 19.0),
    "trainer": Bike(9, 0.33, 0.005, 12.0),
}

_GRID: Array = np.linspace(0.3, 25, 250)
_MINETTI: Array = (
    np.polyval(np.array([155.4, -30.4, -43.3, 46.3, 19.5, 3.6]), GRADES) / 3.6
)  # running's cost a metre
_FEET: dict[str, Array] = {
    "run": np.minimum(1 / _MINETTI, 1.13),
    "trail": np.minimum(1 / (1 + 1.15 * (_MINETTI - 1)), 1.08) * np.exp(-1.6 * np.abs(GRADES)),
    "hike": np.exp(-3.5 * np.abs(GRADES + 0.05)) / np.exp(-3.5 * 0.05),
    "ski": np.clip(1 / (1 + 14 * np.maximum(GRADES, 0)) - 9 * np.minimum(GRADES, 0), 0.3, 1.9),
    "swim": np.ones_like(GRADES),
}


@dataclass(frozen=True, eq=False)
class Pace:
    """For each class of grades: speed (m/s), power (W; zeros on foot) and relative effort (1 on the flat)."""

    speeds: Array
    watts: Array
    efforts: Array


@cache
def pace(how: str, level: float) -> Pace:
    """Her pace with a bike ("road", "gravel" …) at `level` watts, or on foot at `level` m/s on the flat.

    Uphill she works harder than on the flat, downhill she coasts and brakes.
    """
    if how in _FEET:
        speeds = level * _FEET[how]
        efforts = np.clip(speeds / level * _MINETTI, 0.62, 1.16) if how != "swim" else np.ones_like(speeds)
        return Pace(speeds, np.zeros_like(speeds), efforts)
    bike = BIKES[how]
    efforts = np.clip(1 + 2.2 * np.maximum(GRADES, 0) + 13 * np.minimum(GRADES, 0), 0.0, 1.22)
    wanted = level * efforts * 0.97
    speeds = np.array([np.interp(w, n, _GRID) for w, n in zip(wanted, _needs(how), strict=True)])
    dared = bike.fastest * (1 + 1.2 * np.minimum(GRADES + 0.09, 0))
    speeds = np.maximum((speeds**-5 + dared**-5) ** -0.2, 1.6)  # she brakes before she must
    return Pace(speeds, np.clip(needed(how, speeds, GRADES) / 0.97, 0, None), efforts)


@cache
def _needs(how: str) -> Array:
    return needed(how, _GRID[None, :], GRADES[:, None])


def needed(how: str, speed: Array, grade: Array) -> Array:
    """The watts at the wheel that a steady speed takes; negative where the hill gives more."""
    bike = BIKES[how]
    weight = (BODY + bike.mass + 2) * 9.81
    return (weight * (grade + bike.rolling) + 0.6 * bike.drag * speed**2) * speed


def heart_rate(intensity: float) -> float:
    """The mean heart rate of an hour at a share of her threshold."""
    return RESTING + (HIGHEST - RESTING) * (0.36 + 0.475 * intensity)
