"""What both FIT readers answer with: apart, so that each knows this and not the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from .track import Numbers

EPOCH = 631_065_600.0
"""Where FIT's clock begins, 1989-12-31, in Unix seconds."""

FIELDS = frozenset(
    (
        "timestamp", "position_lat", "position_long", "enhanced_altitude", "altitude", "distance",
        "enhanced_speed", "speed", "heart_rate", "cadence", "fractional_cadence", "cadence256",
        "power", "Power", "temperature",
    )
)  # fmt: skip
"""What is read of a record message. `Power` is what Stryd's and others' developer field is called."""

LAP_FIELDS = frozenset(
    (
        "timestamp", "start_time", "total_elapsed_time", "total_timer_time", "total_moving_time",
        "total_distance", "max_speed", "enhanced_max_speed", "total_ascent", "avg_heart_rate",
        "max_heart_rate", "avg_cadence", "avg_running_cadence", "avg_fractional_cadence", "avg_power",
    )
)  # fmt: skip
"""What is read of a lap message; its `timestamp` is when it was written, at the lap's end or later."""


@dataclass
class FitRecords:
    """The record messages of a FIT file, in its order: fields by FIT's names, NaN where absent.

    Scaled as the FIT profile says, but `timestamp` in seconds of FIT's epoch and positions in
    semicircles, as recorded. `sport` are FIT's numbers of sport and sub-sport, `kind` its word for the
    type of the file; `summed` that its checksum has been found right. `laps` are the lap messages
    likewise, None where nobody looked.
    """

    columns: dict[str, Numbers]
    sport: tuple[int | None, int | None] = (None, None)
    kind: str | None = None
    problems: list[str] = field(default_factory=list)
    summed: bool = False
    laps: dict[str, Numbers] | None = None
