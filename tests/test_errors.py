"""Errors are two sentences and facts, wherever they are shown."""

import pickle
import traceback

import pytest

from strava_nb import errors
from strava_nb.errors import RateLimited, StravaNbError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, StravaNbError)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_says_what_happened_and_what_to_do(kind: type[StravaNbError]) -> None:
    error = kind("The door is shut.", "Knock.", status=403)
    assert str(error) == "The door is shut. Knock."
    assert error.status == 403
    assert error.retry_at is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_the_way_between_processes(kind: type[StravaNbError]) -> None:
    again = pickle.loads(pickle.dumps(kind("The door is shut.", "Knock.", status=403)))
    assert (type(again), str(again), again.status) == (kind, "The door is shut. Knock.", 403)


def test_a_notebook_shows_the_sentences_and_no_frames() -> None:
    shown = RateLimited("Used up.", "Wait.")._render_traceback_()
    assert shown == ["RateLimited: Used up.", "Wait."]


def test_bad_export_and_bad_track_have_no_children() -> None:
    assert not errors.BadExport.__subclasses__()
    assert not errors.BadTrack.__subclasses__()


def test_the_facts_are_told_by_python_too() -> None:
    text = "".join(traceback.format_exception(RateLimited("Used up.", "Wait.")))
    assert "Used up. Wait." in text
