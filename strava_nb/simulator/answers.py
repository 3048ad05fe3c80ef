"""Strava's JSON for the athlete's world: pure functions from plain values to records.

The records have the oddities that real ones have: local time with a false "Z", the standard offset in
`timezone` whatever the season, `start_latlng` empty without GPS, heart rate keys absent without a strap.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from . import breakdown, polyline
from .activity import Activity, Gear
from .breakdown import MILE, RIDES, RUNS, Samples
from .sensors import Stream

Record = dict[str, Any]

OLD_TYPES = {
    "TrailRun": "Run",
    "GravelRide": "Ride",
    "MountainBikeRide": "Ride",
    "EMountainBikeRide": "EBikeRide",
}
"""Where `type` differs from `sport_type`: it has no words for what came in 2022."""
ON_FOOT = RUNS | {"Walk", "Hike", "Snowshoe"}
SERIES = (
    "time",
    "distance",
    "latlng",
    "altitude",
    "velocity_smooth",
    "heartrate",
    "cadence",
    "watts",
    "temp",
    "moving",
    "grade_smooth",
)
PUBLIC_PROFILE = (
    "username",
    "firstname",
    "lastname",
    "bio",
    "city",
    "state",
    "country",
    "sex",
    "premium",
    "summit",
    "created_at",
    "updated_at",
    "badge_type_id",
    "profile_medium",
    "profile",
)


def summary_activity(activity: Activity, athlete_id: int) -> Record:
    """An activity as the listing has it."""
    a = activity
    record: Record = {
        "resource_state": 2,
        "athlete": {"id": athlete_id, "resource_state": 1},
        "name": a.name,
        "distance": a.distance,
        "moving_time": a.moving_time,
        "elapsed_time": a.elapsed_time,
        "total_elevation_gain": a.total_elevation_gain,
        "type": OLD_TYPES.get(a.sport_type, a.sport_type),
        "sport_type": a.sport_type,
    }
    if a.sport_type in RUNS | RIDES:
        record["workout_type"] = a.workout_type
    if a.device_name:
        record["device_name"] = a.device_name
    record |= {
        "id": a.id,
        "start_date": _zulu(a.start),
        "start_date_local": _zulu(a.start + timedelta(seconds=a.utc_offset)),
        "timezone": timezone_text(a.timezone, a.start),
        "utc_offset": float(a.utc_offset),
        "location_city": None,
        "location_state": None,
        "location_country": None,
        "achievement_count": a.achievement_count,
        "kudos_count": a.kudos_count,
        "comment_count": a.comment_count,
        "athlete_count": a.athlete_count,
        "photo_count": 0,
        "map": {"id": f"a{a.id}", "summary_polyline": a.polyline, "resource_state": 2},
        "trainer": a.trainer,
        "commute": a.commute,
        "manual": a.manual,
        "private": a.private,
        "visibility": "only_me" if a.private else "everyone",
        "flagged": False,
        "gear_id": a.gear_id,
        "start_latlng": list(a.start_latlng or ()),
        "end_latlng": list(a.end_latlng or ()),
        "average_speed": a.average_speed,
        "max_speed": a.max_speed,
    }
    for name in (
        "average_cadence",
        "average_watts",
        "max_watts",
        "weighted_average_watts",
        "kilojoules",
        "device_watts",
        "average_temp",
    ):
        if (value := getattr(a, name)) is not None:
            record[name] = value
    record["has_heartrate"] = a.average_heartrate is not None
    if a.average_heartrate is not None:
        record["average_heartrate"] = a.average_heartrate
        record["max_heartrate"] = a.max_heartrate
    record["heartrate_opt_out"] = False
    record["display_hide_heartrate_option"] = a.average_heartrate is not None
    if a.elev_high is not None:
        record["elev_high"] = a.elev_high
        record["elev_low"] = a.elev_low
    record |= _upload(a) | {
        "from_accepted_tag": False,
        "pr_count": a.pr_count,
        "total_photo_count": a.photo_count,
        "has_kudoed": False,
    }
    if a.suffer_score is not None:
        record["suffer_score"] = a.suffer_score
    return record


def detailed_activity(activity: Activity, athlete_id: int, gear: Gear | None, samples: Samples) -> Record:
    """An activity as its own page has it: the listing's record and what Strava worked out."""
    a, streams = activity, samples.streams
    record = summary_activity(a, athlete_id) | {
        "resource_state": 3,
        "description": a.description,
        "calories": a.calories or 0.0,
        "perceived_exertion": None,
        "prefer_perceived_exertion": None,
        "segment_efforts": [],
    }
    full = polyline.encode(*streams["latlng"].T) if "latlng" in streams else a.polyline
    record["map"] = {
        "id": f"a{a.id}",
        "polyline": full,
        "resource_state": 3,
        "summary_polyline": a.polyline,
    }
    if a.sport_type in ON_FOOT and "distance" in streams:
        record["splits_metric"] = breakdown.splits(samples, 1000.0)
        record["splits_standard"] = breakdown.splits(samples, MILE)
    record["laps"] = laps(a, athlete_id, samples)
    if a.sport_type in RUNS and "distance" in streams:
        record["best_efforts"] = [
            _part(a, athlete_id, number, effort) | {"pr_rank": None, "achievements": []}
            for number, effort in enumerate(breakdown.best_efforts(samples), 901)
        ]
    if gear is not None:
        record["gear"] = summary_gear(gear)
    return record | {
        "photos": {"primary": None, "count": a.photo_count},
        "stats_visibility": [
            {"type": kind, "visibility": "everyone"}
            for kind in ("heart_rate", "pace", "power", "speed", "calories")
        ],
        "hide_from_home": False,
        "embed_token": hashlib.blake2s(f"embed {a.id}".encode(), digest_size=20).hexdigest(),
        "available_zones": [zone for zone in ("heartrate", "power") if _zone_stream(zone) in streams],
    }


