"""Streams of many activities as a folder of Parquet files that DuckDB, Dask and Spark read as they are.

A file an activity: writing one again replaces it in one step, two programs can write at once, and
nothing that is there is ever read to be written anew. Every file has the same columns and dtypes, since
those programs take the first file's for all. docs/scaling.md tells how to go on from there.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from ..columns import STREAMS, UTC
from ..errors import BadTable, CannotWrite, StravaNbWarning
from ..metrics.reading import needed
from ..settings import DEMO_MARK
from .atomic import write
from .tabular import to_parquet
from .track_parts import about_each, rows_of_each

_ABOUT = {"athlete_id": "Int64", "sport_type": "string", "start_date": UTC}
"""What each sample is told of its activity, so that a question needs no second table."""

_NO_YEAR = "0"
"""Hive's own word for "not known" makes Dask fail, which takes the type of a year from each folder's name."""


def write_dataset(
    streams: pd.DataFrame,
    folder: str | os.PathLike[str],
    *,
    activities: pd.DataFrame | None = None,
    api: bool = False,
) -> Path:
    """The folder of Parquet files, one an activity in `year=2026/`, to which the streams were added.

    Adds to what is there; an activity that is there is replaced. `activities`, the table that the
    streams belong to, tells the year (local), and the columns athlete_id, sport_type and start_date (UTC)
    that every sample then has; without it the year is 0. The columns of `columns.STREAMS` are
    always all there, as doubles, `moving` as bool, `source` as text; others are left out.

    Activities of which anything came through Strava's API are left out with a warning unless
    `api=True`: Strava's policy lets such data be kept for 7 days and be shown to their athlete alone.
    The demo athlete's files are called DEMO_…. Positions are whole: hide_places first what others get.

    Raises BadTable for samples without an activity_id, CannotWrite.
    """
    table = needed(streams, "activity_id", "time", what="streams", verb="get_streams")
    if table["activity_id"].isna().any():
        raise BadTable(
            "Some samples belong to no activity, so they could not be found again.",
            "Give the track a number first: streams.assign(activity_id=1).",
        )
    place = Path(folder).expanduser()
    about = about_each(activities, *_ABOUT, "start_date_local", "source", "from_api")
    problems: list[str] = []
    if others := [str(name) for name in table.columns if name not in {column.name for column in STREAMS}]:
        problems.append(f"Left out are columns that not every activity has: {', '.join(others)}.")
    withheld = 0
    for number, rows in rows_of_each(table):
        samples = table.iloc[rows]
        own = about.get(number or 0, {})
        if not api and _from_api(samples, own):
            withheld += 1
            continue
        _put(place, samples, own)
    if withheld:
        which = "1 activity has" if withheld == 1 else f"{withheld:,} activities have"
        problems.append(
            f"{which} data from Strava's API, which may be kept for 7 days and shown to their athlete alone, "
            "and were left out: open the Strava export instead, or say api=True."
        )
    if problems:
        warnings.warn(" ".join(problems), StravaNbWarning, stacklevel=2)
    return place


def _from_api(samples: pd.DataFrame, about: dict[str, Any]) -> bool:
    if "source" in samples and bool((samples["source"] == "api").any()):
        return True
    marks = about.get("from_api"), about.get("source")
    return any(not pd.isna(mark) and mark in (True, "api") for mark in marks)


def _put(folder: Path, samples: pd.DataFrame, about: dict[str, Any]) -> None:
    """One activity's file in its year, and in no other."""
    demo = "source" in samples and bool((samples["source"] == "demo").any())
    name = f"{DEMO_MARK}_" * demo + f"{samples['activity_id'].iloc[0]}.parquet"
    year = folder / f"year={_year(about)}"
    try:
        year.mkdir(parents=True, exist_ok=True)
        write(to_parquet(_alike(samples, about)), year / name, name=name)
        for other in folder.glob(f"year=*/{name}"):
            if other.parent != year:
                other.unlink()
    except OSError as error:
        raise CannotWrite(
            f"{year} could not be written: {error.strerror}.",
            "Choose another place, such as your home folder.",
        ) from error


def _alike(samples: pd.DataFrame, about: dict[str, Any]) -> pd.DataFrame:
    dtypes: dict[str, Any] = {column.name: column.dtype for column in STREAMS} | {"source": "string"}
    data = {
        name: samples[name].astype(dtype) if name in samples else pd.Series(pd.NA, samples.index, dtype=dtype)
        for name, dtype in dtypes.items()
    }
    for name, dtype in _ABOUT.items():
        data[name] = pd.Series([about.get(name)] * len(samples), samples.index, dtype=dtype)
    return pd.DataFrame(data)


def _year(about: dict[str, Any]) -> str:
    moments = about.get("start_date_local"), about.get("start_date")
    return next((str(one.year) for one in moments if not pd.isna(one)), _NO_YEAR)
