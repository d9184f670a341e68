"""The desk: a pile of requests, from member to member, back with a damage, late and waiting."""

from docs.pictures.stage import Stage

A_MINUTE = 70_000
"""Milliseconds."""


async def piling_up(stage: Stage) -> None:
    """Kari's sledge waits; with three more the group gets one card, and Anna says yes to all of it."""
    await stage.write("Kari", "/rent GPS 5.12. 6.12.", sees="GPS")
    await stage.tap("Kari", "Confirm", sees="Waiting for an answer")
    await stage.write("Ola", "/rent GPS 7.12. 8.12.", sees="GPS")
    await stage.tap("Ola", "Bekreft", sees="Venter på svar")
    await stage.write("Ola", "/rent Sledge 9.12. 10.12.", sees="Sledge")
    await stage.tap("Ola", "Bekreft", sees="Venter på svar")
    await stage.sees("group", "4 requests are waiting for an answer", patience=A_MINUTE)
    await stage.picture("pile", "group")
    await stage.tap("group", "Approve all", sees="has approved 4 requests")
    await stage.write("Kari", "/rent Sledge 12.12. 13.12.", sees="Your basket")
    await stage.tap("Kari", "Confirm", sees="Waiting for an answer")
    await stage.sees("group", "Sat 12 Dec", patience=A_MINUTE)
    await stage.tap("group", "Approve", sees="Approved by")


async def handing_over(stage: Stage) -> None:
    """Kari gives the GPS to Ola, who has it next; both confirm."""
    await stage.write("Lars", "/handout GPS-1", sees="Kari Nordmann")
    await stage.tap("Lars", "Hand out", sees="Out, due")
    await stage.wait_until("2026-12-06 17:00")
    await stage.write("Kari", "/return", sees="Hand over to Ola Hansen")
    await stage.tap("Kari", "Hand over to Ola Hansen", sees="is asked to confirm")
    await stage.picture("hand-over", "Kari")
    await stage.sees("Ola", "Har du fått det?")
    await stage.picture("hand-over-asked", "Ola")
    await stage.tap("Ola", "Ja, jeg har det", sees="Gitt videre av Kari Nordmann")
    await stage.picture("handed-over", "Ola", last=2)


async def taking_back(stage: Stage) -> None:
    """Lars takes it back, and says how it is."""
    await stage.wait_until("2026-12-08 17:00")
    await stage.write("Lars", "/takeback GPS-1", sees="Take back")
    await stage.tap("Lars", "Take back", sees="where did you put it?")
    await stage.tap("Lars", "Damaged", sees="GPS-1: damaged")
    await stage.sees("Lars", "Condition: damaged")
    await stage.picture("take-back", "Lars", last=2)
    await stage.write("Lars", "The screen is cracked", sees="GPS-1: damaged")
    await stage.sees("group", "The screen is cracked", patience=A_MINUTE)
    await stage.picture("damage", "group")


async def being_late(stage: Stage) -> None:
    """Ola has not brought the sledge back, and Kari has it next."""
    await stage.wait_until("2026-12-09 09:00")
    await stage.write("Lars", "/desk", sees="Goes out today")
    await stage.tap("Lars", "Hand out: Ola Hansen", sees="/desk")
    await stage.sees("Ola", "innen tor. 10. des.")
    await stage.wait_until("2026-12-10 21:00:01")
    await stage.sees("Kari", "has not come back from the last rental")
    await stage.picture("late-and-waiting", "Kari")
    await stage.sees("group", "is overdue, and somebody is waiting", patience=A_MINUTE)
    await stage.picture("late-and-waiting-group", "group")


CHAPTERS = (piling_up, handing_over, taking_back, being_late)
