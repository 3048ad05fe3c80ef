"""Two years with known figures, and a page of a year taken apart: for tests of what is told of a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import strava_nb as snb
from strava_nb.metrics import decode_polylines
from strava_nb.simulator.polyline import encode

if TYPE_CHECKING:
    pass

from functools import cache

TODAY = date(2026, 6, 15)

HOME = 46.948, 7.447

NASTY = '<script>alert(1)</script><img src=x onerror="alert(2)">&amp; \' " $x$ 🚴'

VOID = {"meta", "img", "br", "link", "input"}


def loop(lat: float = HOME[0], lng: float = HOME[1], size: float = 0.02, points: int = 120) -> str:
    """A round way that begins and ends at a place."""
    turn = np.linspace(0, 2 * np.pi, points)
    return encode(lat + size * (1 - np.cos(turn)), lng + size * 1.4 * np.sin(turn))


def past(lat: float, lng: float) -> str:
    """A straight way from far west to far east that leads past a place."""
    return encode(np.full(80, lat + 0.0003), lng + np.linspace(-0.06, 0.06, 80))


def one(number: int, when: str, sport: str = "Ride", km: float = 30.0, **values: Any) -> dict[str, Any]:
    """An activity as Strava tells it."""
    course = values.pop("course", None)
    record = {
        "id": number, "name": f"Activity {number}", "sport_type": sport, "distance": km * 1000,
        "moving_time": int(km * 150), "elapsed_time": int(km * 160), "total_elevation_gain": km * 10,
        "elev_high": 500.0 + number, "start_date": f"{when}Z", "start_date_local": f"{when}Z",
        "average_speed": 1000 / 150, "max_speed": 15.0, "commute": False, "private": False,
    }  # fmt: skip
    if course:
        ends = decode_polylines([course])[0][[0, -1]].tolist()
        record |= {"map": {"summary_polyline": course}, "start_latlng": ends[0], "end_latlng": ends[1]}
    return record | values


def table_of(*records: dict[str, Any], source: str = "export") -> pd.DataFrame:
    return snb.tables.activities(records, source=source)


def two_years() -> list[dict[str, Any]]:
    """A ride every fifth day of two years, a run on the usual loop every week of the second."""
    rides = [
        one(number, f"{datetime(2024, 1, 3, 8, number % 60) + timedelta(5 * number):%Y-%m-%dT%H:%M:%S}",
            km=20 + number % 40, course=loop(size=0.02 + number % 5 / 100))
        for number in range(1, 146)
    ]  # fmt: skip
    runs = [
        one(1000 + week, f"{datetime(2025, 1, 6, 18) + timedelta(7 * week):%Y-%m-%dT%H:%M:%S}", "Run", 10.0,
            moving_time=3600 - week, average_speed=10_000 / (3600 - week), course=loop(size=0.013))
        for week in range(51)
    ]  # fmt: skip
    return [*rides, *runs]


@cache
def years() -> pd.DataFrame:
    """The table of two years, made once."""
    return table_of(*two_years())


@cache
def told() -> snb.YourYear:
    """What is told of its second year, drawn once."""
    return snb.your_year(years(), 2025, today=TODAY)


class Page(HTMLParser):
    """A page taken apart: its tags, its texts, the classes above each text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self._above: list[tuple[str, str]] = []
        self.feed(page)
        assert not self._above, "every tag is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._above.append((tag, dict(attrs).get("class") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._above.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(f"{tag}.{kind}" for tag, kind in self._above), data))

    @property
    def text(self) -> str:
        shown = (data for above, data in self.texts if not any(one.startswith("style") for one in above))
        return " ".join(" ".join(shown).split())

    def of(self, kind: str) -> list[str]:
        """The texts directly in elements of a class."""
        return [data.strip() for above, data in self.texts if above and above[-1] == kind and data.strip()]

    def count(self, kind: str) -> int:
        return sum(attrs.get("class") == kind for _, attrs in self.tags)


def shown(*args: Any, **options: Any) -> Page:
    return Page(snb.your_year(*args, **{"today": TODAY} | options).page)
