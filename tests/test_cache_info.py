"""What is kept, for eyes: how much, how old, where, and until when."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

import strava_nb as snb
from strava_nb.files.secret import own_secret
from strava_nb.simulator import Simulator
from strava_nb.sources.cache import open_cache


def test_cache_info_says_what_is_kept_where_and_until_when(strava: Simulator, own_home: Path) -> None:
    now = pd.Timestamp.now("UTC")
    cache = open_cache(strava.url, 17)
    cache.put("activity", {1: b"12345", 2: b"123"}, (now - timedelta(days=2)).timestamp())
    cache.put("activity", {3: b"12"}, now.timestamp())
    cache.put("streams", {1: b"1"}, (now - timedelta(days=8)).timestamp())
    cache.put("gear", {"b1": b"1"}, now.timestamp())
    export = own_home / "exports" / "export_17"
    export.mkdir(parents=True)
    (export / "tracks").write_bytes(b"1" * 1000)
    (own_home / "cache" / "new.sqlite").write_bytes(b"not a database")
    secret = own_home / "privacy" / "secret"
    own_secret()
    table = snb.cache_info()
    assert [*table.what] == [
        "activities",
        "gear",
        "cannot be read by this version",
        "read of an export",
        "secret that hides places",
    ]
    assert [*table["count"].fillna(0)] == [3, 1, 0, 1, 1]
    assert [*table["bytes"]] == [10, 1, 14, 1000, 64]
    assert [*table["where"]] == [
        str(p) for p in (cache.path, cache.path, own_home / "cache" / "new.sqlite", export, secret)
    ]
    assert [*table.athlete_id.dropna()] == [17, 17]
    assert [*table.address.dropna()] == [strava.url] * 2
    assert abs(table.until[0] - (now + timedelta(days=5))) < timedelta(seconds=1)
    assert abs(table.newest[0] - now) < timedelta(seconds=1)
    assert table.until[2:].isna().all()


def test_cache_info_knows_what_is_in_memory_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org")
    open_cache("https://strava.example", 99).put("athlete", {99: b"{}"}, time.time())
    table = snb.cache_info()
    assert "in this kernel's memory" in set(table[table.athlete_id == 99]["where"])


def test_cache_info_of_nothing_is_an_empty_table_of_the_same_form(strava: Simulator) -> None:
    empty = snb.cache_info()
    empty = empty[empty["where"] != "in this kernel's memory"]
    assert len(empty) == 0
    open_cache(strava.url, 17).put("activity", {1: b"{}"}, time.time())
    assert (empty.dtypes == snb.cache_info().dtypes).all()
