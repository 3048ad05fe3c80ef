"""What leaves the house does not tell where one lives: what is cut, and that no circle leads home."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import gpxpy
import numpy as np
import pandas as pd
import pytest
from hidden_places import EARTH, HOME, Metres, around, metres_between, straight, track
from hypothesis import example, given, settings
from hypothesis import strategies as st

from strava_nb import files
from strava_nb.errors import BadInput, BadTable, StravaNbWarning
from strava_nb.files.secret import own_secret
from strava_nb.files.zones import moved, unit_vectors
from strava_nb.tables import streams
from strava_nb.tables.stream_table import stack

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("known_secret")]


def positions_of(table: pd.DataFrame) -> Metres:
    return table[["lat", "lng"]].dropna().to_numpy("float64")


def ride_from(home: tuple[float, float], seed: int) -> pd.DataFrame:
    """Out for a kilometre and home again, winding, from about the door, with a GPS's noise."""
    dice = np.random.default_rng(seed)
    way = dice.uniform(0, 2 * np.pi) + np.cumsum(dice.normal(0, 0.04, 150))
    out = np.cumsum(7 * np.stack([np.sin(way), np.cos(way)]), axis=1) + dice.normal(0, 8, (2, 1))
    there_and_back = np.concatenate([out, out[:, ::-1]], axis=1) + dice.normal(0, 2, (2, 300))
    return track(around(home, *there_and_back), seed + 1)


def circle_through(positions: Metres, about: tuple[float, float]) -> tuple[Metres, float]:
    """The circle that fits best (least squares), its centre in metres from a place, and its radius."""
    north = np.radians(positions[:, 0] - about[0]) * EARTH
    lng = (positions[:, 1] - about[1] + 180) % 360 - 180
    east = np.radians(lng) * EARTH * np.cos(np.radians(about[0]))
    system = np.column_stack([2 * east, 2 * north, np.ones(len(east))])
    (x, y, rest), *_ = np.linalg.lstsq(system, east**2 + north**2, rcond=None)
    return np.array([x, y]), float(np.sqrt(rest + x**2 + y**2))


# What is cut


def test_start_and_end_are_hidden_and_the_rest_is_as_it_was() -> None:
    ride = straight(0, 3000, heartrate=list(range(600)))
    left = files.hide_places(ride)
    for end in (0, -1):
        away = metres_between(positions_of(ride)[end], positions_of(left))
        assert 200 < away.min() < 400
    whole = ride.set_index("heartrate")
    for name in ("lat", "lng"):
        assert left[name].tolist() == whole.loc[left["heartrate"], name].tolist()


def test_time_and_distance_begin_with_what_is_left() -> None:
    ride = straight(0, 3000)
    left = files.hide_places(ride)
    assert left["time"].iloc[0] == left["distance"].iloc[0] == 0
    assert left["time"].tolist() == list(range(len(left)))
    assert left["distance"].diff().dropna().to_numpy("float64") == pytest.approx(5, abs=1e-6)


def test_a_track_that_passes_home_is_cut_in_two_without_a_line_across() -> None:
    ride = straight(-2000, 2000)
    left = files.hide_places(ride, [HOME])
    assert metres_between(HOME, positions_of(left)).min() > 200
    cut = left[left["lat"].isna()]
    assert len(cut) == 1
    assert cut.notna().to_numpy().ravel().tolist() == [c in ("activity_id", "source") for c in cut]
    lines = json.loads(files.to_geojson(left))["features"][0]["geometry"]["coordinates"]
    assert len(lines) == 2


def test_what_was_cut_out_adds_nothing_to_the_distance() -> None:
    left = files.hide_places(straight(-2000, 2000), [HOME])
    before, after = left.index[left["lat"].isna()][0] + np.array([-1, 1])
    assert left["distance"][before] == left["distance"][after]
    assert left["time"][after] - left["time"][before] > 80


def test_a_line_through_the_circle_is_cut_even_where_no_sample_lies_in_it() -> None:
    left = files.hide_places(straight(-3000, 3001, step=2000), [HOME], ends=False)
    assert left["lat"].isna().tolist() == [False, False, True, False, False]


