"""A notebook in parts: each text in it, and where it stands in words that tell nothing private.

Lab, VS Code and Colab write the same format and put different things into it, so that what is not known
by name is looked at all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Where = tuple[str | int, ...]
"""The way to a part, for taking it out: keys of a cell or of the notebook."""

WIDGETS = "widgets"
_TOLD = (
    "text/plain", "text/html", "text/markdown", "text/latex", "application/json", "application/javascript",
    "application/geo+json", "application/pdf", "image/png", "image/jpeg", "image/gif", "image/svg+xml",
    "image/webp", "application/vnd.jupyter.widget-view+json", "application/vnd.plotly.v1+json",
    "application/vnd.vegalite.v5+json", "application/vnd.colab-display-data+json",
    "application/vnd.dataresource+json", "application/vnd.bokehjs_exec.v0+json",
)  # fmt: skip
"""Kinds of output that are named; any other could itself be a secret."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text of a notebook: of which cell (None: of the notebook), in what, and the way to it."""

    cell: int | None
    place: str
    text: str
    where: Where
    has_lines: bool = False

    @property
    def is_source(self) -> bool:
        """Whether a person wrote it."""
        return self.where == ("source",)


def parts_of(notebook: Mapping[str, Any]) -> Iterator[Part]:
    """Every part of it, in its order."""
    for number, cell in enumerate(notebook["cells"], 1):
        if isinstance(cell, Mapping):
            yield from _of_cell(number, cell)
        else:
            yield Part(number, "the cell", _dumped(cell), ())
    metadata = notebook.get("metadata")
    if isinstance(metadata, Mapping):
        if WIDGETS in metadata:
            yield Part(None, "widget state", _dumped(metadata[WIDGETS]), ("metadata", WIDGETS))
        metadata = {name: value for name, value in metadata.items() if name != WIDGETS}
    yield Part(None, "the notebook's metadata", _dumped(metadata), ("metadata",))
    others = {name: value for name, value in notebook.items() if name not in ("cells", "metadata")}
    yield Part(None, "the notebook's own fields", _dumped(others), ())


def joined(text: Any) -> str:
    """A text that is kept whole or as a list of its lines."""
    if isinstance(text, str):
        return text
    if isinstance(text, list) and all(isinstance(one, str) for one in text):
        return "".join(text)
    return _dumped(text)


def _of_cell(number: int, cell: Mapping[str, Any]) -> Iterator[Part]:
    yield Part(number, "source", joined(cell.get("source", "")), ("source",), has_lines=True)
    outputs = cell.get("outputs")
    for order, output in enumerate(outputs if isinstance(outputs, list) else [outputs], 1):
        yield from _of_output(number, order, output)
    if "attachments" in cell:
        yield Part(number, "attachments", _dumped(cell["attachments"]), ("attachments",))
    if "metadata" in cell:
        yield Part(number, "metadata", _dumped(cell["metadata"]), ("metadata",))
    known = "source", "outputs", "attachments", "metadata"
    others = {name: value for name, value in cell.items() if name not in known}
    yield Part(number, "the cell's own fields", _dumped(others), ("id",))


def _of_output(number: int, order: int, output: Any) -> Iterator[Part]:
    place, where = f"output {order}", ("outputs", order - 1)
    if not isinstance(output, Mapping):
        yield Part(number, place, _dumped(output), where)
        return
    others = dict(output)
    if isinstance(output.get("data"), Mapping):
        for mime, value in others.pop("data").items():
            told = f"{place} ({mime})" if mime in _TOLD else place
            is_text = isinstance(value, str | list) and not mime.endswith("json")
            text = joined(value) if is_text else _dumped(value)
            yield Part(number, told, text, where, has_lines=is_text and not mime.startswith("image/"))
            if told == place:
                yield Part(number, place, str(mime), where)
    if "text" in others:
        yield Part(number, place, joined(others.pop("text")), where, has_lines=True)
    if isinstance(others.get("traceback"), list):
        frames = "\n".join(joined(one) for one in others.pop("traceback"))
        yield Part(number, f"{place} (traceback)", frames, where, has_lines=True)
    yield Part(number, place, _dumped(others), where)


def _dumped(value: Any) -> str:
    """Any value as text: JSON, then the lists of texts in it as the texts that they are cut from."""
    return "\n".join([json.dumps(value, ensure_ascii=False), *_lists_of_texts(value)])


def _lists_of_texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _lists_of_texts(one)
    elif isinstance(value, list):
        if len(value) > 1 and all(isinstance(one, str) for one in value):
            yield "".join(value)
        else:
            for one in value:
                yield from _lists_of_texts(one)
