"""Who watches a pull: a progress bar, a function, or nobody.

In a file of its own so that the verbs know nothing of bars, and pages can give theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .sources.source import Listener, Progress, nobody


@contextmanager
def watching(progress: bool | Callable[[Progress], None]) -> Iterator[Listener]:
    """The listener that `progress` means: tqdm's bar for True, which goes when the pull is over.

    The bar shows count, rate and the step's note; the note of a step that nothing is done of yet, such
    as what a pull will cost, stays as a line of its own.
    """
    if progress is not True:
        yield progress or nobody
        return
    from tqdm.auto import tqdm  # heavy, and needless where nobody looks

    class Bar(tqdm):  # type: ignore[type-arg]  # only in its stubs it takes one
        monitor_interval = 0  # no thread: there are places where Python has none

    with Bar(leave=False, unit="", dynamic_ncols=True) as bar:
        shown: tuple[str, int | None] | None = None
        note = ""

        def show(step: Progress) -> None:
            nonlocal shown, note
            if shown != (step.what, step.total):
                if step.note and not step.done:
                    bar.write(step.note)
                    note = step.note
                shown = step.what, step.total
                bar.set_description_str(step.what, refresh=False)
                bar.total = step.total
                bar.reset(step.total)
            bar.update(step.done - bar.n)
            if note != step.note:
                note = step.note
                bar.set_postfix_str(note)

        yield show
