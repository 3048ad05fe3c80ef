"""The date picker as the kernel knows it: what each preset includes, and what cannot be meant."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strava_nb as snb
from strava_nb.errors import BadDates
from strava_nb.wanted import span_of
from strava_nb.widgets import dates as room
from strava_nb.widgets.dates import PRESETS, DatePicker, days_of

TODAY = "2026-06-15"
todays = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.fixture(autouse=True)
def nobody_has_told_the_day() -> Iterator[None]:
    """Each test begins before any page has said which day it is."""
    room._clock = room._Clock()
    yield
    room._clock = room._Clock()


@pytest.fixture
def picker() -> DatePicker:
    """A picker on whose page it is the 15th of June 2026."""
    picker = snb.date_picker()
    page(picker, "today", today=TODAY)
    return picker


def page(picker: DatePicker, kind: str, **content: Any) -> None:
    """What the script in the page sends."""
    picker._handle_custom_msg({"type": kind, **content}, [])


def types(picker: DatePicker, start: str, end: str, *unfinished: str) -> None:
    page(picker, "typed", start=start, end=end, unfinished=list(unfinished), by="view/1")


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("last 7 days", "2026-06-09", "2026-06-15"),
        ("last 30 days", "2026-05-17", "2026-06-15"),
        ("last 90 days", "2026-03-18", "2026-06-15"),
        ("last 12 months", "2025-06-16", "2026-06-15"),
        ("this month", "2026-06-01", "2026-06-15"),
        ("this year", "2026-01-01", "2026-06-15"),
        ("last year", "2025-01-01", "2025-12-31"),
    ],
)
def test_each_preset_says_what_it_includes(picker: DatePicker, preset: str, start: str, end: str) -> None:
    picker.value = preset
    assert picker.value == (date.fromisoformat(start), date.fromisoformat(end))
    assert (picker.view["choice"], picker.view["start"], picker.view["end"]) == (preset, start, end)


def test_everything_is_open_at_both_ends(picker: DatePicker) -> None:
    picker.value = "everything"
    assert picker.value == (None, None)
    assert (picker.view["start"], picker.view["end"]) == ("", "")


def test_the_last_12_months_are_what_it_means_until_it_is_changed(picker: DatePicker) -> None:
    assert picker.value == days_of("last 12 months", date(2026, 6, 15))


@given(todays)
def test_the_last_days_are_as_many_as_they_say_and_today_is_one_of_them(today: date) -> None:
    for days in (7, 30, 90):
        start, end = days_of(f"last {days} days", today)
        assert start and end == today
        assert (end - start).days + 1 == days


@given(todays)
def test_the_last_12_months_hold_every_day_of_the_year_once(today: date) -> None:
    start, end = days_of("last 12 months", today)
    assert start and end == today
    held = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    of_the_year = [(day.month, day.day) for day in held]
    assert len(set(of_the_year)) == len(of_the_year)
    assert set(of_the_year) | {(2, 29)} == {
        (day.month, day.day) for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(366))
    }


@pytest.mark.parametrize(
    ("today", "start"),
    [
        ("2024-02-29", "2023-03-01"),
        ("2024-02-28", "2023-03-01"),
        ("2024-03-01", "2023-03-02"),
        ("2025-02-28", "2024-02-29"),
        ("2026-01-01", "2025-01-02"),
        ("2025-12-31", "2025-01-01"),
    ],
)
def test_the_last_12_months_begin_the_day_after_the_same_day_a_year_ago(today: str, start: str) -> None:
    assert days_of("last 12 months", date.fromisoformat(today))[0] == date.fromisoformat(start)


@given(todays)
def test_this_month_this_year_and_last_year_begin_and_end_where_the_calendar_says(today: date) -> None:
    month, year, last = (days_of(name, today) for name in ("this month", "this year", "last year"))
    assert month == (date(today.year, today.month, 1), today)
    assert year == (date(today.year, 1, 1), today)
    assert last == span_of(today.year - 1)


@given(todays)
def test_every_preset_is_a_span_that_can_be_pulled(today: date) -> None:
    for preset in PRESETS:
        assert span_of(days_of(preset, today)) == days_of(preset, today)


def test_today_is_the_kernels_until_a_page_has_told() -> None:
    before = date.today()
    end = snb.date_picker().value[1]
    assert end in (before, date.today())


def test_today_is_the_persons_once_a_page_has_told() -> None:
    picker = snb.date_picker("last 7 days")
    page(picker, "today", today="2031-01-03")
    assert picker.value == (date(2030, 12, 28), date(2031, 1, 3))
    assert picker.view["start"] == "2030-12-28"


def test_what_one_page_has_told_holds_for_the_next_picker(picker: DatePicker) -> None:
    assert snb.date_picker().value == picker.value


def test_after_a_page_was_closed_whole_days_go_on_by_the_kernels_clock(
    picker: DatePicker, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = time.time() + 3 * 86_400 + 60
    monkeypatch.setattr("strava_nb.widgets.dates.time.time", lambda: later)
    assert picker.value[1] == date(2026, 6, 18)


def test_a_picked_preset_is_resolved_anew_on_another_day(picker: DatePicker) -> None:
    page(picker, "chose", choice="this month", by="view/1")
    page(picker, "today", today="2026-07-02")
    assert picker.value == (date(2026, 7, 1), date(2026, 7, 2))


def test_dates_of_ones_own_stay_on_another_day(picker: DatePicker) -> None:
    types(picker, "2026-06-01", "2026-06-15")
    page(picker, "today", today="2026-07-02")
    assert picker.value == (date(2026, 6, 1), date(2026, 6, 15))


def test_typed_dates_are_ones_own(picker: DatePicker) -> None:
    types(picker, "2026-02-01", "2026-02-03")
    assert picker.value == (date(2026, 2, 1), date(2026, 2, 3))
    assert picker.view["choice"] == ""


def test_a_cleared_date_is_an_open_end(picker: DatePicker) -> None:
    for start, end, span in (
        ("", "2026-02-03", (None, date(2026, 2, 3))),
        ("2026-02-01", "", (date(2026, 2, 1), None)),
        ("", "", (None, None)),
    ):
        types(picker, start, end)
        assert picker.value == span


def test_choosing_ones_own_dates_keeps_the_days_that_the_preset_meant(picker: DatePicker) -> None:
    page(picker, "chose", choice="last year", by="view/1")
    page(picker, "chose", choice="", by="view/2")
    page(picker, "today", today="2027-06-15")
    assert picker.value == (date(2025, 1, 1), date(2025, 12, 31))


def test_nothing_is_said_while_a_year_is_being_typed(picker: DatePicker) -> None:
    for year in ("0002", "0020", "0202", "2026"):
        types(picker, f"{year}-02-01", "2026-06-15")
        assert picker.view["amiss"] is None
    assert picker.value == (date(2026, 2, 1), date(2026, 6, 15))


def test_a_start_after_the_end_is_said_not_swapped(picker: DatePicker) -> None:
    types(picker, "2026-06-20", "2026-06-10")
    with pytest.raises(BadDates, match="2026-06-20, is after the end, 2026-06-10") as caught:
        _ = picker.value
    assert picker.view["amiss"] == {"text": str(caught.value), "fields": ["start", "end"]}
    assert (picker.view["start"], picker.view["end"]) == ("2026-06-20", "2026-06-10")


def test_half_a_date_is_said_under_its_field(picker: DatePicker) -> None:
    types(picker, "2026-06-01", "", "end")
    with pytest.raises(BadDates, match='"To" is only half typed'):
        _ = picker.value
    assert picker.view["amiss"]["fields"] == ["end"]


@pytest.mark.parametrize("typed", ["0026-06-01", "1899-12-31", "20266-06-01", "9999-12-31", "no date"])
def test_a_year_of_other_than_four_digits_is_said(picker: DatePicker, typed: str) -> None:
    types(picker, typed, "")
    with pytest.raises(BadDates, match='"From" has the year'):
        _ = picker.value
    assert picker.view["amiss"]["fields"] == ["start"]
    types(picker, "", typed)
    with pytest.raises(BadDates, match='"To" has the year'):
        _ = picker.value


def test_what_was_amiss_is_gone_once_it_is_mended(picker: DatePicker) -> None:
    types(picker, "2026-06-20", "2026-06-10")
    with pytest.raises(BadDates):
        _ = picker.value
    page(picker, "today", today="2026-06-16")
    assert picker.view["amiss"], "another day mends nothing"
    types(picker, "2026-06-01", "2026-06-10")
    assert picker.view["amiss"] is None


def test_a_pick_asks_to_run_the_cells_until_it_is_used(picker: DatePicker) -> None:
    assert not picker.view["hint"]
    page(picker, "chose", choice="this year", by="view/1")
    assert picker.view["hint"]
    _ = picker.value
    assert not picker.view["hint"]


def test_a_page_is_told_which_of_its_picks_is_answered(picker: DatePicker) -> None:
    page(picker, "chose", choice="this year", by="view/7")
    assert picker.view["by"] == "view/7"
    picker.value = 2024
    assert picker.view["by"] == ""


@pytest.mark.parametrize(
    ("value", "span"),
    [
        (2025, (date(2025, 1, 1), date(2025, 12, 31))),
        (("2026-01-01", "2026-03-31"), (date(2026, 1, 1), date(2026, 3, 31))),
        ([date(2026, 1, 1), None], (date(2026, 1, 1), None)),
        ((None, "2026-03-31"), (None, date(2026, 3, 31))),
        (None, (None, None)),
        ((None, None), (None, None)),
        ("Last  YEAR", (date(2025, 1, 1), date(2025, 12, 31))),
    ],
)
def test_the_value_can_be_set_from_code(picker: DatePicker, value: Any, span: Any) -> None:
    picker.value = value
    assert picker.value == span
    page(snb.date_picker(), "today", today=TODAY)
    assert snb.date_picker(value).value == span


@pytest.mark.parametrize(
    "value",
    ["last 8 days", "2026-01-01", "", 26, True, ("2026-03-31", "2026-01-01"), ("2026-01-01",), 3.5,
     ("yesterday", None), ("0026-01-01", None), (None, "9999-12-31")],
)  # fmt: skip
def test_a_value_that_cannot_be_meant_is_refused_and_changes_nothing(picker: DatePicker, value: Any) -> None:
    picker.value = 2024
    before = dict(picker.view)
    with pytest.raises(BadDates):
        picker.value = value
    assert picker.view == before
    assert picker.value == span_of(2024)
    with pytest.raises(BadDates):
        snb.date_picker(value)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadDates, match="last 12 months, this month"):
        snb.date_picker("last fortnight")


def test_a_keyword_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError):
        cast(Any, snb.date_picker)(presets=["last week"])


def test_a_nonsense_from_the_page_is_said_and_changes_nothing(picker: DatePicker) -> None:
    before = picker.value
    page(picker, "today", today="tomorrow")
    assert "ValueError" in picker.view["problem"]["what"]
    page(picker, "chose")
    assert picker.value == before


def test_the_picker_is_what_get_activities_takes() -> None:
    source = snb.open_demo(today=date(2026, 6, 15))
    picker = snb.date_picker(("2026-05-01", "2026-05-31"))
    pulled = snb.get_activities(source, picker, progress=False)
    wanted = snb.get_activities(source, ("2026-05-01", "2026-05-31"), progress=False)
    assert len(pulled) and pulled.equals(wanted)


def test_every_preset_has_its_words() -> None:
    assert list(snb.date_picker().words["presets"]) == list(PRESETS)


def test_a_closed_picker_still_has_its_value(picker: DatePicker) -> None:
    picker.close()
    types(picker, "2026-06-20", "2026-06-10")
    with pytest.raises(BadDates):
        _ = picker.value
    picker.value = 2024
    assert picker.value == span_of(2024)


def test_a_pick_outlives_the_next_run_of_its_cell(cell: Callable[[str], None]) -> None:
    cell("one")
    page(snb.date_picker(), "chose", choice="last year", by="view/1")
    cell("two")
    assert snb.date_picker().view["choice"] == "last 12 months"
    cell("one")
    assert snb.date_picker().view["choice"] == "last year"


def test_each_picker_of_a_cell_has_a_pick_of_its_own(cell: Callable[[str], None]) -> None:
    cell("one")
    page(snb.date_picker(), "chose", choice="last year", by="view/1")
    page(snb.date_picker(), "chose", choice="this year", by="view/1")
    cell("one")
    assert [snb.date_picker().view["choice"] for _ in range(2)] == ["last year", "this year"]


def test_another_value_in_the_code_wins_over_what_was_picked(cell: Callable[[str], None]) -> None:
    cell("one")
    page(snb.date_picker(), "chose", choice="last year", by="view/1")
    cell("one")
    assert snb.date_picker("this month").view["choice"] == "this month"


def test_what_code_sets_is_not_picked(cell: Callable[[str], None]) -> None:
    cell("one")
    snb.date_picker().value = 2024
    cell("one")
    assert snb.date_picker().view["choice"] == "last 12 months"


def test_half_a_date_is_not_forgotten_by_the_next_run(cell: Callable[[str], None]) -> None:
    cell("one")
    types(snb.date_picker(), "2026-06-01", "", "end")
    cell("one")
    with pytest.raises(BadDates, match="half typed"):
        _ = snb.date_picker().value
