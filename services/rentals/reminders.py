"""Reminders that fall due, and the next moment of one. Each is sent once: its row carries a key.

Only the newest moment that has passed is queued, so that after downtime nobody gets last week's. Whether
it still holds is checked again right before sending (`still_holds`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union
from sqlalchemy.orm import Session

from db.aliases import kept
from db.models import AccountLink, Card, Claim, Extension, Organization, OutboxMessage, Rental, User
from db.states import ClaimStatus, ExtensionStatus, Lane, OutboxStatus, RentalStatus
from services.availability import reservations
from services.core import identity
from services.core.errors import Refusal
from services.core.hours import periods
from services.core.policy import Policy
from services.core.tx import Tx
from services.messaging import notifications, outbox, recipients
from services.messaging.kinds import DIGEST, REMINDER
from services.messaging.quiet_hours import after_quiet_hours
from services.rentals import obstacles, returns, waiting
from services.rentals.pages import page_of
from services.rentals.returns import Unconfirmed

T = TypeVar("T")

PICK_UP, DUE_SOON, DUE, OVERDUE = "pick_up", "due_soon", "due", "overdue"

SAID_BACK = "said_back"
"""In place of PICK_UP where the member before says that it is back, and nobody has confirmed it."""

STILL = "still"
"""The question to who has something until further notice, every so many days."""

_FETCHING = (PICK_UP, SAID_BACK)

_CHUNK = 500

LONGEST_NOTICE = timedelta(days=3)
"""Longer than from any time of the day before, in any time zone, to the end of the day itself."""


@dataclass(frozen=True)
class Moment:
    """A reminder's name (`due_soon`, `overdue:3`) and the moment when it falls due."""

    name: str
    at: datetime


def out_and_unclaimed() -> ColumnElement[bool]:
    """Return the SQL condition that a piece of the rental is out and not reported as returned."""
    return exists().where(
        Claim.rental_id == Rental.id, Claim.status == ClaimStatus.OUT, Claim.return_claimed_at.is_(None)
    )


def moments(rental: Rental, rule: Policy, zone: ZoneInfo, horizon: datetime) -> Iterator[Moment]:
    """Yield the moments of a rental's reminders until `horizon`, in order of time."""
    if rental.starts_at is None:
        return
    if rental.due_at is None:
        yield from _still(rental.starts_at, rule, zone, horizon)
        return
    if rental.status is RentalStatus.APPROVED:
        yield Moment(PICK_UP, rental.starts_at)
        return
    due_day = periods.last_day(rental.due_at, zone)
    if rule.remind_day_before:
        yield Moment(DUE_SOON, periods.at(due_day - timedelta(days=1), rule.remind_at, zone))
    yield Moment(DUE, rental.due_at)
    for days in _days_over(rule):
        at = periods.at(due_day + timedelta(days=days), rule.remind_at, zone)
        if at > horizon:
            return
        yield Moment(f"{OVERDUE}:{days}", at)


def _still(since: datetime, rule: Policy, zone: ZoneInfo, horizon: datetime) -> Iterator[Moment]:
    first, days = periods.first_day(since, zone), rule.custody_reminder_days
    while days:
        at = periods.at(first + timedelta(days=days), rule.remind_at, zone)
        if at > horizon:
            return
        yield Moment(f"{STILL}:{days}", at)
        days += rule.custody_reminder_days


def _days_over(rule: Policy) -> Iterator[int]:
    days = 0
    for days in sorted(rule.overdue_days):
        yield days
    while True:
        days += rule.overdue_every_days
        yield days


def key(rental: Rental, moment: Moment, account_id: int) -> str:
    """Return the key of one reminder per rental, promise, moment and account; a new due date has new ones."""
    return f"{_promise(rental, moment.name)}:{account_id}"


def _promise(rental: Rental, name: str) -> str:
    promise = rental.starts_at if name in _FETCHING or rental.due_at is None else rental.due_at
    assert promise is not None
    return f"{name}:{rental.id}:{promise.isoformat()}"


@dataclass(frozen=True)
class Watched:
    """Rentals that may have a reminder due, those of which something is said to be back, and those that are
    promised in vain (services/rentals/obstacles.py).

    `since`: the moment before which reminders of each rental are moot: approved, handed out or extended.
    """

    rentals: Sequence[Rental]
    since: Mapping[int, datetime]
    said_back: Sequence[Rental]
    in_vain: Sequence[Rental]


