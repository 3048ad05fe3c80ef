"""Her days: what she does on each of them, drawn from the season, the weekday and chance.

A file of its own between the calendar, which knows no sport, and the summaries, which know no intentions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import cos, pi
from random import Random
from typing import Any

from strava_nb.simulator import gear, seasons
from strava_nb.simulator.plan import Course, Plan
from strava_nb.simulator.words import NOTES, ODD, title

USUAL = Course("paths", 8_600, 215)
WORK = Course("paths", 7_200, 70, "way")
_TRUE_LOVE = ((62_000, 20), (78_000, 245), (95_000, 120), (58_000, 300))
_RIDES = (
    (52_000, 75),
    (70_000, 160),
    (88_000, 330),
    (110_000, 200),
    (128_000, 95),
    (150_000, 265),
    *_TRUE_LOVE * 2,
)
_EVENINGS = ((30_000, 350), (36_000, 45), (41_000, 190))
_RUNS = ((5_500, 20), (6_500, 130), (7_500, 320), (9_500, 60), (10_500, 170), (12_000, 270))
_LONG_RUNS = ((14_000, 90), (16_500, 340), (19_000, 240), (22_000, 150), (26_000, 30), (30_000, 200))
_TRAILS = ((9_000, 285, "out"), (12_000, 110, "loop"), (15_000, 235, "out"), (19_000, 10, "loop"))
_GRAVEL = ((28_000, 10), (36_000, 140), (44_000, 255), (55_000, 310))
_HIKES = ((9_000, 40, "out"), (12_000, 205, "out"), (14_500, 310, "loop"))
_AWAY = {
    "alps": ("Europe/Rome", "Ride", "road", "alps",
             ((52_000, 0, "out"), (70_000, 120, "out"), (36_000, 60, "out"), (88_000, 240, "loop"), (60_000, 190, "out"))),
    "cairngorms": ("Europe/London", "Hike", "hike", "cairngorms",
                   ((15_000, 60, "out"), (18_000, 120, "loop"), (12_000, 180, "out"), (17_000, 300, "out"))),
    "khumbu": ("Asia/Kathmandu", "Hike", "hike", "khumbu",
               ((9_000, 0, "loop"), (12_000, 60, "out"), (8_000, 300, "out"), (10_500, 180, "out"))),
    "rockies": ("America/Denver", "GravelRide", "gravel", "rockies",
                ((38_000, 30, "loop"), (50_000, 150, "out"), (44_000, 270, "loop"), (30_000, 210, "out"))),
    "snow": ("Europe/Vienna", "NordicSki", "ski", "snow",
             ((11_000, 20, "loop"), (14_000, 140, "loop"), (17_000, 260, "loop"))),
}  # fmt: skip
_REPEATS = ((0.2, 0.9), *((0.07, 1.2), (0.035, 0.72)) * 6, (0.17, 0.86))
_STEADY = ((0.22, 0.92), (0.25, 1.13), (0.06, 0.8), (0.25, 1.13), (0.22, 0.88))
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
            "strap": chance.random() > {"still": 0.35, "swim": 0.6, "city": 0.55}.get(how, 0.07),
            "private": chance.random() < 0.03,
            "description": chance.choice(NOTES),
            "warmth": self.warmth - 4.5 * cos(2 * pi * (clock - 3) / 24),
            "seed": chance.getrandbits(40),
            "gear": {
                "run": "shoes",
                "trail": "trail",
                "hike": "boots",
                "virtual": "road",
                "trainer": "road",
            }.get(how, how),
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

    def usual(self, hour: float = 18.2) -> Plan:
        """The loop she has run a hundred times, in either direction."""
        reverse = self.chance.random() < 0.3
        pace = self.chance.choice((0.76, 0.78, 0.8, 0.84, 0.88))
        course = replace(USUAL, reverse=reverse)
        return self.plan("Run", "run", hour, "reverse" if reverse else "usual", course, intensity=pace)

    def easy(self) -> Plan:
        """Half an hour or a little more, on the treadmill when it is icy, sometimes without the watch."""
        if self.summer < 0.15 and self.chance.random() < 0.5:
            course = Course("flat", self.chance.choice((5_000, 6_200, 8_000)))
            return self.plan("Run", "run", 18.5, "treadmill", course, trainer=True, intensity=0.77)
        course = Course("paths", *self.chance.choice(_RUNS))
        return self.plan("Run", "run", self.chance.choice((6.6, 12.3, 18.0)), "easy", course, intensity=0.75,
                         manual=self.chance.random() < 0.09)  # fmt: skip

    def workout(self) -> Plan:
        """Repeats or a steady block, on foot."""
        about, pattern = self.chance.choice((("intervals", _REPEATS), ("tempo", _STEADY)))
        course = Course("paths", *self.chance.choice(_RUNS[3:]))
        return self.plan("Run", "run", 18.0, about, course, intensity=0.86, pattern=pattern, workout_type=3)

    def long_run(self, metres: float) -> Plan:
        """As long as the weeks before a race ask for."""
        size, bearing = min(_LONG_RUNS, key=lambda one: abs(one[0] - metres))
        course = Course("paths" if size < 24_000 else "tracks", size, bearing)
        return self.plan("Run", "run", 9.0, "long_run", course, intensity=0.76, workout_type=2)

    def indoors(self) -> Plan:
        """A virtual ride, or the trainer alone."""
        hard = self.chance.random() < 0.45
        more: dict[str, Any] = {"trainer": True, "intensity": 0.78 if hard else 0.68, "pattern": _STEADY if hard else (),
                                "workout_type": 12 if hard else None}  # fmt: skip
        if self.chance.random() < 0.2:
            return self.plan(
                "Ride",
                "trainer",
                18.7,
                "trainer",
                Course("flat", self.chance.choice((22_000, 30_000))),
                **more,
            )
        course = Course("island", *self.chance.choice(((18_000, 30), (26_000, 150), (33_000, 270))))
        return self.plan(
            "VirtualRide",
            "virtual",
            18.7,
            "virtual",
            course,
            device=SMART,
            company=self.chance.choice((1, 1, 9)),
            **more,
        )

    def ride(self, courses: tuple[tuple[int, int], ...], hour: float, about: str) -> Plan:
        """Out on the road."""
        course = Course("home", *self.chance.choice(courses), reverse=self.chance.random() < 0.25)
        return self.plan("Ride", "road", hour, about, course, intensity=self.chance.uniform(0.66, 0.76),
                         company=self.chance.choice((1, 1, 2, 5)))  # fmt: skip

    def rough(self) -> Plan:
        """Gravel, or the mountain bike."""
        if self.chance.random() < 0.25:
            return self.plan(
                "MountainBikeRide",
                "mtb",
                10.0,
                "mtb",
                Course("trails", 17_000, 305),
                intensity=0.7,
                meter=False,
            )
        return self.plan(
            "GravelRide",
            "gravel",
            9.8,
            "gravel",
            Course("tracks", *self.chance.choice(_GRAVEL)),
            intensity=0.7,
        )

    def trail(self) -> Plan:
        """A run off the road."""
        return self.plan(
            "TrailRun", "trail", 9.4, "trail", Course("trails", *self.chance.choice(_TRAILS)), intensity=0.76
        )

    def hike(self) -> Plan:
        """A day on foot."""
        return self.plan(
            "Hike", "hike", 10.2, "hike", Course("trails", *self.chance.choice(_HIKES)), company=2
        )

    def walk(self) -> Plan:
        """With the dog."""
        course = Course("paths", *self.chance.choice(((3_600, 20), (4_400, 160), (5_200, 280))))
        return self.plan("Walk", "hike", 18.6, "walk", course, intensity=0.67, gear=None)

    def swim(self) -> Plan:
        """Lanes before work."""
        return self.plan(
            "Swim",
            "swim",
            6.7,
            "swim",
            Course("flat", self.chance.choice((1_200, 1_500, 1_800, 2_200, 2_500))),
            gear=None,
        )

    def gym(self) -> Plan:
        """Weights or the mat; typed in when the watch stayed at home."""
        sport, about = self.chance.choice(
            (("WeightTraining", "gym"), ("WeightTraining", "gym"), ("Yoga", "yoga"))
        )
        return self.plan(sport, "still", 19.2, about, minutes=self.chance.choice((30, 45, 60)), gear=None, trainer=False,
                         manual=self.chance.random() < 0.3)  # fmt: skip

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
        kind, bearing = {"run": ("tracks", 80.0), "trail": ("trails", 215.0), "road": ("home", 120.0)}[
            race.how
        ]
        course = Course(kind, race.metres * 1.3, bearing, cut=race.metres)
        sport = {"run": "Run", "trail": "TrailRun", "road": "Ride"}[race.how]
        hard = 1.0 if race.metres < 12_000 else 0.94 if race.metres < 30_000 else 0.85
        if race.how == "road":
            hard = 0.82
        plan = self.plan(sport, race.how, 9.9, "easy", course, intensity=hard, private=False, strap=True,
                         workout_type=11 if race.how == "road" else 1, company=self.chance.randrange(40, 400))  # fmt: skip
        return replace(plan, name=race.name, description="Number pinned on. All of it left out there.")

    def _away(self, where: str, into: int) -> list[Plan]:
        timezone, sport, how, kind, courses = _AWAY[where]
        if into in (0, 4):
            return []
        size, bearing, shape = courses[into % len(courses)]
        plan = self.plan(sport, how, 8.8, where, Course(kind, size, bearing, shape), timezone=timezone, company=2,
                         gear=None if how == "ski" else "boots" if how == "hike" else how)  # fmt: skip
        return [plan]

    def _returning(self, since: int) -> list[Plan]:
        """Walks and water first, then short and slow."""
        if self.chance.random() > 0.3 + since / 250:
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
        eager = 0.78 + 0.22 * warm + (0.08 if build else 0) - (0.3 if left < 9 else 0)
        if chance.random() > eager:
            return []
        cold = warm < 0.3
        free = self.day.month == 12 and self.day.day >= 23
        plans: list[Plan] = []
        if weekday in (1, 3) and not free and chance.random() < 0.16 + 0.26 * warm:
            plans += self.commute()
        if weekday == 0 and chance.random() < 0.3:
            plans.append(self.gym())
        elif weekday == 1 and chance.random() < 0.72:
            plans.append(
                self.workout()
                if running or chance.random() < 0.4
                else self.indoors()
                if cold
                else self.usual()
            )
        elif weekday == 2 and chance.random() < 0.82:
            plans.append(self.swim() if chance.random() < 0.38 else self.usual())
        elif weekday == 3 and chance.random() < 0.66:
            plans.append(self.indoors() if cold else self.ride(_EVENINGS, 17.9, "evening_ride"))
        elif weekday == 4 and chance.random() < 0.4:
            plans.append(chance.choice((self.easy, self.easy, self.gym, self.walk))())
        elif weekday == 5 and chance.random() < 0.95:
            cap = 7 if warm < 0.55 else len(_RIDES)
            choices = (self.trail, self.indoors, self.rough, self.hike) if cold else (self.trail, self.rough)
            long_ride = chance.random() < 0.2 + 0.6 * warm
            plans.append(
                self.ride(sorted(_RIDES)[:cap], 9.3, "ride") if long_ride else chance.choice(choices)()
            )  # type: ignore[arg-type]
        elif weekday == 6 and chance.random() < 0.85:
            plans.append(self._sunday(left, running))
        return plans

    def _sunday(self, left: int, running: bool) -> Plan:
        if running:
            return self.long_run(13_000 if left < 14 else 29_000 - 130 * left)
        if self.chance.random() < 0.3:
            return self.long_run(15_000)
        return self.chance.choice((self.trail, self.rough, self.hike, self.usual))()

    def extra(self, number: int, many: int) -> Plan:
        """One of `many` more short activities, for a history denser than a life."""
        make = self.chance.choice(
            (self.walk, self.walk, self.usual, self.gym, self.swim, self.easy, self.indoors)
        )
        plan = make()
        return replace(plan, begin=self.at(5.5 + 16 * number / max(many, 1)))


def plans(seed: int, today: date, count: int | None) -> Iterator[Plan]:
    """All plans of her history, in order of time, the last of them yesterday; exactly `count` if given."""
    yesterday = today - timedelta(days=1)
    span = min(int(1096 * max(1.0, (count or 0) / 700) ** 0.5), 15 * 365)
    days = [Day(today - timedelta(days=back), seed) for back in range(span, 0, -1)]
    made = [sorted(day.plans(), key=lambda plan: plan.begin) for day in days]
    if not made[-1]:
        made[-1] = [days[-1].swim() if seasons.injured(yesterday) else days[-1].walk()]
    missing = (count or 0) - sum(map(len, made))
    if missing > 0:
        well = [number for number, day in enumerate(days) if not seasons.injured(day.day)]
        for place, number in enumerate(well):
            many = (place + 1) * missing // len(well) - place * missing // len(well)
            more = [days[number].extra(one, many) for one in range(many)]
            made[number] = sorted([*made[number], *more], key=lambda plan: plan.begin)
    every = [plan for day in made for plan in day]
    return iter(every if count is None else every[len(every) - count :])
