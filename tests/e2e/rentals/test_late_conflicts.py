"""Late and somebody waits; from one member to the next; requests that pile up: as people see them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Item, Organization, Rental
from db.states import HandOverStatus, RentalStatus
from handlers.maintenance import damage_views, problem_report
from handlers.rentals import card_views, lists, reminder_views
from handlers.rentals.late import conflicts as waiting_screens
from handlers.rentals.late import views as late_conflicts_views
from handlers.rentals.requests import approval as approval_views
from handlers.rentals.requests import pending_requests as pile_views
from handlers.transfers import views
from handlers.ui.callbacks import Verb, pack
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.maintenance import blocks
from services.rentals import approval
from tests.e2e import arrange
from tests.e2e.conftest import World
from tests.e2e.seen import by, carrying, of_kind, refusal, saying, showing, wording
from tests.services.permissions.assertions import set_policy

NOT_HERE = refusal(Refused.NOT_FOUND)


async def only_stove(world: World, *, last: int = 1) -> tuple[int, int]:
    """Kari has the only stove until 20:00 in so many days, Ola from 20:00 of that day on: both numbers."""
    kari = await arrange.requested(world, "Kari", first=0, last=last, what="Stove")
    ola = await arrange.requested(world, "Ola", first=last, last=last + 2, what="Stove")

    def work(session: Session) -> None:
        now = world.clock.now()
        for number in (kari, ola):
            approval.approve(Tx(session, now, arrange.actor(session, world, "Anna")), number)
        checkout.hand_out(Tx(session, now, arrange.actor(session, world, "Lars")), kari)

    await arrange.write(world, work)
    return kari, ola


def status(world: World, number: int) -> RentalStatus:
    return world.database.read_now(lambda session: session.get_one(Rental, number).status)


async def passes(world: World, hours: float) -> None:
    await world.clock.advance(world.clock.now() + timedelta(hours=hours))
    await world.program.wake_sweep()
    await world.settled()


@pytest.mark.both_databases(long=True)
async def test_handed_over_in_two_taps(world: World) -> None:
    """One by each; both cards and the desk's say who has it from whom."""
    kari, ola = await only_stove(world)
    await world["Kari"].types("/rentals")
    await world["Kari"].sees(wording(lists.mine))
    await world["Kari"].taps(by(Verb.SHOW_RENTAL, kari))
    await world["Kari"].sees(showing(RentalStatus.OUT))
    await world["Kari"].taps(by(Verb.HAND_OVER))
    await world["Ola"].sees(wording(views.question, "is_open", name="Kari Berg", things="Stove S1"))
    assert await world["Kari"].toast() == "Asked."
    await world["Kari"].sees(wording(card_views.passed, codes="S1", name="Ola Berg"))
    await world["Ola"].taps(by(Verb.HAND_OVER_YES))
    await world["Ola"].sees("from Kari Berg: Stove S1.")
    await world["Ola"].sees("Handed over by Kari Berg: S1")
    await world["Kari"].sees("Handed over to Ola Berg: S1")
    await world.settled()
    assert (status(world, kari), status(world, ola)) == (RentalStatus.RETURNED, RentalStatus.OUT)
    desk = world.sandbox.transcript(world.group)
    assert "Handed over to Ola Berg: S1" in desk and "Handed over by Kari Berg: S1" in desk


async def test_declined_and_offered_again(sqlite_world: World) -> None:
    """Kari is told; an offer that she takes back cannot be accepted any more."""
    kari, _ = await only_stove(sqlite_world)
    await passes(sqlite_world, 35)
    await sqlite_world["Kari"].sees(wording(reminder_views._sentence, "DUE", what=...))
    await sqlite_world["Kari"].taps(by(Verb.HAND_OVER))
    question = await sqlite_world["Ola"].sees(wording(views.question, id=...))
    await sqlite_world["Ola"].taps(by(Verb.HAND_OVER_NO))
    await sqlite_world["Kari"].sees(wording(views.declined, name="Ola Berg", things="Stove S1"))
    await sqlite_world["Ola"].sees(wording(views.question, HandOverStatus.DECLINED, name=..., things=...))
    await sqlite_world["Kari"].taps(by(Verb.HAND_OVER))
    await sqlite_world["Ola"].sees(wording(views.question, id=...))
    await sqlite_world.settled()
    await sqlite_world["Kari"].taps(by(Verb.HAND_OVER_BACK))
    await sqlite_world["Ola"].sees(wording(views.question, name=..., things=...))
    async with sqlite_world.unchanged():
        yes = next(b for b in question.buttons if b.text == wording(views.question, Verb.HAND_OVER_YES))
        await sqlite_world["Ola"].taps_data(yes.data or "", sqlite_world["Ola"].last())
        assert await sqlite_world["Ola"].toast() == refusal(
            Refused.HAND_OVER_ANSWERED, hand_over_status="declined"
        )
    assert status(sqlite_world, kari) is RentalStatus.OUT


