"""The pictures of a training: what they draw is what the table holds. Looked at are artists, not pixels."""

from __future__ import annotations

import inspect
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.text import Text

from strava_nb import metrics, plots, tables
from strava_nb.columns import ACTIVITIES
from strava_nb.errors import BadInput, BadTable
from strava_nb.plots.colours import ALL_SPORTS

mpl.use("agg")

Picture = Callable[..., Axes]

OF_ACTIVITIES: dict[str, Picture] = {
    "volume": plots.volume,
    "calendar": plots.calendar,
    "cumulative": plots.cumulative,
    "clock": plots.clock,
    "sports": plots.sports,
    "scatter": plots.scatter,
    "records": plots.records,
    "eddington": plots.eddington,
}
ME = metrics.AthleteProfile(max_heartrate=190, rest_heartrate=50, threshold_heartrate=170, sex="F")
MONDAY = date(2026, 6, 1)
DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(autouse=True)
def no_figure_is_left() -> Iterator[None]:
    yield
    plt.close("all")


def record(number: int, day: date = MONDAY, sport: str = "Ride", at: str = "18:30", **more: Any) -> Any:
    return {
        "id": number,
        "name": f"Activity {number}",
        "sport_type": sport,
        "start_date": f"{day}T22:30:00Z",
        "start_date_local": f"{day}T{at}:00Z",
        "distance": 10_000.0,
        "moving_time": 3600,
        "elapsed_time": 3600,
        "total_elevation_gain": 100.0,
        "average_speed": 10_000 / 3600,
        "average_heartrate": 150.0,
        "trainer": False,
        "commute": False,
        "private": False,
    } | more


def table_of(*records: Any, source: str = "api") -> pd.DataFrame:
    return tables.activities(records, source=source)


def texts(ax: Axes) -> str:
    """All that is written, but for ticks that are only made when drawing."""
    return "\n".join(text.get_text() for text in ax.figure.findobj(Text))


def lines(ax: Axes) -> dict[str, np.ndarray[Any, Any]]:
    """What is drawn as lines with a name: its heights."""
    named = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    return {str(line.get_label()): np.asarray(line.get_ydata(), float) for line in named}


# What holds for all pictures of activities


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


def test_units_that_do_not_exist_are_refused(picture: Picture) -> None:
    with pytest.raises(BadInput, match="imperial"):
        picture(table_of(record(1)), units="nautical")


def test_the_table_and_the_persons_own_style_are_untouched(picture: Picture) -> None:
    table = table_of(record(1, commute=True), record(2))
    before, style = table.copy(deep=True), dict(mpl.rcParams)
    picture(table, commute=False)
    pd.testing.assert_frame_equal(table, before)
    assert dict(mpl.rcParams) == style


def test_a_picture_draws_on_the_axes_it_is_given(picture: Picture) -> None:
    _, (left, right) = plt.subplots(1, 2)
    assert picture(table_of(record(1)), ax=right) is right
    assert picture(table_of(), ax=left) is left
    assert len(plt.get_fignums()) == 1


def test_a_table_read_back_from_its_csv_is_drawn_alike(picture: Picture) -> None:
    table = table_of(*[record(n, MONDAY + timedelta(days=3 * n), "Run") for n in range(9)])
    again = pd.read_csv(io.StringIO(table.to_csv(index=False)))
    assert texts(picture(again)) == texts(picture(table))


