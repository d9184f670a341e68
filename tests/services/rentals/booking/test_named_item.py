"""The item that a member named by its code: it is shown wherever the rental is, and it is the one kept."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Rental
from db.states import ClaimStatus
from handlers.i18n.texts import Texts
from handlers.rentals import card_views, reminder_views
from handlers.rentals.reminder_views import Reminded
from handlers.rentals.requests import pending_requests
from services.availability import reservations
from services.core.actor import Actor
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkout, swaps
from services.maintenance import blocks
from services.rentals import approval, extension, queries, records, reminders
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import OSLO, Club, days
from tests.services.permissions.assertions import DAY, claims, codes, item


def named(session: Session, c: Club, now: datetime, code: str, period: Period) -> Rental:
    """Kari's request for this very tent."""
    draft = request.open_draft(Tx(session, now, c.kari))
    baskets.put(Tx(session, now, c.kari), draft, c.tent.id, 1, item_id=item(session, code).id)
    request.set_period(Tx(session, now), draft, period)
    return request.request(Tx(session, now, c.kari), draft.id)


def shown(session: Session, rental: Rental, now: datetime) -> dict[str, str]:
    """The texts in which it stands."""
    tx, t = Tx(session, now), Texts("en", OSLO, now)
    v = queries.view(tx, rental)
    (listed,) = queries.in_list(tx, [rental])
    return {
        "member": str(card_views.member_card(t, v).text),
        "desk": str(card_views.desk_card(t, v, records.of(tx, rental.user_id)).text),
        "pile": str(pending_requests.pile(t, 1, [listed], 0, 1).text),
        "list": str(card_views.listed(t, listed, desk=False)),
        "ready": str(reminder_views.reminder(t, [Reminded(listed, reminders.PICK_UP)]).text),
        "due": str(reminder_views.reminder(t, [Reminded(listed, reminders.DUE_SOON)]).text),
    }


def test_every_card_shows_it(session: Session, club: Club, now: datetime) -> None:
    """While it waits, when it is approved, and while it is out: the member's, the group's, ready, due."""
    rental = named(session, club, now, "T2", days(now, 0, 2))
    stages: tuple[tuple[Callable[[Tx, int], object], Actor], ...] = (
        (queries.find, club.anna),
        (approval.approve, club.anna),
        (checkout.hand_out, club.lars),
    )
    for move_on, who in stages:
        move_on(Tx(session, now, who), rental.id)
        missing = {where: text for where, text in shown(session, rental, now).items() if "T2" not in text}
        assert missing == {}, rental.status
    other = factories.requested(session, club.ola, now, days(now, 0, 2), (club.tent, 1))
    assert "T1" not in "".join(shown(session, other, now).values()), "nobody named that one"


def test_it_is_kept_whatever_others_do(session: Session, club: Club, now: datetime) -> None:
    """Others ask for tents around it, one is blocked, its time is extended: Kari has T2 throughout."""
    rental = named(session, club, now, "T2", days(now, 0, 2))
    approval.approve(Tx(session, now, club.anna), rental.id)
    for who, first, last in ((club.ola, 0, 1), (club.lars, 1, 2), (club.anna, 0, 2)):
        factories.requested(session, who, now, days(now, first, last), (club.tent, 1))
    assert codes(session, rental, ClaimStatus.HELD) == ["T2"]
    asked = blocks.Asked(club.tent.id, now, now + DAY, pieces=1)
    with session.begin_nested() as undone:
        blocks.create(Tx(session, now, club.anna), asked, reason="Repair")
        assert codes(session, rental, ClaimStatus.HELD) == ["T2"]
        undone.rollback()
    session.expire_all()
    checkout.hand_out(Tx(session, now, club.lars), rental.id)
    assert rental.due_at is not None
    later = extension.ask(Tx(session, now, club.kari), rental.id, rental.due_at + DAY)
    extension.grant(Tx(session, now, club.anna), later.id)
    assert codes(session, rental, ClaimStatus.OUT) == ["T2"]


def test_the_quantity_does_not_lose_it(session: Session, club: Club, now: datetime) -> None:
    """One tap on its own line in the basket, which says "one of it", leaves it named."""
    draft = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), draft, club.tent.id, 1, item_id=item(session, "T2").id)
    baskets.change_quantity(Tx(session, now, club.kari), draft, club.tent.id, 1)
    assert [line.item_id for line in reservations.lines_of(session, draft.id)] == [item(session, "T2").id]


def test_a_swap_names_the_other_one(session: Session, club: Club, now: datetime) -> None:
    """A lender swaps it for T3 with the member's consent: from then on T3 is the one shown and kept."""
    rental = named(session, club, now, "T2", days(now, 0, 2))
    approval.approve(Tx(session, now, club.anna), rental.id)
    (claim,) = claims(session, rental)
    swaps.swap(Tx(session, now, club.lars), claim.id, item(session, "T3").id)
    assert codes(session, rental, ClaimStatus.HELD) == ["T3"]
    text = shown(session, rental, now)["member"]
    assert "T3" in text and "T2" not in text
