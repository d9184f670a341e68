"""A rental's whole story by a client made from the OpenAPI document, while the chat shows it."""

from contextlib import AsyncExitStack

import httpx
import pytest
from sqlalchemy.orm import Session

from db.states import RentalStatus
from services.access import tokens
from services.core.tx import Tx
from tests.api.clients.client import unlimited
from tests.api.clients.everything import picture
from tests.api.clients.generated import Answered, Client
from tests.e2e.arrange import actor
from tests.e2e.conftest import World
from tests.e2e.seen import asking, showing

NAMES = ("Kari", "Lars", "Anna")


async def clients(world: World, opened: AsyncExitStack) -> dict[str, Client]:
    """A client of each person, made from the document that the API itself gives."""
    transport = httpx.ASGITransport(unlimited(world.database, world.clock.now))

    async def http(secret: str | None = None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        client = httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers)
        return await opened.enter_async_context(client)

    document = (await (await http()).get("/openapi.json")).json()

    def made(session: Session) -> dict[str, str]:
        by = {name: Tx(session, world.clock.now(), actor(session, world, name)) for name in NAMES}
        return {name: tokens.make(tx, name="Front desk").secret for name, tx in by.items()}

    secrets = await world.database.write(made)
    return {name: Client(document, await http(secret)) for name, secret in secrets.items()}


async def test_a_rental_by_a_generated_client(sqlite_world: World) -> None:
    """Asked for, approved, handed out, extended, returned, confirmed: each is on the cards at once."""
    world = sqlite_world
    async with AsyncExitStack() as opened:
        by = await clients(world, opened)
        kari, lars, anna = by["Kari"], by["Lars"], by["Anna"]
        phone, group = world["Kari"], world.in_group("Anna")
        tent = (await kari.list_equipment(q="tent"))["items"][0]
        await anna.set_photo_of_equipment(equipment_id=tent["id"], photo=("tent.png", picture(), "image/png"))
        await phone.types("/rent tent")
        assert (await phone.sees(asking("rent.first"))).photo is not None

        lines = [{"equipment_id": tent["id"], "quantity": 2}]
        rental = await kari.request_rental(
            lines=lines, first="2026-12-01", last="2026-12-03", idempotency_key="order-1"
        )
        number = rental["id"]
        await phone.sees(showing(RentalStatus.REQUESTED))
        await group.sees(showing(RentalStatus.REQUESTED))
        with pytest.raises(Answered) as refused:
            await kari.approve_rental(rental_id=number)
        assert (refused.value.status, refused.value.problem["code"]) == (403, "not_allowed")
        await anna.approve_rental(rental_id=number)
        await phone.sees(showing(RentalStatus.APPROVED))
        await group.sees(showing(RentalStatus.APPROVED))
        await lars.hand_out_rental(rental_id=number)
        await phone.sees(showing(RentalStatus.OUT))
        await kari.extend_rental(rental_id=number, last="2026-12-05")
        await anna.approve_extension(rental_id=number)
        kept = await kari.get_rental(rental_id=number)
        assert (kept["last"], kept["extension"]) == ("2026-12-05", None)
        back = await kari.return_rental(rental_id=number)
        assert [one["return_reported"] for one in back["items"]] == [True, True]
        assert await lars.list_current_rentals() == {"items": [back], "next_cursor": None, "total": None}
        await lars.confirm_return(rental_id=number)
        await phone.sees(showing(RentalStatus.RETURNED))
        await group.sees(showing(RentalStatus.RETURNED))
        assert (await kari.list_own_rentals())["items"][0]["status"] == "returned"
