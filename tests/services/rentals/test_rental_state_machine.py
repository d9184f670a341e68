"""Lives of rentals as nobody would write them down: any step, by anybody, at any time, some of them twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Item
from services import periodic
from services.availability import schedules
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, checkout, swaps
from services.rentals import approval as rentals_approval
from services.rentals import extension
from services.rentals.booking import baskets
from services.rentals.booking import request as rentals_request
from services.rentals.changes import contents, proposals, saving
from tests import factories
from tests.conftest import ReusedFile
from tests.services.rentals import invariants
from tests.services.rentals.invariants import Row
from tests.transactions import in_tx

TUESDAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

STEPS = {
    "request": (3, ()),
    "wait": (3, ()),
    "sweep": (1, ()),
    "approve": (5, ("requested",)),
    "decline": (1, ("requested",)),
    "cancel": (1, ("requested", "approved")),
    "change": (4, ("requested", "approved", "out")),
    "take": (2, ("requested",)),
    "refuse": (1, ("requested",)),
    "hand_out": (5, ("approved", "out")),
    "swap": (2, ("approved", "out")),
    "give_back": (2, ("out",)),
    "confirm": (2, ("out",)),
    "take_back": (2, ("out",)),
    "ask_for_more": (3, ("out",)),
    "answer": (3, ("out",)),
}
"""The frequency of each step beside the others, and the status of a rental that it is about."""

MOST_ITEMS = 4

hours = st.sampled_from([0, 6, 12, 24, 48, 96])


@dataclass(frozen=True)
class Choice:
    """The choices of a step: on which rental, by whom, how much, how long, and whether it is done twice.

    A step that is astray is about any rental at all, not about one where it may succeed.
    """

    number: int
    astray: bool
    part: bool
    hours: int
    again: bool


choices = st.builds(
    Choice,
    number=st.integers(0, 11),
    astray=st.sampled_from([False, False, False, False, True]),
    part=st.booleans(),
    hours=hours,
    again=st.booleans(),
)


class Lending(RuleBasedStateMachine):
    """Three tents, two members, a lender and an admin; each step is a transaction, as in the program."""

    def __init__(self, file: ReusedFile) -> None:
        super().__init__()
        file.empty()
        self.path, self.database = str(file.path), file.database
        self.now = TUESDAY

    @initialize(
        holds=st.booleans(),
        asks=st.booleans(),
        confirmed=st.booleans(),
        approval=st.sampled_from([True, True, True, False]),
        turnaround=st.sampled_from([0, 6]),
        begun=st.sampled_from([True, True, False]),
    )
    def found(
        self, holds: bool, asks: bool, confirmed: bool, approval: bool, turnaround: int, begun: bool
    ) -> None:
        """A club with these rules; begun, with tents that Kari has and that Ola gets when they are back."""

        def create(session: Session) -> tuple[factories.Club, list[int]]:
            club = factories.club(
                session, self.now, most_items=MOST_ITEMS, request_holds=holds, extension_approval=asks,
                return_confirmed=confirmed, approval=approval, turnaround_hours=turnaround,
            )  # fmt: skip
            if begun and approval:
                factories.handed_out(session, club, self.now, factories.days(self.now, 0, 1), (club.tent, 2))
                promised = factories.requested(
                    session, club.ola, self.now, factories.days(self.now, 2, 5), (club.tent, 3)
                )
                rentals_approval.approve(Tx(session, self.now, club.anna), promised.id)
            # Read here, once: later there is no session of theirs.
            session.refresh(club.organization)
            session.refresh(club.tent)
            return club, list(session.scalars(select(Item.id).filter_by(equipment_id=club.tent.id)))

        self.club, self.items = self.database.write_now(create)
        self.turnaround = turnaround * HOUR
        self.members = {actor.user_id: actor for actor in (self.club.kari, self.club.ola)}
        self.picture = invariants.picture(self.path)

    # Steps

    def step(self, work: Callable[[Session], Any], *, again: bool = False) -> Refusal | None:
        """One transaction; then what must hold of it. With `again`, once more, which changes nothing."""
        refusal = self._once(work)
        if again:
            before = self.picture
            self._once(work)
            assert self.picture.state() == before.state()
        return refusal

    def _once(self, work: Callable[[Session], Any]) -> Refusal | None:
        before, refusal = self.picture, None
        try:
            self.database.write_now(work)
        except Refusal as refused:
            refusal = refused
        self.picture = invariants.picture(self.path)
        if refusal is not None:
            assert self.picture == before
        invariants.changes_are_noted(before, self.picture)
        return refusal

    def claims(self, rental: Row, status: str) -> list[int]:
        return [claim["id"] for claim in self.picture.rows("claims", rental_id=rental["id"], status=status)]

    def some(self, choice: Choice, rental: Row, status: str) -> list[int] | None:
        """One piece of it, or all."""
        return self.claims(rental, status)[:1] if choice.part else None

    def renter(self, rental: Row) -> Actor:
        return self.members[rental["user_id"]]

    # One rule, not one for each step: of several, Hypothesis leaves some out for a whole life, and tries
    # others in vain, so that few lives would come to an end.
    @rule(step=st.integers(0, 99), choice=choices)
    def do(self, step: int, choice: Choice) -> None:
        """One of the steps that are possible now; astray, any."""
        sent = [rental for rental in self.picture.rows("rentals") if rental["requested_at"] is not None]
        able: list[tuple[str, list[Row]]] = []
        for name, (often, statuses) in STEPS.items():
            about = [rental for rental in sent if choice.astray or rental["status"] in statuses]
            if about or not statuses:
                able += often * [(name, about if statuses else [{}])]
        name, about = able[step % len(able)]
        rental = about[choice.number % len(about)]
        note(f"{self.now:%d %b %H:%M} {name} {rental.get('id', '')}")
        getattr(self, name)(choice, rental)

    def request(self, choice: Choice, rental: Row) -> None:
        member = (self.club.kari, self.club.ola)[choice.number % 2]
        pieces = 1 + choice.number % 3
        starts_at = self.now + (choice.hours if choice.part else 0) * HOUR
        period = Period(starts_at, starts_at + (12 + 24 * choice.number) * HOUR)

        def fill(session: Session) -> int:
            draft = rentals_request.open_draft(Tx(session, self.now, member))
            baskets.empty(session, draft)
            baskets.put(Tx(session, self.now, member), draft, self.club.tent.id, pieces)
            return draft.id

        draft = self.database.write_now(fill)
        self.picture = invariants.picture(self.path)
        until = period.due_at + self.turnaround
        free = invariants.most_free(self.picture, self.items, self.now, period.starts_at, until)

        def send(session: Session) -> None:
            row = rentals_request.own(Tx(session, self.now, member), draft)
            rentals_request.set_period(Tx(session, self.now), row, period)
            rentals_request.request(Tx(session, self.now, member), draft)

        has = invariants.pieces(self.picture)[member.user_id]
        refusal = self.step(send, again=choice.again)
        if refusal is not None and refusal.code is Refused.NOT_FREE and self.is_late_and_promised():
            return  # what is free is kept for who waits for the late one
        if free is None:
            return  # something promised cannot be served as it is
        if free < pieces:
            assert refusal is not None and refusal.code is Refused.NOT_FREE
            assert refusal.data["free"] == free
        elif has + pieces > MOST_ITEMS:
            assert refusal is not None and refusal.code is Refused.TOO_MANY
        else:
            assert refusal is None

    def is_late_and_promised(self) -> bool:
        """Return whether something that should be back is promised to somebody."""
        due = {rental["id"]: rental["due_at"] for rental in self.picture.rows("rentals")}
        late = [one for one in self.picture.rows("claims", status="out") if due[one["rental_id"]] <= self.now]
        held = {claim["item_id"] for claim in self.picture.rows("claims", status="held")}
        return any(claim["item_id"] in held for claim in late)

    def approve(self, choice: Choice, rental: Row) -> None:
        self.act(choice, rentals_approval.approve, self.club.anna, rental)

    def decline(self, choice: Choice, rental: Row) -> None:
        self.act(choice, rentals_approval.decline, self.club.anna, rental)

    def cancel(self, choice: Choice, rental: Row) -> None:
        actor = self.renter(rental) if choice.number % 2 else self.club.anna
        self.act(choice, rentals_approval.cancel, actor, rental)

    def change(self, choice: Choice, rental: Row) -> None:
        """Other pieces or days, by its member, a lender or an admin."""
        actor = (self.renter(rental), self.club.lars, self.club.anna)[choice.number % 3]
        longer = (choice.hours - 24) * HOUR if choice.part else timedelta()

        def work(session: Session) -> None:
            tx = Tx(session, self.now, actor)
            draft = contents.begin(tx, rental["id"])
            baskets.change_quantity(tx, draft, self.club.tent.id, 1 + choice.number % 3)
            if longer and draft.starts_at and draft.due_at:
                rentals_request.set_period(tx, draft, Period(draft.starts_at, draft.due_at + longer))
            saving.send(tx, draft.id)

        self.step(work)

    def take(self, choice: Choice, rental: Row) -> None:
        self.act(choice, proposals.take, self.renter(rental), rental)

    def refuse(self, choice: Choice, rental: Row) -> None:
        self.act(choice, proposals.refuse, self.renter(rental), rental)

    def hand_out(self, choice: Choice, rental: Row) -> None:
        actor = self.renter(rental) if choice.number % 2 else self.club.lars
        only = self.some(choice, rental, "held")
        self.act(choice, checkout.hand_out, actor, rental, only=only)

    def swap(self, choice: Choice, rental: Row) -> None:
        all_of_it = [claim["id"] for claim in self.picture.rows("claims", rental_id=rental["id"])]
        held = self.claims(rental, "held") or all_of_it
        claim, item = held[choice.number % len(held)], self.items[choice.hours // 6 % 3]
        act = in_tx(swaps.swap, self.now, self.club.lars, claim_id=claim, item_id=item)
        self.step(act, again=choice.again)

    def give_back(self, choice: Choice, rental: Row) -> None:
        only = self.some(choice, rental, "out")
        self.act(choice, checkin.give_back, self.renter(rental), rental, only=only)

    def confirm(self, choice: Choice, rental: Row) -> None:
        self.act(choice, checkin.confirm_return, self.club.lars, rental)

    def take_back(self, choice: Choice, rental: Row) -> None:
        only = self.some(choice, rental, "out")
        self.act(choice, checkin.take_back, self.club.anna, rental, only=only)

    def ask_for_more(self, choice: Choice, rental: Row) -> None:
        until = rental["due_at"] + choice.hours * HOUR
        self.act(choice, extension.ask, self.renter(rental), rental, due_at=until)

    def answer(self, choice: Choice, rental: Row) -> None:
        asked = self.picture.rows("extensions", rental_id=rental["id"])
        if asked:
            act = extension.decline if choice.hours == 0 else extension.grant
            question = asked[-1]["id"]
            work = in_tx(act, self.now, self.club.anna, extension_id=question)
            self.step(work, again=choice.again)

    def wait(self, choice: Choice, rental: Row) -> None:
        self.now += choice.hours * HOUR + timedelta(minutes=7)

    def sweep(self, choice: Choice, rental: Row) -> None:
        self.step(in_tx(periodic.run, self.now), again=True)
        for status in ("requested", "approved"):
            waiting = self.picture.rows("rentals", status=status)
            assert all(rental["expires_at"] > self.now for rental in waiting)

    def act(
        self, choice: Choice, service: Callable[..., Any], actor: Actor, rental: Row, **details: Any
    ) -> None:
        work = in_tx(service, self.now, actor, rental_id=rental["id"], **details)
        self.step(work, again=choice.again)

    # What holds after each of them

    @invariant()
    def rows_agree(self) -> None:
        invariants.no_item_is_promised_twice(self.picture)
        invariants.claims_follow_their_rental(self.picture, self.turnaround)
        invariants.questions_are_open_while_things_are_out(self.picture, most=2)
        invariants.nobody_has_too_much(self.picture, MOST_ITEMS)
        invariants.the_audit_tells_how_it_came(self.picture)

    def free(self, starts_at: datetime, until: datetime) -> set[int]:
        return invariants.free_items(self.picture, self.items, self.now, starts_at, until)

    @invariant()
    def availability_agrees(self) -> None:
        """For spans from now on, short and long, what is said to be free is what nobody has."""
        of, tent = self.club.organization.id, self.club.tent.id
        schedule = self.database.read_now(lambda session: schedules.load(Tx(session, self.now), of, [tent]))
        for ahead in (0, 6, 24, 60, 100):
            for length in (1, 48):
                span = self.now + ahead * HOUR, self.now + (ahead + length) * HOUR
                assert {slots.item_id for slots in schedule.free(tent, *span)} == self.free(*span), span


USUAL = settings(
    max_examples=3,
    stateful_step_count=30,
    derandomize=True,  # the same lives in every run of the suite
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a failure is told as it is; the long run makes it short
    suppress_health_check=list(HealthCheck),
)


def live(file: ReusedFile, given: settings) -> None:
    class Here(Lending):
        def __init__(self) -> None:
            super().__init__(file)

    run_state_machine_as_test(Here, settings=given)


def test_whatever_is_done_the_promises_hold(reused_sqlite: ReusedFile) -> None:
    """No item is promised twice, statuses agree, everything is noted, a refusal leaves no trace."""
    live(reused_sqlite, USUAL)


@pytest.mark.long
def test_in_many_lives(reused_sqlite: ReusedFile) -> None:
    """The same for some minutes, with lives that no run had before."""
    many = settings(
        USUAL,
        max_examples=500,
        stateful_step_count=60,
        derandomize=False,
        phases=[Phase.generate, Phase.shrink],
    )
    live(reused_sqlite, many)
