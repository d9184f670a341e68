"""Periodic work: expiry, reminders, digests. Idempotent: a second run finds nothing to do.

Each kind of work for each organization is a job, and each job a transaction: what stops one stops no other.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select

from db.models import Claim, HandOver, Organization, Rental, User
from db.states import HandOverStatus, RentalStatus
from services import forgetting
from services.core.errors import Refusal
from services.core.tx import Tx
from services.messaging import pending_requests
from services.rentals import approval, obstacles, reminders, returns, waiting
from services.rentals.late import conflicts as late_conflicts
from services.reports import nightly
from services.transfers import expiry


@dataclass(frozen=True)
class Work:
    """A kind of periodic work. `wanted`: the SQL condition on Organization that there may be something to do
    at a moment, so that nothing is begun where there is not.

    `reads`: `run` only reads, so that it may take long and holds up nobody, and returns the function that
    writes what follows, or None.
    """

    run: Callable[[Tx], object]
    wanted: Callable[[datetime], ColumnElement[bool]]
    reads: bool = False


@dataclass(frozen=True)
class Job:
    """One kind of work, by its name in WORK, for one organization."""

    organization_id: int
    work: str
    run: Callable[[Tx], object]
    reads: bool = False

    def read(self, tx: Tx) -> "Job | None":
        """Do what only reads, in a transaction of its own; return what is left to do."""
        if not self.reads:
            return self
        then = self.run(tx.of(self.organization_id))
        return replace(self, run=then, reads=False) if callable(then) else None

    def do(self, tx: Tx) -> None:
        """Do all of it in one transaction."""
        left = self.read(tx)
        if left is not None:
            left.run(tx.of(self.organization_id))


NEWS = timedelta(days=1)
"""The time in which everything that ended is told by a message of its own."""

_OPEN = Organization.closed_at.is_(None)


def _has_rental(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Rental.organization_id == Organization.id, *conditions)


def _run_out(now: datetime) -> ColumnElement[bool]:
    return Rental.status.in_([RentalStatus.REQUESTED, RentalStatus.APPROVED]) & (Rental.expires_at <= now)


def _expire(tx: Tx) -> None:
    """Expire unanswered requests, and rentals that were not picked up.

    Where that was long ago, as after a month without the program, each member hears the last of them only.
    """
    own = Rental.organization_id == tx.organization_id
    found = select(Rental).where(own, _run_out(tx.now)).order_by(Rental.expires_at.desc(), Rental.id.desc())
    told: set[int] = set()
    for rental in tx.session.scalars(found).all():
        is_news = rental.expires_at is not None and rental.expires_at > tx.now - NEWS
        if approval.expire(tx, rental, notify=is_news or rental.user_id not in told):
            told.add(rental.user_id)


def _settle(tx: Tx) -> None:
    """Withdraw transfers that have become impossible."""
    expiry.settle(tx, organization_id=tx.organization_id)


def _offered(now: datetime) -> ColumnElement[bool]:
    return exists().where(
        HandOver.organization_id == Organization.id, HandOver.status == HandOverStatus.OFFERED
    )


def _overdue(now: datetime) -> ColumnElement[bool]:
    return _OPEN & _has_rental(Rental.status == RentalStatus.OUT, Rental.due_at < now)


def _under_way(now: datetime) -> ColumnElement[bool]:
    # One by one: an index answers each, and none of them all together.
    out = Rental.status == RentalStatus.OUT
    soon = _has_rental(out, Rental.due_at < now + reminders.LONGEST_NOTICE)
    begun = _has_rental(Rental.status == RentalStatus.APPROVED, Rental.starts_at <= now)
    return _OPEN & (soon | begun | _has_rental(out, Rental.due_at.is_(None)))


def _confirm(tx: Tx) -> None:
    """Take back what counts as back, and remind the desk of what else is said to be."""
    returns.ask_lenders(tx, returns.count_as_back(tx))


def _said_back(now: datetime) -> ColumnElement[bool]:
    return _OPEN & exists().where(Claim.organization_id == Organization.id, returns.SAID_BACK)


def _to_tell(now: datetime) -> ColumnElement[bool]:
    in_vain = exists().where(
        Rental.organization_id == Organization.id, Rental.user_id == User.id, obstacles.may_be_in_vain(now)
    )
    waits = _has_rental(Rental.status == RentalStatus.REQUESTED)
    return _overdue(now) | _said_back(now) | (_OPEN & (in_vain | waits | reminders.has_digest()))


def _unheard(now: datetime) -> ColumnElement[bool]:
    return _OPEN & pending_requests.have_to_ring(now)


def _unanswered(now: datetime) -> ColumnElement[bool]:
    return _OPEN & _has_rental(waiting.to_remind(now))


WORK: Mapping[str, Work] = {
    "expiry": Work(_expire, lambda now: _has_rental(_run_out(now))),
    "transfers": Work(_settle, _offered),
    "late_conflicts": Work(late_conflicts.queue, _overdue),
    "returns": Work(_confirm, _said_back),
    "reminders": Work(reminders.queue, _under_way),
    "digest": Work(reminders.queue_digest, _to_tell),
    "piles": Work(pending_requests.ring, _unheard),
    "requests": Work(waiting.remind, _unanswered),
}
"""All kinds, in the order in which they are done. Their names are stored: services/stoppages.py."""

HOURLY: Mapping[str, Work] = {
    "forgetting": Work(forgetting.run, forgetting.may_have_work),
    "figures": Work(nightly.count, nightly.may_have_work, reads=True),
}
"""Kinds of work that can wait for an hour."""


def jobs(tx: Tx, work: Mapping[str, Work] = WORK, *, stopped: Collection[tuple[int, str]] = ()) -> list[Job]:
    """Return what there may be to do, organization by organization; and what had `stopped`, to see whether it
    works again.
    """
    wanted = [one.wanted(tx.now) for one in work.values()]
    return [
        Job(id_, name, work[name].run, work[name].reads)
        for id_, *is_wanted in tx.session.execute(select(Organization.id, *wanted).order_by(Organization.id))
        for name, it_is in zip(work, is_wanted, strict=True)
        if it_is or (id_, name) in stopped
    ]


def run(tx: Tx) -> None:
    """Do all jobs in one transaction."""
    # Kind by kind: what one brings about may be work for the next.
    for name, one in WORK.items():
        for job in jobs(tx, {name: one}):
            job.do(tx)


def upcoming(tx: Tx) -> datetime | None:
    """Return the next moment (UTC) at which periodic work is due anywhere: where a simulated clock stops.

    Organizations with impossible settings are left out, as nothing falls due there.
    """
    found = [moment for moment in (reminders.upcoming(tx),) if moment is not None]
    for organization in tx.session.scalars(select(Organization).where(Organization.closed_at.is_(None))):
        with suppress(Refusal):
            found += late_conflicts.moments(tx.of(organization.id))
    return min(found, default=None)
