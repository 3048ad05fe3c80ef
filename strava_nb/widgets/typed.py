"""Sign-in by question and answer, where no widgets show: a terminal, a plain console."""

from __future__ import annotations

from getpass import getpass

from ..errors import SignInRefused
from ..settings import API_SETTINGS_PAGE
from ..signin.session import Failed, Session, SignedIn
from . import words


def sign_in_typed(session: Session) -> None:
    """Ask until somebody is signed in.

    The secret and the pasted address are asked for with `getpass`: what `input` takes is shown in the
    cell's output, and saved with the notebook. Raises BadInput for an id or secret that cannot be
    meant, SignInRefused when Strava or its page says no.
    """
    if session.knows_application:
        address = session.offer()
    else:
        client_id = input(words.TYPED_ID.format(page=API_SETTINGS_PAGE))
        address = session.offer(client_id, getpass(words.TYPED_KEY))
    session.pressed()
    say = words.TYPED_OPEN.format(address=address)
    while True:
        print(say)  # noqa: T201  (a conversation, asked for as one)
        pasted = getpass(words.TYPED_PASTE).strip()
        try:
            if pasted and not isinstance(session.state, SignedIn):
                session.paste(pasted)
        except SignInRefused as refused:
            say = str(refused)
        else:
            say = words.TYPED_NOT_YET
        state = session.state
        if isinstance(state, Failed):
            raise state.error
        if isinstance(state, SignedIn):
            return
