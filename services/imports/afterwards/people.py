"""The members that an import brought: as it left them, what keeps them from going, and how they go."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, select

from db.models import AccountLink, Invite, User
from services.core import references
from services.core.tx import Tx
from services.imports.afterwards.obstacles import Obstacle, Why, parts
from services.imports.inventory.effects import Whole
from services.imports.members.matching import fingerprints
from services.members import namesakes


def obstacles(tx: Tx, whole: Whole) -> Iterator[Obstacle]:
    """Yield each new member who joined, was changed, or whom anything else tells of."""
    now: dict[int, str] = {}
    for some in parts(whole.users):
        now |= fingerprints(tx, some)
    joined = set(_who(tx, whole, AccountLink.user_id))
    used = {
        id_
        for column in references.columns_to(User)
        if column.table is not Invite.__table__
        for id_ in _who(tx, whole, column)
    }
    names: dict[int, str] = {}
    for some in parts(whole.users):
        names |= {user.id: user.name for user in tx.session.scalars(select(User).where(User.id.in_(some)))}
    for id_, left in whole.users.items():
        if id_ in joined:
            yield Obstacle(names.get(id_, ""), "", Why.JOINED)
        elif id_ in used or now.get(id_) != left:
            yield Obstacle(names.get(id_, ""), "", Why.CHANGED)


def _who(tx: Tx, whole: Whole, column: Any) -> Iterator[int]:
    for some in parts(whole.users):
        yield from tx.session.scalars(select(column).where(column.in_(some)).distinct())


def lock(tx: Tx, whole: Whole) -> None:
    for some in parts(whole.users):
        tx.session.execute(select(User.id).where(User.id.in_(some)).order_by(User.id).with_for_update())


def take_out(tx: Tx, whole: Whole) -> None:
    """Delete the new members with their links; nothing is in the way, and they are locked."""
    for some in parts(whole.users):
        for table, column in ((Invite, Invite.user_id), (User, User.id)):
            gone = delete(table).where(column.in_(some))
            tx.session.execute(gone.execution_options(synchronize_session=False))
    if whole.users:
        namesakes.settle(tx.session, tx.organization_id)
