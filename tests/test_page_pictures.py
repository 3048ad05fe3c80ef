"""The four pictures of the page: as wide as their place, marked, and without a trace in matplotlib."""

from __future__ import annotations

import io
import threading
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.image import imread

import strava_nb as snb
from strava_nb.errors import BadTable
from strava_nb.plots.page_pictures import PICTURES, page_picture
from strava_nb.plots.style import house_style

pytestmark = pytest.mark.slow

LINE = "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


def table(count: int = 40, source: str = "export", **more: Any) -> pd.DataFrame:
    records = [
        {"id": one, "name": "$1 ride_", "sport_type": "Ride", "distance": 30_000.0, "moving_time": 4000,
         "start_date": f"2026-0{1 + one % 6}-{1 + one % 28:02}T08:00:00Z",
         "start_date_local": f"2026-0{1 + one % 6}-{1 + one % 28:02}T08:00:00Z", **more}
        for one in range(1, count + 1)
    ]  # fmt: skip
    return snb.tables.activities(records, source=source)


@pytest.mark.parametrize("number", range(PICTURES))
@pytest.mark.parametrize("width", [328, 496])
def test_a_picture_has_two_dots_a_pixel_of_its_place(number: int, width: int) -> None:
    picture = page_picture(table(), number, width=width)
    assert abs(imread(io.BytesIO(picture.png)).shape[1] - 2 * width) <= 2


def test_title_and_notes_are_said_by_the_page_as_they_are() -> None:
    picture = page_picture(table(), 2, width=400)
    assert picture.title == "Moving time a day"
    assert "$1 ride_" in picture.notes and "\\" not in picture.notes and "\n" not in picture.notes


def test_the_demo_athletes_pictures_are_marked_in_the_picture_itself() -> None:
    marked, own = (page_picture(table(source=one), 3, width=400).png for one in ("demo", "export"))
    assert imread(io.BytesIO(marked)).shape[0] > imread(io.BytesIO(own)).shape[0]


def test_without_courses_the_second_picture_tells_of_the_sports() -> None:
    assert page_picture(table(), 1, width=400).title == "Moving time by sport"
    drawn = page_picture(table(map={"summary_polyline": LINE}), 1, width=400)
    assert drawn.title == "Everywhere"


@pytest.mark.parametrize(("years", "by"), [(1, "week"), (5, "month"), (20, "year")])
def test_many_years_are_told_in_longer_steps(years: int, by: str) -> None:
    rows = table(years)
    rows["start_date_local"] = [pd.Timestamp(2006 + year, 5, 1) for year in range(years)]
    assert page_picture(rows, 0, width=400).title.startswith(f"Distance a {by}")
    assert ("newest 3 years" in page_picture(rows, 2, width=400).notes) == (years > 3)


@pytest.mark.parametrize("number", range(PICTURES))
def test_what_is_no_table_of_activities_is_said(number: int) -> None:
    with pytest.raises(BadTable):
        page_picture(pd.DataFrame({"a": [1]}), number, width=400)


def test_nothing_of_it_stays_in_matplotlib_not_even_from_two_threads_at_once() -> None:
    before, figures = dict(mpl.rcParams), plt.get_fignums()
    rows = table()
    failed: list[BaseException] = []

    def draw(number: int) -> None:
        try:
            page_picture(rows, number, width=400)
        except BaseException as error:
            failed.append(error)

    with house_style():  # both threads wait here, so that they come in together
        threads = [threading.Thread(target=draw, args=(number,)) for number in (0, 3)]
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert dict(mpl.rcParams) == before and plt.get_fignums() == figures


@pytest.mark.parametrize("number", range(PICTURES))
def test_an_empty_table_gives_a_sentence(number: int) -> None:
    assert page_picture(table(0), number, width=400).png
