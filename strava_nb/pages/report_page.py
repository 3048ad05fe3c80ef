"""A table as one page to send: for whoever has no Python, or only wants to look."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import BadTable
from ..files.names import file_name, kind_of, marked_as_demo
from ..metrics.reading import activities_of, local_days, numbers
from ..metrics.summing import totals
from ..plots import calendar, routes_overlay, sports, volume
from ..plots.embedded import png_of
from ..plots.measures import known_units
from ..plots.volume_plot import By
from ..tables.readable_table import Units, readable
from .amounts import Amount, Amounts, day, hours, plural
from .sheet import FOOT, big, demo_mark, escaped, page_of, saved
from .year_facts import private_ones

_NEWEST = 100
_MANY_DAYS = 400
_COLUMNS = ("Date", "Name", "Sport", "Distance", "Moving time", "Pace or speed", "Climb")
_PLACE = re.compile(r"(^|[._])(lat|lng|latlng|polyline|location|city)($|[._])")


def report(
    table: pd.DataFrame, path: str | os.PathLike[str], *, private: bool = False, units: Units = "metric"
) -> Path:
    """The path of one HTML page about a table: pictures inside, no scripts, nothing fetched.

    Of activities: what they add up to, how much a week (or month), every day, the sports, everywhere,
    and the newest hundred, without heart rates. Private ones are left out unless `private`, and the
    page says so; doubles count once. No course is drawn within 200 m of its start and end (see
    `files.hide_places`), and no ids and coordinates are in it. Of any other table: its first hundred
    rows, without places.

    Written whole or not at all; a folder gets it under a name that says what it holds. Raises BadTable
    for what is no table, BadInput for unknown `units`, CannotWrite.
    """
    known_units(units)
    if not isinstance(table, pd.DataFrame):
        raise BadTable(
            f"A {type(table).__name__} is not a table.", "Give a DataFrame, such as get_activities'."
        )
    shown = kind_of(table) == "activities" and "start_date_local" in table
    body = _activities(table, units, private=private) if shown else _any_table(table)
    title = "Activities" if shown else kind_of(table).capitalize()
    heading = f"<h1>{title} {demo_mark(demo=marked_as_demo(table))}</h1>"
    page = page_of(title, f"<main>{heading}{body}</main><footer><p>{FOOT}</p></footer>", "report")
    return saved(page, path, name=file_name(table, "html"))


def _activities(table: pd.DataFrame, units: Units, *, private: bool) -> str:
    rows = activities_of(table, "id", "start_date_local", "sport_group", "sport_type", "distance")
    hidden = np.full(len(rows), False) if private else private_ones(rows)
    rows = rows[~hidden]
    left_out = plural(int(hidden.sum()), "private activity is", "private activities are")
    notes = f'<p class="aside">{left_out} left out.</p>' if hidden.any() else ""
    if not len(rows):
        return f"<p>There are no activities in this table.</p>{notes}"
    days = local_days(rows)
    days = days[~np.isnat(days)]
    span = _span(days)
    newest = rows.sort_values("start_date_local", ascending=False, kind="stable").head(_NEWEST)
    title = "All of them" if len(newest) == len(rows) else f"The newest {_NEWEST} of {len(rows):,}"
    seen = readable(newest, units=units)
    seen = seen[[name for name in seen if str(name).split(" (")[0] in _COLUMNS]]
    far = str(seen.columns[3])
    seen[far] = seen[far].map(_two_places)
    return "".join((
        f"<p>{span}</p>{notes}", _sums(rows, days, Amounts(units)),
        *_pictures(rows, units, days), f"<section><h2>{title}</h2>{_rows(seen)}</section>",
    ))  # fmt: skip


def _span(days: Any) -> str:
    if not len(days):
        return ""
    first, last = day(days.min(), year=True), day(days.max(), year=True)
    return first if first == last else f"{first} to {last}"


def _sums(rows: pd.DataFrame, days: Any, eyes: Amounts) -> str:
    one = {
        name: float(np.nansum(numbers(rows, name)))
        for name in ("distance", "moving_time", "total_elevation_gain")
    }
    active = len(np.unique(days))
    tiles = [
        (Amount(f"{len(rows):,}", "activity" if len(rows) == 1 else "activities"), "", True),
        (Amount(f"{active:,}", "day" if active == 1 else "days"), "out", active),
        (eyes.far(one["distance"]), "", one["distance"]),
        (hours(one["moving_time"]), "", one["moving_time"]),
        (eyes.high(one["total_elevation_gain"]), "up", one["total_elevation_gain"]),
    ]
    shown = "".join(f"<li>{big(amount, word)}</li>" for amount, word, there in tiles if there)
    return f'<ul class="tiles">{shown}</ul>'


def _pictures(rows: pd.DataFrame, units: Units, days: Any) -> Iterator[str]:
    if not len(days):
        return
    by: By = "week" if (days.max() - days.min()).astype(int) < _MANY_DAYS else "month"
    several = totals(rows, "sport_group")["sport_group"].nunique() > 1
    wanted: list[tuple[str, Callable[[], Any], bool]] = [
        (f"How much a {by}", lambda: volume(rows, by=by, units=units), bool(numbers(rows, "distance").any())),
        ("Every day", lambda: calendar(rows, units=units), bool(numbers(rows, "moving_time").any())),
        ("The sports", lambda: sports(rows), several),
        (
            "Everywhere",
            lambda: routes_overlay(rows, units=units),
            "polyline" in rows and bool(rows["polyline"].notna().any()),
        ),
    ]
    for words, drawn, there in wanted:
        if there:
            png = b64encode(png_of(drawn())).decode()
            yield f'<section><img alt="{words}" src="data:image/png;base64,{png}"></section>'


def _any_table(table: pd.DataFrame) -> str:
    places = [name for name in table if _PLACE.search(str(name))]
    shown = table.drop(columns=places).head(_NEWEST)
    number = plural(len(table), "row", "rows")
    told = f"{number}, of which these are the first {_NEWEST}." if len(table) > _NEWEST else f"{number}."
    hidden = ' <span class="aside">Places are left out.</span>' if places else ""
    return f"<p>{told}{hidden}</p><section>{_rows(shown)}</section>"


def _rows(table: pd.DataFrame) -> str:
    """The table as HTML, every cell escaped; numbers to the right."""
    right = [pd.api.types.is_numeric_dtype(table[name]) or "Distance" in str(name) for name in table]
    head = "".join(f"<th{_side(one)}>{escaped(name)}</th>" for name, one in zip(table, right, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{_side(one)}>{_cell(value)}</td>" for value, one in zip(row, right, strict=True))
        + "</tr>"
        for row in table.itertuples(index=False, name=None)
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _two_places(value: Any) -> str:
    return "" if pd.isna(value) else f"{value:,.2f}"


def _side(right: bool) -> str:
    return ' class="right"' if right else ""


def _cell(value: Any) -> str:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:,.10g}" if abs(value) >= 1e6 else f"{value:.6g}"
    return escaped(value)
