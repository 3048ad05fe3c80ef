"""Strava-shaped records to DataFrames: pure, whatever door the records came through."""

import pandas as pd

from .activity_table import activities
from .gear_table import gear
from .readable_table import readable
from .stream_table import streams

__all__ = ["activities", "gear", "readable", "streams"]

# Jupyter would typeset what stands between two dollars, and a name such as "$5 and $6" is no formula.
pd.set_option("display.html.use_mathjax", False)
