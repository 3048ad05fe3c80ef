"""How far each bike and each pair of shoes has gone, and how far it has to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import BadInput
from ..metrics.reading import flags, needed, numbers
from ..tables.doubles import counted
from ..tables.readable_table import METRES, Units, is_demo
from .canvas import annotate_below, bare, ends_of, entitle, height_of, new_axes, say, width_of
from .chosen import said
from .measures import known_units, texts_of
from .style import GREY, INK, SPORT_COLOURS, as_text, house_style

_SHOES = {"metric": 800.0, "imperial": 500.0}
_COLOURS = {"bike": SPORT_COLOURS["Ride"], "shoes": SPORT_COLOURS["Run"]}
_WORN, _TRACK = "#9e1b32", "#eceef1"
_MOST = 20
_ROW_INCHES = 0.22


@dataclass(frozen=True, slots=True)
class _Thing:
    name: str
    kind: str
    gone: float
    limit: float | None
    retired: bool


def gear(
    table: pd.DataFrame,
    activities: pd.DataFrame | None = None,
    *,
    limit: float | Mapping[str, float] | None = None,
    retired: bool = True,
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """A bar a bike and a pair of shoes: how far it went, and how far it may go yet.

    `table` is that of get_gear. Its distances are drawn as they are, those of a whole life; where it has
    none (an export's) the distances of the `activities` that were done with it are added up, doubles
    once. `limit`, in km (or mi), is for shoes, 800 km (500 mi) unless given; a mapping of kinds ("bike",
    "shoes") and names gives each its own, and what is not in it has none. Retired things are pale and
    have nothing left to go; `retired=False` leaves them out. An empty table gives a sentence. Raises
    BadTable for another table, BadInput for a limit that is none.
    """
    known_units(units)
    table = needed(table, "kind", "name", "distance", what="gear", verb="get_gear")
    limits = _limits(limit, units)
    things, unknown = _things(table, activities, limits, units)
    pale = [thing for thing in things if thing.retired]
    things = [thing for thing in things if retired or not thing.retired]
    most = _MOST if ax is None else max(3, min(_MOST, int(height_of(ax) / _ROW_INCHES)))
    left_out = len(things) - most
    things = things[:most]
    unit = "km" if units == "metric" else "mi"
    sentence = "" if things else "There is no gear with a distance in this table."
    with house_style():
        ax = ax if ax is not None else new_axes(9, 2.4 if sentence else 0.95 + 0.42 * (len(things) + 0.5))
        entitle(ax, "Distance of bikes and shoes", demo=is_demo(table))
        if sentence:
            say(ax, sentence)
        else:
            bare(ax)
            _draw(ax, things, unit)
        measured = "shoes" in limits and any(thing.kind == "shoes" for thing in things)
        notes = [
            *([f"Shoes are measured against {limits['shoes']:,.0f} {unit}."] if measured else []),
            *(["Pale: retired."] if pale and retired and things else []),
            *(said(len(pale), "retired one is", "retired ones are", "left out") if not retired else []),
            *said(max(left_out, 0), "more is", "more are", "not drawn"),
            *said(unknown, "has", "have", "no distance"),
        ]
        annotate_below(ax, notes)
    return ax


def _limits(limit: Any, units: Units) -> Mapping[str, float]:
    given = {"shoes": _SHOES[units]} if limit is None else limit
    given = given if isinstance(given, Mapping) else {"shoes": given}
    if not all(isinstance(one, int | float) and one > 0 for one in given.values()):
        raise BadInput(
            "A limit is a distance.", 'Use such as limit=700, or limit={"shoes": 700, "bike": 9000}.'
        )
    return given


def _things(
    table: pd.DataFrame, activities: pd.DataFrame | None, limits: Mapping[str, float], units: Units
) -> tuple[list[_Thing], int]:
    """Bikes, then shoes, those in use first and the farthest first; and how many have no distance."""
    gone = numbers(table, "distance")
    if activities is not None:
        gone = np.where(np.isfinite(gone), gone, _summed(table, activities))
    things = []
    kinds, names = texts_of(table, "kind", ""), texts_of(table, "name", "")
    for kind, name, metres, old in zip(kinds, names, gone, flags(table, "retired"), strict=True):
        if not np.isfinite(metres):
            continue
        limit = limits.get(name, limits.get(kind))
        things.append(_Thing(name or kind, kind, metres / METRES[units], limit, bool(old)))
    things.sort(key=lambda thing: (thing.kind != "bike", thing.kind, thing.retired, -thing.gone))
    return things, len(table) - len(things)


def _summed(table: pd.DataFrame, activities: pd.DataFrame) -> Any:
    """The distance of the activities with each thing, found by its id, or by its name where it has none."""
    activities = needed(activities, "distance", what="activities", verb="get_activities")
    activities = activities[counted(activities)]
    distance = numbers(activities, "distance")
    sums = np.full(len(table), np.nan)
    for row, thing in enumerate(table.to_dict("records")):
        by_id = not pd.isna(thing.get("id"))
        column, key = ("gear_id", thing.get("id")) if by_id else ("gear_name", thing["name"])
        if column in activities and not pd.isna(key):
            mine = activities[column].astype("string").str.casefold() == str(key).casefold()
            sums[row] = np.nansum(distance[mine.to_numpy(bool, na_value=False)])
    return sums


def _draw(ax: Axes, things: list[_Thing], unit: str) -> None:
    scales = {
        kind: max(max(thing.gone, thing.limit or 0) for thing in things if thing.kind == kind)
        for kind in {thing.kind for thing in things}
    }
    most = 26 if width_of(ax) > 6 else 14
    row, before = 0.0, things[0].kind
    for thing in things:
        row += 0.5 if thing.kind != before else 0.0  # bikes and shoes are each on a scale of their own
        before = thing.kind
        scale = scales[thing.kind] or 1.0
        colour = _COLOURS.get(thing.kind, SPORT_COLOURS["Other"])
        over = thing.limit is not None and thing.gone > thing.limit
        if thing.limit is not None and not thing.retired:
            track = ax.barh(row, thing.limit / scale, height=0.66, color=_TRACK)
            track[0].set_gid("limit")
        ax.barh(row, thing.gone / scale, height=0.66, color=colour, alpha=0.35 if thing.retired else 1)
        if thing.limit is not None and not thing.retired:
            ax.plot([thing.limit / scale] * 2, [row - 0.4, row + 0.4], color=INK, linewidth=1.6)
        ax.text(-0.012, row, as_text(thing.name, most=most), ha="right", va="center", fontsize=10, color=INK)
        end = max(thing.gone, 0 if thing.retired or thing.limit is None else thing.limit) / scale
        told = ax.annotate(
            f"{thing.gone:,.0f} {unit}", (end, row), (8, 0), textcoords="offset points", va="center",
            fontsize=10, fontweight="bold" if not thing.retired else "normal",
            color=GREY if thing.retired else INK,
        )  # fmt: skip
        if thing.limit is not None and not thing.retired:
            left = thing.limit - thing.gone
            words = f"{left:,.0f} {unit} left" if not over else f"{-left:,.0f} {unit} over"
            ax.annotate(
                words, (1, 0.5), (7, 0), xycoords=told, textcoords="offset points", va="center", fontsize=9.5,
                color=_WORN if over else GREY,
            )  # fmt: skip
        row += 1
    ax.set_xlim(
        *ends_of(ax, before=0.1 + 0.085 * min(max(len(thing.name) for thing in things), most), after=2.0)
    )
    ax.set_ylim(row - 0.4, -0.6)
