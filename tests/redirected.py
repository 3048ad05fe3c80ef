"""A way for clients that know one address only: what is meant for Strava goes to a simulation."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter


class Redirected(HTTPAdapter):
    """What is meant for Strava goes to the simulation at `url`."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send it there."""
        assert request.url is not None
        request.url = request.url.replace("https://www.strava.com", self.url)
        return super().send(request, *args, **kwargs)
