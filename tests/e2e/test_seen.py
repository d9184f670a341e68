"""The words that tests take from the code are those that the code says."""

import pytest

from db.states import RentalStatus
from handlers.i18n.texts import Texts
from handlers.onboarding import answers as onboarding_answers
from handlers.rentals import card_views, refusals
from handlers.telegram import answers
from handlers.ui.callbacks import Verb, pack
from sandbox.world.records import Button
from services.core.errors import Refused
from tests.e2e.seen import by, carrying, refusal, wording


def test_a_sentence_is_found_by_its_view_and_values() -> None:
    """In English, without tags, with the values in it; in the plural where there are several."""
    assert wording(answers.edited) == str(answers.edited(Texts()).text)
    assert wording(onboarding_answers.invite, n=1, days=3) != wording(onboarding_answers.invite, n=2, days=3)
    assert "<b>" not in wording(card_views.member_card, id=7)
    assert "7" in wording(card_views.member_card, id=7)


def test_a_status_decides_between_sentences() -> None:
    """Each status has its own; the plain one goes before what holds only sometimes."""
    said = {
        wording(card_views.status_line, status) for status in (RentalStatus.REQUESTED, RentalStatus.RETURNED)
    }
    assert len(said) == 2
    by_name = wording(card_views.status_line, RentalStatus.APPROVED, name="Kari")
    assert by_name != wording(card_views.status_line, RentalStatus.DECLINED, name="Kari")
    assert "Kari" in by_name


def test_what_is_not_known_is_left_out() -> None:
    """The longest part without it."""
    whole = wording(card_views.status_line, RentalStatus.OUT, moment="soon")
    part = wording(card_views.status_line, RentalStatus.OUT, moment=...)
    assert part in whole and "soon" not in part


def test_what_no_view_says_is_an_error() -> None:
    """A test that asks for it is wrong, whatever the bot says."""
    with pytest.raises(LookupError):
        wording(answers.edited, name="Kari")
    with pytest.raises(LookupError):
        wording(card_views.status_line, Refused.NOT_FOUND)


def test_a_refusal_is_found_by_its_code() -> None:
    """With its data."""
    assert refusal(Refused.TOO_LONG, days=7) == wording(refusals, Refused.TOO_LONG, n=7)
    assert refusal(Refused.TOO_LONG, days=7) != refusal(Refused.TOO_LONG, days=8)


def test_a_button_is_known_by_what_it_carries() -> None:
    """Its verb and row, or the conversation's word and value; a label counts for nothing."""
    approve, more = Button("x", pack(Verb.APPROVE, 7)), Button("x", pack(Verb.CONVERSATION, 1, "page 2"))
    assert by(Verb.APPROVE)(approve) and by(Verb.APPROVE, 7)(approve)
    assert not by(Verb.APPROVE, 8)(approve) and not by(Verb.DECLINE)(approve)
    assert carrying("page")(more) and carrying("page", 2)(more)
    assert not carrying("page", 3)(more) and not carrying("page")(approve)
    assert not by(Verb.APPROVE)(Button("x", url="https://example.org"))
