"""The activity picker in a browser: pressed, searched, sorted, by keyboard, with ten thousand rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from picker_table import NASTY, RECORDS, SAID, record

import strava_nb as snb
from strava_nb import tables
from strava_nb.widgets.activities import ActivityPicker

if TYPE_CHECKING:
    from lab import Lab
    from panel_page import PartPage
    from playwright.sync_api import Locator


@pytest.fixture
def table() -> pd.DataFrame:
    return tables.activities(RECORDS, source="api")


@pytest.fixture
def picker(table: pd.DataFrame) -> ActivityPicker:
    return snb.activity_picker(table)


# --- in a browser


def listed(shown: PartPage, kind: str = "name") -> Locator:
    return shown.page.locator(f".snb-activities-rows .snb-activities-{kind}")


def search(shown: PartPage) -> Locator:
    return shown.page.get_by_label("Search", exact=True)


def picked_in(shown: PartPage, *names: str) -> None:
    """Wait until exactly these are picked."""
    from playwright.sync_api import expect

    rows = shown.page.locator(".snb-activities-rows [aria-selected=true]")
    expect(rows.locator(".snb-activities-name")).to_have_text(list(names))
    expect(rows.locator("input:checked")).to_have_count(len(names))


def value(shown: PartPage) -> list[int]:
    """What the kernel says is picked, once it has heard of it."""
    shown.settled()
    assert isinstance(shown.part, ActivityPicker)
    return shown.part.value


@pytest.mark.browser
def test_a_press_picks_one_alone_and_boxes_ctrl_and_shift_pick_several(
    picker: ActivityPicker, show: Callable[..., PartPage]
) -> None:
    from playwright.sync_api import expect

    shown = show(picker)
    picked_in(shown, "Über den Paß")
    expect(shown.page.get_by_text("Picked: Über den Paß, Sun, 14 Jun 2026.")).to_be_visible()
    expect(listed(shown, "distance")).to_have_text(["82.3 km", "10.0 km", "9.0 km", "", "20.0 km"])
    expect(listed(shown, "time").nth(0)).to_have_text("3:03:20")
    expect(listed(shown).nth(3)).to_have_text("(no name)")

    listed(shown).nth(1).click()
    picked_in(shown, "Tempo 10")
    shown.page.get_by_label("Also: Tempo 9").click()
    picked_in(shown, "Tempo 10", "Tempo 9")
    expect(shown.page.get_by_text("2 picked: 19.0 km and 1:26:40 in all.")).to_be_visible()
    expect(shown.page.get_by_text(SAID["hint"])).to_be_visible()
    assert value(shown) == [12, 13]
    shown.page.get_by_label("Also: Tempo 10").click()
    listed(shown).nth(0).click(modifiers=["Control"])
    picked_in(shown, "Über den Paß", "Tempo 9")
    listed(shown).nth(1).click()
    listed(shown).nth(3).click(modifiers=["Shift"])
    picked_in(shown, "Tempo 10", "Tempo 9", "(no name)")
    expect(shown.page.get_by_text(SAID["hint"])).to_be_visible()
    assert value(shown) == [12, 13, 14]


@pytest.mark.browser
def test_a_search_finds_names_sports_and_days_without_accents_and_capitals(
    picker: ActivityPicker, show: Callable[..., PartPage]
) -> None:
    from playwright.sync_api import expect

    shown = show(picker)
    for words_typed, names in {
        "uber": ["Über den Paß"],
        "RUN tempo": ["Tempo 10", "Tempo 9"],
        "sunday 2026": ["Über den Paß"],
        "may weight": ["(no name)"],
        "2026-05": ["Tempo 9", "(no name)"],
    }.items():
        search(shown).fill(words_typed)
        expect(listed(shown)).to_have_text(names)
    expect(shown.page.get_by_text("2 of 5")).to_be_visible()
    shown.page.get_by_label("All that are listed").click()
    search(shown).fill("")
    picked_in(shown, "Über den Paß", "Tempo 9", "(no name)")
    search(shown).fill("tempo submarine")
    expect(shown.page.get_by_text(SAID["none_found"])).to_be_visible()
    search(shown).press("Enter")
    search(shown).fill("")
    picked_in(shown, "Über den Paß", "Tempo 9", "(no name)")


@pytest.mark.browser
def test_a_heading_sorts_and_once_more_turns_it_round(
    picker: ActivityPicker, show: Callable[..., PartPage]
) -> None:
    from playwright.sync_api import expect

    shown = show(picker)
    heads = shown.page.get_by_role("columnheader")
    expect(heads.nth(1)).to_have_attribute("aria-sort", "descending")
    for title, distances in {
        "Distance": ["82.3 km", "20.0 km", "10.0 km", "9.0 km", ""],
        "Name": ["20.0 km", "9.0 km", "10.0 km", "82.3 km", ""],  # <, 9 before 10, U, and what has none
    }.items():
        shown.page.get_by_role("button", name=title).click()
        expect(listed(shown, "distance")).to_have_text(distances)
    shown.page.get_by_role("button", name="Name").click()
    expect(listed(shown, "distance")).to_have_text(["82.3 km", "10.0 km", "9.0 km", "20.0 km", ""])
    expect(heads.nth(2)).to_have_attribute("aria-sort", "descending")
    picked_in(shown, "Über den Paß")


@pytest.mark.browser
def test_it_is_usable_by_keyboard_alone(picker: ActivityPicker, show: Callable[..., PartPage]) -> None:
    from playwright.sync_api import expect

    shown = show(picker)
    keys = shown.page.keyboard
    search(shown).focus()
    keys.type("tempo")
    keys.press("Enter")
    expect(listed(shown)).to_have_count(2)
    keys.press("ArrowDown")
    grid = shown.page.get_by_role("grid")
    expect(grid).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Space")
    picked_in(shown, "Tempo 10", "Tempo 9")
    active = shown.page.locator(f"#{grid.get_attribute('aria-activedescendant')}")
    expect(active).to_have_attribute("aria-selected", "true")
    expect(active).to_contain_text("Tempo 9")
    assert active.evaluate("row => getComputedStyle(row).outlineStyle") == "solid"
    keys.press("Enter")
    picked_in(shown, "Tempo 9")
    keys.press("Home")
    keys.press("ArrowUp")
    expect(search(shown)).to_be_focused()
    keys.press("ArrowDown")
    keys.type(" 10")  # a space picks, a letter goes back to the search
    expect(search(shown)).to_have_value("tempo10")


@pytest.mark.browser
def test_a_name_is_text_whatever_is_in_it(picker: ActivityPicker, show: Callable[..., PartPage]) -> None:
    from playwright.sync_api import expect

    shown = show(picker)
    expect(listed(shown).nth(4)).to_have_text(NASTY, use_inner_text=False)
    listed(shown).nth(4).click()
    expect(shown.page.locator(".snb-activities-said")).to_contain_text("onerror")
    assert shown.page.locator("#panel img").count() == 0
    assert shown.page.evaluate("window.ran") is None


@pytest.mark.browser
def test_what_code_sets_is_shown_and_demo_rows_are_marked(
    table: pd.DataFrame, show: Callable[..., PartPage]
) -> None:
    from playwright.sync_api import expect

    own, demo = snb.activity_picker(table), snb.activity_picker(table.assign(source="demo"), units="imperial")
    shown = show(own)
    picked_in(shown, "Über den Paß")
    own.value = [12, 14]
    picked_in(shown, "Tempo 10", "(no name)")
    expect(shown.page.get_by_text("DEMO")).to_be_hidden()
    shown = show(demo)
    expect(shown.page.get_by_text("DEMO")).to_be_visible()
    expect(listed(shown, "distance").nth(0)).to_have_text("51.1 mi")


@pytest.mark.browser
def test_an_empty_table_has_a_sentence(table: pd.DataFrame, show: Callable[..., PartPage]) -> None:
    from playwright.sync_api import expect

    shown = show(snb.activity_picker(table.head(0)))
    expect(shown.page.get_by_text(SAID["empty"])).to_be_visible()
    expect(shown.page.get_by_role("grid")).to_be_hidden()


@pytest.mark.browser
def test_of_ten_thousand_rows_only_those_in_sight_are_drawn(show: Callable[..., PartPage]) -> None:
    from playwright.sync_api import expect

    many = [record(n, f"Round {n}", "2026-01-01", "Ride", n * 10, n) for n in range(1, 10_001)]
    picker = snb.activity_picker(tables.activities(many, source="api"), 5_000)
    shown = show(picker)
    picked_in(shown, "Round 5000")
    grid = shown.page.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", "10001")
    shown.page.get_by_role("button", name="Distance").click()
    expect(listed(shown).nth(0)).to_have_text("Round 10000")
    grid.press("End")
    expect(listed(shown).last).to_have_text("Round 1")
    assert listed(shown).count() < 40
    search(shown).fill("round 777")
    expect(shown.page.get_by_text("19 of 10,000")).to_be_visible()
    shown.page.get_by_label("All that are listed").click()
    search(shown).fill("")
    expect(shown.page.get_by_text("20 picked")).to_be_visible()
    assert len(value(shown)) == 20


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 480, 320])
def test_nothing_is_cut_off_or_overlaps_at_any_width(
    picker: ActivityPicker, show: Callable[..., PartPage], width: int
) -> None:
    from playwright.sync_api import expect

    shown = show(picker, viewport={"width": width, "height": 800})
    expect(listed(shown)).to_have_count(5)
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [shown.page.locator("[data-at]").nth(n).bounding_box() for n in range(5)]
    for above, below in pairwise(boxes):
        assert above and below and above["y"] + above["height"] <= below["y"] + 0.5
    first = shown.page.locator("[data-at='0']")
    for kind in ("date", "name", "sport", "distance", "time"):
        cell = first.locator(f".snb-activities-{kind}")
        assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), kind


@pytest.mark.browser
def test_in_lab_a_pick_outlives_run_all_and_is_not_saved_with_the_notebook(lab: Callable[..., Lab]) -> None:
    from lab import outputs, run_all, save
    from playwright.sync_api import expect

    one = lab()
    path = one.notebook(
        "a.ipynb",
        "import datetime, strava_nb as snb\nsource = snb.open_demo(today=datetime.date(2026, 6, 15))",
        "activities = snb.get_activities(source, ('2026-05-01', None), progress=False)\n"
        "picker = snb.activity_picker(activities)\npicker",
        "streams = snb.get_streams(source, picker, progress=False)\n"
        "print('picked', (picker.value == activities['id'].iloc[[0, 2]].tolist(),\n"
        "      streams['activity_id'].nunique()))",
    )
    page = one.open("a.ipynb")
    one.save_widgets()
    run_all(page)
    names = page.locator(".snb-activities-rows .snb-activities-name")
    first, other = names.nth(0).inner_text(), names.nth(2).inner_text()
    page.locator(".snb-activities-list").focus()
    page.keyboard.type("dd")  # which is Lab's command for deleting a cell
    expect(page.locator(".jp-Cell")).to_have_count(3)
    page.get_by_label("Search", exact=True).fill("")
    page.get_by_label(f"Also: {other}").first.click()
    expect(page.get_by_text(SAID["hint"])).to_be_visible()
    run_all(page)
    expect(outputs(page).filter(has_text="picked (")).to_contain_text("(True, 2)")
    expect(page.locator(".snb-activities-said")).to_contain_text("2 picked")
    save(page)
    text = path.read_text("utf-8")
    assert json.loads(text)["metadata"]["widgets"], "the state was saved"
    assert SAID["search"] in text
    for told in (first, other, "2026-06-1"):
        assert told not in text
