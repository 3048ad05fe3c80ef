"""FIT files: which reader gets a file, and what FIT's fields are called at Strava.

A whole file goes to the fast reader where it is installed; whatever that one refuses, or finds
nothing recorded in, goes to the tolerant one, which also knows why. Both answer with `FitRecords`,
so either can be replaced in its own file. See docs/decisions/fit-reader.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...errors import BadTrack
from .fit_checksum import sums_match
from .fit_fast import read_fast
from .fit_records import EPOCH, FitRecords
from .fit_tolerant import read_tolerant, sport_words
from .laps import Told
from .track import Numbers, Track, sport_type_of, track_of

POWER_ON = 0x10000000
"""Times below it count seconds from when the device was switched on, not from FIT's epoch."""

_SEMICIRCLES = 180 / 2**31

_LAP = {
    "elapsed_time": "total_elapsed_time", "timer_time": "total_timer_time",
    "moving_time": "total_moving_time", "distance": "total_distance", "total_elevation_gain": "total_ascent",
    "average_heartrate": "avg_heart_rate", "max_heartrate": "max_heart_rate", "average_watts": "avg_power",
}  # fmt: skip


def read_fit(data: bytes, name: str, *, laps: bool = False) -> Track:
    """The activity in a FIT file, with its laps if they are asked for; raises BadTrack for one without any.

    Asked for laps, a file that has laps and no samples is an activity too.
    """
    problems: list[str] = []
    if not int.from_bytes(data[4:8], "little") and len(data) > data[0] + 2:
        problems.append("its header was never finished; read to its end")
        data = data[:4] + (len(data) - data[0]).to_bytes(4, "little") + data[8:]
    records = read_fast(data, laps=laps) or read_tolerant(data)
    if not records.columns and not (laps and records.laps):
        _refuse(records, name)
    if not (records.summed or problems or sums_match(data)):
        problems.append("its checksum is wrong; read all the same")
    return _track(records, problems + records.problems)


def _refuse(records: FitRecords, name: str) -> None:
    what = (records.kind or "").replace("_", " ")
    if what and what != "activity":
        raise BadTrack(
            f"{name} is a FIT file of another kind ({what}): no recorded activity.",
            "Choose a file that a device wrote for an activity.",
        )
    reason = f": {records.problems[0]}" if records.problems else ""
    raise BadTrack(
        f"{name} is a FIT file without a single recorded sample{reason}.",
        "If your device or Strava still has the activity, fetch its file again.",
    )


def _track(records: FitRecords, problems: list[str]) -> Track:
    first_of = _fields(records.columns)
    size = len(first_of())
    moments = first_of("timestamp")
    by_clock = moments >= POWER_ON
    dated = bool(by_clock.any())
    undated = int((moments < POWER_ON).sum())
    if undated and dated:
        problems.append(f"{undated} of {size} samples lack a time: the device did not know it yet")
        moments = np.where(by_clock, moments, np.nan)
    elif undated:
        problems.append("its times count from when the device was switched on: the date is unknown")
    return track_of(
        {
            "time": moments + EPOCH,
            "lat": first_of("position_lat") * _SEMICIRCLES,
            "lng": first_of("position_long") * _SEMICIRCLES,
            "distance": first_of("distance"),
            # The short field first: readers work out the enhanced one of it, each in its own way.
            "altitude": first_of("altitude", "enhanced_altitude"),
            "velocity_smooth": first_of("speed", "enhanced_speed"),
            "heartrate": first_of("heart_rate"),
            # FIT's running cadence counts one leg, as Strava's does.
            "cadence": np.where(
                np.isnan(first_of("cadence")),
                first_of("cadence256"),
                first_of("cadence") + np.nan_to_num(first_of("fractional_cadence")),
            ),
            "watts": first_of("power", "Power"),
            "temp": first_of("temperature"),
        },
        dated=dated,
        sport=sport_type_of(*sport_words(*records.sport)),
        problems=problems,
        laps=None if records.laps is None else _laps(records.laps),
    )


def _laps(columns: dict[str, Numbers]) -> list[Told]:
    first_of = _fields(columns)
    told = {ours: first_of(name) for ours, name in _LAP.items()} | {
        "begin": first_of("start_time") + EPOCH,
        "until": first_of("timestamp") + EPOCH,
        "max_speed": first_of("max_speed", "enhanced_max_speed"),
        "average_cadence": first_of("avg_cadence", "avg_running_cadence")
        + np.nan_to_num(first_of("avg_fractional_cadence")),
    }
    known = {name: values.tolist() for name, values in told.items()}
    return [dict(zip(known, values, strict=True)) for values in zip(*known.values(), strict=True)]


def _fields(columns: dict[str, Numbers]) -> Callable[..., Numbers]:
    """What gives a field's values, or those of the first of several that a message has; else NaN."""
    absent = np.full(max(map(len, columns.values()), default=0), np.nan)

    def first_of(*names: str) -> Numbers:
        values = absent
        for name in names:
            if name in columns:
                values = np.where(np.isnan(values), columns[name], values)
        return values

    return first_of
