"""A page that carries everything it needs: its frame, its style, how it shows itself and is kept.

No script is in it, and its own policy forbids to fetch anything, so that even a name that slipped
through unescaped could do nothing.
"""

from __future__ import annotations

import html
import os
from importlib.resources import files
from pathlib import Path
from string import Template

from ..files.atomic import write
from ..settings import DEMO_MARK
from .amounts import Amount

_HEIGHT = 760

_THEMES = "".join(
    f'body:is([data-jp-theme-light="{lab}"],.vscode-{theme}) .snb-page{{color-scheme:{theme}}}'
    for lab, theme in (("true", "light"), ("false", "dark"))
)
"""A page inside another one takes its frame's scheme for the system's: that of Lab's or VS Code's theme."""

_FRAME = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>$title</title>
<style>
$style</style>
</head>
<body>
$body
</body>
</html>
""")

FOOT = "Made with strava-nb, compatible with Strava; neither made nor endorsed by it."


def page_of(title: str, body: str, *styles: str) -> str:
    """A whole page: a title, which is escaped here, a body that is HTML, styles that lie beside this file."""
    here = files(__package__)
    style = "".join(here.joinpath(f"{name}.css").read_text("utf-8") for name in ("sheet", *styles))
    return _FRAME.substitute(title=escaped(title), style=style, body=body)


def escaped(text: object) -> str:
    """A text as HTML, on one line."""
    return html.escape(" ".join(str(text).split()))


def demo_mark(*, demo: bool) -> str:
    """The mark of the demo athlete's pages, or nothing."""
    return f'<span class="demo">{DEMO_MARK}</span>' if demo else ""


def big(amount: Amount, word: str = "") -> str:
    """A large number with its unit."""
    unit = f"{amount.unit} {word}".strip()
    return f'<p class="big">{amount.number} <small>{unit}</small></p>'


def framed(page: str, title: str) -> str:
    """The page inside another one, whose styles and scripts do not reach it, nor its own out of it.

    Light or dark as the notebook is.
    """
    return (
        f"<style>{_THEMES}</style>"
        f'<iframe class="snb-page" srcdoc="{html.escape(page)}" sandbox="" title="{escaped(title)}" '
        f'style="width:100%;height:{_HEIGHT}px;border:0;border-radius:12px"></iframe>'
    )


def saved(page: str, path: str | os.PathLike[str], *, name: str) -> Path:
    """Where the page was written to, whole or not at all; a folder gets it under `name`."""
    return write(page.encode(), path, name=name)
