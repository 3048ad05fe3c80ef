"""What no client can do without: the waiting, and the parsing of the bytes. And what the simulator adds.

Asked over bare sockets, so that no client's own work is in it.
"""

from __future__ import annotations

import json
import math
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain, count, repeat
from statistics import median
from typing import Self
from urllib.parse import urlsplit

from strava_nb.columns import STREAM_KEYS

AT_ONCE = 8
PER_PAGE = 200
KEYS = ",".join(STREAM_KEYS)


def listing(url: str, token: str, latency: float) -> tuple[float, int]:
    """Seconds and calls of all pages and the empty one, in waves of four, then eight."""
    with Bare(url, token) as asking:
        bodies = list(_pages(asking))
    left, waves = len(bodies), 0
    for wave in chain([AT_ONCE // 2], repeat(AT_ONCE)):
        waves, left = waves + 1, left - wave
        if left <= 0:
            break
    return waves * latency + _parsing(bodies), len(bodies)


def streams(url: str, token: str, ids: list[int], latency: float) -> float:
    """Seconds of these activities' streams, eight at a time."""
    with Bare(url, token) as asking:
        bodies = [asking.get(f"/activities/{one}/streams?keys={KEYS}&key_by_type=true") for one in ids]
    return math.ceil(len(ids) / AT_ONCE) * latency + _parsing(bodies)


def ids_of(url: str, token: str, wanted: int) -> list[int]:
    """The newest activities' ids."""
    with Bare(url, token) as asking:
        page = json.loads(asking.get(f"/athlete/activities?per_page={PER_PAGE}&page=1"))
    return [activity["id"] for activity in page[:wanted]]


def service(url: str, token: str, paths: list[str]) -> tuple[float, float]:
    """Milliseconds an answer and its mean kilobytes, eight asked for at a time, the simulator not waiting."""
    parts = [paths[place::AT_ONCE] for place in range(AT_ONCE)]
    with ExitStack() as stack, ThreadPoolExecutor(AT_ONCE) as pool:
        lines = [stack.enter_context(Bare(url, token)) for _ in parts]
        began = time.perf_counter()
        sizes = list(pool.map(lambda line, part: sum(len(line.get(path)) for path in part), lines, parts))
        seconds = time.perf_counter() - began
    return seconds / len(paths) * 1e3, sum(sizes) / len(paths) / 1e3


class Bare:
    """One connection that is kept, and no more than HTTP needs."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._host, self._token = parts.netloc, token
        self._line = socket.create_connection((parts.hostname, parts.port), timeout=60)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = self._line.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._read.close()
        self._line.close()

    def get(self, path: str) -> bytes:
        """The body of an answer."""
        self._line.sendall(
            f"GET /api/v3{path} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Authorization: Bearer {self._token}\r\n\r\n".encode()
        )
        status, length = self._read.readline(), 0
        if status.split()[1] not in (b"200", b"404"):  # typed in by hand, it has no streams
            raise RuntimeError(f"The simulator answered {path} with {status.decode().strip()}.")
        while (line := self._read.readline().strip()) != b"":
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        body = self._read.read(length)
        return body if b" 200 " in status else b"null"


def _pages(asking: Bare) -> Iterator[bytes]:
    for page in count(1):
        body = asking.get(f"/athlete/activities?per_page={PER_PAGE}&page={page}")
        yield body
        if body == b"[]":
            return


def _parsing(bodies: list[bytes]) -> float:
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        for body in bodies:
            json.loads(body)
        taken.append(time.perf_counter() - began)
    return median(taken)
