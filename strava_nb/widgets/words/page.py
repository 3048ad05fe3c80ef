"""What the page of `app()` says: the pull, its results and pictures, and what is said otherwise there."""

from __future__ import annotations

from typing import Any, Final

from .everywhere import PATIENCE
from .panel import NOT_KEPT, PANEL, SIGNED_OUT

APP: Final[dict[str, Any]] = {
    "title": "Your Strava activities",
    "lead": "See them, and take them away as a file.",
    "patience": "This takes longer than usual. If nothing comes, load the page again.",
    "dates": "Press Pull to use these dates.",
    "download": "Take them away as",
    "year": "The year as a page to scroll through, and a picture to post.",
}

ON_THE_PAGE: Final[dict[str, str]] = {
    NOT_KEPT: "Ends when you close this page.",
    SIGNED_OUT: "Signed out. Strava has forgotten this page, and this page has forgotten you.",
    PANEL["account"]["keep"][
        1
    ]: "In this page’s memory, until you close it; Sign out deletes the sign-in and tells Strava.",
    PATIENCE: APP["patience"],
    PANEL["account"]["remember"]: "Remember me on this computer",
}
"""What is said otherwise where there is no notebook to be seen."""


def on_the_page(said: Any) -> Any:
    """Words, or lists and dicts of them, as they are said there."""
    if isinstance(said, dict):
        return {key: on_the_page(value) for key, value in said.items()}
    if isinstance(said, list):
        return [on_the_page(value) for value in said]
    return ON_THE_PAGE.get(said, said) if isinstance(said, str) else said


PULL: Final[dict[str, Any]] = {
    "press": {"pull": "Pull", "go_on": "Go on", "again": "Try again"},
    "cancel": "Cancel",
    "bar": "How far it is",
    "patience": APP["patience"],
    "yours": "Getting your activities",
    "demo": "Getting the demo athlete’s activities",
    "so_far": "{done} so far",
    "of": "{done} of {total}",
    "rate": "{rate} a second",
    "left": "about {left} to go",
    "stopping": "Stopping …",
    "done": "All here.",
    "partial": "Not all are here yet: {count} so far, which are kept.",
    "empty": "Stopped before anything came.",
    "nobody": "Choose one of the three ways above.",
    "later": "Press {press} after {time}: it goes on where it stopped.",
}

RESULTS: Final[dict[str, Any]] = {
    "label": "The activities",
    "demo": "DEMO",
    "demo_rows": "These are the demo athlete’s, who does not exist. Yours come when you choose above.",
    "all": "All sports",
    "sports": "Sports",
    "groups": {
        "Ride": "Rides",
        "Run": "Runs",
        "Walk": "Walks",
        "Swim": "Swims",
        "Snow": "Snow",
        "Water": "Water",
        "Gym": "Gym",
        "Other": "Other",
    },
    "tiles": ["distance", "moving time", "climb", "active days"],
    "hours": "hours",
    "shown": "The newest {shown} of {count} rows. The files below have all rows, and every column.",
    "all_shown": "All {count} rows. The files below have every column.",
    "more": "Show more rows",
    "none": "There are no activities in these dates.",
    "everything": "Pull all dates",
    "none_of_these": "There are none of these sports in these dates. Choose others.",
    "notes": "Worth knowing",
    "table": "The activities, newest first. Scroll it with the arrow keys.",
}

PICTURES: Final[dict[str, Any]] = {
    "heading": "In pictures",
    "drawing": "Drawing …",
}
