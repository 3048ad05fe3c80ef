"""The thresholds on the page: what is typed is understood and kept at once, and nothing of it is saved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import strava_nb as snb
from strava_nb.errors import BadInput, Unreachable
from strava_nb.metrics import Threshold
from strava_nb.sources import kept_thresholds
from strava_nb.widgets import words
from strava_nb.widgets.profile import ProfileEditor

if TYPE_CHECKING:
    from photographs import Photograph
    from playwright.sync_api import Browser

ATHLETE = {"id": 42, "ftp": 230, "weight": 61.73, "sex": "M", "measurement_preference": "meters"}
DAY = "2026-03-01"


class Door:
    """A source as far as thresholds ask it."""

    name = "api"

    def __init__(self, **athlete: Any) -> None:
        self.athlete = ATHLETE | athlete

    def activities(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        return []


@pytest.fixture(autouse=True)
def kernel() -> Iterator[None]:
    """A kernel that remembers nothing from before."""
    kept_thresholds._memory.clear()
    yield
    kept_thresholds._watchers.clear()


class Messages:
    """A page without a browser: what it types, and what it hears of it."""

    def __init__(self, editor: ProfileEditor, monkeypatch: pytest.MonkeyPatch) -> None:
        self.editor = editor
        self.heard: list[dict[str, Any]] = []
        monkeypatch.setattr(editor, "send", self.heard.append)

    def says(self, kind: str, **content: Any) -> dict[str, Any]:
        self.editor._handle_custom_msg({"type": kind, "by": "me", **content}, [])
        return self.heard[-1]

    def types(self, name: str, *rows: tuple[str, str]) -> dict[str, Any]:
        return self.says("set", name=name, rows=[{"value": value, "since": since} for value, since in rows])


Make = Callable[..., Messages]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes the widget of an athlete, and a page that shows it."""
    return lambda units=None, **athlete: Messages(
        snb.athlete_profile(Door(**athlete), units=units), monkeypatch
    )


def test_a_page_hears_every_threshold_with_its_source_when_it_is_ready(make: Make) -> None:
    told = make().says("ready")
    assert told["rows"]["ftp"] == [{"value": "230", "since": "", "source": "Strava"}]
    assert told["rows"]["rest_heartrate"] == []
    assert (told["sex"], told["said"], told["units"]["threshold_pace"]) == ("M", False, "min/km")


def test_what_is_typed_is_the_profile_at_once(make: Make) -> None:
    page = make()
    page.types("max_heartrate", ("188", ""))
    page.types("ftp", ("230", ""), ("245,5", DAY))
    page.types("threshold_pace", ("4:35", ""))
    profile = page.editor.value
    assert profile.max_heartrate == (Threshold(188.0, None, "given"),)
    assert profile.ftp == (Threshold(230.0, None, "Strava"), Threshold(245.5, date(2026, 3, 1), "given"))
    assert profile.threshold_pace == (Threshold(275.0, None, "given"),)


def test_an_emptied_field_is_not_known_any_more(make: Make) -> None:
    page = make()
    page.types("ftp", ("230", ""), ("", DAY))
    assert [one.source for one in page.editor.value.history("ftp")] == ["Strava"]
    assert page.types("ftp", ("", ""))["rows"]["ftp"] == []


def test_miles_and_pounds_are_for_eyes_and_what_was_not_changed_stays_exact(make: Make) -> None:
    page = make(measurement_preference="feet")
    told = page.types("threshold_pace", ("7:23", ""))
    assert (told["units"]["threshold_pace"], told["units"]["weight"]) == ("min/mi", "lb")
    assert told["rows"]["threshold_pace"][0]["value"] == "7:23"
    (pace,) = page.editor.value.history("threshold_pace")
    assert pace.value == pytest.approx(443 / 1.609344)
    assert told["rows"]["weight"][0]["value"] == "136.1"
    page.types("weight", ("136.1", ""), ("140", DAY))
    old, new = page.editor.value.history("weight")
    assert (old.value, old.source) == (61.73, "Strava")
    assert new.value == pytest.approx(63.503, abs=1e-3)


def test_units_can_be_given_and_others_are_said(make: Make) -> None:
    assert make(units="imperial").says("ready")["units"]["weight"] == "lb"
    with pytest.raises(BadInput, match="no 'furlongs' units"):
        make(units="furlongs")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ftp", "a lot", "“a lot” is not a number."),
        ("ftp", "nan", "nan cannot be a threshold"),
        ("threshold_pace", "4.35", "“4.35” is not a pace."),
        ("threshold_pace", "4:75", "“4:75” is not a pace."),
        ("max_heartrate", "1880", "A highest heart rate lies between"),
        ("weight", "-3", "cannot be a threshold"),
    ],
)
def test_what_cannot_be_meant_is_said_to_its_page_and_changes_nothing(
    make: Make, name: str, text: str, said: str
) -> None:
    page = make()
    before = page.editor.value
    answer = page.types(name, (text, ""))
    assert (answer["type"], answer["name"], answer["by"]) == ("amiss", name, "me")
    assert said in answer["problem"]["what"]
    assert page.editor.value == before


