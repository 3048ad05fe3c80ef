"""All benches, or some: python -m bench [export] [tracks] [pull] [metrics] [plots] [--write]."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # where the writers of FIT files and of large zips live

from .machine import described  # noqa: E402
from .report import write  # noqa: E402
from .scale import PUBLISHED, TINY, Scale  # noqa: E402
from .table import Table  # noqa: E402

NAMES = ("export", "tracks", "pull", "metrics", "plots")
REPORT = ROOT / "docs" / "performance.md"


def main() -> int:
    """Run what is asked for, print its tables, and write them down if that is asked for too."""
    parser = _parser()
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"there is no bench {min(unknown)!r}, only {', '.join(NAMES)}")
    scale = TINY if asked.tiny else PUBLISHED
    print(described())
    done: dict[str, list[Table]] = {}
    for name in asked.names or NAMES:
        done[name] = []
        for table in tables(name, scale, asked.folder):
            print(f"\n{table.text()}", flush=True)
            done[name].append(table)
    if asked.write:
        write(REPORT, done, described())
        print(f"\nWritten into {REPORT}")
    return 0


def tables(name: str, scale: Scale, folder: Path | None) -> Iterator[Table]:
    """One bench's tables, as they come."""
    bench = import_module(f".{name}", __package__)  # It loads what it compares with.
    found: Iterator[Table] = bench.run(scale, folder) if name == "tracks" else bench.run(scale)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="start.py bench", description="What this project measures.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--write", action="store_true", help=f"put the tables into docs/{REPORT.name}")
    parser.add_argument("--folder", type=Path, help="real tracks, for the bench of that name")
    parser.add_argument("--tiny", action="store_true", help="tiny numbers, to see that all runs")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
