"""Doors that have their records at hand, so that a test can say exactly what they are."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pandas as pd

from strava_nb.errors import NotFound, Stopped
from strava_nb.sources.source import Listener, Payload, Progress, Record, nobody


class Shelf:
    """A source that has its records at hand, so that a test can say exactly what they are."""

    def __init__(
        self, *records: Record, payloads: dict[int, Payload] | None = None, name: str = "api"
    ) -> None:
        self.name = name
        self.athlete: Record = {"id": 1}
        self.records = list(records)
        self.payloads = payloads or {}
        self.asked: list[Any] = []

    def activities(self, start: date | None, end: date | None, *, tell: Listener = nobody) -> list[Record]:
        self.asked.append((start, end))
        tell(Progress("activities", len(self.records)))
        return self.records

    def streams(self, activity_id: int) -> Payload | None:
        self.asked.append(activity_id)
        return self.payloads.get(activity_id)

    def detail(self, activity_id: int) -> Record:
        raise NotFound("There is no such activity.")


class Door(Shelf):
    """A shelf that does what doors can do beyond the least: many tracks in any order, some at hand."""

    here: frozenset[int] = frozenset()
    stops_after: int | None = None

    def activities(
        self,
        start: date | None,
        end: date | None,
        *,
        tell: Listener = nobody,
        refresh: bool = False,
        cancel: threading.Event | None = None,
    ) -> list[Record]:
        self.asked.append({"refresh": refresh, "cancel": cancel})
        if self.stops_after is not None:
            raise Stopped("Stopped.", so_far=self.records[: self.stops_after])
        return self.records

    def streams_of(
        self, ids: Iterable[int], *, tell: Listener = nobody, cancel: threading.Event | None = None
    ) -> Iterator[tuple[int, Payload | None]]:
        ids = list(ids)[::-1]
        self.asked.append(ids)
        for done, one in enumerate(ids, 1):
            if self.stops_after == done - 1:
                raise Stopped("Stopped.")
            yield one, self.payloads.get(one)
            tell(Progress("streams", done, len(ids)))

    def at_hand(self, ids: Iterable[int]) -> set[int]:
        return set(ids) & self.here

    def cost(self, ids: Iterable[int]) -> str:
        return f"{len(list(ids))} without streams here; 90 calls left"


def record(number: int, local: str | None, sport: str = "Ride") -> Record:
    return {"id": number, "start_date": local and f"{local}Z", "start_date_local": local, "sport_type": sport}


SHELF = Shelf(
    record(1, "2025-12-31T23:59:59", "Run"),
    record(2, "2026-01-01T00:00:00", "TrailRun"),
    record(3, "2026-01-31T23:59:59"),
    record(4, "2026-02-01T00:00:00", "Yoga"),
    payloads={1: {"time": {"data": [0, 1]}, "heartrate": {"data": [90, 91]}}, 3: {"time": {"data": [0]}}},
)


def ids(table: pd.DataFrame) -> list[int]:
    return sorted(table["id"])


def payloads(*numbers: int) -> dict[int, Payload]:
    return {number: {"time": {"data": [number]}} for number in numbers}