numbers = st.none() | st.just(0) | st.floats(-5, 4e5)
odd_records = st.lists(
    st.builds(
        lambda number, day, sport, far, long, name, marks: record(
            number, day, sport, distance=far, average_speed=far, moving_time=long, name=name, workout_type=1,
            commute=marks[0], trainer=marks[1], private=marks[2],
        ),
        st.integers(1, 10**15),
        st.dates(date(1971, 1, 1), date(2099, 12, 31)) | st.dates(date(2024, 2, 20), date(2025, 1, 10)),
        st.sampled_from(["Ride", "Run", "Hike", "Swim", "NordicSki", "Yoga", "Kayaking", "Quidditch"]),
        numbers,
        st.none() | st.integers(0, 10**6),
        st.none() | st.text(max_size=30),
        st.tuples(*[st.sampled_from([True, False, None])] * 3),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=6, deadline=None)
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


# cumulative


def test_each_year_adds_up_from_its_first_of_january() -> None:
    table = table_of(
        record(1, date(2025, 1, 1)), record(2, date(2025, 12, 31)), record(3, date(2026, 1, 2)),
        record(4, date(2026, 1, 2)),
    )  # fmt: skip
    drawn = lines(plots.cumulative(table))
    assert list(drawn) == ["2025", "2026"]
    assert (drawn["2025"][0], drawn["2025"][1], drawn["2025"][-2], drawn["2025"][-1]) == (0, 10, 10, 20)
    assert drawn["2026"].tolist() == [0, 0, 20]


def test_the_same_day_stands_in_the_same_place_in_leap_years_too() -> None:
    table = table_of(*[record(year, date(year, 3, 1)) for year in (2023, 2024, 2025)])
    ax = plots.cumulative(table)
    rises = {}
    for line in ax.get_lines()[:3]:
        x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        rises[line.get_label()] = x[np.argmax(y > 0)]
    assert set(rises.values()) == {61}


def test_a_year_is_read_against_the_one_before_on_the_same_day() -> None:
    table = table_of(
        record(1, date(2025, 1, 5)), record(2, date(2025, 6, 1)), record(3, date(2025, 8, 1)),
        record(4, date(2026, 6, 1), distance=35_000.0),
    )  # fmt: skip
    ax = plots.cumulative(table)
    assert "By 1 June: 35 km, 15 km more than in 2025." in texts(ax)
    assert {"2026  35 km", "2025  30 km"} <= set(texts(ax).splitlines())


def test_a_first_year_that_began_late_says_so_and_is_compared_with_nothing() -> None:
    said = texts(plots.cumulative(table_of(record(1, date(2025, 6, 1)), record(2, date(2026, 6, 1)))))
    assert "2025 from 1 Jun  10 km" in said
    assert "more than" not in said


def test_a_year_without_an_activity_is_a_line_at_nothing() -> None:
    drawn = lines(plots.cumulative(table_of(record(1, date(2024, 1, 1)), record(2, date(2026, 1, 1)))))
    assert drawn["2025"].max() == 0


def test_of_many_years_the_newest_six_are_drawn_and_a_note_says_so() -> None:
    ax = plots.cumulative(table_of(*[record(year, date(year, 5, 5)) for year in range(2015, 2026)]))
    assert list(lines(ax)) == [str(year) for year in range(2020, 2026)]
    assert "5 earlier years are not drawn." in texts(ax)


def test_names_at_the_ends_of_lines_stand_clear_of_one_another() -> None:
    table = table_of(*[record(year, date(year, 1, 1)) for year in range(2020, 2026)])
    ax = plots.cumulative(table)
    ax.figure.canvas.draw()  # the layout is made then
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text().startswith("202")]
    assert len(boxes) == 6
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[:n])


def test_the_newest_line_has_the_colour_of_its_sport_or_that_of_several() -> None:
    runs, both = table_of(record(1, sport="Run")), table_of(record(1, sport="Run"), record(2))
    assert to_hex(plots.cumulative(runs).get_lines()[0].get_color()) == plots.SPORT_COLOURS["Run"]
    assert to_hex(plots.cumulative(both).get_lines()[0].get_color()) == ALL_SPORTS


def test_build_ups_end_on_race_day_with_the_race_in_them() -> None:
    races = [(1, date(2025, 6, 1)), (2, date(2026, 6, 1))]
    table = table_of(
        *[record(n, day, "Run", workout_type=1, name=f"Race {n}") for n, day in races],
        *[record(10 + n, day - timedelta(days=7), "Run", distance=5000.0) for n, day in races],
        record(30, date(2020, 1, 1), "Run"),
    )
    ax = plots.cumulative(table, races=metrics.races(table), weeks=2)
    drawn = lines(ax)
    assert list(drawn) == ["Race 1, 2025", "Race 2, 2026"]
    assert drawn["Race 2, 2026"].tolist() == [0.0] * 7 + [5.0] * 7 + [15.0]
    assert np.asarray(ax.get_lines()[1].get_xdata()).tolist() == list(range(-14, 1))
    assert "race day" in texts(ax)


def test_without_a_race_there_is_nothing_to_look_back_from() -> None:
    table = table_of(record(1))
    assert "There is no race to look back from." in texts(plots.cumulative(table, races=metrics.races(table)))


# clock


