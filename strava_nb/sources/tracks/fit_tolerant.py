"""The tolerant FIT reader: the only module that knows fitdecode.

It reads message by message and keeps what came before the damage, so it serves cut, chained and
wrongly summed files, and says what a file is that holds no activity.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from .fit_records import FIELDS, LAP_FIELDS, FitRecords

_NOT_ACTIVITIES = frozenset(
    (
        "device", "settings", "sport", "workout", "course", "schedules", "weight", "totals", "goals",
        "blood_pressure", "monitoring_a", "activity_summary", "monitoring_daily", "monitoring_b",
        "segment", "segment_list", "exd_configuration",
    )
)  # fmt: skip


def read_tolerant(data: bytes) -> FitRecords:
    """All records and laps up to the file's end or its damage, and its kind; never raises for damage.

    A file of a kind that is no activity answers without columns, though a course has records: unless
    it has a session, which only what was really done has.
    """
    import fitdecode  # slow to load, and needless for most files

    rows: list[dict[str, float]] = []
    laps: list[dict[str, float]] = []
    problems: list[str] = []
    known: dict[str, Any] = {}
    reader = fitdecode.FitReader(
        io.BytesIO(data),
        processor=None,
        check_crc=fitdecode.CrcCheck.DISABLED,  # it sums seven times as slowly as we do
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    try:
        for frame in reader:
            if not isinstance(frame, fitdecode.FitDataMessage):
                continue
            if frame.name == "record":
                rows.append(_numbers(frame, FIELDS))
            elif frame.name == "lap":
                laps.append(_numbers(frame, LAP_FIELDS))
            elif frame.name in ("file_id", "session", "sport"):
                known.setdefault(frame.name, frame)
    except fitdecode.FitEOFError:
        problems.append("it breaks off; read as far as it goes")
    except Exception as error:  # a damaged definition breaks fitdecode in any way; what came is sound
        problems.append(f"it is damaged ({type(error).__name__}); read as far as that")

    kind = _value(known.get("file_id"), "type")
    said = known.get("session") or known.get("sport")
    recorded = "session" in known or kind not in _NOT_ACTIVITIES
    return FitRecords(
        columns=_columns(rows) if recorded else {},
        sport=(_raw(said, "sport"), _raw(said, "sub_sport")),
        kind=kind if isinstance(kind, str) else None,
        problems=problems,
        laps=_columns(laps) if recorded else {},
    )


def sport_words(sport: int | None, sub_sport: int | None) -> tuple[str | None, str | None]:
    """FIT's words for its numbers of sport and sub-sport."""
    from fitdecode.profile import FIELD_TYPES

    return FIELD_TYPES["sport"].enum.get(sport), FIELD_TYPES["sub_sport"].enum.get(sub_sport)


def _numbers(frame: Any, fields: frozenset[str]) -> dict[str, float]:
    """The fields that we read; one that the file has goes before one that is worked out of another."""
    own: dict[str, float] = {}
    worked_out: dict[str, float] = {}
    for field in frame.fields:
        if field.name in fields and isinstance(field.value, (int, float)):
            (own if field.field_def else worked_out).setdefault(field.name, field.value)
    return worked_out | own


def _columns(rows: list[dict[str, float]]) -> dict[str, Any]:
    names = {name for row in rows for name in row}
    if rows and not names:
        names = {"timestamp"}  # records of nothing that we read are samples all the same
    return {name: np.array([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in names}


def _value(frame: Any, name: str) -> Any:
    return frame.get_value(name, fallback=None) if frame else None


def _raw(frame: Any, name: str) -> int | None:
    value = frame.get_raw_value(name, fallback=None) if frame else None
    return value if isinstance(value, int) else None
