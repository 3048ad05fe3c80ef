"""How much of it was how hard, week by week or month by month."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ..errors import BadInput
from ..metrics.reading import needed, numbers
from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, dress, entitle, key_above, new_axes, say, ticks_for
from .chosen import said
from .measures import Amounts, known_units, moments
from .month_ticks import month_ticks
from .style import GREY, house_style
from .zones_plot import labels_of, shades_of

By = Literal["week", "month", "year"]
Value = Literal["time", "share"]

_MONDAY = 3  # days from a Monday to 1 January 1970
_CODES = {"month": "datetime64[M]", "year": "datetime64[Y]"}
_LEAST_DAYS = {"week": 112, "month": 180, "year": 1096}
_MOST_BARS = 160
_MOST_ROWS = 2


def zones_over_time(
    table: pd.DataFrame,
    *,
    by: By = "month",
    value: Value = "time",
    ax: Axes | None = None,
    units: Units = "metric",
) -> Axes:
    """Bars of the time in each zone, a bar a week (month, year), the hardest zone on top.

    `table` is that of `metrics.time_in_zones`, or rows of it. `value` is "time" (hours) or "share" (of
    the period's time in zones, so that each bar is 100 %). Weeks are ISO weeks, days local. Notes say how
    much of the time rests on averages, which know one zone an activity; an empty table gives a sentence.
    `units` changes nothing here. Raises BadTable for another table, BadInput for other words.
    """
    known_units(units)
    if by not in _LEAST_DAYS:
        raise BadInput(f"There are no zones by {by!r}.", 'Use by="week", by="month" or by="year".')
    if value not in ("time", "share"):
        raise BadInput(f"There is no {value!r} of zones.", 'Use value="time" or value="share".')
    columns = ("start_date_local", "zone", "low", "seconds")
    table = needed(table, *columns, what="times in zones", verb="metrics.time_in_zones")
    began = moments(table["start_date_local"])
    known = ~np.isnat(began) & (numbers(table, "seconds") > 0) & (numbers(table, "zone") >= 1)
    word, unit = _kind(table)
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4)
        rows = 0
        if not known.any():
            say(ax, "There is no time in zones in this table.")
            notes = [note for note in table.attrs.get("notes", ()) if "not known" in note]
        else:
            dress(ax)
            edges, hours = _by_period(
                table[known],
                began[known].astype("datetime64[D]"),
                by,
                zones=int(np.nanmax(numbers(table, "zone"))),
            )
            _draw(ax, edges, hours, share=value == "share")
            _scale(ax, edges, hours, by, share=value == "share")
            rows = _key(ax, table, hours, unit)
            notes = _notes(table[known])
        entitle(ax, f"Time in {word}zones a {by}", demo=is_demo(table), above=rows)
        annotate_below(ax, notes)
    return ax


def _kind(table: pd.DataFrame) -> tuple[str, str]:
    """Of what the zones are, as a word for the title, and the unit; nothing where the table has lost it."""
    used = table.attrs.get("thresholds") or {}
    if "ftp" in used:
        return "power ", "W"
    return ("heart rate ", "bpm") if "heartrate_zones" in used else ("", "")


def _by_period(
    rows: pd.DataFrame, days: NDArray[np.datetime64], by: str, *, zones: int
) -> tuple[Amounts, Amounts]:
    """The edges of the periods in days, one more than there are, and hours of (zone, period)."""
    if by == "week":
        numbered = (days.astype("int64") + _MONDAY) // 7
    else:
        numbered = days.astype(_CODES[by]).astype("int64")
    first, last = int(numbered.min()), int(numbered.max())
    between = np.arange(first, last + 2)
    edges = between * 7 - _MONDAY if by == "week" else between.astype(_CODES[by]).astype("datetime64[D]")
    zone = numbers(rows, "zone").astype("int64") - 1
    hours = np.zeros((zones, last - first + 1))
    np.add.at(hours, (zone, numbered - first), numbers(rows, "seconds") / 3600)
    return edges.astype("float64"), hours


def _draw(ax: Axes, edges: Amounts, hours: Amounts, *, share: bool) -> None:
    ax.xaxis_date()
    whole = hours.sum(axis=0)
    amounts = 100 * np.divide(hours, whole, out=np.zeros_like(hours), where=whole > 0) if share else hours
    stacked = np.zeros(len(whole))
    widths = np.diff(edges)
    for zone, (each, shade) in enumerate(zip(amounts, shades_of(len(hours)), strict=True), start=1):
        look: dict[str, Any] = {"color": shade, "label": f"Z{zone}"}
        if len(each) > _MOST_BARS:
            ax.stairs(stacked + each, edges, baseline=stacked, fill=True, linewidth=0, **look)
        else:
            there = each > 0
            ax.bar(
                (edges[:-1] + widths / 2)[there], each[there], widths[there] * 0.86, stacked[there],
                edgecolor="white", linewidth=0.4, **look,
            )  # fmt: skip
        stacked = stacked + each


def _scale(ax: Axes, edges: Amounts, hours: Amounts, by: str, *, share: bool) -> None:
    first, last = edges[0], edges[-1]
    spare = max(0.0, (_LEAST_DAYS[by] - (last - first)) / 2)
    ax.set_xlim(first - spare - 3, last + spare + 3)
    if by == "year":
        years = edges[:-1].astype("int64").astype("datetime64[D]").astype("datetime64[Y]")
        step = -(-len(years) // 16)
        middles = (edges[:-1] + edges[1:]) / 2
        ax.set_xticks(middles[::step], [str(year) for year in years[::step]])
    else:
        ticks, labels = month_ticks(first - spare, last + spare, ticks_for(ax, 16, apart=0.5))
        ax.set_xticks([tick + 15 * (by == "month") for tick in ticks], labels)
    ax.set_ylim(0, 100 if share else float(hours.sum(axis=0).max()) * 1.05)
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    unit = " %" if share else ""
    ax.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:,.10g}{unit}"))
    if not share:
        ax.set_ylabel("h", color=GREY)


def _key(ax: Axes, table: pd.DataFrame, hours: Amounts, unit: str) -> int:
    """The legend: each zone, where it begins if that never changed, its share of the whole."""
    zone, low = numbers(table, "zone"), numbers(table, "low")
    bounds = np.full(max(len(hours) - 1, 0), np.nan)
    for place in range(len(bounds)):
        lows = np.unique(low[zone == place + 2])
        bounds[place] = np.round(lows[0]) if len(lows) == 1 else np.nan
    shares = hours.sum(axis=1) / hours.sum()
    words = [" ".join(label.split()) for label in labels_of(bounds, unit)]
    told = [
        f"{word} · {'< 1' if 0 < part < 0.005 else f'{100 * part:.0f}'} %"
        for word, part in zip(words, shares, strict=True)
    ]
    swatches = [Patch(color=shade, label=one) for shade, one in zip(shades_of(len(hours)), told, strict=True)]
    rows = key_above(ax, swatches)
    if rows <= _MOST_ROWS:
        return rows
    for swatch, word in zip(swatches, told, strict=True):  # in a small picture the zones' edges have no room
        swatch.set_label(f"{word.split()[0]} · {word.rpartition(' · ')[2]}")
    return key_above(ax, swatches)


def _notes(rows: pd.DataFrame) -> list[str]:
    if "activity_id" not in rows or "basis" not in rows:
        return []
    firsts = rows.drop_duplicates("activity_id")
    averages = int((firsts["basis"].astype("object") == "summary").sum())
    many = f"{len(firsts):,} activities" if len(firsts) != 1 else "1 activity"
    return [
        f"{many}.",
        *said(averages, "of them is", "of them are", "wholly in the zone of the average"),
    ]
