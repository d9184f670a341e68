"""A card that changes under a finger: what was tapped twice does one thing, not two."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy.orm import Session

from db.models import Rental
from db.states import RentalStatus
from handlers.i18n.texts import Texts
from handlers.rentals import card_views, reminder_views
from handlers.rentals.changes.views import Verb as ChangeVerb
from handlers.rentals.reminder_views import Reminded
from handlers.rentals.requests import approval as approval_views
from handlers.ui.callbacks import AnyVerb, Verb, unpack
from handlers.ui.message import Rows
from services.core.tx import Tx
from services.desk import checkin, checkout, transfer
from services.rentals import approval, extension, queries, records, reminders
from services.transfers import candidates
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, claims

VERBS: dict[str, AnyVerb] = {verb.value: verb for verb in (*Verb, *ChangeVerb)}
ACTING = {
    Verb.APPROVE,
    ChangeVerb.TAKE_IT,
    ChangeVerb.NO_THANKS,
    Verb.GRANT,
    Verb.HAND_OUT,
    Verb.PICK_UP,
    Verb.RETURN,
    Verb.TAKE_BACK,
    Verb.CONFIRM_RETURN,
    Verb.CANCEL_SURELY,
    Verb.HAND_OVER,
    Verb.HAND_OVER_BACK,
}
"""The buttons that do something at once; the others ask or show."""


def spots(rows: Rows) -> dict[tuple[str, int], list[tuple[float, float, AnyVerb, int]]]:
    """The buttons of each row, counted from the top and from the bottom, as parts of its width."""
    found = {}
    for i, row in enumerate(rows):
        width = 1 / len(row)
        placed = []
        for n, button in enumerate(row):
            tap = unpack(button.data, VERBS)
            assert tap is not None
            placed.append((n * width, (n + 1) * width, tap.verb, tap.id))
        found["from the top", i] = found["from the bottom", len(rows) - i] = placed
    return found


def beneath(before: Rows, after: Rows, tapped: Verb, id_: int | None = None) -> set[tuple[AnyVerb, str]]:
    """The acting buttons that are where `tapped`, about this row, was."""
    later = spots(after)
    return {
        (verb, place[0])
        for place, row in spots(before).items()
        for left, right, was, about in row
        if was is tapped and id_ in (None, about)
        for begins, ends, verb, _ in later.get(place, ())
        if begins < right and left < ends and verb in ACTING
    }


class Stage:
    """Kari's rental of so many tents, and both of its cards."""

    def __init__(self, session: Session, club: Club, now: datetime, pieces: int) -> None:
        self.session, self.club, self.now = session, club, now
        self.rental = factories.requested(session, club.kari, now, days(now, 0, 2), (club.tent, pieces))

    def kari(self) -> Tx:
        return Tx(self.session, self.now, self.club.kari)

    def lars(self) -> Tx:
        return Tx(self.session, self.now, self.club.lars)

    def anna(self) -> Tx:
        return Tx(self.session, self.now, self.club.anna)

    def first(self) -> list[int]:
        return [claims(self.session, self.rental)[0].id]

    def approve(self) -> None:
        approval.approve(self.anna(), self.rental.id)

    def go_out(self) -> None:
        self.approve()
        checkout.hand_out(self.lars(), self.rental.id)

    def some_out(self) -> None:
        self.approve()
        checkout.hand_out(self.lars(), self.rental.id, only=self.first())

    def all_back(self) -> None:
        self.go_out()
        checkin.give_back(self.kari(), self.rental.id)

    def some_back(self) -> None:
        self.go_out()
        checkin.give_back(self.kari(), self.rental.id, only=self.first())

    def asked(self) -> None:
        self.go_out()
        assert self.rental.due_at is not None
        extension.ask(self.kari(), self.rental.id, self.rental.due_at + DAY)

    def desk(self) -> Rows:
        tx = self.lars()
        view, record = queries.view(tx, self.rental), records.of(tx, self.rental.user_id)
        return card_views.desk_card(Texts("en", now=self.now), view, record).buttons

    def member(self) -> Rows:
        tx = self.kari()
        following = candidates.find(tx, self.rental)
        return card_views.member_card(
            Texts("en", now=self.now), queries.view(tx, self.rental), following
        ).buttons


Do = Callable[[Stage], object]


def nothing(s: Stage) -> None:
    """It waits for an answer."""


DESK: list[tuple[Do, Verb, Do]] = [
    (nothing, Verb.APPROVE, Stage.approve),
    (Stage.approve, Verb.HAND_OUT, lambda s: checkout.hand_out(s.lars(), s.rental.id)),
    (Stage.some_out, Verb.HAND_OUT, lambda s: checkout.hand_out(s.lars(), s.rental.id)),
    (Stage.go_out, Verb.TAKE_BACK, lambda s: checkin.take_back(s.lars(), s.rental.id)),
    (Stage.some_out, Verb.TAKE_BACK, lambda s: checkin.take_back(s.lars(), s.rental.id)),
    (Stage.all_back, Verb.CONFIRM_RETURN, lambda s: checkin.confirm_return(s.lars(), s.rental.id)),
    (Stage.some_back, Verb.CONFIRM_RETURN, lambda s: checkin.confirm_return(s.lars(), s.rental.id)),
    (Stage.asked, Verb.GRANT, lambda s: extension.grant(s.anna(), _question(s))),
    (Stage.asked, Verb.REFUSE, lambda s: extension.decline(s.anna(), _question(s))),
]
MEMBER: list[tuple[Do, Verb, Do]] = [
    (Stage.approve, Verb.PICK_UP, lambda s: checkout.hand_out(s.kari(), s.rental.id)),
    (Stage.some_out, Verb.PICK_UP, lambda s: checkout.hand_out(s.kari(), s.rental.id)),
    (Stage.go_out, Verb.RETURN, lambda s: checkin.give_back(s.kari(), s.rental.id)),
]


