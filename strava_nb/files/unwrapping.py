"""Text out of what it is wrapped in: escapes, tags, base64 and pictures' own words.

A secret in an address is percent-encoded, in JSON escaped, in a page's attribute an entity, and a map in a
notebook is all three. Every layer keeps the lines of the text that it was taken from, so that whoever
finds something can say where.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import struct
import unicodedata
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_DEEPEST = 5
"""So many wrappings, one in another, are taken off."""

_ESCAPE = re.compile(
    r"(?P<url>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?)"
    r"|(?P<letters>(?:\\u[0-9a-fA-F]{4})+)"
    r"|\\x(?P<byte>[0-9a-fA-F]{2})"
    r"|\\(?P<one>[\"'\\/bfnrt])"
)
_ONE = {"b": " ", "f": " ", "n": " ", "r": " ", "t": " "}
_UNSEEN = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\u00ad\u200b-\u200f\u2060\ufeff]")
"""What colours a text or is not seen in it: terminal codes, soft hyphens, joiners."""

_TAG = re.compile(r"<[A-Za-z/!][^<>]{0,2000}>")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{40,128}\s+)+[A-Za-z0-9+/]+={0,2}|[A-Za-z0-9+/_-]{16,}={0,2}")
LONG = 200
"""Base64 as long as this is read for what it holds, not for its letters."""

_PICTURES = b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*"
_DAMAGED = (
    OSError, EOFError, ValueError, SyntaxError, ArithmeticError, TypeError, LookupError,
    struct.error, zlib.error,
)  # fmt: skip
_MOST_PIXELS = 60_000_000


@dataclass(frozen=True, slots=True)
class Layer:
    """A text or bytes, and where they begin: `line` is that of the outermost text, from 0.

    `inside` says that it was base64: all of it belongs to one line.
    """

    content: str | bytes
    line: int = 0
    inside: bool = False


def layers(text: str) -> Iterator[Layer]:
    """The text itself, then all that is wrapped in it."""
    yield from _unwrapped(Layer(text), _DEEPEST)


def plain(text: str) -> str:
    """The text for comparing names: no accents, no capitals, compatible letters alike."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold()


def _unwrapped(layer: Layer, depth: int) -> Iterator[Layer]:
    yield layer
    if isinstance(layer.content, bytes):
        if layer.content.startswith(_PICTURES):
            for words in _words_of(layer.content):
                yield from _unwrapped(Layer(words, layer.line, inside=True), depth - 1)
        return
    text, seen = layer.content, {layer.content}
    runs: set[str] = set()
    for _ in range(_DEEPEST):
        if depth > 0:
            for run in _BASE64.finditer(text):
                if run[0] not in runs:
                    runs.add(run[0])
                    line = layer.line if layer.inside else layer.line + text.count("\n", 0, run.start())
                    for found in _decoded(run[0]):
                        yield from _unwrapped(Layer(found, line, inside=True), depth - 1)
        for other in (_UNSEEN.sub("", text), _TAG.sub(_blank, _UNSEEN.sub("", text))):
            if other not in seen:
                seen.add(other)
                yield Layer(other, layer.line, layer.inside)
        text = _ESCAPE.sub(_unescaped, text)
        if text in seen:
            return
        seen.add(text)
        yield Layer(text, layer.line, layer.inside)


def _blank(tag: re.Match[str]) -> str:
    return " " + "\n" * tag[0].count("\n")


def _unescaped(escape: re.Match[str]) -> str:
    """What an escape stands for; a new line becomes a space, so that lines stay what they were."""
    kind, what = escape.lastgroup, escape[escape.lastgroup or 0]
    if kind == "url":
        text = bytes.fromhex(what.replace("%", "")).decode("utf-8", "replace")
    elif kind == "entity":
        text = html.unescape(what)
    elif kind == "letters":
        text = bytes.fromhex(what.replace("\\u", "")).decode("utf-16-be", "replace")
    elif kind == "byte":
        text = chr(int(what, 16))
    else:
        text = _ONE.get(what, what)
    return text.replace("\n", " ").replace("\r", " ")


def _decoded(run: str) -> Iterator[str | bytes]:
    letters = re.sub(r"\s", "", run).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + "==")
    except binascii.Error:
        return
    if data.startswith(_PICTURES):
        yield data
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if len(data) >= 16:
            yield data
        return
    if text.isprintable() or sum(one.isprintable() or one.isspace() for one in text) > 0.9 * len(text):
        yield text
    else:
        yield data


def _words_of(picture: bytes) -> list[str]:
    """What a picture says beside its pixels: text chunks, comments, EXIF and the place it was taken."""
    from PIL import Image  # only a notebook with pictures needs it

    told: dict[Any, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sizes and damage, which do not matter here
        try:
            with Image.open(io.BytesIO(picture)) as image:
                told |= image.info
                exif = image.getexif()
                told |= dict(exif)
                for directory in (0x8769, 0x8825):
                    told |= {(directory, tag): value for tag, value in exif.get_ifd(directory).items()}
                if image.format == "PNG" and image.width * image.height <= _MOST_PIXELS:
                    image.load()  # text may come after the pixels
                    told |= image.info
        except (*_DAMAGED, Image.DecompressionBombError):
            pass  # what was read until then counts
    words = [
        f"{name}: {value.decode('utf-8', 'replace') if isinstance(value, bytes) else value}"
        for name, value in told.items()
        if isinstance(value, str | bytes) and value
    ]
    return [*words, *_place(told)]


def _place(told: dict[Any, Any]) -> list[str]:
    try:
        lat, lng = (
            sum(float(part) / 60**power for power, part in enumerate(told[0x8825, tag])) for tag in (2, 4)
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return []
    return [f"{lat:.6f} {lng:.6f}"]
