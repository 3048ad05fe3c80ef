"""The button Your year: pressed, it makes page and picture, and no way of ending leaves it stuck."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pytest
from panel_page import PartPage
from playwright.sync_api import expect

import strava_nb as snb
from strava_nb.errors import BadTable, RateLimited
from strava_nb.signin import session as sessions
from strava_nb.sources.source import Progress
from strava_nb.widgets import words
from strava_nb.widgets.year import YearButton

if TYPE_CHECKING:
    from photographs import Photograph
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

DAYS = {1: "2024-03-02T08:00:00", 2: "2025-05-01T08:00:00", 3: "2025-06-01T08:00:00"}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return snb.tables.activities(
        [
            {"id": number, "name": f"Nobody calls it {number}", "sport_type": "Ride", "distance": 30_000.0,
             "moving_time": 4000, "start_date": f"{day}Z", "start_date_local": f"{day}Z"}
            for number, day in DAYS.items()
        ],
        source="export",
    )  # fmt: skip


class Kernel:
    """A page without a browser: what it sends, and what it hears until something is over."""

    def __init__(self, button: YearButton, monkeypatch: pytest.MonkeyPatch) -> None:
        self.button = button
        self.heard: list[dict[str, Any]] = []
        self._over: SimpleQueue[tuple[dict[str, Any], list[bytes]]] = SimpleQueue()
        monkeypatch.setattr(button, "send", self._hear)

    def _hear(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.heard.append(content)
        if content["type"] in {"made", "failed", "stopped"}:
            self._over.put((content, list(buffers or ())))

    def says(self, kind: str, **content: Any) -> None:
        self.button._handle_custom_msg({"type": kind, "asker": "view/1", **content}, [])

    def ends(self) -> tuple[dict[str, Any], list[bytes]]:
        """The next message that is an end."""
        return self._over.get(timeout=60)

    def makes(self, year: int | None = None) -> tuple[dict[str, Any], list[bytes]]:
        """Press, and what came of it."""
        self.says("make", year=year)
        return self.ends()


def test_a_press_makes_the_newest_year_and_names_both_files(
    table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = Kernel(YearButton(table), monkeypatch)
    answer, (page, picture) = kernel.makes()
    assert (answer["type"], answer["year"], answer["years"]) == ("made", 2025, [2024, 2025])
    assert answer["names"] == ["your_year_2025.html", "your_year_2025.png"]
    assert page.decode() == snb.your_year(table).page
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    said = [content["said"] for content in kernel.heard if content["type"] == "step"]
    assert said == [words.YEAR["pulling"], words.YEAR["page"], words.YEAR["picture"]]


def test_another_year_is_made_of_the_table_that_was_pulled(
    table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulls = []

    def pull() -> pd.DataFrame:
        pulls.append(1)
        return table

    kernel = Kernel(YearButton(pull), monkeypatch)
    kernel.makes()
    answer, (page, _) = kernel.makes(2024)
    assert (answer["year"], len(pulls)) == (2024, 1)
    assert page.decode() == snb.your_year(table, 2024).page
    kernel.makes()
    assert len(pulls) == 2, "the button itself asks anew"


def test_a_year_of_ones_own_and_units_are_taken(table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Kernel(YearButton(table, year=2024, units="imperial"), monkeypatch)
    answer, (page, _) = kernel.makes()
    assert answer["year"] == 2024
    assert page.decode() == snb.your_year(table, 2024, units="imperial").page


def test_what_goes_wrong_is_said_to_the_page_and_a_press_tries_again(
    table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    error: list[Exception] = [RateLimited("Strava asks to wait.", "Try again at 12:15."), KeyError("s3cr3t")]

    def pull() -> pd.DataFrame:
        if error:
            raise error.pop(0)
        return table

    kernel = Kernel(YearButton(pull), monkeypatch)
    known, _ = kernel.makes()
    assert known["problem"] == {"what": "Strava asks to wait.", "to_do": "Try again at 12:15."}
    unknown, _ = kernel.makes()
    assert "KeyError" in unknown["problem"]["what"]
    assert "s3cr3t" not in str(unknown)
    assert kernel.makes()[0]["type"] == "made"


def test_a_table_that_is_none_of_activities_is_said() -> None:
    with pytest.raises(BadTable, match="not a table of activities but a str"):
        YearButton(cast(Any, "activities"))


def test_what_is_no_table_of_activities_is_said_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, _ = Kernel(YearButton(pd.DataFrame({"a": [1]})), monkeypatch).makes()
    assert "not a table of activities" in answer["problem"]["what"]


def test_cancel_stops_the_pull_and_nothing_comes_of_it(
    table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def pull() -> pd.DataFrame:
        cancel = button.cancel
        button.tell(Progress("Activities", 200, 1000, "Strava asks to wait."))
        begun.set()
        assert cancel.wait(60)
        ended.set()
        return table

    button = YearButton(pull)
    kernel = Kernel(button, monkeypatch)
    kernel.says("make")
    assert begun.wait(60)
    assert kernel.heard[-1]["said"] == "Activities: 200 of 1,000 … Strava asks to wait."
    kernel.says("cancel")
    assert ended.wait(60)
    assert kernel.ends()[0] == {"type": "stopped", "asker": "view/1"}
    for thread in threading.enumerate():
        if thread.name == "strava-nb year":
            thread.join(60)
    assert [content["type"] for content in kernel.heard] == ["step", "step", "stopped"]


def test_a_second_page_that_presses_stops_the_first_one_which_hears_of_it(
    table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = threading.Event()
    begun = threading.Event()

    def pull() -> pd.DataFrame:
        if not begun.is_set():
            begun.set()
            assert first.wait(60)
        return table

    kernel = Kernel(YearButton(pull), monkeypatch)
    kernel.says("make")
    assert begun.wait(60)
    kernel.says("make", asker="other/1")
    assert kernel.ends()[0] == {"type": "stopped", "asker": "view/1"}
    made, _ = kernel.ends()
    assert (made["type"], made["asker"]) == ("made", "other/1")
    first.set()


def test_what_is_amiss_is_told_on_the_page_and_warns_in_no_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [{"id": 1, "sport_type": "Run", "start_date_local": "2025-06-01T08:00:00Z"}]
    door = SimpleNamespace(
        name="export", problems=["One activity could not be read."], activities=lambda *_, **__: records
    )
    button = YearButton(lambda: snb.get_activities(door, progress=False))
    answer, _ = Kernel(button, monkeypatch).makes()
    assert answer["problems"] == ["One activity could not be read."]


def test_nothing_of_the_table_is_in_what_is_saved(
    table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = YearButton(table)
    Kernel(button, monkeypatch).makes()
    assert "Nobody calls it" not in json.dumps(button.get_state())
    assert "2025" not in json.dumps(button.view)


def test_over_demo_rows_it_asks_to_run_again_once_an_export_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = snb.tables.activities([{"id": 1, "start_date_local": "2025-06-01T08:00:00Z"}], source="demo")
    button = YearButton(demo)
    kernel = Kernel(button, monkeypatch)
    assert kernel.makes()[0]["names"] == ["DEMO_your_year_2025.html", "DEMO_your_year_2025.png"]
    sessions.session().open(object(), lambda: None)
    assert button.view["refused"] == words.SINCE["opened"]
    assert kernel.makes()[0]["problem"]["what"] == words.SINCE["opened"]
    sessions.reset()


def test_what_was_put_away_is_forgotten(table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    button = YearButton(lambda: table)
    kernel = Kernel(button, monkeypatch)
    kernel.makes()
    button.put_away(hidden=True)
    assert (button.view["hidden"], button._pulled) == (True, None)
    assert kernel.heard[-1] == {"type": "put_away"}
    button.let_go()
    assert kernel.makes()[0]["problem"]["what"] == words.YEAR["run_again"]


@pytest.mark.browser
def test_a_click_shows_the_year_and_saves_both_files(
    browser: Browser, table: pd.DataFrame, tmp_path: Path, photograph: Photograph
) -> None:
    begun, go = threading.Event(), threading.Event()

    def pull() -> pd.DataFrame:
        begun.set()
        assert go.wait(60)
        return table

    one = PartPage(browser, YearButton(pull), viewport={"width": 480, "height": 1000}, color_scheme="dark")
    page = one.page
    press = page.get_by_role("button", name="Your year")
    press.press("Enter")
    expect(page.get_by_text(words.YEAR["pulling"])).to_be_visible()
    expect(press).to_have_attribute("aria-busy", "true")
    photograph(page, "year-working.png")
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(press).to_be_focused()
    expect(page.get_by_text(words.YEAR["pulling"])).to_have_count(0)
    go.set()
    press.press("Enter")
    expect(page.frame_locator("iframe").locator(".big").first).to_be_visible()
    expect(page.get_by_role("img", name="The picture to post")).to_be_visible()
    for name, ending, begins in (
        ("Save the page", "html", b"<!doctype"),
        ("Save the picture", "png", b"\x89PNG"),
    ):
        with page.expect_download() as caught:
            page.get_by_role("button", name=name).click()
        assert caught.value.suggested_filename == f"your_year_2025.{ending}"
        caught.value.save_as(tmp_path / "saved")
        assert (tmp_path / "saved").read_bytes().startswith(begins)
        expect(page.get_by_text(f"your_year_2025.{ending} is in your downloads folder.")).to_be_visible()
    photograph(page, "year-made-480.png")
    page.get_by_label("Year").select_option("2024")
    expect(page.get_by_title("Your year 2024")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(press).to_be_focused()
    page.context.close()


@pytest.mark.browser
def test_a_year_that_was_not_made_leaves_the_shown_one_and_its_number(
    browser: Browser, table: pd.DataFrame, photograph: Photograph
) -> None:
    button = YearButton(table)
    one = PartPage(browser, button, viewport={"width": 1280, "height": 900})
    page = one.page
    page.get_by_role("button", name="Your year").click()
    expect(page.get_by_title("Your year 2025")).to_be_visible()
    photograph(page, "year-made-1280.png")
    button.units = cast(Any, "furlongs")
    page.get_by_label("Year").select_option("2024")
    expect(page.get_by_role("alert")).to_contain_text("furlongs")
    expect(page.get_by_label("Year")).to_have_value("2025")
    expect(page.get_by_title("Your year 2025")).to_be_visible()
    page.context.close()
