"""A year on one page and one picture: right, hidden, escaped, whole, and something to say of any table."""

from __future__ import annotations

import html
import struct
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import strava_nb as snb
from strava_nb.earth import steps
from strava_nb.errors import BadInput, BadTable, CannotWrite
from strava_nb.metrics import decode_polylines
from strava_nb.pages.drawing import sketch
from strava_nb.pages.hidden_lines import hidden_courses
from strava_nb.simulator.polyline import encode

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

TODAY = date(2026, 6, 15)
HOME = 46.948, 7.447
NASTY = '<script>alert(1)</script><img src=x onerror="alert(2)">&amp; \' " $x$ 🚴'
VOID = {"meta", "img", "br", "link", "input"}


def loop(lat: float = HOME[0], lng: float = HOME[1], size: float = 0.02, points: int = 120) -> str:
    """A round way that begins and ends at a place."""
    turn = np.linspace(0, 2 * np.pi, points)
    return encode(lat + size * (1 - np.cos(turn)), lng + size * 1.4 * np.sin(turn))


def past(lat: float, lng: float) -> str:
    """A straight way from far west to far east that leads past a place."""
    return encode(np.full(80, lat + 0.0003), lng + np.linspace(-0.06, 0.06, 80))


def one(number: int, when: str, sport: str = "Ride", km: float = 30.0, **values: Any) -> dict[str, Any]:
    """An activity as Strava tells it."""
    course = values.pop("course", None)
    record = {
        "id": number, "name": f"Activity {number}", "sport_type": sport, "distance": km * 1000,
        "moving_time": int(km * 150), "elapsed_time": int(km * 160), "total_elevation_gain": km * 10,
        "elev_high": 500.0 + number, "start_date": f"{when}Z", "start_date_local": f"{when}Z",
        "average_speed": 1000 / 150, "max_speed": 15.0, "commute": False, "private": False,
    }  # fmt: skip
    if course:
        ends = decode_polylines([course])[0][[0, -1]].tolist()
        record |= {"map": {"summary_polyline": course}, "start_latlng": ends[0], "end_latlng": ends[1]}
    return record | values


def table_of(*records: dict[str, Any], source: str = "export") -> pd.DataFrame:
    return snb.tables.activities(records, source=source)


def two_years() -> list[dict[str, Any]]:
    """A ride every fifth day of two years, a run on the usual loop every week of the second."""
    rides = [
        one(number, f"{datetime(2024, 1, 3, 8, number % 60) + timedelta(5 * number):%Y-%m-%dT%H:%M:%S}",
            km=20 + number % 40, course=loop(size=0.02 + number % 5 / 100))
        for number in range(1, 146)
    ]  # fmt: skip
    runs = [
        one(1000 + week, f"{datetime(2025, 1, 6, 18) + timedelta(7 * week):%Y-%m-%dT%H:%M:%S}", "Run", 10.0,
            moving_time=3600 - week, average_speed=10_000 / (3600 - week), course=loop(size=0.013))
        for week in range(51)
    ]  # fmt: skip
    return [*rides, *runs]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return table_of(*two_years())


