"""Which activities went the same way: direction, start and noise do not matter, other ways do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from strava_nb import metrics, tables
from strava_nb.errors import BadInput
from strava_nb.simulator.polyline import encode

Points = NDArray[np.float64]
HOME = 48.46, 8.41
_TURN = np.linspace(0, 2 * np.pi, 81)
LOOP = np.stack([1300 * np.cos(_TURN), 1600 * np.sin(_TURN) + 300 * np.sin(3 * _TURN)], axis=1)
"""A way of about 9 km round home, in metres north and east."""

EAST = np.array([0, 1])


def shaken(way: Points, metres: float, seed: int = 1) -> Points:
    return way + np.random.default_rng(seed).normal(0, metres, way.shape)


def started_at(way: Points, corner: int) -> Points:
    return np.roll(way[:-1], -corner, axis=0)[[*range(len(way) - 1), 0]]


def degrees(way: Points, home: tuple[float, float] = HOME) -> Points:
    scale = 111_195 * np.array([1, np.cos(np.radians(home[0]))])
    lat, lng = (np.array(home) + way / scale).T
    return np.stack([lat, (lng + 180) % 360 - 180], axis=1)


def activity(
    number: int, way: Points | None, home: tuple[float, float] = HOME, **more: Any
) -> dict[str, Any]:
    month, day = divmod(number - 1, 28)
    when = f"2026-{1 + month:02}-{1 + day:02}T08:00:00Z"
    record = {
        "id": number,
        "name": f"No {number}",
        "sport_type": "Run",
        "start_date": when,
        "start_date_local": when,
    }
    if way is not None:
        record["map"] = {"summary_polyline": encode(*degrees(way, home).T)}
        record["distance"] = float(np.hypot(*np.diff(way, axis=0).T).sum())
    return record | more


def routes(*records: dict[str, Any], **options: Any) -> list[Any]:
    found = metrics.same_routes(tables.activities(list(records)), **options).set_index("id").sort_index()
    return [None if pd.isna(one) else int(one) for one in found["route"]]


def test_googles_own_example() -> None:
    (points,) = metrics.decode_polylines(["_p~iF~ps|U_ulLnnqC_mqNvxq`@"])
    assert points.tolist() == [[38.5, -120.2], [40.7, -120.95], [43.252, -126.453]]


@given(
    st.lists(st.lists(st.tuples(st.integers(-9_000_000, 9_000_000), st.integers(-18_000_000, 18_000_000))))
)
@settings(max_examples=30)
def test_what_was_encoded_is_decoded(courses: list[list[tuple[int, int]]]) -> None:
    arrays = [np.array(one, float).reshape(-1, 2) / 1e5 for one in courses]
    found = metrics.decode_polylines([encode(*one.T) if len(one) else "" for one in arrays])
    assert [one.tolist() for one in found] == [one.tolist() for one in arrays]


@pytest.mark.parametrize(
    "text", [None, pd.NA, "", "_", "_p~iF", "_p~iF~ps|U_", "not a course é", "~" * 40 + "??", "_gsia@??"]
)
def test_what_is_no_polyline_is_no_course_and_spoils_no_other(text: Any) -> None:
    wrong, right = metrics.decode_polylines([text, "_p~iF~ps|U"])
    assert wrong.shape == (0, 2)
    assert right.tolist() == [[38.5, -120.2]]


def test_the_same_loop_from_elsewhere_the_other_way_round_and_with_noise_is_one_route() -> None:
    assert (
        routes(
            activity(1, LOOP),
            activity(2, LOOP[::-1]),
            activity(3, started_at(LOOP, 37)),
            activity(4, shaken(LOOP, 15)),
            activity(5, shaken(started_at(LOOP[::-1], 11), 10)[2:-2]),
        )
        == [1] * 5
    )


@pytest.mark.parametrize(
    "other",
    [
        LOOP + EAST * 700,  # next valley
        LOOP * 1.2,  # the larger round
        np.concatenate([LOOP, LOOP[1:]]),  # twice
        LOOP[: len(LOOP) // 2],  # half of it
        np.where(LOOP[:, :1] > 600, LOOP * [0.4, 1], LOOP),  # with another north
    ],
)
def test_another_way_is_another_route(other: Points) -> None:
    assert len(set(routes(activity(1, LOOP), activity(2, other)))) == 2


def test_the_tolerance_is_what_is_given() -> None:
    beside = LOOP + EAST[::-1] * 60
    assert routes(activity(1, LOOP), activity(2, beside)) == [1, 1]
    assert routes(activity(1, LOOP), activity(2, beside), tolerance=20) == [1, 2]
    found = metrics.same_routes(tables.activities([activity(1, LOOP)]), tolerance=20)
    assert found.attrs == {"tolerance": 20.0, "computed": 1.0}
    with pytest.raises(BadInput, match="no tolerance"):
        metrics.same_routes(tables.activities([activity(1, LOOP)]), tolerance=0)


def test_a_ride_and_a_run_on_one_way_are_two_routes() -> None:
    assert routes(activity(1, LOOP), activity(2, LOOP, sport_type="Ride"), activity(3, LOOP)) == [1, 2, 1]


def test_what_has_no_course_or_goes_nowhere_has_no_route() -> None:
    still = np.zeros((5, 2))
    assert routes(activity(1, None), activity(2, still), activity(3, LOOP / 40), activity(4, LOOP)) == [
        None,
        None,
        None,
        1,
    ]


def test_the_order_of_the_rows_changes_nothing() -> None:
    chance = np.random.default_rng(0)
    ways = [LOOP * one for one in (0.5, 0.65, 0.85, 1.1)]
    rows = tables.activities([activity(n, shaken(ways[n % 4 and n % 3], 8, n)) for n in range(1, 25)])
    found = metrics.same_routes(rows)
    again = metrics.same_routes(rows.iloc[chance.permutation(len(rows))])
    assert found["times"].max() > 5
    assert again.set_index("id")["route"].to_dict() == found.set_index("id")["route"].to_dict()


def test_route_1_is_the_one_gone_most_often() -> None:
    found = metrics.same_routes(
        tables.activities([activity(1, LOOP * 0.7), activity(2, LOOP), activity(3, LOOP), activity(4, None)])
    ).set_index("id")
    assert found["route"].dropna().to_dict() == {3: 1, 2: 1, 1: 2}
    assert found["times"].dropna().to_dict() == {3: 2, 2: 2, 1: 1}
    assert found.attrs["computed"] == 0.75


@pytest.mark.parametrize("home", [(0.0, 179.999), (-45.0, -180.0), (69.6, 18.9)])
def test_a_way_is_a_way_at_the_date_line_and_in_the_north(home: tuple[float, float]) -> None:
    ways = LOOP, shaken(started_at(LOOP[::-1], 30), 10), LOOP + EAST * 900
    assert routes(*(activity(n, way, home) for n, way in enumerate(ways, 1))) == [1, 1, 2]


def test_the_usual_loop_and_what_became_of_it() -> None:
    runs = [
        activity(
            n,
            shaken(LOOP, 8, n),
            moving_time=3000 - n,
            average_speed=9000 / (3000 - n),
            average_heartrate=150.0,
        )
        for n in range(1, 60, 4)
    ]
    found = metrics.route_trend(tables.activities([*runs, activity(70, LOOP * 0.6)]))
    assert found["id"].tolist() == list(range(1, 60, 4))
    assert found["efficiency"][0] == pytest.approx(60 * 9000 / 2999 / 150)
    assert found.attrs["times"] == 15
    assert found.attrs["trend"]["moving_time"] == pytest.approx(
        -365.25, rel=0.12
    )  # a second a day, months of 28
    assert found.attrs["trend"]["efficiency"] > 0


def test_the_trend_of_another_way_is_asked_for_by_an_activity_on_it() -> None:
    table = tables.activities(
        [
            *(activity(n, LOOP) for n in (1, 2, 3)),
            *(activity(n, LOOP * 0.6) for n in (4, 5)),
            activity(6, None),
        ]
    )
    assert metrics.route_trend(table, like=5)["id"].tolist() == [4, 5]
    assert metrics.route_trend(table, like=5).attrs["trend"] == {"moving_time": None, "efficiency": None}
    assert metrics.route_trend(table[table["id"] > 4]).empty
    for unknown in (6, 99):
        with pytest.raises(BadInput, match=f"Activity {unknown} has no course"):
            metrics.route_trend(table, like=unknown)
