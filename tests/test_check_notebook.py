"""Is this notebook safe to share: each secret in each place and wrapping is found, and gone from the copy."""

from __future__ import annotations

import base64
import html
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from strava_nb import check, files
from strava_nb.errors import BadInput, BadTable
from strava_nb.files import check_notebook, clean_notebook
from strava_nb.signin.oauth import Application
from strava_nb.signin.remembered import Person, Remembered
from strava_nb.signin.tokens import Tokens, successor_store
from strava_nb.signin.vaults import FileVault
from strava_nb.tables import activities, streams

nbformats: Any = nbformat  # untyped
OURS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))

HEX = "0123456789abcdef0123456789ABCDEF01234567"
OTHER_HEX = "fedcba9876543210fedcba9876543210fedcba98"
HOME = (46.948017, 7.447434)
NAME = "Zoé Müller"
TOKEN, SECRET, CODE = "a token", "a client secret", "an authorization code"
EMAIL, PLACE, WHO = "an e-mail address", "a place near home", "the athlete's name"
ATHLETE, ACTIVITY = "the athlete's id", "an activity's id"


def ride(number: int, start: tuple[float, float] | None = HOME, athlete: int = 7654321) -> dict[str, Any]:
    return {
        "id": 12345678900 + number,
        "name": "Lunch",
        "sport_type": "Ride",
        "start_date": f"2026-01-{number:02}T10:00:00Z",
        "start_latlng": list(start or []),
        "gear_id": "b7766554",
        "athlete": {"id": athlete},
    }


TABLE = activities([ride(1), ride(2), ride(3, (46.95, 7.60))], source="export")
OWN: dict[str, Any] = {"table": TABLE, "names": [NAME]}


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


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}


def code(source: Any = "1", *outputs: Any, **more: Any) -> dict[str, Any]:
    own = {"cell_type": "code", "id": "c0ffee", "metadata": {}, "execution_count": None, "source": source}
    return own | {"outputs": list(outputs)} | more


def prose(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "beef", "metadata": {}, "source": source} | more


def shown(mime: str, value: Any, **metadata: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {mime: value}, "metadata": metadata}


def result(mime: str, value: Any) -> dict[str, Any]:
    return {**shown(mime, value), "output_type": "execute_result", "execution_count": 1}


def stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def error(value: str, *frames: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": "E", "evalue": value, "traceback": list(frames)}


def coloured(text: str) -> str:
    return "\x1b[0;31m" + text.replace(" ", "\x1b[39m \x1b[33m").replace("=", "\x1b[39m=") + "\x1b[0m"


def cut(text: str) -> list[str]:
    """A text as a list that is cut in the middle of its words."""
    return ["before\n", *(text[at : at + 7] for at in range(0, len(text), 7)), "\nafter"]


def as_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def picture(text: str, kind: str = "PNG") -> str:
    file, image = io.BytesIO(), Image.new("RGB", (2, 2))
    if kind == "PNG":
        words = PngInfo()
        words.add_text("Description", text, zip=True) if text.isascii() else words.add_itxt("Title", text)
        image.save(file, "PNG", pnginfo=words)
    else:
        exif = Image.Exif()
        exif[0x010E] = text.encode()
        image.save(file, kind, exif=exif)
    return base64.b64encode(file.getvalue()).decode()


def widgets(state: dict[str, Any]) -> dict[str, Any]:
    one = {"model_name": "AnyModel", "model_module": "anywidget", "model_module_version": "*", "state": state}
    return {
        "application/vnd.jupyter.widget-state+json": {
            "version_major": 2,
            "version_minor": 0,
            "state": {"d0d0": one},
        }
    }


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


def kept(content: Any, folder: Path) -> Path:
    path = folder / "x.ipynb"
    path.write_text(json.dumps(content), "utf-8")
    return path


def found(content: Any, folder: Path, **own: Any) -> list[files.notebooks.Finding]:
    return check_notebook(kept(content, folder), **(own or OWN))


def whats(content: Any, folder: Path, **own: Any) -> set[str]:
    return {one.what for one in found(content, folder, **own)}


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


# --- home and ids ------------------------------------------------------------------------------------------


def moved(place: tuple[float, float], north: float, east: float) -> tuple[float, float]:
    lat = place[0] + north / 111_195
    return lat, place[1] + east / 111_195 / np.cos(np.radians(lat))


@given(
    lat=st.floats(-75, -1) | st.floats(1, 75),
    lng=st.floats(-180, 180),
    way=st.tuples(st.floats(0, 6.28), st.one_of(st.floats(0, 480), st.floats(520, 50_000))),
    shape=st.sampled_from(
        ["{0:.5f}, {1:.5f}", "[{1:.6f}, {0:.6f}]", '{{"lat": {0:.5f}, "ele": 401.5, "lon": {1:.5f}}}']
    ),
)
@settings(max_examples=40)
def test_a_place_within_500_m_of_home_is_near_it_and_others_are_not(
    tmp_path_factory: pytest.TempPathFactory, lat: float, lng: float, way: tuple[float, float], shape: str
) -> None:
    angle, metres = way
    table = activities([ride(1, (lat, lng)), ride(2, (lat, lng))], source="export")
    place = moved((lat, lng), metres * np.sin(angle), metres * np.cos(angle))
    text = shape.format(*place)
    alarm = PLACE in whats(notebook(code("1", stream(text))), tmp_path_factory.mktemp("near"), table=table)
    assert alarm == (metres < 500)


def test_the_commonest_starts_are_homes_and_a_single_one_is_not(tmp_path: Path) -> None:
    # home lies where four squares of a hundredth of a degree meet
    homes = [moved((46.945, 7.445), *at) for at in np.random.default_rng(1).normal(0, 20, (30, 2)).tolist()]
    office = [(47.1, 7.1)] * 8
    once = [(45.0 + number / 10, 9.0) for number in range(20)]
    table = activities(
        [ride(one % 28 + 1, at) for one, at in enumerate([*homes, *office, *once])], source="api"
    )

    def is_home(*place: float) -> bool:
        return PLACE in whats(notebook(code("at {:.4f} {:.4f}".format(*place))), tmp_path, table=table)

    assert is_home(46.945, 7.445) and is_home(47.1001, 7.1001)
    assert not any(is_home(*place) for place in once)


def test_the_one_start_of_a_small_table_is_home(tmp_path: Path) -> None:
    table = activities([ride(1)], source="export")
    assert whats(notebook(code("46.948 7.4474")), tmp_path, table=table) == {PLACE}


def test_streams_tell_where_they_start(tmp_path: Path) -> None:
    track = streams({"time": {"data": [0, 1]}, "latlng": {"data": [HOME, (47.0, 8.0)]}}, 987654321012)
    text = notebook(code("46.948 7.4474"), prose("47.0001 8.0001"), prose("987,654,321,012"))
    assert {(one.cell, one.what) for one in found(text, tmp_path, table=track)} == {(1, PLACE), (3, ACTIVITY)}


@pytest.mark.parametrize("kind", ["f8", "f4"])
def test_positions_in_arrays_of_bytes_are_found(kind: str, tmp_path: Path) -> None:
    places = np.array([[47.2, 7.1], HOME, [47.3, 7.3]]).astype(kind)
    data = base64.b64encode(places.tobytes()).decode()
    shape = {"dtype": kind, "bdata": data, "shape": "3, 2"}
    assert whats(notebook(code("1", shown("application/json", shape))), tmp_path) == {PLACE}


def test_columns_of_latitudes_and_longitudes_are_found(tmp_path: Path) -> None:
    data = {"lat": [47.2, HOME[0], *[47.3] * 500], "lon": [7.1, HOME[1], *[7.2] * 500]}
    assert whats(notebook(code("1", shown("application/vnd.plotly.v1+json", data))), tmp_path) == {PLACE}


def test_where_a_photograph_was_taken_is_found(tmp_path: Path) -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (46.0, 56.0, 52.9), 3: "E", 4: (7.0, 26.0, 50.8)}
    Image.new("RGB", (2, 2)).save(file, "JPEG", exif=exif)
    data = base64.b64encode(file.getvalue()).decode()
    assert whats(notebook(prose("", attachments={"a": {"image/jpeg": data}})), tmp_path) == {PLACE}


