"""A second pull costs a call or two, sees what changed, and shows what is kept where nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from pulling import NOON, Clock, asked, by_id, door

import strava_nb as snb
from strava_nb.errors import RateLimited, SignInRefused, StravaNbWarning, Unreachable
from strava_nb.signin.access import ended
from strava_nb.simulator import Simulator
from strava_nb.sources import api, keeping, pulls
from strava_nb.sources import cache as caches
from strava_nb.sources.api import ApiSource
from strava_nb.sources.cache import open_cache
from strava_nb.sources.listing import start_of

THIRTY_DAYS = pulls.RECENT
Open = Callable[..., ApiSource]

SIZE = 16
DAY = 86_400


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pages from a small Strava, of which one holds all that is recent."""
    monkeypatch.setattr(api, "PER_PAGE", SIZE)
    monkeypatch.setattr(pulls, "RECENT", 5 * DAY)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def enter(strava: Simulator, clock: Clock) -> Open:
    """Gives a source as the next kernel has it."""
    return lambda **options: door(strava, clock, **options)


@pytest.fixture
def source(enter: Open) -> ApiSource:
    return enter()


# --- a second time


def test_a_second_pull_costs_one_call(strava: Simulator, source: ApiSource) -> None:
    first = by_id(source.activities(None, None))
    before = len(strava.calls)
    assert by_id(source.activities(None, None)) == first
    assert len(strava.calls) == before + 1


def test_in_a_new_kernel_it_costs_one_call_more_unless_the_sign_in_says_whose(
    strava: Simulator, enter: Open
) -> None:
    first = enter()
    everything = by_id(first.activities(None, None))
    before = len(strava.calls)
    assert by_id(enter().activities(None, None)) == everything
    assert [call.path.removeprefix("/api/v3") for call in strava.calls[before:]] == [
        "/athlete",
        "/athlete/activities",
    ]
    before = len(strava.calls)
    assert by_id(enter(whose=first.athlete["id"]).activities(None, None)) == everything
    assert len(asked(strava, since=before)) == 1


def test_a_cell_that_opens_strava_anew_with_its_token_costs_no_more_until_the_sign_in_ends(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    token = strava.grant().access_token
    first = pulled(snb.open_api(access_token=token))
    before = len(strava.calls)
    assert pulled(snb.open_api(access_token=token)).equals(first)
    assert len(strava.calls) == before + 1
    assert token not in repr(keeping._whose)
    ended(strava.url, int(first["athlete_id"][0]))
    assert not {int(first["athlete_id"][0])} & set(keeping._whose.values())


def test_the_first_pull_learns_from_the_activities_whose_they_are(
    strava: Simulator, source: ApiSource
) -> None:
    source.activities(None, None)
    assert asked(strava, "/athlete") == []
    assert source.access.athlete_id == source.athlete["id"]


def test_days_that_are_here_and_past_cost_nothing(strava: Simulator, source: ApiSource) -> None:
    everything = by_id(source.activities(None, None))
    before = len(strava.calls)
    spring = by_id(source.activities(date(2026, 3, 1), date(2026, 4, 30)))
    assert 0 < len(spring) < 60
    assert spring.items() <= everything.items()
    assert len(strava.calls) == before


def test_only_the_days_that_were_meant_are_asked_for(strava: Simulator, source: ApiSource) -> None:
    source.activities(date(2026, 3, 1), date(2026, 4, 30))
    first = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
    last = datetime(2026, 5, 1, tzinfo=UTC).timestamp()
    assert all(first - DAY < int(call["after"]) < first for call in asked(strava))
    assert all(last < int(call["before"]) < last + DAY for call in asked(strava))


def test_a_longer_span_asks_for_what_lacks(strava: Simulator, source: ApiSource) -> None:
    source.activities(date(2026, 3, 1), date(2026, 3, 31))
    before = len(strava.calls)
    longer = by_id(source.activities(date(2026, 1, 1), date(2026, 3, 31)))
    assert {int(call["before"]) for call in asked(strava, since=before)} == {
        int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()) - 14 * 3600
    }
    assert by_id(source.activities(date(2026, 1, 1), date(2026, 3, 31), refresh=True)) == longer


def test_a_new_one_an_edit_and_a_late_upload_are_seen_within_thirty_days(
    strava: Simulator, source: ApiSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulls, "RECENT", THIRTY_DAYS)
    first = source.activities(None, None)
    recent = first[0]["id"]
    strava.edit_activity(recent, name="Renamed")
    new = strava.add_activity(start=datetime.fromtimestamp(NOON - 3600, UTC))
    late = strava.add_activity(start=datetime.fromtimestamp(NOON - 29 * DAY, UTC), id=5)
    second = by_id(source.activities(None, None))
    assert second[recent]["name"] == "Renamed"
    assert second.keys() == by_id(first).keys() | {new.id, late.id}


