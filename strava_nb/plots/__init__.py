"""Pictures of tables: `(table, *, …, ax=None) -> Axes`, never shown, saved or changing the table.

The only room that imports pyplot. Modules are named other than their functions, which would hide them.
"""

from .calendar_plot import calendar
from .clock_plot import clock
from .compare_plot import compare
from .cumulative_plot import cumulative
from .eddington_plot import eddington
from .gear_plot import gear
from .interactive_map import WebMap, web_map
from .laps_plot import laps
from .profile_plot import profile
from .records_plot import records
from .route_plot import route
from .scatter_plot import scatter
from .splits_plot import splits
from .sports_plot import sports
from .style import SPORT_COLOURS
from .timeline_plot import timeline
from .training_load_plot import training_load
from .volume_plot import volume
from .zones_plot import zones

__all__ = [
    "SPORT_COLOURS",
    "WebMap",
    "calendar",
    "clock",
    "compare",
    "cumulative",
    "eddington",
    "gear",
    "laps",
    "profile",
    "records",
    "route",
    "scatter",
    "splits",
    "sports",
    "timeline",
    "training_load",
    "volume",
    "web_map",
    "zones",
]
