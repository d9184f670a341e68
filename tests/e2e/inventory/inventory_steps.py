"""Steps that the keepers of the inventory took before, for tests that are not about them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Equipment
from handlers.ui import conversation
from services.core.tx import Tx
from services.inventory import kits
from services.messaging import conversations, outbox
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World

TENTS_AND_STOVE = {"Tent": 2, "Stove": 1}


async def enters(world: World, who: str, name: str, state: str | None = None, **data: Any) -> None:
    """Somebody comes into a conversation about the inventory, as from a button that leads there."""

    def work(session: Session) -> None:
        now, account = world.clock.now(), world[who].id
        old = session.scalar(select(Row).filter_by(chat_id=account, account_id=account))
        if old is not None:
            conversations.remove(Tx(session, now), old)
        row = Row(
            chat_id=account,
            account_id=account,
            organization_id=world.organization_id,
            name=name,
            state=state or name,
            data=data,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        outbox.render_card(
            Tx(session, now),
            conversation.CARD,
            row.id,
            chat_id=account,
            organization_id=world.organization_id,
        )

    await write(world, work)


async def made_kit(
    world: World, parts: Mapping[str, int] = TENTS_AND_STOVE, name: str = "Camping kit"
) -> int:
    """Anna makes a kit."""

    def work(session: Session) -> int:
        anna, now = actor(session, world, "Anna"), world.clock.now()
        kit = kits.add(Tx(session, now, anna), name)
        for part, quantity in parts.items():
            found = session.scalars(select(Equipment).filter_by(name=part)).one()
            kits.set_part(Tx(session, now, anna), kit.id, found.id, quantity, seen=kit.version)
        return kit.id

    return await write(world, work)
