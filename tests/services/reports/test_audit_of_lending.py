"""Each act on rentals and things is noted once: at the desk, by members, by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, HandOver, Item, Location, Rental
from db.states import Condition
from handlers import features  # noqa: F401 -- the words of refusals, which a tap answers with
from handlers.desk import worklist
from handlers.ui.callbacks import Tap, Verb
from handlers.ui.request import Place, Request, Sender
from services import periodic
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin, checkout, swaps, transfer
from services.inventory import locations
from services.maintenance import blocks, damage, loss, return_report
from services.rentals import approval, extension
from services.rentals.late import alternatives
from tests import factories
from tests.services.office import Office
from tests.services.permissions.assertions import DAY, HOUR, refuses

DAMAGED = ("item", "condition")


def rental_steps(office: Office) -> None:
    c, now = office.club, office.now
    number = office.requested(pieces=2, first=0)
    office.does(lambda s: approval.approve(Tx(s, now, c.anna), number), ("rental", "approve"))
    later = now + timedelta(hours=1)
    office.does(lambda s: checkout.hand_out(Tx(s, later, c.lars), number), ("rental", "hand_out"))
    until = now + timedelta(days=5)
    office.does(lambda s: extension.ask(Tx(s, later, c.kari), number, until), ("rental", "ask_extension"))
    office.does(lambda s: extension.grant(Tx(s, later, c.anna), 1), ("rental", "extend"))
    office.does(
        lambda s: checkin.report_problem(Tx(s, later, c.kari), number, note="A pole is bent"),
        ("rental", "problem"),
    )
    office.does(lambda s: checkin.give_back(Tx(s, later, c.kari), number), ("rental", "give_back"))
    damaged = ("item", "condition")  # the problem is of both pieces
    office.does(
        lambda s: checkin.confirm_return(Tx(s, later, c.lars), number),
        ("rental", "take_back"),
        damaged,
        damaged,
    )


def ends(office: Office) -> None:
    c, now = office.club, office.now
    declined, cancelled, expired = office.requested(), office.requested(), office.requested()
    office.does(lambda s: approval.decline(Tx(s, now, c.anna), declined), ("rental", "decline"))
    office.does(lambda s: approval.cancel(Tx(s, now, c.kari), cancelled), ("rental", "cancel"))
    office.does(lambda s: periodic.run(Tx(s, now + timedelta(days=30))), ("rental", "expire"))
    assert office.database.read_now(lambda s: s.get_one(Rental, expired).status) == "expired"


def moving_aside(office: Office) -> None:
    """A request that fits when another changes items: that one is noted too, by the bot."""
    c, now = office.club, office.now
    number = office.requested()
    office.does(lambda s: approval.approve(Tx(s, now, c.anna), number), ("rental", "approve"))
    claim = office.database.read_now(lambda s: s.scalars(select(Claim).filter_by(rental_id=number)).one())
    other = office.database.read_now(
        lambda s: s.scalars(
            select(Item.id).where(Item.equipment_id == c.tent.id, Item.id != claim.item_id)
        ).first()
    )
    office.does(lambda s: swaps.swap(Tx(s, now, c.lars), claim.id, other or 0), ("rental", "swap"))
    asked = blocks.Asked(c.tent.id, now, now + 10 * DAY, item_ids=(other or 0,))
    office.does(
        lambda s: blocks.create(Tx(s, now, c.anna), asked, reason="Drying"),
        ("block", "block"),
        ("rental", "reseat"),
    )
    office.does(lambda s: blocks.end(Tx(s, now + DAY, c.anna), 1), ("block", "end"))
    everything = blocks.Asked(c.tent.id, now, now + 10 * DAY, pieces=3)
    office.does(
        lambda s: blocks.create(Tx(s, now + DAY, c.anna), everything, reason="Drying"),
        ("block", "block"),
        ("rental", "withdraw"),
    )


def more_time(office: Office) -> None:
    """Asked for and not granted; asked for and taken back by a return."""
    c, now = office.club, office.now
    number = office.handed_out(c.kari, 0, 2)
    until = now + 4 * DAY
    office.does(lambda s: extension.ask(Tx(s, now, c.kari), number, until), ("rental", "ask_extension"))
    office.does(lambda s: extension.decline(Tx(s, now, c.anna), 1), ("rental", "decline_extension"))


def desk_steps(office: Office) -> None:
    """Each task of the day's list, tapped; then where the things lie, and how they came back."""
    c, now = office.club, office.now
    office.prepared(
        lambda s: s.add_all(
            Location(organization_id=c.organization.id, name=name) for name in ("Shed", "Attic")
        )
    )
    number = office.approved(c.kari, 0, 1)

    def tap(task: str) -> Callable[[Session], object]:
        place = Place(c.lars.account_id, False, None, 5)
        sender = Sender(c.lars.account_id, "Lars", "en")
        return lambda s: worklist.tapped(Request(s, now, sender, place), Tap(Verb.DESK, number, f"{task}0"))

    office.does(tap("o"), ("rental", "hand_out"))
    office.does(tap("o"))
    office.does(lambda s: checkin.give_back(Tx(s, now, c.kari), number), ("rental", "give_back"))
    office.does(tap("c"), ("rental", "take_back"))
    office.does(tap("b"))
    entry = office.return_of(number)
    put = (("item", "put_away"), ("rental", "put_away"))
    office.does(lambda s: locations.put_away(Tx(s, now, c.lars), entry, 1), *put)
    office.does(lambda s: locations.put_away(Tx(s, now, c.lars), entry, 1))
    office.does(lambda s: locations.put_away(Tx(s, now, c.lars), entry, 2), *put)
    item = office.item_of(number)

    def back(condition: Condition) -> Callable[[Session], object]:
        return lambda s: return_report.say(Tx(s, now, c.lars), entry, item, condition)

    office.does(back(Condition.DAMAGED), DAMAGED, ("rental", "condition"))
    office.does(back(Condition.DAMAGED))
    office.does(lambda s: return_report.add_photo(Tx(s, now, c.lars), entry, "abc"), ("rental", "photo"))
    office.does(lambda s: return_report.write_down(Tx(s, now, c.lars), entry, "Torn"), ("item", "damage"))
    office.does(back(Condition.OK), DAMAGED, ("rental", "condition"))


