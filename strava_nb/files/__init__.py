"""Tables to files: whole or not at all, exact for programs, safe for spreadsheets."""

from .names import file_name
from .tabular import to_csv, to_excel, to_json, to_parquet

__all__ = ["file_name", "to_csv", "to_excel", "to_json", "to_parquet"]
