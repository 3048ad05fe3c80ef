"""Fitness, fatigue and form, and the days that made them."""

from __future__ import annotations

from typing import Any

import matplotlib.patheffects as outlines
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..errors import BadTable
from ..metrics.reading import flags, numbers
from ..metrics.training_days import training_load as day_by_day
from ..tables.readable_table import Units, is_demo
from .canvas import annotate_below, dress, entitle, height_of, key_above, new_axes, say, ticks_for, width_of
from .measures import Amounts, known_units, moments
from .month_ticks import month_ticks
from .style import GREY, INK, house_style

FITNESS, FATIGUE, FRESH, TIRED, LOAD = "#0072b2", "#d55e00", "#7fb8d8", "#eab286", "#aab0b8"
_NEEDED = ("day", "load", "fitness", "fatigue", "form")
_STRIP = 0.17
"""The share of the picture's height that the bars have."""

_FEW_DAYS = 8.0
"""Over which no words can be written."""


def training_load(table: pd.DataFrame, *, ax: Axes | None = None, units: Units = "metric") -> Axes:
    """Fitness and fatigue as lines, form as an area about zero, each day's load as a bar below them.

    `table` is that of `metrics.loads` or of `metrics.training_load`. All four are in load (100 is an
    hour at threshold), the bars on a scale of their own. The first 42 days, when the model does not
    know yet what came before, are hatched as warming up. Notes say what the load rests on; an empty
    table, or one without any load, gives a sentence. `units` changes nothing here. Raises BadTable for
    another table, BadInput for other `units`.
    """
    known_units(units)
    days = _daily(table)
    load = numbers(days, "load")
    with house_style():
        ax = ax if ax is not None else new_axes(9, 4.8)
        rows = 0
        if not (load > 0).any():
            say(
                ax,
                "No activity in this table has a load." if len(days) else "There are no loads in this table.",
            )
        else:
            dress(ax)
            rows = _draw(ax, days, load)
        entitle(ax, "Fitness, fatigue and form", demo=is_demo(table), above=rows)
        annotate_below(ax, [note for note in days.attrs.get("notes", []) if "warming up" not in note])
    return ax


def _daily(table: Any) -> pd.DataFrame:
    if isinstance(table, pd.DataFrame) and set(_NEEDED) <= set(table.columns):
        return table
    if not isinstance(table, pd.DataFrame) or "load" not in table or "start_date_local" not in table:
        raise BadTable(
            "This is no table of loads.", "Use what metrics.loads or metrics.training_load returned."
        )
    return day_by_day(table)


def _draw(ax: Axes, days: pd.DataFrame, load: Amounts) -> int:
    when = moments(days["day"]).astype("datetime64[D]").astype("float64") + 0.5
    fitness, fatigue, form = (numbers(days, name) for name in ("fitness", "fatigue", "form"))
    days_and_zeros, either = _with_zeros(when, form)
    fresh = ax.fill_between(days_and_zeros, 0, np.maximum(either, 0), color=FRESH, label="Form: fresh")
    tired = ax.fill_between(days_and_zeros, 0, np.minimum(either, 0), color=TIRED, label="Form: tired")
    for area in (fresh, tired):
        area.set(zorder=2, linewidth=0)
    ax.axhline(0, color=GREY, linewidth=0.8, zorder=3)
    lines = []
    for name, values, colour, width in (
        ("Fatigue", fatigue, FATIGUE, 1.3),
        ("Fitness", fitness, FITNESS, 2.8),
    ):
        lines += ax.plot(when, values, color=colour, linewidth=width, label=name, zorder=4)
        lines[-1].set_path_effects([outlines.withStroke(linewidth=width + 1.6, foreground="white")])
    warming = flags(days, "warming_up")
    low, high = min(float(np.nanmin(form)) * 1.15, 0.0), float(np.nanmax(fatigue)) * 1.08
    spare = max(20.0 - (when[-1] - when[0]), 0.0) / 2
    first, last = when[0] - 0.5 - spare, when[-1] + 0.5 + spare
    ax.set_xlim(first, last + (last - first) * max(0.14, 1.15 / (width_of(ax) - 1.15)))
    ax.set_ylim(low - (high - low) * _STRIP * 1.35, high)
    if warming.any():
        _warm_up(ax, when[warming], beside=bool(warming.all()) and when[-1] - when[0] < _FEW_DAYS)
    _name_ends(
        ax, when[-1], {"Fitness": (fitness, FITNESS), "Fatigue": (fatigue, FATIGUE), "Form": (form, INK)}
    )
    ticks, labels = month_ticks(first, last, ticks_for(ax, 16, apart=0.5))
    ax.set_xticks(ticks, labels)
    marks = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ax.set_yticks([mark for mark in marks if low <= mark <= high])
    bars = _bars(ax, when, load)
    ax.set_ylabel("load", color=GREY)
    return key_above(ax, [lines[1], lines[0], fresh, tired, bars])


