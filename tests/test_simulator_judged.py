"""Outside judges: stravalib's client and models, and Strava's own description of its API, see no fault."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from asking import ALL, BACK, TODAY, answered, api
from redirected import Redirected

from strava_nb.simulator import Simulator
from strava_nb.simulator.accounts import SCOPES

if TYPE_CHECKING:
    import stravalib  # Most of a second, which only the tests that ask it are to wait.

pytestmark = pytest.mark.slow

DESCRIPTION = Path(__file__).resolve().parents[2] / "shared/real/api/stravalib_strava_swagger.json"
GIVEN_UP = frozenset(
    {"partner_brand_tag", "highlighted_kudosers"} | {"segment_leaderboard_opt_out", "leaderboard_opt_out"}
)
"""Keys of Strava's examples, which are of 2018, that recorded answers of 2025 have no more."""


@pytest.fixture(scope="module")
def strava() -> Iterator[Simulator]:
    with Simulator(today=TODAY) as server:
        yield server


@pytest.fixture
def client(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[stravalib.Client]:
    """Stravalib's client; whatever it logs as a complaint fails the test."""
    import stravalib

    monkeypatch.setenv("STRAVA_CLIENT_ID", strava.client_id)
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.client_secret)
    with requests.Session() as session:
        session.mount("https://www.strava.com", Redirected(strava.url))
        judge = stravalib.Client(
            access_token=strava.access_token,
            refresh_token=strava.refresh_token,
            token_expires=2**31,
            requests_session=session,
            rate_limiter=lambda *_: None,
        )
        with caplog.at_level(logging.INFO, logger="stravalib"):
            yield judge
    complaints = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert complaints == []


def test_stravalib_signs_in_and_refreshes(strava: Simulator, client: stravalib.Client) -> None:
    address = client.authorization_url(int(strava.client_id), BACK, scope=ALL.split(","), state="s")
    code = answered(strava.authorize(address.replace("https://www.strava.com", strava.url)))["code"]
    tokens, athlete = client.exchange_code_for_token(
        int(strava.client_id), strava.client_secret, code, return_athlete=True
    )
    assert athlete is not None
    assert athlete.id == client.get_athlete().id
    application = int(strava.client_id), strava.client_secret
    renewed = client.refresh_access_token(*application, tokens["refresh_token"])
    assert renewed["refresh_token"] != tokens["refresh_token"]


def test_stravalib_reads_the_athlete_with_zones_stats_and_gear(
    strava: Simulator, client: stravalib.Client
) -> None:
    assert strava.athlete is not None
    athlete = client.get_athlete()
    assert athlete.firstname == strava.athlete.profile["firstname"]
    assert athlete.bikes
    assert athlete.shoes
    stats = client.get_athlete_stats(athlete.id)
    assert stats.all_ride_totals is not None
    assert stats.all_ride_totals.count
    zones = client.get_athlete_zones()
    assert zones.heart_rate is not None
    assert zones.power is not None
    for owned in [*athlete.bikes, *athlete.shoes]:
        assert owned.id is not None
        assert client.get_gear(owned.id).name == owned.name


def test_stravalib_reads_all_activities(strava: Simulator, client: stravalib.Client) -> None:
    assert strava.athlete is not None
    listed = list(client.get_activities())
    assert [a.id for a in listed] == [a.id for a in reversed(strava.athlete.activities)]
    for activity, known in zip(listed, reversed(strava.athlete.activities), strict=True):
        assert activity.sport_type == known.sport_type
        assert activity.start_date == known.start
        assert activity.name == known.name
        assert activity.timezone is not None
        assert activity.timezone.timezone() is not None


def test_stravalib_reads_one_activity_of_each_sport_in_full(
    strava: Simulator, client: stravalib.Client
) -> None:
    from stravalib import exc, strava_model

    assert strava.athlete is not None
    one_each = {activity.sport_type: activity for activity in strava.athlete.activities}
    assert len(one_each) > 8
    for known in one_each.values():
        detail = client.get_activity(known.id, include_all_efforts=True)
        assert detail.id == known.id
        laps = list(client.get_activity_laps(known.id))
        assert [lap.id for lap in laps] == [lap.id for lap in detail.laps or []]
        zones = client.get_activity_zones(known.id)
        assert {zone.type for zone in zones} <= {"heartrate", "power"}
        if not strava.athlete.streams(known):
            with pytest.raises(exc.ObjectNotFound):
                client.get_activity_streams(known.id)
            continue
        streams = client.get_activity_streams(known.id)
        assert len({stream.original_size for stream in streams.values()}) == 1
        # The typed models too: whole numbers where Strava's are whole.
        strava_model.StreamSet.model_validate(
            api(strava, f"/activities/{known.id}/streams", keys=",".join(streams), key_by_type="true").json
        )


def test_stravalib_names_our_refusals(strava: Simulator, client: stravalib.Client) -> None:
    from stravalib import exc

    with pytest.raises(exc.ObjectNotFound):
        client.get_activity(1)
    strava.faults.add("inactive")
    with pytest.raises(exc.ApplicationInactive):
        client.get_athlete()
    strava.faults.add("429")
    with pytest.raises(exc.Fault, match="Rate Limit Exceeded"):
        client.get_athlete()
    client.access_token = "unknown"
    with pytest.raises(exc.AccessUnauthorized):
        client.get_athlete()


