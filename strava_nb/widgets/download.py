"""Download buttons: a table as a file in the browser's downloads folder, built when one is pressed.

The file, its name and what is said about it travel as messages to the page that asked: nothing of the
table is in the widget's state, and so nothing in a saved notebook.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import traitlets

from .. import files
from ..errors import BadInput, BadTable, StravaNbWarning
from ..files.names import marked_as_demo
from . import words
from .base import Part, beside, problem_of
from .doors import watch_doors
from .reruns import take_place

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv;charset=utf-8"
_FORMATS: Final = {
    "excel": ("xlsx", _EXCEL),
    "csv": ("csv", _CSV),
    "spreadsheet": ("spreadsheet.csv", _CSV),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    "json": ("json", "application/json"),
}
"""Each button's file name ending and media type."""

_ENDING = re.compile(r"\.(csv|xlsx|parquet|json)$", re.IGNORECASE)

_COPY_ON_WRITE = int(pd.__version__.split(".")[0]) >= 3
"""Where a shallow copy costs nothing and yet does not follow what is done to the table."""


def download(table: pd.DataFrame | pd.Series[Any], name: str | None = None) -> Download:
    """Buttons that save the table: Excel, CSV of two kinds, Parquet and JSON.

    The file is the table as it is now, whatever is done to it before a button is pressed. It is called
    by what it holds, or by `name`; of the demo athlete's rows always `DEMO_…`, and once you have signed
    in, the buttons over such rows ask to run the cells again. Raises BadTable for what is no table.
    """
    return Download(table, name)


class Download(Part):
    """A table's download buttons. Nothing of the table is in the widget's state."""

    _esm = beside("base.js", "download.js")
    _css = beside("base.css", "download.css")
    words = traitlets.Dict(words.DOWNLOAD).tag(sync=True)
    _table: pd.DataFrame | pd.Series[Any] | None = None
    _unwatch: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, table: pd.DataFrame | pd.Series[Any], name: str | None = None) -> None:
        if not isinstance(table, pd.DataFrame | pd.Series):
            raise BadTable(
                f"This is not a table but a {type(table).__name__}.",
                "Use a DataFrame, such as get_activities returns.",
            )
        if name is not None and not isinstance(name, str):
            raise BadInput(f"A file's name is a text, not {name!r}.", 'Write name="my rides".')
        super().__init__()
        self._table = table.copy(deep=not _COPY_ON_WRITE)
        self._name = name and _ENDING.sub("", name)
        demo = marked_as_demo(table.to_frame() if isinstance(table, pd.Series) else table)
        self.show(note=words.DOWNLOAD["demo"] if demo else "", refused="")
        if demo:
            self._unwatch = watch_doors(lambda since: self.show(refused=since))
        take_place("download", self)

    def on_build(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """A button was pressed: build the file, and send it to the page that asked."""
        asker, kind = content["asker"], content["kind"]
        try:
            data, name, said = self._built(kind, decimal_comma=bool(content.get("decimal_comma")))
        except Exception as error:  # Whatever it is, the person must see it, and it is not to be saved.
            self.send({"type": "failed", "asker": asker, "kind": kind, "problem": problem_of(error)})
            return
        answer = {"type": "file", "asker": asker, "kind": kind, "name": name, "media": _FORMATS[kind][1]}
        self.send({**answer, "said": said}, buffers=[data])

    def let_go(self) -> None:
        """Forget the table: other buttons have taken the place of these."""
        self._unwatch()
        self._table = None
        self.show(refused=words.DOWNLOAD["run_again"])

    def close(self) -> None:
        """Take the buttons off the page, and forget the table."""
        self._unwatch()
        self._table = None
        super().close()

    def _built(self, kind: str, *, decimal_comma: bool) -> tuple[bytes, str, str]:
        if self._table is None or self.view["refused"]:
            raise BadInput(self.view["refused"] or words.DOWNLOAD["run_again"])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", StravaNbWarning)
            data = _write(self._table, kind, decimal_comma=decimal_comma)
        name = files.file_name(self._table, _FORMATS[kind][0], name=self._name)
        said = words.DOWNLOAD["saved"].format(
            name=name, rows=words.rows(len(self._table)), size=_size(len(data))
        )
        told = [str(one.message) for one in caught if issubclass(one.category, StravaNbWarning)]
        return data, name, " ".join([said, *told])


def _write(table: pd.DataFrame | pd.Series[Any], kind: str, *, decimal_comma: bool) -> bytes:
    match kind:
        case "excel":
            return files.to_excel(table)
        case "csv":
            return files.to_csv(table)
        case "spreadsheet" if decimal_comma:
            return files.to_csv(table, spreadsheet=True, separator=";", decimal=",")
        case "spreadsheet":
            return files.to_csv(table, spreadsheet=True)
        case "parquet":
            return files.to_parquet(table)
        case _:
            return files.to_json(table)


def _size(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    number, unit = (count / 1000, "kB") if count < 1_000_000 else (count / 1_000_000, "MB")
    return f"{number:.1f} {unit}" if number < 10 else f"{number:.0f} {unit}"
