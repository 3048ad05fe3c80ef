"""Her days: what she does on each of them, drawn from the season, the weekday and chance.

A file of its own between the calendar, which knows no sport, and the summaries, which know no intentions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from math import cos, pi
from random import Random
from typing import Any, TypeAlias

from strava_nb.simulator import gear, seasons
from strava_nb.simulator.plan import Course, Plan
from strava_nb.simulator.words import NOTES, ODD, title

_Courses: TypeAlias = tuple[tuple[int, int], ...]

USUAL = Course("paths", 8_600, 215)
WORK = Course("paths", 7_200, 70, "way")
_RIDES: _Courses = (
    *((52_000, 75), (58_000, 300), (58_000, 300), (62_000, 20), (62_000, 20), (70_000, 160), (78_000, 245)),
    *((78_000, 245), (88_000, 330), (95_000, 120), (110_000, 200), (128_000, 95), (150_000, 265)),
)
_EVENINGS: _Courses = ((30_000, 350), (36_000, 45), (41_000, 190))
_RUNS: _Courses = ((5_500, 20), (6_500, 130), (7_500, 320), (9_500, 60), (10_500, 170), (12_000, 270))
_LONG_RUNS: _Courses = (
    *((14_000, 90), (16_500, 340), (19_000, 240)),
    *((22_000, 150), (26_000, 30), (30_000, 200)),
)
_TRAILS = ((9_000, 285, "out"), (12_000, 110, "loop"), (15_000, 235, "out"), (19_000, 10, "loop"))
_GRAVEL: _Courses = ((28_000, 10), (36_000, 140), (44_000, 255), (55_000, 310))
_HIKES = ((9_000, 40, "out"), (12_000, 205, "out"), (14_500, 310, "loop"))
_WALKS = ((3_600, 20, "out"), (4_400, 160, "out"), (5_200, 280, "out"))
_ISLAND: _Courses = ((18_000, 30), (26_000, 150), (33_000, 270))
_RACES = {
    "run": ("Run", "tracks", 80.0),
    "trail": ("TrailRun", "trails", 215.0),
    "road": ("Ride", "home", 120.0),
}
_PASSES = (
    (40_000, 0, "out"),
    (52_000, 120, "out"),
    (30_000, 60, "out"),
    (60_000, 240, "loop"),
    (46_000, 190, "out"),
)
_GLENS = ((12_000, 60, "out"), (13_000, 120, "loop"), (10_000, 180, "out"), (14_000, 300, "out"))
_TREK = ((7_000, 0, "loop"), (9_000, 60, "out"), (6_500, 300, "out"), (8_500, 180, "out"))
_DUST = ((38_000, 30, "loop"), (50_000, 150, "out"), (44_000, 270, "loop"), (30_000, 210, "out"))
_SNOW = ((11_000, 20, "loop"), (14_000, 140, "loop"), (17_000, 260, "loop"))
_AWAY = {
    "alps": ("Europe/Rome", "Ride", "road", _PASSES),
    "cairngorms": ("Europe/London", "Hike", "hike", _GLENS),
    "khumbu": ("Asia/Kathmandu", "Hike", "hike", _TREK),
    "rockies": ("America/Denver", "GravelRide", "gravel", _DUST),
    "snow": ("Europe/Vienna", "NordicSki", "ski", _SNOW),
}
_REPEATS = ((0.2, 0.9), *((0.07, 1.2), (0.035, 0.72)) * 6, (0.17, 0.86))
_STEADY = ((0.22, 0.92), (0.25, 1.13), (0.06, 0.8), (0.25, 1.13), (0.22, 0.88))
_WITH = {"run": "shoes", "hike": "boots", "virtual": "road", "trainer": "road"}
_STRAPLESS = {"still": 0.35, "swim": 0.6, "city": 0.55}
WATCH, COMPUTER, SMART = "Garmin Forerunner 255", "Garmin Edge 540", "Zwift"


class Day:
    """One day's chance and clock, and the sports that fit into it."""

    def __init__(self, day: date, seed: int) -> None:
        self.day = day
        self.chance = Random(seed * 1_000_003 + day.toordinal() * 7 + 1)
        self.summer = seasons.summer(day)
        self.warmth = 7.5 + 19 * (seasons.summer(day - timedelta(days=8)) - 0.5) + self.chance.gauss(0, 3.5)

    def at(self, hour: float) -> datetime:
        """Wall time near that hour."""
        return datetime.combine(self.day, datetime.min.time()) + timedelta(
            seconds=round(hour * 3600 + self.chance.gauss(0, 1100))
        )

    def plan(
        self, sport: str, how: str, hour: float, about: str, course: Course | None = None, **more: Any
    ) -> Plan:
        """A plan with what chance adds to each: a forgotten strap, a private one, a note."""
        chance, begin = self.chance, self.at(hour)
        clock = begin.hour + begin.minute / 60
        values: dict[str, Any] = {
            "device": WATCH if how not in ("road", "gravel", "mtb") else COMPUTER,
            "strap": chance.random() > _STRAPLESS.get(how, 0.07),
            "private": chance.random() < 0.03,
            "description": chance.choice(NOTES),
            "warmth": self.warmth - 4.5 * cos(2 * pi * (clock - 3) / 24),
            "seed": chance.getrandbits(40),
            "gear": _WITH.get(how, how),
            "meter": how in ("virtual", "trainer", "road"),
        } | more
        values["gear"] = gear.used(values["gear"], self.day)
        return Plan(sport, how, begin, title(about, chance), course=course, **values)

    # What a day can hold.

    def commute(self) -> list[Plan]:
        """To work and back, on one road."""
        more: dict[str, Any] = {"commute": True, "intensity": 0.62, "description": ""}
        return [
            self.plan("Ride", "city", 7.25, "commute", WORK, **more),
            self.plan("Ride", "city", 17.1, "back", replace(WORK, reverse=True), **more),
        ]

    def usual(self) -> Plan:
        """The loop she has run a hundred times, in either direction."""
        reverse = self.chance.random() < 0.3
        about, course = "reverse" if reverse else "usual", replace(USUAL, reverse=reverse)
        return self.plan("Run", "run", 18.2, about, course, intensity=self.chance.gauss(0.81, 0.015))

    def easy(self) -> Plan:
        """Half an hour or a little more, on the treadmill when it is icy, sometimes without the watch."""
        if self.summer < 0.15 and self.chance.random() < 0.5:
            course = Course("flat", self.chance.choice((5_000, 6_200, 8_000)))
            return self.plan("Run", "run", 18.5, "treadmill", course, trainer=True, intensity=0.77)
        hour, forgot = self.chance.choice((6.6, 12.3, 18.0)), self.chance.random() < 0.09
        course = Course("paths", *self.chance.choice(_RUNS))
        return self.plan("Run", "run", hour, "easy", course, intensity=0.75, manual=forgot)

    def workout(self) -> Plan:
        """Repeats or a steady block, on foot."""
        about, pattern = self.chance.choice((("intervals", _REPEATS), ("tempo", _STEADY)))
        course = Course("paths", *self.chance.choice(_RUNS[3:]))
        more: dict[str, Any] = {"intensity": 0.86, "pattern": pattern, "workout_type": 3}
        return self.plan("Run", "run", 18.0, about, course, **more)

    def long_run(self, metres: float) -> Plan:
        """As long as the weeks before a race ask for."""
        size, bearing = min(_LONG_RUNS, key=lambda one: abs(one[0] - metres))
        course = Course("paths" if size < 24_000 else "tracks", size, bearing)
        return self.plan("Run", "run", 9.0, "long_run", course, intensity=0.76, workout_type=2)

    def indoors(self) -> Plan:
        """A virtual ride, or the trainer alone."""
        more: dict[str, Any] = {"trainer": True, "intensity": 0.68}
        if self.chance.random() < 0.45:
            more |= {"intensity": 0.78, "pattern": _STEADY, "workout_type": 12}
        if self.chance.random() < 0.2:
            course = Course("flat", self.chance.choice((22_000, 30_000)))
            return self.plan("Ride", "trainer", 18.7, "trainer", course, **more)
        course = Course("island", *self.chance.choice(_ISLAND))
        more |= {"device": SMART, "company": self.chance.choice((1, 1, 9))}
        return self.plan("VirtualRide", "virtual", 18.7, "virtual", course, **more)

    def ride(self, courses: _Courses, hour: float, about: str) -> Plan:
        """Out on the road."""
        course = Course("home", *self.chance.choice(courses), reverse=self.chance.random() < 0.25)
        effort, company = self.chance.uniform(0.66, 0.76), self.chance.choice((1, 1, 2, 5))
        return self.plan("Ride", "road", hour, about, course, intensity=effort, company=company)

    def rough(self) -> Plan:
        """Gravel, or the mountain bike."""
        if self.chance.random() < 0.25:
            return self.plan("MountainBikeRide", "mtb", 10.0, "mtb", Course("trails", 17_000, 305))
        return self.plan(
            "GravelRide", "gravel", 9.8, "gravel", Course("tracks", *self.chance.choice(_GRAVEL))
        )

    def trail(self) -> Plan:
        """A run off the road."""
        course = Course("trails", *self.chance.choice(_TRAILS))
        return self.plan("TrailRun", "trail", 9.4, "trail", course, intensity=0.76)

    def hike(self) -> Plan:
        """A day on foot."""
        course = Course("trails", *self.chance.choice(_HIKES))
        return self.plan("Hike", "hike", 10.2, "hike", course, company=2)

    def walk(self) -> Plan:
        """With the dog."""
        course = Course("paths", *self.chance.choice(_WALKS))
        return self.plan("Walk", "hike", 18.6, "walk", course, intensity=0.67, gear=None)

    def swim(self) -> Plan:
        """Lanes before work."""
        course = Course("flat", self.chance.choice((1_200, 1_500, 1_800, 2_200, 2_500)))
        return self.plan("Swim", "swim", 6.7, "swim", course, gear=None)

    def gym(self) -> Plan:
        """Weights or the mat; typed in when the watch stayed at home."""
        sport, about = self.chance.choice(
            (("WeightTraining", "gym"), ("WeightTraining", "gym"), ("Yoga", "yoga"))
        )
        minutes, forgot = self.chance.choice((30, 45, 60)), self.chance.random() < 0.3
        return self.plan(sport, "still", 19.2, about, minutes=minutes, gear=None, manual=forgot)

    # How a day is chosen.

    def plans(self) -> list[Plan]:
        """What she does today."""
        if seasons.injured(self.day):
            return []
        race = seasons.race_on(self.day)
        if race is not None:
            return [self._race(race)]
        away = seasons.holiday(self.day)
        if away is not None:
            return self._away(*away)
        since = seasons.since_injury(self.day)
        plans = self._returning(since) if since is not None and since < 85 else self._usual_day()
        week = self.day.toordinal() // 7
        if plans and self.day.weekday() == 5 and week % 3 == 0:
            plans[0] = replace(plans[0], name=ODD[week // 3 % len(ODD)])
        return plans

    def _race(self, race: seasons.Race) -> Plan:
        sport, kind, bearing = _RACES[race.how]
        course = Course(kind, race.metres * 1.3, bearing, cut=race.metres)
        more: dict[str, Any] = {
            "intensity": race.intensity,
            "private": False,
            "strap": True,
            "workout_type": 11 if race.how == "road" else 1,
            "company": self.chance.randrange(40, 400),
            "description": "Number pinned on. All of it left out there.",
        }
        return replace(self.plan(sport, race.how, 9.9, "easy", course, **more), name=race.name)

    def _away(self, where: str, into: int) -> list[Plan]:
        timezone, sport, how, courses = _AWAY[where]
        if into in (0, 4):
            return []
        course = Course(where, *courses[into % len(courses)])
        return [self.plan(sport, how, 8.8, where, course, timezone=timezone, company=2)]

    def _returning(self, since: int) -> list[Plan]:
        """Walks and water first, then short and slow."""
        if self.chance.random() > 0.2 + since / 220:
            return []
        if since < 50:
            return [self.chance.choice((self.walk, self.swim, self.gym))()]
        if self.chance.random() < 0.4:
            return [self.ride(_EVENINGS, 17.8, "evening_ride")]
        course = Course("paths", *_RUNS[min((since - 50) // 9, 3)])
        return [self.plan("Run", "run", 18.0, "return", course, intensity=0.69)]

    def _usual_day(self) -> list[Plan]:
        chance, warm, weekday = self.chance, self.summer, self.day.weekday()
        build = seasons.ahead(self.day)
        left = build[1] if build else 999
        running = build is not None and build[0].how != "road"
        if left <= 2:  # the last days before a race
            return [self.easy()] if left == 1 and running else []
        if chance.random() > 0.7 + 0.24 * warm + (0.08 if build else 0) - (0.3 if left < 9 else 0):
            return []
        free = self.day.month == 12 and self.day.day >= 23
        plans = []
        if weekday in (1, 3) and not free and chance.random() < 0.13 + 0.24 * warm:
            plans = self.commute()
        if chance.random() < (0.28, 0.72, 0.85, 0.62, 0.36, 0.95, 0.82)[weekday]:
            plans.append(self._main(weekday, left, running=running, cold=warm < 0.3))
        return plans

    def _main(self, weekday: int, left: int, *, running: bool, cold: bool) -> Plan:
        """What a weekday is for."""
        chance = self.chance
        if weekday == 0:
            return self.gym()
        if weekday == 1 and (running or chance.random() < 0.4):
            return self.workout()
        if weekday == 2 and chance.random() < 0.34:
            return self.swim()
        if weekday == 3 or (weekday == 1 and cold):
            return self.indoors() if cold else self.ride(_EVENINGS, 17.9, "evening_ride")
        if weekday == 4:
            return chance.choice((self.easy, self.easy, self.gym, self.walk))()
        return self._weekend(left, running, cold) if weekday > 4 else self.usual()

    def _weekend(self, left: int, running: bool, cold: bool) -> Plan:
        """A ride on Saturday, long runs on Sunday, or whatever the weather is good for."""
        chance = self.chance
        if self.day.weekday() == 5:
            if chance.random() < 0.2 + 0.6 * self.summer:
                return self.ride(_RIDES if self.summer > 0.55 else _RIDES[:7], 9.3, "ride")
            return chance.choice((self.trail, self.rough, self.indoors, self.hike)[: 4 if cold else 2])()
        if running:
            return self.long_run(13_000 if left < 14 else 29_000 - 130 * left)
        if chance.random() < 0.3:
            return self.long_run(15_000)
        return chance.choice((self.trail, self.rough, self.hike, self.usual))()

    @property
    def at_home_and_well(self) -> bool:
        """Neither on holiday nor with the foot up."""
        return seasons.holiday(self.day) is None and not seasons.injured(self.day)

    def something(self) -> Plan:
        """What she does if there must be something: a walk, lanes when injured, the mat when away."""
        away = seasons.holiday(self.day)
        if away is not None:
            return replace(self.gym(), timezone=_AWAY[away[0]][0])
        return self.swim() if seasons.injured(self.day) else self.walk()

    def another(self, number: int, many: int) -> Plan:
        """One of `many` more short activities, for a history denser than a life."""
        few = (self.walk, self.walk, self.usual, self.gym, self.swim, self.easy, self.indoors)
        return replace(self.chance.choice(few)(), begin=self.at(5.5 + 16 * number / max(many, 1)))


def plans(seed: int, today: date, count: int | None) -> list[Plan]:
    """All plans of her history in order of time, the last of them yesterday; exactly `count` if given."""
    span = min(int(1096 * max(1.0, (count or 0) / 700) ** 0.5), 15 * 365)
    days: list[Day] = []
    made: list[list[Plan]] = []
    found = 0
    for back in range(1, span + 1):
        if count is not None and found >= count:
            break  # No day depends on an earlier one.
        day = Day(today - timedelta(days=back), seed)
        held = day.plans() or ([day.something()] if back == 1 else [])
        days.append(day)
        made.append(held)
        found += len(held)
    days.reverse()
    made.reverse()
    missing = (count or 0) - found
    if missing > 0:
        spare = [number for number, day in enumerate(days) if day.at_home_and_well]
        for place, number in enumerate(spare):
            many = (place + 1) * missing // len(spare) - place * missing // len(spare)
            made[number] += [days[number].another(one, many) for one in range(many)]
    every = [plan for day in made for plan in sorted(day, key=lambda plan: plan.begin)]
    return every if count is None else every[len(every) - count :]
