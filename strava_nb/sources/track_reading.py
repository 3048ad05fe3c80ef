"""Many tracks read at the same time, or one after the other where there are no processes to be had.

The processes are programs of their own that speak over pipes, each fed by a thread: nothing imports
the notebook or script again, nothing is forked under Jupyter's threads, and a reader that takes its
process down with it costs one track. They end with whoever started them, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ..errors import BadExport, Stopped
from .reading import Reading, read
from .track_worker import receive, send

FEW: Final = 24
"""Fewer tracks than this are read before processes would have begun."""

MOST: Final = 8
"""Processes at the most: what hands the tracks out keeps no more of them busy."""

_TICK: Final = 0.1
_Question = tuple[str, bytes, bool]
"""A file's name, its bytes, and whether its laps are wanted."""

_PROGRAM: Final = (
    "import sys; sys.path[:] = {path!r}; from strava_nb.sources.track_worker import main; main()"
)


def read_all(
    bytes_of: Callable[[str], bytes],
    names: Iterable[str],
    *,
    laps: bool = False,
    cancel: threading.Event | None = None,
) -> Iterator[tuple[str, Reading]]:
    """The readings of an export's tracks as they come, in any order; with `laps` surely with those.

    `bytes_of` gives a file's bytes or raises BadExport. No file stops the others. Raises Stopped once
    `cancel` is set.
    """
    names = list(names)
    readers = _readers(len(names))
    if readers is None:
        for name in names:
            yield name, _read_here(bytes_of, name, laps, cancel)
        return
    with readers:
        ahead = iter(names)
        waiting: dict[str, bytes] = {}
        while True:
            for name in ahead:
                _stop_if(cancel)
                try:
                    waiting[name] = bytes_of(name)
                except BadExport as error:
                    yield name, Reading(problems=[error.what])
                    continue
                readers.ask(name, waiting[name], laps)
                if len(waiting) == readers.window:
                    break
            if not waiting:
                return
            while (answer := readers.answer()) is None:
                _stop_if(cancel)
            name, reading = answer
            data = waiting.pop(name)
            yield name, reading or read(data, name, laps=laps)


def stopped() -> Stopped:
    """The error of a reading that a person stopped."""
    return Stopped("Reading the export was stopped.", "Run it again to go on.")


def processors() -> int:
    """How many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux only
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Readers:
    """Processes that read tracks, each with the thread that feeds it; they end with the `with`."""

    def __init__(self, number: int) -> None:
        self.window = 4 * number
        self._questions: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[str, Reading | None]] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._programs: set[subprocess.Popen[bytes]] = set()
        self._threads: list[threading.Thread] = []
        try:
            for _ in range(number):
                thread = threading.Thread(target=self._serve, name="strava-nb reader", daemon=True)
                thread.start()
                self._threads.append(thread)
        except BaseException:
            self.close()
            raise

    def ask(self, name: str, data: bytes, laps: bool) -> None:
        """Have a file read."""
        self._questions.put((name, data, laps))

    def answer(self) -> tuple[str, Reading | None] | None:
        """The next reading, None for one that found no process to read it; None if there is none yet."""
        try:
            return self._answers.get(timeout=_TICK)
        except queue.Empty:
            return None

    def close(self) -> None:
        """End the processes, whatever they are at."""
        self._closed.set()
        for program in list(self._programs):
            program.kill()
        for _ in self._threads:
            self._questions.put(None)
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        program: subprocess.Popen[bytes] | None = None
        can_start = True
        while (question := self._questions.get()) is not None and not self._closed.is_set():
            if program is None and can_start:
                program = self._start()
                can_start = program is not None
            reading = None
            if program:
                reading = _ask(program, question)
                if reading is None:
                    self._end(program)
                    program = None
                    reading = Reading(
                        problems=[f"{question[0]} could not be read: the reader broke down over it."]
                    )
            self._answers.put((question[0], reading))
        if program:
            self._end(program)

    def _start(self) -> subprocess.Popen[bytes] | None:
        """A process that has said that it is ready."""
        try:
            program = subprocess.Popen(  # noqa: S603  (this very Python, with a program of ours)
                [sys.executable, "-c", _PROGRAM.format(path=[str(one) for one in sys.path])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except Exception:  # what forbids processes says so in many ways
            return None
        self._programs.add(program)
        if not self._closed.is_set() and _hear(program) == "ready":
            return program
        self._end(program)
        return None

    def _end(self, program: subprocess.Popen[bytes]) -> None:
        program.kill()
        program.wait()
        for pipe in (program.stdin, program.stdout):
            with suppress(OSError):  # what was still to be written
                if pipe:
                    pipe.close()
        self._programs.discard(program)


def _readers(tracks: int) -> Readers | None:
    """The processes for so many tracks, None where none are needed or to be had."""
    number = min(processors(), MOST, tracks // (FEW // 2))
    is_python = Path(sys.executable or "").stem.lower().startswith(("python", "pypy"))
    if tracks < FEW or number < 2 or not is_python or multiprocessing.current_process().daemon:
        return None
    try:
        return Readers(number)
    except Exception:  # what forbids threads says so in many ways
        return None


def _read_here(
    bytes_of: Callable[[str], bytes], name: str, laps: bool, cancel: threading.Event | None
) -> Reading:
    _stop_if(cancel)
    try:
        return read(bytes_of(name), name, laps=laps)
    except BadExport as error:
        return Reading(problems=[error.what])


def _stop_if(cancel: threading.Event | None) -> None:
    if cancel and cancel.is_set():
        raise stopped()


def _ask(program: subprocess.Popen[bytes], question: _Question) -> Reading | None:
    """The answer of a process, None where it died of the question."""
    try:
        assert program.stdin
        send(program.stdin, question)
    except (OSError, ValueError):
        return None
    answer = _hear(program)
    return answer if isinstance(answer, Reading) else None


def _hear(program: subprocess.Popen[bytes]) -> Any:
    try:
        assert program.stdout
        return receive(program.stdout)
    except Exception:  # nobody knows what a process says that is breaking down
        return None