def test_samples_before_the_first_position_go_with_the_start() -> None:
    ride = straight(0, 3000)
    ride.loc[:9, ["lat", "lng"]] = pd.NA
    left = files.hide_places(ride)
    assert left["lat"].notna().all()
    assert left["time"].iloc[0] == 0


def test_samples_that_lost_the_position_on_the_way_into_a_circle_go_with_it() -> None:
    ride = straight(-2000, 2000, heartrate=list(range(800)))
    lost = files.hide_places(ride, [HOME])["heartrate"]
    border = lost[lost.isna()].index[0]
    ride.loc[ride["heartrate"].isin(range(int(lost[border - 1]) - 4, 400)), ["lat", "lng"]] = pd.NA
    left = files.hide_places(ride, [HOME])
    assert left["time"][left["lat"].isna()].isna().all()


def test_a_sample_without_a_position_far_from_every_circle_stays() -> None:
    ride = straight(0, 3000)
    ride.loc[300, ["lat", "lng"]] = pd.NA
    left = files.hide_places(ride)
    assert left["lat"].isna().sum() == 1
    assert left["time"].notna().all()


def test_activities_without_positions_stay_as_they_are() -> None:
    indoors = streams({"time": {"data": [5, 6]}, "heartrate": {"data": [100, 101]}}, 2, source="export")
    left = files.hide_places(stack([straight(0, 3000), indoors]))
    assert left[left["activity_id"] == 2]["heartrate"].tolist() == [100, 101]


def test_an_activity_within_the_circles_is_gone_and_that_is_said() -> None:
    both = stack([straight(0, 150), straight(0, 3000, number=2)])
    with pytest.warns(StravaNbWarning, match="1 activity lies within what is hidden"):
        left = files.hide_places(both)
    assert left["activity_id"].unique().tolist() == [2]
    assert "1 activity lies" in left.attrs["problems"][0]


@pytest.mark.parametrize("write", [files.to_gpx, files.to_geojson])
def test_a_file_of_which_nothing_would_be_left_is_not_written(write: Any, tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="all of it lies within what is hidden"):
        write(straight(0, 150), tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_the_callers_table_is_not_changed() -> None:
    ride = straight(-2000, 2000)
    before = ride.copy(deep=True)
    files.hide_places(ride, [HOME])
    pd.testing.assert_frame_equal(ride, before)
    assert "hidden" not in ride.attrs


def test_dtypes_stay_with_a_cut_and_without() -> None:
    ride = straight(-2000, 2000, moving=[True] * 800)
    for places in ([], [HOME]):
        left = files.hide_places(ride, places)
        assert left.dtypes.to_dict() == ride.dtypes.to_dict()
        assert isinstance(left.index, pd.RangeIndex)


def test_no_streams_at_all_are_none() -> None:
    assert files.hide_places(streams({}, None)).empty


# Every place on earth

PLACES = st.one_of(
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    st.tuples(st.sampled_from([90.0, -90.0, 89.9999, 0.0]), st.sampled_from([180.0, -180.0, 179.9999, 0.0])),
)
WALKS = st.lists(st.tuples(st.floats(-400, 400), st.floats(-400, 400)), min_size=1, max_size=30)


@settings(max_examples=60)
@given(PLACES, WALKS, st.sampled_from([50.0, 200.0, 1000.0]), st.booleans())
@example((0.0, 180.0), [(100.0, 0.0)] * 20, 200.0, True)
@example((90.0, 0.0), [(100.0, 0.0)] * 20, 200.0, True)
def test_no_exported_point_and_no_line_lies_within_what_is_hidden(
    place: tuple[float, float], walk: list[tuple[float, float]], metres: float, ends: bool
) -> None:
    east, north = np.cumsum(np.array([(-metres, -metres), *walk]), axis=0).T
    ride = track(around(place, east, north), every=5)
    hidden = [place] if not ends else [place, *positions_of(ride)[[0, -1]]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StravaNbWarning)
        left = files.hide_places(ride, [place], metres, ends=ends)
        if left.empty:
            return
        gpx = gpxpy.parse(files.to_gpx(left).decode())
        geometry = json.loads(files.to_geojson(left))["features"][0]["geometry"]
    lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
    points = np.array([(p.latitude, p.longitude) for p in gpx.walk(only_points=True)])
    for one in hidden:
        assert metres_between(one, points).min() > metres
    for line in lines:
        ends_of = unit_vectors(np.array(line)[:, 1], np.array(line)[:, 0])
        for part in np.linspace(0, 1, 9):
            between = ends_of[:-1] * (1 - part) + ends_of[1:] * part
            between /= np.linalg.norm(between, axis=1, keepdims=True)
            lat, lng = np.arcsin(between[:, 2]), np.arctan2(between[:, 1], between[:, 0])
            for one in hidden:
                assert metres_between(one, np.degrees(np.column_stack([lat, lng]))).min() > metres


# What an attacker can work out


@pytest.mark.parametrize("home", [HOME, (-16.8, 179.9999)])
def test_a_circle_through_the_ends_of_fifty_rides_misses_home(home: tuple[float, float]) -> None:
    rides = [ride_from(home, seed) for seed in range(50)]
    left = [positions_of(files.hide_places(ride)) for ride in rides]
    ends = np.concatenate([one[[0, -1]] for one in left])
    centre, radius = circle_through(ends, home)
    assert 270 < radius < 330  # the circle is found
    assert 40 < np.hypot(*centre) < 110  # and home is not in its middle


def test_all_rides_at_once_are_hidden_as_one_by_one() -> None:
    rides = [ride_from(HOME, seed) for seed in range(3)]
    together = files.hide_places(stack(rides))
    for ride in rides:
        number = ride["activity_id"].iloc[0]
        own = together[together["activity_id"] == number].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, files.hide_places(ride))


