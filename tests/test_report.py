"""A table as a page to send: what it says, what it does not say, and that it is whole."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, cast

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from years import NASTY, Page, loop, one, table_of

import strava_nb as snb
from strava_nb.errors import BadInput, BadTable, CannotWrite

pytestmark = pytest.mark.slow


def page_of(table: pd.DataFrame, folder: Path, **options: Any) -> Page:
    return Page(snb.report(table, folder / "page.html", **options).read_text("utf-8"))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rides = [one(700 + n, f"2026-01-{n:02}T09:00:00", km=20 + n, course=loop()) for n in range(1, 10)]
    return table_of(
        *rides, one(42_424_242, "2026-01-20T09:00:00", "Run", 10.0, name="Out", average_heartrate=191.0)
    )


@pytest.fixture(scope="module")
def page(table: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Page:
    before = plt.get_fignums()
    written = page_of(table, tmp_path_factory.mktemp("report"))
    assert plt.get_fignums() == before
    return written


def test_it_adds_up_and_lists(page: Page, table: pd.DataFrame) -> None:
    sums = snb.metrics.totals(table, "year").iloc[0]
    for words in (
        "1 January 2026 to 20 January 2026", "10 activities", f"{sums['active_days']} days out",
        f"{sums['distance'] / 1000:,.0f} km", f"{sums['total_elevation_gain']:,.0f} m up", "All of them",
    ):  # fmt: skip
        assert words in page.text
    assert [tag for tag, _ in page.tags].count("tr") == 11


def test_its_pictures_are_inside(page: Page) -> None:
    sources = [str(attrs["src"]) for tag, attrs in page.tags if tag == "img"]
    assert len(sources) == 4
    for source in sources:
        head, data = source.split(",")
        assert head == "data:image/png;base64"
        assert base64.b64decode(data, validate=True).startswith(b"\x89PNG")
    assert not {"script", "link", "iframe", "a"} & {tag for tag, _ in page.tags}


def test_ids_hearts_and_places_stay_at_home(page: Page) -> None:
    assert not any(word in page.text for word in ("42424242", "191", "46.9", "7.44"))


def test_names_in_it_are_text(tmp_path: Path) -> None:
    page = page_of(table_of(one(1, "2026-01-01T09:00:00", name=NASTY)), tmp_path)
    assert NASTY in page.text
    assert "script" not in {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)


def test_private_activities_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    table = table_of(
        one(1, "2026-01-01T09:00:00", "Yoga", 0, name="Secret", private=True),
        one(2, "2026-01-02T09:00:00", "Yoga", 0),
    )
    page = page_of(table, tmp_path)
    assert "Secret" not in page.text
    assert "1 private activity is left out." in page.text
    assert "1 activity" in page.text
    assert "Secret" in page_of(table, tmp_path, private=True).text
    assert "There are no activities" in page_of(table[table["private"]], tmp_path).text


def test_only_the_newest_hundred_are_listed(tmp_path: Path) -> None:
    days = pd.date_range("2025-01-01T09:00", periods=130, freq="D").strftime("%Y-%m-%dT%H:%M:%S")
    page = page_of(table_of(*(one(n, day, "Yoga", 0) for n, day in enumerate(days, 1))), tmp_path)
    assert "The newest 100 of 130" in page.text
    assert "2025-05-10 09:00" in page.text
    assert "2025-01-30 09:00" not in page.text


def test_an_empty_table_says_so(tmp_path: Path) -> None:
    assert "There are no activities in this table." in page_of(table_of(), tmp_path).text


def test_other_tables_are_listed_without_places(table: pd.DataFrame, tmp_path: Path) -> None:
    streams = snb.tables.streams({"time": {"data": [0, 7]}, "latlng": {"data": [[46.948, 7.447]] * 2}}, 1)
    page = page_of(streams, tmp_path)
    assert "2 rows. Places are left out." in page.text
    assert "46.9" not in page.text
    totals = page_of(snb.metrics.totals(table, "sport_group"), tmp_path)
    assert "2 rows." in totals.text
    assert "sport_group" in totals.text


def test_miles_for_those_who_think_in_them(tmp_path: Path) -> None:
    text = page_of(table_of(one(1, "2026-01-01T09:00:00", km=30)), tmp_path, units="imperial").text
    assert "18.6 mi" in text
    assert "Distance (mi)" in text


def test_it_is_written_under_a_name_that_says_what_it_holds(table: pd.DataFrame, tmp_path: Path) -> None:
    path = snb.report(table.head(1).assign(source="demo", private=True), tmp_path)
    assert path == tmp_path / "DEMO_activities_2026-01-20_2026-01-20.html"
    assert Page(path.read_text("utf-8")).of("span.demo") == ["DEMO"]
    with pytest.raises(CannotWrite):
        snb.report(table.head(0), tmp_path / "no" / "page.html")


def test_what_is_no_table_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadTable):
        snb.report(cast(Any, [1, 2]), tmp_path)
    with pytest.raises(BadInput, match="units"):
        snb.report(table_of(), tmp_path, units=cast(Any, "nautical"))
