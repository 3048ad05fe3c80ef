"""An access token that works, whenever one is asked for.

Apart from `tokens.py` because keeping tokens and renewing them change for different reasons. The
hard part is that a refresh token dies when it is used: who renews holds the store's lock, reads the
store anew (another process may have been first) and saves the successor before anyone uses it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from ..errors import SignInNeeded, SignInRefused, StravaNbError
from .oauth import Application
from .tokens import MemoryStore, Tokens, TokenStore

EARLY = 300
"""Seconds before its end at which a token is renewed."""


class Access:
    """One person's way in: tokens, where they are kept, and the application that may renew them.

    `given` are tokens from outside; what the store keeps is newer and goes first. Without an
    application, or without a refresh token, the access token works until it ends. `on_refused` is told
    when Strava renews it no more. Safe to share between threads; processes that share the store never
    lose each other's tokens.
    """

    def __init__(
        self,
        given: Tokens | None = None,
        *,
        application: Application | None = None,
        store: TokenStore | None = None,
        on_refused: Callable[[SignInRefused], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.application = application
        self.on_refused = on_refused
        self.over = False
        """Whether this sign-in has ended for good: what still comes in is not to be kept."""
        self._store: TokenStore = MemoryStore() if store is None else store
        self._given = given
        self._tokens: Tokens | None = None
        self._athlete_id: int | None = None
        self._clock = clock
        self._renewing = threading.Lock()

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """What was granted; None where nobody said."""
        tokens = self._tokens or self._given
        return tokens.scopes if tokens else None

    @property
    def athlete_id(self) -> int | None:
        """Whose tokens these are; None where nobody said."""
        if self._athlete_id is None:
            tokens = self._tokens or self._store.load() or self._given
            self._athlete_id = tokens.athlete_id if tokens else None
        return self._athlete_id

    def belongs_to(self, athlete_id: int) -> None:
        """Whose tokens these are, where somebody found out; kept with them for the next kernel."""
        if self.athlete_id == athlete_id:
            return
        self._athlete_id = athlete_id
        try:
            with self._renewing, self._store.lock():
                kept = self._store.load()
                if kept is not None and kept.athlete_id is None:
                    self._store.save(replace(kept, athlete_id=athlete_id))
        except (StravaNbError, OSError):
            pass  # The next kernel asks again.

    @property
    def kept(self) -> str:
        """Where the tokens outlive this kernel, in words for the person; "" where they do not."""
        return "" if isinstance(self._store, MemoryStore) else self._store.name

    def keep(self, where: Callable[[Tokens], TokenStore] | None) -> None:
        """Keep the tokens from now on where `where` puts them, or with None in this kernel's memory."""
        with self._renewing, self._store.lock():
            tokens = self._store.load() or self._tokens or self._given
            if tokens is not None:
                self._store = where(tokens) if where else MemoryStore()
                self._tokens = tokens

    def fresh(self) -> str:
        """An access token that lasts for some minutes more.

        Raises SignInNeeded when nobody is signed in (any more), SignInRefused when Strava does not
        renew it, Unreachable without a network.
        """
        tokens = self._tokens
        if tokens is not None and self._lasts(tokens):
            return tokens.access_token
        return self._renew(rejected=None)

    def refresh(self, rejected: str) -> str:
        """Another access token than the one that Strava has just rejected."""
        return self._renew(rejected)

    def revoke(self) -> None:
        """End the sign-in at Strava and forget it here; it is forgotten here even if Strava cannot be told.

        Raises SignInRefused without the client id and secret that telling Strava takes.
        """
        self.over = True
        with self._renewing, self._store.lock():
            tokens = self._store.load() or self._tokens or self._given
            self._store.delete()
            self._tokens = self._given = None
        if tokens is None:
            return
        if self.application is None:
            raise SignInRefused(
                "The token is forgotten here, but ending it at Strava takes the client id and secret.",
                "Take the permission back at Strava under Settings, My Apps.",
            )
        self.application.revoke(tokens.refresh_token or tokens.access_token)

    def _renew(self, rejected: str | None) -> str:
        with self._renewing:
            if self._tokens is not None and self._works(self._tokens, rejected):
                return self._tokens.access_token  # Another thread was first.
            with self._store.lock():
                tokens = self._store.load() or self._tokens or self._given
                if tokens is None:
                    raise SignInNeeded("You are signed out.", "Sign in again with snb.login().")
                if not self._works(tokens, rejected):
                    tokens = self._successor(tokens)
                self._tokens = tokens
                return tokens.access_token

    def _successor(self, tokens: Tokens) -> Tokens:
        try:
            successor = self._renewed(tokens)
        except SignInRefused as error:
            self.on_refused(error)
            if self.application and error.facts.get("refused") == "refresh_token":
                self.over = True
                ended(self.application.url.removesuffix("/oauth"), self.athlete_id)
            raise
        self._tokens = successor  # Should keeping it fail, this kernel at least has it.
        self._store.save(successor)
        return successor

    def _renewed(self, tokens: Tokens) -> Tokens:
        if self.application is None or tokens.refresh_token is None:
            raise SignInRefused(
                "The access token does not work, or no more: one lives for six hours.",
                "Sign in with snb.login(), or set STRAVA_REFRESH_TOKEN with STRAVA_CLIENT_ID and "
                "STRAVA_CLIENT_SECRET, which renew it.",
                status=401,
            )
        return self.application.refresh(tokens)

    def _works(self, tokens: Tokens, rejected: str | None) -> bool:
        return tokens.access_token != rejected and self._lasts(tokens)

    def _lasts(self, tokens: Tokens) -> bool:
        if not tokens.access_token:
            return False
        return tokens.expires_at is None or tokens.expires_at - self._clock() > EARLY


_at_the_end: list[Callable[[str, int], None]] = []


def at_the_end(forget: Callable[[str, int], None]) -> None:
    """Call `forget` with Strava's address and the athlete's id when one's sign-in ends for good.

    By a sign-out, or because Strava renews it no more: what was pulled with it may not stay. Who keeps
    such things says so here, since this room knows none of them.
    """
    _at_the_end.append(forget)


def ended(url: str, athlete_id: int | None) -> None:
    """Say that an athlete's sign-in has ended for good."""
    if athlete_id is not None:
        for forget in _at_the_end:
            forget(url, athlete_id)
