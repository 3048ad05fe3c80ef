"""activities.csv as typed columns under the API's names.

The export has no version and no fixed columns: there have been ten to 103 of them, in the account's
language, five of them twice. So columns are known by name and occurrence; where a language is not
known, by their order, once the numbers show that the order holds.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from ..columns import ACTIVITIES
from ..errors import BadExport
from ..tables.values import dtype_of, typed
from . import export_values as values
from .export_cells import Sheet
from .export_values import Cells, Unread
from .export_words import fields_of, plain, sport_of
from .identity import stable_id
from .source import Record

ORDER: Final = (
    "id", "start_date", "name", "sport_type", "description", "elapsed_time", "distance", "max_heartrate",
    "suffer_score", "commute", "private_note", "gear_name", "filename", "athlete_weight", "bike_weight",
    "elapsed_time", "moving_time", "distance",
)  # fmt: skip
"""The columns 0 to 17, which stand alike in every language met so far."""

_DTYPES = {column.name: column.dtype for column in ACTIVITIES}
_DOUBLE = {"elapsed_time", "distance", "max_heartrate", "suffer_score", "commute"}
_TEXTS = {"name", "sport_type", "description", "private_note", "gear_name", "filename", "media"}
_FLAGS = {
    "commute", "flagged", "from_upload", "prefer_perceived_exertion", "recovery", "with_pet", "competition",
    "long_run", "for_a_cause", "with_kid",
}  # fmt: skip
_WHOLES = {column.name for column in ACTIVITIES if column.dtype == "Int64"} | {
    "bike_id", "shoes_id", "number_of_runs", "uphill_time", "downhill_time", "other_time", "timer_time",
    "jump_count", "power_count", "activity_count", "total_steps", "total_cycles", "total_sets", "total_reps",
}  # fmt: skip
_NUMBERS = {column.name for column in ACTIVITIES if column.dtype == "Float64"}
_NEVER_ZERO = {"average_heartrate", "max_heartrate", "average_cadence", "max_cadence"}
"""Where Strava writes 0 for what was not recorded."""

_TAKEN = {
    part for column in ACTIVITIES for part in (column.name, column.record_path.partition(".")[0], "type")
}
_METRES = {"Swim": 1.0, "Sail": 1852.0}
"""How many metres a displayed distance counts in, where it is not kilometres."""

_A_FEW = 100
"""Rows that are enough to see how a column is meant."""

_REPORT = "Please report this header, so that the language can be added; values are not needed."


@dataclass
class ExportTable:
    """Typed columns under the API's names, one row an id, and what is amiss with them."""

    columns: dict[str, Any]
    problems: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.columns.get("id", ()))


def read_table(data: bytes, where: str) -> ExportTable:
    """The table in the bytes of an activities.csv; `where` is how sentences call the file.

    Columns without any value are left out. Raises BadExport for what is no activities.csv.
    """
    sheet = Sheet(data, where)
    fields, metres = fields_of(sheet.header)
    shown = fields.index("distance") if "distance" in fields else -1  # its commas mean thousands
    numeric = (_WHOLES | _NUMBERS) - {"id"}
    cells = sheet.columns([name in numeric and place != shown for place, name in enumerate(fields)])
    if not {"id", "start_date"} <= set(fields) or None in fields[: len(ORDER)]:
        fields = _by_order(fields, cells)
    if missing := {"id", "start_date", "elapsed_time"} - set(fields):
        raise _not_an_export(sheet.header, cells, where, missing)
    named = _named(sheet.header, fields, _without_headers(sheet.header, fields, cells), metres=metres)
    table = ExportTable({}, sheet.problems)
    _identify(table, named, where)
    if "shown distance" in named:
        _distance(table, named)
    for name, (word, column) in named.items():
        if name not in table.columns and column.null_count < len(column):
            unread = Unread()
            table.columns[name] = _typed(name, column, unread)
            _tell(table, word, unread)
    _join_doubles(table)
    _complete(table)
    _drop_repeated(table)
    return table


def with_records(columns: dict[str, Any], records: list[Record]) -> dict[str, Any]:
    """Typed columns with further records below them."""
    rows = len(columns.get("id", ()))
    joined: dict[str, Any] = {}
    for name in dict.fromkeys([*columns, *(name for record in records for name in record)]):
        below = [record.get(name) for record in records]
        above = columns.get(name)
        dtype = _DTYPES.get(name) or (dtype_of(below) if above is None else str(above.dtype))
        above = typed([None] * rows, dtype, _untold) if above is None else above
        both = pd.concat([pd.Series(above), pd.Series(typed(below, dtype, _untold))], ignore_index=True)
        joined[name] = pd.DatetimeIndex(both) if name == "start_date" else both.array
    return joined


