"""Laps, splits, best efforts and zones through each door: what is told, measured, and asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pulling import Clock, asked, door
from test_pull import Shelf
from tracks_to_cut import DETAIL, steady

import strava_nb as snb
from strava_nb import inside
from strava_nb.errors import BadInput, BadTable, ScopeMissing, StravaNbWarning
from strava_nb.signin.access import Access
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator
from strava_nb.simulator.archive import write_export
from strava_nb.sources.api import ApiSource
from strava_nb.sources.archive import ExportSource
from strava_nb.sources.source import Listener, Progress, Record, nobody
from tests.conftest import TODAY

pytestmark = pytest.mark.slow

# The verbs, through every door.

EFFORTS = {"elapsed_time": 2.0, "distance": 0.0}
"""s: Strava's efforts begin and end at samples, ours in between."""
SPLITS = {"elapsed_time": 2.5, "distance": 4.0, "elevation_difference": 0.5, "average_heartrate": 0.5}
"""s, m, m, bpm: so far may one sample, at which Strava's splits end, be from the kilometre."""


@pytest.fixture(scope="module")
def api() -> ApiSource:
    return snb.open_demo(today=TODAY)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> ExportSource:
    path: Path = tmp_path_factory.mktemp("export") / "DEMO_export_100000042.zip"
    return snb.open_export(write_export(path, today=TODAY, activities=25), timezone="Europe/Berlin")


@pytest.fixture(scope="module")
def activities(export: ExportSource) -> pd.DataFrame:
    return snb.get_activities(export, progress=False)


def of(activities: pd.DataFrame, group: str) -> pd.DataFrame:
    found = activities[activities["sport_group"] == group]
    assert len(found) >= 2
    return found


def check_close(one: pd.DataFrame, other: pd.DataFrame, tolerances: dict[str, float]) -> None:
    for name, tolerance in tolerances.items():
        assert one[name].isna().tolist() == other[name].isna().tolist(), name
        assert ((one[name] - other[name]).abs().max() or 0) <= tolerance, name


def test_strava_tells_of_laps_splits_and_efforts_in_the_order_asked_for(
    api: ApiSource, activities: pd.DataFrame
) -> None:
    runs = of(activities, "Run").iloc[::-1]
    for table in (
        snb.get_laps(api, runs, progress=False),
        snb.get_splits(api, runs, progress=False),
        snb.get_best_efforts(api, runs, progress=False),
    ):
        assert list(dict.fromkeys(table["activity_id"])) == runs["id"].tolist()
        assert set(table["basis"]) == {"strava"}
        assert set(table["source"]) == {"demo"}
        assert table.attrs == {"without_streams": []}


def test_what_is_measured_is_what_strava_tells_of_the_same_samples(
    api: ApiSource, activities: pd.DataFrame
) -> None:
    runs = of(activities, "Run")
    streams = snb.get_streams(api, runs, progress=False)
    told = snb.get_splits(api, runs, progress=False)
    ours = snb.tables.splits(streams)
    whole = ours["distance"] == 1000  # the last ones are what is left
    check_close(ours[whole], told[whole], SPLITS)
    efforts = snb.metrics.best_efforts(streams)
    check_close(efforts, snb.get_best_efforts(api, runs, progress=False), EFFORTS)


def test_an_export_is_measured_and_says_so(export: ExportSource, activities: pd.DataFrame) -> None:
    runs = of(activities, "Run").head(2)
    streams = snb.get_streams(export, runs, progress=False)
    efforts = snb.get_best_efforts(export, runs, progress=False)
    plain = snb.metrics.best_efforts(streams)
    check_close(efforts, plain, {"elapsed_time": 0.001, "start": 0.001, "distance": 0})
    assert efforts["name"].tolist() == plain["name"].tolist()
    assert efforts["average_heartrate"].notna().all()
    laps = snb.get_laps(export, runs, progress=False)
    assert laps["activity_id"].tolist() == runs["id"].tolist()
    assert laps["distance"].tolist() == pytest.approx(runs["distance"].tolist(), rel=0.01)
    assert laps["moving_time"].tolist() == pytest.approx(runs["moving_time"].tolist(), rel=0.03)
    splits = snb.get_splits(export, runs, progress=False)
    assert {*efforts["basis"], *laps["basis"], *splits["basis"]} == {"streams"}
    assert (splits["average_grade_adjusted_speed"] / splits["average_speed"]).between(0.6, 1.6).all()


