"""Is this notebook safe to share: each secret is found in each place and wrapping, and gone from the copy."""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from private_notebooks import (
    ACTIVITY,
    ATHLETE,
    EMAIL,
    HEX,
    NAME,
    OWN,
    PLACE,
    TABLE,
    WHO,
    code,
    found,
    kept,
    notebook,
    picture,
    prose,
    shown,
    stream,
    whats,
    widgets,
)

from strava_nb.files import check_notebook, clean_notebook
from strava_nb.signin.oauth import Application
from strava_nb.signin.remembered import Person, Remembered
from strava_nb.signin.tokens import Tokens, successor_store
from strava_nb.signin.vaults import FileVault

pytestmark = pytest.mark.slow

OURS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
OTHER_HEX = "fedcba9876543210fedcba9876543210fedcba98"
TOKEN, SECRET, CODE = "a token", "a client secret", "an authorization code"


@dataclass(frozen=True)
class Secret:
    text: str
    what: str
    core: str
    """What must not be said, nor be left."""


SECRETS = {
    "token": Secret(f'access_token = "{HEX}"', TOKEN, HEX),
    "dict": Secret(json.dumps({"refresh_token": OTHER_HEX}), TOKEN, OTHER_HEX),
    "bearer": Secret(f"Authorization: Bearer {HEX}", TOKEN, HEX),
    "client secret": Secret(f"STRAVA_CLIENT_SECRET={HEX}", SECRET, HEX),
    "code": Secret("http://localhost:8080/?state=x&code=ab12Cd34ef&scope=read", CODE, "ab12Cd34ef"),
    "hex code": Secret(f'{{"code": "{HEX}"}}', CODE, HEX),
    "e-mail": Secret("write to dana.rides+1@163.com today", EMAIL, "dana.rides+1@163.com"),
    "home": Secret("start (46.9483, 7.4471)", PLACE, "46.9483"),
    "home, in a row": Secret("12,7.44743,450.5,46.94802,80", PLACE, "46.94802"),
    "home, in degrees": Secret("at 46°56'52.9\"N 7°26'50.8\"E", PLACE, "56'52.9"),
    "home, encoded": Secret("path: cpp}Gmqml@kKaOo}@_|B", PLACE, "POLYLINE"),
    "name": Secret(f"by {NAME}, alone", WHO, NAME),
    "name, in two fields": Secret('{"firstname": "Zoe", "lastname": "MULLER"}', WHO, "MULLER"),
    "athlete": Secret("strava.com/athletes/7654321", ATHLETE, "7654321"),
    "activity": Secret("rode 12345678901 then", ACTIVITY, "12345678901"),
    "gear": Secret("rode on b7766554 today", "a gear's id", "b7766554"),
    "from the environment": Secret("xyz not40hexatall99 zyx", SECRET, "not40hexatall99"),
    "kept here": Secret(f"sha1 {'9f' * 20}", TOKEN, "9f" * 20),
    "remembered here": Secret(f"commit {'7c' * 20}", TOKEN, "7c" * 20),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a token in use and a remembered sign-in."""
    home = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRAVA_NB_HOME", str(home))
        successor_store("http://x", "t").save(Tokens("", "9f" * 20))
        here = Remembered("http://x", vault=FileVault(home / "sign-ins"))
        here.keep(Person(1, ""), Application("http://x/oauth", "1", "s" * 40), Tokens("7c" * 20))
    return home


@pytest.fixture(autouse=True)
def what_is_kept(home: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRAVA_NB_HOME", str(home))
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "not40hexatall99")


def result(mime: str, value: Any) -> dict[str, Any]:
    return {**shown(mime, value), "output_type": "execute_result", "execution_count": 1}


def error(value: str, *frames: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": "E", "evalue": value, "traceback": list(frames)}


def coloured(text: str) -> str:
    return "\x1b[0;31m" + text.replace(" ", "\x1b[39m \x1b[33m").replace("=", "\x1b[39m=") + "\x1b[0m"


def cut(text: str) -> list[str]:
    """A text as a list that is cut in the middle of its words."""
    return ["before\n", *(text[at : at + 7] for at in range(0, len(text), 7)), "\nafter"]


def as_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def buffers(text: str) -> dict[str, Any]:
    found = widgets({})
    [one] = found["application/vnd.jupyter.widget-state+json"]["state"].values()
    one["buffers"] = [{"encoding": "base64", "path": ["data"], "data": as_base64(text)}]
    return found


PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "code": lambda x: notebook(code(x)),
    "code, as lines": lambda x: notebook(code(cut(x))),
    "prose": lambda x: notebook(prose(["# Title\n", x])),
    "raw": lambda x: notebook(prose(x) | {"cell_type": "raw"}),
    "stdout": lambda x: notebook(code("1", stream(x))),
    "stderr, as lines": lambda x: notebook(code("1", stream(cut(x), "stderr"))),
    "text": lambda x: notebook(code("1", result("text/plain", x))),
    "text, as lines": lambda x: notebook(code("1", result("text/plain", cut(x)))),
    "html": lambda x: notebook(code("1", shown("text/html", f"<p>{html.escape(x)}</p>"))),
    "html, as lines": lambda x: notebook(code("1", shown("text/html", cut(html.escape(x))))),
    "html, in a frame": lambda x: notebook(
        code("1", shown("text/html", f'<iframe srcdoc="{html.escape(f"<p>{html.escape(x)}")}"></iframe>'))
    ),
    "html, as data": lambda x: notebook(
        code("1", shown("text/html", f'<iframe src="data:text/html;base64,{as_base64(x)}">'))
    ),
    "markdown": lambda x: notebook(code("1", shown("text/markdown", x))),
    "javascript": lambda x: notebook(code("1", shown("application/javascript", f"let a = {json.dumps(x)}"))),
    "svg": lambda x: notebook(code("1", shown("image/svg+xml", f"<svg><desc>{html.escape(x)}</desc></svg>"))),
    "json": lambda x: notebook(code("1", shown("application/json", {"a": [{"b": x}]}))),
    "json, as a key": lambda x: notebook(code("1", shown("application/json", {x: 1}))),
    "json, in json": lambda x: notebook(code("1", shown("application/json", {"a": json.dumps({"b": x})}))),
    "a kind nobody knows": lambda x: notebook(code("1", shown("application/x-thing", x))),
    "plotly": lambda x: notebook(
        code("1", shown("application/vnd.plotly.v1+json", {"data": [{"hovertext": [x]}], "layout": {}}))
    ),
    "png": lambda x: notebook(code("1", shown("image/png", picture(x)))),
    "jpeg": lambda x: notebook(code("1", shown("image/jpeg", picture(x, "JPEG")))),
    "webp, as lines": lambda x: notebook(
        code("1", shown("image/webp", picture(x, "WEBP").join(["", "\n"]).splitlines(keepends=True)))
    ),
    "a picture's alt": lambda x: notebook(code("1", shown("image/png", "", **{"image/png": {"alt": x}}))),
    "error": lambda x: notebook(code("1", error(x))),
    "traceback": lambda x: notebook(code("1", error("", "frame", coloured(x)))),
    "attachment": lambda x: notebook(prose("![](a.png)", attachments={"a.png": {"image/png": picture(x)}})),
    "attachment's name": lambda x: notebook(prose("![]()", attachments={x: {"text/plain": ""}})),
    "cell's metadata": lambda x: notebook(code(metadata={"tags": [x]})),
    "vs code's cell": lambda x: notebook(code(metadata={"vscode": {"languageId": "python", "note": x}})),
    "vs code's error": lambda x: notebook(
        code("1", shown("application/vnd.code.notebook.error", {"name": "E", "message": x, "stack": ""}))
    ),
    "colab's form": lambda x: notebook(code(metadata={"cellView": "form", "outputId": x})),
    "colab's kept output": lambda x: notebook(
        code(metadata={"colab": {"base_uri": "https://localhost/", "data": {"a": x}}})
    ),
    "colab's data": lambda x: notebook(
        code("1", shown("application/vnd.google.colaboratory.intrinsic+json", {"type": "string", "v": x}))
    ),
    "colab's notebook": lambda x: notebook(code(), colab={"provenance": [{"user": {"displayName": x}}]}),
    "notebook's metadata": lambda x: notebook(code(), authors=[{"name": x}]),
    "widget state": lambda x: notebook(code(), widgets=widgets({"value": x})),
    "widget's view": lambda x: notebook(code(), widgets=widgets({"view": {"rows": [[1, x]]}})),
    "widget's bytes": lambda x: notebook(code(), widgets=buffers(x)),
    "a field nobody knows": lambda x: notebook(code()) | {"extra": x},
}
every_place = pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)

WRAPPINGS: dict[str, Callable[[str], str]] = {
    "an address": lambda x: quote(x, safe=""),
    "an address in an address": lambda x: quote(quote(x, safe=""), safe=""),
    "json": json.dumps,
    "json in json": lambda x: json.dumps(json.dumps(x)),
    "letters by number": lambda x: "".join(f"\\u{ord(one):04x}" for one in x),
    "bytes": lambda x: "".join(f"\\x{ord(one):02x}" for one in x),
    "entities": lambda x: "".join(f"&#{ord(one)};" for one in x),
    "entities, hexadecimal": lambda x: "".join(f"&#x{ord(one):X};" for one in x),
    "html": html.escape,
    "html in html": lambda x: html.escape(html.escape(x)),
    "tags": lambda x: "<span>" + html.escape(x).replace(" ", "</span> <span>") + "</span>",
    "base64": lambda x: as_base64(f"some words around {x}"),
    "base64 in base64": lambda x: as_base64(as_base64(f"some words around {x}")),
    "base64 in lines": lambda x: base64.encodebytes(f"{x} {'and more ' * 30}".encode()).decode(),
    "base64 for addresses": lambda x: base64.urlsafe_b64encode(f"???>>> {x}".encode()).decode().rstrip("="),
    "joiners": lambda x: x.replace("l", "l\u00ad").replace("4", "4\u200b"),
}
every_wrapping = pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)


@every_place
def test_a_secret_is_found_wherever_it_is(place: Callable[[str], dict[str, Any]], tmp_path: Path) -> None:
    for name, secret in SECRETS.items():
        findings = found(place(secret.text), tmp_path)
        assert secret.what in {one.what for one in findings}, name
        assert secret.core not in f"{findings} {' '.join(map(str, findings))}", name


@every_place
def test_a_secret_is_gone_from_the_copy(place: Callable[[str], dict[str, Any]], tmp_path: Path) -> None:
    full = place(" | ".join(secret.text for secret in SECRETS.values()))
    path = kept(full, tmp_path)
    copy = clean_notebook(path, **OWN)
    assert check_notebook(copy, **OWN) == []
    text = copy.read_text("utf-8")
    assert not [one.core for one in SECRETS.values() if one.core in text or json.dumps(one.core) in text]
    assert len(json.loads(text)["cells"]) == 1
    assert json.loads(path.read_text("utf-8")) == full


@every_wrapping
def test_a_wrapped_secret_is_found_and_gone_from_the_copy(wrap: Callable[[str], str], tmp_path: Path) -> None:
    texts = [f"line one\n{wrap(secret.text)}\n" for secret in SECRETS.values()]
    cells = [code(text, stream(text)) for text in texts] + [prose(text) for text in texts]
    findings = found(notebook(*cells), tmp_path)
    for number, secret in enumerate(SECRETS.values(), 1):
        for cell, place in ((number, "source"), (number, "output 1"), (number + len(SECRETS), "source")):
            lines = [
                one.line for one in findings if (one.cell, one.place, one.what) == (cell, place, secret.what)
            ]
            assert lines[:1] == [2], (secret.text, cell, place)
    copy = clean_notebook(tmp_path / "x.ipynb", **OWN)
    assert check_notebook(copy, **OWN) == []
    assert {cell["source"][0] for cell in json.loads(copy.read_text("utf-8"))["cells"]} == {"line one\n"}


@given(
    wraps=st.lists(st.sampled_from(list(WRAPPINGS.values())[:10]), max_size=3),
    before=st.text("abc .,\n<>&\"'é", max_size=30),
    after=st.text("xyz .,\n<>&\"'é", max_size=30),
    secret=st.sampled_from([one for one in SECRETS.values() if one.text.isascii()]),
)
@settings(max_examples=50)
def test_a_secret_in_several_wrappings_is_found(
    wraps: list[Callable[[str], str]],
    before: str,
    after: str,
    secret: Secret,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = f"{before} {secret.text} {after}"
    for wrap in wraps:
        text = f'{before} "{wrap(text)}" {after}'
    assert secret.what in whats(notebook(code("1", stream(text))), tmp_path_factory.mktemp("wrapped"))


def test_it_is_told_in_which_cell_place_and_line(tmp_path: Path) -> None:
    one = notebook(
        prose("# Title"),
        code(
            f'a = 1\nb = 2\nsecret = "{HEX}"',
            stream("fine\n"),
            shown("text/html", f"<table>\n<td>{NAME}</td>\n<td>{NAME}</td>"),
        ),
        widgets=widgets({"value": "x@strava.org"}),
    )
    assert [str(finding) for finding in found(one, tmp_path)] == [
        "cell 2, source, line 3: a client secret",
        "cell 2, output 2 (text/html), line 2: the athlete's name",
        "widget state: an e-mail address",
    ]


@pytest.mark.parametrize("told", [{}, {"_model_name": "PasswordModel", "_dom_classes": [], "layout": "IPY"}])
def test_what_was_typed_into_a_password_field_is_found(told: dict[str, Any], tmp_path: Path) -> None:
    saved = widgets(told | {"description": "Type:", "value": "open sesame"})
    [one] = saved["application/vnd.jupyter.widget-state+json"]["state"].values()
    one["model_name"] = "PasswordModel"
    assert whats(notebook(code(), widgets=saved), tmp_path) == {"a password"}
    [one] = saved["application/vnd.jupyter.widget-state+json"]["state"].values()
    one["state"]["value"] = ""
    assert whats(notebook(code(), widgets=saved), tmp_path) == set()


def test_every_line_of_a_source_is_told(tmp_path: Path) -> None:
    lines = f"a = '{NAME}'\nb = 1\nc = '{NAME}'"
    assert [one.line for one in found(notebook(code(lines)), tmp_path)] == [1, 3]


# --- false alarms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_own_notebooks_are_safe(path: Path) -> None:
    assert check_notebook(path, **OWN) == []


def test_our_own_notebooks_are_there() -> None:
    assert len(OURS) >= 3


HARMLESS = [
    f"commit {HEX}\nAuthor: nobody\n\n    Refresh the token",
    f"pip install git+https://github.com/a/b@{HEX}",
    f"sha256:{HEX}{HEX[:24]}",
    f"a table of hashes {HEX} {OTHER_HEX}",
    "token = os.environ['STRAVA_ACCESS_TOKEN']",
    'client_secret = getpass("Client secret: ")',
    'snb.open_api("12345", client_secret=my_client_secret_from_somewhere_2)',
    'access_token = "your-access-token-here-1234"',
    "tokens = tokenizer.encode(some_text_with_a_long_name_1)",
    "http://localhost:8080/?state=…&code=…&scope=read",
    "https://www.strava.com/oauth/authorize?client_id=12345&response_type=code&scope=read",
    "product = A@b.values + x@w.T",
    "@property\ndef x(self): ...\n@pd.api.extensions.register",
    "mail to someone@example.com or dana@example.invalid",
    "git@sprites: icon@2x.png, https://unpkg.com/leaflet@1.9.4/dist/leaflet.js",
    "distance 46.95 km, 7.45 h, 46948 m, 7447 s",
    "46.948\n" + "1.0 " * 10 + "\n7.447",
    "the relative 46.94802 and, elsewhere, 8.12345",
    "Zoe rode with a Muller",
    "Zoémüllerin",
    "id 123456789010 or 2345678901 or 0.12345678901",
    "model_id: 0123456789abcdef0123456789abcdef",
    "Basic training in 12 weeks: token effort, secret route",
    '{"state": "' + "a1" * 16 + '"}',
]


@pytest.mark.parametrize("text", HARMLESS)
@pytest.mark.parametrize("place", ["code", "html", "widget state"])
def test_what_only_looks_like_a_secret_is_none(text: str, place: str, tmp_path: Path) -> None:
    assert found(PLACES[place](text), tmp_path) == []


def test_without_a_table_and_names_neither_ids_nor_places_are_known(tmp_path: Path) -> None:
    text = "Dana Demo 100000042 48.4637 8.4111"
    assert found(notebook(code(text)), tmp_path, table=None) == []


def test_numbers_at_random_are_no_home(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    text = "\n".join(f"{one:.3f}  {other:.4f}" for one, other in dice.uniform(0, 100, (20_000, 2)))
    assert found(notebook(code("1", stream(text))), tmp_path) == []


def test_a_picture_without_words_is_safe(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8)).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    assert found(notebook(code("1", shown("image/png", data))), tmp_path) == []


def test_nothing_that_is_known_shows_in_a_repr() -> None:
    from strava_nb.files.known import known

    told = repr(known(TABLE, [NAME]))
    assert not [one for one in ("not40", "9f9f", "uller", "765432", "46.9") if one in told]
