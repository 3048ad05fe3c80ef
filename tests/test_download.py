"""Download buttons as the kernel knows them: what is sent, to whom, and what is kept nowhere."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any, cast

import pandas as pd
import pytest

import strava_nb as snb
from strava_nb import files
from strava_nb.errors import BadInput, BadTable
from strava_nb.signin.access import Access
from strava_nb.signin.oauth import Application
from strava_nb.signin.session import Session
from strava_nb.signin.tokens import Tokens
from strava_nb.simulator import Simulator
from strava_nb.widgets.download import Download

KINDS = ("excel", "csv", "spreadsheet", "parquet", "json")
RECORDS = [
    {
        "id": 12345678901,
        "name": "A ride nobody else calls so",
        "sport_type": "Ride",
        "start_date": "2026-06-14T07:00:00Z",
        "start_date_local": "2026-06-14T09:00:00Z",
        "distance": 40123.4,
        "moving_time": 5400,
    },
    {
        "id": 12345678900,
        "name": "=1+1",
        "sport_type": "Run",
        "start_date": "2026-06-10T07:00:00Z",
        "start_date_local": "2026-06-10T09:00:00Z",
        "distance": 10000.0,
        "moving_time": 3000,
    },
]


class Page:
    """A page that shows the buttons: what it presses and what it hears."""

    def __init__(self, buttons: Download, monkeypatch: pytest.MonkeyPatch) -> None:
        self.buttons = buttons
        self.heard: list[tuple[dict[str, Any], list[bytes]]] = []
        monkeypatch.setattr(buttons, "_send", self._hear)

    def _hear(self, message: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        if message["method"] == "custom":
            self.heard.append((message["content"], list(buffers or ())))

    def press(self, kind: str, *, asker: str = "view", decimal_comma: bool = False) -> dict[str, Any]:
        """Press a button; the answer, its buffer as `data`."""
        content = {"type": "build", "kind": kind, "asker": asker, "decimal_comma": decimal_comma}
        self.buttons._handle_custom_msg(content, [])
        answer, buffers = self.heard[-1]
        return {**answer, "data": buffers[0] if buffers else None}


@pytest.fixture
def mine() -> pd.DataFrame:
    return snb.tables.activities(RECORDS, source="api")


@pytest.fixture
def demo() -> pd.DataFrame:
    return snb.tables.activities(RECORDS, source="demo")


def sign_in(me: Session, strava: Simulator) -> None:
    grant = strava.grant()
    application = Application(f"{strava.url}/oauth", strava.client_id, strava.client_secret)
    me.adopt(
        Access(Tokens(grant.access_token, grant.refresh_token, grant.expires_at), application=application)
    )


def expected(table: Any, kind: str) -> bytes:
    match kind:
        case "excel":
            return files.to_excel(table)
        case "csv":
            return files.to_csv(table)
        case "spreadsheet":
            return files.to_csv(table, spreadsheet=True)
        case "parquet":
            return files.to_parquet(table)
    return files.to_json(table)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [slice(None), slice(0, 1), slice(0, 0)], ids=["two", "one", "none"])
def test_each_button_sends_what_files_writes(
    mine: pd.DataFrame, kind: str, rows: slice, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = mine.iloc[rows]
    got = Page(snb.download(table), monkeypatch).press(kind)
    assert got["type"] == "file"
    assert bytes(got["data"]) == expected(table, kind)


def test_a_file_says_what_it_is_and_when(mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(snb.download(mine), monkeypatch)
    assert [page.press(kind)["name"] for kind in KINDS] == [
        f"activities_2026-06-10_2026-06-14.{ending}"
        for ending in ("xlsx", "csv", "spreadsheet.csv", "parquet", "json")
    ]


@pytest.mark.parametrize("name", ["my rides", "my rides.csv", "my rides.XLSX"])
def test_a_name_of_ones_own_is_used_whatever_ending_it_has(
    mine: pd.DataFrame, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(snb.download(mine, name), monkeypatch)
    assert page.press("csv")["name"] == "my_rides.csv"
    assert page.press("excel")["name"] == "my_rides.xlsx"


def test_what_was_saved_is_said_with_its_size(mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    got = Page(snb.download(mine, "x"), monkeypatch).press("json")
    size = f"{len(got['data']) / 1000:.1f} kB"
    assert got["said"] == f"x.json (2 rows, {size}) is in your downloads folder."


def test_a_browser_that_writes_commas_gets_semicolons(
    mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(snb.download(mine), monkeypatch)
    got = page.press("spreadsheet", decimal_comma=True)["data"]
    assert bytes(got) == files.to_csv(mine, spreadsheet=True, separator=";", decimal=",")
    assert bytes(page.press("csv", decimal_comma=True)["data"]) == files.to_csv(mine)


def test_the_file_is_the_table_as_it_was_shown(mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = files.to_csv(mine)
    page = Page(snb.download(mine), monkeypatch)
    mine.loc[0, "name"] = "changed"
    mine["further"] = 1
    mine["distance"] *= 2
    del mine["moving_time"]
    assert bytes(page.press("csv")["data"]) == shown


def test_pressing_changes_nothing_in_the_callers_table(
    mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mine.copy(deep=True)
    page = Page(snb.download(mine), monkeypatch)
    for kind in KINDS:
        page.press(kind)
    pd.testing.assert_frame_equal(mine, before)


def test_streams_groups_and_single_columns_are_tables_too(
    mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = snb.tables.streams({"time": {"data": [0, 1]}, "watts": {"data": [200, None]}}, 7, source="api")
    got = Page(snb.download(streams), monkeypatch).press("parquet")
    assert got["name"] == "streams_7.parquet"
    assert len(pd.read_parquet(io.BytesIO(got["data"]))) == 2
    groups = mine.groupby("sport_group")["distance"].sum()
    got = Page(snb.download(groups), monkeypatch).press("json")
    assert json.loads(got["data"]) == [
        {"sport_group": "Ride", "distance": 40123.4},
        {"sport_group": "Run", "distance": 10000.0},
    ]


def test_nothing_of_the_table_is_in_the_widgets_state(
    mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    buttons = snb.download(mine, "a name of my own")
    page = Page(buttons, monkeypatch)
    for kind in (*KINDS, "nonsense"):
        page.press(kind)
    state = json.dumps(buttons.get_state(), default=str)
    for told in ("nobody else", "12345678901", "40123", "2026-06", "a name of my own", "a_name_of_my_own"):
        assert told not in state


def test_every_view_hears_whose_file_it_is(mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(snb.download(mine), monkeypatch)
    assert page.press("csv", asker="one")["asker"] == "one"
    assert page.press("json", asker="two")["asker"] == "two"
    assert len(page.heard) == 2


def test_what_cannot_be_written_is_said_to_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame([[1, 2]], columns=["twice", "twice"])
    buttons = snb.download(table)
    got = Page(buttons, monkeypatch).press("csv")
    assert (got["type"], got["asker"], got["kind"]) == ("failed", "view", "csv")
    assert got["problem"] == {
        "what": "Two columns of the table are called 'twice'.",
        "to_do": "Rename one of them, with table.rename or table.rename_axis.",
    }
    assert "twice" not in json.dumps(buttons.get_state(), default=str)


def test_an_unexpected_error_is_said_by_its_type_alone(
    mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = Page(snb.download(mine), monkeypatch).press("nonsense")
    assert got["type"] == "failed"
    assert got["problem"]["what"] == "Something unexpected went wrong (KeyError)."


def test_a_text_that_excel_cuts_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"note": ["x" * 40_000]})
    got = Page(snb.download(table), monkeypatch).press("excel")
    assert got["type"] == "file"
    assert "longer ones were cut in note" in got["said"]


def test_rows_of_the_demo_athlete_say_so_and_so_does_their_file(
    me: Session, demo: pd.DataFrame, mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    buttons = snb.download(demo, "mine")
    assert "demo athlete" in buttons.view["note"]
    assert Page(buttons, monkeypatch).press("csv")["name"] == "DEMO_mine.csv"
    assert "demo athlete" in snb.download(snb.readable(demo)).view["note"]
    assert not snb.download(mine).view["note"]


def test_once_signed_in_the_demo_athletes_rows_ask_to_run_again(
    me: Session, strava: Simulator, demo: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    buttons = snb.download(demo)
    assert not buttons.view["refused"]
    sign_in(me, strava)
    assert "run the cells again" in buttons.view["refused"]
    got = Page(buttons, monkeypatch).press("csv")
    assert (got["type"], got["problem"]["what"]) == ("failed", buttons.view["refused"])


def test_after_signing_out_the_demo_athletes_rows_can_be_had_again(
    me: Session, strava: Simulator, demo: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    buttons = snb.download(demo)
    sign_in(me, strava)
    me.sign_out()
    assert not buttons.view["refused"]
    assert Page(buttons, monkeypatch).press("csv")["type"] == "file"


def test_the_demo_opened_on_purpose_while_signed_in_can_be_had(
    me: Session, strava: Simulator, demo: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(me, strava)
    buttons = snb.download(demo)
    sign_in(me, strava)
    assert Page(buttons, monkeypatch).press("csv")["type"] == "file"


def test_ones_own_rows_can_be_had_whoever_signs_in_or_out(
    me: Session, strava: Simulator, mine: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(snb.download(mine), monkeypatch)
    sign_in(me, strava)
    assert page.press("csv")["type"] == "file"
    me.sign_out()
    assert page.press("csv")["type"] == "file"


def test_buttons_of_an_earlier_run_let_go_of_their_table(
    me: Session, strava: Simulator, demo: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    buttons = snb.download(demo)
    buttons.let_go()
    assert "run their cell again" in buttons.view["refused"]
    sign_in(me, strava)
    me.sign_out()
    got = Page(buttons, monkeypatch).press("csv")
    assert (got["type"], got["problem"]["what"]) == ("failed", buttons.view["refused"])


def test_nothing_happens_after_the_buttons_are_closed(
    me: Session, strava: Simulator, demo: pd.DataFrame
) -> None:
    buttons = snb.download(demo)
    buttons.close()
    sign_in(me, strava)
    before = dict(buttons.view)
    buttons._handle_custom_msg({"type": "build", "kind": "csv", "asker": "view"}, [])
    assert buttons.comm is None
    assert buttons.view == before


@pytest.mark.parametrize("table", [None, "activities.csv", [1, 2], {"a": [1]}, date(2026, 6, 15)])
def test_what_is_no_table_is_refused(table: Any) -> None:
    with pytest.raises(BadTable, match="not a table"):
        snb.download(table)


def test_a_name_that_is_none_and_a_keyword_that_is_none_are_refused(mine: pd.DataFrame) -> None:
    with pytest.raises(BadInput, match="a text, not 7"):
        snb.download(mine, cast(Any, 7))
    with pytest.raises(TypeError):
        cast(Any, snb.download)(mine, format="csv")