OFF = wording(views.off, name="Ola Berg", things="Stove S1")


async def test_who_was_asked_calls_off(sqlite_world: World) -> None:
    """The question says so at once, and who offered is told once that it is still theirs."""
    world = sqlite_world
    kari, ola = await only_stove(world)
    await passes(world, 35)
    await world["Kari"].taps(by(Verb.HAND_OVER))
    question = await world["Ola"].sees(wording(views.question, id=...))
    yes = question.buttons[0].data or ""
    await arrange.write(
        world, lambda s: approval.cancel(Tx(s, world.clock.now(), arrange.actor(s, world, "Ola")), ola)
    )
    over = world["Ola"].last(wording(views.question, id=ola, things="Stove S1"))
    assert (over.id, over.buttons) == (question.id, [])
    await passes(world, 1)
    assert world["Kari"].transcript().count(OFF) == 1
    assert wording(card_views.passed, codes=..., name=...) not in world["Kari"].last(f"Rental {kari}").text
    await world["Ola"].taps_data(yes, over)
    assert await world["Ola"].toast() == refusal(Refused.HAND_OVER_ANSWERED, hand_over_status="withdrawn")


async def test_who_was_asked_chooses_something_else(sqlite_world: World) -> None:
    """The thing is not part of their rental any more: the question goes, and who offered is told."""
    world = sqlite_world

    def alike(session: Session) -> None:
        for one in session.scalars(select(Equipment).where(Equipment.name.in_(["Stove", "Tarpaulin 3×4"]))):
            one.type = "Cooking"

    _, ola = await only_stove(world)
    await arrange.write(world, alike)
    await passes(world, 35.1)
    await world["Kari"].taps(by(Verb.HAND_OVER))
    await world["Ola"].sees(wording(views.question, id=...))
    await world.settled()  # Kari sees what her tap did, before it is undone
    await world["Ola"].taps("Tarpaulin 3×4 instead")
    await world["Kari"].sees(OFF)
    await world.settled()
    assert wording(views.question, id=...) not in world["Ola"].transcript()
    assert status(world, ola) is RentalStatus.REQUESTED


async def test_of_several_pieces_some_are_chosen(sqlite_world: World) -> None:
    """Kari has two tents, Ola needs two: she hands one over, and the other later."""
    kari = await arrange.handed_out(sqlite_world, "Kari", last=1, pieces=2)
    await arrange.approved(sqlite_world, "Ola", first=1, last=2, pieces=2)
    await sqlite_world["Kari"].types("/rentals")
    await sqlite_world["Kari"].taps(by(Verb.SHOW_RENTAL, kari))
    await sqlite_world["Kari"].taps(by(Verb.HAND_OVER_SOME))
    await sqlite_world["Kari"].sees(wording(views.which, name="Ola Berg"))
    await sqlite_world["Kari"].taps("T2 · Tent")
    await sqlite_world["Ola"].sees(wording(views.question, "is_open", name=..., things="Tent T2"))
    await sqlite_world["Ola"].taps(by(Verb.HAND_OVER_YES))
    await sqlite_world["Kari"].sees("Handed over to Ola Berg: T2")
    await sqlite_world.settled()
    assert status(sqlite_world, kari) is RentalStatus.OUT


