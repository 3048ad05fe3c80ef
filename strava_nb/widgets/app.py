"""The page for people who do not code: whose, when, and what came, on one page that pulls by itself.

What hangs together here is a few parts that know nothing of one another: this file says who hears of what.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Hashable
from typing import Any

import ipywidgets
import pandas as pd
import traitlets

from ..errors import BadDates
from ..pull import get_activities
from ..signin.session import Failed, Opened, SignedIn, Waiting
from ..sources.source import Source
from . import words
from .base import beside
from .dates import DatePicker
from .download import Download
from .login import Login, sign_in_silently
from .panel import Panel
from .progress import PullButton
from .pulling import Done, Nothing, Partial, Pulled, Pulls, Running, State
from .reruns import take_place
from .results import Pictures, Results
from .year import YearButton


def app() -> App:
    """All of it on one page, for people who do not code: `python start.py app` shows it without Jupyter.

    Whose activities, from when to when, the table, four pictures, the year, and files to take away. The
    demo athlete's are there at first; once somebody has signed in or opened an export, theirs are pulled by
    themselves, in a thread. As a cell's last expression it shows itself.
    """
    page = App()
    page.begin()
    return page


class _Doors(Panel):
    """The panel, in the words of a page without a notebook around it."""

    _css = beside("base.css", "panel.css", "export_card.css", "app.css")
    words = traitlets.Dict(words.on_the_page(words.PANEL)).tag(sync=True)

    def _what_next(self, _: Any) -> str:
        return ""

    def _draw(self, notice: str = "") -> None:
        super()._draw(words.ON_THE_PAGE.get(notice, notice))

    def _look(self) -> dict[str, Any]:
        # The export's card is open at first: so it takes one click to choose the file.
        return {**words.on_the_page(super()._look()), "open": "export"}


class _PageLogin(Login):
    """Whose activities the page shows."""

    panel_type = _Doors
    offers_year = False


class App(ipywidgets.VBox):
    """The page. `.table` is what it shows, for a cell below it; None before anything came."""

    def __init__(self) -> None:
        self.login = _PageLogin()
        self.dates = DatePicker()
        self.dates.words = {**words.DATES, "hint": words.APP["dates"]}
        self.pulls = Pulls(self._told)
        self.button = PullButton(self.pull, self.pulls.cancel)
        self.results = Results(self._choose, self._pull_everything)
        self.files = ipywidgets.VBox()
        self.pictures = Pictures()
        self.year = YearButton(self._every_year)
        self.year.words = {**words.YEAR, "what": words.APP["year"], "patience": words.APP["patience"]}
        self.year.put_away(hidden=True)
        self._pulled: Pulled | None = None
        self._sports: list[str] = []
        self._door: Hashable = None
        self._over = False
        self._looking = threading.Lock()
        self._showing = threading.RLock()
        me = weakref.ref(self)
        self._unwatch = self.login.session.watch(lambda _: page._look_at_door() if (page := me()) else None)
        self.login.panel.observe(
            lambda _: page._look_at_door() if (page := me()) else None, names="view"
        )  # The tracks of an export may have been read.
        self.dates.observe(lambda _: page._look_at_dates() if (page := me()) else None, names="view")
        self.results.on_msg(
            lambda _, content, __: page._tell_files_again(content) if (page := me()) else None
        )
        heading = ipywidgets.HTML(f"<h1>{words.APP['title']}</h1><p>{words.APP['lead']}</p>")
        ask = ipywidgets.VBox([self.dates, self.button])
        for box, name in ((heading, "head"), (ask, "ask"), (self.files, "files")):
            box.add_class(f"snb-app-{name}")
        super().__init__([heading, self.login, ask, self.results, self.files, self.pictures, self.year])
        self.add_class("snb-app")
        take_place("app", self)

    @property
    def table(self) -> pd.DataFrame | None:
        """The activities of the chosen sports as the page shows them now."""
        pulled = self._pulled
        return None if pulled is None else _of_sports(pulled.table, self._sports)

    def begin(self) -> None:
        """Be signed in where that takes no asking, and pull."""
        sign_in_silently(self.login)
        self._look_at_door()

    def pull(self) -> None:
        """Pull the picked dates, in place of whatever is being pulled."""
        try:
            span = self.dates.value
        except BadDates:
            return  # It is said under the field.
        self.pulls.start(lambda: self.login.source, span)

    def _pull_everything(self) -> None:
        self.dates.value = "everything"
        self.pull()

    def let_go(self) -> None:
        """Another page has taken this one's place: forget what is shown, and pull no more."""
        self._over = True
        self._unwatch()
        self.pulls.close()
        self._forget()

    def close(self) -> None:
        """Take the page off."""
        self.let_go()
        for part in (self.login, self.dates, self.button, self.results, self.pictures, self.year):
            part.close()
        super().close()

    # --- whose

    def _look_at_door(self) -> None:
        """Pull anew where another door was chosen: called in any thread, for anything that happens to it."""
        if self._over:
            return
        with self._looking:  # Nothing more in here: what is done of it may come back to this very place.
            door, before = _door_of(self.login), self._door
            self._door = door
        if door == before:
            return
        same_person = isinstance(door, tuple) and isinstance(before, tuple) and door[:2] == before[:2]
        if not same_person:
            self.pulls.drop()
            self._forget()
        if door is not None:
            self.pull()

    def _forget(self) -> None:
        """Nothing of one athlete stays when another comes."""
        with self._showing:
            self._pulled = None
            self._sports = []
            self.results.clear()
            self.pictures.clear()
            self.year.put_away(hidden=True)
            self._put_files(None)

    def _look_at_dates(self) -> None:
        """All is here no more, once other dates are picked."""
        if self.dates.view["hint"] and isinstance(self.pulls.state, Done):
            self.button.tell(Nothing())

    # --- what came

    def _told(self, state: State) -> None:
        demo = self._door == _DEMO
        self.button.tell(state, demo=demo, nobody=self._door is None)
        match state:
            case Running():
                self._grey(old=True)
            case Done(pulled):
                self._take(pulled)
            case Partial(pulled) if len(pulled.table):
                self._take(pulled)
            case _:
                self._grey(old=False)

    def _grey(self, *, old: bool) -> None:
        for part in (self.results, self.pictures):
            part.grey(old=old)

    def _take(self, pulled: Pulled) -> None:
        self._pulled = pulled
        self.year.units = pulled.units
        if len(pulled.table):
            self.year.show(hidden=False)
        self._show()

    def _choose(self, sports: list[str]) -> None:
        self._sports = sports
        self._show()

    def _show(self) -> None:
        """The table and its files first, the pictures after them."""
        with self._showing:
            pulled, table = self._pulled, self.table
            if pulled is None or table is None:
                return
            self.results.put_chosen(
                table, pulled.units, whole=pulled.table, sports=self._sports, span=pulled.span
            )
            self._put_files(table if len(table) else None)
            if len(table):
                self.pictures.put(table, pulled.units)
            else:
                self.pictures.clear()

    def _put_files(self, table: pd.DataFrame | None) -> None:
        before = self.files.children
        made = [] if table is None else [Download(table)]
        for one in made:
            one.words = {
                **words.DOWNLOAD,
                "heading": words.APP["download"],
                "patience": words.APP["patience"],
            }
        self.files.children = made
        for one in before:
            one.close()

    def _tell_files_again(self, content: Any) -> None:
        """A box says nothing by itself to a page that missed its new buttons while it was loading."""
        if content.get("type") == "ready":
            with self._showing:
                self.files.send_state("children")

    def _every_year(self) -> pd.DataFrame:
        """All there is, since a year is compared with the one before."""
        source: Source = self.login.source
        return get_activities(source, progress=self.year.tell, cancel=self.year.cancel)


_DEMO = ("demo", 0)


def _door_of(login: Login) -> Hashable:
    """What a new pull depends on: the door, who stands in it, and what of it has been read; None for none."""
    state = login.panel.state
    match state:
        case SignedIn(access=access):
            return "api", id(access)
        case Opened(source=source):
            opened = login.panel.view.get("opened") or {}
            return "export", id(source), opened.get("unread")
        case Failed() | Waiting(after=Exception()):
            return None
    return _DEMO


def _of_sports(table: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    if not groups:
        return table
    return table[table["sport_group"].isin(groups)].reset_index(drop=True)
