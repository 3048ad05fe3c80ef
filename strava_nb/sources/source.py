"""What every door offers, so that one table builder and one set of verbs serve them all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

Record = dict[str, Any]
"""One thing as Strava's JSON has it: an activity, an athlete, a gear."""

Payload = dict[str, Any] | list[Any]
"""An activity's streams in either of Strava's shapes: by key, or a list."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pull has come: `done` of `total` things (None while the end is unknown).

    `note` is what else a person should know just now, such as a wait and until when; it may be empty.
    """

    what: str
    done: int
    total: int | None = None
    note: str = ""


Listener = Callable[[Progress], None]
"""Whoever wants to know how far a pull has come."""


def nobody(_: Progress) -> None:
    """The listener that does not care."""


class Source(Protocol):
    """A door: Strava-shaped records of one athlete, wherever they come from.

    A pull that is stopped, by Ctrl-C or by its `cancel`, raises Stopped with what came `so_far`.
    """

    @property
    def name(self) -> str:
        """The door's word in the `source` column: api, export or demo."""

    @property
    def athlete(self) -> Record:
        """The athlete whose activities these are."""

    def activities(
        self,
        start: date | None,
        end: date | None,
        *,
        tell: Listener = nobody,
        refresh: bool = False,
        cancel: threading.Event | None = None,
    ) -> Sequence[Record]:
        """The activities whose local day lies in start…end, and perhaps some from the days beside it.

        `refresh` asks for everything anew where answers are kept.
        """

    def streams(self, activity_id: int) -> Payload | None:
        """The streams of an activity, None where it has none."""

    def streams_of(
        self, ids: Iterable[int], *, tell: Listener = nobody, cancel: threading.Event | None = None
    ) -> Iterator[tuple[int, Payload | None]]:
        """The streams of many activities as they come, in any order.

        A source that knows of recorded laps takes `laps` too, a dictionary, and puts them in by activity.
        """

    def at_hand(self, ids: Iterable[int]) -> set[int]:
        """Those of the activities whose streams cost no call to Strava."""

    def detail(self, activity_id: int) -> Record:
        """All that is known of one activity."""