def test_a_table_and_a_map_as_notebooks_show_them(tmp_path: Path) -> None:
    from strava_nb import plots

    track = streams({"time": {"data": [0, 9]}, "latlng": {"data": [HOME, (47.0, 7.5)]}}, 12345678901)
    page = plots.web_map(track, activities=TABLE, hide=False)._repr_html_()
    html_table, text_table = TABLE.to_html(), TABLE.iloc[-1].to_string()
    cells = code("1", shown("text/html", page)), code("2", shown("text/html", html_table), stream(text_table))
    told = {(one.cell, one.place, one.what) for one in found(notebook(*cells), tmp_path)}
    ids = {ATHLETE, ACTIVITY, "a gear's id", PLACE}
    assert told >= {(1, "output 1 (text/html)", PLACE)}
    assert told >= {(2, place, what) for place in ("output 1 (text/html)", "output 2") for what in ids}


def test_a_short_number_is_the_athletes_only_where_it_is_said_to_be(tmp_path: Path) -> None:
    table = activities([ride(1, athlete=42)], source="api")
    assert whats(notebook(code("athlete_id: 42")), tmp_path, table=table) == {ATHLETE}
    assert whats(notebook(code("https://www.strava.com/athletes/42/x")), tmp_path, table=table) == {ATHLETE}
    assert whats(notebook(code("x = 42, athletes 421")), tmp_path, table=table) == set()


