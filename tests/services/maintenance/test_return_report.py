"""The report of a return: said per piece, taken back, with a picture; and what follows for others."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Claim, Item, OutboxMessage, Photo, Rental
from db.states import Condition
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin
from services.inventory import condition, locations
from services.maintenance import damage, return_report, service_status
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import refuses


def back(session: Session, club: Club, now: datetime, pieces: int = 1) -> tuple[Rental, int]:
    """A rental that Lars just took back, and that return."""
    rental = factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, pieces))
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    return_id = locations.last_return(session, rental.id)
    assert return_id is not None
    return rental, return_id


def item(session: Session, club: Club, code: str = "T1") -> Item:
    session.expire_all()
    return session.scalars(select(Item).filter_by(organization_id=club.organization.id, code=code)).one()


def said(session: Session, club: Club, now: datetime, return_id: int) -> dict[str, Condition | None]:
    session.expire_all()
    found = return_report.pieces(Tx(session, now, within=club.organization.id), return_id)
    return {piece.code: piece.condition for piece in found}


@pytest.mark.parametrize("condition", [Condition.DAMAGED, Condition.IN_REPAIR, Condition.LOST])
def test_what_is_not_fine_is_so_from_now_on(
    session: Session, club: Club, now: datetime, condition: Condition
) -> None:
    """On the claim and on the item, of that piece alone; each with a row in the audit."""
    _, entry = back(session, club, now, pieces=2)
    t2 = item(session, club, "T2").id
    return_report.say(Tx(session, now, club.lars), entry, t2, condition)
    assert said(session, club, now, entry) == {"T1": None, "T2": condition}
    assert item(session, club, "T2").condition is condition
    assert item(session, club, "T1").condition is Condition.OK
    noted = session.scalars(select(AuditEntry).filter_by(action="condition"))
    assert sorted(one.subject for one in noted) == ["item", "rental"]


def test_fine_takes_back_what_was_said_here(session: Session, club: Club, now: datetime) -> None:
    """A slip of the finger makes nothing damaged; fine by itself changes nothing but the claim."""
    _, entry = back(session, club, now)
    t1 = item(session, club).id
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.LOST)
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.DAMAGED)
    assert item(session, club).condition is Condition.DAMAGED
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.OK)
    assert item(session, club).condition is Condition.OK
    assert said(session, club, now, entry) == {"T1": Condition.OK}


@pytest.mark.parametrize("known", [Condition.DAMAGED, Condition.IN_REPAIR, Condition.RETIRED])
def test_worse_that_others_know_of_stays(
    session: Session, club: Club, now: datetime, known: Condition
) -> None:
    """Neither fine nor damaged lends again what somebody took to repair or retired."""
    _, entry = back(session, club, now)
    item(session, club).condition = known
    session.flush()
    t1 = item(session, club).id
    for known_as in (Condition.OK, Condition.DAMAGED):
        return_report.say(Tx(session, now, club.lars), entry, t1, known_as)
        assert item(session, club).condition is known
        assert said(session, club, now, entry) == {"T1": known_as}


def test_what_was_changed_since_is_not_taken_back(session: Session, club: Club, now: datetime) -> None:
    """Said to be damaged here, sent to repair by somebody else: fine does not fetch it from there."""
    _, entry = back(session, club, now)
    t1 = item(session, club).id
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.DAMAGED)
    note = damage.open_note(Tx(session, now, club.anna), t1, "Torn")
    damage.take_out(Tx(session, now, club.anna), note.id)
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.OK)
    assert item(session, club).condition is Condition.IN_REPAIR


def test_what_was_repaired_and_broke_again_is_not_taken_back(
    session: Session, club: Club, now: datetime
) -> None:
    """It is as it was said here, but others said so since: at the desk, or in the inventory."""
    _, entry = back(session, club, now)
    t1 = item(session, club).id
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.IN_REPAIR)
    for known_as in (Condition.OK, Condition.IN_REPAIR):
        seen = item(session, club).version
        service_status.set_condition(Tx(session, now, club.anna), t1, condition=known_as, seen=seen)
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.OK)
    assert item(session, club).condition is Condition.IN_REPAIR


def test_fine_leaves_it_as_others_found_it(session: Session, club: Club, now: datetime) -> None:
    """Lost by a slip of the finger, of a thing that somebody had sent to repair since it came back."""
    _, entry = back(session, club, now)
    t1 = item(session, club).id
    condition.change(Tx(session, now, club.lars), t1, Condition.IN_REPAIR)
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.LOST)
    return_report.say(Tx(session, now, club.lars), entry, t1, Condition.OK)
    assert item(session, club).condition is Condition.IN_REPAIR


def test_whoever_was_to_have_it_is_told(session: Session, club: Club, now: datetime) -> None:
    """In repair takes it from who has no other, with the reason."""
    ola = factories.requested(session, club.ola, now, days(now, 3, 4), (club.tent, 3))
    _, entry = back(session, club, now)
    t1 = item(session, club).id
    told = return_report.say(Tx(session, now, club.lars), entry, t1, Condition.IN_REPAIR, reason="In repair")
    assert [loss.rental_id for loss in told] == [ola.id]
    messages = session.scalars(select(OutboxMessage).filter_by(kind="withdrawn")).all()
    assert [message.params["reason"] for message in messages] == ["In repair"]


def test_what_went_out_again_is_not_spoken_of(session: Session, club: Club, now: datetime) -> None:
    """An old question does not change what somebody else has by now."""
    _, entry = back(session, club, now)
    later = now + timedelta(hours=1)
    factories.handed_out(session, club, later, days(later, 0, 2), (club.tent, 3))
    with refuses(session, Refused.OUTDATED):
        return_report.say(Tx(session, later, club.lars), entry, item(session, club).id, Condition.LOST)
    with refuses(session, Refused.OUTDATED):
        return_report.add_photo(Tx(session, later, club.lars), entry, "file")


def test_only_lenders_of_this_organisation_say_it(session: Session, club: Club, now: datetime) -> None:
    """Of things that came back then, and in words that there are."""
    _, entry = back(session, club, now)
    t1, t3 = item(session, club).id, item(session, club, "T3").id
    with refuses(session, Refused.NOT_ALLOWED):
        return_report.say(Tx(session, now, club.kari), entry, t1, Condition.LOST)
    with refuses(session, Refused.NOT_ALLOWED):
        return_report.add_photo(Tx(session, now, club.kari), entry, "file")
    with refuses(session, Refused.NOT_ALLOWED):
        return_report.write_down(Tx(session, now, club.kari), entry, "Torn")
    with refuses(session, Refused.OUTDATED):
        return_report.say(Tx(session, now, club.lars), entry, t3, Condition.LOST)
    with refuses(session, Refused.OUTDATED):
        return_report.say(Tx(session, now, club.lars), entry, t1, Condition.RETIRED)
    other = factories.club(session, now, "Turlaget")
    with refuses(session, Refused.NOT_FOUND):
        return_report.say(Tx(session, now, other.lars), entry, t1, Condition.LOST)


def photos(session: Session, rental: Rental) -> list[int | None]:
    session.expire_all()
    return list(
        session.scalars(
            select(Claim.returned_photo_id).filter_by(rental_id=rental.id).order_by(Claim.item_id)
        )
    )


def test_a_photo_is_of_what_is_not_fine(session: Session, club: Club, now: datetime) -> None:
    """A photo is of the pieces that are not fine, or of all of them if nothing was said."""
    rental, entry = back(session, club, now, pieces=2)
    return_report.add_photo(Tx(session, now, club.lars), entry, "all")
    first = photos(session, rental)
    assert first[0] is not None and first[0] == first[1]
    return_report.say(Tx(session, now, club.lars), entry, item(session, club, "T2").id, Condition.DAMAGED)
    return_report.add_photo(Tx(session, now, club.lars), entry, "torn")
    after = photos(session, rental)
    assert after[0] == first[0] and after[1] != first[1]
    assert session.get_one(Photo, after[1]).telegram_file_id == "torn"


def test_words_are_a_damage_note(session: Session, club: Club, now: datetime) -> None:
    """With the picture, on what is not fine; of several things nobody knows which until it is said."""
    _, entry = back(session, club, now, pieces=2)
    with refuses(session, Refused.TAP_EXPECTED):
        return_report.write_down(Tx(session, now, club.lars), entry, "Torn")
    t2 = item(session, club, "T2").id
    return_report.say(Tx(session, now, club.lars), entry, t2, Condition.DAMAGED)
    return_report.write_down(Tx(session, now, club.lars), entry, "Torn")
    return_report.add_photo(Tx(session, now, club.lars), entry, "torn")
    session.expire_all()
    (note,) = damage.open_ones(session, t2)
    assert note.note == "Torn" and note.photo_id is not None
    assert damage.open_ones(session, item(session, club).id) == []


def test_words_about_the_only_thing_make_it_damaged(session: Session, club: Club, now: datetime) -> None:
    """Without any tap."""
    _, entry = back(session, club, now)
    return_report.write_down(Tx(session, now, club.lars), entry, "Torn")
    assert item(session, club).condition is Condition.DAMAGED
