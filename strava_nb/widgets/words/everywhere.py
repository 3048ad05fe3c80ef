"""What several widgets say, and how they say counts, times and days."""

from __future__ import annotations

from datetime import date
from typing import Final

PATIENCE = "It waits while cells run. After a restart of the kernel, run the cells again."

UNEXPECTED = (
    "Something unexpected went wrong ({word}).",
    "Try again; if it stays so, restart the kernel, and report it with this word.",
)

SINCE: Final[dict[str, str]] = {
    "signed_in": "You have signed in since: run the cells again to get your own.",
    "opened": "You have opened your export since: run the cells again to get your own.",
}


def activities(count: int) -> str:
    """A number of activities."""
    return "1 activity" if count == 1 else f"{count:,} activities"


def rows(count: int) -> str:
    """A number of rows."""
    return "1 row" if count == 1 else f"{count:,} rows"


def about(seconds: float) -> str:
    """A time, roughly."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def from_to(first: date | None, last: date | None) -> str:
    """A span of days, open ends too."""
    if first is None and last is None:
        return "All dates"
    one, other = (f"{day.day} {day:%B %Y}" if day else "" for day in (first, last))
    if not other:
        return f"Since {one}"
    return f"{one} to {other}" if one else f"Until {other}"


def person(name: str, place: str) -> str:
    """A person and where they live: two athletes on one computer may share a name."""
    return f"{name} ({place})" if place else name
