"""Tokens: where they are kept, when they are renewed, and that none is ever lost."""

from __future__ import annotations

import copy
import json
import os
import pickle
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from strava_nb.errors import SignInNeeded, SignInRefused, StravaNbError, Unreachable
from strava_nb.settings import settings
from strava_nb.signin.access import EARLY, Access
from strava_nb.signin.oauth import Application
from strava_nb.signin.tokens import FileStore, MemoryStore, Tokens, TokenStore, successor_store
from strava_nb.simulator import Simulator

NOW = 1_800_000_000.0
TOKENS = Tokens("an-access-token", "a-refresh-token", 1_900_000_000, ("read", "activity:read_all"), 2**53 + 1)

NOTEBOOK = """
import sys
from strava_nb.sources.api import open_api
source = open_api()
print("ready", flush=True)
sys.stdin.readline()
print(source.athlete["id"], flush=True)
"""


def counting(strava: Simulator) -> list[int]:
    """The statuses of all answers about tokens so far."""
    return [call.status for call in strava.calls if call.path == "/oauth/token"]


def renewable(strava: Simulator, store: TokenStore | None = None, given: Tokens | None = None) -> Access:
    application = Application(f"{strava.url}/oauth", strava.client_id, strava.client_secret)
    given = given or Tokens("", strava.refresh_token)
    return Access(given, application=application, store=store, clock=strava.now)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TokenStore:
    return MemoryStore() if request.param == "memory" else FileStore(tmp_path / "deep" / "er" / "me.json")


# --- tokens


def test_tokens_show_no_secret_and_are_not_pickled() -> None:
    assert "token" not in repr(TOKENS).replace("Tokens", "")
    assert "token" not in str(TOKENS).replace("Tokens", "")
    for way in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="secrets"):
            way(TOKENS)


@pytest.mark.parametrize("tokens", [TOKENS, Tokens("a"), Tokens("a", scopes=())])
def test_tokens_survive_as_text(tokens: Tokens) -> None:
    assert Tokens.from_json(tokens.to_json()) == tokens


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"access_token": "a", "scopes": 3}', "\0"])
def test_a_damaged_text_holds_no_tokens(text: str) -> None:
    assert Tokens.from_json(text) is None


# --- stores


def test_a_store_keeps_replaces_and_forgets(store: TokenStore) -> None:
    with store.lock():
        assert store.load() is None
        store.save(TOKENS)
        assert store.load() == TOKENS
        store.save(Tokens("another"))
        assert store.load() == Tokens("another")
        store.delete()
        store.delete()
        assert store.load() is None
    assert store.name.startswith("in ")


def test_a_lock_keeps_other_threads_out(store: TokenStore) -> None:
    entered, order = threading.Event(), []

    def other() -> None:
        entered.set()
        with store.lock():
            order.append("other")

    with store.lock():
        thread = threading.Thread(target=other)
        thread.start()
        entered.wait(10)
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "other"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_kept_tokens_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "tokens" / "me.json")
    with store.lock():
        store.save(TOKENS)
        store.save(TOKENS)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_a_save_that_fails_leaves_the_old_tokens_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(tmp_path / "me.json")
    store.save(TOKENS)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StravaNbError, match="No space left"):
        store.save(Tokens("another"))
    assert store.load() == TOKENS
    assert list(tmp_path.iterdir()) == [store.path]


def test_a_damaged_file_counts_as_nothing_kept(tmp_path: Path) -> None:
    path = tmp_path / "me.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert FileStore(path).load() is None


