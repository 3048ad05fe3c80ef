"""A kernel's sign-in: signed out → waiting → signed in, or failed with a way on; or an export in its place.

Knows no widgets: a panel watches it and says what it is. The registry at the end keeps one session for
each Strava that a kernel talks to, so that running a cell again stays signed in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import BadInput, SignInRefused, StravaNbError
from ..settings import API_SETTINGS_PAGE, settings
from .access import Access, ended
from .callback import Callback, Said
from .oauth import Application, new_state, read_redirect
from .remembered import Person, Remembered

PATIENCE = 600
"""Seconds after which a press of Connect that nobody answered counts as given up."""


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Nobody is signed in, and nobody is missed: the demo athlete stands in."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Connect was pressed; Strava's page is open somewhere. `until` in epoch seconds.

    `after` is the failure that this tries to mend: no demo comes in its place while it is tried.
    """

    until: float
    after: StravaNbError | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is signed in. `kept` says where it is remembered, "" where it is not."""

    access: Access = field(repr=False)
    person: Person | None = None
    kept: str = ""

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """What was granted; None where nobody said."""
        return self.access.scopes


@dataclass(frozen=True, slots=True)
class Failed:
    """A sign-in that was refused, came too late or has ended; no demo in its place."""

    error: StravaNbError


@dataclass(frozen=True, slots=True)
class Opened:
    """An export was chosen in place of a sign-in: the `source` that it is, and what to do once it is left."""

    source: Any
    leave: Callable[[], None]


_OF_AN_APPLICATION = ("client_id", "client_secret", "")
"""What Strava names when it does not know an application."""

State = SignedOut | Waiting | SignedIn | Failed | Opened


class Session:
    """One person's sign-in at the Strava whose address is `url`. Safe to use from several threads."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.url = url
        self.remembered = Remembered(url)
        self.adopted: str | None = None
        """A hash of the tokens that were last adopted from the environment."""
        self._patience = patience
        self._state: State = SignedOut()
        self._application: Application | None = None
        self._offered: _Attempt | None = None
        self._pressed: _Attempt | None = None
        self._remember = False
        self._untouched = True
        self._watchers: list[Callable[[State], None]] = []
        self._lock = threading.RLock()

    @property
    def state(self) -> State:
        """Where the sign-in stands."""
        return self._state

    @property
    def untouched(self) -> bool:
        """Whether nobody has signed in or out yet, so that a silent try goes against nobody's wish."""
        return self._untouched

    @property
    def knows_application(self) -> bool:
        """Whether a client id and secret are at hand and need not be typed."""
        here = settings()
        return self._application is not None or bool(here.client_id and here.client_secret)

    @property
    def offered(self) -> str | None:
        """The address that Connect leads to now; None where it leads nowhere."""
        offered = self._offered
        return None if offered is None or offered.used else offered.address

    @property
    def remembering(self) -> bool:
        """Whether the next sign-in will be remembered."""
        return self._remember

    def watch(self, watcher: Callable[[State], None]) -> Callable[[], None]:
        """Tell `watcher` of every new state, in whichever thread it came about; the result ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher) if watcher in self._watchers else None

    def offer(self, client_id: str | None = None, client_secret: str | None = None) -> str:
        """The address for a Connect link, whose listener is open from now on, before anyone presses.

        The client id and secret are those given, else those of this session or the environment. Raises
        BadInput where they cannot be meant. Asked again, it is the same address until it is pressed.
        """
        with self._lock:
            given = client_id is not None or client_secret is not None
            if not given and self.offered:
                return self.offered
            if given or self._application is None:
                here = settings()
                self._application = _application(
                    f"{self.url}/oauth",
                    client_id if given else here.client_id,
                    client_secret if given else here.client_secret,
                )
            if self._offered:
                self._offered.close()
            # Who is signed in already wants another permission or another athlete: Strava must ask.
            force = isinstance(self._state, SignedIn)
            self._offered = _Attempt(self._application, self._arrived, force=force)
            return self._offered.address

    def pressed(self) -> str:
        """Connect was pressed: wait for its answer, and give the address for the next press."""
        with self._lock:
            if self._offered is None:
                raise BadInput("Connect was pressed before it was ready.", "Press it again.")
            if self._pressed:
                self._pressed.close()
            self._pressed, self._offered = self._offered, None
            self._pressed.expect(self._patience, self._too_late)
            address = self.offer()
        state = self._state
        if not isinstance(state, SignedIn):
            after = state.error if isinstance(state, Failed) else getattr(state, "after", None)
            state = Waiting(time.time() + self._patience, after)
        self._enter(state)  # Also where nothing changed: whoever shows the address needs the next one.
        return address

    def paste(self, address: str) -> Person:
        """Sign in with the address that Strava's page led to, where the listener cannot be reached.

        Raises SignInRefused when it is not one, or not that of this sign-in.
        """
        with self._lock:
            attempts = [attempt for attempt in (self._pressed, self._offered) if attempt]
        if not attempts:
            raise SignInRefused("No sign-in is under way.", "Press Connect first.")
        mine = next((attempt for attempt in attempts if attempt.state in address), attempts[0])
        return self._arrived(mine, address)

    def adopt(self, access: Access, person: Person | None = None) -> None:
        """Be signed in with tokens from elsewhere: the environment, or a remembered sign-in."""
        access.on_refused = self._noticing(access)
        if person:
            access.belongs_to(person.athlete_id)
        self._enter(SignedIn(access, person, access.kept))

    def introduce(self, person: Person) -> None:
        """Say who is signed in, where the tokens did not."""
        state = self._state
        if isinstance(state, SignedIn) and state.person is None:
            state.access.belongs_to(person.athlete_id)
            self._enter(SignedIn(state.access, person, state.kept))

    def resume(self, person: Person) -> bool:
        """Sign in as somebody remembered; False if what was remembered is gone."""
        sign_in = self.remembered.recall(person)
        if sign_in is None:
            return False
        with self._lock:
            self._application = sign_in.application
        store = sign_in.store
        self.adopt(Access(store.load(), application=sign_in.application, store=store), person)
        return True

    def remember(self, wanted: bool) -> None:
        """Remember this sign-in for all notebooks from now on, or no more; a guest's never is."""
        if settings().guests:
            return
        self._remember = wanted
        state = self._state
        if not isinstance(state, SignedIn) or state.person is None or state.access.application is None:
            return
        person, application = state.person, state.access.application
        if wanted and not state.kept:
            state.access.keep(lambda tokens: self.remembered.keep(person, application, tokens))
        elif not wanted:
            state.access.keep(None)
            self.remembered.forget(person)
        self._enter(SignedIn(state.access, state.person, state.access.kept))

    def sign_out(self) -> None:
        """End the sign-in at Strava and forget it here; a deliberate end, after which the demo is back.

        What was pulled with it is deleted too. It is forgotten here even if Strava cannot be told, which
        is then raised.
        """
        state = self._state
        athlete_id = state.access.athlete_id if isinstance(state, SignedIn) else None
        with self._lock:
            self._close_attempts()
            self._remember = False
            if isinstance(state, SignedIn):
                self._application = None
        self._enter(SignedOut())
        if isinstance(state, SignedIn):
            try:
                state.access.revoke()
            finally:
                if state.person:
                    self.remembered.forget(state.person)
                ended(self.url, athlete_id)

    def open(self, source: Any, leave: Callable[[], None]) -> None:
        """An export was chosen; `leave` is called when another door is, or at sign-out."""
        with self._lock:
            self._close_attempts()
        self._enter(Opened(source, leave))

    def fail(self, error: StravaNbError) -> None:
        """The sign-in does not work, or no more."""
        self._enter(Failed(error))

    def close(self) -> None:
        """Stop listening and forget who watches."""
        with self._lock:
            self._close_attempts()
            self._watchers.clear()

    def _arrived(self, attempt: _Attempt, address: str) -> Person:
        redirect_error: SignInRefused | None = None
        try:
            redirect = read_redirect(address, state=attempt.state)
        except SignInRefused as error:
            if error.facts.get("reason") not in ("denied", "no code"):
                raise  # Not this sign-in's answer: the listener waits on.
            redirect_error = error
        with self._lock:
            if not attempt.use():
                raise SignInRefused("This sign-in has been answered already.", "Press Connect for another.")
        try:
            if redirect_error:
                raise redirect_error
            tokens, athlete = attempt.application.exchange(redirect)
        except StravaNbError as error:
            if error.facts.get("refused") in _OF_AN_APPLICATION:
                with self._lock:  # It is to be typed anew, and Connect would lead to the same.
                    self._application = None
                    self._close_attempts()
            if not isinstance(self._state, SignedIn):  # A second athlete's no is not the first one's.
                self.fail(error)
            raise
        person = Person.from_athlete(athlete or {"id": tokens.athlete_id or 0})
        access = Access(tokens, application=attempt.application)
        if self._remember:
            access.keep(lambda kept: self.remembered.keep(person, attempt.application, kept))
        with self._lock:
            self._close_attempts()
            self._remember = False  # Who signs in next has not been asked yet.
        self.adopt(access, person)
        return person

    def _noticing(self, access: Access) -> Callable[[SignInRefused], None]:
        """What hears that Strava renews this sign-in no more."""

        def refused(error: SignInRefused) -> None:
            state = self._state
            if isinstance(state, SignedIn) and state.access is access:
                if state.person and state.kept:  # Dead for good: do not trip over it in the next notebook.
                    self.remembered.forget(state.person)
                self.fail(error)

        return refused

    def _too_late(self, attempt: _Attempt) -> None:
        with self._lock:
            if attempt is not self._pressed or not attempt.use():
                return
        if isinstance(self._state, Waiting):
            self.fail(
                SignInRefused(
                    f"Nobody pressed Authorize within {self._patience / 60:.0f} minutes.",
                    "Press Connect to try again.",
                )
            )

    def _close_attempts(self) -> None:
        for attempt in (self._offered, self._pressed):
            if attempt:
                attempt.close()
        self._offered = self._pressed = None

    def _enter(self, state: State) -> None:
        with self._lock:
            before, self._state = self._state, state
            self._untouched = False
            watchers = list(self._watchers)
        if isinstance(before, Opened) and not isinstance(state, Opened):
            before.leave()
        for watcher in watchers:
            watcher(state)


