"""How long pictures of thousands of activities take, as PNG, beside a figure with nothing but its axes."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import pandas as pd

from strava_nb import metrics, plots, your_year

from .metrics import PROFILE, activities
from .scale import Scale
from .table import Table, times
from .timing import in_turns

FLOOR = "an empty figure"


def run(scale: Scale) -> Iterator[Table]:
    """Measure, a table at a time."""
    mpl.use("agg")
    table = activities(scale.activities)
    works = {FLOOR: empty} | {
        name: lambda draw=draw: png(draw()) for name, draw in of_activities(table).items()
    }
    works["your_year, the page"] = lambda: your_year(table).page
    works["your_year, the picture"] = lambda: your_year(table).picture.png
    taken = in_turns(works, scale.times, clock=time.process_time)
    yield Table(
        f"Pictures of {len(table):,} activities",
        ["", "s", "times an empty figure"],
        [[name, f"{one:.2f}", times(one, taken[FLOOR])] for name, one in taken.items()],
    )


def of_activities(table: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    """Each picture of activities, and of what metrics make of them without samples."""
    pictures: dict[str, Callable[[], Any]] = {
        draw.__name__: lambda draw=draw: draw(table)
        for draw in (
            plots.volume, plots.cumulative, plots.calendar, plots.clock, plots.sports, plots.scatter,
            plots.eddington, plots.records, plots.loop_trend, plots.routes_grid, plots.routes_overlay,
            plots.year_poster,
        )
    }  # fmt: skip
    loads, zones = metrics.loads(table, profile=PROFILE), metrics.time_in_zones(table, profile=PROFILE)
    worked = metrics.efficiency(table)
    return pictures | {
        "training_load": lambda: plots.training_load(loads),
        "zones_over_time": lambda: plots.zones_over_time(zones),
        "efficiency": lambda: plots.efficiency(worked),
    }


def empty() -> None:
    """What any picture costs."""
    _, ax = mpl.pyplot.subplots(figsize=(9, 4), layout="constrained")
    png(ax)


def png(drawn: Any) -> None:
    """Save what was drawn, into memory, and close it."""
    figure = drawn if isinstance(drawn, mpl.figure.Figure) else drawn.figure
    figure.savefig(io.BytesIO(), format="png")
    mpl.pyplot.close(figure)
