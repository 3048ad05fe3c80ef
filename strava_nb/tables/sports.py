"""Sports: which group one belongs to, what to call it, which ones a word means.

`sports.json` is the one list, so that "all my rides" has one meaning everywhere. Strava adds sports
without notice: one that the list does not know is named by its own words and grouped by its last one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from ..errors import BadSports

GROUPS = ("Ride", "Run", "Walk", "Swim", "Snow", "Water", "Gym", "Other")
"""The sport groups, in the order in which pictures stack them."""

_GROUP_BY_LAST_WORD = {
    "Ride": "Ride",
    "Run": "Run",
    "Walk": "Walk",
    "Hike": "Walk",
    "Swim": "Swim",
    "Ski": "Snow",
}


@cache
def _known() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("sports.json").read_text("utf-8")
    known: dict[str, dict[str, str]] = json.loads(text)
    return known


def known_sports() -> tuple[str, ...]:
    """The sport types that the list knows, as the API names them."""
    return tuple(_known())


@cache
def group_of(sport_type: str) -> str:
    """The sport group of a sport type."""
    if sport_type in _known():
        return _known()[sport_type]["group"]
    return _GROUP_BY_LAST_WORD.get(_words_of(sport_type)[-1].capitalize(), "Other")


@cache
def in_words(sport_type: str) -> str:
    """A sport type as people say it: "E-bike ride"."""
    if sport_type in _known():
        return _known()[sport_type]["words"]
    return " ".join(_words_of(sport_type)).capitalize()


def sport_types_meant(sports: str | Iterable[str], present: Iterable[str]) -> set[str]:
    """The sport types among those `present` that the words mean.

    A word is a sport type, a sport in words or a group, in any letter case; a word that is both a
    group and a sport ("run") means the group. Raises BadSports for a word that means nothing.
    """
    present = set(present)
    everything = present | set(_known())
    meant: set[str] = set()
    for word in sports if isinstance(sports, Iterable) and not isinstance(sports, str) else [sports]:
        key = _plain(str(word))
        group = next((g for g in GROUPS if _plain(g) == key), None)
        if group:
            meant |= {sport for sport in everything if group_of(sport) == group}
        elif named := {s for s in everything if key in (_plain(s), _plain(in_words(s)))}:
            meant |= named
        else:
            raise BadSports(
                f"There is no sport called {word!r}.",
                f"Use a group ({', '.join(GROUPS)}) or one of Strava's sport types, such as TrailRun.",
            )
    return meant & present


def _words_of(sport_type: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z\W_]+", sport_type) or [sport_type or "Other"]


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", "", word).casefold()
