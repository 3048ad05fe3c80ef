"""Years and build-ups over one another: each adds up to what its table holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from trained import record, table_of, texts

from strava_nb import metrics, plots
from strava_nb.plots.colours import ALL_SPORTS

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def lines(ax: Axes) -> dict[str, np.ndarray[Any, Any]]:
    """What is drawn as lines with a name: its heights."""
    named = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    return {str(line.get_label()): np.asarray(line.get_ydata(), float) for line in named}


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
