"""Many records turned on their side, for a source that has them as columns anyway.

A row by row detour through dictionaries would cost ten times what reading the columns does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import pandas as pd

Record = dict[str, Any]


class ByField(Sequence[Record]):
    """Records with distinct ids as a dictionary of fields, each with one value a record.

    `fields` are arrays of the table's dtypes, or lists; dotted names are fields of nested records.
    One by one they are records like any other.
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    def __len__(self) -> int:
        return len(next(iter(self.fields.values()), ()))

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        record: Record = {}
        for name, values in self.fields.items():
            *outer, field = name.split(".")
            home = record
            for part in outer:
                home = home.setdefault(part, {})
            home[field] = _as_json(values[place])
        return record


def _as_json(value: Any) -> Any:
    if isinstance(value, list):
        return value
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value.isoformat()[:19]}Z"
    return value.item() if hasattr(value, "item") else value
