"""Every refusal of the services has its answer."""

from http import HTTPStatus

import pytest

from api.problems import MEDIA_TYPE, answer, of_refusal
from api.refusals import ANSWERS
from services.core.errors import Refusal, Refused


def test_every_refusal_has_an_answer() -> None:
    """And the table has no other."""
    assert set(ANSWERS) == set(Refused)


@pytest.mark.parametrize("code", Refused)
def test_an_answer_is_a_problem(code: Refused) -> None:
    """With a status of the caller's, never of ours, a title, and a sentence."""
    response = answer(of_refusal(Refusal(code)))
    assert response.media_type == MEDIA_TYPE
    assert 400 <= response.status_code < 500
    assert HTTPStatus(response.status_code).phrase.encode() in response.body
    assert ANSWERS[code].sentence.endswith(".")
