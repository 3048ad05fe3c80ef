"""The sign-in panel as notebooks know it: whose activities they are about."""

from __future__ import annotations

import hashlib
import threading
import weakref
from copy import copy
from typing import ClassVar
from weakref import WeakValueDictionary

import ipywidgets
import pandas as pd

from ..errors import SignInNeeded, StravaNbError
from ..pull import get_activities
from ..settings import settings
from ..signin.access import Access
from ..signin.remembered import Person
from ..signin.session import Failed, Opened, Session, SignedIn, session
from ..sources.api import ApiSource, open_api
from ..sources.demo import open_demo
from ..sources.last_export import last_export, leave
from ..sources.source import Source
from . import words
from .panel import Panel
from .pulling import units_of
from .typed import sign_in_typed
from .year import YearButton


class Login(ipywidgets.VBox):
    """The panel with the three doors, and through it the source that was chosen.

    As a cell's last expression it shows itself. All panels of a kernel show the same sign-in.
    """

    panel_type: ClassVar[type[Panel]] = Panel
    offers_year: ClassVar[bool] = True

    def __init__(self, *, demo: bool = True) -> None:
        self.session: Session = session()
        self._demo: ApiSource | None = None
        self._account: ApiSource | None = None
        self.panel = self.panel_type(self.session, demo=demo)
        self.year = YearButton(self._every_year)
        self.year.put_away(hidden=True)
        self._door: object = None
        super().__init__([self.panel, self.year] if self.offers_year else [self.panel])
        me = weakref.ref(self)
        self.panel.observe(lambda _: one._look_at_door() if (one := me()) else None, names="view")

    @property
    def source(self) -> Source:
        """The chosen source, account or export; before anyone has chosen, the demo athlete.

        With `demo=False` it is SignInNeeded then.

        Raises what went wrong for as long as a sign-in has failed, was revoked or has ended: the demo
        athlete never comes in a person's stead.
        """
        state = self.panel.state
        if isinstance(state, Opened):
            export: Source = state.source
            return export
        if isinstance(state, SignedIn):
            self._account = _source(state.access, self.session)
            return self._account
        self._account = None
        error = state.error if isinstance(state, Failed) else getattr(state, "after", None)
        if error is not None:
            raise copy(error)
        if not self.panel.shows_demo:
            raise SignInNeeded(*words.NOBODY)
        if self._demo is None:
            self._demo = open_demo()
        return self._demo

    def _look_at_door(self) -> None:
        """Offer the year of who was chosen; what was made of another athlete's goes."""
        state = self.panel.state
        chosen = isinstance(state, SignedIn | Opened) or self.panel.demo_chosen
        door = (type(state), getattr(state, "access", None) or getattr(state, "source", None), chosen)
        if door != self._door:
            self._door = door
            self.year.put_away(hidden=not chosen)

    def _every_year(self) -> pd.DataFrame:
        """All there is, since a year is compared with the one before, and others can be chosen."""
        source = self.source
        self.year.units = units_of(source)
        return get_activities(source, progress=self.year.tell, cancel=self.year.cancel)

    def close(self) -> None:
        """Close the panel and the button too."""
        self.panel.close()
        self.year.close()
        super().close()


def login(*, demo: bool = True, typed: bool = False) -> Login:
    """The sign-in panel; its `.source`, or the panel itself, is what `get_activities` takes.

    Silently first: the demo athlete where STRAVA_NB_DEMO=1 says so; tokens in the environment; this
    kernel's choice; the export that was open last; the sign-in remembered last. (On a page served to others
    neither those tokens nor anything kept here: it is not the visitor's.) Else the panel shows
    three doors: your Strava export, your Strava account, and the demo athlete, who stands in until you
    choose (`demo=False`: nobody does). Running the cell again stays signed in. `typed` asks with `input`
    and `getpass` instead, for places that show no widgets; it raises SignInRefused where Strava or its
    page says no.
    """
    panel = _login(demo)
    sign_in_silently(panel)
    if typed and not panel.panel.demo_chosen and not isinstance(panel.session.state, SignedIn | Opened):
        sign_in_typed(panel.session)
    return panel


_logins: dict[tuple[str, bool], Login] = {}
_sources: WeakValueDictionary[int, ApiSource] = WeakValueDictionary()
_making = threading.Lock()


def _login(demo: bool) -> Login:
    """One panel a kernel, shown wherever its cell is run: the toolkit keeps every panel it ever made."""
    here = session()
    with _making:
        known = _logins.get((here.url, demo))
        if known is not None and known.session is here and known.comm is not None:
            return known
        made = _logins[here.url, demo] = Login(demo=demo)
    if known is not None:
        known.close()
    return made


def sign_in_silently(login: Login) -> None:
    """Choose the door that asks nobody anything: see `login`."""
    here, me = settings(), login.session
    if here.demo:
        login.panel.choose_demo()
    elif (here.access_token or here.refresh_token) and not here.served:
        _adopt_environment(me, f"{here.access_token}\n{here.refresh_token}")
    elif me.untouched:
        if (last := last_export()) and last.chosen:
            try:
                me.open(last.open(), leave)
            except StravaNbError as error:  # It was moved: the demo athlete is not to come in its place.
                me.fail(error)
        elif people := me.remembered.people():
            me.resume(people[0])


def _adopt_environment(me: Session, tokens: str) -> None:
    """Sign in with the environment's tokens: once, or who signs out would be signed in by the next run."""
    key = hashlib.sha256(tokens.encode()).hexdigest()
    if me.adopted == key and not isinstance(me.state, Failed):
        return
    me.adopted = key
    try:
        source = open_api()
    except StravaNbError as error:
        me.fail(error)
        return
    with _making:
        _sources[id(source.access)] = source
    me.adopt(source.access)
    threading.Thread(target=_introduce, args=(me, source), name="strava-nb who", daemon=True).start()


def _introduce(me: Session, source: ApiSource) -> None:
    """Ask Strava who it is; meanwhile the notebook goes on."""
    problem: StravaNbError | None = None
    try:
        person = Person.from_athlete(source.athlete)
    except StravaNbError as error:
        problem = error
    state = me.state
    if not isinstance(state, SignedIn) or state.access is not source.access:
        return  # Signed out meanwhile, or refused already.
    if problem is None:
        me.introduce(person)
    else:
        me.fail(problem)


def _source(access: Access, me: Session) -> ApiSource:
    """One source for each sign-in, since each has five threads of stravaio's."""
    with _making:
        source = _sources.get(id(access))
        if source is None:
            source = _sources[id(access)] = ApiSource(access, url=f"{me.url}/api/v3")
        return source
