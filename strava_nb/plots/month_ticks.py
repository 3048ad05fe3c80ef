"""Months and years along an axis of days, named once each; of its own since several pictures have one."""

from __future__ import annotations

import numpy as np


def month_ticks(first: float, last: float, most: int = 16) -> tuple[list[float], list[str]]:
    """First days of at most so many months (or years), the year under the first and each January."""
    start, end = (np.datetime64(int(day), "D").astype("datetime64[M]") for day in (first, last - 1))
    months = np.arange(start, end + np.timedelta64(1, "M"))
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if len(months) / step <= most), 240)
    months = months[months.astype("int64") % step == 0]
    days = months.astype("datetime64[D]").astype("int64")
    labels: list[str] = []
    year = 0
    for month in months[days >= first].tolist():
        text = "" if step >= 12 else f"{month:%b}"
        labels.append(text if month.year == year else f"{text}\n{month.year}".strip())
        year = month.year
    return [float(day) for day in days[days >= first]], labels
