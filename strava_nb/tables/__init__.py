"""Strava-shaped records to DataFrames: pure, whatever door the records came through."""

import pandas as pd

from .activity_table import activities
from .best_effort_table import best_efforts
from .derived_streams import with_derived
from .gear_table import gear
from .lap_table import laps
from .readable_table import readable
from .split_table import splits
from .stream_table import streams
from .zone_table import zones

__all__ = [
    "activities",
    "best_efforts",
    "gear",
    "laps",
    "readable",
    "splits",
    "streams",
    "with_derived",
    "zones",
]

# Jupyter would typeset what stands between two dollars, and a name such as "$5 and $6" is no formula.
pd.set_option("display.html.use_mathjax", False)
