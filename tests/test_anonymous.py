"""Tables without their person: nothing names or places anybody, and rows still belong together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hidden_places import straight

from strava_nb import files
from strava_nb.errors import BadTable
from strava_nb.tables import activities, readable

pytestmark = pytest.mark.usefixtures("known_secret")


RECORD: dict[str, Any] = {
    "id": 12345678901,
    "name": "To Ana's <house>",
    "description": "secret",
    "sport_type": "Ride",
    "start_date": "2026-05-03T06:30:00Z",
    "start_date_local": "2026-05-03T08:30:00Z",
    "timezone": "(GMT+01:00) Europe/Zurich",
    "utc_offset": 7200.0,
    "distance": 30123.4,
    "moving_time": 3600,
    "average_heartrate": 141.0,
    "elev_high": 812.0,
    "start_latlng": [46.9, 7.4],
    "end_latlng": [46.9, 7.4],
    "map": {"summary_polyline": "a~l~Fjk~u\\OwHJy@P"},
    "gear_id": "b77",
    "device_name": "Garmin Edge 540",
    "external_id": "ana.fit",
    "upload_id": 987654321012,
    "athlete": {"id": 4242},
    "photos": {"primary": {"urls": {"600": "https://example.org/ana.jpg"}}},
}


def two_activities() -> pd.DataFrame:
    second = RECORD | {"id": 12345678902, "start_date_local": "2026-05-10T19:00:00Z", "distance": 1.0}
    return activities([RECORD, second], source="export")


def test_nothing_that_names_or_places_anybody_is_left() -> None:
    table = two_activities()
    text = files.to_csv(files.anonymise(table)).decode()
    telling = "Ana secret 12345678901 4242 b77 Garmin 46.9 Zurich 7200 987654321012 a~l~ example 812 2026"
    for told in telling.split():
        assert told in files.to_csv(table).decode()
        assert told not in text, told
    assert "30123.4" in text


def test_what_is_not_known_to_be_harmless_is_left_out_and_named() -> None:
    plain = files.anonymise(two_activities().assign(phone="079"))
    assert "phone" not in plain
    assert "phone" in plain.attrs["anonymised"]
    assert len(plain) == 2


def test_all_dates_of_an_athlete_move_by_one_whole_number_of_weeks() -> None:
    table = pd.concat([two_activities().assign(athlete_id=one) for one in range(20)], ignore_index=True)
    table["athlete_id"] = table["athlete_id"].astype("Int64")
    moved_by = table["start_date_local"] - files.anonymise(table)["start_date_local"]
    assert moved_by.groupby(table["athlete_id"]).nunique().eq(1).all()
    assert moved_by.nunique() > 10
    assert (moved_by % pd.Timedelta(weeks=1) == pd.Timedelta(0)).all()
    assert moved_by.between(pd.Timedelta(weeks=4), pd.Timedelta(weeks=207)).all()


def test_utc_tells_no_time_zone() -> None:
    plain = files.anonymise(two_activities())
    assert (plain["start_date"].dt.tz_localize(None) == plain["start_date_local"]).all()
    assert plain["start_date"].dtype == two_activities()["start_date"].dtype


def test_streams_and_activities_still_belong_together_and_another_computers_do_not(
    known_secret: Path,
) -> None:
    ride = straight(0, 1000, number=12345678901, altitude=list(range(540, 740)))
    table, samples = files.anonymise(two_activities()), files.anonymise(ride)
    assert samples["activity_id"].unique().tolist() == table.loc[table["distance"] > 2, "id"].tolist()
    assert not {"lat", "lng"} & set(samples)
    assert samples["altitude"].tolist() == list(range(200))
    assert table["athlete_id"].nunique() == table["gear_id"].nunique() == 1
    known_secret.write_text("2b" * 32, "ascii")
    other = files.anonymise(two_activities())
    assert set(other["id"]).isdisjoint(table["id"])
    assert other["athlete_id"][0] != table["athlete_id"][0]


def test_ids_are_whole_numbers_that_every_file_keeps() -> None:
    many = files.anonymise(pd.DataFrame({"id": pd.array(range(1, 5001), dtype="Int64")}))
    assert many["id"].nunique() == 5000
    assert many["id"].between(1, 10**15 - 1).all()


def test_an_absent_id_stays_absent_and_doubles_name_the_right_row() -> None:
    table = two_activities()
    table["double_of"] = pd.array([pd.NA, table["id"][0]], dtype="Int64")
    plain = files.anonymise(table)
    assert plain["double_of"].tolist() == [pd.NA, plain["id"][0]]


def test_an_anonymised_table_is_still_one_of_activities() -> None:
    plain = files.anonymise(two_activities())
    assert readable(plain)["Sport"].tolist() == ["Ride", "Ride"]
    assert plain.dtypes.to_dict() == two_activities().dtypes[plain.columns].to_dict()


@pytest.mark.parametrize("table", [readable(two_activities()), pd.DataFrame({"n": [1]}), None])
def test_a_table_without_ids_cannot_be_anonymised(table: Any) -> None:
    with pytest.raises(BadTable, match="neither id nor activity_id"):
        files.anonymise(table)
