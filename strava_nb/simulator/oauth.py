"""The addresses under /oauth: the page a person sees, and what an application asks behind it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import urlsplit

from .accounts import SCOPES, Accounts, Request, sign_in_answer
from .replies import HTML, Reply, answer, not_found
from .wire import Asked

PAGE_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)


class OAuth:
    """Sign-in as Strava does it, for the simulation's one application and one athlete.

    The authorize page is always shown, as with `approval_prompt=force`.
    """

    def __init__(
        self, accounts: Accounts, athlete: Callable[[], dict[str, Any]], clock: Callable[[], float]
    ) -> None:
        self.accounts = accounts
        self._athlete = athlete
        self._clock = clock
        self._page = Template(files(__package__).joinpath("authorize.html").read_text("utf-8"))

    def respond(self, asked: Asked, path: str) -> Reply:
        """Answer a request to /oauth/…; raises Refused with Strava's no."""
        match asked.method, path:
            case "GET", "/oauth/authorize":
                return self._show(self.accounts.request(asked.query))
            case "POST", "/oauth/authorize":
                return self._decide(asked, self.accounts.request(asked.query))
            case "POST", "/oauth/token":
                grant, first = self.accounts.token(asked.form)
                return answer(sign_in_answer(grant, self._clock(), self._athlete() if first else None))
            case "POST", "/oauth/revoke":
                self.accounts.revoke(asked.headers.get("Authorization", ""), asked.form)
                return answer({})
            case "POST", "/oauth/deauthorize":
                token = bearer(asked)
                self.accounts.deauthorize(token)
                return answer({"access_token": token})
        raise not_found("resource", "path", "invalid")

    def _show(self, request: Request) -> Reply:
        athlete = self._athlete()
        page = self._page.substitute(
            app=escape(self.accounts.app_name),
            athlete=escape(f"{athlete.get('firstname', '')} {athlete.get('lastname', '')}".strip()),
            back=escape(urlsplit(request.redirect_uri).netloc),
            scopes="\n".join(_tick(scope) for scope in request.scopes),
        )
        return Reply(200, page.encode(), HTML, PAGE_HEADERS)

    def _decide(self, asked: Asked, request: Request) -> Reply:
        ticked = {value for name, value in asked.fields if name == "scope"}
        if dict(asked.fields).get("action") == "authorize":
            granted = [scope for scope in request.scopes if scope in ticked]
            back = request.back(code=self.accounts.code(granted), scope=",".join(granted))
        else:
            back = request.back(error="access_denied")
        return Reply(302, headers=(("Location", back), ("Cache-Control", "no-store")))


def bearer(asked: Asked) -> str | None:
    """The access token of a request: from its header, or as it may still be until 2027 from query or form."""
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return asked.form.get("access_token")


def _tick(scope: str) -> str:
    title, words = SCOPES[scope]
    return (
        f'<li><label><input type="checkbox" name="scope" value="{escape(scope)}" checked>'
        f"<span><b>{escape(title)}</b> <code>{escape(scope)}</code><small>{escape(words)}</small></span>"
        "</label></li>"
    )
