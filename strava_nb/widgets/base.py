"""What every piece of page has in common.

A `Part` shows one synced dict, `view`, and takes everything else as custom messages, since what is
synced ends up in a saved notebook. An error in a callback, which Lab would swallow, is shown in the part.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from ..errors import StravaNbError
from . import words


def beside(*names: str) -> str:
    """The texts of script or style files beside this one, in this order."""
    return "\n".join(files(__package__).joinpath(name).read_text("utf-8") for name in names)


def problem_of(error: BaseException) -> dict[str, str]:
    """An error's two sentences; of an unexpected one the type alone: its text may hold secrets."""
    if isinstance(error, StravaNbError):
        return {"what": error.what, "to_do": error.to_do}
    what, to_do = words.UNEXPECTED
    return {"what": what.format(word=type(error).__name__), "to_do": to_do}


class Part(anywidget.AnyWidget):
    """A piece of page with a script of its own.

    A subclass names its files, `_esm = beside("base.js", "panel.js")` and `_css = beside("base.css",
    "panel.css")`, and answers the script's message `{"type": "pressed", …}` in `on_pressed(content,
    buffers)`. What that raises stands in `view["problem"]` as `{"what", "to_do", "where"}`, `where` being
    the message's type, until such a message goes well. `show` and `send` may be called from any thread.
    """

    view = traitlets.Dict().tag(sync=True)

    def __init__(self, **keywords: Any) -> None:
        if unknown := sorted(keywords.keys() - self.trait_names()):
            raise TypeError(f"{type(self).__name__} has no setting called {unknown[0]!r}.")
        self._showing = threading.RLock()
        super().__init__(**keywords)
        self.on_msg(self._received)

    def show(self, **changed: Any) -> None:
        """Change these entries of `view`, and so the page, at once."""
        with self._showing:
            self.view = {**self.view, **changed}

    def show_problem(self, error: BaseException, where: str = "") -> None:
        """Show an error's two sentences."""
        self.show(problem={**problem_of(error), "where": where})

    def on_ready(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """A page shows it, and may have missed what was changed while the page was loading."""
        with self._showing:
            self.send_state("view")

    def _received(self, _: Any, content: Any, buffers: Sequence[memoryview] | None) -> None:
        kind = str(content.get("type")) if isinstance(content, dict) else ""
        answer = getattr(self, f"on_{kind}", None)
        if kind in _NOT_OURS or answer is None:
            return
        before = self.view.get("problem")
        try:
            answer(content, list(buffers or ()))
        except Exception as error:  # Whatever it is, the person must see it.
            self.show_problem(error, kind)
        else:
            if before and before["where"] == kind and self.view["problem"] is before:
                self.show(problem=None)


_NOT_OURS = frozenset(name.removeprefix("on_") for name in dir(anywidget.AnyWidget) if name.startswith("on_"))
"""What a page may not call: `on_msg`, `on_trait_change` and the like are the toolkit's."""
