#!/usr/bin/env python3
"""Starts strava-nb on a computer that has nothing but Python.

python start.py            JupyterLab on the first notebook (what follows is passed on to it)
python start.py app        all of it on one page without code (what follows is passed on to Voila)
python start.py demo       the demo athlete's activities as DEMO_activities.csv, here
python start.py test       the tests (--quick: no browser and nothing slow; more is passed on to pytest)
python start.py lint       what ruff and mypy have to say
python start.py format     the code, formatted
python start.py bench      what is measured, all or some by name (--write: into docs/performance.md)
python start.py gallery    docs/gallery.md's pictures, drawn anew, all or some by name
python start.py columns    docs/columns.md, written anew
python start.py matrix     the quick tests on each Python here and on the oldest packages, or some by name
python start.py clean      removes .venv and caches, nothing of yours
python start.py --help     this text

The first start makes .venv in this folder and installs into it, about a minute; the next takes seconds.
"""

import sys

minimum: "tuple[int, int]" = (3, 11)  # Python 2 stops here: strava-nb needs 3.11 or newer
if sys.version_info < minimum:
    sys.exit(
        "strava-nb needs Python 3.11 or newer, and this is Python {}.{}.\n"
        "Get a newer one from https://www.python.org/downloads/ and run start.py with that.".format(
            *sys.version_info
        )
    )

import errno
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

FORMAT = 1  # of .venv as this program makes it: a higher number makes everyone's anew
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = VENV / "install.log"
STAMP = VENV / "strava-nb.json"  # what was installed; written last
UNFINISHED = VENV / "unfinished"  # there from the first step of a new .venv until the last
LAB_SETTINGS = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}  # nor ask about news
NOTEBOOK = "notebooks/00_start_here.ipynb"
PAGE = "notebooks/app.ipynb"
SHARE = ROOT / "share" / "jupyter"  # Voila's template
EXTRAS = ("", "lab", "test", "dev")  # each holds the one before it
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")

NO_NETWORK = (
    "connection broken by",
    "Failed to establish a new connection",
    "Max retries exceeded",
    "name resolution",
    "getaddrinfo failed",
    "Network is unreachable",
    "Could not fetch URL",
    "(from versions: none)",
    "Read timed out",
    "ProxyError",
)
DISK_FULL = ("No space left on device", "not enough space on the disk", "[Errno 28]", "Disk quota exceeded")

DEMO = """
import sys
import strava_nb as snb
sys.stdout.reconfigure(errors="replace")
activities = snb.get_activities(snb.open_demo(), progress=False)
path = snb.files.to_csv(activities, "DEMO_activities.csv")
print(f"{len(activities)} activities of the demo athlete are in {path.resolve()}")
"""

# Jupyter two seconds sooner: jsonschema would compile 39 grammars, for addresses that nobody checks.
JUPYTER = """
import runpy, sys
sys.modules["rfc3987_syntax"] = None
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


class Stop(Exception):
    """The end of it, in sentences for the person at the keyboard."""


def main(arguments: list[str]) -> int:
    """The exit code: that of the program that was started, 1 with a sentence, 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a folder's name may hold what a console cannot show
    commands = {
        "lab": lab,
        "app": app,
        "demo": demo,
        "test": test,
        "lint": lint,
        "format": format_,
        "bench": bench,
        "gallery": gallery,
        "columns": columns,
        "matrix": matrix,
        "clean": clean,
    }
    if arguments and arguments[0] in ("help", "--help", "-h"):
        print((__doc__ or "").strip())
        return 0
    if not arguments or arguments[0].startswith("-"):
        arguments = ["lab", *arguments]
    name, *rest = arguments
    if name not in commands:
        print(f"start.py knows no command {name!r}. It knows {', '.join(commands)}.", file=sys.stderr)
        return 2
    try:
        return commands[name](rest)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\n{disk_full() if error.errno == errno.ENOSPC else error}", file=sys.stderr)
        return 1


