"""The export door: whatever shape the archive has, the same table comes out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from exports import RIDE, RUN, export_csv, export_files, gpx, packed, write_folder, write_zip
from reading_exports import ZONE, table_of, warned_table

import strava_nb as snb
from strava_nb.columns import ACTIVITIES
from strava_nb.errors import BadInput, NotFound, StravaNbWarning
from strava_nb.sources import export_files as files_module
from strava_nb.sources import local_time


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    return write_zip(tmp_path / "export_4242.zip", export_files())


def test_the_zip_as_it_came_becomes_the_api_doors_table(zipped: Path) -> None:
    table = table_of(zipped)
    assert list(table.columns[: len(ACTIVITIES)]) == [column.name for column in ACTIVITIES]
    assert [str(table[column.name].dtype) for column in ACTIVITIES] == [c.dtype for c in ACTIVITIES]
    assert list(table["id"]) == [17000000002, 17000000001]
    ride = table.iloc[1]
    assert (ride["sport_type"], ride["sport_group"], ride["name"]) == ("GravelRide", "Ride", "Over the hill")
    assert (ride["distance"], ride["moving_time"], ride["elapsed_time"]) == (30001.25, 3600, 4000)
    assert (ride["average_heartrate"], ride["commute"], ride["suffer_score"]) == (141.3, True, 88)
    assert ride["start_date"] == pd.Timestamp("2026-07-04T22:30:00Z")
    assert ride["start_date_local"] == pd.Timestamp("2026-07-05T00:30:00")
    assert (ride["timezone"], ride["utc_offset"]) == (ZONE, 7200.0)
    assert (ride["athlete_id"], ride["source"]) == (4242, "export")
    assert ride["description"] == 'First line,\nsecond "line"'


def test_what_the_api_does_not_have_is_kept_under_clear_names(zipped: Path) -> None:
    ride = table_of(zipped).iloc[1]
    assert (ride["gear_name"], ride["weather_temperature"], ride["training_load"]) == ("Bike", 21.5, 95.0)
    assert ride["filename"] == "activities/900001.gpx"


def test_every_shape_of_the_archive_gives_the_same_table(tmp_path: Path, zipped: Path) -> None:
    expected = table_of(zipped).drop(columns="athlete_id")
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "my.csv").write_bytes(export_csv())
    shapes = [
        write_zip(tmp_path / "again.zip", export_files(), top="export_4242/"),
        write_zip(tmp_path / "windows.zip", export_files(), top="export_4242\\"),
        write_folder(tmp_path / "unpacked", export_files()),
        write_folder(tmp_path / "unpacked", export_files()) / "activities.csv",
        tmp_path / "alone" / "my.csv",
    ]
    write_folder(tmp_path / "outer" / "export_4242", export_files())
    for path in [*shapes, tmp_path / "outer"]:
        pd.testing.assert_frame_equal(table_of(path).drop(columns="athlete_id"), expected)


def test_a_mac_that_packs_again_adds_litter_that_is_no_export(tmp_path: Path) -> None:
    litter = {"__MACOSX/export_1/activities.csv": b"\0", "__MACOSX/export_1/._activities.csv": b"\0"}
    export = {f"export_1/{name}": data for name, data in export_files().items()}
    assert len(table_of(write_zip(tmp_path / "mac.zip", litter | export))) == 2


def test_nothing_private_is_ever_opened(zipped: Path) -> None:
    source = snb.open_export(zipped, timezone=ZONE)
    snb.get_streams(source, snb.get_activities(source, progress=False), progress=False)
    source.gears()
    assert set(source.opened) == {"activities.csv", "activities/900001.gpx", "bikes.csv", "shoes.csv"}


def test_an_export_reads_though_every_private_file_in_it_is_corrupt(zipped: Path) -> None:
    data = bytearray(zipped.read_bytes())
    for name in (b"logins.csv", b"messaging.json", b"media/1.jpg"):
        start = data.index(name) - 30  # the local header, not the directory
        data[start : start + 30 + len(name)] = b"\xff" * (30 + len(name))
    zipped.write_bytes(data)
    source = snb.open_export(zipped, timezone=ZONE)
    assert len(snb.get_streams(source, 17000000001, progress=False)) == 5
    assert len(source.gears()) == 1


def test_the_marker_makes_it_the_demo_athletes(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "demo.zip", export_files() | {files_module.DEMO_MARKER: b""})
    source = snb.open_export(path, timezone=ZONE)
    assert source.name == "demo"
    assert set(snb.get_activities(source, progress=False)["source"]) == {"demo"}
    assert files_module.DEMO_MARKER not in source.opened


def test_an_export_says_that_it_has_no_client(zipped: Path) -> None:
    with pytest.raises(BadInput, match="no client"):
        _ = snb.open_export(zipped).client


def test_gear_is_listed_by_name(zipped: Path) -> None:
    assert snb.open_export(zipped).gears() == [
        {"kind": "bike", "name": "Bike", "brand_name": "Patria", "model_name": "Terra", "sport_types": "Ride"}
    ]


def test_one_activity_is_told_in_full_or_not_found(zipped: Path) -> None:
    source = snb.open_export(zipped, timezone=ZONE)
    detail = source.detail(17000000001)
    assert (detail["athlete"], detail["distance"]) == ({"id": 4242}, 30001.25)
    assert (detail["start_date"], detail["start_date_local"]) == (
        "2026-07-04T22:30:00Z",
        "2026-07-05T00:30:00Z",
    )
    with pytest.raises(NotFound):
        source.detail(1)


def test_a_source_hands_over_records_that_build_the_same_table_one_by_one(zipped: Path) -> None:
    records = snb.open_export(zipped, timezone=ZONE).activities(None, None)
    whole, single = (snb.tables.activities(given, source="export") for given in (records, list(records)))
    pd.testing.assert_frame_equal(whole, single)
    assert records[0] == records[:1][0] == records[-len(records)]


# Local time


def test_days_are_local_days(zipped: Path) -> None:
    assert list(table_of(zipped, dates=("2026-07-05", "2026-07-05"))["id"]) == [17000000001]
    assert len(table_of(zipped, dates=("2026-07-04", "2026-07-04"))) == 0
    source = snb.open_export(zipped, timezone=ZONE)
    assert len(source.activities(date(2026, 7, 5), date(2026, 7, 5))) == 1


def test_a_guessed_time_zone_is_said_in_one_line_and_for_how_many(
    zipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    import tzlocal

    tzlocal.reload_localzone()
    try:
        with pytest.warns(StravaNbWarning, match=r"2 of 2 activities is a guess.*Asia/Tokyo"):
            table = snb.get_activities(snb.open_export(zipped), progress=False)
    finally:
        monkeypatch.undo()
        tzlocal.reload_localzone()
    assert len(table.attrs["problems"]) == 1
    assert set(table["timezone"]) == {"Asia/Tokyo"}
    assert table["start_date_local"].iloc[0] == pd.Timestamp("2026-07-06T15:00:00")


def test_a_named_time_zone_needs_no_excuse_and_a_wrong_name_is_refused(zipped: Path) -> None:
    assert "problems" not in table_of(zipped).attrs
    for name in ("Mars/Base", "../etc/passwd", "", "Europe"):
        with pytest.raises(BadInput, match="not a time zone"):
            snb.open_export(zipped, timezone=name)


def test_a_row_is_corrected_when_its_track_is_read(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strava_nb.sources.archive.zone_at", lambda lat, lng: "America/New_York")
    source = snb.open_export(zipped, timezone=ZONE)
    snb.get_streams(source, 17000000001, progress=False)
    table = snb.get_activities(source, progress=False).set_index("id")
    assert table.loc[17000000001, "start_date_local"] == pd.Timestamp("2026-07-04T18:30:00")
    assert table.loc[17000000001, "timezone"] == "America/New_York"
    assert table.loc[17000000001, "start_lat"] == 52.5
    assert table.loc[17000000002, "timezone"] == ZONE
    assert pd.isna(table.loc[17000000002, "start_lat"])


def test_the_time_zone_of_a_place_is_known_offline() -> None:
    pytest.importorskip("tzfpy", reason="the extra timezones is not installed")
    assert local_time.zone_at(52.5, 13.4) == "Europe/Berlin"
    assert local_time.zone_at(40.7, -74.0) == "America/New_York"


# Tracks


def test_streams_come_from_the_file_that_the_row_names(zipped: Path) -> None:
    source = snb.open_export(zipped, timezone=ZONE)
    streams = snb.get_streams(source, [17000000001, 17000000002], progress=False)
    assert list(streams["time"]) == [0, 1, 2, 3, 4]
    assert set(streams["source"]) == {"export"}
    assert streams.attrs["without_streams"] == [17000000002]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("activities/900001.gpx.gz", "activities/900001.gpx"),
        ("activities/900001.gpx", "activities/900001.gpx.gz"),
        ("activities\\900001.gpx", "activities/900001.gpx"),
        ("./activities/900001.gpx", "activities/900001.gpx"),
    ],
)
def test_a_track_is_found_though_somebody_unpacked_or_renamed_it(
    tmp_path: Path, written: str, stored: str
) -> None:
    data = packed(gpx()) if stored.endswith(".gz") else gpx()
    table = export_csv(RIDE | {"filename": written})
    source = snb.open_export(
        write_zip(tmp_path / "a.zip", {"activities.csv": table, stored: data}), timezone=ZONE
    )
    assert len(snb.get_streams(source, 17000000001, progress=False)) == 5
    assert len(snb.get_activities(source, progress=False)) == 1


def test_one_bad_track_never_stops_the_rest(tmp_path: Path) -> None:
    table = export_csv(RIDE, RUN | {"filename": "activities/bad.fit.gz"})
    contents = export_files(table) | {"activities/bad.fit.gz": b"nonsense"}
    source = snb.open_export(write_zip(tmp_path / "a.zip", contents), timezone=ZONE)
    with pytest.warns(StravaNbWarning, match=r"bad\.fit\.gz"):
        streams = snb.get_streams(source, [17000000002, 17000000001], progress=False)
    assert set(streams["activity_id"]) == {17000000001}
    assert len(streams.attrs["problems"]) == 1


@pytest.mark.parametrize("name", ["/etc/passwd", "../../secret.gpx", "C:\\secret.gpx", "logins.csv"])
def test_a_file_name_that_leads_elsewhere_is_not_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.gpx").write_bytes(gpx())
    home = write_folder(tmp_path / "a" / "b", export_files(export_csv(RIDE | {"filename": name})))
    source = snb.open_export(home, timezone=ZONE)
    assert source.streams(17000000001) is None
    assert source.opened == ("activities.csv",)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.gpx").write_bytes(gpx())
    home = write_folder(tmp_path / "export", {"activities.csv": export_csv(), "activities/1.gpx": gpx()})
    try:
        (home / "activities" / "900001.gpx").symlink_to(tmp_path / "secret.gpx")
    except OSError:
        pytest.skip("this file system has no links")
    assert snb.open_export(home).streams(17000000001) is None


def test_named_files_that_are_not_there_are_told_in_one_line(tmp_path: Path) -> None:
    gone = export_csv(
        RIDE, RUN | {"filename": "activities/2.fit.gz"}, RUN | {"id": "3", "filename": "activities/3.fit"}
    )
    path = write_zip(tmp_path / "a.zip", export_files(gone))
    table = warned_table(path)
    assert table.attrs["problems"] == [
        "2 files that activities.csv names are not in the export's activities folder, "
        "such as 'activities/2.fit.gz'."
    ]


def test_the_table_alone_has_no_streams_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "activities.csv"
    path.write_bytes(export_csv())
    source = snb.open_export(path, timezone=ZONE)
    with pytest.warns(StravaNbWarning, match="Activity 17000000001 has no streams"):
        table = snb.get_streams(source, 17000000001, progress=False)
    assert table.attrs["without_streams"] == [17000000001]


def test_files_without_a_row_are_activities_of_their_own(tmp_path: Path) -> None:
    contents = export_files() | {"activities/lost.gpx.gz": packed(gpx("2025-01-02T03:04:00Z", lat=-10))}
    source = snb.open_export(write_zip(tmp_path / "a.zip", contents), timezone=ZONE)
    table = snb.get_activities(source, progress=False)
    assert len(table) == 3
    lost = table.iloc[-1]
    assert -(10**15) < lost["id"] < 0
    assert (lost["name"], lost["sport_type"], lost["elapsed_time"]) == ("lost", "Run", 4)
    assert lost["start_date"] == pd.Timestamp("2025-01-02T03:04:00Z")
    assert lost["distance"] == pytest.approx(445, abs=2)
    assert lost["start_lat"] == -10
    assert [str(table[column.name].dtype) for column in ACTIVITIES] == [c.dtype for c in ACTIVITIES]
    assert len(snb.get_streams(source, lost["id"], progress=False)) == 5
    assert source.detail(int(lost["id"]))["name"] == "lost"


def test_a_lost_files_id_is_of_its_content_and_its_double_is_left_out(tmp_path: Path) -> None:
    one = {"activities.csv": export_csv(), "activities/a.gpx": gpx(), "activities/900001.gpx": gpx(lat=1)}
    other = {"activities.csv": export_csv(), "activities/b.gpx": gpx(), "activities/900001.gpx": gpx(lat=1)}
    ids = {int(table_of(write_zip(tmp_path / "a.zip", files))["id"].min()) for files in (one, other)}
    assert len(ids) == 1
    table = warned_table(write_zip(tmp_path / "c.zip", one | other))
    assert len(table) == 3
    assert "is the same file as" in table.attrs["problems"][0]


def test_a_folder_of_track_files_is_a_source_too(tmp_path: Path) -> None:
    write_folder(
        tmp_path / "watch",
        {
            "2026/a.gpx": gpx(),
            "b.gpx.gz": packed(gpx("2026-07-05T10:00:00Z", lat=48)),
            "broken.fit": b"no",
            "notes.txt": b"",
            ".hidden/c.gpx": gpx(lat=3),
        },
    )
    source = snb.open_export(tmp_path / "watch", timezone=ZONE)
    with pytest.warns(StravaNbWarning, match=r"broken\.fit"):
        table = snb.get_activities(source, progress=False)
    assert list(table["name"]) == ["b", "a"]
    assert len(snb.get_streams(source, table, progress=False)) == 10


def test_a_folder_whose_tracks_are_all_broken_is_an_empty_table_that_says_so(tmp_path: Path) -> None:
    table = warned_table(write_folder(tmp_path / "watch", {"broken.fit": b"no"}))
    assert len(table) == 0


def test_an_export_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "activities.csv"
    path.write_bytes(export_csv().splitlines()[0])
    table = table_of(path)
    assert len(table) == 0
    assert list(table.columns) == [column.name for column in ACTIVITIES]
