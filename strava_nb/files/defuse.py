"""Text that a spreadsheet would run as a formula, made harmless.

Names of activities are other people's words, and opening a CSV is enough to run them (OWASP, "CSV
injection"). Only files meant for spreadsheets are treated so; the others stay exact.
"""

from __future__ import annotations

import re

_SIGN = "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
"""What formulas begin with, also in the widths of East Asian keyboards."""

_BLANK = "\\s\\x00-\\x1f\u200b-\u200f\u2060\ufeff"

_FORMULA = re.compile(f"[\\t\\r\\n]|[{_BLANK}]*+{_SIGN}")

_TO_MARK = re.compile(
    f"\\A(?:{_FORMULA.pattern}"
    # more digits than a spreadsheet keeps
    "|\\s*\\d{16,}\\s*\\Z)"
    # Opened with another separator than it was written with, a text falls apart into cells. Here
    # only what can do harm, a call or a command, so that a ";-)" stays a smile.
    f'|(?<=[,;\\t\\r\\n])(?:(?![\\t\\r\\n])[{_BLANK}"])*+{_SIGN}(?=[^,;\\t\\r\\n]*[(|!])'
)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula."""
    return _FORMULA.match(text) is not None


def defused(text: str) -> str:
    """The text with an apostrophe where a spreadsheet would begin to calculate (or round)."""
    return _TO_MARK.sub(lambda found: "'" + found[0], text)
