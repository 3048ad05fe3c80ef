"""A track as a line of letters, and as packed numbers that are the same when unpacked."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from track_history import decoded

from strava_nb.sources import course, track_packing


def test_the_encoding_is_googles() -> None:
    points = np.array([(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)])
    assert course.encode(points) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    assert course.summary_polyline(np.full((3, 2), np.nan)) == ""


@settings(max_examples=60)
@given(hnp.arrays(np.float64, st.tuples(st.integers(2, 60), st.just(2)), elements=st.integers(-9, 9)))
def test_no_point_is_further_from_the_line_than_the_tolerance(steps: np.ndarray[Any, Any]) -> None:
    x, y = np.cumsum(steps, axis=0).T
    kept = course.simplified(x, y, 5.0)
    assert (kept[0], kept[-1]) == (0, len(x) - 1)
    for start, end in pairwise(kept):
        along = np.linspace(0, 1, 201)[:, None]
        line = np.array([[x[start], y[start]]]) * (1 - along) + np.array([[x[end], y[end]]]) * along
        for point in range(start, end):
            assert np.hypot(*(line - [x[point], y[point]]).T).min() <= 5.0 + 0.5


def test_a_long_ride_is_drawn_with_about_as_many_points_as_strava_uses() -> None:
    angle = np.linspace(0, 2 * np.pi, 5000)
    radius = 0.1 + 0.01 * np.sin(9 * angle)
    ride = np.column_stack([47 + radius * np.sin(angle), 8 + radius * np.cos(angle)])
    points = decoded(course.summary_polyline(ride))
    assert 50 < len(points) < 150
    np.testing.assert_allclose(points[[0, -1]], ride[[0, -1]], atol=1e-5)


def test_a_straight_line_over_the_date_line_stays_one() -> None:
    lng = (179.99 + np.linspace(0, 0.02, 50) + 180) % 360 - 180
    line = course.summary_polyline(np.column_stack([np.full(50, -17.0), lng]))
    np.testing.assert_allclose(decoded(line), [(-17, 179.99), (-17, -179.99)], atol=1e-5)


# Packed


NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(lambda whole: whole / 10),
    st.integers(-(2**31), 2**31 - 1).map(lambda half: half * (180 / 2**31)),
    st.integers(0, 65535).map(lambda height: height / 5 - 500),
    st.floats(width=64),
    st.just(float("nan")),
)


@settings(max_examples=60)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=40))
def test_packing_changes_no_number(rows: list[tuple[float, float, float]]) -> None:
    data = np.array(rows)
    payload = {"time": {"data": data[:, 0]}, "latlng": {"data": data[:, 1:]}}
    back = track_packing.unpack(track_packing.pack(payload))
    for name, stream in payload.items():
        np.testing.assert_array_equal(back[name]["data"], stream["data"])


def test_what_devices_count_is_packed_to_a_fraction() -> None:
    samples = 4000
    data = {
        "time": np.arange(samples, dtype=np.float64),
        "altitude": np.round(np.sin(np.arange(samples) / 50) * 300) / 5 - 500,
        "distance": np.arange(samples) * 830 / 100,
    }
    assert len(track_packing.pack({name: {"data": values} for name, values in data.items()})) < samples * 2


@settings(max_examples=40)
@given(st.binary(max_size=60), st.integers(0, 200))
def test_damaged_bytes_are_told_and_nothing_else(junk: bytes, cut: int) -> None:
    whole = track_packing.pack({"time": {"data": np.arange(50.0)}})
    for damaged in (junk, whole[: cut % len(whole)], whole[:9] + junk + whole[9 + len(junk) + 1 :]):
        with pytest.raises(ValueError, match="packed track"):
            track_packing.unpack(damaged)