def test_what_was_deleted_goes_with_refresh_and_stays_gone(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    first = source.activities(None, None)
    clock.now += 60
    old = first[-1]["id"]
    strava.delete_activity(old)
    assert old in by_id(source.activities(None, None))
    before = len(strava.calls)
    assert old not in by_id(source.activities(None, None, refresh=True))
    assert len(asked(strava, since=before)) == 5, "no page more than one at a time would have taken"
    assert old not in by_id(source.activities(None, None))


def test_what_was_deleted_of_the_recent_ones_goes_by_itself(strava: Simulator, source: ApiSource) -> None:
    first = source.activities(None, None)
    assert start_of(first[1]) or NOON - 30 * DAY < 0
    strava.delete_activity(first[1]["id"])
    assert by_id(source.activities(None, None)).keys() == by_id(first).keys() - {first[1]["id"]}


def test_after_seven_days_all_is_asked_for_again(strava: Simulator, source: ApiSource, clock: Clock) -> None:
    first = by_id(source.activities(None, None))
    clock.now += 7 * DAY + 1
    before = len(strava.calls)
    assert by_id(source.activities(None, None)) == first
    assert len(asked(strava, since=before)) >= 5
    cache = open_cache(strava.url, source.athlete["id"], clock=clock)
    assert (cache.oldest() or 0) >= clock.now


# --- without a network


def test_without_a_network_what_is_kept_is_given_with_its_age(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    first = by_id(source.activities(None, None))
    clock.now += 3 * 3600
    strava.stop()
    assert by_id(source.activities(None, None)) == first
    assert len(source.problems) == 1
    assert "no connection" in source.problems[0]
    assert "3 hours ago" in source.problems[0]
    assert by_id(source.activities(date(2026, 3, 1), None)).items() <= first.items()
    with pytest.raises(Unreachable):
        source.activities(None, None, refresh=True)


def test_without_a_network_half_of_it_is_not_given_for_the_whole(
    strava: Simulator, source: ApiSource
) -> None:
    source.activities(date(2026, 3, 1), None)
    strava.stop()
    with pytest.raises(Unreachable):
        source.activities(None, None)


def test_with_the_day_used_up_what_is_kept_is_given_too(strava: Simulator, source: ApiSource) -> None:
    first = by_id(source.activities(None, None))
    strava.faults.add("429_day")
    assert by_id(source.activities(None, None)) == first
    assert "today are used up" in source.problems[0]
    with pytest.raises(RateLimited):
        source.activities(None, None, refresh=True)


def test_problems_are_those_of_the_last_pull(strava: Simulator, source: ApiSource) -> None:
    source.activities(None, None)
    strava.faults.add("500", times=5)
    source.activities(None, None)
    assert source.problems
    source.activities(None, None)
    assert source.problems == []


# --- as a notebook sees it


def pulled(source: ApiSource) -> pd.DataFrame:
    return snb.get_activities(source, progress=False)


@pytest.mark.slow
def test_the_table_of_a_second_pull_is_that_of_the_first_but_for_what_changed(
    strava: Simulator, source: ApiSource
) -> None:
    first = pulled(source)
    edited = int(first["id"][3])
    fresh = strava.add_activity(name="The newest")
    strava.edit_activity(edited, name="Another name")
    before = len(strava.calls)
    second = pulled(source)
    assert len(strava.calls) - before <= 2
    assert list(second["id"]) == [fresh.id, *first["id"]]
    assert second.set_index("id").loc[edited, "name"] == "Another name"
    pd.testing.assert_frame_equal(pulled(source), second)


def test_without_a_network_one_warning_tells_the_age(
    strava: Simulator, source: ApiSource, clock: Clock
) -> None:
    whole = pulled(source)
    clock.now += 2 * DAY
    strava.faults.add("cut_connection", times=None)
    with pytest.warns(StravaNbWarning, match="2 days ago"):
        pd.testing.assert_frame_equal(pulled(source), whole)
    strava.faults.clear()
    assert pulled(source).attrs.get("problems", []) == []


def test_a_sign_in_revoked_in_between_shows_nothing_of_what_was_kept(
    strava: Simulator, source: ApiSource, own_home: Path
) -> None:
    pulled(source)
    assert list((own_home / "cache").glob("*.sqlite"))
    strava.revoke_all()
    with pytest.raises(SignInRefused):
        pulled(source)
    assert not list((own_home / "cache").glob("*.sqlite"))


def test_a_cache_that_cannot_be_is_said_in_one_warning_and_done_without(
    enter: Open, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "_memories", {})
    (own_home / "cache").write_bytes(b"in the way")
    for _ in range(2):
        with pytest.warns(StravaNbWarning, match="kept in this kernel's memory only"):
            table = pulled(enter())
        assert list(table["id"])[::-1] == sorted(table["id"])
