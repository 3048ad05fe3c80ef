"""start.py as a person runs it: a real process, real environments and pip, over a project that is tiny.

The stand-in project needs no network: it builds itself and brings modules named like the programs
that start.py starts, which tell how they were called.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
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

WAITS = """
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(7))
print("running", flush=True)
while True:
    time.sleep(0.05)
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
        for name in ("jupyterlab", "pytest", "ruff", "mypy", "bench"):
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

    def calls(self, *arguments: str, **variables: str) -> list[dict[str, Any]]:
        """What the programs told that a successful start has called."""
        done = self.start(*arguments, cwd=self.folder, **variables)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def environment(**variables: str) -> dict[str, str]:
    """This process's, without what would let pip wander or the tests' own environment shine through."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON", "JUPYTER", "VIRTUAL"))}
    nothing = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}
    return {**kept, **nothing, **variables}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "Mein Ordner ü")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that was started once, for tests that leave its .venv as it is."""
    project = Project(tmp_path_factory.mktemp("installed") / "Größe & Maß (2)")
    project.calls("lint")
    return project


# What it says


def test_help_names_every_command(project: Project) -> None:
    done = project.start("--help")
    assert done.returncode == 0
    for command in (
        "demo",
        "test",
        "lint",
        "format",
        "bench",
        "gallery",
        "columns",
        "matrix",
        "clean",
        "--help",
    ):
        assert f"start.py {command}" in done.stdout
    assert not project.venv.exists()


def test_an_unknown_command_is_answered_with_those_there_are(project: Project) -> None:
    done = project.start("tset")
    assert done.returncode == 2
    assert "'tset'" in done.stderr
    assert "lab, demo, test, lint, format, bench, gallery, columns, matrix, clean" in done.stderr
    assert not project.venv.exists()


@pytest.mark.parametrize("command", ["demo", "lint", "format", "columns", "clean"])
def test_what_a_command_does_not_take_is_refused_before_anything_is_done(
    project: Project, command: str
) -> None:
    done = project.start(command, "--fast")
    assert done.returncode == 1
    assert "'--fast'" in done.stderr
    assert not project.venv.exists()


def test_alone_it_says_that_the_rest_is_missing(tmp_path: Path) -> None:
    shutil.copy(START, tmp_path)
    done = subprocess.run(
        [sys.executable, "start.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "belongs into the folder of strava-nb" in done.stderr
    assert "Traceback" not in done.stderr


# Too old a Python


def test_a_python_that_is_too_old_is_told_so() -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 18, 'final', 0);"
        f"runpy.run_path({str(START)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and this is Python 3.9." in done.stderr
    assert "Traceback" not in done.stderr


def test_its_grammar_is_one_that_old_pythons_read() -> None:
    source = START.read_text(encoding="ascii")  # Python 2 and odd locales read nothing else
    assert ast.parse(source, feature_version=(3, 7))


def test_real_old_pythons_say_which_one_is_needed() -> None:
    names = [f"python3.{minor}" for minor in range(6, 11)]
    pyenv = Path.home() / ".pyenv" / "versions"
    old = {shutil.which(name) for name in names} - {None} | {
        str(python) for name in names for python in pyenv.glob(f"*/bin/{name}")
    }
    said = [
        subprocess.run([str(python), str(START)], capture_output=True, text=True, check=False).stderr
        for python in sorted(filter(None, old))
        if "shims" not in str(python)
    ]
    if not said:
        pytest.skip("no Python older than 3.11 on this computer")
    assert all("needs Python 3.11 or newer, and this is Python 3." in words for words in said)


def test_the_oldest_python_it_takes_is_the_packages() -> None:
    import tomllib

    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    found = re.search(r"^minimum.* = \((\d+), (\d+)\)", START.read_text(), re.MULTILINE)
    assert found
    assert oldest == ">=" + ".".join(found.groups())


# What can stand in the way


def test_a_missing_venv_module_is_told_with_the_command_that_brings_it(
    project: Project, tmp_path: Path
) -> None:
    debian = tmp_path / "debian"
    debian.mkdir()
    (debian / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None")
    done = project.start(PYTHONPATH=str(debian))
    assert done.returncode == 1
    assert "sudo apt install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not project.venv.exists()


@MAKES_AN_ENVIRONMENT
def test_without_a_network_it_says_so_and_the_next_start_begins_anew(project: Project) -> None:
    needy = PYPROJECT.replace("requires = []", 'requires = ["hatchling"]')
    (project.folder / "pyproject.toml").write_text(needy)
    done = project.start("demo", PIP_NO_INDEX="", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="1")
    assert done.returncode == 1
    assert "the network, or the package index, is out of reach" in done.stderr
    assert str(project.venv / "install.log") in done.stderr
    assert "Traceback" not in done.stderr
    assert "127.0.0.1" in (project.venv / "install.log").read_text()
    assert not project.stamp.exists()

    (project.folder / "pyproject.toml").write_text(PYPROJECT)
    done = project.start("demo")
    assert done.returncode == 0
    assert "made anew" in done.stdout


@MAKES_AN_ENVIRONMENT
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: the moon is in the way", "last words:\n  ERROR: "),
    ],
)
def test_what_breaks_an_installation_is_told_in_a_sentence(
    installed: Project, words: str, sentence: str
) -> None:
    broken = installed.folder / "broken-build.txt"
    broken.write_text(words)
    pyproject = installed.folder / "pyproject.toml"
    pyproject.write_text(PYPROJECT + "# changed\n")
    done = installed.start("demo")
    broken.unlink()
    pyproject.write_text(PYPROJECT)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert str(installed.venv / "install.log") in done.stderr
    assert words in (installed.venv / "install.log").read_text()
    assert not installed.stamp.exists()

    assert installed.start("lint").returncode == 0
    assert installed.stamp.exists()


