"""An export that a page sends, from the kernel's side: its messages come in, what is kept stays."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exports import RIDE, export_csv, export_files, gpx, write_zip
from hypothesis import given, settings
from hypothesis import strategies as st
from panels import message, restart

import strava_nb as snb
from strava_nb.errors import BadExport
from strava_nb.signin.session import Opened, SignedOut
from strava_nb.sources.archive import ExportSource
from strava_nb.sources.export_files import DEMO_MARKER
from strava_nb.sources.last_export import last_export
from strava_nb.sources.sent_files import SentFiles, sent_files
from strava_nb.widgets import words
from strava_nb.widgets.login import Login
from strava_nb.widgets.panel import Panel

Messages = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh kernel in an empty folder."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    restart()
    yield
    restart()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Messages:
    """What goes to the page by message."""
    messages: Messages = []
    monkeypatch.setattr(Panel, "send", lambda _, content, buffers=None: messages.append(content))
    return messages


class Page:
    """The half of the card that lies in the browser: an export's zip, and its bytes as they lie there."""

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name or path.name
        with zipfile.ZipFile(path) as archive:
            self.entries = {one.filename: one for one in archive.infolist()}

    def drop(self, login: Login, token: str = "a", *, zone: str = "Europe/Berlin") -> None:
        lines = [
            [one.filename, one.flag_bits, one.compress_type, one.CRC, one.compress_size]
            for one in self.entries.values()
        ]
        about = {"name": self.name, "kind": "zip", "why": "", "zone": zone, "last": True}
        message(login, "dropped", json.dumps(lines).encode(), token=token, dropped=token, **about)

    def give(self, login: Login, wanted: dict[str, Any], *, last: bool = True) -> None:
        names = wanted["names"]
        told = {"names": names, "done": 1, "total": 1, "last": last, "token": wanted["token"]}
        message(login, "part", *(self.bytes_of(name) for name in names), **told)

    def bytes_of(self, name: str) -> bytes:
        entry = self.entries[name]
        with self.path.open("rb") as file:
            file.seek(entry.header_offset)
            head = file.read(30)
            file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
            return file.read(entry.compress_size)


def wanted(sent: Messages) -> dict[str, Any]:
    return [one for one in sent if one["type"] == "want"][-1]


def opened(sent: Messages, path: Path, name: str = "") -> Login:
    """A login whose export was dropped."""
    login = snb.login()
    page = Page(path, name)
    page.drop(login)
    page.give(login, wanted(sent))
    assert isinstance(login.session.state, Opened), login.panel.view["problem"]
    return login


def kept_files(home: Path) -> set[str]:
    return {path.name for path in home.rglob("*") if path.is_file()}


def test_only_the_lists_are_asked_for(sent: Messages, tmp_path: Path) -> None:
    login = opened(sent, write_zip(tmp_path / "export_4242.zip", export_files()))
    assert wanted(sent)["names"] == ["activities.csv", "bikes.csv", "shoes.csv"]
    assert login.panel.view["opened"]["what"] == "2 activities, 2026"


def test_what_nobody_asked_for_is_dropped(sent: Messages, tmp_path: Path) -> None:
    page = Page(write_zip(tmp_path / "export_4242.zip", export_files()))
    login = snb.login()
    page.drop(login)
    asked = wanted(sent)
    page.give(login, asked | {"names": ["logins.csv", "media/1.jpg"]}, last=False)
    page.give(login, asked)
    source = login.source
    assert isinstance(source, ExportSource)
    assert source.opened == ("activities.csv",)
    with pytest.raises(BadExport):
        source.files.read("logins.csv")


