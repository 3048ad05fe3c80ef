"""Strava-shaped records to DataFrames: pure, whatever door the records came through."""

from .activity_table import activities
from .readable_table import readable
from .stream_table import streams

__all__ = ["activities", "readable", "streams"]
