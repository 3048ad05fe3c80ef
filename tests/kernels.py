"""Runs a notebook in a kernel of this environment, as it lies there, with nobody's settings."""

from __future__ import annotations

import time
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

LOOK_AGAIN = 0.5
"""Seconds after which a reply is looked for that nobody was told of."""


class _Channel(AsyncZMQSocketChannel):
    """Looks again for a reply whose arrival went unnoticed.

    While a cell runs, nbclient answers for the page of an Output widget (`interact`) on the socket where it
    waits for the cell's reply, and what is sent there can swallow the sign that something came in: the run
    then stands still until its time is up (nbclient's issue 312).
    """

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]  # As there.
        """The next message, or Empty after `timeout` seconds."""
        until = float("inf") if timeout is None else time.monotonic() + timeout
        while True:
            try:
                return await super().get_msg(min(LOOK_AGAIN, max(until - time.monotonic(), 0)))
            except Empty:
                if time.monotonic() >= until:
                    raise


class _Client(AsyncKernelClient):
    shell_channel_class = _Channel


class _Manager(AsyncKernelManager):
    client_factory = _Client


def run(notebook: Any, folder: Path) -> Any:
    """The notebook with its outputs, run in `folder`."""
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, kernel_manager_class=_Manager, timeout=120, resources=resources).execute()
    return notebook


def own_jupyter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel of this environment, with nobody's settings and start-up files."""
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(folder / name.lower()))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    monkeypatch.delenv("MPLBACKEND", raising=False)
