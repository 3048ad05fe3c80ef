"""start.py as a person runs it: a real process, what it says and what it starts."""

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

import pytest
from start_project import MAKES_AN_ENVIRONMENT, ROOT, START, TELLS, Project, environment, without_ensurepip

WAITS = """
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(7))
print("running", flush=True)
while True:
    time.sleep(0.05)
"""


# What it says


def test_help_names_every_command(project: Project) -> None:
    done = project.start("--help")
    assert done.returncode == 0
    for command in (
        "app",
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
    assert "lab, app, demo, test, lint, format, bench, gallery, columns, matrix, clean" in done.stderr
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
    done = project.start(**without_ensurepip(tmp_path / "debian"))
    assert done.returncode == 1
    assert "sudo apt install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not project.venv.exists()


# What it starts


@MAKES_AN_ENVIRONMENT
def test_jupyterlab_opens_the_first_notebook_with_this_environment_and_no_other(installed: Project) -> None:
    [lab] = installed.calls(JUPYTER_PATH="/elsewhere", JUPYTER_PREFER_ENV_PATH="0")
    assert lab["program"] == "jupyterlab" and lab["shut"] == ["rfc3987_syntax"]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in lab["arguments"]
    assert f"--ServerApp.root_dir={installed.folder}" in lab["arguments"]
    assert Path(lab["python"]) == installed.venv
    assert lab["environment"]["JUPYTER_PREFER_ENV_PATH"] == "1"
    assert lab["environment"]["JUPYTER_PATH"] == str(installed.folder / "share" / "jupyter")


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
    [call] = installed.calls("test", "--quick", PYTHONDONTWRITEBYTECODE="1")
    assert "PYTHONDONTWRITEBYTECODE" not in call["environment"]
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


@pytest.mark.slow
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