def shaded(ax: Axes, gid: str) -> list[tuple[int, int]]:
    found = [c for c in ax.collections if c.get_gid() == gid]
    middles = [path.vertices[:-1].mean(axis=0) for c in found for path in c.get_paths()]
    return sorted((int(x), int(y)) for x, y in middles)


def test_a_cell_is_an_hour_of_a_weekday() -> None:
    table = table_of(
        record(1, at="06:59"), record(2, at="07:00"), record(3, MONDAY + timedelta(6), at="23:59")
    )
    ax = plots.clock(table)
    assert shaded(ax, "active") == [(6, 0), (7, 0), (23, 6)]
    assert len(shaded(ax, "nothing")) == 7 * 24 - 3
    assert {"2 activities", "1 activity", "0 activities"} <= set(texts(ax).splitlines())


def test_the_clock_says_when_it_was_most() -> None:
    table = table_of(record(1, at="06:10"), record(2, at="06:50", distance=3000.0))
    assert "Most: 13 km on Mondays from 6:00 to 7:00." in texts(plots.clock(table, value="distance"))


# sports


def test_the_bars_are_the_sports_the_most_first_with_their_shares() -> None:
    table = table_of(
        record(1, sport="Run"), record(2, moving_time=9000), record(3, sport="Yoga", moving_time=30)
    )
    ax = plots.sports(table)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([2.5, 1.0, 30 / 3600])
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [
        plots.SPORT_COLOURS[group] for group in ("Ride", "Run", "Gym")
    ]
    words = texts(ax).splitlines()
    assert [word for word in words if "%" in word] == ["71 %", "29 %", "under 1 %"]
    assert "In all 3.5 h." in words


def test_types_have_words_and_the_colour_of_their_group() -> None:
    ax = plots.sports(table_of(record(1, sport="TrailRun")), by="sport_type")
    assert "Trail run" in texts(ax)
    assert to_hex(ax.patches[0].get_facecolor()) == plots.SPORT_COLOURS["Run"]


def test_of_many_types_the_least_are_one_bar_and_nothing_is_lost() -> None:
    many = [
        *("Ride", "Run", "Hike", "Swim", "Yoga", "Kayaking", "Walk"),
        *("TrailRun", "GravelRide", "Golf", "NordicSki", "Rowing", "Surfing", "Crossfit"),
    ]
    table = table_of(*[record(n, sport=sport, moving_time=3600 * (20 - n)) for n, sport in enumerate(many)])
    ax = plots.sports(table, by="sport_type")
    assert len(ax.patches) == 12
    assert "3 other sports" in texts(ax)
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(table["moving_time"].sum() / 3600)


def test_sports_by_something_else_is_refused() -> None:
    with pytest.raises(BadInput, match="sport_type"):
        plots.sports(table_of(record(1)), by="gear")  # type: ignore[arg-type]


# scatter


def points(ax: Axes) -> dict[str, list[list[float]]]:
    return {str(c.get_label()): np.asarray(c.get_offsets()).tolist() for c in ax.collections}


def test_a_point_is_an_activity_in_the_colour_of_its_sport() -> None:
    ax = plots.scatter(
        table_of(record(1), record(2, sport="Run", distance=5000.0)), "distance", "moving_time"
    )
    assert points(ax) == {"Ride 1": [[10.0, 1.0]], "Run 1": [[5.0, 1.0]]}
    colours = {c.get_label(): to_hex(c.get_facecolors()[0]) for c in ax.collections}
    assert colours == {"Ride 1": plots.SPORT_COLOURS["Ride"], "Run 1": plots.SPORT_COLOURS["Run"]}
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["Ride 1", "Run 1"]


def test_speeds_are_paces_where_all_are_on_foot_and_the_fastest_is_on_top() -> None:
    table = table_of(
        record(1, sport="Run", average_speed=1000 / 300), record(2, sport="Walk", average_speed=1.0)
    )
    ax = plots.scatter(table)
    low, high = ax.get_ylim()
    assert low > high
    assert points(ax)["Run 1"][0][1] == pytest.approx(5.0)
    assert ax.yaxis.get_major_formatter()(5.25) == "5:15 /km"
    assert ax.get_title(loc="left") == "Average pace against distance"
    mixed = plots.scatter(table_of(record(1, sport="Run", average_speed=3.0), record(2)))
    assert points(mixed)["Run 1"][0][1] == pytest.approx(10.8)
    swims = plots.scatter(table_of(record(1, sport="Swim", average_speed=1.0)), units="imperial")
    assert swims.yaxis.get_major_formatter()(1.5) == "1:30 /100 yd"


