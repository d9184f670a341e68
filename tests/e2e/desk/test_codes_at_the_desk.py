"""Items named by their code at the desk: what each is for, and where it is; and what a tap leaves behind.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import Claim, Item, Location, Organization, Rental
from db.states import ClaimStatus, Condition
from handlers.desk import item_card_views
from handlers.desk.codes.views import Verb as CodeVerb
from handlers.ui.callbacks import Verb
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.messaging import notifications
from services.rentals import approval
from services.rentals.booking import baskets, request
from tests.e2e.arrange import actor, approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, of_kind, saying, wording

ITEM_CARD = of_kind(notifications.ITEM_CARD)


def status_by_code(world: World, number: int) -> dict[str, ClaimStatus]:
    query = (
        select(Item.code, Claim.status)
        .join(Item, Item.id == Claim.item_id)
        .where(Claim.rental_id == number, Claim.status != ClaimStatus.RELEASED)
    )
    return {row.code: row.status for row in world.database.read_now(lambda s: s.execute(query).all())}


async def promised(world: World, who: str, code: str, first: int, last: int) -> int:
    """This very item, approved from so many days ahead."""

    def work(session: Session) -> int:
        now, member = world.clock.now(), actor(session, world, who)
        item = session.scalars(select(Item).filter_by(code=code)).one()
        draft = request.open_draft(Tx(session, now, member))
        baskets.put(Tx(session, now, member), draft, item.equipment_id, 1, item_id=item.id)
        request.set_period(
            Tx(session, now), draft, Period(now + timedelta(days=first), now + timedelta(days=last))
        )
        request.request(Tx(session, now, member), draft.id)
        approval.approve(Tx(session, now, actor(session, world, "Anna")), draft.id)
        return draft.id

    return await write(world, work)


@pytest.mark.both_databases(long=True)
async def test_todays_rental_goes_out_and_not_the_one_of_another_day(world: World) -> None:
    """Kari has T1 promised today and T2 from the 10th: `/handout T2` hands out T2 for today's rental."""
    lars = world["Lars"]
    today = await approved(world, first=0, last=2)
    later = await promised(world, "Kari", "T2", 9, 11)
    await lars.types("/handout T2")
    card = await lars.sees(ITEM_CARD)
    assert str(today) in card.buttons[0].text or "Kari" in card.buttons[0].text
    await lars.taps(card.buttons[0].text)
    await world.settled()
    assert status_by_code(world, today) == {"T2": ClaimStatus.OUT}
    assert status_by_code(world, later) == {"T2": ClaimStatus.HELD}