async def test_strangers_hand_nothing_over(sqlite_world: World) -> None:
    """With buttons made by hand: other members, lenders, another club, from the group."""
    await arrange.another_club(sqlite_world)
    kari, ola = await only_stove(sqlite_world)
    await sqlite_world["Kari"].types("/rentals")
    await sqlite_world["Kari"].taps(by(Verb.SHOW_RENTAL, kari))
    await sqlite_world["Kari"].taps(by(Verb.HAND_OVER))
    await sqlite_world["Ola"].sees(wording(views.question, id=...))
    for name in ("Lars", "Anna", "Petra"):
        person = sqlite_world[name]
        await person.types("/help")
        card = await person.sees("/rent")
        async with sqlite_world.unchanged():
            for data in (
                pack(Verb.HAND_OVER, kari, ola),
                pack(Verb.HAND_OVER_SOME, kari, ola),
                pack(Verb.HAND_OVER_YES, 1),
                pack(Verb.HAND_OVER_WRONG, 1),
                pack(Verb.HAND_OVER_NO, 1),
                pack(Verb.HAND_OVER_BACK, 1),
                pack(Verb.OTHER_DAYS, ola if name == "Petra" else 999, "2026-12-20"),
                pack(Verb.APPROVE_ALL, sqlite_world.organization_id + 77, 10**17),
            ):
                await person.taps_data(data, card)
                assert await person.toast() == NOT_HERE, data


@pytest.mark.both_databases(long=True)
async def test_who_waits_for_a_late_thing_chooses(world: World) -> None:
    """Told once, with the admins; one tap changes the days, and the group is asked again."""
    kari, ola = await only_stove(world)

    def more(session: Session) -> None:
        stove = session.scalars(select(Equipment).filter_by(name="Stove")).one()
        stove.type = "Cooking"
        tarp = session.scalars(select(Equipment).filter_by(name="Tarpaulin 3×4")).one()
        tarp.type = "Cooking"

    await arrange.write(world, more)
    await passes(world, 35.1)
    told = await world["Ola"].sees(
        wording(late_conflicts_views.to_member, id=..., moment=..., period=..., things=...)
    )
    assert "Kari" not in told.text and [b.text for b in told.buttons] == ["Tarpaulin 3×4 instead", "Cancel"]
    desk = await world.in_group("Anna").sees(
        wording(late_conflicts_views.to_desk, id=ola, member="Ola Berg", period=..., things=...)
    )
    assert wording(late_conflicts_views.to_desk, moment=..., names=f"Kari Berg ({kari})") in desk.text
    await passes(world, 24)
    assert (
        world.sandbox.transcript(world["Ola"].chat).count(
            wording(late_conflicts_views.to_member, id=..., moment=..., period=..., things=...)
        )
        == 1
    )
    stale = told.buttons[0].data or ""
    await world["Ola"].taps("Tarpaulin 3×4 instead", message=told)
    await world["Ola"].sees(showing(RentalStatus.REQUESTED))
    assert await world["Ola"].toast() == wording(waiting_screens._done, RentalStatus.REQUESTED)
    await world.settled()
    for reader in (world["Ola"], world.in_group("Anna")):
        now = reader.last("Ola Berg chose: Tarpaulin 3×4 instead.")
        assert wording(late_conflicts_views.chosen) in now.text and not now.buttons
        assert (
            wording(late_conflicts_views.to_member, id=..., moment=..., period=..., things=...)
            not in reader.transcript()
            and wording(late_conflicts_views.to_desk, id=..., member=..., period=..., things=...)
            not in reader.transcript()
        )
    await world["Ola"].taps_data(stale, told)
    assert await world["Ola"].toast() == refusal(Refused.ALREADY, rental_status="requested")
    await world.in_group("Anna").sees("• 1 × Tarpaulin 3×4")
    await world.in_group("Anna").taps("Approve")
    await world.settled()
    assert status(world, ola) is RentalStatus.APPROVED


