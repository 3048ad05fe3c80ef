"""Every public name is documented with an example, and every example runs."""

from __future__ import annotations

import re
from functools import reduce
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
from documented import ROOT, blocks, run, same

import strava_nb as snb
from strava_nb import errors

README, TEACHING = ROOT / "README.md", ROOT / "docs/teaching.md"
REFERENCE, GALLERY = ROOT / "docs/reference.md", ROOT / "docs/gallery.md"
ROOMS = ("files", "metrics", "plots", "tables")
NAMES = [f"snb.{name}" for name in snb.__all__ if name != "errors"] + [
    f"snb.{room}.{name}" for room in ROOMS for name in getattr(snb, room).__all__
]
LESS = {
    '"start_date_local"] >= "2025"]': '"start_date_local"] >= "2026-10"]',
    "get_streams(source, this_year)": "get_streams(source, this_year.head(40))",
}
"""What the gallery looks at in every sample: a year or two for its pictures, some weeks here."""


def test_an_arrow_that_does_not_hold_is_found() -> None:
    with pytest.raises(AssertionError, match="it gives 2"):
        run("1 + 1  # → 3", {}, "a page")
    assert same("2501.6", "2502")
    assert not same("2501.4", "2502")


@pytest.mark.slow  # the gallery draws every picture, half a minute of a core
@pytest.mark.parametrize("page", [REFERENCE, GALLERY, README, TEACHING], ids=lambda page: page.stem)
def test_every_example_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plt.switch_backend("agg")
    names: dict[str, Any] = {}
    examples = blocks(page)
    assert examples
    for example in examples:
        run(reduce(lambda code, less: code.replace(*less), LESS.items(), example), names, page.name)
        plt.close("all")


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_has_an_example(name: str) -> None:
    code = "\n".join([*blocks(REFERENCE), *blocks(GALLERY)])
    assert re.search(rf"\b{re.escape(name)}\b", code), f"show {name} in docs/reference.md, or in the gallery"


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_told_where_one_looks_when_something_goes_wrong(name: str) -> None:
    rows = [line for line in README.read_text("utf-8").splitlines() if line.startswith("|")]
    assert any(f"`{name}`" in row for row in rows), f"tell in README.md's table what {name} means"


def test_the_errors_are_all_listed() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and "strava_nb" in kind.__module__
    }
    assert set(errors.__all__) == kinds