def test_a_folder_that_cannot_be_made_is_said_before_a_token_is_used(
    strava: Simulator, tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    access = renewable(strava, FileStore(tmp_path / "home" / "me.json"))
    with pytest.raises(StravaNbError, match="cannot be kept"):
        access.fresh()
    assert counting(strava) == []


def test_successors_are_kept_by_hash_of_token_and_address() -> None:
    mine = "https://a.test", "the-original"
    store, again = successor_store(*mine), successor_store(*mine)
    assert isinstance(store, FileStore) and isinstance(again, FileStore)
    assert store.path.is_relative_to(settings().home)
    assert "the-original" not in str(store.path)
    assert store.path == again.path
    others = {
        successor_store(url, token).name
        for url in ("https://a.test", "https://b.test")
        for token in ("the-original", "another")
    }
    assert len(others) == 4


def test_on_binder_successors_stay_in_memory(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    monkeypatch.setenv("BINDER_REPO_URL", "https://git.test/x")
    store = successor_store("https://binder.test", "the-original")
    assert isinstance(store, MemoryStore)
    store.save(TOKENS)
    assert successor_store("https://binder.test", "the-original").load() == TOKENS
    assert list(own_home.iterdir()) == []


# --- access


def test_a_token_that_lasts_is_used_as_it_is(strava: Simulator) -> None:
    grant = strava.grant()
    access = renewable(strava, given=Tokens(grant.access_token, grant.refresh_token, grant.expires_at))
    assert access.fresh() == access.fresh() == grant.access_token
    assert counting(strava) == []


@pytest.mark.parametrize(("left", "renewed"), [(EARLY + 1, False), (EARLY, True), (-1, True)])
def test_a_token_is_renewed_five_minutes_before_its_end(strava: Simulator, left: int, renewed: bool) -> None:
    strava.now = lambda: NOW
    access = renewable(strava, given=Tokens("old", strava.refresh_token, int(NOW) + left))
    assert (access.fresh() != "old") is renewed


def test_a_renewed_token_is_kept_and_used_until_its_own_end(strava: Simulator, store: TokenStore) -> None:
    access = renewable(strava, store)
    first = access.fresh()
    assert access.fresh() == first
    kept = store.load()
    assert kept is not None
    assert kept.access_token == first
    assert counting(strava) == [200]


def test_the_successor_is_saved_before_it_is_used(strava: Simulator) -> None:
    events: list[str] = []

    class Watched(MemoryStore):
        def save(self, tokens: Tokens) -> None:
            events.append("saved")
            super().save(tokens)

    access = renewable(strava, Watched())
    access.fresh()
    events.append("used")
    assert events == ["saved", "used"]


def test_a_successor_that_could_not_be_kept_still_works_here(strava: Simulator) -> None:
    class Full(MemoryStore):
        def save(self, tokens: Tokens) -> None:
            raise StravaNbError("The disk is full.")

    access = renewable(strava, Full())
    with pytest.raises(StravaNbError, match="full"):
        access.fresh()
    assert access.fresh()
    assert counting(strava) == [200]


def test_what_another_process_has_rotated_is_used(strava: Simulator, tmp_path: Path) -> None:
    path = tmp_path / "me.json"
    one, other = renewable(strava, FileStore(path)), renewable(strava, FileStore(path))
    stale = one.fresh()
    newest = other.refresh(rejected=other.fresh())
    assert newest != stale
    assert one.refresh(rejected=stale) == newest
    assert counting(strava) == [200, 200]


def test_a_rejected_token_is_renewed_though_it_seemed_to_last(strava: Simulator) -> None:
    access = renewable(strava)
    first = access.fresh()
    assert access.refresh(rejected=first) != first
    assert access.refresh(rejected=first) != first
    assert counting(strava) == [200, 200]


def test_eight_threads_renew_once(strava: Simulator, store: TokenStore) -> None:
    access = renewable(strava, store)
    start = threading.Barrier(8)

    def fresh(_: int) -> str:
        start.wait(10)
        return access.fresh()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(fresh, range(8)))) == 1
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(access.refresh, [access.fresh()] * 8))) == 1
    assert counting(strava) == [200, 200]


def test_an_access_token_alone_works_until_it_ends() -> None:
    access = Access(Tokens("alone"))
    assert access.fresh() == "alone"
    with pytest.raises(SignInRefused, match="six hours") as caught:
        access.refresh(rejected="alone")
    assert caught.value.status == 401


def test_a_dead_refresh_token_is_refused(strava: Simulator) -> None:
    access = renewable(strava)
    strava.revoke_all()
    with pytest.raises(SignInRefused, match="refresh token"):
        access.fresh()


def test_a_network_failure_while_renewing_loses_nothing(strava: Simulator, store: TokenStore) -> None:
    access = renewable(strava, store)
    strava.faults.add("cut_connection", path="/oauth/token")
    with pytest.raises(Unreachable):
        access.fresh()
    assert access.fresh()


def test_revoke_ends_it_at_strava_and_forgets_it_here(strava: Simulator, store: TokenStore) -> None:
    access = renewable(strava, store)
    access.fresh()
    kept = store.load()
    assert kept is not None
    access.revoke()
    assert store.load() is None
    with pytest.raises(SignInNeeded):
        access.fresh()
    with pytest.raises(SignInRefused):
        renewable(strava, given=kept).refresh(rejected=kept.access_token)
    access.revoke()
    assert [call.status for call in strava.calls if call.path == "/oauth/revoke"] == [200]


def test_revoke_forgets_even_if_strava_cannot_be_told(strava: Simulator, store: TokenStore) -> None:
    access = renewable(strava, store)
    access.fresh()
    strava.faults.add("cut_connection", path="/oauth/revoke")
    with pytest.raises(Unreachable):
        access.revoke()
    assert store.load() is None
    with pytest.raises(SignInNeeded):
        access.fresh()


def test_a_bare_access_token_is_forgotten_and_said_to_live_on() -> None:
    access = Access(Tokens("alone"))
    with pytest.raises(SignInRefused, match="My Apps"):
        access.revoke()
    with pytest.raises(SignInNeeded):
        access.fresh()


def test_no_client_secret_is_kept(strava: Simulator, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "me.json")
    renewable(strava, store).fresh()
    text = store.path.read_text()
    assert strava.client_secret not in text
    assert set(json.loads(text)) == {"access_token", "refresh_token", "expires_at", "scopes", "athlete_id"}


# --- two processes


def notebook(environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Another Python with the same sign-in, which waits for a line before it asks Strava anything."""
    return subprocess.Popen(
        [sys.executable, "-c", NOTEBOOK],
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )


@pytest.mark.slow
def test_two_processes_that_refresh_at_once_both_stay_signed_in_and_so_does_a_third(
    strava: Simulator,
) -> None:
    grant = strava.grant()
    environment = {
        "STRAVA_NB_URL": strava.url,
        "STRAVA_CLIENT_ID": strava.client_id,
        "STRAVA_CLIENT_SECRET": strava.client_secret,
        "STRAVA_REFRESH_TOKEN": grant.refresh_token,
    }
    both = [notebook(environment) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    strava.faults.add("slow", path="/oauth/token", seconds=0.3)  # So that the other comes meanwhile.
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in both]
    assert said[0] == said[1]
    assert said[0][0].strip().isdigit()
    assert counting(strava) == [200]

    strava.expire_tokens()
    third, errors = notebook(environment).communicate("go\n", timeout=60)
    assert third.split() == ["ready", said[0][0].strip()]
    assert errors == ""
    assert counting(strava) == [200, 200]