def watched(tx: Tx) -> Watched:
    """Return what time may call for by now: all rentals that are out and overdue are among it."""
    waits, claimed = out_and_unclaimed(), returns.is_said_back()
    soon = or_(Rental.due_at < tx.now + LONGEST_NOTICE, Rental.due_at.is_(None))
    out = and_(Rental.status == RentalStatus.OUT, soon, waits)
    said = and_(Rental.status == RentalStatus.OUT, claimed)
    # What is not there yet is not ready: the reminder goes out once it is, or is said to be.
    ready = and_(
        Rental.status == RentalStatus.APPROVED,
        Rental.starts_at <= tx.now,
        ~reservations.elsewhere(said_back=False),
        # Who may not fetch it is not told to.
        identity.is_active(tx.now),
    )
    # Each by an index of its own: with one condition all rentals that there ever were would be read.
    own = Rental.organization_id == tx.organization_id
    some = select(Rental.id).join(User, User.id == Rental.user_id).where(own)
    said_ids = select(Claim.rental_id).where(Claim.organization_id == tx.organization_id, returns.SAID_BACK)
    ids = union(
        some.where(out, Rental.due_at < tx.now + LONGEST_NOTICE),
        some.where(out, Rental.due_at.is_(None)),
        select(Rental.id).where(Rental.id.in_(said_ids), Rental.status == RentalStatus.OUT),
        some.where(ready),
        some.where(obstacles.may_be_in_vain(tx.now)),
    )
    first_out = select(func.min(Claim.out_at)).where(Claim.rental_id == Rental.id)
    extended = select(func.max(Extension.decided_at)).where(
        Extension.rental_id == Rental.id, Extension.status == ExtensionStatus.GRANTED
    )
    query = (
        select(Rental, User, or_(out, ready), said, first_out.scalar_subquery(), extended.scalar_subquery())
        .join(User, User.id == Rental.user_id)
        .where(Rental.id.in_(ids))
        .order_by(Rental.due_at.nulls_last(), Rental.id)
    )
    rows = tx.session.execute(query).all()
    return Watched(
        [row[0] for row in rows if row[2]],
        {row[0].id: _since(row[0], *row[4:]) for row in rows if row[2]},
        [row[0] for row in rows if row[3]],
        [rental for rental, user, *_ in rows if obstacles.is_in_vain(user, rental, tx.now)],
    )


def _since(rental: Rental, first_out: datetime | None, extended: datetime | None) -> datetime:
    if rental.status is RentalStatus.APPROVED:
        return rental.decided_at or rental.created_at
    return max(moment for moment in (rental.created_at, first_out, extended) if moment is not None)


def queue(tx: Tx, seen: Watched | None = None) -> int:
    """Queue reminders that have fallen due and were not queued before; return the number of rows.

    `seen`: what is `watched` now, where it is known.
    """
    organization, rule, zone = tx.organization, tx.policy, tx.zone
    seen = watched(tx) if seen is None else seen
    fallen = [
        (rental, moment)
        for rental in seen.rentals
        if (moment := newest(rental, rule, zone, tx.now)) is not None
    ]
    fallen = _as_said(tx, fallen)
    fallen = [(rental, moment) for rental, moment in fallen if moment.at > seen.since[rental.id]]
    to = _accounts(tx, [rental for rental, _ in fallen])
    wanted = {
        key(rental, moment, account): (rental, moment, account)
        for rental, moment in fallen
        for account in to[rental.id]
    }
    known = _known(tx.session, list(wanted))
    new = [dedup_key for dedup_key in wanted if dedup_key not in known]
    _redraw(tx, [wanted[dedup_key][:2] for dedup_key in new])
    chats = sorted({wanted[dedup_key][2] for dedup_key in new})
    cards = outbox.look_up(tx, REMINDER, organization.id, chats)
    for dedup_key in new:
        rental, moment, account = wanted[dedup_key]
        outbox.render_card(
            tx,
            REMINDER,
            organization.id,
            chat_id=account,
            params={"rental_id": rental.id, "moment": moment.name, "promise": dedup_key.rsplit(":", 1)[0]},
            lane=Lane.NOTICE,
            renew=True,
            rings=moment.name != DUE_SOON,
            dedup_key=dedup_key,
            bundle=f"{REMINDER}:{organization.id}:{account}",
            not_before=after_quiet_hours(tx.now, rule, zone),
            known=cards,
        )
    return len(new)


def _redraw(tx: Tx, fallen: Sequence[tuple[Rental, Moment]]) -> None:
    """Draw the cards of what has fallen due once more: they tell so from then on, and the member's that it
    can be picked up. The reminders follow.
    """
    ready = {rental.id for rental, moment in fallen if moment.name in _FETCHING}
    its = and_(Card.kind == notifications.RENTAL_CARD, Card.subject_id.in_(ready))
    if ready:
        outbox.refresh_cards(tx, its)
    late = {rental.id: rental for rental, moment in fallen if moment.name.split(":")[0] in (DUE, OVERDUE)}
    for rental in late.values():
        notifications.redraw(tx, rental, with_reminders=False)