def laps(activity: Activity, athlete_id: int, samples: Samples) -> list[Record]:
    """The laps that her device made."""
    out = []
    for number, lap in enumerate(breakdown.laps(activity, samples), 1):
        record = _part(activity, athlete_id, number, lap | {"name": f"Lap {number}"})
        record["device_watts"] = bool(activity.device_watts)
        out.append(record)
    return out


def activity_zones(
    activity: Activity, samples: Samples, heart_rate_zones: Sequence[tuple[int, int]]
) -> list[Record]:
    """How long the heart and the legs were in which zone."""
    out = []
    for kind, zones in (("heartrate", heart_rate_zones), ("power", breakdown.power_buckets())):
        if _zone_stream(kind) not in samples.streams:
            continue
        record: Record = {
            "distribution_buckets": breakdown.time_in_zones(samples, _zone_stream(kind), zones),
            "type": kind,
            "resource_state": 3,
            "sensor_based": kind == "heartrate" or bool(activity.device_watts),
        }
        if kind == "heartrate":
            record = {"score": activity.suffer_score or 0, "points": 0, "custom_zones": False} | record
        out.append(record)
    return out


def stream_set(streams: Mapping[str, Stream]) -> dict[str, Record]:
    """All of an activity's streams in Strava's frame, under their types."""
    series = "distance" if "distance" in streams else "time"
    return {
        kind: {
            "data": streams[kind].tolist(),
            "series_type": series,
            "original_size": len(streams[kind]),
            "resolution": "high",
        }
        for kind in SERIES
        if kind in streams
    }


def summary_athlete(profile: Record) -> Record:
    """What everyone who is signed in may know of the athlete."""
    known = {name: profile[name] for name in PUBLIC_PROFILE if name in profile}
    return {"id": profile["id"], "resource_state": 2} | known | {"friend": None, "follower": None}


def detailed_athlete(profile: Record, gear: Iterable[Gear]) -> Record:
    """What `profile:read_all` adds: weight, FTP, units, gear."""
    gear = list(gear)
    return (
        summary_athlete(profile)
        | {
            "blocked": False,
            "can_follow": True,
            "follower_count": 0,
            "friend_count": 0,
            "mutual_friend_count": 0,
            "athlete_type": 0,
            "date_preference": "%d/%m/%Y",
            "measurement_preference": "meters",
            "clubs": [],
            "postable_clubs_count": 0,
            "ftp": None,
            "weight": None,
        }
        | profile
        | {
            "resource_state": 3,
            "bikes": [summary_gear(item) for item in gear if item.id.startswith("b")],
            "shoes": [summary_gear(item) for item in gear if item.id.startswith("g")],
        }
    )


