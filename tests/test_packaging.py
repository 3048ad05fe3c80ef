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
from pathlib import Path
from typing import Any

import pytest
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


@pytest.mark.slow
def test_the_wheel_works_in_an_environment_of_its_own_far_from_the_checkout(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUPYTER_PATH", raising=False)  # start.py leads to the checkout's by it
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False, symlinks=sys.platform != "win32")
    bin_ = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = bin_ / Path(sys.executable).name
    offline = ("--no-deps", "--no-index")
    run(sys.executable, "-m", "pip", "--python", python, "install", *offline, wheel, cwd=tmp_path)

    # The dependencies are the ones that are here; a .pth file's folders have their own .pth files
    # ignored, so the editable checkout is not among them.
    site = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    )
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))

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


def conda_environment() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(ROOT / "environment.yml"))


def conda_specs() -> list[str]:
    return [spec for spec in conda_environment()["dependencies"] if isinstance(spec, str)]


def test_conda_brings_python_and_pip_and_pip_everything_else() -> None:
    environment = conda_environment()
    assert environment["channels"] == ["conda-forge"]
    assert sorted(re.split("[=<>]", spec)[0] for spec in conda_specs()) == ["pip", "python"]
    others = [entry for entry in environment["dependencies"] if not isinstance(entry, str)]
    assert others == [{"pip": [".[lab]"]}]
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


def test_make_has_a_name_for_every_command_and_only_calls_start() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [targets] = re.findall(r"^([\w ]+):$", makefile, re.MULTILINE)
    assert re.findall(r"^\t(.*)$", makefile, re.MULTILINE) == ["$(PYTHON) start.py $@"]
    for target in targets.split():
        assert f'"{target}"' in (ROOT / "start.py").read_text()
    assert "help" in targets.split()
