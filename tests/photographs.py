"""Photographs of what tests show, for whoever wants to look at them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class Photograph:
    """Takes them with `pytest --pictures FOLDER`, and none without: to draw a page takes seconds."""

    def __init__(self, folder: str | None) -> None:
        self.wanted = folder is not None
        self._folder = Path(folder or "")

    def __call__(self, what: Page | Locator, name: str, **options: Any) -> None:
        """A page to its end, or a part of one, as a PNG file of that name."""
        if self.wanted:
            whole = {"full_page": True} if hasattr(what, "context") else {}
            what.screenshot(path=self._folder / name, **whole, **options)  # Playwright makes the folder.
