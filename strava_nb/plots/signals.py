"""What can be read off an activity: each stream with its words, its unit, and how its values are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import BadInput
from ..metrics.reading import Floats
from ..tables.readable_table import FEET, METRES, pace
from .recording import Recording

_YARDS = 91.44
_PACE_STEPS = (5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 3600)


@dataclass(frozen=True, slots=True)
class Signal:
    """One stream for eyes: `per_unit` is how much of Strava's unit is in one `unit`.

    A pace is drawn as the speed it is, so that standing still is at the bottom and not infinitely far
    up, and written as the time for `pace_over` metres.
    """

    word: str
    title: str
    unit: str
    read: Callable[[Recording], Floats]
    per_unit: float = 1.0
    decimals: int = 0
    pace_over: float = 0.0

    def values(self, recording: Recording) -> Floats:
        """The stream in the signal's unit (a pace as m/s), NaN where absent."""
        return self.read(recording) / self.per_unit

    def written(self, value: float) -> str:
        """A value without its unit."""
        if self.pace_over:
            return pace(self.pace_over / value) if value > 0.05 else "–"
        return f"{value:,.{self.decimals}f}"

    def pace_ticks(self, low: float, high: float, most: int = 5) -> list[float]:
        """The speeds between two at which a pace is a round one."""
        low, high = max(low, 0.3, high / 4), max(high, 0.3)
        slow, fast, apart = self.pace_over / low, self.pace_over / high, (high - low) / (most + 1)
        ticks: list[float] = []
        for step in _PACE_STEPS:
            first = max(np.ceil(fast / step), 1) * step
            if self.pace_over / first - self.pace_over / (first + step) >= apart or step == _PACE_STEPS[-1]:
                for one in np.arange(first, slow + 1e-6, step):
                    if not ticks or ticks[-1] - self.pace_over / one >= apart:
                        ticks.append(float(self.pace_over / one))
                break
        return ticks


def signals(units: str, group: str = "") -> dict[str, Signal]:
    """Every signal by its word, as an activity of that sport group is read. Raises BadInput for units."""
    if units not in METRES:
        raise BadInput(f"There are no {units!r} units.", 'Use units="metric" or units="imperial".')
    metric = units == "metric"
    distance = "km" if metric else "mi"
    if group in ("Run", "Walk"):
        speed = Signal("speed", "Pace", f"min/{distance}", lambda r: r.speed, pace_over=METRES[units])
    elif group == "Swim":
        over, unit = (100.0, "min/100 m") if metric else (_YARDS, "min/100 yd")
        speed = Signal("speed", "Pace", unit, lambda r: r.speed, pace_over=over)
    else:
        unit = "km/h" if metric else "mph"
        speed = Signal("speed", "Speed", unit, lambda r: r.speed, METRES[units] / 3600, decimals=1)
    on_foot = group in ("Run", "Walk")  # Strava counts one leg
    all_of_them = (
        speed,
        Signal("heartrate", "Heart rate", "bpm", lambda r: r.column("heartrate")),
        Signal("power", "Power", "W", lambda r: r.column("watts")),
        Signal(
            "cadence", "Cadence", "steps/min" if on_foot else "rpm", lambda r: r.column("cadence"),
            0.5 if on_foot else 1.0,
        ),
        Signal("grade", "Gradient", "%", lambda r: r.grade, decimals=1),
        Signal("temp", "Temperature", "°C" if metric else "°F", _celsius if metric else _fahrenheit),
        Signal(
            "altitude", "Altitude", "m" if metric else "ft", lambda r: r.column("altitude"),
            1.0 if metric else FEET,
        ),
    )  # fmt: skip
    return {signal.word: signal for signal in all_of_them}


def _celsius(recording: Recording) -> Floats:
    return recording.column("temp")


def _fahrenheit(recording: Recording) -> Floats:
    return recording.column("temp") * 1.8 + 32


@dataclass(frozen=True, slots=True)
class Length:
    """How far, in kilometres or miles, and how high, in metres or feet."""

    units: str

    @property
    def unit(self) -> str:
        """The unit of distance."""
        return "km" if self.units == "metric" else "mi"

    @property
    def metres(self) -> float:
        """Metres in one unit."""
        return METRES[self.units]

    def far(self, metres: float) -> str:
        """A distance with its unit: "2.1 km"."""
        amount = metres / self.metres
        return f"{amount:,.{1 if amount < 100 else 0}f} {self.unit}"

    def high(self, metres: float) -> str:
        """A height with its unit: "143 m"."""
        return f"{metres:,.0f} m" if self.units == "metric" else f"{metres / FEET:,.0f} ft"


def spread(values: Floats, low: float, high: float) -> tuple[float, float]:
    """The two quantiles of what is known, apart even where all values are one."""
    known = values[np.isfinite(values)]
    bottom, top = np.quantile(known, (low, high)) if len(known) else (0.0, 1.0)
    least = max(abs(float(top)) * 0.01, 0.5)
    if top - bottom < least:
        middle = (top + bottom) / 2
        bottom, top = middle - least / 2, middle + least / 2
    return float(bottom), float(top)
