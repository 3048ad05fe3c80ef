"""What the panel of `login()` says: the three doors, signing in and out, the same asked by typing."""

from __future__ import annotations

from typing import Any, Final

from .everywhere import PATIENCE
from .export_card import EXPORT

WAITING = "Strava’s page is open in another tab. Press Authorize there; this panel notices by itself."
WAITING_GUEST = (
    "Strava’s page is open in another tab. Press Authorize there, then paste the next page’s address."
)

PANEL: Final[dict[str, Any]] = {
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
    "export": EXPORT,
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
