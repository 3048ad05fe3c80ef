"""What a person reads on the panel, the pickers and the page stands in one place, `widgets/words/`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from documented import ROOT

from strava_nb import errors

WIDGETS = ROOT / "strava_nb" / "widgets"
MODULES = sorted(path for path in WIDGETS.rglob("*.py") if path.parent.name != "words")
SCRIPTS = sorted(WIDGETS.rglob("*.js"))

SENTENCE = re.compile(r"\S+ \S+ \S.*[.!?…]$", re.DOTALL)
QUOTED = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""")
COMMENT = re.compile(r"^\s*//.*?$|(?<=[;{},\s])//\s.*?$|/\*.*?\*/", re.DOTALL | re.MULTILINE)


def sentences_of_a_module(source: str) -> list[str]:
    """Its literals that are sentences, but for docstrings and for what an error says: that is the error's."""
    tree = ast.parse(source)
    others = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) or is_docstring_or_error(node)]
    apart = {id(part) for node in others for part in ast.walk(node)}
    texts = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [node.value for node in texts if id(node) not in apart and SENTENCE.match(node.value.strip())]


def is_docstring_or_error(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    return called in errors.__all__


def sentences_of_a_script(source: str) -> list[str]:
    literals = ("".join(found) for found in QUOTED.findall(COMMENT.sub("", source)))
    return [text for text in literals if SENTENCE.match(text.strip())]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_has_no_sentence_of_its_own(path: Path) -> None:
    assert sentences_of_a_module(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_no_sentence_of_its_own(path: Path) -> None:
    assert sentences_of_a_script(path.read_text("utf-8")) == []


def test_no_two_rooms_of_words_use_one_name() -> None:
    names = [
        name.id
        for room in (WIDGETS / "words").glob("*.py")
        for node in ast.parse(room.read_text("utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for name in ast.walk(node)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    ]
    assert len(names) > 40 and len(set(names)) == len(names)


def test_a_sentence_in_the_wrong_place_is_found() -> None:
    module = '''"""A docstring with some words."""
raise BadInput("No path was typed.", "Type one, or choose it.")
note = "Run the cells again."
'''
    assert sentences_of_a_module(module) == ["Run the cells again."]
    script = "// A comment with some words.\nshow(`Run the cells again.`); const a = 'b c.d';"
    assert sentences_of_a_script(script) == ["Run the cells again."]
