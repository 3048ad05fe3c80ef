"""What in a text gives its owner away: secrets, addresses, names, numbers and places.

Forty hexadecimal digits are a token of Strava's or the name of a git commit; which of the two, the words
around it tell. What is known to be a secret is found whatever stands around it.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..metrics.reading import Floats
from .known import ATHLETE, HOME, SECRET, TOKEN, Known, metres_from
from .unwrapping import LONG, layers, plain

CODE, PASSWORD, EMAIL = "an authorization code", "a password", "an e-mail address"
NAME, PLACE = "the athlete's name", "a place near home"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: in which line, from 0, and where exactly if it stood there unwrapped."""

    what: str
    line: int
    spans: tuple[tuple[int, int], ...] = ()


_Found = tuple[str, tuple[tuple[int, int], ...]]
"""What it is, and the parts of the text it is made of."""

_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{40}(?![0-9A-Za-z])")
_NEAR = re.compile(
    r"(?i)(?P<code>code['\"]?\s*[=:,]|\bcode\W{1,10}$)|(?P<secret>secret)"
    r"|(?P<token>token|authori[sz]ation|bearer|\bbasic\b|strava_|client_|oauth|credential|passw|api_?key"
    r"|open_api|StravaIO)"
)
_BEFORE, _AFTER = 120, 40
_COMMIT = re.compile(r"(?i)\b(?:commit|sha-?\d*|rev|revision|tree|blob|parent|checksum|md5)\W{0,5}$")
_SURELY = re.compile(r"(?i)(?:access|refresh)[_ -]?token|client[_ -]?secret")

_GIVEN = re.compile(
    r"(?i)(?P<key>token|secret(?:[_\s-]?key)?|passw(?:or)?d|api[_\s-]?key|auth(?:orization)?[_\s-]?code)"
    r"[\"'\]]{0,3}\s*(?:=>|[:=,])\s*(?P<quote>[\"'(fr]{0,3}+)(?P<value>[A-Za-z0-9_~.+/=-]{8,}+)(?![(\[])"
)
_BEARER = re.compile(r"(?i)\b(?:bearer|basic|token)\s+(?P<value>[A-Za-z0-9._~+/-]{20,}=*)")
_TYPED = re.compile(r"PasswordModel\"[^{}]*\{?[^{}]*\"value\":\s*\"(?P<value>[^\"]+)\"")
"""What was typed into the field for passwords of ipywidgets, as a saved widget state has it."""

_OTHERS = re.compile(
    r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}|\b(?:gh[pousr]_|github_pat_|glpat-|xox[abp]-)[\w-]{20,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_CODE = re.compile(
    r"(?i)(?:[?&;]code=|\bcode=(?=[\w.~-]{8,}&(?:scope|state)=))(?P<value>[\w.~-]{8,}+)(?![{(\[])"
)
_VARIABLE = re.compile(r"[A-Za-z]+(?:_(?:[A-Za-z]+|\d{1,3}))+")
_EXAMPLE = re.compile(
    r"(?i)your|example|x{4}|placeholder|redacted|removed|dummy|changeme|environ|getpass|_code"
)

_MAILBOX = re.compile(r"[\w.+-]{1,64}\Z")
_HOST = re.compile(r"@(?!\d{1,3}\.\d)(?P<host>(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24})(?![\w(\[-])")
_NO_HOST = re.compile(
    r"(?i)(?:^|\.)(?:example(?:\.\w+)?|invalid|test|localhost|png|svg|jpe?g|gif|webp|js|mjs|css|map|py|whl|gz"
    r"|zip|values?|array|data|params?|weights?|transpose|dot|inv|mean|shape|coef|real|imag|iloc|loc)$"
    r"|(?:^|\.)noreply\.github\.com$"
)

_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:\.(\d+)|,(\d{3,})(?![\d.]))")
_DEGREES = re.compile(
    r"(\d{1,3})\s*[°º]\s*(\d{1,2}(?:\.\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''))?"
)
_LAT = re.compile(r"(?i)(?<![a-z])lats?(?![a-z])|latitude|latlng")
_LNG = re.compile(r"(?i)(?<![a-z])(?:lng|lon|long)s?(?![a-z])|longitude|latlng")
_APART = 3
"""So many numbers on, a latitude's longitude may stand (the altitude between them, say)."""

_GAP = 400
_POLYLINE = re.compile(r"[?-~]{6,}")
_LONGEST = 4000
_ID = re.compile(
    r"(?<!\d)(?<!\d\.)(?:[bg]?\d{5,20}|\d{1,3}(?:[,_'\u00a0\u202f]\d{3}){1,5})(?!\d)(?!\.\d*[1-9])"
)


