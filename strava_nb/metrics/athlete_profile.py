"""What an athlete's body can do, and since when: the thresholds that metrics are measured against.

Plain and frozen, so that it can be kept, shown and compared; who fills it in and where it lies is for
others. Nothing in it is guessed: what nobody has said is absent, and so is what would rest on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from ..errors import BadInput
from .reading import Days, Floats

K_MEN, K_WOMEN = 1.92, 1.67
POWER_EDGES = (0.55, 0.75, 0.9, 1.05, 1.2, 1.5)
"""Where one of Coggan's seven power zones ends and the next begins, in shares of FTP."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value, the day from which it holds (None: always) and who says so ("given", "Strava" …)."""

    value: float
    since: date | None = None
    source: str = "given"

    def __post_init__(self) -> None:
        if isinstance(self.since, str):
            object.__setattr__(self, "since", _day(self.since))
        if not (isinstance(self.value, (int, float)) and math.isfinite(self.value) and self.value > 0):
            raise BadInput(
                f"{self.value!r} cannot be a threshold.", "Give a number above 0, or leave it out."
            )


Given = float | Iterable[Any]
"""A number that always holds, or (day, number) pairs."""


@dataclass(frozen=True, slots=True)
class AthleteProfile:
    """An athlete's thresholds, each with the date from which it holds.

    `AthleteProfile(max_heartrate=188, ftp=[("2025-01-01", 220), ("2026-03-01", 236)])`: a number holds
    always, pairs hold from their day on, and before the first of them nothing is known. What is left
    out stays unknown: a metric that needs it is NA and says so.

    Units: heart rates bpm, `ftp` W, `threshold_pace` seconds a kilometre, `weight` kg. `sex` ("M" or
    "F") sets the k of TRIMP (1.92, 1.67) unless `trimp_k` does. `heartrate_zones` are the lower edges
    of the second zone and those above it, in bpm. Each threshold becomes a tuple of `Threshold`, oldest
    first; `dataclasses.asdict` gives plain values, and `AthleteProfile(**those)` is the same profile.
    Raises BadInput for values that cannot be meant.
    """

    max_heartrate: Given = ()
    rest_heartrate: Given = ()
    threshold_heartrate: Given = ()
    ftp: Given = ()
    threshold_pace: Given = ()
    weight: Given = ()
    sex: str | None = None
    trimp_k: float | None = None
    heartrate_zones: tuple[float, ...] = ()
    zones_source: str = "given"

    def __post_init__(self) -> None:
        for name in THRESHOLDS:
            object.__setattr__(self, name, _history(getattr(self, name)))
        edges = tuple(float(edge) for edge in self.heartrate_zones)
        if any(low >= high for low, high in pairwise((0.0, *edges))):
            raise BadInput(
                "The edges of heart rate zones rise.", "Give them lowest first, such as (115, 135)."
            )
        object.__setattr__(self, "heartrate_zones", edges)
        if self.sex not in (None, "M", "F"):
            raise BadInput(f"{self.sex!r} has no formula of its own.", 'Use "M", "F", or trimp_k.')

    @classmethod
    def from_strava(
        cls, athlete: Mapping[str, Any] | None, zones: Mapping[str, Any] | None = None
    ) -> AthleteProfile:
        """What Strava's records of an athlete and of their zones tell; both need `profile:read_all`.

        Of these Strava knows FTP, weight, sex and heart rate zones, but no maximum, rest or threshold
        heart rate. `replace` puts those beside it.
        """
        known = athlete or {}
        told: dict[str, Any] = {
            name: [Threshold(float(known[name]), None, "Strava")]
            for name in ("ftp", "weight")
            if known.get(name)
        }
        found = ((zones or {}).get("heart_rate") or {}).get("zones") or []
        edges = sorted({float(zone["min"]) for zone in found if zone.get("min", 0) > 0})
        sex = known.get("sex")
        return cls(
            **told,
            sex=sex if sex in ("M", "F") else None,
            heartrate_zones=tuple(edges),
            zones_source="Strava" if edges else "given",
        )

    def at(self, day: date | str) -> dict[str, float | None]:
        """The value of each threshold on a day, None where nobody has said it."""
        on = np.array([_day(day)], dtype="datetime64[D]")
        found = {name: float(self.over(name, on)[0]) for name in THRESHOLDS}
        return {name: None if math.isnan(value) else value for name, value in found.items()}

    def over(self, name: str, days: Days) -> Floats:
        """The value of one threshold on each of the days, NaN where unknown."""
        history = self.history(name)
        if not history:
            return np.full(len(days), np.nan)
        since = np.array([one.since or date.min for one in history], dtype="datetime64[D]")
        values = np.array([np.nan, *(one.value for one in history)])
        found: Floats = values[np.searchsorted(since, days.astype("datetime64[D]"), side="right")]
        if history[0].since is None and len(history) == 1:
            return np.full(len(days), history[0].value)
        return np.where(np.isnat(days), np.nan, found)

    def history(self, name: str) -> tuple[Threshold, ...]:
        """What has been said of one threshold, oldest first."""
        said: tuple[Threshold, ...] = getattr(self, name)
        return said

    def told(self, *names: str) -> dict[str, Any]:
        """These thresholds as plain values for a table's `.attrs["thresholds"]`; what is unknown is None."""
        plain: dict[str, Any] = {}
        for name in names:
            plain[name] = [
                {"value": one.value, "since": one.since and one.since.isoformat(), "source": one.source}
                for one in self.history(name)
            ] or None
        return plain

    @property
    def k(self) -> float:
        """The k of TRIMP, NaN where neither it nor the sex is known."""
        if self.trimp_k is not None:
            return self.trimp_k
        return {"M": K_MEN, "F": K_WOMEN}.get(self.sex or "", math.nan)


class HasProfile(Protocol):
    """What shows a profile, such as the widget of snb.athlete_profile."""

    @property
    def value(self) -> AthleteProfile:
        """The profile as it is now."""


def profile_of(given: AthleteProfile | HasProfile | None) -> AthleteProfile:
    """The profile that is meant: itself, what a widget shows, or one in which nothing is known."""
    value = getattr(given, "value", given)
    if value is None:
        return AthleteProfile()
    if not isinstance(value, AthleteProfile):
        raise BadInput(
            f"A {type(given).__name__} is no athlete's profile.",
            "Give a metrics.AthleteProfile, or what snb.athlete_profile returned.",
        )
    return value


THRESHOLDS = tuple(f.name for f in fields(AthleteProfile) if f.type == "Given")
"""The names of what has a history."""


def _history(given: Any) -> tuple[Threshold, ...]:
    if given is None:
        return ()
    if isinstance(given, (int, float)):
        return (Threshold(float(given)),)
    if isinstance(given, Mapping):
        given = given.items()
    found = sorted((_threshold(one) for one in given), key=lambda one: one.since or date.min)
    days = [one.since for one in found]
    if len(set(days)) < len(days):
        raise BadInput("Two values hold from one day.", "Give each day once.")
    return tuple(found)


def _threshold(one: Any) -> Threshold:
    if isinstance(one, Threshold):
        return one
    if isinstance(one, Mapping):
        return Threshold(**one)
    try:
        since, value = one
    except (TypeError, ValueError):
        raise BadInput(
            f"{one!r} is not a day and a value.", 'Give a number, or pairs such as ("2026-01-01", 240).'
        ) from None
    return Threshold(value, since)


def _day(value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadInput(f"{value!r} is not a date.", "Write dates as 2026-01-31.") from None
