"""The tracks of an export: read on all processors, kept, and never stopped by one of them."""

from __future__ import annotations

import multiprocessing
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from exports import RIDE, export_csv, gpx, packed, write_folder, write_zip
from fit_writer import START, activity
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import strava_nb as snb
from strava_nb.errors import Stopped, StravaNbWarning
from strava_nb.sources import course, track_packing, track_reading, track_store
from strava_nb.sources.archive import ExportSource

ZONE = "Europe/Berlin"
FIRST = 17_000_000_000
TRACKS = 27
BAD, GONE = FIRST + 5, FIRST + 7
"""One file that holds nonsense, one whose bytes are damaged in the zip."""


def fit(number: int, samples: int = 20) -> bytes:
    rows = [
        {"timestamp": START + 3600 * number + i, "position_lat": 559_000_000 + 1000 * i,
         "position_long": 90_000_000 + number, "altitude": 4500 + i, "distance": 830 * i,
         "heart_rate": 120 + i, "power": None}
        for i in range(samples)
    ]  # fmt: skip
    return activity(rows).file()


def tcx(number: int) -> bytes:
    points = "".join(
        f"<Trackpoint><Time>2026-03-01T08:{number:02d}:{i:02d}Z</Time><DistanceMeters>{8.3 * i:.1f}"
        f"</DistanceMeters><HeartRateBpm><Value>{120 + i}</Value></HeartRateBpm></Trackpoint>"
        for i in range(5)
    )
    lap = f'<Activity Sport="Biking"><Lap><Track>{points}</Track></Lap></Activity>'
    return f"<TrainingCenterDatabase><Activities>{lap}</Activities></TrainingCenterDatabase>".encode()


def history(numbers: Iterable[int] = range(TRACKS)) -> dict[str, bytes]:
    """An export of every format, packed and not."""
    rows, tracks = [], {}
    for number in numbers:
        ending, data = [
            ("gpx", gpx(f"2026-07-04T20:{number:02d}:00Z", lat=50 + number / 10)),
            ("tcx.gz", packed(tcx(number))),
            ("fit.gz", packed(fit(number))),
        ][number % 3]
        name = f"activities/{900_000 + number}.{ending}"
        tracks[name] = b"nonsense" if FIRST + number == BAD else data
        rows.append(RIDE | {"id": str(FIRST + number), "filename": name})
    return {"activities.csv": export_csv(*rows)} | tracks


HISTORY = history()


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_zip(tmp_path_factory.mktemp("exports") / "export_4242.zip", HISTORY)
    data = bytearray(path.read_bytes())
    name = f"activities/{900_000 + GONE - FIRST}.tcx.gz".encode()
    data[data.index(name) + len(name) + 5] ^= 0xFF
    path.write_bytes(data)
    return path


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that have been started, on a computer with two processors; none may be left."""
    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(track_reading.subprocess, "Popen", Watched)
    monkeypatch.setattr(track_reading, "processors", lambda: 2)
    yield started
    assert [one for one in started if one.poll() is None] == []
    assert not [one for one in threading.enumerate() if one.name == "strava-nb reader"]


@pytest.fixture
def one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track_reading, "processors", lambda: 1)


def opened(path: Path) -> ExportSource:
    return snb.open_export(path, timezone=ZONE)


def all_of(source: ExportSource, **options: Any) -> dict[int, Any]:
    return dict(source.streams_of(range(FIRST, FIRST + TRACKS), **options))


def same(found: dict[int, Any], expected: dict[int, Any]) -> bool:
    """The same streams of the same activities, to the last digit and with the same gaps."""
    assert found.keys() == expected.keys()
    for number, payload in expected.items():
        if payload is None:
            assert found[number] is None
            continue
        assert list(found[number]) == list(payload)
        for name, stream in payload.items():
            np.testing.assert_array_equal(found[number][name]["data"], stream["data"])
    return True


def tracks_opened(source: ExportSource) -> int:
    return len([name for name in source.opened if name.startswith("activities/")])


def store_in(home: Path) -> Path:
    return home / "exports" / "4242" / "tracks.sqlite"


@pytest.fixture(scope="module")
def expected(zipped: Path) -> dict[int, Any]:
    """The streams by the plain way: one file after the other, nothing kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(track_reading, "processors", lambda: 1)
        patch.setenv("BINDER_REPO_URL", "x")
        found = all_of(opened(zipped))
    assert [number for number, payload in found.items() if payload is None] == [BAD, GONE]
    return found


