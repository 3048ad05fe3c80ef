"""A folder of Parquet files, read back by DuckDB, Dask, pyarrow and pandas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.dataset as pads
import pytest

from strava_nb import files
from strava_nb.columns import STREAMS
from strava_nb.errors import BadTable, CannotWrite, StravaNbWarning
from strava_nb.tables import activities, streams
from strava_nb.tables.stream_table import stack

pytestmark = pytest.mark.slow

COLUMNS = [column.name for column in STREAMS] + ["athlete_id", "sport_type", "start_date"]


@pytest.fixture
def dask() -> Any:
    """Dask, which is a second of import for three tests."""
    import dask
    import dask.dataframe

    return dask


def about(*days: str, source: str = "export") -> pd.DataFrame:
    """Activities 1, 2, … that begin at half past eleven in the evening of these local days."""
    return activities(
        [
            {
                "id": number,
                "sport_type": "Ride",
                "start_date": f"{day}T22:30:00Z",
                "start_date_local": f"{day}T23:30:00Z",
                "athlete": {"id": 7},
            }
            for number, day in enumerate(days, 1)
        ],
        source=source,
    )


def samples(number: int, count: int = 3, source: str = "export", **more: list[Any]) -> pd.DataFrame:
    data = {"time": list(range(count)), "heartrate": [100 + number] * count} | more
    return streams({name: {"data": values} for name, values in data.items()}, number, source=source)


def rows_in(folder: Path, question: str = "select * from rides order by activity_id, time") -> list[Any]:
    with duckdb.connect() as db:
        # A read needs no threads of DuckDB's own, which would take the other tests' cores.
        db.sql("set threads = 1")
        rides = db.read_parquet(str(folder / "*" / "*.parquet"), hive_partitioning=True)
        assert rides.columns == [*COLUMNS, "year"]
        return db.sql(question).fetchall()


TWO = stack([samples(1), samples(2, watts=[1, None, 3], latlng=[[1, 2]] * 3, moving=[True, False, None])])


def test_each_year_has_a_folder_and_each_activity_a_file(tmp_path: Path) -> None:
    folder = files.write_dataset(TWO, tmp_path / "rides", activities=about("2025-12-31", "2026-01-01"))
    assert folder == tmp_path / "rides"
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert found == ["year=2025/1.parquet", "year=2026/2.parquet"]


def test_duckdb_reads_it_as_it_is(tmp_path: Path) -> None:
    files.write_dataset(TWO, tmp_path, activities=about("2025-12-31", "2026-01-01"))
    assert rows_in(
        tmp_path,
        "select year, athlete_id, sport_type, avg(heartrate), sum(watts), count(*) filter (moving) "
        "from rides group by all order by year",
    ) == [(2025, 7, "Ride", 101.0, None, 0), (2026, 7, "Ride", 102.0, 4.0, 1)]
    assert rows_in(tmp_path, "select distinct epoch(start_date) from rides where year = 2026") == [
        (pd.Timestamp("2026-01-01T22:30Z").timestamp(),)
    ]


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # Dask's own
def test_dask_reads_it_as_it_is(dask: Any, tmp_path: Path) -> None:
    files.write_dataset(TWO, tmp_path, activities=about("2025-12-31", "2026-01-01"))
    rides = dask.dataframe.read_parquet(tmp_path)
    assert list(rides.columns) == [*COLUMNS, "year"]
    means = rides.groupby("year", observed=True).heartrate.mean().compute(scheduler="synchronous")
    assert {int(year): value for year, value in means.items()} == {2025: 101.0, 2026: 102.0}


def test_pyarrow_and_pandas_read_it_with_our_dtypes(tmp_path: Path) -> None:
    files.write_dataset(TWO, tmp_path, activities=about("2025-12-31", "2026-01-01"))
    assert pads.dataset(tmp_path, partitioning="hive").count_rows() == 6
    back = pd.read_parquet(tmp_path).sort_values(["activity_id", "time"], ignore_index=True)
    for name in TWO.columns.drop("source"):
        pd.testing.assert_series_equal(back[name], TWO[name])
    assert back["source"].tolist() == ["export"] * 6


def test_more_is_added_and_the_same_activity_replaced(tmp_path: Path) -> None:
    table = about("2025-05-01", "2026-05-01", "2026-05-02")
    files.write_dataset(TWO, tmp_path, activities=table)
    files.write_dataset(stack([samples(2, 5), samples(3, 1)]), tmp_path, activities=table)
    assert rows_in(tmp_path, "select activity_id, count(*) from rides group by 1 order by 1") == [
        (1, 3),
        (2, 5),
        (3, 1),
    ]


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    table = about("2025-05-01", "2026-05-01")
    first = {
        p: p.read_bytes() for p in files.write_dataset(TWO, tmp_path, activities=table).rglob("*.parquet")
    }
    files.write_dataset(TWO, tmp_path, activities=table)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == first


def test_an_activity_whose_year_is_learnt_later_moves_there(tmp_path: Path) -> None:
    files.write_dataset(TWO, tmp_path)
    assert rows_in(tmp_path, "select distinct year, sport_type from rides") == [(0, None)]
    files.write_dataset(TWO, tmp_path, activities=about("2025-05-01", "2026-05-01"))
    assert rows_in(tmp_path, "select distinct year from rides order by 1") == [(2025,), (2026,)]
    assert len(list(tmp_path.rglob("*.parquet"))) == 2


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # Dask's own
def test_activities_with_and_without_a_year_are_read_together(dask: Any, tmp_path: Path) -> None:
    files.write_dataset(TWO, tmp_path, activities=about("2025-05-01"))
    assert rows_in(tmp_path, "select distinct year from rides order by 1") == [(0,), (2025,)]
    assert len(dask.dataframe.read_parquet(tmp_path).compute(scheduler="synchronous")) == 6


@pytest.mark.parametrize("through", ["streams", "activities"])
def test_what_came_through_the_api_is_left_out_unless_asked_for(tmp_path: Path, through: str) -> None:
    table = about("2025-05-01", "2026-05-01")
    both = stack([samples(1, source="api" if through == "streams" else "export"), samples(2)])
    if through == "activities":
        table.loc[table["id"] == 1, "from_api"] = True
    with pytest.warns(StravaNbWarning, match="1 activity has data from Strava's API.*7 days.*api=True"):
        files.write_dataset(both, tmp_path, activities=table)
    assert rows_in(tmp_path, "select distinct activity_id from rides") == [(2,)]
    files.write_dataset(both, tmp_path, activities=table, api=True)
    assert rows_in(tmp_path, "select distinct activity_id from rides order by 1") == [(1,), (2,)]


def test_the_demo_athletes_files_are_marked(tmp_path: Path) -> None:
    files.write_dataset(samples(1, source="demo"), tmp_path, activities=about("2025-05-01", source="demo"))
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["DEMO_1.parquet"]


def test_streams_that_the_list_does_not_know_are_left_out_and_named(tmp_path: Path) -> None:
    with pytest.warns(StravaNbWarning, match="Left out are columns.*: power_balance"):
        files.write_dataset(samples(1, power_balance=[50, 51, 52]), tmp_path)


def test_samples_without_an_activity_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"assign\(activity_id=1\)"):
        files.write_dataset(streams({"time": {"data": [0]}}, None), tmp_path)
    with pytest.raises(BadTable, match="not a table of streams"):
        files.write_dataset(about("2025-05-01"), tmp_path)


def test_a_place_that_takes_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite):
        files.write_dataset(samples(1), tmp_path / "file")


def test_no_streams_write_nothing(tmp_path: Path) -> None:
    files.write_dataset(streams({}, None), tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # Dask's own
def test_the_questions_in_the_docs_are_answered(
    dask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files.write_dataset(TWO, "rides", activities=about("2025-12-31", "2026-01-01"))
    text = (Path(__file__).parents[1] / "docs" / "scaling.md").read_text("utf-8")
    lines = text.split("```python\n")[2].split("```")[0].splitlines()
    known = {"duckdb": duckdb, "dask": dask, "pandas": pd}
    with dask.config.set(scheduler="synchronous"):
        by_duckdb, by_dask, by_pandas = (eval(line, known) for line in lines[:3])
    assert by_duckdb.fetchall() == [("Ride", 102.0)]
    assert by_dask.to_dict() == {2025: 101.0, 2026: 102.0}
    assert by_pandas["activity_id"].unique().tolist() == [2]


def test_one_file_a_year_is_one_question_away(tmp_path: Path) -> None:
    """The lines of docs/scaling.md, as they stand there."""
    text = (Path(__file__).parents[1] / "docs" / "scaling.md").read_text("utf-8")
    sql = text.split("```sql\n")[1].split("```")[0]
    folder, large = tmp_path / "rides", tmp_path / "rides_by_year"
    files.write_dataset(TWO, folder, activities=about("2025-12-31", "2026-01-01"))
    with duckdb.connect() as db:
        db.sql(sql.replace("'rides", f"'{tmp_path.as_posix()}/rides"))
    assert sorted(path.parent.name for path in large.rglob("*.parquet")) == ["year=2025", "year=2026"]
    assert rows_in(large) == rows_in(folder)
