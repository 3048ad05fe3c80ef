"""The copy that is safe to share, what cannot be read, and the command line."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import nbformat
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from private_notebooks import (
    ACTIVITY,
    ATHLETE,
    HEX,
    NAME,
    OWN,
    PLACE,
    TABLE,
    WHO,
    code,
    kept,
    notebook,
    picture,
    prose,
    shown,
    stream,
    whats,
    widgets,
)

from strava_nb import check, files
from strava_nb.errors import BadInput, BadTable
from strava_nb.files import check_notebook, clean_notebook

pytestmark = pytest.mark.slow

nbformats: Any = nbformat  # untyped


# --- the copy ----------------------------------------------------------------------------------------------


def test_the_copy_keeps_what_is_safe_and_the_sense_of_the_rest(tmp_path: Path) -> None:
    one = notebook(
        code(f'api = snb.open_api(1, "{HEX}")\nhome = (46.9483, 7.4471)\nnext', stream("fine")),
        code("2", stream("fine"), stream(NAME), shown("text/plain", "fine")),
        prose(f"By {NAME}.", metadata={"tags": ["kept"]}),
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        widgets=widgets({"value": NAME}),
    )
    for number, cell in enumerate(one["cells"]):
        cell["id"] = f"c{number}"
    copy = clean_notebook(kept(one, tmp_path), **OWN)
    assert copy == tmp_path / "x.clean.ipynb"
    content = nbformats.read(copy, as_version=4)
    nbformats.validate(content)
    first, second, third = content.cells
    assert first.source == 'api = snb.open_api(1, "REMOVED")\nhome = (REMOVED, REMOVED)\nnext'
    assert [output.get("text") for output in first.outputs] == ["fine"]
    assert len(second.outputs) == 2 and second.source == "2"
    assert (third.source, third.metadata, third.id) == ("By REMOVED.", {"tags": ["kept"]}, "c2")
    assert set(content.metadata) == {"kernelspec"}


VALUES = [HEX, NAME, "12345678901", "fine", "\ud83d", "", None, 7654321, 46.9481, 7.4471, "token='" + HEX]
KEYS = "source", "outputs", "data", "metadata", "text", "attachments", "id", "cell_type", NAME, "text/html"


@given(
    st.recursive(
        st.sampled_from(VALUES),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
        max_leaves=12,
    ).map(lambda odd: {"nbformat": 4, "metadata": odd, "cells": odd if isinstance(odd, list) else [odd]})
)
@settings(max_examples=40)
def test_whatever_a_notebook_holds_its_copy_is_clean(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    path = kept(content, tmp_path_factory.mktemp("odd"))
    check_notebook(path, **OWN)
    assert check_notebook(clean_notebook(path, **OWN), **OWN) == []


@given(st.integers(0, 200), st.binary(min_size=1, max_size=30))
@settings(max_examples=25)
def test_a_damaged_picture_stops_nothing(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    for kind in ("PNG", "JPEG", "WEBP"):
        data = bytearray(base64.b64decode(picture("fine", kind)))
        data[at : at + len(noise)] = noise
        cell = code("1", shown("image/png", base64.b64encode(bytes(data)).decode()), stream(NAME))
        assert WHO in whats(notebook(cell), folder)


# --- what cannot be read -----------------------------------------------------------------------------------

V3 = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}
UNREADABLE = {
    "no file": (None, "no file"),
    "no JSON": ("hello", "no JSON"),
    "bytes": (b"\xff\xfe\x00", "no JSON"),
    "empty": ("", "no JSON"),
    "a list": ("[]", "no cells"),
    "no cells": ('{"nbformat": 4}', "no cells"),
    "format 3": (json.dumps(V3), "old format"),
    "format 5": ('{"nbformat": 5, "cells": []}', "another format"),
    "no end": ("[" * 100_000, "deeply"),
    "deep": ('{"nbformat": 4, "cells": ' + "[" * 150 + "]" * 150 + "}", "deeply"),
}


@pytest.mark.parametrize(("content", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_said(
    content: str | bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for verb in (check_notebook, clean_notebook):
        with pytest.raises(BadInput, match=said):
            verb(path)
    assert check.main([str(path)]) == 2
    assert said in capsys.readouterr().err


def test_a_folder_is_no_notebook(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="folder"):
        check_notebook(tmp_path)


def test_tables_and_names_that_cannot_be_meant_are_said(tmp_path: Path) -> None:
    path = kept(notebook(), tmp_path)
    with pytest.raises(BadTable, match="neither"):
        check_notebook(path, table=pd.DataFrame({"a": [1]}))
    with pytest.raises(BadTable, match="list"):
        check_notebook(path, table=cast(Any, [1]))
    with pytest.raises(BadInput, match="short"):
        check_notebook(path, names=["Z"])
    with pytest.raises(BadInput, match="texts"):
        check_notebook(path, names=cast(Any, [7]))


def test_one_name_may_be_given_as_it_is(tmp_path: Path) -> None:
    assert whats(notebook(code("zoe MULLER")), tmp_path, names=NAME) == {WHO}


# --- the command line --------------------------------------------------------------------------------------


def test_the_command_says_where_and_not_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = kept(notebook(code(f"a\ntoken = '{HEX}'")), tmp_path)
    assert check.main([str(path)]) == 1
    said = capsys.readouterr()
    assert f"{path}: cell 1, source, line 2: a token\n" in said.out
    assert HEX not in said.out + said.err and "--table" in said.err


def test_one_bad_notebook_does_not_keep_the_others_from_being_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = kept(notebook(code(f"token = '{HEX}'")), tmp_path)
    assert check.main([str(tmp_path / "none.ipynb"), str(path)]) == 2
    assert "a token" in capsys.readouterr().out


@pytest.mark.parametrize("write", [files.to_csv, files.to_parquet])
def test_the_command_takes_a_table_and_names_and_cleans(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = write.__name__.removeprefix("to_")
    table = write(TABLE, tmp_path / f"mine.{kind}")
    path = kept(notebook(code("12345678901\n46.9481, 7.4473\n7654321"), prose(NAME)), tmp_path)
    asked = [str(path), "--table", str(table), "--name", NAME]
    assert check.main(asked) == 1
    said = capsys.readouterr().out
    assert all(what in said for what in (ACTIVITY, PLACE, ATHLETE, WHO))
    assert check.main([*asked, "--clean"]) == 1
    copy = tmp_path / "x.clean.ipynb"
    assert str(copy) in capsys.readouterr().out
    assert check.main([str(copy), *asked[1:]]) == 0


def test_the_command_says_what_is_wrong_with_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = kept(notebook(), tmp_path)
    (tmp_path / "a.parquet").write_text("no")
    for table, said in (("none.csv", "no file"), ("a.parquet", "as a table"), ("a.xlsx", "no Parquet")):
        assert check.main([str(path), "--table", str(tmp_path / table)]) == 2
        assert said in capsys.readouterr().err


def test_the_command_runs_by_itself_and_finds_files_by_a_star(tmp_path: Path) -> None:
    kept(notebook(code()), tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "strava_nb.check", str(tmp_path / "*.ipynb")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, f"{tmp_path / 'x.ipynb'}: nothing private was found\n")
