"""The activity picker: what it lists, what is picked, and that nothing of it is kept where it is saved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import strava_nb as snb
from strava_nb import tables
from strava_nb.errors import BadInput, BadTable
from strava_nb.wanted import ids_of
from strava_nb.widgets import activities as room
from strava_nb.widgets import words
from strava_nb.widgets.activities import ActivityPicker

if TYPE_CHECKING:
    from lab import Lab
    from panel_page import PartPage
    from playwright.sync_api import Browser, Locator

SAID = words.ACTIVITIES
NASTY = "<img src=x onerror='window.ran = 1'>\n$a$ \u202egnp.exe"


def record(number: int, name: str | None, day: str, sport: str, *done: float) -> dict[str, Any]:
    moment, (metres, seconds) = f"{day}T07:30:00Z", done
    return {
        "id": number, "name": name, "sport_type": sport, "start_date": moment, "start_date_local": moment,
        "distance": metres, "moving_time": seconds, "elapsed_time": seconds, "timezone": "(GMT+00:00) UTC",
    }  # fmt: skip


RECORDS = [
    record(2**53 + 1, "Über den Paß", "2026-06-14", "Ride", 82_300, 11_000),
    record(12, "Tempo 10", "2026-06-12", "Run", 10_000, 2_700),
    record(13, "Tempo 9", "2026-05-30", "Run", 9_000, 2_500),
    record(14, None, "2026-05-02", "WeightTraining", 0, 3_600),
    record(15, NASTY, "2025-12-31", "Ride", 20_000, 3_000),
]
NEWEST = 2**53 + 1


@pytest.fixture
def table() -> pd.DataFrame:
    return tables.activities(RECORDS, source="api")


@pytest.fixture
def picker(table: pd.DataFrame) -> ActivityPicker:
    return snb.activity_picker(table)


def page(picker: ActivityPicker, *numbers: int) -> None:
    """What the script in the page sends: these rows are picked."""
    picker._handle_custom_msg({"type": "picked", "picked": list(numbers), "by": "view"}, [])


def test_the_newest_is_picked_until_another_is(picker: ActivityPicker) -> None:
    assert picker.value == [NEWEST]
    page(picker, 2, 1)
    assert picker.value == [12, 13]
    page(picker)
    assert picker.value == []


def test_the_newest_comes_first_in_whatever_order_and_what_has_no_date_last(
    table: pd.DataFrame,
) -> None:
    table.loc[1, "start_date_local"] = pd.NaT
    picker = snb.activity_picker(table.sort_values("distance"))
    assert [one["name"] for one in RECORDS if one["id"] == picker.value[0]] == ["Über den Paß"]
    page(picker, *range(5))
    assert picker.value == [NEWEST, 13, 14, 15, 12]


@pytest.mark.parametrize(("wish", "ids"), [(13, [13]), ([15, NEWEST], [NEWEST, 15]), ([], [])])
def test_what_is_wanted_is_picked_at_first(table: pd.DataFrame, wish: Any, ids: list[int]) -> None:
    assert snb.activity_picker(table, wish).value == ids
    assert snb.activity_picker(table, table[table["id"].isin(ids)]).value == ids
    picker = snb.activity_picker(table)
    picker.value = wish
    assert picker.value == ids


@pytest.mark.parametrize("wish", [99, [12, 99]])
def test_an_activity_that_the_table_lacks_is_said_and_changes_nothing(
    table: pd.DataFrame, picker: ActivityPicker, wish: Any
) -> None:
    with pytest.raises(BadInput, match="no activity 99 in this table"):
        snb.activity_picker(table, wish)
    with pytest.raises(BadInput, match="no activity 99 in this table"):
        picker.value = wish
    assert picker.value == [NEWEST]


@pytest.mark.parametrize("numbers", [[5], [-1, 0], ["x"]])
def test_a_nonsense_from_the_page_is_said_and_changes_nothing(picker: ActivityPicker, numbers: Any) -> None:
    page(picker, *numbers)
    assert picker.view["problem"]["what"]
    assert picker.value == [NEWEST]
    page(picker, 1)
    assert picker.view["problem"] is None


@pytest.mark.parametrize("wrong", [None, [1, 2], pd.DataFrame({"id": [1]})])
def test_what_is_no_table_of_activities_is_refused(wrong: Any) -> None:
    with pytest.raises(BadTable, match="not a table of activities"):
        snb.activity_picker(wrong)


def test_the_readable_view_and_unknown_units_are_refused(table: pd.DataFrame) -> None:
    with pytest.raises(BadTable):
        snb.activity_picker(snb.readable(table))
    with pytest.raises(BadInput, match="furlongs"):
        snb.activity_picker(table, units="furlongs")  # type: ignore[arg-type]


def test_of_an_empty_table_nothing_is_picked(table: pd.DataFrame) -> None:
    assert snb.activity_picker(table.head(0)).value == []


def test_a_pick_asks_to_run_the_cells_until_it_is_used(picker: ActivityPicker) -> None:
    assert not picker.view["hint"]
    page(picker, 1)
    assert picker.view["hint"]
    _ = picker.value
    assert not picker.view["hint"]


def test_the_verbs_take_the_picker() -> None:
    source = snb.open_demo(today=date(2026, 6, 15))
    activities = snb.get_activities(source, ("2026-06-01", None), progress=False)
    picker = snb.activity_picker(activities)
    page(picker, 0, 1)
    assert ids_of(picker) == activities["id"].head(2).tolist()
    streams = snb.get_streams(source, picker, progress=False)
    assert streams["activity_id"].unique().tolist() == picker.value


def test_nothing_of_the_table_is_in_the_widgets_state_or_its_repr(table: pd.DataFrame) -> None:
    picker = snb.activity_picker(table.assign(name="Secret lane", sport_type="Ride"))
    page(picker, 1, 2)
    told = json.dumps(picker.get_state(), default=str) + repr(picker)
    assert SAID["search"] in told
    for secret in ("Secret", "2026-06", str(NEWEST), "82.3", "11000", "11_000", "[1, 2]"):
        assert secret not in told


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A notebook's cell that runs from now on, or runs again."""
    runs = count()

    def run(name: str) -> None:
        run = {"metadata": {"cellId": name}, "header": {"msg_id": f"run {next(runs)}"}}
        monkeypatch.setattr("strava_nb.widgets.reruns._parent", lambda: run)

    monkeypatch.setattr(room, "_picked", {})
    return run


