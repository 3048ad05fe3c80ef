"""What the panel offers once a door is chosen: the year, what was entered, and how to see one's own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exports import RIDE, RUN, export_csv, write_zip
from panels import kernel, message, sign_in

import strava_nb as snb
from strava_nb.signin.session import SignedIn
from strava_nb.simulator import Simulator
from strava_nb.sources import kept_thresholds
from strava_nb.widgets import words
from strava_nb.widgets.login import Login

__all__ = ["kernel"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("kernel")]


@pytest.fixture(autouse=True)
def nothing_said() -> Iterator[None]:
    """What people said of their thresholds before is forgotten."""
    kept_thresholds._memory.clear()
    yield
    kept_thresholds._memory.clear()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_zip(tmp_path / "export_42.zip", {"activities.csv": export_csv(RIDE, RUN)})


def opened(path: Path) -> Login:
    login = snb.login()
    message(login, "open_path", path=str(path), zone="Europe/Berlin")
    return login


def year_of(login: Login, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What comes of a press on Your year."""
    over = threading.Event()
    heard: list[dict[str, Any]] = []

    def hear(content: dict[str, Any], buffers: Any = None) -> None:
        heard.append(content)
        if content["type"] in {"made", "failed"}:
            over.set()

    monkeypatch.setattr(login.year, "send", hear)
    login.year._handle_custom_msg({"type": "make", "asker": "view/1", "year": None}, [])
    assert over.wait(60)
    return heard[-1]


def test_the_year_is_offered_once_a_door_is_chosen_and_no_more_after_sign_out(strava: Simulator) -> None:
    login = snb.login()
    assert login.children == (login.panel, login.year)
    assert login.year.view["hidden"]
    sign_in(login, strava)
    assert not login.year.view["hidden"]
    message(login, "sign_out")
    assert login.year.view["hidden"]
    message(login, "demo")
    assert not login.year.view["hidden"]


def test_the_newest_year_of_an_export_is_made(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = year_of(opened(export), monkeypatch)
    assert (answer["type"], answer["years"]) == ("made", [2026])
    assert answer["names"] == ["your_year_2026.html", "your_year_2026.png"]


def test_the_year_comes_in_the_athletes_own_units(strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    assert strava.athlete
    monkeypatch.setitem(strava.athlete.profile, "measurement_preference", "feet")
    login = snb.login()
    sign_in(login, strava)
    assert year_of(login, monkeypatch)["type"] == "made"
    assert login.year.units == "imperial"


def test_what_was_entered_stands_beside_sign_out_and_can_be_deleted_there(strava: Simulator) -> None:
    login = snb.login()
    sign_in(login, strava)
    assert not login.panel.view["thresholds"]
    snb.athlete_profile(login)._thresholds.set("max_heartrate", [(188.0, None)])
    assert login.panel.view["thresholds"]
    message(login, "forget_thresholds")
    assert not login.panel.view["thresholds"]
    assert snb.cache_info().query("what.str.contains('threshold')").empty


def test_what_was_entered_with_an_export_is_there_when_it_opens_again(export: Path) -> None:
    login = opened(export)
    snb.athlete_profile(login)._thresholds.set("ftp", [(240.0, None)])
    message(login, "sign_out")
    assert not login.panel.view["thresholds"], "nobody is here whose they would be"
    assert opened(export).panel.view["thresholds"]
    assert snb.athlete_profile(opened(export)).value.at("2026-06-01")["ftp"] == 240


def test_on_voila_a_reload_shows_ones_own_where_it_finds_them_again(
    export: Path, strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOILA_BASE_URL", "/")
    monkeypatch.setenv("SERVER_NAME", "localhost")
    monkeypatch.setattr("strava_nb.settings.server_keeps_to_itself", lambda: True)
    assert opened(export).panel.view["what_next"] == words.RELOAD
    login = snb.login()
    sign_in(login, strava)
    assert login.panel.view["what_next"] == words.REMEMBER_AND_RELOAD
    message(login, "remember", on=True)
    assert isinstance(login.session.state, SignedIn)
    assert login.panel.view["what_next"] == words.RELOAD
    assert "notebook" not in str(login.panel.view)


def test_on_a_served_page_nothing_is_promised(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOILA_BASE_URL", "/")
    monkeypatch.setenv("SERVER_NAME", "rides.example.org")
    login = snb.login()
    login.session.open(snb.open_export(export), lambda: None)
    assert login.panel.view["what_next"] == words.MADE_BEFORE
    message(login, "demo")
    assert "Run All" not in str(login.panel.view)


def test_in_a_notebook_run_all_shows_ones_own(export: Path) -> None:
    assert opened(export).panel.view["what_next"] == words.SEE_YOUR_OWN