def _as_said(tx: Tx, fallen: list[tuple[Rental, Moment]]) -> list[tuple[Rental, Moment]]:
    """Tell what is ready from what is only said to be back, which counts from when that was said."""
    ids = [rental.id for rental, moment in fallen if moment.name == PICK_UP]
    said: dict[int, datetime] = {}
    for chunk in _chunks(ids):
        said |= reservations.said_back_at(tx.session, chunk)
    return [
        (rental, Moment(SAID_BACK, max(moment.at, said[rental.id])) if rental.id in said else moment)
        for rental, moment in fallen
    ]


def newest(rental: Rental, rule: Policy, zone: ZoneInfo, now: datetime) -> Moment | None:
    """Return the last moment that has passed."""
    passed = [m for m in moments(rental, rule, zone, now) if m.at <= now]
    return passed[-1] if passed else None


def _accounts(tx: Tx, rentals: Sequence[Rental]) -> dict[int, list[int]]:
    """Return for each rental the accounts to which its member's messages go."""
    own: dict[int, list[int]] = {}
    for chunk in _chunks(sorted({rental.user_id for rental in rentals})):
        own |= identity.accounts_by_user(tx.session, chunk)
    return {rental.id: own.get(rental.user_id) or recipients.stand_ins(tx, rental) for rental in rentals}


def _chunks(found: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(found), _CHUNK):
        yield found[start : start + _CHUNK]


def _known(session: Session, keys: list[str]) -> set[str]:
    known: set[str] = set()
    for chunk in _chunks(keys):
        found = session.scalars(select(OutboxMessage.dedup_key).where(OutboxMessage.dedup_key.in_(chunk)))
        known |= {k for k in found if k is not None}
    return known


@dataclass(frozen=True)
class Held:
    """The rental of a reminder that still holds; `for_member`: sent to its member, not to a stand-in."""

    rental: Rental
    for_member: bool


_MEMBER, _DECIDER = kept(User, "member"), kept(User, "decider")


@cache
def _to_remind() -> Select[*tuple[Any, ...]]:
    own = exists().where(
        AccountLink.account_id == OutboxMessage.chat_id, AccountLink.user_id == Rental.user_id
    )
    return (
        select(OutboxMessage, Rental, out_and_unclaimed(), own, _MEMBER, _DECIDER)
        .join(Rental, Rental.id == OutboxMessage.params["rental_id"].as_integer())
        .join(_MEMBER, _MEMBER.id == Rental.user_id)
        .outerjoin(_DECIDER, _DECIDER.id == Rental.decided_by)
        .order_by(OutboxMessage.id)
    )


@dataclass(frozen=True)
class Reminded:
    """A reminder, and what `still_holds` needs to know of its rental."""

    row: OutboxMessage
    rental: Rental
    waits: bool
    for_member: bool
    member: User


def reminded(tx: Tx, which: ColumnElement[bool]) -> list[Reminded]:
    """Return these reminders whose rentals there are, in order."""
    return [Reminded(*found[:5]) for found in tx.session.execute(_to_remind().where(which))]


def still_holds(tx: Tx, one: Reminded, *, is_shown: bool = False) -> Held | None:
    """Return the rental of a reminder, if it still holds; else None. `is_shown`: it was sent before."""
    row, rental = one.row, one.rental
    held = Held(rental, one.for_member)
    name = row.params["moment"]
    if rental.starts_at is None or row.params["promise"] != _promise(rental, name):
        return None
    if name.startswith(STILL) and rental.due_at is not None:
        return None  # it has a date since
    if name == SAID_BACK and rental.id not in reservations.said_back_at(tx.session, [rental.id]):
        return None
    if name in _FETCHING:
        return held if rental.status is RentalStatus.APPROVED and one.member.is_active(tx.now) else None
    if name == DUE_SOON and rental.due_at is not None and rental.due_at <= tx.now and not is_shown:
        return None  # that it is due is told by another
    return held if one.waits and rental.status is RentalStatus.OUT else None


def _is_overdue(tx: Tx) -> ColumnElement[bool]:
    return and_(
        Rental.organization_id == tx.organization_id,
        Rental.status == RentalStatus.OUT,
        Rental.due_at < tx.now,
        out_and_unclaimed(),
    )


