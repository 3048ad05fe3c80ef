"""Strava's sign-in: the addresses that lead there and the answers that come back.

Pure but for one injected `post`, so that a panel, a listener, a script and a test say the same words.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode

from ..errors import SignInRefused, Unreachable
from .post import post as send
from .refusals import parse, refusal
from .tokens import Tokens

SCOPES = ("read", "activity:read_all", "profile:read_all")
"""What is asked for: everything that is the person's own to read, nothing to write."""


class Post(Protocol):
    """Whatever can send a form."""

    def __call__(
        self, address: str, form: Mapping[str, str], basic_auth: tuple[str, str] | None = None, /
    ) -> tuple[int, bytes]:
        """The status and body of the answer."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """What Strava's page sent back: a code to exchange, and the granted scopes (None if it did not say)."""

    code: str = field(repr=False)
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An API application at one Strava, and what may be asked in its name.

    `url` is where sign-in lives (`settings().oauth_url`).
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    post: Post = field(default=send, repr=False)

    def authorize_address(
        self, redirect_uri: str, state: str, *, scopes: tuple[str, ...] = SCOPES, force: bool = False
    ) -> str:
        """The page where a person says yes; `force` asks again even if they did before."""
        return authorize_address(self.url, self.client_id, redirect_uri, state, scopes=scopes, force=force)

    def exchange(self, redirect: Redirect) -> tuple[Tokens, dict[str, Any] | None]:
        """The tokens for a code, and the athlete who said yes (None if Strava left that out)."""
        answer = self._ask({"grant_type": "authorization_code", "code": redirect.code})
        athlete = answer.get("athlete")
        athlete = athlete if isinstance(athlete, dict) else None
        tokens = _tokens(answer, Tokens("", scopes=redirect.scopes, athlete_id=(athlete or {}).get("id")))
        return tokens, athlete

    def refresh(self, tokens: Tokens) -> Tokens:
        """The tokens that take the place of these, whose refresh token is dead from now on."""
        answer = self._ask({"grant_type": "refresh_token", "refresh_token": tokens.refresh_token or ""})
        return _tokens(answer, tokens)

    def revoke(self, token: str) -> None:
        """End a sign-in at Strava; a token that Strava does not know any more counts as ended."""
        status, body = self.post(f"{self.url}/revoke", {"token": token}, (self.client_id, self.client_secret))
        if not 200 <= status < 300:
            raise refusal(status, body)

    def _ask(self, form: Mapping[str, str]) -> dict[str, Any]:
        status, body = self.post(
            f"{self.url}/token",
            {"client_id": self.client_id, "client_secret": self.client_secret, **form},
        )
        if not 200 <= status < 300:
            raise refusal(status, body)
        answer = parse(body)
        return answer if isinstance(answer, dict) else {}


def authorize_address(
    url: str,
    client_id: str,
    redirect_uri: str,
    state: str,
    *,
    scopes: tuple[str, ...] = SCOPES,
    force: bool = False,
) -> str:
    """The page where a person says yes; no secret is needed for it."""
    query = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "approval_prompt": "force" if force else "auto",
        "scope": ",".join(scopes),
        "state": state,
    }
    return f"{url}/authorize?{urlencode(query)}"


def new_state() -> str:
    """A random word that ties one press of Connect to the one answer that belongs to it."""
    return secrets.token_urlsafe(32)


def read_redirect(address: str, *, state: str) -> Redirect:
    """What the address says that Strava's page led to, as it was pasted or as a listener saw it.

    Blanks, quotes and `<…>` around it do not matter, nor does what stands before the `?`. Nothing in
    it is believed before its state is the one of this sign-in. Raises SignInRefused, with the fact
    `reason`: "not an address", "before", "other sign-in", "denied" or "no code".
    """
    query = _answer_in(address)
    if not hmac.compare_digest(_only(query, "state").encode(errors="replace"), state.encode()):
        raise SignInRefused(
            "That address belongs to another sign-in.",
            "Press Connect and use the address that comes then.",
            reason="other sign-in",
        )
    if _only(query, "error") == "access_denied":
        raise SignInRefused(
            "Cancel was pressed on Strava's page.",
            "To sign in after all, press Connect and then Authorize.",
            reason="denied",
        )
    code = _only(query, "code")
    if "error" in query or not code:
        raise SignInRefused(
            "Strava sent no code back.",
            "Press Connect and try once more.",
            reason="no code",
        )
    scope = _only(query, "scope")
    return Redirect(code, tuple(filter(None, re.split(r"[,\s]+", scope))) if scope else None)


def not_granted(scopes: tuple[str, ...] | None) -> list[str]:
    """What will be missing with only these scopes, a sentence each (None, not known: nothing)."""
    if scopes is None:
        return []
    missing = []
    if "activity:read_all" not in scopes:
        missing.append(
            "Activities that only you can see are missing, and so are points inside your privacy zones."
            if "activity:read" in scopes
            else "No activities can be read at all."
        )
    if "profile:read_all" not in scopes:
        missing.append("Your zones, FTP, weight and gear are missing.")
    if not {"read", "read_all"} & set(scopes):
        missing.append("Your public profile is missing.")
    return missing


def _answer_in(address: str) -> dict[str, list[str]]:
    text = re.sub(r"\s+", "", address).strip("\"'`<>“”„‘’‚«»")
    _refuse_what_is_no_address(text)
    before, mark, after = text.partition("#")[0].partition("?")
    query = parse_qs(after if mark else before, keep_blank_values=True)
    if query.keys().isdisjoint({"state", "code", "error"}):
        raise SignInRefused(
            "That address holds no answer from Strava.",
            "Copy the whole address of the page that came after Authorize, from http to the end.",
            reason="not an address",
        )
    if "redirect_uri" in query:
        raise SignInRefused(
            "That is the address of Strava's own page.",
            "Press Authorize there, then copy the address of the page that comes next.",
            reason="before",
        )
    return query


def _refuse_what_is_no_address(text: str) -> None:
    if not text:
        what = "The field is empty."
    elif re.fullmatch(r"\d{1,10}", text):
        what = "That is a client id, not an address."
    elif re.fullmatch(r"[0-9a-fA-F]{40}", text):
        what = "That is a client secret, a token or a bare code, not an address."
    elif "=" not in text:
        what = "That is not an address."
    else:
        return
    raise SignInRefused(
        what,
        "Copy the whole address of the page that came after Authorize, from http to the end.",
        reason="not an address",
    )


def _only(query: Mapping[str, list[str]], name: str) -> str:
    """The one value of a name; an address that gives two means neither."""
    values = query.get(name, [])
    return values[0] if len(values) == 1 else ""


def _tokens(answer: Mapping[str, Any], before: Tokens) -> Tokens:
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(access, str) or not access:
        raise Unreachable("Strava's answer held no token.", "Try again in a few minutes.")
    expires_at = answer.get("expires_at")
    if expires_at is None and isinstance(answer.get("expires_in"), int | float):
        expires_at = time.time() + answer["expires_in"]
    return replace(
        before,
        access_token=access,
        refresh_token=refresh if isinstance(refresh, str) and refresh else before.refresh_token,
        expires_at=int(expires_at) if isinstance(expires_at, int | float) else None,
    )
