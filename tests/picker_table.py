"""Five activities to pick from, one of them called so that it would run if it could."""

from __future__ import annotations

from typing import Any

from strava_nb.widgets import words
from strava_nb.widgets.activities import ActivityPicker

SAID = words.ACTIVITIES
NASTY = "<img src=x onerror='window.ran = 1'>\n$a$ \u202egnp.exe"


def record(number: int, name: str | None, day: str, sport: str, *done: float) -> dict[str, Any]:
    moment, (metres, seconds) = f"{day}T07:30:00Z", done
    return {
        "id": number, "name": name, "sport_type": sport, "start_date": moment, "start_date_local": moment,
        "distance": metres, "moving_time": seconds, "elapsed_time": seconds, "timezone": "(GMT+00:00) UTC",
    }  # fmt: skip


RECORDS = [
    record(2**53 + 1, "Über den Paß", "2026-06-14", "Ride", 82_300, 11_000),
    record(12, "Tempo 10", "2026-06-12", "Run", 10_000, 2_700),
    record(13, "Tempo 9", "2026-05-30", "Run", 9_000, 2_500),
    record(14, None, "2026-05-02", "WeightTraining", 0, 3_600),
    record(15, NASTY, "2025-12-31", "Ride", 20_000, 3_000),
]


def page(picker: ActivityPicker, *numbers: int) -> None:
    """What the script in the page sends: these rows are picked."""
    picker._handle_custom_msg({"type": "picked", "picked": list(numbers), "by": "view"}, [])
