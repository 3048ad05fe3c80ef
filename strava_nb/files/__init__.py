"""Tables to files: whole or not at all, exact for programs, safe for spreadsheets."""

from .anonymous import anonymise
from .dataset import write_dataset
from .names import file_name
from .notebooks import check_notebook, clean_notebook
from .privacy import hide_places
from .tabular import to_csv, to_excel, to_json, to_parquet
from .tracks import to_geojson, to_gpx

__all__ = [
    "anonymise",
    "check_notebook",
    "clean_notebook",
    "file_name",
    "hide_places",
    "to_csv",
    "to_excel",
    "to_geojson",
    "to_gpx",
    "to_json",
    "to_parquet",
    "write_dataset",
]
