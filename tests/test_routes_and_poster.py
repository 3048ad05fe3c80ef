"""The usual loop, all routes, everywhere, a year on one page: courses as they are, without their ends."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.text import Text
from measured import (
    A_KM,
    HOME,
    ISLAND,
    laps,
    of,
    record,
    ring,
    table_of,
    words,
)
from PIL import Image

from strava_nb import plots
from strava_nb.plots.courses import courses_of
from strava_nb.plots.regions import densest, frame_of
from strava_nb.sources.course import encode

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("figures_are_closed")]


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
    type(figure)(figsize=(1, 1)).savefig(png)  # a whole poster is seventeen million dots
    with Image.open(png) as image:
        assert image.size == (300, 300)
    pdf = io.BytesIO()
    figure.savefig(pdf, format="pdf")
    assert pdf.getvalue().startswith(b"%PDF")
    assert pdf.getvalue().count(b"/Type /Page ") == 1


@pytest.mark.filterwarnings("error")
def test_names_are_drawn_as_they_are() -> None:
    table = laps(3, name="Coffee $5 to $9 ☕\U0001f6b4")
    for figure in (plots.loop_trend(table).figure, plots.year_poster(table)):
        figure.canvas.draw()
        assert any(r"\$5 to \$9" in text.get_text() for text in figure.findobj(Text))
