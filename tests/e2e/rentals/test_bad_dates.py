"""Days that cannot be: each is answered with one clear sentence and changes nothing.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

from sandbox.records import Message
from tests.e2e.arrange import handed_out
from tests.e2e.conftest import World

PAST = "That is in the past. Choose today or a later day."
UPSIDE_DOWN = "The end comes before the start. Choose a later end."
TOO_LONG = "That is too long: at most 30 days at a time."
TOO_FAR = "That is too far ahead: at most 365 days from now."
NO_DATE = "I did not understand the day. Write it like 1.12., tomorrow or friday, or tap it."

FIRST_DAYS = [
    ("yesterday", PAST),
    ("30.11.2026", PAST),
    ("2020-01-01", PAST),
    ("31.2.", "There is no 31.2. Choose another day."),
    ("31 november", "There is no 31.11. Choose another day."),
    ("29.2.2027", "There is no 29.2. Choose another day."),
    ("2.1.2028", TOO_FAR),
    ("3/4", "That could be Thu 4 Mar 2027 or Sat 3 Apr 2027."),
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
    ("31.2.", "There is no 31.2. Choose another day."),
    ("2.1.2027", TOO_LONG),
    ("40 days", TOO_LONG),
    ("9999 months", NO_DATE),
    ("soon", NO_DATE),
]
LINES = [
    ("tent 2020-01-01 2020-01-03", PAST),
    ("tent 3.12. 1.12.2026", UPSIDE_DOWN),
    ("tent 31.2. 3.3.", "There is no 31.2. Choose another day."),
    ("tent 3.12. 31.2.", "There is no 31.2. Choose another day."),
    ("tent 2026-12-03 2027-03-01", TOO_LONG),
    ("tent 2028-12-03 2028-12-05", TOO_FAR),
]
EXTENSIONS = [
    ("2.12.2026", "You have it until Thu 3 Dec 20:00 already. Choose a later day."),
    ("yesterday", "You have it until Thu 3 Dec 20:00 already. Choose a later day."),
    ("31.2.", "There is no 31.2. Choose another day."),
    ("2.1.2028", "Not that long. You could keep it until Thu 17 Dec 20:00."),
    ("later", NO_DATE),
]


async def asked_from(world: World) -> Message:
    """Kari is asked from which day she needs the tent."""
    await world["Kari"].types("/rent tent")
    return await world["Kari"].sees("From which day?")


async def asked_until(world: World) -> Message:
    """Kari is asked until which day she needs the tent, from the 3rd."""
    await asked_from(world)
    await world["Kari"].taps("3")
    return await world["Kari"].sees("Until which day?")


async def test_first_days_that_cannot_be(sqlite_world: World) -> None:
    """In the past, not in the month, too far ahead, unclear: the question comes again with the reason."""
    kari = sqlite_world["Kari"]
    await asked_from(sqlite_world)
    async with sqlite_world.unchanged():
        for typed, told in FIRST_DAYS:
            await kari.types(typed)
            assert "From which day?" in (await kari.sees(told)).text
    await kari.taps("3")
    assert "⚠️" not in (await kari.sees("Until which day?")).text


async def test_last_days_that_cannot_be(sqlite_world: World) -> None:
    """Before the first day, over the limit, no day: asked again, and the first day is still known."""
    kari = sqlite_world["Kari"]
    await asked_until(sqlite_world)
    async with sqlite_world.unchanged():
        for typed, told in LAST_DAYS:
            await kari.types(typed)
            assert "From Thu 3 Dec 08:00" in (await kari.sees(told)).text
    await kari.taps("4")
    assert "⚠️" not in (await kari.sees("Your basket")).text


async def test_days_that_cannot_be_on_one_line(sqlite_world: World) -> None:
    """The tent is understood, the days are asked for anew with the reason, and nothing is requested."""
    kari = sqlite_world["Kari"]
    await asked_from(sqlite_world)  # from here on there is a basket with a tent in it
    async with sqlite_world.unchanged():
        for line, told in LINES:
            await kari.types(f"/rent {line}")
            answer = await kari.sees(told)
            assert "Tent" in answer.text
            assert "which day?" in answer.text


async def test_buttons_made_by_hand_that_carry_no_day(sqlite_world: World) -> None:
    """Only days that a calendar can show are taken from a button."""
    kari = sqlite_world["Kari"]
    message = await asked_from(sqlite_world)
    cancel = next(button.data or "" for button in message.buttons if button.text == "Cancel")
    async with sqlite_world.unchanged():
        for day in ("0001-01-01", "9999-12-31", "2026-02-31", "2026-12-03T10", "", "🎉"):
            for word in (f"from {day}", f"month {day}", f"period {day}/{day}"):
                await kari.taps_data(cancel.replace("cancel", word), message)
                assert await kari.toast() == "This button is out of date. Start again with /rent or /help."


async def test_a_button_of_last_weeks_calendar(sqlite_world: World) -> None:
    """A day that was free when the calendar was drawn, and is over when it is tapped."""
    kari, clock = sqlite_world["Kari"], sqlite_world.clock
    await asked_from(sqlite_world)
    await clock.advance(clock.now() + timedelta(days=7))
    async with sqlite_world.unchanged():
        await kari.taps("2")
        await kari.sees(PAST)
    await kari.taps("9")
    await kari.sees("Until which day?")


async def test_a_conversation_left_for_a_week(sqlite_world: World) -> None:
    """Days that have gone by meanwhile are refused, and others can be chosen."""
    kari, clock = sqlite_world["Kari"], sqlite_world.clock
    await asked_until(sqlite_world)
    await clock.advance(clock.now() + timedelta(days=7))
    async with sqlite_world.unchanged():
        await kari.taps("4")
        await kari.sees(PAST)
    await kari.types("12.12.")
    assert "Tue 8 Dec" in (await kari.sees("Your basket")).text


async def test_a_basket_left_until_it_was_due(sqlite_world: World) -> None:
    """Confirm says that the days are over, and other days can be chosen."""
    kari, clock = sqlite_world["Kari"], sqlite_world.clock
    await asked_until(sqlite_world)
    await kari.taps("4")
    await kari.sees("Your basket")
    await clock.advance(clock.now() + timedelta(days=7))
    async with sqlite_world.unchanged():
        await kari.taps("Confirm")
        await kari.sees(PAST)
    await kari.taps("Other days")
    await kari.sees("From which day?")


async def test_extensions_until_days_that_cannot_be(sqlite_world: World) -> None:
    """Not later than promised, longer than it may be kept, no day: the rental is due when it was."""
    kari = sqlite_world["Kari"]
    await handed_out(sqlite_world)
    await kari.taps("Extend")
    await kari.sees("Until which day do you need it?")
    async with sqlite_world.unchanged():
        for typed, told in EXTENSIONS:
            await kari.types(typed)
            assert "Until which day do you need it?" in (await kari.sees(told)).text
