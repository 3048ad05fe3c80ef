"""What a person does between Connect and the answer, without a browser."""

from __future__ import annotations

import urllib.error
import urllib.request

from strava_nb.signin.session import Session, State
from strava_nb.simulator import Simulator


def visit(address: str) -> tuple[int, str]:
    """What a browser gets at an address, and the page's status."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def offer(me: Session, strava: Simulator) -> str:
    return me.offer(strava.client_id, strava.client_secret)


def sign_in(me: Session, strava: Simulator, **chosen: object) -> State:
    address = offer(me, strava)
    me.pressed()
    visit(strava.authorize(address, **chosen))
    return me.state
