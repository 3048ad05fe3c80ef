"""Sign-in by question and answer, where no widgets show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from panels import kernel, sign_in, visit

import strava_nb as snb
from strava_nb.errors import SignInRefused
from strava_nb.simulator import Simulator
from strava_nb.widgets import words

__all__ = ["kernel"]
pytestmark = pytest.mark.usefixtures("kernel")


def answers(monkeypatch: pytest.MonkeyPatch, asked: list[str], *given: str | Callable[[str], str]) -> None:
    """Answer what is asked, in this order, whether the typing shows or not."""
    queue = list(given)

    def answer(how: str) -> Callable[[str], str]:
        def reply(prompt: str = "") -> str:
            asked.append(f"{how} {prompt}")
            now = queue.pop(0)
            return now if isinstance(now, str) else now(prompt)

        return reply

    monkeypatch.setattr("builtins.input", answer("seen"))
    monkeypatch.setattr("strava_nb.widgets.typed.getpass", answer("unseen"))


def address_in(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("http"))


def test_typed_the_pasted_address_signs_in(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    said: list[str] = []

    def paste(_: str) -> str:
        said.append(capsys.readouterr().out)
        return strava.authorize(address_in(said[0]))

    answers(monkeypatch, asked, strava.client_id, strava.client_secret, paste)
    assert snb.login(typed=True).source.name == "api"
    assert "settings/api" in asked[0]
    assert [one.partition(" ")[0] for one in asked] == ["seen", "unseen", "unseen"]
    assert strava.client_secret not in said[0] + "".join(asked) + capsys.readouterr().out


def test_typed_what_is_no_address_is_said_and_asked_again(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []

    def look(answer: Callable[[], str]) -> Callable[[str], str]:
        def reply(_: str) -> str:
            said.append(capsys.readouterr().out)
            return answer()

        return reply

    answers(
        monkeypatch,
        [],
        strava.client_id,
        strava.client_secret,
        look(lambda: "nonsense"),
        look(lambda: ""),
        look(lambda: strava.authorize(address_in(said[0]))),
    )
    assert snb.login(typed=True).source.name == "api"
    assert "That is not an address." in said[1]
    assert words.TYPED_NOT_YET in said[2]


def test_typed_the_listener_answers_by_itself_where_it_can_be_reached(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def authorize(_: str) -> str:
        visit(strava.authorize(address_in(capsys.readouterr().out)))
        return ""

    answers(monkeypatch, [], strava.client_id, strava.client_secret, authorize)
    assert snb.login(typed=True).source.name == "api"


def test_typed_cancel_is_raised(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(
        monkeypatch,
        [],
        strava.client_id,
        strava.client_secret,
        lambda _: strava.authorize(address_in(capsys.readouterr().out), cancel=True),
    )
    with pytest.raises(SignInRefused, match="Cancel was pressed"):
        snb.login(typed=True)


def test_typed_nothing_is_asked_of_who_is_signed_in(
    strava: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(snb.login(), strava)
    answers(monkeypatch, [])
    assert snb.login(typed=True).source.name == "api"
