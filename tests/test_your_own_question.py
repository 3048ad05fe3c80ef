"""The ten questions of the last notebook: each answer that is hidden there is run, and is right.

What it has to be is counted here from the demo athlete's own days, without pandas.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from strava_nb.simulator import Athlete
from strava_nb.simulator.activity import Activity
from strava_nb.tables.sports import group_of

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "07_your_own_question.ipynb"
HIDDEN = re.compile(
    r"<details>\n<summary>The answer to (\d+)</summary>\n\n```python\n(.+)\n```\n\n</details>", re.DOTALL
)
"""With blank lines around the code: without them Lab and nbconvert show it as text."""


@cache
def cells() -> dict[str, dict[str, Any]]:
    told = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return {cell["id"]: cell | {"source": "".join(cell["source"])} for cell in told}


@cache
def names() -> dict[str, Any]:
    """What the notebook's cells leave for whoever answers."""
    found: dict[str, Any] = {}
    for name in ("imports", "hers"):
        exec(cells()[name]["source"], found)
    return found


def answered(number: int) -> Any:
    """What the hidden code's last line shows."""
    hidden = HIDDEN.fullmatch(cells()[f"answer-{number}"]["source"])
    assert hidden and int(hidden[1]) == number
    *lines, last = ast.parse(hidden[2]).body
    assert isinstance(last, ast.Expr)
    known = dict(names())
    exec(compile(ast.Module(lines, []), f"answer {number}", "exec"), known)
    return eval(compile(ast.Expression(last.value), f"answer {number}", "eval"), known)


@cache
def athlete() -> Athlete:
    return Athlete(seed=7, today=date(2026, 1, 1))


def began(one: Activity) -> datetime:
    """By the clock on the spot."""
    return (one.start + timedelta(seconds=one.utc_offset)).replace(tzinfo=None)


def added_up(of: Callable[[datetime], Any], amount: Callable[[Activity], float]) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for one in athlete().activities:
        sums[of(began(one))] += amount(one)
    return sums


def group(name: str) -> list[Activity]:
    return [one for one in athlete().activities if group_of(one.sport_type) == name]


def kilometres_of_2025(shown: Any) -> None:
    assert shown == round(added_up(lambda day: day.year, lambda one: one.distance)[2025] / 1000)


def times_of_each_sport(shown: Any) -> None:
    assert shown.to_dict() == Counter(one.sport_type for one in athlete().activities)
    assert shown.is_monotonic_decreasing


def longest_ride(shown: Any) -> None:
    longest = max(group("Ride"), key=lambda one: one.distance)
    assert len(shown) == 1
    assert list(shown.iloc[0]) == [longest.name, pd.Timestamp(began(longest)), longest.distance]


def longest_weekday(shown: Any) -> None:
    hours = added_up(lambda day: f"{day:%A}", lambda one: one.moving_time)
    assert shown == hours.most_common(1)[0][0]


def steepest_month(shown: Any) -> None:
    ((month, metres),) = added_up(
        lambda day: f"{day:%Y-%m}", lambda one: one.total_elevation_gain
    ).most_common(1)
    assert [str(one) for one in shown.index] == [month]
    assert shown.iloc[0] == pytest.approx(metres)


def share_of_early_ones(shown: Any) -> None:
    early = sum(began(one).hour < 8 for one in athlete().activities)
    assert shown == f"{100 * early / len(athlete().activities):.1f}%"


def furthest_shoes(shown: Any) -> None:
    furthest = max((one for one in athlete().gear if one.frame_type is None), key=lambda one: one.distance)
    assert len(shown) == 1
    assert list(shown.iloc[0]) == [furthest.name, pytest.approx(furthest.distance)]


def longest_break(shown: Any) -> None:
    starts = [began(one) for one in athlete().activities]
    days = [(later - day) / timedelta(days=1) for day, later in pairwise(starts)]
    assert shown == round(max(days), 1)


def weeks_of_ten_hours(shown: Any) -> None:
    weeks = added_up(lambda day: day.isocalendar()[:2], lambda one: one.moving_time)
    assert shown["weeks"].tolist() == [sum(seconds > 36_000 for seconds in weeks.values())]


def minutes_above_150(shown: Any) -> None:
    streams = athlete().streams(group("Run")[-1])
    lasts = np.diff(streams["time"])
    assert shown == round(lasts[streams["heartrate"][:-1] > 150].sum() / 60)


CHECKS = [
    kilometres_of_2025, times_of_each_sport, longest_ride, longest_weekday, steepest_month,
    share_of_early_ones, furthest_shoes, longest_break, weeks_of_ten_hours, minutes_above_150,
]  # fmt: skip


@pytest.mark.parametrize("number", range(1, len(CHECKS) + 1))
def test_a_hidden_answer_is_right(number: int) -> None:
    shown = answered(number)
    assert shown is not None
    CHECKS[number - 1](shown)


def test_each_question_is_a_sentence_a_cell_to_try_in_and_a_hidden_answer() -> None:
    ids = [one for one in cells() if one.split("-")[0] in ("question", "try", "answer")]
    numbers = range(1, len(CHECKS) + 1)
    assert ids == [f"{what}-{number}" for number in numbers for what in ("question", "try", "answer")]
    for number in numbers:
        question, room = cells()[f"question-{number}"]["source"], cells()[f"try-{number}"]
        assert re.fullmatch(rf"\*\*{number}\.\*\* [A-Z][^.?]+\?", question)
        assert room["cell_type"] == "code" and room["source"] == "# Try it here."
