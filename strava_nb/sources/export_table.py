"""activities.csv as typed columns under the API's names.

The export has no version and no fixed columns: there have been ten to 103 of them, in the account's
language, five of them twice. So columns are known by name and occurrence; where a language is not
known, by their order, once the numbers show that the order holds.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import zip_longest
from typing import Any, Final

from ..columns import ACTIVITIES
from ..errors import BadExport
from . import export_values as values
from .export_words import fields_of, plain, sport_of

ORDER: Final = (
    "id", "start_date", "name", "sport_type", "description", "elapsed_time", "distance", "max_heartrate",
    "suffer_score", "commute", "private_note", "gear_name", "filename", "athlete_weight", "bike_weight",
    "elapsed_time", "moving_time", "distance",
)  # fmt: skip
"""The columns 0 to 17, which stand alike in every language met so far."""

_TEXTS = {"name", "description", "private_note", "gear_name", "filename", "media"}
_FLAGS = {
    "commute", "flagged", "from_upload", "prefer_perceived_exertion", "recovery", "with_pet", "competition",
    "long_run", "for_a_cause", "with_kid",
}  # fmt: skip
_WHOLES = {column.name for column in ACTIVITIES if column.dtype == "Int64"} | {
    "bike_id", "shoes_id", "number_of_runs", "uphill_time", "downhill_time", "other_time", "timer_time",
    "jump_count", "power_count", "activity_count", "total_steps", "total_cycles", "total_sets", "total_reps",
}  # fmt: skip
_NUMBERS = {column.name for column in ACTIVITIES if column.dtype == "Float64"}
_TAKEN = {part for column in ACTIVITIES for part in (column.name, column.record_path.partition(".")[0])}
_NEVER_ZERO = {"average_heartrate", "max_heartrate", "average_cadence", "max_cadence"}
"""Where Strava writes 0 for what was not recorded."""

_METRES = {"Swim": 1.0, "Sail": 1852.0}
"""How many metres the displayed distance counts in, where it is not kilometres."""

_REPORT = "Please report this header, so that the language can be added; values are not needed."


@dataclass
class ExportTable:
    """Typed columns under the API's names, each as long as `moments`, and what is amiss with them."""

    columns: dict[str, list[Any]]
    moments: list[datetime | None]
    problems: list[str] = field(default_factory=list)


def stable_id(content: bytes) -> int:
    """A negative id of at most 15 digits for what has no Strava id: the same content, the same id."""
    return -1 - int.from_bytes(blake2b(content, digest_size=8).digest()) % (10**15 - 1)


def read_table(data: bytes, where: str) -> ExportTable:
    """The table in the bytes of an activities.csv; `where` is how sentences call the file.

    Raises BadExport for what is no activities.csv.
    """
    problems: list[str] = []
    header, rows = read_rows(data, where, problems)
    cells = [list(column) for column in zip_longest(*rows, fillvalue="")][: len(header)]
    cells += [[""] * len(rows) for _ in range(len(header) - len(cells))]
    named = _named(header, cells, where)
    table = ExportTable({}, [], problems)
    _identify(table, named, rows, where)
    for name, (word, column) in named.items():
        if name not in table.columns and any(column):
            unread = values.Unread()
            table.columns[name] = _typed(name, column, unread)
            _tell(table, word, unread)
    _join_doubles(table)
    _drop_repeated(table)
    return table


