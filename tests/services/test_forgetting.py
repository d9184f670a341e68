"""Anonymous rentals: what is old says nothing of anybody any more, what is open or younger stays."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    FORMER_MEMBER,
    AuditEntry,
    Base,
    Card,
    Claim,
    DamageNote,
    Item,
    JoinRequest,
    Organization,
    Rental,
    User,
)
from db.states import Condition, RentalStatus
from services import forgetting, periodic
from services.core import identity
from services.core.errors import Refusal
from services.core.tx import Tx
from services.desk import checkin
from services.maintenance import damage, loss
from services.members import directory
from services.messaging import notifications, outbox
from services.onboarding import join_requests
from services.rentals import approval
from services.reports import stats
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import set_policy

SECRET = "for Nils' surprise"
YEAR = timedelta(days=365)


def returned(session: Session, club: Club, now: datetime) -> Rental:
    """Kari's rental, over since tomorrow, with whatever can be written with it, and its card."""
    rental = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    rental.purpose = rental.comment = rental.reason = SECRET
    rental.custom, rental.request_key = {"7": SECRET}, f"{rental.id}:9"
    tx = Tx(session, now, within=club.organization.id)
    outbox.render_card(tx, notifications.RENTAL_CARD, rental.id, chat_id=42)
    checkin.take_back(Tx(session, now + timedelta(days=1), club.lars), rental.id)
    return rental


def forget(session: Session, club: Club, now: datetime) -> None:
    """Do the hourly work as the program does."""
    for job in periodic.jobs(Tx(session, now), periodic.HOURLY):
        job.do(Tx(session, now))
    session.expire_all()