# What it starts


@MAKES_AN_ENVIRONMENT
def test_jupyterlab_opens_the_first_notebook_with_this_environment_and_no_other(installed: Project) -> None:
    [lab] = installed.calls(JUPYTER_PATH="/elsewhere", JUPYTER_PREFER_ENV_PATH="0")
    assert lab["program"] == "jupyterlab"
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in lab["arguments"]
    assert f"--ServerApp.root_dir={installed.folder}" in lab["arguments"]
    assert Path(lab["python"]) == installed.venv
    assert lab["environment"]["JUPYTER_PREFER_ENV_PATH"] == "1"
    assert "JUPYTER_PATH" not in lab["environment"]


@MAKES_AN_ENVIRONMENT
def test_what_is_for_jupyter_reaches_jupyter(installed: Project) -> None:
    [plain] = installed.calls("--no-browser", "--port=9999")
    [named] = installed.calls("lab", "--no-browser", "--port=9999")
    assert plain["arguments"] == named["arguments"]
    assert plain["arguments"][-2:] == ["--no-browser", "--port=9999"]


@MAKES_AN_ENVIRONMENT
def test_jupyterlab_asks_nobody_whether_they_want_news(installed: Project) -> None:
    settings = installed.venv / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    [chosen] = json.loads(settings.read_text()).values()
    assert chosen == {"fetchNews": "false"}


@MAKES_AN_ENVIRONMENT
def test_without_the_first_notebook_jupyterlab_opens_all_the_same(installed: Project) -> None:
    aside = installed.notebook.rename(installed.folder / "mine.ipynb")
    try:
        [lab] = installed.calls()
    finally:
        aside.rename(installed.notebook)
    assert not any("ipynb" in argument for argument in lab["arguments"])


