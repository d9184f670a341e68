"""The rental that each button of the table of rights is about, brought as far as the button needs it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, HandOver, ImportJob, Item, Location, Rental, Return
from db.states import Condition, Role
from handlers.access.login import LoginVerb
from handlers.access.tokens import TokenVerb
from handlers.calendars import addresses
from handlers.desk import item_card_views
from handlers.desk.codes.views import Verb as CodeVerb
from handlers.imports import afterwards
from handlers.imports import card as import_card
from handlers.imports.plan_views import Verb as Asked
from handlers.onboarding import help, next_steps
from handlers.rentals.changes.views import Verb as ChangeVerb
from handlers.rentals.custody.buttons import Verb as Custody
from handlers.talk import messages as talk
from handlers.ui.callbacks import AnyVerb, Verb
from services.access import links, tokens
from services.core.actor import Actor
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, checkout, counter, transfer
from services.imports import asking, jobs, runs
from services.imports.inventory.preview import ColumnSeen, Preview
from services.imports.understanding.choices import Choices
from services.imports.understanding.vocabulary import Meaning
from services.maintenance import damage as maintenance_damage
from services.onboarding import join_requests
from services.rentals import approval, extension
from services.rentals.booking import baskets, request
from services.rentals.changes import contents, saving
from services.rentals.late import alternatives
from services.rentals.late import conflicts as late_conflicts
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.walk import NILS

DAY = timedelta(days=1)


class Stage:
    """A rental of Kari's, brought as far as a button needs it."""

    def __init__(self, session: Session, c: Club, now: datetime) -> None:
        self.session, self.c, self.now = session, c, now
        period = factories.days(now, 0, 2)
        self.rental = factories.requested(session, c.kari, now, period, (c.tent, 1))

    @property
    def claim(self) -> Claim:
        return self.session.scalars(select(Claim).filter_by(rental_id=self.rental.id)).one()

    def approved(self) -> int:
        approval.approve(Tx(self.session, self.now, self.c.anna), self.rental.id)
        return self.rental.id

    def expired(self) -> int:
        approval.expire(Tx(self.session, self.now, self.c.anna), self.rental)
        return self.rental.id

    def out(self) -> int:
        self.approved()
        checkout.hand_out(Tx(self.session, self.now, self.c.lars), self.rental.id)
        return self.rental.id

    def lent_open(self) -> int:
        """A stove that Kari has until further notice."""
        stove = self.session.scalars(select(Item.id).filter_by(equipment_id=self.c.stove.id)).one()
        tx = Tx(self.session, self.now, self.c.lars)
        return counter.hand_out_now(tx, self.c.kari.user_id, [stove], None).id

    def claimed_back(self) -> int:
        self.out()
        checkin.give_back(Tx(self.session, self.now, self.c.kari), self.rental.id)
        return self.rental.id

    def asked(self) -> int:
        self.out()
        until = self.now + timedelta(days=4)
        return extension.ask(Tx(self.session, self.now, self.c.kari), self.rental.id, until).id

    def sent_file(self) -> int:
        tx = Tx(self.session, self.now, self.c.anna)
        return jobs.add(tx, chat_id=1, message_id=1, file_id="f", name="list.csv").id

    def asks(self, after: str = "") -> tuple[int, str]:
        """A list that is asked about, and what a button of its card carries."""
        tx = Tx(self.session, self.now, self.c.anna)
        columns = [ColumnSeen("Gear", Meaning.NAME, ("Tent",), is_name=True)]
        number = self.sent_file()
        asking.ask(tx, number, Preview(rows=1, pieces=1, equipment=1, columns=columns), Choices())
        job = self.session.get_one(ImportJob, number)
        return number, asking.stamp(job) + after

    def imported(self) -> int:
        return runs.begin(Tx(self.session, self.now, self.c.anna), "job:0", "list.csv", None)

    def another(self) -> int:
        """Another piece of what was approved."""
        return (
            self.session.scalars(
                select(Item.id).where(Item.equipment_id == self.c.tent.id, Item.id != self.claim.item_id)
            ).first()
            or 0
        )

    def taken_back(self) -> int:
        """A return, where there are two places to put things."""
        of = self.c.organization.id
        self.session.add_all(Location(organization_id=of, name=name) for name in ("Shed", "Attic"))
        self.out()
        checkin.take_back(Tx(self.session, self.now, self.c.lars), self.rental.id)
        return self.session.scalars(select(Return.id).filter_by(rental_id=self.rental.id)).one()

    def damage(self) -> int:
        """A note that Lars made on a stove."""
        stove = self.session.scalars(select(Item.id).filter_by(equipment_id=self.c.stove.id)).one()
        return maintenance_damage.open_note(Tx(self.session, self.now, self.c.lars), stove, "It leaks").id

    def lost(self) -> int:
        stove = self.session.scalars(select(Item).filter_by(equipment_id=self.c.stove.id)).one()
        stove.condition = Condition.LOST
        self.session.flush()
        return stove.id

    def stranger(self) -> int:
        """Nils asks to become a member."""
        self.c.organization.policy = {"join_requests": True}
        self.session.flush()
        return join_requests.ask(
            Tx(self.session, self.now),
            account_id=NILS,
            organization_id=self.c.organization.id,
            first_name="Nils",
            last_name="",
            told={},
        ).id

    def place(self) -> int:
        return self.session.scalars(select(Location.id).order_by(Location.id)).first() or 0

    def next_to(self, giver: Actor, taker: Actor) -> tuple[Rental, Rental]:
        """The one has the stove until tomorrow, the other has it next."""
        given = self.handed_out(giver, self.now, factories.days(self.now, 0, 1))
        return given, self.promised(taker, self.now, factories.days(self.now, 1, 2))

    def promised(self, to: Actor, at: datetime, period: Period) -> Rental:
        """The stove, asked for and approved then."""
        rental = factories.requested(self.session, to, at, period, (self.c.stove, 1))
        approval.approve(Tx(self.session, at, self.c.anna), rental.id)
        return rental

    def handed_out(self, to: Actor, at: datetime, period: Period) -> Rental:
        rental = self.promised(to, at, period)
        checkout.hand_out(Tx(self.session, at, self.c.lars), rental.id)
        return rental

    def to_next(self) -> tuple[int, str]:
        """Kari could hand over to Ola."""
        given, following = self.next_to(self.c.kari, self.c.ola)
        return given.id, str(following.id)

    def offered(self, giver: Actor, taker: Actor) -> int:
        given, following = self.next_to(giver, taker)
        transfer.offer(Tx(self.session, self.now, giver), given.id, following.id)
        return self.session.scalars(select(HandOver.id)).one()

    def late(self) -> None:
        """Ola has not brought back the stove."""
        before = self.now - 2 * DAY
        self.handed_out(self.c.ola, before, factories.days(before, 0, 1))

    def waits(self) -> Rental:
        """Kari is promised that stove."""
        return self.promised(self.c.kari, self.now - 2 * DAY, factories.days(self.now, 1, 2))

    def other_equipment(self) -> tuple[int, str]:
        self.c.stove.type = "cooking"
        of = self.c.organization
        cooker = factories.equipment(self.session, of, self.now, "Cooker", "C1", type="cooking")
        self.late()
        return self.waits().id, f"{self.c.stove.id}.{cooker.id}"

    def other_days(self) -> tuple[int, str]:
        """There is a second stove, which Lars has just for those days."""
        self.late()
        of, stove = self.c.organization.id, self.c.stove.id
        second = Item(
            organization_id=of, equipment_id=stove, code="S2", label_token="S2", created_at=self.now
        )
        self.session.add(second)
        self.session.flush()
        draft = request.open_draft(Tx(self.session, self.now, self.c.lars))
        baskets.put(Tx(self.session, self.now, self.c.lars), draft, stove, 1, item_id=second.id)
        request.set_period(Tx(self.session, self.now), draft, factories.days(self.now, 1, 2))
        request.request(Tx(self.session, self.now, self.c.lars), draft.id)
        kari = self.waits()
        missing = late_conflicts.of(Tx(self.session, self.now), kari)
        first, *_ = alternatives.find(Tx(self.session, self.now), kari, missing).days
        return kari.id, first.starts_at.date().isoformat()

    def login(self) -> int:
        """A login by QR code that Kari has opened."""
        tx = Tx(self.session, self.now, self.c.kari)
        return links.opened(tx, links.begin(tx, "Front desk").link).id

    def proposed(self) -> int:
        """Anna proposes other days for Kari's request."""
        tx = Tx(self.session, self.now, self.c.anna)
        draft = contents.begin(tx, self.rental.id)
        request.set_period(tx, draft, days(self.now, 8, 9))
        saving.send(tx, draft.id)
        return self.rental.id

    def label(self) -> tuple[int, str]:
        """A label of the stove: its item, and the token that the button below it carries."""
        found = self.session.scalars(select(Item).where(Item.equipment_id == self.c.stove.id)).one()
        return found.id, found.label_token

    def token(self) -> int:
        """Kari's token for a program."""
        return tokens.make(Tx(self.session, self.now, self.c.kari), name="Kiosk").id


