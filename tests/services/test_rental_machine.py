"""Lives of rentals as nobody would write them down: any step, by anybody, at any time, some of them twice."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Item
from db.session import Database
from services import availability, decisions, extensions, handovers, rentals, sweep
from services.errors import Refusal, Refused
from services.people import Actor
from services.periods import Period
from tests import support
from tests.services import lending
from tests.services.lending import Row

TUESDAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOST_ITEMS = 4

which = st.integers(0, 11)
astray = st.sampled_from([False, False, False, False, True])
"""Whether a step is tried on any rental at all, not on one where it may succeed."""
twice = st.booleans()
hours = st.sampled_from([0, 6, 12, 24, 48, 72, 120])


class Lending(RuleBasedStateMachine):
    """Three tents, two members, a lender and an admin; each step is a transaction, as in the program."""

    def __init__(self, empty: Path, folder: Path) -> None:
        super().__init__()
        path = folder / "lending.db"
        for leftover in folder.glob("lending.db*"):
            leftover.unlink()
        shutil.copy(empty, path)
        self.path = str(path)
        self.database = Database(f"sqlite:///{path}")
        self.now = TUESDAY

    def teardown(self) -> None:
        self.database.close()

    @initialize(
        holds=st.booleans(),
        asks=st.booleans(),
        confirmed=st.booleans(),
        approval=st.sampled_from([True, True, True, False]),
        turnaround=st.sampled_from([0, 6]),
    )
    def found(self, holds: bool, asks: bool, confirmed: bool, approval: bool, turnaround: int) -> None:
        def create(session: Session) -> tuple[support.Club, list[int]]:
            club = support.club(
                session, self.now, most_items=MOST_ITEMS, request_holds=holds, extension_approval=asks,
                return_confirmed=confirmed, approval=approval, turnaround_hours=turnaround,
            )  # fmt: skip
            return club, list(session.scalars(select(Item.id).filter_by(equipment_id=club.tent.id)))

        self.club, self.items = self.database.write_now(create)
        self.turnaround = turnaround * HOUR
        self.members = {actor.user_id: actor for actor in (self.club.kari, self.club.ola)}
        self.picture = lending.picture(self.path)

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
        self.picture = lending.picture(self.path)
        if refusal is not None:
            assert self.picture == before
        lending.changes_are_noted(before, self.picture)
        return refusal

    def pick(self, number: int, astray: bool, *statuses: str) -> Row | None:
        """A rental in one of these statuses; astray, any that is no basket."""
        sent = [rental for rental in self.picture.rows("rentals") if rental["status"] != "draft"]
        fitting = [rental for rental in sent if astray or rental["status"] in statuses]
        return fitting[number % len(fitting)] if fitting else None

    def claims(self, rental: Row, status: str) -> list[int]:
        return [claim["id"] for claim in self.picture.rows("claims", rental_id=rental["id"], status=status)]

    def staff(self, number: int) -> Actor:
        return (self.club.lars, self.club.anna)[number % 2]

    @rule(number=which, pieces=st.integers(1, 3), ahead=hours, length=hours, again=twice)
    def request(self, number: int, pieces: int, ahead: int, length: int, again: bool) -> None:
        member = (self.club.kari, self.club.ola)[number % 2]
        period = Period(self.now + ahead * HOUR, self.now + (ahead + length + 6) * HOUR)

        def fill(session: Session) -> int:
            draft = rentals.open_draft(session, member, self.now)
            rentals.empty(session, draft)
            rentals.put(session, member, draft, self.club.tent.id, pieces)
            return draft.id

        draft = self.database.write_now(fill)
        self.picture = lending.picture(self.path)
        free = self.free(period.starts_at, period.due_at + self.turnaround)

        def send(session: Session) -> None:
            if rentals.draft_of(session, member) is not None:
                row = rentals.own(session, member, draft)
                rentals.set_period(session, row, period, self.now)
            rentals.request(session, member, draft, self.now)

        refusal = self.step(send, again=again)
        if len(free) < pieces:
            assert refusal is not None and refusal.code is Refused.NOT_FREE
            assert refusal.data["free"] == len(free)
        else:
            assert refusal is None or refusal.code is Refused.TOO_MANY

    @rule(number=which, astray=astray, again=twice)
    def approve(self, number: int, astray: bool, again: bool) -> None:
        if rental := self.pick(number, astray, "requested"):
            act = partial(decisions.approve, actor=self.club.anna, rental_id=rental["id"], now=self.now)
            self.step(act, again=again)

    @rule(number=which, astray=astray, again=twice)
    def decline(self, number: int, astray: bool, again: bool) -> None:
        if number < 3 and (rental := self.pick(number, astray, "requested")):
            act = partial(decisions.decline, actor=self.club.anna, rental_id=rental["id"], now=self.now)
            self.step(act, again=again)

    @rule(number=which, astray=astray, again=twice)
    def cancel(self, number: int, astray: bool, again: bool) -> None:
        if number < 4 and (rental := self.pick(number, astray, "requested", "approved")):
            actor = self.members[rental["user_id"]] if number % 2 else self.club.anna
            self.step(
                partial(decisions.cancel, actor=actor, rental_id=rental["id"], now=self.now), again=again
            )

    @rule(number=which, astray=astray, part=st.booleans(), again=twice)
    def hand_out(self, number: int, astray: bool, part: bool, again: bool) -> None:
        if rental := self.pick(number, astray, "approved", "out"):
            actor = self.members[rental["user_id"]] if number % 2 else self.club.lars
            only = self.claims(rental, "held")[:1] if part else None
            act = partial(handovers.hand_out, actor=actor, rental_id=rental["id"], now=self.now, only=only)
            self.step(act, again=again)

    @rule(number=which, astray=astray, piece=st.integers(0, 2), item=st.integers(0, 2), again=twice)
    def swap(self, number: int, astray: bool, piece: int, item: int, again: bool) -> None:
        rental = self.pick(number, astray, "approved", "out")
        claims = [claim["id"] for claim in self.picture.rows("claims", rental_id=(rental or {}).get("id"))]
        if rental and claims:
            held = self.claims(rental, "held") or claims
            claim, other = held[piece % len(held)], self.items[item]
            act = partial(handovers.swap, actor=self.club.lars, claim_id=claim, item_id=other, now=self.now)
            self.step(act, again=again)

    @rule(number=which, astray=astray, part=st.booleans(), again=twice)
    def give_back(self, number: int, astray: bool, part: bool, again: bool) -> None:
        if rental := self.pick(number, astray, "out"):
            actor = self.members[rental["user_id"]]
            only = self.claims(rental, "out")[:1] if part else None
            act = partial(handovers.give_back, actor=actor, rental_id=rental["id"], now=self.now, only=only)
            self.step(act, again=again)

    @rule(number=which, astray=astray, again=twice)
    def confirm(self, number: int, astray: bool, again: bool) -> None:
        if rental := self.pick(number, astray, "out"):
            actor = self.staff(number)
            act = partial(handovers.confirm_return, actor=actor, rental_id=rental["id"], now=self.now)
            self.step(act, again=again)

    @rule(number=which, astray=astray, part=st.booleans(), again=twice)
    def take_back(self, number: int, astray: bool, part: bool, again: bool) -> None:
        if number < 6 and (rental := self.pick(number, astray, "out")):
            only = self.claims(rental, "out")[:1] if part else None
            actor = self.staff(number)
            act = partial(handovers.take_back, actor=actor, rental_id=rental["id"], now=self.now, only=only)
            self.step(act, again=again)

    @rule(number=which, astray=astray, longer=hours, again=twice)
    def ask_for_more(self, number: int, astray: bool, longer: int, again: bool) -> None:
        if rental := self.pick(number, astray, "out"):
            actor, until = self.members[rental["user_id"]], rental["due_at"] + longer * HOUR
            act = partial(extensions.ask, actor=actor, rental_id=rental["id"], due_at=until, now=self.now)
            self.step(act, again=again)

    @rule(number=which, yes=st.booleans(), again=twice)
    def answer(self, number: int, yes: bool, again: bool) -> None:
        asked = self.picture.rows("extensions", status="asked") or self.picture.rows("extensions")
        if asked:
            act, question = (extensions.grant if yes else extensions.decline), asked[number % len(asked)]
            self.step(
                partial(act, actor=self.club.anna, extension_id=question["id"], now=self.now), again=again
            )

    @rule(length=hours)
    def wait(self, length: int) -> None:
        self.now += length * HOUR + timedelta(minutes=7)

    @rule()
    def sweep(self) -> None:
        self.step(partial(sweep.run, now=self.now), again=True)
        for status in ("requested", "approved"):
            waiting = self.picture.rows("rentals", status=status)
            assert all(rental["expires_at"] > self.now for rental in waiting)

    # What holds after each of them

    @invariant()
    def rows_agree(self) -> None:
        lending.no_item_is_promised_twice(self.picture)
        lending.claims_follow_their_rental(self.picture, self.turnaround)
        lending.questions_are_open_while_things_are_out(self.picture, most=2)
        lending.nobody_has_too_much(self.picture, MOST_ITEMS)
        lending.the_audit_tells_how_it_came(self.picture)

    def free(self, starts_at: datetime, until: datetime) -> set[int]:
        return lending.free_items(self.picture, self.items, self.now, starts_at, until)

    @invariant()
    def availability_agrees(self) -> None:
        """For spans from now on, short and long, what is said to be free is what nobody has."""
        of, tent = self.club.organization.id, self.club.tent.id
        schedule = self.database.read_now(lambda session: availability.load(session, of, [tent], self.now))
        for ahead in (0, 6, 24, 60, 100):
            for length in (1, 48):
                span = self.now + ahead * HOUR, self.now + (ahead + length) * HOUR
                assert {slots.item_id for slots in schedule.free(tent, *span)} == self.free(*span), span


USUAL = settings(
    max_examples=20,
    stateful_step_count=30,
    derandomize=True,  # the same lives in every run of the suite
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a failure is told as it is; the long run makes it short
    suppress_health_check=list(HealthCheck),
)


def live(empty: Path, folder: Path, given: settings) -> None:
    class Here(Lending):
        def __init__(self) -> None:
            super().__init__(empty, folder)

    run_state_machine_as_test(Here, settings=given)


def test_whatever_is_done_the_promises_hold(migrated_sqlite: Path, tmp_path: Path) -> None:
    """No item is promised twice, statuses agree, everything is noted, a refusal leaves no trace."""
    live(migrated_sqlite, tmp_path, USUAL)


@pytest.mark.long
def test_in_many_lives(migrated_sqlite: Path, tmp_path: Path) -> None:
    """The same for some minutes, with lives that no run had before."""
    many = settings(
        USUAL,
        max_examples=1000,
        stateful_step_count=60,
        derandomize=False,
        phases=[Phase.generate, Phase.shrink],
    )
    live(migrated_sqlite, tmp_path, many)
