"""The names that notebooks rely on: none goes, none comes unnoticed. Their examples: test_docs_examples."""

from __future__ import annotations

import inspect

import pytest

import strava_nb as snb

NAMES = [
    "activity_picker",
    "app",
    "athlete_profile",
    "cache_info",
    "date_picker",
    "download",
    "errors",
    "files",
    "get_activities",
    "get_athlete_zones",
    "get_best_efforts",
    "get_gear",
    "get_laps",
    "get_splits",
    "get_streams",
    "login",
    "metrics",
    "open_api",
    "open_demo",
    "open_export",
    "plots",
    "read_track",
    "readable",
    "report",
    "sign_out",
    "tables",
    "your_year",
]
MEMBERS = [
    (room, name)
    for room in ("files", "metrics", "plots", "tables")
    for name in getattr(snb, room).__all__
    if callable(getattr(getattr(snb, room), name))
]


def test_the_public_names_are_these() -> None:
    assert sorted(snb.__all__) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_can_be_had_and_says_what_it_is(name: str) -> None:
    assert inspect.getdoc(getattr(snb, name))


@pytest.mark.parametrize(("room", "name"), MEMBERS)
def test_a_rooms_public_function_says_what_it_gives(room: str, name: str) -> None:
    assert len(inspect.getdoc(getattr(getattr(snb, room), name)) or "") > 40


def test_a_name_that_is_not_there_is_said() -> None:
    with pytest.raises(AttributeError, match="get_activitys"):
        _ = snb.get_activitys