def test_what_is_kept_is_found_again_from_any_folder_and_deleted(
    sent: Messages, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(sent, write_zip(tmp_path / "my export.zip", export_files()))
    assert kept_files(own_home) == {
        "last_export.json", "directory.json", "activities.csv", "bikes.csv", "shoes.csv",
    }  # fmt: skip
    if os.name == "posix":
        assert all(path.stat().st_mode & 0o077 == 0 for path in (own_home / "exports").rglob("*.csv"))
    restart()
    monkeypatch.chdir(tmp_path)
    again = snb.login()
    assert again.panel.view["opened"]["kept"]
    message(again, "forget")
    assert not kept_files(own_home)
    assert not again.panel.view["opened"]["kept"]


def test_a_newer_export_takes_the_place_of_an_older_one(
    sent: Messages, tmp_path: Path, own_home: Path
) -> None:
    opened(sent, write_zip(tmp_path / "export_1.zip", export_files()))
    opened(sent, write_zip(tmp_path / "export_2.zip", export_files(export_csv(RIDE))))
    assert [path.parent.name for path in own_home.rglob("activities.csv")] == ["2"]
    message(snb.login(), "open_path", path=str(tmp_path / "export_1.zip"), zone="Europe/Berlin")
    assert kept_files(own_home) == {"last_export.json"}


def test_the_browsers_time_zone_is_remembered_with_the_export(sent: Messages, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export_1.zip", export_files())
    login = snb.login()
    message(login, "open_path", path=str(path), zone="Asia/Tokyo")
    restart()
    again = snb.login()
    with pytest.warns(snb.errors.StravaNbWarning, match="guess, by your browser's time zone Asia/Tokyo"):
        assert set(snb.get_activities(again, progress=False)["timezone"]) == {"Asia/Tokyo"}


def test_a_time_zone_that_is_none_is_no_zone(sent: Messages, tmp_path: Path) -> None:
    message(
        snb.login(), "open_path", path=str(write_zip(tmp_path / "export_1.zip", export_files())), zone="Ätna"
    )
    last = last_export()
    assert last is not None
    assert last.zone is None


def test_what_was_sent_before_is_not_waited_for_any_more(sent: Messages, tmp_path: Path) -> None:
    first = Page(write_zip(tmp_path / "export_1.zip", export_files()))
    photos = Page(write_zip(tmp_path / "photos.zip", {"media/1.jpg": b"1"}))
    login = snb.login()
    first.drop(login, "a")
    asked = wanted(sent)
    first.give(login, asked | {"names": ["bikes.csv"]}, last=False)
    assert login.panel.view["bar"]["token"] == "a"
    photos.drop(login, "b")
    assert login.panel.view["bar"] is None
    assert "photos.zip holds no activities.csv" in login.panel.view["problem"]["what"]
    first.give(login, asked)
    assert isinstance(login.session.state, SignedOut)


def test_tracks_are_asked_of_the_page_that_has_the_export_only(sent: Messages, tmp_path: Path) -> None:
    login = opened(sent, write_zip(tmp_path / "export_1.zip", export_files()))
    assert login.panel.view["opened"]["page"] == "a"
    before = len(sent)
    message(login, "tracks", which="all", token="t", dropped="b")
    assert "The page does not have the export" in login.panel.view["problem"]["what"]
    assert [one["type"] for one in sent[before:]] == ["heard"]


def test_the_size_of_the_picked_dates_tracks_follows_the_picker(sent: Messages, tmp_path: Path) -> None:
    table = export_csv()
    loose = {"activities/900001.gpx": gpx(), "activities/1.gpx": gpx("2025-01-01T10:00:00Z", points=600)}
    path = write_zip(tmp_path / "export_1.zip", export_files(table) | loose)
    login = opened(sent, path)

    def picked() -> str:
        return str(login.panel.view["opened"]["picked"])

    dates = snb.date_picker(2025)
    assert not picked()
    dates.value = ("2026-07-01", "2026-07-31")
    assert picked() == "1 kB"
    dates.value = "everything"
    assert picked() == "1 kB", "the file that no row tells about has no day yet"


def test_a_full_disk_is_said_and_ends_the_sending(
    sent: Messages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    page = Page(write_zip(tmp_path / "export_1.zip", export_files()))
    login = snb.login()
    page.drop(login)
    monkeypatch.setattr(SentFiles, "add", full)
    page.give(login, wanted(sent))
    assert "There is no room" in login.panel.view["problem"]["what"]
    assert not login.panel.view.get("bar")


def test_an_export_that_was_moved_opens_the_exports_door(sent: Messages, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export_1.zip", export_files())
    message(snb.login(), "open_path", path=str(path), zone="Europe/Berlin")
    path.unlink()
    restart()
    view = snb.login().panel.view
    assert view["status"] == words.NOT_OPENED
    assert view["failure"]["door"] == "export"


def test_buttons_over_a_demo_export_ask_to_run_again_once_ones_own_is_open(
    sent: Messages, tmp_path: Path
) -> None:
    demo = write_zip(tmp_path / "demo_export.zip", export_files() | {DEMO_MARKER: b""})
    login = opened(sent, demo)
    with pytest.warns(snb.errors.StravaNbWarning, match="guess"):
        buttons = snb.download(snb.get_activities(login, progress=False))
    assert buttons.view["note"]
    assert not buttons.view["refused"]
    opened(sent, write_zip(tmp_path / "export_2.zip", export_files()))
    assert buttons.view["refused"] == words.SINCE["opened"]


ENTRY = st.tuples(
    st.sampled_from(["activities.csv", "../activities.csv", "a/activities.csv", "activities/1.fit"])
    | st.text(max_size=9),
    *[st.integers(-1, 2**65) | st.none()] * 4,
)


@settings(max_examples=40)
@given(
    kind=st.sampled_from(["zip", "folder", "file", "?"]),
    entries=st.lists(ENTRY | st.lists(st.integers(), max_size=6) | st.text(max_size=5), max_size=4),
    head=st.binary(max_size=20),
    why=st.just("") | st.text(max_size=3),
)
def test_no_directory_is_anything_but_an_export_or_a_sentence(
    kind: str, entries: list[Any], head: bytes, why: str
) -> None:
    try:
        files = sent_files("export.zip", kind, entries, head, why)
    except BadExport as error:
        assert error.to_do
    else:
        assert all(one.startswith("activities") or one in ("bikes.csv", "shoes.csv") for one in files.names)
