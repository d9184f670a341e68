"""Handing out over the counter what nobody asked for before: who, until when, within which limits."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Card, Claim, Item, OutboxMessage, Rental, User
from db.states import ClaimStatus, RentalStatus
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, counter
from services.messaging import notifications
from services.rentals import approval, queries
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import claims, refuses, set_policy
from tests.services.permissions.assertions import item as item_named


def hands_out(
    session: Session, c: Club, now: datetime, *codes: str, to: Actor | None = None, by: Actor | None = None,
    until: int = 2,
) -> Rental:  # fmt: skip
    items = [item_named(session, code).id for code in codes]
    tx = Tx(session, now, by or c.lars)
    return counter.hand_out_now(tx, (to or c.kari).user_id, items, now + timedelta(days=until))


def promised(session: Session, c: Club, now: datetime, first: int, last: int, *codes: str) -> None:
    """Approved for Ola, each this very one."""
    draft = request.open_draft(Tx(session, now, c.ola))
    for code in codes:
        item = item_named(session, code)
        baskets.put(Tx(session, now, c.ola), draft, item.equipment_id, 1, item_id=item.id)
    request.set_period(Tx(session, now), draft, days(now, first, last))
    request.request(Tx(session, now, c.ola), draft.id)
    approval.approve(Tx(session, now, c.anna), draft.id)


def test_it_is_out_at_once(session: Session, club: Club, now: datetime) -> None:
    """Asked for, approved and handed out by Lars, in the audit too; these items, and no basket is lost."""
    theirs, his = (request.open_draft(Tx(session, now, who)) for who in (club.kari, club.lars))
    rental = hands_out(session, club, now, "T2", "S1")
    assert (rental.status, rental.user_id, rental.entered_by, rental.decided_by) == (
        RentalStatus.OUT,
        club.kari.user_id,
        club.lars.user_id,
        club.lars.user_id,
    )
    found = {session.get_one(Item, claim.item_id).code: claim.status for claim in claims(session, rental)}
    assert found == {"T2": ClaimStatus.OUT, "S1": ClaimStatus.OUT}
    entries = session.execute(
        select(AuditEntry.action, AuditEntry.user_id)
        .filter_by(subject="rental", subject_id=rental.id)
        .order_by(AuditEntry.id)
    ).all()
    lars = club.lars.user_id
    assert [tuple(entry) for entry in entries] == [("request", lars), ("approve", lars), ("hand_out", lars)]
    assert [theirs.status, his.status] == [RentalStatus.DRAFT] * 2


def test_the_member_gets_one_card_and_nobody_is_asked(session: Session, club: Club, now: datetime) -> None:
    """It says that Lars handed it over; the group hears nothing."""
    club.organization.group_chat_id = -100
    rental = hands_out(session, club, now, "T1")
    rows = session.execute(
        select(Card.kind, Card.chat_id).join(OutboxMessage, OutboxMessage.card_id == Card.id)
    ).all()
    assert [tuple(row) for row in rows] == [(notifications.RENTAL_CARD, club.kari.account_id)]
    assert queries.view(Tx(session, now), rental).is_handed_over


@pytest.mark.parametrize(
    ("rules", "own", "by", "to", "refused"),
    [
        ({}, {}, "lars", "kari", None),
        ({}, {"approval": True}, "lars", "kari", Refused.NEEDS_APPROVAL),
        ({}, {"approval": True}, "anna", "kari", None),
        ({"desk_hands_out": False}, {}, "lars", "kari", Refused.NEEDS_APPROVAL),
        ({"desk_hands_out": False}, {}, "anna", "kari", None),
        ({"desk_hands_out": False}, {"approval": False}, "lars", "kari", None),
        ({"desk_hands_out": False, "approval": False}, {}, "lars", "kari", None),
        ({"approver": "lender"}, {"approval": True}, "lars", "lars", None),
        ({}, {}, "lars", "lars", Refused.NEEDS_APPROVAL),
        ({}, {}, "anna", "anna", None),
        ({}, {}, "kari", "ola", Refused.NOT_ALLOWED),
        ({"longest_days": 1}, {}, "lars", "kari", Refused.TOO_LONG),
        ({}, {"longest_days": 1}, "anna", "kari", Refused.TOO_LONG),
        ({"most_items": 1}, {}, "lars", "kari", Refused.TOO_MANY),
        ({}, {"who_may_rent": "lender"}, "lars", "kari", Refused.NOT_FOR_YOU),
    ],
)
def test_what_the_rules_allow(
    session: Session,
    club: Club,
    now: datetime,
    rules: dict[str, Any],
    own: dict[str, Any],
    by: str,
    to: str,
    refused: Refused | None,
) -> None:
    """A lender needs no approval, unless the rules say so; the limits are those of the member."""
    set_policy(session, club.organization, **rules)
    club.tent.policy = own
    session.flush()
    actors: dict[str, Actor] = {"kari": club.kari, "ola": club.ola, "lars": club.lars, "anna": club.anna}

    def work() -> Rental:
        return hands_out(session, club, now, "T1", "T2", by=actors[by], to=actors[to])

    if refused is None:
        assert work().status is RentalStatus.OUT
    else:
        with refuses(session, refused):
            work()


def test_to_whom_it_cannot_go_is_said_at_once(session: Session, club: Club, now: datetime) -> None:
    """As soon as the member is known, not after the day: not for their role, and while they are overdue."""
    hands_out(session, club, now, "T3", until=1)
    later, t1 = Tx(session, now + timedelta(days=2), club.lars), item_named(session, "T1")
    counter.require_possible(later, [t1.id], club.kari.user_id)
    set_policy(session, club.organization, overdue_blocks=True)
    with refuses(session, Refused.OVERDUE_FIRST):
        counter.require_possible(later, [t1.id], club.kari.user_id)
    counter.require_possible(later, [t1.id], club.ola.user_id)
    club.tent.policy = {"who_may_rent": "lender"}
    with refuses(session, Refused.NOT_FOR_YOU):
        counter.require_possible(later, [t1.id], club.ola.user_id)
    counter.require_possible(later, [t1.id], club.anna.user_id)


def test_who_has_to_ask_is_not_offered_to_hand_out(session: Session, club: Club, now: datetime) -> None:
    """A lender, of what its own rules ask approval for; an admin gives it."""
    club.tent.policy = {"approval": True}
    t1 = item_named(session, "T1")
    assert not counter.goes_unasked(Tx(session, now, club.lars), t1)
    assert counter.goes_unasked(Tx(session, now, club.anna), t1)
    assert not counter.goes_unasked(Tx(session, now, club.kari), t1)


@pytest.mark.parametrize("gone", [{"suspended_at": 0}, {"active_until": 0}])
def test_who_may_not_rent_gets_nothing(
    session: Session, club: Club, now: datetime, gone: dict[str, int]
) -> None:
    """Neither the suspended nor those whose membership is over, who are not proposed either."""
    hands_out(session, club, now, "T3")
    user = session.get_one(User, club.kari.user_id)
    assert counter.recent(Tx(session, now, club.lars)) == [user]
    for name in gone:
        setattr(user, name, now)
    session.flush()
    expected = Refused.RENTER_SUSPENDED if "suspended_at" in gone else Refused.RENTER_LEFT
    with refuses(session, expected):
        hands_out(session, club, now, "T1")
    assert counter.recent(Tx(session, now, club.lars)) == []


def test_what_is_out_says_with_whom(session: Session, club: Club, now: datetime) -> None:
    """The second lender reads who has it."""
    hands_out(session, club, now, "T1")
    with refuses(session, Refused.ITEM_IS_WITH):
        hands_out(session, club, now, "T1", to=club.ola)
    assert not counter.is_free(Tx(session, now, club.lars), item_named(session, "T1"))


def test_promised_from_tomorrow_it_goes_until_then(session: Session, club: Club, now: datetime) -> None:
    """Ola has T1 from tomorrow evening: it goes until tomorrow at most, and T2 could go for longer."""
    promised(session, club, now + timedelta(hours=13), 1, 3, "T1")
    tx, t1, t2 = Tx(session, now, club.lars), item_named(session, "T1"), item_named(session, "T2")
    found = counter.outlook(tx, [t1.id])
    assert found.days == (tx.today, tx.today + timedelta(days=1))
    (needed,) = found.needed
    assert (needed.code, needed.other) == ("T1", "T2")
    with refuses(session, Refused.ONLY_UNTIL):
        counter.require_until(tx, [t1.id], tx.today + timedelta(days=2))
    with refuses(session, Refused.NOT_FREE):
        hands_out(session, club, now, "T1", until=3)
    assert counter.outlook(tx, [t2.id]).needed == ()
    assert hands_out(session, club, now, "T1", until=1).status is RentalStatus.OUT


def test_who_wants_any_gets_another(session: Session, club: Club, now: datetime) -> None:
    """A promise of any tent makes room; with all three promised, none can go beyond it."""
    rental = factories.requested(session, club.ola, now, days(now, 1, 3), (club.tent, 2))
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert hands_out(session, club, now, "T1", until=4).status is RentalStatus.OUT
    t3 = item_named(session, "T3")
    found = counter.outlook(Tx(session, now, club.lars), [t3.id])
    assert [one.other for one in found.needed] == [None]


def test_more_of_a_kind_than_can_go_together(session: Session, club: Club, now: datetime) -> None:
    """Of three, Ola has one in an hour: any two can go, and of all three the one that he was given stays."""
    period = Period(now + timedelta(hours=1), now + timedelta(days=2))
    rental = factories.requested(session, club.ola, now, period, (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    tx, codes = Tx(session, now, club.lars), ("T1", "T2", "T3")
    items = {code: item_named(session, code).id for code in codes}
    given = session.scalars(select(Item.code).join(Claim).where(Claim.rental_id == rental.id)).one()
    found = counter.outlook(tx, list(items.values()))
    assert found.days == () and [one.code for one in found.needed] == [given]
    assert counter.outlook(tx, [items[code] for code in codes if code != "T3"]).days


def test_the_last_at_the_desk_come_first(session: Session, club: Club, now: datetime) -> None:
    """Three of them, each once: whoever brought something back last is the first."""
    four = [factories.member(session, club.organization, now, f"M{number}") for number in range(4)]
    factories.equipment(session, club.organization, now, "Lamp", "L0", "L1", "L2", "L3")

    def later(minutes: int) -> datetime:
        return now + timedelta(minutes=minutes)

    rentals = [
        hands_out(session, club, later(number), f"L{number}", to=who) for number, who in enumerate(four)
    ]
    checkin.take_back(Tx(session, later(9), club.lars), rentals[1].id)
    found = counter.recent(Tx(session, later(10), club.lars))
    assert [user.id for user in found] == [four[i].user_id for i in (1, 3, 2)]


def test_another_organization_s_item_does_not_exist(session: Session, club: Club, now: datetime) -> None:
    """Nor does its member."""
    other = factories.club(session, now, "Turlaget")
    foreign = session.scalars(select(Item.id).filter_by(equipment_id=other.stove.id)).one()
    own = session.scalars(select(Item.id).filter_by(equipment_id=club.stove.id)).one()
    tx = Tx(session, now, club.lars)
    with refuses(session, Refused.NOT_FOUND):
        counter.require_possible(tx, [foreign])
    with refuses(session, Refused.NOT_FOUND):
        counter.hand_out_now(tx, other.kari.user_id, [own], now + timedelta(days=1))


def test_a_day_that_is_over_is_not_offered(session: Session, club: Club, now: datetime) -> None:
    """After closing time it goes until tomorrow at the earliest."""
    tx = Tx(session, now.replace(hour=21), club.lars)
    found = counter.outlook(tx, [item_named(session, "T1").id])
    assert tx.today not in found.days and tx.today + timedelta(days=1) in found.days


def test_what_another_one_would_do_for_is_spare(session: Session, club: Club, now: datetime) -> None:
    """Ola fetches any tent in an hour: the one that he was given can go, and he gets another. T2 he named."""
    period = Period(now + timedelta(hours=1), now + timedelta(days=2))
    rental = factories.requested(session, club.ola, now, period, (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    given = session.scalars(select(Item.code).join(Claim).where(Claim.rental_id == rental.id)).one()
    tx = Tx(session, now, club.lars)
    assert counter.is_spare(tx, item_named(session, given)) and not counter.is_free(
        tx, item_named(session, given)
    )
    assert hands_out(session, club, now, given).status is RentalStatus.OUT
    assert [claim.item_id != item_named(session, given).id for claim in claims(session, rental)] == [True]
    promised(session, club, now, 0, 2, "T2")
    assert not counter.is_spare(tx, item_named(session, "T2"))
