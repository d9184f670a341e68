"""A conversation's memory: a typed model, kept as JSON."""

from datetime import date

from db.models import Conversation as Row
from handlers.rentals.booking.data import RentData
from handlers.ui import conversation
from handlers.ui.conversation import ConversationData


def row_with(**data: object) -> Row:
    return Row(name="rent", state="first", data=dict(data))


def test_what_an_older_program_left_can_be_read() -> None:
    """A conversation of an older program goes on: unknown names are passed over, others have defaults."""
    kept = RentData.of(row_with(rental_id=7, month="2026-12-01", of_old={"a": 1}))
    assert (kept.rental_id, kept.month, kept.page) == (7, date(2026, 12, 1), 0)


def test_what_is_of_another_kind_is_as_by_default() -> None:
    """And takes nothing else with it."""
    kept = RentData.of(row_with(rental_id=7, month="soon", page="", words="tent"))
    assert (kept.rental_id, kept.month, kept.page, kept.words) == (7, None, 0, "tent")


def test_what_is_not_named_stays() -> None:
    """Also what the model does not know: the program before an upgrade may run beside the new one."""
    row = row_with(rental_id=7, words="tent", of_old=1)
    conversation.update(row, RentData(page=2, month=date(2026, 12, 1)))
    assert row.data == {"rental_id": 7, "words": "tent", "of_old": 1, "page": 2, "month": "2026-12-01"}
    assert row.state == "first"


def test_what_gets_its_default_is_forgotten() -> None:
    """So a row holds nothing that is not needed any more."""
    row = row_with(rental_id=7, words="tent", page=2, month="2026-12-01", problem={"refused": "out"})
    conversation.update(row, RentData(words="", page=0, month=None), to="pick")
    assert (row.state, row.data) == ("pick", {"rental_id": 7, "problem": {"refused": "out"}})
    conversation.update(row, ConversationData(problem=None))
    assert row.data == {"rental_id": 7}


def test_another_conversation_begins_with_what_it_is_given() -> None:
    """Nothing of the one before is left in it."""
    row = row_with(rental_id=7, words="tent")
    conversation.switch_to(row, "extend", "ask", conversation.AboutRental(rental_id=8))
    assert (row.name, row.state, row.data) == ("extend", "ask", {"rental_id": 8})
    conversation.reset(row, to="over")
    assert (row.state, row.data) == ("over", {})
