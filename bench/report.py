"""The tables in docs/performance.md, each between its marks; the words around them are written by hand."""

from __future__ import annotations

import re
from pathlib import Path

from .table import Table


def write(path: Path, done: dict[str, list[Table]], machine: str) -> None:
    """Replace the tables of the benches that were run. Raises ValueError where a mark is missing."""
    text = path.read_text(encoding="utf-8")
    for name, tables in done.items():
        text = _filled(text, name, "\n\n".join([*(table.markdown() for table in tables), f"On {machine}."]))
    path.write_text(text, encoding="utf-8", newline="\n")


def _filled(text: str, name: str, tables: str) -> str:
    begin, end = f"<!-- bench {name} -->", f"<!-- end {name} -->"
    found = re.search(f"{begin}.*{end}", text, re.DOTALL)
    if not found:
        raise ValueError(f"docs/performance.md has no place for {name}.")
    return f"{text[: found.start()]}{begin}\n\n{tables}\n\n{end}{text[found.end() :]}"
