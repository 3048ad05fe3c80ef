"""A Python without threads, processes, sockets and stravaio: the export door needs none of them."""

from __future__ import annotations

import subprocess
import sys

CONFINED = """
import sys, threading, socket, multiprocessing.process as processes

class Shut:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("stravaio", "swagger_client", "urllib3", "requests"):
            raise AssertionError(f"the export door imports {name}")

def refuse(*_, **__):
    raise AssertionError("the export door may not do this")

sys.meta_path.insert(0, Shut())
import strava_nb as snb
import pyarrow.csv, pandas, numpy, matplotlib.pyplot, xlsxwriter   # what they start is not ours
threading.Thread.start = refuse
socket.socket.connect = socket.socket.bind = refuse
processes.BaseProcess.start = refuse
"""


def check_confined(code: str, *arguments: str) -> None:
    """Run code that uses `snb`, and ends by printing "done"."""
    run = subprocess.run(
        [sys.executable, "-c", CONFINED + code, *arguments], capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "done", run.stderr
