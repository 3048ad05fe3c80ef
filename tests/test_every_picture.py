"""What holds for every function of `plots`: where it draws, filters, units, size; that it changes nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from measured import FULL
from measured import laps as loops
from recorded import EDGES, activities_of, laps_of, splits_of, streams_of
from trained import GEAR, loads_of

from strava_nb import plots
from strava_nb import tables as made
from strava_nb.errors import BadInput

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("figures_are_closed")]

FUNCTIONS = {name: getattr(plots, name) for name in plots.__all__ if inspect.isfunction(getattr(plots, name))}
INTO_A_FIGURE = {"routes_grid", "timeline", "year_poster"}
OF_ACTIVITIES = {
    "calendar", "clock", "cumulative", "eddington", "loop_trend", "records", "routes_grid", "routes_overlay",
    "scatter", "sports", "volume", "year_poster",
}  # fmt: skip
LONG = r"A name of $9 & \alpha, as long as names get <b>when nobody stops</b> in time for the picture's end"


def each() -> dict[str, Callable[[], tuple[pd.DataFrame, dict[str, Any]]]]:
    """A table for each function, and what else it takes."""
    both = activities_of(LONG, "Two", source="demo")
    one = {"activities": both.head(1)}
    of_one: dict[str, Callable[[], tuple[pd.DataFrame, dict[str, Any]]]] = {
        name: lambda: (loops(4, name=LONG).assign(source="demo"), {}) for name in {*OF_ACTIVITIES, "web_map"}
    }
    of_one |= {name: lambda name=name: (FULL[name].assign(source="demo"), {}) for name in FULL}
    of_one |= {name: lambda: (streams_of(source="demo"), one) for name in ("route", "profile", "timeline")}
    return of_one | {
        "zones": lambda: (streams_of(source="demo"), one | {"edges": EDGES}),
        "compare": lambda: (pd.concat([streams_of(1), streams_of(2, speed=4.0)]), {"activities": both}),
        "splits": lambda: (splits_of([3.0, 4.0, 3.5]), one),
        "laps": lambda: (laps_of([3.0, 4.0], [4.0, 3.0]), {"activities": both}),
        "gear": lambda: (made.gear(GEAR), {}),
        "training_load": lambda: (loads_of(60), {}),
    }


TABLES = each()


@pytest.fixture(params=sorted(FUNCTIONS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def drawn(name: str, **options: Any) -> Any:
    table, more = TABLES[name]()
    return FUNCTIONS[name](table, **more, **options)


def words(picture: Any) -> str:
    if isinstance(picture, plots.WebMap):
        return picture._repr_html_()
    figure = picture if isinstance(picture, Figure) else picture.figure
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def test_it_draws_where_it_is_asked_to_and_nothing_else_is_changed(name: str) -> None:
    table, more = TABLES[name]()
    before, settings = table.copy(deep=True), dict(mpl.rcParams)
    mine, axes = plt.subplots(1, 2)
    if name == "web_map":
        FUNCTIONS[name](table, **more)
    elif name in INTO_A_FIGURE:
        assert FUNCTIONS[name](table, figure=mine, **more) is mine
    else:
        assert FUNCTIONS[name](table, ax=axes[1], **more) is axes[1]
        assert axes[1].get_title(loc="left")
        assert not axes[0].has_data()
    assert plt.get_fignums() == [mine.number]
    pd.testing.assert_frame_equal(table, before)
    assert dict(mpl.rcParams) == settings


def test_it_knows_miles_and_refuses_other_units(name: str) -> None:
    assert words(drawn(name, units="imperial"))
    there = plt.get_fignums()
    with pytest.raises(BadInput, match="imperial"):
        drawn(name, units="nautical")
    assert plt.get_fignums() == there


@pytest.mark.parametrize("name", sorted(OF_ACTIVITIES))
@pytest.mark.parametrize(("kind", "column"), [("commute",) * 2, ("indoor", "trainer"), ("private",) * 2])
def test_it_leaves_out_or_draws_alone_what_its_filters_say(name: str, kind: str, column: str) -> None:
    table = TABLES[name]()[0]
    table[column] = pd.array([True, False, False, False], dtype="boolean")
    assert "left out" not in words(FUNCTIONS[name](table))
    rest, alone = (words(FUNCTIONS[name](table, **{kind: asked})) for asked in (False, True))
    assert f"1 {kind}" in rest and "is left out." in rest
    assert " only." in alone and "left out" not in alone


@pytest.mark.parametrize("name", sorted({*FUNCTIONS} - INTO_A_FIGURE - {"web_map"}))
def test_title_and_key_stay_within_a_quarter_of_a_figure(name: str) -> None:
    figure = plt.figure(figsize=(9, 6), layout="constrained")
    axes = figure.subplots(2, 2)
    drawn(name, ax=axes[0, 1])
    figure.canvas.draw()
    right, bottom = figure.bbox.width, axes[1, 1].get_window_extent().y1
    for artist in (axes[0, 1]._left_title, axes[0, 1].get_legend()):
        if artist is not None and (not isinstance(artist, Text) or artist.get_text()):
            box = artist.get_window_extent()
            assert box.x0 >= right * 0.45
            assert box.x1 <= right + 1
            assert box.y0 > bottom
    assert axes[0, 1].get_window_extent().width > right * 0.15
