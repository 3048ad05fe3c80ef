"""Activities on a map to move about in: one page that carries everything it needs.

Leaflet lies beside this file; why it is written into the page, and into an iframe, is in
docs/decisions/map.md. No matplotlib here.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import warnings
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from ..errors import BadInput, StravaNbWarning
from ..files.atomic import write
from ..files.names import file_name
from ..settings import DEMO_MARK
from ..tables.readable_table import METRES, Units
from .colours import ONE_OF_FEW, SPORT_COLOURS
from .map_lines import Lines, lines_of

OPENSTREETMAP = (
    "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "© OpenStreetMap contributors",
    "https://www.openstreetmap.org/copyright",
)

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")
_SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"


class WebMap:
    """A map that shows itself in a notebook, in Voilà and in a saved page; `save` makes a page of it."""

    def __init__(self, page: str, name: str, height: int, activities: int, *, tiles: bool) -> None:
        self.page = page
        self._name, self._height, self._activities, self._tiles = name, height, activities, tiles

    def __repr__(self) -> str:
        number = self._activities
        return f"<WebMap of {number:,} {'activity' if number == 1 else 'activities'}>"

    def _repr_html_(self) -> str:
        # A server of tiles wants to know which page asks (Referer), which a page without an origin hides.
        sandbox = f"{_SANDBOX} allow-same-origin" if self._tiles else _SANDBOX
        return (
            f'<iframe srcdoc="{html.escape(self.page)}" sandbox="{sandbox}" title="Map" '
            f'style="width:100%;height:{self._height}px;border:1px solid #d9dde1;border-radius:6px">'
            "</iframe>"
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """The path that the map was written to, as one HTML page, whole or not at all.

        A folder gets `map.html`, or `DEMO_map.html`. Raises CannotWrite.
        """
        return write(self.page.encode(), path, name=self._name)


def web_map(
    table: pd.DataFrame,
    *,
    activities: pd.DataFrame | None = None,
    tiles: str | tuple[str, str] | None = None,
    hide: bool = True,
    height: int = 480,
    units: Units = "metric",
) -> WebMap:
    """The courses on one map to zoom into, each with its name and the way to it on Strava.

    `table` is one of streams, with `activities` for the names, or one of activities, whose simplified
    courses cost no call. What lies within 200 m of each start and end is hidden, which the map says,
    unless `hide=False` (see `files.hide_places`, whose streams are not hidden a second time).

    The background is plain, and nothing is fetched from anywhere, unless `tiles` are asked for:
    "openstreetmap", or an address such as "https://…/{z}/{x}/{y}.png" with what it asks to be named by.
    Their server then sees which part of the world is looked at.

    Up to seven activities have a colour and a line in the list each; more are coloured by sport. The
    demo athlete's, and those without a number of Strava's, lead nowhere. Warns of what is left out.
    Raises BadTable for other tables, BadInput for tiles, units and heights that cannot be meant.
    """
    if units not in METRES:
        raise BadInput(f"There are no {units!r} units.", 'Use units="metric" or units="imperial".')
    if not isinstance(height, int) or not 100 <= height <= 5000:
        raise BadInput(f"A map cannot be {height!r} pixels high.", "Give a height such as height=480.")
    ground = _ground(tiles)
    found = lines_of(table, activities, hide=hide, units=units)
    if found.problems:
        warnings.warn(" ".join(found.problems), StravaNbWarning, stacklevel=2)
    few = len(found.lines) <= len(ONE_OF_FEW)
    data = {
        "lines": list(_coloured(found, few=few)),
        "groups": [
            (group, colour)
            for group, colour in SPORT_COLOURS.items()
            if any(line["group"] == group for line in found.lines)
        ],
        "few": len(ONE_OF_FEW),
        "notes": [*found.notes, *found.problems],
        "sentence": found.sentence,
        "demo": DEMO_MARK if found.demo else "",
        "metric": units == "metric",
        "tiles": None
        if ground is None
        else dict(zip(("address", "attribution", "page"), ground, strict=True)),
    }
    title = "Map" if len(found.lines) != 1 else " ".join(found.lines[0]["name"].split())
    name = file_name(table, "html", name="map")
    page = _page(data, title, None if ground is None else ground[0])
    return WebMap(page, name, height, len(found.lines), tiles=ground is not None)


def _coloured(found: Lines, *, few: bool) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(found.lines):
        yield line | {"colour": ONE_OF_FEW[number] if few else SPORT_COLOURS[line["group"]]}


def _ground(tiles: Any) -> tuple[str, str, str] | None:
    """Address, attribution and its page of what lies under the lines."""
    if tiles is None:
        return None
    if isinstance(tiles, str) and tiles.lower() in ("openstreetmap", "osm"):
        return OPENSTREETMAP
    to_do = 'Use tiles="openstreetmap", or tiles=("https://…/{z}/{x}/{y}.png", "© who made them").'
    if isinstance(tiles, str):
        raise BadInput(f"Tiles of {tiles[:60]!r} would be shown without saying whose they are.", to_do)
    if not (isinstance(tiles, tuple) and len(tiles) == 2 and all(isinstance(one, str) for one in tiles)):
        raise BadInput("Tiles are an address and an attribution.", to_do)
    address, attribution = tiles
    if not all(part in address for part in ("{z}", "{x}", "{y}")) or not _origin(address):
        raise BadInput(f"{address[:80]!r} is no address of tiles.", to_do)
    if not attribution.strip():
        raise BadInput("These tiles are nobody's.", to_do)
    return address, attribution, ""


def _origin(address: str) -> str:
    """Scheme and host that the tiles come from, as a policy names them; "" where it is no such address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.netloc.replace("{s}", "s")
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


def _page(data: dict[str, Any], title: str, tiles: str | None) -> str:
    leaflet, leaflet_style, script, style = (
        _part(name) for name in ("leaflet.js", "leaflet.css", "map.js", "map.css")
    )
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(leaflet)} {_hash(script)}",
            f"style-src {_hash(leaflet_style)} {_hash(style)}",
            f"img-src data: {_origin(tiles) if tiles else ''}".strip(),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return Template(_part("page.html")).substitute(
        policy=html.escape(policy),
        title=html.escape(title),
        data=_as_script(data),
        leaflet=leaflet,
        leaflet_style=leaflet_style,
        script=script,
        style=style,
    )


def _as_script(data: Any) -> str:
    """JSON that no text in it can end: every < > & is written as its number, as is all that is not ASCII."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _part(name: str) -> str:
    text = (package_files("strava_nb.plots") / "map_page" / name).read_text("utf-8")
    return text.partition("//# sourceMappingURL=")[0]  # which a browser's tools would fetch
