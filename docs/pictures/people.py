"""The club's members, its opening hours and its record of who did what, as its leader sees them."""

from playwright.async_api import expect

from docs.pictures.stage import PATIENCE, Stage


async def _rules(stage: Stage) -> None:
    """A new card of /policy: the one that was there before goes."""
    await stage.write("Anna", "/policy", sees="The rules of")
    answer = stage.column("Anna").locator(".message:has-text('/policy') + .message:last-child")
    await expect(answer).to_contain_text("The rules of", timeout=PATIENCE)


async def opening_days(stage: Stage) -> None:
    """Anna opens the club on afternoons; the calendar of a member shows it, and says why not at Christmas."""
    await _rules(stage)
    await stage.tap("Anna", "What may be rented", sees="How many days ahead")
    await stage.tap("Anna", "Longest rental", sees="Tap it, or write a number")
    await stage.picture("policy-rule", "Anna")
    await _rules(stage)
    await stage.tap("Anna", "Opening days", sees="Always open")
    await stage.tap("Anna", "Mo", sees="Monday: 08:00")
    await stage.tap("Anna", "16:00–20:00", sees="Monday: 16:00")
    await stage.tap("Anna", "The same from Monday to Friday", sees="Friday: 16:00")
    await stage.tap("Anna", "Su", sees="Sunday: 08:00")
    await stage.tap("Anna", "Closed", sees="Sunday: closed")
    await stage.tap("Anna", "Back", sees="Friday: 16:00")
    await stage.picture("opening-days", "Anna")
    await stage.tap("Anna", "Closed and extra dates (1)", sees="Christmas")
    await stage.picture("closed-dates", "Anna")
    await stage.write("Kari", "/rent projector 24.12. 27.12.", sees="Closed on Thu 24 Dec")
    await stage.picture("closed-days", "Kari")


async def joining(stage: Stage) -> None:
    """Kari is forgotten, asks to join, and the group reads it."""
    await _rules(stage)
    await stage.tap("Anna", "Joining", sees="without an invite may ask to join")
    await stage.tap("Anna", "Strangers may ask to join", sees="Tap it")
    await stage.tap("Anna", "yes", sees="Strangers may ask to join: yes")
    await stage.tap("Anna", "New members are asked for", sees="Tap what to ask for")
    await stage.tap("Anna", "Phone", sees="asked for: Phone")
    await stage.write("Kari", "/me", sees="Telegram account")
    await stage.picture("me", "Kari")
    await stage.tap("Kari", "Forget me", sees="forget you?")
    await stage.tap("Kari", "Continue", sees="cannot be undone")
    await stage.tap("Kari", "Yes, forget me", sees="has forgotten you")
    await stage.write("Kari", "hello", sees="You can also ask to join")
    await stage.picture("ask-to-join", "Kari", last=2)
    await stage.tap("Kari", "Ask to join Fjellklubben", sees="What is your name?")
    await stage.write("Kari", "Kari Nordmann", sees="What is your phone number?")
    await stage.write("Kari", "+47 912 34 567", sees="has your request")
    await stage.sees("group", "asks to become a member")
    await stage.picture("join-request", "group")


async def who_did_what(stage: Stage) -> None:
    """Anna reads what happened to a sleeping bag."""
    await stage.write("Anna", "/audit BAGW-1", sees="Who did what: BAGW-1")
    await stage.picture("audit", "Anna")


async def another_club(stage: Stage) -> None:
    """Anna makes a second organisation: from then on her messages belong to that."""
    await stage.write("Anna", "/organizations", sees="Your organisations")
    await stage.tap("Anna", "New organisation", sees="What is it called?")
    await stage.write("Anna", "Kajakklubben", sees="Where is it?")
    await stage.tap("Anna", "Europe/Oslo", sees="Which language")
    await stage.tap("Anna", "Norsk", sees="You are its leader")
    await stage.picture("organization", "Anna")