async def test_a_later_promise_is_a_question(sqlite_world: World) -> None:
    """Nobody fetches a tent today: the card says whose it is and when, and hands it out if that is meant."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    later = await promised(world, "Kari", "T2", 9, 11)
    await lars.types("/handout T2")
    card = await lars.sees(ITEM_CARD)
    assert "Kari Berg" in card.text
    assert by(item_card_views.Verb.HAND_OUT_NOW)(card.buttons[0])
    assert wording(item_card_views._later_button, member=...) in card.buttons[1].text
    await lars.taps(by(Verb.ITEM_OUT))
    await world.settled()
    assert status_by_code(world, later) == {"T2": ClaimStatus.OUT}


async def test_what_exists_is_never_said_to_be_nowhere(sqlite_world: World) -> None:
    """Handed out while out, or free; taken back while here; scanned in repair: named, with its place."""
    world, lars = sqlite_world, sqlite_world["Lars"]

    def prepare(session: Session) -> None:
        shed = Location(organization_id=world.organization_id, name="Shed")
        session.add(shed)
        session.flush()
        session.execute(update(Item).where(Item.code.in_(["T3", "P1"])).values(location_id=shed.id))
        session.execute(update(Item).where(Item.code == "P1").values(condition=Condition.IN_REPAIR))

    await write(world, prepare)
    number = await handed_out(world, what="Stove")
    for words, parts in (
        ("/handout S1", ("S1 · Stove", "Kari Berg")),
        ("/handout T3", ("T3 · Tent", "Shed", wording(item_card_views.card))),
        ("/takeback T3", ("T3 · Tent", "Shed", wording(item_card_views.card))),
        ("/takeback P1", ("P1 · Tarpaulin 3×4", "Shed")),
        (f"/handout {number}", (f"Rental {number}", "Kari Berg")),
    ):
        await lars.types(words)
        await world.settled()
        said = lars.last().text
        assert all(part in said for part in parts), (words, said)
    token = world.database.read_now(lambda s: s.scalars(select(Item.label_token).filter_by(code="P1")).one())
    await lars.opens(f"https://t.me/{world.sandbox.world.bot.username}?start=i_{token}")
    await world.settled()
    assert "P1 · Tarpaulin 3×4" in lars.last().text and "Shed" in lars.last().text


async def test_what_was_taken_back_stays_and_the_next_is_another_message(sqlite_world: World) -> None:
    """Kari brings T1, which Ola fetches today: no Hand out under the finger that took it back."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await handed_out(world)
    before = {m.id for m in world.sandbox.world.newest_first(lars.chat)}
    await write(
        world,
        lambda s: s.execute(update(Rental).values(due_at=world.clock.now() + timedelta(hours=1))),
    )
    await write(
        world,
        lambda s: s.execute(update(Claim).values(blocked_until=world.clock.now() + timedelta(hours=1))),
    )

    def next_one(session: Session) -> int:
        now, ola = world.clock.now(), actor(session, world, "Ola")
        draft = request.open_draft(Tx(session, now, ola))
        item = session.scalars(select(Item).filter_by(code="T1")).one()
        baskets.put(Tx(session, now, ola), draft, item.equipment_id, 1, item_id=item.id)
        request.set_period(Tx(session, now), draft, Period(now + timedelta(hours=2), now + timedelta(days=2)))
        request.request(Tx(session, now, ola), draft.id)
        approval.approve(Tx(session, now, actor(session, world, "Anna")), draft.id)
        return draft.id

    number = await write(world, next_one)
    await lars.types("/takeback T1")
    card = await lars.sees(ITEM_CARD)
    await lars.taps("Take back")
    await world.settled()
    after = lars.last("T1 · Tent")
    assert after.id == card.id and after.id not in before
    assert wording(item_card_views._happened, "RETURNED", member="Kari Berg", id=...) in after.text
    assert not any(by(Verb.ITEM_OUT)(b) or by(Verb.HAND_OUT)(b) for b in after.buttons)
    await lars.taps(by(item_card_views.Verb.NEXT))
    await world.settled()
    following = lars.last("T1 · Tent")
    assert following.id != card.id and by(Verb.ITEM_OUT)(following.buttons[0])
    await lars.taps("Hand out")
    await world.settled()
    assert status_by_code(world, number) == {"T1": ClaimStatus.OUT}
    # What was handed out stays as well: no Take back where Hand out was.
    buttons = lars.last("T1 · Tent").buttons
    assert not by(Verb.TAKE_BACK)(buttons[0])


async def test_serial_numbers_and_unknown_codes_as_text(sqlite_world: World) -> None:
    """A lender writes what is printed on a thing; what is not known can be given to one. Members, by the rule
    that shows them serial numbers.
    """
    world, lars, kari = sqlite_world, sqlite_world["Lars"], sqlite_world["Kari"]

    def number(session: Session) -> None:
        session.scalars(select(Item).filter_by(code="T3")).one().serial_number = "SN 1-7x"

    await write(world, number)
    await lars.types("sn 1-7X")
    assert "T3" in (await lars.sees(of_kind(notifications.ITEM_CARD))).text
    await lars.types("4006381333931")
    await lars.taps(by(CodeVerb.GIVE_CODE))
    await lars.sees(asking("give_code.which"))
    await lars.types("/cancel")
    await kari.types("SN 1-7x")
    await kari.sees(saying("not_understood"))

    def show(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        of.policy = {**of.policy, "serial_numbers_shown": True}

    await write(world, show)
    await kari.types("SN 1-7x")
    assert "T3" in (await kari.sees(asking("rent.first"))).text
