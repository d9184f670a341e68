"""Days that cannot be: each is answered with one clear sentence and changes nothing.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

from handlers.rentals import extension
from handlers.rentals.booking import views
from sandbox.world.records import Message
from services.core.errors import Refused
from tests.e2e.arrange import handed_out
from tests.e2e.conftest import World
from tests.e2e.seen import asking, carrying, refusal, wording

PAST = refusal(Refused.IN_THE_PAST)
UPSIDE_DOWN = refusal(Refused.END_BEFORE_START)
TOO_LONG = refusal(Refused.TOO_LONG, days=30)
TOO_FAR = refusal(Refused.TOO_FAR_AHEAD, days=365)
NO_DATE = refusal(Refused.NOT_A_DATE)

FIRST_DAYS = [
    ("yesterday", PAST),
    ("30.11.2026", PAST),
    ("2020-01-01", PAST),
    ("31.2.", refusal(Refused.NO_SUCH_DAY, day=31, month=2)),
    ("31 november", refusal(Refused.NO_SUCH_DAY, day=31, month=11)),
    ("29.2.2027", refusal(Refused.NO_SUCH_DAY, day=29, month=2)),
    ("2.1.2028", TOO_FAR),
    ("3/4", refusal(Refused.AMBIGUOUS_DATE, choices=["2027-03-04", "2027-04-03"])),
    ("32.12.", NO_DATE),
    ("0", NO_DATE),
    ("-1", NO_DATE),
    ("9" * 20, NO_DATE),
    ("9" * 5000, NO_DATE),
    ("when it rains", NO_DATE),
    ("<b>3</b>", NO_DATE),
    ("🎉", NO_DATE),
    ("٣١ فبراير", NO_DATE),
    ("25:00", NO_DATE),
    ("3.12. - 1.12.", UPSIDE_DOWN),
]
LAST_DAYS = [
    ("2.12.2026", UPSIDE_DOWN),
    ("yesterday", UPSIDE_DOWN),
    ("31.2.", refusal(Refused.NO_SUCH_DAY, day=31, month=2)),
    ("2.1.2027", TOO_LONG),
    ("40 days", TOO_LONG),
    ("9999 months", NO_DATE),
    ("soon", NO_DATE),
]
LINES = [
    ("tent 2020-01-01 2020-01-03", PAST),
    ("tent 3.12. 1.12.2026", UPSIDE_DOWN),
    ("tent 31.2. 3.3.", refusal(Refused.NO_SUCH_DAY, day=31, month=2)),
    ("tent 3.12. 31.2.", refusal(Refused.NO_SUCH_DAY, day=31, month=2)),
    ("tent 2026-12-03 2027-03-01", TOO_LONG),
    ("tent 2028-12-03 2028-12-05", TOO_FAR),
]
EXTENSIONS = [
    ("2.12.2026", refusal(Refused.NOT_LATER, due_at="2026-12-03T19:00:00+00:00")),
    ("yesterday", refusal(Refused.NOT_LATER, due_at="2026-12-03T19:00:00+00:00")),
    ("31.2.", refusal(Refused.NO_SUCH_DAY, day=31, month=2)),
    ("2.1.2028", refusal(Refused.NOT_FREE_UNTIL, until="2026-12-17T19:00:00+00:00")),
    ("later", NO_DATE),
]


async def asked_from(world: World) -> Message:
    """Kari is asked from which day she needs the tent."""
    await world["Kari"].types("/rent tent")
    return await world["Kari"].sees(asking("rent.first"))


async def asked_until(world: World) -> Message:
    """Kari is asked until which day she needs the tent, from the 3rd."""
    await asked_from(world)
    await world["Kari"].taps("3")
    return await world["Kari"].sees(asking("rent.last"))


async def test_first_days_that_cannot_be(sqlite_world: World) -> None:
    """In the past, not in the month, too far ahead, unclear: the question comes again with the reason."""
    kari = sqlite_world["Kari"]
    await asked_from(sqlite_world)
    async with sqlite_world.unchanged():
        for typed, told in FIRST_DAYS:
            await kari.types(typed)
            assert wording(views.first_day) in (await kari.sees(told)).text
    await kari.taps("3")
    assert "⚠️" not in (await kari.sees(asking("rent.last"))).text


async def test_last_days_that_cannot_be(sqlite_world: World) -> None:
    """Before the first day, over the limit, no day: asked again, and the first day is still known."""
    kari = sqlite_world["Kari"]
    await asked_until(sqlite_world)
    async with sqlite_world.unchanged():
        for typed, told in LAST_DAYS:
            await kari.types(typed)
            assert "From Thu 3 Dec 08:00" in (await kari.sees(told)).text
    await kari.taps("4")
    assert "⚠️" not in (await kari.sees(asking("rent.basket"))).text


async def test_days_that_cannot_be_on_one_line(sqlite_world: World) -> None:
    """The tent is understood, the days are asked for anew with the reason, and nothing is requested."""
    kari = sqlite_world["Kari"]
    await asked_from(sqlite_world)  # from here on there is a basket with a tent in it
    async with sqlite_world.unchanged():
        for line, told in LINES:
            await kari.types(f"/rent {line}")
            answer = await kari.sees(told)
            assert "Tent" in answer.text
            assert asking("rent.first")(answer) or asking("rent.last")(answer)


async def test_buttons_made_by_hand_that_carry_no_day(sqlite_world: World) -> None:
    """Only days that a calendar can show are taken from a button."""
    kari = sqlite_world["Kari"]
    message = await asked_from(sqlite_world)
    cancel = next(button.data or "" for button in message.buttons if button.text == "Cancel")
    async with sqlite_world.unchanged():
        for day in ("0001-01-01", "9999-12-31", "2026-02-31", "2026-12-03T10", "", "🎉"):
            for word in (f"from {day}", f"month {day}", f"period {day}/{day}"):
                await kari.taps_data(cancel.replace("cancel", word), message)
                assert await kari.toast() == refusal(Refused.OUTDATED)


async def test_a_button_of_last_weeks_calendar(sqlite_world: World) -> None:
    """A day that was free when the calendar was drawn, and is over when it is tapped."""
    kari, clock = sqlite_world["Kari"], sqlite_world.clock
    await asked_from(sqlite_world)
    await clock.advance(clock.now() + timedelta(days=7))
    async with sqlite_world.unchanged():
        await kari.taps("2")
        await kari.sees(PAST)
    await kari.taps("9")
    await kari.sees(asking("rent.last"))


async def test_a_conversation_left_for_a_week(sqlite_world: World) -> None:
    """Days that have gone by meanwhile are refused, and others can be chosen."""
    kari, clock = sqlite_world["Kari"], sqlite_world.clock
    await asked_until(sqlite_world)
    await clock.advance(clock.now() + timedelta(days=7))
    async with sqlite_world.unchanged():
        await kari.taps("4")
        await kari.sees(PAST)
    await kari.types("12.12.")
    assert "Tue 8 Dec" in (await kari.sees(asking("rent.basket"))).text


async def test_a_basket_left_until_it_was_due(sqlite_world: World) -> None:
    """Confirm says that the days are over, and other days can be chosen."""
    kari, clock = sqlite_world["Kari"], sqlite_world.clock
    await asked_until(sqlite_world)
    await kari.taps("4")
    await kari.sees(asking("rent.basket"))
    await clock.advance(clock.now() + timedelta(days=7))
    async with sqlite_world.unchanged():
        await kari.taps("Confirm")
        await kari.sees(PAST)
    await kari.taps(carrying("days"))
    await kari.sees(asking("rent.first"))


async def test_extensions_until_days_that_cannot_be(sqlite_world: World) -> None:
    """Not later than promised, longer than it may be kept, no day: the rental is due when it was."""
    kari = sqlite_world["Kari"]
    await handed_out(sqlite_world)
    await kari.taps("Extend")
    await kari.sees(asking("extend.ask"))
    async with sqlite_world.unchanged():
        for typed, told in EXTENSIONS:
            await kari.types(typed)
            assert wording(extension._question) in (await kari.sees(told)).text
