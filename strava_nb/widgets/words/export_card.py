"""What the panel’s card of the export says: dropping it, its tracks, what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from .everywhere import activities

EXPORT: Final[dict[str, Any]] = {
    "drop": "Drop your export here, the zip as it came",
    "dropped_at": "Let go to open it",
    "choose": "Choose the zip",
    "folder": "Choose a folder",
    "found": "On this computer:",
    "again": "Open {name} again",
    "path": "Type a path instead",
    "path_label": "Where the zip or its folder lies",
    "open": "Open",
    "only": "Only the table of activities, your gear and, if you ask for them, the tracks are opened. "
    "Photos, messages and the rest stay closed.",
    "how": "No export yet? It is free",
    "steps": [
        "Open Strava’s page {link}. The name sounds worse than it is: nothing will be deleted.",
        "Press “Get Started”, then “Request archive”. Leave the part about deleting the account alone.",
        "Come back when Strava’s mail arrives, in some hours, and download the zip. "
        "Leave it zipped, as it came.",
        "Drop it here.",
    ],
    "link": "Download or Delete Your Account",
    "opened": "Opened",
    "opened_what": "The table of activities and your gear; the tracks if you ask for them. Nothing else.",
    "tracks": "Tracks",
    "why": "Maps, heart rates, and the local time of every place.",
    "picked": "Read the tracks of the picked dates ({size})",
    "all": "Read the tracks too ({size})",
    "rest": "All tracks ({size})",
    "done": "All read.",
    "away": "To have its tracks read, drop {name} here once more",
    "stop": "Stop",
    "kept": "Kept here",
    "kept_what": "{size}, so that it opens by itself next time.",
    "forget": "Delete it",
    "close": "Close the export",
    "looking": "Looking into {name} …",
    "unreadable": "this browser cannot read it",
    "no_directory": "its directory is missing or damaged",
}

OPENED = "Your export is open."
CLOSED = "The export is closed."
NOT_OPENED = "Your export could not be opened."
SENDING = "Taking it over"
READING = "Reading tracks"
NOT_YOUR_FILES = (
    "The files of the computer that serves this page are not opened from here.",
    "Drop your export on the page, or choose it there.",
)


def holds(count: int, years: Sequence[int]) -> str:
    """What an export holds."""
    return ", ".join([activities(count), *([" to ".join(map(str, years))] if years else [])])
