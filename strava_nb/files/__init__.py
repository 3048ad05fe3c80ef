"""Tables to files: whole or not at all, exact for programs, safe for spreadsheets."""

from .names import file_name
from .privacy import hide_places
from .tabular import to_csv, to_excel, to_json, to_parquet
from .tracks import to_geojson, to_gpx

__all__ = [
    "file_name",
    "hide_places",
    "to_csv",
    "to_excel",
    "to_geojson",
    "to_gpx",
    "to_json",
    "to_parquet",
]
