"""What is this person's own: the secrets, names, numbers and places that a notebook must not tell.

From three places: the environment, what is kept on this computer, and a table of the person's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import BadInput, BadTable
from ..metrics.reading import Floats, numbers
from ..settings import settings
from .track_parts import positioned, rows_of_each
from .unwrapping import plain

HOME = 500.0
"""Metres around a place where one often starts."""

TOKEN, SECRET = "a token", "a client secret"
ATHLETE, ACTIVITY, GEAR = "the athlete's id", "an activity's id", "a gear's id"

_MOST_HOMES = 5
_OFTEN = 0.1
"""A share of the starts that makes a place one of the commonest."""

_EARTH = 111_195.0
_SECRETS = {"access_token": TOKEN, "refresh_token": TOKEN, "client_secret": SECRET}
_SHORTEST = 8
_IDS = {"athlete_id": ATHLETE, "activity_id": ACTIVITY, "upload_id": ACTIVITY, "gear_id": GEAR}


@dataclass(frozen=True, slots=True)
class Known:
    """One person's own; none of it is in the repr.

    `secrets` and `ids` say what each is; `short_ids` are too short to be found without a word beside
    them. `homes` are latitudes and longitudes, one a row.
    """

    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    names: tuple[re.Pattern[str], ...] = field(default=(), repr=False)
    ids: dict[str, str] = field(default_factory=dict, repr=False)
    short_ids: tuple[re.Pattern[str], ...] = field(default=(), repr=False)
    homes: Floats = field(default_factory=lambda: np.zeros((0, 2)), repr=False)


def known(table: Any, names: Any) -> Known:
    """What is known of the person. Raises BadTable and BadInput for what cannot be meant."""
    if isinstance(names, str):
        names = (names,)
    names = list(names) if isinstance(names, Iterable) else [names]
    if not all(isinstance(one, str) for one in names):
        raise BadInput("Names are texts.", 'Give names=("Dana Demo",).')
    if unusable := [one for one in names if len(re.sub(r"\W", "", one)) < 2]:
        raise BadInput(f"{unusable[0]!r} is too short to be looked for.", "Give the name as it is written.")
    ids = {} if table is None else _ids(table)
    for person in _people():
        names.append(str(person.get("name", "")))
        ids[str(person.get("athlete_id", ""))] = ATHLETE
    return Known(
        secrets={one: what for one, what in _secrets() if one and len(one) >= _SHORTEST},
        names=tuple(pattern for one in dict.fromkeys(names) if (pattern := _name(one))),
        ids={one: what for one, what in ids.items() if _long_enough(one)},
        short_ids=tuple(
            re.compile(rf"(?i)athletes?[\"'_ /]{{0,3}}(?:id)?\W{{1,8}}{one}(?!\d)")
            for one, what in ids.items()
            if what == ATHLETE and one and not _long_enough(one)
        ),
        homes=np.zeros((0, 2)) if table is None else _homes(*_starts(table)),
    )


def _name(name: str) -> re.Pattern[str] | None:
    """Its words in their order, whatever stands between them that is no letter; or "last, first"."""
    words = [re.escape(one) for one in re.split(r"[\W_]+", plain(name)) if one]
    if not words:
        return None
    between = r"[^a-z0-9]{0,40}(?:last_?name[^a-z0-9]{1,20})?"
    orders = {between.join(words), r"[\s,_]{1,3}".join([*words[1:], words[0]])}
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(orders))})(?![^\W_])")


def _long_enough(number: str) -> bool:
    return not number.isdigit() or len(number) >= 6


def _ids(table: Any) -> dict[str, str]:
    to_do = "Use the table that get_activities or get_streams returned."
    if not isinstance(table, pd.DataFrame):
        raise BadTable(f"A {type(table).__name__} is not a table of activities.", to_do)
    columns = dict(_IDS)
    if {"sport_type", "start_date"} & set(table.columns):
        columns["id"] = ACTIVITY
    if not columns.keys() & set(table.columns) and not {"start_lat", "start_lng"} <= set(table.columns):
        raise BadTable("This table tells neither whose it is nor where they start.", to_do)
    ids: dict[str, str] = {}
    for name in (one for one in reversed(columns) if one in table):
        for value in table[name].dropna().astype("string").unique():
            number = value.strip().removesuffix(".0")
            if re.fullmatch(r"\d+|[bg]\d+", number):
                ids[number] = columns[name]
    return ids


def _starts(table: pd.DataFrame) -> tuple[Floats, Floats]:
    if {"start_lat", "start_lng"} <= set(table.columns):
        return numbers(table, "start_lat"), numbers(table, "start_lng")
    if {"activity_id", "lat", "lng"} <= set(table.columns):
        lat, lng = numbers(table, "lat"), numbers(table, "lng")
        here = positioned(lat, lng)
        firsts = [rows[here[rows]][0] for _, rows in rows_of_each(table) if here[rows].any()]
        return lat[firsts], lng[firsts]
    return np.zeros(0), np.zeros(0)


def metres_from(place: Floats, lat: Floats, lng: Floats) -> Floats:
    """How far positions are from a place, on a plane that is true near it."""
    east = (lng - place[1] + 180) % 360 - 180
    away: Floats = np.hypot(lat - place[0], east * np.cos(np.radians(place[0]))) * _EARTH
    return away


def _homes(lat: Floats, lng: Floats) -> Floats:
    """Where starts are commonest: the place of most, and each other with a tenth of them."""
    here = positioned(lat, lng) & ((lat != 0) | (lng != 0))
    lat, lng = lat[here], lng[here]
    starts = len(lat)
    homes: list[Floats] = []
    while len(lat) and len(homes) < _MOST_HOMES:
        cells = np.stack([lat, lng], axis=1).round(2)
        _, cell, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
        fullest = cell.reshape(-1) == np.argmax(counts)
        middle = np.array([np.median(lat[fullest]), np.median(lng[fullest])])
        nearest = np.argmin(metres_from(middle, lat, lng))  # the middle may lie between two places
        close = metres_from(np.array([lat[nearest], lng[nearest]]), lat, lng) <= HOME
        if not homes or close.sum() >= max(2, _OFTEN * starts):
            homes.append(np.array([np.median(lat[close]), np.median(lng[close])]))
        else:
            break
        lat, lng = lat[~close], lng[~close]
    return np.array(homes).reshape(-1, 2)


def _secrets() -> Iterator[tuple[str | None, str]]:
    here = settings()
    yield from ((here.access_token, TOKEN), (here.refresh_token, TOKEN), (here.client_secret, SECRET))
    for path in [*_files(here.home / "tokens"), *_files(here.home / "sign-ins")]:
        yield from _in_json(_read(path))
    with suppress(OSError, UnicodeDecodeError):
        yield (here.home / "privacy" / "secret").read_text("utf-8").strip(), "this computer's secret"
    if any(person.get("in_keyring") for person in _people()):
        from ..signin.remembered import Remembered  # brings the network's tools

        for kept in Remembered(here.url).in_keyring():
            yield from _in_json(kept)


def _people() -> list[dict[str, Any]]:
    listed = [_read(path) for path in _files(settings().home / "sign-ins") if path.name.startswith("people-")]
    return [one for people in listed if isinstance(people, list) for one in people if isinstance(one, dict)]


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except OSError:
        return []


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _in_json(kept: Any) -> Iterator[tuple[str, str]]:
    if isinstance(kept, dict):
        for name, value in kept.items():
            if name in _SECRETS and isinstance(value, str):
                yield value, _SECRETS[name]
            else:
                yield from _in_json(value)