def athlete_zones(heart_rate: Iterable[tuple[int, int]], power: Iterable[tuple[int, int]]) -> Record:
    """The athlete's own zones."""
    return {
        "heart_rate": {
            "custom_zones": False,
            "zones": [{"min": low, "max": high} for low, high in heart_rate],
        },
        "power": {"zones": [{"min": low, "max": high} for low, high in power]},
    }


def summary_gear(gear: Gear) -> Record:
    """A bike or a pair of shoes as the athlete and an activity have it."""
    return {
        "id": gear.id,
        "primary": gear.primary,
        "name": gear.name,
        "nickname": gear.name,
        "resource_state": 2,
        "retired": gear.retired,
        "distance": gear.distance,
        "converted_distance": round(gear.distance / 1000, 1),
    }


def detailed_gear(gear: Gear) -> Record:
    """A bike or a pair of shoes as its own page has it."""
    record = summary_gear(gear) | {
        "resource_state": 3,
        "brand_name": gear.brand_name,
        "model_name": gear.model_name,
        "description": gear.description,
    }
    if gear.frame_type is not None:
        return record | {"frame_type": gear.frame_type}
    return record | {"notification_distance": 0}


def stats(records: Iterable[Record], today: date) -> Record:
    """Totals of what everyone may see: the last four weeks, this year, all time."""
    public = [r for r in records if not r.get("private") and r.get("visibility", "everyone") == "everyone"]
    kinds = {"ride": RIDES, "run": RUNS, "swim": frozenset({"Swim"})}
    spans = {
        "recent": (today - timedelta(weeks=4)).isoformat(),
        "ytd": date(today.year, 1, 1).isoformat(),
        "all": "",
    }
    out: Record = {"biggest_ride_distance": 0.0, "biggest_climb_elevation_gain": 0.0}
    for span, since in spans.items():
        for kind, sports in kinds.items():
            mine = [
                r
                for r in public
                if (r.get("sport_type") or r["type"]) in sports and r["start_date_local"][:10] >= since
            ]
            totals: Record = {
                "count": len(mine),
                "distance": sum(r["distance"] for r in mine),
                "moving_time": sum(r["moving_time"] for r in mine),
                "elapsed_time": sum(r["elapsed_time"] for r in mine),
                "elevation_gain": sum(r["total_elevation_gain"] for r in mine),
            }
            if span == "recent":
                totals["achievement_count"] = sum(r["achievement_count"] for r in mine)
            out[f"{span}_{kind}_totals"] = totals
            if (span, kind) == ("all", "ride") and mine:
                out["biggest_ride_distance"] = max(r["distance"] for r in mine)
                out["biggest_climb_elevation_gain"] = max(r["total_elevation_gain"] for r in mine)
    return out


def timezone_text(name: str, moment: datetime) -> str:
    """A zone as Strava writes it: with its standard offset, in summer too."""
    local = moment.astimezone(ZoneInfo(name))
    standard = (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
    minutes = int(standard.total_seconds()) // 60
    return f"(GMT{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}) {name}"


def _part(activity: Activity, athlete_id: int, number: int, measures: Record) -> Record:
    begin = activity.start + timedelta(seconds=measures["start_time"])
    return {
        "id": activity.id * 1000 + number,
        "resource_state": 2,
        "name": measures["name"],
        "activity": {
            "id": activity.id,
            "visibility": "only_me" if activity.private else "everyone",
            "resource_state": 1,
        },
        "athlete": {"id": athlete_id, "resource_state": 1},
        "start_date": _zulu(begin),
        "start_date_local": _zulu(begin + timedelta(seconds=activity.utc_offset)),
    } | {name: value for name, value in measures.items() if name != "start_time"}


def _upload(activity: Activity) -> Record:
    if activity.manual:
        return {"upload_id": None, "external_id": None}
    upload = activity.id + 10_000_000
    return {
        "upload_id": upload,
        "upload_id_str": str(upload),
        "external_id": f"demo_push_{activity.id}.fit",
    }


def _zone_stream(kind: str) -> str:
    return "watts" if kind == "power" else kind


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