SET_UP: dict[AnyVerb, Callable[[Stage], tuple[int, str]]] = {
    Verb.APPROVE: lambda s: (s.rental.id, ""),
    import_card.Verb.CANCEL_IMPORT: lambda s: (s.sent_file(), ""),
    afterwards.Verb.IMPORT_RUN: lambda s: (s.imported(), ""),
    afterwards.Verb.ASK_UNDO: lambda s: (s.imported(), ""),
    afterwards.Verb.HOLDERS: lambda s: (s.imported(), "0"),
    afterwards.Verb.HAND_OUT_LISTED: lambda s: (s.imported(), ""),
    afterwards.Verb.ADDRESS_OF: lambda s: (s.imported(), "0"),
    afterwards.Verb.UNDO: lambda s: (s.imported(), ""),
    Asked.IMPORT_LIST: lambda s: s.asks(),
    Asked.LIST_PLAN: lambda s: s.asks(".0"),
    Asked.LIST_FIRST: lambda s: s.asks(),
    Asked.LIST_COLUMNS: lambda s: s.asks(".0"),
    Asked.LIST_COLUMN: lambda s: s.asks(".0"),
    Asked.LIST_CHOOSE: lambda s: s.asks(".is:custom 0"),
    Verb.DECLINE: lambda s: (s.rental.id, ""),
    talk.Verb.REPLY: lambda s: (s.rental.id, ""),
    ChangeVerb.CHANGE: lambda s: (s.approved(), ""),
    ChangeVerb.APPROVE_SOME: lambda s: (s.rental.id, ""),
    ChangeVerb.PROPOSE: lambda s: (s.rental.id, ""),
    ChangeVerb.TAKE_IT: lambda s: (s.proposed(), ""),
    ChangeVerb.NO_THANKS: lambda s: (s.proposed(), ""),
    ChangeVerb.MORE_TIME: lambda s: (s.out(), ""),
    ChangeVerb.MOVE: lambda s: (s.c.organization.id, ""),
    Verb.HAND_OUT: lambda s: (s.approved(), ""),
    Verb.PICK_UP: lambda s: (s.approved(), ""),
    Verb.SOME_OUT: lambda s: (s.approved(), ""),
    Verb.SWAP: lambda s: (s.approved(), ""),
    Verb.SWAP_PIECE: lambda s: (s.approved() and s.claim.id, ""),
    Verb.SWAP_FOR: lambda s: (s.approved() and s.claim.id, str(s.another())),
    Verb.RETURN: lambda s: (s.out(), ""),
    Verb.SOME_BACK: lambda s: (s.out(), ""),
    Verb.CONFIRM_RETURN: lambda s: (s.claimed_back(), ""),
    Verb.NOT_BACK: lambda s: (s.claimed_back(), ""),
    Verb.TAKE_BACK: lambda s: (s.out(), ""),
    Verb.PROBLEM: lambda s: (s.out(), ""),
    Verb.EXTEND: lambda s: (s.out(), ""),
    Verb.GRANT: lambda s: (s.asked(), ""),
    Verb.REFUSE: lambda s: (s.asked(), ""),
    Verb.CANCEL_RENTAL: lambda s: (s.approved(), ""),
    Verb.ASK_AGAIN: lambda s: (s.expired(), ""),
    Verb.CANCEL_SURELY: lambda s: (s.approved(), ""),
    Verb.SHOW_RENTAL: lambda s: (s.out(), ""),
    Verb.RENTAL_CARD: lambda s: (s.out(), ""),
    Verb.TO_CALENDAR: lambda s: (s.approved(), ""),
    addresses.Verb.RENEW: lambda s: (s.c.organization.id, ""),
    Verb.RENT: lambda s: (s.c.stove.id, ""),
    Verb.RENT_INSTEAD: lambda s: (s.approved(), str(s.c.stove.id)),
    Verb.PUT_AWAY: lambda s: (s.taken_back(), str(s.place())),
    Verb.PUT_PLACES: lambda s: (s.taken_back(), ""),
    next_steps.Verb.GO: lambda s: (0, "rent"),
    help.Verb.HELP: lambda s: (0, "mine"),
    Verb.BIND: lambda s: (0, ""),
    Verb.LANGUAGE: lambda s: (0, "nb"),
    Verb.INVITE: lambda s: (0, Role.USER),
    LoginVerb.LOG_IN: lambda s: (s.login(), ""),
    LoginVerb.NO_LOGIN: lambda s: (s.login(), ""),
    TokenVerb.REVOKE_TOKEN: lambda s: (s.token(), ""),
    Verb.PILE: lambda s: (s.c.organization.id, "0"),
    Verb.APPROVE_ALL: lambda s: (s.c.organization.id, "9" * 18),
    Verb.DESK: lambda s: (s.approved(), "o0"),
    Verb.TAKE_OUT: lambda s: (s.damage(), ""),
    Verb.REPAIRED: lambda s: (s.damage(), ""),
    Verb.SHOW_DAMAGE: lambda s: (s.damage(), ""),
    Verb.LOSE: lambda s: (s.out(), ""),
    Verb.LOSE_PIECE: lambda s: (s.out() and s.claim.id, ""),
    Verb.LOSE_SURELY: lambda s: (s.out() and s.claim.id, ""),
    Verb.ITEM_OUT: lambda s: (s.approved() and s.claim.item_id, str(s.claim.id)),
    item_card_views.Verb.INSTEAD: lambda s: (s.approved() and s.another(), str(s.claim.id)),
    item_card_views.Verb.HAND_OUT_NOW: lambda s: (s.another(), ""),
    item_card_views.Verb.RENT_THIS: lambda s: (s.another(), ""),
    item_card_views.Verb.NEXT: lambda s: (s.out() and s.claim.item_id, ""),
    CodeVerb.GIVE_CODE: lambda s: (s.c.organization.id, "4711"),
    CodeVerb.FOUND_IT: lambda s: s.label(),
    Verb.KEEP: lambda s: (s.out() and s.claim.item_id, ""),
    Verb.FOUND: lambda s: (s.lost(), "ok"),
    Verb.OUT_EARLIER: lambda s: (s.out(), ""),
    Verb.BACK_EARLIER: lambda s: (s.taken_back(), ""),
    Custody.SET_DATE: lambda s: (s.lent_open(), ""),
    Verb.BACK: lambda s: (s.taken_back() and s.rental.id, ""),
    Verb.BACK_SAID: lambda s: (s.taken_back(), f"damaged {s.claim.item_id}"),
    Verb.BACK_PIECES: lambda s: (s.taken_back(), "0"),
    Verb.BACK_PIECE: lambda s: (s.taken_back(), str(s.claim.item_id)),
    Verb.ADMIT: lambda s: (s.stranger(), ""),
    Verb.TURN_AWAY: lambda s: (s.stranger(), ""),
    Verb.SHOW_ADMISSION: lambda s: (s.stranger(), ""),
    Verb.HAND_OVER: lambda s: s.to_next(),
    Verb.HAND_OVER_SOME: lambda s: s.to_next(),
    Verb.HAND_OVER_BACK: lambda s: (s.offered(s.c.kari, s.c.ola), ""),
    Verb.HAND_OVER_YES: lambda s: (s.offered(s.c.ola, s.c.kari), ""),
    Verb.HAND_OVER_WRONG: lambda s: (s.offered(s.c.ola, s.c.kari), ""),
    Verb.HAND_OVER_NO: lambda s: (s.offered(s.c.ola, s.c.kari), ""),
    Verb.OTHER_EQUIPMENT: lambda s: s.other_equipment(),
    Verb.OTHER_DAYS: lambda s: s.other_days(),
    Verb.SWITCH: lambda s: (s.out() and s.c.organization.id, ""),
}
"""For each verb what it needs, and the number and the argument of its button."""
