"""The API door: one athlete's Strava through stravaio, which is imported nowhere else.

stravaio's own listing, models and sign-in drop half of today's fields and print tokens, so its
generated calls are used raw: all of them go through `_asking`, which knows tokens and refusals. How
many go at once, and what is kept, is for `waves.py` and `pulls.py`.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeVar

import stravaio
import swagger_client
import urllib3
from swagger_client.rest import ApiException

from ..columns import STREAM_KEYS
from ..errors import SignInNeeded, SignInRefused, StravaNbError, Unreachable
from ..settings import settings
from ..signin.access import Access
from ..signin.oauth import Application
from ..signin.post import TIMEOUT, unreachable
from ..signin.refusals import parse, refusal
from ..signin.remembered import Remembered
from ..signin.tokens import Tokens, successor_store
from .keeping import Keeping
from .limits import AT_ONCE, cost_line, limits_of
from .listing import EVER, Page, Span
from .pulls import Puller, absent_as
from .source import Listener, Payload, Record, nobody
from .waves import Answer, Ask, Caller

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

PER_PAGE = 200
"""Activities asked for at once: the most that Strava gives."""

_DAY = 24 * 3600
_SPARE = 14 * 3600  # No clock on earth is further from UTC, and what is asked for are local days.
_EPOCH = date(1970, 1, 1).toordinal()
_AHEAD = 366 * _DAY  # An open end has to be dated too, or Strava would give the oldest first.

stravaio.logger.disable("stravaio")  # It logs access tokens.


class ApiSource:
    """One athlete's activities at the Strava whose API lives at `url`.

    Nothing is asked of it before something is asked for. What comes is kept for seven days and not
    asked for twice, unless `keep` says otherwise. Safe to use from several threads.
    """

    def __init__(
        self,
        access: Access,
        *,
        url: str,
        name: str = "api",
        athlete: Record | None = None,
        keep: bool = True,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.access = access
        self.problems: list[str] = []
        """What is amiss with the activities that were pulled last, in sentences."""
        application = access.application
        self.limits = limits_of(url, application.client_id if application else None)
        """What Strava allows; its `margin` is how many calls of each window are left to other tools."""
        self._url = url
        self._athlete = athlete
        self._clock = clock
        self._asking_athlete = threading.Lock()
        self._caller = Caller(self.limits, clock=clock, pause=pause, chance=chance)
        self._keeping = Keeping(access, url=url, on=keep, ask=lambda: int(self.athlete["id"]), clock=clock)
        self._puller = Puller(self._caller, self._keeping, lambda: PER_PAGE)
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
                self._athlete = self._get(_record, self._client.athletes_api.get_logged_in_athlete)
            return self._athlete

    def activities(
        self,
        start: date | None,
        end: date | None,
        *,
        tell: Listener = nobody,
        refresh: bool = False,
        cancel: threading.Event | None = None,
    ) -> list[Record]:
        """The activities whose local day lies in start…end, and some from the days beside it.

        A day's first and last hours belong to another UTC day in most places, so that 14 hours more
        are asked for on both sides. A second time costs a call or two: what is kept is given, what is
        new or began in the last 30 days is asked for. `refresh` asks for everything, and so sees what
        was deleted. Without a network, or with the day's calls used up, what is kept is given, and
        `problems` says how old it is.
        """
        self.problems = []
        want = _wanted(start, end, self._clock())
        if want is None:
            return []
        listed = self._client.activities_api.get_logged_in_athlete_activities

        def page_of(page: Page) -> Callable[..., Any]:
            window = _window(page.span, self._clock())
            return partial(listed, page=page.number, per_page=page.size, **window)

        records, self.problems = self._puller.activities(
            want, self._asking(page_of), tell=tell, refresh=refresh, cancel=cancel
        )
        return records

    def streams(self, activity_id: int) -> Payload | None:
        """The streams of an activity by their keys, None where it has none (typed in, on a treadmill)."""
        return next(self.streams_of([activity_id]))[1]

    def streams_of(
        self, ids: Iterable[int], *, tell: Listener = nobody, cancel: threading.Event | None = None
    ) -> Iterator[tuple[int, Payload | None]]:
        """The streams of many activities as they come: those at hand first, the others in any order.

        None where an activity has none.
        """
        asked = self._client.streams_api.get_activity_streams
        ask = self._asking(lambda activity_id: partial(asked, activity_id, list(STREAM_KEYS), "true"))
        return self._puller.each("streams", ids, ask, _payload, tell=tell, cancel=cancel, keep_absent=True)

    def at_hand(self, ids: Iterable[int], kind: str = "streams") -> set[int]:
        """Those of the activities whose streams, or else whose "detail", cost no call to Strava."""
        wanted = set(map(int, ids))
        if not self._keeping.on:
            return wanted
        cache = self._keeping.cache() if wanted else None
        return cache.has(kind, wanted) if cache else set()

    def cost(self, ids: Iterable[int], kind: str = "streams") -> str:
        """What the streams, or the "detail", of these cost, in one line; "" where calls are not counted."""
        if not self._keeping.on:
            return ""
        wanted, now = set(map(int, ids)), self._clock()
        missing = len(wanted - self.at_hand(wanted, kind))
        left = self.limits.left(now)
        return cost_line(len(wanted), missing, left, now, what=kind, allowance=self.limits.allowance)

    def detail(self, activity_id: int) -> Record:
        """All that Strava knows of one activity: laps, splits and best efforts too."""
        found = next(self.details_of([activity_id]))[1]
        if found is None:
            raise refusal(404)
        return found

    def details_of(
        self, ids: Iterable[int], *, tell: Listener = nobody, cancel: threading.Event | None = None
    ) -> Iterator[tuple[int, Record | None]]:
        """All that Strava knows of many activities, as it comes; None of those that it does not have."""
        asked = self._client.activities_api.get_activity_by_id
        ask = self._asking(lambda activity_id: partial(asked, activity_id))
        return self._puller.each("detail", ids, ask, _record, tell=tell, cancel=cancel)

    def laps(self, activity_id: int) -> list[Record]:
        """The laps of one activity."""
        return self._get(_list, self._client.activities_api.get_laps_by_activity_id, int(activity_id))

    def zones(self) -> Record:
        """The athlete's heart rate and power zones; ScopeMissing without `profile:read_all`."""
        return self._get(_record, self._client.athletes_api.get_logged_in_athlete_zones)

    def gear(self, gear_id: str) -> Record:
        """One bike or pair of shoes."""
        return self._get(_record, self._gears.get_gear_by_id, gear_id)

    def gears(self) -> list[Record]:
        """The athlete's bikes and shoes; without `profile:read_all` those that activities were done with."""
        athlete = self.athlete
        if "bikes" in athlete or "shoes" in athlete:
            owned = [*(athlete.get("bikes") or ()), *(athlete.get("shoes") or ())]
        else:
            used = dict.fromkeys(record.get("gear_id") for record in self.activities(None, None))
            owned = [{"id": gear_id} for gear_id in used if gear_id]
        ask = absent_as(b"{}", self._asking(lambda gear_id: partial(self._gears.get_gear_by_id, gear_id)))
        # What has been taken off the list is not there any more; what is known of it is all there is.
        found = dict(self._caller.gather([known["id"] for known in owned], ask, _record))
        return [known | found[known["id"]] for known in owned]

    def _get(self, understand: Callable[[bytes], V], call: Callable[..., Any], *args: Any) -> V:
        """What one of stravaio's generated calls gave, or one of our errors."""
        ask = self._asking(lambda _: partial(call, *args))
        return next(self._caller.gather([""], ask, understand))[1]

    def _asking(self, call: Callable[[K], Callable[..., Any]]) -> Ask[K]:
        """Makes, for a key, one of stravaio's generated calls, with a token that works."""

        def ask(key: K, renew: bool) -> Answer:
            sent = self._clock()
            told: tuple[int, Mapping[str, str] | None] = (0, None)
            try:
                token = self.access.fresh()
                reply = self._ask(call(key))
                if isinstance(reply, StravaNbError):
                    return Answer(error=reply)
                status, headers, body = reply
                told = status, headers
                if 200 <= status < 300:
                    return Answer(body)
                error = refusal(status, body, headers)
                if renew and status == 401 and isinstance(error, SignInRefused):
                    self.access.refresh(rejected=token)
                    return Answer(renewed=True)
            except StravaNbError as refused:  # The token could not be renewed.
                # Without its frames: they know tokens.
                error = refused.with_traceback(None)
            finally:
                self.limits.answered(told[1], sent, self._clock(), told[0])
            return Answer(error=error)

        return ask

    def _ask(self, call: Callable[..., Any]) -> tuple[int, Mapping[str, str], bytes] | StravaNbError:
        try:
            response = call(_preload_content=False, _request_timeout=TIMEOUT)
            return response.status, response.headers, response.data
        except ApiException as error:
            if error.status:
                return error.status, error.headers, error.body
            return unreachable(urllib3.exceptions.SSLError(), self._url)
        except urllib3.exceptions.HTTPError as error:
            return unreachable(error, self._url)


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
    panel remembered last. (On a page served to others no tokens come from here: they are not the
    visitor's.) An access token alone works until it ends; a refresh token keeps working, also when
    Strava replaces it (the successor is kept). Raises SignInNeeded when there is nothing to sign in
    with.
    """
    here = settings()
    client_id = str(client_id or here.client_id or "").strip()
    client_secret = (client_secret or here.client_secret or "").strip()
    # Never one of yours with one of somebody else's.
    if not access_token and not refresh_token and not here.served:
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
    elif not refresh_token and (kept := Remembered(here.url).latest()):
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
    client._api_client.set_default_header("Accept-Encoding", "gzip")  # A page shrinks to a tenth.
    kept_open = client._api_client.rest_client.pool_manager.connection_pool_kw
    kept_open["retries"] = False
    kept_open["maxsize"] = AT_ONCE
    return client


def _wanted(start: date | None, end: date | None, now: float) -> Span | None:
    """The span that misses no local day's activity; None where there can be none."""
    first = -EVER if start is None else float((start.toordinal() - _EPOCH) * _DAY - _SPARE)
    over = EVER if end is None else float((end.toordinal() - _EPOCH + 1) * _DAY + _SPARE)
    if first - 1 > now or over <= max(first, 0):
        return None
    return first if first > 0 else -EVER, over


def _window(span: Span, now: float) -> dict[str, int]:
    """What to ask for, which gives the newest first: both ends, or no beginning."""
    first, over = span
    after = {} if first == -EVER else {"after": int(first) - 1}
    if over == EVER and not after:
        return {}
    return after | {"before": int(min(over, now + _AHEAD))}


def _clean(token: str | None) -> str:
    """A token without the blanks and quotes that come along when it is copied."""
    token = (token or "").strip().strip("\"'")
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise SignInRefused("That is not a token.", "Copy it anew: it is one word of letters and digits.")
    return token


def _payload(body: bytes) -> Payload:
    payload = parse(body)
    if not isinstance(payload, dict | list):
        raise _not_as_expected()
    return payload


def _record(body: bytes) -> Record:
    record = parse(body)
    if not isinstance(record, dict):
        raise _not_as_expected()
    return record


def _list(body: bytes) -> list[Record]:
    records = parse(body)
    if not isinstance(records, list):
        raise _not_as_expected()
    return records


def _not_as_expected() -> Unreachable:
    return Unreachable("Strava's answer is not what was asked for.", "Try again in a few minutes.")
