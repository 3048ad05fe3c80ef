"""Two books of activities behind one set of questions: the demo athlete's, and a folder of recorded ones."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from . import answers
from .activity import Activity
from .answers import Record
from .athlete import Athlete
from .breakdown import Samples
from .listing import Entry, Listing
from .replies import encoded


class AthleteBook:
    """The demo athlete's activities, computed when asked for and kept for a while."""

    def __init__(self, athlete: Athlete) -> None:
        self.world = athlete
        self.athlete_id = int(athlete.profile["id"])
        self.latest = datetime.combine(athlete.today + timedelta(days=1), time(), UTC).timestamp()
        self._by_id = {activity.id: activity for activity in athlete.activities}
        self.listing = Listing(self._entry(activity) for activity in athlete.activities)
        # Bounded: an hour of riding is about 300 KB of JSON.
        self.detail = lru_cache(256)(self._detail)
        self.streams = lru_cache(64)(self._streams)
        self._samples = lru_cache(4)(self._read_samples)

    def athlete(self, *, detailed: bool) -> Record:
        """The athlete, with or without what only they may see."""
        profile = self.world.profile
        if detailed:
            return answers.detailed_athlete(profile, self.world.gear)
        return answers.summary_athlete(profile)

    def zones(self) -> Record:
        """The athlete's zones."""
        return answers.athlete_zones(self.world.heart_rate_zones, self.world.power_zones)

    def stats(self) -> Record:
        """The athlete's totals."""
        records = (answers.summary_activity(a, self.athlete_id) for a in self.world.activities)
        return answers.stats(records, self.world.today)

    def gear(self, gear_id: str) -> Record | None:
        """A bike or a pair of shoes; None where there is no such gear."""
        return next((answers.detailed_gear(g) for g in self.world.gear if g.id == gear_id), None)

    def is_private(self, activity_id: int) -> bool | None:
        """Whether only its athlete may see an activity; None where there is no such activity."""
        activity = self._by_id.get(activity_id)
        return None if activity is None else activity.private

    def laps(self, activity_id: int) -> bytes:
        """An activity's laps, as bytes ready to send."""
        activity = self._by_id[activity_id]
        return encoded(answers.laps(activity, self.athlete_id, self._samples(activity)))

    def activity_zones(self, activity_id: int) -> bytes:
        """An activity's time in zones, as bytes ready to send."""
        activity = self._by_id[activity_id]
        zones = answers.activity_zones(activity, self._samples(activity), self.world.heart_rate_zones)
        return encoded(zones)

    def activity(self, activity_id: int) -> Activity:
        """The activity of an id; KeyError where there is none."""
        return self._by_id[activity_id]

    def newest(self) -> Activity:
        """The activity that began last."""
        return self.world.activities[-1]

    def add(self, activity: Activity, *, like: Activity) -> None:
        """One more activity, with the track of the one it is like."""
        self.world.add(activity, like=like)
        self._by_id[activity.id] = activity
        self.listing.put(self._entry(activity))

    def change(self, activity: Activity) -> None:
        """Put an activity in the place of the one of the same id."""
        self.remove(activity.id)
        self.world.add(activity)
        self._by_id[activity.id] = activity
        self.listing.put(self._entry(activity))

    def remove(self, activity_id: int) -> None:
        """An activity less, for good."""
        self.world.activities.remove(self._by_id.pop(activity_id))
        self.listing.remove(activity_id)
        for kept in (self.detail, self.streams, self._samples):
            kept.cache_clear()

    def _entry(self, activity: Activity) -> Entry:
        body = encoded(answers.summary_activity(activity, self.athlete_id))
        return Entry(int(activity.start.timestamp()), activity.id, activity.private, body)

    def _read_samples(self, activity: Activity) -> Samples:
        return Samples(self.world.streams(activity))

    def _detail(self, activity_id: int) -> bytes:
        activity = self._by_id[activity_id]
        gear = next((g for g in self.world.gear if g.id == activity.gear_id), None)
        return encoded(answers.detailed_activity(activity, self.athlete_id, gear, self._samples(activity)))

    def _streams(self, activity_id: int) -> dict[str, bytes]:
        streams = answers.stream_set(self._samples(self._by_id[activity_id]).streams)
        return {kind: encoded(stream) for kind, stream in streams.items()}


class RecordedBook:
    """Recorded activities, answered as they were recorded: of their athlete and streams nothing is known.

    `folder` is searched for JSON files that are lists of activities (an id and a start_date each); what
    else lies there is passed over. Of two records with one id the first counts.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} is not a folder of recorded activities.")
        self._records: dict[int, Record] = {}
        for file in sorted(folder.rglob("*.json")):
            for record in _activities(file):
                self._records.setdefault(record["id"], record)
        owners = Counter(r["athlete"]["id"] for r in self._records.values() if r.get("athlete"))
        self.athlete_id = int(owners.most_common(1)[0][0]) if owners else 1
        entries = [
            Entry(_epoch(record), record["id"], _is_private(record), encoded(record))
            for record in self._records.values()
        ]
        self.listing = Listing(entries)
        self.latest = max((entry.start for entry in entries), default=0) + 1.0

    def athlete(self, *, detailed: bool) -> Record:
        """As much of an athlete as records tell: the id that most of them name."""
        profile: Record = {
            "id": self.athlete_id,
            "username": None,
            "firstname": "Recorded",
            "lastname": "Athlete",
        }
        return answers.detailed_athlete(profile, ()) if detailed else answers.summary_athlete(profile)

    def zones(self) -> Record:
        """No zones: none were recorded."""
        return answers.athlete_zones((), ())

    def stats(self) -> Record:
        """The totals of what was recorded."""
        return answers.stats(self._records.values(), datetime.fromtimestamp(self.latest, UTC).date())

    def gear(self, gear_id: str) -> Record | None:
        """No gear: none was recorded."""
        return None

    def is_private(self, activity_id: int) -> bool | None:
        """Whether only its athlete may see an activity; None where there is no such activity."""
        record = self._records.get(activity_id)
        return None if record is None else _is_private(record)

    def detail(self, activity_id: int) -> bytes:
        """An activity as it was recorded."""
        return encoded(self._records[activity_id])

    def laps(self, activity_id: int) -> bytes:
        """The laps, where the record has them."""
        return encoded(self._records[activity_id].get("laps", []))

    def activity_zones(self, activity_id: int) -> bytes:
        """No zones: none were recorded."""
        return b"[]"

    def streams(self, activity_id: int) -> dict[str, bytes]:
        """No streams: none were recorded."""
        return {}


Book = AthleteBook | RecordedBook
"""What the endpoints ask: both answer the same questions."""


def _activities(file: Path) -> list[Record]:
    try:
        content = json.loads(file.read_text("utf-8-sig"))
    except ValueError:
        return []
    if not isinstance(content, list):
        return []
    return [
        r for r in content if isinstance(r, dict) and isinstance(r.get("id"), int) and r.get("start_date")
    ]


def _epoch(record: Record) -> int:
    return int(datetime.fromisoformat(record["start_date"]).timestamp())


def _is_private(record: Record) -> bool:
    return bool(record.get("private")) or record.get("visibility") == "only_me"
