"""The API door: local days, pages, refusals, and no secret anywhere."""

from __future__ import annotations

import logging
import pickle
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loguru import logger

from strava_nb.errors import (
    AthleteLimit,
    NotFound,
    RateLimited,
    ScopeMissing,
    SignInNeeded,
    SignInRefused,
    StravaNbError,
    SubscriptionNeeded,
    Unreachable,
)
from strava_nb.simulator import Simulator
from strava_nb.sources import api
from strava_nb.sources.api import ApiSource, _wanted, _window, open_api
from strava_nb.sources.listing import EVER
from strava_nb.sources.source import Progress, Source

NOON = datetime(2026, 6, 15, 12, 7, 30, tzinfo=UTC)

Open = Callable[..., ApiSource]


@pytest.fixture
def enter(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> Open:
    """`open_api` at this test's own Strava."""
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    return open_api


@pytest.fixture
def source(strava: Simulator, enter: Open) -> ApiSource:
    grant = strava.grant()
    return enter(
        strava.client_id,
        strava.client_secret,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
    )


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """All that is logged meanwhile, at any level, by logging and by loguru."""
    heard: list[str] = []
    handler: Any = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())
    caplog.set_level(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    sink = logger.add(heard.append, level=0)
    yield heard
    logger.remove(sink)
    logging.getLogger().removeHandler(handler)


def paths(strava: Simulator) -> list[str]:
    return [call.path.removeprefix("/api/v3") for call in strava.calls]


# --- which local days


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "America/St_Johns"])
def test_what_began_around_midnight_in_a_far_zone_is_asked_for(zone: str) -> None:
    day = date(2026, 3, 8)
    span = _wanted(day, day, NOON.timestamp())
    assert span is not None
    window = _window(span, NOON.timestamp())
    first = datetime(2026, 3, 8, tzinfo=ZoneInfo(zone)).timestamp()
    last = datetime(2026, 3, 8, 23, 59, 59, tzinfo=ZoneInfo(zone)).timestamp()
    assert window["after"] < first < last < window["before"]


def test_an_open_end_is_asked_for_so_that_the_newest_come_first() -> None:
    """With `after` alone Strava gives the oldest first."""
    day = date(2026, 3, 8)
    now = NOON.timestamp()

    def asked(start: date | None, end: date | None) -> dict[str, int]:
        span = _wanted(start, end, now)
        assert span is not None
        return _window(span, now)

    assert asked(None, None) == {}
    assert asked(day, None).keys() == {"after", "before"}
    assert asked(day, None)["before"] > now + 30 * 86400
    assert asked(None, day).keys() == {"before"}
    assert asked(date.min, date.max).keys() == {"before"}
    assert _wanted(None, None, now) == (-EVER, EVER)


def test_tomorrow_somewhere_is_asked_for_and_the_day_after_is_not() -> None:
    """At noon UTC it is tomorrow already on Kiritimati."""
    now = datetime(2026, 6, 15, 12, tzinfo=UTC).timestamp()
    assert _wanted(date(2026, 6, 16), None, now) is not None
    assert _wanted(date(2026, 6, 17), None, now) is None
    assert _wanted(None, date(1950, 1, 1), now) is None


@given(st.dates(), st.dates(), st.dates())
def test_what_is_asked_for_is_never_in_the_future(start: date, end: date, today: date) -> None:
    now = (today - date(1970, 1, 1)).days * 86400.0
    span = _wanted(start, end, now)
    assert span is None or 0 <= _window(span, now).get("after", 0) <= max(now, 0)


def test_a_start_in_the_future_is_no_call_and_no_rows(strava: Simulator, source: ApiSource) -> None:
    assert source.activities(date.today() + timedelta(days=3), None) == []
    assert strava.calls == []


def test_every_activity_of_a_span_comes_once(strava: Simulator, source: ApiSource) -> None:
    everything = source.activities(None, None)
    days = sorted(str(record["start_date_local"])[:10] for record in everything)
    start, end = date.fromisoformat(days[10]), date.fromisoformat(days[40])
    wanted = {r["id"] for r in everything if str(start) <= r["start_date_local"][:10] <= str(end)}
    pulled = [record["id"] for record in source.activities(start, end)]
    assert len(everything) == 60
    assert len(set(pulled)) == len(pulled)
    assert wanted <= set(pulled)
    assert len(pulled) < 60


# --- pages


