"""The house's colours, apart from the style: what is no picture of matplotlib's uses them too."""

from __future__ import annotations

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

ONE_OF_FEW: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#3d3d3d", "#56b4e9", "#a07800")
"""Colours of things of one kind beside one another, after Okabe and Ito: for every colour vision."""

INK: Final = "#222831"
GREY: Final = "#5b636b"
