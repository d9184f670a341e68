"""Two members who are one person: seen before, under one afterwards."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AccountLink, ApiToken, AuditEntry, OutboxMessage, Rental, User
from db.session import Database
from db.states import Role
from services.access import tokens
from services.core import references
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import directory, suspensions
from services.members.merging import merge, plan
from services.rentals.booking import request
from tests import factories
from tests.factories import Club, days
from tests.services.office import Office
from tests.services.permissions.assertions import refuses


def test_all_goes_on_under_one(database: Database, now: datetime) -> None:
    """Rentals, tokens, accounts, details and the higher role; what differs is told, and noted."""

    def work(session: Session) -> None:
        club = factories.club(session, now)
        tx = Tx(session, now, club.anna)
        kept, gone = (session.get_one(User, a.user_id) for a in (club.kari, club.lars))
        kept.email, gone.email, gone.phone = "kari@example.org", "lars@example.org", "12345678"
        gone.custom = {"Boat": "yes"}
        rentals = [
            factories.requested(session, one, now, days(now, 1, 3), (club.tent, 1))
            for one in (club.kari, club.lars)
        ]
        basket = request.open_draft(Tx(session, now, club.lars))
        tokens.make(Tx(session, now, club.lars), name="Kiosk")
        suspensions.suspend(tx, gone.id, reason="Late", until=None)
        found = plan.make(tx, kept.id, gone.id)
        told = (found.rentals, found.open_rentals, found.tokens, found.accounts, found.role)
        assert told == (1, 1, 1, (1, 1), Role.LENDER)
        assert (found.fields["phone"], found.fields["Boat"], found.suspends) == ("12345678", "yes", True)
        assert found.differing["email"] == ("kari@example.org", "lars@example.org")
        assert [(one.kept_rental, one.gone_rental) for one in found.same] == [(rentals[0].id, rentals[1].id)]
        merge.merge(tx, kept.id, gone.id)
        assert session.get(User, club.lars.user_id) is None
        assert not any(references.count(session, User, club.lars.user_id).values())
        assert {one.user_id for one in session.scalars(select(Rental))} == {kept.id}
        assert session.get_one(Rental, basket.id).requested_at is None
        assert set(session.scalars(select(AccountLink.user_id).filter_by(user_id=kept.id))) == {kept.id}
        assert session.scalars(select(ApiToken)).one().user_id == kept.id
        assert (kept.role, kept.phone, kept.custom) == (Role.LENDER, "12345678", {"Boat": "yes"})
        assert kept.is_suspended(now)
        entry = session.scalars(select(AuditEntry).filter_by(action="merge")).one()
        assert entry.details["replaced"]["email"] == "lars@example.org"
        assert directory.find(tx, words="Lars").total == 0
        accounts = session.scalars(select(OutboxMessage.chat_id).filter_by(kind="merged")).all()
        assert sorted(accounts) == sorted([club.kari.account_id or 0, club.lars.account_id or 0])

    database.write_now(work)


def test_who_may_merge_whom(session: Session, club: Club, now: datetime) -> None:
    """Nobody above one's own role, not oneself away, nobody with themselves, and no foreigner."""
    ada = factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)
    tx, kari = Tx(session, now, club.anna), club.kari.user_id
    for kept, gone, why in (
        (kari, ada.user_id, Refused.NOT_ALLOWED),
        (ada.user_id, kari, Refused.NOT_ALLOWED),
        (kari, club.anna.user_id, Refused.MERGE_ONESELF),
        (kari, kari, Refused.MERGE_SAME),
        (kari, 10**9, Refused.NOT_FOUND),
    ):
        with refuses(session, why):
            merge.merge(tx, kept, gone)
    with refuses(session, Refused.NOT_ALLOWED):
        merge.merge(Tx(session, now, club.lars), kari, club.ola.user_id)


def test_merging_is_noted_once(office: Office) -> None:
    """In one transaction, with nothing changed that no entry tells of."""
    club = office.club
    office.does(
        lambda s: merge.merge(Tx(s, office.now, club.anna), club.kari.user_id, club.ola.user_id),
        ("user", "merge"),
    )