def test_who_is_remembered_on_this_computer_is_known(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAVA_NB_HOME", str(own_home))
    here = Remembered("http://y", vault=FileVault(own_home / "sign-ins"))
    here.keep(Person(24681357, "Ann O'Nym"), Application("http://y/oauth", "1", "s" * 40), Tokens("t" * 40))
    text = notebook(code("Ann O&#39;Nym"), code("24681357"))
    assert [one.what for one in found(text, tmp_path, table=None)] == [WHO, ATHLETE]


def test_nothing_that_is_known_shows_in_a_repr() -> None:
    from strava_nb.files.known import known

    told = repr(known(TABLE, [NAME]))
    assert not [one for one in ("not40", "9f9f", "uller", "765432", "46.9") if one in told]


# --- the copy ----------------------------------------------------------------------------------------------


def test_the_copy_keeps_what_is_safe_and_the_sense_of_the_rest(tmp_path: Path) -> None:
    one = notebook(
        code(f'api = snb.open_api(1, "{HEX}")\nhome = (46.9483, 7.4471)\nnext', stream("fine")),
        code("2", stream("fine"), stream(NAME), shown("text/plain", "fine")),
        prose(f"By {NAME}.", metadata={"tags": ["kept"]}),
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        widgets=widgets({"value": NAME}),
    )
    for number, cell in enumerate(one["cells"]):
        cell["id"] = f"c{number}"
    copy = clean_notebook(kept(one, tmp_path), **OWN)
    assert copy == tmp_path / "x.clean.ipynb"
    content = nbformats.read(copy, as_version=4)
    nbformats.validate(content)
    first, second, third = content.cells
    assert first.source == 'api = snb.open_api(1, "REMOVED")\nhome = (REMOVED, REMOVED)\nnext'
    assert [output.get("text") for output in first.outputs] == ["fine"]
    assert len(second.outputs) == 2 and second.source == "2"
    assert (third.source, third.metadata, third.id) == ("By REMOVED.", {"tags": ["kept"]}, "c2")
    assert set(content.metadata) == {"kernelspec"}


VALUES = [HEX, NAME, "12345678901", "fine", "\ud83d", "", None, 7654321, 46.9481, 7.4471, "token='" + HEX]
KEYS = "source", "outputs", "data", "metadata", "text", "attachments", "id", "cell_type", NAME, "text/html"


@given(
    st.recursive(
        st.sampled_from(VALUES),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
        max_leaves=12,
    ).map(lambda odd: {"nbformat": 4, "metadata": odd, "cells": odd if isinstance(odd, list) else [odd]})
)
@settings(max_examples=40)
def test_whatever_a_notebook_holds_its_copy_is_clean(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    path = kept(content, tmp_path_factory.mktemp("odd"))
    check_notebook(path, **OWN)
    assert check_notebook(clean_notebook(path, **OWN), **OWN) == []


@given(st.integers(0, 200), st.binary(min_size=1, max_size=30))
@settings(max_examples=25)
def test_a_damaged_picture_stops_nothing(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    for kind in ("PNG", "JPEG", "WEBP"):
        data = bytearray(base64.b64decode(picture("fine", kind)))
        data[at : at + len(noise)] = noise
        cell = code("1", shown("image/png", base64.b64encode(bytes(data)).decode()), stream(NAME))
        assert WHO in whats(notebook(cell), folder)


# --- what cannot be read -----------------------------------------------------------------------------------

V3 = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}
UNREADABLE = {
    "no file": (None, "no file"),
    "no JSON": ("hello", "no JSON"),
    "bytes": (b"\xff\xfe\x00", "no JSON"),
    "empty": ("", "no JSON"),
    "a list": ("[]", "no cells"),
    "no cells": ('{"nbformat": 4}', "no cells"),
    "format 3": (json.dumps(V3), "old format"),
    "format 5": ('{"nbformat": 5, "cells": []}', "another format"),
    "no end": ("[" * 100_000, "deeply"),
    "deep": ('{"nbformat": 4, "cells": ' + "[" * 150 + "]" * 150 + "}", "deeply"),
}


@pytest.mark.parametrize(("content", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_said(
    content: str | bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for verb in (check_notebook, clean_notebook):
        with pytest.raises(BadInput, match=said):
            verb(path)
    assert check.main([str(path)]) == 2
    assert said in capsys.readouterr().err


def test_a_folder_is_no_notebook(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="folder"):
        check_notebook(tmp_path)


def test_tables_and_names_that_cannot_be_meant_are_said(tmp_path: Path) -> None:
    path = kept(notebook(), tmp_path)
    with pytest.raises(BadTable, match="neither"):
        check_notebook(path, table=pd.DataFrame({"a": [1]}))
    with pytest.raises(BadTable, match="list"):
        check_notebook(path, table=[1])  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="short"):
        check_notebook(path, names=["Z"])
    with pytest.raises(BadInput, match="texts"):
        check_notebook(path, names=[7])  # type: ignore[list-item]


def test_one_name_may_be_given_as_it_is(tmp_path: Path) -> None:
    assert whats(notebook(code("zoe MULLER")), tmp_path, names=NAME) == {WHO}


# --- the command line --------------------------------------------------------------------------------------


def test_the_command_says_where_and_not_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = kept(notebook(code(f"a\ntoken = '{HEX}'")), tmp_path)
    assert check.main([str(path)]) == 1
    said = capsys.readouterr()
    assert f"{path}: cell 1, source, line 2: a token\n" in said.out
    assert HEX not in said.out + said.err and "--table" in said.err


def test_one_bad_notebook_does_not_keep_the_others_from_being_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = kept(notebook(code(f"token = '{HEX}'")), tmp_path)
    assert check.main([str(tmp_path / "none.ipynb"), str(path)]) == 2
    assert "a token" in capsys.readouterr().out


@pytest.mark.parametrize("write", [files.to_csv, files.to_parquet])
def test_the_command_takes_a_table_and_names_and_cleans(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = write.__name__.removeprefix("to_")
    table = write(TABLE, tmp_path / f"mine.{kind}")
    path = kept(notebook(code("12345678901\n46.9481, 7.4473\n7654321"), prose(NAME)), tmp_path)
    asked = [str(path), "--table", str(table), "--name", NAME]
    assert check.main(asked) == 1
    said = capsys.readouterr().out
    assert all(what in said for what in (ACTIVITY, PLACE, ATHLETE, WHO))
    assert check.main([*asked, "--clean"]) == 1
    copy = tmp_path / "x.clean.ipynb"
    assert str(copy) in capsys.readouterr().out
    assert check.main([str(copy), *asked[1:]]) == 0


def test_the_command_says_what_is_wrong_with_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = kept(notebook(), tmp_path)
    (tmp_path / "a.parquet").write_text("no")
    for table, said in (("none.csv", "no file"), ("a.parquet", "as a table"), ("a.xlsx", "no Parquet")):
        assert check.main([str(path), "--table", str(tmp_path / table)]) == 2
        assert said in capsys.readouterr().err


def test_the_command_runs_by_itself_and_finds_files_by_a_star(tmp_path: Path) -> None:
    kept(notebook(code()), tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "strava_nb.check", str(tmp_path / "*.ipynb")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, f"{tmp_path / 'x.ipynb'}: nothing private was found\n")
