"""The verbs with several doors: one table of one athlete, each track from where it costs nothing."""

from __future__ import annotations

import threading
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from shelves import SHELF, Door, Shelf, ids, payloads, record

import strava_nb as snb
from strava_nb.errors import BadInput, RateLimited, SignInNeeded
from strava_nb.sources.source import Payload, Record
from strava_nb.tables.doubles import counted
from tests.conftest import TODAY

pytestmark = pytest.mark.slow


def test_a_list_of_sources_is_one_table_and_the_first_ones_word_counts() -> None:
    class Panel:
        source = Shelf(record(1, "2026-01-01T10:00:00") | {"name": "Mine"}, name="export")

    api = Shelf(
        record(2, "2026-01-02T10:00:00") | {"odd": 1},
        record(1, "2026-01-01T10:00:00") | {"name": "Theirs", "kudos_count": 3, "distance": 5000.0},
    )
    table = snb.get_activities([Panel(), api, api], 2026, progress=False)
    assert table["id"].tolist() == [2, 1]
    assert table["source"].tolist() == ["api", "export"]
    assert table["from_api"].tolist() == [True, True]
    assert table[["name", "kudos_count", "distance"]].to_numpy().tolist()[1] == ["Mine", 3, 5000.0]
    assert api.asked == [(date(2026, 1, 1), date(2026, 12, 31))]
    rides = snb.get_activities((Panel(), api), sports="run", progress=False)
    assert (len(rides), rides.dtypes.equals(table.dtypes)) == (0, True)


@pytest.mark.parametrize("names", [("demo", "export"), ("api", "demo")])
def test_the_demo_athlete_is_never_put_together_with_somebody_else(names: tuple[str, str]) -> None:
    doors: list[Any] = [Shelf(record(1, "2026-01-01T10:00:00"), name=name) for name in names]
    with pytest.raises(SignInNeeded, match="Sign in first"):
        snb.get_activities(doors, progress=False)
    with pytest.raises(SignInNeeded):
        snb.get_streams(doors, [1], progress=False)
    with pytest.raises(SignInNeeded):
        snb.get_gear(doors)
    assert not doors[0].asked
    assert not doors[1].asked


def test_the_demo_athlete_through_two_doors_is_one_athlete() -> None:
    doors = [Shelf(record(number, "2026-01-01T10:00:00"), name="demo") for number in (1, 2)]
    assert ids(snb.get_activities(doors, progress=False)) == [1, 2]


def test_two_athletes_are_refused_where_both_are_known() -> None:
    mine = Shelf(record(1, "2026-01-01T10:00:00") | {"athlete": {"id": 5}}, name="export")
    theirs = Shelf(record(2, "2026-01-02T10:00:00") | {"athlete": {"id": 6}})
    unknown = Shelf(record(3, "2026-01-03T10:00:00"), name="export")
    with pytest.raises(BadInput, match="two athletes, 5 and 6"):
        snb.get_activities([mine, unknown, theirs], progress=False)
    assert ids(snb.get_activities([mine, unknown], progress=False)) == [1, 3]


def test_an_empty_list_is_no_source() -> None:
    with pytest.raises(BadInput, match="An empty list is not a source"):
        snb.get_activities([], progress=False)


def test_refresh_and_cancel_reach_the_doors_that_know_them() -> None:
    class Least:
        name = "export"

        def activities(self, start: date | None, end: date | None) -> list[Record]:
            return [record(1, "2026-01-01T10:00:00")]

    class Willing(Least):
        def activities(self, start: date | None, end: date | None, **options: Any) -> list[Record]:
            return [record(3, "2026-01-01T10:00:00") | {"name": str(sorted(options))}]

    door, cancel = Door(record(2, "2026-01-02T10:00:00")), threading.Event()
    table = snb.get_activities([Least(), door, Willing()], refresh=True, cancel=cancel, progress=False)
    assert ids(table) == [1, 2, 3]
    assert door.asked == [{"refresh": True, "cancel": cancel}]
    assert table.set_index("id")["name"].dropna().to_dict() == {3: "['cancel', 'refresh', 'tell']"}
    snb.get_activities(door, progress=False)
    assert door.asked[1:] == [{"refresh": False, "cancel": None}]


def test_calls_that_are_used_up_are_raised_as_they_are() -> None:
    class UsedUp(Shelf):
        def activities(self, *_: Any, **__: Any) -> list[Record]:
            raise RateLimited("The calls are used up.")

        def streams(self, activity_id: int) -> Payload | None:
            raise RateLimited("The calls are used up.")

    with pytest.raises(RateLimited):
        snb.get_activities([SHELF, UsedUp()], progress=False)
    with pytest.raises(RateLimited):
        snb.get_streams(UsedUp(), [1], progress=False)


def test_streams_come_first_from_where_they_cost_nothing_then_in_turn() -> None:
    api, export = Door(payloads=payloads(1, 2, 3, 5)), Door(payloads=payloads(2, 4), name="export")
    api.here, export.here = frozenset({1}), frozenset({2, 5})
    table = snb.get_streams([api, export], [6, 5, 4, 3, 2, 1], progress=False)
    assert table["activity_id"].tolist() == [5, 4, 3, 2, 1]
    assert table["source"].tolist() == ["api", "export", "api", "export", "api"]
    assert table.attrs == {"without_streams": [6]}
    assert api.asked == [[1], [3, 4, 5, 6]]
    assert export.asked == [[2, 5], [4, 6]]


def test_a_door_that_knows_no_more_than_streams_is_asked_one_by_one() -> None:
    least = Shelf(payloads=payloads(1, 3), name="export")
    door = Door(payloads=payloads(1, 2))
    table = snb.get_streams([least, door], [1, 2, 3], progress=False)
    assert table[["activity_id", "source"]].astype(str).to_numpy().tolist() == [
        ["1", "export"],
        ["2", "api"],
        ["3", "export"],
    ]
    assert (least.asked, door.asked) == ([1, 2, 3], [[2]])


def test_the_two_doors_to_one_athlete_are_one_table_and_tracks_come_from_the_export(tmp_path: Path) -> None:
    account = snb.open_demo(today=TODAY)
    path = account.export(tmp_path / "export.zip", activities=6)
    export = snb.open_export(path, timezone="Europe/Berlin")
    alone = snb.get_activities(account, 2026, progress=False)
    both = snb.get_activities([account, export], 2026, progress=False)
    assert both["id"].tolist() == alone["id"].tolist()
    assert both["double_of"].isna().all()
    assert both["gear_name"].notna().any()
    pd.testing.assert_series_equal(both["distance"], alone["distance"])

    files = tmp_path / "files"
    with zipfile.ZipFile(path) as packed:
        packed.extractall(files, [name for name in packed.namelist() if name.startswith("activities/")])
    device = snb.open_export(files, timezone="Europe/Berlin")
    device.name = "demo"
    twice = snb.get_activities([account, device], 2026, progress=False)
    copies = twice[twice["id"] < 0]
    assert len(copies) > 2
    assert copies["double_of"].isin(alone["id"]).all()
    assert counted(twice).tolist() == (twice["id"] > 0).tolist()
