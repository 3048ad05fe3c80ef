"""A year on one page and one picture: hidden, escaped, asking nobody, written whole."""

from __future__ import annotations

import html
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pytest

import strava_nb as snb
from strava_nb.earth import steps
from strava_nb.errors import CannotWrite
from strava_nb.pages.drawing import sketch
from strava_nb.pages.hidden_lines import hidden_courses
from strava_nb.plots.courses import Courses

if TYPE_CHECKING:
    from photographs import Photograph
    from playwright.sync_api import Browser, Dialog, Route

from years import HOME, NASTY, TODAY, Page, loop, one, past, shown, table_of, told, years

pytestmark = pytest.mark.slow

PAGES: tuple[tuple[int, Literal["dark", "light"]], ...] = ((480, "dark"), (1280, "light"))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return years()


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
    page = told().page
    this = table[table["start_date_local"].dt.year == 2025].reset_index(drop=True)
    drawn = sketch(hidden_courses(this, drawn=np.full(len(this), True)))
    assert drawn is not None
    hero = page.split('class="everywhere"')[1].split("</svg>")[0]
    assert hero.count("<path") == len(drawn.lines)
    for text in (*this["polyline"].dropna().unique(), "46.94", "7.447", "7.44"):
        assert html.escape(str(text)) not in page
    assert "Not drawn: what lies within 200 m of where an activity began or ended." in Page(page).text


def test_a_line_has_the_points_that_show_and_no_others() -> None:
    turn = np.linspace(0, 2 * np.pi, 3000)
    ring = np.stack([47 + 0.1 * np.cos(turn), 8 + 0.1 * np.sin(turn) / np.cos(np.radians(47))], axis=1)
    there = np.stack([np.linspace(47, 47.2, 301), np.full(301, 8.0)], axis=1)
    drawn = sketch(Courses([ring, np.concatenate([there, there[-2::-1]])], np.array([0, 1])))
    assert drawn is not None
    round_line, and_back = drawn.lines
    assert 40 < len(round_line) < 200
    middle, across = (round_line.max(axis=0) + round_line.min(axis=0)) / 2, np.ptp(round_line, axis=0)
    on_it = np.concatenate([round_line, (round_line[1:] + round_line[:-1]) / 2])
    off = np.hypot(*((on_it - middle) / across).T) - 0.5
    assert np.abs(off).max() * across.max() < 2  # what is unseen, and places rounded
    assert len(and_back) < 20
    assert np.ptp(and_back[:, 1]) == pytest.approx(across[1], abs=1)


@pytest.mark.browser
def test_in_a_lab_it_is_as_light_as_the_lab(browser: Browser) -> None:
    context = browser.new_context(color_scheme="null")  # the system's own, which Playwright hides by default
    page = context.new_page()
    page.set_content(told()._repr_html_())
    inside = page.frames[1]
    for light, paper in (("true", "rgb(251, 247, 240)"), ("false", "rgb(20, 23, 31)")):
        page.evaluate("light => document.body.setAttribute('data-jp-theme-light', light)", light)
        shown = "paper => getComputedStyle(document.body).backgroundColor === paper"
        assert inside.wait_for_function(shown, arg=paper)
    context.close()


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
    assert [tag for tag, _ in outer.tags] == ["style", "iframe"]
    assert outer.tags[1][1]["srcdoc"] == year.page
    assert outer.tags[1][1]["sandbox"] == ""


def test_the_page_asks_nobody_for_anything() -> None:
    year = told()
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
    browser: Browser, table: pd.DataFrame, tmp_path: Path, photograph: Photograph
) -> None:
    named = table.head(60).assign(name=NASTY)
    pages = [
        snb.your_year(named, 2025, today=TODAY).save(tmp_path / "year.html"),
        snb.report(named, tmp_path / "report.html"),
    ]
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(lambda url: not url.startswith(("file:", "data:")), refuse)

    def dismiss(dialog: Dialog) -> None:
        said.append("a dialog")
        dialog.dismiss()

    page.route(lambda url: not url.startswith(("file:", "data:")), refuse)
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", dismiss)
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
        for width, scheme in PAGES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            photograph(page, f"{path.stem}-{width}-{scheme}.png")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert not said
    assert not asked


def test_page_and_picture_are_written_whole_under_names_that_say_what_they_are(tmp_path: Path) -> None:
    year = told()
    assert year.save(tmp_path) == tmp_path / "your_year_2025.html"
    assert (tmp_path / "your_year_2025.html").read_text("utf-8") == year.page
    assert year.save_picture(tmp_path) == tmp_path / "your_year_2025.png"
    png = (tmp_path / "your_year_2025.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (1080, 1350)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["your_year_2025.html", "your_year_2025.png"]
    with pytest.raises(CannotWrite):
        year.save(tmp_path / "no" / "year.html")


def test_a_picture_shows_itself() -> None:
    picture = told().picture
    assert picture._repr_mimebundle_()[0] == {"image/png": picture.png}


def test_a_year_of_the_demo_athletes_says_so_everywhere(tmp_path: Path) -> None:
    records = [one(n, f"2026-01-{n:02}T09:00:00") for n in (1, 2)]
    own, demo = (snb.your_year(table_of(*records, source=door), today=TODAY) for door in ("export", "demo"))
    assert Page(demo.page).of("span.demo") == ["DEMO"]
    assert not Page(own.page).of("span.demo")
    assert demo.save(tmp_path).name == "DEMO_your_year_2026.html"
    assert demo.picture.png != own.picture.png
