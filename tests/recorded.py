"""Streams, laps and splits with known values, and what pictures of them say: for tests of such pictures."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from strava_nb import plots, tables
from strava_nb.columns import LAPS, SPLITS

mpl.use("agg")


EDGES = (115, 135, 150, 165)

HOSTILE = "$\\frac{1}{0}$ <script>alert('x')</script>\n\"quoted\" 🚴"


def streams_of(
    number: int | None = 1, source: str = "api", samples: int = 601, speed: float = 5.0, **more: Any
) -> pd.DataFrame:
    """A way north-east on an even slope of 5 %, a sample a second."""
    time = np.arange(samples, dtype=float)
    data: dict[str, Any] = {
        "time": time,
        "distance": time * speed,
        "latlng": np.column_stack([47 + time * speed / 157_253, 8 + time * speed / 107_245]),
        "altitude": 500 + time * speed * 0.05,
        "velocity_smooth": np.full(samples, speed),
        "heartrate": np.linspace(100, 180, samples) if samples else time,
        "watts": 200 + 50 * np.sin(time),
        "cadence": np.full(samples, 85.0),
        "temp": np.full(samples, 15.0),
    } | more
    payload = {name: {"data": values} for name, values in data.items() if values is not None}
    return tables.streams(payload, number, source=source)


def activities_of(*names: str, sport: str = "Ride", source: str = "api") -> pd.DataFrame:
    return tables.activities(
        [
            {
                "id": number,
                "name": name,
                "sport_type": sport,
                "start_date": f"2026-06-{30 - number:02}T08:00:00Z",
                "start_date_local": f"2026-06-{30 - number:02}T10:00:00Z",
            }
            for number, name in enumerate(names, start=1)
        ],
        source=source,
    )


def stretches_of(columns: Any, *activities: list[float], source: str = "api", **more: Any) -> pd.DataFrame:
    """Laps or splits with these average speeds, one list an activity, 1,000 m each."""
    rows = [
        {"activity_id": number, columns[1].name: place, "average_speed": speed, "distance": 1000.0}
        | {"moving_time": 1000 / speed if speed else 300.0, "source": source}
        | {name: values[place - 1] for name, values in more.items()}
        for number, speeds in enumerate(activities, start=1)
        for place, speed in enumerate(speeds, start=1)
    ]
    return pd.DataFrame(
        {
            column.name: pd.Series([row.get(column.name) for row in rows], dtype=column.dtype)
            for column in columns
        }
    )


def splits_of(*activities: list[float], **more: Any) -> pd.DataFrame:
    return stretches_of(SPLITS, *activities, **more)


def laps_of(*activities: list[float], **more: Any) -> pd.DataFrame:
    return stretches_of(LAPS, *activities, **more)


def texts(drawn: Any) -> list[str]:
    figure = drawn if isinstance(drawn, Figure) else drawn.figure
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def drawn_texts(drawn: Any) -> list[str]:
    """The same, with what stands beside the ticks: they are made when they are drawn."""
    (drawn if isinstance(drawn, Figure) else drawn.figure).canvas.draw()
    return texts(drawn)


def of_gid(drawn: Any, gid: str) -> list[Any]:
    return drawn.findobj(lambda artist: artist.get_gid() == gid)


def bars(ax: Axes) -> list[list[float]]:
    """The tops of the bars, a list a container."""
    return [[bar.get_y() + bar.get_height() for bar in one] for one in ax.containers]


OF_STREAMS = {
    "route": plots.route,
    "profile": plots.profile,
    "timeline": plots.timeline,
    "zones": lambda streams, **more: plots.zones(streams, edges=EDGES, **more),
}

every_plot = pytest.mark.parametrize("plot", OF_STREAMS.values(), ids=OF_STREAMS)


def course(ax: Axes) -> Any:
    (found,) = of_gid(ax, "course")
    return found
