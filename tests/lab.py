"""A real JupyterLab for tests that look at what a person sees."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 90_000
"""Milliseconds until something that should appear counts as missing; these machines can be slow."""


expect.set_options(timeout=PATIENCE)  # Playwright's own five seconds are too few here.

_LAST_RUN = """() => {
  const prompts = [...document.querySelectorAll(".jp-Notebook .jp-InputPrompt")].map(p => p.textContent);
  return prompts.some(p => p.includes("*")) ? 0 : Math.max(0, ...prompts.map(p => parseInt(p.slice(1)) || 0));
}"""
"""The number of the latest run, 0 while a cell waits for its turn (Lab writes [*] then)."""


class Server:
    """A process of a test's own that serves the notebooks in `home`, on loopback unless told otherwise."""

    def __init__(self, home: Path, browser: Browser | None, env: Mapping[str, str], *command: str) -> None:
        self.home = home
        self.browser = browser
        self.log = home.parent / f"{home.name}.log"
        self._contexts: list[BrowserContext] = []
        own = home.parent / f"{home.name}-jupyter"
        self.runtime = own / "runtime"
        self.runtime.mkdir(parents=True)
        home.mkdir(exist_ok=True)
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    **env,
                    "JUPYTER_CONFIG_DIR": str(own / "config"),
                    "JUPYTER_DATA_DIR": str(own / "data"),
                    "JUPYTER_RUNTIME_DIR": str(self.runtime),
                    "IPYTHONDIR": str(own / "ipython"),
                    "JUPYTER_PATH": str(Path(__file__).parents[1] / "share" / "jupyter"),  # as start.py does
                    "JUPYTER_PREFER_ENV_PATH": "1",
                },
            )

    def context(self, **options: Any) -> BrowserContext:
        """A browser of its own: a theme, a width, a language."""
        assert self.browser, "this server was started to be asked without one"
        context = self.browser.new_context(accept_downloads=True, **{"locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        return context

    def notebook(self, name: str, *cells: str, **metadata: Any) -> Path:
        """A notebook of these code cells in the server's folder."""
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": kernel, **metadata},
        )
        path = self.home / name
        nbformat.write(notebook, path)
        return path

    def close(self) -> None:
        """Stop the server and its kernels."""
        for context in self._contexts:
            context.close()
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Lab(Server):
    """A JupyterLab, with the address that it has on this computer."""

    def __init__(
        self, home: Path, browser: Browser, env: Mapping[str, str], options: tuple[str, ...] = ()
    ) -> None:
        self.token = secrets.token_hex(16)
        super().__init__(
            home, browser, env,
            "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0",
            f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={home}", "--allow-root",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            *options,
        )  # fmt: skip
        self.url = self._wait()

    def _wait(self) -> str:
        # It writes down where it listens, so that no two tests race for a port.
        while self.process.poll() is None:
            for told in self.runtime.glob("jpserver-*.json"):
                try:
                    url = json.loads(told.read_text("utf-8"))["url"].rstrip("/")
                    urllib.request.urlopen(f"{url}/api?token={self.token}", timeout=10).close()
                except (ValueError, urllib.error.URLError, ConnectionError):
                    continue
                return str(url)
        raise AssertionError(self.log.read_text("utf-8"))

    def open(self, name: str, context: BrowserContext | None = None) -> Page:
        """The notebook in a tab, its kernel idle."""
        page = (context or self.context()).new_page()
        page.goto(f"{self.url}/lab/workspaces/{secrets.token_hex(4)}/tree/{name}?token={self.token}")
        idle(page)
        return page


def idle(page: Page) -> None:
    """Wait until the kernel is there and has nothing to do.

    The status bar says so; the notebook's own indicator is "idle" before the kernel is connected, and
    Lab drops what it is told to run then.
    """
    page.locator(".jp-StatusBar-TextItem", has_text=re.compile(r"\| Idle$")).wait_for()
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')


def run_all(page: Page) -> None:
    """Run ▸ Run All Cells, as a person does it, until every cell has run."""
    before = page.evaluate(f"({_LAST_RUN})()")
    menu(page, "Run", "Run All Cells")
    page.wait_for_function(f"before => {{ const last = ({_LAST_RUN})(); return last > before; }}", arg=before)
    idle(page)


def outputs(page: Page) -> Locator:
    """What the cells show."""
    return page.locator(".jp-OutputArea-output")


def save(page: Page) -> None:
    """File ▸ Save, until it is saved."""
    with page.expect_response(
        lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url
    ):
        page.keyboard.press("Control+s")


def dark(page: Page) -> None:
    """Lab's dark theme."""
    menu(page, "Settings", "Theme", "JupyterLab Dark")
    page.wait_for_selector('body[data-jp-theme-light="false"]', state="attached")


def menu(page: Page, title: str, *entries: str) -> None:
    """Choose from Lab's menus, as a person does it."""
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{title}$")).click()
    for entry in entries:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}$")).click()
