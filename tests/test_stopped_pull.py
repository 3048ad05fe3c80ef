"""A pull that is stopped leaves what came, and goes on there the next time."""

from __future__ import annotations

import threading

import pytest
from pulling import Clock, asked, by_id, door

from strava_nb.errors import Stopped
from strava_nb.simulator import Simulator
from strava_nb.sources import api
from strava_nb.sources.api import ApiSource
from strava_nb.sources.source import Progress

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pages from a small Strava."""
    monkeypatch.setattr(api, "PER_PAGE", 16)


@pytest.fixture
def source(strava: Simulator) -> ApiSource:
    return door(strava, Clock())


@pytest.mark.parametrize("how", ["cancel", "Ctrl-C"])
@pytest.mark.parametrize("at", range(6))
def test_a_pull_that_is_stopped_at_any_page_leaves_what_came_and_goes_on(
    strava: Simulator, source: ApiSource, at: int, how: str
) -> None:
    cancel = threading.Event()
    steps = iter(range(6))

    def stop(_: Progress) -> None:
        if next(steps, None) == at:
            if how == "Ctrl-C":
                raise KeyboardInterrupt
            cancel.set()

    strava._limits.reads = (1000, 10_000)  # few enough that what is left is told
    try:
        everything = by_id(source.activities(None, None, tell=stop, cancel=cancel))
        assert at == 5
    except Stopped as stopped:
        came = by_id(stopped.so_far)
        assert 0 < len(came) <= 60
        assert "goes on where it stopped" in stopped.to_do
        before = len(strava.calls)
        everything = by_id(source.activities(None, None))
        assert came.items() <= everything.items()
        late = 7  # calls that were under way when it stopped, and reach the server only now
        assert len(asked(strava, since=before)) <= 13 + late
    assert len(everything) == 60
    strava.stop()
    assert by_id(source.activities(None, None)) == everything, "all is kept"


def test_a_pull_in_a_thread_stops_while_an_answer_is_awaited(strava: Simulator, source: ApiSource) -> None:
    _ = source.athlete
    cancel, ended = threading.Event(), threading.Event()
    strava.faults.add("slow", times=None, seconds=60)

    def pull() -> None:
        with pytest.raises(Stopped):
            source.activities(None, None, cancel=cancel)
        ended.set()

    threading.Thread(target=pull, daemon=True).start()
    cancel.set()
    assert ended.wait(20)


@pytest.mark.parametrize("how", ["cancel", "Ctrl-C"])
def test_streams_that_are_stopped_go_on_where_they_stopped(
    strava: Simulator, source: ApiSource, how: str
) -> None:
    ids = [record["id"] for record in source.activities(None, None)][:14]
    cancel = threading.Event()

    def stop(step: Progress) -> None:
        if step.done == 3:
            if how == "Ctrl-C":
                raise KeyboardInterrupt
            cancel.set()

    came = []
    with pytest.raises(Stopped):
        for one, _ in source.streams_of(ids, tell=stop, cancel=cancel):
            came.append(one)
    assert len(came) == 3
    assert source.at_hand(ids) >= set(came)
    before = len(strava.calls)
    assert len(dict(source.streams_of(ids))) == 14
    again = {int(call.path.split("/")[-2]) for call in strava.calls[before:]}
    assert again.isdisjoint(came)
