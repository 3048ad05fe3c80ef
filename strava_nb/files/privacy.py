"""What of a track tells where somebody lives, taken out before it leaves the house.

Why it is done this way, and what it does not hide, is in docs/decisions/privacy.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadInput, StravaNbWarning
from ..metrics.reading import Floats, needed, numbers
from .secret import own_secret
from .track_parts import positioned, rows_of_each
from .zones import in_circle, moved, through_circle, unit_vectors

METRES = 200.0
"""What is hidden around start and end where nothing else is said."""

MOST_METRES = 100_000.0

_MARK = "hidden"
_CUT = -1
"""Where rows were cut out between others, a row of nothing."""


def hide_places(
    streams: pd.DataFrame,
    places: Iterable[Sequence[float]] = (),
    metres: float = METRES,
    *,
    ends: bool = True,
) -> pd.DataFrame:
    """The streams without what lies within `metres` of start, end and `places`, pairs of (lat, lng).

    Cut is a circle of 1.5 times as many metres whose centre is not the place: it is moved by a quarter to
    a half of `metres`, in a way that is this computer's secret and stays the same for a place, so that
    the ends of many rides do not draw a circle around a home. A track that passes is cut in two, and a
    row with nothing but its activity_id stands for the cut, so that no line is drawn across. `ends`
    is whether each activity's own start and end are hidden.

    `time` and `distance` start at 0 with what is left, and what was cut out adds nothing to `distance`:
    otherwise they would tell how far away the place is. Activities without positions stay as they are;
    those that lie in the circles as a whole are gone, which is told in a warning. The sentence for
    whoever gets the file is in `.attrs["hidden"]`.

    Raises BadInput for places or metres that cannot be meant, BadTable for other tables.
    """
    table, problems = hidden(streams, places, metres, ends=ends)
    if problems:
        table.attrs["problems"] = [*table.attrs.get("problems", []), *problems]
        warnings.warn(" ".join(problems), StravaNbWarning, stacklevel=2)
    return table


def sentence_of(streams: pd.DataFrame) -> str:
    """What `hide_places` did to the streams, in a sentence; nothing where it did nothing."""
    return str(streams.attrs.get(_MARK, ""))


def hidden(
    streams: Any,
    places: Iterable[Sequence[float]] = (),
    metres: float = METRES,
    *,
    ends: bool = True,
) -> tuple[pd.DataFrame, list[str]]:
    """What `hide_places` gives, and what there is to warn of."""
    table = needed(streams, "activity_id", "time", what="streams", verb="get_streams")
    given, metres = _places(places), _metres(metres)
    if not (given or ends):
        raise BadInput("Nothing is to be hidden.", "Give places, or let ends=True.")
    secret = own_secret()
    circles = [moved(*place, metres, secret) for place in given]
    lat, lng = numbers(table, "lat"), numbers(table, "lng")
    time, distance = numbers(table, "time"), numbers(table, "distance")
    taken: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    times, distances = [np.empty(0)], [np.empty(0)]
    gone = 0
    each = [(rows, positioned(lat[rows], lng[rows])) for _, rows in rows_of_each(table)]
    outer = [rows[here][[0, -1]] for rows, here in each if here.any()]
    around = iter(moved(lat[outer], lng[outer], metres, secret) if outer and ends else ())
    for rows, here in each:
        if not here.any():
            kept, cut = rows, np.zeros(len(rows), dtype=bool)
        else:
            own = [*circles, *(next(around) if ends else ())]
            kept, cut = _outside(rows, here, unit_vectors(lat[rows][here], lng[rows][here]), own, metres)
            gone += not len(kept)
        borders = np.flatnonzero(cut)
        taken.append(np.insert(kept, borders, _CUT))
        times.append(np.insert(_from_zero(time[kept], np.zeros(len(kept), int)), borders, np.nan))
        distances.append(np.insert(_from_zero(distance[kept], np.cumsum(cut)), borders, np.nan))
    result = _taken(table, np.concatenate(taken))
    result["time"] = pd.array(np.concatenate(times), dtype="Float64")
    if "distance" in table:
        result["distance"] = pd.array(np.concatenate(distances), dtype="Float64")
    result.attrs = dict(table.attrs)
    result.attrs[_MARK] = f"{sentence_of(table)} {_sentence(len(given), metres, ends)}".strip()
    if not gone:
        return result, []
    which = "1 activity lies" if gone == 1 else f"{gone:,} activities lie"
    return result, [f"{which} within what is hidden as a whole and left out."]


def _outside(
    rows: NDArray[np.int64], here: NDArray[np.bool_], points: Floats, circles: list[Floats], metres: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The rows that stay, and before which of them there is a cut.

    A sample without a position goes with the ones beside it, if one of them goes.
    """
    inside = np.any([in_circle(points, centre, metres) for centre in circles], axis=0)
    crossing = np.any([through_circle(points, centre, metres) for centre in circles], axis=0)
    place = np.cumsum(here) - 1  # the last sample before each that has a position
    after = np.minimum(place + ~here, len(points) - 1)
    goes = inside[np.maximum(place, 0)] | inside[after]
    before = np.concatenate([[False], crossing])[np.maximum(place, 0)] & here
    stay = np.flatnonzero(~goes)
    cut = before[stay] | (np.diff(stay, prepend=-1 if not len(stay) else stay[0] - 1) > 1)
    cut[:1] = False
    return rows[stay], cut


