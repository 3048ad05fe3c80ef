"""Laps, splits, best efforts and zones: Strava's own as they are, and known answers where measured."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulling import Clock, asked, door
from test_pull import Shelf

import strava_nb as snb
from strava_nb import columns, inside
from strava_nb.errors import BadInput, BadTable, ScopeMissing, StravaNbWarning
from strava_nb.signin.access import Access
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator
from strava_nb.simulator.archive import write_export
from strava_nb.sources.api import ApiSource
from strava_nb.sources.archive import ExportSource
from strava_nb.sources.source import Listener, Progress, Record, nobody
from tests.conftest import TODAY

DETAIL: Record = {
    "id": 7,
    "sport_type": "TrailRun",
    "start_date": "2026-05-01T10:00:00Z",
    "laps": [
        {
            "id": 901,
            "resource_state": 2,
            "name": "Lap <1> & $more$",
            "activity": {"id": 7},
            "athlete": {"id": 1},
            "start_date": "2026-05-01T10:00:05Z",
            "start_date_local": "2026-05-01T12:00:05Z",
            "elapsed_time": 300,
            "moving_time": 290,
            "distance": 1000.5,
            "average_speed": 3.45,
            "average_heartrate": None,
            "lap_index": 1,
            "split": 1,
            "start_index": 5,
            "end_index": 305,
            "pace_zone": 2,
            "device_watts": False,
        },
        {"name": None, "start_date": None, "elapsed_time": 60, "moving_time": 0, "distance": "far"},
    ],
    "splits_metric": [
        {"split": 1, "distance": 1001.0, "elapsed_time": 310, "moving_time": 300, "average_speed": 3.34,
         "average_grade_adjusted_speed": 3.5, "elevation_difference": None, "pace_zone": 0},
        {"split": 2, "distance": 400.0, "elapsed_time": 130, "moving_time": 130, "average_speed": 3.08},
    ],
    "splits_standard": [{"split": 1, "distance": 1401.0, "elapsed_time": 440, "moving_time": 430}],
    "best_efforts": [
        {"name": "400m", "activity": {"id": 7}, "start_date": "2026-05-01T10:01:00Z", "elapsed_time": 100,
         "moving_time": 100, "distance": 400, "start_index": 60, "end_index": 160, "pr_rank": 1},
    ],
}  # fmt: skip


def track(activity_id: int = 1, **data: Any) -> pd.DataFrame:
    payload = {name: {"data": list(values)} for name, values in data.items()}
    return snb.tables.streams(payload, activity_id, source="export")


def steady(speed: float, seconds: int, step: int = 1, **more: Any) -> dict[str, Any]:
    time = np.arange(0, seconds + 1, step)
    return {"time": time, "distance": speed * time} | more


# Tables of Strava's own.


@pytest.mark.parametrize(
    ("table", "described"),
    [
        (snb.tables.laps([]), columns.LAPS),
        (snb.tables.splits([]), columns.SPLITS),
        (snb.tables.best_efforts([]), columns.BEST_EFFORTS),
        (snb.tables.zones(None), columns.ZONES),
        (snb.tables.laps(snb.tables.streams({}, None)), columns.LAPS),
        (snb.tables.splits(snb.tables.streams({}, None)), columns.SPLITS),
    ],
)
def test_an_empty_table_has_all_columns_with_their_dtypes(table: pd.DataFrame, described: Any) -> None:
    assert len(table) == 0
    assert [(name, str(dtype)) for name, dtype in table.dtypes.items()] == [
        (column.name, column.dtype) for column in described
    ]


@pytest.mark.parametrize("described", [columns.LAPS, columns.SPLITS, columns.BEST_EFFORTS, columns.ZONES])
def test_a_column_is_described_once_and_in_words(described: tuple[columns.Column, ...]) -> None:
    assert len({column.name for column in described}) == len(described)
    assert all(column.meaning and not column.meaning.endswith(".") for column in described)


def test_stravas_laps_stand_as_they_are_and_what_is_absent_is_na() -> None:
    table = snb.tables.laps([DETAIL])
    first = table.iloc[0]
    assert (first["activity_id"], first["lap_index"], first["name"]) == (7, 1, "Lap <1> & $more$")
    assert (first["start"], first["distance"], first["average_speed"]) == (5.0, 1000.5, 3.45)
    assert (first["start_index"], first["end_index"], first["pace_zone"]) == (5, 305, 2)
    assert table["basis"].tolist() == ["strava", "strava"]
    assert table["lap_index"].tolist() == [1, 2]
    assert table[["average_heartrate", "average_watts"]].isna().all(axis=None)
    assert table.loc[1, ["name", "start", "distance", "average_speed"]].isna().all()
    assert table.attrs["problems"] == ["distance of a lap of activity 7: 'far' does not fit"]


def test_fields_that_the_list_does_not_know_follow_and_references_do_not() -> None:
    names = [column.name for column in columns.LAPS]
    assert list(snb.tables.laps([DETAIL])) == [*names, "device_watts", "id"]
    assert list(snb.tables.best_efforts([DETAIL]))[-1] == "pr_rank"


def test_laps_are_taken_from_stravas_list_of_laps_too() -> None:
    table = snb.tables.laps(DETAIL["laps"][:1])
    assert table[["activity_id", "lap_index", "distance"]].iloc[0].tolist() == [7, 1, 1000.5]
    assert table["start"].isna().all()


def test_a_split_begins_where_the_one_before_it_ended() -> None:
    table = snb.tables.splits([DETAIL, DETAIL | {"id": 8}])
    assert table["start"].tolist() == [0, 310, 0, 310]
    assert table["activity_id"].tolist() == [7, 7, 8, 8]
    assert table["average_grade_adjusted_speed"].tolist()[0] == 3.5
    assert len(snb.tables.splits([DETAIL], units="imperial")) == 1


def test_a_best_effort_knows_when_it_began_and_how_fast_it_was() -> None:
    row = snb.tables.best_efforts([DETAIL]).iloc[0]
    assert (row["name"], row["start"], row["elapsed_time"], row["average_speed"]) == ("400m", 60, 100, 4)


@pytest.mark.parametrize("junk", [None, "laps", [None, 5, "x"], {}, [{}]])
def test_what_is_no_list_of_laps_is_no_error(junk: Any) -> None:
    record = {"id": 1, "laps": junk, "splits_metric": junk, "best_efforts": junk}
    rows = 1 if junk == [{}] else 0
    for table in (snb.tables.laps([record]), snb.tables.splits([record]), snb.tables.best_efforts([record])):
        assert len(table) == rows


def test_the_last_zone_is_open() -> None:
    record = {
        "heart_rate": {"custom_zones": True, "zones": [{"min": 0, "max": 140}, {"min": 140, "max": -1}]}
    }
    table = snb.tables.zones(record | {"power": None})
    assert table[["kind", "zone", "min"]].to_numpy().tolist() == [["heartrate", 1, 0], ["heartrate", 2, 140]]
    assert table["max"].tolist() == [140, pd.NA]
    assert table["custom_zones"].all()


# Measured, with known answers.


def test_a_constant_speed_is_cut_to_the_millisecond() -> None:
    table = snb.tables.splits(track(**steady(3.7, 945, step=7)))
    assert table["distance"].tolist() == [1000, 1000, 1000, 496.5]
    assert table["elapsed_time"].tolist() == [270.27, 270.27, 270.27, 134.189]
    assert table["average_speed"].tolist() == pytest.approx([3.7] * 4)
    assert (table["moving_time"] - table["elapsed_time"]).abs().max() < 0.001
    assert table["start"].tolist() == [0.0, 270.27, 540.541, 810.811]
    assert table["start_index"].tolist() == [0, 38, 77, 115]
    assert table["end_index"].tolist() == [39, 78, 116, 135]
    assert set(table["basis"]) == {"streams"}
    assert set(table["source"]) == {"export"}


def test_miles_are_miles() -> None:
    table = snb.tables.splits(track(**steady(4.0, 1000)), units="imperial")
    assert table["distance"].tolist() == [1609.344, 1609.344, 781.312]
    assert table["elapsed_time"].tolist() == [402.336, 402.336, 195.328]


def test_a_whole_number_of_kilometres_leaves_nothing_over() -> None:
    assert len(snb.tables.splits(track(**steady(2.5, 2000)))) == 5
    assert len(snb.tables.splits(track(time=[0, 100], distance=[0, 1000.4]))) == 1
    assert len(snb.tables.splits(track(time=[0, 100], distance=[0, 3.0]))) == 1


def test_each_kilometre_has_its_own_speed_heart_rate_and_heights() -> None:
    time = np.arange(0, 451)
    fast = time > 250
    table = snb.tables.splits(
        track(
            time=time,
            distance=np.where(fast, 1000 + 5 * (time - 250), 4 * time),
            heartrate=np.where(fast, 170, np.where(time == 100, 165, 140)),
            altitude=np.where(fast, 150 - 0.1 * 5 * (time - 250), 100 + 0.05 * 4 * time),
        )
    )
    assert table["elapsed_time"].tolist() == [250, 200]
    assert table["average_heartrate"].tolist() == pytest.approx([140 + 25 / 251, 170], abs=0.2)
    assert table["max_heartrate"].tolist() == [165, 170]
    assert table["elevation_difference"].tolist() == [50, -100]
    assert table["total_elevation_gain"].tolist() == pytest.approx([50, 0], abs=1.5)  # the top is rounded off


def test_a_pause_is_elapsed_but_not_moving_whether_it_was_recorded_or_not() -> None:
    there = np.concatenate([np.arange(200.0), np.full(300, 200.0), 200 + np.arange(300.0)]) * 5
    time = np.arange(800.0)
    recorded = np.full(800, True)
    paused = (time <= 200) | (time >= 499)
    for kept in (recorded, paused):
        table = snb.tables.splits(track(time=time[kept], distance=there[kept]))
        assert table["elapsed_time"].tolist() == pytest.approx([200, 500, 99], abs=0.01)
        assert table["moving_time"].tolist() == pytest.approx([200, 200, 99], abs=8)


def test_a_tunnel_that_lost_the_way_for_a_minute_was_ridden_through() -> None:
    time = np.concatenate([np.arange(0, 100), np.arange(160, 260)])
    row = snb.tables.laps(track(time=time, distance=10.0 * time)).iloc[0]
    assert row["moving_time"] == row["elapsed_time"] == 259


def test_an_activity_without_laps_is_one_lap() -> None:
    table = snb.tables.laps(track(5, **steady(3.0, 100, heartrate=[120] * 101, watts=[200] * 101)))
    row = table.iloc[0]
    assert table[["activity_id", "lap_index", "name"]].to_numpy().tolist() == [[5, 1, "Lap 1"]]
    assert (row["start"], row["elapsed_time"], row["distance"], row["average_speed"]) == (0, 100, 300, 3)
    assert (row["average_heartrate"], row["average_watts"], row["end_index"]) == (120, 200, 100)
    assert pd.isna(row["average_cadence"])


def test_without_a_way_there_is_a_lap_but_no_split() -> None:
    yoga = track(time=range(61), heartrate=[90] * 61)
    row = snb.tables.laps(yoga).iloc[0]
    assert (row["elapsed_time"], row["moving_time"], row["average_heartrate"]) == (60, 60, 90)
    assert row[["distance", "average_speed", "total_elevation_gain", "max_speed"]].isna().all()
    assert len(snb.tables.splits(yoga)) == 0


@pytest.mark.parametrize(
    "data",
    [
        {"time": [0], "distance": [0]},
        {"time": [0, 1, 2], "distance": [None, None, None]},
        {"time": [None, None], "distance": [0, 5000]},
        {"time": [0, 1, 2], "distance": [5, 5, 5]},
        {"time": [0, 1], "distance": [0, 1e300]},
        {"time": [0, 5, 3, 9], "distance": [0, 900, 1100, 700]},
        {"distance": [0, 5000]},
    ],
)
def test_odd_tracks_are_measured_or_left_out_but_never_an_error(data: dict[str, Any]) -> None:
    table = snb.tables.splits(track(**data))
    assert len(table) < 10_002
    assert (table["elapsed_time"].dropna() >= 0).all()
    assert len(snb.tables.laps(track(**data))) == int(any(t is not None for t in data.get("time", [])))


steps = st.lists(
    st.tuples(st.sampled_from([1, 1, 2, 5, 40]), st.floats(0, 400), st.none() | st.integers(60, 200)),
    min_size=2,
    max_size=40,
)


@settings(max_examples=60)
@given(steps, st.sampled_from(["metric", "imperial"]))
def test_splits_lie_end_to_end_and_add_up_to_the_whole(rows: list[Any], units: Any) -> None:
    time, way = (np.cumsum([row[one] for row in rows]) for one in (0, 1))
    streams = track(time=time, distance=way, heartrate=[row[2] for row in rows])
    table, whole = snb.tables.splits(streams, units=units), snb.tables.laps(streams).iloc[0]
    if way[-1] == way[0]:
        assert len(table) == 0
        return
    length = 1000 if units == "metric" else 1609.344
    assert table["split"].tolist() == list(range(1, len(table) + 1))
    assert table["distance"].iloc[:-1].tolist() == pytest.approx([length] * (len(table) - 1), abs=0.002)
    assert table["distance"].iloc[-1] < length + 1.01
    for name in ("distance", "elapsed_time", "moving_time"):
        assert table[name].sum() == pytest.approx(whole[name], abs=0.01 + 0.002 * len(table)), name
    assert table["start"].tolist() == pytest.approx(
        [whole["start"], *(table["start"] + table["elapsed_time"]).iloc[:-1]], abs=0.002
    )


def test_other_units_are_said_before_any_call() -> None:
    shelf = Shelf()
    with pytest.raises(BadInput, match="no units 'nautical'"):
        snb.get_splits(shelf, [1], units="nautical", progress=False)  # type: ignore[arg-type]
    assert shelf.asked == []


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


def close(one: pd.DataFrame, other: pd.DataFrame, tolerances: dict[str, float]) -> None:
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
    close(ours[whole], told[whole], SPLITS)
    efforts = snb.metrics.best_efforts(streams)
    close(efforts, snb.get_best_efforts(api, runs, progress=False), EFFORTS)


def test_an_export_is_measured_and_says_so(export: ExportSource, activities: pd.DataFrame) -> None:
    runs = of(activities, "Run").head(2)
    streams = snb.get_streams(export, runs, progress=False)
    efforts = snb.get_best_efforts(export, runs, progress=False)
    plain = snb.metrics.best_efforts(streams)
    close(efforts, plain, {"elapsed_time": 0.001, "start": 0.001, "distance": 0})
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
    close(
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
