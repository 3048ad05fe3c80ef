"""Whatever bytes come: an export, or BadExport; nothing else, and soon."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from exports import LANGUAGES, RIDE, RUN, csv_of, export_csv, export_files, rows_of, write_zip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strava_nb import tables
from strava_nb.columns import ACTIVITIES
from strava_nb.errors import BadExport
from strava_nb.sources.archive import open_export
from strava_nb.sources.export_table import read_table

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

bounded = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "#error#", "1,250", "1.700", "-", "nan", "inf", "1e400", "-0", '"', "\0", "true", "٣"]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.dates().map(lambda day: f"{day:%d.%m.%Y}, 10:00:00"),
)

NAMES = st.characters(codec="utf-8", exclude_characters="\0")  # where zipfile ends a name


def check_read_or_refused(data: bytes) -> int | None:
    """The rows of a table of the right dtypes and distinct ids; None where it is BadExport."""
    try:
        read = read_table(data, "activities.csv")
    except BadExport as error:
        assert type(error) is BadExport
        assert error.what
        return None
    dtypes = {column.name: column.dtype for column in ACTIVITIES}
    assert {len(column) for column in read.columns.values()} == {len(read)}
    assert all(
        str(column.dtype) == dtypes.get(name, str(column.dtype)) for name, column in read.columns.items()
    )
    assert pd.Series(read.columns["id"]).is_unique
    assert all(isinstance(problem, str) for problem in read.problems)
    return len(read)


def check_opened_or_refused(path: Path) -> None:
    try:
        source = open_export(path, timezone="Europe/Berlin")
    except BadExport as error:
        assert type(error) is BadExport
        return
    table = tables.activities(source.activities(None, None), source=source.name)
    for number in table["id"][:3]:
        source.streams(int(number))
    source.gears()


@bounded
@given(st.binary(max_size=400))
def test_random_bytes_are_refused(data: bytes) -> None:
    assert check_read_or_refused(data) is None


@bounded
@given(st.text(max_size=400))
def test_random_text_is_refused(text: str) -> None:
    assert check_read_or_refused(text.encode("utf-8", "surrogatepass")) is None


@bounded
@given(st.data(), st.sampled_from(LANGUAGES))
def test_a_cut_table_is_read_as_far_as_it_goes(data: st.DataObject, language: str) -> None:
    whole = export_csv(RIDE, RUN, language=language)
    header = len(whole.splitlines(keepends=True)[0])
    cut = data.draw(st.integers(0, len(whole)))
    rows = check_read_or_refused(whole[:cut])
    assert (rows is None) or (rows <= 2 and (rows == 0 or cut >= header))
    assert rows == 2 or cut < len(whole)


@bounded
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=30))
def test_flipped_bytes_in_a_table_do_no_harm(flips: list[tuple[int, int]]) -> None:
    data = bytearray(export_csv())
    for place, byte in flips:
        data[place % len(data)] = byte
    check_read_or_refused(bytes(data))


@bounded
@given(st.randoms(use_true_random=False), st.lists(st.tuples(st.integers(0, 102), CELLS), max_size=20))
def test_shuffled_and_renamed_columns_do_no_harm(
    chance: random.Random, renamed: list[tuple[int, str]]
) -> None:
    rows = rows_of(RIDE, RUN)
    for place, word in renamed:
        rows[0][place] = word
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    check_read_or_refused(csv_of([[row[place] for place in order] for row in rows]))


@bounded
@given(st.lists(st.tuples(st.integers(0, 102), CELLS), min_size=1, max_size=60))
def test_any_cell_may_hold_anything(cells: list[tuple[int, str]]) -> None:
    rows = rows_of(RIDE, RUN)
    for place, cell in cells:
        rows[1][place] = cell
    check_read_or_refused(csv_of(rows))


@bounded
@given(st.lists(st.lists(CELLS, max_size=25), max_size=6))
def test_any_rows_may_follow_a_header(rows: list[list[str]]) -> None:
    check_read_or_refused(csv_of([rows_of()[0], *rows]))


@bounded
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12))
def test_flipped_bytes_in_a_zip_do_no_harm(tmp_path: Path, flips: list[tuple[int, int]]) -> None:
    path = write_zip(tmp_path / "export_1.zip", export_files())
    data = bytearray(path.read_bytes())
    for place, byte in flips:
        data[place % len(data)] = byte
    path.write_bytes(data)
    check_opened_or_refused(path)


@bounded
@given(st.data())
def test_flipped_bytes_in_the_zips_directory_do_no_harm(tmp_path: Path, data: st.DataObject) -> None:
    path = write_zip(tmp_path / "export_1.zip", export_files())
    whole = bytearray(path.read_bytes())
    start = whole.index(b"PK\x01\x02")
    for place in data.draw(st.lists(st.integers(start, len(whole) - 1), min_size=1, max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)
    check_opened_or_refused(path)


@bounded
@given(st.data())
def test_a_cut_zip_does_no_harm(tmp_path: Path, data: st.DataObject) -> None:
    path = write_zip(tmp_path / "export_1.zip", export_files())
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    check_opened_or_refused(path)


@bounded
@given(st.binary(max_size=300), st.sampled_from(["a.zip", "activities.csv", "a"]))
def test_a_file_of_random_bytes_does_no_harm(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    check_opened_or_refused(tmp_path / name)


@bounded
@given(st.dictionaries(st.text(NAMES, min_size=1, max_size=30), st.binary(max_size=40), max_size=5))
def test_names_in_a_zip_may_be_anything(tmp_path: Path, extra: dict[str, bytes]) -> None:
    path = tmp_path / "export_1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (
            {f"activities/{name}": data for name, data in extra.items()} | export_files()
        ).items():
            archive.writestr(zipfile.ZipInfo(name), data)
    check_opened_or_refused(path)