def damages(office: Office) -> None:
    """Said, pictured, taken out, repaired; lost, and found again."""
    c, now = office.club, office.now
    office.does(lambda s: damage.open_note(Tx(s, now, c.lars), 4, "Leaks"), ("item", "damage"), DAMAGED)
    office.does(lambda s: damage.add_photo(Tx(s, now, c.lars), 1, "abc"), ("item", "damage_photo"))
    office.does(lambda s: damage.reword(Tx(s, now, c.lars), 1, "Torn"), ("item", "damage_words"))
    office.does(lambda s: damage.take_out(Tx(s, now, c.lars), 1), DAMAGED)
    office.does(lambda s: damage.take_out(Tx(s, now, c.lars), 1))
    office.does(lambda s: damage.close(Tx(s, now, c.anna), 1), ("item", "repaired"), DAMAGED)
    number = office.handed_out(c.kari, 0, 2)
    claim, item = office.claim_of(number), office.item_of(number)
    office.does(
        lambda s: damage.report(Tx(s, now, c.kari), number, claim, "A pole is bent"),
        ("rental", "problem"),
        ("item", "damage"),
    )
    office.does(
        lambda s: loss.declare_of(Tx(s, now, c.lars), claim, reason="Lost"), ("rental", "lose"), DAMAGED
    )
    office.does(lambda s: loss.declare(Tx(s, now, c.lars), item, reason="Lost"))
    office.does(lambda s: loss.find(Tx(s, now, c.lars), item, Condition.OK), DAMAGED)


