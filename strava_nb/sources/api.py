"""The API door: one athlete's Strava through stravaio, which is imported nowhere else.

stravaio's own listing, models and sign-in drop half of today's fields and print tokens, so its
generated calls are used raw: all of them go through `_get`, which knows tokens and refusals.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from typing import Any

import stravaio
import swagger_client
import urllib3
from swagger_client.rest import ApiException

from ..columns import STREAM_KEYS
from ..errors import NotFound, SignInNeeded, SignInRefused, Unreachable
from ..settings import settings
from ..signin.access import Access
from ..signin.oauth import Application
from ..signin.post import TIMEOUT, unreachable
from ..signin.refusals import parse, refusal
from ..signin.remembered import Remembered
from ..signin.tokens import Tokens, successor_store
from .source import Listener, Payload, Progress, Record, nobody

PER_PAGE = 200
"""Activities asked for at once: the most that Strava gives."""

_DAY = 24 * 3600
_SPARE = 14 * 3600  # No clock on earth is further from UTC, and what is asked for are local days.
_EPOCH = date(1970, 1, 1).toordinal()

stravaio.logger.disable("stravaio")  # It logs access tokens.


class ApiSource:
    """One athlete's activities at the Strava whose API lives at `url`.

    Nothing is asked of it before something is asked for. Safe to use from several threads.
    """

    def __init__(
        self,
        access: Access,
        *,
        url: str,
        name: str = "api",
        athlete: Record | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self.access = access
        self._url = url
        self._athlete = athlete
        self._clock = clock
        self._asking_athlete = threading.Lock()
        self._client = _client(url, access)
        self._gears = swagger_client.GearsApi(self._client._api_client)

    @property
    def client(self) -> stravaio.StravaIO:
        """A `stravaio.StravaIO`, signed in, and kept so for as long as it is used."""
        self._client.configuration.access_token = self.access.fresh()
        return self._client

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """What the athlete granted; None where Strava never said (tokens from the environment)."""
        return self.access.scopes

    @property
    def athlete(self) -> Record:
        """The athlete as Strava knows them, asked for once."""
        with self._asking_athlete:
            if self._athlete is None:
                self._athlete = self._get_record(self._client.athletes_api.get_logged_in_athlete)
            return self._athlete

    def activities(self, start: date | None, end: date | None, *, tell: Listener = nobody) -> list[Record]:
        """The activities whose local day lies in start…end, and some from the days beside it.

        A day's first and last hours belong to another UTC day in most places, so that 14 hours more
        are asked for on both sides.
        """
        window = _window(start, end, self._clock())
        if window is None:
            return []
        found: dict[Any, Record] = {}
        for page in count(1):
            records = self._get(
                self._client.activities_api.get_logged_in_athlete_activities,
                page=page,
                per_page=PER_PAGE,
                **window,
            )
            if not isinstance(records, list):
                raise _not_as_expected()
            if not records:  # A page may be short before the end; only an empty one is the end.
                break
            found.update((record["id"], record) for record in records)
            tell(Progress("activities", len(found)))
        return list(found.values())

    def streams(self, activity_id: int) -> Payload | None:
        """The streams of an activity by their keys, None where it has none (typed in, on a treadmill)."""
        try:
            payload = self._get(
                self._client.streams_api.get_activity_streams, activity_id, list(STREAM_KEYS), "true"
            )
        except NotFound:
            return None
        if not isinstance(payload, dict | list):
            raise _not_as_expected()
        return payload

    def detail(self, activity_id: int) -> Record:
        """All that Strava knows of one activity: laps, splits and best efforts too."""
        return self._get_record(self._client.activities_api.get_activity_by_id, activity_id)

    def laps(self, activity_id: int) -> list[Record]:
        """The laps of one activity."""
        laps = self._get(self._client.activities_api.get_laps_by_activity_id, activity_id)
        if not isinstance(laps, list):
            raise _not_as_expected()
        return laps

    def zones(self) -> Record:
        """The athlete's heart rate and power zones; ScopeMissing without `profile:read_all`."""
        return self._get_record(self._client.athletes_api.get_logged_in_athlete_zones)

    def gear(self, gear_id: str) -> Record:
        """One bike or pair of shoes."""
        return self._get_record(self._gears.get_gear_by_id, gear_id)

    def gears(self) -> list[Record]:
        """The athlete's bikes and shoes; without `profile:read_all` those that activities were done with."""
        athlete = self.athlete
        if "bikes" in athlete or "shoes" in athlete:
            owned = [*(athlete.get("bikes") or ()), *(athlete.get("shoes") or ())]
        else:
            used = dict.fromkeys(record.get("gear_id") for record in self.activities(None, None))
            owned = [{"id": gear_id} for gear_id in used if gear_id]
        return [known | self._gear_detail(known["id"]) for known in owned]

    def _gear_detail(self, gear_id: str) -> Record:
        try:
            return self.gear(gear_id)
        except NotFound:  # taken off the list; what is known of it is all there is
            return {}

    def _get_record(self, call: Callable[..., Any], *args: Any) -> Record:
        record = self._get(call, *args)
        if not isinstance(record, dict):
            raise _not_as_expected()
        return record

    def _get(self, call: Callable[..., Any], *args: Any, **asked: Any) -> Any:
        """The JSON of one of stravaio's generated calls, with a token that works, or one of our errors."""
        token = self.access.fresh()
        status, headers, body = self._ask(call, *args, **asked)
        if status == 401 and isinstance(refusal(status, body), SignInRefused):
            self.access.refresh(rejected=token)
            status, headers, body = self._ask(call, *args, **asked)
        if not 200 <= status < 300:
            raise refusal(status, body, headers)
        return parse(body)

    def _ask(
        self, call: Callable[..., Any], *args: Any, **asked: Any
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            response = call(*args, **asked, _preload_content=False, _request_timeout=TIMEOUT)
            return response.status, response.headers, response.data
        except ApiException as error:
            if error.status:
                return error.status, error.headers, error.body
            problem = unreachable(urllib3.exceptions.SSLError(), self._url)
        except urllib3.exceptions.HTTPError as error:
            problem = unreachable(error, self._url)
        raise problem  # Outside the except: what failed still knows the Authorization header.


def open_api(
    client_id: str | int | None = None,
    client_secret: str | None = None,
    *,
    access_token: str | None = None,
    refresh_token: str | None = None,
) -> ApiSource:
    """Your own Strava, for scripts: nothing is shown, and nothing is asked of Strava before you do.

    What is not given comes from STRAVA_CLIENT_ID, STRAVA_CLIENT_SECRET and, unless one token is
    given, STRAVA_ACCESS_TOKEN and STRAVA_REFRESH_TOKEN; without any token, from the sign-in that a
    panel remembered last. An access token alone works until it ends; a refresh token keeps working,
    also when Strava replaces it (the successor is kept). Raises SignInNeeded when there is nothing to
    sign in with.
    """
    here = settings()
    client_id = str(client_id or here.client_id or "").strip()
    client_secret = (client_secret or here.client_secret or "").strip()
    if not access_token and not refresh_token:  # Never one of yours with one of somebody else's.
        access_token, refresh_token = here.access_token, here.refresh_token
    access_token, refresh_token = _clean(access_token), _clean(refresh_token)
    application = (
        Application(here.oauth_url, client_id, client_secret) if client_id and client_secret else None
    )
    if refresh_token and application:
        given = Tokens(access_token, refresh_token)
        access = Access(given, application=application, store=successor_store(here.url, refresh_token))
    elif access_token:
        access = Access(Tokens(access_token), application=application)
    elif not refresh_token and not here.on_binder and (kept := Remembered(here.url).latest()):
        access = Access(application=kept.application, store=kept.store)
    else:
        raise SignInNeeded(
            "A refresh token needs the client id and the client secret that it was made with."
            if refresh_token
            else "Nobody is signed in.",
            "Sign in with snb.login(), use your free Strava export, or look around with snb.open_demo().",
        )
    return ApiSource(access, url=here.api_url)


def _client(url: str, access: Access) -> stravaio.StravaIO:
    client = stravaio.StravaIO(access_token="")  # None would mean the environment.
    client.configuration.host = url
    # Asked for at each call, so that a client in use for longer than a token lives stays signed in.
    client.configuration.auth_settings = lambda: {
        "strava_oauth": {
            "type": "oauth2",
            "in": "header",
            "key": "Authorization",
            "value": f"Bearer {access.fresh()}",
        }
    }
    client._api_client.rest_client.pool_manager.connection_pool_kw["retries"] = False
    return client


def _window(start: date | None, end: date | None, now: float) -> dict[str, int] | None:
    """What to ask for so that no local day's activity is missed; None where there can be none."""
    after = 0 if start is None else (start.toordinal() - _EPOCH) * _DAY - _SPARE - 1
    before = None if end is None else (end.toordinal() - _EPOCH + 1) * _DAY + _SPARE
    if after > now or (before is not None and before <= max(after, 0)):
        return None
    return ({"after": after} if after > 0 else {}) | ({} if before is None else {"before": before})


def _clean(token: str | None) -> str:
    """A token without the blanks and quotes that come along when it is copied."""
    token = (token or "").strip().strip("\"'")
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise SignInRefused("That is not a token.", "Copy it anew: it is one word of letters and digits.")
    return token


def _not_as_expected() -> Unreachable:
    return Unreachable("Strava's answer is not what was asked for.", "Try again in a few minutes.")
