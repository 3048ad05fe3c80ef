"""The export's card in a real browser: what is dropped or chosen, what is sent of it, and what is said."""

from __future__ import annotations

import base64
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from exports import RIDE, RUN, export_csv, export_files, gpx, write_folder, write_zip
from panels import restart
from playwright.sync_api import expect
from sparse_zip import write_crowded, write_export

import strava_nb as snb
from strava_nb.errors import BadExport, StravaNbWarning
from strava_nb.signin.session import Opened, SignedOut
from strava_nb.sources import last_export
from strava_nb.widgets import export_card, words
from strava_nb.widgets.login import Login

if TYPE_CHECKING:
    from panel_page import PanelPage

pytestmark = pytest.mark.browser

MEGABYTE = 2**20
LISTS = ("activities.csv", "bikes.csv", "shoes.csv")
ALL_READ = words.PANEL["export"]["done"]


@pytest.fixture(autouse=True)
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh kernel in an empty folder, of a person who has no downloads."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(export_card, "user_downloads_path", lambda: tmp_path / "Downloads")
    restart()
    yield
    restart()


@pytest.fixture
def show(show: Callable[..., PanelPage]) -> Callable[..., PanelPage]:
    """Shows the panel of this kernel's login in a browser."""
    return lambda **options: show(snb.login(), **options)


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """An export as Strava sends it."""
    return write_zip(tmp_path / "export_1.zip", export_files())


@pytest.fixture
def opened(show: Callable[..., PanelPage], zipped: Path) -> PanelPage:
    """A panel on which that export was chosen, and is open."""
    page = show()
    page.choose(zipped)
    page.says("Your export is open.")
    return page


def read_tracks(page: PanelPage) -> None:
    """Press for the tracks, and wait until all are read."""
    page.press("Read the tracks too")
    page.says(ALL_READ)


def packed_sizes(path: Path, *names: str) -> int:
    """What these files take in the zip."""
    with zipfile.ZipFile(path) as archive:
        return sum(archive.getinfo(name).compress_size for name in names)


def table(login: Login) -> Any:
    with pytest.warns(StravaNbWarning, match="guess"):
        return snb.get_activities(login, progress=False)


def test_a_chosen_zip_is_opened_and_only_its_lists_are_sent(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "export_4242.zip", export_files())
    page = show()
    page.choose(path)
    page.says("Your export is open.")
    page.says("2 activities, 2026 · export_4242.zip")
    assert page.login.panel.sent == packed_sizes(path, *LISTS)
    activities = table(page.login)
    assert list(activities["id"]) == [17000000002, 17000000001]
    assert set(activities["source"]) == {"export"}
    assert set(activities["athlete_id"]) == {4242}
    assert set(activities["timezone"]) == {"America/New_York"}, "the browser's zone is the better guess"
    assert snb.get_gear(page.login)["name"].tolist() == ["Bike"]


@pytest.mark.parametrize("over", [".snb-drop", ".snb-status", ".snb-card:last-child"])
def test_a_file_let_go_anywhere_on_the_panel_is_taken(
    show: Callable[..., PanelPage], tmp_path: Path, over: str
) -> None:
    page = show()
    if over == ".snb-drop":
        page.drop_zone()
    page.let_go(write_zip(tmp_path / "export_7.zip", export_files()), over)
    page.says("2 activities, 2026 · export_7.zip")
    assert len(table(page.login)) == 2


def test_a_folder_let_go_over_the_panel_is_opened_without_its_private_files(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "export_4242", export_files())
    page = show()
    page.drop_zone()
    page.let_go(folder, ".snb-drop")
    page.says("2 activities, 2026 · export_4242")
    read_tracks(page)
    sent = (*LISTS, "activities/900001.gpx")
    assert page.login.panel.sent == sum((folder / name).stat().st_size for name in sent)


def test_while_cells_run_the_panel_says_that_it_waits(show: Callable[..., PanelPage], tmp_path: Path) -> None:
    page = show()
    page.drop_zone()
    page.busy = True
    page.choose(write_zip(tmp_path / "export_1.zip", export_files()))
    page.says("It waits while cells run.")
    page.says("Looking into export_1.zip")
    page.busy = False
    page.says("2 activities, 2026 · export_1.zip")
    expect(page.panel).not_to_contain_text("It waits while cells run.")


def test_what_is_no_export_does_not_take_the_place_of_one(opened: PanelPage, tmp_path: Path) -> None:
    source = opened.login.source
    opened.let_go(write_zip(tmp_path / "photos.zip", {"media/1.jpg": b""}), ".snb-login")
    opened.says("photos.zip holds no activities.csv")
    read_tracks(opened)
    assert opened.login.source is source


def test_tracks_are_sent_when_they_are_asked_for_and_read_once(opened: PanelPage, zipped: Path) -> None:
    with pytest.warns(StravaNbWarning, match="still in your browser"):
        assert len(snb.get_streams(opened.login, 17000000001, progress=False)) == 0
    read_tracks(opened)
    assert opened.login.panel.sent == packed_sizes(zipped, *LISTS, "activities/900001.gpx")
    assert len(snb.get_streams(opened.login, 17000000001, progress=False)) == 5
    activities = table(opened.login).set_index("id")
    assert activities.loc[17000000001, "timezone"] == "Europe/Berlin", "the track tells where it was"


