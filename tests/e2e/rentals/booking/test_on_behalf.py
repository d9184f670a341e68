"""A lender rents for a member, who may have no Telegram."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Item, Organization, Rental, User
from db.states import Condition, RentalStatus
from handlers.rentals import card_views, reminder_views
from handlers.rentals.booking import on_behalf
from handlers.rentals.booking.basket import basket_views
from handlers.rentals.late import views as late_conflicts_views
from handlers.ui.callbacks import Verb, pack
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkout
from services.inventory import condition
from services.rentals import approval
from tests.e2e.arrange import actor, handed_out, leaves, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, carrying, refusal, saying, showing, wording


async def without_telegram(world: World, first: str = "Gro", last: str = "Moe") -> int:
    """A member whom no account leads to; their id."""

    def work(session: Session) -> int:
        user = User(
            organization_id=world.organization_id,
            first_name=first,
            last_name=last,
            created_at=world.clock.now(),
        )
        session.add(user)
        session.flush()
        return user.id

    return await write(world, work)


async def the_rental(world: World, name: str) -> Rental:
    """The newest rental of a member of that first name."""
    query = (
        select(Rental)
        .join(User, User.id == Rental.user_id)
        .where(User.first_name == name)
        .order_by(Rental.id.desc())
        .limit(1)
    )
    return await world.database.read(lambda s: s.scalars(query).one())


@pytest.mark.both_databases(long=True)
async def test_a_lender_rents_for_a_member(world: World) -> None:
    """Found by name; the basket says for whom; the member sees the card, the lender the desk's."""
    lars, kari = world["Lars"], world["Kari"]
    await lars.types("/rent")
    await lars.sees(asking("rent.pick"))
    await lars.taps(carrying("whom"))
    await lars.sees(asking("rent.whom"))
    await lars.types("kari")
    await lars.sees("👤 For Kari Berg")
    await lars.taps("Tent")
    await lars.sees("👤 For Kari Berg")
    await lars.types("tomorrow")
    await lars.sees("👤 For Kari Berg")
    await lars.types("2 days")
    await lars.sees(wording(basket_views.basket, n=2))
    await lars.taps("Confirm")
    mine = await lars.sees("· Kari Berg")
    assert wording(card_views.desk_card, name="Lars Berg") in mine.text
    assert [button.text for button in mine.buttons] == ["Change", "Cancel"], "a lender does not approve"
    told = await kari.sees(wording(basket_views.entered_text, name="Lars Berg"))
    assert wording(card_views.status_line, RentalStatus.REQUESTED) in told.text
    rental = await the_rental(world, "Kari")
    lender = await world.database.read(lambda s: actor(s, world, "Lars").user_id)
    assert (rental.status, rental.entered_by) == (RentalStatus.REQUESTED, lender)
    await kari.taps("Cancel")
    await kari.taps(by(Verb.CANCEL_SURELY))
    await kari.sees("Cancelled")


async def test_who_was_last_at_the_desk_and_who_is_in_telegram(sqlite_world: World) -> None:
    """One tap for who was here last; somebody of Telegram's own list becomes a member, with a link."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await handed_out(world, "Ola")
    await lars.types("/rent stove tomorrow 2 days")
    await lars.taps(carrying("whom"))
    card = await lars.sees(asking("rent.whom"))
    ola = await world.database.read(lambda s: actor(s, world, "Ola").user_id)
    assert [carrying("member", ola)(button) for button in card.buttons[:5]] == [True, *[False] * 4]
    await lars.taps(card.buttons[0].text)
    await lars.sees("👤 For Ola Berg")
    await lars.taps(carrying("whom"))
    await lars.taps(carrying("person"))
    await lars.sees(asking("rent.whom_person"))
    await world.settled()
    (label,) = lars.share_labels()
    await lars.shares(label, world.sandbox.add_person("Nils", last_name="Holm"))
    await lars.sees("👤 For Nils Holm")
    await world.settled()
    assert lars.last(saying("own_invite")) and lars.share_labels() == []
    await lars.taps("Confirm")
    await lars.sees("· Nils Holm")


async def test_former_members_are_not_offered(sqlite_world: World) -> None:
    """The list leaves them out; who is looked for is found, and it is said why it cannot be."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await leaves(world, "Kari")
    await lars.types("/rent tent tomorrow 2 days")
    await lars.sees(asking("rent.basket"))
    await lars.taps(carrying("whom"))
    shown = await lars.sees(asking("rent.whom"))
    assert not any("Kari" in b.text for b in shown.buttons)
    assert any("Ola" in b.text for b in shown.buttons)
    await lars.types("kari")
    shown = await lars.sees("Kari Berg is not an active member now.")
    assert shown.buttons[0].text == "⏸ Kari Berg"
    await lars.types("ola")
    await lars.sees("👤 For Ola Berg")


