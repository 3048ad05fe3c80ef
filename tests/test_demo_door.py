"""The demo door: an athlete for everyone, apart from whoever is signed in."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from strava_nb.sources.demo import open_demo
from strava_nb.sources.source import Source

TODAY = date(2026, 6, 15)


def test_the_demo_athlete_is_there_without_an_account_and_in_no_time() -> None:
    before = time.perf_counter()
    source: Source = open_demo(seed=4, today=TODAY)
    records = source.activities(None, None)
    took = time.perf_counter() - before
    assert source.name == "demo"
    assert 600 < len(records) < 800
    assert took < 10  # About half a second; the bound only catches a change of kind.


def test_the_same_seed_and_day_are_the_same_athlete_at_one_server() -> None:
    one, same = open_demo(today=TODAY), open_demo(today=TODAY)
    other = open_demo(seed=1, today=TODAY)
    assert one.activities(None, None) == same.activities(None, None)
    assert one.activities(None, None) != other.activities(None, None)
    assert one.client.configuration.host == same.client.configuration.host
    assert one.client.configuration.host != other.client.configuration.host


def test_many_threads_start_one_demo() -> None:
    hosts: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: hosts.append(open_demo(seed=5, today=TODAY).client.configuration.host)
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(hosts) == 4
    assert len(set(hosts)) == 1


@pytest.mark.parametrize("today", [date(2019, 3, 1), date(2035, 3, 1)])
def test_a_pinned_day_is_today_for_the_demo(today: date) -> None:
    source = open_demo(today=today)
    week = source.activities(today - timedelta(days=30), today)
    assert week
    assert max(record["start_date_local"][:10] for record in week) < str(today)
    assert source.activities(today + timedelta(days=3), None) == []


def test_it_ends_yesterday_unless_told_otherwise() -> None:
    newest = max(record["start_date_local"][:10] for record in open_demo().activities(None, None))
    assert date.today() - timedelta(days=8) < date.fromisoformat(newest) <= date.today()


def test_it_ignores_the_environment_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    monkeypatch.setenv("STRAVA_NB_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", "mine")
    monkeypatch.setenv("STRAVA_REFRESH_TOKEN", "mine-too")
    source = open_demo(today=TODAY)
    assert source.athlete["id"]
    assert source.client.configuration.access_token != "mine"
    assert list(own_home.iterdir()) == []


def test_its_client_and_scopes_are_there() -> None:
    source = open_demo(today=TODAY)
    assert source.client.athletes_api.get_logged_in_athlete().id == source.athlete["id"]
    assert source.scopes is not None
    assert "activity:read_all" in source.scopes
