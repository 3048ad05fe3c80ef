"""What Strava allows: read from headers, decided before each call, told in one line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strava_nb.simulator.limits import Limits as Counting
from strava_nb.sources.limits import (
    GRACE,
    QUARTER,
    Counts,
    Limits,
    Verdict,
    cost_line,
    counts_in,
    done_at,
    limits_of,
)

FOUR = {
    "X-RateLimit-Limit": "200,2000",
    "X-RateLimit-Usage": "14,210",
    "X-ReadRateLimit-Limit": "100,1000",
    "X-ReadRateLimit-Usage": "14,210",
}


def at(hour: int, minute: int, second: float = 0.0) -> float:
    return datetime(2026, 6, 15, hour, minute, tzinfo=UTC).timestamp() + second


def headers(limit: tuple[int, int], used: tuple[int, int]) -> dict[str, str]:
    return {
        "x-readratelimit-limit": f"{limit[0]},{limit[1]}",
        "x-readratelimit-usage": f"{used[0]},{used[1]}",
    }


def told(limits: Limits, limit: tuple[int, int], used: tuple[int, int], now: float) -> None:
    assert limits.reserve(now) is Verdict.GO
    limits.answered(headers(limit, used), now, now)


# --- what the headers say


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (FOUR, Counts((100, 1000), (14, 210))),
        ({name.lower(): value for name, value in FOUR.items()}, Counts((100, 1000), (14, 210))),
        ({name.upper(): value for name, value in FOUR.items()}, Counts((100, 1000), (14, 210))),
        (headers((400, 4000), (1, 2)), Counts((400, 4000), (1, 2))),
        ({"X-RateLimit-Limit": " 200 , 2000 ", "X-RateLimit-Usage": "3, 4"}, Counts((200, 2000), (3, 4))),
        # Where all calls are tighter than reads, they count.
        (FOUR | {"X-RateLimit-Usage": "199,1999"}, Counts((200, 2000), (199, 1999))),
        ({}, None),
        ({"X-RateLimit-Limit": "200,2000"}, None),
        ({"X-RateLimit-Limit": "many", "X-RateLimit-Usage": "1,2"}, None),
        ({"X-RateLimit-Limit": "200", "X-RateLimit-Usage": "1"}, None),
    ],
)
def test_the_tighter_of_reads_and_all_calls_counts(said: dict[str, str], counts: Counts | None) -> None:
    assert counts_in(said) == counts


@given(st.dictionaries(st.sampled_from(sorted(FOUR)), st.text() | st.from_regex(r"\d+,\d+")))
def test_any_headers_at_all_are_read_or_passed_over(said: dict[str, str]) -> None:
    whole = {name for name, value in said.items() if re.fullmatch(r"\s*\d{1,9}\s*,\s*\d{1,9}\s*", value)}
    pairs = [{f"{kind}-Limit", f"{kind}-Usage"} for kind in ("X-RateLimit", "X-ReadRateLimit")]
    assert (counts_in(said) is not None) == any(pair <= whole for pair in pairs)


# --- whether the next call may go


def test_while_nothing_is_known_one_call_goes_alone() -> None:
    limits = Limits()
    assert limits.reserve(at(12, 0)) is Verdict.GO
    assert limits.reserve(at(12, 0)) is Verdict.HOLD
    limits.answered(headers((100, 1000), (1, 1)), at(12, 0), at(12, 0))
    assert [limits.reserve(at(12, 0)) for _ in range(3)] == [Verdict.GO] * 3


def test_calls_under_way_count_as_used() -> None:
    limits = Limits()
    told(limits, (100, 1000), (98, 98), at(12, 0))
    assert [limits.reserve(at(12, 0)) for _ in range(3)] == [Verdict.GO, Verdict.GO, Verdict.HOLD]
    limits.answered(headers((100, 1000), (99, 99)), at(12, 0), at(12, 0))
    assert limits.reserve(at(12, 0)) is Verdict.HOLD
    limits.answered(headers((100, 1000), (100, 100)), at(12, 0), at(12, 0))
    assert limits.reserve(at(12, 0)) is Verdict.WAIT


def test_answers_that_overtake_each_other_give_nothing_back() -> None:
    limits = Limits()
    told(limits, (10, 1000), (5, 5), at(12, 0))
    for _ in range(3):
        assert limits.reserve(at(12, 0)) is Verdict.GO
    for used in (8, 6, 7):
        limits.answered(headers((10, 1000), (used, used)), at(12, 0), at(12, 0))
    assert limits.left(at(12, 0)) == (2, 992)


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (at(12, 14, 59.9), Verdict.WAIT),
        (at(12, 15), Verdict.GO),
        (at(12, 29, 59.9), Verdict.GO),
        (at(11, 59), Verdict.GO),  # A clock that was put back: Strava will say.
    ],
)
def test_a_quarter_of_an_hour_ends_on_the_clock(now: float, verdict: Verdict) -> None:
    limits = Limits()
    told(limits, (100, 1000), (100, 100), at(12, 0))
    assert limits.until(at(12, 7)) == at(12, 15)
    assert limits.reserve(now) is verdict


def test_the_day_ends_at_midnight_utc() -> None:
    limits = Limits()
    told(limits, (100, 1000), (3, 1000), at(23, 50))
    assert limits.reserve(at(23, 59, 59.9)) is Verdict.STOP
    error = limits.used_up(at(23, 59))
    assert error.retry_at == datetime(2026, 6, 16, tzinfo=UTC)
    assert "00:00 UTC on 2026-06-16" in error.to_do
    assert limits.reserve(at(24 - 1, 59, 60)) is Verdict.GO


def test_the_day_goes_before_the_quarter() -> None:
    limits = Limits()
    told(limits, (100, 1000), (100, 1000), at(12, 0))
    assert limits.reserve(at(12, 1)) is Verdict.STOP


def test_a_margin_is_left_to_others_but_never_all() -> None:
    limits = Limits(margin=10)
    told(limits, (100, 1000), (89, 89), at(12, 0))
    assert limits.left(at(12, 0)) == (1, 901)
    told(limits, (100, 1000), (90, 90), at(12, 0))
    assert limits.reserve(at(12, 0)) is Verdict.WAIT
    greedy = Limits(margin=5000)
    told(greedy, (100, 1000), (0, 0), at(12, 0))
    assert greedy.reserve(at(12, 0)) is Verdict.GO


def test_without_headers_a_refusal_is_what_tells() -> None:
    limits = Limits()
    for _ in range(150):
        assert limits.reserve(at(12, 0)) is Verdict.GO
        limits.answered({}, at(12, 0), at(12, 0), 200)
    assert limits.left(at(12, 0)) is None
    assert limits.reserve(at(12, 0)) is Verdict.GO
    limits.answered({}, at(12, 0), at(12, 0), 429)
    assert limits.reserve(at(12, 14)) is Verdict.WAIT
    assert limits.reserve(at(12, 15)) is Verdict.GO


def test_a_call_without_an_answer_counts() -> None:
    limits = Limits()
    told(limits, (10, 100), (8, 8), at(12, 0))
    limits.reserve(at(12, 0))
    limits.answered(None, at(12, 0), at(12, 0))
    assert limits.left(at(12, 0)) == (1, 91)


def test_a_call_across_a_windows_end_counts_in_the_new_one() -> None:
    """Its answer may tell of the old one, which is over."""
    limits = Limits()
    told(limits, (100, 1000), (99, 99), at(12, 14))
    assert limits.reserve(at(12, 14, 59.9)) is Verdict.GO
    limits.answered(headers((100, 1000), (100, 100)), at(12, 14, 59.9), at(12, 15, 0.1))
    assert limits.left(at(12, 15, 1)) == (99, 900)


def test_strava_may_begin_a_window_later_than_this_computers_clock() -> None:
    limits = Limits()
    told(limits, (100, 1000), (95, 95), at(12, 15))
    told(limits, (100, 1000), (1, 96), at(12, 15, 3))
    assert limits.left(at(12, 15, 4)) == (99, 904)


def test_an_answer_that_many_others_overtook_gives_nothing_back() -> None:
    limits = Limits()
    told(limits, (12, 100), (1, 1), at(12, 0))
    assert limits.reserve(at(12, 0)) is Verdict.GO  # the slow one
    for used in range(3, 12):
        told(limits, (12, 100), (used, used), at(12, 0))
    limits.answered(headers((12, 100), (2, 2)), at(12, 0), at(12, 0))
    assert limits.left(at(12, 0)) == (1, 89)


@given(
    st.integers(1, 30),
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 400)), max_size=40),
)
def test_no_call_ever_goes_beyond_the_allowance(
    allowed: int, used: int, steps: list[tuple[int, int, int]]
) -> None:
    """Whatever is sent and answered when: only the very first call can be refused."""
    strava, limits = Counting((allowed, 60)), Limits()
    now = at(12, 0)
    for _ in range(used):
        strava.count(now)
    under_way: list[tuple[float, dict[str, str]]] = []
    refused: list[bool] = []
    for send, answer, pause in steps:
        for _ in range(send):
            if len(under_way) < 8 and limits.reserve(now) is Verdict.GO:
                usage = strava.count(now)
                refused.append(usage.refused)
                under_way.append((now, dict(usage.headers())))
        now += pause
        for _ in range(min(answer, len(under_way))):
            sent, said = under_way.pop(len(under_way) // 2)
            limits.answered(said, sent, now)
    assert not any(refused[1:])


def test_one_application_is_one_allowance_in_a_kernel() -> None:
    assert limits_of("https://a.example", "1") is limits_of("https://a.example", "1")
    assert limits_of("https://a.example", "1") is not limits_of("https://a.example", "2")
    assert limits_of("https://a.example", "1") is not limits_of("https://b.example", "1")


def test_what_is_left_is_told_where_it_is_little() -> None:
    limits = Limits()
    assert limits.note(at(12, 0)) == ""
    told(limits, (100, 1000), (14, 210), at(12, 0))
    assert limits.note(at(12, 0)).startswith("86 calls left until ")
    told(limits, (1_000_000, 100_000_000), (22, 218), at(12, 1))
    assert limits.note(at(12, 1)) == ""


# --- what a pull costs

BERLIN = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("activities", "missing", "left", "line"),
    [
        (
            312,
            214,
            (86, 790),
            "312 activities, 214 without streams here: 214 calls; "
            "86 left this quarter hour, 790 today; done about 14:45",
        ),
        (1, 1, (86, 790), "1 activity, 1 without streams here: 1 call; 86 left this quarter hour, 790 today; "
         "done about 14:20"),
        (312, 0, (86, 790), "312 activities, all with their streams here: no calls"),
        (2000, 1200, (86, 790), "2,000 activities, 1,200 without streams here: 1,200 calls; "
         "86 left this quarter hour, 790 today; the rest from 02:00 on"),
        (50, 50, None, "50 activities, 50 without streams here: 50 calls; done about 14:20"),
        (7, 7, (1_000_000, 9_000_000), "7 activities, 7 without streams here: 7 calls; done about 14:20"),
        (9, 9, (-3, 5), "9 activities, 9 without streams here: 9 calls; 0 left this quarter hour, 5 today; "
         "the rest from 02:00 on"),
    ],
)  # fmt: skip
def test_the_cost_is_one_line(activities: int, missing: int, left: tuple[int, int] | None, line: str) -> None:
    assert cost_line(activities, missing, left, at(12, 20), zone=BERLIN) == line


@given(st.integers(1, 5000), st.integers(0, 400), st.integers(1, 400))
def test_more_calls_are_never_done_earlier(calls: int, left: int, allowance: int) -> None:
    now = at(12, 20)
    done, later = (done_at(n, (left, 10_000), now, allowance=allowance) for n in (calls, calls + 1))
    assert now < done <= later
    if calls > left:
        quarters = -(-(calls - left) // allowance)
        assert done >= at(12, 30) + (quarters - 1) * QUARTER + GRACE
