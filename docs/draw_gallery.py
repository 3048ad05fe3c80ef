"""Draws docs/gallery.md's pictures by running its code, so that the page cannot tell of what does not work.

A block of code with a picture below it is that picture; the others are run for what follows. The page
has a heading for each function of plots: one that is missing ends this with a sentence. The same code
gives the same files.
"""

from __future__ import annotations

import ast
import inspect
import io
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")

from matplotlib.figure import Figure
from PIL import Image

from strava_nb import plots

PAGE = Path(__file__).with_name("gallery.md")
WIDTH, HEIGHT, BYTES = 780, 820, 60_000  # at most
COLOURS = (256, 160, 96, 64)  # the most that keep a file small
BLOCK = re.compile(r"```python\n(.*?)```(?:\n\n!\[[^\]]*\]\((gallery/\w+\.png)\))?", re.DOTALL)


def main(only: list[str]) -> int:
    """Draw all pictures, or those whose names are given; the exit code."""
    text = PAGE.read_text("utf-8")
    warnings.simplefilter("error")
    names: dict[str, Any] = {}
    for code, picture in BLOCK.findall(text):
        drawn = run(code, names)
        if picture and (not only or Path(picture).stem in only):
            path = PAGE.parent / picture
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(small(drawn if isinstance(drawn, Figure) else drawn.get_figure()))
            print(f"{path.stat().st_size / 1000:6.1f} kB  {picture}")
    if missing := untold(text):
        print(f"docs/gallery.md has no heading for {', '.join(missing)}.", file=sys.stderr)
    return 1 if missing else 0


def untold(text: str) -> list[str]:
    """The functions of plots that the page does not tell of."""
    told = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    functions = [name for name in plots.__all__ if inspect.isfunction(getattr(plots, name))]
    return [name for name in functions if name not in told]


def run(code: str, names: dict[str, Any]) -> Any:
    """What the last expression of a block gives, or None."""
    tree = ast.parse(code)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        exec(compile(tree, str(PAGE), "exec"), names)  # noqa: S102  (this project's own page)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), str(PAGE), "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), str(PAGE), "eval"), names)  # noqa: S307


def small(figure: Figure) -> bytes:
    """The figure as a PNG of few colours, fewer where it would be large."""
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=min(90, WIDTH / figure.get_figwidth(), HEIGHT / figure.get_figheight()))
    mpl.pyplot.close(figure)
    with Image.open(drawn) as image:
        plain = image.convert("RGB")
    for colours in COLOURS:
        saved = io.BytesIO()
        plain.quantize(colours, dither=Image.Dither.NONE).save(saved, "PNG", optimize=True)
        if saved.tell() <= BYTES:
            break
    return saved.getvalue()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