def overdue(tx: Tx, *, page: int = 0, per_page: int) -> tuple[list[Rental], int]:
    """Return a page of the rentals with pieces out past the due time and not reported as returned, and the
    number of all; the longest overdue first. A page beyond the end is the last.
    """
    return page_of(tx.session, _is_overdue(tx), Rental.due_at.asc(), page=page, per_page=per_page)


def _has_overdue(tx: Tx) -> bool:
    return bool(tx.session.scalar(select(exists().where(_is_overdue(tx)))))


def _digest_moment(tx: Tx, day: date) -> datetime:
    return periods.at(day, tx.policy.digest_at, tx.zone)


_SHOWN_DIGEST = and_(Card.kind == DIGEST, Card.message_id.is_not(None))


def has_digest() -> ColumnElement[bool]:
    """Build the condition that an organization's digest is shown somewhere."""
    return exists().where(Card.subject_id == Organization.id, _SHOWN_DIGEST)


def queue_digest(
    tx: Tx, seen: Watched | None = None, unconfirmed: Sequence[Unconfirmed] | None = None
) -> None:
    """Queue the desk's daily digest: requests, rentals overdue when it falls due, returns to confirm.

    It is one card, which comes anew each day, and goes where there is nothing to tell any more.

    `seen`: as for `queue`. `unconfirmed`: what `returns.unconfirmed` returns now, where it is known.
    """
    organization, rule, zone, today = tx.organization, tx.policy, tx.zone, tx.today
    at = _digest_moment(tx, today)
    if tx.now < at:
        return
    seen = watched(tx) if seen is None else seen
    unconfirmed = returns.unconfirmed(tx, seen.said_back) if unconfirmed is None else unconfirmed
    late = any(r.status is RentalStatus.OUT and r.due_at is not None and r.due_at < at for r in seen.rentals)
    asked = waiting.is_asked_since_before(tx, at)
    if not late and not any(one.at < at for one in unconfirmed) and not seen.in_vain and not asked:
        outbox.refresh_cards(tx, and_(Card.subject_id == organization.id, _SHOWN_DIGEST))
        return
    for chat, thread in identity.desk_chats(tx, organization):
        dedup_key = f"{DIGEST}:{organization.id}:{today.isoformat()}:{chat}"
        if outbox.was_said(tx.session, dedup_key):
            continue
        outbox.render_card(
            tx,
            DIGEST,
            organization.id,
            chat_id=chat,
            thread_id=thread,
            organization_id=organization.id,
            lane=Lane.NOTICE,
            renew=True,
            dedup_key=dedup_key,
            not_before=after_quiet_hours(tx.now, rule, zone),
        )


def upcoming(tx: Tx) -> datetime | None:
    """Return the next moment at which a reminder falls due anywhere, or a waiting message may be sent."""
    found: list[datetime] = []
    for organization in tx.session.scalars(select(Organization).where(Organization.closed_at.is_(None))):
        # Where settings are impossible nothing falls due.
        with suppress(Refusal):
            found += _upcoming_in(tx.of(organization.id))
    held_up = tx.session.scalars(
        select(OutboxMessage.not_before).where(
            OutboxMessage.status == OutboxStatus.PENDING, OutboxMessage.not_before > tx.now
        )
    )
    return min([*found, *held_up], default=None)


def _upcoming_in(tx: Tx) -> list[datetime]:
    rule, zone = tx.policy, tx.zone
    found: list[datetime] = []
    open_ones = tx.session.scalars(
        select(Rental).where(
            Rental.organization_id == tx.organization_id,
            or_(
                Rental.status.in_([RentalStatus.REQUESTED, RentalStatus.APPROVED]),
                and_(Rental.status == RentalStatus.OUT, out_and_unclaimed()),
            ),
        )
    ).all()
    dated = tx.now + timedelta(days=rule.overdue_every_days + 1)
    undated = tx.now + timedelta(days=rule.custody_reminder_days + 1)
    for rental in open_ones:
        horizon = dated if rental.due_at is not None else undated
        remind = rental.remind_desk_at if rental.status is RentalStatus.REQUESTED else None
        ends = (rental.expires_at, remind)
        found += [t for t in ends if t is not None and t > tx.now]
        if rental.status is not RentalStatus.REQUESTED:
            found += [m.at for m in moments(rental, rule, zone, horizon) if m.at > tx.now]
    waiting_back = returns.unconfirmed(tx)
    asked = [r.expires_at for r in open_ones if r.status is RentalStatus.REQUESTED and r.expires_at]
    found += returns.moments(tx)
    for day in (tx.today, tx.today + timedelta(days=1)):
        at = _digest_moment(tx, day)
        if at > tx.now and (_has_overdue(tx.at(at)) or waiting_back or any(until > at for until in asked)):
            found.append(at)
    return found