# --- Strava's own description


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    if not DESCRIPTION.exists():
        pytest.skip("Strava's description of its API is not beside this checkout (../shared/real/api)")
    told: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    return told


@pytest.fixture(scope="module")
def addresses(strava: Simulator) -> dict[str, str]:
    """Strava's paths that the simulation answers, filled in."""
    assert strava.athlete is not None
    run = next(a for a in strava.athlete.activities if a.sport_type == "Run" and a.average_heartrate)
    ids = {"/activities/{id}": run.id, "/athletes/{id}": strava.athlete.profile["id"]}
    paths = ["/athlete", "/athlete/zones", "/athlete/activities", "/athletes/{id}/stats"]
    paths += [f"/activities/{{id}}{part}" for part in ("", "/laps", "/zones", "/streams")]
    filled = {path: path for path in paths}
    for start, known in ids.items():
        filled = {p: f.replace(start, start.replace("{id}", str(known))) for p, f in filled.items()}
    return filled | {"/gear/{id}": f"/gear/{strava.athlete.gear[0].id}"}


def test_our_paths_and_their_parameters_are_strava_s(
    strava: Simulator, description: dict[str, Any], addresses: dict[str, str]
) -> None:
    for path, address in addresses.items():
        described = description["paths"][path]["get"]
        query: dict[str, object] = {}
        for told in described.get("parameters", ()):
            named = told.get("$ref", "").rpartition("/")[2]
            parameter = description["parameters"][named] if named else told
            if parameter["in"] != "query":
                continue
            kind = parameter["type"]
            query[parameter["name"]] = (
                ",".join(parameter["items"]["enum"])
                if kind == "array"
                else {"integer": 1, "boolean": "true"}[kind]
            )
        assert api(strava, address, **query).status == 200, path


def test_our_parameters_do_what_strava_s_do(
    strava: Simulator, description: dict[str, Any], addresses: dict[str, str]
) -> None:
    listing = description["paths"]["/athlete/activities"]["get"]["parameters"]
    assert {p.get("name") or p["$ref"] for p in listing} == {
        "before",
        "after",
        "#/parameters/page",
        "#/parameters/perPage",
    }
    default = description["parameters"]["perPage"]["default"]
    assert len(api(strava, "/athlete/activities").json) == default
    (keys,) = (
        p
        for p in description["paths"]["/activities/{id}/streams"]["get"]["parameters"]
        if p["name"] == "keys"
    )
    asked = ",".join(keys["items"]["enum"])
    assert strava.athlete is not None
    kinds = set()
    for sport in ("Run", "VirtualRide"):
        known = next(a for a in strava.athlete.activities if a.sport_type == sport and a.average_heartrate)
        streams = api(strava, f"/activities/{known.id}/streams", keys=asked, key_by_type="true").json
        kinds |= set(streams)
    assert kinds == set(keys["items"]["enum"])


def test_our_scopes_are_strava_s(description: dict[str, Any]) -> None:
    assert set(SCOPES) == set(description["securityDefinitions"]["strava_oauth"]["scopes"])


def test_our_answers_have_the_keys_of_strava_s_examples(
    strava: Simulator, description: dict[str, Any], addresses: dict[str, str]
) -> None:
    assert strava.athlete is not None
    powered = next(a for a in strava.athlete.activities if a.average_watts and a.device_watts)
    run = addresses["/activities/{id}"]
    ours: dict[str, list[Any]] = {
        "/athlete": [api(strava, "/athlete").json],
        # Strava's file shows an activity's zones in the place of the athlete's.
        "/athlete/zones": [api(strava, f"/activities/{powered.id}/zones").json],
        "/athlete/activities": [api(strava, "/athlete/activities", per_page=200).json],
        "/activities/{id}": [api(strava, run).json, api(strava, f"/activities/{powered.id}").json],
        "/activities/{id}/laps": [api(strava, f"/activities/{powered.id}/laps").json],
        "/activities/{id}/streams": [api(strava, f"{run}/streams", keys="distance").json],
        "/gear/{id}": [api(strava, addresses["/gear/{id}"]).json],
    }
    for path, answers in ours.items():
        example = description["paths"][path]["get"]["responses"]["200"]["examples"]["application/json"]
        missing = shape(example) - set().union(*map(shape, answers))
        missing = {
            key
            for key in missing
            if not GIVEN_UP & set(key.split("."))
            # Nobody's photos and segments are made up.
            and not key.startswith(("segment_efforts.", "photos.primary.", "photos.use_primary_photo"))
        }
        assert missing == set(), path


def shape(value: Any, at: str = "") -> set[str]:
    """The dotted names of all keys in a JSON value, lists passed through."""
    if isinstance(value, list):
        return set().union(*(shape(item, at) for item in value))
    if not isinstance(value, dict):
        return set()
    names = set()
    for key, inner in value.items():
        names |= {f"{at}{key}"} | shape(inner, f"{at}{key}.")
    return names