async def test_other_days_are_on_the_message_too(sqlite_world: World) -> None:
    """Chosen at the desk, both messages say the days."""
    world = sqlite_world
    _, ola = await only_stove(world)

    def second(session: Session) -> None:
        now, anna = world.clock.now(), arrange.actor(session, world, "Anna")
        stove = session.scalars(select(Equipment).filter_by(name="Stove")).one()
        values = {"organization_id": world.organization_id, "equipment_id": stove.id, "created_at": now}
        session.add(Item(code="S2", label_token="label-of-s2", **values))
        session.flush()
        week = blocks.Asked(stove.id, now, now + timedelta(days=6), pieces=1)
        blocks.create(Tx(session, now, anna), week, reason="Service")

    await arrange.write(world, second)
    await passes(world, 35.1)
    desk = await world.in_group("Anna").sees(
        wording(late_conflicts_views.to_desk, id=2, member="Ola Berg", period=..., things=...)
    )
    days = desk.buttons[0].text
    await world.in_group("Anna").taps(days, message=desk)
    await world.settled()
    for reader in (world["Ola"], world.in_group("Anna")):
        now = reader.last(f"Anna Berg chose: {days}.")
        assert "answer" not in now.text and not now.buttons
    assert status(world, ola) is RentalStatus.APPROVED


async def test_called_off_instead_of_chosen(sqlite_world: World) -> None:
    """From the message itself: it says so, and no question stays."""
    world = sqlite_world
    _, ola = await only_stove(world)
    await passes(world, 35.1)
    told = await world["Ola"].sees(
        wording(late_conflicts_views.to_member, id=..., moment=..., period=..., things=...)
    )
    await world["Ola"].taps("Cancel", message=told)
    await world["Ola"].sees(wording(approval_views.surely, id=ola))
    await world["Ola"].taps(by(Verb.CANCEL_SURELY))
    await world.settled()
    for reader in (world["Ola"], world.in_group("Anna")):
        now = reader.last(f"Rental {ola} · Ola Berg\n✖️ Cancelled")
        assert not now.buttons
        assert (
            wording(late_conflicts_views.to_member, id=..., moment=..., period=..., things=...)
            not in reader.transcript()
            and "?" not in reader.transcript()
        )


async def test_what_came_back_before_it_was_told_is_not_told(sqlite_world: World) -> None:
    """Found in the quiet hours; brought back before they end."""
    kari, _ = await only_stove(sqlite_world)
    await passes(sqlite_world, 40)

    def back(session: Session) -> None:
        checkin.take_back(
            Tx(session, sqlite_world.clock.now(), arrange.actor(session, sqlite_world, "Lars")), kari
        )

    await arrange.write(sqlite_world, back)
    await passes(sqlite_world, 12)
    for name in ("Ola", "Anna"):
        assert (
            wording(late_conflicts_views.to_member, id=..., moment=..., period=..., things=...)
            not in sqlite_world[name].transcript()
        )
    assert wording(
        late_conflicts_views.to_desk, id=..., member=..., period=..., things=...
    ) not in sqlite_world.sandbox.transcript(sqlite_world.group)


async def ask(world: World, number: int) -> list[int]:
    """Make this many requests, by members in turn, and return their numbers."""
    await arrange.write(
        world, lambda s: set_policy(s, s.get_one(Organization, world.organization_id), most_items=999)
    )
    return [
        await arrange.requested(world, ("Kari", "Ola", "Lars")[n % 3], first=2 + 2 * n, last=3 + 2 * n)
        for n in range(number)
    ]


async def test_a_pile_is_approved_with_one_tap(world: World) -> None:
    """Three cards, then one for all; one tap, and the card says that all is answered."""
    numbers = await ask(world, 8)
    anna = world.in_group("Anna")
    pile = await anna.sees(wording(pile_views.pile, n=4))
    assert any(by(Verb.SHOW_RENTAL, numbers[0])(button) for button in pile.buttons)
    cards = world.sandbox.transcript(world.group)
    assert cards.count(wording(card_views._record, "not")) == 3
    await passes(world, 0.06)
    pile = await anna.sees(wording(pile_views.pile, n=8))
    await anna.taps("›", message=pile)
    await anna.sees(f"{numbers[-1]} · Ola Berg: Tent")
    await anna.taps(by(Verb.APPROVE_ALL), message=pile)
    await anna.sees(saying("all_approved", name="Anna Berg"))
    await anna.sees(of_kind("pile_done"))
    assert {status(world, number) for number in numbers} == {RentalStatus.APPROVED}
    for name in ("Kari", "Ola"):
        await world[name].sees("Approved by Anna Berg")
    ada = world.in_group("Ada")
    await ada.taps(by(Verb.APPROVE_ALL), message=pile)
    assert await ada.toast() == refusal(Refused.NO_PENDING_REQUESTS)


