"""Strava's own best efforts as one typed table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..columns import BEST_EFFORTS
from .record_rows import table_of
from .stretches import strava_rows

Record = dict[str, Any]


def best_efforts(records: Iterable[Record], *, source: str = "api") -> pd.DataFrame:
    """A table of Strava's own best efforts, one row an activity and distance: `columns.BEST_EFFORTS`.

    `records` are details of activities; runs alone have best efforts. `start` counts from the activity's
    start. Other fields, such as `pr_rank`, follow. The columns are there without records too. Units: m,
    s, m/s. (metrics.best_efforts measures them from streams.)
    """
    return table_of(stravas_best_efforts(records, source), BEST_EFFORTS, "a best effort of activity")


def stravas_best_efforts(records: Iterable[Record], source: str) -> list[Record]:
    """Strava's own best efforts as rows."""
    rows = strava_rows(records, "best_efforts", source)
    for row in rows:
        del row["number"]
    return rows
