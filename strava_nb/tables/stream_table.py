"""An activity's streams, in either of Strava's shapes, as one row a sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..columns import SOURCES, STREAMS
from .values import dtype_of, typed

Payload = dict[str, Any] | list[Any]

_SOURCE = pd.CategoricalDtype(list(SOURCES))  # made once: making it takes as long as a column


def streams(payload: Payload | None, activity_id: int | None, *, source: str = "api") -> pd.DataFrame:
    """The samples of one activity, in the order in which they were recorded.

    Takes Strava's streams keyed by type, or the list of the same; `data` is a list, or numpy floats as
    `read_samples` gives them (NaN where absent). `activity_id` (NA for None) and
    `time` are always there; other columns of `columns.STREAMS` only where the activity has them, and
    streams that the list does not know after them. No row is dropped: what a sample lacks is NA, and
    a stream shorter than the others ends in NA and is told in `.attrs["problems"]`.

    Units: s, m, °, m/s, bpm, rpm, W, °C, %; numbers `Float64`, `moving` `boolean`. Raises ValueError
    for a payload that has neither shape.
    """
    series = _by_type(payload)
    pairs = series.pop("latlng", None)
    if isinstance(pairs, np.ndarray):
        series["lat"], series["lng"] = pairs.reshape(-1, 2).T
    elif pairs is not None:
        series["lat"], series["lng"] = ([_half(pair, i) for pair in pairs] for i in (0, 1))
    samples = max((len(values) for values in series.values()), default=0)
    known = {column.name: column.dtype for column in STREAMS}
    problems: list[str] = []

    def column(name: str) -> Any:
        values = series.get(name, [])
        if 0 < len(values) < samples:
            problems.append(f"{name} of activity {activity_id} ends after {len(values)} of {samples} samples")
        if len(values) < samples:
            values = [*values, *[None] * (samples - len(values))]

        def tell(row: int, value: Any) -> None:
            problems.append(
                f"{name} of activity {activity_id}, sample {row}: {str(value)[:40]!r} does not fit"
            )

        return typed(values, known.get(name) or dtype_of(values), tell)

    data: dict[str, Any] = {
        "activity_id": pd.arrays.IntegerArray(
            np.full(samples, activity_id or 0, dtype=np.int64), np.full(samples, activity_id is None)
        )
    }
    data["time"] = column("time")
    data |= {name: column(name) for name in known if name in series and name not in data and name != "source"}
    data |= {name: column(name) for name in sorted(series) if name not in known}
    data["source"] = pd.Categorical.from_codes(
        np.full(samples, SOURCES.index(source), dtype=np.int8), dtype=_SOURCE, validate=False
    )
    table = pd.DataFrame(data, copy=False)
    if problems:
        table.attrs["problems"] = problems
    return table


def stack(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Several activities' streams under one another; columns that none of them has are absent."""
    tables = [table for table in tables if len(table)]
    if not tables:
        return streams({}, None)
    order = [c.name for c in STREAMS]
    names = sorted(
        {str(name) for table in tables for name in table.columns}, key=lambda n: (_place(n, order), n)
    )
    stacked = {name: _stacked(tables, name) for name in names}
    result = pd.DataFrame(stacked, copy=False)
    problems = [problem for table in tables for problem in table.attrs.get("problems", [])]
    if problems:
        result.attrs["problems"] = problems
    return result


def _stacked(tables: list[pd.DataFrame], name: str) -> Any:
    """One column of all the tables, NA where a table lacks it."""
    columns = [table.get(name) for table in tables]
    rows = [len(table) for table in tables]
    if all(column is None or column.dtype == "Float64" for column in columns):  # most are, and this is fast
        numbers = np.concatenate(
            [
                np.full(length, np.nan) if column is None else column.to_numpy(np.float64, na_value=np.nan)
                for column, length in zip(columns, rows, strict=True)
            ]
        )
        return pd.arrays.FloatingArray(numbers, np.isnan(numbers))
    dtype = next((c.dtype for c in STREAMS if c.name == name), "Float64")
    filled = [
        pd.Series(pd.NA, index=range(length), dtype=dtype) if column is None else column
        for column, length in zip(columns, rows, strict=True)
    ]
    return pd.concat(filled, ignore_index=True)


def _place(name: str, order: list[str]) -> float:
    if name == "source":
        return float("inf")
    return order.index(name) if name in order else len(order)


def _by_type(payload: Payload | None) -> dict[str, Any]:
    if isinstance(payload, list):
        payload = {
            stream["type"]: stream for stream in payload if isinstance(stream, dict) and "type" in stream
        }
    if payload is not None and not isinstance(payload, dict):
        raise ValueError(f"Streams are a dict or a list, not a {type(payload).__name__}.")
    series: dict[str, Any] = {}
    for name, stream in (payload or {}).items():
        data = stream.get("data") if isinstance(stream, dict) else None
        if isinstance(data, (list, np.ndarray)):
            series[name] = data
    return series


def _half(pair: Any, index: int) -> Any:
    return pair[index] if isinstance(pair, (list, tuple)) and len(pair) == 2 else None
