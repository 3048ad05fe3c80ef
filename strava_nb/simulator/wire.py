"""HTTP on the loopback address, and no more: what arrives is handed to one function, its reply is sent.

Tuned so that eight calls at a time take milliseconds: connections are kept open, bodies come prepared,
and Nagle's algorithm, which waits for company before it sends, is off.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .replies import Reply

LARGEST_BODY = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `query` and `form` have a name's last value, `fields` all of the form in order."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The form's fields, repeated names too."""
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @property
    def form(self) -> dict[str, str]:
        """The form and the query as one, as Strava takes either."""
        return self.query | dict(self.fields)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "SimulatedStrava"
    sys_version = ""
    server: Server

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.send_error(413)
            return
        asked = Asked(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            self.headers,
            self.rfile.read(int(length)),
        )
        reply = self.server.respond(asked)
        if reply is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        if reply.whole:
            self.wfile.write(reply.body)
        else:
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses hold codes."""


class Server(ThreadingHTTPServer):
    """The listener; `respond` answers each request, None cuts the connection."""

    daemon_threads = True
    request_queue_size = 128
    # Elsewhere it lets a restart have its port again; on Windows, two servers share one.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, respond: Callable[[Asked], Reply | None]) -> None:
        self.respond = respond
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection until it ends."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget it."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        """Stop listening, and end what was kept open: a stopped Strava answers nobody."""
        super().server_close()
        with self._lock:
            kept = list(self._open)
        for connection in kept:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
