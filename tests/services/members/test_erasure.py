"""Being forgotten, where the whole program does not show it: see tests/e2e/members/test_me.py."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import FORMER_MEMBER, AuditEntry, Invite, JoinRequest
from db.states import Role
from services.core import identity
from services.core.tx import Tx
from services.members import erasure, invites
from services.onboarding import join_requests
from tests.factories import Club
from tests.services.permissions.assertions import set_policy

NORA = 77
"""Her account."""


def test_what_somebody_said_when_asking_to_join_goes(session: Session, club: Club, now: datetime) -> None:
    """Name, answers and why not, in the request, in the audit, and in a link that was made out to that
    name; that somebody asked, and was let in, stays.
    """
    of = club.organization.id
    invites.new(Tx(session, now, within=of), role=Role.USER, first_name="Nora", last_name="Dahl")
    set_policy(session, club.organization, join_requests=True, ask=("email",))
    identity.remember_account(Tx(session, now), account_id=NORA, first_name="Nora", language="en")

    def asks() -> int:
        return join_requests.ask(
            Tx(session, now),
            account_id=NORA,
            organization_id=of,
            first_name="Nora",
            last_name="Dahl",
            told={"email": "nora@example.org"},
        ).id

    join_requests.decline(Tx(session, now, club.anna), asks(), reason="Nora Dahl is too young")
    join_requests.approve(Tx(session, now, club.anna), asks())
    nora = identity.resolve(Tx(session, now), account_id=NORA, organization_id=of)
    erasure.forget(Tx(session, now, nora), seen=[])
    session.expire_all()
    kept = session.scalars(select(JoinRequest)).all()
    assert session.scalars(select(Invite.first_name)).all() == [None]
    assert [(k.first_name, k.last_name, k.told, k.reason) for k in kept] == [(FORMER_MEMBER, "", {}, "")] * 2
    told = [str(entry.details) for entry in session.scalars(select(AuditEntry))]
    assert [words for words in told if "Nora" in words or "Dahl" in words or "example" in words] == []
    assert "admit" in session.scalars(select(AuditEntry.action)).all()
