"""What tells in a notebook where and who an athlete is: places near home, ids, names."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from private_notebooks import (
    ACTIVITY,
    ATHLETE,
    HOME,
    PLACE,
    TABLE,
    WHO,
    code,
    found,
    notebook,
    prose,
    ride,
    shown,
    stream,
    whats,
)

from strava_nb.signin.oauth import Application
from strava_nb.signin.remembered import Person, Remembered
from strava_nb.signin.tokens import Tokens
from strava_nb.signin.vaults import FileVault
from strava_nb.tables import activities, streams

pytestmark = pytest.mark.slow


def moved(place: tuple[float, float], north: float, east: float) -> tuple[float, float]:
    lat = place[0] + north / 111_195
    return lat, place[1] + east / 111_195 / np.cos(np.radians(lat))


@given(
    lat=st.floats(-75, -1) | st.floats(1, 75),
    lng=st.floats(-180, 180),
    way=st.tuples(st.floats(0, 6.28), st.one_of(st.floats(0, 480), st.floats(520, 50_000))),
    shape=st.sampled_from(
        ["{0:.5f}, {1:.5f}", "[{1:.6f}, {0:.6f}]", '{{"lat": {0:.5f}, "ele": 401.5, "lon": {1:.5f}}}']
    ),
)
@settings(max_examples=40)
def test_a_place_within_500_m_of_home_is_near_it_and_others_are_not(
    tmp_path_factory: pytest.TempPathFactory, lat: float, lng: float, way: tuple[float, float], shape: str
) -> None:
    angle, metres = way
    table = activities([ride(1, (lat, lng)), ride(2, (lat, lng))], source="export")
    place = moved((lat, lng), metres * np.sin(angle), metres * np.cos(angle))
    text = shape.format(*place)
    alarm = PLACE in whats(notebook(code("1", stream(text))), tmp_path_factory.mktemp("near"), table=table)
    assert alarm == (metres < 500)


def test_the_commonest_starts_are_homes_and_a_single_one_is_not(tmp_path: Path) -> None:
    # home lies where four squares of a hundredth of a degree meet
    homes = [moved((46.945, 7.445), *at) for at in np.random.default_rng(1).normal(0, 20, (30, 2)).tolist()]
    office = [(47.1, 7.1)] * 8
    once = [(45.0 + number / 10, 9.0) for number in range(20)]
    table = activities(
        [ride(one % 28 + 1, at) for one, at in enumerate([*homes, *office, *once])], source="api"
    )

    def is_home(*place: float) -> bool:
        return PLACE in whats(notebook(code("at {:.4f} {:.4f}".format(*place))), tmp_path, table=table)

    assert is_home(46.945, 7.445) and is_home(47.1001, 7.1001)
    assert not any(is_home(*place) for place in once)


def test_the_one_start_of_a_small_table_is_home(tmp_path: Path) -> None:
    table = activities([ride(1)], source="export")
    assert whats(notebook(code("46.948 7.4474")), tmp_path, table=table) == {PLACE}


def test_streams_tell_where_they_start(tmp_path: Path) -> None:
    track = streams({"time": {"data": [0, 1]}, "latlng": {"data": [HOME, (47.0, 8.0)]}}, 987654321012)
    text = notebook(code("46.948 7.4474"), prose("47.0001 8.0001"), prose("987,654,321,012"))
    assert {(one.cell, one.what) for one in found(text, tmp_path, table=track)} == {(1, PLACE), (3, ACTIVITY)}


@pytest.mark.parametrize("kind", ["f8", "f4"])
def test_positions_in_arrays_of_bytes_are_found(kind: str, tmp_path: Path) -> None:
    places = np.array([[47.2, 7.1], HOME, [47.3, 7.3]]).astype(kind)
    data = base64.b64encode(places.tobytes()).decode()
    shape = {"dtype": kind, "bdata": data, "shape": "3, 2"}
    assert whats(notebook(code("1", shown("application/json", shape))), tmp_path) == {PLACE}


def test_columns_of_latitudes_and_longitudes_are_found(tmp_path: Path) -> None:
    data = {"lat": [47.2, HOME[0], *[47.3] * 500], "lon": [7.1, HOME[1], *[7.2] * 500]}
    assert whats(notebook(code("1", shown("application/vnd.plotly.v1+json", data))), tmp_path) == {PLACE}


def test_where_a_photograph_was_taken_is_found(tmp_path: Path) -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (46.0, 56.0, 52.9), 3: "E", 4: (7.0, 26.0, 50.8)}
    Image.new("RGB", (2, 2)).save(file, "JPEG", exif=exif)
    data = base64.b64encode(file.getvalue()).decode()
    assert whats(notebook(prose("", attachments={"a": {"image/jpeg": data}})), tmp_path) == {PLACE}


def test_a_table_and_a_map_as_notebooks_show_them(tmp_path: Path) -> None:
    from strava_nb import plots

    track = streams({"time": {"data": [0, 9]}, "latlng": {"data": [HOME, (47.0, 7.5)]}}, 12345678901)
    page = plots.web_map(track, activities=TABLE, hide=False)._repr_html_()
    html_table, text_table = TABLE.to_html(), TABLE.iloc[-1].to_string()
    cells = code("1", shown("text/html", page)), code("2", shown("text/html", html_table), stream(text_table))
    told = {(one.cell, one.place, one.what) for one in found(notebook(*cells), tmp_path)}
    ids = {ATHLETE, ACTIVITY, "a gear's id", PLACE}
    assert told >= {(1, "output 1 (text/html)", PLACE)}
    assert told >= {(2, place, what) for place in ("output 1 (text/html)", "output 2") for what in ids}


def test_a_short_number_is_the_athletes_only_where_it_is_said_to_be(tmp_path: Path) -> None:
    table = activities([ride(1, athlete=42)], source="api")
    assert whats(notebook(code("athlete_id: 42")), tmp_path, table=table) == {ATHLETE}
    assert whats(notebook(code("https://www.strava.com/athletes/42/x")), tmp_path, table=table) == {ATHLETE}
    assert whats(notebook(code("x = 42, athletes 421")), tmp_path, table=table) == set()


def test_who_is_remembered_on_this_computer_is_known(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_NB_HOME", str(own_home))
    here = Remembered("http://y", vault=FileVault(own_home / "sign-ins"))
    here.keep(Person(24681357, "Ann O'Nym"), Application("http://y/oauth", "1", "s" * 40), Tokens("t" * 40))
    text = notebook(code("Ann O&#39;Nym"), code("24681357"))
    assert [one.what for one in found(text, tmp_path, table=None)] == [WHO, ATHLETE]