def lab(arguments: list[str]) -> int:
    """JupyterLab on the first notebook, until it is stopped."""
    install("lab")
    print("Starting JupyterLab. To stop it, press Ctrl-C here.", flush=True)
    options = [f"--ServerApp.root_dir={ROOT}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    if (ROOT / NOTEBOOK).exists():  # as the address, so that the printed one leads there as well
        options.append(f"--LabApp.default_url=/lab/tree/{NOTEBOOK}")
    return run("-c", JUPYTER, "jupyterlab", *options, *arguments)


def app(arguments: list[str]) -> int:
    """The page without code, until it is stopped; for this computer alone."""
    install("lab")
    print("Starting the page. To stop it, press Ctrl-C here.", flush=True)
    return run("-c", JUPYTER, "voila", PAGE, "--template=strava-nb", "--Voila.ip=127.0.0.1", *arguments)


def demo(arguments: list[str]) -> int:
    """The demo athlete's activities as a CSV in the folder where the person is."""
    nothing_more("demo", arguments)
    install("")
    return run("-P", "-c", DEMO, cwd=Path.cwd())


def test(arguments: list[str]) -> int:
    """The tests: all of them on several cores, or what is asked for."""
    install("test")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # thousands of asserts are compiled once, not each time
    quick = "--quick" in arguments
    chosen = [argument for argument in arguments if argument != "--quick"]
    options = ["-m", "not browser and not slow"] if quick else []
    # Neighbours stay together on one core, since they share what takes time to make.
    cores = [] if chosen else ["-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]
    return run("-m", "pytest", *cores, *options, *chosen)


def lint(arguments: list[str]) -> int:
    """Every check, also after one that found something."""
    nothing_more("lint", arguments)
    install("dev")
    checks = [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)]
    return max([run("-m", *check) for check in checks])


def format_(arguments: list[str]) -> int:
    """The code as ruff writes it, imports in order."""
    nothing_more("format", arguments)
    install("dev")
    return max(run("-m", "ruff", "check", "--select", "I", "--fix", "."), run("-m", "ruff", "format", "."))


def bench(arguments: list[str]) -> int:
    """What this project measures, beside what people would use instead."""
    install("dev")
    return run("-m", "bench", *arguments)


def gallery(arguments: list[str]) -> int:
    """The pictures of docs/gallery.md, made by its own code."""
    install("")
    return run("docs/draw_gallery.py", *arguments)


def columns(arguments: list[str]) -> int:
    """The page docs/columns.md, out of strava_nb/columns.py."""
    nothing_more("columns", arguments)
    install("")
    return run("docs/write_columns.py")


def matrix(arguments: list[str]) -> int:
    """The quick tests in environments of their own."""
    install("")
    return run("tests/matrix.py", *arguments)


def clean(arguments: list[str]) -> int:
    """Only what this program and its tools made: a person's notebooks and files stay."""
    nothing_more("clean", arguments)
    made = [VENV, ROOT / ".venv-matrix", *(ROOT / name for name in CACHES), ROOT / "__pycache__"]
    for name in ("strava_nb", "tests", "bench", "notebooks"):
        made += (ROOT / name).rglob("__pycache__")
    for folder in made:
        remove(folder)
    print("Removed .venv and the caches. Your notebooks and files are untouched.")
    return 0


def nothing_more(command: str, arguments: list[str]) -> None:
    if arguments:
        raise Stop(f"start.py {command} takes nothing more, so {arguments[0]!r} is not understood.")


def install(extra: str) -> None:
    """Sees to a .venv with at least this extra: does nothing where all is as it should be.

    Made anew: one that was moved or copied, broken off half-way, of another Python, or that does not
    run. Refreshed: one whose pyproject.toml or extra has changed, or that someone made by hand.
    """
    if not (ROOT / "pyproject.toml").exists():
        raise Stop(f"start.py belongs into the folder of strava-nb, unpacked; {ROOT} holds it alone.")
    stamp = read_stamp()
    made_here = {"format": FORMAT, "python": "{}.{}".format(*sys.version_info), "place": place(VENV)}
    if VENV.exists() and (UNFINISHED.exists() or (stamp and stamp != {**stamp, **made_here}) or not works()):
        print("The folder .venv is not usable as it is, so it is made anew.", flush=True)
        remove(VENV)
        stamp = {}
    extra = max(extra, str(stamp.get("extra", "")), key=EXTRAS.index)
    wanted = {**made_here, "extra": extra, "pyproject": digest(ROOT / "pyproject.toml")}
    if stamp == wanted:
        return
    STAMP.unlink(missing_ok=True)
    began = time.monotonic()
    what = f".[{extra}]" if extra else "."
    print(f"Installing into {VENV} (about a minute, longer on a slow line) ...", flush=True)
    if not VENV.exists():
        make_venv()
    # pip's own settings (PIP_*, pip.conf) hold, but for "user", which no .venv can follow.
    options = ("--no-user", "--disable-pip-version-check", "--editable", what)
    logged("pip could not install what strava-nb needs.", PYTHON, "-m", "pip", "install", *options)
    LAB_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    LAB_SETTINGS.write_text(json.dumps(QUIET), encoding="utf-8")
    STAMP.write_text(json.dumps(wanted, indent=2), encoding="utf-8")
    UNFINISHED.unlink(missing_ok=True)
    print(f"Installed in {time.monotonic() - began:.0f} seconds.", flush=True)


def make_venv() -> None:
    try:
        import ensurepip  # noqa: F401  (Debian leaves it out)
        import venv  # noqa: F401
    except ImportError:
        raise Stop(no_venv()) from None
    VENV.mkdir()
    UNFINISHED.touch()
    # The Python below an active environment: that one may be the very .venv that was just removed.
    python = getattr(sys, "_base_executable", None) or sys.executable
    logged("Python could not make the environment .venv.", python, "-m", "venv", VENV)


def no_venv() -> str:
    version = "{}.{}".format(*sys.version_info)
    return (
        f"This Python {version} cannot make environments: its modules venv and ensurepip are missing.\n"
        f"On Debian and Ubuntu: sudo apt install python3-venv (it may be called python{version}-venv).\n"
        "Then run this again."
    )


def logged(failure: str, *command: str | Path) -> None:
    """Runs a step of the installation with its words in the log; a sentence if it fails."""
    with LOG.open("a", encoding="utf-8") as log:
        start = log.seek(0, os.SEEK_END)
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode == 0:
        return
    with LOG.open(encoding="utf-8", errors="replace") as log:
        log.seek(start)
        words = log.read()
    if any(sign in words for sign in DISK_FULL) or min(free_space().values()) < 20:  # its words did not fit
        failure = disk_full()
    elif any(sign in words for sign in NO_NETWORK):
        failure = (
            "The packages could not be downloaded: the network, or the package index, is out of reach.\n"
            "Check the connection (behind a proxy, set HTTPS_PROXY) and run this again."
        )
    elif "ensurepip" in words:
        failure = no_venv()
    else:
        lines = words.strip().splitlines() or [f"(none; exit code {done.returncode})"]
        last = [line for line in lines if "Error: " in line or "ERROR: " in line] or lines
        failure += f" Its last words:\n  {last[-1].strip()}"
    raise Stop(f"{failure}\nAll that was said is in {LOG}")


def disk_full() -> str:
    free = " and ".join(f"{megabytes} MB in {folder}" for folder, megabytes in free_space().items())
    return f"The disk is full: free are {free}.\nAbout 1.5 GB is needed. Make room and run this again."


def free_space() -> dict[str, int]:
    """Megabytes where pip works: here, and where it unpacks."""
    return {folder: shutil.disk_usage(folder).free // 10**6 for folder in (str(ROOT), tempfile.gettempdir())}


def run(*arguments: str, cwd: Path = ROOT) -> int:
    """The exit code of .venv's Python; Ctrl-C is for that one to answer (Jupyter asks back)."""
    with subprocess.Popen([str(PYTHON), *arguments], cwd=cwd, env=environment()) as child:
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        before = signal.signal(signal.SIGINT, lambda *_: None)  # an exception here could lose the code
        code = child.wait()
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code  # ended by a signal


def environment() -> dict[str, str]:
    """The person's environment without what would bring another Python's packages or kernels in."""
    env = dict(os.environ, JUPYTER_PREFER_ENV_PATH="1", JUPYTER_PATH=str(SHARE))
    for name in ("PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__"):
        env.pop(name, None)
    if os.name == "nt":
        env["PYTHONPATH"] = str(ROOT)  # .pth files, thus editable installs, fail on umlauts before 3.13
    return env


def works() -> bool:
    """Whether .venv is an environment whose Python is new enough, runs, and has pip."""
    code = "import sys, pip; sys.exit(sys.prefix == sys.base_prefix or sys.version_info < (3, 11))"
    try:
        done = subprocess.run([str(PYTHON), "-I", "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def read_stamp() -> dict[str, object]:
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise Stop(
            f"{folder} could not be removed ({error.strerror or error}).\n"
            "Close JupyterLab and whatever else uses it, and run this again."
        ) from None


def place(path: Path) -> str:
    return os.path.normcase(path.resolve())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
