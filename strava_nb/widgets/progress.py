"""The button Pull, and beside it how the pull stands: how far it is, what it waits for, the way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from ..errors import StravaNbError
from . import words
from .base import Part, beside, problem_of
from .pulling import Done, Failed, Nothing, Partial, Running, State


class PullButton(Part):
    """A button that calls `pull`, and while that runs one that calls `cancel`. `tell` shows a state."""

    _esm = beside("base.js", "progress.js")
    _css = beside("base.css", "progress.css")
    words = traitlets.Dict(words.PULL).tag(sync=True)

    def __init__(self, pull: Callable[[], None], cancel: Callable[[], None]) -> None:
        super().__init__()
        self._pull, self._cancel = pull, cancel
        self.tell(Nothing())

    def on_pull(self, _: dict[str, Any], __: list[memoryview]) -> None:
        """Pull, Go on or Try again was pressed."""
        self._pull()
        self.send({"type": "heard"})

    def on_cancel(self, _: dict[str, Any], __: list[memoryview]) -> None:
        """Cancel was pressed."""
        self._cancel()
        self.send({"type": "heard"})

    def tell(self, state: State, *, demo: bool = False, nobody: bool = False) -> None:
        """Show where the pull stands; `demo`: it is the demo athlete's; `nobody`: there is none to ask."""
        look: dict[str, Any] = {"state": "idle", "press": "pull", "said": "", "note": "", "bar": None}
        look |= {"problem": None, "retry_at": ""}
        match state:
            case Running(step, stopping=stopping):
                far, what = _far(state), words.PULL["demo" if demo else "yours"]
                look |= {"state": "running", "bar": {"done": step.done, "total": step.total}}
                look |= {
                    "said": words.PULL["stopping"] if stopping else f"{what}: {far}" if far else f"{what} …"
                }
                look |= {"note": "" if stopping else _sentence(step.note)}
            case Done(pulled):
                look |= {
                    "state": "done",
                    "said": words.PULL["done"].format(count=words.activities(len(pulled.table))),
                }
            case Partial(pulled, error):
                look |= {"state": "partial", "press": "go_on"} | _trouble(error)
                count = words.activities(len(pulled.table))
                word = "partial" if len(pulled.table) else "empty"
                look |= {"said": words.PULL[word].format(count=count)}
            case Failed(error):
                look |= {"state": "failed", "press": "again"} | _trouble(error)
            case _ if nobody:
                look |= {"state": "nobody", "said": words.PULL["nobody"]}
        self.show(**look)


def _far(state: Running) -> str:
    """How far it is, as far as that is known."""
    step = state.step
    far: list[str] = []
    if step.done:
        word = "of" if step.total is not None and step.total > step.done else "so_far"
        far.append(words.PULL[word].format(done=f"{step.done:,}", total=f"{step.total or 0:,}"))
    if state.rate:
        far.append(words.PULL["rate"].format(rate=f"{max(state.rate, 1):,.0f}"))
    if state.left is not None and state.left >= 1:
        far.append(words.PULL["left"].format(left=words.about(state.left)))
    return " · ".join(far)


def _trouble(error: Exception | None) -> dict[str, Any]:
    if error is None:
        return {}
    retry_at = error.retry_at if isinstance(error, StravaNbError) else None
    return {
        "problem": {**problem_of(error), "where": "pull"},
        "retry_at": retry_at.isoformat() if retry_at else "",
    }


def _sentence(note: str) -> str:
    ended = note if note.endswith((".", "!", "?")) or not note else f"{note}."
    return ended[:1].upper() + ended[1:]