def test_a_track_is_cut_the_same_through_both_doors(
    api: ApiSource, export: ExportSource, activities: pd.DataFrame
) -> None:
    in_fit = activities[activities["filename"].str.endswith(".fit.gz").fillna(False)]
    rides = in_fit[in_fit["sport_group"] == "Ride"].head(2)
    assert len(rides) == 2
    check_close(
        snb.get_splits(export, rides, progress=False),
        snb.get_splits(api, rides, progress=False),  # Strava has no splits of rides
        {"elapsed_time": 0.001, "moving_time": 0.001, "distance": 0.001, "average_heartrate": 1e-6,
         "elevation_difference": 0.21},
    )  # fmt: skip


def test_only_runs_have_best_efforts_and_others_are_not_asked_for(
    api: ApiSource, export: ExportSource, activities: pd.DataFrame
) -> None:
    runs = of(activities, "Run").head(2)
    some = pd.concat([runs, of(activities, "Ride").head(2)])
    for source in (api, export):
        for asked_for in (some, some["id"]):
            table = snb.get_best_efforts(source, asked_for, progress=False)
            assert list(dict.fromkeys(table["activity_id"])) == runs["id"].tolist()
    shelf = Shelf(payloads={1: steady_payload(3.0, 500)})
    rides = pd.DataFrame({"id": [1], "sport_group": ["Ride"]})
    assert len(snb.get_best_efforts(shelf, rides, progress=False)) == 0
    assert shelf.asked == []
    assert snb.get_best_efforts(shelf, 1, progress=False)["name"].tolist() == ["400m", "1/2 mile", "1K"]


def test_splits_of_rides_know_no_speed_on_the_level(export: ExportSource, activities: pd.DataFrame) -> None:
    splits = snb.get_splits(export, of(activities, "Ride").head(2), progress=False)
    assert splits["average_grade_adjusted_speed"].isna().all()
    assert splits["average_speed"].notna().all()


def steady_payload(speed: float, seconds: int) -> dict[str, Any]:
    return {name: {"data": list(map(float, data))} for name, data in steady(speed, seconds).items()}


class Strava(Shelf):
    """A shelf with details as Strava has them."""

    def __init__(self, *details: Record, **more: Any) -> None:
        super().__init__(**more)
        self.details = {one["id"]: one for one in details}

    def details_of(
        self, ids: Iterable[int], *, tell: Listener = nobody, cancel: threading.Event | None = None
    ) -> Iterator[tuple[int, Record | None]]:
        for one in ids:
            self.asked.append(("detail", one))
            yield one, self.details.get(one)
            tell(Progress("detail", len(self.asked)))


def test_of_each_activity_the_first_source_that_has_it_tells() -> None:
    strava = Strava(DETAIL | {"laps": DETAIL["laps"][:1]}, {"id": 8}, payloads={8: steady_payload(3, 100)})
    files = Shelf(payloads={one: steady_payload(4, 100) for one in (7, 9)}, name="export")
    table = snb.get_laps([strava, files], [9, 8, 7], progress=False)
    assert table["activity_id"].tolist() == [9, 8, 7]
    assert table["basis"].tolist() == ["streams", "streams", "strava"]
    assert table["source"].tolist() == ["export", "api", "api"]
    strava.asked.clear()
    table = snb.get_laps([files, strava], [7, 9], progress=False)
    assert set(table["source"]) == {"export"}
    assert strava.asked == []


def test_activities_of_which_nothing_is_recorded_are_named_and_what_was_typed_in_is_not_asked_for() -> None:
    strava = Strava({"id": 1, "manual": True}, {"id": 2}, payloads={3: steady_payload(3, 100)})
    for verb in (snb.get_laps, snb.get_splits):
        with pytest.warns(StravaNbWarning, match="None of these 3 activities has streams"):  # a wrong id?
            table = verb(strava, [1, 2, 3, 1], progress=False)
        assert len(table) == 0
        assert table.attrs["without_streams"] == [1, 2, 3]  # Strava knows of no activity 3
    assert [one for one in strava.asked if isinstance(one, int)] == [2, 2]


def test_both_shapes_of_streams_and_partial_ones_are_measured() -> None:
    listed = [{"type": name, **stream} for name, stream in steady_payload(4, 500).items()]
    partial = {"time": {"data": [0.0, 100.0, 200.0]}, "distance": {"data": [0.0, 500.0]}}
    shelf = Shelf(payloads={1: listed, 2: partial, 3: {"distance": {"data": [0.0, 9.0]}}})
    with pytest.warns(StravaNbWarning, match="ends after 2 of 3 samples"):
        table = snb.get_splits(shelf, [1, 2, 3], progress=False)
    assert table["activity_id"].tolist() == [1, 1, 2]
    assert table["distance"].tolist() == [1000, 1000, 500]
    assert table["elapsed_time"].tolist() == [250, 250, 200]