def _question(s: Stage) -> int:
    found = queries.view(s.lars(), s.rental).question
    assert found is not None
    return found.extension_id


@pytest.mark.parametrize("pieces", [1, 3])
def test_what_comes_next_is_elsewhere(session: Session, club: Club, now: datetime, pieces: int) -> None:
    """After each step of a rental, of one piece or several, no button that acts is where the tapped one was:
    neither on the desk's card nor on the member's."""
    found = {}
    for cards, draw in ((DESK, Stage.desk), (MEMBER, Stage.member)):
        for prepare, verb, act in cards:
            with session.begin_nested() as undone:
                stage = Stage(session, club, now, pieces)
                prepare(stage)
                before = draw(stage)
                if verb in {tap.verb for row in before for b in row if (tap := unpack(b.data, VERBS))}:
                    act(stage)
                    found[prepare.__name__, verb] = beneath(before, draw(stage), verb)
                undone.rollback()
            session.expire_all()
    assert len(found) >= 9
    assert {step: there for step, there in found.items() if there} == {}


def test_cancelling_and_offers(session: Session, club: Club, now: datetime) -> None:
    """Cancel asks, and No is where Cancel was; what withdraws an offer is not where the offer was made."""
    t = Texts("en", now=now)
    stage = Stage(session, club, now, 1)
    asks = approval_views.surely(t, stage.rental.id, 1, card=True).buttons
    assert beneath(stage.member()[-1:], asks[-1:], Verb.CANCEL_RENTAL) == set()
    given = factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    following = factories.requested(session, club.ola, now, days(now, 1, 2), (club.stove, 1))
    approval.approve(stage.anna(), following.id)
    stage.rental = given
    before = stage.member()
    transfer.offer(stage.kari(), given.id, following.id)
    offered = stage.member()
    assert beneath(before, offered, Verb.HAND_OVER) == set()
    assert beneath(offered, before, Verb.HAND_OVER_BACK) == set()


@pytest.mark.parametrize("several", [False, True])
def test_a_reminder_of_what_somebody_has_next(
    session: Session, club: Club, now: datetime, several: bool
) -> None:
    """An offer and a return stay in their places, whatever rental it is about and whoever else is next."""
    kari = Tx(session, now, club.kari)
    things = (club.tent, club.stove)[: 2 if several else 1]
    given = [factories.handed_out(session, club, now, days(now, 0, 1), (one, 1)) for one in things]
    nexts = []
    for one in things:
        following = factories.requested(session, club.ola, now, days(now, 1, 2), (one, 1))
        approval.approve(Tx(session, now, club.anna), following.id)
        nexts.append(following)

    def drawn() -> Rows:
        shown = [
            Reminded(
                queries.view(kari, one),
                None if one.status is RentalStatus.RETURNED or _is_back(session, one) else reminders.DUE,
                candidates.in_place(kari, one),
                was=reminders.DUE,
            )
            for one in given
        ]
        return reminder_views.reminder(Texts("en", now=now), shown).buttons

    acts: list[tuple[Verb, int, Callable[[], object]]] = []
    for mine, theirs in zip(given, nexts, strict=True):
        acts += [
            (Verb.HAND_OVER, mine.id, partial(transfer.offer, kari, mine.id, theirs.id)),
            (Verb.RETURN, mine.id, partial(checkin.give_back, kari, mine.id)),
        ]
    found = {}
    for verb, number, act in acts:
        with session.begin_nested() as undone:
            before = drawn()
            act()
            found[verb, number] = beneath(before, drawn(), verb, number)
            undone.rollback()
        session.expire_all()
    assert {step: there for step, there in found.items() if there} == {}
    assert len(found) == 2 * len(given)


def test_a_reminder_of_three_that_one_member_has_next(session: Session, club: Club, now: datetime) -> None:
    """An offer of one of them ends the offers of the others, and their buttons keep their places."""
    kari = Tx(session, now, club.kari)
    given = [factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1)) for _ in range(3)]
    following = factories.requested(session, club.ola, now, days(now, 1, 2), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), following.id)

    def drawn() -> Rows:
        shown = []
        for one in given:
            beside = [other.id for other in given if other is not one]
            found = candidates.in_place(kari, one, beside)
            shown.append(Reminded(queries.view(kari, one), reminders.DUE, found, was=reminders.DUE))
        return reminder_views.reminder(Texts("en", now=now), shown).buttons

    before = drawn()
    for one in given:
        with session.begin_nested() as undone:
            transfer.offer(kari, one.id, following.id)
            assert beneath(before, drawn(), Verb.HAND_OVER, one.id) == set()
            undone.rollback()
        session.expire_all()


def _is_back(session: Session, rental: Rental) -> bool:
    return all(one.return_claimed_at is not None for one in claims(session, rental))
