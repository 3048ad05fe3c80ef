"""The house's colours, apart from the style: what is no picture of matplotlib's uses them too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SPORT_COLOURS: Final = {
    "Ride": "#103da8",
    "Run": "#f0811a",
    "Walk": "#178648",
    "Swim": "#65c3e2",
    "Snow": "#8c89f2",
    "Water": "#1e0c43",
    "Gym": "#9e4481",
    "Other": "#c1b4a5",
}
"""The colour of each sport group. Far apart for every kind of colour vision (a test simulates three)."""

ALL_SPORTS: Final = "#3a94ad"
"""For what is of several sport groups at once."""

ONE_OF_FEW: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#3d3d3d", "#56b4e9", "#a07800")
"""Colours of things of one kind beside one another, after Okabe and Ito: for every colour vision."""

INK: Final = "#222831"
GREY: Final = "#5b636b"


def colour_of(groups: Iterable[str]) -> str:
    """The colour of the sport group, where all are of one, else that for several."""
    there = list(set(groups))
    return SPORT_COLOURS.get(there[0], ALL_SPORTS) if len(there) == 1 else ALL_SPORTS
