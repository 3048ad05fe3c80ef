"""The course of an activity, and its way up and down: they draw what was recorded."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from recorded import (
    activities_of,
    course,
    drawn_texts,
    of_gid,
    streams_of,
    texts,
)

from strava_nb import plots
from strava_nb.errors import BadInput
from strava_nb.plots.climb_finding import climbs

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def test_the_route_is_the_way_in_true_proportions() -> None:
    ax = plots.route(streams_of())
    segments = np.array(course(ax).get_segments())
    assert segments[0, 0].tolist() == pytest.approx([8.0, 47.0])
    assert segments[-1, 1].tolist() == pytest.approx([8 + 3000 / 107_245, 47 + 3000 / 157_253])
    assert ax.get_aspect() == pytest.approx(1 / np.cos(np.radians(47.01)), rel=1e-4)
    assert ax.get_ylim()[0] < ax.get_ylim()[1]
    assert ax.get_xlim()[0] < ax.get_xlim()[1]
    assert of_gid(ax, "north")
    assert of_gid(ax, "scale")


def test_start_and_end_are_marked() -> None:
    ax = plots.route(streams_of())
    marks = {line.get_label(): line.get_xydata()[0].tolist() for line in ax.lines}
    assert marks["Start"] == pytest.approx([8.0, 47.0])
    assert marks["End"] == pytest.approx([8 + 3000 / 107_245, 47 + 3000 / 157_253])


@pytest.mark.parametrize(
    ("by", "value", "unit"),
    [
        ("speed", 18.0, "Speed, km/h"),
        ("heartrate", 140.0, "Heart rate, bpm"),
        ("power", 200.0, "Power, W"),
        ("grade", 5.0, "Gradient, %"),
        ("altitude", 575.0, "Altitude, m"),
    ],
)
def test_the_route_is_coloured_by_what_was_recorded(by: Any, value: float, unit: str) -> None:
    ax = plots.route(streams_of(), by=by)
    assert np.mean(course(ax).get_array()) == pytest.approx(value, rel=0.01)
    assert unit in texts(ax)


def test_a_run_is_coloured_by_its_pace() -> None:
    ax = plots.route(streams_of(speed=4.0), activities=activities_of("A", sport="Run"))
    assert "Pace, min/km" in texts(ax)
    assert "4:00" in drawn_texts(ax)
    assert np.mean(course(ax).get_array()) == pytest.approx(4.0)


def test_without_that_stream_the_route_is_plain_and_says_so() -> None:
    ax = plots.route(streams_of(watts=None), by="power")
    assert course(ax).get_array() is None
    assert "There is no power in this activity." in texts(ax)


def test_another_word_for_the_colours_is_refused() -> None:
    with pytest.raises(BadInput, match="'mood'"):
        plots.route(streams_of(), by=cast(Any, "mood"))


def test_pauses_and_lost_positions_are_gaps_in_the_route() -> None:
    streams = streams_of()
    whole = len(course(plots.route(streams)).get_segments())
    streams.loc[300:, "time"] += 600
    assert len(course(plots.route(streams)).get_segments()) == whole - 1
    streams.loc[100:119, ["lat", "lng"]] = pd.NA
    assert len(course(plots.route(streams)).get_segments()) == whole - 1 - 21


def test_a_device_that_records_seldom_draws_a_line() -> None:
    streams = streams_of(samples=60)
    streams["time"] *= 60
    assert len(course(plots.route(streams)).get_segments()) == 59


def test_a_route_over_the_date_line_is_one_piece() -> None:
    east = (np.linspace(179.9, 180.1, 601) + 180) % 360 - 180
    ax = plots.route(streams_of(latlng=np.column_stack([np.full(601, -17.0), east])))
    assert np.ptp(ax.get_xlim()) < 1


def test_the_profile_is_the_altitude_over_the_distance() -> None:
    ax = plots.profile(streams_of())
    (line,) = of_gid(ax, "altitude")
    assert line.get_xydata()[0].tolist() == pytest.approx([0, 500])
    assert line.get_xydata()[-1].tolist() == pytest.approx([3.0, 650])
    imperial = plots.profile(streams_of(), units="imperial")
    (line,) = of_gid(imperial, "altitude")
    assert line.get_xydata()[-1].tolist() == pytest.approx([3000 / 1609.344, 650 / 0.3048])


def test_the_gradients_are_colours_with_a_legend() -> None:
    distance = np.arange(601) * 10.0
    altitude = 500 + np.cumsum(np.repeat([0.0, 0.2, 0.5, 0.85, 1.2, -0.5], [101, 100, 100, 100, 100, 100]))
    ax = plots.profile(streams_of(distance=distance, altitude=altitude))
    legend = ax.get_legend()
    assert legend
    assert [text.get_text() for text in legend.get_texts()] == [
        "down or level", "1–4 %", "4–7 %", "7–10 %", "10 % or more",
    ]  # fmt: skip
    (steepest,) = of_gid(ax, "steep-4")
    edges = np.concatenate([path.vertices[:, 0] for path in steepest.get_paths()])
    assert edges.min() == pytest.approx(4.0, abs=0.05)
    assert edges.max() == pytest.approx(5.0, abs=0.05)


def test_a_climb_is_named_by_length_gain_and_gradient() -> None:
    distance = np.arange(601) * 10.0
    altitude = np.interp(distance, [0, 2000, 4100, 6000], [500, 500, 643, 600])
    (said,) = of_gid(plots.profile(streams_of(distance=distance, altitude=altitude)), "climb-name")
    assert said.get_text() == "2.1 km · 143 m · 6.8 %"
    (said,) = of_gid(
        plots.profile(streams_of(distance=distance, altitude=altitude), units="imperial"), "climb-name"
    )
    assert said.get_text() == "1.3 mi · 469 ft · 6.8 %"


@pytest.mark.parametrize(
    ("way", "height", "found"),
    [
        ([0, 3000], [0, 0], []),
        ([0, 3000], [0, 60], []),  # 2 %
        ([0, 450], [0, 45], []),  # too short
        ([0, 1000], [0, 30], []),  # too low
        ([0, 1000], [0, 50], [(0, 1000)]),
        ([0, 1000, 1100, 2100], [0, 50, 42, 92], [(0, 2100)]),  # a dip of 8 m
        ([0, 1000, 1400, 2400], [0, 50, 20, 70], [(0, 1000), (1400, 2400)]),
        ([0, 1000, 4000, 5000], [0, 50, 50, 100], [(0, 1000), (4000, 5000)]),  # a long flat
        ([0, 10_000, 10_500, 15_000], [0, 800, 760, 1160], [(0, 15_000)]),  # a pass with a dip of 40 m
    ],
)
def test_climbs_of_known_ways(way: list[float], height: list[float], found: list[Any]) -> None:
    distance = np.arange(0, way[-1] + 1, 5.0)
    seen = climbs(distance, np.interp(distance, way, height))
    assert [(one.start, one.end) for one in seen] == [
        (pytest.approx(start, abs=60), pytest.approx(end, abs=60)) for start, end in found
    ]


def test_a_barometers_noise_is_no_climb() -> None:
    noise = np.random.default_rng(0).normal(0, 1.5, 5000)
    assert climbs(np.arange(5000) * 5.0, 500 + noise) == []


def test_of_many_climbs_the_highest_are_named_and_their_names_do_not_touch() -> None:
    distance = np.arange(0, 60_001, 20.0)
    altitude = 500 + 60 * (1 - np.cos(distance / 3000 * np.pi))
    ax = plots.profile(streams_of(samples=3001, distance=distance, altitude=altitude, latlng=None))
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in of_gid(ax, "climb-name")]
    assert len(boxes) == 8
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[:n])
    assert any("10 climbs, of which the 8 highest are named." in text for text in texts(ax))


def test_distance_comes_out_of_the_positions_where_it_is_missing() -> None:
    (line,) = of_gid(plots.profile(streams_of(distance=None)), "altitude")
    assert line.get_xdata()[-1] == pytest.approx(3.0, rel=0.01)
