"""Who may ask what: one application, one athlete, and the codes, tokens and scopes between them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from .replies import bad_request, unauthorized

SCOPES: dict[str, tuple[str, str]] = {
    "read": ("See your public profile", "Name, place and picture."),
    "read_all": ("See your private routes and segments", "Those that only you can see."),
    "profile:read_all": ("See your complete profile", "Zones, FTP, weight and gear, even if private."),
    "profile:write": ("Change your profile", "Weight and FTP; star segments for you."),
    "activity:read": ("See your activities", "All but those visible to “Only You”."),
    "activity:read_all": ("See all your activities", "“Only You” too, and what privacy zones hide."),
    "activity:write": ("Upload and change your activities", "Create them, edit them, delete them."),
}
"""Strava's scopes, and what they mean to the person who grants them."""

EVERYTHING = ",".join(SCOPES)
TOKEN_LIFE = 6 * 60 * 60
CODE_LIFE = 10 * 60


@dataclass(frozen=True, slots=True)
class Grant:
    """One sign-in's newest tokens; they stay out of its repr."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: int
    scope: str


@dataclass(frozen=True, slots=True)
class Request:
    """What an application asks the person for on the authorize page."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None = field(repr=False)

    def back(self, **answer: str) -> str:
        """The address that the browser is sent back to."""
        parts = urlsplit(self.redirect_uri)
        query = [
            *parse_qsl(parts.query, keep_blank_values=True),
            ("state", self.state or ""),
            *answer.items(),
        ]
        return urlunsplit(parts._replace(query=urlencode(query, safe=":,/")))


@dataclass(slots=True)
class _SignIn:
    scopes: frozenset[str]
    refresh_token: str = field(default="", repr=False)
    ends: dict[str, int] = field(default_factory=dict, repr=False)


class Accounts:
    """The application that the simulation knows, and everyone who is signed in through it.

    Ids, secrets and tokens are new for each instance. A refresh always rotates the refresh token; an
    access token lives on until its own end.
    """

    app_name = "My notebooks"

    def __init__(self, clock: Callable[[], float]) -> None:
        self.client_id = str(10_000 + secrets.randbelow(90_000))
        self.client_secret = secrets.token_hex(20)
        self._clock = clock
        self._lock = RLock()
        self._codes: dict[str, tuple[frozenset[str], float]] = {}
        self._sign_ins: list[_SignIn] = []
        self.given: set[str] = set()

    # --- the authorize page

    def request(self, query: Mapping[str, str]) -> Request:
        """What is asked for, checked as Strava does before it shows the page."""
        if query.get("client_id") != self.client_id:
            raise bad_request("Application", "client_id")
        if not _loopback(query.get("redirect_uri", "")):
            raise bad_request("Application", "redirect_uri")
        if query.get("response_type") != "code":
            raise bad_request("Authorize", "response_type")
        scopes = tuple(dict.fromkeys(query.get("scope", "").replace(" ", ",").split(",")))
        if not set(scopes) <= SCOPES.keys():
            raise bad_request("Authorize", "scope")
        return Request(query["redirect_uri"], scopes, query.get("state"))

    def code(self, scopes: Iterable[str]) -> str:
        """A code that can be exchanged once, for ten minutes."""
        code = secrets.token_hex(20)
        with self._lock:
            self._codes[code] = frozenset(scopes), self._clock() + CODE_LIFE
        return code

    # --- tokens

    def token(self, form: Mapping[str, str]) -> tuple[Grant, bool]:
        """The tokens for a code or a refresh token, and whether it is the first grant."""
        self._application(form.get("client_id"), form.get("client_secret"))
        kind = form.get("grant_type", "authorization_code")
        with self._lock:
            if kind == "authorization_code":
                scopes, ends = self._codes.pop(form.get("code", ""), (frozenset(), 0.0))
                if self._clock() >= ends:
                    raise bad_request("AuthorizationCode", "code")
                return self.grant(scopes), True
            if kind == "refresh_token":
                token = form.get("refresh_token")
                for sign_in in self._sign_ins:
                    if token and token == sign_in.refresh_token:
                        return self._renew(sign_in), False
                raise bad_request("RefreshToken", "refresh_token")
        raise bad_request("Application", "grant_type")

    def grant(self, scopes: Iterable[str]) -> Grant:
        """A sign-in without a page."""
        with self._lock:
            sign_in = _SignIn(frozenset(scopes))
            self._sign_ins.append(sign_in)
            return self._renew(sign_in)

    def _renew(self, sign_in: _SignIn) -> Grant:
        now = int(self._clock())
        access = secrets.token_hex(20)
        sign_in.refresh_token = secrets.token_hex(20)
        self.given |= {access, sign_in.refresh_token}
        sign_in.ends = {token: end for token, end in sign_in.ends.items() if end > now} | {
            access: now + TOKEN_LIFE
        }
        return Grant(access, sign_in.refresh_token, now + TOKEN_LIFE, _in_order(sign_in.scopes))

    def scopes(self, access_token: str | None) -> frozenset[str]:
        """What the bearer may see; Strava's 401 for a token that is unknown or over."""
        now = self._clock()
        with self._lock:
            for sign_in in self._sign_ins:
                if access_token and sign_in.ends.get(access_token, 0) > now:
                    return sign_in.scopes
        raise unauthorized("Athlete", "access_token")

    # --- endings

    def revoke(self, authorization: str, form: Mapping[str, str]) -> None:
        """End the sign-in that a token, of either kind, belongs to; an unknown one is no error (RFC 7009)."""
        scheme, _, credentials = authorization.partition(" ")
        try:
            name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except ValueError:
            name = password = ""
        if scheme.lower() != "basic":
            raise unauthorized("Application", "")
        self._application(name, password, unknown=unauthorized("Application", ""))
        token = form.get("token")
        if not token:
            raise bad_request("Token", "token", "missing")
        with self._lock:
            self._sign_ins = [s for s in self._sign_ins if token not in s.ends and token != s.refresh_token]

    def deauthorize(self, access_token: str | None) -> None:
        """End all sign-ins of the token's athlete, the older way; Strava's 401 if the token is none."""
        self.scopes(access_token)
        self.revoke_all()

    def revoke_all(self) -> None:
        """Nobody is signed in, and no code is worth anything."""
        with self._lock:
            self._sign_ins.clear()
            self._codes.clear()

    def expire(self, access_token: str | None = None) -> None:
        """One access token, or every one, ends now; what refreshes them lives on."""
        with self._lock:
            for sign_in in self._sign_ins:
                if access_token is None:
                    sign_in.ends.clear()
                else:
                    sign_in.ends.pop(access_token, None)

    def _application(
        self, client_id: str | None, secret: str | None, unknown: Exception | None = None
    ) -> None:
        if client_id != self.client_id:
            raise unknown or bad_request("Application", "client_id")
        if secret != self.client_secret:
            raise unauthorized("Application", "")


def sign_in_answer(grant: Grant, now: float, athlete: dict[str, Any] | None) -> dict[str, Any]:
    """The token endpoint's body; the athlete comes with the first grant only."""
    body: dict[str, Any] = {
        "token_type": "Bearer",
        "expires_at": grant.expires_at,
        "expires_in": grant.expires_at - int(now),
        "refresh_token": grant.refresh_token,
        "access_token": grant.access_token,
    }
    return body if athlete is None else body | {"athlete": athlete}


def _loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and parts.hostname in ("localhost", "127.0.0.1")
    except ValueError:
        return False


def _in_order(scopes: Iterable[str]) -> str:
    given = set(scopes)
    return ",".join(scope for scope in SCOPES if scope in given)
