"""Activities beside their streams: which samples belong to which row, and what is told of a metric.

Metrics that take `(activities, streams, profile)` measure an activity from its samples where they are
there and from its summary where they are not, and say which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .athlete_profile import AthleteProfile
from .reading import activities_of, flags, moments, numbers, percent, share, texts, times
from .samples import NO_ID, Samples, chunks

STREAMS, SUMMARY = "streams", "summary"


class Rows:
    """The activities that count, with their days and sports."""

    def __init__(self, activities: Any, *columns: str) -> None:
        self.table = activities_of(activities, "id", "start_date_local", "sport_group", *columns)
        self.ids: NDArray[np.int64] = self.table["id"].to_numpy("int64", na_value=NO_ID)
        self.began = moments(self.table)
        self.days = self.began.astype("datetime64[D]")
        self._order = np.argsort(self.ids, kind="stable")

    def __len__(self) -> int:
        return len(self.ids)

    def of_group(self, *groups: str) -> NDArray[np.bool_]:
        """Which rows are of these sport groups."""
        there: NDArray[np.bool_] = self.table["sport_group"].isin(groups).to_numpy(bool)
        return there

    def number(self, name: str) -> NDArray[np.float64]:
        """A column as floats."""
        return numbers(self.table, name)

    def found(self, samples: Samples) -> Iterator[tuple[int, slice]]:
        """The row and the samples of each activity that is in both."""
        if not len(self):
            return
        place = np.minimum(np.searchsorted(self.ids, samples.ids, sorter=self._order), len(self) - 1)
        rows = self._order[place]
        there = (self.ids[rows] == samples.ids) & (samples.ids != NO_ID)
        for row, cut, known in zip(rows.tolist(), samples.cuts(), there.tolist(), strict=True):
            if known:
                yield row, cut

    def measured_power(self) -> NDArray[np.bool_]:
        """Rides whose power is not estimated, as far as is known.

        Exports do not tell; Strava gives weighted power to measured rides only.
        """
        measured: NDArray[np.bool_] = self.of_group("Ride") & (numbers(self.table, "device_watts") != 0)
        return measured

    def heads(self) -> dict[str, Any]:
        """The columns by which a result's rows are known."""
        return {
            "id": self.table["id"].astype("Int64").array,
            "start_date_local": times(self.began),
        }

    def door(self) -> dict[str, Any]:
        """The column of the door that each came through, where the table tells."""
        return {"source": texts(self.table["source"].astype("object"))} if "source" in self.table else {}

    def sports(self) -> dict[str, Any]:
        """The columns of a row's sport."""
        kinds = self.table["sport_type"] if "sport_type" in self.table else self.table["sport_group"]
        return {"sport_type": texts(kinds), "sport_group": texts(self.table["sport_group"])}

    def flag(self, name: str) -> NDArray[np.bool_]:
        """Where a column is True."""
        return flags(self.table, name)


@dataclass(frozen=True, slots=True)
class Piece:
    """One activity's samples, and when it began where that is known."""

    id: int
    began: Any
    samples: Samples
    cut: slice

    def column(self, name: str) -> NDArray[np.float64]:
        """A stream of it."""
        return self.samples.column(name)[self.cut]

    @property
    def door(self) -> str | None:
        """The door it came through."""
        return self.samples.door(self.cut)


def pieces(streams: Any, rows: Rows | None, wanted: NDArray[np.bool_] | None) -> Iterator[Piece]:
    """The activities of the streams; with rows, those that are wanted among them."""
    for samples in chunks(streams):
        if rows is None or wanted is None:
            for one, cut in zip(samples.ids.tolist(), samples.cuts(), strict=True):
                yield Piece(one, np.datetime64("NaT", "us"), samples, cut)
        else:
            for row, cut in rows.found(samples):
                if wanted[row]:
                    yield Piece(int(rows.ids[row]), rows.began[row], samples, cut)


def ids_of(ids: Sequence[int]) -> pd.arrays.IntegerArray:
    """A column of activities' ids, NA for a track that has none."""
    numbers = np.array(ids, np.int64)
    return pd.arrays.IntegerArray(numbers, numbers == NO_ID)


class Measurer(Protocol):
    """Something that measures one activity after the other."""

    def take(self, row: int, samples: Samples, cut: slice) -> None:
        """Measure an activity from its samples."""


def measure(rows: Rows, streams: Any, *measurers: Measurer) -> None:
    """Show each activity's samples to each measurer, in one pass."""
    for samples in chunks(streams):
        for row, cut in rows.found(samples):
            for one in measurers:
                one.take(row, samples, cut)


def basis_of(from_streams: NDArray[np.bool_], computed: NDArray[np.bool_]) -> Any:
    """What each figure rests on: "streams", "summary", or NA where there is none."""
    basis = np.where(from_streams, STREAMS, SUMMARY).astype(object)
    basis[~computed] = None
    return texts(basis)


def _from(streams: int, summaries: int) -> str:
    if streams and summaries:
        return f"{streams:,} of them from their samples, {summaries:,} from their averages alone."
    return f"All of them from their {'samples' if streams else 'averages alone'}."


def told_of(
    what: str,
    applies: NDArray[np.bool_],
    computed: NDArray[np.bool_],
    from_streams: NDArray[np.bool_],
    profile: AthleteProfile,
    *names: str,
) -> dict[str, Any]:
    """What is told of a metric: the share of activities with a figure, thresholds used, and sentences."""
    of, have = int(applies.sum()), int((computed & applies).sum())
    streams = int((computed & applies & from_streams).sum())
    notes = [f"{what}: known for {have:,} of {of:,} activities ({percent(share(computed[applies]))})."]
    if not of:
        notes = [f"{what}: no activity here has what it needs."]
    elif have:
        notes.append(_from(streams, have - streams))
    unknown = [name for name in names if not profile.history(name)]
    if unknown and of:
        words = " and ".join(_WORDS[name] for name in unknown)
        notes.append(f"The {words} {'is' if len(unknown) == 1 else 'are'} not known: see AthleteProfile.")
    return {
        "computed": share(computed[applies]),
        "from_streams": streams / have if have else 0.0,
        "thresholds": profile.told(*names),
        "notes": notes,
    }


_WORDS = {
    "max_heartrate": "maximum heart rate",
    "rest_heartrate": "resting heart rate",
    "threshold_heartrate": "threshold heart rate",
    "ftp": "FTP",
    "threshold_pace": "threshold pace",
    "weight": "weight",
}