def hits(text: str, own: Known, *, sure: bool = True) -> list[Hit]:
    """All that is found in the text and in what it wraps, each once a line and kind where it is wrapped.

    `sure` is whether a word such as "access_token" anywhere in it makes every such number a token.
    """
    found: dict[tuple[str, int], Hit] = {}
    spelt: list[Hit] = []
    for number, layer in enumerate(layers(text)):
        if isinstance(layer.content, bytes):
            for what in _in_numbers(layer.content, own):
                found.setdefault((what, layer.line), Hit(what, layer.line))
            continue
        for what, spans in _in_text(layer.content, own, sure=sure):
            line = layer.line + (0 if layer.inside else layer.content.count("\n", 0, spans[0][0]))
            if number == 0:
                spelt.append(Hit(what, line, spans))
                found.setdefault((what, line), spelt[-1])
            else:
                found.setdefault((what, line), Hit(what, line))
    wrapped = [one for one in found.values() if not one.spans]
    return sorted([*spelt, *wrapped], key=lambda one: one.line)


def _in_text(text: str, own: Known, *, sure: bool) -> Iterator[_Found]:
    for secret, what in own.secrets.items():
        yield from ((what, (span,)) for span in _places_of(secret, text))
    letters = _without_long_base64(text)
    yield from _secrets(letters, sure=sure)
    yield from _addresses(letters)
    yield from _people(letters, own)
    if len(own.homes):
        yield from _homes(letters, own.homes)


