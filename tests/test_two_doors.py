"""One athlete through two doors: what the API says of her and what her export says is the same."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import strava_nb as snb
from strava_nb.columns import ACTIVITIES, LAPS
from strava_nb.errors import StravaNbWarning
from strava_nb.simulator import Athlete
from strava_nb.simulator.archive import track_names, write_export
from strava_nb.simulator.archive_table import table as activities_csv
from strava_nb.sources.api import ApiSource
from strava_nb.sources.archive import ExportSource
from tests.conftest import TODAY

pytestmark = pytest.mark.slow

HOME = "Europe/Berlin"
LATEST = 100
"""Activities in the export with tracks: half a year, a week of skiing in Austria among it."""
BOTH = [column for column in ACTIVITIES if column.export]
ON_THE_SPOT = ["start_date_local", "timezone", "utc_offset"]
IN_DETAILS = ["calories", "description", "perceived_exertion"]
"""What Strava's listing lacks and its page of one activity has."""
FOUR_BYTES = 2.0**-23
"""How far a number is off, for its size, once Strava has kept it in four bytes."""


@pytest.fixture(scope="module")
def api() -> ApiSource:
    return snb.open_demo(today=TODAY)


@pytest.fixture(scope="module")
def api_table(api: ApiSource) -> pd.DataFrame:
    return snb.get_activities(api, progress=False)


