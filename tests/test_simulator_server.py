"""The simulated Strava as a server: limits, connections, secrets, recorded answers, by hand."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from asking import (
    NINE,
    TODAY,
    answered,
    api,
    ask,
    authorize_address,
    everything,
    exchange,
    refresh,
    usage,
)

from strava_nb.simulator import Simulator
from strava_nb.simulator.__main__ import main

RECORDS = [
    {"id": 1, "athlete": {"id": 7}, "name": "First", "type": "Run", "start_date": "2015-04-01T17:01:46Z"},
    {"id": 2, "athlete": {"id": 7}, "name": "Zweite ü", "type": "Ride", "start_date": "2016-04-01T17:01:46Z"},
    {"id": 3, "athlete": {"id": 8}, "name": "Third", "type": "Ride", "start_date": "2017-04-01T17:01:46Z"},
]


@pytest.fixture
def strava() -> Iterator[Simulator]:
    with Simulator(today=TODAY, activities=40) as server:
        yield server


# --- limits


def test_each_answer_says_what_is_used_of_what() -> None:
    with Simulator(today=TODAY, activities=5, limits=(100, 1000)) as strava:
        api(strava, "/athlete")
        assert usage(api(strava, "/activities/1")) == ("200,2000", "2,2", "100,1000", "2,2")


def test_a_quarter_of_an_hour_ends_on_the_clock_and_refused_calls_count() -> None:
    with Simulator(today=TODAY, activities=5, limits=(2, 1000)) as strava:
        strava.now = lambda: NINE + 14 * 60
        assert [api(strava, "/athlete").status for _ in range(4)] == [200, 200, 429, 429]
        strava.now = lambda: NINE + 15 * 60 - 0.001
        refused = api(strava, "/athlete")
        assert refused.status == 429
        assert refused.error == ("Application", "rate limit", "exceeded")
        assert refused.json["message"] == "Rate Limit Exceeded"
        assert usage(refused)[3] == "5,5"
        strava.now = lambda: NINE + 15 * 60
        again = api(strava, "/athlete")
        assert (again.status, usage(again)[3]) == (200, "1,6")


def test_the_day_ends_at_midnight_utc() -> None:
    midnight = datetime(2026, 6, 16, tzinfo=UTC).timestamp()
    with Simulator(today=TODAY, activities=5, limits=(100, 2)) as strava:
        strava.now = lambda: midnight - 3600
        sent = strava.grant().access_token
        assert [api(strava, "/athlete", sent).status for _ in range(3)] == [200, 200, 429]
        strava.now = lambda: midnight - 0.001
        assert api(strava, "/athlete", sent).status == 429
        strava.now = lambda: midnight
        again = api(strava, "/athlete", sent)
        assert (again.status, usage(again)[3]) == (200, "1,1")


def test_all_calls_have_twice_the_reads_allowance() -> None:
    with Simulator(today=TODAY, activities=5, limits=(2, 1000)) as strava:
        strava.now = lambda: NINE
        sent = strava.grant().access_token
        statuses = [ask(strava, "/api/v3/athlete", method="PUT", token=sent).status for _ in range(5)]
        assert statuses == [404, 404, 404, 404, 429]


def test_nobody_is_limited_unless_asked_for(strava: Simulator) -> None:
    strava.now = lambda: NINE
    got = [api(strava, "/athlete/activities", per_page=1) for _ in range(210)][-1]
    assert got.status == 200
    assert int(usage(got)[2].split(",")[0]) > 100_000


def test_signing_in_costs_no_call(strava: Simulator) -> None:
    refresh(strava, strava.refresh_token)
    assert usage(api(strava, "/athlete"))[1] == "1,1"


# --- the server


def test_eight_calls_are_answered_at_the_same_time(strava: Simulator) -> None:
    token = strava.access_token
    together = Barrier(8)  # the clock is read only once all eight have arrived

    def clock() -> float:
        together.wait(timeout=30)
        return NINE

    strava.now, before = clock, strava.now
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, strava, "/api/v3/athlete", token=token) for _ in range(8)]
        statuses = {call.result().status for call in asked}
    strava.now = before
    assert statuses == {200}
    assert not together.broken


def test_latency_is_waited_for_by_each_call_but_not_by_the_page() -> None:
    with Simulator(today=TODAY, activities=5, latency=3600) as strava:
        assert ask(strava, authorize_address(strava).removeprefix(strava.url)).status == 200
        assert refresh(strava, strava.refresh_token).status == 200
        with pytest.raises(TimeoutError):
            connection = http.client.HTTPConnection(urlsplit(strava.url).netloc, timeout=0.2)
            try:
                connection.request("GET", "/api/v3/athlete")
                connection.getresponse()
            finally:
                connection.close()


def test_a_connection_is_kept_open_until_the_stop() -> None:
    strava = Simulator(today=TODAY, activities=5).start()
    connection = http.client.HTTPConnection(urlsplit(strava.url).netloc, timeout=30)
    connection.connect()
    connection.auto_open = False
    try:
        for _ in range(2):
            connection.request("GET", "/")
            assert b"It is not Strava" in connection.getresponse().read()
        strava.stop()
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            connection.request("GET", "/")
            connection.getresponse()
    finally:
        connection.close()
    strava.stop()
    with pytest.raises(RuntimeError, match="not running"):
        _ = strava.url


def test_it_listens_to_this_machine_only(strava: Simulator) -> None:
    assert strava.url.startswith("http://127.0.0.1:")


def test_ids_secrets_and_tokens_are_each_instances_own() -> None:
    one, two = (Simulator(today=TODAY, activities=5) for _ in range(2))
    for name in ("client_secret", "access_token", "refresh_token"):
        assert getattr(one, name) != getattr(two, name)
    assert one.client_id.isdecimal()


def test_no_secret_shows_in_calls_reprs_or_on_the_terminal(
    strava: Simulator, capfd: pytest.CaptureFixture[str]
) -> None:
    code = answered(strava.authorize(authorize_address(strava)))["code"]
    granted = exchange(strava, code).json
    ask(
        strava,
        f"/oauth/token?{urlencode({'client_secret': strava.client_secret, 'code': code})}",
        method="POST",
    )
    ask(strava, "/%00", token=strava.access_token)
    grant = strava.grant()
    shown = f"{strava!r} {strava.calls!r} {grant!r} {strava._accounts!r} {strava._accounts._sign_ins!r}"
    for secret in (
        strava.client_secret,
        strava.access_token,
        strava.refresh_token,
        granted["access_token"],
        grant.access_token,
        grant.refresh_token,
        code,
    ):
        assert secret not in shown
    assert capfd.readouterr() == ("", "")


def test_the_same_seed_and_day_give_the_same_answers() -> None:
    def page(seed: int) -> bytes:
        with Simulator(seed=seed, today=TODAY, activities=20) as strava:
            return api(strava, "/athlete/activities", per_page=200).body

    assert page(1) == page(1) != page(2)


# --- recorded activities


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.json").write_text(json.dumps(RECORDS[:2], ensure_ascii=False), "utf-8-sig")
    (tmp_path / "b.json").write_text(json.dumps([RECORDS[2], RECORDS[0] | {"name": "Again"}]), "utf-8")
    (tmp_path / "other.json").write_text('{"id": 9}', "utf-8")
    (tmp_path / "broken.json").write_text("[", "utf-8")
    (tmp_path / "numbers.json").write_text('[1, {"id": 4}]', "utf-8")
    (tmp_path / "notes.txt").write_text("[]", "utf-8")
    return tmp_path


def test_recorded_activities_are_answered_as_they_were(folder: Path) -> None:
    with Simulator(records=folder) as strava:
        assert strava.athlete is None
        assert everything(strava) == [RECORDS[2], RECORDS[1], RECORDS[0]]
        assert api(strava, "/activities/2").json == RECORDS[1]
        assert api(strava, "/activities/2/laps").json == []
        assert api(strava, "/athlete").json["id"] == 7
        streams = api(strava, "/activities/2/streams", keys="time")
        assert (streams.status, streams.body) == (404, b"")
        assert api(strava, "/activities/4").status == 404
        with pytest.raises(RuntimeError, match="stay as they are"):
            strava.add_activity()


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="not a folder"):
        Simulator(records=tmp_path / "nowhere")


# --- by hand


@pytest.mark.slow
def test_started_by_hand_it_says_how_to_use_it_and_stops_on_ctrl_c() -> None:
    command = [sys.executable, "-m", "strava_nb.simulator", "--activities", "20", "--today", "2026-06-15"]
    with subprocess.Popen(
        [*command, "--limits", "3,1000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            told = ""
            while "STRAVA_REFRESH_TOKEN" not in told:
                line = process.stdout.readline()
                assert line, process.stderr.read()
                told += line
            values = dict(re.findall(r"^(STRAVA_\w+)=(\S+)$", told, re.MULTILINE))
            connection = http.client.HTTPConnection(urlsplit(values["STRAVA_NB_URL"]).netloc, timeout=30)
            bearer = {"Authorization": f"Bearer {values['STRAVA_ACCESS_TOKEN']}"}
            connection.request("GET", "/api/v3/athlete/activities", headers=bearer)
            response = connection.getresponse()
            assert len(json.loads(response.read())) == 20
            assert response.getheader("X-ReadRateLimit-Limit") == "3,1000"
            connection.close()
            assert {"STRAVA_CLIENT_ID", "STRAVA_CLIENT_SECRET"} <= set(values)
            if sys.platform != "win32":
                process.send_signal(signal.SIGINT)
                _, complaints = process.communicate(timeout=30)
                assert (process.returncode, complaints) == (0, "")
        finally:
            process.kill()


@pytest.mark.parametrize("wrong", [["--limits", "many"], ["--today", "yesterday"]])
def test_a_wrong_option_is_said(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2
    assert f"argument {wrong[0]}" in capsys.readouterr().err
