"""What the environment says: the only reader of `os.environ`, the only home of Strava's address.

Read anew on each call, so that a variable set in a notebook counts from the next line on. Secrets
are left out of the repr.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from .served import is_loopback, server_keeps_to_itself

STRAVA = "https://www.strava.com"
"""Strava itself: what people are sent to, and the API's address unless STRAVA_NB_URL names another."""

API_SETTINGS_PAGE = f"{STRAVA}/settings/api"
"""Where a person makes an API application and sees its client id and secret."""

EXPORT_PAGE = f"{STRAVA}/athlete/delete_your_account"
"""Where a person asks for the free bulk export (the page deletes nothing by itself)."""

DEMO_MARK = "DEMO"
"""What every readable table, plot and file name says when its rows are the demo athlete's."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One reading of the environment."""

    url: str
    home: Path
    client_id: str | None
    client_secret: str | None = field(repr=False)
    access_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    demo: bool
    on_binder: bool
    on_voila: bool
    """Whether the page is one of Voilà's, which has run its cells and has no menu to run them again."""
    served: bool
    """Whether others may open this page: one of Voilà's that more than this computer may reach."""

    @property
    def guests(self) -> bool:
        """Whether who sits at the page is a guest here: then nothing is kept, and nobody is known."""
        return self.on_binder or self.served

    @property
    def oauth_url(self) -> str:
        """Where sign-in lives."""
        return f"{self.url}/oauth"

    @property
    def api_url(self) -> str:
        """Where the API lives."""
        return f"{self.url}/api/v3"


def settings() -> Settings:
    """The settings as the environment has them now.

    Raises ValueError when STRAVA_NB_URL is not an http(s) address.
    """
    url = (_text("STRAVA_NB_URL") or STRAVA).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"STRAVA_NB_URL should be an address such as {STRAVA}, not {url!r}.")
    home = _text("STRAVA_NB_HOME") or platformdirs.user_data_dir("strava-nb", appauthor=False)
    return Settings(
        url=url,
        home=Path(home).expanduser(),
        client_id=_text("STRAVA_CLIENT_ID"),
        client_secret=_text("STRAVA_CLIENT_SECRET"),
        access_token=_text("STRAVA_ACCESS_TOKEN"),
        refresh_token=_text("STRAVA_REFRESH_TOKEN"),
        demo=(_text("STRAVA_NB_DEMO") or "").lower() in ("1", "true", "yes", "on"),
        # BinderHub sets these two on every launch; its other variables come and go.
        on_binder="BINDER_LAUNCH_HOST" in os.environ or "BINDER_REPO_URL" in os.environ,
        on_voila=_on_voila(),
        served=_on_voila() and _may_be_reached(),
    )


def activity_page(activity_id: int) -> str:
    """The address of an activity on Strava's own pages."""
    return f"{STRAVA}/activities/{activity_id}"


def _on_voila() -> bool:
    return any(name.startswith("VOILA_") for name in os.environ)


def _may_be_reached() -> bool:
    """Fails safe: a page is its owner's alone where its name and the computer both say so.

    Only asked of Voilà's: who opens a notebook can run whatever they like.
    """
    on_hub = any(name.startswith("JUPYTERHUB_") for name in os.environ)
    called = os.environ.get("SERVER_NAME", "")  # As the visitor's browser, or a proxy, says.
    return on_hub or not is_loopback(called) or not server_keeps_to_itself()


def _text(name: str) -> str | None:
    return os.environ.get(name, "").strip() or None
