"""What the pages say can be followed: links lead somewhere, commands are there, nothing is promised."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from documented import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BY_NAME = {"argvalues": [*PAGES, *NOTEBOOKS], "ids": lambda path: path.relative_to(ROOT).as_posix()}

CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
PROMISE = re.compile(
    r"\b(will|won't|shall|soon|planned|upcoming|roadmap|future|someday|TODO|"
    r"(?:is|are|has|have) (?:coming|yet to)|not \w+ yet|to be (?:added|done|written))\b",
    re.IGNORECASE,
)


def prose(path: Path) -> str:
    """A page's text, or that of a notebook's prose cells."""
    text = path.read_text("utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def links(text: str) -> Iterator[str]:
    for inline, defined in LINK.findall(CODE.sub("", text)):
        yield inline or defined


def anchors(path: Path) -> set[str]:
    """The headings as GitHub names them in addresses."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", prose(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(path: Path, text: str) -> list[str]:
    found = []
    for link in links(text):
        if re.match(r"https?://|mailto:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


def promises(text: str) -> list[str]:
    return [match[0] for match in PROMISE.finditer(CODE.sub("", text))]


@pytest.mark.parametrize("path", **BY_NAME)
def test_every_link_leads_to_something_that_is_there(path: Path) -> None:
    assert broken(path, prose(path)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_promised(path: Path) -> None:
    assert promises(prose(path)) == []


def test_a_broken_link_and_a_promise_are_found() -> None:
    text = (
        "[a](no.md) [b](README.md#no-such-heading) ![c](docs/pictures/1-panel.png) `[d](no.md)`\n[e]: no.md"
    )
    assert broken(ROOT / "README.md", text) == ["no.md", "README.md#no-such-heading", "no.md"]
    assert promises("It will be there soon; run `will()`. Maps are coming.") == ["will", "soon", "are coming"]


@pytest.mark.parametrize("path", **BY_NAME)
def test_every_command_that_is_told_exists(path: Path) -> None:
    commands = set(re.findall(r'^        "(\w+)": ', (ROOT / "start.py").read_text("utf-8"), re.MULTILINE))
    text = prose(path)
    assert {"demo", "test", "clean"} <= commands
    assert set(re.findall(r"start\.py ([a-z]+)", text)) <= commands
    for module in re.findall(r"python -m ([\w.]+)", text):
        assert importlib.util.find_spec(module), f"python -m {module} is not there"


def test_every_command_is_told_of() -> None:
    commands = set(re.findall(r'^        "(\w+)": ', (ROOT / "start.py").read_text("utf-8"), re.MULTILINE))
    text = "".join(map(prose, PAGES))
    assert {name for name in commands if f"start.py {name}" not in text} <= {
        "lab"
    }  # which has no need of its name


def test_what_a_fork_changes_stands_in_one_place_a_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [address] = set(project["urls"].values())
    tracked = [
        *PAGES,
        *NOTEBOOKS,
        *(ROOT / "strava_nb").rglob("*.*"),
        ROOT / "start.py",
        ROOT / "pyproject.toml",
    ]
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_bytes().decode("utf-8", "replace") for path in tracked
    }
    named = {name: text.count(address) for name, text in texts.items() if address in text}
    assert named == {"README.md": 1, "pyproject.toml": 1}


def test_it_says_that_it_is_not_stravas() -> None:
    assert "not made, endorsed or reviewed by Strava" in prose(ROOT / "README.md")
