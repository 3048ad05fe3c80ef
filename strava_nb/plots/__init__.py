"""Pictures of tables: `(table, *, …, ax=None) -> Axes`, never shown, saved or changing the table.

The only room that imports pyplot. Modules are named other than their functions, which would hide them.
"""

from .calendar_plot import calendar
from .clock_plot import clock
from .compare_plot import compare
from .cumulative_plot import cumulative
from .eddington_plot import eddington
from .efficiency_plot import efficiency
from .gear_plot import gear
from .interactive_map import WebMap, web_map
from .laps_plot import laps
from .loop_trend_plot import loop_trend
from .pace_curve_plot import pace_curve
from .power_curve_plot import power_curve
from .profile_plot import profile
from .records_plot import records
from .route_plot import route
from .routes_grid_plot import routes_grid
from .routes_overlay_plot import routes_overlay
from .scatter_plot import scatter
from .splits_plot import splits
from .sports_plot import sports
from .style import SPORT_COLOURS
from .timeline_plot import timeline
from .training_load_plot import training_load
from .volume_plot import volume
from .year_poster_plot import year_poster
from .zones_over_time_plot import zones_over_time
from .zones_plot import zones

__all__ = [
    "SPORT_COLOURS",
    "WebMap",
    "calendar",
    "clock",
    "compare",
    "cumulative",
    "eddington",
    "efficiency",
    "gear",
    "laps",
    "loop_trend",
    "pace_curve",
    "power_curve",
    "profile",
    "records",
    "route",
    "routes_grid",
    "routes_overlay",
    "scatter",
    "splits",
    "sports",
    "timeline",
    "training_load",
    "volume",
    "web_map",
    "year_poster",
    "zones",
    "zones_over_time",
]