@pytest.mark.parametrize("day", ["0026-03-01", "tomorrow"])
def test_half_a_day_is_said(make: Make, day: str) -> None:
    assert "four digits" in make().types("ftp", ("240", day))["problem"]["what"]


def test_zones_are_understood_however_they_are_parted(make: Make) -> None:
    page = make()
    assert page.says("set", name="zones", value=" 116, 146;161  174 ")["zones"] == "116, 146, 161, 174"
    assert page.editor.value.heartrate_zones == (116, 146, 161, 174)
    assert "not heart rates" in page.says("set", name="zones", value="easy, hard")["problem"]["what"]


def test_the_formula_is_chosen_and_taken_back(make: Make) -> None:
    page = make(sex=None)
    assert page.says("ready")["sex"] == ""
    page.says("set", name="sex", value="F")
    assert page.editor.value.k == 1.67
    assert page.says("set", name="sex", value="")["said"] is False


def test_a_change_asks_to_run_the_cells_until_it_is_used(make: Make) -> None:
    page = make()
    page.types("ftp", ("250", ""))
    assert page.editor.view["hint"]
    assert page.editor.value.at(DAY)["ftp"] == 250
    assert not page.editor.view["hint"]


def test_another_run_and_another_notebook_find_what_was_said_and_both_pages_show_it(make: Make) -> None:
    first, second = make(), make()
    first.types("ftp", ("250", ""))
    assert second.heard[-1]["rows"]["ftp"][0]["value"] == "250"
    assert make().editor.value.at(DAY)["ftp"] == 250
    second.says("forget")
    assert first.heard[-1]["rows"]["ftp"][0] == {"value": "230", "since": "", "source": "Strava"}


def test_it_is_said_where_it_is_kept(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make()
    assert page.says("ready")["kept"] == "What you change is kept on this computer."
    assert page.types("ftp", ("250", ""))["kept"] == "What you said is kept on this computer."
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://binder.test")
    assert page.says("ready")["kept"] == "What you change is kept until this notebook’s kernel stops."


def test_nothing_of_a_body_is_in_what_is_saved(make: Make) -> None:
    page = make()
    page.types("weight", ("67.89", ""))
    page.types("max_heartrate", ("193", ""))
    saved = json.dumps(page.editor.get_state())
    assert "67.89" not in saved
    assert "193" not in saved


def test_what_strava_did_not_tell_is_on_the_page() -> None:
    class Silent(Door):
        def zones(self) -> dict[str, Any]:
            raise Unreachable("Strava does not answer.", "Try again.")

    assert snb.athlete_profile(Silent()).view["problems"] == ["Strava does not answer. Try again."]


@pytest.mark.browser
def test_thresholds_are_changed_on_the_page_by_keys_alone(
    browser: Browser, photograph: Photograph, own_home: Path
) -> None:
    from panel_page import PartPage
    from playwright.sync_api import expect

    editor = snb.athlete_profile(Door())
    one = PartPage(browser, editor, viewport={"width": 480, "height": 900}, color_scheme="dark")
    page = one.page
    highest = page.get_by_label("Highest heart rate, bpm")
    highest.fill("188")
    highest.press("Enter")
    expect(page.get_by_text(words.PROFILE["hint"])).to_be_visible()
    expect(highest).to_be_focused()
    threshold = page.get_by_label("Threshold heart rate, bpm")
    threshold.fill("190")
    threshold.press("Tab")
    amiss = page.get_by_role("alert").filter(has_text="not below the highest: 190 and 188")
    expect(amiss).to_be_visible()
    expect(threshold).to_have_value("190")
    expect(threshold).to_have_attribute("aria-invalid", "true")
    photograph(page, "profile-amiss.png")
    threshold.fill("168")
    threshold.press("Tab")
    expect(amiss).to_have_count(0)
    page.get_by_role("button", name="FTP: add another").press("Enter")
    values, days = page.get_by_label("FTP, W"), page.get_by_label("FTP: from which day")
    expect(values.nth(1)).to_be_focused()
    days.fill(DAY)
    values.nth(1).fill("245")
    values.nth(1).press("Enter")
    expect(page.get_by_text("before that")).to_be_visible()
    one.settled()
    photograph(page, "profile-480.png")
    assert editor.value.at(DAY) == {
        "max_heartrate": 188, "rest_heartrate": None, "threshold_heartrate": 168, "ftp": 245,
        "threshold_pace": None, "weight": 61.73,
    }  # fmt: skip
    assert list((own_home / "thresholds").glob("*.json"))
    page.get_by_role("button", name="Remove FTP 230").press("Enter")
    expect(values).to_have_count(1)
    expect(values).to_have_value("245")
    page.get_by_role("button", name="Forget what I said").press("Enter")
    expect(highest).to_have_value("")
    expect(values).to_have_value("230")
    page.context.close()
