"""A button that makes your year: the page to scroll through and the picture to post.

It works in a thread, so that cells can run and Cancel can be pressed meanwhile. Page and picture travel
as messages to the page that asked: nothing of them is in the widget's state, nor in a saved notebook.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd
import traitlets

from ..errors import BadInput, BadTable
from ..files.names import file_name, marked_as_demo
from ..metrics.reading import local_days
from ..problems import without_warnings
from ..sources.source import Progress
from ..tables.readable_table import Units
from . import words
from .base import Part, beside, problem_of
from .doors import watch_doors
from .reruns import take_place

_SLOWLY: Final = 0.2
"""Seconds between two sentences about how far a pull has come: each of them is a message."""


class YearButton(Part):
    """A button on the page; pressed, it makes the year, shows it and offers both files.

    `table` is a table of activities, or a function that gives one when the button is pressed: it may
    take its time, as it runs in a thread, and had better give `.tell` and `.cancel` to get_activities.
    `year` is the newest activity's unless given; the page offers the others once one is made. `units`
    may be set at any time. Raises BadTable for what is neither; what goes wrong later is shown.
    """

    _esm = beside("base.js", "year.js")
    _css = beside("base.css", "year.css")
    words = traitlets.Dict(words.YEAR).tag(sync=True)
    _unwatch: Callable[[], None] = staticmethod(lambda: None)
    _table: pd.DataFrame | Callable[[], pd.DataFrame] | None = None
    _pulled: pd.DataFrame | None = None
    _run: _Run | None = None

    def __init__(
        self,
        table: pd.DataFrame | Callable[[], pd.DataFrame],
        *,
        year: int | None = None,
        units: Units = "metric",
    ) -> None:
        if not isinstance(table, pd.DataFrame) and not callable(table):
            raise BadTable(
                f"This is not a table of activities but a {type(table).__name__}.",
                "Use the table that get_activities returned.",
            )
        super().__init__()
        self.units: Units = units
        self._year = year
        self._table = table
        self.show(refused="", hidden=False)
        if isinstance(table, pd.DataFrame):
            take_place("year", self)
            if marked_as_demo(table):
                self._unwatch = watch_doors(lambda since: self.show(refused=since))

    @property
    def cancel(self) -> threading.Event:
        """What is set when the year that is being made now is not wanted any more."""
        run = self._run
        return run.cancel if run else threading.Event()

    def tell(self, step: Progress) -> None:
        """Show how far the pull has come, and what a person should know meanwhile."""
        run = self._run
        if run is None or time.monotonic() - run.told < _SLOWLY:
            return
        run.told = time.monotonic()
        far = words.YEAR["far"].format(what=step.what, done=f"{step.done:,}", total=f"{step.total or 0:,}")
        self._say(run, " ".join(filter(None, [far if step.total else f"{step.what} …", step.note])))

    def put_away(self, *, hidden: bool = False) -> None:
        """Stop, and take off the page what was made: it was another athlete's, say."""
        self._stop()
        self._pulled = None
        self.show(hidden=hidden)
        self.send({"type": "put_away"})

    def let_go(self) -> None:
        """Forget the table: another button has taken the place of this one."""
        self._forget()
        self.show(refused=words.YEAR["run_again"])

    def close(self) -> None:
        """Take the button off the page, and forget the table."""
        self._forget()
        super().close()

    # --- what the page sends

    def on_make(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """The button was pressed, or another year was chosen."""
        self._stop()
        run = self._run = _Run(content["asker"])
        year = content.get("year")
        if year is None:
            self._pulled = None
        work = threading.Thread(
            target=self._work, args=(run, year or self._year), name="strava-nb year", daemon=True
        )
        work.start()

    def on_cancel(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """Cancel was pressed, or what was made was closed."""
        if self._run and self._run.asker == content["asker"]:
            self._stop()
        self._pulled = None

    # --- the work

    def _work(self, run: _Run, year: int | None) -> None:
        try:
            answer, buffers = self._made(run, year)
        except _NotWanted:
            return
        except Exception as error:  # Whatever it is, the person must see it, and it is not to be saved.
            answer, buffers = {"type": "failed", "problem": problem_of(error)}, []
        if self._run is run:
            self._run = None
            self.send({**answer, "asker": run.asker}, buffers=buffers)

    def _made(self, run: _Run, year: int | None) -> tuple[dict[str, Any], list[bytes]]:
        from ..pages import your_year  # loads matplotlib, which few panels need

        self._say(run, words.YEAR["pulling"])
        table = self._activities()
        self._say(run, words.YEAR["page"])
        made = your_year(table, year, units=self.units)
        self._say(run, words.YEAR["picture"])
        png = made.picture.png
        days = local_days(table)
        answer = {
            "type": "made",
            "year": made.year,
            "years": sorted({int(one) for one in days.astype("datetime64[Y]").astype(str) if one != "NaT"}),
            "names": [file_name(table, ending, name=f"your_year_{made.year}") for ending in ("html", "png")],
            "problems": list(table.attrs.get("problems", ())),
        }
        self._pulled = table
        return answer, [made.page.encode(), png]

    def _activities(self) -> pd.DataFrame:
        if self._table is None or self.view["refused"]:
            raise BadInput(self.view["refused"] or words.YEAR["run_again"])
        if self._pulled is not None:
            return self._pulled
        if isinstance(self._table, pd.DataFrame):
            return self._table
        with without_warnings():
            return self._table()

    def _say(self, run: _Run, said: str) -> None:
        if run.cancel.is_set():
            raise _NotWanted
        self.send({"type": "step", "asker": run.asker, "said": said})

    def _stop(self) -> None:
        if run := self._run:
            run.cancel.set()
            self._run = None
            self.send({"type": "stopped", "asker": run.asker})

    def _forget(self) -> None:
        self._unwatch()
        self._stop()
        self._table = self._pulled = None


class _NotWanted(Exception):
    """Cancel was pressed."""


@dataclass
class _Run:
    """One year being made, for the page that asked."""

    asker: str
    cancel: threading.Event = field(default_factory=threading.Event)
    told: float = 0.0
