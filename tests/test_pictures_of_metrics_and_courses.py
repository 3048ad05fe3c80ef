"""What holds for every picture of a metric or of courses: empty tables, one row, gaps, marks, refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from measured import (
    FULL,
    OF_ACTIVITIES,
    OF_METRICS,
    laps,
    of,
    table_of,
    words,
)

from strava_nb import plots
from strava_nb.errors import BadInput, BadTable

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("figures_are_closed")]


@pytest.mark.parametrize("name", OF_METRICS)
def test_an_empty_table_of_a_metric_is_a_sentence(name: str) -> None:
    assert "in this table." in words(OF_METRICS[name](FULL[name].iloc[:0]))


@pytest.mark.parametrize("name", OF_ACTIVITIES)
def test_an_empty_table_of_activities_is_a_sentence(name: str) -> None:
    assert "There are no activities in this table." in words(OF_ACTIVITIES[name](table_of()))


@pytest.mark.parametrize("name", OF_METRICS)
def test_one_row_of_a_metric_is_drawn(name: str) -> None:
    assert "no " not in words(OF_METRICS[name](FULL[name].iloc[:1]))


@pytest.mark.parametrize("name", OF_ACTIVITIES)
def test_one_activity_is_drawn(name: str) -> None:
    assert "There are no" not in words(OF_ACTIVITIES[name](laps(1)))


@pytest.mark.parametrize("name", OF_METRICS)
def test_gaps_in_a_table_of_a_metric_are_left_out(name: str) -> None:
    table = FULL[name].copy()
    for column in table.columns:
        part = pd.concat([table, table.iloc[:1]], ignore_index=True)
        part.loc[len(part) - 1, column] = None
        assert "no " not in words(OF_METRICS[name](part)).replace("no date", "")


@pytest.mark.parametrize("name", OF_ACTIVITIES)
def test_activities_with_gaps_are_drawn_as_far_as_is_known(name: str) -> None:
    table = laps(4, name=None)
    for column in ("distance", "moving_time", "polyline", "start_date_local", "sport_group", "id"):
        table.loc[len(table) - 1, column] = None
    assert "There are no" not in words(OF_ACTIVITIES[name](table))


@pytest.mark.parametrize("name", [*OF_METRICS, *OF_ACTIVITIES])
def test_the_demo_athlete_is_named(name: str) -> None:
    draw = (OF_METRICS | OF_ACTIVITIES)[name]
    table = FULL[name].assign(source="demo") if name in FULL else laps(3).assign(source="demo")
    assert len(of(draw(table), "demo")) == 1
    assert not of(draw(table.assign(source="api")), "demo")


@pytest.mark.parametrize("name", OF_ACTIVITIES)
def test_doubles_and_what_is_filtered_are_left_out_and_told(name: str) -> None:
    table = laps(5)
    table["commute"] = [True, False, False, False, False]
    table["double_of"] = pd.array([None, None, None, None, 2], dtype="Int64")
    told = words(OF_ACTIVITIES[name](table, commute=False))
    assert "1 double is not counted." in told
    assert "1 commute is left out." in told


@pytest.mark.parametrize("name", [*OF_METRICS, *OF_ACTIVITIES])
def test_another_table_is_said(name: str) -> None:
    draw = (OF_METRICS | OF_ACTIVITIES)[name]
    with pytest.raises(BadTable, match="it has no"):
        draw(pd.DataFrame({"a": [1]}))
    with pytest.raises(BadTable, match="list"):
        draw([1])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: OF_METRICS["power_curve"](FULL["power_curve"], by="decade"),
        lambda: OF_METRICS["pace_curve"](FULL["pace_curve"], units="furlongs"),
        lambda: OF_METRICS["zones_over_time"](FULL["zones_over_time"], by="hour"),
        lambda: OF_METRICS["zones_over_time"](FULL["zones_over_time"], value="joy"),
        lambda: OF_METRICS["efficiency"](FULL["efficiency"], kind="swim"),
        lambda: OF_METRICS["efficiency"](FULL["efficiency"], days=0),
        lambda: plots.loop_trend(laps(2), like=99),
        lambda: OF_ACTIVITIES["routes_overlay"](laps(2), units="miles"),
        lambda: OF_ACTIVITIES["year_poster"](laps(2), "2026"),
    ],
)
def test_other_words_are_said(wrong: Callable[[], Any]) -> None:
    with pytest.raises(BadInput):
        wrong()
