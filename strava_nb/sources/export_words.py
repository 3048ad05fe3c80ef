"""The words of an export, which come in the account's language: headers, sports, months, yes and no.

The words themselves are data, `export_words.json`, one block a language, so that a new language is
added without touching code.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from ..tables.sports import known_sports

_TAG = re.compile(r"<[^>]*>")
_TITLE = re.compile(r'title="([^"]*)"')
_MISSING = re.compile(r"translation missing:.*\.", re.IGNORECASE)


def plain(cell: str) -> str:
    """A header cell as a person would read it: Strava leaves HTML and "translation missing" in some."""
    text = _TAG.sub(" ", cell)
    if not text.strip() and (title := _TITLE.search(cell)):
        text = title[1]
    text = html.unescape(text)
    if "translation missing" in text:
        text = _MISSING.sub("", text).replace("_", " ")
    return " ".join(unicodedata.normalize("NFKC", text).split())


def key(text: str) -> str:
    """A word in the form in which words are compared: without case, dots and kinds of apostrophe."""
    return plain(text).casefold().replace("’", "'").replace(".", "")


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files(__package__).joinpath("export_words.json").read_text("utf-8"))
    return data


@cache
def _fields_by_language() -> dict[str, dict[str, str]]:
    return {
        language: {key(word): field for field, words in block["columns"].items() for word in words}
        for language, block in _data()["languages"].items()
    }


def fields_of(header: list[str]) -> tuple[list[str | None], bool]:
    """What each header cell means, None where no language knows it, and whether distances are in metres.

    The language with most words decides; the others only fill in, since Strava leaves English words
    in every language.
    """
    keys = [key(cell) for cell in header]
    languages = _fields_by_language()
    best = max(languages, key=lambda name: sum(cell in languages[name] for cell in keys))
    others = {
        cell: field
        for name, words in reversed(languages.items())
        if not _data()["languages"][name].get("metres")
        for cell, field in words.items()
    }
    fields = [languages[best].get(cell) or others.get(cell) for cell in keys]
    return fields, bool(_data()["languages"][best].get("metres"))


@cache
def _sports() -> dict[str, str]:
    sports = {_squeezed(name): name for name in known_sports()}
    for block in _data()["languages"].values():
        for sport, words in block["sports"].items():
            sports |= {_squeezed(word): sport for word in words}
    return sports


@cache
def sport_of(word: str) -> str | None:
    """The API's name of a sport, or the word itself where no language knows it."""
    word = word.strip()
    return _sports().get(_squeezed(word), word) or None


def _squeezed(word: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", word).casefold())


@cache
def month_of(word: str) -> int | None:
    """The number of a month named or shortened in any of the languages."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    for number, beginnings in enumerate(_data()["months"], start=1):
        if letters.startswith(tuple(beginnings)):
            return number
    return None


@cache
def flag_words() -> dict[str, bool]:
    """How yes and no are written, by Strava or by a spreadsheet that saved the file again."""
    return dict.fromkeys(_data()["true"], True) | dict.fromkeys(_data()["false"], False)


@cache
def blank_words() -> frozenset[str]:
    """What stands where there is nothing to say."""
    return frozenset(_data()["blank"]) | {""}
