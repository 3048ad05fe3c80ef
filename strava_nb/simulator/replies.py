"""What an answer on the wire is, and the ways in which Strava says no.

A leaf of its own, so that accounts, routes, faults and the server can refuse in the same words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, a body that is ready to send, and the headers that are not the server's own."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    whole: bool = True
    """False: the connection is cut in the middle of the body."""


class Refused(Exception):
    """The answer is a no; `reply` says it as Strava would."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def encoded(value: Any) -> bytes:
    """A value as Strava writes it: compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def answer(value: Any, status: int = 200) -> Reply:
    """A value as an answer."""
    return Reply(status, encoded(value))


def fault(status: int, message: str, resource: str, field: str, code: str) -> Reply:
    """Strava's usual no: a message and one error."""
    error = {"resource": resource, "field": field, "code": code}
    return answer({"message": message, "errors": [error]}, status)


def bad_request(resource: str, field: str, code: str = "invalid") -> Refused:
    """400: something in the question is wrong."""
    return Refused(fault(400, "Bad Request", resource, field, code))


def unauthorized(resource: str, field: str, code: str = "invalid") -> Refused:
    """401: who asks is unknown, or may not."""
    return Refused(fault(401, "Authorization Error", resource, field, code))


def not_found(resource: str, field: str = "", code: str = "not found") -> Refused:
    """404: no such thing, or not this athlete's."""
    return Refused(fault(404, "Resource Not Found", resource, field, code))


EMPTY_404 = Reply(404)
INACTIVE = fault(403, "Forbidden", "Application", "Status", "Inactive")
RATE_LIMITED = fault(429, "Rate Limit Exceeded", "Application", "rate limit", "exceeded")
RATE_LIMITED_OLD = answer(
    {"errors": "Rate Limit Exceeded", "status": 429, "message": "Too Many Requests"}, 429
)
ATHLETE_LIMIT = answer({"message": "Limit of connected athletes exceeded"}, 403)
BROKEN = answer({"message": "Internal Server Error"}, 500)
BAD_GATEWAY = Reply(
    502,
    b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
    HTML,
)
"""What stands between the athlete and Strava speaks HTML."""

PORTAL = Reply(200, b"<!doctype html><title>Welcome to our wifi</title><p>Please accept the terms.</p>", HTML)
"""A wifi's sign-in page: a success that is not Strava's."""
