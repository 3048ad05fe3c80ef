"""The vocabulary: every column of every table, with its dtype, unit and meaning.

One list, read by the table builders, the docs and the tests, so that a column is described once.
Strava's names and Strava's units; what can be absent is NA. To add a column, add a line here: the
builder finds its value under the same name in Strava's record, or under `path`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SOURCES: Final = ("api", "export", "demo")
"""The doors a row can come through, as its `source` says."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `path` is where Strava's record has it (dots go into nested records), `export` says that the
    bulk export can fill it too.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    path: str = ""
    export: bool = False

    @property
    def record_path(self) -> str:
        """Where a record holds the value."""
        return self.path or self.name


UTC: Final = "datetime64[us, UTC]"
LOCAL: Final = "datetime64[us]"
SOURCE: Final = "category"
"""Categorical over SOURCES, so that tables from several doors go under one another."""

ACTIVITIES: Final[tuple[Column, ...]] = (
    Column("id", "Int64", "", "Strava's number of the activity; negative for files without one", export=True),
    Column("name", "string", "", "The title its athlete gave it", export=True),
    Column("sport_type", "string", "", "Strava's sport, such as TrailRun", export=True),
    Column("sport_group", "string", "", "Ride, Run, Walk, Swim, Snow, Water, Gym or Other", export=True),
    Column("start_date", UTC, "UTC", "When it began", export=True),
    Column("start_date_local", LOCAL, "wall time", "When it began by the clock on the spot", export=True),
    Column("timezone", "string", "", "IANA name of the time zone", export=True),
    Column(
        "utc_offset", "Float64", "s", "Wall time minus UTC at that moment, summer time counted", export=True
    ),
    Column("distance", "Float64", "m", "Distance covered", export=True),
    Column("moving_time", "Int64", "s", "Time without the stops", export=True),
    Column("elapsed_time", "Int64", "s", "Time from start to end", export=True),
    Column("total_elevation_gain", "Float64", "m", "Metres climbed", export=True),
    Column("elev_high", "Float64", "m", "Highest point", export=True),
    Column("elev_low", "Float64", "m", "Lowest point", export=True),
    Column("average_speed", "Float64", "m/s", "Distance over moving time", export=True),
    Column("max_speed", "Float64", "m/s", "Highest speed", export=True),
    Column("average_heartrate", "Float64", "bpm", "Mean heart rate", export=True),
    Column("max_heartrate", "Float64", "bpm", "Highest heart rate", export=True),
    Column(
        "average_cadence",
        "Float64",
        "rpm",
        "Mean cadence; of one leg for runs (twice that is steps a minute)",
        export=True,
    ),
    Column("average_watts", "Float64", "W", "Mean power, estimated unless device_watts", export=True),
    Column("max_watts", "Int64", "W", "Highest power", export=True),
    Column("weighted_average_watts", "Int64", "W", "Strava's weighted power", export=True),
    Column("kilojoules", "Float64", "kJ", "Work done"),
    Column("calories", "Float64", "kcal", "Energy burnt (details and exports only)", export=True),
    Column("device_watts", "boolean", "", "Power was measured, not estimated"),
    Column("has_heartrate", "boolean", "", "Heart rate was recorded"),
    Column("average_temp", "Float64", "°C", "Mean temperature at the device", export=True),
    Column("suffer_score", "Float64", "", "Strava's relative effort", export=True),
    Column(
        "perceived_exertion", "Float64", "1–10", "How hard it felt (details and exports only)", export=True
    ),
    Column("workout_type", "Int64", "", "1 race, 2 long run, 3 workout; 11 race, 12 workout for rides"),
    Column("trainer", "boolean", "", "Indoors, on a trainer or treadmill"),
    Column("commute", "boolean", "", "Marked as a commute", export=True),
    Column("manual", "boolean", "", "Typed in, not recorded"),
    Column("private", "boolean", "", "Seen by its athlete only"),
    Column("flagged", "boolean", "", "Flagged by others", export=True),
    Column("visibility", "string", "", "everyone, followers_only or only_me"),
    Column("gear_id", "string", "", "Bike (b…) or shoes (g…)", export=True),
    Column("description", "string", "", "What its athlete wrote (details and exports only)", export=True),
    Column("device_name", "string", "", "What recorded it"),
    Column("start_lat", "Float64", "°", "Latitude of the start", path="start_latlng.0"),
    Column("start_lng", "Float64", "°", "Longitude of the start", path="start_latlng.1"),
    Column("end_lat", "Float64", "°", "Latitude of the end", path="end_latlng.0"),
    Column("end_lng", "Float64", "°", "Longitude of the end", path="end_latlng.1"),
    Column(
        "polyline", "string", "", "The course, simplified, in Google's encoding", path="map.summary_polyline"
    ),
    Column("achievement_count", "Int64", "", "Achievements earned"),
    Column("pr_count", "Int64", "", "Personal records set"),
    Column("kudos_count", "Int64", "", "Kudos received"),
    Column("comment_count", "Int64", "", "Comments received"),
    Column("athlete_count", "Int64", "", "Athletes who took part"),
    Column("photo_count", "Int64", "", "Photos from Instagram"),
    Column("total_photo_count", "Int64", "", "Photos"),
    Column("upload_id", "Int64", "", "Strava's number of the uploaded file"),
    Column("external_id", "string", "", "The name its device gave it"),
    Column("athlete_id", "Int64", "", "Whose it is", path="athlete.id", export=True),
    Column("source", "string", "", "The door it came through: api, export or demo", export=True),
    Column("from_api", "boolean", "", "Some of its values came through Strava's API", export=True),
    Column("double_of", "Int64", "", "The activity that this one most likely repeats", export=True),
)

