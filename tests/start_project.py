"""A tiny project with start.py in it, which needs no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
START = ROOT / "start.py"
MAKES_AN_ENVIRONMENT = pytest.mark.slow

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "strava-nb"
version = "1"
"""

# What pip needs to install the project: a wheel that holds one line, where the modules are.
BACKEND = """
import pathlib, zipfile

def build_editable(folder, settings=None, metadata=None):
    here = pathlib.Path(__file__).parent
    with open(here / "builds.txt", "a") as builds:
        builds.write("built\\n")
    for broken in here.glob("broken-*.txt"):
        raise SystemExit(broken.read_text())
    extras = "".join(f"Provides-Extra: {extra}\\n" for extra in ("lab", "test", "dev"))
    with zipfile.ZipFile(pathlib.Path(folder) / "strava_nb-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("strava_nb.pth", str(here / "modules"))
        info = "strava_nb-1.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: strava-nb\\nVersion: 1\\n" + extras)
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return "strava_nb-1-py3-none-any.whl"
"""

TELLS = """
import json, os, pathlib, sys
called = {"program": __name__ if __name__ != "__main__" else pathlib.Path(__file__).stem,
          "arguments": sys.argv[1:], "python": sys.prefix, "folder": os.getcwd(),
          "shut": [name for name, module in sys.modules.items() if module is None],
          "environment": dict(os.environ)}
print(json.dumps(called), flush=True)
sys.exit(int(os.environ.get("EXIT_" + called["program"], "0")))
"""

STRAVA_NB = """
import pathlib
def open_demo(): return "the demo athlete"
def get_activities(source, progress): return [source] * 3
class files:
    def to_csv(table, path):
        pathlib.Path(path).write_text("\\n".join(table))
        return pathlib.Path(path)
"""


class Project:
    """A folder with start.py and the stand-in project in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "modules").mkdir(parents=True)
        (folder / "notebooks").mkdir()
        shutil.copy(START, folder)
        (folder / "pyproject.toml").write_text(PYPROJECT)
        (folder / "backend.py").write_text(BACKEND)
        for name in ("jupyterlab", "voila", "pytest", "ruff", "mypy", "bench"):
            (folder / "modules" / f"{name}.py").write_text(TELLS)
        (folder / "modules" / "strava_nb.py").write_text(STRAVA_NB)
        self.notebook = folder / "notebooks" / "00_start_here.ipynb"
        self.notebook.write_text("as it came")
        self.venv = folder / ".venv"

    @property
    def builds(self) -> int:
        told = self.folder / "builds.txt"
        return len(told.read_text().splitlines()) if told.exists() else 0

    @property
    def stamp(self) -> Path:
        return self.venv / "strava-nb.json"

    def start(
        self, *arguments: str, cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(self.folder / "start.py"), *arguments],
            cwd=cwd or self.folder,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def take_over(self, other: Project) -> None:
        """The other project's .venv as if someone had made it here by hand: nothing says what is in it."""
        shutil.copytree(other.venv, self.venv, symlinks=True)
        (self.venv / other.stamp.name).unlink()

    def calls(self, *arguments: str, **variables: str) -> list[dict[str, Any]]:
        """What the programs told that a successful start has called."""
        done = self.start(*arguments, cwd=self.folder, **variables)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def without_ensurepip(folder: Path) -> dict[str, str]:
    """The environment variables of a Python that cannot make a .venv, as Debian's, and says so at once."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None")
    return {"PYTHONPATH": str(folder)}


def environment(**variables: str) -> dict[str, str]:
    """This process's, without what would let pip wander or the tests' own environment shine through."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON", "JUPYTER", "VIRTUAL"))}
    nothing = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}
    return {**kept, **nothing, **variables}