@settings(max_examples=30)
@given(PLACES, st.binary(min_size=32, max_size=32), st.sampled_from([50.0, 200.0, 5000.0]))
def test_a_place_moves_by_a_quarter_to_a_half_of_the_metres(
    place: tuple[float, float], secret: bytes, metres: float
) -> None:
    way = np.linalg.norm(moved(*place, metres, secret) - unit_vectors(*map(np.array, place))) * EARTH
    assert 0.255 * metres < way < 0.485 * metres


def test_starts_some_metres_apart_move_alike_wherever_home_lies() -> None:
    dice = np.random.default_rng(1)
    for lat, lng in zip(dice.uniform(-70, 70, 40), dice.uniform(-180, 180, 40), strict=True):
        near = around((lat, lng), dice.uniform(-20, 20, 6), dice.uniform(-20, 20, 6))
        ways = [moved(*one, 200, b"k" * 32) - unit_vectors(*one) for one in near]
        assert np.linalg.norm(np.ptp(ways, axis=0)) * EARTH < 25


def test_a_place_that_is_known_does_not_tell_how_another_moves() -> None:
    def way(lat: float, secret: bytes) -> Metres:
        step = moved(lat, 7.0, 200, secret) - unit_vectors(np.array(lat), np.array(7.0))
        return step / np.linalg.norm(step)

    alike = [way(46.0, bytes([n]) * 32) @ way(46.2, bytes([n]) * 32) for n in range(200)]
    assert abs(np.mean(alike)) < 0.2


# The secret


def test_the_secret_is_kept_for_its_owner_alone_and_is_the_same_elsewhere(known_secret: Path) -> None:
    known_secret.unlink()
    secret = own_secret()
    if sys.platform != "win32":
        assert known_secret.stat().st_mode & 0o777 == 0o600
    code = "from strava_nb.files.secret import own_secret; print(own_secret().hex())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert bytes.fromhex(other.stdout.strip()) == secret == own_secret()


def test_a_damaged_secret_is_made_anew(known_secret: Path) -> None:
    known_secret.write_text("half", "ascii")
    assert len(own_secret()) == 32
    assert own_secret() == own_secret()


