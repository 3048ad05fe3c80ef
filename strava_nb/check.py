"""Are these notebooks safe to share? `python -m strava_nb.check NOTEBOOK…`, for people, hooks and CI."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from glob import glob
from pathlib import Path
from typing import TextIO

import pandas as pd

from .errors import BadInput, StravaNbError
from .files import check_notebook, clean_notebook

SAFE, FOUND, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 where nothing was found, 1 where something was, 2 where something cannot be read."""
    asked = _parser().parse_args(arguments)
    try:
        table = None if asked.table is None else _table(asked.table)
    except StravaNbError as error:
        _say(str(error), sys.stderr)
        return UNREADABLE
    codes = [_check(path, table, asked.name, clean=asked.clean) for path in _named(asked.notebooks)]
    if table is None:
        _say("Without --table, places near home and your ids were not looked for.", sys.stderr)
    return max(codes)


def _check(path: Path, table: pd.DataFrame | None, names: Sequence[str], *, clean: bool) -> int:
    try:
        found = check_notebook(path, table=table, names=names)
        for one in found:
            _say(f"{path}: {one}")
        if not found:
            _say(f"{path}: nothing private was found")
        elif clean:
            copy = clean_notebook(path, table=table, names=names)
            if check_notebook(copy, table=table, names=names):
                raise BadInput(f"Something private is left in {copy}.", "Do not share it.")
            _say(f"{copy}: the copy without it")
    except StravaNbError as error:
        _say(str(error), sys.stderr)
        return UNREADABLE
    return FOUND if found else SAFE


def _named(notebooks: Sequence[str]) -> list[Path]:
    """The paths as they are; where the terminal left a * to us, as Windows does, the files it means."""
    paths: list[Path] = []
    for name in notebooks:
        meant = [] if Path(name).exists() else sorted(glob(name))  # noqa: PTH207 - absolute ones too
        paths += [Path(one) for one in meant or [name]]
    return paths


def _table(path: Path) -> pd.DataFrame:
    try:
        match path.suffix.lower():
            case ".parquet":
                return pd.read_parquet(path)
            case ".csv":
                return pd.read_csv(path, dtype_backend="numpy_nullable")
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", "Look at its name and folder.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as a table.", "Give a table that strava_nb wrote.") from error
    raise BadInput(f"{path} is no Parquet and no CSV file.", "Give a table that strava_nb wrote.")


def _say(sentence: str, to: TextIO | None = None) -> None:
    print(sentence, file=to or sys.stdout)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m strava_nb.check",
        description="Says where notebooks hold something private: secrets, e-mail addresses, and with "
        "--table and --name what tells who you are and where you live.",
        epilog="Exit code: 0 nothing was found, 1 something was, 2 something could not be read. "
        "What only shows in a picture is not found.",
    )
    add = parser.add_argument
    add("notebooks", nargs="+", metavar="NOTEBOOK", help="notebooks (.ipynb)")
    add("--table", type=Path, metavar="FILE", help="your activities, as .parquet or .csv")
    add(
        "--name",
        action="append",
        default=[],
        metavar="NAME",
        help='your name, as "Dana Demo"; more than once',
    )
    add("--clean", action="store_true", help="write x.clean.ipynb beside x.ipynb, without what was found")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
