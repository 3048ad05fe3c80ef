"""Is this notebook safe to share? What it holds that is private, and a copy without it.

A notebook tells more than its cells show: outputs keep what was printed once, widgets their state, and
pictures the words beside their pixels. Every text, key and number of the file is looked at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import BadInput
from .atomic import write
from .cleaning import cleaned
from .giveaways import hits
from .known import Known, known
from .notebook_parts import Part, parts_of

_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """Something private in a notebook, told without saying it.

    `cell` counts from 1, as the cells stand in the file; None is the notebook itself. `line` counts from 1
    within `place`, and is None where there are no lines.
    """

    cell: int | None
    place: str
    line: int | None
    what: str

    def __str__(self) -> str:
        where = [f"cell {self.cell}"] * (self.cell is not None) + [self.place]
        where += [f"line {self.line}"] * (self.line is not None)
        return f"{', '.join(where)}: {self.what}"


def check_notebook(
    path: str | os.PathLike[str], *, table: pd.DataFrame | None = None, names: Iterable[str] = ()
) -> list[Finding]:
    """What in the notebook is private, in its order; an empty list where nothing was found.

    Found are tokens, client secrets, authorization codes, passwords and e-mail addresses; with a `table`
    of your activities or streams also its ids and places within 500 m of where you start most often; with
    `names`, such as ("Dana Demo",), those. Looked through are sources, outputs, attachments, widget state
    and metadata, escaped or in base64 too, and what pictures say beside their pixels. The secrets of
    STRAVA_* variables and of the sign-ins kept on this computer are found wherever they stand; 40
    hexadecimal digits that are not known are a token only where words around them say so.

    Not found is what only shows in a picture: a map's streets, a name in a photograph.

    Raises BadInput for what is no notebook of format 4, BadTable for a table that tells neither ids nor
    starts.
    """
    own = known(table, names)
    return _findings(_read(Path(path)), own)


def clean_notebook(
    path: str | os.PathLike[str], *, table: pd.DataFrame | None = None, names: Iterable[str] = ()
) -> Path:
    """Where the cleaned copy is: `x.clean.ipynb` beside `x.ipynb`, in which nothing private is found.

    Outputs, attachments, widget state and metadata that hold something private are left out; in sources
    it is replaced by REMOVED, and where it is wrapped in other text, its line is. The notebook itself
    stays as it is. Finds what `check_notebook` finds, and raises what that raises; CannotWrite too.
    """
    place = Path(path).expanduser()
    own = known(table, names)
    copy = cleaned(_read(place), own)
    text = json.dumps(copy, indent=1, ensure_ascii=False) + "\n"
    try:
        data = text.encode()
    except UnicodeEncodeError:  # halves of letters, which only an escape can write
        data = (json.dumps(copy, indent=1) + "\n").encode()
    return write(data, place.with_name(f"{place.stem}.clean.ipynb"), name="clean.ipynb")


def _findings(notebook: dict[str, Any], own: Known) -> list[Finding]:
    found: dict[Finding, None] = {}
    for part in parts_of(notebook):
        told: set[str] = set()
        for hit in hits(part.text, own, sure=not part.is_source):
            if part.is_source or hit.what not in told:  # of a long output the first line is enough
                told.add(hit.what)
                found[_finding(part, hit.line, hit.what)] = None
    return list(found)


def _finding(part: Part, line: int, what: str) -> Finding:
    return Finding(part.cell, part.place, line + 1 if part.has_lines else None, what)


def _read(path: Path) -> dict[str, Any]:
    path = path.expanduser()
    if path.is_dir():
        raise BadInput(f"{path} is a folder.", "Name the notebooks in it, such as notebooks/*.ipynb.")
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", "Look at its name and folder.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.strerror:
            raise BadInput(
                f"{path} cannot be read: {error.strerror}.", "Give permission to read it."
            ) from None
        raise BadInput(
            f"{path} is not a notebook: it is no JSON.", "Give a file that Jupyter wrote."
        ) from None
    except RecursionError:
        raise _too_deep(path) from None
    if isinstance(notebook, dict) and "worksheets" in notebook:
        raise BadInput(
            f"{path} is a notebook of an old format, which cannot be checked.",
            "Open it in Jupyter and save it, then check it again.",
        )
    if not (isinstance(notebook, dict) and isinstance(notebook.get("cells"), list)):
        raise BadInput(f"{path} is not a notebook: it has no cells.", "Give a file that Jupyter wrote.")
    if notebook.get("nbformat") != 4:
        raise BadInput(
            f"{path} is a notebook of another format than 4, which cannot be checked.",
            "Open it in Jupyter and save it, then check it again.",
        )
    if _is_deeper(notebook, _DEEPEST):
        raise _too_deep(path)
    return notebook


def _is_deeper(value: Any, levels: int) -> bool:
    level = [value]
    for _ in range(levels):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)


def _too_deep(path: Path) -> BadInput:
    return BadInput(f"{path} is nested too deeply to be looked through.", "Give a file that Jupyter wrote.")
