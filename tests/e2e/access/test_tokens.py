"""From the chat to the API and back: tokens, logins by QR code, and what people read of what programs do."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.app import create_app
from api.settings import ApiSettings
from db.models import Organization, Rental, User
from db.session import Database
from tests.api.clients.client import Program, unlimited
from tests.e2e.conftest import World


async def test_a_token_from_the_chat_opens_the_api(sqlite_world: World) -> None:
    """One tap makes it, a button copies it, another revokes it; then it opens nothing any more."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await kari.types("/token")
    await kari.taps("New token")
    shown = await kari.sees(lambda message: any(b.copy for row in message.keyboard for b in row))
    secret = next(b.copy for row in shown.keyboard for b in row if b.copy)
    app = unlimited(world.database, world.clock.now)
    program = Program(app, secret)
    me = await program.get("/users/me")
    assert me.json()["first_name"] == "Kari"
    await kari.taps("Revoke", shown)
    await world.settled()
    assert (await program.get("/users/me")).status_code == 401
    await kari.types("/token Kiosk admin")
    refused = await kari.sees(lambda message: message.id > shown.id and not message.keyboard)
    assert "admin" in refused.text


async def secret_of(world: World, name: str, words: str) -> str:
    """The token that somebody gets for these words."""
    await world[name].types(f"/token {words}")
    shown = await world[name].sees(lambda message: any(b.copy for row in message.keyboard for b in row))
    return next(b.copy for row in shown.keyboard for b in row if b.copy)


async def test_a_rental_half_by_program_half_in_the_chat(sqlite_world: World) -> None:
    """A program asks, the group gets its card and approves; a program hands out, and the member reads it."""
    world = sqlite_world
    app = unlimited(world.database, world.clock.now)
    kari = Program(app, await secret_of(world, "Kari", "Kiosk"))
    lars = Program(app, await secret_of(world, "Lars", "Counter"))
    tent = (await kari.get("/equipment", params={"q": "tent"})).json()["items"][0]["id"]
    days = {"first": "2026-12-01", "last": "2026-12-03"}
    asked = await kari.post("/rentals", {"lines": [{"equipment_id": tent}], **days})
    path = f"/rentals/{asked.json()['id']}"
    anna = world.in_group("Anna")
    await anna.sees("Kari Berg")
    await anna.taps("Approve")
    await world["Kari"].sees("Anna")
    await world.settled()
    assert (await kari.get(path)).json()["status"] == "approved"
    assert (await lars.post(f"{path}/hand-out")).json()["status"] == "out"
    await world.settled()
    assert state_of(world.database, asked.json()["id"]) == "out"
    ada = world["Ada"]
    await ada.types("/audit")
    await ada.sees("Lars Berg (API: Counter)")


def state_of(database: Database, rental_id: int) -> str:
    return database.read_now(lambda session: session.get_one(Rental, rental_id).status.value)


async def test_a_login_by_qr_code_is_confirmed_in_the_chat(sqlite_world: World) -> None:
    """The page shows a link; who opens it is asked, and signs in with one tap."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    bot = world.program.application.bot.username
    app = create_app(world.database, world.clock.now, ApiSettings(bot_username=bot))
    page = Program(app)
    begun = (await page.post("/login/qr", {"name": "Front desk"})).json()
    await kari.opens(begun["link"])
    await kari.sees("Front desk")
    await kari.taps("Sign in")
    await world.settled()
    given = await page.post("/login/qr/token", {"secret": begun["secret"]})
    assert (await Program(app, given.json()["token"]).get("/users/me")).json()["first_name"] == "Kari"


async def test_a_forgotten_password_is_set_again(sqlite_world: World) -> None:
    """The chat sends a button, the button a code, and the code sets the password."""
    world, kari = sqlite_world, sqlite_world["Kari"]

    def allow(session: Session) -> None:
        session.get_one(Organization, world.organization_id).policy = {"passwords": True}
        session.scalars(select(User).filter_by(first_name="Kari")).one().username = "kari"

    world.database.write_now(allow)
    page = Program(unlimited(world.database, world.clock.now))
    await page.post("/login/link", {"username": "kari"})
    await kari.taps("New password")
    shown = await kari.sees(lambda message: any(b.copy for row in message.keyboard for b in row))
    code = next(b.copy for row in shown.keyboard for b in row if b.copy)
    password = {"code": code, "new_password": "correct horse battery"}
    assert (await page.post("/login/password", password)).status_code == 200
    signed_in = await page.post("/login", {"username": "kari", "password": "correct horse battery"})
    assert signed_in.json()["role"] == "user"
