"""Curves, seasons, the usual loop, all routes and the poster: what they draw is what the tables hold."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.text import Text
from PIL import Image

from strava_nb import metrics, plots, tables
from strava_nb.errors import BadInput, BadTable
from strava_nb.plots.courses import courses_of
from strava_nb.plots.regions import densest, frame_of
from strava_nb.plots.smoothing import smooth
from strava_nb.sources.course import encode

mpl.use("agg")

HOME, ISLAND = (46.95, 7.44), (28.1, -16.6)
A_KM = 1000 / 111_195
OF_METRICS: dict[str, Callable[..., Any]] = {
    "power_curve": plots.power_curve,
    "pace_curve": plots.pace_curve,
    "zones_over_time": plots.zones_over_time,
    "efficiency": plots.efficiency,
}
OF_ACTIVITIES: dict[str, Callable[..., Any]] = {
    "loop_trend": plots.loop_trend,
    "routes_grid": plots.routes_grid,
    "routes_overlay": plots.routes_overlay,
    "year_poster": plots.year_poster,
}


@pytest.fixture(autouse=True)
def no_figure_is_left() -> Iterator[None]:
    yield
    plt.close("all")


def ring(centre: tuple[float, float] = HOME, km: float = 3, points: int = 60) -> str:
    turn = np.linspace(0, 2 * np.pi, points)
    lat = centre[0] + km * A_KM * np.sin(turn)
    lng = centre[1] + km * A_KM * np.cos(turn) / np.cos(np.radians(centre[0]))
    return encode(np.stack([lat, (lng + 180) % 360 - 180], axis=1))


def record(number: int, day: date, sport: str = "Ride", course: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Activity {number}",
        "sport_type": sport,
        "start_date": f"{day}T07:30:00Z",
        "start_date_local": f"{day}T08:30:00Z",
        "distance": 18_850.0,
        "moving_time": 3600 + number,
        "elapsed_time": 3700,
        "total_elevation_gain": 100.0,
        "average_speed": 5.2,
        "map": {"summary_polyline": course or ring()},
    } | more


def table_of(*records: dict[str, Any], source: str = "api") -> pd.DataFrame:
    return tables.activities(records, source=source)


def laps(count: int, *, first: date = date(2025, 1, 1), every: int = 30, **more: Any) -> pd.DataFrame:
    days = [first + timedelta(days=every * n) for n in range(count)]
    return table_of(*(record(n + 1, day, **more) for n, day in enumerate(days)))


def powers(*rows: tuple[str, int, float]) -> pd.DataFrame:
    days, durations, watts = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "activity_id": pd.array(range(len(rows)), dtype="Int64"),
            "start_date_local": pd.to_datetime(list(days)).astype("datetime64[us]"),
            "duration": pd.array(durations, dtype="Int64"),
            "power": pd.array(watts, dtype="Float64"),
        }
    )


def efforts(*rows: tuple[str, float, float]) -> pd.DataFrame:
    days, metres, seconds = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "start_date_local": pd.to_datetime(list(days)).astype("datetime64[us]"),
            "distance": pd.array(metres, dtype="Float64"),
            "elapsed_time": pd.array(seconds, dtype="Float64"),
        }
    )


def zone_times(*rows: tuple[str, list[float]]) -> pd.DataFrame:
    flat = [(number, day, zone, s) for number, (day, each) in enumerate(rows) for zone, s in enumerate(each)]
    return pd.DataFrame(
        {
            "activity_id": pd.array([one[0] for one in flat], dtype="Int64"),
            "start_date_local": pd.to_datetime([one[1] for one in flat]).astype("datetime64[us]"),
            "zone": pd.array([one[2] + 1 for one in flat], dtype="Int64"),
            "low": pd.array([0.0 if one[2] == 0 else 100.0 + 20 * one[2] for one in flat], dtype="Float64"),
            "seconds": pd.array([one[3] for one in flat], dtype="Float64"),
            "basis": pd.array(["streams"] * len(flat), dtype="string"),
        }
    )


def heartbeats(*rows: tuple[str, str, float, float | None]) -> pd.DataFrame:
    days, kinds, values, drifts = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "start_date_local": pd.to_datetime(list(days)).astype("datetime64[us]"),
            "kind": pd.array(kinds, dtype="string"),
            "efficiency": pd.array(values, dtype="Float64"),
            "decoupling": pd.array(drifts, dtype="Float64"),
        }
    )


FULL = {
    "power_curve": powers(("2026-01-02", 60, 300), ("2026-01-02", 300, 250)),
    "pace_curve": efforts(("2026-01-02", 1000, 240), ("2026-01-02", 5000, 1300)),
    "zones_over_time": zone_times(("2026-01-02", [600, 1200])),
    "efficiency": heartbeats(("2026-01-02", "speed", 1.1, 2.0), ("2026-03-02", "speed", 1.2, None)),
}


def words(drawn: Any) -> str:
    drawn.figure.canvas.draw()
    return "\n".join(text.get_text() for text in drawn.figure.findobj(Text))


def of(drawn: Any, gid: str) -> list[Any]:
    found: list[Any] = drawn.figure.findobj(
        lambda artist: isinstance(artist, Artist) and artist.get_gid() == gid
    )
    return found


def line(ax: Axes, label: str) -> dict[float, float]:
    (found,) = [one for one in ax.get_lines() if one.get_label() == label]
    return dict(zip(*(np.asarray(part, float).tolist() for part in found.get_data()), strict=True))


def test_each_years_best_power_is_a_line() -> None:
    ax = plots.power_curve(
        powers(
            ("2025-03-01", 60, 290), ("2025-07-01", 60, 310), ("2025-07-01", 300, 240),
            ("2026-02-01", 60, 305), ("2026-12-31", 300, 260),
        )
    )  # fmt: skip
    assert line(ax, "2025") == {60: 310, 300: 240}
    assert line(ax, "2026") == {60: 305, 300: 260}
    assert ax.get_xscale() == "log"


def test_critical_power_is_fitted_to_the_newest_year_and_written() -> None:
    best = [("2026-05-01", t, 250 + 20_000 / t) for t in (120, 300, 600, 1200)]
    ax = plots.power_curve(powers(("2025-05-01", 300, 500), *best))
    assert "Critical power in 2026: 250 W, and 20.0 kJ above it, through 4 bests" in words(ax)
    fitted = line(ax, "Critical power 2026")
    assert fitted[120.0] == pytest.approx(250 + 20_000 / 120)


def test_too_few_efforts_have_no_critical_power() -> None:
    ax = plots.power_curve(powers(("2026-05-01", 60, 300), ("2026-05-01", 300, 250)))
    assert not of(ax, "critical power")
    assert "Critical" not in words(ax)


def test_seasons_are_three_months_and_december_is_of_the_next_winter() -> None:
    ax = plots.power_curve(
        powers(("2025-11-30", 60, 1), ("2025-12-01", 60, 2), ("2026-02-28", 300, 3), ("2026-03-01", 60, 4)),
        by="season",
    )
    assert line(ax, "Sep–Nov 2025") == {60: 1}
    assert line(ax, "Dec 2025–Feb 2026") == {60: 2, 300: 3}
    assert line(ax, "Mar–May 2026") == {60: 4}


def test_the_five_newest_years_are_drawn_and_the_others_counted() -> None:
    ax = plots.power_curve(powers(*((f"{year}-01-01", 60, 200.0) for year in range(2019, 2027))))
    assert [one.get_label() for one in of(ax, "season")] == ["2022", "2023", "2024", "2025", "2026"]
    assert "3 earlier years are not drawn." in words(ax)


def test_ticks_are_durations_that_people_say() -> None:
    ax = plots.power_curve(powers(*(("2026-01-01", t, 300.0) for t in (1, 5, 60, 1200, 3600))))
    ax.figure.canvas.draw()
    ticks = [tick.get_text() for tick in ax.get_xticklabels()]
    assert {"1 s", "5 s", "1 min", "20 min", "1 h"} <= set(ticks)


@pytest.mark.parametrize(
    ("units", "seconds", "unit"), [("metric", 260, "min/km"), ("imperial", 418.4, "min/mi")]
)
def test_a_pace_is_the_time_for_a_kilometre_or_a_mile(units: Any, seconds: float, unit: str) -> None:
    ax = plots.pace_curve(efforts(("2026-01-01", 5000, 1300), ("2026-02-01", 5000, 1400)), units=units)
    assert line(ax, "2026")[5000] == pytest.approx(seconds, rel=1e-3)
    assert ax.get_ylabel() == unit
    low, high = ax.get_ylim()
    assert low > high, "the fastest are at the top"
    assert "21:40" in words(ax)


def bar_heights(ax: Axes) -> dict[str, list[float]]:
    return {str(bar.get_label()): [round(one.get_height(), 6) for one in bar] for bar in ax.containers}


def test_zones_are_stacked_by_month_in_hours() -> None:
    ax = plots.zones_over_time(
        zone_times(("2026-01-02", [3600, 1800]), ("2026-01-30", [0, 1800]), ("2026-03-01", [7200, 0]))
    )
    assert bar_heights(ax) == {"Z1": [1.0, 2.0], "Z2": [1.0]}
    assert ax.containers[1][0].get_y() == 1.0
    assert ax.get_ylabel() == "h"


def test_shares_of_a_week_are_a_hundred_percent() -> None:
    ax = plots.zones_over_time(
        zone_times(("2026-06-07", [900, 2700]), ("2026-06-08", [10, 30])), by="week", value="share"
    )
    assert bar_heights(ax) == {"Z1": [25.0, 25.0], "Z2": [75.0, 75.0]}


def test_zones_say_of_what_they_are_as_far_as_the_table_knows() -> None:
    table = zone_times(("2026-06-07", [900, 2700]))
    assert "Time in zones a month" in words(plots.zones_over_time(table))
    table.attrs["thresholds"] = {"ftp": []}
    assert "Time in power zones a month" in words(plots.zones_over_time(table))


def test_many_weeks_of_zones_are_shapes_not_rectangles() -> None:
    days = pd.date_range("2020-01-06", periods=300, freq="7D")
    ax = plots.zones_over_time(zone_times(*((str(day), [600.0, 60.0]) for day in days)), by="week")
    assert not ax.containers
    assert len(ax.patches) == 2


def test_efficiency_marks_what_fell() -> None:
    ax = plots.efficiency(
        heartbeats(
            ("2026-01-01", "speed", 1.1, 2.0), ("2026-01-02", "speed", 1.2, 5.1),
            ("2026-01-03", "speed", 1.3, None), ("2026-01-04", "power", 1.9, 9.0),
        )
    )  # fmt: skip
    values = {
        gid: np.asarray(of(ax, gid)[0].get_offsets())[:, 1].tolist()
        for gid in ("steady", "drifted", "summary")
    }
    assert values == {"steady": [1.1], "drifted": [1.2], "summary": [1.3]}
    assert "1 ride is not drawn." in words(ax)
    assert "Efficiency of rides" in words(
        plots.efficiency(FULL["efficiency"].assign(kind="power"), kind="power")
    )


def test_feet_a_heartbeat_are_for_those_who_think_in_miles() -> None:
    ax = plots.efficiency(FULL["efficiency"], units="imperial")
    assert ax.get_ylabel() == "feet a heartbeat"
    assert np.asarray(of(ax, "steady")[0].get_offsets())[0, 1] == pytest.approx(1.1 / 0.3048)


def test_a_smooth_line_keeps_what_is_constant_and_breaks_over_a_pause() -> None:
    days = np.concatenate([np.arange(0, 60, 3.0), np.arange(300, 360, 3.0)])
    where, mean = smooth(days, np.full(len(days), 2.0), 20)
    gap = (where > 85) & (where < 275)
    assert np.isnan(mean[gap]).all()
    assert mean[~np.isnan(mean)] == pytest.approx(2.0)
    assert np.isfinite(mean[(where < 57) | (where > 303)]).all()


def test_a_smooth_line_is_the_weighted_mean() -> None:
    _, mean = smooth(np.array([0.0, 10.0]), np.array([1.0, 3.0]), 10)
    weight = np.exp(-0.5)
    assert mean[0] == pytest.approx((1 + 3 * weight) / (1 + weight))


def test_the_usual_loop_is_every_time_and_the_change_a_year() -> None:
    table = laps(5, every=73)
    for row in range(5):  # the newest first, a minute faster each time
        table.loc[row, "moving_time"] = 3600 + 60 * row
    ax = plots.loop_trend(table)
    times = np.asarray(of(ax, "times")[0].get_offsets())[:, 1]
    assert sorted(times) == [3600, 3660, 3720, 3780, 3840]
    assert "5:00\nfaster\na year" in words(ax)
    assert "5 times, 18.9 km each." in words(ax)
    assert "Fastest: 1:00:00 on 20 October 2025." in words(ax)
    assert np.asarray(of(ax, "best")[0].get_ydata()).tolist() == [3600]
    assert len(of(ax, "way")[0].get_paths()) == 1
    low, high = ax.get_ylim()
    assert low > high


def test_a_loop_gone_once_is_no_usual_loop_but_can_be_asked_for() -> None:
    table = table_of(record(1, date(2026, 1, 1)), record(2, date(2026, 1, 2), course=ring(km=9)))
    assert "No way in this table was gone twice." in words(plots.loop_trend(table))
    ax = plots.loop_trend(table, like=2)
    assert "The same way again: Activity 2" in words(ax)
    assert not of(ax, "trend")


def test_every_route_is_in_a_cell_of_its_own_the_oldest_first() -> None:
    table = table_of(
        record(1, date(2026, 1, 3), "Run", ring(km=1)),
        record(2, date(2026, 1, 1), "Ride", ring(km=40)),
        record(3, date(2026, 1, 2), "Walk", ring(ISLAND)),
    )
    figure = plots.routes_grid(table, hide=False)
    (routes,) = of(figure, "routes")
    assert [to_hex(colour) for colour in routes.get_colors()] == [
        plots.SPORT_COLOURS[group] for group in ("Ride", "Walk", "Run")
    ]
    for cell, path in enumerate(routes.get_paths()):
        middle = (path.vertices.min(axis=0) + path.vertices.max(axis=0)) / 2
        assert middle == pytest.approx([cell + 0.5, 0.5], abs=0.01)
        assert np.ptp(path.vertices, axis=0).max() == pytest.approx(0.84, abs=0.01)


def test_north_is_up() -> None:
    north = encode(np.array([(47.0, 8.0), (47.1, 8.0), (47.1, 8.02)]))
    (routes,) = of(
        plots.routes_grid(table_of(record(1, date(2026, 1, 1), course=north)), hide=False), "routes"
    )
    vertices = routes.get_paths()[0].vertices
    axis = routes.axes.get_ylim()
    assert axis[0] > axis[1], "cells are counted from the top"
    assert vertices[0, 1] > vertices[-1, 1], "the south is lower on the page"
    assert vertices[-1, 0] > vertices[0, 0], "the east is on the right"


def distances(piece: Any, place: tuple[float, float]) -> Any:
    return (
        np.hypot(piece[:, 0] - place[0], (piece[:, 1] - place[1]) * np.cos(np.radians(place[0])))
        / A_KM
        * 1000
    )


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 179), st.floats(0.2, 20)), min_size=1, max_size=6)
)
def test_nothing_that_is_drawn_lies_near_an_end(rings: list[tuple[float, float, float]]) -> None:
    texts = [ring((lat, lng), km, points=200) for lat, lng, km in rings]
    whole, kept = courses_of(texts, hide=False), courses_of(texts, hide=True)
    for piece, row in zip(kept.pieces, kept.rows.tolist(), strict=True):
        (course,) = [whole.pieces[one] for one in np.flatnonzero(whole.rows == row)]
        for end in (course[0], course[-1]):
            assert distances(piece, (end[0], end[1])).min() > 199


def test_a_course_that_passes_home_is_cut_in_two() -> None:
    line = [(46.95, 7.40 + step * 0.001) for step in range(101)]
    there_and_back = encode(np.array([*line[50:], *line[::-1], *line[:51]]))
    kept = courses_of([there_and_back], hide=True)
    assert len(kept.pieces) == 2
    assert kept.rows.tolist() == [0, 0]
    east, west = (piece[:, 1] for piece in kept.pieces)
    assert west.max() < 7.45 < east.min()


def test_what_has_no_course_is_counted() -> None:
    indoors = record(2, date(2026, 1, 2), "Yoga") | {"map": {"summary_polyline": ""}}
    short = record(3, date(2026, 1, 3), "Run", ring(km=0.1))
    table = table_of(record(1, date(2026, 1, 1)), indoors, short)
    told = words(plots.routes_grid(table))
    assert "1 activity has no course." in told
    assert "1 activity lies within what is hidden." in told
    assert "1 route\n" in f"{told}\n"


def test_everywhere_counts_activities_not_passes() -> None:
    twice = ring(points=120)
    table = table_of(*(record(n, date(2026, 1, n), course=twice) for n in (1, 2, 3)))
    (picture,) = of(plots.routes_overlay(table, hide=False), "density")
    counts = np.asarray(picture.get_array())
    assert counts.max() == 3
    drawn = np.asarray(picture.get_alpha()) == 1
    assert np.median(counts[drawn]) == 3
    assert not np.asarray(picture.get_alpha())[:5].any(), "where nobody was nothing is drawn"


def test_the_region_with_the_most_is_drawn_and_the_other_is_told() -> None:
    table = table_of(
        *(record(n, date(2026, 1, n), course=ring(km=2 + n)) for n in (1, 2, 3)),
        record(4, date(2026, 1, 4), course=ring(ISLAND)),
    )
    ax = plots.routes_overlay(table, hide=False)
    assert ax.get_ylim()[0] < HOME[0] < ax.get_ylim()[1]
    assert ax.get_ylim()[1] - ax.get_ylim()[0] < 0.2
    lat, lng = np.radians([HOME, ISLAND]).T
    angle = np.arccos(np.prod(np.sin(lat)) + np.prod(np.cos(lat)) * np.cos(lng[0] - lng[1]))
    away = f"{6371.008 * angle:,.0f} km"
    assert f"1 activity is in another region, {away} away, and not drawn." in words(ax)
    assert "3 activities." in words(ax)


def test_regions_are_joined_by_steps_and_over_the_date_line() -> None:
    courses = courses_of([ring((-17.0, lng)) for lng in (179.4, 179.9, -179.7, -179.2, 170.0)], hide=False)
    region = densest(courses)
    assert region.inside.tolist() == [0, 1, 2, 3]
    assert region.outside.tolist() == [4]
    assert region.places == 1


def test_a_frame_holds_nearly_all_and_is_never_a_line() -> None:
    low, high = frame_of([np.array([[47.0, 8.0], [47.0, 8.5]])], least_tall=0.45)
    tall, wide = (high - low) * (1, np.cos(np.radians(47)))
    assert tall / wide > 0.4
    assert (low < [47.0, 8.25]).all() and (high > [47.0, 8.25]).all()


def year_of(count: int = 30) -> pd.DataFrame:
    sports = ("Ride", "Run", "Walk")
    return table_of(
        *(
            record(n + 1, date(2026, 1, 5) + timedelta(days=11 * n), sports[n % 3], ring(km=1 + n % 5))
            for n in range(count)
        )
    )


def test_the_poster_tells_the_year() -> None:
    table = pd.concat([year_of(), laps(3, first=date(2025, 5, 1))], ignore_index=True)
    figure = plots.year_poster(table, hide=False)
    told = words(figure)
    assert [text.get_text() for text in of(figure, "total")] == ["566", "30", "3,000", "30", "1"]
    assert "2026" in told and "30 activities" in told and "days" not in told.split("\n")[0]
    (active,) = of(figure, "active")
    assert len(active.get_paths()) == 30
    (rest,) = of(figure, "rest")
    assert len(rest.get_paths()) == 335
    assert len(of(figure, "routes")[0].get_paths()) == 30
    assert "Longest walk" in told and "Favourite way" in told and "Ride 10" in told


def test_the_poster_of_another_year_and_in_miles() -> None:
    table = pd.concat([year_of(3), laps(3, first=date(2025, 5, 1))], ignore_index=True)
    figure = plots.year_poster(table, 2025, units="imperial")
    assert of(figure, "total")[0].get_text() == "35"
    assert "miles" in words(figure)


def test_a_poster_is_a3_with_300_dots_an_inch_and_a_pdf_of_one_page() -> None:
    figure = plots.year_poster(year_of(3))
    assert figure.get_size_inches() * 25.4 == pytest.approx([297, 420], abs=0.1)
    png = io.BytesIO()
    figure.savefig(png)
    with Image.open(png) as image:
        assert image.size == (3507, 4960)
    pdf = io.BytesIO()
    figure.savefig(pdf, format="pdf")
    assert pdf.getvalue().startswith(b"%PDF")
    assert pdf.getvalue().count(b"/Type /Page ") == 1


def test_pictures_are_drawn_where_one_asks() -> None:
    mine, ax = plt.subplots()
    for name, draw in OF_METRICS.items():
        assert draw(FULL[name], ax=ax) is ax
    assert plots.loop_trend(laps(3), ax=ax) is ax
    assert plots.routes_overlay(laps(3), ax=ax) is ax
    assert plots.routes_grid(laps(3), figure=mine) is mine
    assert plots.year_poster(laps(3), figure=mine) is mine


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
def test_the_table_and_the_settings_are_as_before(name: str) -> None:
    draw = (OF_METRICS | OF_ACTIVITIES)[name]
    table = FULL[name] if name in FULL else laps(3)
    before, settings_before = table.copy(deep=True), dict(mpl.rcParams)
    draw(table)
    pd.testing.assert_frame_equal(table, before)
    assert dict(mpl.rcParams) == settings_before


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


@pytest.mark.filterwarnings("error")
def test_names_are_drawn_as_they_are() -> None:
    table = laps(3, name="Coffee $5 to $9 ☕\U0001f6b4")
    for figure in (plots.loop_trend(table).figure, plots.year_poster(table)):
        figure.canvas.draw()
        assert any(r"\$5 to \$9" in text.get_text() for text in figure.findobj(Text))


def test_curves_take_what_the_metrics_give() -> None:
    time = np.arange(1300.0)
    streams = pd.DataFrame({
        "activity_id": 1, "time": time, "watts": 200.0 + (time % 7), "heartrate": 140.0,
        "distance": time * 4.0, "velocity_smooth": 4.0, "moving": True,
    })  # fmt: skip
    ride = laps(1)
    run = laps(1, sport="Run")
    profile = metrics.AthleteProfile(heartrate_zones=(115, 135, 150, 165))
    ax = plots.power_curve(metrics.mean_maximal_power(streams, ride))
    assert line(ax, "2025")[1200] == pytest.approx(203, abs=0.1)
    ax = plots.pace_curve(metrics.best_efforts(streams, run))
    assert line(ax, "2025")[5000] == pytest.approx(250, abs=0.2)
    ax = plots.zones_over_time(metrics.time_in_zones(run, streams, profile))
    assert "Z3 135–150 · 100 %" in words(ax)
    ax = plots.efficiency(metrics.efficiency(run, streams))
    assert np.asarray(of(ax, "steady")[0].get_offsets())[0, 1] == pytest.approx(4 * 60 / 140)
