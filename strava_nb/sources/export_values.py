"""The cells of an export as values: dates, numbers and flags as people of many languages write them.

A whole column at a time. What is blank is None; what cannot be read is None and counted, so that it
is told once a column and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from .export_words import blank_words, flag_words, month_of

Value = TypeVar("Value")

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_GROUPING = str.maketrans("", "", " '’\u00a0\u202f\u2009_")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
_ID = re.compile(r"([0-9]{1,18})(?:[.,]0+)?")

_TIME = r"(?:\D{1,6}?(?P<H>[0-9]{1,2})[:.](?P<M>[0-9]{2})(?:[:.](?P<S>[0-9]{2}))?(?:\.[0-9]+)?)?"
_HALF = r"\s*(?P<half>[ap])?\W{0,2}m?"
_ZONE = r"\W*(?:z|utc|gmt|\+00:?00)?\W*"
_DATES = (
    r"(?P<y>[0-9]{4})[-/.年]\s?(?P<m>[0-9]{1,2})[-/.月]\s?(?P<d>[0-9]{1,2})日?",
    r"(?P<a>[0-9]{1,2})[-/.]\s?(?P<b>[0-9]{1,2})[-/.]\s?(?P<y>[0-9]{4})",
    r"(?P<d>[0-9]{1,2})\W{1,2}(?:de\s)?(?P<word>[^\W\d_]+)\W{1,3}(?:de\s)?(?P<y>[0-9]{4})",
    r"(?P<word>[^\W\d_]+)\W{1,2}(?P<d>[0-9]{1,2})\W{1,3}(?P<y>[0-9]{4})",
)
_FORMS = tuple(re.compile(date + _TIME + _HALF + _ZONE, re.IGNORECASE) for date in _DATES)


class Unread:
    """How many cells of a column could not be read, and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.example = ""

    def add(self, cell: str) -> None:
        """One more."""
        self.count += 1
        self.example = self.example or cell.strip()[:40]


def moments(cells: list[str], unread: Unread) -> list[datetime | None]:
    """The cells as moments, which Strava writes in UTC; none earlier than 1900.

    Whether 5/6/2026 is in May or in June is decided by the column: by any day above 12, else by AM
    and PM, which come with the month first.
    """
    month_first = _month_first(cells)
    return read_each(cells, lambda text: _moment(text, month_first), unread)


def _month_first(cells: list[str]) -> bool:
    slashed = [found for cell in cells if "/" in cell and (found := _FORMS[1].fullmatch(_tidy(cell)))]
    if any(int(found["a"]) > 12 for found in slashed):
        return False
    return any(int(found["b"]) > 12 for found in slashed) or any(found["half"] for found in slashed)


def _moment(text: str, month_first: bool) -> datetime:
    text = _tidy(text)
    for form in _FORMS:
        if found := form.fullmatch(text):
            break
    else:
        raise ValueError
    parts = found.groupdict()
    if "a" in parts:
        swapped = month_first and "/" in text
        day, month = (parts["b"], parts["a"]) if swapped else (parts["a"], parts["b"])
    else:
        day, month = parts["d"], parts.get("m") or month_of(parts["word"])
    hour = int(parts["H"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    moment = datetime(
        int(parts["y"]),
        int(month or 0),
        int(day),
        hour,
        int(parts["M"] or 0),
        int(parts["S"] or 0),
        tzinfo=UTC,
    )
    if not 1900 <= moment.year <= 9000:
        raise ValueError
    return moment


def _tidy(cell: str) -> str:
    return cell.strip() if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()


def numbers(cells: list[str], unread: Unread) -> list[float | None]:
    """The cells as numbers, with a point or a comma before the decimals."""
    try:
        return [float(cell) if cell else None for cell in cells]
    except ValueError:
        return read_each(cells, number, unread)


def shown_number(text: str) -> float:
    """A number written for eyes, where three digits after a lone point or comma are thousands."""
    bare = text.translate(_GROUPING)
    return number(re.sub(r"[.,]", "", bare) if _THOUSANDS.fullmatch(bare) else bare)


def number(text: str) -> float:
    """A number of any language; ValueError where it is none."""
    bare = text.translate(_GROUPING).strip()
    comma, dot = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and dot >= 0:
        bare = bare.replace("." if comma > dot else ",", "")
    bare = bare.replace(",", ".")
    if bare.count(".") > 1:
        bare = bare.replace(".", "")
    if not _NUMBER.fullmatch(bare):
        raise ValueError
    return float(bare)


def wholes(cells: list[str], unread: Unread) -> list[int | None]:
    """The cells as whole numbers."""
    return [None if one is None or not abs(one) < 2**63 else round(one) for one in numbers(cells, unread)]


def ids(cells: list[str], unread: Unread) -> list[int | None]:
    """The cells as ids, exact to the last digit: one that a spreadsheet has rounded is none."""
    return read_each(cells, _id, unread)


def _id(text: str) -> int:
    found = _ID.fullmatch(text.strip())
    if not found or not int(found[1]):
        raise ValueError
    return int(found[1])


def flags(cells: list[str], unread: Unread) -> list[bool | None]:
    """The cells as yes and no, in words of any language or as 1.0 and 0.0."""
    return read_each(cells, _flag, unread)


def _flag(text: str) -> bool:
    word = text.strip().casefold()
    known = flag_words().get(word)
    return known if known is not None else bool(number(word))


def texts(cells: list[str]) -> list[str | None]:
    """The cells as they are, None where blank."""
    return [cell or None for cell in cells]


def read_each(cells: list[str], read: Callable[[str], Value], unread: Unread) -> list[Value | None]:
    """The cells read one by one, None where blank or where `read` raises ValueError."""
    return [_one(cell, read, unread) for cell in cells]


def _one(cell: str, read: Callable[[str], Value], unread: Unread) -> Value | None:
    if not cell or cell.strip().casefold() in blank_words():
        return None
    try:
        return read(cell)
    except (ValueError, OverflowError):
        unread.add(cell)
        return None
