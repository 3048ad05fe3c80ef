"""Tracks made to be cut into laps and splits, and what Strava tells of one activity."""

from __future__ import annotations

from typing import Any

import numpy as np

from strava_nb.sources.source import Record

DETAIL: Record = {
    "id": 7,
    "sport_type": "TrailRun",
    "start_date": "2026-05-01T10:00:00Z",
    "laps": [
        {
            "id": 901,
            "resource_state": 2,
            "name": "Lap <1> & $more$",
            "activity": {"id": 7},
            "athlete": {"id": 1},
            "start_date": "2026-05-01T10:00:05Z",
            "start_date_local": "2026-05-01T12:00:05Z",
            "elapsed_time": 300,
            "moving_time": 290,
            "distance": 1000.5,
            "average_speed": 3.45,
            "average_heartrate": None,
            "lap_index": 1,
            "split": 1,
            "start_index": 5,
            "end_index": 305,
            "pace_zone": 2,
            "device_watts": False,
        },
        {"name": None, "start_date": None, "elapsed_time": 60, "moving_time": 0, "distance": "far"},
    ],
    "splits_metric": [
        {"split": 1, "distance": 1001.0, "elapsed_time": 310, "moving_time": 300, "average_speed": 3.34,
         "average_grade_adjusted_speed": 3.5, "elevation_difference": None, "pace_zone": 0},
        {"split": 2, "distance": 400.0, "elapsed_time": 130, "moving_time": 130, "average_speed": 3.08},
    ],
    "splits_standard": [{"split": 1, "distance": 1401.0, "elapsed_time": 440, "moving_time": 430}],
    "best_efforts": [
        {"name": "400m", "activity": {"id": 7}, "start_date": "2026-05-01T10:01:00Z", "elapsed_time": 100,
         "moving_time": 100, "distance": 400, "start_index": 60, "end_index": 160, "pr_rank": 1},
    ],
}  # fmt: skip


def steady(speed: float, seconds: int, step: int = 1, **more: Any) -> dict[str, Any]:
    time = np.arange(0, seconds + 1, step)
    return {"time": time, "distance": speed * time} | more
