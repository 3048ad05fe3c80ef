"""The quick suite on each Python of this computer, and on the oldest packages that are allowed.

python start.py matrix               all of them, one after the other
python start.py matrix 3.12 oldest   some, by name
python start.py matrix --list        which there are

Each has an environment of its own in .venv-matrix, made once and refreshed when pyproject.toml has
changed; `python start.py clean` removes them. What pytest said is in a .log beside each.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".venv-matrix"
OLDEST = (
    *("pandas==2.2.3", "numpy==1.26.4", "pyarrow==16.1.0"),
    *("ipywidgets==8.1.7", "jupyterlab==4.4.9", "ipykernel==6.29.5"),
)
"""What Binder's images bring, and the oldest that pyproject.toml takes of what differs most."""

WORKS = "import ensurepip, sys, venv; print('{}.{}'.format(*sys.version_info))"
TOLD = """
import platform
from importlib.metadata import version
names = "pandas", "numpy", "ipywidgets", "jupyterlab"
print("Python", platform.python_version() + ",", ", ".join(f"{name} {version(name)}" for name in names))
"""


@dataclass(frozen=True)
class Row:
    """One environment of the matrix: a Python, and the packages that are pinned in it."""

    name: str
    python: str
    pins: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where its environment is."""
        return HOME / self.name

    @property
    def own_python(self) -> Path:
        """The Python inside."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def rows() -> list[Row]:
    """A row for each Python with the newest packages, and the oldest Python with the oldest."""
    found = pythons()
    oldest = min(found, key=_numbers)
    return [*(Row(name, path) for name, path in found.items()), Row("oldest", found[oldest], OLDEST)]


@cache
def pythons() -> dict[str, str]:
    """The Pythons of this computer that are new enough and can make environments, by version."""
    found: dict[str, str] = {}
    for path in _candidates():
        try:
            done = subprocess.run([path, "-c", WORKS], capture_output=True, text=True, check=False)
        except OSError:
            continue
        name = done.stdout.strip()
        if done.returncode == 0 and _numbers(name) >= (3, 11):
            found.setdefault(name, path)
    return dict(sorted(found.items(), key=lambda one: _numbers(one[0])))


def _candidates() -> Iterator[str]:
    yield getattr(sys, "_base_executable", None) or sys.executable
    for minor in range(11, 20):
        if path := shutil.which(f"python3.{minor}"):
            yield path
    for others in (".pyenv/versions/3.1[1-9]*", ".local/share/uv/python/*-3.1[1-9]*"):
        yield from sorted(map(str, Path.home().glob(f"{others}/bin/python3")))
    local = os.environ.get("LOCALAPPDATA")
    if local:
        yield from sorted(map(str, Path(local).glob("Programs/Python/Python3*/python.exe")))


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(map(int, name.split(".")))


def prepare(row: Row) -> None:
    """Sees to the row's environment, with pip's words in its log."""
    stamp = row.folder / "strava-nb.txt"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest() + " ".join(row.pins)
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    HOME.mkdir(exist_ok=True)
    with (HOME / f"{row.name}.log").open("w", encoding="utf-8") as log:
        if not row.own_python.exists():
            subprocess.run([row.python, "-m", "venv", row.folder], check=True, stdout=log, stderr=log)
        install = [row.own_python, "-m", "pip", "install", "--no-compile", "--disable-pip-version-check"]
        subprocess.run(
            [*install, *row.pins, "--editable", ".[test]"], cwd=ROOT, check=True, stdout=log, stderr=log
        )
    stamp.write_text(wanted, encoding="utf-8")


def suite(row: Row) -> tuple[bool, str]:
    """Whether the quick suite passed, and its last words, with what failed above them."""
    pytest = [row.own_python, "-m", "pytest", "-m", "not browser and not slow", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*pytest, "-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    (HOME / f"{row.name}.log").write_text(done.stdout, encoding="utf-8")
    lines = done.stdout.strip().splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return done.returncode == 0, "\n  ".join([*failed, *lines[-1:]])


def say(words: str) -> None:
    """A line for the person, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Run what is asked for; 1 where any of it failed."""
    there = {row.name: row for row in rows()}
    parser = argparse.ArgumentParser(prog="start.py matrix", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(there)}")
    parser.add_argument("--list", action="store_true", help="only say which there are")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(there):
        parser.error(f"there is no {min(unknown)!r} here, only {', '.join(there)}")
    good = True
    for row in [there[name] for name in asked.names or there]:
        if asked.list:
            say(f"{row.name:8}{row.python}  {' '.join(row.pins)}".rstrip())
            continue
        try:
            prepare(row)
        except subprocess.CalledProcessError:
            say(f"{row.name}: its environment could not be made; why is in {HOME / row.name}.log")
            good = False
            continue
        told = subprocess.run([row.own_python, "-c", TOLD], capture_output=True, text=True, check=True).stdout
        began = time.monotonic()
        passed, words = suite(row)
        good = good and passed
        say(f"{row.name}: {told.strip()}\n  {words} ({time.monotonic() - began:.0f} s)")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