def _untold(*_: object) -> None:
    """Ours to get right: these values come from our own readers."""


def _named(
    header: list[str], fields: list[str | None], cells: list[Cells], *, metres: bool
) -> dict[str, tuple[str, Cells]]:
    """The columns by field; of a double the first, displayed one has "shown " before its name."""
    seen: Counter[str] = Counter()
    times = Counter(name for name in fields if name)
    named: dict[str, tuple[str, Cells]] = {}
    for word, known, column in zip(header, fields, cells, strict=True):
        name = known or _own_name(word)
        seen[name] += 1
        if known in _DOUBLE and seen[name] == 1 and not metres and (times[name] > 1 or name == "distance"):
            name = f"shown {name}"
        while name in named:
            name += "_again"
        named[name] = (plain(word), column)
    return named


def _without_headers(header: list[str], fields: list[str | None], cells: list[Cells]) -> list[Cells]:
    """The cells without rows that have neither id nor date, or repeat the header."""
    numbers, dates = (cells[fields.index(name)].to_pylist() for name in ("id", "start_date"))
    word = header[fields.index("id")]
    kept = [(one or date) and one != word for one, date in zip(numbers, dates, strict=True)]
    if all(kept):
        return cells
    rows = np.flatnonzero(np.array(kept, dtype=bool))
    return [column.take(rows) for column in cells]


def _by_order(fields: list[str | None], cells: list[Cells]) -> list[str | None]:
    if len(cells) < len(ORDER) or not _order_holds(cells):
        return fields
    missing = Counter(ORDER) - Counter(name for name in fields if name)
    ordered = list(fields)
    for place, name in enumerate(ORDER):
        if ordered[place] is None and missing[name]:
            ordered[place], missing[name] = name, missing[name] - 1
    return ordered


def _order_holds(cells: list[Cells]) -> bool:
    """Whether the numbers in the columns 0 to 17 are what their order says."""
    unread = Unread()
    numbered = (values.ids(_strings(cells[0]), unread) > 0).sum()
    if not numbered or unread.count * 10 > numbered:
        return False
    shown = values.shown_numbers(_strings(cells[6]), unread)
    raw = values.numbers(cells[17], unread)
    both = (shown > 0) & (raw > 20)
    if both.any():
        units = np.array([1000.0, *_METRES.values()])
        off = np.abs(np.outer(shown[both], units) - raw[both, None]).min(axis=1)
        return bool((off <= 0.02 * raw[both]).mean() >= 0.9)
    one, other = values.numbers(cells[5], unread), values.numbers(cells[15], unread)
    both = (one > 0) & (other > 0)
    return bool(both.any() and (np.abs(one[both] - other[both]) <= 1).all())


def _strings(cells: Cells) -> Cells:
    return cells.cast("string")


def _own_name(word: str) -> str:
    name = re.sub(r"\W+", "_", plain(word).casefold()).strip("_") or "unnamed"
    return f"export_{name}" if name in _TAKEN else name


def _not_an_export(header: list[str], cells: list[Cells], where: str, missing: set[str]) -> BadExport:
    words = ", ".join(plain(word)[:40] for word in header[: len(ORDER)])
    more = f" and {len(header) - len(ORDER)} more" if len(header) > len(ORDER) else ""
    unread = Unread()
    if len(header) >= 10 and values.ids(_strings(cells[0]), unread).any() and not unread.count:
        return BadExport(
            f"{where} has its columns in a language not known here: {words}{more}.",
            _REPORT,
            missing=tuple(sorted(missing)),
        )
    return BadExport(
        f"{where} is not Strava's list of activities: its columns are {words}{more}.",
        "Open the zip that Strava sent, or the activities.csv in it.",
        missing=tuple(sorted(missing)),
    )


