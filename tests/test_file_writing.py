"""Files are there whole or not at all, under names that every computer takes."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from strava_nb import files
from strava_nb.errors import CannotWrite
from strava_nb.files.names import safe_name
from strava_nb.tables import activities, readable, streams

RECORDS: list[dict[str, Any]] = [
    {"id": 1, "sport_type": "Run", "distance": 1000, "start_date_local": "2025-12-31T23:30:00Z"},
    {"id": 2, "sport_type": "Ride", "distance": 2000, "start_date_local": "2025-01-01T00:30:00Z"},
    {"id": 3, "sport_type": "Ride", "distance": 3000},
]
WRITERS: dict[str, Callable[..., Any]] = {
    "csv": files.to_csv,
    "xlsx": files.to_excel,
    "parquet": files.to_parquet,
    "json": files.to_json,
}


@pytest.fixture
def table() -> pd.DataFrame:
    return activities(RECORDS)


@pytest.mark.parametrize("ending", WRITERS)
def test_the_file_holds_the_bytes_that_are_returned_without_a_path(
    ending: str, table: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / f"mine.{ending}"
    for given_path in (path, str(path)):
        assert WRITERS[ending](table, given_path) == path
        assert path.read_bytes() == WRITERS[ending](table)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", WRITERS)
def test_a_folder_gets_a_file_of_a_telling_name(ending: str, table: pd.DataFrame, tmp_path: Path) -> None:
    path = WRITERS[ending](table, tmp_path)
    assert path == tmp_path / f"activities_2025-01-01_2025-12-31.{ending}"
    assert path.read_bytes() == WRITERS[ending](table)


def test_the_home_folder_can_be_written_short(
    table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert files.to_csv(table, "~/mine.csv") == tmp_path / "mine.csv"


def failing_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("the old one")
    monkeypatch.setattr(os, "fsync", failing_disk)
    with pytest.raises(CannotWrite, match="disk is full"):
        files.to_csv(table, path)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_leaves_the_old_file_and_nothing_else(
    table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "mine.csv"
    path.write_text("the old one")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.to_csv(table, path)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_breaks_off_half_way_leaves_nothing(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(CannotWrite, match="could not be written"):
            files.to_csv(pd.DataFrame({"n": range(10_000)}), tmp_path / "mine.csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_an_unfit_table_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("the old one")
    with pytest.raises(CannotWrite):
        files.to_csv(pd.DataFrame([[1, 2]], columns=["a", "a"]), path)
    assert path.read_text() == "the old one"


@pytest.mark.parametrize("place", ["missing/mine.csv", "missing/", "missing/deeper/mine.csv"])
def test_a_folder_that_is_not_there_is_said(place: str, table: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"There is no folder .*missing"):
        files.to_csv(table, f"{tmp_path}/{place}")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_said(table: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite) as caught:
        files.to_csv(table, tmp_path / "file" / "mine.csv")
    assert re.search("is a file, not a folder|There is no folder", caught.value.what)


def test_a_folder_in_the_place_of_the_file_is_said(table: pd.DataFrame, tmp_path: Path) -> None:
    name = files.file_name(table, "csv")
    (tmp_path / name).mkdir()
    with pytest.raises(CannotWrite, match="is a folder"):
        files.to_csv(table, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "a\0b.csv", "\ud800" * 300])
def test_a_name_that_no_disk_takes_is_said(name: str, table: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        files.to_csv(table, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_said(table: pd.DataFrame, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write everywhere")
        with pytest.raises(CannotWrite, match="may not be written"):
            files.to_csv(table, tmp_path / "mine.csv")
    finally:
        tmp_path.chmod(0o700)


def test_a_file_that_another_program_holds_is_said(
    table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:  # as Windows answers while Excel shows the file
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "mine.csv"
    path.write_text("the old one")
    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(CannotWrite, match="Close it where it is open"):
        files.to_csv(table, path)
    assert [p.read_text() for p in tmp_path.iterdir()] == ["the old one"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")
def test_a_replaced_file_keeps_its_permissions_and_a_link_stays_a_link(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("the old one")
    real.chmod(0o600)
    link.symlink_to(real)
    assert files.to_csv(table, link) == link
    assert link.is_symlink()
    assert real.read_bytes() == files.to_csv(table)
    assert real.stat().st_mode & 0o777 == 0o600


def test_names_say_what_whose_and_when(table: pd.DataFrame) -> None:
    assert files.file_name(table, "csv") == "activities_2025-01-01_2025-12-31.csv"
    assert files.file_name(table, ".xlsx") == "activities_2025-01-01_2025-12-31.xlsx"
    assert files.file_name(readable(table), "csv") == "activities_2025-01-01_2025-12-31.csv"
    assert files.file_name(table.set_index("id"), "csv") == "activities_2025-01-01_2025-12-31.csv"
    assert files.file_name(table.head(0), "csv") == "activities.csv"
    assert files.file_name(table[["id", "sport_type"]], "csv") == "activities.csv"
    assert files.file_name(table.groupby("sport_group")["distance"].sum(), "csv") == "table.csv"
    assert files.file_name(pd.DataFrame(), "csv") == "table.csv"


def test_names_of_demo_rows_begin_with_demo(table: pd.DataFrame) -> None:
    demo = activities(RECORDS, source="demo")
    assert files.file_name(demo, "csv") == "DEMO_activities_2025-01-01_2025-12-31.csv"
    assert files.file_name(readable(demo), "csv") == "DEMO_activities_2025-01-01_2025-12-31.csv"
    assert files.file_name(demo.tail(1), "csv", name="mine") == "DEMO_mine.csv"
    assert files.file_name(demo.head(0), "csv") == "activities.csv"


def test_streams_are_named_by_their_activity() -> None:
    one, other = (streams({"time": {"data": [0, 1]}}, number) for number in (17, 18))
    assert files.file_name(one, "parquet") == "streams_17.parquet"
    assert files.file_name(pd.concat([one, other]), "parquet") == "streams_of_2_activities.parquet"
    assert files.file_name(streams({}, None), "csv") == "streams.csv"
    assert (
        files.file_name(streams({"time": {"data": [0]}}, 17, source="demo"), "csv") == "DEMO_streams_17.csv"
    )


def test_a_name_of_ones_own_is_taken_with_or_without_its_ending(table: pd.DataFrame) -> None:
    assert files.file_name(table, "csv", name="My rides") == "My_rides.csv"
    assert files.file_name(table, "csv", name="My rides.csv") == "My_rides.csv"
    assert files.file_name(table, "csv", name="../../etc/passwd") == "etc_passwd.csv"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Zürich – Genève", "Zürich_Genève"),
        ("朝のラン", "朝のラン"),
        ("सुबह", "सुबह"),
        ("🚴‍♂️ loop 🏔️", "loop"),
        ("a/b\\c:d*e?f", "a_b_c_d_e_f"),
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("com¹", "_com1"),
        ("Console", "Console"),
        ("..", "unnamed"),
        (".hidden", "hidden"),
        ("--option", "option"),
        ("trailing...", "trailing"),
        ("v1.2", "v1.2"),
        ("🏃", "unnamed"),
        ("", "unnamed"),
        ("／etc／x", "etc_x"),
    ],
)
def test_names_are_safe_and_stay_readable(text: str, safe: str) -> None:
    assert safe_name(text) == safe


@given(st.text(st.characters(exclude_categories=())))
@example("ü" * 500)
@example("a" * 99 + "é")
@example("nul" + "." * 200)
@example("x" * 99 + ".csv")
def test_any_text_makes_a_name_that_any_disk_takes(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode()) <= 101
    assert not re.search(r'[\x00-\x1f\x7f<>:"/\\|?*\s]', name)
    assert name[0] not in ".-"
    assert name[-1] not in ". "
    assert not re.match(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", name)
    assert safe_name(name.lstrip("_")) == name


def test_the_room_shows_these_names_and_no_others() -> None:
    tables = ["to_csv", "to_excel", "to_json", "to_parquet"]
    tracks = ["hide_places", "to_geojson", "to_gpx", "write_dataset"]
    sharing = ["anonymise", "check_notebook", "clean_notebook"]
    assert sorted(files.__all__) == sorted(["file_name", *tables, *tracks, *sharing])