def read_rows(data: bytes, where: str, problems: list[str]) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV, whatever alphabet and delimiter it was saved with.

    Raises BadExport where there is not even a header; what else is amiss is added to `problems`.
    """
    text = _text(data)
    if text.casefold().startswith("sep=") and "\n" in text:
        text = text.partition("\n")[2]
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows.extend(row for row in reader if any(row))
    except csv.Error as error:
        problems.append(f"{where} cannot be read after line {reader.line_num} ({error}).")
    if not rows:
        raise BadExport(f"{where} is empty.", "Take the activities.csv out of Strava's zip once more.")
    header = rows[0]
    rows = [row for row in rows[1:] if row != header]
    if too_long := sum(any(row[len(header) :]) for row in rows if len(row) > len(header)):
        problems.append(f"{too_long} rows have more cells than the header; the last ones were left out.")
    if rows and len(rows[-1]) < len(header) and not text.endswith(("\n", "\r")):
        problems.append(f"{where} ends in the middle of a row: perhaps it was not copied whole.")
    return header, rows


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # a spreadsheet saved it in the alphabet of its computer
        return data.decode("cp1252", "replace")


def _named(header: list[str], cells: list[list[str]], where: str) -> dict[str, tuple[str, list[str]]]:
    """The columns by field; of a double the first, displayed one has "shown " before its name."""
    fields, metres = fields_of(header)
    if not {"id", "start_date"} <= set(fields) or None in fields[: len(ORDER)]:
        fields = _by_order(fields, cells)
    if missing := {"id", "start_date", "elapsed_time"} - set(fields):
        raise _not_an_export(header, cells, where, missing)
    seen: Counter[str | None] = Counter()
    times: Counter[str | None] = Counter(fields)
    named: dict[str, tuple[str, list[str]]] = {}
    for word, known, column in zip(header, fields, cells, strict=True):
        name = known or _own_name(word)
        seen[name] += 1
        if known in ("elapsed_time", "distance", "max_heartrate", "suffer_score", "commute"):
            shown = seen[name] == 1 and (times[known] > 1 or known == "distance") and not metres
            name = f"shown {name}" if shown else name
        while name in named:
            name += "_again"
        named[name] = (plain(word), column)
    return named


def _by_order(fields: list[str | None], cells: list[list[str]]) -> list[str | None]:
    if len(cells) < len(ORDER) or not _order_holds(cells):
        return fields
    missing = Counter(ORDER) - Counter(name for name in fields if name)
    ordered = list(fields)
    for place, name in enumerate(ORDER):
        if ordered[place] is None and missing[name]:
            ordered[place], missing[name] = name, missing[name] - 1
    return ordered


def _order_holds(cells: list[list[str]]) -> bool:
    """Whether the numbers in the columns 0 to 17 are what their order says."""
    unread = values.Unread()
    numbered = [one for one in values.ids(cells[0], unread) if one]
    if not numbered or unread.count * 10 > len(numbered):
        return False
    pairs = [
        (shown, raw)
        for shown, raw in zip(_shown(cells[6]), values.numbers(cells[17], unread), strict=True)
        if shown and raw and raw > 20
    ]
    if pairs:
        fitting = sum(
            any(abs(raw - shown * unit) <= 0.02 * raw for unit in (1000.0, *_METRES.values()))
            for shown, raw in pairs
        )
        return fitting * 10 >= len(pairs) * 9
    times = zip(values.numbers(cells[5], unread), values.numbers(cells[15], unread), strict=True)
    both = [(one, other) for one, other in times if one and other]
    return bool(both) and all(abs(one - other) <= 1 for one, other in both)


def _own_name(word: str) -> str:
    name = re.sub(r"\W+", "_", plain(word).casefold()).strip("_") or "unnamed"
    return f"export_{name}" if name in _TAKEN else name


def _not_an_export(header: list[str], cells: list[list[str]], where: str, missing: set[str]) -> BadExport:
    words = ", ".join(plain(word)[:40] for word in header[: len(ORDER)])
    more = f" and {len(header) - len(ORDER)} more" if len(header) > len(ORDER) else ""
    unread = values.Unread()
    if len(header) >= 10 and any(values.ids(cells[0], unread)) and not unread.count:
        return BadExport(
            f"{where} has its columns in a language not known here: {words}{more}.",
            _REPORT,
            missing=tuple(missing),
        )
    return BadExport(
        f"{where} is not Strava's list of activities: its columns are {words}{more}.",
        "Open the zip that Strava sent, or the activities.csv in it.",
        missing=tuple(missing),
    )


def _identify(
    table: ExportTable, named: dict[str, tuple[str, list[str]]], rows: list[list[str]], where: str
) -> None:
    word, cells = named["start_date"]
    unread = values.Unread()
    table.moments = values.moments(cells, unread)
    if unread.count and not any(table.moments):
        raise BadExport(
            f"{where} has dates in a form not known here, such as {unread.example!r} under {word}.", _REPORT
        )
    _tell(table, word, unread)
    table.columns["start_date"] = [one and f"{one.isoformat()[:19]}Z" for one in table.moments]
    word, cells = named["id"]
    unread = values.Unread()
    ids = values.ids(cells, unread)
    if lost := ids.count(None):
        ids = [
            one or stable_id("\n".join(row).encode("utf-8", "replace"))
            for one, row in zip(ids, rows, strict=True)
        ]
        shown = f" (such as {unread.example!r})" if unread.count else ""
        table.problems.append(f"{lost} rows have no usable {word}{shown}; they were given negative ids.")
    table.columns["id"] = ids
    if "sport_type" in named:
        table.columns["sport_type"] = [sport_of(cell) for cell in named["sport_type"][1]]


def _typed(name: str, cells: list[str], unread: values.Unread) -> list[Any]:
    bare = name.removeprefix("shown ")
    if bare in _TEXTS:
        return values.texts(cells)
    if bare in _FLAGS:
        return values.flags(cells, unread)
    if bare in _WHOLES:
        return values.wholes(cells, unread)
    if name == "shown distance":
        return _shown(cells, unread)
    read = values.numbers(cells, unread)
    if unread.count and bare not in _NUMBERS:  # words after all: kept as they are
        unread.count = 0
        return values.texts(cells)
    return [one or None for one in read] if bare in _NEVER_ZERO else read


def _shown(cells: list[str], unread: values.Unread | None = None) -> list[float | None]:
    return values.read_each(cells, values.shown_number, unread or values.Unread())


def _join_doubles(table: ExportTable) -> None:
    """Of a double the second, raw value, and the displayed one where there is none."""
    columns = table.columns
    nothing: list[Any] = [None] * len(table.moments)
    shown, raw = columns.get("shown distance", nothing), columns.get("distance", nothing)
    both = [(s, r) for s, r in zip(shown, raw, strict=True) if s and r]
    if both and sum(s for s, _ in both) > 10 * sum(r for _, r in both):  # somebody moved the columns
        shown, raw = raw, shown
        columns["distance"] = raw
    if "shown distance" in columns:
        sports = columns.get("sport_type", nothing)
        columns["shown distance"] = [
            None if one is None else one * _METRES.get(sport, 1000.0)
            for one, sport in zip(shown, sports, strict=True)
        ]
    for name in [name for name in columns if name.startswith("shown ")]:
        shown, bare = columns.pop(name), name.removeprefix("shown ")
        raw = columns.get(bare, nothing)
        columns[bare] = [s if r is None else r for s, r in zip(shown, raw, strict=True)]


def _drop_repeated(table: ExportTable) -> None:
    times = Counter(table.columns["id"])
    if max(times.values(), default=1) == 1:
        return
    filled = [sum(value is not None for value in row) for row in zip(*table.columns.values(), strict=True)]
    best: dict[int, int] = {}
    for row, number in enumerate(table.columns["id"]):
        if number not in best or filled[row] > filled[best[number]]:
            best[number] = row
    kept = sorted(best.values())
    table.columns = {name: [column[row] for row in kept] for name, column in table.columns.items()}
    table.moments = [table.moments[row] for row in kept]
    table.problems += [
        f"Activity {number} stands in the export {count} times; the fullest row is kept."
        for number, count in times.items()
        if count > 1
    ]


def _tell(table: ExportTable, word: str, unread: values.Unread) -> None:
    if unread.count:
        table.problems.append(f"{word}: {unread.count} values cannot be read, such as {unread.example!r}.")
