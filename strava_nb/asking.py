"""Asking doors for things, also several at once, also when somebody stops it.

A door that was written by somebody else may offer the least that a source has (`activities`,
`streams`): then what it lacks is done without, one track after the other.
"""

from __future__ import annotations

import inspect
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from . import tables
from .errors import BadInput, Stopped
from .sources.source import Listener, Payload, Progress, Record, Source

_FEW = 10
"""Calls that are made without telling beforehand what they cost."""

_FROM = {"export": "from your export", "api": "kept from before", "demo": "of the demo athlete"}


def records_of(
    source: Source,
    start: date | None,
    end: date | None,
    *,
    tell: Listener,
    refresh: bool,
    cancel: threading.Event | None,
) -> tuple[Sequence[Record], bool]:
    """The source's activities, and whether it was stopped before they were all there."""
    options = _taken(source.activities, tell=tell, refresh=refresh, cancel=cancel)
    try:
        _go_on(cancel)
        return source.activities(start, end, **options), False
    except Stopped as stop:
        return stop.so_far, True
    except KeyboardInterrupt:
        return [], True


@dataclass
class Tracks:
    """Streams as far as they have come: tables by id, and the ids that no source has streams of.

    `laps` are those that devices recorded, by id, where they were asked for.
    """

    found: dict[int, pd.DataFrame] = field(default_factory=dict)
    laps: dict[int, list[Record]] = field(default_factory=dict)
    without: list[int] = field(default_factory=list)
    stopped: bool = False


def tracks_of(
    sources: Sequence[Source],
    ids: Sequence[int],
    *,
    laps: bool = False,
    tell: Listener,
    cancel: threading.Event | None,
) -> Tracks:
    """The streams of the activities: from wherever they cost no call, then from source after source."""
    tracks, refused = Tracks(), Counter[int]()
    recorded = tracks.laps if laps else None
    try:
        at_hand = [_at_hand(source, ids) for source in sources]
        if cost := _cost(sources, at_hand, ids):
            tell(Progress("streams", 0, len(ids), cost))
        for free in (True, False):
            for source, here in zip(sources, at_hand, strict=True):
                settled = {*tracks.found, *(one for one in ids if refused[one] == len(sources))}
                wanted = [one for one in ids if one not in settled and (one in here) is free]
                left = set(wanted)
                further = _further(tell, len(settled), len(ids))
                for activity_id, payload in _streams_of(
                    source, wanted, recorded, tell=further, cancel=cancel
                ):
                    samples = tables.streams(payload, activity_id, source=source.name)
                    left.discard(activity_id)
                    if len(samples):
                        tracks.found[activity_id] = samples
                    else:
                        refused[activity_id] += 1
                refused.update(left)
    except (Stopped, KeyboardInterrupt):
        tracks.stopped = True
    tracks.without = [one for one in ids if refused[one] == len(sources)]
    return tracks


def tracks_in_parts(
    source: Source,
    ids: Sequence[int],
    size: int,
    *,
    laps: bool = False,
    tell: Listener,
    cancel: threading.Event | None,
) -> Iterator[Tracks]:
    """The streams of the activities, so many at a time, told of as one pull: for what keeps no samples."""
    if cost := _cost([source], [_at_hand(source, ids)], ids):
        tell(Progress("streams", 0, len(ids), cost))
    for start in range(0, len(ids), size):
        further = _only_steps(_further(tell, start, len(ids)))
        tracks = tracks_of([source], ids[start : start + size], laps=laps, tell=further, cancel=cancel)
        yield tracks
        if tracks.stopped:
            return


def gear_of(source: Source) -> list[Record]:
    """The source's bikes and shoes. Raises BadInput where it knows of none."""
    gears: Callable[[], list[Record]] | None = getattr(source, "gears", None)
    if gears is None:
        raise BadInput(
            f"A {type(source).__name__} does not tell of bikes and shoes.", "Use one of the three doors."
        )
    return gears()


def details_of(
    source: Source, ids: Sequence[int], *, tell: Listener, cancel: threading.Event | None
) -> Iterator[tuple[int, Record | None]] | None:
    """Strava's own details of the activities as they come, None where the source has none to tell."""
    many = getattr(source, "details_of", None)
    if many is None:
        return None
    _go_on(cancel)
    if cost := _cost_of_details(source, ids):
        tell(Progress("detail", 0, len(ids), cost))
    details: Iterator[tuple[int, Record | None]] = many(ids, **_taken(many, tell=tell, cancel=cancel))
    return details


def _cost_of_details(source: Source, ids: Sequence[int]) -> str:
    at_hand, cost = getattr(source, "at_hand", None), getattr(source, "cost", None)
    if at_hand is None or cost is None or len(set(ids) - at_hand(ids, "detail")) <= _FEW:
        return ""
    return str(cost(ids, "detail"))


def _streams_of(
    source: Source,
    ids: Sequence[int],
    laps: dict[int, list[Record]] | None,
    *,
    tell: Listener,
    cancel: threading.Event | None,
) -> Iterator[tuple[int, Payload | None]]:
    _go_on(cancel)
    if not ids:
        return
    many = getattr(source, "streams_of", None)
    if many is not None:
        options = _taken(many, tell=tell, cancel=cancel)
        yield from many(ids, **options, **({} if laps is None else _taken(many, laps=laps)))
        return
    for done, activity_id in enumerate(ids, start=1):
        _go_on(cancel)
        yield activity_id, source.streams(activity_id)
        tell(Progress("streams", done, len(ids)))


def _at_hand(source: Source, ids: Iterable[int]) -> set[int]:
    asked: Callable[[Iterable[int]], set[int]] | None = getattr(source, "at_hand", None)
    return set() if asked is None else asked(ids)


def _cost(sources: Sequence[Source], at_hand: Sequence[set[int]], ids: Sequence[int]) -> str:
    """What a pull that will be long takes from where, in one line; "" where it will not be long.

    What calls cost, the source that makes them says in parts: how many there are, then what that means.
    """
    left = set(ids)
    told = []
    for source, here in zip(sources, at_hand, strict=True):
        if free := left & here:
            told.append(f"{len(free):,} {_FROM.get(source.name, 'at hand')}")
            left -= free
    cost = next((source.cost for source in sources if hasattr(source, "cost")), None)
    if len(left) <= _FEW or cost is None:
        return ""
    if len(sources) == 1:
        return str(cost(ids))
    told.append(f"{len(left):,} calls")
    _, *means = str(cost(left)).split("; ")
    return "; ".join([", ".join(told), *means])


def _further(tell: Listener, before: int, total: int) -> Listener:
    """Tells of one source's steps as of steps of the whole."""

    def told(step: Progress) -> None:
        whole = step.what == "streams" and step.total is not None
        tell(replace(step, done=before + step.done, total=total) if whole else step)

    return told


def _only_steps(tell: Listener) -> Listener:
    """Tells of what is done, not of what a part will cost."""

    def told(step: Progress) -> None:
        if step.done:
            tell(step)

    return told


def _taken(function: Callable[..., Any], **options: Any) -> dict[str, Any]:
    """Those of the options that the function takes."""
    takes = inspect.signature(function).parameters
    if any(one.kind is one.VAR_KEYWORD for one in takes.values()):
        return options
    return {name: value for name, value in options.items() if name in takes}


def _go_on(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Stopped("The pull was stopped.", "Run it again to go on.")