def test_time_is_a_column_too() -> None:
    ax = plots.scatter(table_of(record(1, at="12:00")), "start_date_local", "average_heartrate")
    [[when, rate]] = points(ax)["Ride 1"]
    assert (when, rate) == ((MONDAY - date(1970, 1, 1)).days + 0.5, 150.0)
    assert "Jun" in texts(ax)
    assert ax.get_title(loc="left") == "Average heart rate over time"


def test_a_column_of_ones_own_is_drawn_by_its_name_whatever_that_is() -> None:
    table = table_of(record(1)).assign(**{"$ per $km$": 3.0})
    ax = plots.scatter(table, "distance", "$ per $km$")
    assert ax.get_title(loc="left") == r"\$ per \$km\$ against distance"
    assert r"\$ per" in texts(plots.calendar(table, value="$ per $km$"))


def test_activities_that_lack_a_value_are_left_out_and_said() -> None:
    table = table_of(record(1), record(2, average_heartrate=None), record(3, sport="Yoga", distance=0.0))
    ax = plots.scatter(table, "distance", "average_heartrate")
    assert points(ax) == {"Ride 1": [[10.0, 150.0]]}
    assert "2 activities lack one of the two." in texts(ax)


@pytest.mark.parametrize(
    ("column", "value", "units", "shown"),
    [
        ("average_temp", 20.0, "metric", "20 °C"),
        ("average_temp", 20.0, "imperial", "68 °F"),
        ("elev_high", 304.8, "imperial", "1,000 ft"),
        ("average_speed", 10.0, "metric", "36 km/h"),
        ("kudos_count", 3, "imperial", "3"),
    ],
)
def test_values_and_ticks_are_in_the_unit_for_eyes(column: str, value: Any, units: Any, shown: str) -> None:
    ax = plots.scatter(table_of(record(1, **{column: value})), "distance", column, units=units)
    assert ax.yaxis.get_major_formatter()(points(ax)["Ride 1"][0][1]) == shown


# records


def test_a_record_stands_with_its_value_its_day_and_its_holder() -> None:
    table = table_of(
        record(1, name="Costs $5 & $6"), record(2, date(2026, 6, 2), distance=42_000.0, name="Longest"),
        record(3, date(2026, 6, 3), "Run", average_speed=1000 / 270),
    )  # fmt: skip
    words = texts(plots.records(table)).splitlines()
    assert {"42.0 km", "2 Jun 2026", "Longest", "4:30 /km", "18:30", "1:00:00"} <= set(words)
    assert r"Costs \$5 & \$6" in words
    assert "26.1 mi" in texts(plots.records(table, units="imperial"))


def test_the_sports_with_the_most_time_have_columns_and_the_others_are_named() -> None:
    sports = ["Ride", "Run", "Hike", "Swim", "NordicSki"]
    table = table_of(*[record(n, sport=sport, moving_time=900 * (n + 1)) for n, sport in enumerate(sports)])
    ax = plots.records(table)
    bars = {str(line.get_gid()): to_hex(line.get_color()) for line in ax.get_lines() if line.get_gid()}
    assert bars == {group: plots.SPORT_COLOURS[group] for group in ("Snow", "Swim", "Walk")}
    assert "Also in this table: Run, Ride." in texts(ax)


# eddington


def rides(*kilometres: float) -> pd.DataFrame:
    return table_of(
        *[record(n, MONDAY + timedelta(days=n), distance=1000.0 * far) for n, far in enumerate(kilometres)]
    )


def test_eddingtons_number_the_next_one_and_the_days_it_lacks() -> None:
    ax = plots.eddington(rides(5, 4, 3, 2, 1))
    words = texts(ax)
    assert ax.get_title(loc="left") == "Ride: Eddington number 3"
    assert "4 needs 2 more days\n6 needs 6 more days\n8 needs 8 more days" in words
    assert "3 days had at least 3 km" in words
    [reached, ahead] = [patch for patch in ax.patches if patch.get_gid() in ("reached", "ahead")]
    assert reached.get_data().values.tolist() == [5, 4, 3, 0, 0]
    assert ahead.get_data().values.tolist() == [0, 0, 0, 2, 1]


def test_eddington_in_miles() -> None:
    assert (
        plots.eddington(rides(2, 2, 2), units="imperial").get_title(loc="left") == "Ride: Eddington number 1"
    )


