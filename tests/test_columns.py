"""The vocabulary says each thing once, and the page about it says what the vocabulary says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from strava_nb import columns
from strava_nb.columns import Column

DOCS = Path(__file__).parents[1] / "docs"
TABLES = {
    name: table
    for name, table in vars(columns).items()
    if name[0] != "_" and isinstance(table, tuple) and table and isinstance(table[0], Column)
}
DTYPES = {"Int64", "Float64", "boolean", "string", "category", "datetime64[us]", "datetime64[us, UTC]"}


def test_there_are_tables_to_look_at() -> None:
    assert {"ACTIVITIES", "STREAMS", "LAPS", "ZONES"} <= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_no_column_is_named_twice(table: str) -> None:
    names = [column.name for column in TABLES[table]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_means(table: str) -> None:
    assert all(column.meaning and not column.meaning.endswith(".") for column in TABLES[table])


@pytest.mark.parametrize("table", TABLES)
def test_what_can_be_absent_has_a_dtype_that_knows_na(table: str) -> None:
    assert {column.dtype for column in TABLES[table]} <= DTYPES


def test_the_page_about_columns_is_what_its_command_writes() -> None:
    spec = importlib.util.spec_from_file_location("write_columns", DOCS / "write_columns.py")
    assert spec and spec.loader
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert writer.PAGE.read_text("utf-8") == writer.page(), "run: python start.py columns"
    assert {id(table) for _, table, _ in writer.TABLES} == {id(table) for table in TABLES.values()}