def hand_overs(office: Office) -> None:
    """Offered and declined, offered and taken back, offered and had; and an offer that is over by itself."""
    c, now = office.club, office.now
    kari, ola = office.handed_out(c.kari, 0, 1, c.stove), office.approved(c.ola, 1, 2, c.stove)

    def offer(session: Session) -> object:
        return transfer.offer(Tx(session, now, c.kari), kari, ola)

    def last(session: Session) -> int:
        return session.scalars(select(HandOver.id).order_by(HandOver.id.desc())).first() or 0

    office.does(offer, ("rental", "offer"))
    office.does(offer)
    office.does(lambda s: transfer.decline(Tx(s, now, c.ola), last(s)), ("rental", "decline_offer"))
    office.does(offer, ("rental", "offer"))
    office.does(lambda s: transfer.withdraw(Tx(s, now, c.kari), last(s)), ("rental", "withdraw_offer"))
    office.does(offer, ("rental", "offer"))
    office.does(
        lambda s: transfer.accept(Tx(s, now, c.ola), last(s)),
        ("rental", "hand_over"),
        ("rental", "take_over"),
    )
    lars = office.approved(c.lars, 2, 3, c.stove)
    office.does(lambda s: transfer.offer(Tx(s, now + DAY, c.ola), ola, lars), ("rental", "offer"))
    office.does(
        lambda s: checkin.give_back(Tx(s, now + DAY, c.ola), ola),
        ("rental", "give_back"),
        optional=("rental", "withdraw_offer"),
    )
    office.does(lambda s: periodic.run(Tx(s, now + DAY)), optional=("rental", "withdraw_offer"))
    assert office.count("withdraw_offer") == 2


def with_a_problem(office: Office) -> None:
    """An item that is handed over with a problem is damaged from then on."""
    c, now = office.club, office.now
    kari, ola = office.handed_out(c.kari, 0, 1, c.stove), office.approved(c.ola, 1, 2, c.stove)
    office.does(
        lambda s: checkin.report_problem(Tx(s, now, c.kari), kari, note="It leaks"), ("rental", "problem")
    )
    office.does(lambda s: transfer.offer(Tx(s, now, c.kari), kari, ola), ("rental", "offer"))
    office.does(
        lambda s: transfer.accept(Tx(s, now, c.ola), 1),
        ("rental", "hand_over"),
        ("rental", "take_over"),
        DAMAGED,
    )


def late_and_waiting(office: Office) -> None:
    """The member who waits for a late thing takes another one."""
    c, now = office.club, office.now
    cooker = office.prepared(
        lambda s: factories.equipment(s, c.organization, now, "Cooker", "C1", type="cooking")
    )
    office.prepared(lambda s: setattr(s.get_one(Equipment, c.stove.id), "type", "cooking"))
    office.handed_out(c.kari, 0, 1, c.stove)
    ola, late = office.approved(c.ola, 2, 4, c.stove), now + DAY + HOUR
    office.does(lambda s: periodic.run(Tx(s, late)))
    office.does(
        lambda s: alternatives.other_equipment(Tx(s, late, c.ola), ola, c.stove.id, cooker.id),
        ("rental", "change"),
    )


@pytest.mark.parametrize(
    "steps",
    [
        *(rental_steps, ends, moving_aside, more_time),
        *(desk_steps, damages, hand_overs, with_a_problem, late_and_waiting),
    ],
    ids=lambda f: f.__name__,
)
def test_every_step_is_noted_once_where_it_is_made(office: Office, steps: Callable[[Office], None]) -> None:
    """One entry in the transaction of each change; what is done a second time notes nothing more."""
    steps(office)


def test_who_comes_second_notes_nothing(office: Office) -> None:
    """Approved already: the refusal leaves no entry."""
    number, now = office.requested(), office.now
    office.does(lambda s: approval.approve(Tx(s, now, office.club.anna), number), ("rental", "approve"))

    def again(session: Session) -> None:
        with refuses(session, Refused.ALREADY):
            approval.approve(Tx(session, now, office.club.anna), number)

    office.does(again)
