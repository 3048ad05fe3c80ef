"""Exports of a size that real ones have: gigabytes, and more files than a plain zip can count.

Each is written in a moment: what nobody may read is a hole in the file. Memory is measured in a process
of its own, where nothing else has touched it.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from exports import RIDE, RUN, export_csv, gpx
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sparse_zip import write_crowded, write_export

import strava_nb as snb
from strava_nb.sources.export_values import Unread, moments

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
GIGABYTE = 2**30
MOST_MEMORY = 300
"""MB that a process may hold which opens an export of any size."""

FILES = {"activities.csv": export_csv(), "activities/900001.gpx": gpx()}

OPEN_IT = """
import sys
from bench.machine import peak
import strava_nb as snb
source = snb.open_export(sys.argv[1], timezone="Europe/Berlin")
table = snb.get_activities(source, progress=False)
streams = snb.get_streams(source, table, progress=False)
print(len(table), len(streams), peak())
"""


@pytest.mark.slow
def test_an_export_of_two_gigabytes_opens_within_300_mb_of_memory(tmp_path: Path) -> None:
    path = write_export(tmp_path / "export_1.zip", FILES.items(), hole=2 * GIGABYTE)
    assert path.stat().st_size > 2 * GIGABYTE
    told = subprocess.run(
        [sys.executable, "-c", OPEN_IT, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    path.unlink()
    assert told.returncode == 0, told.stderr
    rows, samples, most = told.stdout.split()
    assert (int(rows), int(samples)) == (2, 5)
    assert float(most) < MOST_MEMORY


def test_offsets_beyond_four_gigabytes_are_found(tmp_path: Path) -> None:
    path = write_export(tmp_path / "export_1.zip", FILES.items(), hole=5 * GIGABYTE)
    source = snb.open_export(path, timezone="Europe/Berlin")
    assert len(snb.get_activities(source, progress=False)) == 2
    assert len(snb.get_streams(source, 17000000001, progress=False)) == 5
    assert set(source.opened) == set(FILES)
    path.unlink()


def test_more_files_than_a_plain_zip_can_count_are_all_there(tmp_path: Path) -> None:
    last = RUN | {"filename": "activities/65999.gpx"}
    files = {
        "activities.csv": export_csv(RIDE, last),
        "activities/65999.gpx": gpx(),
        "activities/900001.gpx": gpx(),
    }
    path = write_crowded(tmp_path / "export_1.zip", files.items(), more=65_999)
    assert b"PK\x06\x06" in path.read_bytes()[-200:], "written as Zip64"
    source = snb.open_export(path, timezone="Europe/Berlin")
    table = snb.get_activities(source, progress=False)
    assert len(snb.get_streams(source, table, progress=False)) == 10


def test_headers_in_the_large_form_are_read_though_the_files_are_small(tmp_path: Path) -> None:
    path = tmp_path / "export_1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in FILES.items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(data)
    source = snb.open_export(path, timezone="Europe/Berlin")
    table = snb.get_activities(source, progress=False)
    assert len(snb.get_streams(source, table, progress=False)) == 5


# Large tables: dates are read a column at a time where they are written as English exports write them.

ENGLISH = st.builds(
    "{} {}, {}, {}:{:02d}:{:02d} {}".format,
    st.sampled_from(["Jan", "Feb", "Sept", "December", "Foo"]),
    st.integers(0, 32),
    st.sampled_from([1899, 1900, 2023, 2024, 2100, 9000, 9001]),
    st.integers(0, 13),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from(["AM", "PM"]),
)


@settings(max_examples=150)
@given(ENGLISH)
@example("Feb 29, 2024, 12:00:00 AM")
@example("Feb 29, 2023, 12:00:00 AM")
@example("Dec 31, 9000, 11:59:59 PM")
@example("Dec 31, 9001, 11:59:59 PM")
def test_a_date_read_with_its_column_is_the_one_that_is_read_alone(written: str) -> None:
    with_column, alone = Unread(), Unread()
    one_by_one = written.replace(" AM", " a.m.").replace(" PM", " p.m.")  # which no sweep takes
    [found, blank] = moments(pa.array([written, None], pa.string()), with_column)
    [known] = moments(pa.array([one_by_one], pa.string()), alone)
    assert found is known or found == known
    assert blank is pd.NaT
    assert with_column.count == alone.count
