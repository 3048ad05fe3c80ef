"""Records to tables: every oddity that Strava's answers have shown, and nothing lost on the way."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strava_nb import tables
from strava_nb.columns import ACTIVITIES, STREAMS
from strava_nb.errors import BadInput, BadSports, BadTable
from strava_nb.tables.sports import GROUPS, group_of, in_words, sport_types_meant
from strava_nb.tables.stream_table import stack

RIDE: dict[str, Any] = {
    "id": 17_000_000_001,
    "resource_state": 2,
    "name": "Over the hill",
    "sport_type": "GravelRide",
    "type": "Ride",
    "start_date": "2026-07-04T22:30:00Z",
    "start_date_local": "2026-07-05T00:30:00Z",
    "timezone": "(GMT+01:00) Europe/Berlin",
    "utc_offset": 7200.0,
    "distance": 30_000.0,
    "moving_time": 3600,
    "elapsed_time": 4000,
    "total_elevation_gain": 420.5,
    "start_latlng": [47.5, 11.1],
    "end_latlng": [47.6, 11.2],
    "map": {"id": "a1", "summary_polyline": "_p~iF~ps|U", "resource_state": 2},
    "athlete": {"id": 42, "resource_state": 1},
    "commute": False,
    "average_heartrate": 141.3,
}
RUN = RIDE | {
    "id": 17_000_000_002,
    "sport_type": "Run",
    "type": "Run",
    "start_date": "2026-07-06T06:00:00Z",
    "start_date_local": "2026-07-06T08:00:00Z",
    "distance": 10_000.0,
    "moving_time": 3000,
    "average_cadence": 84.0,
}


def one(**changes: Any) -> pd.Series:
    record = {name: value for name, value in (RIDE | changes).items() if value is not ...}
    return tables.activities([record]).iloc[0]


def assert_same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right)


def test_a_record_becomes_a_row_of_strava_names_and_units() -> None:
    row = one()
    assert (row["id"], row["sport_type"], row["sport_group"]) == (17_000_000_001, "GravelRide", "Ride")
    assert (row["distance"], row["moving_time"], row["average_heartrate"]) == (30_000.0, 3600, 141.3)
    assert (row["start_lat"], row["end_lng"], row["polyline"]) == (47.5, 11.2, "_p~iF~ps|U")
    assert (row["athlete_id"], row["source"], row["timezone"]) == (42, "api", "Europe/Berlin")


def test_the_start_is_aware_utc_and_naive_wall_time() -> None:
    row = one()
    assert row["start_date"] == pd.Timestamp("2026-07-04T22:30:00", tz="UTC")
    assert row["start_date_local"] == pd.Timestamp("2026-07-05T00:30:00")
    assert row["start_date_local"].tzinfo is None


def test_every_column_of_the_vocabulary_is_there_with_its_dtype_full_or_empty() -> None:
    for table in (tables.activities([RIDE, RUN]), tables.activities([])):
        assert list(table.columns[: len(ACTIVITIES)]) == [c.name for c in ACTIVITIES]
        assert [str(table[c.name].dtype) for c in ACTIVITIES] == [c.dtype for c in ACTIVITIES]
        assert isinstance(table.index, pd.RangeIndex)


def test_newest_comes_first() -> None:
    assert list(tables.activities([RIDE, RUN])["id"]) == [RUN["id"], RIDE["id"]]


@pytest.mark.slow
def test_the_same_records_in_any_order_give_the_same_table() -> None:
    records = [RIDE, RUN, RIDE | {"id": 3, "odd": 1}, RIDE | {"id": 3, "resource_state": 3}]
    expected = tables.activities(records)
    for order in itertools.permutations(records):
        assert_same(tables.activities(order), expected)


def test_of_two_records_with_one_id_the_more_detailed_is_kept() -> None:
    detail = RIDE | {"resource_state": 3, "description": "long"}
    table = tables.activities([detail, RIDE])
    assert list(table["description"]) == ["long"]


@pytest.mark.parametrize("none", [[], None, ..., [None, None], "nonsense"])
def test_no_position_is_na_however_it_is_said(none: Any) -> None:
    row = one(start_latlng=none, end_latlng=none)
    assert row[["start_lat", "start_lng", "end_lat", "end_lng"]].isna().all()


@pytest.mark.parametrize("course", [{}, None, ..., {"summary_polyline": ""}, {"summary_polyline": None}])
def test_no_course_is_na_however_it_is_said(course: Any) -> None:
    assert pd.isna(one(map=course)["polyline"])


def test_what_is_absent_is_na_and_never_zero() -> None:
    row = one(average_heartrate=..., distance=None)
    assert row["average_heartrate"] is pd.NA
    assert row["distance"] is pd.NA
    assert row["average_temp"] is pd.NA


def test_a_record_from_before_2022_takes_its_sport_from_type() -> None:
    row = one(sport_type=..., type="Run")
    assert (row["sport_type"], row["sport_group"]) == ("Run", "Run")


def test_a_missing_utc_offset_is_wall_time_minus_utc() -> None:
    assert one(utc_offset=...)["utc_offset"] == 7200


def test_a_missing_wall_time_is_worked_out_from_the_zone_in_summer_time() -> None:
    row = one(utc_offset=..., start_date_local=...)
    assert (row["utc_offset"], row["start_date_local"]) == (7200, pd.Timestamp("2026-07-05T00:30"))


def test_an_unknown_zone_leaves_the_wall_time_open() -> None:
    row = one(utc_offset=None, start_date_local=None, timezone="(GMT+09:00) Mars/Olympus")
    assert pd.isna(row["start_date_local"])
    assert row["timezone"] == "Mars/Olympus"


@pytest.mark.parametrize(
    ("text", "zone"), [("(GMT-05:00) EST", "EST"), ("(GMT-05:00) Cuba", "Cuba"), ("Etc/GMT+5", "Etc/GMT+5")]
)
def test_odd_zones_keep_their_iana_name(text: str, zone: str) -> None:
    assert one(timezone=text)["timezone"] == zone


def test_whole_and_broken_numbers_share_a_column() -> None:
    table = tables.activities([RIDE | {"total_elevation_gain": 0}, RUN | {"total_elevation_gain": 12.5}])
    assert sorted(table["total_elevation_gain"]) == [0.0, 12.5]


def test_odd_values_are_kept_as_strava_has_them() -> None:
    row = one(elev_low=-7958.0, moving_time=5000, elapsed_time=4000, distance=0)
    assert (row["elev_low"], row["moving_time"], row["elapsed_time"], row["distance"]) == (
        -7958.0,
        5000,
        4000,
        0.0,
    )


def test_unknown_fields_follow_nested_ones_dotted_and_lists_as_json() -> None:
    table = tables.activities(
        [RIDE | {"zzz": 7, "gear": {"name": "Old steel", "distance": 1.5}, "laps": [{"lap": 1}]}]
    )
    extra = list(table.columns[len(ACTIVITIES) :])
    assert extra == sorted(extra)
    row = table.iloc[0]
    assert (row["zzz"], row["gear.name"], row["gear.distance"]) == (7, "Old steel", 1.5)
    assert json.loads(row["laps"]) == [{"lap": 1}]
    assert str(table["zzz"].dtype) == "Int64"


def test_an_unknown_field_cannot_take_a_known_column() -> None:
    row = one(source="elsewhere", start_lat="odd")
    assert (row["source"], row["start_lat"]) == ("api", 47.5)
    assert (row["record.source"], row["record.start_lat"]) == ("elsewhere", "odd")


def test_a_value_that_does_not_fit_is_na_and_told() -> None:
    table = tables.activities(
        [RIDE | {"distance": "far", "start_date": "yesterday", "kudos_count": {"a": 1}}]
    )
    assert table["distance"].isna().all() and table["start_date"].isna().all()
    problems = " ".join(table.attrs["problems"])
    assert "distance of activity 17000000001: 'far'" in problems
    assert "yesterday" in problems


def test_ids_are_exact_to_the_last_digit() -> None:
    big = 2**63 - 1
    table = tables.activities([RIDE | {"id": big}, RUN | {"upload_id": big - 1}])
    assert set(table["id"]) == {big, RUN["id"]}
    assert table["upload_id"].dropna().tolist() == [big - 1]


def test_half_a_character_does_not_stop_the_table() -> None:
    assert one(name=json.loads('"a \\ud83d b"'))["name"] == "a ? b"


@pytest.mark.parametrize("name", ["", "  padded ", 'say "hi"', "two\nlines", "🚴 $5", "<b>bold</b>", "=1+1"])
def test_names_are_kept_as_they_are(name: str) -> None:
    assert one(name=name)["name"] == name


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
field_names = st.sampled_from(
    [c.name for c in ACTIVITIES] + ["map", "athlete", "start_latlng", "type", "gear"]
)


@pytest.mark.slow
@given(st.lists(st.dictionaries(field_names | st.text(max_size=5), json_values, max_size=8), max_size=6))
def test_any_json_becomes_a_table_with_the_same_dtypes(records: list[dict[str, Any]]) -> None:
    table = tables.activities([{"id": number} | record for number, record in enumerate(records)])
    assert [str(table[c.name].dtype) for c in ACTIVITIES] == [c.dtype for c in ACTIVITIES]
    assert len(table) <= len(records)


@pytest.mark.slow
@given(st.lists(st.integers(1, 10**15), unique=True, max_size=12), st.randoms(use_true_random=False))
def test_shuffled_records_give_the_same_table(ids: list[int], shuffle: random.Random) -> None:
    records = [RIDE | {"id": number, "distance": float(number % 7), f"x{number % 3}": 1} for number in ids]
    expected = tables.activities(records)
    shuffle.shuffle(records)
    assert_same(tables.activities(records), expected)


# Streams


BY_KEY = {
    "time": {"data": [0, 1, None, 5], "series_type": "time", "original_size": 4, "resolution": "high"},
    "latlng": {"data": [[47.0, 11.0], None, [47.1, 11.1], [47.2, 11.2]]},
    "heartrate": {"data": [100, 101, None, 103]},
    "moving": {"data": [False, True, True, None]},
}
AS_LIST = [{"type": key, **stream} for key, stream in BY_KEY.items()]


def test_both_shapes_of_streams_give_the_same_table() -> None:
    assert_same(tables.streams(BY_KEY, 7), tables.streams(AS_LIST, 7))


def test_a_sample_is_a_row_and_what_it_lacks_is_na() -> None:
    table = tables.streams(BY_KEY, 7)
    assert list(table.columns) == ["activity_id", "time", "lat", "lng", "heartrate", "moving", "source"]
    assert table["activity_id"].tolist() == [7] * 4
    assert table[["time", "lat", "lng", "heartrate", "moving"]].isna().sum().tolist() == [1, 1, 1, 1, 1]


def test_streams_have_the_dtypes_of_the_vocabulary() -> None:
    full = {
        c.record_path.split(".")[0]: {"data": [1, 2]}
        for c in STREAMS
        if c.name not in ("activity_id", "source")
    }
    full["latlng"] = {"data": [[1.0, 2.0], [1.0, 2.0]]}
    table = tables.streams(full, 7)
    assert {name: str(table[name].dtype) for name in table} == {c.name: c.dtype for c in STREAMS}


@pytest.mark.parametrize("payload", [None, {}, [], {"time": {"data": []}}])
def test_no_streams_are_an_empty_typed_table(payload: Any) -> None:
    table = tables.streams(payload, 7)
    assert len(table) == 0
    assert {"activity_id", "time"} <= set(table)
    assert str(table["time"].dtype) == "Float64"


def test_distance_alone_is_a_table_without_times() -> None:
    table = tables.streams({"distance": {"data": [0.0, 1.4]}}, 7)
    assert table["distance"].tolist() == [0.0, 1.4]
    assert table["time"].isna().all()


def test_a_shorter_stream_ends_in_na_and_is_told() -> None:
    table = tables.streams({"time": {"data": [0, 1, 2]}, "watts": {"data": [200]}}, 7)
    assert table["watts"].isna().tolist() == [False, True, True]
    assert table.attrs["problems"] == ["watts of activity 7 ends after 1 of 3 samples"]


def test_a_stream_that_nobody_described_is_kept() -> None:
    assert tables.streams({"time": {"data": [0]}, "grit": {"data": [3.5]}}, 7)["grit"].tolist() == [3.5]


def test_streams_of_neither_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="dict or a list"):
        tables.streams("nonsense", 7)


def test_stacked_streams_keep_their_dtypes_and_fill_with_na() -> None:
    with_heart = tables.streams({"time": {"data": [0, 1]}, "heartrate": {"data": [90, 91]}}, 1)
    with_flag = tables.streams({"time": {"data": [0]}, "moving": {"data": [True]}}, 2, source="export")
    table = stack([with_heart, with_flag])
    assert list(table.columns) == ["activity_id", "time", "heartrate", "moving", "source"]
    assert [str(dtype) for dtype in table.dtypes] == ["Int64", "Float64", "Float64", "boolean", "category"]
    assert table["heartrate"].isna().tolist() == [False, False, True]
    assert list(table["source"]) == ["api", "api", "export"]


# Sports


def test_every_known_sport_has_a_group_and_words() -> None:
    assert group_of("EMountainBikeRide") == "Ride" and in_words("EMountainBikeRide") == "E-mountain bike ride"
    assert group_of("TrailRun") == "Run"


@pytest.mark.parametrize(
    ("sport", "group", "words"),
    [
        ("UnicycleRide", "Ride", "Unicycle ride"),
        ("NightRun", "Run", "Night run"),
        ("Chess", "Other", "Chess"),
    ],
)
def test_a_new_sport_is_grouped_by_its_last_word(sport: str, group: str, words: str) -> None:
    assert (group_of(sport), in_words(sport)) == (group, words)


def test_a_word_that_is_both_a_sport_and_a_group_means_the_group() -> None:
    present = {"Run", "TrailRun", "Ride", "Yoga"}
    assert sport_types_meant("run", present) == {"Run", "TrailRun"}
    assert sport_types_meant(["trail run", "YOGA"], present) == {"TrailRun", "Yoga"}
    assert sport_types_meant("Swim", present) == set()


@pytest.mark.parametrize("word", ["runing", 7, ["Run", 7], None])
def test_what_names_no_sport_is_said(word: Any) -> None:
    with pytest.raises(BadSports, match=r"no sport called ('runing'|7|None)"):
        sport_types_meant(word, {"Run"})


@given(st.text(max_size=12))
def test_any_text_has_a_group_and_words(text: str) -> None:
    assert group_of(text) in GROUPS
    assert isinstance(in_words(text), str)


# For eyes


def test_the_readable_table_speaks_kilometres_hours_and_pace() -> None:
    shown = tables.readable(tables.activities([RIDE, RUN]))
    run, ride = shown.iloc[0], shown.iloc[1]
    assert (ride["Date"], ride["Sport"], ride["Distance (km)"]) == ("2026-07-05 00:30", "Gravel ride", 30.0)
    assert (ride["Moving time"], ride["Elapsed time"], ride["Climb (m)"]) == ("1:00:00", "1:06:40", 420)
    assert (ride["Pace or speed"], run["Pace or speed"]) == ("30.0 km/h", "5:00 /km")
    assert run["Cadence (per min)"] == "168"
    assert len(shown.columns) == 14


def test_the_readable_table_speaks_miles_and_feet_when_asked() -> None:
    shown = tables.readable(tables.activities([RIDE, RUN]), units="imperial")
    assert shown["Distance (mi)"].tolist() == [6.21, 18.64]
    assert shown["Pace or speed"].tolist() == ["8:03 /mi", "18.6 mph"]
    assert shown["Climb (ft)"].tolist() == [1380, 1380]


def test_swims_have_their_pace_for_a_hundred_metres() -> None:
    swim = RUN | {"sport_type": "Swim", "distance": 1000.0, "moving_time": 1150}
    assert tables.readable(tables.activities([swim]))["Pace or speed"].tolist() == ["1:55 /100 m"]


def test_what_is_absent_is_blank_for_eyes_and_a_zero_distance_has_no_pace() -> None:
    gym = {
        "id": 1,
        "sport_type": "Yoga",
        "start_date_local": "2026-01-01T10:00:00Z",
        "distance": 0.0,
        "moving_time": 0,
    }
    row = tables.readable(tables.activities([gym])).iloc[0]
    assert (row["Pace or speed"], row["Heart rate (bpm)"], row["Name"]) == ("", "", "")


def test_heart_rates_sort_as_numbers_do() -> None:
    records = [RIDE | {"id": i, "average_heartrate": rate} for i, rate in enumerate([98.0, 147.0, None])]
    shown = tables.readable(tables.activities(records)).sort_values("Heart rate (bpm)")
    assert [text.strip() for text in shown["Heart rate (bpm)"]] == ["", "98", "147"]


def test_demo_rows_are_headed_demo_and_no_others() -> None:
    demo = tables.activities([RIDE], source="demo")
    assert tables.readable(demo).columns.name == "DEMO"
    assert "DEMO" in tables.readable(demo[demo["distance"] > 1]).to_html()
    assert tables.readable(tables.activities([RIDE])).columns.name is None


def test_the_readable_view_changes_nothing() -> None:
    table = tables.activities([RIDE, RUN])
    before = table.copy()
    tables.readable(table)
    assert_same(table, before)


def test_a_part_of_the_table_is_readable_too() -> None:
    part = tables.activities([RIDE, RUN])[["id", "sport_type", "start_date_local", "distance"]]
    assert tables.readable(part)["Distance (km)"].tolist() == [10.0, 30.0]


def test_a_table_that_is_none_of_activities_is_said() -> None:
    with pytest.raises(BadTable, match="not a table of activities") as told:
        tables.readable(pd.DataFrame({"a": [1]}))
    assert "sport_type" in told.value.missing


def test_unknown_units_are_said() -> None:
    with pytest.raises(BadInput, match="metric"):
        tables.readable(tables.activities([RIDE]), units="furlongs")


def test_a_name_with_two_dollars_is_not_shown_as_a_formula() -> None:
    table = tables.activities([RIDE | {"name": "for $5 and $6"}])
    for shown in (table[["name"]], tables.readable(table)):
        page = shown._repr_html_()
        assert "mathjax_ignore" in page or "tex2jax_ignore" in page
        assert "for $5 and $6" in page