@MAKES_AN_ENVIRONMENT
def test_the_demo_leaves_its_file_where_the_person_is(installed: Project, tmp_path: Path) -> None:
    (tmp_path / "strava_nb.py").write_text("raise SystemExit('a file of the person is no module of ours')")
    done = installed.start("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = tmp_path / "DEMO_activities.csv"
    assert written.read_text().splitlines() == ["the demo athlete"] * 3
    assert done.stdout.splitlines()[-1] == f"3 activities of the demo athlete are in {written}"


@MAKES_AN_ENVIRONMENT
def test_arguments_of_test_reach_pytest_and_so_does_its_exit_code(installed: Project) -> None:
    [call] = installed.calls("test", "tests/test_x.py", "-k", "a name")
    assert (call["program"], call["arguments"]) == ("pytest", ["tests/test_x.py", "-k", "a name"])
    assert Path(call["folder"]) == installed.folder
    assert installed.start("test", EXIT_pytest="5").returncode == 5


@MAKES_AN_ENVIRONMENT
def test_quick_leaves_out_browsers_and_what_is_slow(installed: Project) -> None:
    [call] = installed.calls("test", "--quick")
    assert call["arguments"][-2:] == ["-m", "not browser and not slow"]
    [call] = installed.calls("test", "--quick", "tests/test_x.py")
    assert call["arguments"] == ["-m", "not browser and not slow", "tests/test_x.py"]


@MAKES_AN_ENVIRONMENT
def test_bench_is_told_which_ones_are_wanted(installed: Project) -> None:
    [bench] = installed.calls("bench", "pull", "--write")
    assert bench["program"] == "bench"
    assert bench["arguments"] == ["pull", "--write"]
    assert Path(bench["folder"]) == installed.folder


@MAKES_AN_ENVIRONMENT
def test_lint_runs_every_check_and_fails_with_any(installed: Project) -> None:
    done = installed.start("lint", EXIT_ruff="1")
    assert done.returncode == 1
    programs = [json.loads(line)["program"] for line in done.stdout.splitlines() if line.startswith("{")]
    assert programs == ["ruff", "ruff", "mypy"]
    assert installed.start("lint", EXIT_mypy="2").returncode == 2


@MAKES_AN_ENVIRONMENT
def test_another_pythons_modules_do_not_come_in(installed: Project, tmp_path: Path) -> None:
    (tmp_path / "jupyterlab.py").write_text("print('a stray module')")
    [lab] = installed.calls(PYTHONPATH=str(tmp_path))
    assert lab["program"] == "jupyterlab"


@MAKES_AN_ENVIRONMENT
@pytest.mark.skipif(os.name == "nt", reason="a console's Ctrl-C cannot be sent to a child there")
@pytest.mark.parametrize(
    ("sent", "to_all", "code"), [(signal.SIGINT, True, 7), (signal.SIGTERM, False, 128 + signal.SIGTERM)]
)
def test_a_signal_ends_what_was_started_and_no_stack_is_shown(
    installed: Project, sent: signal.Signals, to_all: bool, code: int
) -> None:
    module = installed.folder / "modules" / "jupyterlab.py"
    module.write_text(WAITS)
    try:
        with subprocess.Popen(
            [sys.executable, "start.py"],
            cwd=installed.folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as started:
            assert started.stdout
            assert any(line == "running\n" for line in started.stdout)
            (os.killpg if to_all else os.kill)(started.pid, sent)  # a terminal's Ctrl-C reaches all
            _, errors = started.communicate(timeout=60)
    finally:
        module.write_text(TELLS)
    assert started.returncode == code, errors
    assert "Traceback" not in errors


# When it installs


@MAKES_AN_ENVIRONMENT
def test_only_a_change_makes_a_later_start_install_again(project: Project) -> None:
    assert "Installing" in project.start("demo", PIP_USER="1").stdout  # a setting that no .venv can follow
    assert project.builds == 1
    assert project.stamp.exists()
    assert "Installing" not in project.start("demo").stdout
    assert project.builds == 1

    project.calls("test")
    assert project.builds == 2, "tests need more than the demo"
    project.calls("lab")
    assert project.builds == 2, "what tests need holds what JupyterLab needs"

    project.notebook.write_text("as a person has edited it")
    with (project.folder / "pyproject.toml").open("a") as pyproject:
        pyproject.write('description = "changed"\n')
    project.calls("lab")
    assert project.builds == 3
    assert json.loads(project.stamp.read_text())["extra"] == "test", "a refresh takes nothing away"
    assert project.notebook.read_text() == "as a person has edited it"


@MAKES_AN_ENVIRONMENT
def test_a_moved_environment_is_made_anew(installed: Project, tmp_path: Path) -> None:
    moved = Project(tmp_path / "moved")
    shutil.copytree(installed.venv, moved.venv, symlinks=True)
    done = moved.start()
    assert "made anew" in done.stdout
    lab = json.loads(done.stdout.splitlines()[-1])
    assert Path(lab["python"]) == moved.venv
    assert moved.builds == 1


@MAKES_AN_ENVIRONMENT
def test_an_environment_of_another_python_is_made_anew(installed: Project) -> None:
    stamp = json.loads(installed.stamp.read_text())
    installed.stamp.write_text(json.dumps({**stamp, "python": "3.0"}))
    assert "made anew" in installed.start("lint").stdout
    assert json.loads(installed.stamp.read_text()) == stamp


@MAKES_AN_ENVIRONMENT
def test_an_environment_that_does_not_run_is_made_anew(project: Project) -> None:
    (project.venv / "bin").mkdir(parents=True)
    (project.venv / "pyvenv.cfg").write_text("home = /gone")
    assert "made anew" in project.start("demo").stdout
    assert project.builds == 1


@MAKES_AN_ENVIRONMENT
def test_an_environment_made_by_hand_is_kept_and_completed(project: Project) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(project.venv)], check=True)
    (project.venv / "mine.txt").write_text("kept")
    project.calls("lab")
    assert (project.venv / "mine.txt").read_text() == "kept"
    assert project.builds == 1


