"""The time zone of an activity that has none: an export gives moments in UTC and no place but its tracks.

A file of its own because what knows places (tzfpy) is optional, and what knows this computer's zone
(tzlocal) is not to be asked unless nobody said better.
"""

from __future__ import annotations

import warnings
from functools import cache
from importlib.util import find_spec
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

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
    import tzlocal  # not needed where a zone is given

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
        import tzfpy  # optional: strava-nb[timezones]
    except ImportError:
        return None
    name = tzfpy.get_tz(lng, lat)
    try:
        return zone_named(name).key
    except BadInput:
        return None


def places_are_known() -> bool:
    """Whether the package that knows time zones by place is installed."""
    return find_spec("tzfpy") is not None


def wall_times(moments: pd.DatetimeIndex, zones: list[str]) -> tuple[pd.DatetimeIndex, ExtensionArray]:
    """What the clock said at each moment in its zone, and how many seconds it was ahead of UTC."""
    utc = moments.tz_localize(None)
    local = utc.to_numpy(copy=True)
    names = np.array(zones, dtype=object)
    for zone in dict.fromkeys(zones):
        there = names == zone
        local[there] = moments[there].tz_convert(zone_named(zone)).tz_localize(None).to_numpy()
    offsets = (local - utc.to_numpy()) / np.timedelta64(1, "s")
    return pd.DatetimeIndex(local), pd.arrays.FloatingArray(offsets, np.isnan(offsets))
