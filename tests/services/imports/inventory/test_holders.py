"""The holders that a list names, and handing out to them as listed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from db.models import Card, Claim, ImportRun, Item, Rental, User
from db.states import ClaimStatus, RentalStatus, Role
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx
from services.imports.afterwards import holders, undo
from services.imports.afterwards.holders import State
from services.messaging import notifications
from tests import factories
from tests.services.imports.conftest import Club

LIST = (
    "Utstyr;Kode;Lånt av;Returdato;Tilstand\n"
    "Tent;T-1;Kari Holt;;\nTent;T-2;holt, kari;2026-12-04;\nTent;T-3;Ola;;\n"
    "Tent;T-4;per@x.no (Per);1.1.2020;\n"
    "Tent;T-5;Two Names;;\nTent;T-6;M-7;;\nTent;T-7;;;\nRope;R-1;Kari Holt;;\nRope;R-2;Kari Holt;;tapt\n"
)


def people(tx: Tx) -> None:
    for name in ("Kari Holt", "Per Berg", "Mia Dahl", "Two Names", "Two Names"):
        factories.member(tx.session, tx.organization, tx.now, name)
    factories.member(tx.session, tx.organization, tx.now, "Lars Lender", Role.LENDER)
    users = {user.first_name: user for user in tx.session.scalars(select(User))}
    users["Per"].email, users["Mia"].membership_id = "per@x.no", "m-7"
    tx.organization.policy = {"approval": False}


def test_what_the_list_says_members_have_is_handed_out_once(club: Club) -> None:
    """By email, number or full name, until the day in the file or until further notice; others are listed."""

    def act(work: Callable[[Tx], Any], name: str = "Lars") -> Any:
        def whole(session: Any) -> Any:
            user = session.scalars(select(User).filter_by(first_name=name)).one()
            return work(Tx(session, club.now, identity.as_actor(user, 0, club.now)))

        return club.database.write_now(whole)

    club.database.write_now(lambda s: people(Tx(s, club.now, within=club.id)))
    run_id = club.brings(LIST).run_id or 0

    def states(tx: Tx) -> dict[str, State]:
        return {one.code: one.state for one in holders.listed(tx, tx.session.get_one(ImportRun, run_id))}

    others = {"T-3": State.NOBODY, "T-5": State.SEVERAL, "R-2": State.MEMBER}
    given = ("T-1", "T-2", "T-4", "T-6", "R-1")
    assert act(states) == dict.fromkeys(given, State.MEMBER) | others
    with pytest.raises(Refusal) as refusal:
        act(lambda tx: holders.hand_out(tx, run_id), "Kari")
    assert refusal.value.code is Refused.NOT_ALLOWED

    for items in (len(given), 0):
        done: holders.HandedOut = act(lambda tx: holders.hand_out(tx, run_id))
        lost = [(code, to, no.code) for code, to, no in done.refused]
        assert (done.items, lost) == (items, [("R-2", "Kari Holt", Refused.ITEM_NOT_LENDABLE)])
    assert act(states) == dict.fromkeys(given, State.OUT) | others

    def out(tx: Tx) -> dict[str, Any]:
        query = select(Item.code, Rental.due_at).join(Claim, Claim.item_id == Item.id)
        query = query.join(Rental, Rental.id == Claim.rental_id)
        out = (Claim.status == ClaimStatus.OUT) & (Rental.status == RentalStatus.OUT)
        return {
            code: due_at and periods.last_day(due_at, tx.zone).isoformat()
            for code, due_at in tx.session.execute(query.where(out))
        }

    assert act(out) == dict.fromkeys(given) | {"T-2": "2026-12-04"}
    cards = select(func.count(Card.id)).filter_by(kind=notifications.RENTAL_CARD)
    assert act(lambda tx: tx.session.scalar(cards)) == 5  # a rental for each member and day, and its card
    with pytest.raises(Refusal) as refusal:
        club.database.write_now(lambda s: undo.undo(Tx(s, club.now, within=club.id), run_id))
    assert refusal.value.code is Refused.UNDO_TOO_LATE
