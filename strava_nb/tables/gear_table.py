"""Bikes and shoes as one typed table, whatever door they came through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from ..columns import GEAR
from .record_rows import table_of

Record = dict[str, Any]

_KINDS = {"b": "bike", "g": "shoes"}


def gear(records: Iterable[Record], *, source: str = "api") -> pd.DataFrame:
    """A table of bikes and shoes, one row each, bikes first, else in the order of the records.

    The columns are those of `columns.GEAR`, with their dtypes, also where there are no records; fields
    that the list does not know follow in alphabetical order, lists as JSON text. `kind` is told by
    Strava's id (b… is a bike, g… are shoes) where the record does not say. Units: m.
    """
    records = [_complete(record) | {"source": source} for record in records]
    return table_of(sorted(records, key=lambda record: record["kind"] != "bike"), GEAR, "gear", "name")


def merge_gear(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row a thing: the values of the first table that has it, gaps filled from the next.

    It is one thing by its id; where one of the two has none, by kind and name in any letter case.
    """
    things: list[Record] = []
    for table in tables:
        mine = list(things)
        for record in _records(table):
            known = next((thing for thing in mine if _same(thing, record)), None)
            if known is None:
                things.append(record)
            else:
                mine.remove(known)
                known |= {name: value for name, value in record.items() if known.get(name) is None}
    merged = table_of(sorted(things, key=lambda thing: thing["kind"] != "bike"), GEAR, "gear", "name")
    if problems := dict.fromkeys(one for table in tables for one in table.attrs.get("problems", ())):
        merged.attrs["problems"] = list(problems)
    return merged


def _complete(record: Record) -> Record:
    kind = record.get("kind") or _KINDS.get(str(record.get("id"))[:1])
    return record | {"kind": kind, "name": record.get("name") or record.get("nickname")}


def _same(one: Record, other: Record) -> bool:
    if one.get("id") and other.get("id"):
        return bool(one["id"] == other["id"])
    return one["kind"] == other["kind"] and bool(_name(one)) and _name(one) == _name(other)


def _name(record: Record) -> str:
    return str(record.get("name") or "").strip().casefold()


def _records(table: pd.DataFrame) -> list[Record]:
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]
