"""How large the benches are: as they are published, or tiny, to see that they run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """The sizes of all benches."""

    times: int = 3
    """How often each thing is done; its median counts."""
    rows: int = 10_000
    """Rows of activities.csv."""
    hole: int = 2 * 2**30
    """Bytes of private files in the large export."""
    samples: int = 20_000
    """Samples of each track."""
    listings: tuple[int, ...] = (200, 2_000, 10_000)
    """Activities of the athletes whose listings are pulled."""
    streams: int = 100
    latency: float = 0.15
    """Seconds that each answer of the simulated Strava takes."""
    probes: int = 400
    """Answers asked for to see what the simulator itself needs."""
    activities: int = 5_000
    """Rows of the table that is counted and summed up."""
    tracks: int = 1_000
    """Streams that metrics go through."""


PUBLISHED = Scale()
TINY = Scale(
    times=1, rows=40, hole=2**20, samples=60, listings=(30,), streams=2, latency=0.0, probes=8, activities=30,
    tracks=2,
)  # fmt: skip
