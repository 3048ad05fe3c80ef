"""An athlete's zones as one typed table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..columns import ZONES
from .record_rows import table_of

Record = dict[str, Any]

_KINDS = {"heart_rate": "heartrate", "power": "power"}


def zones(record: Record | None, *, source: str = "api") -> pd.DataFrame:
    """A table of an athlete's zones, one row each, heart rate before power: the columns of `columns.ZONES`.

    `record` is Strava's of `/athlete/zones`; without one, or for kinds that it does not have, there are
    no rows. `max` of the last zone, which is open, is NA. Units: bpm, W.
    """
    rows = []
    for name, kind in _KINDS.items():
        told = (record or {}).get(name) or {}
        for number, zone in enumerate(told.get("zones") or (), start=1):
            high = zone.get("max")
            rows.append(
                {
                    "kind": kind,
                    "zone": number,
                    "min": zone.get("min"),
                    "max": None if high == -1 else high,
                    "custom_zones": told.get("custom_zones"),
                    "source": source,
                }
            )
    return table_of(rows, ZONES, "a zone of", "kind")
