"""A process that reads tracks: a name and a file's bytes come in, their reading goes out, until the end.

A program of its own, started as one, so that it imports nothing but the readers: neither pandas nor
the notebook or script that asks. It ends when its input does, so it never outlives who started it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import IO, Any


def main() -> None:
    """Answer until the input ends; the first answer says that it is ready."""
    from strava_nb.sources.reading import read  # by its whole name: this runs as a program

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started this
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    send(answers, "ready")
    while (question := receive(sys.stdin.buffer)) is not None:
        name, data, laps = question
        send(answers, read(data, name, laps=laps))


def send(pipe: IO[bytes], thing: Any) -> None:
    """Write one message to a pipe between this process and another."""
    data = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(8, "little") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """The next message, None at the pipe's end."""
    head = pipe.read(8)
    size = int.from_bytes(head, "little")
    data = pipe.read(size) if len(head) == 8 else b""
    if len(head) < 8 or len(data) < size:
        return None
    return pickle.loads(data)  # noqa: S301  (a pipe of our own, whose other end we started)
