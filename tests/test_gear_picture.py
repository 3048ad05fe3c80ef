"""How far bikes and shoes went, and how far they may go yet."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.axes import Axes
from trained import GEAR, record, table_of, texts

from strava_nb import plots, tables
from strava_nb.errors import BadInput, BadTable

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def gone(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_gear_stands_by_kind_those_in_use_first_and_the_farthest_first() -> None:
    words = gone(plots.gear(tables.gear(GEAR)))
    names = ["Fast", "Slow", "Worn", r"New \$", "Gone"]
    assert [word for word in words if word in names] == names
    assert {"9,000 km", "100 km", "700 km left", "100 km over"} <= set(words)
    assert sum("left" in word or "over" in word for word in words) == 2


def test_a_limit_is_for_shoes_or_for_each_kind_or_name() -> None:
    gear = tables.gear(GEAR)
    assert "400 km left" in gone(plots.gear(gear, limit=500))
    words = gone(plots.gear(gear, limit={"bike": 10_000, "Slow": 3000}))
    assert [word for word in words if "left" in word or "over" in word] == ["1,000 km left", "1,000 km left"]
    assert "438 mi left" in gone(plots.gear(gear, units="imperial"))
    wrong: Any
    for wrong in (0, -1, {"shoes": 0}, "far"):
        with pytest.raises(BadInput, match="limit=700"):
            plots.gear(gear, limit=wrong)


def test_retired_gear_is_pale_or_left_out_and_said() -> None:
    gear = tables.gear(GEAR)
    assert "Pale: retired." in texts(plots.gear(gear))
    ax = plots.gear(gear, retired=False)
    assert "Gone" not in gone(ax)
    assert "1 retired one is left out." in texts(ax)


def test_gear_without_a_distance_has_that_of_its_activities() -> None:
    gear = tables.gear([{"kind": "shoes", "name": "Blue"}, {"id": "b1", "name": "Bike"}], source="demo")
    table = table_of(
        record(1, gear_id="g9", gear_name="blue"), record(2, gear_name="Blue"), record(3, gear_id="b1")
    )
    table.loc[table["id"] == 2, "double_of"] = 1
    ax = plots.gear(gear, table)
    assert [word for word in gone(ax) if word.endswith("km")] == ["10 km", "10 km"]
    assert "DEMO" in texts(ax)
    assert "There is no gear with a distance in this table." in texts(plots.gear(gear))
    assert "There is no gear with a distance in this table." in texts(plots.gear(tables.gear([])))


def test_what_is_no_table_of_gear_is_refused() -> None:
    wrong: Any
    for wrong in (None, table_of(record(1)).drop(columns="distance")):
        with pytest.raises(BadTable, match="get_gear"):
            plots.gear(wrong)
