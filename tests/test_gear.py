"""Bikes and shoes: the same table through all doors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from exports import export_files, write_zip

import strava_nb as snb
from strava_nb import tables
from strava_nb.columns import GEAR
from strava_nb.errors import BadInput, StravaNbWarning
from strava_nb.simulator import Simulator
from strava_nb.sources.api import ApiSource
from strava_nb.tables.gear_table import merge_gear

BIKE: dict[str, Any] = {
    "id": "b100",
    "primary": True,
    "name": "Rosinante",
    "nickname": "Rosinante",
    "resource_state": 3,
    "retired": False,
    "distance": 8919159.6,
    "brand_name": "Fernweh",
    "model_name": "Asphalt 5",
    "frame_type": 3,
}
SHOES: dict[str, Any] = {"id": "g7", "name": "Blue ones", "distance": 481641, "retired": True}
LISTED: dict[str, Any] = {"kind": "bike", "name": "rosinante ", "brand_name": "F.", "sport_types": "Ride"}
DTYPES = {column.name: column.dtype for column in GEAR}


@pytest.fixture
def api(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> ApiSource:
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    return snb.open_api(access_token=strava.grant().access_token)


def test_a_bike_and_shoes_are_typed_rows_and_the_bikes_come_first() -> None:
    table = tables.gear([SHOES, BIKE])
    assert {name: str(table[name].dtype) for name in DTYPES} == DTYPES
    assert list(table)[: len(DTYPES)] == list(DTYPES)
    assert list(table)[len(DTYPES) :] == ["frame_type", "nickname", "resource_state"]
    assert table["kind"].tolist() == ["bike", "shoes"]
    assert table["distance"].tolist() == [8919159.6, 481641.0]
    assert table["primary"].isna().tolist() == [False, True]


def test_no_gear_is_an_empty_table_of_the_same_columns() -> None:
    for table in (tables.gear([]), merge_gear([]), merge_gear([tables.gear([])])):
        assert {name: str(dtype) for name, dtype in table.dtypes.items()} == DTYPES


def test_gear_that_only_has_a_nickname_is_called_by_it() -> None:
    assert tables.gear([{"id": "b1", "name": None, "nickname": "Dusty"}])["name"].tolist() == ["Dusty"]


def test_a_value_that_does_not_fit_is_told() -> None:
    table = tables.gear([BIKE | {"distance": "far"}])
    assert table["distance"].isna().all()
    assert table.attrs["problems"] == ["distance of gear 'Rosinante': 'far' does not fit"]


def test_the_same_bike_through_two_doors_is_one_row() -> None:
    api, export = tables.gear([SHOES, BIKE]), tables.gear([LISTED], source="export")
    first = merge_gear([api, export])
    assert first["id"].tolist() == ["b100", "g7"]
    assert first[["name", "brand_name", "source"]].to_numpy().tolist()[0] == ["Rosinante", "Fernweh", "api"]
    assert first["sport_types"].tolist()[0] == "Ride"
    other = merge_gear([export, api])
    assert other["id"].tolist() == ["b100", "g7"]
    assert other[["brand_name", "distance", "source"]].to_numpy().tolist()[0] == ["F.", 8919159.6, "export"]
    assert {name: str(other[name].dtype) for name in DTYPES} == DTYPES


def test_things_of_one_name_stay_as_many_as_there_are() -> None:
    pairs = [SHOES, SHOES | {"id": "g8"}]
    listed = [{"kind": "shoes", "name": "Blue ones"}] * 3 + [{"kind": "bike", "name": "Blue ones"}]
    merged = merge_gear([tables.gear(pairs), tables.gear(listed, source="export")])
    assert merged["id"].fillna("").tolist() == ["", "g7", "g8", ""]
    nameless = [{"kind": "bike", "name": None}]
    assert len(merge_gear([tables.gear(nameless), tables.gear(nameless)])) == 2


def test_the_account_tells_of_all_gear(api: ApiSource, strava: Simulator) -> None:
    table = snb.get_gear(api)
    assert {"bike", "shoes"} == set(table["kind"])
    assert table["id"].is_unique
    assert table["retired"].notna().all()
    assert table["brand_name"].notna().all()
    assert (table["source"] == "api").all()
    used = snb.get_activities(api, progress=False)["gear_id"].dropna()
    assert set(used) <= set(table["id"])


def test_without_the_profile_gear_is_what_activities_were_done_with(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    shy = snb.open_api(access_token=strava.grant("read,activity:read_all").access_token)
    used = snb.get_activities(shy, progress=False)["gear_id"].dropna()
    table = snb.get_gear(shy)
    assert set(table["id"]) == set(used)
    assert table["name"].notna().all()


def test_gear_that_strava_no_longer_knows_stays_a_row(
    api: ApiSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_athlete", {"id": 1, "bikes": [{"id": "b9", "name": "Sold"}], "shoes": None})
    assert snb.get_gear(api)[["id", "kind", "name"]].to_numpy().tolist() == [["b9", "bike", "Sold"]]


def test_an_export_tells_names_makers_and_models(tmp_path: Path) -> None:
    export = snb.open_export(write_zip(tmp_path / "export_1.zip", export_files()))
    table = snb.get_gear(export)
    assert table[["kind", "name", "brand_name", "model_name", "source"]].to_numpy().tolist() == [
        ["bike", "Bike", "Patria", "Terra", "export"]
    ]
    assert table[["id", "distance"]].isna().to_numpy().all()


def test_a_source_that_knows_of_no_gear_says_so() -> None:
    class Least:
        name = "export"

        def activities(self, *_: Any) -> list[Any]:
            return []

    with pytest.raises(BadInput, match="A Least does not tell of bikes and shoes"):
        snb.get_gear(Least())


def test_what_is_amiss_is_one_warning() -> None:
    class Broken:
        name = "export"

        def __init__(self) -> None:
            self.problems: list[str] = []

        def activities(self, *_: Any) -> list[Any]:
            return []

        def gears(self) -> list[Any]:
            self.problems.append("shoes.csv cannot be read.")
            return [BIKE | {"distance": "far"}]

    with pytest.warns(StravaNbWarning, match="shoes.csv cannot be read") as told:
        table = snb.get_gear([Broken()])
    assert (len(told), told[0].filename, len(table)) == (1, __file__, 1)
    assert table.attrs["problems"] == [
        "shoes.csv cannot be read.",
        "distance of gear 'Rosinante': 'far' does not fit",
    ]
