"""Records with their holders, the Eddington number with what it lacks, fitness and form."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from trained import MONDAY, loads_of, record, table_of, texts

from strava_nb import metrics, plots
from strava_nb.errors import BadTable

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def lines(ax: Axes) -> dict[str, np.ndarray[Any, Any]]:
    """What is drawn as lines with a name: its heights."""
    named = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    return {str(line.get_label()): np.asarray(line.get_ydata(), float) for line in named}


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


def test_the_words_of_a_single_day_stand_clear_of_one_another() -> None:
    ax = plots.training_load(loads_of(1))
    ax.figure.canvas.draw()
    begins = ("warming", "Fitness", "Fatigue", "Form 0")
    boxes = [t.get_window_extent() for t in ax.texts if t.get_text().startswith(begins)]
    assert len(boxes) == len(begins)
    assert all(one.count_overlaps(boxes) == 1 for one in boxes)


def test_the_picture_says_what_the_load_rests_on() -> None:
    said = texts(plots.training_load(loads_of(3)))
    assert "Load: known for 3 of 3 activities (100 %)." in said
    assert "All of them from their averages alone." in said
    assert "100 % heart rate" in said


def test_tables_without_any_load_give_a_sentence_and_others_are_refused() -> None:
    none = metrics.loads(table_of(record(1)))
    assert "No activity in this table has a load." in texts(plots.training_load(none))
    assert "There are no loads in this table." in texts(plots.training_load(metrics.loads(table_of())))
    wrong: Any
    for wrong in (table_of(record(1)), None, pd.DataFrame()):
        with pytest.raises(BadTable, match=r"metrics\.loads"):
            plots.training_load(wrong)
