"""The vocabulary says each thing once."""

from strava_nb.columns import ACTIVITIES, STREAMS


def test_no_column_is_named_twice() -> None:
    for table in (ACTIVITIES, STREAMS):
        names = [column.name for column in table]
        assert len(set(names)) == len(names)


def test_every_column_says_what_it_means() -> None:
    assert all(column.meaning and not column.meaning.endswith(".") for column in ACTIVITIES + STREAMS)


def test_what_can_be_absent_has_a_dtype_that_knows_na() -> None:
    known = {"Int64", "Float64", "boolean", "string", "category", "datetime64[us]", "datetime64[us, UTC]"}
    assert {column.dtype for column in ACTIVITIES + STREAMS} <= known
