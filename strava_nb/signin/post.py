"""The one way out for sign-in, and what a failing network means.

Apart from `oauth.py` so that the addresses and answers there stay pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlencode, urlsplit

import certifi
import urllib3

from ..errors import Unreachable

TIMEOUT = (5, 30)
"""Seconds to connect, and to wait for an answer."""


def post(
    address: str, form: Mapping[str, str], basic_auth: tuple[str, str] | None = None
) -> tuple[int, bytes]:
    """The status and body that a form sent to `address` was answered with; redirects are not followed."""
    headers = urllib3.make_headers(basic_auth=":".join(basic_auth) if basic_auth else None)
    try:
        response = _pool().request(
            "POST",
            address,
            body=urlencode(form),
            headers={**headers, "Content-Type": "application/x-www-form-urlencoded"},
            retries=False,
            timeout=urllib3.Timeout(connect=TIMEOUT[0], read=TIMEOUT[1]),
        )
        return response.status, response.data
    except urllib3.exceptions.HTTPError as error:
        problem = unreachable(error, address)
    raise problem  # Outside the except: what failed still holds the form, secrets and all.


def unreachable(error: urllib3.exceptions.HTTPError, address: str) -> Unreachable:
    """The error, ready to be raised, that a failed transport means."""
    host = urlsplit(address).netloc
    timed_out = isinstance(error, urllib3.exceptions.TimeoutError) and not isinstance(
        error, urllib3.exceptions.NewConnectionError
    )
    if timed_out:
        return Unreachable(f"{host} did not answer in time.", "Try again in a minute.")
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return Unreachable(f"There is no connection to {host}.", "Check the network, then try again.")
    if isinstance(error, urllib3.exceptions.SSLError):
        return Unreachable(
            f"There is no secure connection to {host}.",
            "Check the computer's clock, and whether a company's network stands in between.",
        )
    return Unreachable(f"The connection to {host} was cut.", "Try again.")


@cache
def _pool() -> urllib3.PoolManager:
    # The certificates that stravaio uses too: a Python from python.org on macOS comes without any.
    return urllib3.PoolManager(ca_certs=certifi.where())
