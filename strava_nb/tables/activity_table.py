"""Records of activities, whatever door they came through, as one typed table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from ..columns import ACTIVITIES, Column
from .by_field import ByField
from .sports import group_of
from .values import absent, dtype_of, typed

Record = dict[str, Any]

_A_DAY = 86_400
_AT_ONCE = 256
"""Records turned on their side together: few enough for a processor's cache and not to wake the collector."""

_COMPUTED = {"sport_group", "source", "from_api", "double_of"}


def activities(records: Iterable[Record], *, source: str = "api") -> pd.DataFrame:
    """A table of activities, one row an id, newest first.

    Takes records as Strava's API gives them, summaries and details alike, in any order: the same
    records give the same table. The columns are those of `columns.ACTIVITIES`, with their dtypes,
    also where there are no records; fields that the list does not know follow in alphabetical order,
    nested ones under dotted names, lists as JSON text. Of records with one id the most detailed is
    kept. `start_date` is UTC-aware, `start_date_local` naive wall time (Strava's "Z" on it is false).
    Values that do not fit their column are NA and are told in `.attrs["problems"]`.

    Units: m, s, m/s, W, °C, bpm. Source: https://developers.strava.com/docs/reference
    """
    if isinstance(records, ByField):
        fields: dict[str, Any] = dict(records.fields)
    else:
        records = _once_each(records)
        fields = _columns_by_path(records)
    problems: list[str] = []
    ids = fields.get("id", [])

    def column(name: str, dtype: str, values: list[Any]) -> Any:
        def tell(row: int, value: Any) -> None:
            problems.append(
                f"{name} of activity {ids[row] if ids else '?'}: {str(value)[:40]!r} does not fit"
            )

        return typed(values, dtype, tell)

    nothing = {dtype: absent(dtype, len(records)) for dtype in {c.dtype for c in ACTIVITIES}}

    def known(c: Column) -> Any:
        values = _known(c, fields)
        return nothing[c.dtype] if values is None else column(c.name, c.dtype, values)

    data = {c.name: known(c) for c in ACTIVITIES}
    data["source"] = column("source", "string", [source] * len(records))
    data["from_api"] = column("from_api", "boolean", [source == "api"] * len(records))
    for path in sorted(fields):
        name = path if path not in data else f"record.{path}"
        data[name] = column(name, dtype_of(fields[path]), fields[path])

    table = pd.DataFrame(data)
    _complete_sport(table)
    _complete_times(table)
    table = newest_first(table)
    if problems:
        table.attrs["problems"] = sorted(problems)
    return table


def newest_first(table: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order of every table of activities."""
    return table.sort_values(["start_date", "id"], ascending=False, kind="stable", ignore_index=True)


def _once_each(records: Iterable[Record]) -> list[Record]:
    records = list(records)
    ids = list(map(_id, records))
    if len(set(ids)) == len(ids):
        return records
    times = Counter(ids)
    best: dict[int, Record] = {}
    for record in records:
        number = _id(record)
        if number is not None and times[number] > 1:
            best[number] = max(best.get(number, record), record, key=_detail)
    return [record for record in records if _id(record) not in best] + list(best.values())


def _id(record: Record) -> int | None:
    number = record.get("id")
    return number if isinstance(number, int) else None


def _detail(record: Record) -> tuple[int, int, str]:
    text = json.dumps(record, sort_keys=True, default=str)
    state = record.get("resource_state")
    return state if isinstance(state, int) else 0, len(record), text


def _columns_by_path(records: list[Record], prefix: str = "") -> dict[str, list[Any]]:
    """The records turned on their side: a list of values for each (dotted) field."""
    names = list(dict.fromkeys(chain.from_iterable(records)))
    columns: list[list[Any]] = [[] for _ in names]
    for start in range(0, len(records), _AT_ONCE):
        rows = [tuple(map(record.get, names)) for record in records[start : start + _AT_ONCE]]
        for values, some in zip(columns, zip(*rows, strict=True), strict=True):
            values.extend(some)
    nothing: Record = {}
    fields: dict[str, list[Any]] = {}
    for name, values in zip(names, columns, strict=True):
        if any(issubclass(kind, dict) for kind in set(map(type, values))):
            nested = [value if isinstance(value, dict) else nothing for value in values]
            fields |= _columns_by_path(nested, f"{prefix}{name}.")
            rest = [None if isinstance(value, dict) else value for value in values]
            if any(value is not None for value in rest):
                fields[prefix + name] = rest
        else:
            fields[prefix + name] = values
    return fields


def _known(column: Column, fields: dict[str, Any]) -> Any:
    """A known column's values, taken out of the fields, so that what is left is unknown."""
    if column.name in _COMPUTED:
        return None
    path, _, index = column.record_path.partition(".")
    if index.isdigit():
        pairs = fields.get(path, [])
        if index == "1":
            fields.pop(path, None)
        halves = [pair[int(index)] if isinstance(pair, list) and len(pair) == 2 else None for pair in pairs]
        return halves or None
    values = fields.pop(column.record_path, None)
    if not isinstance(values, list):
        return values
    if column.name == "polyline":
        return [value or None for value in values]
    if column.name == "timezone":
        return [value.rpartition(") ")[2] or None if isinstance(value, str) else None for value in values]
    return values


def _complete_sport(table: pd.DataFrame) -> None:
    if "type" in table:  # before 2022 there was no other
        table["sport_type"] = table["sport_type"].fillna(table["type"].astype("string"))
    groups = {sport: group_of(sport) for sport in table["sport_type"].dropna().unique()}
    table["sport_group"] = table["sport_type"].map(groups).astype("string").fillna("Other")


def _complete_times(table: pd.DataFrame) -> None:
    utc = table["start_date"].dt.tz_localize(None)
    known = (table["start_date_local"] - utc).dt.total_seconds().astype("Float64")
    table["utc_offset"] = table["utc_offset"].fillna(known)
    for row in table.index[
        table["utc_offset"].isna() & table["start_date"].notna() & table["timezone"].notna()
    ]:
        offset = _offset(str(table.at[row, "timezone"]), table.at[row, "start_date"])
        if offset is not None:
            table.at[row, "utc_offset"] = offset
    believable = table["utc_offset"].where(table["utc_offset"].abs() <= _A_DAY).astype("float64")
    local = utc + pd.to_timedelta(believable, unit="s").dt.round("s")
    table["start_date_local"] = table["start_date_local"].fillna(local.astype("datetime64[us]"))


def _offset(zone: str, moment: Any) -> float | None:
    try:
        offset = moment.to_pydatetime().astimezone(ZoneInfo(zone)).utcoffset()
    except (ValueError, OSError, KeyError):  # a zone that this computer does not know
        return None
    return None if offset is None else float(offset.total_seconds())
