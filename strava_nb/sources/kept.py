"""What lies on this computer of a person's activities, so that they can see it and know when it goes.

Apart from `cache.py` because it looks at everything that is kept, whoever keeps it, and changes nothing
but what has expired.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ..settings import settings
from .cache import kept_stores
from .kept_thresholds import all_kept
from .store import KEEP

_WORDS = {"activity": "activities", "detail": "details"}
_DTYPES = {
    "what": "string",
    "count": "Int64",
    "bytes": "Int64",
    "oldest": "datetime64[us, UTC]",
    "newest": "datetime64[us, UTC]",
    "until": "datetime64[us, UTC]",
    "athlete_id": "Int64",
    "address": "string",
    "where": "string",
}


def cache_info() -> pd.DataFrame:
    """What is kept of what you pulled and opened: a row for each kind of thing, athlete and place.

    What came from Strava's API goes by itself, each thing seven days after it was fetched: `until` is
    when the oldest of a row goes. After `snb.sign_out()` all of it is gone. What was read of an export
    is yours and stays, so that `until` is empty. So are the thresholds that you entered, and the secret
    by which places are hidden, alike in all your files: it tells nothing of you, and if you delete it,
    later files hide them in another way.

    Columns: `what`, `count`, `bytes`, `oldest` and `newest` (when it was fetched or read), `until`,
    `athlete_id`, `address` (of the Strava that it came from), `where` (a file, a folder, or the memory
    of this kernel). Times are UTC. Looking removes what has expired, and asks Strava nothing.
    """
    home = settings().home
    rows = [*_pulled(), *_said()]
    if not settings().guests:
        exports = home / "exports"
        for place in sorted(exports.iterdir()) if exports.is_dir() else ():
            rows += _files("read of an export", place)
        rows += _files("secret that hides places", home / "privacy" / "secret")
    columns = {name: pd.array([row.get(name) for row in rows], dtype=object) for name in _DTYPES}
    return pd.DataFrame(columns).astype(_DTYPES)


def _pulled() -> Iterator[dict[str, Any]]:
    for path, store in kept_stores():
        where = "in this kernel's memory" if path is None else str(path)
        if store is None:
            size = path.stat().st_size if path and path.exists() else None
            yield {"what": "cannot be read by this version", "bytes": size, "where": where}
            continue
        about = store.about()
        for kept in store.kept():
            yield {
                "what": _WORDS.get(kept.kind, kept.kind),
                "count": kept.count,
                "bytes": kept.size,
                "oldest": _time(kept.oldest),
                "newest": _time(kept.newest),
                "until": _time(kept.oldest + KEEP),
                "athlete_id": int(about["athlete_id"]) if "athlete_id" in about else None,
                "address": about.get("url"),
                "where": where,
            }


def _files(what: str, place: Path) -> Iterator[dict[str, Any]]:
    """A row for a file, or for the files of a folder, if there are any."""
    files = [path for path in (place, *place.rglob("*")) if path.is_file()]
    if files:
        stats = [path.stat() for path in files]
        yield {
            "what": what,
            "count": len(files),
            "bytes": sum(stat.st_size for stat in stats),
            "oldest": _time(min(stat.st_mtime for stat in stats)),
            "newest": _time(max(stat.st_mtime for stat in stats)),
            "where": str(place),
        }


def _said() -> Iterator[dict[str, Any]]:
    """What people entered of their thresholds, each athlete's in a file of its own; a guest's in memory."""
    what = "thresholds that you entered"
    for place, told in all_kept():
        said, athlete = told["said"], str(told["athlete"])
        about = next(_files(what, place)) if place else {"what": what, "where": "in this kernel's memory"}
        yield about | {
            "count": sum(map(len, said.get("values", {}).values())) + ("sex" in said) + ("zones" in said),
            "athlete_id": int(athlete) if athlete.isdecimal() else None,
            "address": told.get("url"),
        }


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