@pytest.fixture
def pages_of_20(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pages from a small Strava."""
    monkeypatch.setattr(api, "PER_PAGE", 20)


def test_pages_are_as_large_as_strava_gives_and_go_on_until_an_empty_one(
    strava: Simulator, source: ApiSource
) -> None:
    source.activities(None, None)
    asked = [call.query for call in strava.calls]
    assert asked[0] == {"page": "1", "per_page": "200"}
    assert {"page": "2", "per_page": "199"} in asked, "which begins with the last of the first page"
    assert len(asked) == 4


@pytest.mark.usefixtures("pages_of_20")
def test_a_short_page_is_not_the_end(strava: Simulator, source: ApiSource) -> None:
    strava.faults.add("short_page", times=2)
    told: list[Progress] = []
    assert len(source.activities(None, None, tell=told.append)) == 60
    assert [step.done for step in told][-1] == 60
    assert {(step.what, step.total) for step in told} == {("activities", None)}


# --- the rest of what a source offers


def test_it_is_a_source_with_the_athlete_asked_for_once(strava: Simulator, source: ApiSource) -> None:
    door: Source = source
    assert door.name == "api"
    assert door.athlete is door.athlete
    assert paths(strava) == ["/athlete"]


def test_streams_detail_laps_zones_and_gear_come_as_strava_has_them(
    strava: Simulator, source: ApiSource
) -> None:
    record = next(r for r in source.activities(None, None) if not r["manual"] and r["start_latlng"])
    streams = source.streams(record["id"])
    assert isinstance(streams, dict)
    assert {"time", "latlng", "distance"} <= streams.keys()
    assert source.detail(record["id"])["id"] == record["id"]
    assert source.laps(record["id"])
    assert "heart_rate" in source.zones()
    bikes = source.athlete["bikes"]
    assert source.gear(bikes[0]["id"])["id"] == bikes[0]["id"]
    asked = next(call for call in strava.calls if call.path.endswith("/streams"))
    assert asked.query["key_by_type"] == "true"
    assert asked.query["keys"].split(",")[:3] == ["time", "distance", "latlng"]


def test_an_activity_without_streams_has_none(strava: Simulator, source: ApiSource) -> None:
    typed_in = strava.add_activity(manual=True, start_latlng=None, end_latlng=None, polyline="")
    assert source.streams(typed_in.id) is None
    strava.faults.add("empty_404", path="/activities/*/streams")
    assert source.streams(source.activities(None, None)[0]["id"]) is None


def test_an_id_out_of_a_table_is_an_id(strava: Simulator, source: ApiSource) -> None:
    """pandas gives NumPy's numbers, which neither stravaio nor SQLite knows."""
    one: Any = np.int64(source.activities(None, None)[0]["id"])
    assert source.detail(one)["id"] == one
    assert source.streams(one)
    assert source.laps(one)
    assert source.at_hand([one]) == source.at_hand([one], "detail") == {int(one)}
    assert source.cost([one]).endswith("no calls")
    assert source._keeping.problem == ""


def test_an_unknown_activity_is_not_found(source: ApiSource) -> None:
    with pytest.raises(NotFound):
        source.detail(1)


def test_the_client_is_stravaio_signed_in(strava: Simulator, source: ApiSource) -> None:
    import stravaio

    assert isinstance(source.client, stravaio.StravaIO)
    assert source.client is source.client
    assert source.client.configuration.access_token
    strava.expire_tokens()
    _ = source.athlete  # asked for so that the token is renewed
    assert source.client.athletes_api.get_logged_in_athlete().id == source.athlete["id"]


def test_two_sources_share_neither_address_nor_token(source: ApiSource, enter: Open) -> None:
    other = enter(access_token="another")
    assert other.client.configuration.access_token == "another"
    assert source.client.configuration.access_token != "another"
    assert other.client.configuration is not source.client.configuration


def test_eight_threads_share_a_source_and_one_refresh(strava: Simulator, source: ApiSource) -> None:
    ids = [record["id"] for record in source.activities(None, None)][:24]
    strava.expire_tokens()
    with ThreadPoolExecutor(8) as pool:
        assert [detail["id"] for detail in pool.map(source.detail, ids)] == ids
    assert paths(strava).count("/oauth/token") == 1


# --- signing in


def test_nothing_to_sign_in_with_names_three_ways_on() -> None:
    with pytest.raises(SignInNeeded) as caught:
        open_api()
    for way in ("snb.login()", "export", "snb.open_demo()"):
        assert way in caught.value.to_do


def test_a_refresh_token_without_its_application_says_what_lacks(enter: Open) -> None:
    with pytest.raises(SignInNeeded, match="client id"):
        enter(refresh_token="r")
    with pytest.raises(SignInNeeded, match="client id"):
        enter(17, refresh_token="r")


def test_opening_asks_nothing_of_strava(strava: Simulator, source: ApiSource) -> None:
    assert source.name == "api"
    assert source.scopes is None
    assert strava.calls == []


def test_the_environment_fills_in_what_is_not_given(
    strava: Simulator, enter: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_CLIENT_ID", strava.client_id)
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.client_secret)
    monkeypatch.setenv("STRAVA_REFRESH_TOKEN", strava.grant().refresh_token)
    assert enter().athlete["id"]
    assert enter(refresh_token=strava.grant().refresh_token).athlete["id"]


def test_the_variable_keeps_working_after_its_token_was_rotated(strava: Simulator, enter: Open) -> None:
    token = strava.grant().refresh_token
    for _ in range(3):
        door = enter(int(strava.client_id), strava.client_secret, refresh_token=token)
        assert door.athlete["id"]
        strava.expire_tokens()
    assert [call.status for call in strava.calls if call.path == "/oauth/token"] == [200] * 3


def test_a_token_given_is_never_paired_with_one_of_the_environment(
    strava: Simulator, enter: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_REFRESH_TOKEN", strava.grant().refresh_token)
    door = enter(strava.client_id, strava.client_secret, access_token="somebody-elses")
    with pytest.raises(SignInRefused):
        _ = door.athlete
    assert "/oauth/token" not in paths(strava)


def test_a_token_of_the_settings_page_is_told_what_it_is(strava: Simulator, enter: Open) -> None:
    door = enter(access_token=strava.grant("read").access_token)
    assert door.athlete
    with pytest.raises(ScopeMissing, match="settings page") as caught:
        door.activities(None, None)
    assert caught.value.scope == "activity:read"
    assert paths(strava) == ["/athlete"] + ["/athlete/activities"] * 4


@pytest.mark.parametrize("token", ["two words", "a\nb", "tökén", "a\x00b"])
def test_what_cannot_be_a_token_is_refused_without_being_repeated(enter: Open, token: str) -> None:
    with pytest.raises(SignInRefused) as caught:
        enter(access_token=token)
    assert token not in str(caught.value)


def test_a_token_copied_with_blanks_and_quotes_works(strava: Simulator, enter: Open) -> None:
    assert enter(access_token=f' "{strava.access_token}"\n').athlete


# --- what goes wrong on the way


def test_a_token_that_ended_is_renewed_once_and_the_call_repeated(
    strava: Simulator, source: ApiSource
) -> None:
    strava.faults.add("expired_token")
    assert len(source.activities(None, None)) == 60
    assert paths(strava)[:3] == ["/athlete/activities", "/oauth/token", "/athlete/activities"]
    assert paths(strava).count("/oauth/token") == 1


def test_an_access_token_alone_that_ended_is_a_refusal(strava: Simulator, enter: Open) -> None:
    door = enter(access_token=strava.grant().access_token)
    assert door.activities(None, None)
    strava.expire_tokens()
    with pytest.raises(SignInRefused, match="six hours"):
        door.activities(None, None)


def test_a_sign_in_revoked_meanwhile_is_a_refusal(strava: Simulator, source: ApiSource) -> None:
    strava.revoke_all()
    with pytest.raises(SignInRefused, match="revoked"):
        source.activities(None, None)


@pytest.mark.parametrize(
    ("fault", "kind", "calls"),
    [
        ("429_day", RateLimited, 1),
        ("500", Unreachable, 5),
        ("html502", Unreachable, 5),
        ("html200", Unreachable, 5),
        ("cut_connection", Unreachable, 5),
        ("cut_body", Unreachable, 5),
        ("inactive", SubscriptionNeeded, 1),
        ("athlete_limit", AthleteLimit, 1),
        ("empty_404", NotFound, 1),
    ],
)
def test_each_fault_that_stays_is_one_error_without_secrets(
    strava: Simulator,
    source: ApiSource,
    *,
    fault: str,
    kind: type[StravaNbError],
    calls: int,
    said: list[str],
) -> None:
    """What failed on the way is tried again four times, a refusal never."""
    token = source.client.configuration.access_token
    strava.faults.add(fault, times=None)
    with pytest.raises(kind) as caught:
        source.gear("b1")
    error = caught.value
    assert error.__context__ is None
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    said += [*traceback.format_exception(error), repr(error), repr(error.facts), str(pickle.dumps(error))]
    said += [repr(source), repr(vars(source)), repr(source.client.configuration)]
    assert token
    assert not [text for text in said if token in text or strava.client_secret in text]
    assert len(strava.calls) == calls
    for frame, _ in traceback.walk_tb(error.__traceback__):
        kept = [value for name, value in frame.f_locals.items() if frame.f_code.co_filename != __file__]
        assert not [value for value in kept if isinstance(value, str) and token in value]


def test_an_answer_that_does_not_come_is_waited_for_only_so_long(
    strava: Simulator, source: ApiSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "TIMEOUT", (5, 0.05))
    strava.faults.add("slow", times=5, seconds=60)
    with pytest.raises(Unreachable, match="in time"):
        source.activities(None, None)
    assert strava.faults.waiting() == [], "and asked for again, four times"


def test_a_day_used_up_is_over_at_midnight(strava: Simulator, source: ApiSource) -> None:
    strava.faults.add("429_day")
    with pytest.raises(RateLimited, match=r"today|15 minutes") as caught:
        source.activities(None, None)
    until = caught.value.retry_at
    assert until is not None
    assert (until.hour, until.minute, until.tzinfo) == (0, 0, UTC)


def test_an_address_where_nobody_listens_is_unreachable_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("STRAVA_NB_URL", f"http://127.0.0.1:{probe.getsockname()[1]}")
        door = open_api(access_token="some-access-token")
        before = time.monotonic()
        with pytest.raises(Unreachable, match="no connection") as caught:
            door.activities(None, None)
        assert time.monotonic() - before < 3
    assert caught.value.__context__ is None
    assert "some-access-token" not in caplog.text + str(caught.value)
