"""Whose page it is: on one's own computer it knows its owner, served to others it knows nobody.

Real servers; what a visitor's kernel finds is printed by the page's own cell, so no browser is needed.
"""

from __future__ import annotations

import html
import json
import re
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from exports import export_files, write_zip
from voila_server import Voila

from strava_nb.settings import settings
from strava_nb.signin.oauth import Application
from strava_nb.signin.remembered import Person, Remembered
from strava_nb.signin.tokens import Tokens
from strava_nb.signin.vaults import FileVault
from strava_nb.simulator import Simulator
from strava_nb.sources import last_export
from strava_nb.sources.archive import open_export

WITHOUT_TOKENS = "import os\nos.environ.pop('STRAVA_ACCESS_TOKEN')"
WITHOUT_EXPORT = "import pathlib\n(pathlib.Path(os.environ['STRAVA_NB_HOME']) / 'last_export.json').unlink()"
FACTS = """
import json
import strava_nb as snb
login = snb.login()
view = login.panel.view
try:
    by_script = snb.open_api().name
except snb.errors.SignInNeeded:
    by_script = None
seen = {key: view[key] for key in ("people", "found", "last", "paths", "remember", "guest")}
print("FACTS" + json.dumps({**seen, "source": login.source.name, "script": by_script}))
"""
OTHER_FILE = """
login.panel._handle_custom_msg({"type": "open_path", "path": EXPORT}, [])
print("FACTS" + json.dumps({"source": login.source.name, "problem": login.panel.view["problem"]}))
"""
WHO = Person(1, "Olga Owner", "Oslo")


def own_address() -> str:
    """An address by which other computers would find this one."""
    addresses = [
        one.address
        for name in psutil.net_if_addrs().values()
        for one in name
        if one.family == socket.AF_INET and not one.address.startswith("127.")
    ]
    if not addresses:
        pytest.skip("this computer has no address but loopback")
    return addresses[0]


def facts(url: str, *, host: str | None = None) -> dict[str, Any]:
    """What the page's cells found out, one after the other."""
    asked = urllib.request.Request(url, headers={"Host": host} if host else {})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=120) as answer:
        text = html.unescape(answer.read().decode("utf-8"))
    told = [json.loads(one) for one in re.findall(r"^<pre>FACTS(.*)$", text, re.MULTILINE)]
    return {key: value for one in told for key, value in one.items()}


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory, shared_strava: Simulator) -> dict[str, str]:
    """The environment of one who has tokens in it, is remembered, and has had an export open."""
    folder = tmp_path_factory.mktemp("owner")
    home = folder / "home"
    export = write_zip(folder / "export_123.zip", export_files())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRAVA_NB_HOME", str(home))
        vault = FileVault(home / "sign-ins")
        tokens = Tokens(shared_strava.access_token, "r", 2**40, ("activity:read_all",), 1)
        Remembered(shared_strava.url, home, vault).keep(WHO, Application("", "1", "a" * 40), tokens)
        last_export.remember(open_export(export))
    return {
        "STRAVA_NB_URL": shared_strava.url,
        "STRAVA_NB_HOME": str(home),
        "STRAVA_ACCESS_TOKEN": shared_strava.access_token,
        "EXPORT": str(export),
    }


def serve(folder: Path, owner: dict[str, str], ip: str) -> Iterator[Voila]:
    server = Voila(folder / "pages", None, owner, ip=ip)
    write_zip(server.home / "export_456.zip", export_files())
    server.notebook("tokens.ipynb", FACTS)
    server.notebook("export.ipynb", WITHOUT_TOKENS, FACTS)
    server.notebook("remembered.ipynb", WITHOUT_TOKENS, WITHOUT_EXPORT, FACTS)
    server.notebook("other.ipynb", WITHOUT_TOKENS, FACTS, OTHER_FILE.replace("EXPORT", repr(owner["EXPORT"])))
    yield server
    server.close()


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory, owner: dict[str, str]) -> Iterator[Voila]:
    yield from serve(tmp_path_factory.mktemp("at_home"), owner, "127.0.0.1")


@pytest.fixture(scope="module")
def in_public(tmp_path_factory: pytest.TempPathFactory, owner: dict[str, str]) -> Iterator[Voila]:
    yield from serve(tmp_path_factory.mktemp("in_public"), owner, "0.0.0.0")


def check_nobody(found: dict[str, Any]) -> None:
    assert found["source"] == "demo"
    assert found["script"] is None
    assert (found["people"], found["found"], found["last"]) == ([], [], "")
    assert found["remember"] is None
    assert found["paths"] is False
    assert "Others may open this page" in found["guest"]


@pytest.mark.slow
def test_a_page_of_ones_own_knows_its_owner(at_home: Voila) -> None:
    pages = f"{at_home.url}/voila/render"
    by_tokens = facts(f"{pages}/tokens.ipynb")
    assert (by_tokens["source"], by_tokens["script"], by_tokens["guest"]) == ("api", "api", "")
    by_export = facts(f"{pages}/export.ipynb")
    assert by_export["source"] == "export"
    assert by_export["paths"] is True
    assert [one["label"] for one in by_export["people"]] == ["Continue as Olga Owner (Oslo)"]
    # Called by another name: through a proxy, then, or by a site that wants to be taken for this one.
    check_nobody(facts(f"{pages}/tokens.ipynb", host="rides.example"))
    remembered = facts(f"{pages}/remembered.ipynb")
    assert remembered["source"] == "api"
    assert remembered["remember"] == {"on": True}


@pytest.mark.slow
def test_a_page_that_listens_to_others_knows_nobody_whoever_calls(
    in_public: Voila, owner: dict[str, str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in Path(owner["STRAVA_NB_HOME"]).rglob("*")}
    path = "voila/render"
    check_nobody(facts(f"http://{own_address()}:{in_public.port}/{path}/tokens.ipynb"))
    check_nobody(facts(f"{in_public.url}/{path}/tokens.ipynb"))
    pretending = facts(
        f"http://{own_address()}:{in_public.port}/{path}/other.ipynb", host=f"localhost:{in_public.port}"
    )
    assert pretending["source"] == "demo", "a file of the server was opened by its path"
    assert "are not opened from here" in pretending["problem"]["what"]
    after = {path: path.stat().st_mtime_ns for path in Path(owner["STRAVA_NB_HOME"]).rglob("*")}
    assert after == before


@pytest.mark.parametrize(
    ("variables", "served"),
    [
        ({}, False),
        ({"JUPYTERHUB_SERVICE_PREFIX": "/user/joe/"}, False),
        ({"VOILA_PREHEAT": "True"}, True),
        ({"VOILA_PREHEAT": "False", "SERVER_NAME": "localhost"}, True),
    ],
    ids=[
        "a notebook",
        "a notebook on a hub",
        "a page before its visitor",
        "a page whose server nobody finds",
    ],
)
def test_a_page_is_for_others_until_its_known_to_be_ones_own(
    variables: dict[str, str], served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil.Process, "parents", lambda _: [])
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert settings().served is served
    assert settings().guests is served
