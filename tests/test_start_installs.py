"""When start.py installs, into which environment, and what can stand in the way."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from start_project import MAKES_AN_ENVIRONMENT, PYPROJECT, Project, without_ensurepip


@MAKES_AN_ENVIRONMENT
def test_without_a_network_it_says_so_and_the_next_start_begins_anew(
    project: Project, tmp_path: Path
) -> None:
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
    assert "made anew" in project.start("demo", **without_ensurepip(tmp_path / "debian")).stdout


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


# When it installs


@MAKES_AN_ENVIRONMENT
def test_only_a_change_makes_a_later_start_install_again(project: Project, installed: Project) -> None:
    project.take_over(installed)
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
def test_an_environment_of_another_python_is_made_anew(
    project: Project, installed: Project, tmp_path: Path
) -> None:
    project.take_over(installed)
    stamp = json.loads(installed.stamp.read_text())
    stamp["place"] = os.path.normcase(project.venv.resolve())
    project.stamp.write_text(json.dumps(stamp))
    assert project.calls("lint"), "of this Python it is taken as it is"
    assert project.builds == 0
    project.stamp.write_text(json.dumps(stamp | {"python": "3.0"}))
    assert "made anew" in project.start("lint", **without_ensurepip(tmp_path / "debian")).stdout
    assert not project.venv.exists()


@MAKES_AN_ENVIRONMENT
def test_an_environment_that_does_not_run_is_made_anew(project: Project, tmp_path: Path) -> None:
    (project.venv / "bin").mkdir(parents=True)
    (project.venv / "pyvenv.cfg").write_text("home = /gone")
    assert "made anew" in project.start("demo", **without_ensurepip(tmp_path / "debian")).stdout
    assert not project.venv.exists()


@MAKES_AN_ENVIRONMENT
def test_an_environment_made_by_hand_is_kept_and_completed(project: Project, installed: Project) -> None:
    project.take_over(installed)
    (project.venv / "mine.txt").write_text("kept")
    project.calls("lab")
    assert (project.venv / "mine.txt").read_text() == "kept"
    assert project.builds == 1
