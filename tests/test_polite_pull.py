"""A pull is polite: within the allowance, patient with what fails, and the same table in the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from asking import TODAY, everything
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pulling import NOON, Clock, allow, asked, by_id, door, statuses

from strava_nb.errors import RateLimited, SignInRefused, Stopped, Unreachable
from strava_nb.simulator import Simulator
from strava_nb.sources import api, limits, retries
from strava_nb.sources.api import ApiSource
from strava_nb.sources.cache import forget
from strava_nb.sources.source import Progress

pytestmark = pytest.mark.slow

ON_THE_WAY = ["500", "html502", "html200", "cut_connection", "cut_body"]
IN_PASSING = [*ON_THE_WAY, "expired_token", "no_limit_headers", "lower_case_headers", "429", "429_old"]
MIDNIGHT = datetime(2026, 6, 16, tzinfo=UTC).timestamp()


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PER_PAGE", 16)


@pytest.fixture(scope="module")
def calm() -> Iterator[Simulator]:
    """A Strava for tests that leave it as it was."""
    with Simulator(today=TODAY, activities=60) as server:
        yield server


@pytest.fixture(scope="module")
def whole(calm: Simulator) -> Callable[[Any], bool]:
    """Whether records are all that there is at that Strava, each once."""
    there = by_id(everything(calm))
    return lambda records: by_id(records) == there


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(strava: Simulator, clock: Clock) -> ApiSource:
    return door(strava, clock)


def anew(
    strava: Simulator, clock: Clock, quarter: int = 100_000, *, used: int = 0, keep: bool = True
) -> ApiSource:
    """A door that has pulled nothing and knows nothing of what it may."""
    strava.faults.clear()
    limits._shared.clear()
    source = door(strava, clock, keep=keep)
    if keep:
        forget(strava.url, strava._book.athlete_id)
    allow(strava, quarter, 1_000_000, used=used)
    return source


# --- what fails on the way


@pytest.mark.parametrize("kind", IN_PASSING)
@pytest.mark.parametrize("times", [1, 3])
def test_after_any_fault_that_passes_the_table_is_the_same(
    calm: Simulator, whole: Callable[[Any], bool], kind: str, times: int
) -> None:
    source = anew(calm, Clock(oversleeps=100))
    calm.faults.add(kind, times=1 if kind == "expired_token" else times)
    assert whole(source.activities(None, None))
    assert source.problems == []


@given(st.dictionaries(st.sampled_from(IN_PASSING), st.integers(1, 2), max_size=2), st.integers(0, 99))
@examples(max_examples=12)
def test_after_faults_in_any_sequence_the_table_is_the_same(
    calm: Simulator, whole: Callable[[Any], bool], faults: dict[str, int], seed: int
) -> None:
    clock = Clock(NOON + seed, oversleeps=100)
    source = anew(calm, clock)
    for kind, times in faults.items():
        calm.faults.add(kind, times=times if kind in ON_THE_WAY else 1)
    assert whole(source.activities(None, None))
    assert whole(source.activities(None, None))


@given(
    st.tuples(st.integers(2, 30), st.integers(0, 30)),
    st.lists(st.sampled_from([*ON_THE_WAY, "expired_token", "lower_case_headers"]), max_size=4, unique=True),
    st.sampled_from([NOON, NOON + 440, MIDNIGHT - 1, MIDNIGHT - 901]),
)
@examples(max_examples=20)
def test_no_call_is_beyond_the_allowance_once_it_is_known(
    calm: Simulator, whole: Callable[[Any], bool], allowance: tuple[int, int], faults: list[str], now: float
) -> None:
    source = anew(calm, Clock(now, oversleeps=100), allowance[0], used=allowance[1], keep=False)
    assert source.athlete, "what says how much is left"
    before = len(calm.calls)
    for kind in faults:
        calm.faults.add(kind)
    assert whole(source.activities(None, None))
    assert 429 not in statuses(calm, before)


def test_pauses_grow_and_are_spread_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "PAUSES", (0.5, 1.0, 2.0, 4.0))
    least, most = list(retries.pauses(lambda: 0.0)), list(retries.pauses(lambda: 1.0))
    assert least == [0.25, 0.5, 1.0, 2.0]
    assert most == [0.75, 1.5, 3.0, 6.0]


def test_a_pause_is_waited_for_and_told(
    strava: Simulator, source: ApiSource, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "PAUSES", (8.0, 16.0))
    assert source.athlete
    strava.faults.add("500", times=2, path="/athlete/activities")
    told: list[Progress] = []
    source.activities(None, None, tell=told.append)
    assert any("Trying again in" in step.note for step in told)
    assert clock.now > NOON + 4


def test_what_keeps_failing_is_given_up_and_what_came_is_kept(strava: Simulator, source: ApiSource) -> None:
    path = "/activities/*/streams"
    ids = [record["id"] for record in source.activities(None, None)][:6]
    assert len(dict(source.streams_of(ids[:3]))) == 3
    strava.faults.add("500", times=None, path=path)
    with pytest.raises(Unreachable):
        list(source.streams_of(ids))
    strava.faults.clear()
    before = len(strava.calls)
    assert len(dict(source.streams_of(ids))) == 6
    assert len(strava.calls) == before + 3


def test_a_refusal_is_never_asked_for_again(strava: Simulator, source: ApiSource) -> None:
    """But for 429, and for 401 once."""
    strava.revoke_all()
    with pytest.raises(SignInRefused):
        source.activities(None, None)
    assert len(asked(strava)) == 1


def test_a_token_that_ends_in_the_middle_is_renewed_once(strava: Simulator, source: ApiSource) -> None:
    assert source.athlete
    strava.faults.add("expired_token", path="/athlete/activities")
    assert len(by_id(source.activities(None, None))) == 60
    assert sum(call.path.endswith("/oauth/token") for call in strava.calls) == 1


# --- the quarter of an hour


def test_a_quarter_of_an_hour_that_is_used_up_is_waited_for_with_a_countdown(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    allow(strava, 3)
    told: list[Progress] = []
    assert len(by_id(source.activities(None, None, tell=told.append))) == 60
    assert statuses(strava).count(429) == 0
    waits = [step.note for step in told if "to go, until" in step.note]
    # Seven minutes and a half to the end of the first, fifteen to that of the next.
    assert waits[0].startswith("this quarter hour's calls are used up: 7:31 to go, until ")
    assert clock.now >= NOON + 450 + 900
    assert len(waits) == len(set(waits))


def test_the_next_calls_come_a_second_after_the_quarter(strava: Simulator, clock: Clock) -> None:
    source = door(strava, clock)
    allow(strava, 4, used=4)
    source._get(bytes, source._client.athletes_api.get_logged_in_athlete)
    assert statuses(strava) == [429, 200]
    assert clock.now == pytest.approx(NOON + 450 + 1, abs=0.2)


@pytest.mark.parametrize("how", ["cancel", "Ctrl-C"])
def test_waiting_can_be_stopped_and_what_came_is_kept(strava: Simulator, clock: Clock, how: str) -> None:
    cancel = threading.Event()

    def pause(seconds: float) -> None:
        if how == "Ctrl-C":
            raise KeyboardInterrupt
        cancel.set()
        clock.pause(seconds)

    source = door(strava, clock, pause=pause)
    allow(strava, 3)
    with pytest.raises(Stopped) as stopped:
        source.activities(None, None, cancel=cancel)
    assert len(by_id(stopped.value.so_far)) == 42
    assert clock.now < NOON + 10
    allow(strava, 100)
    before = len(strava.calls)
    assert len(by_id(door(strava, clock).activities(None, None))) == 60
    fresh = [call for call in asked(strava, since=before) if "before" in call]
    assert fresh, "it goes on before the earliest that came"


def test_a_margin_is_left_to_other_tools(strava: Simulator, source: ApiSource) -> None:
    allow(strava, 10)
    source.limits.margin = 6
    source.activities(None, None)
    assert [strava._limits.count(strava.now()).refused for _ in range(6)] == [False] * 6


@pytest.mark.parametrize("late", [-3600.0, 3600.0, 86_400.0])
def test_a_clock_that_jumps_in_the_middle_loses_nothing(
    strava: Simulator, source: ApiSource, clock: Clock, late: float
) -> None:
    allow(strava, 5)

    jumps = iter([late])

    def jump(_: Progress) -> None:
        clock.now += next(jumps, 0.0)

    assert len(by_id(source.activities(None, None, tell=jump))) == 60


def test_an_allowance_of_400_is_taken_from_the_headers(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    allow(strava, 400, 4000)
    ids = [record["id"] for record in source.activities(None, None)]
    assert source.limits.allowance == 400
    for _ in range(150):
        strava._limits.count(clock.now)
    assert len(list(source.details_of(ids[:20]))) == 20
    assert clock.now == NOON
    assert f"{400 - 12 - 150 - 20} left this quarter hour" in source.cost(ids)


def test_without_headers_the_refusal_is_waited_for(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    strava.faults.add("no_limit_headers", times=2)
    strava.faults.add("429_old", times=1)
    assert len(by_id(source.activities(None, None))) == 60
    assert clock.now == pytest.approx(NOON + 451, abs=0.2)


def test_refused_over_and_over_is_an_error_that_says_until_when(strava: Simulator, source: ApiSource) -> None:
    strava.faults.add("429_old", times=None)
    with pytest.raises(RateLimited) as caught:
        source.activities(None, None)
    assert caught.value.retry_at is not None
    assert len(strava.calls) == 4


# --- the day


def test_a_day_that_is_used_up_is_not_waited_for_and_goes_on_tomorrow(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    allow(strava, 100, 3)
    with pytest.raises(RateLimited, match="today") as caught:
        source.activities(None, None)
    assert caught.value.retry_at == datetime(2026, 6, 16, tzinfo=UTC)
    assert caught.value.status == 429
    assert clock.now < NOON + 10
    assert statuses(strava) == [200] * 3
    with pytest.raises(RateLimited):
        source.activities(None, None)
    assert len(strava.calls) == 3, "not even asked"
    allow(strava, 100)
    clock.now = MIDNIGHT + 1
    assert len(by_id(source.activities(None, None))) == 60
    assert [call for call in asked(strava, since=3) if "before" in call], "it goes on where it stopped"


def test_zero_left_is_found_out_by_one_call(strava: Simulator, source: ApiSource) -> None:
    allow(strava, 100, 1000, used=1000)
    with pytest.raises(RateLimited):
        source.activities(None, None)
    assert statuses(strava) == [429]


def test_tracks_before_a_used_up_day_are_kept(strava: Simulator, source: ApiSource, clock: Clock) -> None:
    ids = [record["id"] for record in source.activities(None, None)][:10]
    allow(strava, 100, 6)
    clock.now += 900
    with pytest.raises(RateLimited):
        list(source.streams_of(ids))
    assert len(source.at_hand(ids)) == 6
