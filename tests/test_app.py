"""The page for people who do not code, from the kernel's side: what is pulled when, shown, and forgotten."""

from __future__ import annotations

import importlib
import threading
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from conftest import TODAY
from exports import RIDE, RUN, export_csv, export_files, write_zip
from pages import a_page, expect_shown, saved_state, says, sign_in, until

import strava_nb as snb
from strava_nb.signin import session as sessions
from strava_nb.simulator import Simulator
from strava_nb.sources import api
from strava_nb.sources.demo import DemoSource
from strava_nb.widgets import login as logins
from strava_nb.widgets import reruns, words
from strava_nb.widgets.app import App

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def kernel(strava: Simulator, shared_strava: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh kernel that talks to the simulated Strava, with a demo athlete who is here already."""
    monkeypatch.setenv("STRAVA_NB_URL", strava.url)
    monkeypatch.setattr(logins, "open_demo", lambda: DemoSource(shared_strava, seed=0, today=TODAY))
    sessions.reset()
    yield
    sessions.reset()


def shown(page: App) -> pd.DataFrame:
    """What the page shows, which is something."""
    assert page.table is not None
    return page.table


@pytest.fixture
def page() -> Iterator[App]:
    with a_page() as opened:
        yield opened


def test_at_first_it_shows_the_demo_athlete_and_says_so(page: App) -> None:
    expect_shown(page, "demo")
    ((rows, _),) = says(page.results, "rows", since=0)
    assert rows["demo"] and rows["count"] > 100 and len(rows["rows"]) == 20
    assert rows["heading"] == words.activities(rows["count"])
    assert page.files.children[0].view["note"] == words.DOWNLOAD["demo"]


def test_once_signed_in_ones_own_are_pulled_by_themselves(page: App, strava: Simulator) -> None:
    expect_shown(page, "demo")
    sign_in(page, strava)
    expect_shown(page, "api", 60)
    ((rows, _),) = says(page.results, "rows", since=0)
    assert not rows["demo"] and rows["count"] == 60


def test_nothing_of_the_demo_athlete_stays_while_ones_own_come(page: App, strava: Simulator) -> None:
    expect_shown(page, "demo")
    waiting, let = threading.Event(), threading.Event()
    gather = api.ApiSource.activities

    def slowly(*args: Any, **options: Any) -> Any:
        waiting.set()
        assert let.wait(30)
        return gather(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.ApiSource, "activities", slowly)
        sign_in(page, strava)
        assert waiting.wait(30)
        assert page.table is None and not page.files.children
        assert not page.results.view["there"] and not page.pictures.view["there"]
        assert page.button.view["state"] == "running"
        let.set()
        expect_shown(page, "api")


def test_neither_rows_nor_pictures_nor_secrets_are_in_what_a_notebook_saves(
    page: App, strava: Simulator
) -> None:
    sign_in(page, strava)
    expect_shown(page, "api")
    table = page.table
    assert table is not None
    for number in range(4):
        says(page.pictures, "draw", number=number, width=500)
    says(page.results, "rows", since=0)
    state = saved_state(page)
    assert not [name for name in table["name"].dropna() if len(name) > 6 and name in state]
    assert not [one for one in table["id"] if str(one) in state]
    assert not [secret for secret in {strava.client_secret, *strava.tokens()} if secret in state]
    assert len(state) < 40_000


def test_signed_out_the_demo_athlete_is_back_and_nothing_of_oneself(page: App, strava: Simulator) -> None:
    sign_in(page, strava)
    expect_shown(page, "api")
    says(page.results, "sports", chosen=["Ride"])
    says(page.login.panel, "sign_out")
    expect_shown(page, "demo")
    assert {"Run", "Ride"} <= set(shown(page)["sport_group"])


def test_a_refused_sign_in_shows_nothing_and_leads_on(page: App, strava: Simulator) -> None:
    expect_shown(page, "demo")
    with suppress(urllib.error.HTTPError):
        sign_in(page, strava, cancel=True)
    until(page, lambda: page.button.view["state"] == "nobody" and not page.results.view["there"])
    assert page.table is None and page.button.view["said"] == words.PULL["nobody"]
    sign_in(page, strava)
    expect_shown(page, "api")


def test_a_sign_in_revoked_meanwhile_leads_back_to_the_panel(page: App, strava: Simulator) -> None:
    sign_in(page, strava)
    expect_shown(page, "api")
    strava.revoke_all()
    says(page.button, "pull")
    until(page, lambda: page.button.view["state"] == "nobody" and not page.results.view["there"])
    assert page.table is None
    assert page.login.panel.view["state"] == "failed"
    says(page.login.panel, "demo")
    expect_shown(page, "demo")


def test_other_dates_come_when_pull_is_pressed(page: App, strava: Simulator) -> None:
    sign_in(page, strava)
    expect_shown(page, "api", 60)
    page.dates.value = ("2026-06-01", None)
    assert len(shown(page)) == 60
    says(page.button, "pull")
    until(page, lambda: page.table is not None and 0 < len(page.table) < 60)
    assert (shown(page)["start_date_local"] >= "2026-06-01").all()


def test_all_is_here_until_other_dates_are_picked(page: App) -> None:
    expect_shown(page, "demo")
    assert (page.button.view["state"], page.button.view["said"]) == ("done", "All here.")
    says(page.dates, "chose", choice="everything")
    assert (page.button.view["state"], page.button.view["said"]) == ("idle", "")
    says(page.button, "pull")
    until(page, lambda: page.button.view["state"] == "done")


def test_dates_that_cannot_be_meant_are_said_under_the_field_and_change_nothing(page: App) -> None:
    expect_shown(page, "demo")
    before = page.table
    says(page.dates, "typed", start="2026-06-02", end="2026-06-01", unfinished=[])
    says(page.button, "pull")
    assert "is after the end" in page.dates.view["amiss"]["text"]
    assert page.button.view["state"] == "idle"
    pd.testing.assert_frame_equal(shown(page), before)


def test_a_door_chosen_while_the_dates_are_wrong_waits_for_pull(page: App, strava: Simulator) -> None:
    expect_shown(page, "demo")
    says(page.dates, "typed", start="2026-06-02", end="2026-06-01", unfinished=[])
    sign_in(page, strava)
    until(page, lambda: page.button.view["state"] == "idle")
    assert page.table is None and page.button.view["press"] == "pull"
    says(page.dates, "chose", choice="everything")
    says(page.button, "pull")
    expect_shown(page, "api", 60)


def test_chosen_sports_choose_table_and_files_at_once_and_outlast_a_pull(page: App) -> None:
    expect_shown(page, "demo")
    everything = page.table
    assert everything is not None
    files = page.files.children[0]
    says(page.results, "sports", chosen=["Run"])
    assert set(shown(page)["sport_group"]) == {"Run"}
    assert page.files.children[0] is not files and files.comm is None
    ((rows, _),) = says(page.results, "rows", since=0)
    assert [group for group, _, _, on in rows["sports"] if on] == ["Run"]
    assert sum(count for _, _, count, _ in rows["sports"]) == len(everything)
    says(page.button, "pull")
    until(page, lambda: page.button.view["state"] == "done")
    assert set(shown(page)["sport_group"]) == {"Run"}
    says(page.results, "sports", chosen=[])
    assert len(shown(page)) == len(everything)


def test_sports_that_are_not_there_are_said_and_can_be_left(page: App) -> None:
    expect_shown(page, "demo")
    says(page.results, "sports", chosen=["Water"])
    ((rows, _),) = says(page.results, "rows", since=0)
    assert rows["empty"] == words.RESULTS["none_of_these"]
    assert ["Water", "Water", 0, True] in rows["sports"]
    assert not page.pictures.view["there"] and not page.files.children
    says(page.results, "sports", chosen=[])
    expect_shown(page, "demo")


def test_dates_without_an_activity_are_said(page: App) -> None:
    page.dates.value = 1999
    says(page.button, "pull")
    until(page, lambda: page.table is not None and not len(page.table))
    ((rows, _),) = says(page.results, "rows", since=0)
    assert rows["empty"] == words.RESULTS["none"] and rows["tiles"] == [] and rows["narrow"]
    assert not page.pictures.view["there"] and not page.files.children
    says(page.results, "everything")
    expect_shown(page, "demo")
    assert page.dates.value == (None, None)


def test_an_export_is_pulled_by_itself_and_closed_again(page: App, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export_1.zip", export_files(export_csv(RIDE, RUN)))
    says(page.login.panel, "open_path", path=str(path), zone="Europe/Berlin")
    expect_shown(page, "export", 2)
    assert set(shown(page)["source"]) == {"export"}
    says(page.login.panel, "sign_out")
    expect_shown(page, "demo")
    assert set(shown(page)["source"]) == {"demo"}


def test_tracks_that_were_read_come_into_the_table_by_themselves(page: App, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export_1.zip", export_files(export_csv(RIDE, RUN)))
    says(page.login.panel, "open_path", path=str(path), zone="Europe/Berlin")
    expect_shown(page, "export", 2)
    assert not shown(page)["polyline"].notna().any()
    says(page.login.panel, "tracks", which="all")
    until(page, lambda: page.table is not None and page.table["polyline"].notna().any())


def test_the_same_cell_run_again_leaves_one_page_at_work(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reruns, "place", lambda kind: (kind, "cell", 1))
    with a_page() as first:
        expect_shown(first, "demo")
        with a_page() as second:
            assert first.table is None
            sign_in(second, strava)
            expect_shown(second, "api")
            assert first.table is None


def test_a_page_that_is_closed_follows_nothing_any_more(strava: Simulator) -> None:
    with a_page() as page:
        expect_shown(page, "demo")
    with a_page() as other:
        sign_in(other, strava)
        expect_shown(other, "api")
    assert page.table is None and page.button.view["state"] == "done"


def test_more_rows_come_when_asked_for(page: App) -> None:
    expect_shown(page, "demo")
    ((first, _),) = says(page.results, "rows", since=0)
    ((more, _),) = says(page.results, "rows", since=20)
    assert (len(first["rows"]), len(more["rows"])) == (20, 100)
    assert first["rows"][0] != more["rows"][0]
    assert all(isinstance(cell, str) for row in more["rows"] for cell in row)


def test_the_numbers_are_those_of_the_table(page: App) -> None:
    expect_shown(page, "demo")
    ((rows, _),) = says(page.results, "rows", since=0)
    numbers = {word: number for number, _, word in rows["tiles"]}
    table = page.table
    assert table is not None
    assert numbers["distance"] == f"{table['distance'].sum() / 1000:,.0f}"
    assert numbers["active days"] == f"{table['start_date_local'].dt.date.nunique():,}"


def test_each_picture_comes_with_its_words(page: App) -> None:
    expect_shown(page, "demo")
    answers = [says(page.pictures, "draw", number=number, width=360)[0] for number in range(4)]
    assert all(png.startswith(b"\x89PNG") for _, (png,) in answers)
    assert [said["number"] for said, _ in answers] == [0, 1, 2, 3]
    assert all(said["title"] for said, _ in answers)
    assert says(page.pictures, "draw", number=4, width=360) == []


def test_pictures_are_drawn_in_the_thread_where_cells_run(page: App, monkeypatch: pytest.MonkeyPatch) -> None:
    expect_shown(page, "demo")
    importlib.import_module("matplotlib.pyplot")  # which looks for IPython's when it is first loaded
    later: list[Callable[[], None]] = []
    kernel = SimpleNamespace(io_loop=SimpleNamespace(add_callback=later.append))
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=kernel, parent_header={}))
    answers: list[object] = []
    monkeypatch.setattr(page.pictures, "send", lambda content, buffers: answers.append(content["type"]))
    asked = {"type": "draw", "by": "view/1", "number": 3, "width": 400}
    subshell = threading.Thread(target=page.pictures._handle_custom_msg, args=(asked, []))
    subshell.start()
    subshell.join(30)
    assert not answers
    later.pop()()
    assert answers == ["picture"]


def test_a_picture_that_cannot_be_drawn_says_so(page: App) -> None:
    expect_shown(page, "demo")
    table = page.table
    assert table is not None
    page.pictures.put(table.drop(columns="start_date_local"), "metric")
    ((said, _),) = says(page.pictures, "draw", number=2, width=360)
    assert said["type"] == "failed" and said["problem"]["what"]


def test_the_year_is_of_everything_not_of_the_picked_dates(page: App) -> None:
    page.dates.value = ("2026-06-01", None)
    says(page.button, "pull")
    expect_shown(page, "demo")
    assert len(page._every_year()) > len(shown(page))


def test_it_is_to_be_had_by_its_name() -> None:
    page = snb.app()
    expect_shown(page, "demo")
    assert set(shown(page)["source"]) == {"demo"}
    page.close()
