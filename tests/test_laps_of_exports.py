"""Recorded laps through an export: their table, what is kept of them, and whatever a file may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from exports import RIDE, export_csv, write_folder
from fit_writer import START, activity, begun, with_laps, with_records, with_session
from hypothesis import given
from hypothesis import strategies as st
from lap_files import BROKEN_OFF, FIRST, SAMPLES, SECOND, TCX, TOLD, fit, lap, tcx_lap

import strava_nb as snb
from strava_nb import plots
from strava_nb.columns import LAPS as COLUMNS
from strava_nb.errors import BadTrack, StravaNbWarning
from strava_nb.sources.archive import ExportSource
from strava_nb.sources.sent_files import SentFiles
from strava_nb.sources.trackfiles import read_samples
from strava_nb.sources.tracks.laps import laps_of
from strava_nb.tables.lap_table import recorded_laps
from strava_nb.tables.record_rows import table_of


def export_of(folder: Path, data: bytes, name: str = "run.fit", sport: str = "Ride") -> ExportSource:
    """An export with one activity, whose id is 7, and its file."""
    row = RIDE | {"id": "7", "filename": f"activities/{name}", "sport_type": sport}
    files = {"activities.csv": export_csv(row), f"activities/{name}": data}
    return snb.open_export(write_folder(folder / "export", files), timezone="Europe/Berlin")


def table_of_file(folder: Path, data: bytes, **more: Any) -> pd.DataFrame:
    """What get_laps tells of an export with this file."""
    return snb.get_laps(export_of(folder, data, **more), 7, progress=False)


# the table


def test_the_table_has_the_devices_lengths_and_measures_the_rest_in_between(tmp_path: Path) -> None:
    told = {"total_distance": 41_000, "total_ascent": 12, "avg_heart_rate": 99, "avg_power": 250}
    table = table_of_file(tmp_path, fit(lap(0, 100, **told), lap(100, 200)), sport="Run")
    assert [(name, str(dtype)) for name, dtype in table.dtypes.items()] == [
        (column.name, column.dtype) for column in COLUMNS
    ]
    one, two = (table.iloc[row].to_dict() for row in (0, 1))
    assert (one["activity_id"], one["lap_index"], one["name"], one["basis"]) == (7, 1, "Lap 1", "device")
    assert (one["start"], one["elapsed_time"], one["moving_time"], one["distance"]) == (0, 100, 100, 410)
    assert (one["average_speed"], one["max_speed"], one["total_elevation_gain"]) == (4.1, 4, 12)
    assert one["average_heartrate"] == pytest.approx(sum(120 + i // 10 for i in range(101)) / 101)
    assert (one["max_heartrate"], one["average_cadence"], one["average_watts"]) == (130, 85, 250)
    assert (one["start_index"], one["end_index"]) == (0, 100)
    assert (two["start"], two["distance"], two["start_index"], two["end_index"]) == (100, 800, 100, 300)
    assert pd.isna(two["average_watts"])
    assert (two["source"], table.attrs) == ("export", {"without_streams": []})
    assert one["average_grade_adjusted_speed"] == pytest.approx(4)  # as measured: it is flat


def test_what_a_file_that_breaks_off_recorded_after_its_last_lap_is_measured(tmp_path: Path) -> None:
    with pytest.warns(StravaNbWarning, match="breaks off"):
        table = table_of_file(tmp_path, BROKEN_OFF)
    assert table["basis"].tolist() == ["device", "streams"]
    assert table["distance"].tolist() == [400, 796]


def test_a_pause_in_a_lap_is_no_moving_time_and_the_timer_is_the_most(tmp_path: Path) -> None:
    rows = [row for row in SAMPLES if not 50 < row["timestamp"] - START < 90]
    laps = [lap(0, 100, total_timer_time=60_000), lap(100, 200, total_timer_time=150_000)]
    table = table_of_file(tmp_path, with_session(with_laps(with_records(begun(), rows), laps)).file())
    assert table["moving_time"].tolist() == [60, 150]


def test_a_device_on_a_trainer_that_says_no_way_has_that_of_its_samples(tmp_path: Path) -> None:
    table = table_of_file(tmp_path, fit(lap(0, 100, total_distance=0), lap(100, 200, total_distance=0)))
    assert table["distance"].tolist() == [400, 800]


def test_a_lap_where_nothing_was_recorded_has_what_the_device_says_and_no_place(tmp_path: Path) -> None:
    odd = lap(400, 60, total_distance=30_000, total_timer_time=50_000, avg_heart_rate=150)
    with pytest.warns(StravaNbWarning, match=r"run\.fit: 1 of its 2 laps lie where it recorded nothing"):
        table = table_of_file(tmp_path, fit(lap(0, 300), odd))
    row = table.iloc[1]
    assert (row["distance"], row["moving_time"], row["average_speed"], row["average_heartrate"]) == (
        300,
        50,
        6,
        150,
    )
    assert row[["start_index", "end_index", "elevation_difference"]].isna().all()


def test_a_lap_pressed_twice_is_kept_and_the_picture_of_laps_bears_it(
    tmp_path: Path, figures_are_closed: None
) -> None:
    table = table_of_file(tmp_path, fit(lap(0, 100), lap(100, 0), lap(100, 200)), sport="Run")
    assert table["elapsed_time"].tolist() == [100, 0, 200]
    assert table["average_speed"].isna().tolist() == [False, True, False]
    assert "There are no" not in "".join(text.get_text() for text in plots.laps(table).texts)


def test_laps_without_samples_are_in_the_table(tmp_path: Path) -> None:
    data = with_session(with_laps(begun(), [FIRST, SECOND | {"total_distance": 90_000}])).file()
    with pytest.warns(StravaNbWarning, match="has laps, but not a single recorded sample"):
        table = table_of_file(tmp_path, data)
    assert table["distance"].tolist() == [400, 900]
    assert table["moving_time"].tolist() == [100, 100]
    assert table["average_watts"].tolist() == [250, 250]
    assert table["start_index"].isna().all()
    assert table.attrs["without_streams"] == []
    assert set(table["source"]) == {"export"}


@pytest.mark.parametrize("data", [activity(SAMPLES).file(), b"<gpx><trk><trkseg>" + b"".join(
    f'<trkpt lat="{i / 1e4}" lon="7"><time>2024-05-01T06:00:{i:02}Z</time></trkpt>'.encode() for i in range(9)
) + b"</trkseg></trk></gpx>"])  # fmt: skip
def test_a_file_that_tells_of_no_laps_is_one_measured_lap(tmp_path: Path, data: bytes) -> None:
    table = table_of_file(tmp_path, data)
    assert table[["lap_index", "basis"]].to_numpy().tolist() == [[1, "streams"]]


# kept


def tracks_opened(source: ExportSource) -> int:
    return sum(name.startswith("activities/") for name in source.opened)


def test_laps_are_kept_like_samples_and_a_file_read_without_is_read_once_more(tmp_path: Path) -> None:
    pytest.importorskip("fitfast")
    first = export_of(tmp_path, fit(lap(100, 200), lap(0, 100)))
    snb.get_streams(first, 7, progress=False)
    with pytest.warns(StravaNbWarning, match="out of order"):
        laps = snb.get_laps(first, 7, progress=False)
    later = snb.open_export(first.path, timezone="Europe/Berlin")
    with pytest.warns(StravaNbWarning, match="out of order"):
        pd.testing.assert_frame_equal(snb.get_laps(later, 7, progress=False), laps)
    snb.get_streams(later, 7, progress=False)  # and has no word about laps
    assert (tracks_opened(first), tracks_opened(later)) == (1, 0)


def test_a_track_that_a_page_sends_is_read_with_its_laps_since_it_may_not_come_again() -> None:
    row = RIDE | {"id": "7", "filename": "activities/1.fit"}
    contents = {"activities.csv": export_csv(row), "activities/1.fit": fit(FIRST, SECOND)}

    def sent(*names: str) -> ExportSource:
        entries = [[name, 0, 0, 0, len(data)] for name, data in contents.items()]
        files = SentFiles("export_4242.zip", "zip", entries)
        for name in names:
            files.add(name, contents[name])
        return ExportSource(files, timezone="Europe/Berlin")

    sent(*contents).read_tracks()
    later = sent("activities.csv")
    laps = snb.get_laps(later, 7, progress=False)
    assert laps["basis"].tolist() == ["device", "device"]
    assert tracks_opened(later) == 0


# whatever comes


TELLS = ("begin", "until", "elapsed_time", "timer_time", "moving_time", "distance", "average_heartrate")
ANY = st.floats() | st.sampled_from([0.0, 5.0, 100.0, 1e9 + 50, 1e9 + 100, 1e9 + 300, -1.0])
STREAMS = snb.tables.streams({"time": {"data": [0, 100, 250]}, "distance": {"data": [0, 300, 900]}}, 7)


@given(st.lists(st.dictionaries(st.sampled_from(TELLS), ANY), max_size=6))
def test_whatever_a_file_tells_laps_are_finite_and_those_that_tell_something_are_there(
    told: list[Any],
) -> None:
    laps = laps_of(told, 1e9, 1e9 + 250)
    silent = next((int(one.split()[0]) for one in laps.problems if "tell nothing" in one), 0)
    rest = sum(lap.get("basis") == "streams" for lap in laps.rows)
    assert len(laps.rows) == len(told) - silent + rest
    assert all(abs(lap["start"]) < 1e9 and 0 <= lap["elapsed_time"] < 2e8 for lap in laps.rows)
    rows = recorded_laps(STREAMS, {7: laps.rows} if laps.rows else {}, "export")
    table = table_of(rows, COLUMNS, "laps of activity")
    assert "problems" not in table.attrs
    assert list(table["lap_index"]) == list(range(1, len(laps.rows) + 1))
    assert (table["moving_time"].fillna(0) <= table["elapsed_time"] + 1e-6).all() or "timer_time" in str(told)


WHOLE = [fit(FIRST, SECOND), TCX.format(tcx_lap("2024-05-01T06:00:00Z", 30, range(9), TOLD)).encode()]


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_file_with_flipped_bytes_has_laps_or_is_a_bad_track(
    data: bytes, flips: list[tuple[int, int]]
) -> None:
    damaged = bytearray(data)
    # Towards the end, where the laps of the FIT file are, as often as anywhere.
    for place, byte in flips:
        damaged[-1 - place % 200 if place % 2 else place % len(data)] = byte
    try:
        found = read_samples(bytes(damaged), "fuzz", laps=True)
    except BadTrack:
        return
    assert found.laps is not None
    assert all(abs(lap["start"]) < 1e9 and 0 <= lap["elapsed_time"] < 2e8 for lap in found.laps.rows)
