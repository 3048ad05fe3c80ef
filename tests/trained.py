"""Activities with known values, and what pictures of them say: for tests of such pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.text import Text

from strava_nb import metrics, plots, tables

mpl.use("agg")


Picture = Callable[..., Axes]

OF_ACTIVITIES: dict[str, Picture] = {
    "volume": plots.volume,
    "calendar": plots.calendar,
    "cumulative": plots.cumulative,
    "clock": plots.clock,
    "sports": plots.sports,
    "scatter": plots.scatter,
    "records": plots.records,
    "eddington": plots.eddington,
}

ME = metrics.AthleteProfile(max_heartrate=190, rest_heartrate=50, threshold_heartrate=170, sex="F")

MONDAY = date(2026, 6, 1)


def record(number: int, day: date = MONDAY, sport: str = "Ride", at: str = "18:30", **more: Any) -> Any:
    return {
        "id": number,
        "name": f"Activity {number}",
        "sport_type": sport,
        "start_date": f"{day}T22:30:00Z",
        "start_date_local": f"{day}T{at}:00Z",
        "distance": 10_000.0,
        "moving_time": 3600,
        "elapsed_time": 3600,
        "total_elevation_gain": 100.0,
        "average_speed": 10_000 / 3600,
        "average_heartrate": 150.0,
        "trainer": False,
        "commute": False,
        "private": False,
    } | more


def table_of(*records: Any, source: str = "api") -> pd.DataFrame:
    return tables.activities(records, source=source)


def texts(ax: Axes) -> str:
    """All that is written, but for ticks that are only made when drawing."""
    return "\n".join(text.get_text() for text in ax.figure.findobj(Text))


SUNDAY = date(2026, 6, 7)


def cells(ax: Axes, gid: str) -> int:
    return sum(len(c.get_paths()) for c in ax.collections if c.get_gid() == gid)


def collection(ax: Axes, gid: str) -> Any:
    (found,) = [c for c in ax.collections if c.get_gid() == gid]
    return found


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [text.get_text() for text in found.get_texts()] if found else []


numbers = st.none() | st.just(0) | st.floats(-5, 4e5)

odd_records = st.lists(
    st.builds(
        lambda number, day, sport, far, long, name, marks: record(
            number, day, sport, distance=far, average_speed=far, moving_time=long, name=name, workout_type=1,
            commute=marks[0], trainer=marks[1], private=marks[2],
        ),
        st.integers(1, 10**15),
        st.dates(date(1971, 1, 1), date(2099, 12, 31)) | st.dates(date(2024, 2, 20), date(2025, 1, 10)),
        st.sampled_from(["Ride", "Run", "Hike", "Swim", "NordicSki", "Yoga", "Kayaking", "Quidditch"]),
        numbers,
        st.none() | st.integers(0, 10**6),
        st.none() | st.text(max_size=30),
        st.tuples(*[st.sampled_from([True, False, None])] * 3),
    ),
    max_size=12,
)  # fmt: skip


def lab(linear: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ np.clip(linear, 1e-3, 1) / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def loads_of(days: int) -> pd.DataFrame:
    table = table_of(*[record(n, MONDAY + timedelta(days=n)) for n in range(days)])
    return metrics.loads(table, profile=ME)


GEAR = [
    {"id": "b1", "name": "Slow", "distance": 2_000_000.0},
    {"id": "b2", "name": "Fast", "distance": 9_000_000.0},
    {"id": "g1", "name": "New $", "distance": 100_000.0},
    {"id": "g2", "name": "Worn", "distance": 900_000.0},
    {"id": "g3", "name": "Gone", "distance": 500_000.0, "retired": True},
]