def _identify(table: ExportTable, named: dict[str, tuple[str, Cells]], where: str) -> None:
    word, cells = named["start_date"]
    unread = Unread()
    moments = values.moments(cells, unread)
    if unread.count and moments.isna().all():
        raise BadExport(
            f"{where} has dates in a form not known here, such as {unread.example!r} under {word}.", _REPORT
        )
    _tell(table, word, unread)
    table.columns["start_date"] = moments
    word, cells = named["id"]
    unread = Unread()
    ids = values.ids(cells, unread).copy()
    lost = np.flatnonzero(ids == 0).tolist()
    for row in lost:
        content = [str(column[row].as_py()) for _, column in named.values()]
        ids[row] = stable_id("\n".join(content).encode())
    if lost:
        shown = f" (such as {unread.example!r})" if unread.count else ""
        table.problems.append(f"{len(lost)} rows have no usable {word}{shown}: they were given negative ids.")
    table.columns["id"] = pd.array(ids, dtype="Int64")
    if "sport_type" in named:
        sports = pd.Series(values.texts(named["sport_type"][1]))
        table.columns["sport_type"] = (
            sports.map({one: sport_of(one) for one in sports.dropna().unique()}).astype("string").array
        )


def _typed(name: str, cells: Cells, unread: Unread) -> Any:
    bare = name.removeprefix("shown ").removesuffix("_again")
    if bare in _TEXTS:
        return values.texts(cells)
    if bare in _FLAGS:
        return values.flags(cells, unread)
    found = values.numbers(cells, unread)
    if unread.count and bare not in _NUMBERS | _WHOLES:  # words after all: kept as they are
        unread.count = 0
        return values.texts(cells)
    if bare in _NEVER_ZERO:
        found = np.where(found == 0, np.nan, found)
    return values.wholes(found) if bare in _WHOLES else values.floats(found)


def _join_doubles(table: ExportTable) -> None:
    """Of a double the second, raw value, and the displayed one where there is none."""
    columns = table.columns
    for name in [name for name in columns if name.startswith("shown ")]:
        shown, bare = columns.pop(name), name.removeprefix("shown ")
        raw = columns.get(bare)
        columns[bare] = shown if raw is None else pd.Series(raw).combine_first(pd.Series(shown)).array


def _complete(table: ExportTable) -> None:
    """What the API has in another form: a title may be empty but is there, and one id is all gear's."""
    columns = table.columns
    if "name" in columns:
        columns["name"] = pd.Series(columns["name"]).fillna("").array
    gear = pd.Series(pd.NA, index=range(len(table)), dtype="string")
    for name, letter in (("bike_id", "b"), ("shoes_id", "g")):
        if name in columns:
            numbers = pd.Series(columns.pop(name))
            gear = gear.fillna(letter + numbers.where(numbers > 0).astype("string"))
    if gear.notna().any():
        columns["gear_id"] = gear.array


def _distance(table: ExportTable, named: dict[str, tuple[str, Cells]]) -> None:
    """The raw metres, and the displayed distance where there are none."""
    word, shown = named.pop("shown distance")
    unread = Unread()
    raw = named.pop("distance", (word, pa.nulls(len(shown), pa.string())))[1]
    if _are_swapped(shown[:_A_FEW], raw[:_A_FEW]):
        shown, raw = raw, shown
    metres = values.numbers(raw, unread)
    without = np.isnan(metres)
    if without.any():
        units = pd.Series(table.columns.get("sport_type", [None] * len(table))).map(_METRES).fillna(1000.0)
        displayed = values.shown_numbers(shown.filter(pa.array(without)), unread)
        metres = metres.copy()
        metres[without] = displayed * units.to_numpy(np.float64)[without]
    table.columns["distance"] = values.floats(metres)
    _tell(table, word, unread)


def _are_swapped(shown: Cells, raw: Cells) -> bool:
    """Whether somebody has moved the columns about."""
    kilometres, metres = values.shown_numbers(_strings(shown), Unread()), values.numbers(raw, Unread())
    both = (kilometres > 0) & (metres > 0)
    return bool(kilometres[both].sum() > 10 * metres[both].sum())


def _drop_repeated(table: ExportTable) -> None:
    ids = pd.Series(table.columns["id"])
    if ids.is_unique:
        return
    filled = sum(pd.Series(column).notna().astype(int) for column in table.columns.values())
    best = pd.DataFrame({"id": ids, "filled": filled}).sort_values("filled", ascending=False, kind="stable")
    kept = np.sort(best.drop_duplicates("id").index.to_numpy())
    again = ids[ids.duplicated()]
    table.columns = {name: column.take(kept) for name, column in table.columns.items()}
    table.problems += [
        f"Activity {number} stands in the export {count + 1} times; the fullest row is kept."
        for number, count in again.value_counts(sort=False).items()
    ]


def _tell(table: ExportTable, word: str, unread: Unread) -> None:
    if unread.count:
        table.problems.append(f"{word}: {unread.count} values cannot be read, such as {unread.example!r}.")
