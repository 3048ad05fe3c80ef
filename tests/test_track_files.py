"""GPX and GeoJSON, judged by schemas and read back: by xmlschema, gpxpy, geojson and our own reader."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import geojson
import gpxpy
import numpy as np
import pandas as pd
import pytest
import xmlschema
from hypothesis import example, given, settings
from hypothesis import strategies as st

import strava_nb as snb
from strava_nb import files
from strava_nb.errors import BadTable, CannotWrite, StravaNbWarning
from strava_nb.tables import activities, streams
from strava_nb.tables.stream_table import stack


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(__file__).parent / "schemas" / "track.xsd")


START = "2026-05-03T06:30:00Z"
NASTY = 'Round "home" & <script>$x$</script>\r\nline\x00\x0b\ud800 🏔/..\\'

PAYLOAD: dict[str, Any] = {
    "time": {"data": [0, 1, 2, 100, 101]},
    "latlng": {"data": [[46.9, 7.4], [46.9001, 7.4], [46.9002, 7.4], [46.91, 7.41], [46.9101, 7.41]]},
    "altitude": {"data": [540.0, 540.5, 541.25, 550.0, 551.0]},
    "heartrate": {"data": [120, 121, None, 300, 124]},
    "cadence": {"data": [80, 0, 82, 83, 84]},
    "watts": {"data": [200, 0, 202, 203, None]},
    "temp": {"data": [-3, 0, 1, 1, 1.5]},
}


def table_of(number: int = 5, name: str = "Lunch", **more: Any) -> pd.DataFrame:
    record = {"id": number, "name": name, "sport_type": "GravelRide", "start_date": START}
    return activities([record | {"start_date_local": "2026-05-03T08:30:00Z"} | more], source="export")


def line(points: list[list[float]], number: int = 5, **more: list[Any]) -> pd.DataFrame:
    data = {"time": list(range(len(points))), "latlng": points} | more
    return streams({name: {"data": values} for name, values in data.items()}, number, source="export")


RIDE = streams(PAYLOAD, 5, source="export")


def whole_gpx(samples: pd.DataFrame, **options: Any) -> gpxpy.gpx.GPX:
    data = files.to_gpx(samples, hide=False, **options)
    schema().validate(io.BytesIO(data))
    return gpxpy.parse(data.decode())


def whole_geojson(samples: pd.DataFrame, **options: Any) -> Any:
    read = geojson.loads(files.to_geojson(samples, hide=False, **options))
    assert read.is_valid, read.errors()
    return read


# GPX


def test_a_gpx_holds_what_the_streams_hold_and_keeps_to_the_schemas() -> None:
    track = whole_gpx(RIDE, activities=table_of()).tracks[0]
    assert (track.name, track.type) == ("Lunch", "GravelRide")
    points = [point for segment in track.segments for point in segment.points]
    assert [(p.latitude, p.longitude) for p in points] == [tuple(p) for p in PAYLOAD["latlng"]["data"]]
    assert [p.elevation for p in points] == PAYLOAD["altitude"]["data"]
    assert points[3].time == datetime(2026, 5, 3, 6, 31, 40, tzinfo=UTC)


def test_a_gpx_is_read_back_by_our_own_reader(tmp_path: Path) -> None:
    path = files.to_gpx(RIDE, tmp_path / "ride.gpx", activities=table_of(), hide=False)
    back = snb.read_track(path)
    assert back.attrs == {"start": "2026-05-03T06:30:00+00:00", "sport": "GravelRide"}
    for name in ("time", "lat", "lng", "altitude", "cadence", "watts", "temp"):
        pd.testing.assert_series_equal(back[name], RIDE[name], check_exact=False)
    assert back["heartrate"].isna().tolist() == [False, False, True, True, False]  # 300 is no heart rate


def test_a_pause_begins_a_new_segment() -> None:
    assert [len(s.points) for s in whole_gpx(RIDE, activities=table_of()).tracks[0].segments] == [3, 2]


def test_power_is_said_in_garmins_word_and_in_stravas() -> None:
    text = files.to_gpx(RIDE, activities=table_of(), hide=False).decode()
    assert text.count("<gpxpx:PowerInWatts>202</gpxpx:PowerInWatts>") == 1
    assert text.count(">202</power>") == 1


def test_a_sample_without_any_sensor_has_no_extensions() -> None:
    text = files.to_gpx(line([[1, 1], [1, 2]], heartrate=[None, 100]), activities=table_of(), hide=False)
    assert text.count(b"<extensions>") == 1


def test_parts_of_a_second_are_kept() -> None:
    samples = line([[1, 1], [1, 1.1]]).assign(time=pd.array([0.25, 1.5], dtype="Float64"))
    times = [p.time for p in whole_gpx(samples, activities=table_of()).tracks[0].segments[0].points]
    assert [one.microsecond for one in times] == [250_000, 500_000]


def test_without_a_known_start_points_have_no_times_and_that_is_said() -> None:
    with pytest.warns(StravaNbWarning, match="1 activity without times.*activities="):
        data = files.to_gpx(RIDE, hide=False)
    assert b"<time>" not in data
    schema().validate(io.BytesIO(data))


def test_a_track_that_was_read_from_a_file_knows_its_start(tmp_path: Path) -> None:
    path = files.to_gpx(RIDE, tmp_path / "one.gpx", activities=table_of(), hide=False)
    again = files.to_gpx(snb.read_track(path), hide=False)
    assert b"<time>2026-05-03T06:31:41Z</time>" in again
    assert b"<type>GravelRide</type>" in again


@pytest.mark.slow
@settings(max_examples=25)
@given(st.text(max_size=30))
@example(NASTY)
@example("]]>")
def test_any_name_makes_a_valid_file(name: str) -> None:
    about = table_of().assign(name=pd.Series([name], dtype="object"))
    kept = [sign for sign in name if sign in "\t\n" or (sign >= " " and not "\ud800" <= sign < "\ue000")]
    kept = "".join(kept).replace("\ufffe", "").replace("\uffff", "")
    assert (whole_gpx(RIDE, activities=about).tracks[0].name or "") == kept
    assert whole_geojson(RIDE, activities=about)["features"][0]["properties"].get("name", "") == kept


def test_samples_without_a_position_that_can_be_are_left_out() -> None:
    samples = line([[1, 1], [95, 1], [1, None], [1, 1.001]])
    samples["lat"] = samples["lat"].astype("float64")
    samples.loc[0, "lat"] = np.inf
    assert [p.longitude for p in whole_gpx(samples, activities=table_of()).walk(only_points=True)] == [1.001]


def test_the_eastmost_longitude_is_the_westmost_as_the_schema_asks() -> None:
    samples = line([[0, 180.0], [0, 179.99999999], [0, -180.0], [0, 181.0]])
    lngs = [p.longitude for p in whole_gpx(samples, activities=table_of()).walk(only_points=True)]
    assert lngs == [-180.0, -180.0, -180.0, -179.0]


@pytest.mark.parametrize("write", [files.to_gpx, files.to_geojson])
def test_what_has_no_positions_at_all_is_said(write: Any) -> None:
    indoors = streams({"time": {"data": [0, 1]}, "heartrate": {"data": [100, 101]}}, 7)
    with pytest.raises(BadTable, match="no sample has a position"):
        write(indoors)
    with pytest.warns(StravaNbWarning, match="1 activity without positions left out"):
        assert write(stack([RIDE, indoors]), activities=table_of(), hide=False)
    with pytest.raises(BadTable, match="no sample has a position"):
        write(streams({}, None))
    with pytest.raises(BadTable, match="not a table of streams"):
        write(table_of())


def test_the_same_streams_make_the_same_bytes() -> None:
    assert files.to_gpx(RIDE, activities=table_of(), hide=False) == files.to_gpx(
        RIDE.copy(), activities=table_of(), hide=False
    )


# GeoJSON


def test_geojson_has_longitude_first_and_says_what_the_activity_is() -> None:
    feature = whole_geojson(RIDE, activities=table_of())["features"][0]
    assert feature["geometry"]["type"] == "MultiLineString"
    assert feature["geometry"]["coordinates"][0][0] == [7.4, 46.9, 540.0]
    assert feature["properties"] == {
        "id": 5,
        "name": "Lunch",
        "sport_type": "GravelRide",
        "start_date": START,
    }


def test_altitude_is_left_out_where_a_sample_lacks_it() -> None:
    samples = line([[1, 1], [1, 1.001]], altitude=[5.0, None])
    assert whole_geojson(samples)["features"][0]["geometry"]["coordinates"] == [[1, 1], [1.001, 1]]


def test_a_line_over_the_antimeridian_is_cut_on_it() -> None:
    samples = line([[10.0, 179.9], [11.0, -179.9], [11.0, -179.8], [10.0, 179.8]])
    lines = whole_geojson(samples)["features"][0]["geometry"]["coordinates"]
    assert lines == [
        [[179.9, 10.0], [180.0, 10.5]],
        [[-180.0, 10.5], [-179.9, 11.0], [-179.8, 11.0], [-180.0, 10.5]],
        [[180.0, 10.5], [179.8, 10.0]],
    ]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(list), min_size=1, max_size=12))
@example([[0.0, 180.0], [0.0, -180.0]])
@example([[0.0, -180.0], [0.0, 179.0]])
@example([[0.0, 179.0], [0.0, -180.0], [0.0, 179.0]])
def test_no_line_of_a_geojson_crosses_the_antimeridian(points: list[list[float]]) -> None:
    geometry = whole_geojson(line(points))["features"][0]["geometry"]
    multi = geometry["type"] == "MultiLineString"
    for one in geometry["coordinates"] if multi else [geometry["coordinates"]]:
        lngs = np.array(one)[:, 0]
        assert (np.abs(lngs) <= 180).all()
        assert (np.abs(np.diff(lngs)) <= 180).all()


def test_one_point_is_a_line_of_no_length() -> None:
    assert whole_geojson(line([[1, 2]]))["features"][0]["geometry"]["coordinates"] == [[2, 1], [2, 1]]
    assert len(whole_gpx(line([[1, 2]]), activities=table_of()).tracks[0].segments[0].points) == 1


def test_a_track_on_one_spot_is_written() -> None:
    assert whole_geojson(line([[1, 2]] * 5))["features"]
    assert whole_gpx(line([[1, 2]] * 5), activities=table_of()).tracks


# Files


def test_a_file_can_hold_many_activities_and_a_zip_has_a_file_each(tmp_path: Path) -> None:
    names = ["CON", "con", "🏔/..\\x", "lunch", "Lunch", ""]
    both = stack([line([[1, 1], [1, 1.01]], number) for number in range(1, 7)])
    about = pd.concat([table_of(n, name) for n, name in enumerate(names, 1)], ignore_index=True)
    assert len(whole_gpx(both, activities=about).tracks) == 6
    path = files.to_gpx(both, tmp_path / "all.zip", activities=about, hide=False)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [
            "2026-05-03__CON.gpx",
            "2026-05-03__con_2.gpx",
            "2026-05-03_x.gpx",
            "2026-05-03_lunch.gpx",
            "2026-05-03_Lunch_2.gpx",
            "2026-05-03_activity_6.gpx",
        ]
        for name in archive.namelist():
            schema().validate(io.BytesIO(archive.read(name)))
    again = files.to_gpx(both, tmp_path / "again.ZIP", activities=about, hide=False)
    assert again.read_bytes() == path.read_bytes()


def test_a_folder_gets_a_name_of_its_own_and_the_demo_athlete_is_marked(tmp_path: Path) -> None:
    demo = RIDE.assign(source=pd.Categorical(["demo"] * 5, ["api", "export", "demo"]))
    path = files.to_geojson(demo, tmp_path, activities=table_of(), hide=False)
    assert path == tmp_path / "DEMO_streams_5.geojson"
    properties = json.loads(path.read_bytes())["features"][0]["properties"]
    assert properties["source"] == "demo"
    assert properties["description"].startswith("DEMO")
    assert whole_gpx(demo, activities=table_of()).description.startswith("DEMO")
    zipped = files.to_gpx(demo, tmp_path / "x.zip", activities=table_of(), hide=False)
    assert zipfile.ZipFile(zipped).namelist() == ["DEMO_2026-05-03_Lunch.gpx"]


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        files.to_gpx(RIDE, tmp_path / "nowhere" / "x.gpx", activities=table_of(), hide=False)


def test_samples_of_two_activities_that_lie_mixed_are_two_tracks() -> None:
    mixed = stack([line([[1, 1], [1, 1.01]], 1), line([[2, 2], [2, 2.01]], 2)]).iloc[[0, 2, 1, 3]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tracks = whole_gpx(mixed).tracks
    assert [[p.latitude for p in t.segments[0].points] for t in tracks] == [[1, 1], [2, 2]]
