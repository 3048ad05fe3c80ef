"""What came, for eyes: a few numbers, the sports to choose among, the table, and four pictures.

A page asks for the rows and the pictures when it shows them, and gets them as messages: none of them is in
the widgets' state, so none is in a saved notebook, and what nobody looks at is not drawn. Pictures are
drawn in the main thread, where cells run, one after the other, so that a press comes between two of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
import traitlets

from ..metrics.reading import local_days
from ..tables.doubles import counted
from ..tables.readable_table import FEET, METRES, Units, is_demo, readable
from ..wanted import Span
from . import words
from .base import Part, beside, problem_of

AT_FIRST, MORE = 20, 100
"""Rows that a page shows, and that it shows more when asked."""

_BLANK: Final = {
    "Climb": "total_elevation_gain",
    "Heart rate": "average_heartrate",
    "Power": "average_watts",
}
"""Columns that are left out where the table has nothing for them; the files have everything."""

_LEFT_OUT: Final = ("Elapsed", "Max heart", "Cadence", "Activity")
_AS_TEXT: Final = ("Date", "Name", "Sport", "Notes")


class _Shown(Part):
    """What pages show of a table: they are told when there is another one, and ask for it."""

    def __init__(self) -> None:
        super().__init__()
        self._table: pd.DataFrame | None = None
        self._units: Units = "metric"
        self.show(version=0, there=False, old=False)

    def put(self, table: pd.DataFrame, units: Units) -> None:
        """Show this table."""
        self._table, self._units = table, units
        self.show(version=self.view["version"] + 1, there=True, old=False)

    def grey(self, *, old: bool) -> None:
        """Whether what is shown may soon be another."""
        self.show(old=old)

    def clear(self) -> None:
        """Show nothing."""
        self._table = None
        self.show(version=self.view["version"] + 1, there=False, old=False)

    def answer(self, content: dict[str, Any], buffers: Sequence[bytes] = (), **said: Any) -> None:
        """Answer the page that asked, by its own word for the question."""
        self.send({**said, "to": content["by"]}, buffers=list(buffers))


class Results(_Shown):
    """The numbers and the rows.

    `choose` hears which sport groups are chosen (none means all of them), `everything` that all dates are
    wanted where the picked ones hold nothing.
    """

    _esm = beside("base.js", "results.js")
    _css = beside("base.css", "results.css")
    words = traitlets.Dict(words.RESULTS).tag(sync=True)

    def __init__(self, choose: Callable[[list[str]], None], everything: Callable[[], None]) -> None:
        super().__init__()
        self._choose, self._everything = choose, everything
        self._whole: pd.DataFrame | None = None
        self._sports: Sequence[str] = ()
        self._span: Span = (None, None)

    def put_chosen(
        self, table: pd.DataFrame, units: Units, *, whole: pd.DataFrame, sports: Sequence[str], span: Span
    ) -> None:
        """Show this table, which is what the chosen sports are of the whole one."""
        self._whole, self._sports, self._span = whole, sports, span
        self.put(table, units)

    def clear(self) -> None:
        """Show nothing."""
        self._whole = None
        super().clear()

    def on_rows(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """A page wants rows: the first ones with all that is around them, or more."""
        table, whole = self._table, self._whole
        if table is None or whole is None:
            return
        since = int(content["since"])
        some = table.iloc[since : since + (MORE if since else AT_FIRST)]
        titles, rows = _rows(some, table, self._units)
        said: dict[str, Any] = {"type": "rows", "since": since, "rows": rows, "count": len(table)}
        if not since:
            said |= {
                "heading": words.activities(len(table)),
                "span": words.from_to(*self._span),
                "demo": is_demo(whole),
                "columns": titles,
                "tiles": _tiles(table, self._units),
                "sports": _sports(whole, self._sports),
                "problems": whole.attrs.get("problems", []),
                "empty": "" if len(table) else words.RESULTS["none_of_these" if len(whole) else "none"],
                "narrow": not len(whole) and self._span != (None, None),
            }
        self.answer(content, **said)

    def on_sports(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """Other sports were chosen."""
        self._choose([str(one) for one in content["chosen"]])

    def on_everything(self, _: dict[str, Any], __: list[memoryview]) -> None:
        """All dates are wanted."""
        self._everything()


class Pictures(_Shown):
    """Four pictures of the table."""

    _esm = beside("base.js", "pictures.js")
    _css = beside("base.css", "pictures.css")
    words = traitlets.Dict(words.PICTURES).tag(sync=True)

    def on_draw(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """A page wants one of the pictures."""
        _in_the_main_thread(lambda: self._draw(content))

    def _draw(self, content: dict[str, Any]) -> None:
        from ..plots.page_pictures import PICTURES, page_picture  # loads matplotlib

        table, number = self._table, int(content["number"])
        if table is None or not 0 <= number < PICTURES:
            return
        try:
            picture = page_picture(table, number, width=int(content["width"]), units=self._units)
        except Exception as error:  # One that cannot be drawn does not hinder the others.
            self.answer(content, type="failed", number=number, problem=problem_of(error))
            return
        said = {"number": number, "title": picture.title, "notes": picture.notes}
        self.answer(content, [picture.png], type="picture", **said)


def _in_the_main_thread(draw: Callable[[], None]) -> None:
    """Lab has messages heard in a thread of their own, and a cell may be drawing: settings are shared."""
    from IPython import get_ipython  # ipywidgets has loaded it

    loop = getattr(getattr(get_ipython(), "kernel", None), "io_loop", None)
    if loop is None or threading.current_thread() is threading.main_thread():
        draw()
    else:
        loop.add_callback(draw)


def _rows(some: pd.DataFrame, table: pd.DataFrame, units: Units) -> tuple[list[list[str]], list[list[str]]]:
    """The columns' titles and kinds, and the rows, all of them texts."""
    shown = readable(some, units=units)
    kept = [
        title
        for title in map(str, shown)
        if not title.startswith(_LEFT_OUT)
        and all(table[name].notna().any() for start, name in _BLANK.items() if title.startswith(start))
    ]
    titles = [[title, "text" if title.startswith(_AS_TEXT) else "number"] for title in kept]
    return titles, [[_text(value) for value in row] for row in shown[kept].itertuples(index=False)]


