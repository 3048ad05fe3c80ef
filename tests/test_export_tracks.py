"""The tracks of an export, read on all processors at once, and what they tell of their activities."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from exports import RIDE, export_csv, gpx, write_zip
from track_history import BAD, FIRST, GONE, TRACKS, all_of, opened, same, tracks_opened

import strava_nb as snb
from strava_nb.errors import Stopped, StravaNbWarning
from strava_nb.sources import track_reading
from strava_nb.sources.archive import ExportSource

pytestmark = pytest.mark.slow

# At the same time


def test_tracks_read_at_the_same_time_equal_those_read_in_turn(
    history_zip: Path, history_streams: dict[int, Any], programs: list[Any]
) -> None:
    source = opened(history_zip)
    assert same(all_of(source), history_streams)
    assert len(programs) == 2
    assert len(source.problems) == 2
    assert sorted(problem.split(" ")[0] for problem in source.problems) == [
        "activities/900005.fit.gz",
        "activities/900007.tcx.gz",
    ]


def test_the_verb_gives_every_sound_track_and_names_the_others(
    history_zip: Path, programs: list[Any]
) -> None:
    with pytest.warns(StravaNbWarning, match="and 1 more"):
        samples = snb.get_streams(opened(history_zip), range(FIRST, FIRST + TRACKS), progress=False)
    assert samples["activity_id"].nunique() == TRACKS - 2
    assert samples.attrs["without_streams"] == [BAD, GONE]
    assert str(samples["heartrate"].dtype) == "Float64"


def test_a_few_tracks_are_not_worth_a_process(history_zip: Path, programs: list[Any]) -> None:
    assert len(dict(opened(history_zip).streams_of(range(FIRST, FIRST + 4)))) == 4
    assert programs == []


def test_progress_goes_up_by_one_to_the_end(history_zip: Path, programs: list[Any]) -> None:
    steps: list[Any] = []
    all_of(opened(history_zip), tell=steps.append)
    assert [(step.what, step.done, step.total) for step in steps] == [
        ("streams", done, TRACKS) for done in range(1, TRACKS + 1)
    ]


@pytest.mark.slow
def test_a_script_without_a_main_guard_runs_once(history_zip: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import strava_nb as snb\nfrom strava_nb.sources import track_reading\n"
        "track_reading.processors = lambda: 2\n"
        f"source = snb.open_export({str(history_zip)!r}, timezone='UTC')\n"
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
    history_zip: Path, history_streams: dict[int, Any], monkeypatch: pytest.MonkeyPatch, forbidden: str
) -> None:
    monkeypatch.setattr(track_reading, "processors", lambda: 2)
    monkeypatch.setattr(forbidden, refuse)
    assert same(all_of(opened(history_zip)), history_streams)


def test_an_executable_that_is_no_python_is_never_started(
    history_zip: Path, programs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for executable in (None, "", "/opt/app/Viewer.app/Viewer"):
        monkeypatch.setattr(sys, "executable", executable)
        assert len(list(opened(history_zip).streams_of(range(FIRST, FIRST + TRACKS)))) == TRACKS
    assert programs == []


def test_what_is_a_part_of_somebodys_pool_starts_none_of_its_own(
    history_zip: Path, programs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    assert len(list(opened(history_zip).streams_of(range(FIRST, FIRST + TRACKS)))) == TRACKS
    assert programs == []


def test_a_python_that_cannot_import_us_is_done_without(
    history_zip: Path, history_streams: dict[int, Any], programs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track_reading, "_PROGRAM", "import no_such_module")
    assert same(all_of(opened(history_zip)), history_streams)
    assert len(programs) == 2


def test_a_file_that_takes_its_process_down_costs_one_track(
    history_zip: Path, history_streams: dict[int, Any], programs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = (
        "import os, sys; sys.path[:] = {path!r}; from strava_nb.sources import reading, track_worker; "
        "read = reading.read; "
        "reading.read = lambda data, name, **how: "
        "os._exit(3) if '900010' in name else read(data, name, **how); "
        "track_worker.main()"
    )
    monkeypatch.setattr(track_reading, "_PROGRAM", deadly)
    source = opened(history_zip)
    assert same(all_of(source), history_streams | {FIRST + 10: None})
    assert "activities/900010.tcx.gz could not be read: the reader broke down over it." in source.problems
    assert source._tracks.summaries().keys().isdisjoint({"activities/900010.tcx.gz"})


# Stopped


def interrupt(step: Any) -> None:
    if step.done == 3:
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_stops_and_leaves_no_process(history_zip: Path, programs: list[Any]) -> None:
    with pytest.raises(Stopped):
        all_of(opened(history_zip), tell=interrupt)
    assert programs


def test_cancel_stops_and_what_came_is_kept(history_zip: Path, programs: list[Any]) -> None:
    cancel, came = threading.Event(), []
    with pytest.raises(Stopped):
        for number, _ in opened(history_zip).streams_of(range(FIRST, FIRST + TRACKS), cancel=cancel):
            came.append(number)
            if len(came) == 10:
                cancel.set()
    assert 10 <= len(came) < TRACKS
    source = opened(history_zip)
    all_of(source)
    assert tracks_opened(source) == TRACKS - len([one for one in came if one != GONE])


def test_whoever_stops_listening_leaves_no_process(history_zip: Path, programs: list[Any]) -> None:
    tracks = opened(history_zip).streams_of(range(FIRST, FIRST + TRACKS))
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


def test_those_with_a_track_file_are_at_hand(history_zip: Path) -> None:
    source = opened(history_zip)
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
