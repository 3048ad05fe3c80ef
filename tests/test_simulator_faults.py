"""What can go wrong at the simulated Strava when asked to, and what changes there meanwhile."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from asking import (
    TODAY,
    Got,
    api,
    everything,
    refresh,
    usage,
)

from strava_nb.simulator import Simulator
from strava_nb.simulator.faults import KINDS


@pytest.fixture
def strava() -> Iterator[Simulator]:
    with Simulator(today=TODAY, activities=40) as server:
        yield server


# --- faults


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        ("429", 429, "Rate Limit Exceeded"),
        ("429_day", 429, "Rate Limit Exceeded"),
        ("429_old", 429, "Too Many Requests"),
        ("500", 500, "Internal Server Error"),
        ("inactive", 403, "Forbidden"),
        ("athlete_limit", 403, "Limit of connected athletes exceeded"),
    ],
)
def test_a_fault_answers_the_next_call_and_is_over(
    strava: Simulator, kind: str, status: int, message: str
) -> None:
    strava.faults.add(kind)
    got = api(strava, "/athlete")
    assert (got.status, got.json["message"]) == (status, message)
    assert api(strava, "/athlete").status == 200


def test_an_inactive_application_is_named_as_such(strava: Simulator) -> None:
    strava.faults.add("inactive", times=None)
    for _ in range(3):
        assert api(strava, "/athlete").error == ("Application", "Status", "Inactive")
    assert refresh(strava, strava.refresh_token).status == 200
    strava.faults.clear()
    assert api(strava, "/athlete").status == 200


def test_a_429_shows_in_the_headers_which_window_is_used_up(strava: Simulator) -> None:
    def left(got: Got) -> list[bool]:
        limit, used = (list(map(int, usage(got)[n].split(","))) for n in (2, 3))
        return [u < most for u, most in zip(used, limit, strict=True)]

    strava.faults.add("429")
    assert left(api(strava, "/athlete")) == [False, True]
    strava.faults.add("429_day")
    assert left(api(strava, "/athlete")) == [False, False]
    strava.faults.add("429_old")
    old = api(strava, "/athlete")
    assert old.json["errors"] == "Rate Limit Exceeded"
    assert "X-RateLimit-Limit" not in old.headers


def test_html_comes_where_json_was_meant(strava: Simulator) -> None:
    for kind, status in (("html502", 502), ("html200", 200)):
        strava.faults.add(kind)
        got = api(strava, "/athlete")
        assert (got.status, got.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
        with pytest.raises(ValueError, match="Expecting value"):
            _ = got.json


def test_an_empty_404_is_empty(strava: Simulator) -> None:
    strava.faults.add("empty_404")
    got = api(strava, "/athlete")
    assert (got.status, got.body) == (404, b"")


def test_a_cut_connection_gives_no_answer(strava: Simulator) -> None:
    strava.faults.add("cut_connection")
    with pytest.raises(http.client.RemoteDisconnected):
        api(strava, "/athlete")
    assert strava.calls[-1].status == 0


def test_a_cut_body_ends_before_its_length(strava: Simulator) -> None:
    strava.faults.add("cut_body")
    with pytest.raises(http.client.IncompleteRead):
        api(strava, "/athlete/activities")


def test_a_slow_answer_comes_at_last(strava: Simulator) -> None:
    strava.faults.add("slow", seconds=0.01)
    assert api(strava, "/athlete").status == 200


def test_stopping_does_not_wait_for_slow_answers() -> None:
    strava = Simulator(today=TODAY, activities=5).start()
    strava.faults.add("slow", seconds=3600)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(api, strava, "/athlete")
        while strava.faults.waiting():
            pass
        strava.stop()
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            waiting.result(timeout=30)


def test_an_expired_token_stays_expired_until_refreshed(strava: Simulator) -> None:
    strava.faults.add("expired_token")
    for _ in range(2):
        got = api(strava, "/athlete")
        assert (got.status, got.error) == (401, ("Athlete", "access_token", "invalid"))
    renewed = refresh(strava, strava.refresh_token).json["access_token"]
    assert api(strava, "/athlete", renewed).status == 200


def test_limit_headers_can_be_missing_or_small(strava: Simulator) -> None:
    strava.faults.add("no_limit_headers")
    assert "X-RateLimit-Limit" not in api(strava, "/athlete").headers
    strava.faults.add("lower_case_headers")
    assert "x-readratelimit-usage" in api(strava, "/athlete").headers


def test_a_short_page_loses_nothing(strava: Simulator) -> None:
    whole = api(strava, "/athlete/activities", per_page=200).json
    strava.faults.add("short_page", times=2)
    pages = [api(strava, "/athlete/activities", per_page=10, page=n).json for n in range(1, 7)]
    assert [len(page) for page in pages] == [5, 5, 10, 10, 10, 0]
    assert [r for page in pages for r in page] == whole


def test_a_fault_can_wait_for_one_address(strava: Simulator) -> None:
    strava.faults.add("500", path="/activities/*/laps")
    strava.faults.add("html502", path="/oauth/token")
    assert api(strava, "/athlete").status == 200
    assert api(strava, "/activities/1/laps").status == 500
    assert refresh(strava, strava.refresh_token).status == 502
    assert refresh(strava, strava.refresh_token).status == 200


def test_faults_leave_signing_in_alone_unless_named(strava: Simulator) -> None:
    strava.faults.add("500")
    assert refresh(strava, strava.refresh_token).status == 200
    assert api(strava, "/athlete").status == 500


def test_an_unknown_fault_is_refused_with_the_known_ones(strava: Simulator) -> None:
    with pytest.raises(ValueError, match="There is no fault 'typo'") as refused:
        strava.faults.add("typo")
    assert all(kind in str(refused.value) for kind in KINDS)


def test_faults_can_be_asked_for_over_http(strava: Simulator) -> None:
    def steer(method: str, body: str | None = None) -> Any:
        connection = http.client.HTTPConnection(urlsplit(strava.url).netloc, timeout=30)
        try:
            connection.request(method, "/simulator/faults", body)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    status, waiting = steer("POST", '{"kind": "429", "times": 2}')
    assert (status, waiting) == (200, [{"kind": "429", "times": 2, "path": None}])
    assert api(strava, "/athlete").status == 429
    assert steer("GET")[1][0]["times"] == 1
    assert steer("DELETE") == (200, [])
    assert api(strava, "/athlete").status == 200
    assert steer("POST", '{"kind": "typo"}')[0] == 400
    assert steer("POST", '{"kund": "429"}')[0] == 400
    assert steer("POST", "nonsense")[0] == 400


# --- what happens meanwhile


def test_a_new_activity_shifts_the_pages(strava: Simulator) -> None:
    first = api(strava, "/athlete/activities", per_page=10).json
    added = strava.add_activity(name="Just now")
    second = api(strava, "/athlete/activities", per_page=10, page=2).json
    assert second[0] == first[-1]
    newest = api(strava, "/athlete/activities", per_page=1).json[0]
    assert (newest["id"], newest["name"]) == (added.id, "Just now")
    assert api(strava, f"/activities/{added.id}").status == 200


def test_an_edit_shows_everywhere(strava: Simulator) -> None:
    listed = api(strava, "/athlete/activities").json[0]
    api(strava, f"/activities/{listed['id']}")
    strava.edit_activity(listed["id"], name="Renamed", private=True)
    assert api(strava, "/athlete/activities").json[0]["name"] == "Renamed"
    assert api(strava, f"/activities/{listed['id']}").json["visibility"] == "only_me"
    assert len(everything(strava)) == 40


def test_a_deleted_activity_is_gone(strava: Simulator) -> None:
    listed = api(strava, "/athlete/activities").json[0]["id"]
    strava.delete_activity(listed)
    assert len(everything(strava)) == 39
    assert api(strava, f"/activities/{listed}").status == 404
    assert strava.athlete is not None
    assert listed not in [a.id for a in strava.athlete.activities]
