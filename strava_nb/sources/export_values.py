"""The cells of an export as values: dates, numbers and flags as people of many languages write them.

A whole column at a time, from Arrow's cells to pandas' arrays. What is blank is absent; what cannot be
read is absent and counted, so that it is told once a column and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray

from .export_words import blank_words, flag_words, month_of

Cells: TypeAlias = Any
"""A column as it was read, a pyarrow.Array: strings, or numbers where all of them were; null where blank."""

Numbers = npt.NDArray[np.float64]

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_GROUPING = str.maketrans("", "", " '’\u00a0\u202f\u2009_")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
_ID = re.compile(r"([0-9]{1,18})(?:[.,]0+)?")

_TIME = (
    r"(?:\D{1,6}?(?P<H>[0-9]{1,2})[:.](?P<M>[0-9]{2})(?:[:.](?P<S>[0-9]{2}))?(?:\.[0-9]+)?)?"
    r"(?:\s*(?P<half>[ap])\W{0,2}m?)?\W*(?:z|utc|gmt|\+00:?00)?\W*"
)
_FORMS = tuple(
    re.compile(date + _TIME, re.IGNORECASE)
    for date in (
        r"(?P<word>[^\W\d_]+)\W{1,2}(?P<d>[0-9]{1,2})\W{1,3}(?P<y>[0-9]{4})",
        r"(?P<d>[0-9]{1,2})\W{1,2}(?:de\s)?(?P<word>[^\W\d_]+)\W{1,3}(?:de\s)?(?P<y>[0-9]{4})",
        r"(?P<y>[0-9]{4})[-/.年]\s?(?P<m>[0-9]{1,2})[-/.月]\s?(?P<d>[0-9]{1,2})日?",
        r"(?P<d>[0-9]{1,2})(?P<between>[-/.])\s?(?P<m>[0-9]{1,2})[-/.]\s?(?P<y>[0-9]{4})",
    )
)
_ENGLISH = (
    r"^(?P<word>[A-Za-z]+) (?P<d>[0-9]{1,2}), (?P<y>[0-9]{4}), "
    r"(?P<H>0?[1-9]|1[0-2]):(?P<M>[0-5][0-9]):(?P<S>[0-5][0-9]) (?P<half>[AP])M$"
)
_WITH_WORDS, _NUMERIC = _FORMS[:2], _FORMS[3]
_DAY_ZERO = date(1970, 1, 1).toordinal()
_NAT = np.datetime64("NaT", "s")
_NEVER = np.iinfo(np.int64).min


class Unread:
    """How many cells of a column could not be read, and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.example = ""

    def add(self, cell: str, count: int) -> None:
        """So many more."""
        self.count += count
        self.example = self.example or cell.strip()[:40]


def moments(cells: Cells, unread: Unread) -> pd.DatetimeIndex:
    """The cells as moments, which Strava writes in UTC; none before 1900.

    Whether 5/6/2026 is in May or in June is decided by the column: by any day above 12, else by AM
    and PM, which come with the month first.
    """
    month_first = _month_first(cells.filter(pc.match_substring(cells, "/")).to_pylist())
    seconds = _in_one_sweep(cells)
    rest = np.flatnonzero(seconds == _NEVER)
    if len(rest):
        seconds[rest] = _read(
            cells.take(rest), lambda cell: _moment(cell, month_first), unread, "int64", _NEVER
        )
    found = pd.DatetimeIndex(np.where(seconds == _NEVER, _NAT, seconds.astype("datetime64[s]")))
    return found.as_unit("us").tz_localize(UTC)


def _in_one_sweep(cells: Cells) -> npt.NDArray[np.int64]:
    """Seconds since 1970 of the dates that are written as English exports do, else _NEVER.

    Ten thousand dates are ten thousand spellings, which one by one took as long as all else together.
    """
    parts = pc.extract_regex(cells, pattern=_ENGLISH)
    sound = parts.is_valid().to_numpy(zero_copy_only=False)
    parts = parts.drop_null().flatten()
    if not len(parts[0]):
        return np.full(len(cells), _NEVER)
    words = parts[0].dictionary_encode()
    known = np.array([month_of(word) or 0 for word in words.dictionary.to_pylist()])
    month = known.take(words.indices.to_numpy())
    day, year, hour, minute, second = (part.cast("int64").to_numpy() for part in parts[1:6])
    hour = hour % 12 + 12 * (parts[6].to_numpy(zero_copy_only=False) == "P")
    months = (year - 1970) * 12 + month - 1
    first, next_first = (
        (months + more).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for more in (0, 1)
    )
    days = first + day - 1
    fits = (month > 0) & (year >= 1900) & (year <= 9000) & (day > 0) & (days < next_first)
    seconds = np.full(len(cells), _NEVER)
    seconds[sound] = np.where(fits, days * 86_400 + hour * 3600 + minute * 60 + second, _NEVER)
    return seconds