def everything(session: Session) -> str:
    """All rows of the database, as text."""
    return str([list(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables])


def test_who_had_it_is_forgotten_and_what_was_out_counted(
    session: Session, club: Club, now: datetime
) -> None:
    """Not by the default, not a day too early; then no row knows, and the numbers are as before."""
    rental = returned(session, club, now)
    year = now + YEAR
    before = stats.of_year(Tx(session, now + timedelta(days=2), club.anna))
    forget(session, club, now + 20 * YEAR)
    assert rental.user_id == club.kari.user_id
    set_policy(session, club.organization, forget_after_months=12)
    forget(session, club, year)
    assert rental.user_id == club.kari.user_id and rental.purpose == SECRET
    forget(session, club, year + timedelta(days=3))
    assert SECRET not in everything(session)
    nobody = session.get_one(User, rental.user_id)
    assert nobody.is_anonymous and rental.request_key is None
    assert session.scalars(select(Card).filter_by(kind=notifications.RENTAL_CARD)).all() == []
    about = AuditEntry.subject == "rental"
    assert session.scalars(select(AuditEntry).where(about)).all() == []
    after = stats.of_year(Tx(session, now + timedelta(days=2), club.anna))
    assert (after.rentals, after.borrowers, after.most_rented) == (1, 1, before.most_rented)
    noted = session.scalars(select(AuditEntry).filter_by(action="anonymise")).one()
    assert (noted.user_id, noted.details) == (None, {"rentals": 1})


def test_nobody_is_no_member(session: Session, club: Club, now: datetime) -> None:
    """One for each organization; neither listed, nor found, nor counted, nor made twice."""
    set_policy(session, club.organization, forget_after_months=1)
    listed = directory.find(Tx(session, now, club.anna))
    for start in (now, now + timedelta(days=9)):
        returned(session, club, start)
        forget(session, club, start + timedelta(days=60))
    nobody = session.scalars(select(User).filter_by(is_anonymous=True)).one()
    assert (nobody.name, nobody.is_active(now + YEAR)) == (FORMER_MEMBER, False)
    assert directory.find(Tx(session, now + YEAR, club.anna)) == listed
    with pytest.raises(Refusal):
        directory.get(Tx(session, now + YEAR, club.anna), nobody.id)


@pytest.mark.parametrize("what", ["out", "damage", "lost", "requested"])
def test_what_is_still_open_stays(session: Session, club: Club, now: datetime, what: str) -> None:
    """With what the audit says of it, however old; once it is settled it goes."""
    set_policy(session, club.organization, forget_after_months=1)
    late = now + 2 * YEAR
    if what == "requested":
        rental = factories.requested(session, club.kari, now, days(now, 300, 301), (club.tent, 1))
    else:
        rental = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    claim = session.scalars(select(Claim).filter_by(rental_id=rental.id)).one()
    if what == "damage":
        note = damage.report(Tx(session, now, club.kari), rental.id, claim.id, "pole broken")
        checkin.take_back(Tx(session, now, club.lars), rental.id)
    elif what == "lost":
        loss.declare_of(Tx(session, now, club.anna), claim.id, reason="fell into the fjord")
    rental.purpose = SECRET
    session.flush()
    forget(session, club, late)
    about = (AuditEntry.subject == "rental") & (AuditEntry.subject_id == rental.id)
    assert (rental.user_id, rental.purpose) == (club.kari.user_id, SECRET)
    assert session.scalars(select(AuditEntry).where(about)).first() is not None
    if what == "damage":
        session.get_one(DamageNote, note.id).closed_at = late
    elif what == "lost":
        item = session.scalars(select(Item).filter_by(condition=Condition.LOST)).one()
        item.condition = Condition.RETIRED
    elif what == "requested":
        approval.decline(Tx(session, now, club.anna), rental.id, reason=SECRET)
    else:
        checkin.take_back(Tx(session, now + YEAR, club.lars), rental.id)
    session.flush()
    forget(session, club, late)
    assert rental.user_id != club.kari.user_id
    assert SECRET not in everything(session)
    if what == "damage":
        assert session.get_one(DamageNote, note.id).reported_by == rental.user_id


def test_the_audit_and_requests_to_join_go_with_it(session: Session, club: Club, now: datetime) -> None:
    """Entries about things and people that are as old; what is younger, or open, stays."""
    set_policy(session, club.organization, forget_after_months=6, join_requests=True)
    of = club.organization.id
    for account, moment in ((77, now), (78, now), (79, now + YEAR)):
        identity.remember_account(Tx(session, moment), account_id=account, first_name="Nora", language="en")
        request = join_requests.ask(
            Tx(session, moment),
            account_id=account,
            organization_id=of,
            first_name=SECRET,
            last_name="",
            told={"email": SECRET},
        )
        if account != 78:
            join_requests.decline(Tx(session, moment, club.anna), request.id, reason=SECRET)
    forget(session, club, now + YEAR + timedelta(days=1))
    kept = session.scalars(select(JoinRequest).order_by(JoinRequest.account_id))
    assert [one.account_id for one in kept] == [78, 79]
    assert min(session.scalars(select(AuditEntry.at))) >= now + YEAR


def test_other_organizations_keep_theirs(session: Session, club: Club, now: datetime) -> None:
    """Each by its own rule; one that was closed, too."""
    other = factories.club(session, now, "Another club")
    mine, theirs = returned(session, club, now), returned(session, other, now)
    set_policy(session, club.organization, forget_after_months=1)
    session.get_one(Organization, club.organization.id).closed_at = now
    forget(session, club, now + YEAR)
    assert mine.user_id != club.kari.user_id
    assert (theirs.user_id, theirs.purpose) == (other.kari.user_id, SECRET)
    nobody = session.get_one(User, mine.user_id)
    assert nobody.organization_id == club.organization.id


def test_it_goes_in_portions(
    session: Session, club: Club, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest first, until nothing is left; then an hour writes nothing at all."""
    monkeypatch.setattr(forgetting, "RENTALS_AT_ONCE", 2)
    monkeypatch.setattr(forgetting, "ENTRIES_AT_ONCE", 3)
    set_policy(session, club.organization, forget_after_months=1)
    made = [returned(session, club, now + timedelta(days=2 * n)) for n in range(3)]
    late = now + YEAR
    forget(session, club, late)
    assert [one.user_id == club.kari.user_id for one in made] == [False, False, True]
    for _ in range(9):
        forget(session, club, late)
    assert [one.user_id == club.kari.user_id for one in made] == [False] * 3
    before = everything(session)
    forget(session, club, late)
    assert everything(session) == before
    assert {one.status for one in made} == {RentalStatus.RETURNED}


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 12, 31), 1, date(2026, 11, 30)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 3, 31), 13, date(2025, 2, 28)),
        (date(2026, 12, 1), 120, date(2016, 12, 1)),
    ],
)
def test_a_month_ago_is_a_day_that_there_was(day: date, months: int, found: date) -> None:
    """The same number, or the last of a shorter month."""
    assert forgetting.months_before(day, months) == found
