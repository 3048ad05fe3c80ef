"""What a browser asks of other computers, recorded and refused."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Route

from strava_nb.served import is_loopback

OF_THE_PAGE_ITSELF = ("data", "blob", "file", "about")


class Border:
    """What crosses the border of this computer, which nothing may."""

    def __init__(self, context: BrowserContext) -> None:
        self.inside: set[str] = set()
        self.outside: list[str] = []
        context.route("**/*", self._request)
        context.on("page", lambda page: page.on("websocket", lambda socket: self._note(socket.url)))

    def _note(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.scheme in OF_THE_PAGE_ITSELF or is_loopback(parts.hostname or ""):
            self.inside.add(parts.path)
            return True
        self.outside.append(url)
        return False

    def _request(self, route: Route) -> None:
        if self._note(route.request.url):
            route.continue_()
        else:
            route.abort()


def check_nothing_crossed(border: Border, page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert border.inside, "it was not watched"
    assert border.outside == []