def test_days_too_short_for_one_kilometre_are_said() -> None:
    ax = plots.eddington(rides(0.5))
    assert "No day had a whole km yet." in texts(ax)
    assert "1 needs 1 more day" in texts(ax)


# training_load


def loads_of(days: int) -> pd.DataFrame:
    table = table_of(*[record(n, MONDAY + timedelta(days=n)) for n in range(days)])
    return metrics.loads(table, profile=ME)


def test_lines_are_fitness_and_fatigue_and_the_area_is_form() -> None:
    loads = loads_of(60)
    daily = metrics.training_load(loads)
    ax = plots.training_load(loads)
    drawn = lines(ax)
    np.testing.assert_allclose(drawn["Fitness"], daily["fitness"].to_numpy("float64"))
    np.testing.assert_allclose(drawn["Fatigue"], daily["fatigue"].to_numpy("float64"))
    tired = next(c for c in ax.collections if c.get_label() == "Form: tired")
    assert tired.get_paths()[0].vertices[:, 1].min() == pytest.approx(daily["form"].min())
    [bars] = [c for child in ax.child_axes for c in child.collections if c.get_gid() == "load"]
    tops = [path.vertices[:, 1].max() for path in bars.get_paths()]
    np.testing.assert_allclose(tops, daily["load"].to_numpy("float64"))


def test_the_days_of_warming_up_are_marked_and_only_those() -> None:
    ax = plots.training_load(loads_of(60))
    [span] = [patch for patch in ax.patches if patch.get_gid() == "warming up"]
    assert span.get_extents().width > 0
    assert span.get_width() == pytest.approx(42)
    late = metrics.training_load(loads_of(60)).tail(10)
    assert not [patch for patch in plots.training_load(late).patches if patch.get_gid() == "warming up"]


def test_the_picture_says_what_the_load_rests_on() -> None:
    said = texts(plots.training_load(loads_of(3)))
    assert "Load: known for 3 of 3 activities (100 %)." in said
    assert "100 % heart rate" in said


def test_tables_without_any_load_give_a_sentence_and_others_are_refused() -> None:
    none = metrics.loads(table_of(record(1)))
    assert "No activity in this table has a load." in texts(plots.training_load(none))
    assert "There are no loads in this table." in texts(plots.training_load(metrics.loads(table_of())))
    for wrong in (table_of(record(1)), None, pd.DataFrame()):
        with pytest.raises(BadTable, match=r"metrics\.loads"):
            plots.training_load(wrong)  # type: ignore[arg-type]


# gear

GEAR = [
    {"id": "b1", "name": "Slow", "distance": 2_000_000.0},
    {"id": "b2", "name": "Fast", "distance": 9_000_000.0},
    {"id": "g1", "name": "New $", "distance": 100_000.0},
    {"id": "g2", "name": "Worn", "distance": 900_000.0},
    {"id": "g3", "name": "Gone", "distance": 500_000.0, "retired": True},
]


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
    for wrong in (0, -1, {"shoes": 0}, "far"):
        with pytest.raises(BadInput, match="limit=700"):
            plots.gear(gear, limit=wrong)  # type: ignore[arg-type]


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
    for wrong in (None, table_of(record(1)).drop(columns="distance")):
        with pytest.raises(BadTable, match="get_gear"):
            plots.gear(wrong)  # type: ignore[arg-type]


# Many, and the gallery


def test_five_thousand_activities_take_few_artists() -> None:
    start = datetime(2012, 1, 1)
    sports = ["Ride", "Run", "Hike", "Swim", "Yoga"]
    table = table_of(*[record(n, (start + timedelta(days=n)).date(), sports[n % 5]) for n in range(5000)])
    for name, draw in OF_ACTIVITIES.items():
        ax = draw(table)
        assert len(ax.get_children()) < 300, name
    assert len(plots.training_load(metrics.loads(table, profile=ME)).get_children()) < 60


def test_the_gallery_shows_every_picture() -> None:
    page = (DOCS / "gallery.md").read_text("utf-8")
    told = set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
    assert told == {name for name in plots.__all__ if inspect.isfunction(getattr(plots, name))}
    linked = set(re.findall(r"\]\(gallery/(\w+\.png)\)", page))
    kept = {path.name: path.stat().st_size for path in (DOCS / "gallery").glob("*")}
    assert set(kept) == linked
    assert max(kept.values()) <= 60_000
