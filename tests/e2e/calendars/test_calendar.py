"""Subscribing to a calendar, and taking one rental into it."""

import re

import httpx
from ical.calendar_stream import IcsCalendarStream

from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from bot.settings import Web
from db.states import RentalStatus
from handlers.calendars import addresses
from handlers.ui.callbacks import Verb, pack
from sandbox.world.records import Message
from services.core.errors import Refused
from tests.e2e.arrange import approved
from tests.e2e.conftest import World
from tests.e2e.organizations.test_impossible_settings import stored
from tests.e2e.seen import by, refusal, render, saying, showing

ADDRESS = "https://lend.example.org"


async def restarted(world: World) -> int:
    """The program again, with calendars on; returns its port."""
    await world.program.stop()
    world.program = Program(
        token=world.sandbox.token,
        database=world.database,
        api_url=world.sandbox.url,
        clock=world.clock.now,
        render=render,
        limiter=Unpaced(),
        announces=False,
        web=Web(port=0, public_url=ADDRESS, calendar=True),
    )
    await world.program.start()
    assert world.program.service is not None
    return world.program.service.port


def copied(message: Message) -> list[str]:
    return [button.copy for row in message.keyboard or () for button in row if button.copy]


async def test_a_calendar_is_subscribed_to_until_its_address_is_renewed(sqlite_world: World) -> None:
    """With the address from the copy button; the member's own, and all of them for a lender. What is sent no
    longer has the secret in the database's queue. With an impossible setting it is to be asked for later.
    """
    world = sqlite_world
    await approved(world)
    port = await restarted(world)
    lars = world["Lars"]
    await lars.types("/calendar")
    first = await lars.sees(saying("calendar"))
    own, everybodys = copied(first)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", verify=False) as phone:
        answer = await phone.get(everybodys.removeprefix(ADDRESS))
        assert answer.headers["content-type"].startswith("text/calendar")
        (event,) = IcsCalendarStream.calendar_from_ics(answer.text).events
        assert event.summary == "Kari Berg: Tent"
        assert (
            IcsCalendarStream.calendar_from_ics((await phone.get(own.removeprefix(ADDRESS))).text).events
            == []
        )
        await lars.taps_data(pack(addresses.Verb.RENEW, world.organization_id), first)
        second = await lars.sees(lambda message: copied(message) not in ([], [own, everybodys]))
        assert (await phone.get(own.removeprefix(ADDRESS))).status_code == 404
        renewed = copied(second)[1].removeprefix(ADDRESS)
        assert (await phone.get(renewed)).status_code == 200
        await stored(world, timezone="Mars/Olympus")
        later = await phone.get(renewed)
        assert later.status_code == 503 and "retry-after" in later.headers
        await stored(world, timezone="Europe/Oslo")
    await world["Kari"].types("/calendar")
    assert len(copied(await world["Kari"].sees(saying("calendar")))) == 1
    await world.settled()


async def test_an_approved_rental_goes_into_the_calendar(sqlite_world: World) -> None:
    """By a button on its card, also where nothing is served; without calendars `/calendar` says so."""
    world = sqlite_world
    kari = world["Kari"]
    rental = await approved(world)
    card = await kari.sees(showing(RentalStatus.APPROVED))
    await kari.taps(by(Verb.TO_CALENDAR, rental), card)
    sent = await kari.sees(lambda message: message.document is not None)
    file = kari.file_of(sent)
    assert re.fullmatch(rf"rental-{rental}\.ics", file.name)
    (event,) = IcsCalendarStream.calendar_from_ics(file.content.decode()).events
    assert event.summary == "Tent"
    await kari.taps(by(Verb.CANCEL_RENTAL, rental), card)
    await kari.taps(by(Verb.CANCEL_SURELY, rental))
    await kari.sees(showing(RentalStatus.CANCELLED))
    await kari.taps_data(pack(Verb.TO_CALENDAR, rental), card)
    assert await kari.toast() == refusal(Refused.ALREADY, rental_status="cancelled", by="Kari Berg")
    await kari.types("/calendar")
    assert copied(await kari.sees(saying("calendar"))) == []
