"""The project as others get it: a wheel, a source archive, an environment that conda and Binder build.

Everything is really built and installed, from the checkout's files and without the network.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from ruamel.yaml import YAML

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "strava_nb"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {"start.py", "start.bat", "start.command", "Makefile", "environment.yml", "pyproject.toml", "LICENSE"}

USE_EVERY_NAME = """
import json, strava_nb
names = {name: getattr(strava_nb, name).__name__ for name in strava_nb.__all__}
from importlib.metadata import version
print(json.dumps({"file": strava_nb.__file__, "names": sorted(names), "version": version("strava-nb")}))
"""

WHERE_VOILA_LOOKS = """
from voila.paths import collect_template_paths
print(collect_template_paths(["voila", "nbconvert"], "strava-nb", prune=True)[0])
"""


def files_of_the_package() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for folder in (PACKAGE, ROOT / "share")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def conda_environment() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(ROOT / "environment.yml"))


def conda_specs() -> list[str]:
    return [spec for spec in conda_environment()["dependencies"] if isinstance(spec, str)]


def pips_part() -> list[str]:
    [entry] = [entry for entry in conda_environment()["dependencies"] if not isinstance(entry, str)]
    return list(entry["pip"])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ("--no-deps", "--no-build-isolation", "--no-index")
    run(sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", folder, ROOT, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_carries_every_file_of_the_package_voilas_template_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [re.sub(r"^[^/]+\.data/data/", "", name) for name in archive.namelist()]
        carried = {name for name in names if ".dist-info/" not in name}
        licenses = [name for name in archive.namelist() if name.endswith("/LICENSE")]
    assert carried == files_of_the_package()
    assert licenses


def test_pips_part_installs_from_the_root_into_a_fresh_environment_and_works_far_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUPYTER_PATH", raising=False)  # start.py leads to the checkout's by it
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False, symlinks=sys.platform != "win32")
    python = environment / ("Scripts" if sys.platform == "win32" else "bin") / Path(sys.executable).name

    # The dependencies are the ones that are here, and pip fails over each that is missing or too old. A .pth
    # file's folders have their own .pth files ignored, so the editable checkout is not among them.
    site = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    )
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    offline = ("--no-index", "--no-build-isolation")
    run(sys.executable, "-m", "pip", "--python", python, "install", *offline, *pips_part(), cwd=ROOT)

    told = json.loads(run(python, "-I", "-c", USE_EVERY_NAME, cwd=tmp_path))
    assert Path(told["file"]).is_relative_to(environment)
    assert told["version"] == PYPROJECT["project"]["version"]
    assert "get_activities" in told["names"]

    template = Path(run(python, "-I", "-c", WHERE_VOILA_LOOKS, cwd=tmp_path).strip())
    assert template.is_relative_to(environment), "as on Binder, where nobody tells Voilà where ours is"


@pytest.mark.slow
def test_the_source_archive_holds_what_a_person_starts_and_builds_from(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", tmp_path, cwd=ROOT)
    [archive] = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    notebooks = {path.relative_to(ROOT).as_posix() for path in (ROOT / "notebooks").glob("*.ipynb")}
    tests = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("*.py")}
    assert names >= OURS | files_of_the_package() | notebooks | tests | {".ci/run", "README.md"}
    assert not any(part in name for name in names for part in (".venv/", "__pycache__", ".git/"))


def test_conda_brings_python_and_pip_and_pip_everything_else() -> None:
    assert conda_environment()["channels"] == ["conda-forge"]
    assert sorted(re.split("[=<>]", spec)[0] for spec in conda_specs()) == ["pip", "python"]
    assert pips_part() == [".[lab]"]
    assert "lab" in PYPROJECT["project"]["optional-dependencies"]


@pytest.mark.parametrize("spec", conda_specs())
def test_conda_can_read_each_spec(spec: str) -> None:
    from rattler import MatchSpec

    assert MatchSpec(spec, strict=True).name


@pytest.mark.filterwarnings("ignore:pythonjsonlogger.jsonlogger has been moved:DeprecationWarning")
def test_binder_detects_the_environment_and_gives_it_a_python_that_the_package_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from repo2docker.app import Repo2Docker
    from repo2docker.buildpacks import CondaBuildPack

    monkeypatch.chdir(ROOT)
    app = Repo2Docker()
    packs = (pack(base_image=app.base_image) for pack in app.buildpacks)
    pack = next(pack for pack in packs if pack.detect())  # the first one that detects is the one that builds
    assert type(pack) is CondaBuildPack
    assert SpecifierSet(PYPROJECT["project"]["requires-python"]).contains(pack.python_version)

    pack.platform = "linux/amd64"
    dockerfile = pack.render({})
    environment_made = dockerfile.index('--file "environment.yml"')
    assert dockerfile.index("src/ ${REPO_DIR}/") < environment_made, "pip's '.' needs the source to be there"


def test_of_what_binders_images_bring_only_the_kernel_is_replaced() -> None:
    repo2docker = find_spec("repo2docker")  # without what it loads, and what that warns of
    assert repo2docker and repo2docker.submodule_search_locations
    [python] = [spec.removeprefix("python=") for spec in conda_specs() if spec.startswith("python=")]
    locks = Path(repo2docker.submodule_search_locations[0]) / "buildpacks" / "conda"
    lock = (locks / f"environment.py-{python}-linux-64.lock").read_text("utf-8")
    brought = dict(re.findall(r"/([\w.-]+)-([\w.]+)-[^-/]+\.(?:conda|tar\.bz2)", lock))
    assert {"jupyterlab", "ipywidgets", "ipykernel"} <= brought.keys()
    asked = (*PYPROJECT["project"]["dependencies"], *PYPROJECT["project"]["optional-dependencies"]["lab"])
    wanted = {one.name: one.specifier for one in map(Requirement, asked)}
    replaced = {name for name in wanted.keys() & brought.keys() if brought[name] not in wanted[name]}
    assert replaced == {"ipykernel"}, "7.0 refuses what a thread tells the page; whatever else comes is taken"


def test_make_has_a_name_for_every_command_and_only_calls_start() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [targets] = re.findall(r"^([\w ]+):$", makefile, re.MULTILINE)
    assert re.findall(r"^\t(.*)$", makefile, re.MULTILINE) == ["$(PYTHON) start.py $@"]
    for target in targets.split():
        assert f'"{target}"' in (ROOT / "start.py").read_text()
    assert "help" in targets.split()
