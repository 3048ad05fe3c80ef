"""Whether another door has been chosen since a table of the demo athlete's was pulled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..signin.session import Opened, SignedIn, State, session
from . import words


def watch_doors(tell: Callable[[str], None]) -> Callable[[], None]:
    """Tell in a sentence when somebody's own are to be had, "" when no more; the result ends that."""
    before = _door(session().state)

    def changed(state: State) -> None:
        mine = isinstance(state, SignedIn | Opened) and _door(state) != before
        tell(words.SINCE["opened" if isinstance(state, Opened) else "signed_in"] if mine else "")

    return session().watch(changed)


def _door(state: State) -> tuple[type[State], Any]:
    return type(state), state.source if isinstance(state, Opened) else None
