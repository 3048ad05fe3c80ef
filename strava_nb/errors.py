"""What can go wrong, in words for the person it happens to.

A leaf of its own because every room raises these and nothing here needs any room. An error says in
one sentence what happened and in one what to do, and carries the facts as attributes, so that code
can act on what the sentence says. In a notebook it shows itself as those two sentences.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

__all__ = [
    "ApiError",
    "AthleteLimit",
    "BadDates",
    "BadExport",
    "BadInput",
    "BadSports",
    "BadTable",
    "BadTrack",
    "CannotWrite",
    "NotFound",
    "RateLimited",
    "ScopeMissing",
    "SignInNeeded",
    "SignInRefused",
    "Stopped",
    "StravaNbError",
    "StravaNbWarning",
    "SubscriptionNeeded",
    "Unreachable",
]


class StravaNbError(Exception):
    """Anything that strava_nb raises on purpose.

    `what` happened and what `to_do` about it are sentences; further keywords are facts and become
    attributes (`status`: int, the HTTP status; `retry_at`: an aware datetime; None where unknown).
    """

    status: int | None = None
    retry_at: datetime | None = None

    def __init__(self, what: str, to_do: str = "", **facts: Any) -> None:
        super().__init__(what, to_do)
        self.what = what
        self.to_do = to_do
        self.facts = facts
        for name, value in facts.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        return f"{self.what} {self.to_do}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.what, self.to_do, self.facts)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of a stack of frames; trivial, since it must not fail itself."""
        return [f"{type(self).__name__}: {self.what}", self.to_do]


def _rebuild(kind: type[StravaNbError], what: str, to_do: str, facts: dict[str, Any]) -> StravaNbError:
    return kind(what, to_do, **facts)


class SignInNeeded(StravaNbError):
    """Nobody is signed in, and what was asked for is somebody's own."""


class SignInRefused(StravaNbError):
    """Strava, or the person on Strava's page, said no: cancelled, a dead token, a wrong id or secret."""


class SubscriptionNeeded(StravaNbError):
    """The API application is switched off because its owner has no Strava subscription (403)."""


class AthleteLimit(StravaNbError):
    """The API application already serves as many athletes as it may (403)."""


class ScopeMissing(StravaNbError):
    """A permission that was not granted; `scope` names it."""

    scope: str | None = None


class RateLimited(StravaNbError):
    """The application's calls are used up; `retry_at` says until when (429)."""


class NotFound(StravaNbError):
    """No such thing at Strava, or not this athlete's (404)."""


class Unreachable(StravaNbError):
    """No usable answer: no network, a time-out, a cut or unreadable answer, a failing server (5xx)."""


class ApiError(StravaNbError):
    """An answer of Strava's that none of the other errors describes."""


class Stopped(StravaNbError):
    """A pull that was interrupted or cancelled; `so_far` is what came before that, as the source gives it."""

    so_far: Any = ()


class BadInput(StravaNbError):
    """An argument that cannot be meant."""


class BadDates(BadInput):
    """Dates that cannot be meant: a start after the end, half a date, something that is no date."""


class BadSports(BadInput):
    """A word that names no sport and no group of sports."""


class BadExport(StravaNbError):
    """A file that is not a Strava export, or one that cannot be read as one."""


class BadTrack(StravaNbError):
    """A file that holds no recorded activity, or one that cannot be read."""


class BadTable(BadInput):
    """A table without the columns that were needed; `missing` names them."""

    missing: tuple[str, ...] = ()


class CannotWrite(StravaNbError):
    """A file that could not be written: its folder, the disk or its format does not take it."""


class StravaNbWarning(UserWarning):
    """What is amiss without being an error; one a call, the details in `.attrs["problems"]`."""