# At the same time


def test_tracks_read_at_the_same_time_equal_those_read_in_turn(
    zipped: Path, expected: dict[int, Any], programs: list[Any]
) -> None:
    source = opened(zipped)
    assert same(all_of(source), expected)
    assert len(programs) == 2
    assert len(source.problems) == 2
    assert sorted(problem.split(" ")[0] for problem in source.problems) == [
        "activities/900005.fit.gz",
        "activities/900007.tcx.gz",
    ]


def test_the_verb_gives_every_sound_track_and_names_the_others(zipped: Path, programs: list[Any]) -> None:
    with pytest.warns(StravaNbWarning, match="and 1 more"):
        samples = snb.get_streams(opened(zipped), range(FIRST, FIRST + TRACKS), progress=False)
    assert samples["activity_id"].nunique() == TRACKS - 2
    assert samples.attrs["without_streams"] == [BAD, GONE]
    assert str(samples["heartrate"].dtype) == "Float64"


def test_a_few_tracks_are_not_worth_a_process(zipped: Path, programs: list[Any]) -> None:
    assert len(dict(opened(zipped).streams_of(range(FIRST, FIRST + 4)))) == 4
    assert programs == []


def test_progress_goes_up_by_one_to_the_end(zipped: Path, programs: list[Any]) -> None:
    steps: list[Any] = []
    all_of(opened(zipped), tell=steps.append)
    assert [(step.what, step.done, step.total) for step in steps] == [
        ("streams", done, TRACKS) for done in range(1, TRACKS + 1)
    ]


def test_a_script_without_a_main_guard_runs_once(zipped: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import strava_nb as snb\nfrom strava_nb.sources import track_reading\n"
        "track_reading.processors = lambda: 2\n"
        f"source = snb.open_export({str(zipped)!r}, timezone='UTC')\n"
        f"print(len(dict(source.streams_of(range({FIRST}, {FIRST + TRACKS})))))\n"
    )
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run.stdout.split() == [str(TRACKS)]


