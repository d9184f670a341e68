"""`/token`: from the chat to the API."""

from api.app import create_app
from tests.api.client import Program
from tests.e2e.conftest import World


async def test_a_token_from_the_chat_opens_the_api(sqlite_world: World) -> None:
    """One tap makes it, a button copies it, another revokes it; then it opens nothing any more."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await kari.types("/token")
    await kari.taps("New token")
    shown = await kari.sees(lambda message: any(b.copy for row in message.keyboard for b in row))
    secret = next(b.copy for row in shown.keyboard for b in row if b.copy)
    app = create_app(world.database, world.clock.now)
    program = Program(app, secret)
    me = await program.get("/users/me")
    assert me.json()["first_name"] == "Kari"
    await kari.taps("Revoke", shown)
    await world.settled()
    assert (await program.get("/users/me")).status_code == 401
    await kari.types("/token Kiosk admin")
    refused = await kari.sees(lambda message: message.id > shown.id and not message.keyboard)
    assert "admin" in refused.text