async def test_one_by_one_from_the_pile(sqlite_world: World) -> None:
    """A tap opens the single card; answered there, it is gone from the pile within seconds."""
    numbers = await ask(sqlite_world, 4)
    anna = sqlite_world.in_group("Anna")
    await anna.sees(wording(pile_views.pile, n=4))
    await anna.taps(by(Verb.SHOW_RENTAL, numbers[3]))
    await anna.sees(f"Rental {numbers[3]} · Kari Berg")
    await anna.taps("Approve")
    await sqlite_world.settled()
    await passes(sqlite_world, 0.002)
    assert anna.last(wording(pile_views.pile, n=3))
    lars = sqlite_world.in_group("Lars")
    await lars.taps(by(Verb.APPROVE_ALL))
    assert await lars.toast() == refusal(Refused.NOT_ALLOWED, needed="admin")


async def test_what_cannot_be_approved_is_named(sqlite_world: World) -> None:
    """The member who asked has left: that one stays, and the message says why."""
    numbers = await ask(sqlite_world, 5)
    await arrange.leaves(sqlite_world, "Ola")
    anna = sqlite_world.in_group("Anna")
    await passes(sqlite_world, 0.06)
    pile = await anna.sees(wording(pile_views.pile, n=5))
    await anna.taps(by(Verb.APPROVE_ALL), message=pile)
    said = await anna.sees(saying("all_approved", name="Anna Berg"))
    assert f"• {numbers[1]} · Ola Berg: Ola Berg is not an active member now." in said.text
    await anna.sees(wording(pile_views.pile, n=2))


async def test_handed_over_with_something_wrong(world: World) -> None:
    """One tap says that one has it and asks what is wrong; the admins read from whom it came."""
    kari, ola = await only_stove(world)
    await passes(world, 35)
    await world["Kari"].taps(by(Verb.HAND_OVER))
    await world["Ola"].sees(wording(views.question, id=...))
    await world["Ola"].taps(by(Verb.HAND_OVER_WRONG))
    await world["Ola"].sees(wording(damage_views.what_is_wrong, about="S1"))
    assert (status(world, kari), status(world, ola)) == (RentalStatus.RETURNED, RentalStatus.OUT)
    await world["Ola"].types("It leaks")
    await world["Ola"].taps(carrying("none"))
    await world["Ola"].sees(wording(problem_report._over, code="S1"))
    await world.settled()
    told = world["Anna"].in_group(world.group).last("It leaks")
    assert (
        wording(damage_views._origin, id=..., moment=..., name="Kari Berg") in told.text
        and f"rental {kari}" in told.text
    )


async def test_something_wrong_is_seen_later(sqlite_world: World) -> None:
    """The same from the message that says from whom one has it, as long as one has it."""
    world = sqlite_world
    _, ola = await only_stove(world)
    await passes(world, 35)
    await world["Kari"].taps(by(Verb.HAND_OVER))
    question = await world["Ola"].sees(wording(views.question, id=...))
    await world["Ola"].taps(by(Verb.HAND_OVER_YES))
    await world["Ola"].sees("Kari Berg")
    async with world.unchanged():
        await world["Ola"].taps(by(Verb.HAND_OVER_WRONG), message=question)
        await world.settled()
    await world["Ola"].taps(by(Verb.PROBLEM))
    await world["Ola"].sees(wording(damage_views.what_is_wrong, about="S1"))
    await world["Ola"].types("/cancel")
    await world.settled()
    wrong = world["Ola"].last("from Kari Berg")
    assert [button.text for button in wrong.buttons] == [wording(views.question)]

    def back(session: Session) -> None:
        lars = arrange.actor(session, world, "Lars")
        checkin.take_back(Tx(session, world.clock.now(), lars), ola)

    await arrange.write(world, back)
    await world["Ola"].taps(by(Verb.PROBLEM), message=wrong)
    assert await world["Ola"].toast() == refusal(Refused.ALREADY, rental_status="returned")
