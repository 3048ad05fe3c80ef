"""A widget in a real browser without Jupyter: its own script, and its own kernel side behind it.

What the script sends goes to the real widget, and what that answers or shows comes back; so the whole
way of a dropped export, or of ten thousand rows, is driven in seconds, and every byte can be counted.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from strava_nb.widgets.base import Part
from strava_nb.widgets.login import Login

ADDRESS = "http://panel.test/"

BRIDGE = """async ({ esm, css, traits, views }) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const state = { ...traits }, listeners = {};
  const on = (event, listener) => (listeners[event] ??= []).push(listener);
  const fire = (event, ...args) => (listeners[event] ?? []).forEach((listener) => listener(...args));
  const text = (buffer) => {
    const bytes = new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);
    let said = "";
    for (let at = 0; at < bytes.length; at += 32768) {
      said += String.fromCharCode(...bytes.subarray(at, at + 32768));
    }
    return btoa(said);
  };
  const bytes = (said) => new DataView(Uint8Array.from(atob(said), (one) => one.charCodeAt(0)).buffer);
  async function exchange(content, buffers) {
    const { view, messages } = JSON.parse(await window.toKernel(JSON.stringify(content), buffers.map(text)));
    if (JSON.stringify(view) !== JSON.stringify(state.view)) {
      state.view = view;
      fire("change:view");
    }
    for (const [message, sent] of messages) fire("msg:custom", message, sent.map(bytes));
  }
  let line = Promise.resolve(); // One message after the other, as a socket brings them.
  const send = (content, _, buffers = []) => { line = line.then(() => exchange(content, buffers)); };
  window.settled = () => line;
  const model = { get: (name) => state[name], on, off: () => {}, send };
  const made = (await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })))).default;
  const widget = typeof made === "function" ? made() : made;
  widget.initialize?.({ model });
  for (let view = 0; view < views; view++) {
    const el = document.createElement("div");
    document.getElementById("panel").append(el);
    widget.render({ model, el });
  }
  setInterval(() => send(null), 100); // What threads of the kernel show comes without being asked for.
}"""


def drop(page: Page, path: Path, place: Locator) -> None:
    """Drag a file or a folder from the desktop over a place and let go, as the browser itself does it."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 9}
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    browser = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})
    browser.detach()


def press(page: Page, label: str, into: Path) -> Path:
    """Press a download button; the file as the browser saved it."""
    with page.expect_download() as started:
        page.get_by_role("button", name=label, exact=True).click()
    path = into / started.value.suggested_filename
    started.value.save_as(path)
    return path


class PartPage:
    """A page with one widget; `kinds` are the types of its messages, `largest` their largest buffers.

    While `busy` is true, messages wait, as they do while a cell runs. Of several `views`, as where a widget
    is displayed twice, each is shown below the other.
    """

    traits: tuple[str, ...] = ("words", "view")

    def __init__(self, browser: Browser, part: Part, *, views: int = 1, **options: Any) -> None:
        self.part = part
        self.views = views
        self.kinds: list[str] = []
        self.largest = 0
        self.busy = False
        self._messages: list[Any] = []
        self._waiting: list[tuple[Any, list[memoryview]]] = []
        context = browser.new_context(**{"timezone_id": "America/New_York", **options})
        context.route(
            f"{ADDRESS}**",
            lambda route: route.fulfill(
                body="<!doctype html><meta charset=utf-8><meta name=color-scheme content='light dark'>"
                "<div id=panel></div>",
                content_type="text/html",
            ),
        )
        self.page = context.new_page()
        self.page.expose_function("toKernel", self._to_kernel)
        part.send = lambda content, buffers=None: self._messages.append(
            (content, [base64.b64encode(one).decode() for one in buffers or ()])
        )
        self.open()

    def open(self) -> None:
        """Load the page, anew where it was loaded before."""
        self.page.goto(ADDRESS)
        traits = {name: getattr(self.part, name) for name in self.traits}
        shown = {"esm": self.part._esm, "css": self.part._css, "traits": traits, "views": self.views}
        self.page.evaluate(BRIDGE, shown)

    def settled(self) -> None:
        """Wait until the kernel has heard all that the page has said so far."""
        self.page.evaluate("window.settled()")

    def _to_kernel(self, content: str, buffers: Sequence[str]) -> str:
        message = json.loads(content)
        if message:
            data = [memoryview(base64.b64decode(one)) for one in buffers]
            self.kinds.append(message["type"])
            self.largest = max(self.largest, sum(len(one) for one in data))
            self._waiting.append((message, data))
        while self._waiting and not self.busy:
            self.part._handle_custom_msg(*self._waiting.pop(0))
        messages, self._messages = self._messages, []
        return json.dumps({"view": self.part.view, "messages": messages})


class PanelPage(PartPage):
    """A page with a login's panel."""

    traits = ("words", "links", "view")

    def __init__(self, browser: Browser, login: Login, **options: Any) -> None:
        self.login = login
        super().__init__(browser, login.panel, **options)

    @property
    def panel(self) -> Locator:
        """What the person sees."""
        return self.page.locator("#panel")

    def press(self, name: str) -> None:
        """Press a button by its words."""
        self.panel.get_by_role("button", name=name).click()

    def drop_zone(self) -> None:
        """Open the export's door."""
        if not self.page.locator(".snb-drop").count():
            self.press("My Strava export")

    def let_go(self, path: Path, over: str) -> None:
        """Drop a file or a folder from the desktop on an element."""
        drop(self.page, path, self.page.locator(over))

    def choose(self, path: Any, *, folder: bool = False) -> None:
        """Choose a file or a folder, as the dialogue of the browser gives it."""
        self.drop_zone()
        self.page.locator(
            ".snb-drop input[webkitdirectory]" if folder else ".snb-drop input[accept]"
        ).set_input_files(path)

    def says(self, words: str) -> None:
        """Wait until this stands on the panel."""
        expect(self.panel).to_contain_text(words)
