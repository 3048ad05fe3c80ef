"""An athlete's thresholds as they are known here: what they said, else what Strava or the activities tell.

Apart from `metrics/athlete_profile.py`, which is pure and guesses nothing, and from the widget, which
shows this: a profile can be had and changed without a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from .errors import BadInput, BadTable, ScopeMissing, StravaNbError
from .metrics.athlete_profile import THRESHOLDS, AthleteProfile, Threshold
from .metrics.reading import numbers
from .sources import kept_thresholds
from .sources.demo import demo_thresholds
from .sources.source import Source
from .tables.readable_table import Units
from .wanted import sources_of

STRAVA, SEEN, DEMO, GIVEN = "Strava", "activities", "demo", "given"
"""Who says so: Strava, the activities, the demo athlete's makers, the person."""

RANGES: Final[dict[str, tuple[float, float, str]]] = {
    "max_heartrate": (90, 250, "A highest heart rate lies between 90 and 250 beats a minute."),
    "rest_heartrate": (25, 120, "A resting heart rate lies between 25 and 120 beats a minute."),
    "threshold_heartrate": (60, 240, "A threshold heart rate lies between 60 and 240 beats a minute."),
    "ftp": (20, 800, "An FTP lies between 20 and 800 W."),
    "threshold_pace": (120, 1200, "A threshold pace lies between 2:00 and 20:00 minutes a kilometre."),
    "weight": (25, 300, "A weight lies between 25 and 300 kg."),
}
"""What a person can mean, and the sentence for what they cannot."""

_ORDER: Final = (
    ("rest_heartrate", "threshold_heartrate", "The resting heart rate is not below that at threshold"),
    ("threshold_heartrate", "max_heartrate", "The heart rate at threshold is not below the highest"),
    ("rest_heartrate", "max_heartrate", "The resting heart rate is not below the highest"),
)
_REACHED = 3
"""Activities that must have reached a heart rate: a single one may be a slip of the strap's."""

Rows = Sequence[tuple[float, date | None]]