def test_on_binder_and_where_nothing_can_be_kept_the_secret_is_in_memory(
    known_secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(known_secret.parent)
    known_secret.parent.write_text("a file where a folder should be", "ascii")
    secret = own_secret()
    assert secret == own_secret()
    known_secret.parent.unlink()
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://example.org")
    assert own_secret() == secret
    assert not known_secret.parent.exists()


# Files say it


def test_files_say_that_they_hide_and_do_it_once() -> None:
    ride = straight(-2000, 2000).assign(activity_id=pd.array([1] * 800, dtype="Int64"))
    about = pd.DataFrame({"id": [1], "start_date": pd.to_datetime(["2026-05-03T06:30:00Z"])})
    once = files.hide_places(ride, [HOME], 300)
    said = once.attrs["hidden"]
    assert said == (
        "Hidden: at least 300 m around start and end and a place of its athlete's; "
        "the clock begins with what is left."
    )
    gpx = gpxpy.parse(files.to_gpx(once, activities=about).decode())
    assert gpx.description == said
    assert gpx.get_points_no() == once["lat"].notna().sum()
    feature = json.loads(files.to_geojson(once))["features"][0]
    assert feature["properties"]["description"] == said


def test_a_gpx_is_hidden_unless_told_not_to_be_and_its_clock_begins_at_the_start() -> None:
    about = pd.DataFrame({"id": [1], "start_date": pd.to_datetime(["2026-05-03T06:30:00Z"])})
    ride = straight(0, 3000)
    shared = gpxpy.parse(files.to_gpx(ride, activities=about).decode())
    whole = gpxpy.parse(files.to_gpx(ride, activities=about, hide=False).decode())
    assert shared.get_points_no() < whole.get_points_no() == 600
    assert shared.get_time_bounds().start_time == whole.get_time_bounds().start_time
    assert "at least 200 m" in shared.description
    assert not whole.description


def test_a_filtered_table_that_lost_its_mark_is_hidden_again() -> None:
    once = files.hide_places(straight(0, 5000))
    once.attrs = {}
    assert files.to_geojson(once) != files.to_geojson(once, hide=False)


# Bad input


@pytest.mark.parametrize("places", [[(91, 0)], [(1, 2, 3)], ["Bern"], 5, [(float("nan"), 0)], [None]])
def test_what_is_no_place_is_said(places: Any) -> None:
    with pytest.raises(BadInput, match="pair of latitude and longitude"):
        files.hide_places(straight(0, 3000), places)


def test_one_pair_is_one_place() -> None:
    ride = straight(-2000, 2000)
    pd.testing.assert_frame_equal(files.hide_places(ride, HOME), files.hide_places(ride, [HOME]))


@pytest.mark.parametrize("metres", [0, -5, float("nan"), float("inf"), "200", None, 1e9])
def test_metres_that_cannot_be_hidden_are_said(metres: Any) -> None:
    with pytest.raises(BadInput, match="metres=200"):
        files.hide_places(straight(0, 3000), metres=metres)


def test_hiding_nothing_is_said() -> None:
    with pytest.raises(BadInput, match="Nothing is to be hidden"):
        files.hide_places(straight(0, 3000), ends=False)


def test_a_day_of_samples_is_hidden_and_written_whole() -> None:
    dice = np.random.default_rng(3)
    walk = np.cumsum(dice.normal(0, 3, (2, 100_000)), axis=1) + np.linspace(0, 50_000, 100_000)
    ride = track_of_many(around(HOME, *walk))
    left = files.hide_places(ride)
    about = pd.DataFrame({"id": [1], "start_date": pd.to_datetime(["2026-05-03T06:30:00Z"])})
    assert files.to_gpx(left, activities=about).count(b"<trkpt") == left["lat"].notna().sum()


def track_of_many(positions: Metres) -> pd.DataFrame:
    data = {"time": {"data": np.arange(len(positions)) * 1.0}, "latlng": {"data": positions}}
    return streams(data, 1, source="export")
