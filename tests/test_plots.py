"""Pictures: what they draw is what the table holds. Looked at are artists, not pixels."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

from strava_nb import plots, tables
from strava_nb.columns import ACTIVITIES
from strava_nb.errors import BadInput, BadTable
from strava_nb.plots.canvas import new_axes
from strava_nb.plots.style import as_text, house_style
from strava_nb.tables.sports import GROUPS

PLOTS = [plots.volume, plots.calendar]
MONDAY, SUNDAY = date(2026, 6, 1), date(2026, 6, 7)

mpl.use("agg")


@pytest.fixture(autouse=True)
def no_figure_is_left() -> Iterator[None]:
    yield
    plt.close("all")


def record(number: int, day: date, sport: str = "Ride", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Activity {number}",
        "sport_type": sport,
        "start_date": f"{day}T22:30:00Z",
        "start_date_local": f"{day}T18:30:00Z",
        "distance": 10_000.0,
        "moving_time": 3600,
        "total_elevation_gain": 100.0,
    } | more


def table_of(*records: dict[str, Any], source: str = "api") -> pd.DataFrame:
    return tables.activities(records, source=source)


def bars(ax: Axes) -> dict[str, dict[date, float]]:
    """The heights of the bars: group → first day → height."""
    return {
        str(bar.get_label()): {
            date(1970, 1, 1) + timedelta(days=round(p.get_x() + p.get_width() / 2 - 3.5)): p.get_height()
            for p in bar
        }
        for bar in ax.containers
    }


def cells(ax: Axes, gid: str) -> int:
    return sum(len(c.get_paths()) for c in ax.collections if c.get_gid() == gid)


def texts(ax: Axes) -> str:
    ax.figure.canvas.draw()
    return "\n".join(text.get_text() for text in ax.findobj(Text))


def collection(ax: Axes, gid: str) -> Any:
    (found,) = [c for c in ax.collections if c.get_gid() == gid]
    return found


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [text.get_text() for text in found.get_texts()] if found else []


def test_a_week_is_from_monday_to_sunday() -> None:
    ax = plots.volume(table_of(record(1, SUNDAY), record(2, MONDAY), record(3, SUNDAY + timedelta(days=1))))
    assert bars(ax) == {"Ride": {MONDAY: 20.0, date(2026, 6, 8): 10.0}}


def test_an_activity_belongs_to_its_local_day() -> None:
    late = record(1, SUNDAY, start_date="2026-06-08T02:00:00Z", start_date_local="2026-06-07T22:00:00Z")
    assert bars(plots.volume(table_of(late))) == {"Ride": {MONDAY: 10.0}}


def test_groups_are_stacked_in_one_order_and_named() -> None:
    table = table_of(record(1, MONDAY, "Swim"), record(2, MONDAY, "TrailRun"), record(3, MONDAY, "EBikeRide"))
    ax = plots.volume(table)
    assert legend(ax) == ["Ride", "Run", "Swim"]
    bottoms = [bar[0].get_y() for bar in ax.containers]
    assert bottoms == [0.0, 10.0, 20.0]


@pytest.mark.parametrize(
    ("value", "units", "height", "unit"),
    [
        ("distance", "metric", 10.0, "km"),
        ("distance", "imperial", 6.2137, "mi"),
        ("time", "metric", 1.0, "h"),
        ("elevation", "metric", 100.0, "m"),
        ("elevation", "imperial", 328.084, "ft"),
        ("count", "metric", 1.0, "activities"),
    ],
)
def test_the_axis_says_the_unit(value: Any, units: Any, height: float, unit: str) -> None:
    ax = plots.volume(table_of(record(1, MONDAY)), value=value, units=units)
    assert bars(ax)["Ride"][MONDAY] == pytest.approx(height, rel=1e-4)
    assert ax.get_ylabel() == unit


def test_months_are_as_long_as_they_are() -> None:
    table = table_of(record(1, date(2026, 1, 31)), record(2, date(2026, 2, 1)), record(3, date(2026, 2, 28)))
    ax = plots.volume(table, by="month", value="count")
    assert [bar.get_height() for bar in ax.containers[0]] == [1.0, 2.0]
    widths = [bar.get_width() for bar in ax.containers[0]]
    assert widths[1] / widths[0] == pytest.approx(28 / 31)


def test_the_mean_counts_empty_weeks() -> None:
    weeks = [0, 1, 2, 3, 11]
    table = table_of(*[record(n, MONDAY + timedelta(weeks=w)) for n, w in enumerate(weeks)])
    (line,) = plots.volume(table).get_lines()
    assert line.get_label() == "4-week mean"
    assert np.asarray(line.get_ydata()).tolist() == pytest.approx([10, 7.5, 5, 2.5, 0, 0, 0, 0, 2.5])


def test_a_few_weeks_have_no_mean() -> None:
    assert not plots.volume(table_of(record(1, MONDAY), record(2, SUNDAY))).get_lines()


def test_many_weeks_are_drawn_as_one_shape_with_the_same_heights() -> None:
    table = table_of(record(1, date(2016, 1, 4)), record(2, date(2026, 6, 1)), record(3, date(2026, 6, 2)))
    steps: Any = plots.volume(table).patches[0]
    tops, edges, _ = steps.get_data()
    assert len(tops) == (date(2026, 6, 1) - date(2016, 1, 4)).days / 7 + 1 == len(edges) - 1
    assert (tops[0], tops[-1], tops.sum()) == (10.0, 20.0, 30.0)


def test_each_month_has_its_name_and_each_year_its_number() -> None:
    ax = plots.volume(table_of(record(1, date(2025, 10, 6)), record(2, date(2026, 3, 20))))
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels == ["Nov\n2025", "Dec", "Jan\n2026", "Feb", "Mar"]


def test_a_group_has_one_colour_everywhere() -> None:
    table = table_of(record(1, MONDAY, "Run"))
    for ax in (plots.volume(table), plots.volume(table, by="month", value="count")):
        assert to_hex(ax.containers[0][0].get_facecolor()) == plots.SPORT_COLOURS["Run"]
    assert tuple(plots.SPORT_COLOURS) == GROUPS
    with house_style():
        cycle = [to_hex(colour) for colour in plt.rcParams["axes.prop_cycle"].by_key()["color"]]
    assert cycle == list(plots.SPORT_COLOURS.values())


def test_years_are_bars_with_their_totals() -> None:
    table = table_of(record(1, date(2024, 12, 31)), record(2, date(2026, 1, 1)), record(3, date(2026, 5, 1)))
    ax = plots.volume(table, by="year")
    assert [bar.get_height() for bar in ax.containers[0]] == [10.0, 20.0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2024", "2025", "2026"]
    assert {"10 km", "0 km", "20 km"} <= set(texts(ax).splitlines())
    assert not ax.get_lines()


def goal_line(ax: Axes) -> Any:
    [line] = [line for line in ax.get_lines() if line.get_gid() == "goal"]
    return line


def test_a_goal_says_what_is_still_needed_a_week() -> None:
    ax = plots.volume(table_of(record(1, MONDAY)), goal=52.18, today=date(2026, 12, 4))
    assert np.asarray(goal_line(ax).get_ydata()) == pytest.approx([1.0, 1.0], rel=1e-3)
    said = "Goal for 2026: 52.2 km, 10 km done; needed: 10.5 km a week for the 4 weeks left."
    assert said in texts(ax)
    assert "goal\n1 km" in texts(ax)


@pytest.mark.parametrize(("by", "each"), [("week", 366 * 7 / 365.25), ("month", 366 / 12), ("year", 366.0)])
def test_a_goal_is_for_the_year_and_its_line_for_a_bar(by: Any, each: float) -> None:
    ax = plots.volume(table_of(record(1, MONDAY)), by=by, goal=366, today=MONDAY)
    assert np.asarray(goal_line(ax).get_ydata())[0] == pytest.approx(each)
    assert ax.get_ylim()[1] > each


@pytest.mark.parametrize(
    ("goal", "today", "said"),
    [
        (10, MONDAY, "Goal for 2026: 10 km, 10 km done: reached."),
        (30, date(2027, 3, 1), "Goal for 2026: 30 km, 10 km done, 20 km short."),
        (30, date(2026, 12, 30), "Goal for 2026: 30 km, 10 km done, 20 km to go in 2 days."),
        (30, date(2026, 12, 31), "Goal for 2026: 30 km, 10 km done, 20 km to go in 1 day."),
        (30, date(2020, 1, 1), "for the 31 weeks left."),
    ],
)
def test_a_goal_is_reached_missed_or_near(goal: float, today: date, said: str) -> None:
    table = table_of(record(1, MONDAY), record(2, date(2025, 1, 1), distance=1e6))
    assert said in texts(plots.volume(table, goal=goal, today=today))


def test_a_goal_of_nothing_is_refused() -> None:
    for wrong in (0, -5, float("nan")):
        with pytest.raises(BadInput, match="goal=5000"):
            plots.volume(table_of(record(1, MONDAY)), goal=wrong)


# How the three kinds of colour blindness see linear RGB: Machado, Oliveira and Fernandes, 2009.
SIGHTS = {
    "all colours": np.eye(3),
    "no red": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "no green": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "no blue": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}


def lab(linear: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ np.clip(linear, 1e-3, 1) / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_colours_of_the_groups_are_told_apart_by_every_eye(sight: str) -> None:
    seen = {}
    for group, colour in plots.SPORT_COLOURS.items():
        rgb = np.array(to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        seen[group] = lab(SIGHTS[sight] @ linear)
    nearest = min(float(np.linalg.norm(seen[a] - seen[b])) for a, b in itertools.combinations(seen, 2))
    assert nearest > 20


def test_every_day_between_the_first_and_the_last_is_a_cell() -> None:
    ax = plots.calendar(
        table_of(record(1, date(2024, 2, 1)), record(2, date(2025, 3, 1)), record(3, date(2025, 3, 1)))
    )
    span = (date(2025, 3, 1) - date(2024, 2, 1)).days + 1
    assert (cells(ax, "active"), cells(ax, "rest")) == (2, span - 2)
    assert sum(cells(ax, gid) for gid in ("active", "rest", "outside")) == 366 + 365


def test_a_cell_stands_in_its_week_and_on_its_weekday() -> None:
    ax = plots.calendar(table_of(record(1, date(2026, 1, 4)), record(2, date(2026, 1, 5))))
    active = collection(ax, "active")
    middles = [tuple(np.floor(path.vertices[:-1].mean(axis=0))) for path in active.get_paths()]
    assert middles == [(0.0, 6.0), (1.0, 0.0)]  # a Sunday, and the Monday after it


def test_years_stand_newest_first_with_their_totals() -> None:
    ax = plots.calendar(
        table_of(record(1, date(2025, 5, 1)), record(2, date(2026, 5, 1)), record(3, date(2026, 5, 2)))
    )
    heights = {t.get_text(): t.get_position()[1] for t in ax.texts}
    assert heights["2026"] < heights["2025"]
    assert heights["2 h"] == pytest.approx(heights["2026"] + 1.7)
    assert heights["1 h"] == pytest.approx(heights["2025"] + 1.7)


def test_twelve_months_across_two_years_are_one_band() -> None:
    ax = plots.calendar(table_of(record(1, date(2025, 8, 1)), record(2, date(2026, 6, 1))))
    assert "2025–26" in texts(ax)
    assert sum(cells(ax, gid) for gid in ("active", "rest", "outside")) == 365


def test_years_without_an_activity_are_left_out_and_said() -> None:
    days = [date(2016, 5, 1), date(2018, 5, 1), date(2026, 5, 1)]
    said = texts(plots.calendar(table_of(*[record(n, day) for n, day in enumerate(days)])))
    assert "No activities in 2017." in said
    assert "No activities in 2019–2025." in said


def test_the_calendar_says_its_scale_and_its_fullest_day() -> None:
    days = [record(n, MONDAY + timedelta(days=n), moving_time=1800 * (n + 1)) for n in range(10)]
    ax = plots.calendar(table_of(*days))
    assert legend(ax) == ["rest", "under 1", "1–2", "2–3", "3–4", "4 h or more"]
    assert "Most in a day: 5 h on 10 June 2026 (Activity 9)." in texts(ax)
    active = collection(ax, "active")
    lightness = [lab(np.array(to_rgb(colour)))[0] for colour in active.get_facecolors()]
    assert lightness == sorted(lightness, reverse=True)
    assert len({round(value) for value in lightness}) == 5


def test_the_calendar_counts_activities_from_one() -> None:
    ax = plots.calendar(table_of(*[record(n, MONDAY) for n in range(3)], record(9, SUNDAY)), value="count")
    assert legend(ax) == ["rest", "1", "2", "3", "4", "5 activities or more"]
    assert "Most in a day: 3 activities on 1 June 2026." in texts(ax)


@pytest.mark.parametrize(
    ("column", "words", "lightest"),
    [
        ("average_heartrate", "Highest: 150 bpm on 1 June 2026", "mean 145 bpm"),
        ("max_heartrate", "Highest: 180 bpm on 1 June 2026", "180 bpm"),
        ("elev_low", "Lowest: 10 m on 1 June 2026", "10 m"),
        ("kudos_count", "Most in a day: 7 on 1 June 2026", "10"),
    ],
)
def test_a_column_is_summed_or_averaged_as_it_is_meant(column: str, words: str, lightest: str) -> None:
    pairs = {"average_heartrate": (140, 160, 140), "max_heartrate": (170, 180, 160)}
    first, second, third = {**pairs, "elev_low": (20, 10, 30), "kudos_count": (3, 4, 3)}[column]
    days = (MONDAY, MONDAY, SUNDAY)
    values = {"kudos_count": int}.get(column, float)
    table = table_of(
        *[
            record(n, day, **{column: values(v)})
            for n, (day, v) in enumerate(zip(days, (first, second, third), strict=True))
        ]
    )
    said = texts(plots.calendar(table, value=column))
    assert words in said
    assert lightest in said.splitlines()


def test_a_day_without_the_value_is_neither_rest_nor_little() -> None:
    table = table_of(record(1, MONDAY, average_heartrate=150), record(2, MONDAY + timedelta(days=2)))
    ax = plots.calendar(table, value="average_heartrate")
    assert (cells(ax, "active"), cells(ax, "unknown"), cells(ax, "rest")) == (1, 1, 1)
    assert legend(ax)[:2] == ["rest", "not known"]


def test_a_table_of_loads_is_a_calendar_too() -> None:
    table = table_of(record(1, MONDAY)).assign(load=[80.0])
    assert "Load a day" in texts(plots.calendar(table, value="load"))


def test_a_column_that_is_not_there_or_no_number_is_refused_with_those_there_are() -> None:
    for wrong in ("speed", "name", "commute"):
        with pytest.raises(BadInput, match=r"such as .*distance"):
            plots.calendar(table_of(record(1, MONDAY)), value=wrong)


@pytest.mark.parametrize("plot", PLOTS)
def test_the_demo_athletes_rows_are_marked(plot: Any) -> None:
    assert "DEMO" in texts(plot(table_of(record(1, MONDAY), source="demo")))
    assert "DEMO" not in texts(plot(table_of(record(1, MONDAY))))


@pytest.mark.parametrize("plot", PLOTS)
def test_a_pair_of_doubles_counts_once_and_a_note_says_so(plot: Any) -> None:
    table = table_of(record(1, MONDAY), record(2, MONDAY))
    table.loc[table["id"] == 2, "double_of"] = 1
    ax = plot(table, value="count")
    assert "1 double is not counted." in texts(ax)
    assert cells(ax, "active") == 1 or bars(ax) == {"Ride": {MONDAY: 1.0}}
    assert "3 activities" not in texts(ax)


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
@pytest.mark.parametrize(
    "table",
    [pd.DataFrame(), pd.DataFrame({"name": ["x"]}), [1, 2], None, table_of().drop(columns="sport_group")],
)
def test_what_is_no_table_of_activities_is_refused(plot: Any, table: Any) -> None:
    with pytest.raises(BadTable, match="not a table of activities"):
        plot(table)


@pytest.mark.parametrize("plot", PLOTS)
def test_columns_that_hold_something_else_are_refused(plot: Any) -> None:
    with pytest.raises(BadTable, match="does not hold dates"):
        plot(table_of(record(1, MONDAY)).assign(start_date_local="yesterday"))
    with pytest.raises(BadTable, match="does not hold numbers"):
        plot(table_of(record(1, MONDAY)).assign(distance="far"), value="distance")


def test_a_refusal_names_the_columns() -> None:
    with pytest.raises(BadTable) as refusal:
        plots.volume(pd.DataFrame({"sport_group": ["Ride"]}))
    assert refusal.value.missing == ("start_date_local", "distance")


@pytest.mark.parametrize("plot", PLOTS)
def test_words_that_mean_nothing_are_refused_before_a_figure_is_made(plot: Any) -> None:
    for wrong in ({"value": "speed"}, {"units": "nautical"}):
        with pytest.raises(BadInput, match="Use "):
            plot(table_of(record(1, MONDAY)), **wrong)
    with pytest.raises(BadInput, match="week"):
        plots.volume(table_of(record(1, MONDAY)), by="day")  # type: ignore[arg-type]
    assert not plt.get_fignums()


@pytest.mark.parametrize("plot", PLOTS)
def test_a_table_read_back_from_its_csv_is_drawn_alike(plot: Any) -> None:
    table = table_of(*[record(n, MONDAY + timedelta(days=3 * n), "Run") for n in range(9)])
    again = pd.read_csv(io.StringIO(table.to_csv(index=False)))
    assert texts(plot(again)) == texts(plot(table))


@pytest.mark.parametrize("plot", PLOTS)
def test_the_table_and_the_persons_own_style_are_untouched(plot: Any) -> None:
    table = table_of(record(1, MONDAY), record(2, SUNDAY))
    before, style = table.copy(deep=True), dict(mpl.rcParams)
    plot(table)
    pd.testing.assert_frame_equal(table, before)
    assert dict(mpl.rcParams) == style


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_draws_on_the_axes_it_is_given(plot: Any) -> None:
    _, (left, right) = plt.subplots(1, 2)
    assert plot(table_of(record(1, MONDAY)), ax=right) is right
    assert plot(table_of(), ax=left) is left
    assert len(plt.get_fignums()) == 1
    assert right.get_title(loc="left") and left.get_title(loc="left")


@pytest.mark.parametrize("plot", PLOTS)
def test_a_figure_is_white_whatever_the_persons_theme(plot: Any) -> None:
    with plt.style.context("dark_background"):
        ax = plot(table_of(record(1, MONDAY)))
        saved = io.BytesIO()
        ax.figure.savefig(saved, facecolor=ax.figure.get_facecolor())
    corner = plt.imread(io.BytesIO(saved.getvalue()))[0, 0]
    assert list(corner[:3]) == [1.0, 1.0, 1.0]
    assert to_hex(ax.title.get_color()) != "#ffffff"


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Loop for $5 & $6", "Loop for $5 & $6"),
        ("\\$ 3^2 $x_1$", "\\$ 3^2 $x_1$"),
        ("  two\nlines\t", "two lines"),
        ("<b>bold</b> \x00 Café", "<b>bold</b> Café"),
    ],
)
def test_a_name_is_drawn_literally(name: str, drawn: str) -> None:
    ax = new_axes(2, 2)
    text: Any = ax.text(0, 0, as_text(name))
    ax.figure.canvas.draw()
    assert text._preprocess_math(text.get_text()) == (drawn, False)


def test_an_emoji_that_no_font_has_is_left_out() -> None:
    assert as_text("Étape \U0001fae8 🚴") in {"Étape", "Étape 🚴", "Étape \U0001fae8 🚴"}


def test_a_long_name_is_cut() -> None:
    assert as_text("x" * 100, most=40) == "x" * 39 + "…"


@given(st.text(max_size=60))
def test_any_name_is_drawn_without_a_warning(name: str) -> None:
    ax = new_axes(4, 1)
    try:
        text = ax.text(0, 0, as_text(name))
        ax.figure.canvas.draw()
        assert np.isfinite(text.get_window_extent().bounds).all()
    finally:
        plt.close("all")


days = st.dates(date(1971, 1, 1), date(2099, 12, 31)) | st.dates(date(2025, 1, 1), date(2026, 12, 31))
numbers = st.none() | st.just(0) | st.integers(-5, 400_000) | st.floats(0.01, 1e7)
odd_records = st.lists(
    st.builds(
        lambda number, day, sport, distance, seconds: record(
            number, day, sport, distance=distance, moving_time=seconds
        ),
        st.integers(1, 10**15),
        days,
        st.sampled_from(["Ride", "Run", "Hike", "Swim", "NordicSki", "Yoga", "Kayaking", "Quidditch"]),
        numbers,
        numbers,
    ),
    max_size=30,
)


@settings(max_examples=30)
@given(odd_records, st.sampled_from(["week", "month"]))
def test_the_bars_add_up_to_the_tables_total(records: Any, by: Any) -> None:
    table = table_of(*records)
    ax = plots.volume(table, by=by)
    try:
        distances = table["distance"].dropna()
        total = distances[distances > 0].sum() / 1000
        drawn = sum(p.get_height() for bar in ax.containers for p in bar)
        shapes: list[Any] = [] if ax.containers else list(ax.patches)
        for steps in shapes:
            tops, _, bottoms = steps.get_data()
            drawn += (tops - bottoms).sum()
        assert drawn == pytest.approx(total)
    finally:
        plt.close("all")


@settings(max_examples=20)
@given(odd_records)
def test_the_active_cells_are_the_tables_days(records: Any) -> None:
    table = table_of(*records)
    ax = plots.calendar(table)
    try:
        times = table["moving_time"].fillna(0)
        active = table["start_date_local"].dt.date.nunique() if (times > 0).any() else 0
        assert cells(ax, "active") == active
    finally:
        plt.close("all")


@pytest.mark.parametrize("plot", PLOTS)
def test_all_absent_values_are_drawn_as_a_sentence(plot: Any) -> None:
    table = table_of(record(1, MONDAY))
    absent = {c.name: pd.Series(pd.NA, index=table.index, dtype=c.dtype) for c in ACTIVITIES}
    assert "has a date" in texts(plot(table.assign(**absent)))


@pytest.mark.parametrize("plot", PLOTS)
def test_rows_may_be_picked_sorted_and_stacked_at_will(plot: Any) -> None:
    table = table_of(*[record(n, MONDAY + timedelta(days=n)) for n in range(5)])
    jumbled = pd.concat([table.sample(frac=1, random_state=1), table.head(0)]).set_index("sport_type")
    assert texts(plot(jumbled)) == texts(plot(table))


def test_five_thousand_activities_take_few_artists() -> None:
    start = datetime(2012, 1, 1)
    sports = ["Ride", "Run", "Hike", "Swim", "Yoga"]
    table = table_of(*[record(n, (start + timedelta(days=n)).date(), sports[n % 5]) for n in range(5000)])
    assert len(plots.volume(table).patches) == 5
    ax = plots.calendar(table)
    assert cells(ax, "active") == 5000
    assert len(ax.collections) <= 3 * 14
