"""The time zone of an activity that has none: an export gives moments in UTC and no place but its tracks.

A file of its own because what knows places (tzfpy) is optional, and what knows this computer's zone
(tzlocal) is not to be asked unless nobody said better.
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from ..errors import BadInput


@cache
def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises BadInput where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise BadInput(
            f"{name!r} is not a time zone.", 'Give an IANA name such as "Europe/Berlin".'
        ) from error


def zone_here() -> str:
    """The IANA name of this computer's time zone, UTC where it does not tell."""
    import tzlocal  # noqa: PLC0415  (not needed where a zone is given)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that its settings contradict each other
            name: str | None = tzlocal.get_localzone_name()
        return zone_named(name).key if name else "UTC"
    except (BadInput, LookupError, OSError, ValueError):
        return "UTC"


def zone_at(lat: float, lng: float) -> str | None:
    """The IANA name of the time zone at a place, None at sea or without the package tzfpy."""
    try:
        import tzfpy  # noqa: PLC0415  (optional: strava-nb[timezones])
    except ImportError:
        return None
    name = tzfpy.get_tz(lng, lat)
    try:
        return zone_named(name).key
    except BadInput:
        return None


def places_are_known() -> bool:
    """Whether the package that knows time zones by place is installed."""
    from importlib.util import find_spec  # noqa: PLC0415

    return find_spec("tzfpy") is not None


def local_fields(moment: datetime | None, zone: str) -> dict[str, Any]:
    """A record's fields about local time, as the API has them: wall time with a false Z."""
    if moment is None:
        return {"start_date_local": None, "timezone": zone, "utc_offset": None}
    local = moment.astimezone(zone_named(zone))
    offset = (local.replace(tzinfo=UTC) - moment).total_seconds()
    return {"start_date_local": f"{local.isoformat()[:19]}Z", "timezone": zone, "utc_offset": offset}