def _with_zeros(when: Amounts, form: Amounts) -> tuple[Amounts, Amounts]:
    """The line with the points at which it crosses zero; matplotlib finds them one by one, in seconds."""
    crossed = np.flatnonzero(form[:-1] * form[1:] < 0)
    part = form[crossed] / (form[crossed] - form[crossed + 1])
    zeros = when[crossed] + part * (when[crossed + 1] - when[crossed])
    return np.insert(when, crossed + 1, zeros), np.insert(form, crossed + 1, 0.0)


def _bars(ax: Axes, when: Amounts, load: Amounts) -> Any:
    strip = ax.inset_axes((0, 0, 1, _STRIP), sharex=ax)
    strip.patch.set_visible(False)
    strip.spines[:].set_visible(False)
    strip.grid(visible=False)
    strip.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False)
    strip.set_ylim(0, float(load.max()) * 1.02)
    some, width = load > 0, max(0.8, min(6.0, 420 / len(when)))
    bars = strip.vlines(when[some], 0, load[some], color=LOAD, linewidth=width, label="Load a day")
    bars.set_gid("load")
    strip.annotate(
        f"most in a day: {load.max():,.0f}", (1, 0), (0, 4), xycoords="axes fraction",
        textcoords="offset points", ha="right", fontsize=8, color=GREY,
    )  # fmt: skip
    return bars


def _warm_up(ax: Axes, when: Amounts, *, beside: bool) -> None:
    span = ax.axvspan(
        when[0] - 0.5, when[-1] + 0.5, facecolor="white", alpha=0.65, hatch="////",
        edgecolor="#c3c8ce", linewidth=0, zorder=5,
    )  # fmt: skip
    span.set_gid("warming up")
    words = ax.annotate(
        "warming up", (when[0] - 0.5, 1), (-4 if beside else 4, -6), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="right" if beside else "left", va="top", fontsize=9, color=GREY,
        zorder=6,
    )  # fmt: skip
    words.set_path_effects([outlines.withStroke(linewidth=3, foreground="white")])


def _name_ends(ax: Axes, last: float, lines: dict[str, tuple[Any, str]]) -> None:
    """Write each line's last value at its end, none over another."""
    low, high = ax.get_ylim()
    apart = (high - low) * max(0.055, 0.19 / height_of(ax))
    at = -np.inf
    for name, (values, colour) in sorted(lines.items(), key=lambda line: line[1][0][-1]):
        at = max(float(values[-1]), at + apart)
        whole = round(float(values[-1]))
        number = f"{whole:+}" if name == "Form" and whole else f"{whole}"
        words = ax.annotate(
            f"{name} {number.replace('-', '−')}", (last, at), (8, 0), textcoords="offset points", va="center",
            fontsize=9.5, fontweight="bold", color=colour, zorder=7, annotation_clip=False,
        )  # fmt: skip
        words.set_path_effects([outlines.withStroke(linewidth=3, foreground="white")])