def test_a_pick_outlives_the_next_run_of_its_cell(cell: Callable[[str], None], table: pd.DataFrame) -> None:
    cell("one")
    page(snb.activity_picker(table), 1, 3)
    cell("two")
    assert snb.activity_picker(table).value == [NEWEST]
    cell("one")
    assert snb.activity_picker(table).value == [12, 14]


def test_a_pick_is_kept_by_its_id_as_far_as_the_new_table_has_it(
    cell: Callable[[str], None], table: pd.DataFrame
) -> None:
    cell("one")
    page(snb.activity_picker(table), 1, 3)
    cell("one")
    assert snb.activity_picker(table.iloc[2:]).value == [14]
    cell("one")
    assert snb.activity_picker(table.iloc[[2, 4]]).value == [13], "none is left: the newest"
    cell("one")
    assert snb.activity_picker(table).value == [12, 14], "with other dates it is back"


def test_another_wish_in_the_code_wins_over_what_was_picked(
    cell: Callable[[str], None], table: pd.DataFrame
) -> None:
    cell("one")
    page(snb.activity_picker(table), 1)
    cell("one")
    assert snb.activity_picker(table, 15).value == [15]


def test_rows_to_begin_with_follow_the_table_and_are_no_other_wish(
    cell: Callable[[str], None], table: pd.DataFrame
) -> None:
    for rows in (table, table.iloc[1:]):
        cell("one")
        assert snb.activity_picker(rows, rows.head(1)).value == rows["id"].head(1).tolist()
    page(snb.activity_picker(table, table.head(1)), 3)
    cell("one")
    snb.activity_picker(table, table.tail(1))
    assert snb.activity_picker(table, table.tail(1)).value == [14]


# --- in a browser


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., PartPage]]:
    """Shows a picker in a real browser, without Jupyter."""
    from panel_page import PartPage

    shown: list[PartPage] = []

    def shows(picker: ActivityPicker, **options: Any) -> PartPage:
        shown.append(PartPage(browser, picker, **{"locale": "en-GB", **options}))
        return shown[-1]

    yield shows
    for one in shown:
        one.page.context.close()


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
    from lab import menu, outputs, run_all, save
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
    menu(page, "Settings", "Save Widget State Automatically")
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