def test_a_stop_gives_what_came_and_says_so_at_the_callers_line() -> None:
    strava, cancel = Strava(*({"id": one, "laps": [{"distance": 1}]} for one in range(5))), threading.Event()
    cancel.set()
    with pytest.warns(StravaNbWarning, match="Stopped after the laps of 0 activities") as told:
        assert len(snb.get_laps(strava, range(5), progress=False, cancel=cancel)) == 0
    assert told[0].filename == __file__

    def interrupt(step: Progress) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.warns(StravaNbWarning, match="the laps of 2 activities: run this again"):
        table = snb.get_laps(strava, range(5), progress=interrupt)
    assert set(table["activity_id"]) == {0, 1}
    assert table.attrs["without_streams"] == []


def test_details_cost_a_call_each_are_told_beforehand_and_kept(strava: Simulator) -> None:
    source = door(strava, Clock())
    ids = snb.get_activities(source, progress=False)["id"].head(15)
    steps: list[Progress] = []
    snb.get_laps(source, ids, progress=steps.append)
    assert steps[0].note.startswith("15 activities, 15 without detail here: 15 calls; ")
    calls = len(strava.calls)
    again: list[Progress] = []
    snb.get_laps(source, ids, progress=again.append)
    assert not any(asked(strava, f"/activities/{one}", since=calls) for one in ids)
    assert not any(step.note for step in again)


def test_zones_are_told_by_the_first_source_that_knows_of_them(api: ApiSource, export: ExportSource) -> None:
    zones = snb.get_athlete_zones([export, api])
    assert zones["kind"].tolist() == ["heartrate"] * 5 + ["power"] * 7
    assert set(zones["source"]) == {"demo"}
    assert zones[zones["max"].isna()]["zone"].tolist() == [5, 7]
    with pytest.raises(BadInput, match="An export does not tell of zones"):
        snb.get_athlete_zones(export)
    with pytest.raises(BadInput, match="A Shelf does not tell"):
        snb.get_athlete_zones(Shelf())


def test_zones_that_were_not_granted_are_said(strava: Simulator) -> None:
    token = strava.grant("read,activity:read_all").access_token
    source = ApiSource(Access(Tokens(token)), url=f"{strava.url}/api/v3", keep=False)
    with pytest.raises(ScopeMissing, match="zones") as caught:
        snb.get_athlete_zones(source)
    assert str(caught.value.scope).startswith("profile:read")


def test_measured_efforts_are_not_taken_for_stravas() -> None:
    shelf = Shelf(payloads={1: steady_payload(3.0, 500)})
    measured = snb.get_best_efforts(shelf, 1, progress=False)
    streams = snb.get_streams(shelf, 1, progress=False)
    assert set(snb.metrics.best_efforts(streams, strava=measured)["basis"]) == {"streams"}


def test_many_tracks_are_measured_some_at_a_time_but_told_of_as_one_pull(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf, steps = Shelf(payloads={one: steady_payload(4, 300) for one in range(7)}), []
    whole = snb.get_splits(shelf, range(9), progress=False)
    monkeypatch.setattr(inside, "_AT_ONCE", 3)
    pd.testing.assert_frame_equal(snb.get_splits(shelf, range(9), progress=steps.append), whole)
    assert [(step.done, step.total) for step in steps] == [(one, 9) for one in range(1, 10)]
    assert whole.attrs["without_streams"] == [7, 8]


def test_a_table_that_is_not_of_streams_is_said() -> None:
    with pytest.raises(BadTable, match="not a table of streams: it has no activity_id, time"):
        snb.tables.splits(snb.tables.activities([]))


def test_the_cost_of_many_tracks_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Costly(Shelf):
        def cost(self, ids: Iterable[int]) -> str:
            return f"{len(list(ids))} activities; {len(list(ids))} calls"

    monkeypatch.setattr(inside, "_AT_ONCE", 20)
    steps: list[Progress] = []
    snb.get_splits(
        Costly(payloads={one: steady_payload(4, 20) for one in range(50)}), range(50), progress=steps.append
    )
    assert [step.note for step in steps if step.note] == ["50 activities; 50 calls"]
    assert steps[0].total == steps[-1].done == 50