def test_the_picked_dates_tracks_can_be_asked_for_alone(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    run = RUN | {"filename": "activities/900002.gpx"}
    later = {"activities/900002.gpx": gpx("2026-07-06T06:00:00Z", points=400)}
    path = write_zip(tmp_path / "export_1.zip", export_files(export_csv(RIDE, run)) | later)
    picker = snb.date_picker(("2026-07-01", "2026-07-05"))
    page = show()
    page.choose(path)
    page.press("Read the tracks of the picked dates")
    page.says("Read the tracks too")
    assert page.login.panel.sent == packed_sizes(path, *LISTS, "activities/900001.gpx")
    assert picker.value[0] is not None


def test_an_export_of_gigabytes_is_sent_in_parts_that_a_message_can_hold(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    noise = random.Random(0).randbytes(9 * MEGABYTE)
    files = export_files() | {"activities/900001.gpx": gpx() + b"<!-- " + base64.b64encode(noise) + b" -->"}
    path = write_export(tmp_path / "export_1.zip", files.items(), hole=5 * 2**30)  # Zip64 offsets
    page = show()
    page.choose(path)
    read_tracks(page)
    assert page.login.panel.sent == packed_sizes(path, *LISTS, "activities/900001.gpx") > 12 * MEGABYTE
    assert page.largest <= 4 * MEGABYTE
    assert len(snb.get_streams(page.login, 17000000001, progress=False)) == 5


def test_every_shape_of_the_export_can_be_chosen(show: Callable[..., PanelPage], tmp_path: Path) -> None:
    top = write_zip(tmp_path / "again.zip", export_files(), top="export_4242/")
    commented = write_zip(tmp_path / "commented.zip", export_files())
    with zipfile.ZipFile(commented, "a") as archive:
        archive.comment = b"PK\5\6" + bytes(300) + b"PK\5\6 is no end " * 100
    shifted = tmp_path / "shifted.zip"
    shifted.write_bytes(b"PK a word before it" + write_zip(tmp_path / "b.zip", export_files()).read_bytes())
    table_alone = tmp_path / "activities.csv"
    table_alone.write_bytes(export_csv())
    folder = write_folder(tmp_path / "export_4242", export_files())
    miscounted = write_zip(tmp_path / "miscounted.zip", export_files())
    counted = bytearray(miscounted.read_bytes())
    counted[-14:-10] = bytes(4)  # as a zip with 65,536 files counts
    miscounted.write_bytes(counted)
    page = show()
    for path in (top, commented, shifted, miscounted, table_alone, folder):
        page.choose(path, folder=path.is_dir())
        page.says(f"2 activities, 2026 · {path.name}")
        assert len(table(page.login)) == 2
        page.press("Close the export")
        page.says(words.CLOSED)


def test_a_folder_of_tracks_alone_becomes_activities(show: Callable[..., PanelPage], tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "watch", {"a.gpx": gpx(), "b.gpx": gpx("2026-07-05T10:00:00Z")})
    page = show()
    page.choose(folder, folder=True)
    page.says("2 activities, 2026 · watch")
    assert set(snb.get_activities(page.login, progress=False)["name"]) == {"a", "b"}


def test_more_files_than_an_old_zip_can_count_are_read(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    page = show()
    page.choose(write_crowded(tmp_path / "export_1.zip", export_files().items(), more=66_000))
    page.says("2 activities, 2026 · export_1.zip")
    assert len(table(page.login)) == 2


def encrypted(path: Path) -> None:
    data = bytearray(write_zip(path, export_files()).read_bytes())
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(signature, at + 4)
    path.write_bytes(data)


def damaged(path: Path) -> None:
    data = bytearray(write_zip(path, export_files()).read_bytes())
    start = data.index(b"activities.csv") + 20
    data[start : start + 60] = bytes(60)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "write", "said"),
    [
        ("export_1.zip", lambda path: path.write_bytes(b"PK\3\4" + bytes(3000)), "is not a whole zip file"),
        ("export_1.zip", encrypted, "is encrypted"),
        ("export_1.zip", damaged, "is damaged"),
        ("export_1.zip", lambda path: path.write_bytes(b"<!DOCTYPE html><html>"), "is a web page"),
        ("photos.zip", lambda path: write_zip(path, {"media/1.jpg": b""}), "is not Strava's export"),
        ("outer.zip", lambda path: write_zip(path, {"export_1.zip": b"PK"}), "holds another zip"),
        ("ride.gpx", lambda path: path.write_bytes(gpx()), "is one track, not an export"),
        ("empty.zip", lambda path: path.write_bytes(b""), "is not a zip and not a table"),
        ("other.csv", lambda path: path.write_bytes(b"a,b\n1,2\n"), "other"),
    ],
)
def test_what_is_no_export_gets_its_sentence_and_the_demo_stays(
    show: Callable[..., PanelPage], tmp_path: Path, name: str, write: Callable[[Path], Any], said: str
) -> None:
    write(tmp_path / name)
    page = show()
    page.choose(tmp_path / name)
    page.says(said) if name != "other.csv" else page.panel.get_by_role("alert").wait_for()
    assert isinstance(page.login.session.state, SignedOut)
    page.choose(write_zip(tmp_path / "export_2.zip", export_files()))
    page.says("Your export is open.")


def test_an_export_in_the_downloads_folder_is_offered(show: Callable[..., PanelPage], tmp_path: Path) -> None:
    page = show()
    (tmp_path / "Downloads").mkdir()
    path = write_zip(tmp_path / "Downloads" / "export_99.zip", export_files())
    page.drop_zone()
    page.press("export_99.zip")
    page.says("2 activities, 2026 · export_99.zip")
    assert str(path.parent) not in json.dumps(page.login.panel.get_state(), default=str)
    assert page.login.panel.sent == 0
    read_tracks(page)
    assert len(snb.get_streams(page.login, 17000000001, progress=False)) == 5


def test_a_typed_path_opens_and_a_wrong_one_is_said(show: Callable[..., PanelPage], tmp_path: Path) -> None:
    path = write_zip(tmp_path / "mine.zip", export_files())
    page = show()
    page.drop_zone()
    page.panel.get_by_text("Type a path instead").click()
    field = page.panel.get_by_label("Where the zip or its folder lies")
    field.fill(str(tmp_path / "nowhere.zip"))
    field.press("Enter")
    page.says("There is no")
    expect(field).to_have_value(str(tmp_path / "nowhere.zip"))
    assert page.login.source.name == "demo"
    field.fill(f'"{path}"')
    field.press("Enter")
    page.says("2 activities, 2026 · mine.zip")
    assert len(table(page.login)) == 2


def test_a_dropped_export_opens_by_itself_in_the_next_notebook_with_what_was_read(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "export_1.zip", export_files())
    page = show()
    page.choose(path)
    read_tracks(page)
    path.unlink()
    restart()
    again = show()
    again.says("2 activities, 2026 · export_1.zip")
    assert len(snb.get_streams(again.login, 17000000001, progress=False)) == 5
    again.press("Delete it")
    again.press("Close the export")
    again.says(words.CLOSED)
    restart()
    assert snb.login().source.name == "demo"
    assert not list((tmp_path / "work").iterdir())


def test_after_the_page_was_reloaded_the_file_is_dropped_again_for_its_tracks(
    opened: PanelPage, zipped: Path, tmp_path: Path
) -> None:
    source = opened.login.source
    opened.open()
    opened.says("drop export_1.zip here once more")
    opened.choose(zipped.rename(tmp_path / "export_1 (1).zip"))  # as a browser calls a second download
    read_tracks(opened)
    assert opened.login.source is source


def test_a_closed_export_is_offered_but_not_opened_by_itself(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    page = show()
    page.choose(write_zip(tmp_path / "export_1.zip", export_files()))
    page.press("Close the export")
    page.says(words.CLOSED)
    assert page.login.source.name == "demo"
    restart()
    again = show()
    assert again.login.source.name == "demo"
    again.drop_zone()
    again.press("Open export_1.zip again")
    again.says("2 activities, 2026 · export_1.zip")


def test_an_export_that_was_moved_is_said_and_no_demo_comes_in_its_place(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "Downloads.zip", export_files())
    page = show()
    page.drop_zone()
    page.panel.get_by_text("Type a path instead").click()
    page.panel.get_by_label("Where the zip or its folder lies").fill(str(path))
    page.press("Open")
    page.says("Your export is open.")
    path.unlink()
    restart()
    again = show()
    again.says(words.NOT_OPENED)
    again.says(words.PANEL["export"]["drop"])
    with pytest.raises(BadExport, match="There is no"):
        _ = again.login.source
    again.choose(write_zip(tmp_path / "export_2.zip", export_files()))
    again.says("Your export is open.")


def test_on_binder_nothing_is_kept(
    show: Callable[..., PanelPage], tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    page = show()
    page.choose(write_zip(tmp_path / "export_1.zip", export_files()))
    read_tracks(page)
    assert len(snb.get_streams(page.login, 17000000001, progress=False)) == 5
    assert not [path for path in own_home.rglob("*") if path.is_file()]
    assert last_export.last_export() is None


def test_download_buttons_over_the_demo_ask_to_run_again_once_an_export_is_open(
    show: Callable[..., PanelPage], tmp_path: Path
) -> None:
    page = show()
    buttons = snb.download(snb.get_activities(page.login, ("2026-06-01", "2026-06-15"), progress=False))
    assert not buttons.view["refused"]
    page.choose(write_zip(tmp_path / "export_1.zip", export_files()))
    page.says("Your export is open.")
    assert buttons.view["refused"] == words.SINCE["opened"]
    assert isinstance(page.login.session.state, Opened)