def _from_zero(values: Floats, pieces: NDArray[np.int64]) -> Floats:
    """The values from 0 on, each piece going on where the one before it ended."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return values
    own = pieces[known]
    begins = np.flatnonzero(np.diff(own, prepend=own[0] - 1))
    first, last = values[known[begins]], values[known[np.append(begins[1:], len(known)) - 1]]
    so_far = np.concatenate([[0.0], np.cumsum(last - first)[:-1]])
    moved_by = so_far - first
    result = values.copy()
    result[known] += np.repeat(moved_by, np.diff(np.append(begins, len(known))))
    return result


def _taken(table: pd.DataFrame, rows: NDArray[np.int64]) -> pd.DataFrame:
    """These rows of the table; a cut has the activity and the source of the row before it."""
    plain = table.reset_index(drop=True)
    if not (rows == _CUT).any():
        return plain.iloc[rows].reset_index(drop=True)
    result = plain.reindex(rows).reset_index(drop=True)
    before = np.where(rows == _CUT, np.roll(rows, 1), rows)
    for name in ("activity_id", "source"):
        if name in plain:
            result[name] = plain[name].iloc[before].array
    return result


def _places(places: Any) -> list[tuple[float, float]]:
    try:
        pairs = list(places)
        if len(pairs) == 2 and all(isinstance(value, Real) for value in pairs):
            pairs = [pairs]  # one place, given as such
        given = [(float(lat), float(lng)) for lat, lng in pairs]
    except (TypeError, ValueError):
        given = [(np.nan, np.nan)]
    if all(positioned(np.array([lat]), np.array([lng])).all() for lat, lng in given):
        return given
    raise BadInput(
        "A place is a pair of latitude and longitude in degrees.", "Give places=[(46.948, 7.447), …]."
    )


def _metres(metres: Any) -> float:
    if isinstance(metres, Real) and 0 < float(metres) <= MOST_METRES:
        return float(metres)
    raise BadInput(f"{metres!r} m cannot be hidden.", "Give metres above 0, such as metres=200.")


def _sentence(given: int, metres: float, ends: bool) -> str:
    own = ["start and end"] * ends
    more = ["a place of its athlete's" if given == 1 else f"{given} places of its athlete's"] * bool(given)
    around = " and ".join(own + more)
    return f"Hidden: at least {metres:g} m around {around}; the clock begins with what is left."
