"""The listener to which Strava's page sends a person back.

A file of its own because it is the one server in the package: on the loopback addresses only, and
for one answer only. What an answer is worth is not decided here.
"""

from __future__ import annotations

import html
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from ..errors import StravaNbError

PATH = "/signed-in"
"""The path of the redirect; what the browser asks for beside it (an icon, say) is nobody's answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the page in the person's browser says."""

    title: str
    text: str


class Callback:
    """A listener on a free port of this computer, until it is closed.

    `take` is called with each address that comes to the path, in a thread of the listener's, and gives
    what the page then says; a StravaNbError that it raises is said there too, and the listener waits on.
    """

    def __init__(self, take: Callable[[str], Said]) -> None:
        self._servers = _on_both_loopbacks(_handler(take))
        self.port: int = self._servers[0].server_address[1]
        for server in self._servers:
            threading.Thread(target=server.serve_forever, name="strava-nb sign-in", daemon=True).start()

    @property
    def redirect_uri(self) -> str:
        """The address that Strava is told to send the person back to."""
        return f"http://localhost:{self.port}{PATH}"

    def close(self) -> None:
        """Listen no more; an answer on its way out still goes out. Safe to call twice, and from `take`."""
        servers, self._servers = self._servers, []
        for server in servers:
            # shutdown() waits for serve_forever, which in turn never waits for a request's thread.
            threading.Thread(target=_shut, args=(server,), daemon=True).start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False  # On Windows "reuse" would let another program listen in.

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no news; the default would print its address and a stack."""


class _Server6(_Server):
    address_family = socket.AF_INET6


def _on_both_loopbacks(handler: type[BaseHTTPRequestHandler]) -> list[ThreadingHTTPServer]:
    server: ThreadingHTTPServer = _Server(("127.0.0.1", 0), handler)
    try:  # "localhost" may mean ::1 to the browser; where there is no IPv6, it cannot.
        return [server, _Server6(("::1", server.server_address[1]), handler)]
    except OSError:
        return [server]


def _shut(server: ThreadingHTTPServer) -> None:
    server.shutdown()
    server.server_close()


def _handler(take: Callable[[str], Said]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_GET(self) -> None:
            if urlsplit(self.path).path != PATH:
                self.send_error(404)
                return
            try:
                status, said = 200, take(self.path)
            except StravaNbError as error:
                status, said = 400, Said("Not signed in", str(error))
            body = _page(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the request line holds the code."""

    return Handler


def _page(said: Said) -> str:
    page = files(__package__).joinpath("callback.html").read_text("utf-8")
    return page.replace("{{title}}", html.escape(said.title)).replace("{{text}}", html.escape(said.text))
