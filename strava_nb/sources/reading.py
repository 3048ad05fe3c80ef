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


@dataclass(frozen=True)
class Reading:
    """A track as it was read: its streams packed, what they tell of the activity, and what was amiss.

    `summary` is a record, its `id` made of the file's content; it is empty for a file that holds no
    activity, and `problems` say why. `packed` is empty where there are no streams or none are wanted,
    and None where the file's bytes were not to be had, which may be otherwise the next time.
    """

    packed: bytes | None = None
    summary: Record = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @cached_property
    def payload(self) -> Payload | None:
        """The streams. Raises ValueError where their bytes are damaged."""
        return unpack(self.packed) if self.packed else None


NOT_HERE: Final = Reading()
"""What there is of a track whose file has not come yet."""


def read(data: bytes, name: str) -> Reading:
    """The reading of a file's bytes, whatever they are."""
    try:
        track = read_samples(data, name)
    except BadTrack as error:
        return Reading(b"", problems=[error.what])
    told = [f"{name}: {problem}." for problem in track.problems]
    return Reading(pack(track.payload), {"id": stable_id(data)} | summary(track), told)
