"""Records of small things (gear, laps, zones) as one typed table, by a list of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..columns import SOURCE, SOURCES, Column
from .values import absent, dtype_of, typed

Record = dict[str, Any]


def table_of(
    records: Sequence[Record], columns: Sequence[Column], what: str, whose: str = "activity_id"
) -> pd.DataFrame:
    """A row a record, in their order: the columns with their dtypes, then in alphabetical order the others.

    Values that do not fit are NA and are told in `.attrs["problems"]`, by `what` the rows are and the
    field that says `whose`.
    """
    known = {column.name: column.dtype for column in columns}
    others = sorted({name for record in records for name in record} - set(known))
    problems: list[str] = []

    def column(name: str, dtype: str | None) -> Any:
        values = [record.get(name) for record in records]
        if dtype == SOURCE:
            return pd.Categorical(values, categories=list(SOURCES))

        def tell(row: int, value: Any) -> None:
            problems.append(f"{name} of {what} {records[row].get(whose)!r}: {str(value)[:40]!r} does not fit")

        return typed(values, dtype or dtype_of(values), tell) if records else absent(dtype or "string", 0)

    table = pd.DataFrame({name: column(name, known.get(name)) for name in (*known, *others)})
    if problems:
        table.attrs["problems"] = problems
    return table
