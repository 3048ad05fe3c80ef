"""How the tests ask a simulated Strava: plain HTTP, as a client that knows nothing of it would."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from strava_nb.simulator import Simulator

TODAY = date(2026, 6, 15)
BACK = "http://localhost:8888/strava"
ALL = "read,activity:read_all,profile:read_all"
NINE = datetime(2026, 6, 15, 9, 0, tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[str, str, str]:
        (only,) = self.json["errors"]
        return only["resource"], only["field"], only["code"]


def ask(
    strava: Simulator,
    path: str,
    *,
    method: str = "GET",
    token: str | None = None,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Got:
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = f"Bearer {token}"
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection(urlsplit(strava.url).netloc, timeout=30)
    try:
        connection.request(method, path, urlencode(form) if form is not None else None, sent)
        response = connection.getresponse()
        return Got(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def api(strava: Simulator, path: str, token: str | None = None, **query: object) -> Got:
    asked = f"?{urlencode(query)}" if query else ""
    return ask(strava, f"/api/v3{path}{asked}", token=token or strava.access_token)


def authorize_address(strava: Simulator, **changes: str | None) -> str:
    query = {
        "client_id": strava.client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "approval_prompt": "auto",
        "scope": ALL,
        "state": "a state",
    } | changes
    kept = {name: value for name, value in query.items() if value is not None}
    return f"{strava.url}/oauth/authorize?{urlencode(kept)}"


def answered(back: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(back).query, keep_blank_values=True))


def token(strava: Simulator, **form: str) -> Got:
    known = {"client_id": strava.client_id, "client_secret": strava.client_secret}
    return ask(strava, "/oauth/token", method="POST", form=known | form)


def refresh(strava: Simulator, refresh_token: str) -> Got:
    return token(strava, grant_type="refresh_token", refresh_token=refresh_token)


def exchange(strava: Simulator, code: str, **form: str) -> Got:
    return token(strava, **{"grant_type": "authorization_code", "code": code} | form)


def everything(strava: Simulator, **query: object) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for page in range(1, 1000):
        rows = api(strava, "/athlete/activities", page=page, per_page=200, **query).json
        if not rows:
            return records
        records += rows
    raise AssertionError("no end")


def usage(got: Got) -> tuple[str, str, str, str]:
    return (
        got.headers["X-RateLimit-Limit"],
        got.headers["X-RateLimit-Usage"],
        got.headers["X-ReadRateLimit-Limit"],
        got.headers["X-ReadRateLimit-Usage"],
    )


def epoch(zulu: str) -> int:
    return int(datetime.fromisoformat(zulu).timestamp())
