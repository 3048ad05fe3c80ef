"""The demo athlete: who she is, what she has done, and what her devices recorded."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from strava_nb.simulator import effort, gear, seasons, streams
from strava_nb.simulator.activity import Activity, Gear
from strava_nb.simulator.plan import Plan
from strava_nb.simulator.sensors import Stream
from strava_nb.simulator.story import plans
from strava_nb.simulator.summary import summarise

__all__ = ["Activity", "Athlete", "Gear"]


class Athlete:
    """A fictional woman of about forty with three years of activities that end the day before `today`.

    The same `seed`, `today` and `activities` give the same life, in every process; a later `today`
    continues it. `activities` makes the history exactly that long: shorter, or longer and denser.

    `activities` (oldest first) is a list to be changed at run time: `add` for a new one that has the
    track of an old one, `dataclasses.replace` for an edited one, `del` for a deleted one.
    """

    def __init__(self, *, seed: int = 0, today: date, activities: int | None = None) -> None:
        self.seed = seed
        self.today = today
        self.activities: list[Activity] = []
        self._plans: dict[int, Plan] = {}
        free = datetime.min
        ridden: defaultdict[str, float] = defaultdict(float)
        for plan in plans(seed, today, activities):
            begin = max(plan.begin, free)
            activity = summarise(plan, begin, seasons.form(begin.date()))
            free = begin + timedelta(seconds=activity.elapsed_time + 240)
            self.activities.append(activity)
            self._plans[activity.id] = plan
            ridden[activity.gear_id or ""] += activity.distance
        self.gear: list[Gear] = gear.owned(dict(ridden), today)
        self.profile: dict[str, Any] = _profile(seed, today)
        self.heart_rate_zones: list[tuple[int, int]] = [
            (0, 116),
            (116, 146),
            (146, 161),
            (161, 174),
            (174, -1),
        ]
        edges = [round(self.profile["ftp"] * share) for share in (0.55, 0.75, 0.9, 1.05, 1.2, 1.5)]
        self.power_zones: list[tuple[int, int]] = list(zip([0, *edges], [*edges, -1], strict=True))

    def add(self, activity: Activity, *, like: Activity | None = None) -> None:
        """Put one more activity in its place in time, with the track of the one it is `like`."""
        if like is not None and like.id in self._plans:
            self._plans[activity.id] = self._plans[like.id]
        self.activities.append(activity)
        self.activities.sort(key=lambda one: one.start)

    def streams(self, activity: Activity) -> dict[str, Stream]:
        """What was recorded, under Strava's keys; `{}` where nothing was (typed in, no sensor).

        Arrays of one length, a sample a second but for long breaks, in Strava's units: `time` int (s),
        `distance` (m), `latlng` (n×2, degrees), `altitude` (m), `velocity_smooth` (m/s), `heartrate`
        (bpm), `cadence`, `watts`, `temp` (°C) int, `moving` bool, `grade_smooth` (%).
        """
        plan = self._plans.get(activity.id)
        return streams.record(activity, plan) if plan is not None else {}


def _profile(seed: int, today: date) -> dict[str, Any]:
    return {
        "id": 100_000_042 + seed,
        "username": "dana_demo",
        "firstname": "Dana",
        "lastname": "Demo",
        "bio": "The demo athlete: nobody, nowhere near here. Every metre is made up.",
        "city": "Freudenstadt",
        "state": "Baden-Württemberg",
        "country": "Germany",
        "sex": "F",
        "premium": True,
        "summit": True,
        "created_at": "2017-03-26T08:15:30Z",
        "updated_at": f"{today - timedelta(days=1)}T18:00:00Z",
        "badge_type_id": 1,
        "weight": effort.BODY,
        "ftp": round(effort.FTP * seasons.form(today)),
        "measurement_preference": "meters",
        "date_preference": "%d/%m/%Y",
        "follower_count": 63,
        "friend_count": 58,
        "profile_medium": "",
        "profile": "",
    }
