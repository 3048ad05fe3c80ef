"""Tables of metrics and of courses with known values: for tests of their pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.text import Text

from strava_nb import plots, tables
from strava_nb.sources.course import encode

mpl.use("agg")


HOME, ISLAND = (46.95, 7.44), (28.1, -16.6)

A_KM = 1000 / 111_195

OF_METRICS: dict[str, Callable[..., Any]] = {
    "power_curve": plots.power_curve,
    "pace_curve": plots.pace_curve,
    "zones_over_time": plots.zones_over_time,
    "efficiency": plots.efficiency,
}

OF_ACTIVITIES: dict[str, Callable[..., Any]] = {
    "loop_trend": plots.loop_trend,
    "routes_grid": plots.routes_grid,
    "routes_overlay": plots.routes_overlay,
    "year_poster": plots.year_poster,
}


def ring(centre: tuple[float, float] = HOME, km: float = 3, points: int = 60) -> str:
    turn = np.linspace(0, 2 * np.pi, points)
    lat = centre[0] + km * A_KM * np.sin(turn)
    lng = centre[1] + km * A_KM * np.cos(turn) / np.cos(np.radians(centre[0]))
    return encode(np.stack([lat, (lng + 180) % 360 - 180], axis=1))


def record(number: int, day: date, sport: str = "Ride", course: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Activity {number}",
        "sport_type": sport,
        "start_date": f"{day}T07:30:00Z",
        "start_date_local": f"{day}T08:30:00Z",
        "distance": 18_850.0,
        "moving_time": 3600 + number,
        "elapsed_time": 3700,
        "total_elevation_gain": 100.0,
        "average_speed": 5.2,
        "map": {"summary_polyline": course or ring()},
    } | more


def table_of(*records: dict[str, Any], source: str = "api") -> pd.DataFrame:
    return tables.activities(records, source=source)


def laps(count: int, *, first: date = date(2025, 1, 1), every: int = 30, **more: Any) -> pd.DataFrame:
    days = [first + timedelta(days=every * n) for n in range(count)]
    return table_of(*(record(n + 1, day, **more) for n, day in enumerate(days)))


def powers(*rows: tuple[str, int, float]) -> pd.DataFrame:
    days, durations, watts = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "activity_id": pd.array(range(len(rows)), dtype="Int64"),
            "start_date_local": pd.to_datetime(list(days)).astype("datetime64[us]"),
            "duration": pd.array(durations, dtype="Int64"),
            "power": pd.array(watts, dtype="Float64"),
        }
    )


def efforts(*rows: tuple[str, float, float]) -> pd.DataFrame:
    days, metres, seconds = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "start_date_local": pd.to_datetime(list(days)).astype("datetime64[us]"),
            "distance": pd.array(metres, dtype="Float64"),
            "elapsed_time": pd.array(seconds, dtype="Float64"),
        }
    )


def zone_times(*rows: tuple[str, list[float]]) -> pd.DataFrame:
    flat = [(number, day, zone, s) for number, (day, each) in enumerate(rows) for zone, s in enumerate(each)]
    return pd.DataFrame(
        {
            "activity_id": pd.array([one[0] for one in flat], dtype="Int64"),
            "start_date_local": pd.to_datetime([one[1] for one in flat]).astype("datetime64[us]"),
            "zone": pd.array([one[2] + 1 for one in flat], dtype="Int64"),
            "low": pd.array([0.0 if one[2] == 0 else 100.0 + 20 * one[2] for one in flat], dtype="Float64"),
            "seconds": pd.array([one[3] for one in flat], dtype="Float64"),
            "basis": pd.array(["streams"] * len(flat), dtype="string"),
        }
    )


def heartbeats(*rows: tuple[str, str, float, float | None]) -> pd.DataFrame:
    days, kinds, values, drifts = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "start_date_local": pd.to_datetime(list(days)).astype("datetime64[us]"),
            "kind": pd.array(kinds, dtype="string"),
            "efficiency": pd.array(values, dtype="Float64"),
            "decoupling": pd.array(drifts, dtype="Float64"),
        }
    )


FULL = {
    "power_curve": powers(("2026-01-02", 60, 300), ("2026-01-02", 300, 250)),
    "pace_curve": efforts(("2026-01-02", 1000, 240), ("2026-01-02", 5000, 1300)),
    "zones_over_time": zone_times(("2026-01-02", [600, 1200])),
    "efficiency": heartbeats(("2026-01-02", "speed", 1.1, 2.0), ("2026-03-02", "speed", 1.2, None)),
}


def words(drawn: Any) -> str:
    """All that is written, but for ticks that are only made when drawing."""
    return "\n".join(text.get_text() for text in drawn.figure.findobj(Text))


def of(drawn: Any, gid: str) -> list[Any]:
    found: list[Any] = drawn.figure.findobj(
        lambda artist: isinstance(artist, Artist) and artist.get_gid() == gid
    )
    return found


def line(ax: Axes, label: str) -> dict[float, float]:
    (found,) = [one for one in ax.get_lines() if one.get_label() == label]
    return dict(zip(*(np.asarray(part, float).tolist() for part in found.get_data()), strict=True))
