"""The simulated Strava as one object: world, accounts, limits and faults behind one address."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from . import replies
from .accounts import EVERYTHING, SCOPES, Accounts, Grant
from .activity import Activity
from .athlete import Athlete
from .books import AthleteBook, RecordedBook
from .endpoints import Endpoints
from .faults import CANNED, Fault, Faults
from .limits import Limits
from .oauth import OAuth, bearer
from .replies import Refused, Reply, answer, not_found
from .wire import Asked, Server

SECRET = frozenset({"access_token", "client_secret", "code", "refresh_token", "token"})
WELCOME = b"""This is a simulation of Strava. It is not Strava, and its athlete does not exist.
Sign-in lies under /oauth, the API under /api/v3. POST /simulator/faults takes {"kind": "429", "times": 1}.
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that arrived, as far as it may be told: its query without tokens, codes and secrets."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    """0 where the connection was cut instead of an answer."""


class Simulator:
    """A Strava that is not Strava, at `url` from `start` to `stop` (or inside a `with`).

    The same `seed`, `today` and `activities` give the same athlete; ids, secrets and tokens are new for
    each instance. `latency` is what each call of the API waits, in seconds. `limits` are the reads per
    (15 minutes, day), twice that for all calls; None refuses nobody. `records` is a folder of recorded
    activities to answer with instead of the athlete's. `now` gives the epoch seconds by which tokens,
    codes and limits end; a test may set it.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        today: date | None = None,
        activities: int | None = None,
        latency: float = 0.0,
        limits: tuple[int, int] | None = None,
        records: str | Path | None = None,
        port: int = 0,
    ) -> None:
        self.now: Callable[[], float] = time.time
        self.latency = latency
        self.athlete: Athlete | None = None
        if records is None:
            self.athlete = Athlete(seed=seed, today=today or date.today(), activities=activities)
        self._book = AthleteBook(self.athlete) if self.athlete else RecordedBook(Path(records or ""))
        self.faults = Faults()
        self._limits = Limits(limits)
        self._accounts = Accounts(self._clock)
        self._oauth = OAuth(self._accounts, lambda: self._book.athlete(detailed=False), self._clock)
        self._endpoints = Endpoints(self._book, self.faults, self._clock)
        self._ready = self.grant(EVERYTHING)
        self._port = port
        self._server: Server | None = None
        self._thread: Thread | None = None
        self._stopping = Event()
        self._calls: list[Call] = []
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<Simulator {self.url if self._server else 'not started'}>"

    # --- running

    def start(self) -> Self:
        """Listen; returns at once."""
        if self._server is None:
            self._stopping.clear()
            self._server = Server(self._port, self._respond)
            self._thread = Thread(
                target=self._server.serve_forever, args=(0.02,), daemon=True, name="simulated-strava"
            )
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and cut off who still waits; a second time does nothing."""
        if self._server is not None and self._thread is not None:
            self._stopping.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- what a caller needs to know

    @property
    def url(self) -> str:
        """The address; sign-in lies under /oauth, the API under /api/v3."""
        if self._server is None:
            raise RuntimeError("The simulated Strava is not running.")
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def client_id(self) -> str:
        """The one application's id."""
        return self._accounts.client_id

    @property
    def client_secret(self) -> str:
        """The one application's secret."""
        return self._accounts.client_secret

    @property
    def access_token(self) -> str:
        """A token with all scopes, there from the beginning."""
        return self._ready.access_token

    @property
    def refresh_token(self) -> str:
        """What renews that token, once."""
        return self._ready.refresh_token

    @property
    def calls(self) -> list[Call]:
        """What has been asked so far, in the order of the answers."""
        with self._lock:
            return list(self._calls)

    # --- what a person or Strava does

    def grant(self, scope: str = "read,activity:read_all,profile:read_all") -> Grant:
        """A further sign-in, without a browser."""
        scopes = scope.split(",")
        if not set(scopes) <= SCOPES.keys():
            raise ValueError(f"There are these scopes: {', '.join(SCOPES)}.")
        return self._accounts.grant(scopes)

    def authorize(self, address: str, *, scopes: Sequence[str] | None = None, cancel: bool = False) -> str:
        """Do what a person does on the authorize page: the address that the browser is sent back to.

        `scopes` are the ones left ticked (None: all that were asked for). ValueError where the page is
        not shown: the address is another's, or Strava would have refused it.
        """
        if not address.startswith(f"{self.url}/oauth/authorize?"):
            raise ValueError("This is not the address of this simulation's authorize page.")
        self._fetch("GET", address)
        asked = dict(parse_qsl(urlsplit(address).query)).get("scope", "").split(",")
        ticked = [("scope", scope) for scope in asked if scopes is None or scope in scopes]
        return self._fetch("POST", address, [("action", "cancel" if cancel else "authorize"), *ticked])

    def tokens(self) -> set[str]:
        """Every token that was ever given out, for whoever searches for one where none should be."""
        return set(self._accounts.given)

    def expire_tokens(self) -> None:
        """Every access token ends now; refresh tokens live on."""
        self._accounts.expire()

    def revoke_all(self) -> None:
        """Everyone is signed out, as from Strava's settings page."""
        self._accounts.revoke_all()

    # --- what happens meanwhile

    def add_activity(self, **values: Any) -> Activity:
        """A new activity, begun now unless `start` says otherwise: the newest one's twin but for `values`."""
        twin = self._world.newest()
        begun = max(datetime.fromtimestamp(int(self._clock()), UTC), twin.start + timedelta(days=1))
        fresh: dict[str, Any] = {"id": twin.id + 1_000_000, "start": begun}
        activity = replace(twin, **fresh | values)
        offset = activity.start.astimezone(ZoneInfo(activity.timezone)).utcoffset() or timedelta()
        activity = replace(activity, utc_offset=int(offset.total_seconds()))
        self._world.add(activity, like=twin)
        return activity

    def edit_activity(self, activity_id: int, **values: Any) -> Activity:
        """An activity with some of its values replaced."""
        activity = replace(self._world.activity(activity_id), **values)
        self._world.change(activity)
        return activity

    def delete_activity(self, activity_id: int) -> None:
        """An activity less; the pages behind it move up."""
        self._world.remove(activity_id)

    @property
    def _world(self) -> AthleteBook:
        if not isinstance(self._book, AthleteBook):
            raise RuntimeError("Recorded activities stay as they are.")
        return self._book

    # --- answering

    def _respond(self, asked: Asked) -> Reply | None:
        reply = self._reply(asked)
        told = {name: value for name, value in asked.query.items() if name not in SECRET}
        with self._lock:
            self._calls.append(Call(asked.method, asked.path, told, reply.status if reply else 0))
        return reply

    def _reply(self, asked: Asked) -> Reply | None:
        if asked.path == "/":
            return Reply(200, WELCOME, replies.TEXT)
        if asked.path == "/simulator/faults":
            return self._steer(asked)
        # Strava's own description has sign-in under /api/v3/oauth too.
        path = asked.path.removeprefix("/api/v3")
        is_api = path != asked.path and not path.startswith("/oauth/")
        fault = self.faults.take(path) if is_api or path.startswith("/oauth/") else None
        kind = fault.kind if fault else ""
        wait = (self.latency if is_api else 0.0) + (fault.seconds if fault and kind == "slow" else 0.0)
        if kind == "cut_connection" or (wait > 0 and self._stopping.wait(wait)):
            return None
        try:
            if is_api:
                reply = self._api(asked, path, fault)
            elif fault and kind in CANNED:
                reply = CANNED[kind]
            else:
                reply = self._oauth.respond(asked, path)
        except Refused as refused:
            reply = refused.reply
        return replace(reply, whole=False) if kind == "cut_body" else reply

    def _api(self, asked: Asked, path: str, fault: Fault | None) -> Reply:
        kind = fault.kind if fault else ""
        token = bearer(asked)
        if kind == "expired_token" and token:
            self._accounts.expire(token)
        scopes = self._accounts.scopes(token)
        usage = self._limits.count(self._clock(), read=asked.method == "GET")
        if kind in CANNED:
            reply = CANNED[kind]
            if reply.status == 429:
                usage = usage.used_up(day=kind == "429_day")
        elif usage.refused:
            reply = replies.RATE_LIMITED
        else:
            try:
                if asked.method != "GET":
                    raise not_found("resource", "path", "invalid")
                reply = self._endpoints.get(path, asked.query, scopes)
            except Refused as refused:
                reply = refused.reply
        headers = usage.headers()
        if kind == "lower_case_headers":
            headers = tuple((name.lower(), value) for name, value in headers)
        if kind in ("no_limit_headers", "429_old"):
            headers = ()
        return replace(reply, headers=headers)

    def _steer(self, asked: Asked) -> Reply:
        if asked.method == "DELETE":
            self.faults.clear()
        elif asked.method == "POST":
            try:
                self.faults.add(**json.loads(asked.body))
            except (TypeError, ValueError) as error:
                return answer({"message": str(error)}, 400)
        return answer(self.faults.waiting())

    def _fetch(self, method: str, address: str, form: list[tuple[str, str]] | None = None) -> str:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        try:
            body = urlencode(form) if form else None
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
            connection.request(method, f"{parts.path}?{parts.query}", body, kind)
            response = connection.getresponse()
            text = response.read().decode()
            if response.status not in (200, 302):
                raise ValueError(f"The authorize page was refused with status {response.status}: {text}")
            return response.getheader("Location", "")
        finally:
            connection.close()

    def _clock(self) -> float:
        return self.now()
