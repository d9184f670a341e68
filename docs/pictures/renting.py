"""A rental from the first word to the return."""

from docs.pictures.stage import Stage


async def renting(stage: Stage) -> None:
    """Ola has all small tents for a weekend; Kari takes two for the one before, and sleeping bags."""
    await stage.write("Ola", "/rent Tent, 2 people x4 11.12. 13.12.", sees="Kurven din")
    await stage.picture("norwegian", "Ola", last=2)
    await stage.tap("Ola", "Bekreft", sees="Venter på svar")
    await stage.tap("group", "Approve", sees="Approved by")

    await stage.write("Kari", "/start", sees="/items –")
    await stage.write("Kari", "/rent", sees="What do you need?")
    await stage.picture("rent-list", "Kari", last=2)
    await stage.write("Kari", "tent", sees="found for")
    await stage.tap("Kari", "Tent, 2 people · 4 of 4 free", sees="From which day?")
    await stage.picture("rent-calendar", "Kari")
    await stage.tap("Kari", "4", sees="Until which day?")
    await stage.picture("rent-until", "Kari")
    await stage.tap("Kari", "6", sees="Your basket")
    await stage.tap("Kari", "+", sees="2 × Tent, 2 people")
    await stage.tap("Kari", "Add more", sees="What do you need?")
    await stage.write("Kari", "sleeping bag", sees="1 × Sleeping bag, winter")
    await stage.tap("Kari", "Purpose", sees="What is it for?")
    await stage.write("Kari", "Beginners’ weekend in the snow", sees="Purpose: Beginners")
    await stage.picture("basket", "Kari")
    await stage.tap("Kari", "Confirm", sees="Waiting for an answer")
    await stage.sees("group", "Beginners’ weekend")
    await stage.picture("group-request", "group")


async def deciding(stage: Stage) -> None:
    """Anna says yes to Kari, and no to Ola."""
    await stage.tap("group", "Approve", sees="Approved by Anna")
    await stage.sees("Kari", "Approved by Anna Berg")
    await stage.picture("approved", "Kari")
    await stage.write("Ola", "/rent projector 9.12. 10.12.", sees="Projector")
    await stage.tap("Ola", "Bekreft", sees="Venter på svar")
    await stage.sees("group", "Projector")
    await stage.write("Lars", "/desk", sees="Nothing to do at the desk")
    await stage.write("Anna", "/pending", sees="Waiting for an answer")
    await stage.whole_page("demo")
    await stage.tap("group", "Decline", sees="Why is rental")
    await stage.picture("decline", "group", last=2)
    await stage.tap("group", "Under repair", sees="Declined by Anna")


async def going_out(stage: Stage) -> None:
    """Friday: Kari fetches her things, and asks for a day more."""
    await stage.wait_until("2026-12-03 09:00")
    await stage.sees("group", "overdue")
    await stage.picture("digest", "group")
    await stage.wait_until("2026-12-04 08:00")
    await stage.sees("Kari", "is ready for you")
    await stage.picture("pick-up", "Kari")
    await stage.write("Lars", "/desk", sees="Goes out today")
    await stage.picture("desk", "Lars", last=2)
    await stage.tap("Kari", "Picked up", sees="Out, due")
    await stage.tap("Kari", "Extend", sees="Until which day do you need it?")
    await stage.picture("extend", "Kari")
    await stage.tap("Kari", "7", sees="Extension requested")
    await stage.sees("group", "Asks to keep it")
    await stage.picture("extension", "group")
    await stage.tap("group", "Decline", sees="Out, due")
    await stage.sees("Kari", "cannot be kept")


async def coming_back(stage: Stage) -> None:
    """Reminders, and the return."""
    await stage.wait_until("2026-12-05 09:00")
    await stage.sees("Kari", "is due back")
    await stage.picture("reminder", "Kari")
    await stage.tap("Kari", "Return", sees="waiting for a lender")
    await stage.sees("group", "Confirm return")
    await stage.picture("return", "group")
    await stage.tap("group", "Confirm return", sees="all done")
    await stage.write("Kari", "/rent Sledge 18.12. 20.12.", sees="Your basket")
    await stage.tap("Kari", "Confirm", sees="Waiting for an answer")
    await stage.write("Kari", "/rentals", sees="Your rentals")
    await stage.picture("rentals", "Kari", last=2)
