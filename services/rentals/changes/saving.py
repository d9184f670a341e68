"""Sending a basket that changes a rental: saved at once, asked for again, or answered with it.

Fewer pieces or days need nobody's leave, unless somebody else is asked already. More or other is asked for
where approval is on: a request becomes the new one; what is approved stands until the answer, and the change
waits as a request of its own. For others, an approver's change is the answer.
"""

from typing import Any

from db.models import Rental
from db.states import ClaimStatus, RentalStatus
from services.availability import reservations
from services.availability.reservations import Lines, lines_of
from services.core import audit, identity, locks
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.core.policy import Policy
from services.core.tx import Tx
from services.messaging import notifications
from services.rentals import approval, waiting
from services.rentals.booking import request
from services.rentals.booking.baskets import require_draft
from services.rentals.changes import contents, proposals, replacing
from services.transfers import expiry


def send(tx: Tx, draft_id: int) -> Rental:
    """Save or ask for what the basket changes; return the rental whose card tells how it stands.

    Raises EMPTY_BASKET, NO_PERIOD, ALREADY and CHANGED_MEANWHILE where the rental moved since it was opened,
    ONLY_FEWER, and as `request.request`.
    """
    draft = request.open_basket(tx, draft_id)
    require_draft(tx.session, draft)
    if draft.changes_id is None:
        raise Refusal(Refused.NOT_FOUND)
    base = tx.session.get_one(Rental, draft.changes_id)
    locks.lock_rental(tx.session, base)
    lines = lines_of(tx.session, draft.id)
    contents.require_changeable(tx, base)
    contents.require_revision(tx, base, draft.revision)
    identity.require_open(tx.session, draft.organization_id, stays=True)
    if not lines and base.status is not RentalStatus.OUT:
        raise Refusal(Refused.EMPTY_BASKET)
    if draft.starts_at is None or draft.due_at is None:
        raise Refusal(Refused.NO_PERIOD)
    before = lines_of(tx.session, base.id)
    nothing_more = contents.has_nothing_more(lines, before)
    if base.status is RentalStatus.OUT:
        return _change_unfetched(tx, base, draft, nothing_more=nothing_more)
    approves = contents.answers(tx, base)
    if base.status is RentalStatus.REQUESTED and approves:
        return _answer(tx, base, draft, nothing_more=nothing_more)
    if nothing_more and contents.is_within(draft, base):
        return _save(tx, base, draft, before, lines)
    rule, _ = request.require_within_rules(tx, draft, Period(draft.starts_at, draft.due_at), lines)
    if base.status is RentalStatus.REQUESTED:
        return _ask_anew(tx, base, draft, rule)
    if rule.approval and not approves:
        return _ask(tx, base, draft, rule, lines)
    return _replace(tx, base, draft, rule)


def _save(tx: Tx, base: Rental, draft: Rental, before: Lines, lines: Lines) -> Rental:
    """Save fewer pieces or days: nobody is asked."""
    assert draft.starts_at and draft.due_at
    if contents.has_other_days(draft, base):
        request.check_period(tx, draft, Period(draft.starts_at, draft.due_at), lines=lines)
    less = contents.removed(lines, before)
    contents.shorten(tx, base, draft)
    if base.status is RentalStatus.APPROVED:
        base.expires_at = request.fetch_until(tx, base, request.rules(tx, base))
    expiry.settle(tx, base.id)
    _saved(tx, base, less=less)
    return base


def _saved(tx: Tx, base: Rental, *, ring: bool = False, **details: Any) -> None:
    assert base.starts_at and base.due_at
    period = [base.starts_at.isoformat(), base.due_at.isoformat()]
    audit.rental(tx, base, "edit", again=ring, period=period, **details)
    by_other = base.user_id != tx.actor.user_id
    notifications.update_member_card(tx, base, notify=by_other, by=tx.actor.user_id)
    notifications.update_desk_card(tx, base, notify=ring)


def _change_unfetched(tx: Tx, base: Rental, draft: Rental, *, nothing_more: bool) -> Rental:
    """Give up some of what was not fetched; the days of what is out are for an extension."""
    # It has begun: its first day says nothing any more.
    if not nothing_more or draft.due_at != base.due_at:
        raise Refusal(Refused.ONLY_FEWER)
    contents.release_unfetched(tx, base, draft)
    expiry.settle(tx, base.id)
    _saved(tx, base)
    return base


def _answer(tx: Tx, base: Rental, draft: Rental, *, nothing_more: bool) -> Rental:
    """Approve a part of a request, or propose other days for it; an approver adds nothing to it."""
    if not nothing_more:
        raise Refusal(Refused.ONLY_FEWER)
    if contents.has_other_days(draft, base):
        return proposals.propose(tx, base, draft)
    return approve_part(tx, base, draft)


def approve_part(tx: Tx, base: Rental, draft: Rental) -> Rental:
    """Approve of a locked request what the basket still has; the member is told what is not. As `approve`."""
    less = contents.removed(lines_of(tx.session, draft.id), lines_of(tx.session, base.id))
    if less:
        contents.shorten(tx, base, draft)
        audit.rental(tx, base, "shorten", less=less)
        notifications.tell_member(tx, base, notifications.ONLY_PART, less=less)
    else:
        request.throw_away(tx, draft)
    return approval.approve(tx, base.id)


def _ask_anew(tx: Tx, base: Rental, draft: Rental, rule: Policy) -> Rental:
    """Make a request the new one: who was to answer the old one has not."""
    lines = contents.replace_all(tx, base, draft)
    holds = rule.request_holds or not rule.approval
    original = tx.session.get_one(Rental, base.changes_id) if base.changes_id is not None else None
    if original is not None:
        replacing.hold(tx, base, original, lines, holds=holds)
    else:
        reservations.reserve(tx, base, ClaimStatus.HELD if holds else ClaimStatus.WANTED, lines)
    base.requested_at = tx.now
    base.expires_at = until = request.answer_until(tx, base, rule)
    base.remind_desk_at = waiting.next_reminder(tx, base, until)
    tx.session.flush()
    _saved(tx, base, ring=True)
    return base


def _ask(tx: Tx, base: Rental, draft: Rental, rule: Policy, lines: Lines) -> Rental:
    """Ask for the change; until it is approved the old promise holds."""
    replacing.hold(tx, draft, base, lines, holds=rule.request_holds)
    request.wait_for_answer(tx, draft, rule, since=RentalStatus.DRAFT)
    draft.revision = 0  # no longer that of the rental which it changes
    base.revision += 1
    tx.session.flush()
    audit.rental(tx, draft, "ask_change", to=base.number)
    if draft.entered_by is not None:
        notifications.update_member_card(tx, draft, notify=True, by=tx.actor.user_id)
    notifications.update_desk_card(tx, draft, notify=True)
    return draft


def _replace(tx: Tx, base: Rental, draft: Rental, rule: Policy) -> Rental:
    """Make an approved rental the new one at once, under the same number."""
    lines = contents.replace_all(tx, base, draft)
    reservations.reserve(tx, base, ClaimStatus.HELD, lines)
    base.expires_at = request.fetch_until(tx, base, rule)
    tx.session.flush()
    expiry.settle(tx, base.id)
    _saved(tx, base)
    return base
