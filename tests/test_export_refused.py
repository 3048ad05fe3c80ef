"""What is no export is refused in a sentence, and an export may do no harm."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from confined import check_confined
from exports import export_files, gpx, write_zip
from reading_exports import ZONE, warned_table

import strava_nb as snb
from strava_nb.errors import BadExport, StravaNbWarning
from strava_nb.sources import export_files as files_module


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    return write_zip(tmp_path / "export_4242.zip", export_files())


# What is no export


def refused(path: Path) -> BadExport:
    with pytest.raises(BadExport) as caught:
        snb.open_export(path)
    assert type(caught.value) is BadExport
    assert caught.value.to_do
    return caught.value


def test_a_path_to_nothing_is_refused(tmp_path: Path) -> None:
    assert "There is no" in str(refused(tmp_path / "gone.zip"))


def test_a_cut_zip_is_refused_and_says_download_again(zipped: Path) -> None:
    zipped.write_bytes(zipped.read_bytes()[:-200])
    assert "not a whole zip" in str(refused(zipped))


def test_a_zip_whose_table_is_damaged_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", export_files())
    data = bytearray(path.read_bytes())
    place = data.index(b"activities.csv") + 40
    data[place : place + 60] = bytes(60)
    path.write_bytes(data)
    assert "activities.csv in a.zip is damaged" in str(refused(path))


def test_an_encrypted_zip_is_refused_and_says_so(zipped: Path) -> None:
    data = bytearray(zipped.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    zipped.write_bytes(data)
    assert "encrypted" in str(refused(zipped))


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ({"photo.jpg": b""}, "holds no activities.csv"),
        ({"export_1.zip": b"PK"}, "another zip, export_1.zip"),
        ({"run.gpx": gpx()}, "tracks but no activities.csv"),
        ({"a/activities.csv": b"x", "b/activities.csv": b"x"}, "2 exports"),
        ({}, "holds no activities.csv"),
    ],
)
def test_the_wrong_zip_is_told_apart(tmp_path: Path, contents: dict[str, bytes], said: str) -> None:
    assert said in str(refused(write_zip(tmp_path / "wrong.zip", contents)))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("export.zip", b"<!DOCTYPE html><title>Log in</title>", "web page"),
        ("run.gpx", gpx(), "one track"),
        ("run", gpx(), "one track"),
        ("x.csv", b"", "not a zip and not a table"),
        ("x.csv", b"\0\1\2", "not a zip and not a table"),
        ("x.csv", b"a,b\n1,2\n", "not Strava's list of activities"),
        (
            "Activities.csv",
            b"Activity Type,Date,Favorite,Title,Distance,Calories\nRunning,x,y,z,1,2\n",
            "Favorite",
        ),
    ],
)
def test_the_wrong_file_is_told_apart(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert said in str(refused(tmp_path / name))


def test_a_folder_without_an_export_names_the_zip_in_it(tmp_path: Path, zipped: Path) -> None:
    assert "export_4242.zip" in str(refused(tmp_path))


def test_names_that_lead_out_of_the_zip_are_refused_and_told(tmp_path: Path) -> None:
    outside = {"../evil.gpx": gpx(), "/abs.gpx": gpx(), "C:/x.gpx": gpx(), "activities/../../e.gpx": gpx()}
    table = warned_table(write_zip(tmp_path / "a.zip", outside | export_files()))
    assert len(table) == 2
    assert table.attrs["problems"] == ["4 names in a.zip lead out of it and are not opened: '../evil.gpx'."]


def test_a_member_that_unpacks_to_too_much_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = export_files() | {"activities/900001.gpx": b" " * 2**22}
    path = write_zip(tmp_path / "a.zip", contents)
    monkeypatch.setattr(files_module, "MOST_BYTES", 2**20)
    source = snb.open_export(path, timezone=ZONE)
    with pytest.warns(StravaNbWarning, match=r"activities/900001\.gpx in a\.zip unpacks to more than 1 MB"):
        snb.get_streams(source, 17000000001, progress=False)


def test_no_file_is_left_open(zipped: Path) -> None:
    source = snb.open_export(zipped, timezone=ZONE)
    assert isinstance(source.files, files_module.ZipFiles)
    file = source.files._zip.fp
    assert file is not None
    assert not file.closed
    del source
    gc.collect()
    assert file.closed


READS = """
source = snb.open_export(sys.argv[1], timezone="Europe/Berlin")
table = snb.tables.activities(source.activities(None, None), source=source.name)
samples = snb.tables.streams(source.streams(17000000001), 17000000001, source=source.name)
assert len(table) == 2 and len(samples) == 5 and source.gears()
print("done")
"""


@pytest.mark.slow
def test_the_door_needs_no_threads_processes_sockets_or_stravaio(zipped: Path) -> None:
    check_confined(READS, str(zipped))
