"""Roads and paths on the land: nets with bends, hairpins where it is steep, and ways through them.

A file of its own between the land, which has no roads, and the routes, which have names and purposes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from strava_nb.simulator.terrain import Array, Land, Place, land

POINTS = 41
"""Points along one edge of a net."""


@dataclass(frozen=True)
class Style:
    """How a net is built: how far apart its junctions lie, its reach, its steepest grade, its twists; metres.

    `fear_of_climbs` are the metres of detour that a metre of climb is worth, `step` is how far apart the
    points of a route on it lie.
    """

    spacing: float
    reach: float
    steepest: float
    twist: float
    wavelength: float
    fear_of_climbs: float
    step: float


ROAD = Style(3_000, 36_000, 0.085, 22, 420, 14, 20)
TRACK = Style(1_500, 16_500, 0.12, 14, 230, 8, 14)
PATH = Style(620, 7_400, 0.16, 8, 110, 5, 10)
TRAIL = Style(850, 9_400, 0.2, 11, 120, 1, 10)
ALPINE_ROAD = Style(3_600, 26_000, 0.065, 22, 420, 14, 18)
HIGH_PATH = Style(1_100, 11_000, 0.22, 11, 130, 3, 10)
SMALL_ROAD = Style(1_100, 7_500, 0.09, 20, 380, 8, 14)


@dataclass(frozen=True, eq=False)
class Net:
    """Junctions and the edges between them; an edge gets its bends and heights at its first use."""

    ground: Land
    style: Style
    nodes: Array
    ends: npt.NDArray[np.int64]
    neighbours: list[list[tuple[int, float, int]]]
    drawn: dict[int, tuple[Array, Array]] = field(default_factory=dict, repr=False)

    def nearest(self, x: float, y: float) -> int:
        """The junction next to a point."""
        return int(np.argmin((self.nodes[:, 0] - x) ** 2 + (self.nodes[:, 1] - y) ** 2))

    def summit(self, bearing: float, reach: float) -> int:
        """The highest junction about `reach` metres away, roughly towards `bearing` (radians)."""
        away = np.hypot(self.nodes[:, 0], self.nodes[:, 1])
        aim = (self.nodes[:, 0] * np.sin(bearing) + self.nodes[:, 1] * np.cos(bearing)) / np.maximum(away, 1)
        there = (aim > 0.6) & (np.abs(away - reach) < 0.25 * reach)
        heights = self.ground.height(self.nodes[:, 0], self.nodes[:, 1])
        return int(np.argmax(np.where(there, heights, -np.inf)))

    def way(self, start: int, goal: int, used: set[int]) -> list[int]:
        """The edges of the easiest way; edges in `used` count five times, so that loops stay loops."""
        done: dict[int, tuple[int, int]] = {}
        heap: list[tuple[float, int, int, int]] = [(0.0, start, -1, -1)]
        while heap:
            cost, node, before, edge = heappop(heap)
            if node in done:
                continue
            done[node] = (before, edge)
            if node == goal:
                break
            for other, length, number in self.neighbours[node]:
                if other not in done:
                    heappush(heap, (cost + length * (5 if number in used else 1), other, node, number))
        edges = []
        while node != start:
            node, edge = done[node]
            edges.append(edge)
        return edges[::-1]

    def through(self, stations: Sequence[int]) -> tuple[Array, Array, list[int]]:
        """Points (n×2), heights and where junctions lie, of the way through junctions in order.

        Where the way runs into a dead end and back, that end is left out.
        """
        used: set[int] = set()
        edges: list[int] = []
        for start, goal in pairwise(stations):
            for edge in self.way(start, goal, used):
                if edges and edges[-1] == edge:
                    edges.pop()
                else:
                    edges.append(edge)
                used.add(edge)
        self._draw([edge for edge in edges if edge not in self.drawn])
        here = stations[0]
        points, heights = [], []
        for edge in edges:
            turn = 1 if self.ends[edge, 0] == here else -1
            here = int(self.ends[edge, 1 if turn == 1 else 0])
            shape, height = self.drawn[edge]
            points.append(shape[::turn][:-1])
            heights.append(height[::turn][:-1])
        points.append(self.nodes[here][None, :])
        heights.append(self.ground.height(*self.nodes[here][:, None]))
        return (
            np.concatenate(points),
            np.concatenate(heights),
            list(range(0, len(edges) * (POINTS - 1) + 1, POINTS - 1)),
        )

    def _draw(self, edges: list[int]) -> None:
        """Along the contour first, then hairpins where that is too steep."""
        if not edges:
            return
        ground, style, ends = self.ground, self.style, self.ends[edges]
        chance = np.random.default_rng(ground.place.seed).normal(size=(len(self.ends), 3))[edges]
        a, chord = (
            self.nodes[ends[:, 0]][:, None, :],
            (self.nodes[ends[:, 1]] - self.nodes[ends[:, 0]])[:, None, :],
        )
        t = np.linspace(0, 1, POINTS)[None, :]
        length = np.hypot(chord[..., 0], chord[..., 1])
        across = np.stack([-chord[..., 1], chord[..., 0]], axis=-1) / length[..., None]
        hold = np.sin(np.pi * t)
        aside = length * (0.06 * hold * chance[:, :1] + 0.05 * np.sin(2 * np.pi * t) * chance[:, 1:2])
        for _ in range(3):  # towards the height that an even climb would have here
            at = a + chord * t[..., None] + across * aside[..., None]
            height = ground.height(at[..., 0], at[..., 1])
            off = height - (height[:, :1] + (height[:, -1:] - height[:, :1]) * t)
            near = at + 60 * across
            tilt = (ground.height(near[..., 0], near[..., 1]) - height) / 60
            aside = np.clip(
                aside - 0.5 * off * tilt / (tilt**2 + 0.006) * hold, -0.3 * length * hold, 0.3 * length * hold
            )
            aside = _soft(aside, 3)
        at = a + chord * t[..., None] + across * aside[..., None]
        height = _soft(ground.height(at[..., 0], at[..., 1]), 5)
        run = np.hypot(*np.moveaxis(np.diff(at, axis=1), -1, 0))
        longer = np.clip(np.abs(np.diff(height, axis=1)) / run / style.steepest, 1, 3.2)
        longer = _soft(np.concatenate([longer[:, :1], longer], axis=1), 3)
        # A sine of amplitude a and wavelength w is about √(1 + 2(πa/w)²) times as long as its axis.
        turns = np.maximum(np.round(length / 420), 2)
        wide = np.sqrt((longer**2 - 1) / 2) * (length / turns) / np.pi * np.minimum(1, 3 * hold)
        at = at + across * (wide * np.sin(2 * np.pi * turns * t + 6 * chance[:, 2:]))[..., None]
        self.drawn.update(zip(edges, zip(at, height, strict=True), strict=True))


@cache
def net(place: Place, style: Style) -> Net:
    """The net of one style in one place, built once; its middle junction is the spot itself."""
    ground = land(place)
    rng = np.random.default_rng(place.seed * 1_000 + int(style.spacing))
    side = 2 * int(style.reach / style.spacing) + 1
    step = (np.arange(side) - side // 2) * style.spacing
    nodes = np.stack(np.meshgrid(step, step), axis=-1).reshape(-1, 2)
    nodes = nodes + rng.uniform(-0.36, 0.36, nodes.shape) * style.spacing
    for _ in range(3):  # villages lie low
        nodes -= np.clip(_slope(ground, nodes) * style.spacing * 0.5, -1, 1) * style.spacing * 0.06
    nodes[len(nodes) // 2] = 0.0
    ends = _pairs(side, rng)
    chord = nodes[ends[:, 1]] - nodes[ends[:, 0]]
    along = nodes[ends[:, 0]][:, None, :] + chord[:, None, :] * np.linspace(0, 1, 7)[None, :, None]
    climbs = np.abs(np.diff(ground.height(along[..., 0], along[..., 1]), axis=1)).sum(axis=1)
    lengths = np.hypot(chord[:, 0], chord[:, 1])
    costs = lengths + style.fear_of_climbs * climbs
    # A thinner net is a truer one: the costliest edges go where their ends keep three others.
    degree = np.bincount(ends.ravel(), minlength=len(nodes)).tolist()
    kept = np.ones(len(ends), dtype=bool)
    for edge in np.argsort(-costs / lengths)[: len(ends) // 3].tolist():
        one, two = ends[edge].tolist()
        if degree[one] > 3 and degree[two] > 3:
            kept[edge] = False
            degree[one] -= 1
            degree[two] -= 1
    ends, costs = ends[kept], costs[kept]
    neighbours: list[list[tuple[int, float, int]]] = [[] for _ in nodes]
    for number, ((one, two), cost) in enumerate(zip(ends.tolist(), costs.tolist(), strict=True)):
        neighbours[one].append((two, cost, number))
        neighbours[two].append((one, cost, number))
    return Net(ground, style, nodes, ends, neighbours)


def _soft(values: Array, times: int) -> Array:
    """Smoothed along the second axis, ends kept."""
    for _ in range(times):
        values[:, 1:-1] = (values[:, :-2] + 2 * values[:, 1:-1] + values[:, 2:]) / 4
    return values


def _slope(ground: Land, at: Array) -> Array:
    x, y, d = at[..., 0], at[..., 1], 60.0
    east = (ground.height(x + d, y) - ground.height(x - d, y)) / (2 * d)
    north = (ground.height(x, y + d) - ground.height(x, y - d)) / (2 * d)
    return np.stack([east, north], axis=-1)


def _pairs(side: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Neighbours on the jittered grid and, in some cells, one of the two diagonals."""
    number = np.arange(side * side).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    along = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    lot = rng.random((side - 1, side - 1))
    one = np.stack([number[:-1, :-1][lot < 0.3], number[1:, 1:][lot < 0.3]], axis=1)
    two = np.stack([number[:-1, 1:][lot > 0.7], number[1:, :-1][lot > 0.7]], axis=1)
    return np.concatenate([across, along, one, two])


@cache
def _waves(seed: int) -> Array:
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, (2, 3))
    scale = rng.uniform(0.7, 2.4, (2, 3))
    return np.stack([np.cos(angle) / scale, np.sin(angle) / scale, scale, rng.uniform(0, 6.28, (2, 3))])


def twisted(points: Array, style: Style, seed: int) -> Array:
    """Points moved by a smooth field of the land, so that a piece of road twists alike in every route."""
    kx, ky, scale, phase = _waves(seed)
    x, y = points[:, 0, None], points[:, 1, None]
    turn = 2 * np.pi / style.wavelength
    moved = [
        (np.sin(turn * (x * kx[i] + y * ky[i]) + phase[i]) * scale[i]).sum(axis=1) * style.twist * 0.6
        for i in range(2)
    ]
    twists: Array = points + np.stack(moved, axis=1)
    return twists
