"""What a source lacks is worked out: on tracks of which the answer is known, and on the demo's."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import strava_nb as snb
from strava_nb.columns import STREAMS
from strava_nb.earth import RADIUS
from strava_nb.simulator.archive import write_export
from strava_nb.sources.archive import ExportSource
from tests.conftest import TODAY

DEGREE = np.pi * RADIUS / 180
"""Metres in a degree of a meridian."""

ALL = {"distance", "velocity_smooth", "grade_smooth", "moving"}


def track(activity_id: int | None = 1, **columns: Any) -> pd.DataFrame:
    """Streams as a source gives them; `metres` are a way along a meridian."""
    if (metres := columns.pop("metres", None)) is not None:
        columns["latlng"] = [None if m is None else [50 + m / DEGREE, 8.0] for m in metres]
    payload = {name: {"data": list(values)} for name, values in columns.items()}
    return snb.tables.streams(payload, activity_id, source="export")


def derived(*tracks: pd.DataFrame) -> pd.DataFrame:
    return snb.tables.with_derived(pd.concat(tracks, ignore_index=True))


def floats(table: pd.DataFrame, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return table[name].to_numpy(np.float64, na_value=np.nan)


def test_a_constant_speed_along_a_meridian_is_that_speed_everywhere() -> None:
    time = np.arange(0, 600, 1.0)
    table = derived(track(time=time, metres=4.2 * time))
    assert np.abs(floats(table, "distance") - 4.2 * time).max() < 0.01
    assert np.abs(floats(table, "velocity_smooth") - 4.2).max() < 0.01
    assert table["moving"].all()
    assert "grade_smooth" not in table


def test_samples_at_odd_moments_tell_the_same_speed() -> None:
    time = np.cumsum(np.random.default_rng(0).choice([1.0, 2.0, 3.0, 8.0], 400))
    table = derived(track(time=time, metres=7.5 * time))
    assert np.abs(floats(table, "velocity_smooth") - 7.5).max() < 0.02


@pytest.mark.parametrize("spacing", [1.0, 6.0, 40.0])
def test_a_known_gradient_is_told_to_the_ends(spacing: float) -> None:
    way = np.arange(0, 2000, spacing)
    up = track(1, time=way / 5, distance=way, altitude=100 + 0.05 * way)
    down = track(2, time=way / 5, distance=way, altitude=900 - 0.12 * way)
    table = derived(up, down)
    assert np.abs(floats(table, "grade_smooth") - np.repeat([5.0, -12.0], len(way))).max() < 1e-6


def test_the_steps_of_a_barometer_are_smoothed() -> None:
    way = np.arange(0, 3000, 3.0)
    table = derived(track(time=way / 3, distance=way, altitude=np.round(0.06 * way)))
    inside = floats(table, "grade_smooth")[20:-20]
    assert np.abs(inside - 6).max() < 1.1  # raw steps would say 0 or 33


def test_over_a_pause_nothing_is_averaged_and_no_way_is_covered() -> None:
    time = np.concatenate([np.arange(0, 100.0), np.arange(700, 800.0)])  # ten minutes by train
    metres = np.concatenate([4 * np.arange(100.0), 5000 + 4 * np.arange(100.0)])
    altitude = np.concatenate([np.full(100, 200.0), np.full(100, 900.0)])
    table = derived(track(time=time, metres=metres, altitude=altitude))
    distance = floats(table, "distance")
    assert distance[100] == distance[99] == pytest.approx(4 * 99, abs=0.01)
    assert distance[-1] == pytest.approx(2 * 4 * 99, abs=0.01)
    assert np.abs(floats(table, "velocity_smooth") - 4).max() < 0.01
    assert np.abs(floats(table, "grade_smooth")).max() == 0


def test_a_device_that_records_once_a_minute_was_not_paused() -> None:
    time = np.arange(0, 3600, 60.0)
    table = derived(track(time=time, metres=5 * time))
    assert floats(table, "distance")[-1] == pytest.approx(5 * 3540, abs=0.5)
    assert np.abs(floats(table, "velocity_smooth") - 5).max() < 0.01


def test_who_stands_at_the_lights_does_not_move() -> None:
    moved = np.concatenate([np.arange(60.0), np.full(40, 60.0), 60 + np.arange(60.0)]) * 5
    table = derived(track(time=np.arange(160.0), metres=moved))
    moving = table["moving"].to_numpy(bool)
    assert moving[:58].all()
    assert moving[102:].all()
    assert not moving[63:97].any()


def test_the_way_over_the_date_line_is_short() -> None:
    lng = 179.9 + 0.002 * np.arange(100)
    lng = np.where(lng > 180, lng - 360, lng)
    table = derived(track(time=np.arange(100.0), latlng=[[0.0, one] for one in lng]))
    assert floats(table, "distance")[-1] == pytest.approx(99 * 0.002 * DEGREE, abs=0.01)


def test_a_tunnel_without_positions_is_bridged_but_has_no_values_of_its_own() -> None:
    metres = [None if 40 <= second < 60 else 5.0 * second for second in range(100)]
    table = derived(track(time=range(100), metres=metres))
    assert table["distance"].isna().tolist() == [one is None for one in metres]
    assert floats(table, "distance")[-1] == pytest.approx(495, abs=0.01)
    assert np.nanmax(np.abs(floats(table, "velocity_smooth") - 5)) < 0.01


def test_what_the_source_has_stays_as_it_is_also_with_holes() -> None:
    given_speed = [1.0, None, 9.0, None, 2.0]
    table = track(
        time=range(5), metres=range(5), velocity_smooth=given_speed, moving=[None, True, False, True, None]
    )
    before = table.copy(deep=True)
    whole = snb.tables.with_derived(table)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(whole[list(table)], before)
    assert list(whole.columns) == [c.name for c in STREAMS if c.name in set(whole)]


def test_the_second_time_there_is_nothing_left_to_do() -> None:
    time = np.arange(0, 100.0)
    table = derived(track(time=time, metres=4 * time, altitude=time))
    pd.testing.assert_frame_equal(snb.tables.with_derived(table), table)


def test_columns_have_their_dtypes_and_problems_are_kept() -> None:
    table = track(time=range(9), metres=range(9), altitude=range(9))
    table.attrs["problems"] = ["something"]
    whole = snb.tables.with_derived(table)
    dtypes = {column.name: column.dtype for column in STREAMS}
    assert {name: str(dtype) for name, dtype in whole.dtypes.items()} == {
        name: dtypes[name] for name in whole
    }
    assert whole.attrs == table.attrs


@pytest.mark.parametrize(
    ("streams", "columns"),
    [
        (snb.tables.streams({}, None), set()),
        (track(time=[0], metres=[0]), {"distance"}),
        (track(time=range(50), metres=[7.0] * 50, altitude=[3.0] * 50), ALL - {"grade_smooth"}),
        (track(time=[None] * 9, metres=range(9)), {"distance"}),
        (track(time=[5, 4, 3, 2, 1], metres=range(5)), {"distance"}),
        (track(time=range(9), heartrate=[100] * 9), set()),
        (track(None, time=range(9), metres=range(9)), ALL - {"grade_smooth"}),
        (track(time=range(9), latlng=[[None, None]] * 9, altitude=[float("nan")] * 9), set()),
    ],
    ids=["empty", "a point", "one place", "no time", "time runs back", "indoors", "no id", "all nothing"],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_absent(streams: pd.DataFrame, columns: set[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole = snb.tables.with_derived(streams)
    assert set(whole) - set(streams) == columns
    assert len(whole) == len(streams)


def test_an_activity_has_its_own_even_where_another_one_lacks_it() -> None:
    told = track(1, time=range(9), metres=range(9), distance=range(0, 90, 10))
    bare = track(2, time=range(9), metres=range(9))
    table = derived(told, bare)
    assert floats(table, "distance")[:9].tolist() == list(range(0, 90, 10))
    assert floats(table, "distance")[9:] == pytest.approx(range(9), abs=0.01)


samples = st.lists(
    st.tuples(
        st.sampled_from([1.0, 1.0, 1.0, 3.0, 26.0, 400.0, -5.0]) | st.none(),
        st.none() | st.floats(0, 30),
        st.none() | st.floats(-400, 9000),
    ),
    min_size=1,
    max_size=30,
)


def random_track(
    activity_id: int, rows: list[tuple[float | None, float | None, float | None]]
) -> pd.DataFrame:
    clock = np.cumsum([step or 0 for step, _, _ in rows])
    way = np.cumsum([step or 0 for _, step, _ in rows])
    return track(
        activity_id,
        time=[None if row[0] is None else float(t) for t, row in zip(clock, rows, strict=True)],
        metres=[None if row[1] is None else float(m) for m, row in zip(way, rows, strict=True)],
        altitude=[row[2] for row in rows],
    )


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(samples, min_size=2, max_size=4))
def test_activities_are_worked_out_together_as_each_by_itself(tracks: list[Any]) -> None:
    apart = [random_track(number, rows) for number, rows in enumerate(tracks)]
    together = derived(*apart)
    alone = [snb.tables.with_derived(one) for one in apart]
    for name in ALL:
        expected = np.concatenate(
            [floats(one, name) if name in one else np.full(len(one), np.nan) for one in alone]
        )
        found = floats(together, name) if name in together else np.full(len(together), np.nan)
        assert np.allclose(found, expected, rtol=1e-6, atol=1e-5, equal_nan=True), name


# The demo athlete's tracks: what GPX files lack, and what her API tells of the same rides.

GPX = {"grade_smooth": 0.1, "velocity_smooth": 0.1}
"""How far half of the samples are off at most: %, m/s (of positions with the noise of a receiver)."""


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> ExportSource:
    path: Path = tmp_path_factory.mktemp("export") / "DEMO_export_100000042.zip"
    return snb.open_export(write_export(path, today=TODAY, activities=12), timezone="Europe/Berlin")


def in_gpx(export: ExportSource) -> pd.DataFrame:
    table = snb.get_activities(export, progress=False)
    found = table[table["filename"].str.contains(".gpx", regex=False).fillna(False)]
    assert len(found) >= 3
    return found.iloc[:3]


@pytest.mark.slow
def test_what_a_gpx_lacks_is_close_to_what_the_api_tells(export: ExportSource) -> None:
    some = in_gpx(export)
    ours = snb.get_streams(export, some, progress=False)
    theirs = snb.get_streams(snb.open_demo(today=TODAY), some, progress=False)
    assert len(ours) == len(theirs)
    for name, near in GPX.items():
        assert (ours[name] - theirs[name]).abs().median() <= near, name
    assert (ours["moving"] == theirs["moving"]).mean() > 0.97


@pytest.mark.slow
def test_a_key_that_is_worked_out_comes_without_what_it_was_worked_out_of(export: ExportSource) -> None:
    some = in_gpx(export)
    table = snb.get_streams(export, some, keys="grade_smooth", progress=False)
    assert list(table) == ["activity_id", "time", "grade_smooth", "source"]
    whole = snb.get_streams(export, some, progress=False)
    pd.testing.assert_series_equal(table["grade_smooth"], whole["grade_smooth"])
