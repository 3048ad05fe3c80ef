"""A bench's result, for the terminal and for docs/performance.md."""

from __future__ import annotations

from dataclasses import dataclass, field

ABSOLUTE = ("s", "ms", "samples/s")
"""Columns that only the terminal shows: they tell more of the machine than of the code."""


@dataclass
class Table:
    """Rows of words under their headings; the first column is a name, the others are numbers."""

    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """As the terminal shows it."""
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [
            "  ".join(
                word.rjust(width) if place else word.ljust(width)
                for place, (word, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in (self.columns, *self.rows)
        ]
        return "\n".join([self.title, *(f"  {line}" for line in lines), *self.notes])

    def markdown(self) -> str:
        """As the docs show it: ratios, without what changes from machine to machine."""
        kept = [place for place, name in enumerate(self.columns) if name not in ABSOLUTE]
        cells = [
            [row[place] for place in kept]
            for row in (self.columns, ["---", *["--:"] * (len(self.columns) - 1)], *self.rows)
        ]
        lines = [f"| {' | '.join(row)} |" for row in cells]
        return "\n\n".join([f"**{self.title}**", "\n".join(lines), *self.notes])


def times(seconds: float, base: float) -> str:
    """A ratio as the tables show it."""
    ratio = seconds / base if base else float("nan")
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}"
