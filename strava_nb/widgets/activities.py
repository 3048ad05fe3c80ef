"""The activity picker: a list to search and sort, and the activities picked in it.

A page asks for the rows when it shows them and knows each by its number in the list: names, days and
ids travel in messages alone, so nothing of the table is in the widget's state, nor in a saved notebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import traitlets

from ..errors import BadInput, BadTable
from ..tables.readable_table import Units, for_eyes, is_demo
from ..wanted import ids_of
from . import words
from .base import Part, beside
from .reruns import Place, place


def activity_picker(table: pd.DataFrame, value: Any = None, *, units: Units = "metric") -> ActivityPicker:
    """A list of the table's activities to pick from, the newest first. `get_streams` takes what it picked.

    At first the newest is picked, or what `value` says: an id, ids, or rows of the table. Running its
    cell again keeps what was picked on the page, as far as it is in the table, until other ids stand in
    the code. Raises BadTable for what is not a table of activities, BadInput for an id that it lacks.
    """
    return ActivityPicker(table, value, units=units)


class ActivityPicker(Part):
    """A list of activities on the page. `.value` are the ids of those picked."""

    _esm = beside("base.js", "activities.js")
    _css = beside("base.css", "activities.css")
    words = traitlets.Dict(words.ACTIVITIES).tag(sync=True)

    def __init__(self, table: pd.DataFrame, value: Any = None, *, units: Units = "metric") -> None:
        self._ids, self._rows = _rows_of(table, units)
        at_first = self._numbers(ids_of(value)) if value is not None else [0][: len(self._ids)]
        super().__init__()
        here = place("activities")
        # Other ids in the code are another wish, and win over what was picked; rows only follow the table.
        wish = None if value is None or isinstance(value, pd.DataFrame) else tuple(ids_of(value))
        self._kept_as = here and (here, wish)
        kept = set(_picked.get(self._kept_as, ())) if self._kept_as else set()
        self._numbers_picked = [n for n, one in enumerate(self._ids) if one in kept] or at_first
        self.show(hint=False)

    @property
    def value(self) -> list[int]:
        """The ids of the activities picked, the newest first. Can be set to an id, ids, or rows."""
        if self.view["hint"]:
            self.show(hint=False)
        return list(dict.fromkeys(self._ids[number] for number in self._numbers_picked))

    @value.setter
    def value(self, value: Any) -> None:
        self._numbers_picked = self._numbers(ids_of(value))
        self.show(hint=False)
        self._tell()

    def on_ready(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        """A page shows the list and has no rows yet."""
        super().on_ready(content, buffers)
        self.send({"type": "rows", "to": content["by"], **self._rows, "picked": self._numbers_picked})

    def on_picked(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """Other rows are picked on the page now."""
        numbers = sorted({int(number) for number in content["picked"]})
        if numbers and not 0 <= numbers[0] <= numbers[-1] < len(self._ids):
            raise BadInput("This list is from an earlier run.", "Run its cell again.")
        self._numbers_picked = numbers
        if self._kept_as:
            _picked[self._kept_as] = tuple(self._ids[number] for number in numbers)
        self.show(hint=True)
        self._tell(by=str(content.get("by", "")))

    def _numbers(self, ids: Sequence[int]) -> list[int]:
        if unknown := sorted(set(ids).difference(self._ids)):
            raise BadInput(
                f"There is no activity {unknown[0]} in this table.",
                "Give the id of one of its rows, or leave the value out for the newest.",
            )
        wanted = set(ids)
        return [number for number, one in enumerate(self._ids) if one in wanted]

    def _tell(self, by: str = "") -> None:
        self.send({"type": "picked", "picked": self._numbers_picked, "by": by})


_Wish = tuple[Place, tuple[int, ...] | None]
_picked: Final[dict[_Wish, tuple[int, ...]]] = {}
"""What was picked on the page, for the next widget that the same code in the same cell makes."""


def _rows_of(table: pd.DataFrame, units: Units) -> tuple[list[int], dict[str, Any]]:
    """The ids, the newest first, and the columns as the page takes them: plain lists, None where absent."""
    if not isinstance(table, pd.DataFrame):
        raise BadTable(
            f"This is not a table of activities but a {type(table).__name__}.",
            "Use the table that get_activities returned, or rows of it.",
        )
    date, name, sport, distance, time, *_ = for_eyes(table, units=units)
    newest_first = date.values.reset_index(drop=True).sort_values(ascending=False, kind="stable")
    order = newest_first.index.to_numpy()
    order = order[table["id"].notna().to_numpy()[order]]
    day = date.values.dt.strftime("%Y-%m-%dT%H:%M")
    columns = {"date": day, "name": name.values, "sport": sport.values, "time": time.values}
    rows: dict[str, Any] = {title: _plain(values.iloc[order]) for title, values in columns.items()}
    rows["distance"] = _plain(distance.values.iloc[order].round(3))
    rows["unit"] = distance.title.removeprefix("Distance (").removesuffix(")")
    rows["demo"] = is_demo(table)
    return [int(one) for one in table["id"].iloc[order]], rows


def _plain(values: pd.Series[Any]) -> list[Any]:
    return values.astype(object).where(values.notna(), None).tolist()
