"""The gallery's page: a heading for every picture, a small file for every link, and no file besides."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from strava_nb import plots

DOCS = Path(__file__).parents[1] / "docs"


def test_the_gallery_shows_every_picture() -> None:
    page = (DOCS / "gallery.md").read_text("utf-8")
    told = set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
    assert told == {name for name in plots.__all__ if inspect.isfunction(getattr(plots, name))}
    linked = set(re.findall(r"\]\(gallery/(\w+\.png)\)", page))
    kept = {path.name: path.stat().st_size for path in (DOCS / "gallery").glob("*")}
    assert set(kept) == linked
    assert max(kept.values()) <= 60_000
