"""What holds for every picture of activities: its filters, doubles, empty tables, refusals."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Any, cast

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trained import ME, MONDAY, OF_ACTIVITIES, Picture, odd_records, record, table_of, texts

from strava_nb import metrics, plots
from strava_nb.columns import ACTIVITIES
from strava_nb.errors import BadInput, BadTable

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("figures_are_closed")]


@pytest.fixture(params=OF_ACTIVITIES)
def picture(request: pytest.FixtureRequest) -> Picture:
    return OF_ACTIVITIES[request.param]


def test_commutes_are_left_out_or_drawn_alone_and_a_note_says_so(picture: Picture) -> None:
    table = table_of(record(1, sport="Ride"), record(2, sport="Run", commute=True))
    without, only = "1 commute is left out.", "Commutes only."
    everything, rest, marked = (texts(picture(table, commute=asked)) for asked in (None, False, True))
    assert without not in everything and only not in everything
    assert without in rest
    assert only in marked
    assert rest.replace(without, "").split() == texts(picture(table[table["id"] == 1])).split()
    assert marked.replace(only, "").split() == texts(picture(table[table["id"] == 2])).split()


@pytest.mark.parametrize("kind", ["commute", "indoor", "private"])
def test_each_filter_knows_its_own(kind: str) -> None:
    column = {"indoor": "trainer"}.get(kind, kind)
    table = table_of(record(1), record(2, sport="Run", **{column: True}))
    for asked, groups in ((None, {"Ride", "Run"}), (False, {"Ride"}), (True, {"Run"})):
        ax = plots.volume(table, **{kind: asked})
        assert {str(bars.get_label()) for bars in ax.containers} == groups


def test_a_virtual_ride_is_indoors_and_only_me_is_private(picture: Picture) -> None:
    table = table_of(record(1), record(2, sport="VirtualRide"), record(3, visibility="only_me"))
    said = texts(picture(table, indoor=False, private=False))
    assert "1 indoor activity is left out." in said
    assert "1 private activity is left out." in said


def test_what_a_table_does_not_tell_is_said_and_nothing_is_left_out(picture: Picture) -> None:
    table = table_of(record(1)).assign(private=pd.Series([pd.NA], dtype="boolean"))
    ax = picture(table.assign(visibility=pd.NA), private=False)
    assert "Which activities are private is not known here." in texts(ax)
    assert "left out" not in texts(ax)


def test_where_nothing_is_left_a_sentence_says_so(picture: Picture) -> None:
    said = texts(picture(table_of(record(1)), commute=True))
    assert "All activities of this table are left out." in said
    assert "Commutes only." in said


def test_a_double_stays_out_also_where_its_better_row_is_filtered_away(picture: Picture) -> None:
    table = table_of(record(1, commute=True), record(2), record(3, sport="Run"))
    table.loc[table["id"] == 2, "double_of"] = 1
    said = texts(picture(table, commute=False))
    assert "1 double is not counted." in said
    assert (
        said.split()
        == texts(picture(table[table["id"] != 2], commute=False))
        .replace("1 commute", "1 double is not counted. 1 commute")
        .split()
    )


def test_the_demo_athletes_rows_are_marked(picture: Picture) -> None:
    assert "DEMO" in texts(picture(table_of(record(1), source="demo")))
    assert "DEMO" not in texts(picture(table_of(record(1))))


def test_an_empty_table_gives_a_sentence(picture: Picture) -> None:
    ax = picture(table_of())
    assert "There are no activities in this table." in texts(ax)
    assert ax.get_title(loc="left")


def test_values_that_are_all_absent_give_a_sentence(picture: Picture) -> None:
    table = table_of(record(1))
    absent = {c.name: pd.Series(pd.NA, index=table.index, dtype=c.dtype) for c in ACTIVITIES}
    assert re.search("No activity in this table (has|holds)", texts(picture(table.assign(**absent))))


def test_what_is_no_table_of_activities_is_refused(picture: Picture) -> None:
    for wrong in (pd.DataFrame(), pd.DataFrame({"name": ["x"]}), [1, 2], None):
        with pytest.raises(BadTable, match="not a table of activities"):
            picture(wrong)
    assert not plt.get_fignums()


def test_a_table_read_back_from_its_csv_is_drawn_alike(picture: Picture) -> None:
    table = table_of(*[record(n, MONDAY + timedelta(days=3 * n), "Run") for n in range(9)])
    again = pd.read_csv(io.StringIO(table.to_csv(index=False)))
    assert texts(picture(again)) == texts(picture(table))


@settings(max_examples=4)
@given(odd_records, st.sampled_from([None, True, False]))
def test_odd_tables_are_drawn_without_a_warning(records: Any, commute: bool | None) -> None:
    table = table_of(*records)
    try:
        for draw in OF_ACTIVITIES.values():
            assert draw(table, commute=commute).get_title(loc="left")
        plots.cumulative(table, races=metrics.races(table))
        plots.training_load(metrics.loads(table, profile=ME))
        plt.gcf().canvas.draw()
    finally:
        plt.close("all")


PLOTS = [plots.volume, plots.calendar]


@pytest.mark.parametrize("plot", PLOTS)
def test_an_activity_without_a_date_is_said(plot: Any) -> None:
    undated = record(2, MONDAY, start_date=None, start_date_local=None)
    assert "1 activity has no date." in texts(plot(table_of(record(1, MONDAY), undated)))


@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.parametrize(
    ("records", "sentence"),
    [
        ([], "There are no activities in this table."),
        (
            [record(1, MONDAY, distance=None), record(2, MONDAY, distance=0.0)],
            "No activity in this table has a distance.",
        ),
        (
            [record(1, MONDAY, start_date=None, start_date_local=None)],
            "No activity in this table has a date.",
        ),
    ],
)
def test_a_table_with_nothing_to_draw_gives_a_sentence(plot: Any, records: Any, sentence: str) -> None:
    assert sentence in texts(plot(table_of(*records), value="distance"))


@pytest.mark.parametrize("plot", PLOTS)
def test_columns_that_hold_something_else_are_refused(plot: Any) -> None:
    with pytest.raises(BadTable, match="does not hold dates"):
        plot(table_of(record(1, MONDAY)).assign(start_date_local="yesterday"))
    with pytest.raises(BadTable, match="does not hold numbers"):
        plot(table_of(record(1, MONDAY)).assign(distance="far"), value="distance")


@pytest.mark.parametrize("plot", PLOTS)
def test_words_that_mean_nothing_are_refused_before_a_figure_is_made(plot: Any) -> None:
    for wrong in ({"value": "speed"}, {"units": "nautical"}):
        with pytest.raises(BadInput, match="Use "):
            plot(table_of(record(1, MONDAY)), **wrong)
    with pytest.raises(BadInput, match="week"):
        plots.volume(table_of(record(1, MONDAY)), by=cast(Any, "day"))
    assert not plt.get_fignums()


@pytest.mark.parametrize("plot", PLOTS)
def test_rows_may_be_picked_sorted_and_stacked_at_will(plot: Any) -> None:
    table = table_of(*[record(n, MONDAY + timedelta(days=n)) for n in range(5)])
    jumbled = pd.concat([table.sample(frac=1, random_state=1), table.head(0)]).set_index("sport_type")
    assert texts(plot(jumbled)) == texts(plot(table))


def test_five_thousand_activities_take_few_artists() -> None:
    start = datetime(2012, 1, 1)
    sports = ["Ride", "Run", "Hike", "Swim", "Yoga"]
    table = table_of(*[record(n, (start + timedelta(days=n)).date(), sports[n % 5]) for n in range(5000)])
    for name, draw in OF_ACTIVITIES.items():
        ax = draw(table)
        assert len(ax.get_children()) < 300, name
    assert len(plots.training_load(metrics.loads(table, profile=ME)).get_children()) < 60
