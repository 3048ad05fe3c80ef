"""Tables without their person, so that a class can pool its data.

A list of what stays, not of what goes: a field that nobody thought of is left out. What a reader can
still work out is in docs/decisions/privacy.md.
"""

from __future__ import annotations

import hmac
from typing import Any

import pandas as pd
from pandas.api import types

from ..errors import BadTable
from .secret import own_secret

_IDS = {"id": "activity", "activity_id": "activity", "double_of": "activity", "athlete_id": "athlete"}
_DATES = ("start_date", "start_date_local")
_GEAR = "gear_id"
_STAY = {
    "sport_type", "sport_group", "workout_type", "distance", "moving_time", "elapsed_time",
    "total_elevation_gain", "average_speed", "max_speed", "average_heartrate", "max_heartrate",
    "average_cadence", "average_watts", "max_watts", "weighted_average_watts", "kilojoules", "calories",
    "device_watts", "has_heartrate", "average_temp", "suffer_score", "perceived_exertion", "trainer",
    "commute", "manual", "source", "from_api",
    "time", "altitude", "velocity_smooth", "heartrate", "cadence", "watts", "temp", "moving",
    "grade_smooth",
}  # fmt: skip

_DIGITS = 10**15 - 1
"""As many as a spreadsheet keeps."""

_WEEKS = range(4, 208)


def anonymise(table: pd.DataFrame) -> pd.DataFrame:
    """The table without names, places and texts, with other ids, and its dates some weeks earlier.

    Takes activities, streams, and other tables with an id or activity_id, one at a time. Ids (activity,
    athlete, gear) are replaced by numbers that this computer's secret makes of them: the same id gets
    the same number in every table and every call, so that what was anonymised here can still be joined,
    and nobody else's rows get the same. All dates of an athlete are earlier by the same secret number
    of whole weeks, so that weekdays and hours stay; `start_date` is the local time too, since UTC beside
    it would tell the time zone. `altitude` counts from each activity's start.

    What is not known to be harmless is left out: columns are fewer, rows as many, and `.attrs` say what
    was done. It is made for people who trust one another: whoever knows a person's activities can
    recognise one by its distance and duration. Raises BadTable for tables without ids.
    """
    if not isinstance(table, pd.DataFrame) or not {"id", "activity_id"} & set(table.columns):
        raise BadTable(
            "This table cannot be anonymised: it has neither id nor activity_id.",
            "Anonymise the table that get_activities or get_streams returned, and calculate with the result.",
        )
    secret = own_secret()
    athletes = table["athlete_id"] if "athlete_id" in table else pd.Series(pd.NA, index=table.index)
    weeks = athletes.map({one: _weeks(secret, one) for one in athletes.dropna().unique()})
    earlier = pd.to_timedelta(weeks.astype("Float64").fillna(_weeks(secret, None)) * 7, unit="D")
    local = "start_date_local" if "start_date_local" in table else "start_date"
    data: dict[str, Any] = {}
    for name in table.columns:
        if name in _IDS:
            data[name] = _numbered(table[name], _IDS[name], secret).astype("Int64")
        elif name == _GEAR:
            data[name] = _numbered(table[name], "gear", secret).astype("Int64").astype("string")
        elif name in _DATES and types.is_datetime64_any_dtype(table[local]):
            data[name] = _like(table[local] - earlier, table[name])
        elif name == "altitude" and "activity_id" in table:
            own = table.groupby("activity_id", dropna=False)[name]
            data[name] = table[name] - own.transform("first")
        elif name in _STAY:
            data[name] = table[name]
    result = pd.DataFrame(data).reset_index(drop=True)
    out = [str(name) for name in table.columns if name not in data]
    result.attrs["anonymised"] = "Ids replaced, dates moved by whole weeks" + (
        f"; left out: {', '.join(out)}." if out else "."
    )
    return result


def _numbered(ids: pd.Series[Any], kind: str, secret: bytes) -> pd.Series[Any]:
    return ids.map({one: _number(secret, kind, one) % _DIGITS + 1 for one in ids.dropna().unique()})


def _weeks(secret: bytes, athlete: Any) -> int:
    return _WEEKS[_number(secret, "weeks", athlete) % len(_WEEKS)]


def _number(secret: bytes, kind: str, what: Any) -> int:
    return int.from_bytes(hmac.digest(secret, f"{kind}|{what}".encode(), "sha256"), "big")


def _like(moments: pd.Series[Any], other: pd.Series[Any]) -> pd.Series[Any]:
    """The wall time as a column of the other's dtype, called UTC where that one is."""
    wall = moments.dt.tz_localize(None)
    like: pd.Series[Any] = (wall.dt.tz_localize("UTC") if other.dt.tz else wall).astype(other.dtype)
    return like