def _places_of(part: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(part)
    while at >= 0:
        yield at, at + len(part)
        at = text.find(part, at + len(part))


def _without_long_base64(text: str) -> str:
    if len(text) < LONG:
        return text
    return re.sub(rf"[A-Za-z0-9+/]{{{LONG},}}={{0,2}}", lambda run: " " * len(run[0]), text)


def _secrets(text: str, *, sure: bool) -> Iterator[_Found]:
    surely = sure and _SURELY.search(text)
    for run in _HEX.finditer(text):
        before = text[max(0, run.start() - _BEFORE) : run.start()]
        if _COMMIT.search(before[-20:]):
            continue
        words = [*_NEAR.finditer(before)] or [*_NEAR.finditer(text[run.end() : run.end() + _AFTER])][:1]
        if words:
            yield {"code": CODE, "secret": SECRET}.get(words[-1].lastgroup or "", TOKEN), (run.span(),)
        elif surely:
            yield TOKEN, (run.span(),)
    small = text.lower()
    for given in _where_said(_GIVEN, text, small, "token", "secret", "passw", "key", "code"):
        key, value = given["key"].lower(), given["value"]
        quoted = any(quote in given["quote"] for quote in "\"'")
        if _like_a_secret(value, 8 if quoted else 20) and (quoted or not _VARIABLE.fullmatch(value)):
            what = SECRET if key.startswith("secret") else PASSWORD if key.startswith("passw") else TOKEN
            yield CODE if key.endswith("code") else what, (given.span("value"),)
    for one in _where_said(_BEARER, text, small, "bearer", "basic", "token"):
        if _like_a_secret(one["value"], 20):
            yield TOKEN, (one.span("value"),)
    for one in _where_said(_CODE, text, small, "code="):
        if _like_a_secret(one["value"], 8):
            yield CODE, (one.span("value"),)
    for one in _where_said(_TYPED, text, small, "passwordmodel"):
        yield PASSWORD, (one.span("value"),)
    for one in _where_said(_OTHERS, text, small, "eyj", "gh", "_pat_", "glpat-", "xox", "-----begin"):
        yield TOKEN, (one.span(),)


def _where_said(pattern: re.Pattern[str], text: str, small: str, *words: str) -> Iterator[re.Match[str]]:
    """The pattern's matches; nothing is searched where none of its words is said, which is quick."""
    return pattern.finditer(text) if any(word in small for word in words) else iter(())


def _like_a_secret(value: str, shortest: int) -> bool:
    mixed = any(one.isdigit() for one in value) and any(one.isalpha() for one in value)
    return len(value) >= shortest and mixed and not _EXAMPLE.search(value)


def _addresses(text: str) -> Iterator[_Found]:
    for one in _HOST.finditer(text):
        box = _MAILBOX.search(text[max(0, one.start() - 64) : one.start()])
        if box and not _NO_HOST.search(one["host"]):
            start = one.start() - len(box[0])
            start += text[start - 1 : start] == "\\"  # the letter belongs to an escape, as in \n
            if start < one.start():
                yield EMAIL, ((start, one.end()),)


def _people(text: str, own: Known) -> Iterator[_Found]:
    if own.names:
        alike = plain(text)
        same = len(alike) == len(text)
        for pattern in own.names:
            for one in pattern.finditer(alike):
                if same:
                    yield NAME, (one.span(),)
                else:
                    yield NAME, (_line_of(text, alike.count("\n", 0, one.start())),)
    if own.ids:
        for one in _ID.finditer(text):
            number = re.sub(r"[^\dbg]", "", one[0])
            if what := own.ids.get(number) or own.ids.get(number.lstrip("bg")):
                yield what, (one.span(),)
    for pattern in own.short_ids:
        yield from ((ATHLETE, (one.span(),)) for one in pattern.finditer(text))


def _line_of(text: str, number: int) -> tuple[int, int]:
    start = 0
    for _ in range(number):
        start = text.index("\n", start) + 1
    end = text.find("\n", start)
    return start, len(text) if end < 0 else end


def _homes(text: str, homes: Floats) -> Iterator[_Found]:
    text = _DEGREES.sub(_in_degrees, text) if "°" in text or "º" in text else text
    spans: list[tuple[int, int]] = []
    values: list[float] = []
    decimals: list[int] = []
    for one in _NUMBER.finditer(text):
        spans.append(one.span())
        values.append(float(one[0].replace(",", ".")))
        decimals.append(len(one[1] or one[2]))
    if values:
        yield from _pairs(text, np.array(values), np.array(decimals), spans, homes)
    places = homes.tolist()
    for run in _POLYLINE.finditer(text):
        if any(_is_near(lat, lng, home) for lat, lng in _course(run[0][:_LONGEST]) for home in places):
            yield PLACE, (run.span(),)


def _is_near(lat: float, lng: float, home: list[float]) -> bool:
    if abs(lat - home[0]) * 111_195 > HOME:
        return False
    return bool(metres_from(np.array(home), np.array([lat]), np.array([lng]))[0] <= HOME)


def _pairs(
    text: str, values: Floats, decimals: Floats, spans: list[tuple[int, int]], homes: Floats
) -> Iterator[_Found]:
    named = _LAT.search(text) and _LNG.search(text)
    signs = [(abs(lat), sign * lng) for lat, lng in homes for sign in (1, -1)]  # S and W may be letters
    for home in np.array(signs):
        lats = np.flatnonzero((np.abs(values - home[0]) * 111_195 <= HOME) & (decimals > 0))
        lngs = np.flatnonzero(metres_from(home, np.full(len(values), home[0]), values) <= HOME)
        exact = [int(one) for one in lngs if decimals[one] > 0]
        paired = False
        for lat in lats.tolist():
            for lng in exact[bisect(exact, lat - _APART - 1) : bisect(exact, lat + _APART)]:
                near = abs(spans[lat][0] - spans[lng][0]) <= _GAP
                fine = min(decimals[lat], decimals[lng]) >= 3 or max(decimals[lat], decimals[lng]) >= 4
                away = metres_from(home, values[lat : lat + 1], values[lng : lng + 1])[0]
                if lat != lng and near and fine and away <= HOME:
                    paired = True
                    yield PLACE, tuple(sorted((spans[lat], spans[lng])))
        columns = [[one for one in side if decimals[one] >= 3] for side in (lats.tolist(), exact)]
        if named and not paired and all(columns) and np.ptp(columns[0] + columns[1]) > _APART:
            yield PLACE, tuple(spans[one] for side in columns for one in side)


def _in_degrees(angle: re.Match[str]) -> str:
    value = int(angle[1]) + float(angle[2]) / 60 + float(angle[3] or 0) / 3600
    return f"{value:.5f}".ljust(len(angle[0]))[: len(angle[0])] if len(angle[0]) >= 7 else angle[0]


def _course(letters: str) -> Iterable[tuple[float, float]]:
    """The points of what may be an encoded polyline, until it is none."""
    place, step, bits, axis = [0, 0], 0, 0, 0
    for letter in letters:
        number = ord(letter) - 63
        step |= (number & 0x1F) << bits
        bits += 5
        if number < 0x20:
            place[axis] += ~(step >> 1) if step & 1 else step >> 1
            step, bits, axis = 0, 0, 1 - axis
            if axis == 0:
                lat, lng = place[0] / 1e5, place[1] / 1e5
                if abs(lat) > 90 or abs(lng) > 180:
                    return
                yield lat, lng
        elif bits > 30:
            return


def _in_numbers(data: bytes, own: Known) -> set[str]:
    """What an array of numbers gives away: positions as floats, one or two arrays, and ids."""
    found = set()
    whole = len(data) // 8 * 8
    if own.ids:
        numbers = np.frombuffer(data[:whole], "<i8")
        texts = np.unique(numbers[(numbers > 99_999) & (numbers < 10**19 // 2)]).astype(str).tolist()
        found |= {own.ids[one] for one in texts if one in own.ids}
    for kind, size in (("<f8", 8), ("<f4", 4)):
        values = np.frombuffer(data[: len(data) // size * size], kind)
        values = values[np.abs(values) <= 360].astype("float64")
        for home in own.homes:
            if _holds(values, home):
                found.add(PLACE)
    return found


def _holds(values: Floats, home: Floats) -> bool:
    """Whether there is a latitude near home, in an array that has longitudes too or that is made of such."""
    lat = metres_from(home, values, np.full(len(values), home[1])) <= HOME
    lng = metres_from(home, np.full(len(values), home[0]), values) <= HOME
    return bool(lat.any() and lng.any())
