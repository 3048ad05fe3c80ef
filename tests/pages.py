"""The page for people who do not code, from the kernel's side: opened, signed in to, and waited for."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets

from strava_nb.simulator import Simulator
from strava_nb.widgets.app import App


@contextmanager
def a_page() -> Iterator[App]:
    """A page of everything, that pulls nothing more when the test is over."""
    page = App()
    page.dates.value = "everything"
    page.begin()
    try:
        yield page
    finally:
        page.close()


def until(page: App, condition: Callable[[], Any]) -> None:
    """Wait for the event, not for the clock."""
    news = threading.Event()
    for part in (page.button, page.results, page.pictures):
        part.observe(lambda _: news.set(), names="view")
    while not condition():
        assert news.wait(30), page.button.view
        news.clear()


def expect_shown(page: App, source: str, count: int | None = None) -> None:
    """Wait until the page shows activities of this door, and nothing is under way."""

    def there() -> bool:
        table = page.table
        return (
            page.button.view["state"] == "done"
            and table is not None
            and (count is None or len(table) == count)
            and set(table["source"]) == {source}
            and bool(page.files.children)
        )

    until(page, there)


def says(part: Any, kind: str, **content: Any) -> list[tuple[dict[str, Any], list[bytes]]]:
    """What a part answers to a page's message."""
    answers: list[tuple[dict[str, Any], list[bytes]]] = []
    send, part.send = part.send, lambda content, buffers=None: answers.append((content, list(buffers or ())))
    try:
        part._handle_custom_msg({"type": kind, "by": "view/1", **content}, [])
    finally:
        part.send = send
    return answers


def sign_in(page: App, strava: Simulator, **chosen: Any) -> None:
    """Type id and secret, press Connect, and Authorize on Strava's page."""
    says(page.login.panel, "application", client_id=strava.client_id, client_secret=strava.client_secret)
    address = page.login.session.offered
    assert address
    says(page.login.panel, "pressed", address=address)
    urllib.request.urlopen(strava.authorize(address, **chosen), timeout=10).close()


def saved_state(page: App) -> str:
    """All that a saved notebook would hold of the page."""

    def walk(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    states = [one.get_state() for one in walk(page)]
    return json.dumps([{k: v for k, v in one.items() if k[0] != "_"} for one in states], default=str)
