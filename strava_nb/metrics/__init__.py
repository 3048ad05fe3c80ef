"""Numbers from tables: how much, how hard, how fit, how fast, and on which way. Pure functions.

Some take what get_activities and get_streams gave and return tables; their `.attrs` say what they rest
on. Others are the formulas alone, of NumPy arrays. docs/metrics.md tells them all.
"""

from .active_days import Eddington, eddington, eddington_number, streaks
from .athlete_profile import AthleteProfile, Threshold
from .efficiency_table import decoupling, efficiency
from .effort_table import best_efforts, fastest_over, race_predictions, race_time
from .heart import scaled_trimp, trimp
from .load_tables import heart_rate_load, loads, power_load, run_load
from .pace_table import grade_adjusted, pace_at_heart_rate
from .polylines import decode_polylines
from .power import (
    CriticalPower,
    fit_critical_power,
    load_of_power,
    mean_maximal,
    power_intensity,
    weighted_power,
)
from .power_curves import critical_power, mean_maximal_power
from .race_days import build_ups, races
from .record_table import records
from .slopes import grade_adjusted_speed, grade_factor, gradient
from .summing import totals
from .training_days import exponential_mean, monotony_and_strain, training_load
from .ways import route_trend, same_routes
from .zone_times import time_in_zones

__all__ = [
    "AthleteProfile",
    "CriticalPower",
    "Eddington",
    "Threshold",
    "best_efforts",
    "build_ups",
    "critical_power",
    "decode_polylines",
    "decoupling",
    "eddington",
    "eddington_number",
    "efficiency",
    "exponential_mean",
    "fastest_over",
    "fit_critical_power",
    "grade_adjusted",
    "grade_adjusted_speed",
    "grade_factor",
    "gradient",
    "heart_rate_load",
    "load_of_power",
    "loads",
    "mean_maximal",
    "mean_maximal_power",
    "monotony_and_strain",
    "pace_at_heart_rate",
    "power_intensity",
    "power_load",
    "race_predictions",
    "race_time",
    "races",
    "records",
    "route_trend",
    "run_load",
    "same_routes",
    "scaled_trimp",
    "streaks",
    "time_in_zones",
    "totals",
    "training_load",
    "trimp",
    "weighted_power",
]