class _Attempt:
    """One press of Connect: a state, the listener it comes back to, and the address it leads to."""

    def __init__(
        self, application: Application, arrived: Callable[[_Attempt, str], Person], *, force: bool
    ) -> None:
        self.application = application
        self.state = new_state()
        self._arrived = arrived
        self.used = False
        self._timer: threading.Timer | None = None
        self._callback = Callback(self._take)
        self.address = application.authorize_address(self._callback.redirect_uri, self.state, force=force)

    def expect(self, seconds: float, too_late: Callable[[_Attempt], None]) -> None:
        self._timer = threading.Timer(seconds, too_late, [self])
        self._timer.daemon = True
        self._timer.start()

    def use(self) -> bool:
        """Whether this was its first answer; there is no second one."""
        used, self.used = self.used, True
        self.close()
        return not used

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._callback.close()

    def _take(self, address: str) -> Said:
        person = self._arrived(self, address)
        return Said(f"Signed in as {person.name}", "You can close this tab and go back to your notebook.")


def _application(url: str, client_id: str | None, client_secret: str | None) -> Application:
    client_id, client_secret = (client_id or "").strip(), (client_secret or "").strip()
    where = f"Both stand at {API_SETTINGS_PAGE}."
    if not client_id or not client_secret:
        raise BadInput("Signing in takes a client id and a client secret.", where)
    if not client_id.isdecimal():
        if client_secret.isdecimal():
            raise BadInput("The client id and the client secret are swapped.", "Exchange the two.")
        raise BadInput("A client id is a number.", where)
    if client_secret.isdecimal() or not client_secret.isalnum():
        raise BadInput("That is not a client secret: one is 40 letters and digits long.", where)
    return Application(url, client_id, client_secret)


_sessions: dict[str, Session] = {}
_registering = threading.Lock()


def session() -> Session:
    """This kernel's one session at the Strava of the settings."""
    url = settings().url
    with _registering:
        if url not in _sessions:
            _sessions[url] = Session(url)
        return _sessions[url]


def reset() -> None:
    """Forget every session of this kernel, so that a test begins with none."""
    with _registering:
        for one in _sessions.values():
            one.close()
        _sessions.clear()
