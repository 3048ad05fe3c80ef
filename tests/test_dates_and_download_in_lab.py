"""Date picker and download buttons as a person meets them: in a real JupyterLab, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from lab import Lab, outputs, run_all, save
from panel_page import press
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

IMPORTS = "import datetime, strava_nb as snb\nsource = snb.open_demo(today=datetime.date(2026, 6, 15))"
PICK = "dates = snb.date_picker()\ndates"
PULL = (
    "table = snb.get_activities(source, dates, progress=False)\n"
    "days = table['start_date_local'].dt.date\n"
    "print('pulled', dates.value[0], dates.value[1], len(table), days.min(), days.max())"
)
TABLE = "table = snb.get_activities(source, 2026, progress=False)\ntable.to_pickle('shown.pkl')"


@pytest.fixture
def one(lab: Callable[..., Lab]) -> Lab:
    return lab()


def field(page: Page, label: str) -> Locator:
    return page.locator(".snb-dates").get_by_label(label, exact=True)


def pulled(page: Page) -> list[str]:
    """What the cell PULL printed."""
    printed = outputs(page).filter(has_text=re.compile("^pulled")).inner_text()
    return printed.split()[1:]


def types(page: Page, label: str, keys: str) -> None:
    """Click into the field's month and type, as a person does."""
    at = field(page, label)
    at.click(position={"x": 15, "y": 15})
    page.keyboard.type(keys)


def test_what_is_picked_is_what_run_all_pulls(one: Lab) -> None:
    one.notebook("a.ipynb", IMPORTS, PICK, PULL)
    # The demo athlete's last day is this day's eve; so is the person's in this browser.
    context = one.context()
    context.clock.set_fixed_time("2026-06-15T12:00:00")
    page = one.open("a.ipynb", context)
    run_all(page)
    expect(field(page, "To")).to_have_value("2026-06-15")
    expect(field(page, "From")).to_have_value("2025-06-16")

    field(page, "Dates").select_option(label="Last 30 days")
    expect(field(page, "From")).to_have_value("2026-05-17")
    expect(page.get_by_text("Run the cells below again to use these dates.")).to_be_visible()
    run_all(page)
    start, end, count, first, last = pulled(page)
    assert (start, end) == ("2026-05-17", "2026-06-15")
    assert 5 < int(count) < 60
    assert start <= first <= last <= end
    expect(field(page, "Dates")).to_have_value("last 30 days")
    expect(page.get_by_text("Run the cells below again to use these dates.")).to_have_count(0)

    types(page, "From", "03032026")  # the same day, whether months or days go first
    expect(field(page, "Dates")).to_have_value("")
    types(page, "To", "05052026")
    run_all(page)
    start, end, count, first, last = pulled(page)
    assert (start, end) == ("2026-03-03", "2026-05-05")
    assert int(count)
    assert start <= first <= last <= end

    field(page, "From").fill("")
    run_all(page)
    assert pulled(page)[:2] == ["None", "2026-05-05"]


def test_dates_that_cannot_be_meant_are_said_under_the_field_and_in_the_cell(one: Lab) -> None:
    one.notebook("b.ipynb", IMPORTS, PICK, PULL)
    page = one.open("b.ipynb")
    run_all(page)
    amiss = page.locator(".snb-dates-amiss")

    field(page, "From").fill("2026-06-20")
    field(page, "To").fill("2026-06-10")
    expect(amiss).to_be_empty()
    run_all(page)
    expect(amiss).to_have_text(
        "The start, 2026-06-20, is after the end, 2026-06-10. Swap the two dates.", use_inner_text=True
    )
    expect(field(page, "From")).to_have_attribute("aria-invalid", "true")
    error = outputs(page).filter(has_text=re.compile("^BadDates"))
    assert error.inner_text().strip().splitlines() == [
        "BadDates: The start, 2026-06-20, is after the end, 2026-06-10.",
        "Swap the two dates.",
    ]
    assert field(page, "From").input_value() == "2026-06-20"

    field(page, "To").fill("")
    expect(amiss).to_be_empty()
    types(page, "To", "0610")
    run_all(page)
    expect(amiss).to_contain_text('"To" is only half typed')
    expect(outputs(page).filter(has_text=re.compile("^BadDates"))).to_contain_text("half typed")

    field(page, "Dates").select_option(label="Everything")
    expect(amiss).to_be_empty()
    run_all(page)
    assert pulled(page)[:2] == ["None", "None"]


