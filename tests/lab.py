"""A real JupyterLab for tests that look at what a person sees."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
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


_QUICKLY = """import runpy, sys
sys.modules["rfc3987_syntax"] = None
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)"""
"""Starts a server two seconds sooner: jsonschema compiles 39 grammars for addresses that nobody checks."""

_NO_BUILD = {"buildAvailable": False, "buildCheck": False}
"""Lab does not ask Node.js at its start whether it should be built anew."""

_LEAVE = """async () => {
  for (const widget of [...window.jupyterapp.shell.widgets("main")]) {
    if (widget.context) {
      await widget.context.sessionContext.shutdown();
      widget.context.model.dirty = false;
    }
    widget.close();
  }
}"""
_GO = """path => window.jupyterapp.commands.execute("docmanager:open", { path, factory: "Notebook" })"""


class Server:
    """A process of a test's own that serves the notebooks in `home`, on loopback unless told otherwise."""

    def __init__(self, home: Path, browser: Browser | None, env: Mapping[str, str], *command: str) -> None:
        self.home = home
        self.browser = browser
        self.log = home.parent / f"{home.name}.log"
        self._contexts: list[BrowserContext] = []
        self.own = own = home.parent / f"{home.name}-jupyter"
        self.runtime = own / "runtime"
        self.runtime.mkdir(parents=True)
        home.mkdir(exist_ok=True)
        settings = own / "config" / "labconfig" / "page_config.json"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(_NO_BUILD), "utf-8")
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _QUICKLY, *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    **env,
                    "JUPYTER_CONFIG_DIR": str(own / "config"),
                    "JUPYTER_DATA_DIR": str(own / "data"),
                    "JUPYTER_RUNTIME_DIR": str(self.runtime),
                    "IPYTHONDIR": str(own / "ipython"),
                    # As start.py does, and before it what `Lab.lend` says of the kernels.
                    "JUPYTER_PATH": f"{own}{os.pathsep}{Path(__file__).parents[1] / 'share' / 'jupyter'}",
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
    """A JupyterLab, with the address that it has on this computer.

    It is started once for many tests: each is lent it for a while, with a folder and kernels of its own.
    Lab takes seconds to load, so notebooks open one after the other in the same tab; whatever changes Lab
    itself (a theme, a width, a setting) is for a tab in a context of the test's own.
    """

    def __init__(
        self, home: Path, browser: Browser, env: Mapping[str, str], options: tuple[str, ...] = ()
    ) -> None:
        self.token = secrets.token_hex(16)
        self.root = home
        self._tab: Page | None = None
        self._saves_widgets = False
        super().__init__(
            home, browser, env,
            "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0",
            f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={home}", "--allow-root",
            "--LanguageServerManager.autodetect=False",  # It would ask Node.js, too.
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.expose_app_in_browser=True",
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
            threading.Event().wait(0.05)
        raise AssertionError(self.log.read_text("utf-8"))

    def lend(self, env: Mapping[str, str]) -> Lab:
        """The same server with an empty folder as `home`, and kernels that see these variables."""
        self.home = self.root / secrets.token_hex(4)
        self.home.mkdir()
        kernel = self.own / "kernels" / "python3"
        kernel.mkdir(parents=True, exist_ok=True)
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": "Python 3 (ipykernel)", "language": "python", "env": dict(env)}
        (kernel / "kernel.json").write_text(json.dumps(spec), "utf-8")
        return self

    def give_back(self, *, tab: bool = True) -> None:
        """Shut the kernels down, close what the test opened and forget what it set; also the tab."""
        if self._tab:
            if tab:
                if self._saves_widgets:
                    self._toggle_saving()
                self._tab.evaluate(_LEAVE)
                for page in self._tab.context.pages:
                    if page != self._tab:
                        page.close()
            else:
                self._tab = None
        self._saves_widgets = False
        kept = self._tab and self._tab.context
        for context in self._contexts:
            if context != kept:
                context.close()
        self._contexts = [kept] if kept else []
        for session in self._ask("GET", "sessions"):
            self._ask("DELETE", f"sessions/{session['id']}")
        shutil.rmtree(self.own / "config" / "lab" / "user-settings", ignore_errors=True)

    def save_widgets(self) -> None:
        """Until it is given back, widgets' states are saved with a notebook, as somebody may have set it."""
        self._toggle_saving()
        self._saves_widgets = True

    def _toggle_saving(self) -> None:
        assert self._tab
        menu(self._tab, "Settings", "Save Widget State Automatically")

    def _ask(self, method: str, what: str) -> Any:
        """What Jupyter's own API answers."""
        headers = {"Authorization": f"token {self.token}"}
        asked = urllib.request.Request(f"{self.url}/api/{what}", headers=headers, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def open(self, name: str, context: BrowserContext | None = None) -> Page:
        """The notebook in a tab, its kernel idle: in the one that shows Lab already, or in a new one."""
        path = (self.home / name).relative_to(self.root).as_posix()
        if context or not self._tab:
            page = (context or self.context()).new_page()
            page.goto(f"{self.url}/lab/workspaces/{secrets.token_hex(4)}/tree/{path}?token={self.token}")
            if not context:
                self._tab = page
        else:
            page = self._tab
            page.evaluate(_LEAVE)
            page.evaluate(_GO, path)
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
