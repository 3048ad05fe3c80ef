"""The athlete's thresholds to see and to change: what each is, from when on, and who says so.

They tell of a body, so that they travel as messages to the pages that show them: nothing of them is in
the widget's state, nor in a saved notebook.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd
import traitlets

from ..errors import BadDates, BadInput
from ..metrics.athlete_profile import THRESHOLDS, AthleteProfile
from ..sources import kept_thresholds
from ..tables.readable_table import METRES, Units
from ..thresholds import Rows, Thresholds
from . import words
from .base import Part, beside, problem_of
from .reruns import take_place

_POUND = 0.45359237
_FIRST_YEAR = 1900
_EXAMPLES: Final = {"ftp": "240", "weight": "68.5"}
_PACE = re.compile(r"(\d{1,2}):([0-5]\d)")


def athlete_profile(
    source: Any, activities: pd.DataFrame | None = None, *, units: Units | None = None
) -> ProfileEditor:
    """An athlete's thresholds on the page, to see and to change. Its `.value` is what metrics and plots take.

    Heart rates, FTP, threshold pace and weight, each with the day from which it holds and who says so:
    you, or until you have, Strava (FTP, weight and zones, where granted); `source` is a source, a panel,
    or a list of them. Given `activities`, the heart rate that three of them reached stands in for the
    highest. Nothing else is guessed.

    What is changed is kept at once, for each athlete, on this computer; on Binder, on a served page and
    for the demo athlete in memory alone. So it works without being shown, too, and outlives Run All.
    `units` are the athlete's own at Strava unless given ("metric" or "imperial"). Raises what
    get_activities raises for what is no source.
    """
    return ProfileEditor(Thresholds(source, activities), units)


class ProfileEditor(Part):
    """Thresholds on the page. `.value` is the `metrics.AthleteProfile` as it is now."""

    _esm = beside("base.js", "profile.js")
    _css = beside("base.css", "profile.css")
    words = traitlets.Dict(words.PROFILE).tag(sync=True)
    _unwatch: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, thresholds: Thresholds, units: Units | None = None) -> None:
        self._thresholds = thresholds
        self._units: Units = units or thresholds.units
        if self._units not in METRES:
            raise BadInput(f"There are no {units!r} units.", 'Use units="metric" or units="imperial".')
        super().__init__()
        self.show(hint=False, problems=list(thresholds.problems))
        take_place("profile", self)
        me = weakref.ref(self)
        self._unwatch = kept_thresholds.watch(lambda: editor._tell() if (editor := me()) else None)

    @property
    def value(self) -> AthleteProfile:
        """The thresholds as they are now."""
        if self.view["hint"]:
            self.show(hint=False)
        return self._thresholds.profile

    def let_go(self) -> None:
        """Follow what is kept no more: another one has taken the place of this one."""
        self._unwatch()

    def close(self) -> None:
        """Take it off the page."""
        self.let_go()
        super().close()

    # --- what the page sends

    def on_ready(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        """A page shows it and has no values yet."""
        super().on_ready(content, buffers)
        self._tell()

    def on_set(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """A threshold's rows are others now; or the sex, or the zones."""
        name = str(content["name"])
        try:
            if name == "sex":
                self._thresholds.set_sex(content["value"] or None)
            elif name == "zones":
                self._thresholds.set_zones(self._edges(str(content["value"])))
            else:
                self._thresholds.set(name, self._rows(name, content["rows"]))
        except (BadInput, BadDates) as error:
            self.send({"type": "amiss", "name": name, "by": content.get("by"), "problem": problem_of(error)})
        else:
            self.show(hint=True)

    def on_forget(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """What the person said is to be deleted."""
        self._thresholds.forget()
        self.show(hint=True)

    # --- texts and values

    def _tell(self) -> None:
        """Tell the pages how it stands."""
        profile = self._thresholds.profile
        one = self._thresholds.whose
        where = kept_thresholds.where(one)
        lasts = words.PROFILE["not_kept" if where == kept_thresholds.NOWHERE else "lasts"]
        kept = words.PROFILE["kept" if self._thresholds.said else "nothing"].format(where=lasts)
        self.send(
            {
                "type": "profile",
                "rows": {name: self._shown(profile, name) for name in THRESHOLDS},
                "units": {
                    name: imperial if self._units == "imperial" else metric
                    for name, (_, _, metric, imperial) in words.PROFILE["names"].items()
                },
                "sex": profile.sex or "",
                "zones": ", ".join(f"{edge:g}" for edge in profile.heartrate_zones),
                "zones_source": profile.zones_source,
                "kept": kept,
                "said": bool(self._thresholds.said),
                "demo": self._thresholds.demo,
            }
        )

    def _shown(self, profile: AthleteProfile, name: str) -> list[dict[str, str]]:
        return [
            {
                "value": self._text(name, one.value),
                "since": one.since.isoformat() if one.since else "",
                "source": one.source,
            }
            for one in profile.history(name)
        ]

    def _text(self, name: str, value: float) -> str:
        if name == "threshold_pace":
            minutes, seconds = divmod(round(value * METRES[self._units] / 1000), 60)
            return f"{minutes}:{seconds:02}"
        if name == "weight":
            return f"{round(value if self._units == 'metric' else value / _POUND, 1):g}"
        return f"{round(value, 1):g}"

    def _rows(self, name: str, typed: Sequence[dict[str, Any]]) -> Rows:
        """What was typed; rows without a value are none."""
        history = {one.since: one.value for one in self._thresholds.profile.history(name)}
        rows = []
        for row in typed:
            text, since = str(row["value"]).strip(), _day(str(row["since"]))
            if not text:
                continue
            known = history.get(since)
            # What is shown is rounded, and what was not changed is to stay exact.
            same = known is not None and self._text(name, known) == text
            rows.append((known if same and known is not None else self._number(name, text), since))
        return rows

    def _number(self, name: str, text: str) -> float:
        if name == "threshold_pace":
            if not (found := _PACE.fullmatch(text)):
                raise _not_meant(words.NO_PACE, text)
            return (int(found[1]) * 60 + int(found[2])) * 1000 / METRES[self._units]
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            raise _not_meant(words.NO_NUMBER, text, _EXAMPLES.get(name, "172")) from None
        return value * _POUND if name == "weight" and self._units == "imperial" else value

    def _edges(self, text: str) -> list[float]:
        try:
            return [float(one) for one in re.split(r"[\s,;]+", text.strip()) if one]
        except ValueError:
            raise _not_meant(words.NO_ZONES, text) from None


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year < _FIRST_YEAR:
        raise BadDates("A day has a year with four digits.", "Type one such as 2026.")
    return day


def _not_meant(sentences: tuple[str, str], text: str, example: str = "") -> BadInput:
    what, to_do = sentences
    return BadInput(what.format(text=f"“{text[:40]}”"), to_do.format(example=example))