def test_clean_removes_what_was_made_and_nothing_of_a_person(project: Project) -> None:
    notebooks = project.notebook.parent
    mine = [project.notebook, notebooks / "my.xlsx", project.folder / "DEMO_activities.csv"]
    mine.append(notebooks / ".ipynb_checkpoints" / "00_start_here-checkpoint.ipynb")
    made = [project.venv / "pyvenv.cfg", project.folder / ".venv-matrix" / "x"]
    made.append(notebooks / "__pycache__" / "x.pyc")
    made += [project.folder / cache / "x" for cache in (".mypy_cache", ".ruff_cache", ".hypothesis")]
    for file in (*mine, *made):
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text("x")
    assert project.start("clean").returncode == 0
    assert all(file.exists() for file in mine)
    assert not any(file.parent.exists() for file in made)
    assert project.start("clean").returncode == 0, "twice is no error"


# The kernel


@pytest.mark.parametrize("where", ["home", "JUPYTER_PATH"])
def test_a_stray_kernel_of_the_same_name_does_not_win(tmp_path: Path, where: str) -> None:
    stray = tmp_path / "kernels" / "python3"
    stray.mkdir(parents=True)
    spec = {"argv": ["/elsewhere/python"], "display_name": "a stray one", "language": "python"}
    (stray / "kernel.json").write_text(json.dumps(spec))
    places = {"home": {"JUPYTER_DATA_DIR": str(tmp_path), "JUPYTER_PREFER_ENV_PATH": "0"}}
    meant = places.get(where, {where: str(tmp_path)})

    assert kernel({**environment(), **meant}) == "a stray one", "without start.py it does win"
    assert kernel(environment_of_start(environment(**meant))) == "Python 3 (ipykernel)"


def kernel(env: dict[str, str]) -> str:
    find = "from jupyter_client.kernelspec import get_kernel_spec as g; print(g('python3').display_name)"
    done = subprocess.run(
        [sys.executable, "-c", find], env=env, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.strip()


def environment_of_start(env: dict[str, str]) -> dict[str, str]:
    """What start.py gives to what it starts, asked in a process of its own."""
    ask = "import json, start; print(json.dumps(start.environment()))"
    done = subprocess.run(
        [sys.executable, "-c", ask], env=env, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return dict(json.loads(done.stdout))
