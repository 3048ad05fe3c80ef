"""What people use to get all their activities into a CSV: each a function that gives the number of rows.

All is imported at the top, so that nobody's time holds an import.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import requests
import stravaio
import stravalib
import swagger_client
from redirected import Redirected
from stravalib.util.limiter import RateLimiter

import strava_nb as snb
import strava_nb.files  # the package loads its rooms when first used
import strava_nb.sources.api

stravaio.logger.disable("stravaio")


def by_stravaio(url: str, token: str, path: Path) -> int:
    """The blog post's script: stravaio's own listing, every field of its models."""
    configuration = swagger_client.Configuration()
    configuration.host = f"{url}/api/v3"
    swagger_client.Configuration.set_default(configuration)
    client = stravaio.StravaIO(access_token=token)
    with contextlib.redirect_stdout(io.StringIO()):
        activities = client.get_logged_in_athlete_activities(after=0)
    columns = defaultdict(list)
    for activity in activities:
        for name, value in activity.to_dict().items():
            columns[name].append(value)
    table = pd.DataFrame(columns)
    table.to_csv(path, index=False)
    return len(table)


def by_stravalib(url: str, token: str, path: Path) -> int:
    """stravalib's client, its models dumped into a DataFrame; without rules it never pauses."""
    with requests.Session() as session:
        session.mount("https://www.strava.com", Redirected(url))
        client = stravalib.Client(
            access_token=token,
            token_expires=2**31,
            requests_session=session,
            rate_limiter=RateLimiter(),
        )
        table = pd.DataFrame([activity.model_dump() for activity in client.get_activities()])
    table.to_csv(path, index=False)
    return len(table)


def by_requests(url: str, token: str, path: Path) -> int:
    """A loop over pages of 200 until an empty one, flattened by pandas."""
    records: list[Any] = []
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        page = 1
        while True:
            answer = session.get(
                f"{url}/api/v3/athlete/activities", params={"per_page": 200, "page": page}, timeout=60
            )
            answer.raise_for_status()
            found = answer.json()
            if not found:
                break
            records += found
            page += 1
    table = pd.json_normalize(records)
    table.to_csv(path, index=False)
    return len(table)


def by_us(url: str, token: str, path: Path, home: Path) -> int:
    """Ours, with what was kept in `home`."""
    table = snb.get_activities(our_source(url, token, home), progress=False)
    snb.files.to_csv(table, path)
    return len(table)


def our_streams(url: str, token: str, ids: list[int], home: Path) -> int:
    """The streams of some activities."""
    return len(snb.get_streams(our_source(url, token, home), ids, progress=False))


def our_source(url: str, token: str, home: Path) -> Any:
    """Our door to that Strava, keeping things in `home`."""
    os.environ |= {"STRAVA_NB_URL": url, "STRAVA_NB_HOME": str(home)}
    return snb.open_api(access_token=token)
