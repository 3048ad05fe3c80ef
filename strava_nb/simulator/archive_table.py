"""activities.csv as Strava's export has it: 103 columns, five names twice, numbers as Strava writes them.

A file of its own because it is all about one spreadsheet: its columns, and how each of them writes a
value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from strava_nb.simulator.activity import Activity, Gear
from strava_nb.simulator.weather import noted

COLUMNS = (
    "Activity ID", "Activity Date", "Activity Name", "Activity Type", "Activity Description",
    "Elapsed Time", "Distance", "Max Heart Rate", "Relative Effort", "Commute", "Activity Private Note",
    "Activity Gear", "Filename", "Athlete Weight", "Bike Weight", "Elapsed Time", "Moving Time",
    "Distance", "Max Speed", "Average Speed", "Elevation Gain", "Elevation Loss", "Elevation Low",
    "Elevation High", "Max Grade", "Average Grade", "Average Positive Grade", "Average Negative Grade",
    "Max Cadence", "Average Cadence", "Max Heart Rate", "Average Heart Rate", "Max Watts",
    "Average Watts", "Calories", "Max Temperature", "Average Temperature", "Relative Effort",
    "Total Work", "Number of Runs", "Uphill Time", "Downhill Time", "Other Time", "Perceived Exertion",
    "Type", "Start Time", "Weighted Average Power", "Power Count", "Prefer Perceived Exertion",
    "Perceived Relative Effort", "Commute", "Total Weight Lifted", "From Upload",
    "Grade Adjusted Distance", "Weather Observation Time", "Weather Condition", "Weather Temperature",
    "Apparent Temperature", "Dewpoint", "Humidity", "Weather Pressure", "Wind Speed", "Wind Gust",
    "Wind Bearing", "Precipitation Intensity", "Sunrise Time", "Sunset Time", "Moon Phase", "Bike",
    "Gear", "Precipitation Probability", "Precipitation Type", "Cloud Cover", "Weather Visibility",
    "UV Index", "Weather Ozone", "Jump Count", "Total Grit", "Average Flow", "Flagged",
    "Average Elapsed Speed", "Dirt Distance", "Newly Explored Distance", "Newly Explored Dirt Distance",
    "Activity Count", "Total Steps", "Carbon Saved", "Pool Length", "Training Load", "Intensity",
    "Average Grade Adjusted Pace", "Timer Time", "Total Cycles", "Recovery", "With Pet", "Competition",
    "Long Run", "For a Cause", "With Kid", "Downhill Distance", "Total Sets", "Total Reps", "Media",
)  # fmt: skip
"""In Strava's order; of a name that stands twice the first is for display, the second the raw value."""

Cell = str | float | None
"""None is nothing at all; an empty text stands in quotes."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DIRT = ("GravelRide", "MountainBikeRide", "TrailRun", "Hike")


def table(activities: Iterable[Activity], files: Mapping[int, str], gear: Iterable[Gear]) -> str:
    """activities.csv of these activities; `files` are the names of their tracks, by activity."""
    named = {one.id: one for one in gear}
    rows = [_row(one, files.get(one.id), named.get(one.gear_id or "")) for one in activities]
    return as_csv(COLUMNS, rows)


def as_csv(header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """A CSV in which, as in Strava's, nothing and an empty text look different."""
    return "".join(",".join(map(_cell, row)) + "\n" for row in [header, *rows])


def sport_in_words(sport_type: str) -> str:
    """A sport as the export calls it: "Trail Run"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sport_type)


def _row(a: Activity, filename: str | None, gear: Gear | None) -> list[Cell]:
    """Its cells; of two columns of one name the first is what is displayed, the second what is raw."""
    shown, raw = _displayed(a, filename, gear), _raw(a, gear) | noted(a)
    return [shown.pop(name) if name in shown else raw.get(name) for name in COLUMNS]


def _displayed(a: Activity, filename: str | None, gear: Gear | None) -> dict[str, Cell]:
    return {
        "Activity ID": str(a.id),
        "Activity Date": _date(a),
        "Activity Name": a.name,
        "Activity Type": sport_in_words(a.sport_type),
        "Activity Description": a.description,
        "Elapsed Time": str(a.elapsed_time),
        "Distance": _distance(a),
        # Sometimes one of the two has it, sometimes the other.
        "Max Heart Rate": _whole(a.max_heartrate) if a.id % 7 else None,
        "Relative Effort": _whole(a.suffer_score),
        "Commute": str(a.commute).lower(),
        "Activity Private Note": "",
        "Activity Gear": gear.name if gear else None,
        "Filename": filename,
    }


def _raw(a: Activity, gear: Gear | None) -> dict[str, Cell]:
    bike = gear is not None and gear.frame_type is not None
    number = float(gear.id[1:]) if gear else None
    run = a.sport_type.endswith("Run")
    return {
        "Elapsed Time": float(a.elapsed_time),
        "Moving Time": float(a.moving_time),
        "Distance": a.distance,
        "Max Speed": a.max_speed,
        "Average Speed": a.average_speed,
        "Elevation Gain": a.total_elevation_gain,
        "Elevation Low": a.elev_low,
        "Elevation High": a.elev_high,
        "Average Cadence": a.average_cadence,
        "Max Heart Rate": a.max_heartrate if a.id % 5 or not a.id % 7 else None,
        "Average Heart Rate": a.average_heartrate,
        "Max Watts": _float(a.max_watts),
        "Average Watts": a.average_watts,
        "Calories": a.calories,
        "Average Temperature": _float(a.average_temp),
        "Relative Effort": a.suffer_score,
        "Weighted Average Power": _float(a.weighted_average_watts),
        "Prefer Perceived Exertion": 0.0,
        "Commute": float(a.commute),
        "From Upload": float(not a.manual),
        "Bike": number if bike else None,
        "Gear": None if bike else number,
        "Flagged": 0.0,
        "Average Elapsed Speed": a.distance / a.elapsed_time if a.elapsed_time else None,
        "Dirt Distance": a.distance if a.sport_type in _DIRT else 0.0,
        "Total Steps": float(round(a.average_cadence * a.moving_time / 30))
        if run and a.average_cadence
        else None,
        "Competition": float(a.workout_type in (1, 11)),
        "Long Run": float(a.workout_type == 2),
    }


def _date(a: Activity) -> str:
    """UTC, whatever the clock on the spot said: "May 13, 2026, 9:54:42 AM"."""
    at = a.start
    half = "AM" if at.hour < 12 else "PM"
    return f"{_MONTHS[at.month - 1]} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M:%S} {half}"


def _distance(a: Activity) -> str:
    """Kilometres, but metres for swims."""
    return f"{a.distance:,.0f}" if a.sport_type == "Swim" else f"{a.distance / 1000:.2f}"


def _whole(value: float | None) -> str | None:
    return None if value is None else f"{value:.0f}"


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        # Strava keeps numbers in four bytes and writes out what is in them: 3322.949951171875.
        return repr(float(np.float32(value)) if abs(value) < 2**24 else float(value))
    if not value or any(sign in value for sign in '",\r\n') or value != value.strip():
        return '"' + value.replace('"', '""') + '"'
    return value
