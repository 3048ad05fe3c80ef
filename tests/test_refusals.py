"""Refusals: which words of Strava's mean which error, and until when calls are used up."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from strava_nb.errors import (
    ApiError,
    AthleteLimit,
    NotFound,
    RateLimited,
    ScopeMissing,
    SignInRefused,
    StravaNbError,
    SubscriptionNeeded,
    Unreachable,
)
from strava_nb.signin.refusals import parse, refusal, window_end

REAL = Path(__file__).parents[2] / "shared" / "real" / "api"
NOON = datetime(2026, 6, 15, 12, 7, 30, tzinfo=UTC)


def errors(resource: str, field: str, code: str, message: str = "Bad Request") -> str:
    return json.dumps({"message": message, "errors": [{"resource": resource, "field": field, "code": code}]})


INACTIVE = errors("Application", "Status", "Inactive", "Forbidden")
NO_ACTIVITIES = errors("AccessToken", "activity:read_permission", "missing", "Authorization Error")
NO_ZONES = errors("AccessToken", "profile:read_all_permission", "missing", "Authorization Error")
OLD_429 = '{"errors":"Rate Limit Exceeded","status":429,"message":"Too Many Requests"}'
HTML = "<html><body>502 Bad Gateway</body></html>"


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (403, INACTIVE, SubscriptionNeeded, "reactivates it at https://www.strava.com/settings/api"),
        (403, "Limit of connected athletes exceeded", AthleteLimit, "as many athletes"),
        (403, '{"message":"Limit of connected athletes exceeded","errors":[]}', AthleteLimit, "Its owner"),
        (403, "{}", ApiError, "403"),
        (401, NO_ACTIVITIES, ScopeMissing, "settings page .* can never read activities"),
        (401, NO_ZONES, ScopeMissing, "zones"),
        (401, errors("Athlete", "access_token", "invalid"), SignInRefused, "Sign in again"),
        (401, "", SignInRefused, "Sign in again"),
        (401, errors("Application", "", "invalid"), SignInRefused, "client secret"),
        (400, errors("Application", "client_id", "invalid"), SignInRefused, "client id"),
        (400, errors("Application", "redirect_uri", "invalid"), SignInRefused, "localhost"),
        (400, errors("AuthorizationCode", "code", "invalid"), SignInRefused, "used already"),
        (400, errors("RefreshToken", "refresh_token", "invalid"), SignInRefused, "revoked or replaced"),
        (400, errors("Application", "after", "future"), ApiError, "400"),
        (400, '{"errors": "words"}', ApiError, "400"),
        (400, '{"errors": [3, null, {"code": null}]}', ApiError, "400"),
        (400, "[]", ApiError, "400"),
        (404, "", NotFound, "not yours"),
        (404, errors("Activity", "id", "invalid"), NotFound, "not yours"),
        (429, OLD_429, RateLimited, "15 minutes"),
        (500, '{"message":"error"}', Unreachable, "500"),
        (502, HTML, Unreachable, "502"),
    ],
)
def test_each_refusal_becomes_its_error(status: int, body: str, kind: type[StravaNbError], says: str) -> None:
    for form in (body, body.encode()):
        error = refusal(status, form)
        assert type(error) is kind
        assert error.status == status
        with pytest.raises(kind, match=says):
            raise error
        assert error.to_do


def test_a_missing_scope_is_named() -> None:
    error = refusal(401, NO_ACTIVITIES)
    assert isinstance(error, ScopeMissing)
    assert error.scope == "activity:read"


@examples(max_examples=40)
@given(st.integers(300, 599), st.binary() | st.text())
def test_any_body_at_all_is_some_error_of_ours(status: int, body: bytes | str) -> None:
    assert refusal(status, body).status == status


@examples(max_examples=40)
@given(st.integers(300, 599), st.recursive(st.none() | st.text(), lambda inner: st.lists(inner) | inner))
def test_any_errors_field_is_some_error_of_ours(status: int, inside: object) -> None:
    assert refusal(status, json.dumps({"errors": inside})).status == status


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dblock_activity_with_ratelimit_exceeded.429.json", RateLimited),
        ("dblock_authorization_error.401.json", SignInRefused),
        ("dblock_not_found_error.404.json", NotFound),
        ("issue_403_inactive.403.json", SubscriptionNeeded),
    ],
)
def test_recorded_refusals_become_their_errors(name: str, kind: type[StravaNbError]) -> None:
    if not (REAL / name).exists():
        pytest.skip(f"the recorded answer {name} is not here")
    assert type(refusal(int(name.split(".")[-2]), (REAL / name).read_bytes())) is kind


# --- until when


QUARTER = datetime(2026, 6, 15, 12, 15, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({}, QUARTER),
        ({"X-RateLimit-Limit": "200,2000", "X-RateLimit-Usage": "201,900"}, QUARTER),
        ({"X-RateLimit-Limit": "200,2000", "X-RateLimit-Usage": "9,2000"}, MIDNIGHT),
        ({"x-readratelimit-limit": "100, 1000", "x-readratelimit-usage": "1, 1001"}, MIDNIGHT),
        ({"X-RateLimit-Limit": "", "X-RateLimit-Usage": "1"}, QUARTER),
        ({"X-ReadRateLimit-Usage": "1,1000"}, QUARTER),
    ],
)
def test_calls_are_counted_anew_at_the_quarter_or_at_midnight(
    headers: dict[str, str], until: datetime
) -> None:
    error = refusal(429, OLD_429, headers, now=NOON)
    assert error.retry_at == until
    assert f"{until:%H:%M} UTC" in str(error)


@pytest.mark.parametrize(("minute", "hour_end"), [(0, 15), (14, 15), (15, 30), (45, 60), (59, 60)])
def test_a_quarter_ends_after_it_began(minute: int, hour_end: int) -> None:
    now = datetime(2026, 12, 31, 23, minute, 59, 999999, tzinfo=UTC)
    assert window_end({}, now) == datetime(2026, 12, 31, 23, tzinfo=UTC) + timedelta(minutes=hour_end)


@pytest.mark.parametrize("body", ["", "{", "<html>", '{"a": 1', b"\xff\xfe\xff"])
def test_a_success_that_is_no_json_is_unreachable(body: str | bytes) -> None:
    with pytest.raises(Unreachable) as caught:
        parse(body)
    assert caught.value.__context__ is None
