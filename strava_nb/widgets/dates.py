"""The date picker: presets and two dates, read as a span of days when they are used.

Nothing here acts on each change: typing a year is a change for each digit. What cannot be meant is
said under the field, and raised, when `.value` is read.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Final

import traitlets

from ..errors import BadDates
from ..wanted import Span, span_of
from . import words
from .base import Part, beside
from .reruns import Place, place

PRESETS: Final = (
    "last 7 days",
    "last 30 days",
    "last 90 days",
    "last 12 months",
    "this month",
    "this year",
    "last year",
    "everything",
)
"""The spans that have a name; `days_of` says what each includes."""

_FIRST_YEAR, _LAST_YEAR = 1900, 9998


def date_picker(value: Any = "last 12 months") -> DatePicker:
    """A field for picking dates: presets, from and to. Its `.value` is what `get_activities` takes.

    `value` is what it shows at first: a preset's name, a year, a pair of dates, ISO strings or None.
    Running its cell again keeps what was picked on the page, until this `value` is another.
    Raises BadDates for what cannot be meant.
    """
    return DatePicker(value)


def days_of(preset: str, today: date) -> Span:
    """The first and the last day of a preset on the day `today`.

    All but "last year" end today, and today counts: the last 7 days are today and the six before.
    The last 12 months begin the day after the same day a year ago (the 29th of February's is the 28th),
    so that no day of the year is in them twice. Everything is open at both ends.
    """
    first, new_year = today.replace(day=1), today.replace(month=1, day=1)
    if preset == "everything":
        return None, None
    if preset == "last year":
        return new_year.replace(year=today.year - 1), new_year - timedelta(days=1)
    starts = {
        "last 7 days": today - timedelta(days=6),
        "last 30 days": today - timedelta(days=29),
        "last 90 days": today - timedelta(days=89),
        "last 12 months": _a_year_before(today) + timedelta(days=1),
        "this month": first,
        "this year": new_year,
    }
    return starts[preset], today


@dataclass(frozen=True, slots=True)
class _Own:
    """Dates of one's own, as typed: ISO texts, "" where open; `unfinished` names the half-typed ones."""

    start: str
    end: str
    unfinished: tuple[str, ...] = ()


class DatePicker(Part):
    """Presets and two dates on the page. `.value` is the span they mean."""

    _esm = beside("base.js", "dates.js")
    _css = beside("base.css", "dates.css")
    words = traitlets.Dict(words.DATES).tag(sync=True)

    _latest: ClassVar[weakref.ref[DatePicker] | None] = None

    def __init__(self, value: Any = "last 12 months") -> None:
        at_first = _choice(value)
        super().__init__()
        here = place("dates")
        # Another value in the code is another wish, and wins over what was picked before.
        self._kept_as = here and (here, at_first)
        self._choice = _picked.get(self._kept_as, at_first) if self._kept_as else at_first
        self.show(by="", amiss=None, hint=False)
        DatePicker._latest = weakref.ref(self)
        self._refresh()

    @property
    def value(self) -> Span:
        """The first and the last local day picked, both inclusive, None where open.

        Can be set to a preset's name, a year, or a pair of dates, ISO strings or None; a preset is
        resolved anew whenever it is read. Raises BadDates, which is said under the field too, for half
        a date, a start after the end, or a year that is none; setting such a value changes nothing.
        """
        try:
            span = self._span()
        except BadDates as error:
            self.show(amiss={"text": str(error), "fields": list(error.facts.get("fields", ("start", "end")))})
            raise
        self._refresh(amiss=None, hint=False)
        return span

    @value.setter
    def value(self, value: Any) -> None:
        self._choice = _choice(value)
        self._refresh(amiss=None, hint=False, by="")

    def on_chose(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """A preset was chosen on the page, or one's own dates in place of one."""
        choice = content["choice"]
        if choice in PRESETS:
            self._pick(choice, content)
        elif isinstance(self._choice, str):
            self._pick(_own(days_of(self._choice, today())), content)

    def on_typed(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """The dates on the page are others now; perhaps only for the time of a keystroke."""
        own = _Own(str(content["start"]), str(content["end"]), tuple(map(str, content["unfinished"])))
        self._pick(own, content)

    def on_today(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """The page told which day it is where the person is."""
        _clock.tell(date.fromisoformat(content["today"]))
        self._refresh()

    def _pick(self, choice: str | _Own, content: dict[str, Any]) -> None:
        self._choice = choice
        if self._kept_as:
            _picked[self._kept_as] = choice
        self._refresh(amiss=None, hint=True, by=str(content.get("by", "")))

    def _refresh(self, **changed: Any) -> None:
        days = {preset: _own(days_of(preset, today())) for preset in PRESETS}
        choice = self._choice
        preset, own = (choice, days[choice]) if isinstance(choice, str) else ("", choice)
        presets = {name: {"start": span.start, "end": span.end} for name, span in days.items()}
        self.show(
            presets=presets,
            choice=preset,
            start=own.start,
            end=own.end,
            unfinished=list(own.unfinished),
            **changed,
        )
        for watcher in list(_watchers):
            watcher()

    def _span(self) -> Span:
        choice = self._choice
        if isinstance(choice, str):
            return days_of(choice, today())
        for field in choice.unfinished:
            raise BadDates(
                f'The date in "{words.DATES[field]}" is only half typed.',
                "Finish it, or clear it where there is no limit.",
                fields=(field,),
            )
        return span_of((_typed("start", choice.start), _typed("end", choice.end)))


class _Clock:
    """Which day it is: by the kernel's clock, until a page has told the person's."""

    def __init__(self) -> None:
        self._told: tuple[date, float] | None = None

    def tell(self, day: date) -> None:
        self._told = day, time.time()

    def today(self) -> date:
        if self._told is None:
            return date.today()
        day, at = self._told
        # A page tells each new day, but for one that has been closed.
        return day + timedelta(days=max(0, int((time.time() - at) // 86_400)))


_clock = _Clock()
_watchers: list[Callable[[], None]] = []
_picked: dict[tuple[Place, str | _Own], str | _Own] = {}
"""What was picked on the page, for the next widget that the same code in the same cell makes."""


def latest_span() -> Span | None:
    """What is picked in this kernel's newest date picker; None where there is none, or no span."""
    picker = DatePicker._latest() if DatePicker._latest else None
    try:
        return picker and picker._span()
    except BadDates:
        return None


def watch_dates(watcher: Callable[[], None]) -> Callable[[], None]:
    """Have `watcher` called whenever a date picker's dates may have changed; the result ends that."""
    _watchers.append(watcher)
    return lambda: _watchers.remove(watcher) if watcher in _watchers else None


def today() -> date:
    """The day it is for the person, as far as the kernel has been told."""
    return _clock.today()


def _choice(value: Any) -> str | _Own:
    """What a value set from code means."""
    if isinstance(value, str):
        name = " ".join(value.lower().split())
        if name not in PRESETS:
            raise BadDates(
                f"There are no dates called {value!r}.",
                f"There are {', '.join(PRESETS)}; or give a year, or a pair of dates.",
            )
        return name
    span = span_of(value)
    if span == (None, None):
        return "everything"
    own = _own(span)
    _typed("start", own.start)
    _typed("end", own.end)
    return own


def _typed(field: str, text: str) -> date | None:
    """A field's text as a date; years with digits missing or to spare are none."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.max
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        year = text.split("-", maxsplit=1)[0]
        raise BadDates(
            f'The date in "{words.DATES[field]}" has the year {year}.',
            "Type a year with its four digits, such as 2026.",
            fields=(field,),
        )
    return day


def _own(span: Span) -> _Own:
    start, end = span
    return _Own(start.isoformat() if start else "", end.isoformat() if end else "")


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - 1, day=28)