@pytest.fixture(scope="module")
def export_table(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """All that activities.csv tells of her three years, without the tracks."""
    athlete = Athlete(today=TODAY)
    folder = tmp_path_factory.mktemp("lists") / f"export_{athlete.profile['id']}"
    folder.mkdir()
    (folder / "DEMO.txt").write_text("")
    text = activities_csv(athlete.activities, track_names(athlete), athlete.gear)
    (folder / "activities.csv").write_text(text, encoding="utf-8", newline="")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the tracks are not there
        return snb.get_activities(snb.open_export(folder, timezone=HOME), progress=False)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> ExportSource:
    path = tmp_path_factory.mktemp("export") / "DEMO_export_100000042.zip"
    return snb.open_export(write_export(path, today=TODAY, activities=LATEST), timezone=HOME)


def same(one: pd.Series[Any], other: pd.Series[Any]) -> None:
    """Exactly so, but for what four bytes take from a number."""
    name = str(one.name)
    assert one.dtype == other.dtype, name
    assert (one.isna() == other.isna()).all(), name
    if one.dtype == "Float64":
        one, other = one.dropna(), other.dropna()
        off = ((one - other).abs() > FOUR_BYTES * other.abs()).to_numpy(bool)
        assert not off.any(), f"{name}: {one[off].head(3).tolist()} is not {other[off].head(3).tolist()}"
    else:
        assert list(one.dropna()) == list(other.dropna()), name


def test_the_same_rows_come_in_the_same_order(api_table: pd.DataFrame, export_table: pd.DataFrame) -> None:
    assert len(api_table) > 700
    assert list(export_table["id"]) == list(api_table["id"])


@pytest.mark.parametrize(
    "name", [column.name for column in BOTH if column.name not in [*ON_THE_SPOT, *IN_DETAILS]]
)
def test_a_column_that_an_export_can_fill_is_the_apis(
    name: str, api_table: pd.DataFrame, export_table: pd.DataFrame
) -> None:
    same(export_table[name], api_table[name])
    assert api_table[name].notna().any() or name == "double_of"


@pytest.mark.parametrize("name", ON_THE_SPOT)
def test_at_home_the_clock_shows_the_same(
    name: str, api_table: pd.DataFrame, export_table: pd.DataFrame
) -> None:
    at_home = api_table["timezone"] == HOME
    assert 600 < at_home.sum() < len(api_table)
    same(export_table.loc[at_home, name], api_table.loc[at_home, name])


@pytest.mark.parametrize("name", IN_DETAILS)
def test_what_only_details_have_is_the_same_there(
    name: str, api: ApiSource, export_table: pd.DataFrame
) -> None:
    some = export_table.iloc[::60].reset_index(drop=True)
    details = snb.tables.activities([api.detail(int(one)) for one in some["id"]])
    assert list(details["id"]) == list(some["id"])
    same(some[name], details[name].replace("", pd.NA))


def test_what_the_export_alone_can_fill_is_flagged_and_what_it_cannot_is_not(
    export_table: pd.DataFrame,
) -> None:
    filled = {column.name for column in ACTIVITIES if export_table[column.name].notna().any()}
    flagged = {column.name for column in BOTH}
    assert filled - flagged == set()
    assert flagged - filled == {"perceived_exertion", "double_of"}  # she never says, and never uploads twice


# Tracks.

TOLERANCES = {
    # The formats' own digits: six decimals of a degree are 11 cm, FIT counts in half circles over 2³¹
    # and in fifths of a metre.
    "time": (0.0, 0.0, 0.0),
    "lat": (1e-9, 1e-9, 1e-7),
    "lng": (1e-9, 1e-9, 1e-7),
    "altitude": (1e-9, 1e-9, 0.1 + 1e-9),
    "heartrate": (0.0, 0.0, 0.0),
    "cadence": (0.0, 0.0, 0.0),
    "watts": (0.0, 0.0, 0.0),
    "temp": (0.0, np.nan, 0.0),
    "velocity_smooth": (np.inf, 1e-9, 1e-9),
    "distance": (np.inf, 1e-9, 1e-9),
}
"""How far a sample may be off in GPX, TCX and FIT; not a number: the format does not hold it.

Infinite: it is worked out, which other tests look at.
"""
FORMATS = {"gpx": 0, "tcx.gz": 1, "fit.gz": 2, "gpx.gz": 0}


def of_format(export: ExportSource, ending: str) -> list[int]:
    table = snb.get_activities(export, progress=False)
    return [
        int(one)
        for one, name in zip(table["id"], table["filename"], strict=True)
        if isinstance(name, str) and name.partition(".")[2] == ending
    ]


@pytest.mark.parametrize("ending", FORMATS)
def test_the_tracks_of_a_format_are_the_apis_streams(
    ending: str, api: ApiSource, export: ExportSource
) -> None:
    ids = of_format(export, ending)
    some = ids[:: len(ids) // 3]
    assert len(some) >= 3
    ours = snb.get_streams(export, some, progress=False)
    theirs = snb.get_streams(api, some, progress=False)
    assert list(ours["activity_id"]) == list(theirs["activity_id"])
    compared = 0
    for name, tolerances in TOLERANCES.items():
        tolerance = tolerances[FORMATS[ending]]
        if np.isnan(tolerance):
            assert name not in ours, f"{ending} has no {name}"
        elif np.isfinite(tolerance) and name in theirs:
            compared += 1
            assert (ours[name].isna() == theirs[name].isna()).all(), name
            assert ((ours[name] - theirs[name]).abs().max() or 0) <= tolerance, name
    assert compared >= 5
    assert set(ours["source"]) == {"demo"}


def test_the_distance_of_a_gpx_is_measured_and_within_a_hundredth(
    api: ApiSource, export: ExportSource
) -> None:
    for one in of_format(export, "gpx.gz")[::20]:
        measured = snb.get_streams(export, one, keys=["distance"], progress=False)["distance"]
        told = snb.get_streams(api, one, keys=["distance"], progress=False)["distance"]
        assert (measured - told).abs().max() < 0.01 * told.max() + 5


def test_activities_without_a_track_are_those_without_streams(api: ApiSource, export: ExportSource) -> None:
    table = snb.get_activities(export, progress=False)
    without = [int(one) for one in table["id"][table["filename"].isna()]]
    assert without
    for source in (api, export):
        with pytest.warns(StravaNbWarning, match="streams"):
            assert snb.get_streams(source, without, progress=False).attrs["without_streams"] == without


def test_abroad_the_clock_is_right_once_the_track_is_read(
    api_table: pd.DataFrame, export: ExportSource
) -> None:
    theirs = api_table.head(LATEST)
    abroad = (theirs["timezone"] != HOME).to_numpy(bool)
    assert abroad.sum() == 5
    snb.get_streams(export, theirs[abroad], progress=False)
    ours = snb.get_activities(export, progress=False)
    for name in ["id", *ON_THE_SPOT]:
        same(ours.loc[abroad, name], theirs.loc[abroad, name])


def test_on_an_island_that_does_not_exist_the_clock_is_the_one_at_home(
    api_table: pd.DataFrame, export: ExportSource
) -> None:
    theirs = api_table.head(LATEST)
    virtual = (theirs["sport_type"] == "VirtualRide").to_numpy(bool)
    assert virtual.sum() > 3
    snb.get_streams(export, theirs[virtual], progress=False)
    ours = snb.get_activities(export, progress=False)
    for name in ON_THE_SPOT:
        same(ours.loc[virtual, name], theirs.loc[virtual, name])
    assert (ours.loc[virtual, "start_lat"] < 0).all()  # the place itself is told, as the API tells it


# Laps.

LAP_TOLERANCES = {
    # TCX and FIT: a mean of Strava's is rounded to a tenth, FIT's climbing to a metre; TCX has none.
    "lap_index": (0.0, 0.0),
    "start": (0.0, 0.0),
    "elapsed_time": (0.0, 0.0),
    "moving_time": (0.0, 0.0),
    "distance": (1e-9, 1e-9),
    "average_speed": (0.0005 + 1e-9, 0.0005 + 1e-9),
    "max_speed": (1e-9, 1e-9),
    "total_elevation_gain": (np.inf, 0.5 + 1e-9),
    "average_heartrate": (0.05 + 1e-9, 0.05 + 1e-9),
    "max_heartrate": (0.0, 0.0),
    "average_cadence": (0.05 + 1e-9, 0.05 + 1e-9),
    "average_watts": (0.05 + 1e-9, 0.05 + 1e-9),
    "start_index": (0.0, 0.0),
    "end_index": (0.0, 0.0),
}
"""How far a lap may be off in TCX and FIT; infinite: it is measured in another way."""
OURS_ALONE = {"average_grade_adjusted_speed", "elevation_difference"}
"""What is measured of each lap and Strava tells of splits only."""


@pytest.mark.parametrize("ending", ["tcx.gz", "fit.gz"])
def test_the_laps_of_a_device_are_the_apis(ending: str, api: ApiSource, export: ExportSource) -> None:
    ids = of_format(export, ending)
    ours, theirs = (snb.get_laps(source, ids, progress=False) for source in (export, api))
    assert len(ours) > 2 * len(ids) > 20
    assert ours.attrs == theirs.attrs == {"without_streams": []}
    assert (set(ours["basis"]), set(theirs["basis"])) == ({"device"}, {"strava"})
    for name in ("activity_id", "name", "source"):
        assert ours[name].tolist() == theirs[name].tolist()
    for name, tolerances in LAP_TOLERANCES.items():
        tolerance = tolerances[FORMATS[ending] - 1]
        if np.isfinite(tolerance):
            assert (ours[name].isna() == theirs[name].isna()).all(), name
            assert (ours[name] - theirs[name]).abs().max() <= tolerance, name
    flagged = {column.name for column in LAPS if column.export}
    assert flagged - {"activity_id", "name", "source", "basis"} == {*LAP_TOLERANCES, *OURS_ALONE}


def test_a_gpx_tells_of_no_laps_and_is_one(export: ExportSource) -> None:
    ids = of_format(export, "gpx.gz")[:3]
    laps = snb.get_laps(export, ids, progress=False)
    assert laps["activity_id"].tolist() == ids
    assert set(laps["basis"]) == {"streams"}
