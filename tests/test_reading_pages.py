"""Pages read: each activity's own bytes, and what is known to be complete."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from strava_nb.errors import Unreachable
from strava_nb.simulator import Simulator
from strava_nb.sources.listing import EVER, Page, Reading, gaps, read_page, start_of

# --- a page, and each activity's own bytes


def test_each_activity_keeps_the_bytes_that_it_was(strava: Simulator) -> None:
    bodies = [entry.body for entry in strava._book.listing._entries]
    page = read_page(b"[" + b",".join(bodies) + b"]")
    assert [item.raw for item in page] == bodies
    assert [item.record for item in page] == [json.loads(body) for body in bodies]


TEXTS = st.text(st.sampled_from('{}[],:"\\ id1é\n'), max_size=12)
JSON = st.recursive(
    st.none() | st.integers(0, 3) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@given(
    st.lists(st.dictionaries(TEXTS, JSON, max_size=3), max_size=4),
    st.booleans(),
    st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " : ")]),
)
@examples(max_examples=40)
def test_however_a_page_is_written_its_activities_come_apart(
    records: list[dict[str, Any]], first: bool, separators: tuple[str, str]
) -> None:
    records = [{"id": n} | one | {"id": n} if first else one | {"id": n} for n, one in enumerate(records)]
    page = read_page(json.dumps(records, separators=separators).encode())
    assert [item.record for item in page] == records
    assert [json.loads(item.raw) for item in page] == records


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b"[1]", b'[{"name":"x"}]', b'[{"id":1}', b'[{"id":"x"}]', b"null"]
)
def test_what_is_no_page_is_a_failure_on_the_way(body: bytes) -> None:
    with pytest.raises(Unreachable):
        read_page(body)


# --- what is complete


@pytest.mark.parametrize(
    ("want", "covered", "asked"),
    [
        ((0, EVER), [], [(0, EVER)]),
        ((0, EVER), [(-EVER, EVER)], [(100, EVER)]),
        ((0, 50), [(-EVER, EVER)], []),
        ((0, 150), [(-EVER, EVER)], [(100, 150)]),
        ((0, EVER), [(60, EVER)], [(100, EVER), (0, 60)]),
        ((0, EVER), [(120, EVER)], [(0, EVER)]),
        ((0, EVER), [(-5, 80)], [(80, EVER)]),
        ((0, EVER), [(10, 20), (40, 60), (90, EVER)], [(100, EVER), (0, 90)]),
        ((0, 70), [(10, 20), (40, 60)], [(0, 70)]),
        ((0, 70), [(-10, 20), (40, 90)], [(20, 40)]),
    ],
)
def test_only_what_is_missing_or_recent_is_asked_for(want: Any, covered: Any, asked: Any) -> None:
    assert gaps(want, covered, 100) == asked


def page_of(*starts: int) -> list[Any]:
    rows = [
        {"id": start, "start_date": f"{datetime.fromtimestamp(start, UTC):%Y-%m-%dT%H:%M:%SZ}"}
        for start in starts
    ]
    return read_page(json.dumps(rows).encode())


def page(turn: int, reading: Reading) -> Page:
    """One page of those that are asked for one after the other."""
    return Page(turn, reading.span, turn, 200)


def test_what_is_complete_is_read_from_the_activities_and_not_from_page_numbers() -> None:
    reading = Reading((-EVER, EVER))
    assert list(reading.take(page(2, reading), page_of(70, 60))) == []
    assert reading.covers is None
    first, second = reading.take(page(1, reading), page_of(90, 80))
    assert (set(first.items), first.covers) == ({90, 80}, (81, EVER))
    assert (set(second.items), second.covers) == ({80, 70, 60}, (61, 81))
    [last] = reading.take(page(3, reading), [])
    assert (set(last.items), last.covers) == ({60}, (-EVER, 61))
    assert reading.complete


def test_an_order_that_does_not_hold_is_not_believed() -> None:
    reading = Reading((0, 100))
    [first] = reading.take(page(1, reading), page_of(60, 70))
    assert first.covers is None
    assert not reading.ordered
    [last] = reading.take(page(2, reading), [])
    assert last.covers is None
    assert reading.covers == (0, 100)


def test_a_page_that_has_shifted_repeats_and_is_in_order_all_the_same() -> None:
    reading = Reading((0, 100))
    list(reading.take(page(1, reading), page_of(90, 80)))
    [second] = reading.take(page(2, reading), page_of(90, 80, 70))
    assert reading.ordered
    assert second.covers == (71, 81)


@pytest.mark.parametrize("text", [None, "", "soon", 5, "2026-13-01T00:00:00Z"])
def test_an_activity_without_a_start_is_given_and_covers_nothing(text: Any) -> None:
    assert start_of({"start_date": text}) is None
    reading = Reading((0, 100))
    list(reading.take(page(1, reading), read_page(json.dumps([{"id": 1, "start_date": text}]).encode())))
    assert (reading.ordered, set(reading.found)) == (False, {1})
