"""Exports opened as a person opens them, and their tables read cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from exports import RIDE, export_csv

import strava_nb as snb
from strava_nb.errors import StravaNbWarning
from strava_nb.sources.export_table import ExportTable, read_table

ZONE = "Europe/Berlin"


def table_of(path: Path, **options: Any) -> pd.DataFrame:
    return snb.get_activities(snb.open_export(path, timezone=ZONE), progress=False, **options)


def warned_table(path: Path) -> pd.DataFrame:
    with pytest.warns(StravaNbWarning):
        return table_of(path)


def table(*activities: dict[str, Any], language: str = "English") -> ExportTable:
    return read_table(export_csv(*activities, language=language), "activities.csv")


def only(read: ExportTable, name: str) -> Any:
    (value,) = read.columns[name]
    return None if pd.isna(value) else value.item() if hasattr(value, "item") else value


def field(name: str, value: Any, **more: Any) -> Any:
    """What one cell of an English export becomes."""
    return only(table(RIDE | {name: value} | more), name)
