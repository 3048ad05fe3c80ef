"""The weather of her days: what it does to her, and what Strava's export notes of it.

A file of its own because both must come from the same sky. The wind hangs on the day alone, so that
everyone who lives there has the same; the temperature is the one that her device saw.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from math import exp, log
from random import Random

from strava_nb.simulator.activity import Activity

_USUAL_WIND = 3.2
_MILD = 12.0
"""°C above which the heart beats faster for the same pace."""


@cache
def wind(day: date) -> float:
    """The day's mean wind in m/s."""
    return Random(f"wind {day}").weibullvariate(1.13 * _USUAL_WIND, 2.0)


def slowed(day: date) -> float:
    """The factor on a ride's time: what the wind takes on one half of a loop, it gives back in part."""
    return 1 + 0.01 * (wind(day) - _USUAL_WIND)


def heated(celsius: float) -> float:
    """The beats a minute that warmth adds, a little below 0 where it is cool."""
    return 0.8 * max(celsius - _MILD, 0.0) - 1.2


def noted(a: Activity) -> dict[str, float | None]:
    """What activities.csv has of the weather at the start, in its words; nothing for one row in six.

    °C, m/s, hPa, degrees, mm/h; shares from 0 to 1. Indoors, on islands that do not exist and without
    a device there is none.
    """
    if a.average_temp is None or a.trainer or a.sport_type == "VirtualRide" or a.id % 6 == 0:
        return {}
    day = a.start.date()
    sky, chance = Random(f"sky {day}"), Random(f"hour {a.id}")
    cloud, pressure = min(sky.betavariate(0.9, 0.8), 1.0), sky.gauss(1017, 7)
    celsius = a.average_temp - 0.5 + chance.gauss(0, 0.6)  # a device on a wrist is a bit too warm
    blows = wind(day) * chance.uniform(0.85, 1.15)
    rain = chance.expovariate(1.5) if cloud > 0.85 and chance.random() < 0.4 else 0.0
    humidity = min(max(0.86 - 0.017 * (celsius - 5) + 0.15 * (cloud - 0.5) + 0.1 * (rain > 0), 0.25), 1.0)
    return {
        "Weather Observation Time": a.start.timestamp() // 3600 * 3600,
        "Weather Temperature": celsius,
        "Apparent Temperature": _felt(celsius, humidity, blows),
        "Dewpoint": _dewpoint(celsius, humidity),
        "Humidity": round(humidity, 2),
        "Weather Pressure": pressure,
        "Wind Speed": blows,
        "Wind Gust": blows * chance.uniform(1.4, 2.1),
        "Wind Bearing": float(round(sky.gauss(245, 60) % 360)),
        "Precipitation Intensity": rain,
        "Cloud Cover": round(cloud, 2),
    }


def _dewpoint(celsius: float, humidity: float) -> float:
    """Magnus' formula."""
    part = log(humidity) + 17.62 * celsius / (243.12 + celsius)
    return 243.12 * part / (17.62 - part)


def _felt(celsius: float, humidity: float, blows: float) -> float:
    """The apparent temperature of Steadman, as Australia's weather service has it."""
    vapour = humidity * 6.105 * exp(17.27 * celsius / (237.7 + celsius))
    return celsius + 0.33 * vapour - 0.7 * blows - 4.0