class Page(HTMLParser):
    """A page taken apart: its tags, its texts, the classes above each text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self._above: list[tuple[str, str]] = []
        self.feed(page)
        assert not self._above, "every tag is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._above.append((tag, dict(attrs).get("class") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._above.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(f"{tag}.{kind}" for tag, kind in self._above), data))

    @property
    def text(self) -> str:
        shown = (data for above, data in self.texts if not any(one.startswith("style") for one in above))
        return " ".join(" ".join(shown).split())

    def of(self, kind: str) -> list[str]:
        """The texts directly in elements of a class."""
        return [data.strip() for above, data in self.texts if above and above[-1] == kind and data.strip()]

    def count(self, kind: str) -> int:
        return sum(attrs.get("class") == kind for _, attrs in self.tags)


def shown(*args: Any, **options: Any) -> Page:
    return Page(snb.your_year(*args, **{"today": TODAY} | options).page)


# --- numbers


def test_the_numbers_are_those_of_the_metrics(table: pd.DataFrame) -> None:
    this = table[table["start_date_local"].dt.year == 2025]
    sums = snb.metrics.totals(this, "year").iloc[0]
    page = shown(table, 2025)
    assert f"{sums['activities']} activities on {sums['active_days']} days." in page.text
    for number, unit in (
        (sums["distance"] / 1000, "km"), (sums["moving_time"] / 3600, "hours"),
        (sums["total_elevation_gain"], "m up"), (sums["active_days"], "days out"),
    ):  # fmt: skip
        assert f"{number:,.0f} {unit}" in page.text


def test_the_moments_are_those_of_the_records(table: pd.DataFrame) -> None:
    this = table[table["start_date_local"].dt.year == 2025]
    found = snb.metrics.records(this).set_index(["record", "sport_group"])["value"]
    page = shown(table, 2025)
    early = found["earliest start"].min()
    for words in (
        f"The longest ride {found['longest', 'Ride'] / 1000:.1f} km",
        f"The longest run {found['longest', 'Run'] / 1000:.1f} km",
        f"The fastest ride {found['fastest', 'Ride'] * 3.6:.1f} km/h",
        "The fastest run 5:55 /km",
        f"The highest point {found['highest point'].max():,.0f} m",
        f"The earliest start {int(early // 3600)}:{int(early // 60 % 60):02}",
    ):
        assert words in page.text


def test_the_streaks_are_those_of_the_metrics(table: pd.DataFrame) -> None:
    this = table[table["start_date_local"].dt.year == 2025]
    found = snb.metrics.streaks(this, today=TODAY).set_index(["unit", "streak"])["length"]
    page = shown(table, 2025)
    for unit in ("days", "weeks"):
        assert f"{found[unit, 'longest']} {unit} in a row" in page.text


def test_a_year_that_is_over_is_compared_with_the_whole_last_one(table: pd.DataFrame) -> None:
    years = snb.metrics.totals(table, "year").set_index("year")["distance"]
    percent = round(100 * (years[2025] / years[2024] - 1))
    assert f"{percent} % more than 2024" in shown(table, 2025).text
    assert "by then" not in shown(table, 2025).text


def test_a_year_that_is_not_over_is_compared_with_the_same_days() -> None:
    page = shown(
        table_of(
            one(1, "2025-01-02T09:00:00", km=10), one(2, "2025-03-31T09:00:00", km=10),
            one(3, "2025-04-01T09:00:00", km=500), one(4, "2026-01-01T09:00:00", km=15),
            one(5, "2026-03-31T09:00:00", km=15),
        )
    )  # fmt: skip
    assert "2 activities on 2 days, until 31 March." in page.text
    assert "50 % more than 2025 by then" in page.text


def test_a_table_that_begins_within_the_last_year_is_not_compared_with_it() -> None:
    page = shown(table_of(one(1, "2025-06-16T09:00:00"), one(2, "2026-02-01T09:00:00")), 2026)
    assert "The activities here begin on 16 June 2025, so 2025 is not compared." in page.text
    assert "than 2025" not in page.text
    assert not page.count("before")


def test_an_only_year_is_told_without_a_comparison() -> None:
    page = shown(table_of(one(1, "2026-01-16T09:00:00"), one(2, "2026-02-01T09:00:00")))
    assert "2025" not in page.text
    assert "Day by day" in page.text


def test_the_year_is_the_newest_activitys_unless_another_is_named(table: pd.DataFrame) -> None:
    assert snb.your_year(table, today=TODAY).year == 2025
    assert snb.your_year(table, np.int64(2024), today=TODAY).year == 2024


def test_doubles_count_once() -> None:
    table = table_of(one(1, "2026-01-16T09:00:00"), one(2, "2026-01-16T09:00:05"))
    table["double_of"] = pd.array([1, pd.NA], dtype="Int64")
    assert table["id"].tolist() == [2, 1]
    assert "One activity" in shown(table).text


def test_miles_and_feet_for_those_who_think_in_them(table: pd.DataFrame) -> None:
    metres = table[table["start_date_local"].dt.year == 2025]["distance"].sum()
    page = shown(table, 2025, units="imperial")
    assert f"{metres / 1609.344:,.0f} mi" in page.text
    assert "ft up" in page.text
    assert "/mi" in page.text
    assert " km" not in page.text


def test_the_favourite_loop_is_the_way_gone_most_often_and_no_commute() -> None:
    way, work = loop(size=0.02), past(47.2, 7.6)
    runs = [
        one(n, f"2026-01-{n:02}T09:00:00", "Run", 10, moving_time=3600 - n, course=way) for n in range(1, 5)
    ]
    commutes = [one(10 + n, f"2026-02-{n:02}T07:00:00", course=work, commute=True) for n in range(1, 10)]
    page = shown(table_of(*runs, *commutes))
    assert "The favourite loop 4 times 10.0 km each. The quickest took 59:56, on 4 January." in page.text


def test_a_ride_without_a_course_is_not_the_fastest_where_others_have_one() -> None:
    page = shown(
        table_of(
            one(1, "2026-01-01T09:00:00", average_speed=7.0, course=loop()),
            one(2, "2026-01-02T09:00:00", average_speed=8.0, course=loop()),
            one(3, "2026-01-03T09:00:00", average_speed=9.0),
        )
    )
    assert "The fastest ride 28.8 km/h" in page.text


def test_a_way_gone_twice_is_no_favourite() -> None:
    page = shown(table_of(*(one(n, f"2026-01-{n:02}T09:00:00", course=loop()) for n in (1, 2))))
    assert "favourite" not in page.text


# --- privacy


def test_nothing_is_drawn_near_where_any_activity_began_or_ended() -> None:
    table = table_of(
        one(1, "2026-01-01T09:00:00", course=loop()),
        one(2, "2026-01-02T09:00:00", course=past(*HOME)),
        one(3, "2026-01-03T09:00:00", course=loop(47.0, 7.5), private=True),
        one(4, "2026-01-04T09:00:00", course=past(47.0, 7.5)),
    )
    courses = hidden_courses(table, drawn=np.array([True] * 4))
    assert set(courses.numbers.tolist()) == {0, 1, 2, 3}
    places = table[["start_lat", "start_lng", "end_lat", "end_lng"]].to_numpy("float64").reshape(-1, 2)
    points = np.concatenate(courses.pieces)
    for lat, lng in places:
        pairs = np.stack([points, np.broadcast_to((lat, lng), points.shape)], axis=1).reshape(-1, 2)
        assert steps(*pairs.T)[::2].min() > 200
    for passing in (0, 2):  # rows are the newest first: ways that lead past a home are cut in two
        assert (courses.rows == passing).sum() == 2
        gap = np.sort(
            np.concatenate(
                [p[:, 1] for p, r in zip(courses.pieces, courses.rows, strict=True) if r == passing]
            )
        )
        assert np.diff(gap).max() > 0.004


def test_the_page_draws_the_hidden_lines_and_tells_no_place(table: pd.DataFrame) -> None:
    page = snb.your_year(table, 2025, today=TODAY).page
    this = table[table["start_date_local"].dt.year == 2025].reset_index(drop=True)
    drawn = sketch(hidden_courses(this, drawn=np.full(len(this), True)))
    assert drawn is not None
    hero = page.split('class="everywhere"')[1].split("</svg>")[0]
    assert hero.count("<path") == len(drawn.lines)
    for text in (*this["polyline"].dropna().unique(), "46.94", "7.447", "7.44"):
        assert html.escape(str(text)) not in page
    assert "Not drawn: what lies within 200 m of where an activity began or ended." in Page(page).text


def test_private_activities_are_counted_but_neither_named_nor_drawn() -> None:
    table = table_of(
        one(1, "2026-01-01T09:00:00", name="Secret", km=90, private=True, course=loop()),
        one(2, "2026-01-02T09:00:00", name="Secret too", km=80, visibility="only_me", course=loop()),
        one(3, "2026-01-03T09:00:00", name="Known", km=20), one(4, "2026-01-04T09:00:00", km=10),
    )  # fmt: skip
    page = shown(table)
    assert "Secret" not in page.text
    assert "200 km" in page.text
    assert "The longest ride 20.0 km" in page.text
    assert not page.count("everywhere few")
    assert "2 private activities are counted, but neither named nor drawn." in page.text
    whole = shown(table, private=True)
    assert "Secret" in whole.text
    assert whole.count("everywhere few")


def test_nobody_elses_number_and_no_heart_is_told() -> None:
    table = table_of(*(one(n, f"2026-01-{n:02}T09:00:00") for n in range(1, 5)))
    table = table.assign(kudos_count=7777, athlete_count=8888, average_heartrate=191.0)
    page = snb.your_year(table, today=TODAY).page
    assert not any(number in page for number in ("7777", "7,777", "8888", "8,888", "191"))


# --- safety


@pytest.mark.parametrize("repeat", [1, 40])
def test_names_are_text_and_nothing_else(repeat: int) -> None:
    table = table_of(
        *(one(n, f"2026-01-{n:02}T09:00:00", name=NASTY * repeat, course=loop()) for n in (1, 2))
    )
    year = snb.your_year(table, today=TODAY)
    page = Page(year.page)
    assert (NASTY * repeat).strip() in page.text
    assert not {"script", "img", "iframe", "object", "link", "a"} & {tag for tag, _ in page.tags}
    outer = Page(year._repr_html_())
    assert [tag for tag, _ in outer.tags] == ["iframe"]
    assert outer.tags[0][1]["srcdoc"] == year.page
    assert outer.tags[0][1]["sandbox"] == ""


def test_the_page_asks_nobody_for_anything(table: pd.DataFrame) -> None:
    year = snb.your_year(table, 2025, today=TODAY)
    page = Page(year.page)
    for tag, attrs in page.tags:
        assert tag not in ("script", "link", "iframe")
        assert not any(name.startswith("on") or name in ("src", "href", "xlink:href") for name in attrs)
    assert "http" not in year.page.replace('http-equiv="', "")
    assert "url(" not in year.page
    assert "@import" not in year.page
    policy = next(attrs for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")


@pytest.mark.browser
def test_the_pages_open_in_a_browser_and_nothing_leaves_it(
    browser: Browser, table: pd.DataFrame, tmp_path: Path, pictures: Path
) -> None:
    named = table.head(60).assign(name=NASTY)
    pages = [
        snb.your_year(named, 2025, today=TODAY).save(tmp_path / "year.html"),
        snb.report(named, tmp_path / "report.html"),
    ]
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    for path in pages:
        for width, scheme in ((480, "dark"), (1280, "light")):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.route(lambda url: not url.startswith(("file:", "data:")), refuse)
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("dialog", lambda dialog, said=said: (said.append("a dialog"), dialog.dismiss()))
            page.goto(path.as_uri())
            page.screenshot(path=pictures / f"{path.stem}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
            assert not said
            context.close()
    assert not asked


# --- tables of every kind


def test_a_year_without_activities_says_where_they_are(table: pd.DataFrame) -> None:
    page = shown(table, 2019)
    assert "No activities in 2019. Those of this table are from 2024 to 2025." in page.text
    assert not page.count("tiles")
    assert snb.your_year(table, 2019, today=TODAY).picture.png


def test_an_empty_table_gives_a_page_that_says_so() -> None:
    assert "There are no activities in this table." in shown(table_of(), 2026).text
    assert "There are no activities in this table." in shown(table_of()).text


def test_one_activity_is_a_beginning() -> None:
    page = shown(table_of(one(1, "2026-03-01T09:00:00", course=loop())))
    assert "One activity, until 1 March. It is a beginning." in page.text
    assert "30.0 km" in page.text
    assert not page.count("cards")


def test_what_lacks_is_left_out() -> None:
    bare = [one(n, f"2026-01-{n:02}T09:00:00", elev_high=None, total_elevation_gain=None) for n in (1, 2, 3)]
    page = shown(table_of(*bare))
    assert " up " not in page.text
    assert "highest" not in page.text
    assert not page.count("everywhere few")
    assert not page.count("course")
    assert "200 m" not in page.text


def test_a_year_at_the_gym_counts_hours() -> None:
    still = {"moving_time": 3600, "average_speed": 0, "max_speed": 0, "elev_high": None}
    table = table_of(*(one(n, f"2026-01-{n:02}T09:00:00", "Yoga", 0, **still) for n in (1, 2, 3)))
    page = shown(table)
    assert "3.0 hours" in page.text
    assert " km" not in page.text
    assert snb.your_year(table, today=TODAY).picture.png


def test_a_table_that_was_read_back_from_a_csv_is_told_as_well(table: pd.DataFrame, tmp_path: Path) -> None:
    path = snb.files.to_csv(table, tmp_path / "a.csv")
    assert shown(pd.read_csv(path), 2025).text == shown(table, 2025).text


def test_the_table_stays_as_it_was(table: pd.DataFrame) -> None:
    before = table.copy(deep=True)
    snb.your_year(table, 2025, today=TODAY).save_picture  # noqa: B018
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("year", ["2025", 2025.0, True, 0, 20_250])
def test_what_is_no_year_is_said(table: pd.DataFrame, year: Any) -> None:
    with pytest.raises(BadInput, match="not a year"):
        snb.your_year(table, year)


def test_what_is_no_table_of_activities_is_said(table: pd.DataFrame) -> None:
    with pytest.raises(BadTable):
        snb.your_year("activities", 2025)  # type: ignore[arg-type]
    with pytest.raises(BadTable, match="distance"):
        snb.your_year(table.drop(columns="distance"), 2025)
    with pytest.raises(BadInput, match="units"):
        snb.your_year(table, 2025, units="nautical")  # type: ignore[arg-type]


# --- files


def test_page_and_picture_are_written_whole_under_names_that_say_what_they_are(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    year = snb.your_year(table, 2025, today=TODAY)
    assert year.save(tmp_path) == tmp_path / "your_year_2025.html"
    assert (tmp_path / "your_year_2025.html").read_text("utf-8") == year.page
    assert year.save_picture(tmp_path) == tmp_path / "your_year_2025.png"
    png = (tmp_path / "your_year_2025.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (1080, 1350)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["your_year_2025.html", "your_year_2025.png"]
    with pytest.raises(CannotWrite):
        year.save(tmp_path / "no" / "year.html")


def test_a_picture_shows_itself(table: pd.DataFrame) -> None:
    picture = snb.your_year(table, 2025, today=TODAY).picture
    assert picture._repr_mimebundle_()[0] == {"image/png": picture.png}


def test_a_year_of_the_demo_athletes_says_so_everywhere(tmp_path: Path) -> None:
    records = [one(n, f"2026-01-{n:02}T09:00:00") for n in (1, 2)]
    own, demo = (snb.your_year(table_of(*records, source=door), today=TODAY) for door in ("export", "demo"))
    assert Page(demo.page).of("span.demo") == ["DEMO"]
    assert not Page(own.page).of("span.demo")
    assert demo.save(tmp_path).name == "DEMO_your_year_2026.html"
    assert demo.picture.png != own.picture.png
