"""Files with laps in them, well and odd, and what is read of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fit_writer import START, begun, with_laps, with_records, with_session

from strava_nb.sources.trackfiles import read_samples
from strava_nb.sources.tracks.laps import Laps

SECONDS = 300
SAMPLES = [
    {"timestamp": START + i, "distance": 400 * i, "speed": 4000, "heart_rate": 120 + i // 10, "cadence": 85}
    for i in range(SECONDS + 1)
]
"""4 m/s, and a heart that beats faster every ten seconds."""

FIRST = {
    "timestamp": START + 100, "start_time": START, "total_elapsed_time": 100_000, "total_timer_time": 100_000,
    "total_distance": 40_000, "max_speed": 4_600, "avg_heart_rate": 99, "max_heart_rate": 140,
    "avg_power": 250, "total_ascent": 12,
}  # fmt: skip
SECOND = FIRST | {"timestamp": START + 360, "start_time": START + 100, "total_elapsed_time": 200_000}


def lap(start: float, took: float, **more: Any) -> dict[str, Any]:
    """A lap message with a start and a length in seconds from the first sample."""
    return {"start_time": int(START + start), "total_elapsed_time": int(1000 * took)} | more


def fit(*laps: dict[str, Any], sport: int = 2) -> bytes:
    return with_session(with_laps(with_records(begun(), SAMPLES), list(laps)), sport).file()


BROKEN_OFF = with_records(with_laps(with_records(begun(), SAMPLES[:101]), [FIRST]), SAMPLES[101:]).file()[:-4]
"""A lap a while after its beginning, and no end."""


def read(data: bytes) -> Laps:
    found = read_samples(data, "run.fit", laps=True).laps
    assert found is not None
    return found


def spans(laps: Laps) -> list[tuple[float, float]]:
    return [(lap["start"], lap["start"] + lap["elapsed_time"]) for lap in laps.rows]


TCX = """<TrainingCenterDatabase><Activities><Activity Sport="Biking"><Id>x</Id>{}</Activity></Activities>
<Courses><Course>
<Lap StartTime="2024-05-01T06:00:00Z"><TotalTimeSeconds>9</TotalTimeSeconds></Lap></Course></Courses>
</TrainingCenterDatabase>"""


def tcx_lap(start: str, seconds: Any, points: Iterable[int], inside: str = "", after: str = "") -> str:
    track = "".join(
        f"<Trackpoint><Time>2024-05-01T06:{i // 60:02}:{i % 60:02}Z</Time><Cadence>80</Cadence>"
        f"<HeartRateBpm><Value>{120 + i}</Value></HeartRateBpm></Trackpoint>"
        for i in points
    )
    return (
        f'<Lap StartTime="{start}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>{inside}'
        f"<Track>{track}</Track>{after}</Lap>"
    )


TOLD = """<DistanceMeters>250.5</DistanceMeters><MaximumSpeed>9.5</MaximumSpeed><Calories>7</Calories>
<AverageHeartRateBpm> <Value> 99 </Value> </AverageHeartRateBpm>
<MaximumHeartRateBpm><Value>111</Value></MaximumHeartRateBpm><Cadence>70</Cadence>"""
LX = '<Extensions><n:LX xmlns:n="x"><n:AvgWatts>180</n:AvgWatts></n:LX></Extensions>'
