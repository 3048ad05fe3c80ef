"""Splits as one typed table: an activity cut at every kilometre, or at every mile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from ..columns import SPLITS
from ..errors import BadInput
from .record_rows import table_of
from .stretches import Recording, recordings, strava_rows

Record = dict[str, Any]
Units = Literal["metric", "imperial"]

_LENGTHS: Final = {"metric": 1000.0, "imperial": 1609.344}
_KEYS: Final = {"metric": "splits_metric", "imperial": "splits_standard"}

_LEAST: Final = 1.0
"""Metres left at the end that are no split of their own."""

_MOST: Final = 10_000
"""Splits in an activity: a distance beyond is no distance."""


def splits(
    of: Iterable[Record] | pd.DataFrame, *, units: Units = "metric", source: str = "api"
) -> pd.DataFrame:
    """A table of splits, one row a kilometre ("metric") or mile ("imperial"): `columns.SPLITS`.

    `of` are details of activities, which have Strava's own splits; those end at a sample, so that they
    are a little longer or shorter. Or a table of streams: then they are measured, with their ends in
    between samples, the last one being what is left (`basis` is "streams", and `source` that of the
    streams). The columns are there without records too. Units: m, s, m/s, bpm, rpm, W. Raises BadInput
    for other `units`.
    """
    rows = measured_splits(of, units) if isinstance(of, pd.DataFrame) else stravas_splits(of, units, source)
    return table_of(rows, SPLITS, "a split of activity")


def stravas_splits(records: Iterable[Record], units: Units, source: str) -> list[Record]:
    """Strava's own splits as rows; each begins where the one before it ended."""
    rows = strava_rows(records, _known(_KEYS, units), source)
    begin: float | None = 0.0
    for row in rows:
        number = row.pop("number")
        row.setdefault("split", number)
        begin = 0.0 if number == 1 else begin
        row["start"] = begin
        took = row.get("elapsed_time")
        begin = begin + took if begin is not None and isinstance(took, int | float) else None
    return rows


def measured_splits(streams: pd.DataFrame, units: Units) -> list[Record]:
    """The activities of the streams, cut."""
    metres = _known(_LENGTHS, units)
    return [row for one in recordings(streams) for row in _cut(one, metres)]


def _cut(recording: Recording, metres: float) -> list[Record]:
    if recording.length <= 0:
        return []
    full = min(int((recording.length - _LEAST) / metres), _MOST)
    ends = recording.reached(metres * np.arange(1.0, full + 1))
    cuts = np.concatenate((recording.time[:1], ends, recording.time[-1:]))
    rows = recording.measured(cuts[:-1], cuts[1:])
    return [row | {"split": number} for number, row in enumerate(rows, start=1)]


def _known(by_units: dict[str, Any], units: str) -> Any:
    if units not in by_units:
        raise BadInput(f"There are no units {units!r}.", 'Use units="metric" or units="imperial".')
    return by_units[units]
