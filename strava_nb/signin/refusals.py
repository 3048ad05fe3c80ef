"""Strava's refusals as our errors.

A file of its own because API answers and sign-in answers are refused in the same shapes, and pure, so
that each shape can be tested as text. A body may be a list of errors, a string, empty or a web page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ..errors import (
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
from ..settings import API_SETTINGS_PAGE

_PERMISSIONS = {
    "read": "see your public profile",
    "activity:read": "read your activities",
    "activity:read_all": "read the activities that only you can see",
    "profile:read": "read your zones, FTP, weight and gear",
    "profile:read_all": "read your zones, FTP, weight and gear",
}

_SIGN_IN_PROBLEMS = {
    ("application", "redirect_uri"): (
        "Strava refused the address that it should send you back to.",
        f"Enter localhost as the Authorization Callback Domain at {API_SETTINGS_PAGE}.",
    ),
    ("authorizationcode", "code"): (
        "The code of this sign-in has been used already, or is too old.",
        "Press Connect again and use the new address.",
    ),
    ("refreshtoken", "refresh_token"): (
        "Strava does not accept this refresh token any more: it was revoked or replaced.",
        "Sign in again with snb.login(), or set STRAVA_REFRESH_TOKEN to a new one.",
    ),
    ("athlete", "access_token"): (
        "Strava does not accept this sign-in any more.",
        "Sign in again with snb.login().",
    ),
    **dict.fromkeys(
        [("application", field) for field in ("client_id", "client_secret", "")],
        (
            "Strava does not know this client id with this client secret.",
            f"Copy both anew from {API_SETTINGS_PAGE}.",
        ),
    ),
}


def refusal(
    status: int,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    now: datetime | None = None,
) -> StravaNbError:
    """The error, ready to be raised, that an answer of Strava's without success means."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""
    if status == 429:
        return _rate_limited(headers or {}, now or datetime.now(UTC))
    kind, what, to_do, facts = _meaning(status, text)
    return kind(what, to_do, status=status, **facts)


_Meaning = tuple[type[StravaNbError], str, str, dict[str, Any]]


def _meaning(status: int, text: str) -> _Meaning:
    if status >= 500:
        what = f"Strava has a problem of its own (status {status})."
        return Unreachable, what, "Try again in a few minutes.", {}
    if status == 404:
        return NotFound, "Strava has no such thing, or it is not yours to see.", "Check the id.", {}
    for resource, field, code in _problems(text):
        if found := _meaning_of_problem(status, resource, field, code):
            return found
    if "limit of connected athletes" in text.lower():
        return (
            AthleteLimit,
            "This API application already serves as many athletes as it may.",
            f"Its owner can raise the number at {API_SETTINGS_PAGE}; or make an application of your own.",
            {},
        )
    if status == 401:
        return SignInRefused, *_SIGN_IN_PROBLEMS["athlete", "access_token"], {}
    what = f"Strava refused the request (status {status})."
    return ApiError, what, "Try again; if it stays so, report it with this number.", {}


def _meaning_of_problem(status: int, resource: str, field: str, code: str) -> _Meaning | None:
    if code == "inactive":
        return (
            SubscriptionNeeded,
            "Strava has switched this API application off: its owner has no Strava subscription.",
            f"Its owner subscribes, then reactivates it at {API_SETTINGS_PAGE}; "
            "or use your free Strava export, which needs no subscription.",
            {},
        )
    if code == "missing" and (scope := re.fullmatch(r"([a-z_]+(?::[a-z_]+)?)_permission", field)):
        allowed = _PERMISSIONS.get(scope[1], "do this")
        return (
            ScopeMissing,
            f"This sign-in may not {allowed}: the permission {scope[1]} was not granted.",
            "Sign in again and leave its box ticked; "
            "the access token shown on Strava's settings page has read alone and can never read activities.",
            {"scope": scope[1]},
        )
    if status in (400, 401) and code == "invalid" and (resource, field) in _SIGN_IN_PROBLEMS:
        return SignInRefused, *_SIGN_IN_PROBLEMS[resource, field], {"refused": field}
    return None


def parse(body: bytes | str) -> Any:
    """The JSON of a successful answer; Unreachable where it is cut, or a web page."""
    try:
        return json.loads(body)
    except ValueError:
        pass  # Raised below, outside: a decoding error carries the whole body, tokens and all.
    raise Unreachable(
        "Strava's answer could not be read: it was cut off, or came from something in between.",
        "Try again; on a hotel's or a company's network, check that a browser can open Strava.",
    )


def window_end(headers: Mapping[str, str], now: datetime) -> datetime:
    """When calls are counted anew: at the next quarter of an hour, or midnight UTC if the day is used up."""
    now = now.astimezone(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0)
    if _day_is_used_up(headers):
        return hour.replace(hour=0) + timedelta(days=1)
    return hour + timedelta(minutes=now.minute // 15 * 15 + 15)


def _rate_limited(headers: Mapping[str, str], now: datetime) -> RateLimited:
    until = window_end(headers, now)
    day = until - now > timedelta(minutes=15)
    return RateLimited(
        "Strava's calls for today are used up."
        if day
        else "Strava's calls for these 15 minutes are used up.",
        f"Run this again after {until:%H:%M} UTC{f' on {until:%Y-%m-%d}' if day else ''}.",
        status=429,
        retry_at=until,
    )


def _day_is_used_up(headers: Mapping[str, str]) -> bool:
    """Whether either of the two daily counts (all calls, reads) has reached its limit."""
    known = {name.lower(): value for name, value in headers.items()}
    for kind in ("x-ratelimit", "x-readratelimit"):
        limit = re.fullmatch(r"\s*\d+\s*,\s*(\d+)\s*", known.get(f"{kind}-limit", ""))
        usage = re.fullmatch(r"\s*\d+\s*,\s*(\d+)\s*", known.get(f"{kind}-usage", ""))
        if limit and usage and int(usage[1]) >= int(limit[1]):
            return True
    return False


def _problems(text: str) -> list[tuple[str, str, str]]:
    """The (resource, field, code) of each error in a body, in small letters; none if it has no such list."""
    try:
        answer = json.loads(text)
    except ValueError:
        return []
    errors = answer.get("errors") if isinstance(answer, dict) else None
    return [
        (_lower(error, "resource"), _lower(error, "field"), _lower(error, "code"))
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, dict)
    ]


def _lower(error: Mapping[str, object], name: str) -> str:
    return str(error.get(name) or "").lower()