def test_what_reads_tracks_in_a_process_imports_no_pandas() -> None:
    code = (
        "import sys; from strava_nb.sources import track_worker, reading; "
        f"assert reading.read({gpx()!r}, 'x').summary; print('pandas' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


# Where processes are forbidden, or die


def refuse(*_: Any, **__: Any) -> Any:
    raise RuntimeError("forbidden here")


@pytest.mark.parametrize("forbidden", ["threading.Thread.start", "subprocess.Popen.__init__"])
def test_where_threads_or_processes_are_forbidden_tracks_are_read_in_turn(
    zipped: Path, expected: dict[int, Any], monkeypatch: pytest.MonkeyPatch, forbidden: str
) -> None:
    monkeypatch.setattr(track_reading, "processors", lambda: 2)
    monkeypatch.setattr(forbidden, refuse)
    assert same(all_of(opened(zipped)), expected)


def test_an_executable_that_is_no_python_is_never_started(
    zipped: Path, programs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for executable in (None, "", "/opt/app/Viewer.app/Viewer"):
        monkeypatch.setattr(sys, "executable", executable)
        assert len(list(opened(zipped).streams_of(range(FIRST, FIRST + TRACKS)))) == TRACKS
    assert programs == []


def test_what_is_a_part_of_somebodys_pool_starts_none_of_its_own(
    zipped: Path, programs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    assert len(list(opened(zipped).streams_of(range(FIRST, FIRST + TRACKS)))) == TRACKS
    assert programs == []


def test_a_python_that_cannot_import_us_is_done_without(
    zipped: Path, expected: dict[int, Any], programs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track_reading, "_PROGRAM", "import no_such_module")
    assert same(all_of(opened(zipped)), expected)
    assert len(programs) == 2


def test_a_file_that_takes_its_process_down_costs_one_track(
    zipped: Path, expected: dict[int, Any], programs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = (
        "import os, sys; sys.path[:] = {path!r}; from strava_nb.sources import reading, track_worker; "
        "read = reading.read; "
        "reading.read = lambda data, name: os._exit(3) if '900010' in name else read(data, name); "
        "track_worker.main()"
    )
    monkeypatch.setattr(track_reading, "_PROGRAM", deadly)
    source = opened(zipped)
    assert same(all_of(source), expected | {FIRST + 10: None})
    assert "activities/900010.tcx.gz could not be read: the reader broke down over it." in source.problems
    assert source._tracks.summaries().keys().isdisjoint({"activities/900010.tcx.gz"})


# Stopped


def interrupt(step: Any) -> None:
    if step.done == 3:
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_stops_and_leaves_no_process(zipped: Path, programs: list[Any]) -> None:
    with pytest.raises(Stopped):
        all_of(opened(zipped), tell=interrupt)
    assert programs


def test_cancel_stops_and_what_came_is_kept(zipped: Path, programs: list[Any]) -> None:
    cancel, came = threading.Event(), []
    with pytest.raises(Stopped):
        for number, _ in opened(zipped).streams_of(range(FIRST, FIRST + TRACKS), cancel=cancel):
            came.append(number)
            if len(came) == 10:
                cancel.set()
    assert 10 <= len(came) < TRACKS
    source = opened(zipped)
    all_of(source)
    assert tracks_opened(source) == TRACKS - len([one for one in came if one != GONE])


def test_whoever_stops_listening_leaves_no_process(zipped: Path, programs: list[Any]) -> None:
    tracks = opened(zipped).streams_of(range(FIRST, FIRST + TRACKS))
    for _ in range(3):
        next(tracks)
    assert programs
    tracks.close()


def test_a_stopped_table_has_the_rows_that_came(tmp_path: Path, one_processor: None) -> None:
    files = {f"activities/{n}.gpx": gpx(f"2026-07-04T20:{n:02d}:00Z") for n in range(6)}
    source = opened(write_zip(tmp_path / "a.zip", {"activities.csv": export_csv()} | files))
    cancel = threading.Event()
    with pytest.raises(Stopped) as stop:
        source.activities(None, None, tell=lambda step: step.done == 3 and cancel.set(), cancel=cancel)
    assert len(stop.value.so_far) == 2 + 3
    assert len(source.activities(None, None)) == 2 + 6


# Kept


def test_kept_tracks_equal_read_ones_and_no_file_is_opened_for_them(
    zipped: Path, expected: dict[int, Any], programs: list[Any]
) -> None:
    all_of(opened(zipped))
    programs.clear()
    source = opened(zipped)
    assert same(all_of(source), expected)
    assert source.opened == ("activities.csv", f"activities/{900_000 + GONE - FIRST}.tcx.gz")
    assert len(source.problems) == 2
    assert programs == []


@pytest.mark.usefixtures("one_processor")
def test_binder_and_the_demo_athlete_keep_nothing(
    zipped: Path, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = write_zip(tmp_path / "demo.zip", HISTORY | {"DEMO.txt": b""})
    all_of(opened(demo))
    monkeypatch.setenv("BINDER_REPO_URL", "x")
    all_of(opened(zipped))
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
    zipped: Path, own_home: Path, one_processor: None
) -> None:
    all_of(opened(zipped))
    if sys.platform != "win32":
        assert store_in(own_home).stat().st_mode & 0o077 == 0
        assert store_in(own_home).parent.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("one_processor")
def test_a_damaged_store_is_said_once_and_begun_anew(
    zipped: Path, own_home: Path, expected: dict[int, Any]
) -> None:
    all_of(opened(zipped))
    store_in(own_home).write_bytes(b"no database" * 1000)
    source = opened(zipped)
    assert same(all_of(source), expected)
    assert [problem for problem in source.problems if "damaged: they are read once more" in problem]
    assert same(all_of(source), expected)
    assert len([problem for problem in source.problems if "once more" in problem]) == 1
    again = opened(zipped)
    all_of(again)
    assert tracks_opened(again) == 1


@pytest.mark.usefixtures("one_processor")
def test_a_kept_track_that_is_damaged_is_read_once_more(
    zipped: Path, own_home: Path, expected: dict[int, Any]
) -> None:
    all_of(opened(zipped))
    with closing(sqlite3.connect(store_in(own_home))) as kept, kept:
        kept.execute("UPDATE tracks SET packed = X'00ff' WHERE name LIKE '%900003.gpx'")
    source = opened(zipped)
    assert same(all_of(source), expected)
    assert tracks_opened(source) == 2


@pytest.mark.usefixtures("one_processor")
def test_what_an_older_reader_gave_is_read_anew(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of(opened(zipped))
    monkeypatch.setattr(track_store, "FORMAT", track_store.FORMAT + 1)
    source = opened(zipped)
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
def test_two_notebooks_read_the_same_export_at_once(zipped: Path, expected: dict[int, Any]) -> None:
    tracks = opened(zipped).streams_of(range(FIRST, FIRST + TRACKS))
    first = dict(next(tracks) for _ in range(5))
    assert same(all_of(opened(zipped)), expected)
    assert same(first | dict(tracks), expected)
    source = opened(zipped)
    all_of(source)
    assert tracks_opened(source) == 1


@pytest.mark.usefixtures("one_processor")
def test_a_store_that_another_notebook_holds_is_done_without(
    zipped: Path, own_home: Path, expected: dict[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of(opened(zipped))
    monkeypatch.setattr(track_store, "_PATIENCE", 0.05)
    with closing(sqlite3.connect(store_in(own_home))) as other:
        other.execute("BEGIN EXCLUSIVE")
        source = opened(zipped)
        assert same(all_of(source), expected)
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
    zipped: Path,
    own_home: Path,
    expected: dict[int, Any],
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path, pytest.MonkeyPatch], None],
) -> None:
    spoil(own_home, monkeypatch)
    source = opened(zipped)
    assert same(all_of(source), expected)
    assert same(all_of(source), expected)
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
    zipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("strava_nb.sources.archive.zone_at", lambda lat, lng: "America/New_York")
    source = opened(zipped)
    assert snb.get_activities(source, progress=False)["polyline"].isna().all()
    whole = source.tracks_size()
    assert 0 < source.tracks_size([FIRST]) < whole < zipped.stat().st_size
    source.read_tracks()
    later = opened(zipped)
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
    zipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINDER_REPO_URL", "x")
    source = opened(zipped)
    source.read_tracks([FIRST])
    assert tracks_opened(source) == 1
    source.read_tracks(pd.DataFrame({"id": pd.array([FIRST, 1], dtype="Int64")}))
    assert tracks_opened(source) == 1
    table = snb.get_activities(source, progress=False)
    assert list(table.loc[table["polyline"].notna(), "id"]) == [FIRST]


def test_those_with_a_track_file_are_at_hand(zipped: Path) -> None:
    source = opened(zipped)
    assert source.at_hand([FIRST, GONE, 1]) == {FIRST, GONE}
    assert tracks_opened(source) == 0


def test_a_row_moves_to_the_day_that_its_track_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = {50.0: "Pacific/Auckland", 51.0: "America/Los_Angeles"}
    monkeypatch.setattr("strava_nb.sources.archive.zone_at", lambda lat, lng: zones[lat])
    noon = RIDE | {"start_date": "Jul 4, 2026, 3:00:00 PM"}
    rows = [noon | {"id": "1", "filename": "activities/1.gpx"}]
    rows += [RIDE | {"id": "2", "start_date": "Jul 5, 2026, 3:00:00 AM", "filename": "activities/2.gpx"}]
    tracks = {"activities/1.gpx": gpx(lat=50), "activities/2.gpx": gpx(lat=51)}
    path = write_zip(tmp_path / "a.zip", {"activities.csv": export_csv(*rows)} | tracks)

    def days(source: ExportSource) -> list[list[int]]:
        return [
            list(snb.get_activities(source, (day, day), progress=False)["id"])
            for day in ("2026-07-04", "2026-07-05")
        ]

    source = opened(path)
    assert days(source) == [[1], [2]]
    source.read_tracks()
    assert days(source) == days(opened(path)) == [[2], [1]]


# The line


def decoded(line: str) -> np.ndarray[Any, Any]:
    """The points of a polyline, by Google's description of it."""
    values, value, shift = [], 0, 0
    for letter in line:
        chunk = ord(letter) - 63
        value |= (chunk & 0x1F) << shift
        shift += 5
        if chunk < 0x20:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return np.cumsum(np.array(values, dtype=np.int64).reshape(-1, 2), axis=0) / 1e5


def test_the_encoding_is_googles() -> None:
    points = np.array([(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)])
    assert course.encode(points) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    assert course.summary_polyline(np.full((3, 2), np.nan)) == ""


@settings(max_examples=60)
@given(hnp.arrays(np.float64, st.tuples(st.integers(2, 60), st.just(2)), elements=st.integers(-9, 9)))
def test_no_point_is_further_from_the_line_than_the_tolerance(steps: np.ndarray[Any, Any]) -> None:
    x, y = np.cumsum(steps, axis=0).T
    kept = course.simplified(x, y, 5.0)
    assert (kept[0], kept[-1]) == (0, len(x) - 1)
    for start, end in pairwise(kept):
        along = np.linspace(0, 1, 201)[:, None]
        line = np.array([[x[start], y[start]]]) * (1 - along) + np.array([[x[end], y[end]]]) * along
        for point in range(start, end):
            assert np.hypot(*(line - [x[point], y[point]]).T).min() <= 5.0 + 0.5


def test_a_long_ride_is_drawn_with_about_as_many_points_as_strava_uses() -> None:
    angle = np.linspace(0, 2 * np.pi, 5000)
    radius = 0.1 + 0.01 * np.sin(9 * angle)
    ride = np.column_stack([47 + radius * np.sin(angle), 8 + radius * np.cos(angle)])
    points = decoded(course.summary_polyline(ride))
    assert 50 < len(points) < 150
    np.testing.assert_allclose(points[[0, -1]], ride[[0, -1]], atol=1e-5)


def test_a_straight_line_over_the_date_line_stays_one() -> None:
    lng = (179.99 + np.linspace(0, 0.02, 50) + 180) % 360 - 180
    line = course.summary_polyline(np.column_stack([np.full(50, -17.0), lng]))
    np.testing.assert_allclose(decoded(line), [(-17, 179.99), (-17, -179.99)], atol=1e-5)


# Packed


NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(lambda whole: whole / 10),
    st.integers(-(2**31), 2**31 - 1).map(lambda half: half * (180 / 2**31)),
    st.integers(0, 65535).map(lambda height: height / 5 - 500),
    st.floats(width=64),
    st.just(float("nan")),
)


@settings(max_examples=60)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=40))
def test_packing_changes_no_number(rows: list[tuple[float, float, float]]) -> None:
    data = np.array(rows)
    payload = {"time": {"data": data[:, 0]}, "latlng": {"data": data[:, 1:]}}
    back = track_packing.unpack(track_packing.pack(payload))
    for name, stream in payload.items():
        np.testing.assert_array_equal(back[name]["data"], stream["data"])


def test_what_devices_count_is_packed_to_a_fraction() -> None:
    samples = 4000
    data = {
        "time": np.arange(samples, dtype=np.float64),
        "altitude": np.round(np.sin(np.arange(samples) / 50) * 300) / 5 - 500,
        "distance": np.arange(samples) * 830 / 100,
    }
    assert len(track_packing.pack({name: {"data": values} for name, values in data.items()})) < samples * 2


@settings(max_examples=40)
@given(st.binary(max_size=60), st.integers(0, 200))
def test_damaged_bytes_are_told_and_nothing_else(junk: bytes, cut: int) -> None:
    whole = track_packing.pack({"time": {"data": np.arange(50.0)}})
    for damaged in (junk, whole[: cut % len(whole)], whole[:9] + junk + whole[9 + len(junk) + 1 :]):
        with pytest.raises(ValueError, match="packed track"):
            track_packing.unpack(damaged)
