"""A notebook without what was found in it: as little as possible is taken out, and nothing found stays."""

from __future__ import annotations

import copy
from typing import Any

from .giveaways import hits
from .known import Known
from .notebook_parts import WIDGETS, Where, joined, parts_of

MARK = "REMOVED"
"""What stands for a secret in a source: a word that leaves quotes, brackets and signs what they were."""

_FORMAT = {"nbformat": 4, "nbformat_minor": 5}


def cleaned(notebook: dict[str, Any], own: Known) -> dict[str, Any]:
    """A copy of it in which nothing is found."""
    result = copy.deepcopy(notebook)
    for without in (_without_what_holds_it, _sources_alone, _sources_without_any):
        result = without(result, own)
        if not any(hits(part.text, own, sure=not part.is_source) for part in parts_of(result)):
            return result
    return {"cells": [], "metadata": {}, **_FORMAT}


def _without_what_holds_it(notebook: dict[str, Any], own: Known) -> dict[str, Any]:
    parts = [part for part in parts_of(notebook) if not part.is_source and hits(part.text, own)]
    for number, where in {(part.cell, part.where): None for part in parts}:
        if number is None:
            _drop_of_notebook(notebook, where)
        elif not where:
            notebook["cells"][number - 1] = _empty(number)
        else:
            _drop_of_cell(notebook["cells"][number - 1], number, where)
    for cell in notebook["cells"]:
        if not isinstance(cell, dict):
            continue
        if isinstance(outputs := cell.get("outputs"), list):
            cell["outputs"] = [one for one in outputs if one is not None]
        source = joined(cell.get("source", ""))
        clean = _without(source, own, code=cell.get("cell_type") == "code")
        if clean != source:
            cell["source"] = clean.splitlines(keepends=True)
    return notebook


def _drop_of_notebook(notebook: dict[str, Any], where: Where) -> None:
    if where == ("metadata", WIDGETS):
        del notebook["metadata"][WIDGETS]
    elif where == ("metadata",):
        old = notebook["metadata"]
        notebook["metadata"] = {WIDGETS: old[WIDGETS]} if isinstance(old, dict) and WIDGETS in old else {}
    else:
        for name in notebook.keys() - {"cells", "metadata", *_FORMAT}:
            del notebook[name]


def _drop_of_cell(cell: dict[str, Any], number: int, where: Where) -> None:
    match where:
        case ("outputs", int(order)) if isinstance(cell["outputs"], list):
            cell["outputs"][order] = None
        case ("outputs", _):
            cell["outputs"] = []
        case ("metadata",):
            cell["metadata"] = {}
        case ("attachments",):
            del cell["attachments"]
        case _:
            own = {"source", "outputs", "attachments", "metadata", "cell_type", "execution_count", "id"}
            for name in cell.keys() - own:
                del cell[name]
            if "id" in cell:
                cell["id"] = f"cell-{number}"


def _without(source: str, own: Known, *, code: bool) -> str:
    """The source with the mark for what was found, or for the line in which it is wrapped."""
    end = len(source)
    for first, last in sorted({span for hit in hits(source, own, sure=False) for span in hit.spans})[::-1]:
        if last <= end:
            source = source[:first] + MARK + "\n" * source.count("\n", first, last) + source[last:]
            end = first
    lines = source.split("\n")
    for hit in hits(source, own, sure=False):
        lines[hit.line] = f"# {MARK}" if code else MARK
    return "\n".join(lines)


def _sources_alone(notebook: dict[str, Any], _: Known) -> dict[str, Any]:
    cells = []
    for number, cell in enumerate(notebook["cells"], 1):
        kept = _empty(number)
        if isinstance(cell, dict):
            kept["source"] = joined(cell.get("source", ""))
            if cell.get("cell_type") in ("markdown", "code"):
                kept["cell_type"] = cell["cell_type"]
            if kept["cell_type"] == "code":
                kept |= {"outputs": [], "execution_count": None}
        cells.append(kept)
    return {"cells": cells, "metadata": {}, **_FORMAT}


def _sources_without_any(notebook: dict[str, Any], own: Known) -> dict[str, Any]:
    cells = [
        _empty(number) if hits(cell["source"], own, sure=False) else cell
        for number, cell in enumerate(notebook["cells"], 1)
    ]
    return notebook | {"cells": cells}


def _empty(number: int) -> dict[str, Any]:
    return {"cell_type": "raw", "id": f"cell-{number}", "metadata": {}, "source": ""}
