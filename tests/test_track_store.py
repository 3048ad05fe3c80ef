"""Read tracks are kept, and read once: what is kept, for whom, and what is done without."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from exports import gpx, write_folder, write_zip
from track_history import (
    FIRST,
    GONE,
    HISTORY,
    TRACKS,
    all_of,
    decoded,
    history,
    opened,
    same,
    tracks_opened,
)

import strava_nb as snb
from strava_nb.errors import StravaNbWarning
from strava_nb.sources import track_store

pytestmark = pytest.mark.slow


def store_in(home: Path) -> Path:
    return home / "exports" / "4242" / "tracks.sqlite"


# Kept


def test_kept_tracks_equal_read_ones_and_no_file_is_opened_for_them(
    history_zip: Path, history_streams: dict[int, Any], programs: list[Any]
) -> None:
    all_of(opened(history_zip))
    programs.clear()
    source = opened(history_zip)
    assert same(all_of(source), history_streams)
    assert source.opened == ("activities.csv", f"activities/{900_000 + GONE - FIRST}.tcx.gz")
    assert len(source.problems) == 2
    assert programs == []


@pytest.mark.usefixtures("one_processor")
def test_binder_and_the_demo_athlete_keep_nothing(
    history_zip: Path, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = write_zip(tmp_path / "demo.zip", HISTORY | {"DEMO.txt": b""})
    all_of(opened(demo))
    monkeypatch.setenv("BINDER_REPO_URL", "x")
    all_of(opened(history_zip))
    assert list(own_home.iterdir()) == []


@pytest.mark.usefixtures("one_processor")
def test_a_newer_export_of_the_athlete_replaces_the_older_ones_tracks(tmp_path: Path, own_home: Path) -> None:
    old = write_zip(tmp_path / "export_4242.zip", HISTORY)
    all_of(opened(old))
    files = history(range(3, TRACKS)) | {"activities/900003.gpx": gpx(points=9)}
    (tmp_path / "new").mkdir()
    new = write_zip(tmp_path / "new" / "export_4242.zip", files)
    source = opened(new)
    all_of(source)
    assert tracks_opened(source) == 1
    assert len(dict(source.streams(FIRST + 3))["time"]["data"]) == 9
    with closing(sqlite3.connect(store_in(own_home))) as kept:
        names = {name for (name,) in kept.execute("SELECT name FROM tracks")}
    assert names == files.keys() - {"activities.csv"}


def test_the_store_is_for_its_owner_alone_and_smaller_than_the_export(
    history_zip: Path, own_home: Path, one_processor: None
) -> None:
    all_of(opened(history_zip))
    if sys.platform != "win32":
        assert store_in(own_home).stat().st_mode & 0o077 == 0
        assert store_in(own_home).parent.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("one_processor")
def test_a_damaged_store_is_said_once_and_begun_anew(
    history_zip: Path, own_home: Path, history_streams: dict[int, Any]
) -> None:
    all_of(opened(history_zip))
    store_in(own_home).write_bytes(b"no database" * 1000)
    source = opened(history_zip)
    assert same(all_of(source), history_streams)
    assert [problem for problem in source.problems if "damaged: they are read once more" in problem]
    assert same(all_of(source), history_streams)
    assert len([problem for problem in source.problems if "once more" in problem]) == 1
    again = opened(history_zip)
    all_of(again)
    assert tracks_opened(again) == 1


@pytest.mark.usefixtures("one_processor")
def test_a_kept_track_that_is_damaged_is_read_once_more(
    history_zip: Path, own_home: Path, history_streams: dict[int, Any]
) -> None:
    all_of(opened(history_zip))
    with closing(sqlite3.connect(store_in(own_home))) as kept, kept:
        kept.execute("UPDATE tracks SET packed = X'00ff' WHERE name LIKE '%900003.gpx'")
    source = opened(history_zip)
    assert same(all_of(source), history_streams)
    assert tracks_opened(source) == 2


@pytest.mark.usefixtures("one_processor")
def test_what_an_older_reader_gave_is_read_anew(history_zip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of(opened(history_zip))
    monkeypatch.setattr(track_store, "FORMAT", track_store.FORMAT + 1)
    source = opened(history_zip)
    all_of(source)
    assert tracks_opened(source) == TRACKS


@pytest.mark.usefixtures("one_processor")
def test_a_part_of_the_export_leaves_what_is_kept_of_the_rest(tmp_path: Path) -> None:
    all_of(opened(write_zip(tmp_path / "export_4242.zip", HISTORY)))
    some = {name: data for name, data in HISTORY.items() if name < "activities/900004"}
    part = write_zip(tmp_path / "part_of_export_4242.zip", some | {"activities/900000.gpx": gpx(points=7)})
    with pytest.warns(StravaNbWarning, match="are not in the export"):
        snb.get_activities(opened(part), progress=False)
    all_of(opened(part))
    source = opened(tmp_path / "export_4242.zip")
    all_of(source)
    assert tracks_opened(source) == 1


@pytest.mark.usefixtures("one_processor")
def test_two_notebooks_read_the_same_export_at_once(
    history_zip: Path, history_streams: dict[int, Any]
) -> None:
    tracks = opened(history_zip).streams_of(range(FIRST, FIRST + TRACKS))
    first = dict(next(tracks) for _ in range(5))
    assert same(all_of(opened(history_zip)), history_streams)
    assert same(first | dict(tracks), history_streams)
    source = opened(history_zip)
    all_of(source)
    assert tracks_opened(source) == 1


@pytest.mark.usefixtures("one_processor")
def test_a_store_that_another_notebook_holds_is_done_without(
    history_zip: Path, own_home: Path, history_streams: dict[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of(opened(history_zip))
    monkeypatch.setattr(track_store, "_PATIENCE", 0.05)
    with closing(sqlite3.connect(store_in(own_home))) as other:
        other.execute("BEGIN EXCLUSIVE")
        source = opened(history_zip)
        assert same(all_of(source), history_streams)
    assert [problem for problem in source.problems if "(database is locked)" in problem]


def _no_folder(home: Path, patch: pytest.MonkeyPatch) -> None:
    (home / "exports").write_bytes(b"a file where a folder should be")


def _full_disk(home: Path, patch: pytest.MonkeyPatch) -> None:
    connect = track_store._connect

    def small(path: Path) -> sqlite3.Connection:
        db = connect(path)
        db.execute("PRAGMA max_page_count = 3")
        return db

    patch.setattr(track_store, "_connect", small)


@pytest.mark.usefixtures("one_processor")
@pytest.mark.parametrize("spoil", [_no_folder, _full_disk])
def test_a_disk_that_takes_nothing_is_said_once_and_done_without(
    history_zip: Path,
    own_home: Path,
    history_streams: dict[int, Any],
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path, pytest.MonkeyPatch], None],
) -> None:
    spoil(own_home, monkeypatch)
    source = opened(history_zip)
    assert same(all_of(source), history_streams)
    assert same(all_of(source), history_streams)
    assert len([problem for problem in source.problems if "cannot be kept for the next time" in problem]) == 1


def test_a_folder_of_track_files_is_read_once_and_known_again(tmp_path: Path, one_processor: None) -> None:
    files = {f"{n}.gpx": gpx(f"2026-07-04T20:{n:02d}:00Z", lat=40 + n) for n in range(3)}
    folder = write_folder(tmp_path / "watch", files | {"settings.fit": b"none"})
    with pytest.warns(StravaNbWarning, match=r"settings\.fit"):
        first = snb.get_activities(opened(folder), progress=False)
    source = opened(folder)
    with pytest.warns(StravaNbWarning, match=r"settings\.fit"):
        again = snb.get_activities(source, progress=False)
    assert source.opened == ()
    assert len(again) == 3
    pd.testing.assert_frame_equal(again, first)
    write_folder(folder, {"1.gpx": gpx("2026-08-08T10:00:00Z", points=7)})
    with pytest.warns(StravaNbWarning):
        changed = snb.get_activities(opened(folder), progress=False)
    assert changed["elapsed_time"].iloc[0] == 6


# Places, without the samples


@pytest.mark.usefixtures("one_processor")
def test_read_tracks_once_and_every_later_table_knows_where_it_was(
    history_zip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("strava_nb.sources.archive.zone_at", lambda lat, lng: "America/New_York")
    source = opened(history_zip)
    assert snb.get_activities(source, progress=False)["polyline"].isna().all()
    whole = source.tracks_size()
    assert 0 < source.tracks_size([FIRST]) < whole < history_zip.stat().st_size
    source.read_tracks()
    later = opened(history_zip)
    with pytest.warns(StravaNbWarning, match="900005"):
        here = snb.get_activities(source, progress=False)
    there = snb.get_activities(later, progress=False)
    pd.testing.assert_frame_equal(here, there)
    assert later.opened == ("activities.csv",)
    ride = there.set_index("id").loc[FIRST]
    assert (ride["start_lat"], ride["start_lng"], ride["end_lat"]) == (50, 13.4, 50.004)
    assert ride["timezone"] == "America/New_York"
    assert decoded(ride["polyline"]) == pytest.approx(np.array([(50, 13.4), (50.004, 13.4)]), abs=1e-5)
    assert pd.isna(there.set_index("id").loc[FIRST + 1, "polyline"])  # indoors, by TCX
    assert source.tracks_size() == later.tracks_size() == later._files.size("activities/900007.tcx.gz")


def test_places_are_known_in_this_session_though_nothing_is_kept(
    history_zip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINDER_REPO_URL", "x")
    source = opened(history_zip)
    source.read_tracks([FIRST])
    assert tracks_opened(source) == 1
    source.read_tracks(pd.DataFrame({"id": pd.array([FIRST, 1], dtype="Int64")}))
    assert tracks_opened(source) == 1
    table = snb.get_activities(source, progress=False)
    assert list(table.loc[table["polyline"].notna(), "id"]) == [FIRST]
