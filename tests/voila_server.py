"""A real Voilà for tests that look at what a person without code sees.

Beside `lab.py`, with which it shares the server, because Voilà shows one notebook and nothing around it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from pathlib import Path

from lab import PATIENCE, Server
from playwright.sync_api import Browser, BrowserContext, Page

TEMPLATE = "strava-nb"
RUNNING = re.compile(r"Voilà is running at:\s+http://[^:/\s]+:(\d+)(/\S*)")


class Voila(Server):
    """Voilà over a folder of notebooks, in our template, from `--port=8866` on to one that is free."""

    def __init__(
        self,
        home: Path,
        browser: Browser | None,
        env: Mapping[str, str],
        options: tuple[str, ...] = (),
        *,
        ip: str = "127.0.0.1",
    ) -> None:
        super().__init__(
            home, browser, {**env, "PYTHONIOENCODING": "utf-8"},
            "voila", str(home), "--no-browser", f"--template={TEMPLATE}", f"--Voila.ip={ip}", *options,
        )  # fmt: skip
        self.port, base = self._wait()
        self.url = f"http://127.0.0.1:{self.port}{base.rstrip('/')}"

    def _wait(self) -> tuple[int, str]:
        while self.process.poll() is None:
            if told := RUNNING.search(self.log.read_text("utf-8")):
                return int(told[1]), told[2]
            threading.Event().wait(0.05)
        raise AssertionError(self.log.read_text("utf-8"))

    def open(self, name: str, context: BrowserContext | None = None, *, host: str = "127.0.0.1") -> Page:
        """The notebook as a page, all of it run and shown."""
        page = (context or self.context()).new_page()
        page.goto(f"{self.url.replace('127.0.0.1', host)}/voila/render/{name}")
        shown(page)
        return page


def shown(page: Page) -> None:
    """Wait until Voilà's loading screen is gone and what the cells show is there."""
    page.wait_for_selector("#rendered_cells", state="visible", timeout=PATIENCE)
