from . import errors as errors
from . import files as files
from . import metrics as metrics
from . import plots as plots
from . import tables as tables
from .inside import get_athlete_zones as get_athlete_zones
from .inside import get_best_efforts as get_best_efforts
from .inside import get_laps as get_laps
from .inside import get_splits as get_splits
from .pages import report as report
from .pages import your_year as your_year
from .pull import get_activities as get_activities
from .pull import get_gear as get_gear
from .pull import get_streams as get_streams
from .pull import sign_out as sign_out
from .sources.api import open_api as open_api
from .sources.archive import open_export as open_export
from .sources.demo import open_demo as open_demo
from .sources.kept import cache_info as cache_info
from .sources.trackfiles import read_track as read_track
from .tables import readable as readable
from .widgets.activities import activity_picker as activity_picker
from .widgets.app import app as app
from .widgets.dates import date_picker as date_picker
from .widgets.download import download as download
from .widgets.login import login as login
from .widgets.profile import athlete_profile as athlete_profile

__all__ = [
    "activity_picker",
    "app",
    "athlete_profile",
    "cache_info",
    "date_picker",
    "download",
    "errors",
    "files",
    "get_activities",
    "get_athlete_zones",
    "get_best_efforts",
    "get_gear",
    "get_laps",
    "get_splits",
    "get_streams",
    "login",
    "metrics",
    "open_api",
    "open_demo",
    "open_export",
    "plots",
    "read_track",
    "readable",
    "report",
    "sign_out",
    "tables",
    "your_year",
]
