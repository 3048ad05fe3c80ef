"""Every sentence that the widgets say, in one place, so that it can be said in another language.

`PAGE`, `DATES`, `ACTIVITIES`, `DOWNLOAD` and the like are what the panel, the pickers and the buttons show
as they stand. The others are chosen here by what is the case; `{…}` is filled with `str.format`. The
sentences of errors belong to the errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

WAITING = "Strava’s page is open in another tab. Press Authorize there; this panel notices by itself."
WAITING_GUEST = (
    "Strava’s page is open in another tab. Press Authorize there, then paste the next page’s address."
)

UNEXPECTED = (
    "Something unexpected went wrong ({word}).",
    "Try again; if it stays so, restart the kernel, and report it with this word.",
)

PATIENCE = "It waits while cells run. After a restart of the kernel, run the cells again."

PAGE: Final[dict[str, Any]] = {
    "patience": PATIENCE,
    "panel": "Whose activities",
    "waiting": WAITING,
    "waiting_guest": WAITING_GUEST,
    "people": "Remembered on this computer:",
    "doors": {
        "export": {
            "title": "My Strava export",
            "for_whom": "For everyone with a Strava account.",
            "cost": "Free: no API, no subscription. Strava takes some hours to send it.",
        },
        "account": {
            "title": "My Strava account",
            "for_whom": "For activities as fresh as today.",
            "cost": "Needs an API application and a Strava subscription.",
        },
        "demo": {
            "title": "Demo athlete",
            "for_whom": "For looking around.",
            "cost": "No account at all.",
        },
    },
    "this_one": "What you see now",
    "export": {
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
    },
    "account": {
        "id": "Client ID",
        "secret": "Client Secret",
        "use": "Use these",
        "other": "Use another client ID",
        "how": "Where do I get these?",
        "how_steps": [
            "Open {link} and fill in the form. Strava asks for a subscription there; the export needs none.",
            "Upload any small picture as the icon, if Strava asks for one.",
            "Strava then shows the client ID and, behind “Show”, the secret: copy both into the fields.",
        ],
        "how_link": "Strava’s API settings",
        "how_field": "This field",
        "how_type": "Type this",
        "form": [
            ["Application Name", "My notebooks", True],
            ["Category", "Visualizer, or any other", False],
            ["Website", "http://localhost", True],
            ["Authorization Callback Domain", "localhost", True],
        ],
        "connect": "Connect with Strava",
        "again": "Strava asks whoever is logged in there: for another athlete, log out at Strava first.",
        "read": [
            "What is read",
            "Your profile, zones and gear, and all your activities, those that only you can see too. "
            "Nothing is changed.",
        ],
        "keep": [
            "Where it stays",
            "In this notebook’s memory, until its kernel stops; Sign out deletes the sign-in and tells "
            "Strava. What a cell shows is saved with the notebook, until you clear its outputs.",
        ],
        "remember": "Remember me, for all notebooks on this computer",
        "remember_where": "In its keyring, or else in a file that only you can read, until you sign out.",
    },
    "paste": {
        "title": "Did the page not load? Paste its address here",
        "label": "Address of the page that came after Authorize",
        "use": "Sign in",
    },
    "demo": {
        "who": "Three years of rides, runs and more by an athlete who does not exist. Every table, plot and "
        "file of theirs says DEMO.",
        "use": "Use the demo athlete",
    },
    "in": {
        "granted": "You granted",
        "missing": "You did not grant everything",
        "kept": "This sign-in",
        "sign_out": "Sign out",
        "else": "Sign in again, or as someone else",
    },
    "thresholds": ["Your thresholds", "What you entered is kept here when you sign out, too.", "Delete it"],
    "copy": "Copy",
    "copied": "Copied",
    "brand": "Compatible with Strava. Not made or endorsed by Strava.",
}

OPENED = "Your export is open."
CLOSED = "The export is closed."
NOT_OPENED = "Your export could not be opened."
SENDING = "Taking it over"
READING = "Reading tracks"

SEE_YOUR_OWN = "Now press Run ▸ Run All Cells to see your own."
SEE_THE_DEMO = "Press Run ▸ Run All Cells to see the demo athlete."
RELOAD = "Now reload this page to see your own."
REMEMBER_AND_RELOAD = "Tick “Remember me”, then reload this page to see your own."
MADE_BEFORE = "What this page shows was made before you chose."
OUT_DEMO = "You see the demo athlete until you choose."
OUT_DEMO_CHOSEN = "You have chosen the demo athlete."
OUT = "Nobody is signed in yet. Choose one of three ways."
FAILED = "You are not signed in."
SIGNED_IN = "Signed in as {name}."
SIGNED_IN_SOMEBODY = "Signed in. Asking Strava who you are …"
SIGNED_OUT = "Signed out. Strava has forgotten this notebook, and this notebook has forgotten you."
SIGNED_OUT_HERE = "Signed out here, but Strava could not be told."
ENDED = "Signed out."
CONTINUE = "Continue as {who}"
DOOR = "Through your Strava account"
NOT_KEPT = "Ends when this notebook’s kernel stops."
KEPT = "Kept {where}."
BINDER = (
    "This computer is not yours, and it is gone in minutes: nothing is remembered, and after Authorize a "
    "page comes that does not load. That is expected; paste its address below."
)
SERVED = (
    "Others may open this page too, so nothing is remembered here. If the page after Authorize does not "
    "load, paste its address below."
)
NOT_YOUR_FILES = (
    "The files of the computer that serves this page are not opened from here.",
    "Drop your export on the page, or choose it there.",
)
GRANTED: Final[dict[str, str]] = {
    "read": "your public profile",
    "read_all": "your private routes and segments",
    "activity:read": "your activities, but for those that only you can see",
    "activity:read_all": "all your activities",
    "profile:read_all": "your zones, weight and gear",
}
GRANT_UNKNOWN = "Strava did not say what was granted."
GONE = ("What was remembered of {name} is gone.", "Press Connect to sign in again.")
NOBODY = (
    "Nobody is signed in yet.",
    "Choose one of the three ways in the panel of snb.login(), then run this again.",
)

TYPED_ID = "Client ID (from {page}): "
TYPED_KEY = "Client secret (it is not shown): "
TYPED_OPEN = "Open this address in your browser and press Authorize there:\n\n{address}\n"
TYPED_PASTE = (
    "Once a page says that you are signed in, press Enter here. If the page does not load, paste its address "
    "here (it is not shown): "
)
TYPED_NOT_YET = "No answer from Strava has come yet."

DATES: Final[dict[str, Any]] = {
    "dates": "Dates",
    "presets": {
        "last 7 days": "Last 7 days",
        "last 30 days": "Last 30 days",
        "last 90 days": "Last 90 days",
        "last 12 months": "Last 12 months",
        "this month": "This month",
        "this year": "This year",
        "last year": "Last year",
        "everything": "Everything",
    },
    "own": "Your own dates",
    "start": "From",
    "end": "To",
    "hint": "Run the cells below again to use these dates.",
}

ACTIVITIES: Final[dict[str, Any]] = {
    "search": "Search",
    "example": "Name, sport, day, month",
    "list": "Activities",
    "columns": {
        "date": "Date",
        "name": "Name",
        "sport": "Sport",
        "distance": "Distance",
        "time": "Moving time",
    },
    "all": "All that are listed",
    "also": "Also: {name}",
    "nameless": "(no name)",
    "found": "{found} of {count}",
    "count": ["1 activity", "{count} activities"],
    "none_found": "No activity has all of these words.",
    "picked": {
        "none": "None is picked. Press one.",
        "one": "Picked: {name}, {date}.",
        "many": "{count} picked: {distance} and {time} in all.",
    },
    "how": "A press picks one alone; boxes pick several.",
    "hint": "Run the cells below again to use what you picked.",
    "waiting": "The list comes when the cells have run. After a restart of the kernel, run them again.",
    "empty": "There are no activities here. Choose other dates, and run the cells again.",
    "demo": "DEMO",
    "demo_rows": "These are the demo athlete’s.",
}

DOWNLOAD: Final[dict[str, Any]] = {
    "heading": "Download as",
    "buttons": {
        "excel": ["Excel", "A workbook: one sheet to read, one with everything"],
        "csv": ["CSV (everything)", "Every column and digit, for programs"],
        "spreadsheet": ["CSV for a spreadsheet", "To read; numbers as your browser’s language writes them"],
        "parquet": ["Parquet", "Exact and small, for pandas, R, DuckDB and others"],
        "json": ["JSON", "A list of records, for programs"],
    },
    "building": "Building {name}…",
    "patience": PATIENCE,
    "saved": "{name} ({rows}, {size}) is in your downloads folder.",
    "demo": "These rows are the demo athlete’s.",
    "run_again": "These buttons are from an earlier run: run their cell again.",
}

SINCE: Final[dict[str, str]] = {
    "signed_in": "You have signed in since: run the cells again to get your own.",
    "opened": "You have opened your export since: run the cells again to get your own.",
}

PROFILE: Final[dict[str, Any]] = {
    "title": "Your thresholds",
    "lead": "Your training is measured against these. What is empty is not known, and nothing is guessed.",
    "names": {
        "max_heartrate": ["Highest heart rate", "that you have ever seen", "bpm", "bpm"],
        "rest_heartrate": ["Resting heart rate", "lying still, after waking", "bpm", "bpm"],
        "threshold_heartrate": ["Threshold heart rate", "that you can hold for an hour", "bpm", "bpm"],
        "ftp": ["FTP", "watts for an hour on the bike", "W", "W"],
        "threshold_pace": ["Threshold pace", "that you can run for an hour", "min/km", "min/mi"],
        "weight": ["Weight", "", "kg", "lb"],
    },
    "value": "{name}, {unit}",
    "since": "{name}: from which day",
    "from": "from",
    "always": "always",
    "before": "before that",
    "sources": {
        "given": "said by you",
        "Strava": "from Strava",
        "activities": "reached in three of your activities",
        "demo": "made up, as she is",
    },
    "unknown": "not known",
    "later": ["later", "add another that holds from a day on"],
    "remove": "Remove {name} {value}",
    "sex": ["Formula", "of the heart-rate load"],
    "sexes": {"F": "women’s", "M": "men’s", "": "not known"},
    "zones": ["Heart rate zones", "where the second begins, and so on"],
    "example": "116, 146, 161, 174",
    "forget": "Forget what I said",
    "kept": "What you said is kept {where}.",
    "nothing": "What you change is kept {where}.",
    "lasts": "on this computer",
    "not_kept": "until this notebook’s kernel stops",
    "hint": "Run the cells below again to use what you changed.",
    "waiting": "Your thresholds come when the cells have run. After a restart of the kernel, run them again.",
}

NO_NUMBER = ("{text} is not a number.", "Write one such as {example}, or leave the field empty.")
NO_PACE = ("{text} is not a pace.", "Write minutes and seconds, such as 4:35, or leave the field empty.")
NO_ZONES = ("{text} are not heart rates.", "Write them with commas between, such as 116, 146, 161.")

YEAR: Final[dict[str, Any]] = {
    "make": "Your year",
    "what": "A page to scroll through, and a picture to post.",
    "asked": "Making it …",
    "pulling": "Getting your activities …",
    "far": "{what}: {done} of {total} …",
    "page": "Putting the page together …",
    "picture": "Drawing the picture …",
    "patience": PATIENCE,
    "cancel": "Cancel",
    "year": "Year",
    "save_page": "Save the page",
    "save_picture": "Save the picture",
    "close": "Close",
    "title": "Your year {year}",
    "alt": "The picture to post: your year {year}",
    "made": "Made to be shown around: nothing is drawn near where an activity began or ended.",
    "saved": "{name} is in your downloads folder.",
    "run_again": "This button is from an earlier run: run its cell again.",
}


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
    PAGE["account"]["keep"][1]: "In this page’s memory, until you close it; Sign out deletes the sign-in and "
    "tells Strava.",
    PATIENCE: APP["patience"],
    PAGE["account"]["remember"]: "Remember me on this computer",
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


def activities(count: int) -> str:
    """A number of activities."""
    return "1 activity" if count == 1 else f"{count:,} activities"


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


def holds(count: int, years: Sequence[int]) -> str:
    """What an export holds."""
    return ", ".join([activities(count), *([" to ".join(map(str, years))] if years else [])])


def person(name: str, place: str) -> str:
    """A person and where they live: two athletes on one computer may share a name."""
    return f"{name} ({place})" if place else name