def test_today_is_the_browsers_and_not_the_kernels(lab: Callable[..., Lab]) -> None:
    # From UTC−12 to UTC+14 it is never the same day.
    one = lab(TZ="Etc/GMT+12")
    show = "print('the kernel says', datetime.date.today(), 'and the person', dates.value[1])"
    one.notebook("d.ipynb", IMPORTS, PICK, show)
    page = one.open("d.ipynb", one.context(timezone_id="Pacific/Kiritimati"))
    here = "new Date().toLocaleDateString('sv')"
    before = page.evaluate(here)
    run_all(page)
    expect(field(page, "To")).to_have_value(re.compile(f"{before}|{page.evaluate(here)}"))
    run_all(page)
    said = re.findall(r"\d+-\d+-\d+", outputs(page).filter(has_text="the kernel says").inner_text())
    assert said[0] < said[1]
    assert said[1] in (before, page.evaluate(here))


def test_fifty_megabytes_arrive_whole_and_the_wait_is_shown(one: Lab, tmp_path: Path) -> None:
    big = (
        "import numpy, pandas\n"
        "noise = numpy.random.default_rng(0).random(6_500_000)\n"
        "snb.download(pandas.DataFrame({'noise': noise}), 'noise')"
    )
    one.notebook("i.ipynb", IMPORTS, big)
    page = one.open("i.ipynb")
    run_all(page)
    button = page.get_by_role("button", name="Parquet")
    with page.expect_download() as started:
        button.click()
        expect(button).to_have_attribute("aria-busy", "true")
    started.value.save_as(tmp_path / "noise.parquet")
    assert (tmp_path / "noise.parquet").stat().st_size > 50_000_000
    assert len(pd.read_parquet(tmp_path / "noise.parquet")) == 6_500_000
    expect(page.get_by_text("(6,500,000 rows, ")).to_be_visible()
    expect(button).not_to_have_attribute("aria-busy", "true")


def test_buttons_of_earlier_runs_keep_no_table(one: Lab) -> None:
    two = "for rows in (1, 2):\n    display(snb.download(table.head(rows)))"
    kept = (
        "import gc\nfrom strava_nb.widgets.download import Download\n"
        "print('kept', sum(isinstance(o, Download) and o._table is not None for o in gc.get_objects()))"
    )
    one.notebook("l.ipynb", IMPORTS, TABLE, two, kept)
    page = one.open("l.ipynb")
    for _ in range(3):
        run_all(page)
    expect(outputs(page).filter(has_text=re.compile("^kept"))).to_have_text(re.compile("kept 2"))
    for button in page.locator(".snb-download button").all():
        expect(button).to_be_enabled()


def test_nothing_of_the_table_is_in_the_saved_notebook(one: Lab, tmp_path: Path) -> None:
    path = one.notebook("m.ipynb", IMPORTS, TABLE, PICK, "snb.download(table, 'my name for it')")
    page = one.open("m.ipynb")
    one.save_widgets()
    run_all(page)
    for label in ("CSV (everything)", "JSON"):
        press(page, label, tmp_path)
    expect(page.get_by_text("is in your downloads folder")).to_be_visible()
    save(page)
    text = path.read_text("utf-8")
    assert json.loads(text)["metadata"]["widgets"], "the state was saved"
    assert "Download as" in text
    table = pd.read_pickle(one.home / "shown.pkl")
    for told in (str(table["id"].iloc[0]), str(table["name"].iloc[0]), "my_name_for_it", "DEMO_"):
        assert told not in text


def test_the_page_is_usable_by_keyboard_alone(one: Lab) -> None:
    one.notebook("n.ipynb", IMPORTS, TABLE, PICK, "snb.download(table)")
    page = one.open("n.ipynb")
    run_all(page)
    select = field(page, "Dates")
    select.focus()
    page.keyboard.press("ArrowDown")
    expect(select).to_have_value("this month")
    page.keyboard.type("last y")
    expect(select).to_have_value("last year")
    expect(field(page, "From")).to_have_value(re.compile("-01-01$"))
    page.keyboard.type("dd")
    expect(page.locator(".jp-Cell")).to_have_count(4)
    expect(select).to_be_focused()

    page.get_by_role("button", name="Excel").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename.endswith(".json")
    outline = "button => getComputedStyle(button).outlineStyle"
    assert page.get_by_role("button", name="JSON").evaluate(outline) == "solid"
    save(page)  # by Ctrl+S, which stays Lab's
