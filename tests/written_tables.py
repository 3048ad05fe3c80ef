"""Tables to write, and what their files hold when others read them back."""

from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from strava_nb.tables import streams

RUN: dict[str, Any] = {
    "id": 12345678901,
    "name": 'Lunch, "easy"\r\nrun 🏃',
    "sport_type": "TrailRun",
    "start_date": "2025-07-01T10:00:00Z",
    "start_date_local": "2025-07-01T12:00:00Z",
    "timezone": "(GMT+01:00) Europe/Zurich",
    "utc_offset": 7200.0,
    "distance": 10123.4,
    "moving_time": 3600,
    "elapsed_time": 100000,
    "total_elevation_gain": 123.0,
    "average_heartrate": 151.3,
    "trainer": False,
    "commute": True,
    "start_latlng": [47.3769, 8.5417],
    "athlete": {"id": 7},
    "description": "",
}
RIDE: dict[str, Any] = {
    "id": 2**53 + 1,
    "name": "=HYPERLINK(1)",
    "sport_type": "Ride",
    "start_date": "2024-02-29T23:30:00Z",
    "start_date_local": "2024-03-01T00:30:00Z",
    "distance": 0.1,
    "moving_time": 60,
    "map": {"summary_polyline": "a~l~Fjk~u\\OwHJy@P"},
}

TEXTS = st.text(st.characters(exclude_categories=()), max_size=40) | st.builds(
    "".join,
    st.lists(st.sampled_from([*"=+-@\t\r\n\"',;| (!", "＝", "\ufeff", "\x00", "<r>", "</r>", "_x000D_"])),
)


def column_of(values: list[Any], **kinds: Any) -> pd.DataFrame:
    return pd.DataFrame({"it": pd.Series(values, **kinds), "n": range(len(values))})


def encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1",
    "\x00=1", "＝1", "＋1", "－1", "＠x", "﹦1", '=cmd|" /C calc"!A0', "-2+3+cmd|' /C calc'!A0",
]  # fmt: skip


def told(kind: str, data: bytes) -> pd.DataFrame:
    """The table as pandas reads the file."""
    if kind == "excel":
        return pd.read_excel(io.BytesIO(data))
    if kind == "parquet":
        return pd.read_parquet(io.BytesIO(data))
    if kind == "json":
        return pd.DataFrame(json.loads(data))
    return pd.read_csv(io.BytesIO(data), encoding="utf-8-sig")


def three_samples() -> pd.DataFrame:
    payload = {
        "time": {"data": [0, 1, 2]},
        "heartrate": {"data": [120, None, 122]},
        "moving": {"data": [True, False, None]},
    }
    return streams(payload, 12345678901)
