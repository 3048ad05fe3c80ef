"""How long each activity was in which zone, of heart rate or of power."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadInput
from .athlete_profile import POWER_EDGES, AthleteProfile, HasProfile, profile_of
from .reading import Floats, floats, product, ratio, result, texts, times, wholes
from .rows import STREAMS, SUMMARY, Rows, measure
from .samples import Samples

Kind = Literal["heartrate", "power"]


def time_in_zones(
    activities: pd.DataFrame,
    streams: Any = None,
    profile: AthleteProfile | HasProfile | None = None,
    *,
    kind: Kind = "heartrate",
) -> pd.DataFrame:
    """Seconds in each zone, one row an activity and zone.

    Heart rate zones are those of the profile (Strava's own, or as given); power zones Coggan's seven,
    which begin at 55, 75, 90, 105, 120 and 150 % of the day's FTP (a value at an edge is above it), of
    rides with measured power. Each sample holds until the next, at most 25 s. Where an activity has no
    samples, its whole moving time is in the zone of its average: `basis` is then "summary", and of a
    varied activity that is far from the truth. Activities whose value or edges are unknown are not in it.
    Source of the power zones: Allen, Coggan, McGregor 2019.

    Columns: activity_id, start_date_local, zone (Int64, from 1), low, high (Float64, bpm or W; high of
    the last NA), seconds, share (Float64), basis. `.attrs`: computed (share of the activities that have
    such a value), from_streams, thresholds, notes. Raises BadInput for another `kind`.
    """
    profile = profile_of(profile)
    if kind not in ("heartrate", "power"):
        raise BadInput(f"There are no zones of {kind!r}.", 'Use kind="heartrate" or kind="power".')
    average = {"heartrate": "average_heartrate", "power": "average_watts"}[kind]
    rows = Rows(activities, average, "moving_time")
    zones = _Zones(rows, profile, kind, rows.number(average))
    measure(rows, streams, zones)
    return zones.table()


class _Zones:
    def __init__(self, rows: Rows, profile: AthleteProfile, kind: Kind, average: Floats) -> None:
        self._rows, self._profile, self._kind, self._average = rows, profile, kind, average
        if kind == "power":
            ftp = profile.over("ftp", rows.days)
            self._edges = np.round(ftp[:, None] * np.array(POWER_EDGES), 6)  # 0.55 · 200 W is 110 W
            self._may = rows.measured_power()
        else:
            self._edges = np.tile(np.array(profile.heartrate_zones, np.float64), (len(rows), 1))
            self._may = np.full(len(rows), True)
        self._known = np.isfinite(self._edges).all(axis=1) & (self._edges.shape[1] > 0)
        self._seconds = np.zeros((len(rows), self._edges.shape[1] + 1))
        self._sampled = np.full(len(rows), False)
        self._has = self._may & (average > 0)

    def take(self, row: int, samples: Samples, cut: slice) -> None:
        name = "watts" if self._kind == "power" else "heartrate"
        if not self._may[row] or not samples.has(name):
            return
        values, held = samples.column(name)[cut], samples.seconds[cut]
        seconds = seconds_between(values, held, self._edges[row])
        if seconds.any():
            self._has[row] = True
            if self._known[row]:
                self._seconds[row], self._sampled[row] = seconds, True

    def table(self) -> pd.DataFrame:
        moving = self._rows.number("moving_time")
        whole = self._known & self._has & ~self._sampled & (moving > 0) & (self._average > 0)
        zone = (self._average[:, None] >= self._edges).sum(axis=1)
        self._seconds[whole, zone[whole]] = moving[whole]
        there = np.flatnonzero(self._sampled | whole)
        size = self._seconds.shape[1]
        seconds = self._seconds[there]
        lows = np.concatenate([np.zeros((len(there), 1)), self._edges[there]], axis=1)
        highs = np.concatenate([self._edges[there], np.full((len(there), 1), np.nan)], axis=1)
        basis = np.where(self._sampled[there], STREAMS, SUMMARY).astype(object)
        data = {
            "activity_id": self._rows.table["id"].astype("Int64").array[np.repeat(there, size)],
            "start_date_local": times(self._rows.began[np.repeat(there, size)]),
            "zone": wholes(np.tile(np.arange(1, size + 1), len(there))),
            "low": floats(lows.ravel()),
            "high": floats(highs.ravel()),
            "seconds": floats(seconds.ravel()),
            "share": floats(ratio(seconds, seconds.sum(axis=1, keepdims=True)).ravel()),
            "basis": texts(np.repeat(basis, size)),
        }
        if "source" in self._rows.table:
            data["source"] = texts(
                np.repeat(self._rows.table["source"].astype("object").to_numpy()[there], size)
            )
        return result(data, self._rows.table, **self._told(len(there)))

    def _told(self, have: int) -> dict[str, Any]:
        of, sampled = int(self._has.sum()), int(self._sampled.sum())
        name = "Power" if self._kind == "power" else "Heart rate"
        notes = [f"{name} zones: known for {have:,} of {of:,} activities."]
        if have > sampled:
            notes.append(f"Of {have - sampled:,} the whole time is in the zone of the average.")
        power = self._kind == "power"
        if of and not (self._profile.history("ftp") if power else self._profile.heartrate_zones):
            notes.append(f"The {'FTP is' if power else 'zones are'} not known: see AthleteProfile.")
        thresholds: dict[str, Any] = (
            self._profile.told("ftp")
            if power
            else {
                "heartrate_zones": [
                    {"value": edge, "since": None, "source": self._profile.zones_source}
                    for edge in self._profile.heartrate_zones
                ]
                or None
            }
        )
        return {
            "computed": have / of if of else 0.0,
            "from_streams": sampled / have if have else 0.0,
            "thresholds": thresholds,
            "notes": notes,
        }


def seconds_between(values: Floats, seconds: Floats, edges: Floats) -> NDArray[np.float64]:
    """How many of the seconds the values are below the first edge, between each two, above the last."""
    beyond = np.array([product(values >= edge, seconds) for edge in edges])
    known = seconds.sum() if not np.isnan(values).any() else product(~np.isnan(values), seconds)
    at_least = np.concatenate(([known], beyond, [0.0]))
    between: NDArray[np.float64] = at_least[:-1] - at_least[1:]
    return between
