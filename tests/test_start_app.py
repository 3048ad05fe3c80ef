"""`start.py app`: the page without code, for this computer alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psutil
import pytest
from start_project import ROOT, Project, environment
from voila_server import RUNNING

STARTED_BY_HAND = """
import start, sys
start.install = lambda extra: None  # this environment has it all
start.PYTHON = sys.executable
start.PAGE = {page!r}
sys.exit(start.main(["app"]))
"""
BROWSER = "import sys; open({told!r}, 'w').write(sys.argv[1])"


@pytest.mark.slow
def test_the_page_is_served_to_this_computer_alone_in_our_template(installed: Project) -> None:
    [voila] = installed.calls("app", "--no-browser", "--port=9999", JUPYTER_PATH="/elsewhere")
    assert voila["program"] == "voila" and voila["shut"] == ["rfc3987_syntax"]
    assert voila["arguments"] == [
        "notebooks/app.ipynb", "--template=strava-nb", "--Voila.ip=127.0.0.1", "--no-browser", "--port=9999",
    ]  # fmt: skip
    assert voila["folder"] == str(installed.folder)
    assert voila["environment"]["JUPYTER_PATH"] == str(installed.folder / "share" / "jupyter")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a console's Ctrl-C cannot be sent to a child there")
def test_it_opens_the_browser_and_one_ctrl_c_ends_it_with_its_kernels(tmp_path: Path) -> None:
    page = tmp_path / "page.ipynb"
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    page.write_text(
        json.dumps(
            {
                "cells": [{**cell, "source": "import os; print('kernel', os.getpid())"}],
                "metadata": {"kernelspec": kernel},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
    )
    told = tmp_path / "opened.txt"
    os.mkfifo(told)
    browser = tmp_path / "browser.py"
    browser.write_text(BROWSER.format(told=str(told)))
    own = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    process = subprocess.Popen(
        [sys.executable, "-c", STARTED_BY_HAND.format(page=str(page))],
        cwd=ROOT,
        env=environment(BROWSER=f"{sys.executable} {browser} %s", **own),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        opened = Path(unquote(urlsplit(told.read_text()).path)).read_text("utf-8")
        assert "https:" not in opened, "what opens the browser asks nobody else"
        [address] = re.findall(r'url=(http://[^"]*)', opened)
        assert urlsplit(address).hostname == "127.0.0.1"
        shown = urllib.request.urlopen(address, timeout=120).read().decode("utf-8")
        [kernel_id] = re.findall(r"<pre>kernel (\d+)", shown)
        assert psutil.pid_exists(int(kernel_id))
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "To stop it, press Ctrl-C here." in said
    assert RUNNING.search(said)
    assert "Traceback" not in said
    psutil.wait_procs([psutil.Process(int(kernel_id))] if psutil.pid_exists(int(kernel_id)) else [], 30)
    assert not psutil.pid_exists(int(kernel_id))
