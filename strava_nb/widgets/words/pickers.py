"""What the pickers and the buttons say: dates, activities, thresholds, download, your year."""

from __future__ import annotations

from typing import Any, Final

from .everywhere import PATIENCE

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
