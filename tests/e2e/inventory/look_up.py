"""Things of the club by their code or name, and places for them."""

from sqlalchemy import select

from db.models import Equipment, Item, Location
from tests.e2e.arrange import write
from tests.e2e.conftest import World


def item(world: World, code: str) -> Item:
    return world.database.read_now(lambda s: s.scalars(select(Item).filter_by(code=code)).one())


def equipment(world: World, name: str) -> Equipment:
    return world.database.read_now(lambda s: s.scalars(select(Equipment).filter_by(name=name)).one())


async def places(world: World, *names: str) -> None:
    await write(
        world,
        lambda s: s.add_all([Location(organization_id=world.organization_id, name=name) for name in names]),
    )
