"""A page's pull: only the newest counts, what came is kept, and each end is one from which to go on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watched_pulls import Heard, Slow, ride

from strava_nb.errors import RateLimited, SignInNeeded, Unreachable
from strava_nb.signin.access import Access
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator
from strava_nb.sources import api
from strava_nb.sources.api import ApiSource
from strava_nb.sources.source import Progress
from strava_nb.wanted import Span
from strava_nb.widgets.pulling import Done, Failed, Nothing, Partial, Pulls, Running, State

EVER: Span = (None, None)
JUNE: Span = (date(2026, 6, 1), date(2026, 6, 30))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def pulls(heard: Heard) -> Pulls:
    return Pulls(heard)


def opens(source: Any) -> Callable[[], Any]:
    return lambda: source


def free(source: Slow) -> Slow:
    source.let.set()
    return source


def test_a_pull_runs_and_is_done(pulls: Pulls, heard: Heard) -> None:
    assert pulls.state == Nothing()
    pulls.start(opens(free(Slow(ride(1), ride(2, "2026-07-01")))), JUNE)
    done = heard.wait(Done)
    assert list(done.pulled.table["id"]) == [1]
    assert (done.pulled.span, done.pulled.units) == (JUNE, "metric")
    assert isinstance(heard.states[0], Running) and pulls.state is done


def test_the_athletes_own_units_come_with_it(pulls: Pulls, heard: Heard) -> None:
    source = free(Slow(ride(1)))
    source.athlete["measurement_preference"] = "feet"
    pulls.start(opens(source), EVER)
    assert heard.wait(Done).pulled.units == "imperial"


def test_no_call_is_spent_on_units_when_few_are_left(pulls: Pulls, heard: Heard) -> None:
    class Limited(Slow):
        limits = SimpleNamespace(left=lambda _: (3, 900))

    source = free(Limited(ride(1)))
    source.athlete["measurement_preference"] = "feet"
    pulls.start(opens(source), EVER)
    assert heard.wait(Done).pulled.units == "metric"


def test_an_older_pull_that_ends_later_overwrites_nothing(pulls: Pulls, heard: Heard) -> None:
    older, newer = Slow(ride(1), deaf=True), free(Slow(ride(2)))
    pulls.start(opens(older), EVER)
    assert older.asked.wait(30)
    pulls.start(opens(newer), EVER)
    done = heard.wait(Done)
    before = len(heard.states)
    older.let.set()
    for thread in threading.enumerate():
        if thread.name == "strava-nb pull":
            thread.join(30)
    assert list(done.pulled.table["id"]) == [2]
    assert pulls.state is done and len(heard.states) == before


def test_cancelled_it_gives_what_came_and_says_nothing_of_running_cells(pulls: Pulls, heard: Heard) -> None:
    source = Slow(ride(1), ride(2))
    pulls.start(opens(source), EVER)
    assert source.asked.wait(30)
    pulls.cancel()
    partial = heard.wait(Partial)
    assert any(isinstance(state, Running) and state.stopping for state in heard.states)
    assert list(partial.pulled.table["id"]) == [1] and partial.error is None
    assert partial.pulled.table.attrs["problems"] == []
    pulls.start(opens(free(source)), EVER)
    assert len(heard.wait(Done).pulled.table) == 2


def test_to_cancel_what_is_over_changes_nothing(pulls: Pulls, heard: Heard) -> None:
    pulls.cancel()
    pulls.start(opens(free(Slow(ride(1)))), EVER)
    done = heard.wait(Done)
    pulls.cancel()
    assert pulls.state is done


def test_broken_off_it_gives_what_is_kept(pulls: Pulls, heard: Heard) -> None:
    error = RateLimited("Used up.", "Later.", status=429)
    pulls.start(opens(free(Slow(ride(1), ride(2), error=error))), EVER)
    partial = heard.wait(Partial)
    assert list(partial.pulled.table["id"]) == [1] and partial.error is error


def test_a_door_that_cannot_be_opened_is_a_failure_with_its_sentence(pulls: Pulls, heard: Heard) -> None:
    def shut() -> Any:
        raise SignInNeeded("Nobody is signed in yet.")

    pulls.start(shut, EVER)
    assert isinstance(heard.wait(Failed).error, SignInNeeded)


def test_what_nobody_foresaw_is_a_failure_too(pulls: Pulls, heard: Heard) -> None:
    pulls.start(opens(free(Slow(ride(1), error=ZeroDivisionError()))), EVER)
    assert isinstance(heard.wait(Partial).error, ZeroDivisionError)
    pulls.start(opens(None), EVER)
    heard.wait(Failed)


def test_what_came_and_cannot_be_shown_is_a_failure_too() -> None:
    heard = Heard()

    def clumsy(state: State) -> None:
        if isinstance(state, Done):
            raise ZeroDivisionError
        heard(state)

    Pulls(clumsy).start(opens(free(Slow(ride(1)))), EVER)
    assert isinstance(heard.wait(Failed).error, ZeroDivisionError)


def test_dropped_it_is_as_if_nothing_had_been_asked_for(pulls: Pulls, heard: Heard) -> None:
    source = Slow(ride(1))
    pulls.start(opens(source), EVER)
    assert source.asked.wait(30)
    pulls.drop()
    for thread in threading.enumerate():
        if thread.name == "strava-nb pull":
            thread.join(30)
    assert pulls.state == Nothing() == heard.states[-1]


def test_rate_and_time_to_go_are_told_a_few_times_a_second(heard: Heard) -> None:
    now = [100.0]
    pulls = Pulls(heard, clock=lambda: now[0])

    class Counting(Slow):
        def activities(self, *_: Any, tell: Any, **__: Any) -> list[dict[str, Any]]:
            for done in range(0, 401, 10):
                tell(Progress("activities", done, 400))
                now[0] += 0.05
            return self.records

    pulls.start(opens(Counting(ride(1))), EVER)
    heard.wait(Done)
    told = [state for state in heard.states if isinstance(state, Running)]
    assert len(told) <= 2 + 41 * 0.05 / 0.2 + 1
    one = next(state for state in told if state.rate)
    assert one.rate == pytest.approx(200)
    assert one.left == pytest.approx((400 - one.step.done) / 200)


def test_a_pull_broken_by_strava_shows_what_came_and_goes_on(
    strava: Simulator, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PER_PAGE", 5)
    source = ApiSource(Access(Tokens(strava.access_token)), url=f"{strava.url}/api/v3")

    def break_after_the_first(state: State) -> None:
        heard(state)
        if isinstance(state, Running) and state.step.done and not strava.faults.waiting():
            strava.faults.add("500", times=None, path="/athlete/activities")

    pulls = Pulls(break_after_the_first)
    pulls.start(opens(source), EVER)
    partial = heard.wait(Partial)
    assert isinstance(partial.error, Unreachable)
    assert 5 <= len(partial.pulled.table) < 60
    strava.faults.clear()
    pulls = Pulls(heard)
    pulls.start(opens(source), EVER)
    assert len(heard.wait(Done).pulled.table) == 60


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.sampled_from(["start", "cancel", "drop", "let"]), max_size=8))
def test_whatever_is_pressed_the_newest_pull_alone_counts(presses: list[str]) -> None:
    heard = Heard()
    pulls = Pulls(heard)
    sources: list[Slow] = []
    wanted: Slow | None = None
    for press in presses:
        if press == "start":
            wanted = Slow(ride(len(sources)), ride(len(sources) + 100))
            sources.append(wanted)
            pulls.start(opens(wanted), EVER)
        elif press == "cancel":
            pulls.cancel()
        elif press == "drop":
            pulls.drop()
            wanted = None
        elif sources:
            sources[len(sources) // 2].let.set()
    for source in sources:
        source.let.set()
    for thread in threading.enumerate():
        if thread.name == "strava-nb pull":
            thread.join(30)
    if wanted is None:
        assert pulls.state == Nothing()
    else:
        assert isinstance(pulls.state, Done | Partial)
        assert pulls.state.pulled.table["id"].min() == sources.index(wanted)
