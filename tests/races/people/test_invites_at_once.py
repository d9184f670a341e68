"""One invite that works once, and two people who open it at the same moment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ChatAccount, Invite, User
from db.session import Database
from db.states import Role
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import invites
from services.onboarding import joining
from tests import factories
from tests.races.harness.acting import prepared, race, require_one
from tests.races.harness.processes import Racers
from tests.races.harness.rounds import each_round
from tests.transactions import in_tx

FIRST_ACCOUNT = 50_000


def strangers(session: Session, now: datetime) -> list[tuple[int, int, int]]:
    """Of each round the invite, and the chat accounts of two whom nobody knows."""
    club = factories.club(session, now)
    found = []
    for number in each_round():
        token = invites.make(Tx(session, now, club.anna), role=Role.USER)
        one, other = FIRST_ACCOUNT + 2 * number, FIRST_ACCOUNT + 2 * number + 1
        session.add_all(ChatAccount(id=account, first_name="", created_at=now) for account in (one, other))
        session.flush()
        invite = select(Invite.id).filter_by(token_hash=invites.hash_of(token))
        found.append((session.scalars(invite).one(), one, other))
    return found


def test_one_of_two_joins(database: Database, racers: Racers, now: datetime) -> None:
    """The other reads that the invite was used, and is nobody's member."""
    found = prepared(database, strangers, now)
    acts = [
        [
            in_tx(joining.join, now, account_id=account, invite_id=invite, first_name=f"New {invite}")
            for account in accounts
        ]
        for invite, *accounts in found
    ]
    require_one(race(racers, database, [(first, second) for first, second in acts]), Refused.INVITE_USED)

    def check(session: Session) -> None:
        new = select(User.first_name).where(User.first_name.startswith("New "))
        assert sorted(session.scalars(new)) == sorted(f"New {invite}" for invite, _, _ in found)
        assert set(session.scalars(select(Invite.uses_left))) == {0}

    database.read_now(check)
