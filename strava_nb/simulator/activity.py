"""What is known of one activity and one piece of gear; a file of its own so that its makers can share it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as plain values under Strava's names, before it becomes Strava's JSON.

    Metres, seconds, m/s, bpm, W, °C; None where Strava would have nothing. `start` is UTC, `utc_offset`
    the true seconds of that moment, `polyline` the simplified course ("" without GPS), and
    `average_cadence` of a run counts one leg. `dataclasses.replace` makes an edited one.
    """

    id: int
    name: str
    description: str
    sport_type: str
    start: datetime
    timezone: str
    utc_offset: int
    distance: float
    moving_time: int
    elapsed_time: int
    total_elevation_gain: float
    elev_low: float | None
    elev_high: float | None
    average_speed: float
    max_speed: float
    average_heartrate: float | None
    max_heartrate: float | None
    average_cadence: float | None
    average_watts: float | None
    max_watts: int | None
    weighted_average_watts: int | None
    kilojoules: float | None
    device_watts: bool | None
    average_temp: int | None
    calories: float | None
    suffer_score: float | None
    gear_id: str | None
    commute: bool
    trainer: bool
    manual: bool
    private: bool
    workout_type: int | None
    device_name: str | None
    start_latlng: tuple[float, float] | None
    end_latlng: tuple[float, float] | None
    polyline: str
    kudos_count: int
    achievement_count: int
    pr_count: int
    athlete_count: int
    photo_count: int
    comment_count: int


@dataclass(frozen=True, slots=True)
class Gear:
    """A bike ("b…") or a pair of shoes ("g…"); `distance` in metres, `frame_type` is a bike's only."""

    id: str
    name: str
    brand_name: str
    model_name: str
    frame_type: int | None
    description: str
    distance: float
    primary: bool
    retired: bool
