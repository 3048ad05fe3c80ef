"""Whether the page of this kernel is for its owner's computer alone.

Apart from `settings.py`, since it asks the operating system and not the environment: Voilà tells a
kernel by which name a visitor called, which a visitor can choose, and not where it listens.
"""

from __future__ import annotations

import ipaddress
from functools import cache


def is_loopback(host: str) -> bool:
    """Whether a name or an address leads to the computer that it is used on."""
    name = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


@cache
def server_keeps_to_itself() -> bool:
    """Whether what started this kernel listens on loopback addresses only; False where nobody can tell."""
    try:
        import psutil  # a part of strava-nb[lab], and only pages of Voilà's ask
    except ImportError:
        return False
    try:
        for process in psutil.Process().parents():  # The nearest that listens; a wrapper may be between.
            connections = getattr(process, "net_connections", None) or process.connections
            listening = [one.laddr.ip for one in connections("inet") if one.status == psutil.CONN_LISTEN]
            if listening:
                return all(map(is_loopback, listening))
    except psutil.Error:
        pass
    return False
