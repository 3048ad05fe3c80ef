"""The house holds: imports point one way, and each outside thing has one door."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from confined import check_confined

PACKAGE = Path(__file__).parents[1] / "strava_nb"

ROOMS = (
    ("served",),
    ("columns", "settings", "errors", "earth"),
    ("signin",),
    ("tables",),
    ("sources",),
    ("metrics",),
    ("files",),
    ("plots",),
    ("wanted", "watching", "problems"),
    ("asking",),
    ("pull", "inside", "thresholds"),
    ("pages",),
    ("widgets",),
    ("__init__", "check"),
)
"""From the ground up. A room may import its own floor's modules and what lies below."""

FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
MODULES = sorted(PACKAGE.rglob("*.py")) + sorted(PACKAGE.rglob("*.pyi"))


def parts_of(path: Path) -> tuple[str, ...]:
    return path.relative_to(PACKAGE).with_suffix("").parts


def room_of(path: Path) -> str:
    return parts_of(path)[0]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imports_of(path: Path) -> set[str]:
    """Full names of what a module imports, inside functions too; relative ones resolved."""
    package = ["strava_nb", *parts_of(path)[:-1]]
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = [*base, *(node.module or "").split(".")] if node.module else base
            found |= {".".join([*base, alias.name]) for alias in node.names}
    return found


def importers_of(*names: str) -> set[str]:
    return {
        "/".join(parts_of(path))
        for path in MODULES
        if any(found == name or found.startswith(f"{name}.") for found in imports_of(path) for name in names)
    }


def rooms_imported(path: Path) -> set[str]:
    own = {name.split(".")[1] for name in imports_of(path) if name.startswith("strava_nb.") and "." in name}
    return own - {room_of(path)}


@cache
def texts_of(path: Path) -> list[str]:
    """The string constants of a module without its docstrings."""
    tree = tree_of(path)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in told
    ]


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("path", MODULES, ids=lambda path: "/".join(parts_of(path)))
def test_imports_point_down_only(path: Path) -> None:
    room = room_of(path)
    if room == "simulator":
        assert not rooms_imported(path), "the simulator stands beside the house"
        return
    assert room in FLOOR, f"{room} has no place in the house"
    beside = {"simulator"} if "/".join(parts_of(path)) == "sources/demo" else set()
    for imported in rooms_imported(path) - beside:
        assert imported in FLOOR, f"{room} imports {imported}, which has no place in the house"
        assert FLOOR[imported] < FLOOR[room], f"{room} imports {imported}, which is not below it"


def test_one_module_imports_stravaio() -> None:
    assert importers_of("stravaio", "swagger_client") == {"sources/api"}


def test_only_plots_import_pyplot() -> None:
    assert {name.split("/")[0] for name in importers_of("matplotlib")} == {"plots"}


def test_only_widgets_import_ipywidgets() -> None:
    assert {name.split("/")[0] for name in importers_of("ipywidgets", "anywidget")} <= {"widgets"}


def test_one_module_reads_the_environment() -> None:
    readers = {"/".join(parts_of(p)) for p in MODULES if {"os.environ", "os.getenv"} & attributes_of(p)}
    assert readers == {"settings"}


@cache
def attributes_of(path: Path) -> set[str]:
    tree = tree_of(path)
    used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return used | imports_of(path)


def test_one_module_names_stravas_address() -> None:
    outside = [path for path in MODULES if room_of(path) != "simulator"]
    named = {
        "/".join(parts_of(path)) for path in outside if any("strava.com" in text for text in texts_of(path))
    }
    assert named == {"settings"}


def test_modules_have_one_purpose_and_a_readable_length() -> None:
    files = [*MODULES, *Path(__file__).parent.glob("*.py")]
    too_long = {str(p): n for p in files if (n := len(p.read_text("utf-8").splitlines())) > 450}
    assert not too_long


def test_the_package_loads_nothing_heavy_until_it_is_used() -> None:
    heavy = "stravaio", "matplotlib", "ipywidgets", "keyring", "pandas", "numpy"
    code = f"import strava_nb, sys; print([name for name in {heavy!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


EXPORT_DOOR = """
records = [{"id": 1, "name": "=1+1", "sport_type": "Ride", "distance": 1000.0, "moving_time": 100,
            "start_date": "2026-01-01T10:00:00Z", "start_date_local": "2026-01-01T11:00:00Z"}]
table = snb.tables.activities(records, source="export")
samples = snb.tables.streams({"time": {"data": [0, 1]}}, 1, source="export")
assert len(snb.readable(table)) == 1 and len(samples) == 2
for write in (snb.files.to_csv, snb.files.to_excel, snb.files.to_parquet, snb.files.to_json):
    assert write(table)
assert len(snb.metrics.totals(table)) == len(snb.metrics.loads(table, samples)) == 1
track = snb.tables.streams({"time": {"data": [0, 900]}, "latlng": {"data": [[0, 0], [1, 1]]}}, 1)
assert snb.files.to_gpx(snb.files.hide_places(track, (5, 5), ends=False), activities=table)
assert snb.plots.volume(table).get_figure() and snb.plots.calendar(table)
print("done")
"""


@pytest.mark.slow
def test_the_export_door_needs_no_threads_processes_sockets_or_stravaio() -> None:
    check_confined(EXPORT_DOOR)
