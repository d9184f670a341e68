"""`/audit` from a phone: who did what, newest first, about a person or a thing. Leaders alone read it."""

import pytest
from sqlalchemy.orm import Session

from db.models import User
from db.states import Role
from handlers.reports import audit_sentences, audit_views
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import creation
from tests.e2e.arrange import actor, another_club, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.replies import NOT_FOUND, at_hand, told
from tests.e2e.seen import asking, carrying, refusal, wording

HANDED_OUT = wording(audit_sentences, "hand_out", who=..., what=..., pieces=...)
ONLY_LEADERS = refusal(Refused.NOT_ALLOWED, needed="leader")


async def test_a_leader_reads_who_did_what(sqlite_world: World) -> None:
    """All of it, then an item's, then one person's, each by writing what is meant."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    number = await handed_out(world)
    async with world.unchanged():
        await ada.types("/audit")
        card = await ada.sees(asking("audit.list"))
        assert "Tue 1 Dec" in card.text
        assert (
            wording(
                audit_sentences,
                "hand_out",
                who="Lars Berg",
                what=f"rental {number} (Kari Berg)",
                pieces="T1.",
            )
            in card.text
        )
        assert card.text.index(HANDED_OUT) < card.text.index("approved")
        await ada.types("t2")
        assert (
            wording(audit_views.card, "shown") in (await ada.sees(wording(audit_views.card, name="T2"))).text
        )
        await ada.types("anna")
        card = await ada.sees(wording(audit_views.card, name="Anna Berg"))
        assert HANDED_OUT not in card.text
        assert f"Anna Berg approved rental {number}" in card.text
        await ada.taps(carrying("all"))
        await ada.sees(HANDED_OUT)
        await ada.types("berg")
        await ada.sees(asking("audit.choice"))
        await ada.taps("👤 Kari Berg")
        assert (
            wording(audit_sentences, "request", who="Kari Berg", what=...)
            in (await ada.sees(wording(audit_views.card, name="Kari Berg"))).text
        )
        await ada.types("nobody")
        await ada.sees(wording(audit_views.choice, words="nobody"))
        await ada.types(f"/audit {number}")
        await ada.sees(wording(audit_views.card, name=f"rental {number}"))
        await ada.taps(carrying("cancel"))
        await ada.sees("Closed.")


async def test_pages_go_back_in_time_and_forth(sqlite_world: World) -> None:
    """Ten entries at a time."""
    world, ada = sqlite_world, sqlite_world["Ada"]

    def work(session: Session) -> None:
        for number in range(25):
            creation.items(
                Tx(session, world.clock.now(), actor(session, world, "Anna")), 1, code=f"N{number}"
            )

    await write(world, work)
    await ada.types("/audit")
    await ada.sees("“N24 (Tent)”")
    await ada.taps(carrying("older"))
    await ada.sees("“N14 (Tent)”")
    await ada.taps(carrying("older"))
    await ada.sees("“N4 (Tent)”")
    assert ada.button_labels() == ["‹ Newer", "Close"]
    await ada.taps(carrying("newer"))
    await ada.sees("“N14 (Tent)”")
    await ada.taps(carrying("newer"))
    card = await ada.sees("“N24 (Tent)”")
    assert "‹ Newer" not in [button.text for button in card.buttons]


@pytest.mark.parametrize("name", ["Kari", "Lars", "Anna"])
async def test_nobody_else_reads_it(sqlite_world: World, name: str) -> None:
    """Not an admin either."""
    await requested(sqlite_world)
    async with sqlite_world.unchanged():
        assert await told(sqlite_world, sqlite_world[name].types("/audit kari")) == ONLY_LEADERS


async def test_who_is_no_leader_any_more_reads_no_further(sqlite_world: World) -> None:
    """The card is there, and its buttons lead nowhere."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await requested(world)
    await ada.types("/audit berg")
    card = await ada.sees(asking("audit.choice"))

    def work(session: Session) -> None:
        session.get_one(User, actor(session, world, "Ada").user_id).role = Role.ADMIN

    await write(world, work)
    assert await told(world, ada.taps(carrying("all"), card)) == ONLY_LEADERS
    assert ONLY_LEADERS in await told(world, ada.types("tent"))


async def test_nothing_of_another_club_is_read(sqlite_world: World) -> None:
    """Neither by what is written nor by a button made by hand."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await another_club(world)
    for words in ("K9", "kayak", "petra", "900000001"):
        await ada.types(f"/audit {words}")
        await ada.sees(wording(audit_views.choice, words=words))
    await ada.types("/audit berg")
    card = await ada.sees(asking("audit.choice"))
    data = next(button.data or "" for button in card.buttons if button.text == "👤 Kari Berg")
    for kind in ("person", "item", "equipment", "rental", "nothing"):
        foreign = data.rsplit(" ", 2)[0] + f" {kind} 900000001"
        assert await at_hand(world, ada, foreign, card) == NOT_FOUND
