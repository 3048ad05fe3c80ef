"""Laps, splits, best efforts and zones as tables: Strava's own, and those measured in a track's samples."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pull import Shelf
from tracks_to_cut import DETAIL, steady

import strava_nb as snb
from strava_nb import columns
from strava_nb.errors import BadInput


def track(activity_id: int = 1, **data: Any) -> pd.DataFrame:
    payload = {name: {"data": list(values)} for name, values in data.items()}
    return snb.tables.streams(payload, activity_id, source="export")


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


@pytest.mark.slow
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
        snb.get_splits(shelf, [1], units=cast(Any, "nautical"), progress=False)
    assert shelf.asked == []
