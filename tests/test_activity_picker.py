"""The activity picker as the kernel knows it: what is picked, and what of it is kept, and where not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pandas as pd
import pytest
from picker_table import RECORDS, SAID, page

import strava_nb as snb
from strava_nb import tables
from strava_nb.errors import BadInput, BadTable
from strava_nb.wanted import ids_of
from strava_nb.widgets.activities import ActivityPicker

NEWEST = 2**53 + 1


@pytest.fixture
def table() -> pd.DataFrame:
    return tables.activities(RECORDS, source="api")


@pytest.fixture
def picker(table: pd.DataFrame) -> ActivityPicker:
    return snb.activity_picker(table)


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
        snb.activity_picker(table, units=cast(Any, "furlongs"))


def test_of_an_empty_table_nothing_is_picked(table: pd.DataFrame) -> None:
    assert snb.activity_picker(table.head(0)).value == []


def test_a_pick_asks_to_run_the_cells_until_it_is_used(picker: ActivityPicker) -> None:
    assert not picker.view["hint"]
    page(picker, 1)
    assert picker.view["hint"]
    _ = picker.value
    assert not picker.view["hint"]


@pytest.mark.slow
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
