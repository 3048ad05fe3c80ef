"""Trying again: which failures are worth it, and after how long a pause.

A file of its own because it is the one place that says how patient a pull is. Refusals are answers
and are never asked for again; what failed on the way is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from ..errors import Unreachable

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before the second try and each later one; half of it more or less, lest all come back at once."""


def pauses(chance: Callable[[], float] = random.random) -> Iterator[float]:
    """The pauses before one call's further tries; it ends when the call has been tried often enough."""
    for seconds in PAUSES:
        yield seconds * (0.5 + chance())


def worth_another_try(error: Exception) -> bool:
    """Whether the same call may well succeed: its failing was the way's or the server's, no refusal."""
    return isinstance(error, Unreachable)