async def test_all_on_one_line(sqlite_world: World) -> None:
    """`/rent tent tomorrow 3 days for Gro` is one tap from sent."""
    world = sqlite_world
    await without_telegram(world)
    lars = world["Lars"]
    await lars.types("/rent tent tomorrow 3 days for gro")
    seen = await lars.sees(wording(basket_views.basket, n=3))
    assert seen.text.startswith("👤 For Gro Moe")
    await lars.taps("Confirm")
    await lars.sees("· Gro Moe")
    await lars.types("/rent tent tomorrow for 2 days")
    seen = await lars.sees(wording(basket_views.basket, n=2))
    assert "👤" not in seen.text


async def test_the_name_may_stand_anywhere(sqlite_world: World) -> None:
    """In whole words only: the weekend is not Theodor's."""
    lars = sqlite_world["Lars"]
    await without_telegram(sqlite_world, "Theodor")
    gro = await without_telegram(sqlite_world)
    for line, whose in (
        ("book a tent for Gro Moe friday to sunday", gro),
        ("for gro a stove this weekend", gro),
        ("a tent for the weekend", None),
    ):
        await lars.types(line)
        await lars.sees(asking("rent.basket"))
        draft = await sqlite_world.database.read(
            lambda s: s.scalars(select(Rental).order_by(Rental.id.desc()).limit(1)).one()
        )
        assert (draft.user_id == gro) is (whose is not None)
        await lars.types("cancel")


async def test_baskets_do_not_meet(world: World) -> None:
    """The lender's basket for Kari, the lender's own and Kari's own are three."""
    lars, kari = world["Lars"], world["Kari"]
    await kari.types("/rent stove tomorrow 1 day")
    await kari.sees(asking("rent.basket"))
    await lars.types("/rent tent tomorrow 2 days for kari")
    await lars.sees("👤 For Kari Berg")
    await lars.types("/rent tarpaulin tomorrow 2 days")
    own = await lars.sees("Tarpaulin")
    assert "👤" not in own.text
    rows = await world.database.read(
        lambda s: s.scalars(select(Rental.entered_by).filter_by(status=RentalStatus.DRAFT)).all()
    )
    assert sorted(r is None for r in rows) == [False, True, True]
    await lars.types("/rent tarpaulin x2 tomorrow 2 days for kari")
    again = await lars.sees("👤 For Kari Berg")
    assert "Tent" not in again.text
    await kari.taps("Confirm")
    await kari.sees("Stove")


async def test_limits_are_the_members(sqlite_world: World) -> None:
    """The right to rent and its limits are the member's, not the lender's."""
    world = sqlite_world

    def limited(session: Session) -> None:
        session.get_one(Organization, world.organization_id).policy = {"most_items": 1}

    await write(world, limited)
    lars = world["Lars"]
    await lars.types("/rent tent x2 tomorrow 3 days for kari")
    await lars.sees("👤 For Kari Berg")
    async with world.unchanged():
        await lars.taps("Confirm")
        await lars.sees(refusal(Refused.TOO_MANY, limit=1, already=0, name="Kari Berg"))

    def suspended(session: Session) -> None:
        session.get_one(User, actor(session, world, "Ola").user_id).suspended_at = world.clock.now()

    await write(world, suspended)
    await lars.types("/rent stove tomorrow 3 days for ola")
    seen = await lars.sees("Ola Berg is suspended")
    assert "👤" not in seen.text


