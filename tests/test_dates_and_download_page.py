"""Date picker and download buttons in a real browser, their own script before their own kernel side."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from panel_page import press
from playwright.sync_api import Locator, expect

import strava_nb as snb
from strava_nb import files
from strava_nb.signin.access import Access
from strava_nb.signin.session import Session
from strava_nb.signin.tokens import Tokens
from strava_nb.tables import readable

if TYPE_CHECKING:
    from panel_page import PartPage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return snb.get_activities(snb.open_demo(today=date(2026, 6, 15)), (None, None), progress=False).head(40)


def field(of: Locator, label: str) -> Locator:
    return of.get_by_label(label, exact=True)


def test_a_half_typed_date_leaves_the_field_when_a_preset_is_chosen(show: Callable[..., PartPage]) -> None:
    page = show(snb.date_picker("everything")).page
    start = field(page.locator(".snb-dates"), "From")
    start.click(position={"x": 15, "y": 15})
    page.keyboard.type("06")
    expect(field(page.locator(".snb-dates"), "Dates")).to_have_value("")
    assert start.evaluate("field => field.validity.badInput")
    field(page.locator(".snb-dates"), "Dates").select_option(label="Everything")
    assert not start.evaluate("field => field.validity.badInput")


def test_two_views_of_a_picker_show_the_same(show: Callable[..., PartPage]) -> None:
    first, second = show(snb.date_picker(), views=2).page.locator(".snb-dates").all()
    field(first, "From").fill("2026-02-03")
    expect(field(second, "From")).to_have_value("2026-02-03")
    field(second, "Dates").select_option(label="Last year")
    expect(field(first, "Dates")).to_have_value("last year")


def test_each_file_holds_the_table_that_was_shown(
    show: Callable[..., PartPage], table: pd.DataFrame, tmp_path: Path
) -> None:
    page = show(snb.download(table)).page
    days = table["start_date_local"].dt.date
    name = f"DEMO_activities_{days.min()}_{days.max()}"

    workbook = openpyxl.load_workbook(press(page, "Excel", tmp_path))
    expect(page.get_by_text(f"{name}.xlsx ({len(table)} rows, ")).to_be_visible()
    assert workbook.sheetnames == ["Activities", "Everything"]
    _, *rows = workbook["Everything"].values
    assert [str(row[0]) for row in rows] == table["id"].astype(str).tolist()

    path = press(page, "CSV (everything)", tmp_path)
    assert path.name == f"{name}.csv"
    head, *lines = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
    records = [dict(zip(head, line, strict=True)) for line in lines]
    assert [row["name"] for row in records] == table["name"].tolist()
    assert [float(row["distance"]) for row in records] == table["distance"].tolist()

    text = press(page, "CSV for a spreadsheet", tmp_path).read_text("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    assert [row[0][:16] for row in rows] == readable(table)["Date"].tolist()

    read = pd.read_parquet(press(page, "Parquet", tmp_path))
    pd.testing.assert_frame_equal(read, table, check_index_type=False)

    records = json.loads(press(page, "JSON", tmp_path).read_text("utf-8"))
    assert [row["id"] for row in records] == table["id"].tolist()
    assert page.locator(".snb-problem").count() == 0


def test_a_german_browser_gets_semicolons_and_decimal_commas(
    show: Callable[..., PartPage], table: pd.DataFrame
) -> None:
    page = show(snb.download(table, "Fahrten"), locale="de-DE").page
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV for a spreadsheet", exact=True).click()
    assert started.value.suggested_filename == "DEMO_Fahrten.spreadsheet.csv"
    data = Path(started.value.path()).read_bytes()
    assert data == files.to_csv(table, spreadsheet=True, separator=";", decimal=",")
    assert re.search(r';"\d+,\d\d";', data.decode("utf-8-sig"))


def test_of_two_views_the_one_that_was_pressed_saves_and_two_presses_save_two_files(
    show: Callable[..., PartPage], table: pd.DataFrame
) -> None:
    page = show(snb.download(table, "x"), views=2).page
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.suggested_filename))
    first, second = page.locator(".snb-download").all()
    first.get_by_role("button", name="JSON").click()
    first.get_by_role("button", name="Parquet").click()
    expect(first).to_contain_text("DEMO_x.parquet")
    second.get_by_role("button", name="Excel").click()
    expect(second).to_contain_text("DEMO_x.xlsx")
    expect(first).to_contain_text("DEMO_x.parquet")
    assert saved == ["DEMO_x.json", "DEMO_x.parquet", "DEMO_x.xlsx"]


def test_what_cannot_be_written_is_said_under_the_buttons(show: Callable[..., PartPage]) -> None:
    page = show(snb.download(pd.DataFrame([[1, 2]], columns=["twice", "twice"]))).page
    page.get_by_role("button", name="JSON").click()
    problem = page.locator(".snb-download .snb-problem")
    expect(problem).to_contain_text("Two columns of the table are called 'twice'. Rename one of them")
    page.get_by_role("button", name="Excel").click()
    expect(page.get_by_role("button", name="Excel")).not_to_have_attribute("aria-busy", "true")
    expect(problem).to_have_count(1)


def test_over_demo_rows_the_buttons_ask_to_run_again_once_signed_in(
    show: Callable[..., PartPage], table: pd.DataFrame, me: Session
) -> None:
    page = show(snb.download(table)).page
    expect(page.get_by_role("button", name="JSON")).to_be_enabled()
    me.adopt(Access(Tokens("x", None, None)))
    expect(page.get_by_text("You have signed in since: run the cells again")).to_be_visible()
    for button in page.locator(".snb-download button").all():
        expect(button).to_be_disabled()
