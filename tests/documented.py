"""Runs the examples of the documentation, so that none of them tells of what does not work."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ARROW = re.compile(r"  # → (.*)$")


def blocks(page: Path) -> list[str]:
    """The page's examples, in their order."""
    return BLOCK.findall(page.read_text("utf-8"))


def run(code: str, names: dict[str, Any], page: str) -> None:
    """Run an example statement by statement, and hold what it says after each arrow."""
    lines = code.splitlines()
    for statement in ast.parse(code).body:
        told = ARROW.search(lines[(statement.end_lineno or 1) - 1])
        source = ast.unparse(statement)
        try:
            if told is None:
                exec(compile(source, page, "exec"), names)
            else:
                given = str(eval(compile(source, page, "eval"), names))
                assert same(given, told[1]), f"it gives {given}"
        except Exception as error:
            error.add_note(f"in {page}: {source}")
            raise


def same(given: str, told: str) -> bool:
    """Whether both say the same: a number to as many decimals as are told."""
    try:
        decimals = len(told.partition(".")[2])
        return abs(float(given) - float(told)) <= 0.5000001 * 10**-decimals
    except ValueError:
        return given == told