def _month_first(cells: list[str]) -> bool:
    slashed = [found for cell in cells if (found := _NUMERIC.fullmatch(_tidy(cell)))]
    if any(int(found["d"]) > 12 for found in slashed):
        return False
    return any(int(found["m"]) > 12 for found in slashed) or any(found["half"] for found in slashed)


def _moment(cell: str, month_first: bool) -> int:
    """Seconds since 1970."""
    text = _tidy(cell)
    for form in _FORMS:
        if found := form.fullmatch(text):
            break
    else:
        raise ValueError
    year, day, hour, minute, second, half = found.group("y", "d", "H", "M", "S", "half")
    if form in _WITH_WORDS:
        month: int | str = month_of(found["word"]) or 0
    else:
        month = found["m"]
        if month_first and form is _NUMERIC and found["between"] == "/":
            day, month = month, day
    if not "1900" <= year <= "9000":
        raise ValueError
    days = date(int(year), int(month), int(day)).toordinal() - _DAY_ZERO
    return days * 86_400 + _seconds(int(hour or 0), int(minute or 0), int(second or 0), half)


def _seconds(hour: int, minute: int, second: int, half: str | None) -> int:
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError
    return hour * 3600 + minute * 60 + second


def _tidy(cell: str) -> str:
    return cell.strip() if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()


def numbers(cells: Cells, unread: Unread) -> Numbers:
    """The cells as numbers, with a point or a comma before the decimals; NaN where there is none."""
    if not pa.types.is_floating(cells.type):
        try:
            cells = cells.cast(pa.float64())
        except pa.ArrowInvalid:
            return _read(cells, number, unread, "float64", np.nan)
    found: Numbers = cells.to_numpy(zero_copy_only=False)
    return found


def shown_numbers(cells: Cells, unread: Unread) -> Numbers:
    """Numbers written for eyes, where three digits after a lone point or comma are thousands."""
    return _read(cells, _shown_number, unread, "float64", np.nan)


def _shown_number(cell: str) -> float:
    bare = cell.translate(_GROUPING)
    return number(re.sub(r"[.,]", "", bare) if _THOUSANDS.fullmatch(bare) else bare)


def number(cell: str) -> float:
    """A number of any language; ValueError where it is none."""
    bare = cell.translate(_GROUPING).strip()
    comma, dot = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and dot >= 0:
        bare = bare.replace("." if comma > dot else ",", "")
    bare = bare.replace(",", ".")
    if bare.count(".") > 1:
        bare = bare.replace(".", "")
    if not _NUMBER.fullmatch(bare):
        raise ValueError
    return float(bare)


def floats(found: Numbers) -> ExtensionArray:
    """Numbers as a column that knows NA."""
    return pd.arrays.FloatingArray(found, ~np.isfinite(found))


def wholes(found: Numbers) -> ExtensionArray:
    """Numbers, rounded, as a column of whole ones."""
    with np.errstate(invalid="ignore"):
        absent = ~(np.abs(found) < 2**62)
    return pd.arrays.IntegerArray(np.where(absent, 0, found).round().astype(np.int64), absent)


def ids(cells: Cells, unread: Unread) -> npt.NDArray[np.int64]:
    """The cells as ids, exact to the last digit, 0 for none: one that a spreadsheet has rounded is none."""
    try:
        found: npt.NDArray[np.int64] = cells.cast(pa.int64()).fill_null(0).to_numpy()
    except pa.ArrowInvalid:
        found = np.array([-1])
    return found if (found >= 0).all() else _read(cells, _id, unread, "int64", 0)


def _id(cell: str) -> int:
    found = _ID.fullmatch(cell.strip())
    if not found or not int(found[1]):
        raise ValueError
    return int(found[1])


def flags(cells: Cells, unread: Unread) -> ExtensionArray:
    """The cells as yes and no, in words of any language or as 1.0 and 0.0."""
    found = _read(cells, _flag, unread, "float64", np.nan)
    return pd.arrays.BooleanArray(found == 1, np.isnan(found))


def _flag(cell: str) -> bool:
    word = cell.strip().casefold()
    known = flag_words().get(word)
    return known if known is not None else bool(number(word))


def texts(cells: Cells) -> ExtensionArray:
    """The cells as they are."""
    return pd.array(cells, dtype="string")


def _read(
    cells: Cells, read: Callable[[str], Any], unread: Unread, dtype: str, absent: Any
) -> npt.NDArray[Any]:
    """The cells read, each spelling once; `absent` where blank or where `read` raises ValueError."""
    encoded = cells.dictionary_encode()
    places = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy()
    words = encoded.dictionary.to_pylist()
    known = []
    for place, word in enumerate(words):
        try:
            known.append(read(word))
        except (ValueError, OverflowError):
            known.append(absent)
            if word.strip().casefold() not in blank_words():
                unread.add(word, int((places == place).sum()))
    found: npt.NDArray[Any] = np.array([*known, absent], dtype=dtype)
    taken: npt.NDArray[Any] = found.take(places)
    return taken
