"""Her bikes and shoes, which wear out and are replaced on fixed days; a file of its own for its names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from strava_nb.simulator.activity import Gear


@dataclass(frozen=True, slots=True)
class _Kind:
    """A place in the cellar: replaced every `days`, with `opening` metres before her first activity."""

    number: int
    days: int
    names: tuple[str, ...]
    brand: str
    models: tuple[str, ...]
    frame: int | None
    opening: float = 0.0


_ROAD = ("Rosinante", "Zora", "The fast one")
_PAIRS = ("Blue ones", "Orange ones", "Blue ones again", "White, for a week")
_KINDS = {
    "road": _Kind(1, 1_310, _ROAD, "Fernweh", ("Asphalt 5", "Asphalt SL"), 3, 640_000),
    "gravel": _Kind(2, 2_400, ("Mud Guard", "Dusty"), "Fernweh", ("Schotter 2",), 5, 310_000),
    "mtb": _Kind(3, 3_100, ("Trampeltier",), "Waldgeist", ("Hardtail 29",), 1, 880_000),
    "city": _Kind(4, 3_600, ("Old Faithful",), "Stadtrad", ("8-Gang",), 2, 4_120_000),
    "shoes": _Kind(5, 236, _PAIRS, "Läufer", ("Tempo 11", "Tempo 12"), None),
    "trail": _Kind(6, 420, ("Mud shoes", "Grippy"), "Läufer", ("Wurzel 3",), None, 21_000),
    "boots": _Kind(7, 2_000, ("Boots",), "Almweg", ("Grat GTX",), None, 96_000),
}


def used(kind: str | None, day: date) -> str | None:
    """The id of what she uses for that on that day."""
    if kind not in _KINDS:
        return None
    it = _KINDS[kind]
    return _id(it, day.toordinal() // it.days)


def _id(it: _Kind, turn: int) -> str:
    return f"{'b' if it.frame else 'g'}{it.number}{turn:06d}"


def owned(metres: dict[str, float], today: date) -> list[Gear]:
    """All that she has used (`metres` of her activities, by id) or uses now, bikes first, newest first."""
    gear = []
    for kind, it in _KINDS.items():
        now = today.toordinal() // it.days
        for turn in (now, *(turn for turn in range(now - 1, -1, -1) if _id(it, turn) in metres)):
            name = _id(it, turn)
            gear.append(
                Gear(
                    id=name,
                    name=it.names[turn % len(it.names)],
                    brand_name=it.brand,
                    model_name=it.models[turn % len(it.models)],
                    frame_type=it.frame,
                    description="",
                    distance=round(metres.get(name, 0.0) + it.opening, 1),
                    primary=turn == now and kind in ("road", "shoes"),
                    retired=turn < now,
                )
            )
    return gear
