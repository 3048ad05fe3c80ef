"""The sign-in panel as a piece of page: what the session's state looks like, and what its buttons do.

Apart from `login.py`, which knows what source all this leads to.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from typing import Any

import traitlets

from ..errors import BadExport, SignInRefused, StravaNbError
from ..settings import API_SETTINGS_PAGE, EXPORT_PAGE, settings
from ..signin.oauth import not_granted
from ..signin.remembered import Person
from ..signin.session import Failed, Opened, Session, SignedIn, SignedOut, State, Waiting
from ..sources import kept_thresholds
from ..sources.kept_thresholds import Whose
from . import words
from .base import beside
from .export_card import ExportCard

PAUSES = (0.2, 0.5, 1, 2, 4, 8, 16)
"""Seconds between tries to tell a page that cannot answer, while a cell runs, where Connect leads."""


class Panel(ExportCard):
    """What a person sees of one session: three doors, or who is signed in.

    `demo` says whether the demo athlete stands in before anyone has chosen. The addresses of Connect
    carry a state, so they are sent, not synced; nothing in the synced traits is secret.
    """

    _esm = beside("base.js", "zip.js", "export_card.js", "panel.js")
    _css = beside("base.css", "panel.css", "export_card.css")
    words = traitlets.Dict(words.PANEL).tag(sync=True)
    links = traitlets.Dict({"api": API_SETTINGS_PAGE, "export": EXPORT_PAGE}).tag(sync=True)

    def __init__(self, session: Session, *, demo: bool = True) -> None:
        super().__init__(session)
        self._demo = demo
        self.demo_chosen = False
        self._was = session.state
        self._heard = threading.Event()
        me = weakref.ref(self)
        if settings().on_voila:
            self.words = words.on_the_page(self.words)
        self._unwatch_thresholds = kept_thresholds.watch(
            lambda: panel.show(thresholds=panel._has_thresholds()) if (panel := me()) else None
        )
        self._unwatch = session.watch(lambda state: panel._follow(state) if (panel := me()) else None)
        self._draw()
        threading.Thread(target=self._tell_until_heard, name="strava-nb panel", daemon=True).start()

    @property
    def state(self) -> State:
        """Where the sign-in stands for this panel: signed out, too, once the demo athlete is chosen."""
        return SignedOut() if self.demo_chosen else self._session.state

    @property
    def shows_demo(self) -> bool:
        """Whether the demo athlete is the source, by choice or in someone's stead."""
        state = self.state
        if isinstance(state, Waiting):
            return self._demo and state.after is None
        return isinstance(state, SignedOut) and (self._demo or self.demo_chosen)

    def choose_demo(self) -> None:
        """Let the demo athlete be the source, until somebody signs in."""
        if isinstance(self._session.state, Waiting | Failed):
            self._session.sign_out()
        self.demo_chosen = True
        self._draw()

    def close(self) -> None:
        """Close, and follow the session no more."""
        self._heard.set()
        self._unwatch()
        self._unwatch_dates()
        self._unwatch_thresholds()
        super().close()

    # --- what the page sends

    def on_ready(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        """A page shows the panel, and listens from now on."""
        super().on_ready(content, buffers)
        self._heard.set()
        self._tell_address()
        self._look_again()

    def on_application(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """A client id and secret were typed."""
        self._session.offer(str(content.get("client_id", "")), str(content.get("client_secret", "")))
        self._draw()

    def on_offer(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """Who is signed in wants to sign in anew."""
        self._session.offer()
        self._draw()

    def on_pressed(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """Connect was pressed. Of an address that is offered no more, it is old news."""
        if content.get("address") == self._session.offered:
            self._session.pressed()

    def on_paste(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """The address of the page that came after Authorize was pasted."""
        try:
            self._session.paste(str(content.get("address", "")))
        except StravaNbError:
            if not isinstance(self._session.state, Failed):  # Else the panel says it already.
                raise

    def on_remember(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """The box Remember me was ticked, or not any more."""
        self._session.remember(content.get("on") is True)
        self._draw()

    def on_resume(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """Somebody remembered wants to go on."""
        for person in self._session.remembered.people():
            if person.athlete_id == content.get("athlete_id") and not self._session.resume(person):
                self._session.remembered.forget(person)
                self._draw()
                what, to_do = words.GONE
                raise SignInRefused(what.format(name=person.name), to_do)

    def on_sign_out(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """Sign out was pressed."""
        closed = isinstance(self._session.state, Opened)
        try:
            self._session.sign_out()
        except StravaNbError:
            self._draw(notice=words.SIGNED_OUT_HERE)
            raise
        self._draw(notice=words.CLOSED if closed else words.SIGNED_OUT)

    def on_forget_thresholds(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """What the athlete entered of their thresholds is to be deleted."""
        if whose := self._whose():
            kept_thresholds.forget(whose)

    def on_demo(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """The demo athlete was chosen."""
        self.choose_demo()

    # --- what the page shows

    def _follow(self, state: State) -> None:
        """Called by the session, from any thread."""
        notice = ""
        if isinstance(state, SignedOut):
            notice = {SignedIn: words.ENDED, Opened: words.CLOSED}.get(type(self._was), "")
        else:
            self.demo_chosen = False
        self._was = state
        self._draw(notice=notice)

    def _draw(self, notice: str = "") -> None:
        with self._showing:  # From asking how it stands to showing it, or an older state could come last.
            problem = self._make_address()
            look = {**self._look(), "notice": notice}
            look = words.on_the_page(look) if settings().on_voila else look
            self.show(**look, problem=None, bar=self.view.get("bar"))
            if problem:
                self.show_problem(problem, where="application")
            self._tell_address()

    def _make_address(self) -> Exception | None:
        """Have Connect lead somewhere before anyone presses it; why it cannot, if it cannot."""
        try:
            if self._session.knows_application and not isinstance(self.state, SignedIn | Opened):
                self._session.offer()
        except (StravaNbError, OSError) as error:
            return error
        return None

    def _tell_address(self) -> None:
        self.send({"type": "address", "address": self._session.offered or ""})

    def _tell_until_heard(self) -> None:
        """What is sent before the page has loaded is lost, and the page cannot ask while a cell runs."""
        for pause in PAUSES:
            if self._heard.wait(pause):
                return
            self._tell_address()

    def _look(self) -> dict[str, Any]:
        state = self.state
        guest = _guest()
        person = state.person if isinstance(state, SignedIn) else None
        people = self._session.remembered.people()
        return {
            "state": _NAMES[type(state)],
            "status": self._status(state, guest),
            "what_next": self._what_next(state),
            "failure": _failure(state),
            "signed_in": _signed_in(state) if isinstance(state, SignedIn) else None,
            "people": [
                {"id": one.athlete_id, "label": words.CONTINUE.format(who=words.person(one.name, one.place))}
                for one in people
                if one != person
            ],
            "remember": _remember(state, self._session, people) if not guest else None,
            "known": self._session.offered is not None
            or (isinstance(state, SignedIn) and self._session.knows_application),
            "shows_demo": self.shows_demo,
            **self._look_around(),
            "opened": self._look_opened() if isinstance(state, Opened) else None,
            "guest": guest,
            "thresholds": self._has_thresholds(),
        }

    def _whose(self) -> Whose | None:
        """The athlete who was chosen, as far as it is known without asking Strava."""
        state = self.state
        if isinstance(state, Opened):
            return kept_thresholds.whose(state.source)
        if isinstance(state, SignedIn) and state.person:
            return Whose(self._session.url, str(state.person.athlete_id), True)
        return None

    def _has_thresholds(self) -> bool:
        return (whose := self._whose()) is not None and kept_thresholds.is_kept(whose)

    def _status(self, state: State, guest: str) -> str:
        match state:
            case Waiting():
                return words.WAITING_GUEST if guest else words.WAITING
            case SignedIn(person=person):
                return words.SIGNED_IN.format(name=person.name) if person else words.SIGNED_IN_SOMEBODY
            case Failed(error=error):
                return words.NOT_OPENED if isinstance(error, BadExport) else words.FAILED
            case Opened():
                return words.OPENED
        standing_in = words.OUT_DEMO if self._demo else words.OUT
        return words.OUT_DEMO_CHOSEN if self.demo_chosen else standing_in

    def _what_next(self, state: State) -> str:
        here = settings()
        if here.on_voila:
            mine = isinstance(state, SignedIn | Opened)
            return _on_voila(state, guest=here.guests) if mine else ""
        if isinstance(state, SignedIn | Opened):
            return words.SEE_YOUR_OWN
        return words.SEE_THE_DEMO if self.demo_chosen else ""


_NAMES = {SignedOut: "out", Waiting: "waiting", SignedIn: "in", Failed: "failed", Opened: "opened"}


def _guest() -> str:
    """What a guest is told of whose computer this is, "" for its owner."""
    here = settings()
    return words.BINDER if here.on_binder else words.SERVED if here.served else ""


def _on_voila(state: State, *, guest: bool) -> str:
    """How to see one's own where there are no cells to run: by a reload, if that finds them again."""
    if guest:
        return words.MADE_BEFORE
    kept = isinstance(state, Opened) or (isinstance(state, SignedIn) and bool(state.kept))
    return words.RELOAD if kept else words.REMEMBER_AND_RELOAD


def _failure(state: State) -> dict[str, str] | None:
    """What went wrong, and the door that it went wrong at."""
    error = state.error if isinstance(state, Failed) else None
    if error is None:
        return None
    door = "export" if isinstance(error, BadExport) else "account"
    return {"what": error.what, "to_do": error.to_do, "door": door}


def _signed_in(state: SignedIn) -> dict[str, Any]:
    scopes = state.scopes
    return {
        "place": state.person.place if state.person else "",
        "door": words.DOOR,
        "granted": [words.GRANTED.get(scope, scope) for scope in scopes or ()] or [words.GRANT_UNKNOWN],
        "missing": not_granted(scopes),
        "kept": words.KEPT.format(where=state.kept) if state.kept else words.NOT_KEPT,
    }


def _remember(state: State, session: Session, people: list[Person]) -> dict[str, bool] | None:
    """The box Remember me; None where there is nothing to choose."""
    if not isinstance(state, SignedIn):
        return {"on": session.remembering}
    if state.person is None or state.access.application is None:
        return None
    # A token of the environment has a successor on disk that must stay, whatever anyone ticks.
    mine = any(one.athlete_id == state.person.athlete_id for one in people)
    return {"on": bool(state.kept)} if mine or not state.kept else None
