"""What the simulated Strava answers, asked over HTTP as a client would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from asking import TODAY, api, ask, epoch, everything
from hypothesis import given
from hypothesis import strategies as st

from strava_nb.simulator import Simulator
from strava_nb.simulator.listing import Entry, Listing


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(today=TODAY, activities=250) as server:
        yield server


@pytest.fixture(scope="module")
def records(shared: Simulator) -> list[dict[str, Any]]:
    return everything(shared)


# --- who sees what


def test_the_profile_is_full_only_with_its_scope(shared: Simulator) -> None:
    full = api(shared, "/athlete").json
    public = api(shared, "/athlete", shared.grant("read").access_token).json
    assert (full["resource_state"], public["resource_state"]) == (3, 2)
    assert full["id"] == public["id"]
    assert full["bikes"]
    assert full["shoes"]
    assert not {"weight", "ftp", "bikes", "shoes", "measurement_preference"} & set(public)


def test_zones_need_their_scope(shared: Simulator) -> None:
    got = api(shared, "/athlete/zones", shared.grant("read,activity:read_all").access_token)
    assert (got.status, got.error) == (401, ("AccessToken", "profile:read_permission", "missing"))
    zones = api(shared, "/athlete/zones").json
    assert zones["heart_rate"]["zones"][-1]["max"] == -1
    assert zones["power"]["zones"][-1]["max"] == -1


@pytest.mark.parametrize("path", ["/athlete/activities", "/activities/1", "/activities/1/streams"])
def test_activities_need_a_scope_for_activities(shared: Simulator, path: str) -> None:
    got = api(shared, path, shared.grant("read,profile:read_all").access_token)
    assert (got.status, got.error) == (401, ("AccessToken", "activity:read_permission", "missing"))


def test_private_activities_are_missing_with_the_lesser_scope(
    shared: Simulator, records: list[dict[str, Any]]
) -> None:
    lesser = shared.grant("read,activity:read").access_token
    pages = [api(shared, "/athlete/activities", lesser, page=n, per_page=200).json for n in (1, 2)]
    private = [record for record in records if record["visibility"] == "only_me"]
    assert private
    assert all(record["private"] for record in private)
    seen = {record["id"] for page in pages for record in page}
    assert seen == {record["id"] for record in records} - {record["id"] for record in private}
    for part in ("", "/laps", "/zones", "/streams?keys=time"):
        hidden = api(shared, f"/activities/{private[0]['id']}{part}", lesser)
        assert (hidden.status, hidden.error) == (404, ("Activity", "", "not found"))


# --- the listing


def test_without_parameters_thirty_come_newest_first(shared: Simulator) -> None:
    page = api(shared, "/athlete/activities").json
    assert len(page) == 30
    assert [r["start_date"] for r in page] == sorted((r["start_date"] for r in page), reverse=True)


def test_pages_are_disjoint_complete_and_end_with_an_empty_one(
    shared: Simulator, records: list[dict[str, Any]]
) -> None:
    assert shared.athlete is not None
    assert len(records) == 250
    assert [r["id"] for r in records] == [a.id for a in reversed(shared.athlete.activities)]
    small = [api(shared, "/athlete/activities", page=n, per_page=70).json for n in range(1, 6)]
    assert [len(page) for page in small] == [70, 70, 70, 40, 0]
    assert [r for page in small for r in page] == records


def test_after_alone_is_oldest_first_and_with_before_newest_first(
    shared: Simulator, records: list[dict[str, Any]]
) -> None:
    after, before = (epoch(records[n]["start_date"]) for n in (200, 100))
    assert [r["id"] for r in everything(shared, after=after)] == [r["id"] for r in reversed(records[:200])]
    assert [r["id"] for r in everything(shared, before=before)] == [r["id"] for r in records[101:]]
    both = everything(shared, after=after, before=before)
    assert [r["id"] for r in both] == [r["id"] for r in records[101:200]]


def test_after_may_not_lie_in_the_future_nor_be_in_milliseconds(shared: Simulator) -> None:
    now = int(shared.now())
    for after in (now + 3600, now * 1000):
        got = api(shared, "/athlete/activities", after=after)
        assert (got.status, got.error) == (400, ("Application", "after", "future"))
    assert api(shared, "/athlete/activities", after=now - 60).json == []


def test_the_athletes_own_today_is_never_the_future() -> None:
    with Simulator(today=date(2099, 1, 1), activities=5) as ahead:
        today = int(datetime(2099, 1, 1, 12, tzinfo=UTC).timestamp())
        assert api(ahead, "/athlete/activities", after=today).status == 200
        assert api(ahead, "/athlete/activities", after=today + 86400).status == 400


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"per_page": 201}, "per page"),
        ({"per_page": 0}, "per page"),
        ({"page": 0}, "page"),
        ({"page": "x"}, "page"),
        ({"before": "2026-01-01"}, "before"),
        ({"after": "1e9"}, "after"),
    ],
)
def test_what_is_no_sensible_number_is_refused(
    shared: Simulator, query: dict[str, object], field: str
) -> None:
    got = api(shared, "/athlete/activities", **query)
    assert (got.status, got.error[:2]) == (400, ("Application", field))


@given(
    starts=st.lists(st.integers(0, 50), max_size=40),
    per_page=st.integers(1, 12),
    short_pages=st.integers(0, 5),
    after=st.none() | st.integers(-1, 51),
    before=st.none() | st.integers(-1, 51),
)
def test_pages_of_any_size_short_or_not_lose_and_repeat_nothing(
    starts: list[int], per_page: int, short_pages: int, after: int | None, before: int | None
) -> None:
    listing = Listing(Entry(start, n, False, str(n).encode()) for n, start in enumerate(starts))
    seen: list[int] = []
    for page in range(1, 100):
        rows = json.loads(
            listing.page(
                before=before,
                after=after,
                page=page,
                per_page=per_page,
                private=True,
                short_pages=short_pages,
            )
        )
        seen += rows
        if not rows:
            break
    wanted = [
        n
        for n, start in enumerate(starts)
        if (after is None or start > after) and (before is None or start < before)
    ]
    assert sorted(seen) == wanted
    assert len(seen) == len(wanted)
    order = [starts[n] for n in seen]
    assert order == sorted(order, reverse=after is None or before is not None)


# --- what a record looks like


def test_a_record_has_the_keys_that_strava_gives(records: list[dict[str, Any]]) -> None:
    ride = next(r for r in records if r["sport_type"] == "Ride" and "average_watts" in r)
    assert len(ride) >= 55
    for record in records:
        assert record["resource_state"] == 2
        assert set(record["athlete"]) == {"id", "resource_state"}
        assert record["map"]["id"] == f"a{record['id']}"
        assert record["has_heartrate"] == ("average_heartrate" in record)
        assert ("max_heartrate" in record) == ("average_heartrate" in record)
        assert isinstance(record["utc_offset"], float)


def test_local_times_carry_a_false_z_and_zones_their_standard_offset(records: list[dict[str, Any]]) -> None:
    summer = 0
    for record in records:
        label, name = record["timezone"].split(" ", 1)
        begun = datetime.fromisoformat(record["start_date"])
        local = begun.astimezone(ZoneInfo(name))
        assert record["start_date_local"] == local.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert timedelta(seconds=record["utc_offset"]) == local.utcoffset()
        hours, minutes = int(label[4:7]), int(label[8:10])
        standard = timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes)
        assert standard == (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
        summer += bool(local.dst())
    assert 0 < summer < len(records)


def test_what_was_not_recorded_is_absent_or_empty(records: list[dict[str, Any]]) -> None:
    indoors = [r for r in records if r["start_latlng"] == []]
    assert indoors
    for record in indoors:
        assert record["end_latlng"] == []
        assert not record["map"]["summary_polyline"]
    assert any(not r["has_heartrate"] for r in records)
    manual = [r for r in records if r["manual"]]
    assert manual
    assert all(r["upload_id"] is None and "upload_id_str" not in r for r in manual)


def test_the_old_type_has_no_word_for_newer_sports(records: list[dict[str, Any]]) -> None:
    kinds = {r["sport_type"]: r["type"] for r in records}
    assert kinds["TrailRun"] == "Run"
    assert kinds["Ride"] == "Ride"


# --- one activity


def of_sport(records: list[dict[str, Any]], *sports: str) -> dict[str, Any]:
    return next(r for r in records if r["sport_type"] in sports and r["start_latlng"] and not r["manual"])


def test_a_detail_holds_the_listings_values_and_more(
    shared: Simulator, records: list[dict[str, Any]]
) -> None:
    for listed in (of_sport(records, "Run"), of_sport(records, "Ride")):
        detail = api(shared, f"/activities/{listed['id']}").json
        for name in set(listed) - {"map", "resource_state"}:
            assert detail[name] == listed[name]
        assert detail["resource_state"] == 3
        assert detail["segment_efforts"] == []
        assert {"description", "calories", "device_name", "photos", "embed_token"} <= set(detail)
        assert len(detail["map"]["polyline"]) >= len(detail["map"]["summary_polyline"]) > 0
        assert detail["laps"] == api(shared, f"/activities/{listed['id']}/laps").json
        assert detail["gear"]["id"] == listed["gear_id"]


def test_laps_and_splits_add_up_to_the_run(shared: Simulator, records: list[dict[str, Any]]) -> None:
    run = of_sport(records, "Run")
    detail = api(shared, f"/activities/{run['id']}").json
    for parts in (detail["laps"], detail["splits_metric"], detail["splits_standard"]):
        assert sum(part["distance"] for part in parts) == pytest.approx(run["distance"], rel=0.01)
        assert sum(part["elapsed_time"] for part in parts) == pytest.approx(run["elapsed_time"], abs=5)
    assert all(split["distance"] == pytest.approx(1000, abs=25) for split in detail["splits_metric"][:-1])
    assert [lap["lap_index"] for lap in detail["laps"]] == list(range(1, len(detail["laps"]) + 1))
    assert detail["laps"][0]["start_date"] == run["start_date"]
    starts = [epoch(lap["start_date"]) for lap in detail["laps"]]
    assert starts == sorted(starts)


def test_best_efforts_are_a_runs_only_and_longer_ones_take_longer(
    shared: Simulator, records: list[dict[str, Any]]
) -> None:
    run, ride = of_sport(records, "Run"), of_sport(records, "Ride")
    efforts = api(shared, f"/activities/{run['id']}").json["best_efforts"]
    assert [effort["name"] for effort in efforts][:4] == ["400m", "1/2 mile", "1K", "1 mile"]
    times = [effort["elapsed_time"] for effort in efforts]
    assert times == sorted(times)
    assert len({effort["id"] for effort in efforts}) == len(efforts)
    detail = api(shared, f"/activities/{ride['id']}").json
    assert not {"best_efforts", "splits_metric", "splits_standard"} & set(detail)


def test_streams_come_by_type_or_as_a_list(shared: Simulator, records: list[dict[str, Any]]) -> None:
    run = of_sport(records, "Run")
    path = f"/activities/{run['id']}/streams"
    by_type = api(shared, path, keys="time,latlng,altitude", key_by_type="true").json
    assert set(by_type) == {"time", "distance", "latlng", "altitude"}
    listed = api(shared, path, keys="time,latlng,altitude").json
    assert {stream.pop("type"): stream for stream in listed} == by_type
    length = len(by_type["time"]["data"])
    for stream in by_type.values():
        assert set(stream) == {"data", "series_type", "original_size", "resolution"}
        assert stream["series_type"] == "distance"
        assert stream["original_size"] == len(stream["data"]) == length
    assert by_type["time"]["data"] == sorted(by_type["time"]["data"])


def test_streams_that_were_not_asked_for_or_recorded_are_absent(
    shared: Simulator, records: list[dict[str, Any]]
) -> None:
    run = of_sport(records, "Run")
    path = f"/activities/{run['id']}/streams"
    assert set(api(shared, path, keys="nonsense", key_by_type="true").json) == {"distance"}
    missing = api(shared, path)
    assert (missing.status, missing.error) == (400, ("Stream", "keys", "missing"))


def test_an_activity_without_streams_has_an_empty_404(
    shared: Simulator, records: list[dict[str, Any]]
) -> None:
    manual = next(r for r in records if r["manual"])
    got = api(shared, f"/activities/{manual['id']}/streams", keys="time,distance", key_by_type="true")
    assert (got.status, got.body) == (404, b"")
    assert api(shared, f"/activities/{manual['id']}/laps").json == []


def test_time_in_zones_adds_up_to_the_recording(shared: Simulator, records: list[dict[str, Any]]) -> None:
    run = next(r for r in records if r["sport_type"] == "Run" and r["has_heartrate"] and not r["manual"])
    (heart,) = api(shared, f"/activities/{run['id']}/zones").json
    assert heart["type"] == "heartrate"
    assert heart["distribution_buckets"][-1]["max"] == -1
    spent = sum(bucket["time"] for bucket in heart["distribution_buckets"])
    assert spent == pytest.approx(run["elapsed_time"], rel=0.1)


def test_stats_add_up_what_everyone_may_see(shared: Simulator, records: list[dict[str, Any]]) -> None:
    me = api(shared, "/athlete").json["id"]
    stats = api(shared, f"/athletes/{me}/stats").json
    runs = [
        r
        for r in records
        if r["sport_type"] in ("Run", "TrailRun", "VirtualRun") and r["visibility"] == "everyone"
    ]
    assert stats["all_run_totals"]["count"] == len(runs)
    assert stats["all_run_totals"]["distance"] == pytest.approx(sum(r["distance"] for r in runs))
    this_year = [r for r in runs if r["start_date_local"] >= "2026"]
    assert stats["ytd_run_totals"]["count"] == len(this_year)
    assert len([name for name in stats if name.endswith("_totals")]) == 9
    other = api(shared, f"/athletes/{me + 1}/stats")
    assert other.status == 403


def test_gear_is_told_by_its_id(shared: Simulator) -> None:
    athlete = api(shared, "/athlete").json
    bike, shoe = athlete["bikes"][0], athlete["shoes"][0]
    assert api(shared, f"/gear/{bike['id']}").json["frame_type"]
    assert "frame_type" not in api(shared, f"/gear/{shoe['id']}").json
    unknown = api(shared, "/gear/b0")
    assert (unknown.status, unknown.error) == (404, ("Gear", "", "not found"))


@pytest.mark.parametrize("path", ["/activities/1", "/activities/1/streams", "/activities/1/laps"])
def test_an_unknown_activity_is_not_found(shared: Simulator, path: str) -> None:
    got = api(shared, path, keys="time")
    assert (got.status, got.error) == (404, ("Activity", "", "not found"))


@pytest.mark.parametrize("path", ["/api/v3/nothing", "/api/v3/activities/x", "/nothing", "/oauth/nothing"])
def test_an_unknown_address_is_not_found(shared: Simulator, path: str) -> None:
    got = ask(shared, path, token=shared.access_token)
    assert (got.status, got.error) == (404, ("resource", "path", "invalid"))


def test_a_change_is_not_taken(shared: Simulator) -> None:
    assert ask(shared, "/api/v3/athlete", method="PUT", token=shared.access_token).status == 404
