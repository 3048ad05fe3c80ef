"""A simulated Strava: beside the house, joined to it by an address only, so that both can be true."""

from .accounts import Grant
from .activity import Activity, Gear
from .athlete import Athlete
from .server import Call, Simulator

__all__ = ["Activity", "Athlete", "Call", "Gear", "Grant", "Simulator"]
