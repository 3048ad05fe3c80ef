"""A pull is watched and can be stopped: progress, notes, Ctrl-C, `cancel`, and what is left then."""

from __future__ import annotations

import threading
from typing import Any

import pandas as pd
import pytest
from shelves import SHELF, Door, Shelf, ids, payloads, record

import strava_nb as snb
from strava_nb.errors import StravaNbWarning
from strava_nb.simulator import Simulator
from strava_nb.sources.source import Listener, Progress, Record, nobody


def test_progress_is_told_to_whoever_listens_and_printed_for_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps: list[Progress] = []
    snb.get_activities(SHELF, progress=steps.append)
    snb.get_streams(SHELF, [1, 3], progress=steps.append)
    assert steps == [Progress("activities", 4), Progress("streams", 1, 2), Progress("streams", 2, 2)]
    assert capsys.readouterr() == ("", "")


def test_progress_shows_a_bar_that_goes_when_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    snb.get_streams(SHELF, [1, 3])
    assert "streams" in capsys.readouterr().err


def test_a_stopped_pull_gives_what_came_and_says_how_to_go_on() -> None:
    door = Door(*(record(number, "2026-01-01T10:00:00") for number in range(5)))
    door.stops_after = 3
    last = Shelf(record(9, "2026-01-01T10:00:00"), name="export")
    said = "Stopped after 3 activities: run this again to go on where it stopped."
    with pytest.warns(StravaNbWarning, match=said) as told:
        table = snb.get_activities([door, last], 2026, progress=False)
    assert ids(table) == [0, 1, 2]
    assert table.attrs["problems"] == [said]
    assert (len(told), told[0].filename, last.asked) == (1, __file__, [])


def test_an_interrupt_keeps_what_the_first_doors_gave() -> None:
    def interrupt(step: Progress) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    first = Shelf(record(1, "2026-01-01T10:00:00"), name="export")
    second = Shelf(record(2, "2026-01-01T10:00:00"), record(3, "2026-01-01T10:00:00"))
    with pytest.warns(StravaNbWarning, match="Stopped after 1 activity: run this again"):
        assert ids(snb.get_activities([first, second], progress=interrupt)) == [1]


def test_a_pull_in_a_thread_is_stopped_by_its_event() -> None:
    cancel = threading.Event()
    first = Shelf(record(1, "2026-01-01T10:00:00"), name="export")
    second = Shelf(record(2, "2026-01-01T10:00:00"))
    pulled: list[pd.DataFrame] = []

    def stop(step: Progress) -> None:
        cancel.set()

    def pull() -> None:
        with pytest.warns(StravaNbWarning, match="Stopped after 1 activity"):
            pulled.append(snb.get_activities([first, second], progress=stop, cancel=cancel))

    thread = threading.Thread(target=pull)
    thread.start()
    thread.join()
    assert (ids(pulled[0]), second.asked) == ([1], [])


@pytest.mark.slow
def test_streams_that_were_stopped_go_on_where_they_stopped(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    door = snb.open_api(access_token=strava.access_token)
    activities = snb.get_activities(door, progress=False)
    some = activities[activities["start_lat"].notna()].head(12)
    cancel = threading.Event()

    def stop(step: Progress) -> None:
        if step.done == 3:
            cancel.set()

    with pytest.warns(StravaNbWarning, match="Stopped after the streams of"):
        part = snb.get_streams(door, some, progress=stop, cancel=cancel)
    assert 3 <= part["activity_id"].nunique() < 12
    whole = snb.get_streams(door, some, progress=False)
    assert whole["activity_id"].unique().tolist() == some["id"].tolist()
    came = whole[whole["activity_id"].isin(part["activity_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, came[list(part)])


def test_stopped_streams_are_those_that_came_and_none_is_called_without() -> None:
    door = Door(payloads=payloads(1, 2, 3))
    door.stops_after = 2
    with pytest.warns(StravaNbWarning, match="Stopped after the streams of 1 activity: run this again"):
        table = snb.get_streams(door, [1, 2, 3, 4], progress=False)
    assert table["activity_id"].tolist() == [3]
    assert table.attrs["without_streams"] == [4]


def test_interrupted_streams_are_those_that_came() -> None:
    def interrupt(step: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.warns(StravaNbWarning, match="Stopped after the streams of 1 activity"):
        assert len(snb.get_streams(SHELF, [1, 3], progress=interrupt)) == 2
    cancelled = threading.Event()
    cancelled.set()
    with pytest.warns(StravaNbWarning, match="Stopped after the streams of 0 activities"):
        assert len(snb.get_streams(SHELF, [1, 3], progress=False, cancel=cancelled)) == 0


def test_progress_over_several_doors_is_that_of_the_whole() -> None:
    api, export = Door(payloads=payloads(1, 2)), Door(payloads=payloads(3, 4), name="export")
    export.here = frozenset({3, 4})
    steps: list[Progress] = []
    snb.get_streams([api, export], [1, 2, 3, 4], progress=steps.append)
    assert steps == [Progress("streams", done, 4) for done in (1, 2, 3, 4)]


def test_a_long_pull_says_beforehand_what_comes_from_where() -> None:
    many = range(1, 31)
    api, export = Door(payloads=payloads(*many)), Door(payloads=payloads(*range(1, 11)), name="export")
    export.here = frozenset(range(1, 11))
    steps: list[Progress] = []
    snb.get_streams([export, api], many, progress=steps.append)
    assert steps[0] == Progress("streams", 0, 30, "10 from your export, 20 calls; 90 calls left")
    assert not any(step.note for step in steps[1:])
    steps.clear()
    snb.get_streams(api, many, progress=steps.append)
    assert steps[0] == Progress("streams", 0, 30, "30 without streams here; 90 calls left")
    steps.clear()
    snb.get_streams(api, [1, 2], progress=steps.append)
    assert steps[0] == Progress("streams", 1, 2)


def test_the_bar_counts_and_shows_notes_and_what_a_pull_costs(capsys: pytest.CaptureFixture[str]) -> None:
    class Waits(Door):
        def activities(self, *_: Any, tell: Listener = nobody, **__: Any) -> list[Record]:
            tell(Progress("activities", 200))
            tell(Progress("activities", 200, note="waits until 14:45"))
            tell(Progress("activities", 400))
            return []

    snb.get_activities(Waits())
    shown = capsys.readouterr()
    assert "waits until 14:45" in shown.err
    assert "200" in shown.err
    assert shown.out == ""
    snb.get_streams(Door(payloads=payloads(*range(20))), range(20))
    shown = capsys.readouterr()
    assert shown.out == "20 without streams here; 90 calls left\n"
    assert "90 calls left" not in shown.err
    snb.get_streams(Door(payloads=payloads(*range(20))), range(20), progress=False)
    assert capsys.readouterr() == ("", "")