def _text(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, str):
        return value.strip()
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _tiles(table: pd.DataFrame, units: Units) -> list[list[str]]:
    """The sums as number, unit and word; doubles count once, and what is nothing is left out."""
    rows = table[counted(table)]
    far, long, high, days = words.RESULTS["tiles"]
    metric = units == "metric"
    sums = [
        ("distance", METRES[units], "km" if metric else "mi", far),
        ("moving_time", 3600.0, words.RESULTS["hours"], long),
        ("total_elevation_gain", 1.0 if metric else FEET, "m" if metric else "ft", high),
    ]
    told = [(float(rows[name].sum()) / each, unit, word) for name, each, unit, word in sums]
    tiles = [[_few_digits(amount), unit, word] for amount, unit, word in told if amount > 0]
    active = pd.Series(local_days(rows)).nunique()
    return [*tiles, [f"{active:,}", "", days]] if len(rows) else []


def _few_digits(amount: float) -> str:
    return f"{amount:,.{0 if amount >= 100 else 1}f}"


def _sports(whole: pd.DataFrame, chosen: Sequence[str]) -> list[list[Any]]:
    """The sport groups, the most frequent first: the group, its words, how many, whether it is chosen."""
    counts = whole["sport_group"].value_counts()
    groups = [*counts.index, *(one for one in chosen if one not in counts.index)]
    return [
        [group, words.RESULTS["groups"].get(group, group), int(counts.get(group, 0)), group in chosen]
        for group in groups
    ]
