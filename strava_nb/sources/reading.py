"""What came of reading one track file, on its way from the reader to the table, the store and the map.

Without pandas, since the processes that read tracks are to start fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ..errors import BadTrack
from .identity import stable_id
from .source import Payload, Record
from .track_packing import pack, unpack
from .track_summary import summary
from .trackfiles import read_samples
from .tracks.laps import Laps


@dataclass(frozen=True)
class Reading:
    """A track as it was read: its streams packed, what they tell of the activity, and what was amiss.

    `summary` is a record, its `id` made of the file's content; it is empty for a file that holds no
    activity, and `problems` say why. `packed` is empty where there are no streams or none are wanted,
    and None where the file's bytes were not to be had, which may be otherwise the next time. `laps` are
    None where nobody looked for any.
    """

    packed: bytes | None = None
    summary: Record = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    laps: Laps | None = None

    @cached_property
    def payload(self) -> Payload | None:
        """The streams. Raises ValueError where their bytes are damaged."""
        return unpack(self.packed) if self.packed else None


NOT_HERE: Final = Reading()
"""What there is of a track whose file has not come yet."""


def read(data: bytes, name: str, *, laps: bool = False) -> Reading:
    """The reading of a file's bytes, whatever they are; with `laps` surely with those."""
    try:
        track = read_samples(data, name, laps=laps)
    except BadTrack as error:
        return Reading(b"", problems=[error.what], laps=Laps() if laps else None)
    told = _named(track.problems, name)
    found = None if track.laps is None else Laps(track.laps.rows, _named(track.laps.problems, name))
    if not len(track):
        return Reading(
            b"", problems=[f"{name} has laps, but not a single recorded sample.", *told], laps=found
        )
    return Reading(pack(track.payload), {"id": stable_id(data)} | summary(track), told, found)


def _named(problems: list[str], name: str) -> list[str]:
    return [f"{name}: {problem}." for problem in problems]
