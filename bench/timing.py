"""Times taken fairly: in turns, so that a busy minute of the machine falls on all, and by their medians."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median


def in_turns(
    works: Mapping[str, Callable[[], object]],
    times: int,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """The median seconds of each piece of work; all are done once, then all once more, and so on."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            gc.collect()
            began = clock()
            work()
            taken[name].append(clock() - began)
    return {name: median(seconds) for name, seconds in taken.items()}
