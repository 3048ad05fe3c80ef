"""Which cell is running: what a person picked outlives its widget when the cell runs again.

Run All makes every widget anew, and nothing closes the old ones. So what should last (picked dates) or
should not (the table behind old buttons) is found again by its place: the cell, and the how manieth
widget of its kind there.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

Place: TypeAlias = "tuple[str, str, int]"

_counts: dict[tuple[str, str], tuple[str, int]] = {}


def place(kind: str) -> Place | None:
    """Where the running code makes its next widget of this kind; None outside of a notebook's cells."""
    parent = _parent()
    cell, run = parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
    if not cell or not run:
        return None
    last_run, count = _counts.get((kind, cell), (run, 0))
    count = count + 1 if last_run == run else 1
    _counts[kind, cell] = run, count
    return kind, cell, count


class Holder(Protocol):
    """A widget that holds a table."""

    def let_go(self) -> None:
        """Forget the table: another widget has taken this one's place."""


def take_place(kind: str, widget: Holder) -> None:
    """Let this widget's forerunner go, which the same code in the same cell made in an earlier run."""
    if here := place(kind):
        if before := _shown.get(here):
            before.let_go()
        _shown[here] = widget


_shown: dict[Place, Holder] = {}


def _parent() -> dict[str, Any]:
    from IPython import get_ipython  # ipywidgets has loaded it

    parent = getattr(get_ipython(), "parent_header", None)
    return parent if isinstance(parent, dict) else {}
