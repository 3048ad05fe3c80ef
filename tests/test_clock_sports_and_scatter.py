"""The hours of the week, the shares of the sports, two columns against each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from trained import MONDAY, record, table_of, texts

from strava_nb import plots
from strava_nb.errors import BadInput

pytestmark = pytest.mark.usefixtures("figures_are_closed")


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
        plots.sports(table_of(record(1)), by=cast(Any, "gear"))


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