class Thresholds:
    """One athlete's thresholds. `profile` is what metrics take; the setters keep what a person says, at once.

    `source` is a source, a panel, or a list of them. Of `activities`, a table, the heart rate that three
    reached stands in for the highest until the person says theirs. `problems` tells what Strava did not.
    """

    def __init__(self, source: Any, activities: pd.DataFrame | None = None) -> None:
        sources = sources_of(source)
        self.whose = kept_thresholds.whose(sources[0])
        self.problems: list[str] = []
        self.demo = any(one.name == "demo" for one in sources)
        self._filled, self.units = self._fill(sources, activities)

    @property
    def profile(self) -> AthleteProfile:
        """The thresholds as they are now."""
        return self._with(self.said)

    @property
    def said(self) -> dict[str, Any]:
        """What the person has said, as it is kept; `{}` where that makes no sense (any more)."""
        said = kept_thresholds.load(self.whose)
        try:
            self._with(said)
        except (BadInput, ValueError, TypeError, KeyError, AttributeError):
            return {}
        return said

    def set(self, name: str, rows: Rows) -> None:
        """Have these (value, day from which it holds) be the history of a threshold; none: it is not known.

        Raises BadInput for what cannot be meant, and changes nothing then.
        """
        filled = self._filled.history(name)
        given = [row for row in rows if row not in [(one.value, one.since) for one in filled]]
        said = self.said
        values = {**said.get("values", {}), name: [[value, day and day.isoformat()] for value, day in given]}
        dropped = {one for one in said.get("dropped", ()) if one != name}
        if any((one.value, one.since) not in rows for one in filled):
            dropped.add(name)
        self._keep(
            said | {"values": {one: rows for one, rows in values.items() if rows}, "dropped": sorted(dropped)}
        )

    def set_sex(self, sex: str | None) -> None:
        """Have "F", "M" or None set the k of TRIMP."""
        self._keep({**self.said, "sex": sex} if sex != self._filled.sex else _without(self.said, "sex"))

    def set_zones(self, edges: Sequence[float]) -> None:
        """Have these be the heart rates at which the second zone and those above it begin."""
        if any(not 30 <= edge <= 250 for edge in edges):
            raise BadInput("A zone begins at a heart rate.", "Write beats a minute, such as 116, 146, 161.")
        same = tuple(edges) == self._filled.heartrate_zones
        self._keep(_without(self.said, "zones") if same else {**self.said, "zones": list(edges)})

    def forget(self) -> None:
        """Delete what the person has said: what Strava or the activities tell holds again."""
        kept_thresholds.forget(self.whose)

    def _keep(self, said: dict[str, Any]) -> None:
        profile = self._with(said)
        for name in THRESHOLDS:
            low, high, sentence = RANGES[name]
            if any(one.source == GIVEN and not low <= one.value <= high for one in profile.history(name)):
                raise BadInput(sentence, "Correct it, or leave it empty.")
        _in_order(profile)
        said = {name: value for name, value in said.items() if value or name in ("sex", "zones")}
        if said:
            kept_thresholds.save(self.whose, said)
        else:
            kept_thresholds.forget(self.whose)

    def _with(self, said: dict[str, Any]) -> AthleteProfile:
        """The profile that Strava and the activities tell, with what the person said in its place."""
        values, dropped = said.get("values", {}), said.get("dropped", ())
        told: dict[str, Any] = {}
        for name in THRESHOLDS:
            given = [Threshold(float(value), day, GIVEN) for value, day in values.get(name, ())]
            days = {one.since for one in given}
            filled = () if name in dropped else self._filled.history(name)
            told[name] = [*(one for one in filled if one.since not in days), *given]
        if "sex" in said:
            told["sex"] = said["sex"]
        if "zones" in said:
            told |= {"heartrate_zones": tuple(said["zones"]), "zones_source": GIVEN}
        return replace(self._filled, **told)

    def _fill(
        self, sources: Sequence[Source], activities: pd.DataFrame | None
    ) -> tuple[AthleteProfile, Units]:
        athlete: dict[str, Any] = {}
        zones: dict[str, Any] | None = None
        for one in sources:
            try:
                athlete = one.athlete | athlete
                zones = zones or _zones_of(one)
            except ScopeMissing:
                pass  # Then there are none: the page says who said what there is.
            except StravaNbError as error:
                self.problems.append(str(error))
        found = AthleteProfile.from_strava(athlete, zones)
        told: dict[str, Any] = {name: [Threshold(one, None, SEEN)] for name, one in _seen(activities).items()}
        if self.demo:
            told |= {name: [Threshold(one, None, DEMO)] for name, one in demo_thresholds().items()}
            told["sex"] = "F"
        found = replace(found, **told)
        units: Units = "imperial" if athlete.get("measurement_preference") == "feet" else "metric"
        return found, units


def _zones_of(source: Source) -> dict[str, Any] | None:
    """A source's zones, asked for once: each time is a call."""
    zones = getattr(source, "zones", None)
    if zones is None:
        return None
    if source not in _zones:
        _zones[source] = zones()
    return _zones[source]


_zones: WeakKeyDictionary[Source, dict[str, Any]] = WeakKeyDictionary()


def _seen(activities: Any) -> dict[str, float]:
    """What the activities tell of their athlete."""
    if activities is None:
        return {}
    if not isinstance(activities, pd.DataFrame):
        raise BadTable(
            f"This is not a table of activities but a {type(activities).__name__}.",
            "Use the table that get_activities returned.",
        )
    low, high, _ = RANGES["max_heartrate"]
    rates = numbers(activities, "max_heartrate")
    reached = np.sort(rates[(rates >= low) & (rates <= high)])
    return {"max_heartrate": float(reached[-_REACHED])} if len(reached) >= _REACHED else {}


def _in_order(profile: AthleteProfile) -> None:
    """Raises BadInput where heart rates of one day contradict each other."""
    names = {name for pair in _ORDER for name in pair[:2]}
    days = sorted({one.since or date.min for name in names for one in profile.history(name)})
    for low, high, sentence in _ORDER:
        for day in days:
            at = profile.at(day)
            below, above = at[low], at[high]
            if below is not None and above is not None and below >= above:
                since = f" from {day.isoformat()} on" if day > date.min else ""
                raise BadInput(f"{sentence}{since}: {below:.0f} and {above:.0f}.", "Correct one of them.")


def _without(said: dict[str, Any], name: str) -> dict[str, Any]:
    return {one: value for one, value in said.items() if one != name}