async def test_only_lenders_rent_for_others(sqlite_world: World) -> None:
    """A member is offered no such thing, and hand-made buttons do not help."""
    world = sqlite_world
    kari = world["Kari"]
    await kari.types("/rent tent tomorrow 2 days for ola")
    await kari.sees(refusal(Refused.NOT_UNDERSTOOD_IN_LINE, words="tomorrow 2 days for ola", is_all=True))
    await kari.types("/rent")
    seen = await kari.sees(asking("rent.pick"))
    assert wording(on_behalf._shown) not in [b.text for b in seen.buttons]
    made = next(b.data for b in seen.buttons if b.data and " " in b.data) or ""
    made = made.rpartition(":")[0]
    async with world.unchanged():
        for word in ("whom 0", "whom ²"):
            await kari.taps_data(f"{made}:{word}", seen)
            assert await kari.toast() in (refusal(Refused.NOT_ALLOWED, needed="lender"),)


async def test_who_cannot_be_written_to(world: World) -> None:
    """Pick-up is told to whoever entered it, overdue to whoever handed it out, with the member's name."""
    await without_telegram(world)
    lars, anna = world["Lars"], world["Anna"]
    await lars.types("/rent tent tomorrow 2 days for gro")
    await lars.sees(wording(basket_views.basket, n=2))
    await lars.taps("Confirm")
    await lars.sees("· Gro Moe")
    number = (await the_rental(world, "Gro")).id

    def approve(session: Session) -> None:
        approval.approve(Tx(session, world.clock.now(), actor(session, world, "Anna")), number)

    await write(world, approve)
    await world.clock.advance(world.clock.now() + timedelta(days=1))
    await lars.sees(wording(reminder_views._of_another, name="Gro Moe", what=...))

    def hand_out(session: Session) -> None:
        checkout.hand_out(Tx(session, world.clock.now(), actor(session, world, "Anna")), number)

    await write(world, hand_out)
    await world.clock.advance(world.clock.now() + timedelta(days=3))
    reminded = await anna.sees(wording(reminder_views._of_another, moment=..., name="Gro Moe", what=...))
    await anna.taps("Take back", reminded)
    await anna.sees(showing(RentalStatus.RETURNED))
    assert (await the_rental(world, "Gro")).status is RentalStatus.RETURNED
    assert pack(Verb.TAKE_BACK, number) in [b.data for b in reminded.buttons]


async def test_what_they_cannot_read_is_read_by_the_lender(sqlite_world: World) -> None:
    """A yes, and what was taken away: to who entered it, with whose it is."""
    world = sqlite_world
    await without_telegram(world)
    lars, anna = world["Lars"], world["Anna"]
    await lars.types("/rent tent x3 tomorrow 2 days for gro")
    await lars.sees(wording(basket_views.basket, n=2))
    await lars.taps("Confirm")
    await lars.sees("· Gro Moe")
    number = (await the_rental(world, "Gro")).id
    await world.settled()
    assert lars.button_labels() == ["Change", "Cancel"], "Lars does not approve, and may call it off"
    await lars.taps("Cancel")
    await lars.taps(by(Verb.RENTAL_CARD))
    await world.settled()
    await anna.in_group(world.group).taps("Approve")
    told = await lars.sees("Approved by Anna Berg")
    assert (
        f"Rental {number} · Gro Moe" in told.text
        and wording(card_views.unreached, name="Gro Moe") in told.text
    )

    def repair(session: Session) -> None:
        tent = session.scalars(select(Item).filter_by(code="T1")).one()
        condition.change(
            Tx(session, world.clock.now(), actor(session, world, "Anna")),
            tent.id,
            Condition.LOST,
            reason="Gone",
        )

    await write(world, repair)
    told = await lars.sees(wording(card_views.for_another, name="Gro Moe"))
    assert (
        f"Rental {number}" in told.text
        and wording(late_conflicts_views.withdrawn, id=1, period=..., what="1 × Tent") in told.text
    )
    assert [by(Verb.SHOW_RENTAL, number)(button) for button in told.buttons] == [True]
    await lars.taps(by(Verb.SHOW_RENTAL, number))
    await lars.sees("2 × Tent")
