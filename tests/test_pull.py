"""The verbs: what dates, sports and ids mean, and what comes back."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import strava_nb as snb
from strava_nb.errors import (
    BadDates,
    BadInput,
    BadSports,
    NotFound,
    RateLimited,
    SignInNeeded,
    Stopped,
    StravaNbWarning,
)
from strava_nb.simulator import Simulator
from strava_nb.sources.source import Listener, Payload, Progress, Record, nobody
from strava_nb.tables.doubles import counted
from strava_nb.wanted import span_of
from tests.conftest import TODAY


class Shelf:
    """A source that has its records at hand, so that a test can say exactly what they are."""

    athlete: Record = {"id": 1}  # noqa: RUF012

    def __init__(
        self, *records: Record, payloads: dict[int, Payload] | None = None, name: str = "api"
    ) -> None:
        self.name = name
        self.records = list(records)
        self.payloads = payloads or {}
        self.asked: list[Any] = []

    def activities(self, start: date | None, end: date | None, *, tell: Listener = nobody) -> list[Record]:
        self.asked.append((start, end))
        tell(Progress("activities", len(self.records)))
        return self.records

    def streams(self, activity_id: int) -> Payload | None:
        self.asked.append(activity_id)
        return self.payloads.get(activity_id)

    def detail(self, activity_id: int) -> Record:
        raise NotFound("There is no such activity.")


class Door(Shelf):
    """A shelf that does what doors can do beyond the least: many tracks in any order, some at hand."""

    here: frozenset[int] = frozenset()
    stops_after: int | None = None

    def activities(
        self,
        start: date | None,
        end: date | None,
        *,
        tell: Listener = nobody,
        refresh: bool = False,
        cancel: threading.Event | None = None,
    ) -> list[Record]:
        self.asked.append({"refresh": refresh, "cancel": cancel})
        if self.stops_after is not None:
            raise Stopped("Stopped.", so_far=self.records[: self.stops_after])
        return self.records

    def streams_of(
        self, ids: Iterable[int], *, tell: Listener = nobody, cancel: threading.Event | None = None
    ) -> Iterator[tuple[int, Payload | None]]:
        ids = list(ids)[::-1]
        self.asked.append(ids)
        for done, one in enumerate(ids, 1):
            if self.stops_after == done - 1:
                raise Stopped("Stopped.")
            yield one, self.payloads.get(one)
            tell(Progress("streams", done, len(ids)))

    def at_hand(self, ids: Iterable[int]) -> set[int]:
        return set(ids) & self.here

    def cost(self, ids: Iterable[int]) -> str:
        return f"{len(list(ids))} without streams here; 90 calls left"


def record(number: int, local: str | None, sport: str = "Ride") -> Record:
    return {"id": number, "start_date": local and f"{local}Z", "start_date_local": local, "sport_type": sport}


SHELF = Shelf(
    record(1, "2025-12-31T23:59:59", "Run"),
    record(2, "2026-01-01T00:00:00", "TrailRun"),
    record(3, "2026-01-31T23:59:59"),
    record(4, "2026-02-01T00:00:00", "Yoga"),
    payloads={1: {"time": {"data": [0, 1]}, "heartrate": {"data": [90, 91]}}, 3: {"time": {"data": [0]}}},
)


def ids(table: pd.DataFrame) -> list[int]:
    return sorted(table["id"])


@pytest.mark.parametrize(
    "january",
    [
        ("2026-01-01", "2026-01-31"),
        [date(2026, 1, 1), date(2026, 1, 31)],
        (datetime(2026, 1, 1, 12), pd.Timestamp("2026-01-31")),
    ],
)
def test_dates_are_local_days_and_both_are_included(january: Any) -> None:
    assert ids(snb.get_activities(SHELF, january, progress=False)) == [2, 3]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (None, [1, 2, 3, 4]),
        ((None, None), [1, 2, 3, 4]),
        (("2026-01-01", None), [2, 3, 4]),
        ((None, "2025-12-31"), [1]),
        (2026, [2, 3, 4]),
        ((date.min, date.max), [1, 2, 3, 4]),
    ],
)
def test_an_open_end_none_and_a_year_are_dates_too(dates: Any, expected: list[int]) -> None:
    assert ids(snb.get_activities(SHELF, dates, progress=False)) == expected


def test_a_date_picker_is_known_by_its_value_and_a_panel_by_its_source() -> None:
    class Picker:
        value = (date(2026, 2, 1), None)

    class Panel:
        source = SHELF

    assert ids(snb.get_activities(Panel(), Picker(), progress=False)) == [4]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (("2026-02-01", "2026-01-01"), "is after the end"),
        (("2026-13-01", None), "'2026-13-01' is not a date"),
        (("soon", None), "'soon' is not a date"),
        ("2026-01-01", "not a span"),
        (("2026-01-01",), "a start and an end"),
        (99, "not a year"),
        (3.5, "not a span"),
        ((1, 2), "not a date"),
        (True, "not a span"),
    ],
)
def test_dates_that_cannot_be_meant_are_said_and_never_changed(dates: Any, said: str) -> None:
    with pytest.raises(BadDates, match=said):
        snb.get_activities(SHELF, dates, progress=False)


@given(st.tuples(st.none() | st.dates(), st.none() | st.dates()))
def test_a_span_is_given_back_as_it_is_or_refused(span: tuple[date | None, date | None]) -> None:
    start, end = span
    if start and end and start > end:
        with pytest.raises(BadDates):
            span_of(span)
    else:
        assert span_of(span) == span
        assert span_of([d and d.isoformat() for d in span]) == span


def test_an_activity_without_a_date_is_in_everything_and_in_no_span() -> None:
    shelf = Shelf(record(1, None), record(2, "2026-01-01T10:00:00"))
    assert ids(snb.get_activities(shelf, progress=False)) == [1, 2]
    assert ids(snb.get_activities(shelf, 2026, progress=False)) == [2]


def test_sports_are_groups_and_types_in_any_letter_case() -> None:
    assert ids(snb.get_activities(SHELF, sports="run", progress=False)) == [1, 2]
    assert ids(snb.get_activities(SHELF, sports=["TRAILRUN", "Yoga"], progress=False)) == [2, 4]
    assert ids(snb.get_activities(SHELF, sports="Swim", progress=False)) == []
    with pytest.raises(BadSports):
        snb.get_activities(SHELF, sports="Swimming with dolphins", progress=False)


def test_an_empty_answer_has_all_columns_and_a_fresh_index() -> None:
    table = snb.get_activities(SHELF, 1999, progress=False)
    full = snb.get_activities(SHELF, progress=False)
    assert len(table) == 0
    assert table.dtypes.equals(full.dtypes)
    assert list(snb.get_activities(SHELF, 2026, progress=False).index) == [0, 1, 2]


def test_what_is_amiss_is_one_warning_at_the_callers_line() -> None:
    shelf = Shelf(record(1, "2026-01-01T10:00:00") | {"distance": "far", "moving_time": "long"})
    with pytest.warns(StravaNbWarning, match=r"and 1 more in \.attrs") as told:
        table = snb.get_activities(shelf, progress=False)
    assert len(told) == 1
    assert told[0].filename == __file__
    assert len(table.attrs["problems"]) == 2


@pytest.mark.parametrize("source", [None, 5, "token", pd.DataFrame({"activities": [1]})])
def test_what_is_no_source_is_said(source: Any) -> None:
    with pytest.raises(BadInput, match="is not a source of activities"):
        snb.get_activities(source, progress=False)


def test_progress_is_told_to_whoever_listens_and_printed_for_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps: list[Progress] = []
    snb.get_activities(SHELF, progress=steps.append)
    snb.get_streams(SHELF, [1, 3], progress=steps.append)
    assert steps == [Progress("activities", 4), Progress("streams", 1, 2), Progress("streams", 2, 2)]
    assert capsys.readouterr() == ("", "")


def test_progress_shows_a_bar_that_goes_when_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    snb.get_streams(SHELF, [1, 3])
    assert "streams" in capsys.readouterr().err


@pytest.mark.parametrize(
    "activities",
    [3, [3], (3,), pd.Series([3]), pd.DataFrame({"id": [3]}), pd.DataFrame({"id": [3, 3, pd.NA]})],
)
def test_streams_take_a_table_an_id_or_ids(activities: Any) -> None:
    assert snb.get_streams(SHELF, activities, progress=False)["activity_id"].tolist() == [3]


def test_activities_without_streams_are_named_and_take_no_row() -> None:
    table = snb.get_streams(SHELF, [4, 1, 2], progress=False)
    assert table["activity_id"].tolist() == [1, 1]
    assert table.attrs["without_streams"] == [4, 2]


def test_no_activities_are_an_empty_typed_table_of_streams() -> None:
    table = snb.get_streams(SHELF, [], progress=False)
    assert (len(table), str(table["activity_id"].dtype), str(table["time"].dtype)) == (0, "Int64", "Float64")


def test_keys_keep_some_streams_only() -> None:
    table = snb.get_streams(SHELF, [1, 3], keys=["latlng"], progress=False)
    assert list(table.columns) == ["activity_id", "time", "source"]
    assert "heartrate" in snb.get_streams(SHELF, [1, 3], keys="heartrate", progress=False)
    with pytest.raises(BadInput, match="no stream called 'pulse'"):
        snb.get_streams(SHELF, [1], keys=["pulse"], progress=False)


@pytest.mark.parametrize("activities", ["17", None, 1.5, [1.5], ["x"], pd.DataFrame({"a": [1]})])
def test_ids_that_cannot_be_meant_are_said(activities: Any) -> None:
    with pytest.raises(BadInput):
        snb.get_streams(SHELF, activities, progress=False)


def test_a_list_of_sources_is_one_table_and_the_first_ones_word_counts() -> None:
    class Panel:
        source = Shelf(record(1, "2026-01-01T10:00:00") | {"name": "Mine"}, name="export")

    api = Shelf(
        record(2, "2026-01-02T10:00:00") | {"odd": 1},
        record(1, "2026-01-01T10:00:00") | {"name": "Theirs", "kudos_count": 3, "distance": 5000.0},
    )
    table = snb.get_activities([Panel(), api, api], 2026, progress=False)
    assert table["id"].tolist() == [2, 1]
    assert table["source"].tolist() == ["api", "export"]
    assert table["from_api"].tolist() == [True, True]
    assert table[["name", "kudos_count", "distance"]].to_numpy().tolist()[1] == ["Mine", 3, 5000.0]
    assert api.asked == [(date(2026, 1, 1), date(2026, 12, 31))]
    rides = snb.get_activities((Panel(), api), sports="run", progress=False)
    assert (len(rides), rides.dtypes.equals(table.dtypes)) == (0, True)


def test_doubles_are_marked_within_one_source_too() -> None:
    twice = record(8, "2026-01-01T10:00:05") | {"distance": 1000.0}
    shelf = Shelf(twice, record(7, "2026-01-01T10:00:00") | {"distance": 1001.0, "name": "Lap"})
    table = snb.get_activities(shelf, progress=False)
    assert table.set_index("id")["double_of"].dropna().to_dict() == {8: 7}


@pytest.mark.parametrize("names", [("demo", "export"), ("api", "demo")])
def test_the_demo_athlete_is_never_put_together_with_somebody_else(names: tuple[str, str]) -> None:
    doors: list[Any] = [Shelf(record(1, "2026-01-01T10:00:00"), name=name) for name in names]
    with pytest.raises(SignInNeeded, match="Sign in first"):
        snb.get_activities(doors, progress=False)
    with pytest.raises(SignInNeeded):
        snb.get_streams(doors, [1], progress=False)
    with pytest.raises(SignInNeeded):
        snb.get_gear(doors)
    assert not doors[0].asked
    assert not doors[1].asked


def test_the_demo_athlete_through_two_doors_is_one_athlete() -> None:
    doors = [Shelf(record(number, "2026-01-01T10:00:00"), name="demo") for number in (1, 2)]
    assert ids(snb.get_activities(doors, progress=False)) == [1, 2]


def test_two_athletes_are_refused_where_both_are_known() -> None:
    mine = Shelf(record(1, "2026-01-01T10:00:00") | {"athlete": {"id": 5}}, name="export")
    theirs = Shelf(record(2, "2026-01-02T10:00:00") | {"athlete": {"id": 6}})
    unknown = Shelf(record(3, "2026-01-03T10:00:00"), name="export")
    with pytest.raises(BadInput, match="two athletes, 5 and 6"):
        snb.get_activities([mine, unknown, theirs], progress=False)
    assert ids(snb.get_activities([mine, unknown], progress=False)) == [1, 3]


def test_an_empty_list_is_no_source() -> None:
    with pytest.raises(BadInput, match="An empty list is not a source"):
        snb.get_activities([], progress=False)


def test_refresh_and_cancel_reach_the_doors_that_know_them() -> None:
    class Least:
        name = "export"

        def activities(self, start: date | None, end: date | None) -> list[Record]:
            return [record(1, "2026-01-01T10:00:00")]

    class Any_(Least):  # noqa: N801
        def activities(self, start: date | None, end: date | None, **options: Any) -> list[Record]:
            return [record(3, "2026-01-01T10:00:00") | {"name": str(sorted(options))}]

    door, cancel = Door(record(2, "2026-01-02T10:00:00")), threading.Event()
    table = snb.get_activities([Least(), door, Any_()], refresh=True, cancel=cancel, progress=False)
    assert ids(table) == [1, 2, 3]
    assert door.asked == [{"refresh": True, "cancel": cancel}]
    assert table.set_index("id")["name"].dropna().to_dict() == {3: "['cancel', 'refresh', 'tell']"}
    snb.get_activities(door, progress=False)
    assert door.asked[1:] == [{"refresh": False, "cancel": None}]


def test_a_stopped_pull_gives_what_came_and_says_how_to_go_on() -> None:
    door = Door(*(record(number, "2026-01-01T10:00:00") for number in range(5)))
    door.stops_after = 3
    last = Shelf(record(9, "2026-01-01T10:00:00"), name="export")
    said = "Stopped after 3 activities: run this again to go on where it stopped."
    with pytest.warns(StravaNbWarning, match=said) as told:
        table = snb.get_activities([door, last], 2026, progress=False)
    assert ids(table) == [0, 1, 2]
    assert table.attrs["problems"] == [said]
    assert (len(told), told[0].filename, last.asked) == (1, __file__, [])


def test_an_interrupt_keeps_what_the_first_doors_gave() -> None:
    def interrupt(step: Progress) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    first = Shelf(record(1, "2026-01-01T10:00:00"), name="export")
    second = Shelf(record(2, "2026-01-01T10:00:00"), record(3, "2026-01-01T10:00:00"))
    with pytest.warns(StravaNbWarning, match="Stopped after 1 activity: run this again"):
        assert ids(snb.get_activities([first, second], progress=interrupt)) == [1]


def test_a_pull_in_a_thread_is_stopped_by_its_event() -> None:
    cancel = threading.Event()
    first = Shelf(record(1, "2026-01-01T10:00:00"), name="export")
    second = Shelf(record(2, "2026-01-01T10:00:00"))
    pulled: list[pd.DataFrame] = []

    def stop(step: Progress) -> None:
        cancel.set()

    def pull() -> None:
        with pytest.warns(StravaNbWarning, match="Stopped after 1 activity"):
            pulled.append(snb.get_activities([first, second], progress=stop, cancel=cancel))

    thread = threading.Thread(target=pull)
    thread.start()
    thread.join()
    assert (ids(pulled[0]), second.asked) == ([1], [])


def test_streams_that_were_stopped_go_on_where_they_stopped(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    door = snb.open_api(access_token=strava.access_token)
    activities = snb.get_activities(door, progress=False)
    some = activities[activities["start_lat"].notna()].head(12)
    cancel = threading.Event()

    def stop(step: Progress) -> None:
        if step.done == 3:
            cancel.set()

    with pytest.warns(StravaNbWarning, match="Stopped after the streams of"):
        part = snb.get_streams(door, some, progress=stop, cancel=cancel)
    assert 3 <= part["activity_id"].nunique() < 12
    whole = snb.get_streams(door, some, progress=False)
    assert whole["activity_id"].unique().tolist() == some["id"].tolist()
    came = whole[whole["activity_id"].isin(part["activity_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, came[list(part)])


def test_calls_that_are_used_up_are_raised_as_they_are() -> None:
    class UsedUp(Shelf):
        def activities(self, *_: Any, **__: Any) -> list[Record]:
            raise RateLimited("The calls are used up.")

        def streams(self, activity_id: int) -> Payload | None:
            raise RateLimited("The calls are used up.")

    with pytest.raises(RateLimited):
        snb.get_activities([SHELF, UsedUp()], progress=False)
    with pytest.raises(RateLimited):
        snb.get_streams(UsedUp(), [1], progress=False)


def payloads(*numbers: int) -> dict[int, Payload]:
    return {number: {"time": {"data": [number]}} for number in numbers}


def test_streams_come_first_from_where_they_cost_nothing_then_in_turn() -> None:
    api, export = Door(payloads=payloads(1, 2, 3, 5)), Door(payloads=payloads(2, 4), name="export")
    api.here, export.here = frozenset({1}), frozenset({2, 5})
    table = snb.get_streams([api, export], [6, 5, 4, 3, 2, 1], progress=False)
    assert table["activity_id"].tolist() == [5, 4, 3, 2, 1]
    assert table["source"].tolist() == ["api", "export", "api", "export", "api"]
    assert table.attrs == {"without_streams": [6]}
    assert api.asked == [[1], [3, 4, 5, 6]]
    assert export.asked == [[2, 5], [4, 6]]


def test_a_door_that_knows_no_more_than_streams_is_asked_one_by_one() -> None:
    least = Shelf(payloads=payloads(1, 3), name="export")
    door = Door(payloads=payloads(1, 2))
    table = snb.get_streams([least, door], [1, 2, 3], progress=False)
    assert table[["activity_id", "source"]].astype(str).to_numpy().tolist() == [
        ["1", "export"],
        ["2", "api"],
        ["3", "export"],
    ]
    assert (least.asked, door.asked) == ([1, 2, 3], [[2]])


def test_the_two_doors_to_one_athlete_are_one_table_and_tracks_come_from_the_export(tmp_path: Path) -> None:
    account = snb.open_demo(today=TODAY)
    path = account.export(tmp_path / "export.zip", activities=6)
    export = snb.open_export(path, timezone="Europe/Berlin")
    alone = snb.get_activities(account, 2026, progress=False)
    both = snb.get_activities([account, export], 2026, progress=False)
    assert both["id"].tolist() == alone["id"].tolist()
    assert both["double_of"].isna().all()
    assert both["gear_name"].notna().any()
    pd.testing.assert_series_equal(both["distance"], alone["distance"])

    files = tmp_path / "files"
    with zipfile.ZipFile(path) as packed:
        packed.extractall(files, [name for name in packed.namelist() if name.startswith("activities/")])
    device = snb.open_export(files, timezone="Europe/Berlin")
    device.name = "demo"
    twice = snb.get_activities([account, device], 2026, progress=False)
    copies = twice[twice["id"] < 0]
    assert len(copies) > 2
    assert copies["double_of"].isin(alone["id"]).all()
    assert counted(twice).tolist() == (twice["id"] > 0).tolist()


def test_stopped_streams_are_those_that_came_and_none_is_called_without() -> None:
    door = Door(payloads=payloads(1, 2, 3))
    door.stops_after = 2
    with pytest.warns(StravaNbWarning, match="Stopped after the streams of 1 activity: run this again"):
        table = snb.get_streams(door, [1, 2, 3, 4], progress=False)
    assert table["activity_id"].tolist() == [3]
    assert table.attrs["without_streams"] == [4]


def test_interrupted_streams_are_those_that_came() -> None:
    def interrupt(step: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.warns(StravaNbWarning, match="Stopped after the streams of 1 activity"):
        assert len(snb.get_streams(SHELF, [1, 3], progress=interrupt)) == 2
    cancelled = threading.Event()
    cancelled.set()
    with pytest.warns(StravaNbWarning, match="Stopped after the streams of 0 activities"):
        assert len(snb.get_streams(SHELF, [1, 3], progress=False, cancel=cancelled)) == 0


def test_progress_over_several_doors_is_that_of_the_whole() -> None:
    api, export = Door(payloads=payloads(1, 2)), Door(payloads=payloads(3, 4), name="export")
    export.here = frozenset({3, 4})
    steps: list[Progress] = []
    snb.get_streams([api, export], [1, 2, 3, 4], progress=steps.append)
    assert steps == [Progress("streams", done, 4) for done in (1, 2, 3, 4)]


def test_a_long_pull_says_beforehand_what_comes_from_where() -> None:
    many = range(1, 31)
    api, export = Door(payloads=payloads(*many)), Door(payloads=payloads(*range(1, 11)), name="export")
    export.here = frozenset(range(1, 11))
    steps: list[Progress] = []
    snb.get_streams([export, api], many, progress=steps.append)
    assert steps[0] == Progress("streams", 0, 30, "10 from your export, 20 calls; 90 calls left")
    assert not any(step.note for step in steps[1:])
    steps.clear()
    snb.get_streams(api, many, progress=steps.append)
    assert steps[0] == Progress("streams", 0, 30, "30 without streams here; 90 calls left")
    steps.clear()
    snb.get_streams(api, [1, 2], progress=steps.append)
    assert steps[0] == Progress("streams", 1, 2)


def test_the_bar_counts_and_shows_notes_and_what_a_pull_costs(capsys: pytest.CaptureFixture[str]) -> None:
    class Waits(Door):
        def activities(self, *_: Any, tell: Listener = nobody, **__: Any) -> list[Record]:
            tell(Progress("activities", 200))
            tell(Progress("activities", 200, note="waits until 14:45"))
            tell(Progress("activities", 400))
            return []

    snb.get_activities(Waits())
    shown = capsys.readouterr()
    assert "waits until 14:45" in shown.err
    assert "200" in shown.err
    assert shown.out == ""
    snb.get_streams(Door(payloads=payloads(*range(20))), range(20))
    shown = capsys.readouterr()
    assert shown.out == "20 without streams here; 90 calls left\n"
    assert "90 calls left" not in shown.err
    snb.get_streams(Door(payloads=payloads(*range(20))), range(20), progress=False)
    assert capsys.readouterr() == ("", "")