STREAMS: Final[tuple[Column, ...]] = (
    Column("activity_id", "Int64", "", "Which activity the sample belongs to", export=True),
    Column("time", "Float64", "s", "Seconds from the start", export=True),
    Column("distance", "Float64", "m", "Metres from the start", export=True),
    Column("lat", "Float64", "°", "Latitude", path="latlng.0", export=True),
    Column("lng", "Float64", "°", "Longitude", path="latlng.1", export=True),
    Column("altitude", "Float64", "m", "Height above the sea", export=True),
    Column("velocity_smooth", "Float64", "m/s", "Speed, smoothed", export=True),
    Column("heartrate", "Float64", "bpm", "Heart rate", export=True),
    Column("cadence", "Float64", "rpm", "Cadence; of one leg for runs", export=True),
    Column("watts", "Float64", "W", "Power", export=True),
    Column("temp", "Float64", "°C", "Temperature at the device", export=True),
    Column("moving", "boolean", "", "Not standing still", export=True),
    Column("grade_smooth", "Float64", "%", "Gradient, smoothed", export=True),
    Column("source", SOURCE, "", "The door it came through: api, export or demo", export=True),
)

STREAM_KEYS: Final = (
    "time", "distance", "latlng", "altitude", "velocity_smooth", "heartrate", "cadence", "watts", "temp",
    "moving", "grade_smooth",
)  # fmt: skip
"""What Strava calls its streams when it is asked for them."""

GEAR: Final[tuple[Column, ...]] = (
    Column("id", "string", "", "Strava's name for it, as activities have it in gear_id (not in exports)"),
    Column("kind", "string", "", "bike or shoes", export=True),
    Column("name", "string", "", "What its athlete calls it", export=True),
    Column("brand_name", "string", "", "Who made it", export=True),
    Column("model_name", "string", "", "Its model", export=True),
    Column("description", "string", "", "What its athlete wrote"),
    Column("distance", "Float64", "m", "Distance it has covered"),
    Column("primary", "boolean", "", "The one that new activities get"),
    Column("retired", "boolean", "", "No longer in use"),
    Column("source", "string", "", "The door it came through: api, export or demo", export=True),
)

_STRETCH: Final[tuple[Column, ...]] = (
    Column("start", "Float64", "s", "When it began, from the activity's start", export=True),
    Column("elapsed_time", "Float64", "s", "Time from its start to its end", export=True),
    Column("moving_time", "Float64", "s", "Time without the stops", export=True),
    Column("distance", "Float64", "m", "Distance covered", export=True),
    Column("average_speed", "Float64", "m/s", "Distance over moving time", export=True),
    Column("max_speed", "Float64", "m/s", "Highest speed", export=True),
    Column("average_grade_adjusted_speed", "Float64", "m/s", "The speed on the level that is as hard, of runs and walks", export=True),
    Column("total_elevation_gain", "Float64", "m", "Metres climbed", export=True),
    Column("elevation_difference", "Float64", "m", "Height at its end minus height at its start", export=True),
    Column("average_heartrate", "Float64", "bpm", "Mean heart rate", export=True),
    Column("max_heartrate", "Float64", "bpm", "Highest heart rate", export=True),
    Column("average_cadence", "Float64", "rpm", "Mean cadence; of one leg for runs", export=True),
    Column("average_watts", "Float64", "W", "Mean power", export=True),
    Column("pace_zone", "Int64", "", "Strava's pace zone"),
    Column("start_index", "Int64", "", "The last of the activity's samples at or before its start, from 0", export=True),
    Column("end_index", "Int64", "", "The first sample at or after its end", export=True),
    Column("basis", "string", "", "strava for Strava's own, device for a lap of the activity's file, streams for what was measured from the samples", export=True),
    Column("source", SOURCE, "", "The door it came through: api, export or demo", export=True),
)  # fmt: skip
"""What is known of any stretch of an activity; each kind tells some of it."""

_WHOSE: Final = Column("activity_id", "Int64", "", "Which activity it is a part of", export=True)

LAPS: Final[tuple[Column, ...]] = (
    _WHOSE,
    Column("lap_index", "Int64", "", "Its number in the activity, from 1", export=True),
    Column("name", "string", "", "What the device or Strava calls it", export=True),
    *_STRETCH,
)

SPLITS: Final[tuple[Column, ...]] = (
    _WHOSE,
    Column("split", "Int64", "", "Its number in the activity, from 1: which kilometre, or which mile", export=True),
    *_STRETCH,
)  # fmt: skip

BEST_EFFORTS: Final[tuple[Column, ...]] = (
    _WHOSE,
    Column("name", "string", "", "What Strava calls the distance", export=True),
    *_STRETCH,
)

ZONES: Final[tuple[Column, ...]] = (
    Column("kind", "string", "", "heartrate or power"),
    Column("zone", "Int64", "", "Its number, from 1"),
    Column("min", "Int64", "bpm or W", "Its lower edge, which is in it"),
    Column("max", "Int64", "bpm or W", "Its upper edge, which is in the next; NA for the last, which is open"),
    Column("custom_zones", "boolean", "", "Set by the athlete, not by Strava"),
    Column("source", SOURCE, "", "The door it came through: api or demo"),
)  # fmt: skip
