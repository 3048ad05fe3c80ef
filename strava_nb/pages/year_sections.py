"""The sections of a year's page: few words, large numbers. A section without anything to say is not there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..files.privacy import METRES
from ..metrics.reading import numbers
from ..plots.colours import SPORT_COLOURS
from ..tables.readable_table import Units, clock
from ..tables.sports import GROUPS
from .amounts import Amount, Amounts, day, days, hours, plural
from .drawing import map_svg, month_places, only, race_svg, sketch, year_svg
from .sheet import FOOT, big, demo_mark, escaped, page_of
from .year_facts import Favourite, Moment, Streak, Sums, YearFacts

_EVEREST, _EQUATOR = 8_848.86, 40_075_017.0
_DAY = 86_400
_FEW = 12
"""Activities whose lines are too faint where they seldom lie on one another."""

_TITLES = {
    "longest": "The longest {word}",
    "fastest": "The fastest {word}",
    "most climb": "The most climb",
    "highest point": "The highest point",
    "earliest start": "The earliest start",
}
_WORDS = {"Ride": "ride", "Run": "run", "Walk": "walk", "Swim": "swim", "Snow": "day on snow"}
_WORDS |= {"Water": "day on the water", "Gym": "session", "Other": "one"}
_SPORTS = {"Ride": "Riding", "Run": "Running", "Walk": "Walking", "Swim": "Swimming", "Snow": "Snow"}
_SPORTS |= {"Water": "On the water", "Gym": "Gym", "Other": "Everything else"}


def year_html(facts: YearFacts, units: Units) -> str:
    """The whole page."""
    sections = _Sections(facts, Amounts(units))
    return page_of(f"Your year {facts.year}", "\n".join(sections.all()), "year")


class _Sections:
    def __init__(self, facts: YearFacts, eyes: Amounts) -> None:
        self._facts, self._eyes, self._map = facts, eyes, sketch(facts.courses)

    def all(self) -> Iterator[str]:
        yield self._hero()
        yield "<main>"
        if len(self._facts.rows):
            yield from filter(None, (
                self._together(), self._race(), self._moments(), self._days(), self._favourite(),
                self._sports(),
            ))  # fmt: skip
        yield "</main>"
        yield self._foot()

    def _hero(self) -> str:
        facts, drawn = self._facts, self._map
        kind = "everywhere few" if drawn and drawn.drawn < _FEW else "everywhere"
        picture = map_svg(drawn, f"Where you were in {facts.year}", kind) if drawn else ""
        return (
            f'<header class="hero{"" if drawn else " plain"}">{picture}<div class="title">'
            f"<p>Your year {demo_mark(demo=facts.demo)}</p><h1>{facts.year}</h1>"
            f"<p>{self._opening()}</p></div></header>"
        )

    def _opening(self) -> str:
        facts = self._facts
        sums = facts.sums
        if sums.activities:
            until = f", until {day(facts.until)}" if facts.until else ""
            number = plural(sums.activities, "activity", "activities")
            if sums.activities == 1:
                return f"One activity{until}. It is a beginning."
            return f"{number} on {plural(sums.active_days, 'day', 'days')}{until}."
        if not facts.years:
            return "There are no activities in this table."
        first, last = facts.years[0], facts.years[-1]
        where = f"in {first}" if first == last else f"from {first} to {last}"
        return f"No activities in {facts.year}. Those of this table are {where}."

    def _together(self) -> str:
        sums, before, eyes = self._facts.sums, self._facts.before, self._eyes
        tiles = [
            (eyes.far(sums.distance), "", _round_the_world(sums.distance), "distance"),
            (hours(sums.moving_time), "", _days_and_nights(sums.moving_time), "moving_time"),
            (eyes.high(sums.climb), "up", _everests(sums.climb), "climb"),
            (
                Amount(f"{sums.active_days:,}", "day" if sums.active_days == 1 else "days"),
                "out",
                _one_in(sums.active_days, self._counted_days()),
                "active_days",
            ),
        ]
        shown = "".join(
            f"<li>{big(amount, word)}<p>{aside}</p>{self._against(getattr(sums, name), before, name)}</li>"
            for amount, word, aside, name in tiles
            if getattr(sums, name)
        )
        reason = f'<p class="aside">{self._facts.not_compared}</p>' if self._facts.not_compared else ""
        return f'<section><h2>All together</h2><ul class="tiles">{shown}</ul>{reason}</section>'

    def _counted_days(self) -> int:
        facts = self._facts
        return facts.until.timetuple().tm_yday if facts.until else len(facts.daily)

    def _against(self, now: float, before: Sums | None, name: str) -> str:
        then = getattr(before, name) if before else 0
        if not then:
            return ""
        percent = round(100 * (now / then - 1))
        last = f"{self._facts.year - 1}" + (" by then" if self._facts.until else "")
        if percent >= 200:
            return f'<p class="more">{now / then:.1f} times {last}</p>'
        if not percent:
            return f'<p class="less">as much as {last}</p>'
        words = f"{abs(percent)} % {'more' if percent > 0 else 'less'} than {last}"
        return f'<p class="{"more" if percent > 0 else "less"}">{words}</p>'

    def _race(self) -> str:
        facts = self._facts
        now = facts.daily[: self._counted_days()]
        if np.count_nonzero(now) < 2:
            return ""
        total = self._daily_amount(float(now.sum()))
        months = "".join(f"<span>{name[0]}</span>" for name, _ in month_places(facts.year))
        if facts.daily_before is None:
            head, legend = "Day by day", f'<span class="now">{facts.year}</span> <b>{total}</b>'
        else:
            head = f"Against {facts.year - 1}"
            whole = self._daily_amount(float(facts.daily_before.sum()))
            legend = (
                f'<span class="now">{facts.year}</span> <b>{total}</b> '
                f'<span class="before">{facts.year - 1}</span> <b>{whole}</b>'
            )
        picture = race_svg(now, facts.daily_before, f"{facts.year} day by day: {total}")
        return (
            f'<section><h2>{head}</h2><p class="legend">{legend}</p>{picture}'
            f'<p class="months">{months}</p></section>'
        )

    def _daily_amount(self, amount: float) -> str:
        if self._facts.daily_of == "distance":
            return str(self._eyes.far(amount))
        if self._facts.daily_of == "moving_time":
            return str(hours(amount))
        return plural(round(amount), "activity", "activities")

    def _moments(self) -> str:
        cards = "".join(self._card(moment) for moment in self._facts.moments)
        return f'<section><h2>To remember</h2><ul class="cards">{cards}</ul></section>' if cards else ""

    def _card(self, moment: Moment) -> str:
        row = self._facts.rows.iloc[moment.row]
        title = _TITLES[moment.record].format(word=_WORDS[moment.group])
        name = escaped(row["name"]) if "name" in row and isinstance(row["name"], str) else ""
        called = f'<p class="name">{name}</p>' if name else ""
        drawn = sketch(only(self._facts.courses, moment.row), across=400)
        picture = map_svg(drawn, "Its course", "course") if drawn and moment.record != "fastest" else ""
        return (
            f"<li>{picture}<h3>{title}</h3>{big(self._value(moment))}{called}"
            f'<p class="when">{day(row["start_date_local"])}</p></li>'
        )

    def _value(self, moment: Moment) -> Amount:
        if moment.record == "longest":
            return self._eyes.far(moment.value)
        if moment.record == "fastest":
            return self._eyes.fast(moment.value, moment.group)
        if moment.record == "earliest start":
            return Amount(f"{int(moment.value) // 3600}:{int(moment.value) // 60 % 60:02}")
        return self._eyes.high(moment.value)

    def _days(self) -> str:
        facts = self._facts
        until = self._counted_days()
        active = plural(facts.sums.active_days, "day", "days")
        picture = year_svg(facts.busy, facts.year, until, f"{active} with an activity in {facts.year}")
        months = "".join(
            f'<span style="left:{100 * place:.1f}%">{name}</span>' for name, place in month_places(facts.year)
        )
        return (
            f'<section><h2>Every day</h2><div class="calendar"><p class="names">{months}</p>{picture}</div>'
            f"{self._streaks()}</section>"
        )

    def _streaks(self) -> str:
        facts = self._facts
        told = [
            (facts.days_in_a_row, "days in a row"),
            (facts.weeks_in_a_row, "weeks in a row"),
        ]
        shown = "".join(
            f"<li>{big(Amount(str(streak.length), words))}<p>{days(*self._within(streak))}</p></li>"
            for streak, words in told
            if streak
        )
        return f'<ul class="tiles two">{shown}</ul>' if shown else ""

    def _within(self, streak: Streak) -> tuple[np.datetime64, np.datetime64]:
        """Its days in the year so far: the weeks at the edges have days beyond."""
        first = np.datetime64(f"{self._facts.year:04}-01-01")
        last = first + np.timedelta64(self._counted_days() - 1, "D")
        return max(streak.start, first), min(streak.end, last)

    def _favourite(self) -> str:
        way = self._facts.favourite
        if way is None:
            return ""
        drawn = sketch(only(self._facts.courses, way.drawn), across=800)
        picture = map_svg(drawn, "Its course", "way") if drawn else ""
        title = "The favourite loop" if way.loop else "The favourite way"
        return (
            f'<section class="side{"" if drawn else " alone"}"><div><h2>{title}</h2>'
            f"{big(Amount(str(way.times), 'times'))}<p>{self._quickest(way)}</p></div>{picture}</section>"
        )

    def _quickest(self, way: Favourite) -> str:
        length = f"{self._eyes.far(way.distance)} each. " if way.distance > 0 else ""
        if not way.quickest_time > 0:
            return length
        when = day(self._facts.rows["start_date_local"].iloc[way.quickest])
        took = clock(way.quickest_time).removeprefix("0:")
        return f"{length}The quickest took {took}, on {when}."

    def _sports(self) -> str:
        sports = self._facts.sports
        time = numbers(sports, "moving_time")
        amounts = np.nan_to_num(time)
        if len(sports) < 2 or not amounts.sum():
            return ""
        bars, items = "", ""
        for row, amount in enumerate(amounts.tolist()):
            group = sports["sport_group"].iloc[row]
            group = group if group in GROUPS else "Other"
            colour = SPORT_COLOURS[group]
            distance = float(numbers(sports, "distance")[row])
            facts = [plural(int(sports["activities"].iloc[row]), "time", "times"), str(hours(amount))]
            facts += [str(self._eyes.far(distance))] if distance > 0 else []
            bars += f'<i style="flex-grow:{amount:.0f};background:{colour}"></i>'
            items += (
                f'<li><i style="background:{colour}"></i><b>{_SPORTS[group]}</b>'
                f"<span>{' · '.join(facts)}</span></li>"
            )
        return (
            f'<section><h2>What it was made of</h2><div class="bar">{bars}</div>'
            f'<ul class="sports">{items}</ul></section>'
        )

    def _foot(self) -> str:
        facts, drawn = self._facts, self._map
        told: list[str] = []
        if drawn:
            told.append(f"Not drawn: what lies within {METRES:g} m of where an activity began or ended.")
            if drawn.elsewhere:
                verb = "is" if drawn.elsewhere == 1 else "are"
                told.append(
                    f"{plural(drawn.elsewhere, 'activity', 'activities')} farther away {verb} not on the map."
                )
        if facts.private:
            verb = "is" if facts.private == 1 else "are"
            told.append(
                f"{plural(facts.private, 'private activity', 'private activities')} {verb} counted, "
                "but neither named nor drawn."
            )
        return f"<footer><p>{' '.join(told)}</p><p>{FOOT}</p></footer>"


def _round_the_world(metres: float) -> str:
    part = metres / _EQUATOR
    if part >= 1:
        return f"{part:.1f} times round the world"
    return f"{100 * part:.0f} % of the way round the world" if part >= 0.015 else ""


def _days_and_nights(seconds: float) -> str:
    whole = seconds / _DAY
    return f"{whole:.0f} days and nights on end" if whole >= 1.5 else ""


def _everests(metres: float) -> str:
    times = metres / _EVEREST
    return f"{times:.1f} times Everest, from the sea" if times >= 1 else ""


def _one_in(active: int, counted: int) -> str:
    share = active / counted
    if share > 0.97:
        return "nearly every day" if share < 1 else "every single day"
    for words, least in (
        ("more than two days in three", 2 / 3),
        ("more than every other day", 0.5),
        ("more than one day in three", 1 / 3),
    ):
        if share > least:
            return words
    return ""
