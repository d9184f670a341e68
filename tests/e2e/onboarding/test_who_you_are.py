"""A person's name as they join, the next steps, and changing it later."""

from sqlalchemy import select

from db.models import User
from db.states import Role
from handlers.onboarding import help, next_steps
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import invites
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, carrying, saying


async def test_from_the_first_name_to_the_next_steps(sqlite_world: World) -> None:
    """Telegram's name is a tap away; what is none is asked again, and taken when somebody insists."""
    world = sqlite_world
    token = await write(
        world,
        lambda s: invites.make(Tx(s, world.clock.now(), actor(s, world, "Ada")), role=Role.ADMIN, uses=2),
    )
    nora = world["Nora"]
    await nora.opens(token)
    await nora.sees(asking("join.ask"))
    for no_name in (
        *("hello", "What is this?", "nora@example.org", "91234567", "Storgata 5", "https://x.no"),
        *("tents", "can I borrow a tent", "my rentals"),
    ):
        await nora.types(no_name)
        await nora.sees(asking("join.ask", Refused.NOT_A_NAME))
    for command in ("/rent tent", "/start"):
        await nora.types(command)
        await nora.sees(asking("join.ask"))
    await nora.taps(carrying("as"))
    welcome = await nora.sees(saying("welcome", name="Nora"))
    for command, what in (("rent", "rent.pick"), ("items", "rent.pick")):
        await nora.taps(by(next_steps.Verb.GO, arg=command), welcome)
        await nora.sees(asking(what))
    await nora.taps(by(next_steps.Verb.GO, arg="invite"), welcome)
    await nora.sees(saying("invite_roles"))

    await nora.types("/help")
    await world.settled()
    await nora.taps(by(help.Verb.HELP, arg="admin"))
    await world.settled()
    await nora.taps(by(help.Verb.HELP, arg=""))

    # Whoever is called so says it twice.
    hi = world["Hi"]
    await hi.opens(token)
    await hi.sees(asking("join.ask"))
    await hi.types("Hei")
    await hi.sees(asking("join.ask", Refused.NOT_A_NAME))
    await hi.types("Hei")
    await hi.sees(saying("welcome", name="Hei"))


async def test_changing_ones_own_details(sqlite_world: World) -> None:
    """Name, email and telephone, each with what is wrong; nothing else, and nobody else's."""
    world = sqlite_world
    kari = world["Kari"]
    await kari.types("/me")
    for field, wrong, problem, right in (
        ("name", "hello", Refused.NOT_A_NAME, "Kari  Berg-Dahl"),
        ("email", "kari", Refused.BAD_EMAIL, "Kari@Example.org"),
        ("phone", "12", Refused.BAD_PHONE, "+47 912 34 567"),
    ):
        await kari.sees(asking("me.home"))
        await kari.taps(carrying("change", field))
        await kari.sees(asking("me.change"))
        await kari.types(wrong)
        await kari.sees(asking("me.change", problem))
        await kari.types(right)
        await kari.sees(asking("me.home"))
        await world.settled()
    await kari.taps(carrying("change", "email"))
    await kari.sees(asking("me.change"))
    await kari.taps(carrying("clear"))
    await kari.sees(asking("me.home"))
    await world.settled()
    query = select(User).where(User.first_name == "Kari")
    user = await world.database.read(lambda s: s.scalars(query).one())
    assert (user.name, user.email, user.phone) == ("Kari Berg-Dahl", None, "+47 912 34 567")
