"""Where it works, as far as that can be held without being there: Windows, macOS and each Python."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import matrix
import pytest
from documented import ROOT

FILES = [ROOT / "start.py", *sorted((ROOT / "strava_nb").rglob("*.py"))]

MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "spwd", "syslog", "termios", "tty"}
NAMES = {
    "os": {
        *(
            "chown",
            "chroot",
            "ctermid",
            "fchmod",
            "fchown",
            "fork",
            "forkpty",
            "getegid",
            "geteuid",
            "getgid",
        ),
        *("getgroups", "getloadavg", "getpgid", "getpgrp", "getpriority", "getsid", "getuid", "killpg"),
        *("lchown", "mkfifo", "mknod", "nice", "openpty", "pread", "pwrite", "sched_getaffinity", "setpgid"),
        *("setpriority", "setsid", "setuid", "statvfs", "sysconf", "tcgetpgrp", "uname", "wait", "waitid"),
        *("WEXITSTATUS", "WIFEXITED", "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "O_NONBLOCK"),
    },
    "signal": {
        *("SIGKILL", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD", "SIGPIPE", "SIGTSTP"),
        *("alarm", "setitimer", "pause", "sigwait", "pthread_kill", "siginterrupt"),
    },
    "time": {"tzset"},
    "socket": {"AF_UNIX", "SO_REUSEPORT"},
    "asyncio": {"start_unix_server", "open_unix_connection"},
}
"""What only POSIX has, of the modules that every system has."""


def posix_only(source: str) -> list[str]:
    """What a source uses that Windows lacks, but for what a question or a caught error guards."""
    found: list[str] = []

    def look(node: ast.AST, *, guarded: bool) -> None:
        if isinstance(node, ast.If | ast.IfExp | ast.BoolOp):
            test = ast.unparse(node.values[0] if isinstance(node, ast.BoolOp) else node.test)
            guarded = guarded or any(word in test for word in ("hasattr(", "os.name", "sys.platform"))
        if isinstance(node, ast.Try):
            caught = " ".join(ast.unparse(handler.type) for handler in node.handlers if handler.type)
            guarded = guarded or "ImportError" in caught or "AttributeError" in caught
        used: list[str] = []
        if isinstance(node, ast.Import):
            used = [alias.name for alias in node.names if alias.name in MODULES]
        elif isinstance(node, ast.ImportFrom):
            of = NAMES.get(node.module or "", set())
            used = (
                [node.module or ""]
                if node.module in MODULES
                else [a.name for a in node.names if a.name in of]
            )
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used = [ast.unparse(node)] if node.attr in NAMES.get(node.value.id, set()) else []
        if not guarded:
            found.extend(used)
        for child in ast.iter_child_nodes(node):
            look(child, guarded=guarded)

    look(ast.parse(source), guarded=False)
    return found


@pytest.mark.slow
def test_nothing_is_used_that_only_posix_has() -> None:
    found = {path.relative_to(ROOT).as_posix(): posix_only(path.read_text("utf-8")) for path in FILES}
    assert {path: names for path, names in found.items() if names} == {}


def test_what_only_posix_has_is_found_and_a_guard_is_seen() -> None:
    bare = "import os, signal, fcntl\nfrom os import fork\nos.kill(1, signal.SIGKILL)\nos.geteuid()"
    assert posix_only(bare) == ["fcntl", "fork", "signal.SIGKILL", "os.geteuid"]
    guarded = "if hasattr(os, 'geteuid') and os.geteuid(): pass\ntry:\n import pwd\nexcept ImportError: pass"
    assert posix_only(guarded) == []


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]


@pytest.mark.slow
def test_every_text_file_is_opened_with_its_encoding() -> None:
    """Windows reads and writes in another one unless it is told."""
    for path in FILES:
        for call in calls(path):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in ("read_text", "write_text"):
                told = call.args[1:] or call.keywords or (name == "read_text" and call.args)
                assert told, f"{path}: {ast.unparse(call)}"


@pytest.mark.slow
def test_the_matrix_has_this_python_and_the_oldest_packages_and_refuses_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["matrix.py", "--list"])
    assert matrix.main() == 0
    listed = capsys.readouterr().out.splitlines()
    assert "{}.{}".format(*sys.version_info) in [line.split()[0] for line in listed]
    assert listed[-1].endswith(" ".join(matrix.OLDEST))
    monkeypatch.setattr(sys, "argv", ["matrix.py", "2.7"])
    with pytest.raises(SystemExit):
        matrix.main()
    assert "there is no '2.7' here" in capsys.readouterr().err
