"""Pictures of an activity's inside: they draw what was recorded. Looked at are artists, not pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from strava_nb import metrics, plots, tables
from strava_nb.columns import LAPS, SPLITS
from strava_nb.errors import BadInput, BadTable
from strava_nb.plots.climb_finding import climbs
from strava_nb.plots.recording import recording_of
from strava_nb.plots.signals import signals

mpl.use("agg")

EDGES = (115, 135, 150, 165)
HOSTILE = "$\\frac{1}{0}$ <script>alert('x')</script>\n\"quoted\" 🚴"


@pytest.fixture(autouse=True)
def no_figure_is_left() -> Iterator[None]:
    yield
    plt.close("all")


def streams_of(
    number: int | None = 1, source: str = "api", samples: int = 601, speed: float = 5.0, **more: Any
) -> pd.DataFrame:
    """A way north-east on an even slope of 5 %, a sample a second."""
    time = np.arange(samples, dtype=float)
    data: dict[str, Any] = {
        "time": time,
        "distance": time * speed,
        "latlng": np.column_stack([47 + time * speed / 157_253, 8 + time * speed / 107_245]),
        "altitude": 500 + time * speed * 0.05,
        "velocity_smooth": np.full(samples, speed),
        "heartrate": np.linspace(100, 180, samples) if samples else time,
        "watts": 200 + 50 * np.sin(time),
        "cadence": np.full(samples, 85.0),
        "temp": np.full(samples, 15.0),
    } | more
    payload = {name: {"data": values} for name, values in data.items() if values is not None}
    return tables.streams(payload, number, source=source)


def activities_of(*names: str, sport: str = "Ride", source: str = "api") -> pd.DataFrame:
    return tables.activities(
        [
            {
                "id": number,
                "name": name,
                "sport_type": sport,
                "start_date": f"2026-06-{30 - number:02}T08:00:00Z",
                "start_date_local": f"2026-06-{30 - number:02}T10:00:00Z",
            }
            for number, name in enumerate(names, start=1)
        ],
        source=source,
    )


def stretches_of(columns: Any, *activities: list[float], source: str = "api", **more: Any) -> pd.DataFrame:
    """Laps or splits with these average speeds, one list an activity, 1,000 m each."""
    rows = [
        {"activity_id": number, columns[1].name: place, "average_speed": speed, "distance": 1000.0}
        | {"moving_time": 1000 / speed if speed else 300.0, "source": source}
        | {name: values[place - 1] for name, values in more.items()}
        for number, speeds in enumerate(activities, start=1)
        for place, speed in enumerate(speeds, start=1)
    ]
    return pd.DataFrame(
        {
            column.name: pd.Series([row.get(column.name) for row in rows], dtype=column.dtype)
            for column in columns
        }
    )


def splits_of(*activities: list[float], **more: Any) -> pd.DataFrame:
    return stretches_of(SPLITS, *activities, **more)


def laps_of(*activities: list[float], **more: Any) -> pd.DataFrame:
    return stretches_of(LAPS, *activities, **more)


def texts(drawn: Any) -> list[str]:
    figure = drawn if isinstance(drawn, Figure) else drawn.figure
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def drawn_texts(drawn: Any) -> list[str]:
    """The same, with what stands beside the ticks: they are made when they are drawn."""
    (drawn if isinstance(drawn, Figure) else drawn.figure).canvas.draw()
    return texts(drawn)


def of_gid(drawn: Any, gid: str) -> list[Any]:
    return drawn.findobj(lambda artist: artist.get_gid() == gid)


def bars(ax: Axes) -> list[list[float]]:
    """The tops of the bars, a list a container."""
    return [[bar.get_y() + bar.get_height() for bar in one] for one in ax.containers]


OF_STREAMS = {
    "route": plots.route,
    "profile": plots.profile,
    "timeline": plots.timeline,
    "zones": lambda streams, **more: plots.zones(streams, edges=EDGES, **more),
}
every_plot = pytest.mark.parametrize("plot", OF_STREAMS.values(), ids=OF_STREAMS)


# What holds for all of them.


@every_plot
def test_nothing_is_shown_or_changed(plot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("shown"))
    streams, table = streams_of(), activities_of("A")
    before = streams.copy(), table.copy(), dict(mpl.rcParams)
    plot(streams, activities=table)
    pd.testing.assert_frame_equal(streams, before[0])
    pd.testing.assert_frame_equal(table, before[1])
    assert dict(mpl.rcParams) == before[2]


@pytest.mark.parametrize("plot", [OF_STREAMS["route"], OF_STREAMS["profile"], OF_STREAMS["zones"]])
def test_axes_that_are_given_are_drawn_on_and_returned(plot: Any) -> None:
    _, (left, right) = plt.subplots(1, 2)
    assert plot(streams_of(), ax=right) is right
    assert not left.has_data()


def test_a_figure_that_is_given_gets_the_panels_and_is_returned() -> None:
    figure = plt.figure()
    assert plots.timeline(streams_of(), figure=figure) is figure
    assert len(figure.axes) == 6


@every_plot
@pytest.mark.parametrize("source", ["demo", "api"])
def test_demo_rows_are_marked(plot: Any, source: str) -> None:
    drawn = plot(streams_of(source=source))
    assert ("DEMO" in texts(drawn)) == (source == "demo")


@every_plot
def test_a_name_is_drawn_as_it_is(plot: Any) -> None:
    drawn = plot(streams_of(), activity=1, activities=activities_of(HOSTILE))
    (title,) = [text for text in texts(drawn) if "script" in text]
    assert title.startswith(r"\$\frac{1}{0}\$ <script>alert('x')</script>")
    assert title.count("\n") < 2  # that of the name is none; a title may take two lines
    (drawn if isinstance(drawn, Figure) else drawn.figure).savefig(io.BytesIO())


@every_plot
def test_the_title_is_name_and_local_day(plot: Any) -> None:
    drawn = plot(streams_of(), activity=1, activities=activities_of("Loop"))
    assert "Loop, 29 June 2026" in texts(drawn)


@pytest.mark.parametrize("plot", [plots.route, plots.profile, plots.timeline])
def test_of_several_activities_the_first_is_drawn_and_told(plot: Any) -> None:
    both, table = pd.concat([streams_of(2), streams_of(1)]), activities_of("One", "Two")
    said = texts(plot(both, activities=table))
    assert "Two, 28 June 2026" in said
    assert "The first of 2 activities; activity= chooses another." in said
    chosen = texts(plot(both, activities=table, activity=1))
    assert "One, 29 June 2026" in chosen
    assert not any("activity=" in text for text in chosen)


@every_plot
def test_an_activity_that_is_not_there_is_said(plot: Any) -> None:
    with pytest.raises(BadInput, match=r"Activity 9 is not in these streams\. They have 1\."):
        plot(streams_of(), activity=9)


@every_plot
def test_a_file_of_no_number_is_drawn(plot: Any) -> None:
    assert not any("no " in text for text in texts(plot(streams_of(None))))


@every_plot
@pytest.mark.parametrize("wrong", [None, "text", pd.DataFrame({"a": [1]}), activities_of("A")])
def test_another_table_is_refused(plot: Any, wrong: Any) -> None:
    with pytest.raises(BadTable, match="streams"):
        plot(wrong)


@pytest.mark.parametrize("plot", [plots.route, plots.profile, plots.timeline, plots.splits, plots.laps])
def test_other_units_are_refused(plot: Any) -> None:
    with pytest.raises(BadInput, match="nautical"):
        plot(streams_of(), units="nautical")


@pytest.mark.parametrize(
    ("plot", "streams", "sentence"),
    [
        (plots.route, streams_of(samples=0), "no samples"),
        (plots.route, streams_of(latlng=None), "no positions"),
        (plots.route, streams_of(samples=1), "one position only"),
        (plots.route, streams_of(latlng=np.full((601, 2), 47.0)), "one place"),
        (plots.route, streams_of(latlng=np.full((601, 2), np.nan)), "no positions"),
        (plots.route, streams_of(latlng=np.full((601, 2), 500.0)), "no positions"),
        (plots.profile, streams_of(samples=0), "no samples"),
        (plots.profile, streams_of(altitude=None), "no altitude"),
        (plots.profile, streams_of(samples=1), "went nowhere"),
        (plots.profile, streams_of(distance=None, latlng=None), "neither distance nor positions"),
        (plots.profile, streams_of(distance=np.zeros(601)), "went nowhere"),
        (plots.timeline, streams_of(samples=0), "no samples"),
        (plots.timeline, streams_of(samples=1), "no time that goes on"),
        (plots.timeline, streams_of(time=np.full(601, np.nan)), "no time that goes on"),
        (
            plots.timeline,
            tables.streams({"time": {"data": [0, 1, 2]}}, 1),
            "Nothing but the time",
        ),
        (OF_STREAMS["zones"], streams_of(samples=0), "no heart rate"),
        (OF_STREAMS["zones"], streams_of(heartrate=None), "no heart rate"),
        (OF_STREAMS["zones"], streams_of(heartrate=np.full(601, np.nan)), "no heart rate"),
        (plots.compare, streams_of(samples=0), "no samples"),
        (plots.splits, splits_of(), "no splits"),
        (plots.splits, splits_of([0.0]), "no speed"),
        (plots.laps, laps_of(), "no laps"),
        (plots.laps, laps_of([0.0]), "no speed"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(plot: Any, streams: pd.DataFrame, sentence: str) -> None:
    assert any(sentence in text for text in texts(plot(streams)))


# The route.


def course(ax: Axes) -> Any:
    (found,) = of_gid(ax, "course")
    return found


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
        plots.route(streams_of(), by="mood")  # type: ignore[arg-type]


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


# The profile and its climbs.


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


# The timeline.


def panels(figure: Figure) -> list[str]:
    return [axes.texts[0].get_text() for axes in figure.axes]


def test_a_panel_stands_for_each_stream_that_is_there() -> None:
    assert panels(plots.timeline(streams_of())) == [
        "Speed, km/h", "Heart rate, bpm", "Power, W", "Cadence, rpm", "Temperature, °C", "Altitude, m",
    ]  # fmt: skip
    few = streams_of(watts=None, temp=None, cadence=np.full(601, np.nan))
    assert panels(plots.timeline(few, units="imperial")) == ["Speed, mph", "Heart rate, bpm", "Altitude, ft"]


def test_runs_have_paces_and_steps() -> None:
    run = plots.timeline(streams_of(speed=4.0), activities=activities_of("A", sport="Run"))
    assert panels(run)[0] == "Pace, min/km"
    assert "mean 4:10" in texts(run)
    assert "Cadence, steps/min" in panels(run)
    assert "mean 170 · max 170" in texts(run)


def test_a_swim_has_paces_for_a_hundred_metres() -> None:
    swim = plots.timeline(streams_of(speed=1.0), activities=activities_of("A", sport="Swim"))
    assert panels(swim)[0] == "Pace, min/100 m"
    assert "mean 1:40" in texts(swim)


def test_all_panels_share_one_axis() -> None:
    figure = plots.timeline(streams_of())
    assert {axes.get_xlim() for axes in figure.axes} == {(0.0, 600.0)}
    figure = plots.timeline(streams_of(), over="distance")
    assert {axes.get_xlim() for axes in figure.axes} == {(0.0, 3.0)}
    assert "3 km" in drawn_texts(figure)


def test_the_line_is_what_was_recorded_and_its_mean_is_over_the_time() -> None:
    figure = plots.timeline(streams_of())
    (line,) = of_gid(figure, "heartrate")
    assert line.get_ydata()[[0, -1]].tolist() == pytest.approx([100, 180], abs=0.2)
    assert "mean 140 · max 180" in texts(figure)


def test_a_pause_is_a_gap_in_the_timeline_and_a_seldom_sample_is_none() -> None:
    streams = streams_of()
    streams.loc[300:, "time"] += 600
    (line,) = of_gid(plots.timeline(streams), "heartrate")
    x, y = line.get_data()
    assert np.isnan(y[(x > 302) & (x < 898)]).all()
    assert np.isfinite(y[(x < 298) | (x > 902)]).all()
    seldom = streams_of(samples=60)
    seldom["time"] *= 20
    (line,) = of_gid(plots.timeline(seldom), "heartrate")
    assert np.isfinite(line.get_ydata()).all()


def test_another_word_for_the_axis_is_refused() -> None:
    with pytest.raises(BadInput, match="'mood'"):
        plots.timeline(streams_of(), over="mood")  # type: ignore[arg-type]


# Two against each other.


def test_the_gap_is_how_long_the_other_comes_later() -> None:
    both = pd.concat([streams_of(1, speed=5.0), streams_of(2, speed=4.0, samples=751)])
    ax = plots.compare(both, activities=activities_of("Fast", "Slow"))
    (gap,) = of_gid(ax, "gap")
    x, y = gap.get_data()
    assert (x[0], x[-1]) == pytest.approx((0, 3.0))
    assert y[-1] == pytest.approx(150)  # 750 s against 600 s
    assert "At 3.0 km Fast, 29 June 2026 is 2:30 ahead." in texts(ax)
    (gap,) = of_gid(plots.compare(both, between=(2, 1)), "gap")
    assert gap.get_ydata()[-1] == pytest.approx(-150)


def test_a_stop_is_a_step_in_the_gap() -> None:
    stopped = streams_of(2)
    stopped.loc[300:, "time"] += 60
    (gap,) = of_gid(plots.compare(pd.concat([streams_of(1), stopped])), "gap")
    x, y = gap.get_data()
    assert y[x < 1.49] == pytest.approx(0)
    assert y[x > 1.51] == pytest.approx(60)


def test_what_both_went_is_compared_and_the_longer_is_told() -> None:
    ax = plots.compare(pd.concat([streams_of(1), streams_of(2, samples=1201)]))
    assert ax.get_xlim() == pytest.approx((0, 3.0))
    assert any("The other is 3.0 km longer." in text for text in texts(ax))
    assert any("At 3.0 km they are level." in text for text in texts(ax))


@pytest.mark.parametrize(
    ("count", "between", "said"),
    [
        (1, None, "these streams have 1"),
        (3, None, "these streams have 3"),
        (2, (1,), "not 1"),
        (2, (1, 9), "Activity 9 is not"),
    ],
)
def test_what_two_is_meant_is_asked(count: int, between: Any, said: str) -> None:
    streams = pd.concat([streams_of(number) for number in range(1, count + 1)])
    with pytest.raises(BadInput, match=said):
        plots.compare(streams, between=between)


def test_two_without_a_way_are_a_sentence() -> None:
    indoors = pd.concat([streams_of(n, distance=None, latlng=None) for n in (1, 2)])
    assert any("no distance and time in common" in text for text in texts(plots.compare(indoors)))


# Zones.


def told(ax: Axes) -> list[str]:
    return [text.get_text() for text in of_gid(ax, "told")]


def test_the_bars_are_minutes_in_each_zone() -> None:
    heart = np.repeat([100.0, 120.0, 140.0, 150.0, 170.0], [60, 120, 180, 240, 600])
    ax = plots.zones(streams_of(samples=1200, heartrate=heart), edges=EDGES)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([1, 2, 3, 4, 10])
    assert told(ax) == ["0:01  ·  5 %", "0:02  ·  10 %", "0:03  ·  15 %", "0:04  ·  20 %", "0:10  ·  50 %"]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Z1   under 115", "Z2   115–135", "Z3   135–150", "Z4   150–165", "Z5   165 bpm or more",
    ]  # fmt: skip


def test_zones_of_all_activities_add_up() -> None:
    streams = pd.concat([streams_of(1), streams_of(2)])
    ax = plots.zones(streams, edges=EDGES)
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(1202 / 60)
    assert any("2 activities together." in text for text in texts(ax))
    without = pd.concat([streams, streams_of(3, heartrate=None)])
    assert any("2 activities together." in text for text in texts(plots.zones(without, edges=EDGES)))
    one = plots.zones(streams, edges=EDGES, activity=2)
    assert sum(bar.get_width() for bar in one.patches) == pytest.approx(601 / 60)


def test_stravas_own_zones_and_those_of_power_are_understood() -> None:
    edges = pd.DataFrame(
        {
            "kind": pd.array(["heartrate", "heartrate", "power", "power"], dtype="string"),
            "zone": pd.array([1, 2, 1, 2], dtype="Int64"),
            "min": pd.array([0, 140, 0, 200], dtype="Int64"),
            "max": pd.array([140, pd.NA, 200, pd.NA], dtype="Int64"),
        }
    )
    heart = plots.zones(streams_of(), edges=edges)
    assert [label.get_text() for label in heart.get_yticklabels()] == [
        "Z1   under 140",
        "Z2   140 bpm or more",
    ]
    power = plots.zones(streams_of(), edges=edges, kind="power")
    assert power.get_yticklabels()[1].get_text() == "Z2   200 W or more"
    with pytest.raises(BadInput, match="no zones of power"):
        plots.zones(streams_of(), edges=edges.head(2), kind="power")


def test_what_the_metrics_counted_is_drawn_as_it_is() -> None:
    streams, table = streams_of(), activities_of("A")
    counted = metrics.time_in_zones(table, streams, metrics.AthleteProfile(heartrate_zones=EDGES))
    ax, own = plots.zones(counted), plots.zones(streams, edges=EDGES)
    assert [bar.get_width() for bar in ax.patches] == [bar.get_width() for bar in own.patches]
    assert [t.get_text() for t in ax.get_yticklabels()] == [t.get_text() for t in own.get_yticklabels()]
    with pytest.raises(BadInput, match="Activity 9"):
        plots.zones(counted, activity=9)
    assert "There is no heart rate in these samples." in texts(plots.zones(counted.head(0)))


@pytest.mark.parametrize("edges", [None, (), (150, 140), (0, 100), ("a",), 7, (float("nan"),), range(1, 30)])
def test_edges_that_cannot_be_meant_are_said(edges: Any) -> None:
    with pytest.raises(BadInput):
        plots.zones(streams_of(), edges=edges)


def test_another_kind_of_zones_is_refused() -> None:
    with pytest.raises(BadInput, match="'mood'"):
        plots.zones(streams_of(), edges=EDGES, kind="mood")  # type: ignore[arg-type]


# Splits and laps.


def test_a_splits_bar_is_its_speed_and_says_its_pace() -> None:
    ax = plots.splits(
        splits_of(
            [4.0, 5.0], average_grade_adjusted_speed=[4.5, 4.8], elevation_difference=[12.0, -0.2]
        )
    )  # fmt: skip
    assert bars(ax) == [pytest.approx([4.0, 5.0])]
    assert [text.get_text() for text in of_gid(ax, "pace")] == ["4:10", "3:20"]
    assert [text.get_text() for text in of_gid(ax, "climb")] == ["+12", "±0"]
    (marks,) = of_gid(ax, "level")
    assert [segment[0][1] for segment in marks.get_segments()] == pytest.approx([4.5, 4.8])
    assert "Pace, min/km" in texts(ax)


def test_a_rides_splits_are_speeds_without_marks() -> None:
    ax = plots.splits(splits_of([10.0, 8.0]), activities=activities_of("A"))
    assert bars(ax) == [pytest.approx([36.0, 28.8])]
    assert of_gid(ax, "level") == []
    assert "Speed, km/h" in texts(ax)


def test_the_last_split_is_as_wide_as_it_is_long() -> None:
    table = splits_of([4.0, 4.0])
    table.loc[1, "distance"] = 250.0
    ax = plots.splits(table)
    assert [bar.get_width() for bar in ax.containers[0]] == pytest.approx([1.0, 0.25])


@pytest.mark.parametrize(("plot", "made"), [(plots.splits, splits_of), (plots.laps, laps_of)])
def test_a_split_or_lap_without_a_speed_is_a_gap(plot: Any, made: Any) -> None:
    table = made([4.0, 4.0, 5.0])
    table.loc[1, ["average_speed", "moving_time", "distance"]] = pd.NA
    assert bars(plot(table)) == [pytest.approx([4.0 * 3.6, 5.0 * 3.6])]


@pytest.mark.parametrize(("plot", "made"), [(plots.splits, splits_of), (plots.laps, laps_of)])
def test_splits_and_laps_keep_the_rules_of_all_pictures(plot: Any, made: Any) -> None:
    table = made([4.0], [5.0], source="demo")
    before = table.copy()
    _, ax = plt.subplots()
    assert plot(table, activity=2, activities=activities_of("A", HOSTILE, sport="Run"), ax=ax) is ax
    pd.testing.assert_frame_equal(table, before)
    assert "DEMO" in texts(ax)
    assert any(text.startswith(r"\$\frac") for text in texts(ax))
    assert bars(ax) == [pytest.approx([5.0])]
    with pytest.raises(BadInput, match="Activity 9"):
        plot(table, activity=9)
    with pytest.raises(BadTable):
        plot(streams_of())


def test_laps_of_several_activities_stand_side_by_side_oldest_first() -> None:
    ax = plots.laps(laps_of([4.0, 5.0], [4.2, 5.2]), activities=activities_of("Now", "Then", sport="Run"))
    legend = ax.get_legend()
    assert legend
    assert [text.get_text() for text in legend.get_texts()] == ["Then, 28 June 2026", "Now, 29 June 2026"]
    assert bars(ax) == [pytest.approx([4.2, 5.2]), pytest.approx([4.0, 5.0])]
    then, now = ax.containers
    assert then[0].get_x() + then[0].get_width() == pytest.approx(now[0].get_x(), abs=0.05)


def test_laps_that_do_not_match_are_told() -> None:
    assert any("They have 1 and 2 laps." in text for text in texts(plots.laps(laps_of([4.0], [4.0, 5.0]))))


def test_more_activities_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(BadInput, match="8 activities"):
        plots.laps(laps_of(*[[4.0]] * 8))


def test_one_activitys_laps_are_as_wide_as_they_took() -> None:
    ax = plots.laps(laps_of([5.0, 2.5]))
    assert [bar.get_width() for bar in ax.containers[0]] == pytest.approx([200 / 60, 400 / 60])


def test_a_scrap_of_a_lap_neither_sets_the_scale_nor_gets_words() -> None:
    table = laps_of([5.0, 4.0, 1.0], average_grade_adjusted_speed=[5.0, 4.0, 1.0])
    table.loc[2, ["moving_time", "distance"]] = [3.0, 3.0]
    ax = plots.laps(table)
    assert ax.get_ylim()[0] > 2.5
    assert [text.get_text().split()[0] for text in of_gid(ax, "pace")] == ["3:20", "4:10"]


# Much, odd and broken.


def a_day_long_ride() -> pd.DataFrame:
    time = np.arange(100_000.0)
    turn = np.cumsum(np.random.default_rng(0).normal(0, 0.01, len(time)))
    north, east = np.cumsum(6 * np.cos(turn)), np.cumsum(6 * np.sin(turn))
    return streams_of(
        samples=len(time),
        latlng=np.column_stack([47 + north / 111_195, 8 + east / 75_800]),
        altitude=800 + 300 * np.sin(time / 4000),
    )


def test_a_day_long_ride_is_drawn_with_few_points() -> None:
    streams = a_day_long_ride()
    assert len(course(plots.route(streams)).get_segments()) <= 20_000
    (line,) = of_gid(plots.profile(streams), "altitude")
    assert len(line.get_xdata()) <= 1600
    figure = plots.timeline(streams)
    assert max(len(line.get_xdata()) for axes in figure.axes for line in axes.lines) <= 700


def test_what_is_reduced_keeps_its_highest_and_lowest() -> None:
    streams = a_day_long_ride()
    streams.loc[50_000, "watts"] = 1234.0
    figure = plots.timeline(streams)
    tops = [band.get_paths()[0].vertices[:, 1].max() for band in of_gid(figure, "band")]
    assert 1234.0 in tops
    assert any("max 1,234" in text for text in texts(figure))


number = st.none() | st.floats(-1e4, 1e4) | st.sampled_from([0.0, float("nan"), float("inf"), 1e308])
NAMES = "time", "distance", "lat", "lng", "altitude", "velocity_smooth", "heartrate"
odd_samples = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, number)), max_size=12)


@settings(max_examples=8)
@given(odd_samples)
def test_any_samples_are_drawn_or_said(samples: list[dict[str, Any]]) -> None:
    streams = pd.DataFrame(
        {
            "activity_id": pd.array([1] * len(samples), dtype="Int64"),
            **{name: pd.array([one[name] for one in samples], dtype="Float64") for name in NAMES},
        }
    )
    try:
        for plot in OF_STREAMS.values():
            assert drawn_texts(plot(streams))
    finally:
        plt.close("all")


@pytest.mark.parametrize(("low", "high"), [(2.0, 4.5), (3.9, 4.1), (0.1, 6.0), (1.0, 1.2), (0.0, 0.01)])
def test_the_paces_beside_an_axis_are_round_and_apart(low: float, high: float) -> None:
    signal = signals("metric", "Run")["speed"]
    ticks = signal.pace_ticks(low, high)
    assert all(round(1000 / tick, 6) % 5 == 0 for tick in ticks)
    assert (np.diff(ticks) <= -(high - max(low, high / 4, 0.3)) / 6).all()
    assert len(ticks) <= 7


def test_samples_in_any_order_of_rows_are_the_same_activity() -> None:
    streams = pd.concat([streams_of(1).head(300), streams_of(2), streams_of(1).tail(301)])
    recording = recording_of(streams, 1)
    assert recording is not None
    assert len(recording) == 601
